"""The tables of people, money and mandate say what the record says; `trustfund verify` names each row that does not."""

from datetime import date

import pytest
from sqlalchemy import text

from tests import builders as b
from tests.beginnings import begun
from tests.operations import insider
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.operations import imports, people, record

COLUMNS = {  # what the record vouches for; of persons it knows no names
    "donor": ("name", "folded", "type", "country", "language", "unnamed", "accepted_seq", "seq"),
    "pledge": (
        "donor_id",
        "document",
        "purpose",
        "earmark",
        "currency",
        "amount",
        "announced_on",
        "expected_on",
        "state",
        "agreed_on",
        "agreed",
        "agreed_usd",
        "received",
        "received_usd",
        "released_usd",
        "written_off",
        "refunded",
        "seq",
    ),
    "deposit": (
        "donor_id",
        "pledge_id",
        "value_date",
        "bank_account",
        "bank_reference",
        "currency",
        "amount",
        "usd",
        "per_usd",
        "rate_day",
        "rate_source",
        "difference_usd",
        "attached_seq",
        "part",
        "parts",
        "seq",
    ),
    "rate": ("per_usd", "seq"),
    "mandate_version": ("effective", "symbol", "digest"),
    "account": ("role", "donor_id", "state", "suspended_at", "ended_at", "seq"),
    "designation": (
        "account_id",
        "function",
        "from_day",
        "to_day",
        "document",
        "made_by_id",
        "confirmed_by_id",
        "ended_on",
        "seq",
    ),
}


@pytest.fixture(autouse=True)
def paid(both_apps):
    begun(b.luxembourg_paid)


def another(table: str, column: str, kept: object) -> str:
    """Some other value of the column's kind, as SQL."""
    kind = db.metadata.tables[table].columns[column]
    if kind.foreign_keys:
        return "NULL" if kind.nullable and kept else f"{kept or 0} + 1"
    if column.endswith("_at"):
        return "'2018-01-25T00:00:00.000Z'"
    python = kind.type.python_type
    return {int: f"coalesce({column}, 0) + 1", bool: f"NOT {column}", date: "'2031-01-01'", str: "'XY'"}[python]


@pytest.mark.parametrize("table", COLUMNS)
def test_a_changed_row_is_named_with_its_column(table):
    """Alone: so what was changed before it is as it was."""
    for column in COLUMNS[table]:
        db.session.rollback()
        key = "seq" if table == "mandate_version" else "id" if table != "rate" else "day"
        kept = db.session.execute(text(f'SELECT {key}, {column} FROM "{table}" ORDER BY {key} DESC LIMIT 1')).one()
        insider.changes(f"UPDATE {table} SET {column} = {another(table, column, kept[1])} WHERE {key} = '{kept[0]}'")
        said = column.removesuffix("_id") if column != "account_id" else "officer"
        faults = record.verify().faults
        assert len(faults) == 1, f"{table}.{column}: {faults}"
        assert faults[0].startswith(f"the table {table}: ")
        assert faults[0].endswith(f" does not say what the record says: {said}")
        insider.changes(
            f"UPDATE {table} SET {column} = "
            + ("NULL" if kept[1] is None else f"'{kept[1]}'")
            + f" WHERE {key} = '{kept[0]}'"
        )
    assert record.verify().faults == []


@pytest.mark.parametrize("table", ["deposit", "rate", "designation"])
def test_a_row_taken_away_is_named(table):
    insider.changes(f"DELETE FROM {table}")
    faults = record.verify().faults
    assert faults
    assert all(f.startswith(f"the table {table}: ") and f.endswith(" is missing, the record has it") for f in faults)


def test_a_designation_that_nobody_made_is_named():
    insider.changes(
        "INSERT INTO designation SELECT id + 1, 'G-22222222', account_id, 'approving', from_day, to_day, "
        "document, made_by_id, confirmed_by_id, ended_on, seq FROM designation"
    )
    assert record.verify().faults == ["the table designation: G-22222222 is not in the record"]


def test_every_deed_leaves_tables_that_say_what_it_says(tmp_path):
    """Accounts suspended, reinstated, reset, ended; designations confirmed, waiting, ended; files in every order."""
    administrator = b.account("administrator", "Dele Adeyemi")
    head, colleague = b.account("head", "Second Head"), b.account("officer", "Third Officer")
    jonas = b.officer("Jonas Weber", "certifying", "paying")
    people.suspend_account(jonas, by=administrator, at=b.AT)
    people.reinstate_account(jonas, by=administrator, at=b.AT)
    people.reset_account(jonas, by=administrator, at=b.AT)
    waiting = [d.reference for d in people.account_of("jonas@example.org").designations]
    people.confirm_designation(waiting[0], by=colleague, at=b.AT)
    for designation in waiting:
        people.end_designation(designation, by=head, at=b.AT)
    people.end_account(jonas, by=SYSTEM, at=b.AT)
    b.donor("Ana Example", "individual", "")
    file = tmp_path / "contributions.csv"
    file.write_text(
        "kind,donor,donor_type,country,date,amount,currency,document,earmark,bank_reference,note\n"
        "agreement,Norway,state,NOR,2017-06-01,100.00,USD,N1,travel,,\n"
        "deposit,Norway,state,NOR,2017-06-02,40.00,USD,N1,travel,B1,\n"
        "deposit,Norway,state,NOR,2017-06-02,40.00,USD,N2,,B2,\n"
        "pledge,Chad,state,TCD,2017-06-01,9.00,USD,C1,category:LDC,,\n"
    )
    imports.import_contributions(file, at=b.AT)
    file.write_text(
        "kind,donor,donor_type,country,date,amount,currency,document,earmark,bank_reference,note\n"
        "deposit,Chad,state,TCD,2017-06-02,9.00,USD,C1,category:LDC,B3,\n"
        "deposit,Fiji,state,FJI,2017-06-02,9.00,USD,F1,,B4,\n"
        "deposit,Fiji,state,FJI,2017-06-03,9.00,USD,F1,,B5,\n"
    )
    imports.import_contributions(file, at=b.AT, as_agreed=True)
    assert record.verify(full=True).faults == []
