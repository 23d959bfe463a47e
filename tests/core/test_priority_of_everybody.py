"""Who is funded first: what holds for every record, whoever applied and whatever the mandate lists."""

from itertools import zip_longest

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.random_records import CATEGORIES, DEFAULT_PRIORITY, DEFAULT_STEPS, record_by
from trustfund.core.selection import decided

RECORDS = st.randoms(use_true_random=False).map(lambda chance: record_by(chance, at_most=14))
CHANCE = st.randoms(use_true_random=False)
usual = settings(deadline=None, max_examples=60)


@given(RECORDS, CHANCE)
@usual
def test_the_order_of_the_input_does_not_matter(record, chance):
    shuffled = {**record, "candidates": chance.sample(record["candidates"], len(record["candidates"]))}
    assert decided(shuffled).text() == decided(record).text()


@given(RECORDS)
@usual
def test_positions_have_no_gaps_and_everybody_stands_once(record):
    result = decided(record).as_data()["result"]
    assert [row["position"] for row in result] == list(range(1, len(result) + 1))
    assert sorted(row["reference"] for row in result) == sorted(one["reference"] for one in record["candidates"])


@given(RECORDS)
@usual
def test_every_reason_is_a_criterion_of_the_mandate_and_only_held_seats_and_the_last_have_none(record):
    result = decided(record).as_data()["result"]
    held = {one["reference"] for one in record["candidates"] if "held" in one}
    for row, following in zip_longest(result, result[1:]):
        if row["reference"] in held or following is None:
            assert row["ahead_of_next_by"] is None
        elif row["outcome"] != "over-quota" and following["outcome"] == "over-quota":
            assert row["ahead_of_next_by"] == "over-quota"
        else:
            assert row["ahead_of_next_by"] in record["rules"]["priority"]


@given(RECORDS, CHANCE)
@usual
def test_an_ldc_candidate_within_the_step_table_never_falls_behind_an_otherwise_equal_one(record, chance):
    """A State like an LDC in all but its category: its n-th stands behind the LDC's n-th and has no seat before."""
    without_held = [{key: value for key, value in one.items() if key != "held"} for one in record["candidates"]]
    ldc = [{**one, "category": "LDC"} for one in without_held if one["state"] == "AAA"]
    category = chance.choice([other for other in CATEGORIES if other != "LDC"])
    twin = [{**one, "reference": f"{one['reference']}-twin", "state": "TWN", "category": category} for one in ldc]
    others = [one for one in without_held if one["state"] != "AAA"]
    places = decided(
        {
            **record,
            "candidates": [*others, *ldc, *twin],
            "rules": {
                "priority": DEFAULT_PRIORITY,
                "steps": DEFAULT_STEPS,
                "when_cash_falls_short": "same-step",
                "seed": "example",
            },
        }
    )
    outcomes = dict(zip([(p.candidate.state, p.n) for p in places.places], places.allocation.outcomes, strict=True))
    at = {(p.candidate.state, p.n): position for position, p in enumerate(places.places)}
    for n in range(1, min(len(ldc), 2) + 1):
        assert at["AAA", n] < at["TWN", n]
        assert (outcomes["AAA", n], outcomes["TWN", n]) != ("waiting", "proposed")
