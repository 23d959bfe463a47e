"""The tables of the bank's statements say what the record says; `trustfund verify` names a line that does not."""

from dataclasses import replace

import pytest

from tests import builders as b
from tests.operations.banked import CHARGE, NORWAY, charge
from tests.operations.test_copies_selections import faults_of
from tests.services.bank_files import statement
from trustfund.extensions import db
from trustfund.models.statements import BankStatement, LineMatch, MatchUndone, StatementLine
from trustfund.operations import matching, record
from trustfund.services import keys

ONE = " WHERE bank_reference = 'NO-1'"
CHANGES = (
    ("UPDATE bank_statement SET reference = 'K-22222222'", "is not in the record"),
    ("UPDATE bank_statement SET bank_account = 'other'", ": bank_account"),
    ("UPDATE bank_statement SET account_number = 'x'", "has another number or account than its file"),
    ("UPDATE bank_statement SET number = 'x'", "has another number or account than its file"),
    ("UPDATE bank_statement SET currency = 'EUR'", ": currency"),
    ("UPDATE bank_statement SET opening = NULL", ": opening"),
    ("UPDATE bank_statement SET closing = closing + 1", ": closing"),
    ("UPDATE bank_statement SET first_day = '2018-01-01'", ": first_day"),
    ("UPDATE bank_statement SET last_day = '2018-01-31'", ": last_day"),
    ("UPDATE bank_statement SET digest = 'x'", ": digest"),
    ("UPDATE bank_statement SET seq = 1", ": seq"),
    ("DELETE FROM bank_statement", "is missing"),
    ("UPDATE statement_line SET statement_id = 9" + ONE, "is missing"),
    ("UPDATE statement_line SET number = 9" + ONE, "is missing"),
    ("UPDATE statement_line SET identity = 'x'" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET booking_day = '2018-01-01'" + ONE, ": booking_day"),
    ("UPDATE statement_line SET value_date = '2018-01-01'" + ONE, ": value_date"),
    ("UPDATE statement_line SET amount = amount + 1" + ONE, ": amount"),
    ("UPDATE statement_line SET bank_reference = 'x'" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET reference = 'x'" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET name = 'Fiji'" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET counterparty = 'x'" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET text = 'x'" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET reversal = 1" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET n = 2" + ONE, "does not hold what the bank’s file said"),
    ("UPDATE statement_line SET seq = 1" + ONE, ": seq"),
    ("DELETE FROM statement_line" + ONE, "is missing"),
    ("UPDATE line_match SET line_id = 9 WHERE id = 1", "is missing"),
    ("UPDATE line_match SET bank_account = 'other'", ": bank_account"),
    ("UPDATE line_match SET currency = 'EUR'", ": currency"),
    ("UPDATE line_match SET entry = 1 WHERE id = 1", "is missing"),
    ("UPDATE line_match SET seq = 1 WHERE id = 1", "is missing"),
    ("DELETE FROM line_match", "is missing"),
    ("UPDATE match_undone SET match_id = 1", "is missing"),
    ("UPDATE match_undone SET seq = 1", ": seq"),
    ("DELETE FROM match_undone", "is missing"),
)


@pytest.fixture
def everything(salma, imported):
    """Norway's line waits, one charge was matched by the import and the other by Salma, who did so twice."""
    charge(salma)
    imported(statement(NORWAY, CHARGE, replace(CHARGE, text="b", bank_reference="C-2")))
    entry = charge(salma, "2.00", "X-1")
    [line] = [one for one in db.session.execute(matching.waiting("main", "USD")) if one.amount < 0]
    name = f"{line.statement} {line.number}"
    first = matching.match(name, entries=str(entry), by=salma, at=b.AT)
    matching.undo(name, seen=first.seq, by=salma, at=b.AT)
    matching.match(name, entries=str(entry), by=salma, at=b.AT)


def test_what_was_done_properly_is_sound(everything):
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize("both_apps", ["sqlite"], indirect=True)
def test_a_row_that_was_changed_past_the_guards_is_named(everything):
    unnoticed = []
    for change, says in CHANGES:
        table = change.removeprefix("DELETE FROM ").removeprefix("UPDATE ").split()[0]
        if not any(f"the table {table}" in fault and says in fault for fault in faults_of(change)):
            unnoticed.append((change, says))
    assert unnoticed == []
    assert record.verify().faults == []


def test_every_column_of_the_tables_is_one_that_the_record_vouches_for():
    changed = {tuple(change.split()[1:4:2]) for change, _ in CHANGES if change.startswith("UPDATE")}
    for model in (BankStatement, StatementLine, LineMatch, MatchUndone):
        columns = {column.key for column in model.__table__.columns} - {"id"}
        assert {column for table, column in changed if table == model.__tablename__} == columns


def test_of_a_statement_whose_key_was_destroyed_days_and_amounts_are_still_verified(everything):
    """Then names and texts can be blackened, and nobody can try out who may have paid."""
    [reference] = db.session.scalars(db.select(BankStatement.reference))
    keys._of_person(reference).unlink()
    assert ["are not in the key folder" in fault for fault in record.verify().faults] == [True]
    if _sqlite():
        told = faults_of("UPDATE statement_line SET name = '', text = '', amount = 1" + ONE)
        assert [fault.endswith(": amount") for fault in told if "key folder" not in fault] == [True]


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
