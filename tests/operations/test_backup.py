"""A backup is taken while people work, holds all but the keys, and is put back whole or not at all."""

import gzip
import tarfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select

from tests import builders as b
from tests.operations import insider
from tests.operations.backups import (
    account_of,
    backed_up,
    files_in,
    kind_of,
    manifest_of,
    nothing_in,
    put_back,
    restored,
    rows_of_all_tables,
    uploads,
)
from trustfund.core.refusal import Busy, NotHere, Refused
from trustfund.extensions import db
from trustfund.models import engine, guards
from trustfund.models.applications import Document
from trustfund.models.mail import Mail
from trustfund.models.people import Account, PasswordLink, SignIn
from trustfund.models.record import Event, head_of
from trustfund.operations import applications, backup, record
from trustfund.operations.operation import housekeeping
from trustfund.services import backup as the_file
from trustfund.services import keys, storage

BACKUPS = 3


@pytest.fixture
def amna(both_apps):
    """Amna, whose application for the second round has its note verbale."""
    amna = b.account("delegate", "Amna Eltayeb", state="SDN")
    uploads(b.application(amna, sent=False), amna, b"note verbale of Amna")
    return amna


# What comes back


def test_a_restored_fund_has_the_same_rows_files_and_record(both_apps, new, amna, file):
    b.luxembourg_paid()
    before, files, kept = rows_of_all_tables(), files_in(both_apps), record.anchor()
    made = backed_up(file)
    assert f"{made.head[0]} {made.head[1]}" == kept[:-11]
    assert (made.files, made.missing, made.size) == (1, 0, file.stat().st_size)
    with restored(file, new):
        assert rows_of_all_tables() == before
        assert files_in(new) == files
        assert record.verify([made.head], full=True).faults == []


def test_a_restored_fund_goes_on_and_its_guards_refuse(both_apps, new, amna, file):
    b.luxembourg_paid()
    backed_up(file)
    with restored(file, new):
        sweden = b.account("donor", "Sweden", donor=b.donor("Sweden", country="SWE"))
        b.pledge(sweden)
        b.application(b.account("delegate", "Sita Rai", state="NPL"), sent=False)
        assert record.verify(full=True).faults == []
        with db.engine.connect() as connection:
            assert guards.missing(connection) == []


@pytest.mark.postgresql
@pytest.mark.parametrize(("source", "target"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_fund_moves_from_one_database_to_the_other(source, target, request, instance, file):
    """With every kind of value: whole numbers, days, yes and no, nothing, bytes, words of all scripts."""
    app = request.getfixturevalue(f"{source}_app")
    b.luxembourg_paid()
    aissata = b.account("delegate", "Aïssata \\N 'Ouédraogo'\t\n\x07 杨", state="BFA")
    b.application(aissata, sent=False, paid_elsewhere=True, note_to_follow=False, position="first\\second")
    with housekeeping():
        db.session.execute(
            db.metadata.tables["second_factor"].insert(),
            {"account_id": account_of(aissata).id, "sealed": bytes(range(256)), "last_step": 2**40},
        )
    before = rows_of_all_tables()
    backed_up(file)
    with restored(file, instance(target, app)):
        assert kind_of(app) != db.engine.dialect.name
        assert rows_of_all_tables() == before
        assert record.verify(full=True).faults == []


def test_a_file_is_read_again_with_the_keys_and_not_without(both_apps, new, amna, file):
    stored = db.session.scalar(select(Document.stored))
    backed_up(file)
    with restored(file, new):
        assert storage.fetch(amna, stored) == b"note verbale of Amna"
        assert backup.without_their_key() == (0, 1)
        (keys.folder() / "people" / f"{amna}.key").unlink()
        assert backup.without_their_key() == (1, 1)


def test_no_key_is_in_a_backup(both_apps, amna, file):
    backed_up(file)
    content = gzip.decompress(file.read_bytes())
    secrets = [path for path in keys.folder().rglob("*.key") if path.is_file()]
    assert len(secrets) >= 2
    for path in secrets:
        assert path.read_bytes() not in content
        assert path.read_bytes().hex().encode() not in content
    with tarfile.open(file) as tar:
        assert {name.partition("/")[0] for name in tar.getnames()} == {
            "database",
            "files",
            "manifest.json",
            "manifest.sig",
        }


def test_sign_ins_and_links_do_not_come_back_to_life_and_no_mail_is_sent_twice(both_apps, new, amna, file):
    with housekeeping():
        account = account_of(amna).id
        db.session.add(SignIn(token="t", account_id=account, started_at=b.AT, seen_at=b.AT, confirmed_at=b.AT))
        db.session.add(PasswordLink(token="l", account_id=account, expires_at=b.AT))
        db.session.add(Mail(recipient="amna@example.org", language="en", subject="s", text="t", created_at=b.AT))
    assert db.session.scalars(select(Mail).where(Mail.taken_at.is_(None))).all()
    backed_up(file)
    with restored(file, new):
        assert db.session.scalars(select(SignIn.token)).all() == []
        assert db.session.scalars(select(PasswordLink.token)).all() == []
        assert db.session.scalars(select(Mail).where(Mail.taken_at.is_(None))).all() == []


def test_a_backup_from_before_the_last_migration_is_brought_up_to_date(both_apps, new, file):
    b.luxembourg_paid()
    script = backup._script()
    before = script.get_revision("head").down_revision
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        options = {"fn": lambda at, _: script._downgrade_revs(before, at)}
        context = MigrationContext.configure(connection, opts=options)
        with Operations.context(context):
            context.run_migrations()
    backed_up(file)
    assert manifest_of(file)["revision"] == before
    with restored(file, new):
        with db.engine.connect() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == script.get_current_head()
        assert record.verify(full=True).faults == []


# While people work


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

    acts = [*map(pledges, donors), lambda n: uploads(application, amna, f"note verbale {n}".encode())]
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
        assert len(kept) == 2
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
                uploads(application, amna, str(len(gone)).encode())
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


# The file


def test_a_backup_replaces_no_file_and_is_for_its_owner_alone(both_apps, file):
    backed_up(file)
    before = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="already; a backup never replaces one"):
        backed_up(file)
    assert file.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(both_apps, file, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(the_file.Writer, "close", full)
    with pytest.raises(OSError, match="No space") as failure:
        backed_up(file)
    assert failure.value.filename == f"{file}.part"
    assert list(file.parent.glob("fund.backup*")) == []


def test_what_a_backup_left_that_was_cut_off_is_written_anew(both_apps, new, file):
    part = file.with_name("fund.backup.part")
    part.write_bytes(b"half of a longer one" * 100_000)
    backed_up(file)
    assert not part.exists()
    with restored(file, new):
        assert record.verify().faults == []


def test_two_backups_to_the_same_file_are_one(both_apps, file):
    with the_file.written(file, b.AT) as writer:
        with pytest.raises(Refused, match="Another backup is being written"):
            backed_up(file)
        writer.close()
    assert file.exists()


# Only into an empty instance, and only what is ours


def test_a_fund_is_never_restored_over(both_apps, amna, file):
    backed_up(file)
    before = rows_of_all_tables(), files_in(both_apps)
    db.session.rollback()
    with pytest.raises(Refused, match="The database is not empty"):
        put_back(file)
    assert (rows_of_all_tables(), files_in(both_apps)) == before


def test_files_are_never_restored_over(both_apps, new, amna, file):
    backed_up(file)
    theirs = Path(new.config["STORAGE"]) / "letter.pdf"
    theirs.parent.mkdir()
    theirs.touch()
    with new.app_context(), pytest.raises(Refused, match=r"not empty: it holds “letter\.pdf”"):
        put_back(file)
    assert files_in(new) == {"letter.pdf"}
    with new.app_context():
        assert inspect(db.engine).get_table_names() == []


def test_a_restore_that_fails_at_its_end_leaves_nothing_and_can_be_done_again(both_apps, new, amna, file, monkeypatch):
    backed_up(file)

    def fails(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken, new.app_context():
        broken.setattr(backup, "_remove_unnamed", fails)
        with pytest.raises(OSError, match=r"No space left on device: .*/files"):
            put_back(file)
    assert nothing_in(new)
    with restored(file, new):
        assert record.verify(full=True).faults == []


def test_what_a_restore_left_that_was_killed_is_cleared(both_apps, new, amna, file):
    backed_up(file)
    left = Path(new.config["STORAGE"])
    (left / "ab").mkdir(parents=True)
    (left / "ab" / ("ab" * 32)).touch()
    (left / backup.RESTORING).touch()
    with restored(file, new):
        assert files_in(new) == set(db.session.scalars(select(Document.stored)))


def test_without_the_key_of_the_fund_nothing_is_restored(both_apps, instance, file):
    backed_up(file)
    new = instance(kind_of(both_apps))
    with new.app_context(), pytest.raises(Refused, match=r"does not hold signing-\w{16}\.pub"):
        put_back(file)
    assert nothing_in(new)


def test_a_revision_that_this_program_does_not_know_is_named(both_apps, new, file, monkeypatch):
    facts = backup._facts
    monkeypatch.setattr(backup, "_facts", lambda *asked: facts(*asked) | {"revision": "9999"})
    backed_up(file)
    with new.app_context(), pytest.raises(Refused, match="revision 9999, which this program does not know"):
        put_back(file)
    assert nothing_in(new)


# What is wrong in the fund is wrong in its copy, and told


def test_a_tampered_record_is_backed_up_and_its_faults_come_back(both_apps, new, file):
    b.luxembourg_paid()
    insider.changes("UPDATE event SET body = replace(body, 'LUX', 'LUY')")
    before = record.verify().faults
    backed_up(file)
    with restored(file, new):
        assert record.verify().faults == before != []


def test_the_fund_that_was_backed_up_is_as_before(both_apps, amna, file):
    with housekeeping():
        db.session.add(Mail(recipient="amna@example.org", language="en", subject="s", text="t", created_at=b.AT))
    before = rows_of_all_tables(), files_in(both_apps)
    backed_up(file)
    assert (rows_of_all_tables(), files_in(both_apps)) == before
    assert db.session.scalars(select(Mail).where(Mail.taken_at.is_not(None))).all() == []
