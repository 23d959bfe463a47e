"""A seat becomes a journey: accepted, certified, approved, paid, travelled, settled, every cent where it belongs."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests import journeys as j
from tests import seats
from trustfund.core.costs import MEETING, Given
from trustfund.core.verifier import canonical
from trustfund.operations import journeys, record
from trustfund.operations.allowances import record_provision


@pytest.fixture
def amna(both_apps):
    j.fund()
    return j.seated(("Amna Eltayeb", "SDN"), ("Bikash Thapa", "NPL"))[0]


def test_a_journey_from_the_proposed_seat_to_the_closed_award(amna):
    for step in j.STEPS:
        step(amna)
    kept = j.award(amna)
    assert kept.stage == "closed"
    assert record.verify().faults == []


def test_a_certified_cost_keeps_since_when_its_rates_hold_its_factor_and_what_was_given(amna):
    with seats.on(j.OFFERED):
        given, by = {"2018-02-20": ["lunch"]}, seats.who("Ines")
        record_provision("N1", factor="0.8", transport=True, given=given, seen_number=0, by=by, at=j.OFFERED)
    j.until(j.certified, amna)
    kept = j.award(amna).lines
    cost = journeys.read(kept)
    assert journeys.lines_text(cost) == kept
    _, arrival, lunch, *_ = cost.lines
    venue, home = (line for line in cost.lines if line.kind == "terminal")
    assert (arrival.since, arrival.factor, arrival.given) == (date(2018, 2, 1), Decimal("0.8"), ())
    assert lunch.given == (Given("lunch", date(2018, 2, 20), Decimal("0.12"), MEETING),)
    assert [one.what for one in venue.given] == ["transport"]
    assert (home.since, home.factor, home.given) == (date(2016, 1, 1), None, ())


def test_a_cost_that_was_kept_before_lines_told_so_reads_as_it_was_kept(amna):
    j.until(j.certified, amna)
    kept = json.loads(j.award(amna).lines)
    old = canonical({**kept, "lines": [{k: v for k, v in row.items() if k in OLD} for row in kept["lines"]]})
    cost = journeys.read(old)
    assert {(line.since, line.factor, line.given) for line in cost.lines} == {(None, None, ())}
    assert cost.charge == journeys.read(j.award(amna).lines).charge
    assert journeys.lines_text(cost) == old


OLD = {"kind", "place", "day", "quantity", "rate", "share", "source", "usd"}
