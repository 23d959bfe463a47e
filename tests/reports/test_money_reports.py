"""The reports of the money: the known story, told by each to the cent and in every form alike."""

import json
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.reports.money_story import LAST, MONEY, OFFERED, PAID, lines, lived
from tests.reports.reading import built, controls, csv_rows, sheets, told, totals, words_of
from trustfund.extensions import db
from trustfund.models.fund import reserve_of
from trustfund.models.record import in_the_bank, pots
from trustfund.operations import proposals
from trustfund.reports.draw import draw

REPORTS = (*MONEY, "exceptions")


@pytest.fixture
def story(app: Flask) -> dict[str, str]:
    return begun(lived)


# Known sums


def test_the_fund_status_tells_what_came_in_what_is_used_and_what_can_be_promised(story):
    assert {name: usd for name, usd in lines().items() if usd != "0.00"} == {
        "received": "50000.00",
        "travel": "3138.00",
        "support": "407.94",
        "commitments": "1738.00",
        "came-in": "50000.00",
        "used": "5283.94",
        "reserve": "6521.74",
        "set-aside": "3489.44",
        "spendable": "34704.88",
    }


def test_its_spendable_amount_is_the_one_by_which_awards_are_approved(story):
    known = pots(db.session(), reserve_of(db.session(), LAST), LAST)
    assert lines()["spendable"] == str(sum(pot.spendable for pot in known.values()))
    assert controls(built("fund-status"))[1] == ("Money in the bank", str(in_the_bank(db.session())), True)


def test_the_allotment_of_the_first_round_is_held_committed_spent_and_left(story):
    report = built("allotments")
    assert told(report, "meeting", "allotted", "seats", "held", "committed", "spent", "left") == [
        ("N1", "40000.00", "3", "3489.44", "1738.00", "3545.94", "31226.62")
    ]
    assert totals(report)[-1] == "31226.62"


def test_each_award_stands_with_its_charge_and_what_it_came_to(story):
    report = built("awards-and-disbursements")
    keys = ("state", "stage", "charge", "committed", "travel", "support", "paid")
    assert sorted(told(report, *keys)) == [
        ("Nepal", "no-show", "3455.54", "1738.00", "400.00", "52.00", "1738.00"),
        ("Sudan", "closed", "3150.44", "0.00", "2738.00", "355.94", "1738.00"),
    ]


def test_who_owes_and_who_is_owed(story):
    report = built("advances-and-claims")
    assert sorted(told(report, "state", "stage", "advance", "claim_due", "claimed_on", "due", "payable")) == [
        ("Nepal", "no-show", "0.00", "", "", "1738.00", "400.00"),
        ("Sudan", "closed", "0.00", "2018-03-09", "2018-02-27", "0.00", "1000.00"),
    ]


def test_a_debt_written_off_is_spent_and_leaves_no_debt(story):
    with seats.on(j.SETTLED):
        made = proposals.propose(
            "debt.written-off",
            subject=story["bikash"],
            content={"document": "ADM/2018/4"},
            reason="He is ill for long.",
            by=seats.who("Rafael"),
            at=j.SETTLED,
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=j.SETTLED)
    assert (lines()["write-offs"], lines()["commitments"]) == ("1738.00", "0.00")
    assert told(built("allotments"), "committed", "spent", "left") == [("0.00", "5283.94", "31226.62")]
    assert ("Nepal", "1738.00") in told(built("awards-and-disbursements"), "state", "written_off")
    assert totals(built("advances-and-claims"))[1] == "0.00"


def test_a_late_claim_counts_its_days(app: Flask):
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    j.until(j.attended, hind)
    late = built("advances-and-claims", as_at=date(2018, 3, 29))
    assert told(late, "claim_due", "days_late", "advance") == [("2018-03-09", "20", "1738.00")]
    assert [(bar.label, [str(part) for part in bar.values]) for bar in late.figure.bars] == [
        ("15 to 60 days late", ["1738.00", "0.00"])
    ]


def test_both_databases_tell_the_same(both_apps: Flask):
    lived()
    assert lines()["spendable"] == "34704.88"
    assert lines(as_at=OFFERED)["set-aside"] == "10095.42"
    assert totals(built("allotments"))[-1] == "31226.62"
    assert totals(built("awards-and-disbursements", as_at=PAID))[-1] == "3476.00"
    assert totals(built("advances-and-claims")) == ["0.00", "1738.00", "1400.00"]
    assert told(built("exceptions"), "exception") == [("no-show",)]


# Forms


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_report_gives_the_same_bytes_and_every_form_the_same_figures(story, name: str):
    report, again = built(name), built(name)
    forms = {form: draw(report, form, "en") for form in ("json", "csv", "xlsx", "pdf")}
    assert forms == {form: draw(again, form, "en") for form in forms}
    said = json.loads(forms["json"])
    written = csv_rows(forms["csv"])
    assert [dict(zip(written[0], row, strict=True)) for row in written[1 : len(report.rows) + 1]] == [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in said["rows"]
    ]
    table = list(sheets(forms["xlsx"])[0].iter_rows(values_only=True))
    page = words_of(forms["pdf"])
    for row, cells in zip(said["rows"], table[1:], strict=False):
        for column, cell in zip(report.columns, cells, strict=True):
            if column.kind == "money":
                assert Decimal(repr(cell)) == Decimal(row[column.key]), (name, column.key)
                assert f"{abs(Decimal(row[column.key])):,}" in page, (name, column.key)


def test_no_report_names_a_person(story):
    for name in REPORTS:
        text = "".join(built(name).as_json())
        for person in ("Hind", "Tayeb", "Bikash", "Kwame", "Ines", "Rafael", "Salma", "example.org", "fell ill"):
            assert person not in text, (name, person)


def test_a_fund_without_money_has_its_reports_too(both_apps: Flask):
    for name in REPORTS:
        report = built(name)
        assert report.figure is None
        assert all(control.holds for control in report.control_totals)
    assert lines()["spendable"] == "0.00"
    assert "-0.00" not in "".join(built("fund-status").as_json())


def test_an_agreement_that_is_not_paid_draws_no_figure(app: Flask):
    salma = b.officer("Salma Idrissi", "paying")
    b.agreement(b.pledge(b.account("donor", "Luxembourg", donor=b.donor())), salma)
    assert built("fund-status").figure is None


def test_the_figure_of_the_months_ends_with_what_is_spendable_and_held(story):
    """Of 50,000.00 the reserve keeps 6,521.74; 43,478.26 less what is used and committed can be spent."""
    bars = built("fund-status").figure.bars
    assert [(bar.label, *map(str, bar.values)) for bar in bars[-4:]] == [
        ("2017-12", "6521.74", "43478.26"),
        ("2018-01", "13127.72", "36872.28"),
        ("2018-02", "11862.18", "38137.82"),
        ("2018-03", "11805.68", "38194.32"),
    ]
    assert bars[-1].values[1] == Decimal(lines()["spendable"]) + Decimal(lines()["set-aside"])
