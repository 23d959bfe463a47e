"""A backup is one moment of a fund at work: no file of that moment is lost, and none thrown away comes back."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.backups import (
    account_of,
    amna_applied,
    backed_up,
    files_in,
    kind_of,
    manifest_of,
    replaces,
    restored,
    uploads,
)
from trustfund.core.refusal import Busy, NotHere
from trustfund.extensions import db
from trustfund.models import engine
from trustfund.models.applications import Document
from trustfund.models.people import Account
from trustfund.models.record import Event, head_of
from trustfund.operations import applications, record
from trustfund.services import backup as the_file
from trustfund.services import keys, storage

BACKUPS = 3


@pytest.fixture
def amna(both_apps):
    return amna_applied()


def test_backups_taken_while_people_work_are_each_one_moment_of_the_fund(both_apps, instance, amna, tmp_path):
    """Two donors pledge, and Amna changes her note verbale, again and again; nobody waits for the backup to end."""
    donors = [
        b.account("donor", name, donor=b.donor(name, country=c)) for name, c in (("Kenya", "KEN"), ("Mali", "MLI"))
    ]
    application = b.application(amna, meeting="N3", sent=False)
    uploads(application, amna, b"note verbale 0")
    acknowledged, over, failures = [0], threading.Event(), []

    def goes_on(act):
        n = 0
        try:
            with both_apps.app_context():
                while not over.is_set():
                    with suppress(Busy):  # a slow machine: it would be sent again
                        act(n := n + 1)
                    db.session.remove()
        except Exception as failure:
            failures.append(failure)

    def pledges(by):
        return lambda n: acknowledged.append(b.pledge_deed(by, f"{n}.00").seq)

    acts = [*map(pledges, donors), lambda n: replaces(application, amna, f"note verbale {n}".encode())]
    people_at_work = [threading.Thread(target=goes_on, args=(act,)) for act in acts]
    for thread in people_at_work:
        thread.start()
    heads, meanwhile = [], 0
    for n in range(BACKUPS):
        begun, last_before = len(acknowledged), max(acknowledged)
        made = backed_up(tmp_path / f"{n}.backup")
        assert last_before <= made.head[0] <= head_now()
        assert made.missing == 0
        meanwhile += len(acknowledged) - begun
        heads.append(made.head)
        while len(acknowledged) < begun + 10 and not failures:
            over.wait(0.01)
    over.set()
    for thread in people_at_work:
        thread.join()
    assert failures == []
    assert meanwhile > 0
    assert len({seq for seq, _ in heads}) == BACKUPS
    for n, head in enumerate(heads):
        assert db.session.scalar(select(Event.hash).where(Event.seq == head[0])) == head[1]
        whole(tmp_path / f"{n}.backup", instance(kind_of(both_apps), both_apps), head)


def head_now():
    db.session.rollback()
    return head_of(db.session())[0]


def whole(file, new, head):
    with restored(file, new):
        assert head_of(db.session()) == head
        assert record.verify([head], full=True).faults == []
        kept = db.session.execute(
            select(Document.stored, Document.seal, Account.reference)
            .select_from(Document)
            .join(Document.application)
            .join(applications.Application.account)
        ).all()
        assert len(kept) in (2, 3), "the new file first, then the old one goes"
        assert {row.stored for row in kept} == files_in(new)
        for row in kept:
            assert keys.seal_of(row.reference, storage.fetch(row.reference, row.stored)) == row.seal


@pytest.fixture
def replaced(both_apps, amna, monkeypatch):
    """Amna replaces her note verbale just before it is copied, three times: the copies that were not made."""
    application, gone, add = b.application(amna, meeting="N3", sent=False), [], the_file.Writer.add_stored
    uploads(application, amna, b"0")

    def add_stored(writer, stored):
        with both_apps.app_context():
            if len(gone) < 3 and stored == stored_last():
                gone.append(stored)
                replaces(application, amna, str(len(gone)).encode())
            db.session.remove()
        return add(writer, stored)

    monkeypatch.setattr(the_file.Writer, "add_stored", add_stored)
    return gone


def stored_last():
    return db.session.scalars(select(Document.stored).order_by(Document.id.desc())).first()


def test_a_file_replaced_between_snapshot_and_copy_makes_a_new_snapshot(both_apps, new, amna, file, replaced):
    made = backed_up(file)
    assert len(replaced) == 3
    assert (made.files, made.missing) == (2, 0)
    with restored(file, new):
        stored = db.session.scalars(select(Document.stored)).all()
        assert files_in(new) == set(stored)
        assert {storage.fetch(amna, one) for one in stored} == {b"note verbale of Amna", b"3"}


def test_a_file_removed_after_it_was_copied_is_not_put_back(both_apps, new, amna, file, monkeypatch):
    """It was there when the copying began, and before the snapshot its draft was thrown away."""
    application, snapshot = b.application(amna, meeting="N3", sent=False), engine.one_snapshot
    uploads(application, amna, b"thrown away")

    def thrown_away_first(session, **how):
        with both_apps.app_context(), suppress(NotHere):
            applications.discard(application, account_of(amna))
            db.session.remove()
        return snapshot(session, **how)

    monkeypatch.setattr(engine, "one_snapshot", thrown_away_first)
    backed_up(file)
    assert len([name for name in manifest_of(file)["members"] if name.startswith("files/")]) == 2
    monkeypatch.undo()
    with restored(file, new):
        assert files_in(new) == set(db.session.scalars(select(Document.stored)))
        assert len(files_in(new)) == 1


def test_a_file_that_is_gone_without_a_deed_is_counted_and_the_backup_is_made(both_apps, new, amna, file):
    storage.remove(db.session.scalar(select(Document.stored)))
    made = backed_up(file)
    assert (made.files, made.missing) == (0, 1)
    with restored(file, new):
        assert record.verify(full=True).faults == []
