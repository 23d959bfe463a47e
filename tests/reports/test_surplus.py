"""Surplus: each activity with its money as on a day, what was left beyond the journeys, and the same in every form."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests import seats
from tests import surpluses as s
from tests.beginnings import begun
from tests.reports.reading import built, controls, csv_rows, sheets, told, totals, words_of
from tests.reports.samples import voice
from trustfund.extensions import db
from trustfund.operations import activities
from trustfund.reports.draw_csv import draw_csv
from trustfund.reports.draw_json import draw_json
from trustfund.reports.draw_pdf import draw_pdf
from trustfund.reports.draw_xlsx import draw_xlsx

NEXT_DAY, LATER = (s.AFTER + timedelta(days=n) for n in (1, 2))


@pytest.fixture
def spent(both_apps) -> str:
    return begun(spent_and_cancelled)


def spent_and_cancelled() -> str:
    """50,000 dollars: of 10,000 that two approved 4,000 is paid on the next day, and briefings are cancelled later."""
    s.fund()
    reference = s.agreed(s.proposed())
    other = s.agreed(s.proposed("Briefings", amount="1000.00"), "Lise")
    _on(NEXT_DAY, activities.pay, reference, "Salma", amount="4000.00", bank_reference="PA-1")
    _on(LATER, activities.cancel, other, "Rafael")
    return reference


def _on(at: datetime, deed, reference: str, by: str, **more: object) -> None:  # type: ignore[no-untyped-def]
    if "amount" in more:
        more["value_date"] = at.date()
    s._do(deed, reference, by, at, **more)


def value(report, name: str) -> Decimal:  # type: ignore[no-untyped-def]
    return next(control.value for control in report.control_totals if control.name == name)


def test_each_activity_stands_with_its_money(spent: str):
    report = built("surplus")
    keys = ("title", "document", "stage", "cost", "charge", "paid", "support", "left")
    assert told(report, *keys) == [
        (
            "Report of the stocktaking",
            "A/RES/72/244",
            "approved",
            "10000.00",
            "11300.00",
            "4000.00",
            "520.00",
            "6780.00",
        ),
        ("Briefings", "A/RES/72/244", "cancelled", "1000.00", "1130.00", "0.00", "0.00", "0.00"),
    ]
    assert totals(report) == ["4000.00", "520.00", "6780.00"]


def test_who_proposed_and_approved_is_told_by_reference(spent: str):
    report = built("surplus")
    lise, tomas, ines = (seats.who(name) for name in ("Lise", "Tomas", "Ines"))
    assert told(report, "proposed_by", "approved_by") == [(ines, f"{lise} {tomas}"), (ines, lise)]


def test_it_agrees_with_the_books(spent: str):
    assert controls(built("surplus"))[:2] == [
        ("Agrees with the books", "4000.00", True),
        ("Commitments agree", "6780.00", True),
    ]


def test_what_is_left_for_activities_is_what_the_officers_see(spent: str):
    report = built("surplus")
    with seats.on(LATER):
        facts = activities.facts_of(db.session(), LATER)
    assert value(report, "Left for activities") == facts.surplus == Decimal("32178.26")
    assert value(report, "Applications without a seat") == value(report, "Days to wait") == 0


def test_on_an_earlier_day_it_says_what_it_was_then(spent: str):
    report = built("surplus", as_at=s.AFTER.date())
    assert told(report, "stage", "paid", "left") == [("approved", "0.00", "11300.00"), ("proposed", "0.00", "0.00")]
    assert all(control.holds for control in report.control_totals)
    assert value(report, "Left for activities") == Decimal("32178.26")
    before = built("surplus", as_at=date(2019, 1, 14))
    assert before.rows == []
    assert value(before, "Left for activities") == Decimal("43478.26")
    assert "Applications without a seat" not in [control.name for control in before.control_totals]


def test_before_the_meetings_their_money_is_kept_and_who_waits_is_counted(both_apps):
    s.fund()
    seats.delegate("Hind Tayeb", "SDN")
    seats.delegate("Kwame Mensah", "GHA", accepted=False)
    report = built("surplus")
    with seats.on(seats.APPLIED):
        facts = activities.facts_of(db.session(), seats.APPLIED)
    assert (facts.without_seat["N1"], facts.undecided["N1"]) == (1, 1)
    names = ("Applications without a seat", "Applications not decided", "Allotted", "Needed", "Left for activities")
    assert [value(report, name) for name in names] == [1, 1, facts.allotted, facts.needed, facts.surplus]
    assert facts.surplus < 0


def test_a_seat_that_is_offered_is_not_counted_twice(both_apps):
    s.fund()
    seats.delegate("Hind Tayeb", "SDN")
    seats.closed()
    seats.kept(seats.previewed())
    report = built("surplus")
    with seats.on(seats.THE_DAY):
        facts = activities.facts_of(db.session(), seats.THE_DAY)
    assert value(report, "Spendable, not earmarked") == facts.spendable < Decimal("43478.26")
    assert value(report, "Allotted") == facts.allotted < Decimal("40000.00")


def test_the_four_forms_say_the_same_to_the_cent(spent: str):
    report = built("surplus")
    said = json.loads(draw_json(report))
    lines = csv_rows(draw_csv(report))
    table, facts = sheets(draw_xlsx(report, voice()))
    cells = list(table.iter_rows(values_only=True))
    pdf = words_of(draw_pdf(report, voice()))
    money = ("cost", "charge", "paid", "support", "left")
    places = [lines[0].index(key) for key in money]
    for n, row in enumerate(said["rows"], 1):
        assert [lines[n][place] for place in places] == [row[key] for key in money]
        assert [Decimal(repr(cells[n][place])) for place in places] == [Decimal(row[key]) for key in money]
        assert all(f"{Decimal(row[key]):,}" in pdf for key in money)
    assert [lines[3][place] for place in places] == ["", "", *(said["totals"][key] for key in money[2:])]
    assert ["# digest", said["digest"]] in [line[:2] for line in lines]
    assert dict(facts.iter_rows(values_only=True))["digest"] == said["digest"]
    assert draw_pdf(built("surplus"), voice()) == draw_pdf(report, voice())
