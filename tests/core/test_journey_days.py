"""What is planned to be paid day by day adds up to the lines of the cost, to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.core.mandates import MANDATE, with_setting
from trustfund.core.costs import DatedRate, dated_rates
from trustfund.core.journey_days import planned_days

DSA, TERMINAL = dated_rates(MANDATE.setting("dsa_rates")), dated_rates(MANDATE.setting("terminal_rates"))


def planned(meeting="N2", settings=MANDATE.setting, dsa=DSA, **given):
    return planned_days(MANDATE.meeting(meeting), "", settings, dsa, TERMINAL, **given)


def rows(found):
    return [(f"{d.day:%d %b}", d.arrives, d.meets, d.leaves, str(d.allowance), str(d.terminal)) for d in found.days]


def test_the_second_round_is_paid_by_night_with_two_trips_at_each_end_and_the_new_rate_of_the_last_night():
    found = planned()
    assert rows(found) == [
        ("11 Mar", True, False, False, "384.00", "101.00"),
        ("12 Mar", False, True, False, "384.00", "0.00"),
        ("13 Mar", False, True, False, "384.00", "0.00"),
        ("14 Mar", False, True, False, "391.00", "0.00"),
        ("15 Mar", False, True, True, "0.00", "101.00"),
    ]
    assert str(found.usd) == str(sum(d.usd for d in found.days)) == str(found.advance) == "1745.00"


def test_a_night_without_a_meeting_is_paid_and_said_to_be_one():
    assert [d.meets for d in planned("N1").days] == [False, True, False, True, True]


def test_three_nights_at_333_33_and_three_quarters_are_749_99_and_the_days_add_up_to_it():
    dsa = [DatedRate("New York", Decimal("333.33"), date(2016, 1, 1), "example")]
    meeting = replace(MANDATE.meeting("N2"), days=(date(2018, 3, 12), date(2018, 3, 13), date(2018, 3, 14)))
    found = planned_days(meeting, "", MANDATE.setting, dsa, TERMINAL, factor=Decimal("0.75"))
    assert [str(d.allowance) for d in found.days] == ["250.00", "250.00", "249.99", "0.00"]
    assert sum(d.usd for d in found.days) == found.usd


def test_what_the_meeting_gives_lowers_the_night_of_its_day_and_the_advance_is_the_share_of_the_mandate():
    found = planned(
        given={date(2018, 3, 12): ["lunch"]}, transport=True, settings=with_setting(advance_share=Decimal("0.75"))
    )
    assert [str(d.allowance) for d in found.days[:3]] == ["384.00", "337.92", "384.00"]
    assert [one.what for one in found.days[1].given] == ["lunch"]
    assert str(found.days[0].terminal) == "49.00"  # 11 where transport is provided, 38 at home
    assert found.advance == (found.usd * 3 / 4).quantize(Decimal("0.01"))
