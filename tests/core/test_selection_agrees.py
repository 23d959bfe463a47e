"""The product's selection is that of an implementation written from the rules alone, whatever the input order."""

import random

import pytest

from tests.core.naive_selection import canonical, decide
from tests.core.random_records import record_of
from trustfund.core.selection import decided


@pytest.mark.parametrize("hundred", range(5))
def test_a_hundred_records_are_decided_to_the_same_bytes_in_any_order_of_their_candidates(hundred):
    for number in range(100 * hundred, 100 * hundred + 100):
        record = record_of(number)
        expected = canonical(decide(record))
        random.Random(number).shuffle(record["candidates"])
        assert decided(record).text().encode() == expected + b"\n", f"record_of({number})"


def test_the_records_have_every_outcome_and_every_reason():
    rows = [row for number in range(100) for row in decide(record_of(number))["result"]]
    assert {row["outcome"] for row in rows} == {"held", "proposed", "waiting", "over-quota"}
    assert {row["ahead_of_next_by"] for row in rows} == {
        None,
        "over-quota",
        "step",
        "on-time",
        "least-funded-state",
        "regional-balance",
        "gender-balance",
        "earliest-complete",
        "draw",
        "seat-of-state",
        "country-category",
    }
