"""Whose money brought whom: delegates and their days in tenths, adding up at every meeting."""

from hypothesis import given, settings
from hypothesis import strategies as st

from trustfund.core.delegate_days import Journey, Seats, dealt, seats

BEARERS = {"": {"LUX": 600, "FIJ": 400}, "category:LDC": {"NOR": 50}}


def journey(meeting: str = "N1", ldc: bool = False, days: int = 3, **parts: int) -> Journey:
    return Journey(meeting, ldc, days, parts or {"": 3000})


def test_a_delegate_is_of_those_who_bear_what_the_journey_used():
    nepal = Journey("N1", True, 3, {"category:LDC": 2000, "": 1000})
    there = seats([nepal, journey(), journey("N2", days=5)], BEARERS)
    assert there == {
        "LUX": {"N1": Seats(delegates=8, ldc=2, days=24), "N2": Seats(delegates=6, days=30)},
        "FIJ": {"N1": Seats(delegates=5, ldc=1, days=16), "N2": Seats(delegates=4, days=20)},
        "NOR": {"N1": Seats(delegates=7, ldc=7, days=20)},
    }


def test_a_journey_of_which_the_books_say_nothing_falls_to_the_free_money():
    assert seats([Journey("N1", False, 1, {})], BEARERS) == {
        "LUX": {"N1": Seats(6, 0, 6)},
        "FIJ": {"N1": Seats(4, 0, 4)},
    }


def test_who_gave_a_hundredth_gets_something_of_many_meetings_and_not_of_every_one():
    given_ = dealt([10] * 40, {"large": 990, "small": 10})
    assert sum(parts.get("small", 0) for parts in given_) == 4
    assert {sum(parts.values()) for parts in given_} == {10}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 500), max_size=12),
    st.dictionaries(st.integers(0, 9), st.integers(1, 10**9), min_size=1, max_size=10),
)
def test_every_total_is_dealt_whole_and_everybody_gets_the_share_rounded_down_or_up(totals, weights):
    whole = sum(weights.values())
    for total, parts in zip(totals, dealt(totals, weights), strict=True):
        assert sum(parts.values()) == total
        for who, weight in weights.items():
            assert 0 <= parts.get(who, 0) - total * weight // whole <= (total * weight % whole > 0)
