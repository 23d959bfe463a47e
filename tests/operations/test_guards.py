"""The database itself refuses to edit the record, and nothing starts where it no longer does."""

import os
import subprocess
import sys

import pytest
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests.beginnings import begun
from tests.conftest import ROOT
from tests.operations import insider
from tests.operations.by_hand import refusal, refuses
from trustfund.app import MissingGuards, served_app
from trustfund.extensions import db
from trustfund.models import guards
from trustfund.operations import fund, record

COLUMNS = "at, actor, action, subject, key, state_from, state_to, body, prev, hash, sig, key_id"
KEYLESS = COLUMNS.replace("key,", "NULL,")
OTHER_BODY = COLUMNS.replace("body", "'x'")
EDITS = (
    "UPDATE event SET body = 'x' WHERE seq = 1",
    "UPDATE event SET sig = NULL",
    "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    f"INSERT INTO event SELECT seq + 2, {KEYLESS} FROM event WHERE seq = (SELECT max(seq) FROM event)",
    f"INSERT INTO event SELECT seq - 1, {KEYLESS} FROM event WHERE seq = 1",
    "UPDATE posting SET usd = usd + 1",
    "DELETE FROM posting",
    "INSERT INTO posting SELECT seq, 9, account, currency, amount, usd, day, earmark FROM posting",
    "DELETE FROM balance",
    "DELETE FROM head",
    "INSERT INTO head VALUES (2, 1, 'x')",
    "UPDATE head SET seq = seq - 1, hash = (SELECT prev FROM event WHERE event.seq = head.seq)",
    "UPDATE head SET seq = seq + 1",
    "UPDATE head SET hash = 'x'",
)
ONLY = {
    "sqlite": (
        f"INSERT OR REPLACE INTO event SELECT seq, {OTHER_BODY} FROM event WHERE seq = 1",
        f"REPLACE INTO event SELECT seq, {OTHER_BODY} FROM event WHERE seq = (SELECT max(seq) FROM event)",
        "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
        "INSERT OR REPLACE INTO posting SELECT seq, line, account, currency, 1, 1, day, earmark FROM posting",
        "INSERT OR REPLACE INTO head VALUES (1, 1, 'x')",
    ),
    "postgresql": (
        "TRUNCATE event CASCADE",
        "TRUNCATE posting",
        "TRUNCATE balance",
        "TRUNCATE head",
        "INSERT INTO event SELECT * FROM event WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET body = 'x'",
        "INSERT INTO head VALUES (1, 1, 'x') ON CONFLICT (id) DO UPDATE SET hash = 'x'",
    ),
}


@pytest.fixture(autouse=True)
def paid(both_apps):
    begun(b.luxembourg_paid)


def test_every_edit_of_the_record_is_refused(both_apps):
    edits = EDITS + ONLY[db.engine.dialect.name]
    assert [edit for edit in edits if not refuses(edit)] == []
    assert record.verify(full=True).faults == []


def test_an_entry_that_does_not_sum_to_zero_is_refused(both_apps):
    last = insider.place_of("rate.recorded")
    assert refuses(
        f"INSERT INTO posting VALUES ({last + 1}, 0, 'cash:main', 'USD', 100, 100, '2018-01-24', '')",
        f"INSERT INTO event SELECT {last + 1}, at, actor, action, subject, NULL, NULL, NULL, body, hash, 'x', sig, "
        f"key_id FROM event WHERE seq = {last}",
    )
    assert record.verify().faults == []


def test_a_head_that_is_not_the_last_entry_is_refused(both_apps):
    last = insider.place_of("rate.recorded")
    chained = KEYLESS.replace("prev, hash", "hash, 'x'")
    entry = f"INSERT INTO event SELECT {last + 1}, {chained} FROM event WHERE seq = {last}"
    for wrong in (f"seq = {last + 1}, hash = 'y'", f"seq = {last + 2}, hash = 'x'", f"seq = {last}, hash = 'x'"):
        assert refuses(entry, f"UPDATE head SET {wrong}")
    assert record.verify().faults == []


def test_postings_without_an_event_are_refused(both_apps):
    assert refuses("INSERT INTO posting VALUES (99, 0, 'cash:main', 'USD', 100, 100, '2018-01-24', '')")
    assert record.verify().faults == []


KEPT = ("selection", *guards.DECIDED, *guards.CLOSINGS, *guards.STATEMENTS)
ANY = {"INTEGER": "1", "BIGINT": "1", "DATE": "'2018-01-24'", "BLOB": "''", "BYTEA": "''"}


def row(table: str, **known: str) -> str:
    """The statement that puts a row into a table: the values that are known, any others."""
    columns = db.metadata.tables[table].columns
    values = [known.get(c.name, ANY.get(str(c.type.compile(db.engine.dialect)), "'1'")) for c in columns]
    return f"INSERT INTO {table} ({', '.join(c.name for c in columns)}) VALUES ({', '.join(values)})"


def again(table: str, *but: str) -> str:
    """The statement that puts the rows of a table in anew, in the place of those that are there, where it is let."""
    names = [c.name for c in db.metadata.tables[table].columns if c.name not in but]
    values = [NEXT if name == "seq" else name for name in names]
    rows = f"INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}"
    return (
        f"INSERT OR REPLACE {rows}" if db.engine.dialect.name == "sqlite" else f"INSERT {rows} ON CONFLICT DO NOTHING"
    )


NEXT = "(SELECT max(seq) + 1 FROM event)"


@pytest.fixture
def decided(both_apps):
    """A row in every table of what is decided once, or said by the bank."""
    insider.changes(*(row(table, seq=NEXT, **({"id": "9"} if table in OTHER_KEYS else {})) for table in KEPT))


def test_what_is_decided_is_put_in_once(decided):
    for table in KEPT:
        for way in [again(table), again(table, "id")] if table in OTHER_KEYS else [again(table)]:
            with db.engine.connect() as connection, pytest.raises(DBAPIError, match=f"{table} is only ever added to"):
                connection.exec_driver_sql(way)


def test_what_is_decided_is_never_edited_nor_taken_away(decided):
    """But a run of a selection is kept first, and then never edited."""
    for table in KEPT:
        column = list(db.metadata.tables[table].columns)[-1].name
        edits = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        if db.engine.dialect.name == "postgresql":
            edits.append(f"TRUNCATE {table} CASCADE")
        for edit in edits[1:] if table == "selection" else edits:
            assert "is only ever added to" in refusal(edit), edit


OTHER_KEYS = ("selection", "allotment", "provision", "act", "bank_details", "recovery", "payment_order")
OTHER_KEYS += ("activity_act", "activity_payment", "bank_line", *guards.STATEMENTS)
"""Tables whose rows are one by more than their number."""


def test_the_database_knows_that_two_must_agree_to_an_activity(both_apps):
    insider.changes(row("activity", stage="'proposed'"), _acted(1, "propose"), _acted(2, "approve"))
    for stage in ("approved", "closed"):
        assert refuses(f"UPDATE activity SET stage = '{stage}'")
    insider.changes(_acted(3, "approve"))
    assert not refuses("UPDATE activity SET stage = 'cancelled'")
    assert refuses("UPDATE activity SET stage = 'approved'")  # two agreed, but it is cancelled
    insider.changes("UPDATE activity SET stage = 'proposed'")
    assert not refuses("UPDATE activity SET stage = 'approved'")
    assert not refuses("UPDATE activity SET stage = 'closed'")


def _acted(by: int, act: str) -> str:
    return row("activity_act", id=str(by), by_id=str(by), act=f"'{act}'")


def all_guards() -> list[tuple[str, str]]:
    made = [(guard.name, guard.table) for guard in guards.GUARDS]
    return made if db.engine.dialect.name == "sqlite" else [*made, *((f"{t}_no_truncate", t) for t in guards.TRUNCATE)]


def test_a_dropped_guard_is_named(both_apps):
    for n, (name, table) in enumerate(all_guards(), 1):
        insider.drops(name, table)
        faults = record.verify().faults
        assert len(faults) == n
        assert f"the guard {name} is missing or changed: the database no longer refuses" in faults


TOOTHLESS = {
    "sqlite": (
        (
            "DROP TRIGGER event_no_update",
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event WHEN 1 = 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
        ),
    ),
    "postgresql": (
        ("ALTER TABLE event DISABLE TRIGGER event_no_update",),
        ("ALTER TABLE event ENABLE REPLICA TRIGGER event_no_update",),
        (
            "CREATE OR REPLACE FUNCTION event_no_update() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$",
        ),
    ),
}


def test_a_guard_made_toothless_is_named(both_apps):
    for statements in TOOTHLESS[db.engine.dialect.name]:
        db.session.rollback()
        with db.engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.commit()
        assert record.verify().faults == [
            "the guard event_no_update is missing or changed: the database no longer refuses"
        ]
        with db.engine.connect().execution_options(write=True) as connection:
            guards.install(connection)
            connection.commit()
        assert record.verify().faults == []


def test_the_application_does_not_start_over_a_record_without_its_guards(both_apps, monkeypatch):
    monkeypatch.setattr("trustfund.app.create_app", lambda: both_apps)
    assert served_app() is both_apps
    insider.drops("posting_no_delete", "posting")
    with pytest.raises(MissingGuards, match="missing or changed: posting_no_delete"):
        served_app()


def test_the_server_says_so_in_one_sentence(both_apps):
    insider.drops("event_in_order", "event")
    settings = {
        "TRUSTFUND_INSTANCE": both_apps.instance_path,
        "TRUSTFUND_SECRET_KEY": "tests only",
        "TRUSTFUND_DATABASE_URL": both_apps.config["SQLALCHEMY_DATABASE_URI"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "trustfund.cli", "serve", "--bind", "127.0.0.1:0"],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Guards of the record are missing or changed: event_in_order.")
    assert len(done.stderr.splitlines()) == 1


def test_init_makes_the_guards_anew(both_apps):
    insider.drops("event_in_order", "event")
    fund.set_up(fund.recorded_mandate(), b.AT)
    assert record.verify().faults == []
