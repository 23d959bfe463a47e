"""How far the money reaches, meeting by meeting, and where it ends."""

from datetime import date
from decimal import Decimal

from trustfund.core.forecast import Planned, first_short, forecast, paid_before

NIL = Decimal("0.00")


def usd(amount: int) -> Decimal:
    return Decimal(amount).quantize(NIL)


def planned(code: str, need: int, month: int) -> Planned:
    return Planned(code, date(2018, month, 20), usd(need))


ROUNDS = [planned("N2", 100_000, 3), planned("N3", 60_000, 4), planned("N4", 50_000, 5)]


def told(steps) -> list[tuple[str, Decimal, Decimal, Decimal, Decimal]]:  # type: ignore[no-untyped-def]
    return [(s.meeting.code, s.together, s.paid, s.missing, s.left) for s in steps]


def test_each_meeting_is_paid_in_turn_and_what_is_left_falls():
    steps = forecast(ROUNDS, {"": usd(230_000)})
    assert told(steps) == [
        ("N2", usd(100_000), usd(100_000), NIL, usd(130_000)),
        ("N3", usd(160_000), usd(60_000), NIL, usd(70_000)),
        ("N4", usd(210_000), usd(50_000), NIL, usd(20_000)),
    ]
    assert first_short(steps) is None
    assert paid_before(steps) == steps[-1]


def test_the_first_meeting_without_enough_money_is_named_with_what_it_lacks():
    steps = forecast(ROUNDS, {"": usd(130_000)})
    short = first_short(steps)
    assert short is not None
    assert (short.meeting.code, short.paid, short.missing, short.left) == ("N3", usd(30_000), usd(30_000), NIL)
    before = paid_before(steps)
    assert before is not None
    assert before.meeting.code == "N2"
    assert steps[-1].missing == usd(50_000)


def test_where_the_first_meeting_cannot_be_paid_none_is_before_it():
    steps = forecast(ROUNDS, {"": usd(99_999)})
    assert paid_before(steps) is None
    assert first_short(steps) == steps[0]


def test_the_order_is_that_of_the_days_not_of_the_list():
    assert [s.meeting.code for s in forecast(reversed(ROUNDS), {})] == ["N2", "N3", "N4"]


def test_money_tied_to_a_meeting_pays_it_first_and_no_other():
    steps = forecast(ROUNDS, {"": usd(120_000), "meeting:N3": usd(70_000)})
    assert [(s.missing, s.left) for s in steps] == [
        (NIL, usd(90_000)),
        (NIL, usd(30_000)),  # 10,000 stay tied to N3
        (usd(30_000), usd(10_000)),
    ]


def test_money_for_travel_or_a_category_is_used_before_what_is_free():
    steps = forecast(ROUNDS[:1], {"": usd(60_000), "travel": usd(30_000), "category:LDC": usd(20_000)})
    assert told(steps) == [("N2", usd(100_000), usd(100_000), NIL, usd(10_000))]


def test_a_pot_that_is_overdrawn_pays_nothing_and_stays_so():
    (step,) = forecast(ROUNDS[:1], {"": usd(-5_000), "travel": usd(100_000)})
    assert (step.missing, step.left) == (NIL, usd(-5_000))


def test_without_a_meeting_ahead_nothing_is_short():
    assert forecast([], {"": usd(1)}) == ()
    assert first_short([]) is None
    assert paid_before([]) is None
