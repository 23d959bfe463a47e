"""A seat becomes a journey: accepted, certified, approved, paid, travelled, settled, and every cent is where it belongs."""

from decimal import Decimal

import pytest

from tests import journeys as j
from trustfund.extensions import db
from trustfund.operations import clockwork, record
from trustfund.operations.award_deeds import books


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
