"""What a run of the first round may spend, from which money, and what it holds for its seats."""

import json
from decimal import Decimal

import pytest

from tests import builders as b
from tests import seats
from tests.operations.selecting import taken
from trustfund.core.money import major
from trustfund.core.refusal import SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.record import pots
from trustfund.operations import allotments, applications, proposals
from trustfund.operations.candidates import earlier_seats
from trustfund.operations.meetings import frame_of

pytestmark = pytest.mark.usefixtures("office")
RESERVE = Decimal("0.15")
on_both = pytest.mark.usefixtures("both_apps")


def spendable(day, earmark=""):
    db.session.rollback()
    return pots(db.session(), RESERVE, day)[earmark].spendable


def charges(reference, *states):
    return sum(major(p.charge, "USD") for p in seats.places(reference) if not states or p.state in states)


@on_both
def test_a_kept_run_holds_the_money_of_its_seats_until_their_term_and_no_longer(four):
    before = spendable(b.date(2018, 1, 23))
    kept = seats.kept(seats.previewed())
    asked = charges(kept)
    assert taken(kept) == {"": asked}
    assert spendable(b.date(2018, 1, 23)) == spendable(b.date(2018, 2, 2)) == before - asked
    assert spendable(b.date(2018, 2, 3)) == before


def test_a_run_may_use_what_is_left_of_the_allotment(office):
    seats.allotted("5000.00")
    seats.delegate("Amna", "SDN")
    seats.delegate("Bikash", "NPL")
    seats.closed()
    kept = seats.kept(seats.previewed())
    record_ = json.loads(seats.run(kept).text)
    assert (record_["spendable"], sorted(seats.outcomes(kept).values())) == ("5000.00", ["proposed", "waiting"])
    later = json.loads(seats.run(seats.previewed(at=seats.THE_DAY_AFTER)).text)
    assert later["spendable"] == f"{Decimal('5000.00') - Decimal(record_['spent'])}"


def test_a_run_may_use_what_is_spendable_where_that_is_less_than_the_allotment(office):
    seats.allotted("190000.00")
    seats.closed()
    assert json.loads(seats.run(seats.previewed()).text)["spendable"] == f"{spendable(b.date(2018, 1, 23))}"


@on_both
def test_earmarked_money_is_used_first_and_money_for_travel_before_free_money(office):
    """2,300.00 are 2,000.00 and a reserve: so much is tied to LDCs, to the round, and to travel."""
    for n, earmark in enumerate(("category:LDC", "meeting:N1", "meeting:N2", "travel", "category:LLDC/SIDS")):
        seats.paid_in("2300.00", earmark, bank=f"E-{n}")
    seats.allotted()
    seats.delegate("Amna", "SDN")
    seats.delegate("Bikash", "NPL")
    seats.delegate("Rosa", "GHA")
    seats.closed()
    kept = seats.kept(seats.previewed())
    tied = json.loads(seats.run(kept).text)["earmarked"]
    assert tied == [{"category": "LDC", "amount": "2000.00"}, {"category": None, "amount": "2000.00"}]
    two_thousand = Decimal("2000.00")
    assert taken(kept) == {
        "category:LDC": two_thousand,
        "meeting:N1": two_thousand,
        "travel": two_thousand,
        "": charges(kept) - 3 * two_thousand,
    }


def test_money_tied_to_a_category_fills_the_allotment_only_as_far_as_the_category_asks(office):
    seats.paid_in("115000.00", "category:LDC", bank="E-1")
    seats.allotted("9000.00")
    seats.delegate("Amna", "SDN")
    seats.delegate("Kofi", "GHA")
    seats.closed()
    assert seats.outcomes(seats.previewed()) == {"SDN": "proposed", "GHA": "proposed"}


@on_both
def test_a_later_run_holds_the_seats_of_the_first_and_needs_two_officers(office):
    seats.allotted("5000.00")
    seats.delegate("Amna", "SDN")
    seats.delegate("Bikash", "NPL")
    seats.closed()
    first = seats.kept(seats.previewed())
    proposed = [p.state for p in seats.places(first) if p.outcome == "proposed"]
    second = seats.previewed()
    with pytest.raises(SeparationOfDuties, match="later run"):
        seats.kept(second)
    with seats.on(seats.THE_DAY):
        made = proposals.propose(
            "allotment.changed",
            subject="N1",
            content={"amount": "9000.00", "basis": "decided", "document": "Advice 2"},
            reason="New money.",
            by=seats.who("Rafael"),
            at=seats.THE_DAY,
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=seats.THE_DAY)
    third = seats.kept_by_two(seats.previewed(at=seats.THE_DAY_AFTER))
    assert seats.outcomes(third) == {proposed[0]: "held", {"SDN": "NPL", "NPL": "SDN"}[proposed[0]]: "proposed"}
    assert seats.run(third).run == 2
    assert seats.annex(third)["since"] == {"run": 1, "held": 1, "proposed": 1, "new": 0, "gone": 0}
    assert taken(third) == {"": charges(third, *set(seats.outcomes(third)) - set(proposed))}


@on_both
def test_a_seat_that_its_delegate_gave_back_frees_the_allotment_and_counts_nowhere():
    """Sudan's delegate withdraws after the run: a second run can use the money, later meetings do not count it."""
    seats.allotted("6500.00")
    amna = seats.delegate("Amna Eltayeb", "SDN")
    seats.closed()
    seats.kept(seats.previewed())
    taken = allotments.used(db.session(), "N1", seats.THE_DAY.date())
    with seats.on(seats.THE_DAY_AFTER):
        one = seats.application(amna)
        applications.withdraw(one.reference, seen=one.seq, by=one.account.reference, at=seats.THE_DAY_AFTER)
        db.session.rollback()
        n2 = frame_of(db.session(), "N2", seats.THE_DAY_AFTER.date())
        assert earlier_seats(db.session(), n2, seats.THE_DAY_AFTER) == {}
    assert taken > 0
    assert allotments.used(db.session(), "N1", seats.THE_DAY.date()) == 0
