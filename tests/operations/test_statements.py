"""Bank statements come into the fund: whole or not at all, and each line once."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from tests.operations.banked import CHARGE, FIJI, NORWAY, charge, events, last, lines, sound
from tests.services.bank_files import camt, line, mt940, statement
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.statements import BankStatement, StatementLine

pytestmark = pytest.mark.usefixtures("both_apps")


def test_a_statement_is_one_entry_of_the_record_and_a_second_time_adds_nothing(imported):
    before = events()
    done = imported(statement(NORWAY, FIJI, CHARGE))
    assert (done.booked, done.known, done.matched, done.waiting) == (3, 0, 0, 3)
    assert lines() == [(1_600_000, "NO-1"), (13_000, "FJ-1"), (-200, "C-1")]
    assert events() == before + 1
    again = imported(statement(NORWAY, FIJI, CHARGE))
    assert (again.booked, again.known, again.waiting) == (0, 3, 3)
    assert again.statements[0].repeated
    assert again.statements[0].warnings == []
    assert events() == before + 1
    assert sound()


def test_on_trial_everything_is_told_and_nothing_kept(imported):
    before = events()
    done = imported(statement(NORWAY, CHARGE), dry_run=True)
    assert (done.booked, done.waiting) == (2, 2)
    told = done.statements[0]
    assert told.said.opening + told.said.movements == told.said.closing == Decimal("16098.00")
    assert (events(), lines()) == (before, [])
    assert db.session.scalar(select(func.count()).select_from(BankStatement)) == 0


def test_the_record_has_days_amounts_and_seals_and_no_name_nor_text(imported):
    imported(statement(NORWAY, CHARGE))
    body = last("statement.imported")
    data = body["data"]
    assert [line[1:] for line in data["lines"]] == [
        ["2018-01-24", "2017-06-12", 1_600_000],
        ["2018-01-24", "2018-01-24", -200],
    ]
    assert {
        name: data[name] for name in ("bank_account", "currency", "opening", "closing", "count", "known", "sum")
    } == {
        "bank_account": "main",
        "currency": "USD",
        "opening": 10_000,
        "closing": 1_609_800,
        "count": 2,
        "known": 0,
        "sum": 1_599_800,
    }
    digest = hashlib.sha256(camt(statement(NORWAY, CHARGE)).encode()).hexdigest()
    assert data["digest"] == digest
    identities = db.session.scalars(select(StatementLine.identity)).all()
    told = json.dumps(body, ensure_ascii=False)
    secrets = ("NORWAY", "Royal", "Pledge", "CH5604835012345678009", *identities)
    assert [secret for secret in secrets if secret in told] == []


def test_two_equal_lines_of_a_day_both_stay(imported):
    done = imported(statement(FIJI, FIJI))
    assert (done.booked, done.known) == (2, 0)
    assert imported(statement(FIJI, FIJI)).known == 2
    assert len(lines()) == 2
    assert sound()


def test_of_an_overlapping_statement_only_the_new_lines_are_kept(imported):
    imported(statement(NORWAY, FIJI))
    done = imported(statement(FIJI, CHARGE, opening="16100.00", number="8"))
    assert (done.booked, done.known, done.statements[0].warnings) == (1, 1, [])
    assert [reference for _, reference in lines()] == ["NO-1", "FJ-1", "C-1"]
    assert last("statement.imported")["data"]["known"] == 1
    before = events()
    imported(statement(FIJI, CHARGE, opening="16100.00", number="8"))
    assert events() == before
    assert sound()


def test_a_statement_without_a_new_line_is_kept_once_for_its_balance(imported):
    imported(statement(NORWAY, FIJI))
    before = events()
    for _ in range(2):
        done = imported(statement(opening="16230.00", number="8", last_day=date(2018, 1, 25)))
        assert (done.booked, done.known) == (0, 0)
    assert events() == before + 1
    for _ in range(2):
        assert imported(statement(FIJI, opening="16100.00", number="9")).known == 1
    assert events() == before + 2
    assert sound()


def test_a_file_that_holds_a_statement_twice_keeps_it_once(imported):
    before = events()
    done = imported(statement(NORWAY, FIJI), statement(NORWAY, FIJI))
    assert (done.booked, done.known) == (2, 2)
    assert events() == before + 1


def test_a_statement_that_does_not_go_on_where_the_last_one_ended_is_taken_with_a_warning(imported):
    imported(statement(NORWAY))
    later = {"first_day": date(2018, 1, 25), "last_day": date(2018, 1, 26)}
    done = imported(statement(FIJI, opening="16099.00", number="8", **later))
    assert [str(warning) for warning in done.statements[0].warnings] == [
        "The last statement ended on 2018-01-24 with 16100.00 USD, this one begins with 16099.00. A statement between "
        "them is missing, or another account was taken for this one."
    ]
    follows = imported(statement(CHARGE, opening="16229.00", number="9", **later | {"first_day": date(2018, 1, 26)}))
    assert follows.statements[0].warnings == []
    older = {"first_day": date(2017, 12, 1), "last_day": date(2017, 12, 31)}
    assert imported(statement(line("1.00"), opening="1.00", number="1", **older)).statements[0].warnings == []


def test_all_of_a_file_or_nothing(imported, monkeypatch):
    before = events()
    broken = camt(statement(NORWAY), statement(FIJI, number="8", opening="1.00")).replace("130.00", "13O.00")
    with pytest.raises(Refused, match="is not an amount"):
        imported(text=broken)
    calls = []

    def fails(*said):
        calls.append(said)
        if len(calls) == 2:
            raise ConnectionError
        return "0" * 64

    monkeypatch.setattr("trustfund.operations.statements.seal_of_statement", fails)
    with pytest.raises(ConnectionError):
        imported(statement(NORWAY), statement(FIJI, number="8", opening="16100.00"))
    assert len(calls) == 2
    assert (events(), lines()) == (before, [])


def test_the_number_of_the_bank_is_remembered_and_another_one_is_told(imported):
    imported(statement(NORWAY), account="main")
    assert imported(statement(FIJI, opening="16100.00")).statements[0].warnings == []
    other = "NL91ABNA0417164300"
    warnings = imported(statement(replace(CHARGE, account=other), account=other)).statements[0].warnings
    assert str(warnings[0]) == (
        "The bank’s account NL91ABNA0417164300 is new for main, which was CH5604835012345678009 so far. Check that it "
        "is the fund’s."
    )
    with pytest.raises(Refused, match="“petty” is not a bank account of the fund"):
        imported(statement(NORWAY), account="petty")


def test_the_same_lines_come_as_mt940_too(imported):
    assert imported(text=mt940(statement(NORWAY, FIJI))).booked == 2
    assert imported(text=mt940(statement(NORWAY, FIJI))).known == 2


EDITS = (
    ("UPDATE statement_line SET amount = amount + 1", "statement_line is only ever added to"),
    ("UPDATE statement_line SET name = 'x'", "statement_line is only ever added to"),
    ("DELETE FROM statement_line", "statement_line is only ever added to"),
    ("UPDATE bank_statement SET closing = 1", "bank_statement is only ever added to"),
    ("DELETE FROM bank_statement", "bank_statement is only ever added to"),
    ("UPDATE line_match SET entry = 1", "line_match is only ever added to"),
    ("DELETE FROM line_match", "line_match is only ever added to"),
    (
        "INSERT INTO line_match (line_id, bank_account, currency, entry, seq) "
        "SELECT line_id, bank_account, currency, 1, (SELECT max(seq) + 1 FROM event) FROM line_match",
        "a line and an entry are matched once",
    ),
    (
        "INSERT INTO line_match (line_id, bank_account, currency, entry, seq) SELECT (SELECT min(id) FROM "
        "statement_line), bank_account, currency, entry, (SELECT max(seq) + 1 FROM event) FROM line_match",
        "a line and an entry are matched once",
    ),
    (
        "INSERT INTO line_match (line_id, bank_account, currency, entry, seq) SELECT (SELECT min(id) FROM "
        "statement_line), bank_account, currency, 1, seq FROM line_match",
        "line_match goes with its entry",
    ),
)


def test_the_database_refuses_to_edit_what_the_bank_said_and_what_was_matched(imported, salma):
    charge(salma)
    imported(statement(NORWAY, CHARGE))
    db.session.rollback()
    for edit, why in EDITS:
        with pytest.raises(DBAPIError, match=why), db.engine.begin() as connection:
            connection.exec_driver_sql(edit)
    assert sound()
