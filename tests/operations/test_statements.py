"""Bank statements come into the fund: whole or not at all, each line once, and what it is found or said to be."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests.services.bank_files import camt, line, mt940, statement
from trustfund.core.matching import Reason
from trustfund.core.refusal import NotDesignated, NotHere, Refused
from trustfund.extensions import db
from trustfund.models.record import Event, head_of
from trustfund.models.statements import BankStatement, LineMatch, StatementLine
from trustfund.operations import matching, record, treasury
from trustfund.operations.statements import import_statement

pytestmark = pytest.mark.usefixtures("both_apps")

JUNE = date(2017, 6, 12)
NORWAY, FIJI, CHARGE = (
    line("16000.00", bank_reference="NO-1", name="Royal Ministry of NORWAY", text="Pledge", value_date=JUNE),
    line("130.00", bank_reference="FJ-1", name="Fiji", text="gift", reference=""),
    line("-2.00", bank_reference="C-1", name="", text="charge", reference=""),
)


@pytest.fixture
def imported(tmp_path):
    """Imports what a bank would write of these statements."""

    def run(*said, text=None, **more):
        path = tmp_path / "statement"
        path.write_text(camt(*said) if text is None else text, encoding="utf-8")
        db.session.rollback()
        return import_statement(path, at=b.AT, **more)

    return run


@pytest.fixture
def salma(both_apps):
    return b.officer("Salma Idrissi", "paying")


def events() -> int:
    db.session.rollback()
    return head_of(db.session())[0]


def lines() -> list[tuple[int, str]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(select(StatementLine.amount, StatementLine.bank_reference))]


def names() -> list[str]:
    """What the lines are called, in the order in which they came."""
    db.session.rollback()
    rows = select(BankStatement.reference, StatementLine.number).join_from(StatementLine, BankStatement)
    return [f"{statement} {number}" for statement, number in db.session.execute(rows.order_by(StatementLine.id))]


def last(action: str) -> dict:
    db.session.rollback()
    body = db.session.scalar(select(Event.body).where(Event.action == action).order_by(Event.seq.desc()).limit(1))
    return json.loads(body)


def charge(salma: str, amount: str = "2.00", bank: str = "C-1", day: date = JUNE) -> int:
    deed = treasury.record_charge
    return deed("main", amount=amount, value_date=day, bank_reference=bank, by=salma, at=b.AT).seq


def sound() -> bool:
    db.session.rollback()
    return record.verify(full=True).faults == []


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


def test_a_line_with_the_reference_and_amount_of_one_entry_is_matched_at_once(imported, salma):
    entry = charge(salma)
    done = imported(statement(NORWAY, CHARGE))
    assert (done.matched, done.waiting, done.statements[0].matched) == (1, 1, 1)
    assert last("statement.imported")["data"]["matched"] == [[2, entry]]
    assert sound()


def test_a_deposit_that_is_recorded_later_is_matched_when_the_file_comes_again(imported, salma):
    assert imported(statement(NORWAY, CHARGE)).waiting == 2
    entry, before = charge(salma), events()
    done = imported(statement(NORWAY, CHARGE))
    assert (done.booked, done.matched, done.waiting) == (0, 1, 1)
    assert events() == before + 1
    assert last("line.matched")["data"] == {
        "bank_account": "main",
        "currency": "USD",
        "amount": -200,
        "lines": [names()[1]],
        "entries": [entry],
    }
    assert last("line.matched")["by"] == "system"
    assert imported(statement(NORWAY, CHARGE)).matched == 0
    assert events() == before + 1
    assert sound()


def test_nothing_is_matched_at_once_where_it_might_be_another(imported, salma):
    charge(salma)
    assert imported(statement(CHARGE, replace(CHARGE, text="another"))).matched == 0
    charge(salma, "3.00", "C-2")
    assert imported(statement(line("-4.00", bank_reference="C-2"), opening="96.00", number="8")).matched == 0


def test_an_officer_matches_one_line_to_several_entries_and_several_lines_to_one(imported, salma):
    imported(statement(line("-5.00", bank_reference=""), line("-1.00", text="a"), line("-3.00", text="b")))
    [five, one, three] = names()
    parts = [charge(salma, "2.00", "C-2"), charge(salma, "3.00", "C-3")]
    matching.match(five, entries="\n".join(map(str, parts)), by=salma, at=b.AT)
    whole = charge(salma, "4.00", "C-4")
    matching.match(f"{one}\n{three}", entries=str(whole), by=salma, at=b.AT)
    assert db.session.scalar(select(func.count()).select_from(LineMatch)) == 4
    assert matching.open_entries(db.session(), "main", "USD") == []
    assert db.session.execute(matching.waiting("main", "USD")).all() == []
    assert sound()


def refusal(lines: str, entries: object, by: str) -> str:
    before = events()
    with pytest.raises(Refused) as refused:
        matching.match(lines, entries=str(entries), by=by, at=b.AT)
    assert events() == before
    return str(refused.value)


def test_what_does_not_fit_is_refused_in_a_sentence(imported, salma):
    imported(statement(line("-2.00", text="a"), line("-2.00", text="b"), line("-3.00", text="c")))
    [two, other, three] = names()
    entry, bigger = charge(salma, "2.00", "X-1"), charge(salma, "3.00", "X-2")
    assert refusal(three, entry, salma) == (
        "The bank’s lines make -3.00 USD, the entries -2.00 USD. Choose lines and entries of the same sum."
    )
    assert refusal(two, 1, salma) == (
        "Entry 1 posts nothing on cash:main in USD, or is matched already. Nothing has been changed."
    )
    assert "each once" in refusal(f"{two}\n{two}", entry, salma)
    assert "each once" in refusal(two, "", salma)
    assert "each once" in refusal(two, "all", salma)
    assert refusal(f"{two}\n{three}", f"{entry}\n{bigger}", salma).startswith("Match one line to one or several")
    matching.match(two, entries=str(entry), by=salma, at=b.AT)
    assert refusal(two, bigger, salma) == f"Line {two} is matched already. Nothing has been changed."
    assert refusal(other, entry, salma).startswith(f"Entry {entry} posts nothing on cash:main in USD, or is matched")
    with pytest.raises(NotHere):
        matching.match(two[:-1] + "9", entries=str(entry), by=salma, at=b.AT)


def test_lines_of_another_currency_are_not_those_of_an_entry(imported, salma):
    imported(statement(line("-2.00", currency="EUR"), currency="EUR"))
    entry = charge(salma, "2.00", "X-1")
    assert "posts nothing on cash:main in EUR" in refusal(names()[0], entry, salma)


def test_only_who_certifies_or_pays_matches_and_the_attempt_is_kept(imported, salma):
    imported(statement(CHARGE))
    entry, rafael, lise = charge(salma, bank="X-1"), b.officer("Rafael", "certifying"), b.officer("Lise", "approving")
    before = events()
    with pytest.raises(NotDesignated):
        matching.match(names()[0], entries=str(entry), by=lise, at=b.AT)
    assert (events(), last("line.refused")["by"]) == (before + 1, lise)
    with pytest.raises(NotDesignated):
        imported(statement(NORWAY, number="8"), by=lise)
    assert last("statement.refused")["by"] == lise
    matching.match(names()[0], entries=str(entry), by=rafael, at=b.AT)
    assert imported(statement(NORWAY, number="8"), by=rafael).booked == 1


def test_what_a_line_may_be_is_suggested_with_its_reasons(imported):
    b.luxembourg_paid()
    omar = b.officer("Omar", "paying")
    norway = b.pledge(b.account("donor", "Norway", donor=b.donor("Norway", country="NOR")), "16000.00")
    b.agreement(norway, omar, "16000.00", date(2017, 7, 3))
    imported(statement(replace(NORWAY, text=f"for {norway.replace('-', ' ')}")))
    [best, *_] = matching.suggested(db.session(), names()[0])
    assert (best.entries, best.owed) == ((norway,), True)
    assert best.reasons == (Reason.REFERENCE, Reason.NAME, Reason.OWED)
    b.deposit(norway, omar, "16000.00", JUNE, "OTHER-1")
    [best] = matching.suggested(db.session(), names()[0])
    assert (best.owed, best.reasons) == (False, (Reason.REFERENCE, Reason.NAME, Reason.AMOUNT))
    matching.match(names()[0], entries=str(best.entries[0]), by=omar, at=b.AT)
    assert sound()


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
