"""A seat becomes a journey: accepted, certified, approved, paid, travelled, settled, every cent where it belongs."""

import pytest

from tests import journeys as j
from trustfund.operations import record


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
