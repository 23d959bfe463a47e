"""What comes back, or does not, when a journey is not made or a payment fails: tickets, advances and debts.

Amna's journey as in award_books: charge 3,150.44, advance 1,738.00, ticket 1,000.00.
"""

from decimal import Decimal

import pytest

from tests import journeys as j
from tests import seats
from tests.operations.award_books import cancelled, cash, failed, held, missed, owes, recovered, sound
from trustfund.core.refusal import Refused, SeparationOfDuties
from trustfund.operations import proposals, travel


def test_a_journey_cancelled_before_its_ticket_costs_nothing(amna):
    cancelled(j.until(j.authorized, amna))
    assert held(amna) == {}
    assert j.spendable(j.PAID.date()) == Decimal("43478.26")
    assert sound()


@pytest.mark.parametrize("after_the_first_day", [False, True])
def test_what_of_a_ticket_is_lost_is_expense_with_support_cost_and_what_is_given_back_is_not(amna, after_the_first_day):
    j.until(j.ticketed, amna)
    at = j.FIRST_DAY if after_the_first_day else j.PAID
    if after_the_first_day:
        with seats.on(at):
            travel.use_tickets(at)
    with pytest.raises(Refused, match="gives back at most what the ticket cost"):
        cancelled(amna, at, refund="1000.01")
    cancelled(amna, at, refund="400.00")
    assert held(amna) == {"payable": "600.00", "travel": "600.00", "support": "78.00"}
    j.released(("ticket", amna), method="agent", at=j.BACK)
    assert held(amna) == {"travel": "600.00", "support": "78.00"}
    assert cash() == "49,400.00"
    assert sound()


def test_a_ticket_that_is_given_back_whole_costs_nothing(amna):
    cancelled(j.until(j.ticketed, amna), refund="1000.00")
    assert held(amna) == {}


def test_an_advance_of_a_cancelled_journey_is_due_and_stays_committed(amna):
    cancelled(j.until(j.advanced, amna), refund="1000.00")
    assert held(amna) == {"committed": "1,738.00", "due": "1,738.00"}
    recovered(amna, "1738.00", "R-1")
    assert held(amna) == {}
    assert (j.award(amna).stage, cash()) == ("cancelled", "50,000.00")
    assert sound()


def test_a_no_show_loses_the_ticket_and_owes_the_advance(amna):
    missed(j.until(j.advanced, amna), refund="250.00")
    assert held(amna) == {
        "committed": "1,738.00",
        "due": "1,738.00",
        "payable": "750.00",
        "travel": "750.00",
        "support": "97.50",
    }
    assert j.award(amna).stage == "no-show"
    assert sound()


def test_who_owes_pays_back_in_parts(amna):
    owes(amna)
    spent = {"payable": "1,000.00", "travel": "1,970.00", "support": "256.10"}
    assert held(amna) == {"committed": "768.00", "due": "768.00", **spent}
    recovered(amna, "500.00", "R-1")
    assert held(amna) == {"committed": "268.00", "due": "268.00", **spent}
    assert j.award(amna).stage == "settled"
    with pytest.raises(Refused, match=r"owes 268.00; no more is recovered"):
        recovered(amna, "268.01", "R-2")
    recovered(amna, "268.00", "R-2")
    assert held(amna) == spent
    assert (j.award(amna).stage, cash()) == ("closed", "49,030.00")
    assert sound()


def test_a_debt_is_written_off_by_two_and_bears_no_support_cost(amna):
    owes(amna)
    recovered(amna, "68.00", "R-1")
    rafael, lise = seats.who("Rafael"), seats.who("Lise")
    with seats.on(j.SETTLED):
        made = proposals.propose(
            "debt.written-off",
            subject=amna,
            content={"document": "Advice 9"},
            reason="She cannot be found.",
            by=rafael,
            at=j.SETTLED,
        ).on
        assert held(amna)["due"] == "700.00"
        with pytest.raises(SeparationOfDuties):
            proposals.confirm(made, by=rafael, at=j.SETTLED)
        proposals.confirm(made, by=lise, at=j.SETTLED)
    spent = {"payable": "1,000.00", "travel": "1,970.00", "support": "256.10"}
    assert held(amna) == {**spent, "written_off": "700.00"}
    assert j.award(amna).stage == "closed"
    assert j.spendable(j.SETTLED.date()) == Decimal("43478.26") - Decimal("1970.00") - Decimal("256.10") - 700
    assert sound()


def test_an_advance_that_failed_goes_back_and_is_paid_again(amna):
    j.until(j.advanced, amna)
    paid = held(amna)
    assert (paid["advanced"], cash()) == ("1,738.00", "48,262.00")
    failed(amna, "advance", j.PAID)
    assert ("advanced" in held(amna), cash(), j.award(amna).stage) == (False, "50,000.00", "ticketed")
    with pytest.raises(Refused, match="failed already"):
        failed(amna, "advance", j.PAID)
    j.advanced(amna)
    assert (held(amna), cash(), j.award(amna).stage) == (paid, "48,262.00", "advance-paid")
    assert sound()


def test_an_advance_that_failed_after_the_journey_is_a_part_of_the_settlement(amna):
    j.until(j.prepared, amna)
    failed(amna, "advance", j.SETTLED)
    with pytest.raises(Refused, match="The advance has changed since the settlement was prepared"):
        j.settled(amna)
    j.settled(j.prepared(amna))
    assert held(amna)["payable"] == "2,738.00"
    with pytest.raises(Refused, match="failed already"):
        failed(amna, "advance", j.SETTLED)
    assert sound()


def test_an_advance_that_was_settled_cannot_fail(amna):
    owes(amna)
    j.with_bank(amna, at=j.SETTLED)
    assert (j.award(amna).stage, j.award(amna).resumes) == ("accepted", "settled")
    with pytest.raises(Refused, match="The journey is settled already"):
        failed(amna, "advance", j.SETTLED)
    assert held(amna)["due"] == "768.00"
