"""The reports of the money on every day of the known story, as it was on that day."""

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.reports.money_story import APPROVED, HELD, LAST, OFFERED, PAID, line, lines, lived
from tests.reports.reading import built, told, totals
from trustfund.operations import proposals


@pytest.fixture
def story(app: Flask) -> dict[str, str]:
    return begun(lived)


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
