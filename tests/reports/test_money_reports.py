"""The reports of the money: one known story, told by each to the cent, and on every day as it was on that day.

Hind of Sudan travels: a ticket of 1,000.00 and 1,738.00 of allowances, with 13 % support cost of 355.94. Bikash of
Nepal has his advance and does not come: of his ticket 600.00 come back, 400.00 and 52.00 are lost, and he owes the
advance. Kwame of Ghana has accepted his seat. The fund has 50,000.00, the first round may use 40,000.00.
"""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations import insider
from tests.reports.reading import built, controls, csv_rows, sheets, told, totals, words_of
from trustfund.core.ledger import credit, debit, entry
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.fund import reserve_of
from trustfund.models.record import in_the_bank, pots
from trustfund.operations import months as months  # its deed is proposed by name
from trustfund.operations import proposals, travel, treasury
from trustfund.operations.operation import Fact, writing
from trustfund.reports import fund_status
from trustfund.reports.draw import draw

MONEY = ("fund-status", "allotments", "awards-and-disbursements", "advances-and-claims")
REPORTS = (*MONEY, "exceptions")
OFFERED, APPROVED, PAID = date(2018, 1, 26), date(2018, 1, 30), date(2018, 2, 14)
HELD, LAST = date(2018, 2, 20), date(2018, 3, 6)


@pytest.fixture
def story(app: Flask) -> dict[str, str]:
    return begun(lived)


def lived() -> dict[str, str]:
    j.fund()
    people = ("Hind Tayeb", "SDN"), ("Bikash Thapa", "NPL"), ("Kwame Mensah", "GHA")
    hind, bikash, kwame = j.seated(*people)
    j.accepted(kwame)
    for step in j.STEPS[:6]:
        for one in (hind, bikash):
            step(one)
    j.attended(hind)
    j._do(travel.record_no_show, bikash, seats.who("Ines"), j.FIRST_DAY, refund="600.00", reason="He fell ill.")
    for step in j.STEPS[7:]:
        step(hind)
    return {"hind": hind, "bikash": bikash, "kwame": kwame}


def line(name: str, **asked: date) -> dict[str, str]:
    return dict(told(built("fund-status", **asked), "line", "all"))[name]


def lines(**asked: date) -> dict[str, str]:
    return dict(told(built("fund-status", **asked), "line", "all"))


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


# An earlier day


def test_before_the_approval_the_seats_hold_their_money_and_nothing_is_committed(story):
    known = lines(as_at=OFFERED)
    assert (known["commitments"], known["set-aside"], known["spendable"]) == ("0.00", "10095.42", "33382.84")
    assert told(built("allotments", as_at=OFFERED), "seats", "held", "committed") == [("3", "10095.42", "0.00")]
    assert built("awards-and-disbursements", as_at=OFFERED).rows == []


def test_after_the_approval_each_is_committed_and_then_paid(story):
    approved = built("awards-and-disbursements", as_at=APPROVED)
    assert {row[0] for row in told(approved, "stage")} == {"ticketed"}
    assert totals(approved) == ["6605.98", "6605.98", "0.00", "0.00", "0.00", "0.00"]
    paid = built("awards-and-disbursements", as_at=PAID)
    assert {row[0] for row in told(paid, "stage")} == {"advance-paid"}
    assert totals(paid)[-1] == "3476.00"
    assert totals(built("advances-and-claims", as_at=PAID)) == ["3476.00", "0.00", "2000.00"]
    assert line("set-aside", as_at=PAID) == "3489.44"


def test_a_claim_that_came_later_is_not_known_before(story):
    (hind,) = [
        row
        for row in told(built("advances-and-claims", as_at=HELD), "state", "stage", "claimed_on", "advance")
        if row[0] == "Sudan"
    ]
    assert hind == ("Sudan", "travelled", "", "1738.00")


def test_a_charge_that_was_certified_later_is_not_known_before(app: Flask):
    """Proposed with the planning fare, certified with a cheaper quote: until then the proposed charge is held."""
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    proposed = j.usd(j.award(hind).proposed)
    j.quoted(j.accepted(hind), "800.00", choose=True)
    j.certified(hind)
    charge = j.usd(j.award(hind).charge)
    assert charge < proposed
    held = [told(built("allotments", as_at=day), "held") for day in (date(2018, 1, 25), date(2018, 1, 26))]
    assert held == [[(str(proposed),)], [(str(charge),)]]


def test_an_offer_that_nobody_answered_holds_nothing_after_its_term(app: Flask):
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    term = j.award(hind).answer_by
    assert line("set-aside", as_at=term) == str(j.usd(j.award(hind).proposed))
    assert line("set-aside", as_at=term + timedelta(days=1)) == "0.00"


def test_before_its_number_was_fixed_a_meeting_has_no_allotment(story):
    assert built("allotments", as_at=date(2017, 11, 1)).rows == []


def test_an_allotment_that_was_changed_stands_as_it_was_on_the_day(story):
    content = {"amount": "30000.00", "basis": "decided", "document": "Allotment advice 2018/9"}
    with seats.on(j.SETTLED):
        made = proposals.propose(
            "allotment.changed", subject="N1", content=content, reason="Too much.", by=seats.who("Rafael"), at=j.SETTLED
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=j.SETTLED)
    keys = ("number", "allotted", "left")
    assert told(built("allotments"), *keys) == [("2", "30000.00", "21226.62")]
    assert told(built("allotments", as_at=LAST - timedelta(days=1)), "number", "allotted") == [("1", "40000.00")]


# Control totals


def test_all_control_totals_hold_on_every_day_of_the_story(story):
    for name in (*MONEY, "status-of-contributions"):
        for day in (date(2017, 3, 1), OFFERED, APPROVED, PAID, HELD, LAST):
            wrong = [control for control in controls(built(name, as_at=day)) if not control[2]]
            assert not wrong, (name, day)


def posted(action: str, *sides, on: str = "bank:main") -> None:
    """An entry that none of the fund's deeds makes."""
    with writing(by=SYSTEM, at=j.SETTLED) as op:
        op.append(action, Fact(on=on, post=entry(*sides)))


def sides(to: str, source: str, cents: int = 100):
    return debit(to, "USD", cents, cents, LAST), credit(source, "USD", cents, cents, LAST)


def failing(name: str) -> list[str]:
    return [control for control, _, holds in controls(built(name)) if not holds]


def test_journeys_without_an_award_are_seen(story):
    posted("settlement.approved", *sides("travel", "payables"))
    assert failing("awards-and-disbursements") == ["Agrees with the books"]
    posted("award.approved", *sides("commitments", "committed"))
    assert failing("awards-and-disbursements") == ["Agrees with the books", "Commitments agree"]
    assert failing("allotments") == ["Commitments agree"]


def test_advances_and_debts_without_an_award_are_seen(story):
    posted("advance.paid", *sides("travel-advances", "cash:main"))
    assert failing("advances-and-claims") == ["Agrees with the books"]
    posted("advance.paid", *sides("due-from-travellers", "cash:main"))
    assert failing("advances-and-claims") == ["Agrees with the books", "Debts agree"]


def test_a_kind_of_money_that_no_line_tells_is_seen(story, monkeypatch: pytest.MonkeyPatch):
    treasury.record_interest(
        "main", amount="7.00", value_date=LAST, bank_reference="I-1", by=seats.who("Salma"), at=j.SETTLED
    )
    assert failing("fund-status") == []
    monkeypatch.setattr(fund_status, "LINES", [one for one in fund_status.LINES if one[0] != "interest"])
    assert failing("fund-status") == ["Adds up"]


def test_money_that_an_insider_took_is_seen(story):
    insider.changes("UPDATE posting SET usd = usd - 100 WHERE account = 'cash:main' AND usd = 5000000")
    assert failing("fund-status") == ["Money in the bank"]


def test_payments_interest_and_charges_are_no_contributions(story):
    """Cash falls by what is paid; what the donors paid in does not."""
    for deed, reference in ((treasury.record_interest, "I-1"), (treasury.record_charge, "C-1")):
        deed("main", amount="7.00", value_date=LAST, bank_reference=reference, by=seats.who("Salma"), at=j.SETTLED)
    assert controls(built("status-of-contributions"))[2] == ("Agrees with the bank", "50000.00", True)
    assert (lines()["interest"], lines()["charges"]) == ("7.00", "-7.00")


def test_a_deposit_that_no_pledge_knows_is_seen(story):
    posted("deposit.recorded", *sides("cash:main", "interest"))
    assert failing("status-of-contributions") == ["Agrees with the bank"]


def test_at_a_months_end_a_receivable_in_euros_is_told_as_it_was_agreed(app: Flask):
    salma = b.officer("Salma Idrissi", "paying")
    rafael, lise = b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")
    pledge = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()), "50000.00", "EUR")
    b.rate("EUR", "0.923003", "2017-04-28")
    b.rate("EUR", "0.8877841", "2017-05-31")
    b.agreement(pledge, salma)
    made = proposals.propose("month.closed", subject="month:2017-05", content={}, reason="Over.", by=rafael, at=b.AT)
    proposals.confirm(made.on, by=lise, at=b.AT)
    report = built("status-of-contributions", as_at=date(2017, 5, 31))
    assert controls(report)[1] == ("Agrees with the books", "54171.00", True)
    assert line("receivable", as_at=date(2017, 5, 31)) == "54171.00"


def test_a_journey_accrued_at_a_months_end_is_spent_and_not_committed_for_that_day(app: Flask):
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    j.until(j.attended, hind)
    at = datetime(2018, 3, 2, 9, tzinfo=UTC)
    with seats.on(at):
        made = proposals.propose(
            "month.closed", subject="month:2018-02", content={}, reason="Over.", by=seats.who("Rafael"), at=at
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=at)
    end, next_day = lines(as_at=date(2018, 2, 28)), lines(as_at=date(2018, 3, 1))
    assert (end["travel"], end["support"], end["commitments"]) == ("2788.00", "362.44", "0.00")
    assert (next_day["travel"], next_day["support"], next_day["commitments"]) == ("1000.00", "130.00", "2020.44")
    assert end["used"] == next_day["used"] == "3150.44"
    for day in (date(2018, 2, 28), date(2018, 3, 1)):
        for name in MONEY:
            assert all(holds for _, _, holds in controls(built(name, as_at=day))), (name, day)


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
