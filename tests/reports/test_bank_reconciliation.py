"""Bank reconciliation: both balances, what stands on one side only and why, and a difference of zero after matching."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests import builders as b
from tests.reports.reading import built, controls, csv_rows, told, words_of
from tests.reports.samples import voice
from tests.services.bank_files import camt, line, statement
from trustfund.extensions import db
from trustfund.operations import matching, treasury
from trustfund.operations.statements import import_statement
from trustfund.reports.draw_csv import draw_csv
from trustfund.reports.draw_json import draw_json
from trustfund.reports.draw_pdf import draw_pdf

KEYS = ("what", "day", "reference", "statement", "books", "reason")
NOVEMBER, LAST = date(2017, 11, 6), date(2017, 11, 30)
MONTH = {"first_day": date(2017, 11, 1), "last_day": LAST}


def on(day: date, amount: str, bank: str, **more):
    return line(amount, bank_reference=bank, booking_day=day, value_date=day, **more)


NORWAY = on(NOVEMBER, "16000.00", "NO-1", name="Norway")
CHARGE = on(date(2017, 11, 30), "-2.00", "C-1", name="")


@pytest.fixture
def imported(fund, tmp_path):
    def run(*lines, opening="0.00", **more):
        path = tmp_path / "statement"
        path.write_text(camt(statement(*lines, opening=opening, **MONTH | more)))
        db.session.rollback()
        return import_statement(path, at=b.AT)

    return run


def rows(**asked) -> list[tuple[str, ...]]:
    """Those of the account in dollars, without the references of statements, which are by chance."""
    report = built("bank-reconciliation", **asked)
    return [row[2:] for row in told(report, "account", "currency", *KEYS) if row[:2] == ("cash:main", "USD")]


def whats(**asked) -> list[tuple[str, str, str, str]]:
    return [(what, stated, booked, reason) for what, _, _, stated, booked, reason in rows(**asked)]


def waits(bank: str) -> str:
    found = db.session.execute(matching.waiting("main", "USD")).all()
    return next(f"{one.statement} {one.number}" for one in found if one.bank_reference == bank)


def test_without_a_statement_every_entry_is_in_transit(fund):
    assert whats() == [
        ("statement-balance", "0.00", "", "no-statement"),
        ("entry", "", "16000.00", "not-yet-on-a-statement"),
        ("book-balance", "", "16000.00", ""),
        ("difference", "0.00", "", "explained"),
    ]


def test_items_in_transit_both_ways_are_listed_with_their_reason(imported):
    imported(replace(NORWAY, bank_reference="OTHER"), CHARGE)
    report = built("bank-reconciliation")
    [entry] = [row[1] for row in told(report, "what", "reference", "currency") if row[::2] == ("entry", "USD")]
    assert rows()[2:5] == [
        ("line", "2017-11-06", "OTHER", "16000.00", "", "in-suspense"),
        ("line", "2017-11-30", "C-1", "-2.00", "", "in-suspense"),
        ("entry", "2017-11-06", entry, "", "16000.00", "not-yet-on-a-statement"),
    ]
    assert whats()[-1] == ("difference", "0.00", "", "explained")
    assert controls(report) == [("Differences not explained", "0", True)]


def test_after_matching_nothing_is_left_and_the_balances_agree(imported):
    imported(replace(NORWAY, bank_reference="OTHER"), CHARGE)
    omar = b.officer("Olga Example", "paying")
    charge = {"amount": "2.00", "value_date": LAST, "bank_reference": "X-1"}
    paid = treasury.record_charge("main", **charge, by=omar, at=b.AT).seq
    matching.match(waits("C-1"), entries=str(paid), by=omar, at=b.AT)
    [best, *_] = matching.suggested(db.session(), waits("OTHER"))
    matching.match(waits("OTHER"), entries=str(best.entries[0]), by=omar, at=b.AT)
    assert whats() == [
        ("statement-balance", "15998.00", "", ""),
        ("opening", "0.00", "0.00", "opened-with"),
        ("book-balance", "", "15998.00", ""),
        ("difference", "0.00", "", "explained"),
    ]


def test_a_line_with_the_bank_reference_of_a_deposit_is_none_in_transit(imported):
    imported(NORWAY)
    assert [what for what, *_ in whats()] == ["statement-balance", "opening", "book-balance", "difference"]


def test_what_the_bank_held_before_and_the_books_do_not_know_is_a_difference(imported):
    imported(NORWAY, opening="100.00")
    assert whats()[1] == ("opening", "100.00", "0.00", "opened-otherwise")
    assert whats()[-1] == ("difference", "100.00", "", "opened-otherwise")
    assert controls(built("bank-reconciliation")) == [("Differences not explained", "1", False)]


def test_what_the_books_had_before_the_first_statement_is_its_opening_balance(imported):
    later = {"first_day": date(2017, 12, 1), "last_day": date(2017, 12, 31)}
    imported(on(date(2017, 12, 29), "-2.00", "C-1"), opening="16000.00", **later)
    assert whats() == [
        ("statement-balance", "15998.00", "", ""),
        ("opening", "16000.00", "16000.00", "opened-with"),
        ("line", "-2.00", "", "in-suspense"),
        ("book-balance", "", "16000.00", ""),
        ("difference", "0.00", "", "explained"),
    ]


def test_a_statement_that_is_missing_is_named(imported):
    imported(NORWAY)
    later = {"first_day": date(2017, 12, 1), "last_day": date(2017, 12, 31)}
    imported(on(date(2017, 12, 29), "-2.00", "C-1"), opening="15000.00", number="8", **later)
    assert whats()[-1] == ("difference", "-1000.00", "", "missing-statement")


def test_on_an_earlier_day_it_says_what_each_side_knew_then(imported):
    """The bank booked the money of 6 November on the 8th."""
    imported(replace(NORWAY, booking_day=date(2017, 11, 8)), CHARGE)
    assert whats(as_at=date(2017, 11, 7)) == [
        ("statement-balance", "0.00", "", ""),
        ("opening", "0.00", "0.00", "opened-with"),
        ("entry", "", "16000.00", "later-on-a-statement"),
        ("book-balance", "", "16000.00", ""),
        ("difference", "0.00", "", "explained"),
    ]
    assert whats(as_at=date(2017, 11, 8))[0] == ("statement-balance", "16000.00", "", "")


def test_a_line_that_the_books_have_on_a_later_day_says_so(imported):
    imported(replace(NORWAY, booking_day=date(2017, 11, 3)))
    assert whats(as_at=date(2017, 11, 5))[2] == ("line", "16000.00", "", "later-in-the-books")
    assert whats(as_at=date(2017, 11, 5))[-1] == ("difference", "0.00", "", "explained")


def test_csv_and_json_say_the_same(imported):
    imported(replace(NORWAY, bank_reference="OTHER"), CHARGE)
    report = built("bank-reconciliation")
    said, lines = json.loads(draw_json(report)), csv_rows(draw_csv(report))
    for key in ("statement", "books"):
        place = lines[0].index(key)
        assert [row[place] for row in lines[1 : len(report.rows) + 1]] == [row[key] or "" for row in said["rows"]]
    assert sum(Decimal(row["statement"] or 0) for row in said["rows"] if row["what"] == "line") == Decimal("15998.00")


def test_a_balance_has_no_reason_and_nothing_is_said_of_an_earmark(imported):
    imported(NORWAY)
    said = words_of(draw_pdf(built("bank-reconciliation"), voice()))
    assert "Balance of the books" in said
    assert "Not earmarked" not in said
