"""A backup is taken while people work, holds all but the keys, and is put back whole or not at all."""

import gzip
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select

from tests import builders as b
from tests.beginnings import begun
from tests.operations import insider
from tests.operations.backups import (
    account_of,
    amna_applied,
    backed_up,
    files_in,
    kind_of,
    manifest_of,
    nothing_in,
    put_back,
    restored,
    rows_of_all_tables,
)
from tests.operations.banked import CHARGE, NORWAY, charge
from tests.operations.pledged import agreed, attach, unapplied_deposit, written_off
from tests.services.bank_files import statement
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models import guards
from trustfund.models.applications import Document
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.mail import Mail
from trustfund.models.people import PasswordLink, SignIn
from trustfund.operations import backup, record
from trustfund.operations.operation import housekeeping
from trustfund.services import backup as the_file
from trustfund.services import keys, storage


@pytest.fixture
def amna(both_apps):
    return begun(amna_applied)


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


def test_what_the_bank_said_was_matched_attached_and_written_off_comes_back(
    luxembourg, euros, salma, imported, new, file
):
    charge(salma)
    assert imported(statement(NORWAY, CHARGE)).matched == 1
    attach(unapplied_deposit("Luxembourg"), agreed(luxembourg, salma), salma)
    two = b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")
    written_off(agreed(luxembourg, salma, "7000.00"), two)
    before = rows_of_all_tables()
    assert [len(before[table]) for table in guards.STATEMENTS[:3]] == [1, 2, 1]
    backed_up(file)
    with restored(file, new):
        assert rows_of_all_tables() == before
        assert set(db.session.scalars(select(Pledge.state))) == {"fully-paid", "written-off"}
        assert db.session.scalars(select(Deposit.attached_seq)).one()
        assert record.verify(full=True).faults == []


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
def test_a_fund_moves_from_one_database_to_the_other(source, target, request, instance, file, imported):
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
    imported(statement(NORWAY, replace(CHARGE, reversal=True)))
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


def test_a_backup_from_before_the_last_migration_is_brought_up_to_date(luxembourg, new, file):
    b.pledge(luxembourg, "1000.00")
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
