"""What a journey and a meeting are planned to cost with the mandate's example figures, and days that are planned."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.core.mandates import MANDATE, with_setting
from trustfund.core.calendar import CallDates, call_of, selection_day
from trustfund.core.costs import DatedRate, dated_rates
from trustfund.core.countries import STATES, SUBREGIONS, state
from trustfund.core.country_amendments import amendment
from trustfund.core.country_status import category_on
from trustfund.core.planning import PLANNING_FARE, planned_cost, planned_need, planning_fare
from trustfund.core.refusal import Refused
from trustfund.core.working_days import working_day_from, working_days_after

DSA, TERMINAL = dated_rates(MANDATE.setting("dsa_rates")), dated_rates(MANDATE.setting("terminal_rates"))


def planned(iso3="NPL", meeting="N1", city="Kathmandu", settings=MANDATE.setting, fees=MANDATE.fees, dsa=DSA):
    to = MANDATE.meeting(meeting) if isinstance(meeting, str) else meeting
    return planned_cost(to, state(iso3), city, settings, fees, dsa, TERMINAL)


def needed(meeting="N1", settings=MANDATE.setting, **known):
    return planned_need(MANDATE.meeting(meeting), settings, MANDATE.fees, DSA, TERMINAL, **known)


def lines(cost):
    return [(line.kind, line.place, f"{line.day:%d %b}", line.quantity, str(line.usd)) for line in cost.lines]


# A journey


def test_a_delegate_of_nepal_to_the_first_round_is_planned_with_fare_four_nights_and_four_trips():
    cost = planned()
    assert lines(cost) == [
        ("fare", "Kathmandu", "19 Feb", 1, "1320.00"),
        ("allowance", "New York", "19 Feb", 4, "1536.00"),  # the night of the 21st, without a meeting, is one of them
        ("terminal", "New York", "19 Feb", 2, "126.00"),
        ("terminal", "Kathmandu", "23 Feb", 2, "76.00"),
    ]
    assert (str(cost.total), str(cost.support), str(cost.charge)) == ("3058.00", "397.54", "3455.54")
    assert cost.lines[0].source == PLANNING_FARE
    assert {line.source for line in cost.lines[1:]} == {"example"}


def test_in_the_second_round_the_rate_changes_and_the_nights_are_two_runs():
    assert [line for line in lines(planned(meeting="N2")) if line[0] == "allowance"] == [
        ("allowance", "New York", "11 Mar", 3, "1152.00"),
        ("allowance", "New York", "14 Mar", 1, "391.00"),
    ]


def test_the_days_before_and_after_and_the_factor_are_those_of_the_mandate():
    cost = planned(
        settings=with_setting(arrive_days_before=2, leave_days_after=1, dsa_factor=Decimal("0.75")), meeting="T5"
    )
    assert lines(cost)[1:] == [
        ("allowance", "Vienna", "02 Sep", 4, "786.00"),
        ("terminal", "Vienna", "02 Sep", 2, "76.00"),
        ("terminal", "Kathmandu", "06 Sep", 2, "76.00"),
    ]


def test_one_who_lives_in_a_city_with_a_terminal_rate_of_its_own_has_that():
    assert lines(planned(meeting="T5", city="New York"))[-1] == ("terminal", "New York", "05 Sep", 2, "126.00")


def test_support_cost_is_that_of_every_fee_of_expenditure_in_force_on_the_first_day():
    (usual,) = MANDATE.fees
    first = MANDATE.meeting("N1").first_day
    other = replace(usual, code="other", rate=Decimal("0.07"), start=first)
    ended = replace(usual, code="ended", rate=Decimal("0.50"), end=first)
    of_deposits = replace(usual, code="agent", rate=Decimal("0.01"), base="deposit")
    assert str(planned(fees=[ended, of_deposits, other]).support) == "214.06"
    assert str(planned(fees=[usual, other]).support) == "611.60"
    assert planned(fees=[]).support == 0


def test_a_fare_that_the_fund_has_not_planned_is_refused_with_subregion_city_and_day():
    with pytest.raises(Refused) as refused:
        planned("NOR")
    assert str(refused.value) == (
        "There is no planning fare from Northern Europe to New York on 2018-02-19. "
        "Enter the one in force on that day first."
    )


def test_an_allowance_that_is_not_known_is_refused_with_place_and_day():
    later = [DatedRate("New York", Decimal("400.00"), date(2018, 2, 20), "example")]
    with pytest.raises(Refused, match="There is no rate for New York on 2018-02-19"):
        planned(dsa=later)


def test_a_planning_fare_holds_from_its_day_until_the_next():
    rows = [
        {"subregion": "Southern Asia", "venue": "Geneva", "usd": Decimal(usd), "from": date.fromisoformat(day)}
        for usd, day in (("950.00", "2017-06-01"), ("900.00", "2016-06-01"))
    ]
    settings = with_setting(planning_fares=rows)
    assert [planning_fare("Southern Asia", "Geneva", date(2017, *day), settings) for day in ((5, 31), (6, 1))] == [
        Decimal("900.00"),
        Decimal("950.00"),
    ]
    with pytest.raises(Refused, match="from Southern Asia to Geneva on 2016-05-31"):
        planning_fare("Southern Asia", "Geneva", date(2016, 5, 31), settings)


def test_the_example_fares_take_a_delegate_of_every_developing_state_to_every_meeting():
    homes = {
        one.subregion
        for one in STATES.values()
        for day in (date(2016, 1, 1), date(2018, 12, 10))
        if category_on(one, day, MANDATE.setting) != "none"
    }
    venues = {meeting.city for meeting in MANDATE.meetings}
    rows = MANDATE.setting("planning_fares")
    assert venues == {"New York", "Geneva", "Vienna", "Puerto Vallarta", "Marrakech"}
    assert homes < SUBREGIONS
    assert {(row["subregion"], row["venue"]) for row in rows} == {(home, venue) for home in homes for venue in venues}
    assert {row["from"] for row in rows} == {date(2016, 1, 1)}
    assert all(row["usd"] == int(row["usd"]) > 0 for row in rows)


def test_example_rates_exist_for_every_meeting_from_2016_on_and_are_called_examples():
    venues = {meeting.city for meeting in MANDATE.meetings}
    assert {rate.place for rate in DSA if rate.start == date(2016, 1, 1)} == venues
    assert {rate.source for rate in DSA} == {"example"}
    assert [(str(rate.usd), rate.source) for rate in TERMINAL if rate.place == "New York"] == [
        ("63.00", "example"),
        ("78.00", "ST/IC/2019/16/Amend.1"),
    ]
    for code in ("dsa_rates", "terminal_rates", "planning_fares"):
        assert "example figures" in MANDATE.settings[code].authority
    for meeting in MANDATE.meetings:
        assert planned(meeting=meeting.code).charge > 1000


# A meeting


def test_a_meeting_is_planned_to_need_its_seats_times_the_mean_charge():
    charges = [
        planned(one.iso3, "P2", one.names["en"]).charge
        for one in STATES.values()
        if category_on(one, date(2017, 12, 4), MANDATE.setting) != "none" and one.iso3 != "MEX"
    ]
    assert len(charges) == 149
    assert needed("P2") == (24 * sum(charges) / 149).quantize(Decimal("0.01"))


def test_half_a_cent_is_rounded_up_once_at_the_end():
    two = {"NPL": Decimal("100.00"), "LAO": Decimal("100.01")}  # of two subregions
    only = with_setting(planned_seats=1)
    fares = {iso3: SimpleNamespace(charge=usd) for iso3, usd in two.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trustfund.core.planning.STATES", {iso3: state(iso3) for iso3 in two})
        patch.setattr("trustfund.core.planning.planned_cost", lambda meeting, home, *rest: fares[home.iso3])
        assert [str(needed(settings=only)), str(needed(settings=with_setting(planned_seats=2)))] == ["100.01", "200.01"]


def test_the_host_state_counts_only_where_it_may_have_a_seat():
    assert needed("C") != needed("C", with_setting(host_state_funded=True))
    assert needed("N1") == needed("N1", with_setting(host_state_funded=True))  # the United States are not developing


def test_states_out_of_scope_do_not_count():
    assert needed() != needed(settings=with_setting(admitted_with_flag=()))


def test_an_amendment_that_makes_a_state_developing_changes_what_is_needed():
    made = amendment(
        "MLT", "ldc_from", "2018-01-01", document="A/72/1", effective=date(2018, 1, 1), recorded_on=date(2018, 1, 10)
    )
    assert needed(amendments=[made]) != needed()
    assert needed(amendments=[made], known_on=date(2018, 1, 9)) == needed()


def test_where_no_state_may_have_a_seat_nothing_is_needed(monkeypatch):
    monkeypatch.setattr("trustfund.core.planning.STATES", {"NOR": state("NOR")})
    assert needed() == 0


# Days that the calls name


@pytest.mark.parametrize(
    ("meeting", "day"),
    [
        ("N1", "2018-01-23"),  # closed on Saturday 6 January
        ("H4", "2018-01-24"),
        ("N2", "2018-02-12"),  # the 12th is a Monday
        ("T1", "2017-05-03"),  # its call is dated: closed on 16 April
        ("N3", "2018-03-06"),  # closed on Saturday 17 February
    ],
)
def test_the_first_run_is_kept_17_days_after_the_call_closed(meeting, day):
    assert selection_day(MANDATE.meeting(meeting), MANDATE.setting) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("days", "day"), [(13, "2018-01-19"), (14, "2018-01-22"), (15, "2018-01-22"), (16, "2018-01-22")]
)
def test_a_run_that_would_fall_on_a_weekend_is_kept_on_the_monday(days, day):
    n1, settings = MANDATE.meeting("N1"), with_setting(selection_days_after_closing=days)
    assert selection_day(n1, settings) == date.fromisoformat(day)


def test_the_days_are_counted_from_the_day_of_closing_in_the_zone_of_the_call():
    n1 = MANDATE.meeting("N1")
    closes = datetime.fromisoformat("2018-01-08T01:00:00")  # in Tokyo; in New York it is the 7th
    dated = replace(
        n1, call=CallDates(datetime.fromisoformat("2017-12-01T00:00"), closes, "Asia/Tokyo", "fund practice")
    )
    assert call_of(dated, MANDATE.setting).closes == datetime(2018, 1, 7, 16, tzinfo=UTC)
    assert selection_day(dated, MANDATE.setting) == date(2018, 1, 25)


def test_every_first_run_comes_after_the_closing_and_before_the_meeting():
    for meeting in MANDATE.meetings:
        day = selection_day(meeting, MANDATE.setting)
        assert call_of(meeting, MANDATE.setting).closes.date() < day < meeting.first_day
        assert day.weekday() < 5


# Working days


@pytest.mark.parametrize(
    ("day", "n", "last"),
    [
        ("2018-01-24", 5, "2018-01-31"),  # Wednesday to Wednesday
        ("2018-01-26", 1, "2018-01-29"),  # Friday to Monday
        ("2018-01-27", 1, "2018-01-29"),  # from a Saturday
        ("2018-01-28", 5, "2018-02-02"),  # from a Sunday
        ("2018-01-22", 4, "2018-01-26"),  # Monday to Friday
        ("2018-01-22", 10, "2018-02-05"),
        ("2018-01-27", 0, "2018-01-27"),
    ],
)
def test_working_days_are_monday_to_friday_and_the_first_day_does_not_count(day, n, last):
    assert working_days_after(date.fromisoformat(day), n) == date.fromisoformat(last)


def test_holidays_are_not_counted_out():
    assert working_days_after(date(2017, 12, 22), 2) == date(2017, 12, 26)


def test_a_weekend_ends_with_its_monday():
    assert [working_day_from(date(2018, 1, day)).day for day in (26, 27, 28, 29)] == [26, 29, 29, 29]


# What the call names


def test_the_mandate_names_a_public_value_that_nobody_knows_before_the_deadline():
    value = MANDATE.setting("draw_value")
    assert set(value) == {"en", "fr"}
    assert value["en"] == (
        "the euro foreign exchange reference rate of the US dollar that the European Central Bank publishes for the "
        "first working day after the deadline, written with its four decimals, for example 1.2288"
    )
    assert "1.2288" in value["fr"]
    assert (MANDATE.setting("planned_seats"), MANDATE.setting("days_to_answer_offer")) == (24, 10)
