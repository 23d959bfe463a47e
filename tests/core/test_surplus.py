"""Whether money is left for the preparations: known sums, every failing test told, and by how much."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from trustfund.core import surplus

TODAY = date(2018, 1, 24)
QUIET = surplus.Facts(
    without_seat={"N2": 0},
    undecided={"N2": 0},
    spendable=Decimal("50000.00"),
    allotted=Decimal("20000.00"),
    needed=Decimal("17000.00"),
    changed_on=None,
    days_unchanged=30,
)
"""50,000 to spend, of which 20,000 is allotted and 17,000 needed: 13,000 is left."""


def failing(facts: surplus.Facts, charge: str = "13000.00") -> dict[str, str]:
    return {one.code: str(one) for one in surplus.tests_of(facts, Decimal(charge), TODAY) if not one.holds}


def test_the_surplus_is_what_is_spendable_less_allotments_and_needs_ahead():
    assert QUIET.surplus == Decimal("13000.00")


def test_an_activity_that_takes_the_last_cent_of_the_surplus_fits():
    assert failing(QUIET) == {}


def test_one_cent_more_is_refused_by_that_cent():
    told = failing(QUIET, "13000.01")
    assert list(told) == ["within-the-surplus"]
    assert told["within-the-surplus"].endswith(
        "20000.00 is allotted and 17000.00 needed for meetings ahead: 0.01 is missing."
    )


def test_without_an_amount_the_question_is_whether_anything_is_left():
    def fits(facts: surplus.Facts) -> surplus.Test:
        return surplus.tests_of(facts, None, TODAY)[2]

    assert str(fits(QUIET)).startswith("Of 50000.00 USD not earmarked, 13000.00 is left")
    assert not fits(replace(QUIET, spendable=Decimal("37000.00"))).holds
    assert str(fits(replace(QUIET, spendable=Decimal("36000.00")))).endswith("nothing is left, and 1000.00 is missing.")


def test_where_more_is_promised_than_there_is_even_nothing_does_not_fit():
    told = failing(replace(QUIET, spendable=Decimal("36000.00")), "0.00")
    assert told["within-the-surplus"].endswith("1000.00 is missing.")


def test_who_is_without_a_seat_is_counted_by_meeting():
    told = failing(replace(QUIET, without_seat={"N1": 0, "N2": 3, "N3": 1}))
    assert told == {
        "no-one-without-a-seat": "Eligible applications without a seat: 4 (N2: 3, N3: 1). Journeys come first."
    }


def test_who_is_not_decided_yet_may_need_a_seat():
    told = failing(replace(QUIET, undecided={"N2": 2}))
    assert list(told) == ["all-decided"]
    assert "2 (N2: 2)" in told["all-decided"]


@pytest.mark.parametrize(
    ("changed", "holds"), [(date(2017, 12, 25), True), (date(2017, 12, 26), False), (TODAY, False)]
)
def test_a_setting_stands_for_thirty_days_before_it_makes_a_surplus(changed: date, holds: bool):
    told = failing(replace(QUIET, changed_on=changed))
    assert (told == {}) == holds


def test_it_is_told_when_the_setting_changed_and_when_it_may_be_used():
    told = failing(replace(QUIET, changed_on=date(2018, 1, 10)))
    assert told == {
        "settings-unchanged": "A setting used here changed on 2018-01-10. It must stand for 30 days, until 2018-02-09."
    }


def test_all_that_fails_is_told_at_once_and_each_test_has_its_authority():
    bad = replace(QUIET, without_seat={"N2": 1}, undecided={"N2": 1}, changed_on=TODAY)
    assert list(failing(bad, "99999.00")) == [
        "no-one-without-a-seat",
        "all-decided",
        "within-the-surplus",
        "settings-unchanged",
    ]
    assert [one.authority for one in surplus.tests_of(bad, Decimal(0), TODAY)] == [
        *["A/RES/71/280, para. 31"] * 3,
        "fund practice",
    ]
