"""What is due when, how far it is paid, and how long it is late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustfund.core.instalments import BUCKETS, MOST, Part, ageing, bucket, checked, filled, overdue_since
from trustfund.core.refusal import Refused

MAY, JUNE, JULY = date(2017, 5, 2), date(2017, 6, 2), date(2017, 7, 3)
THREE = (Part(MAY, 100), Part(JUNE, 200), Part(JULY, 300))
days = st.dates(date(2016, 1, 1), date(2020, 1, 1))
parts = st.lists(st.tuples(days, st.integers(1, 10**12)), min_size=1, max_size=MOST, unique_by=lambda one: one[0])


def test_deposits_fill_the_instalments_in_their_order():
    assert [one.paid for one in filled(THREE, 250)] == [100, 150, 0]
    assert [one.owed for one in filled(THREE, 250)] == [0, 50, 300]
    assert [one.owed for one in filled(THREE, 700)] == [0, 0, 0], "what is above all of them fills nothing"


def test_what_is_late_is_late_since_the_day_of_the_first_instalment_that_is_not_wholly_paid():
    assert overdue_since(filled(THREE, 250), JULY) == JUNE
    assert overdue_since(filled(THREE, 250), JUNE) is None, "on its day it is due and not late"
    assert overdue_since(filled(THREE, 600), date(2019, 1, 1)) is None
    assert [one.days_late(JULY) for one in filled(THREE, 250)] == [0, 31, 0]


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-1, "not-due"),
        (0, "0-90"),
        (90, "0-90"),
        (91, "91-180"),
        (180, "91-180"),
        (181, "181-365"),
        (365, "181-365"),
        (366, "over-365"),
    ],
)
def test_the_age_of_what_is_owed_is_that_of_its_bucket(days, name):
    assert bucket(days) == name
    aged = ageing(filled([Part(MAY, 7)], 2), MAY + timedelta(days=days))
    assert aged == dict.fromkeys(BUCKETS, 0) | {name: 5}


@given(parts, st.integers(0, 10**13), days)
def test_the_buckets_add_up_to_what_is_owed(rows, paid, on):
    found = filled([Part(*row) for row in sorted(rows)], paid)
    whole = sum(amount for _, amount in rows)
    assert sum(ageing(found, on).values()) == sum(one.owed for one in found) == max(whole - paid, 0)
    assert sum(one.paid for one in found) == min(paid, whole)


def test_instalments_in_a_currency_are_its_minor_units():
    assert checked([(MAY, "7"), (JUNE, "3")], 10, "JPY") == (Part(MAY, 7), Part(JUNE, 3))
    assert checked([(MAY, "0.007")], 7, "KWD") == (Part(MAY, 7),)
    assert checked([], 10, "JPY") == ()
    with pytest.raises(Refused, match="more decimals than JPY") as refused:
        checked([(MAY, "7.5")], 10, "JPY")
    assert refused.value.field == "instalments"
