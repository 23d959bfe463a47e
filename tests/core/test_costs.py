"""The cost of a journey (rules of the fund, 5)."""

from datetime import date
from decimal import Decimal

import pytest

from trustfund.core.costs import (
    MEETING,
    OTHERS,
    DatedRate,
    Given,
    allowance,
    cost_of,
    dated_rates,
    days_of_journey,
    fare,
    nights_of,
    rate_on,
    terminal,
)
from trustfund.core.refusal import Refused

USUAL = {"lodging": Decimal("0.50"), "breakfast": Decimal("0.06"), "lunch": Decimal("0.12"), "dinner": Decimal("0.12")}
NEW_YORK = [DatedRate("New York", Decimal("400.00"), date(2016, 1, 1), "example")]
TRIPS = [
    DatedRate("New York", Decimal("78.00"), date(2016, 1, 1), "example"),
    DatedRate("elsewhere", Decimal("47.00"), date(2016, 1, 1), "example"),
]


def test_the_worked_example_is_charged_2931_22():
    days = [date(2018, 3, 12), date(2018, 3, 13)]
    nights = nights_of(days, before=1, after=1)
    lines = [
        fare("Kathmandu", Decimal("1240.00"), nights[0], "quote"),
        *allowance(
            "New York", nights, NEW_YORK, factor=Decimal(1), deductions=USUAL, given={day: ["lunch"] for day in days}
        ),
        *terminal("New York", "Kathmandu", nights[0], date(2018, 3, 14), TRIPS),
    ]
    journey = cost_of(lines, [Decimal("0.13")])
    assert [str(line.usd) for line in lines] == ["1240.00", "400.00", "704.00", "156.00", "94.00"]
    assert (str(journey.total), str(journey.support), str(journey.charge)) == ("2594.00", "337.22", "2931.22")


def test_a_run_of_nights_is_rounded_once():
    rate = [DatedRate("Geneva", Decimal("333.33"), date(2016, 1, 1), "example")]
    nights = [date(2017, 5, day) for day in (7, 8, 9)]
    [line] = allowance("Geneva", nights, rate, factor=Decimal("0.75"), deductions=USUAL)
    assert str(line.usd) == "749.99"


def test_the_nights_of_the_first_round_include_the_gap_between_its_days():
    assert nights_of([date(2018, 2, 20), date(2018, 2, 22), date(2018, 2, 23)], before=1, after=0) == [
        date(2018, 2, day) for day in (19, 20, 21, 22)
    ]


def test_one_arrives_before_the_first_day_and_leaves_after_the_last():
    days = [date(2018, 2, 20), date(2018, 2, 23)]
    assert days_of_journey(days, before=1, after=0) == (date(2018, 2, 19), date(2018, 2, 23))
    assert days_of_journey(days, before=0, after=1) == (date(2018, 2, 20), date(2018, 2, 24))


def test_each_night_has_the_rate_in_force_on_it():
    rates = [*NEW_YORK, DatedRate("New York", Decimal("410.00"), date(2018, 3, 12), "example")]
    lines = allowance("New York", [date(2018, 3, 11), date(2018, 3, 12)], rates, factor=Decimal(1), deductions=USUAL)
    assert [(line.quantity, str(line.usd)) for line in lines] == [(1, "400.00"), (1, "410.00")]


def test_a_line_of_the_allowance_tells_since_when_its_rate_holds_its_factor_and_what_was_given_on_which_day():
    days = [date(2018, 3, 12), date(2018, 3, 13)]
    rates = [*NEW_YORK, DatedRate("New York", Decimal("410.00"), date(2018, 3, 13), "example")]
    first, second = allowance(
        "New York", days, rates, factor=Decimal("0.80"), deductions=USUAL, given={day: ["lunch"] for day in days}
    )
    assert [(line.since, line.factor, line.given) for line in (first, second)] == [
        (date(2016, 1, 1), Decimal("0.80"), (Given("lunch", days[0], Decimal("0.12"), MEETING),)),
        (date(2018, 3, 13), Decimal("0.80"), (Given("lunch", days[1], Decimal("0.12"), MEETING),)),
    ]
    assert (first.share, str(first.usd), str(second.usd)) == (Decimal("0.704"), "281.60", "288.64")


def test_what_the_meeting_and_others_give_is_deducted_once_as_the_meeting_s():
    day = date(2018, 3, 12)
    given, others = {day: ["lunch"]}, {day: ["dinner", "lunch"]}
    [line] = allowance("New York", [day], NEW_YORK, factor=Decimal(1), deductions=USUAL, given=given, others=others)
    assert [(one.what, one.by) for one in line.given] == [("dinner", OTHERS), ("lunch", MEETING)]
    assert str(line.usd) == "304.00"


def test_two_nights_of_which_one_loses_its_lunch_and_one_its_dinner_are_one_line_rounded_once():
    days = [date(2018, 3, 12), date(2018, 3, 13)]
    rate = [DatedRate("New York", Decimal("333.37"), date(2016, 1, 1), "example")]
    given = {days[0]: ["lunch"], days[1]: ["dinner"]}
    [line] = allowance("New York", days, rate, factor=Decimal(1), deductions=USUAL, given=given)
    assert (line.quantity, str(line.usd)) == (2, "586.73")
    assert [(one.what, one.day) for one in line.given] == [("lunch", days[0]), ("dinner", days[1])]


def test_a_change_of_rate_within_a_journey_makes_two_lines_each_rounded_once():
    rates = [
        DatedRate("New York", Decimal("333.33"), date(2016, 1, 1), "example"),
        DatedRate("New York", Decimal("444.41"), date(2018, 3, 14), "later example"),
    ]
    nights = [date(2018, 3, day) for day in (11, 12, 13, 14, 15)]
    lines = allowance("New York", nights, rates, factor=Decimal("0.75"), deductions=USUAL)
    assert [(line.day.day, line.quantity, str(line.usd), line.source) for line in lines] == [
        (11, 3, "749.99", "example"),
        (14, 2, "666.62", "later example"),
    ]


def test_a_night_without_a_rate_is_refused_by_place_and_day_and_none_is_guessed():
    rates = [DatedRate("Vienna", Decimal("262.00"), date(2018, 3, 12), "example")]
    with pytest.raises(Refused, match="no rate for Vienna on 2018-03-11"):
        allowance("Vienna", [date(2018, 3, 11), date(2018, 3, 12)], rates, factor=Decimal(1), deductions=USUAL)
    with pytest.raises(Refused, match="no rate for Geneva on 2018-03-12"):
        allowance("Geneva", [date(2018, 3, 12)], rates, factor=Decimal(1), deductions=USUAL)


def test_lodging_given_takes_the_place_s_own_share():
    rates = [DatedRate("Marrakech", Decimal("200.00"), date(2016, 1, 1), "example", lodging=Decimal("0.60"))]
    [line] = allowance(
        "Marrakech",
        [date(2018, 12, 9)],
        rates,
        factor=Decimal(1),
        deductions=USUAL,
        given={date(2018, 12, 9): ["lodging"]},
    )
    assert str(line.usd) == "80.00"


def test_what_is_given_twice_on_a_day_is_deducted_once_and_never_more_than_the_allowance():
    day = date(2018, 12, 9)

    def of(*given: str, lodging: str = "0.50") -> str:
        rates = [DatedRate("Marrakech", Decimal("200.00"), date(2016, 1, 1), "example", Decimal(lodging))]
        [line] = allowance("Marrakech", [day], rates, factor=Decimal(1), deductions=USUAL, given={day: given})
        return str(line.usd)

    assert of("lunch", "lunch") == "176.00"
    assert of("lodging", "breakfast", "lunch", "dinner", lodging="0.90") == "0.00"


def test_a_city_has_the_terminal_rate_of_elsewhere_until_it_has_its_own():
    rates = [*TRIPS, DatedRate("Geneva", Decimal("60.00"), date(2017, 6, 1), "example")]

    def at(day: date) -> list[tuple[str, str]]:
        return [(line.place, str(line.usd)) for line in terminal("Geneva", "Dakar", day, day, rates)]

    assert at(date(2017, 5, 31)) == [("Geneva", "94.00"), ("Dakar", "94.00")]
    assert at(date(2017, 6, 1)) == [("Geneva", "120.00"), ("Dakar", "94.00")]


def test_with_transport_provided_the_two_trips_at_the_venue_cost_14_each_and_those_at_home_what_they_cost():
    rates = [*TRIPS, DatedRate("transport provided", Decimal("14.00"), date(2018, 1, 1), "example")]
    day = date(2018, 3, 11)
    lines = terminal("New York", "Kathmandu", day, date(2018, 3, 14), rates, transport=True)
    assert [(line.place, line.quantity, str(line.usd), line.since) for line in lines] == [
        ("New York", 2, "28.00", date(2018, 1, 1)),
        ("Kathmandu", 2, "94.00", date(2016, 1, 1)),
    ]
    assert [[one.what for one in line.given] for line in lines] == [["transport"], []]
    with pytest.raises(Refused, match="no rate for transport provided on 2017-12-31"):
        terminal("New York", "Kathmandu", date(2017, 12, 31), day, rates, transport=True)


def test_a_terminal_rate_that_is_not_in_force_is_refused_by_the_name_of_the_city():
    with pytest.raises(Refused, match="no rate for Dakar on 2015-12-31"):
        terminal("New York", "Dakar", date(2016, 1, 1), date(2015, 12, 31), TRIPS)


def test_the_rates_of_a_mandate_are_read_with_their_source_and_their_own_share_of_lodging():
    rows = [
        {"place": "Vienna", "usd": Decimal("262.00"), "from": date(2016, 1, 1), "source": "example"},
        {
            "place": "Marrakech",
            "usd": Decimal("188.00"),
            "from": date(2016, 1, 1),
            "source": "example",
            "lodging": Decimal("0.60"),
        },
    ]
    assert dated_rates(rows) == (
        DatedRate("Vienna", Decimal("262.00"), date(2016, 1, 1), "example"),
        DatedRate("Marrakech", Decimal("188.00"), date(2016, 1, 1), "example", Decimal("0.60")),
    )


def test_a_place_without_a_rate_on_the_day_is_refused_by_name_and_day():
    with pytest.raises(Refused, match="no rate for New York on 2015-12-31"):
        rate_on(NEW_YORK, "New York", date(2015, 12, 31))
