"""The meetings of the process and their calls."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.mandates import dated
from trustfund.core.calendar import Change, call_of, stage_of
from trustfund.core.countries import STATES
from trustfund.core.refusal import NotHere

DEMONSTRATION = datetime(2018, 1, 24, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def days(meeting):
    return [f"{day:%d %b %Y}" for day in meeting.days]


def local(at, zone):
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


# What took place


@pytest.mark.parametrize(
    ("code", "city", "first", "last", "paragraph"),
    [
        ("T1", "Geneva", "08 May 2017", "09 May 2017", "15 (a) (i)"),
        ("T2", "New York", "22 May 2017", "23 May 2017", "15 (b) (ii)"),
        ("T3", "Geneva", "19 Jun 2017", "20 Jun 2017", "15 (a) (iii)"),
        ("T4", "New York", "24 Jul 2017", "25 Jul 2017", "15 (b) (i)"),
        ("T5", "Vienna", "04 Sep 2017", "05 Sep 2017", "15 (c)"),
        ("T6", "Geneva", "12 Oct 2017", "13 Oct 2017", "15 (a) (ii)"),
        ("H1", "New York", "26 Jul 2017", "26 Jul 2017", "30"),
        ("H4", "New York", "21 Feb 2018", "21 Feb 2018", "30"),
        ("P2", "Puerto Vallarta", "04 Dec 2017", "06 Dec 2017", "23"),
        ("N2", "New York", "12 Mar 2018", "15 Mar 2018", "28"),
        ("N3", "New York", "03 Apr 2018", "06 Apr 2018", "28"),
        ("N4", "New York", "14 May 2018", "18 May 2018", "28"),
        ("N5", "New York", "04 Jun 2018", "08 Jun 2018", "28"),
        ("N6", "New York", "09 Jul 2018", "13 Jul 2018", "28"),
        ("C", "Marrakech", "10 Dec 2018", "11 Dec 2018", "1"),
    ],
)
def test_each_meeting_has_its_place_its_days_and_its_paragraph(mandate, code, city, first, last, paragraph):
    meeting = mandate.meeting(code)
    assert (meeting.city, days(meeting)[0], days(meeting)[-1]) == (city, first, last)
    assert meeting.authority == f"A/RES/71/280, para. {paragraph}"


def test_the_first_round_leaves_out_the_day_of_the_hearing(mandate):
    assert days(mandate.meeting("N1")) == ["20 Feb 2018", "22 Feb 2018", "23 Feb 2018"]
    assert days(mandate.meeting("H4")) == ["21 Feb 2018"]


def test_the_process_has_six_sessions_five_hearings_a_stocktaking_six_rounds_and_a_conference(mandate):
    assert sorted(meeting.code for meeting in mandate.meetings) == [
        "C",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "N1",
        "N2",
        "N3",
        "N4",
        "N5",
        "N6",
        "P2",
        "T1",
        "T2",
        "T3",
        "T4",
        "T5",
        "T6",
    ]
    starts = [meeting.first_day for meeting in mandate.meetings]
    assert starts == sorted(starts)


def test_a_resolution_moved_the_conference_to_marrakech(mandate):
    conference = mandate.meeting("C")
    assert conference.changes == (Change("A/RES/72/244", date(2017, 12, 24), ("days", "place")),)
    assert (conference.window.city, conference.country, conference.zone) == ("New York", "MAR", "Africa/Casablanca")


def test_meetings_are_named_in_english_and_french(mandate):
    t2 = mandate.meeting("T2")
    assert (t2.name["en"], t2.name["fr"]) == ("Second thematic session", "Deuxième session thématique")
    assert (mandate.meeting("T1").place["en"], mandate.meeting("T1").place["fr"]) == ("Geneva", "Genève")
    assert all({"en", "fr"} <= set(text) for meeting in mandate.meetings for text in (meeting.name, meeting.place))


def test_every_meeting_takes_place_in_a_known_state_and_zone(mandate):
    assert all(meeting.country in STATES and ZoneInfo(meeting.zone) for meeting in mandate.meetings)


def test_the_phases_are_those_of_paragraph_14(mandate):
    assert [(phase.code, phase.start, phase.end) for phase in mandate.calendar.phases][:3] == [
        ("I", date(2017, 4, 1), date(2017, 12, 1)),
        ("II", date(2017, 11, 1), date(2018, 2, 1)),
        ("III", date(2018, 2, 1), date(2018, 8, 1)),
    ]
    assert {meeting.code for meeting in mandate.meetings if meeting.phase == "II"} == {"P2", "H3"}


def test_a_meeting_that_is_not_there_is_refused(mandate):
    with pytest.raises(NotHere, match="There is no meeting N7"):
        mandate.meeting("N7")


# Calls


def test_a_call_opens_90_and_closes_45_days_before_at_the_last_second_of_the_day_in_the_meetings_city(mandate):
    call = call_of(mandate.meeting("N2"), mandate.setting)
    assert local(call.opens, "America/New_York") == "2017-12-12 23:59:59"
    assert local(call.closes, "America/New_York") == "2018-01-26 23:59:59"
    assert call.closes == datetime(2018, 1, 27, 4, 59, 59, tzinfo=UTC)
    assert call.zone == "America/New_York"


def test_a_call_keeps_its_wall_time_when_the_clocks_change_between(mandate):
    call = call_of(mandate.meeting("N4"), mandate.setting)
    assert (call.opens, call.closes) == (
        datetime(2018, 2, 14, 4, 59, 59, tzinfo=UTC),
        datetime(2018, 3, 31, 3, 59, 59, tzinfo=UTC),
    )


def test_a_file_completed_within_the_last_second_is_on_time(mandate):
    call = call_of(mandate.meeting("N2"), mandate.setting)
    assert call.on_time(call.closes + timedelta(seconds=0.9))
    assert not call.on_time(call.closes + SECOND)
    assert not call.is_open(call.closes + SECOND)
    assert [call.is_open(call.opens + moment) for moment in (-SECOND / 1000, timedelta(0))] == [False, True]


def test_a_late_file_can_travel_until_21_days_before(mandate):
    call = call_of(mandate.meeting("N1"), mandate.setting)
    assert local(call.late_until, "America/New_York") == "2018-01-30 23:59:59"
    last = call.late_until + timedelta(seconds=0.9)
    assert call.in_time_to_travel(last)
    assert not call.in_time_to_travel(call.late_until + SECOND)
    assert not call.on_time(last)


def test_other_days_in_the_settings_move_every_call(mandate):
    other = {"opens_days_before": 60, "closes_days_before": 30, "late_until": 10}
    call = call_of(mandate.meeting("N2"), other.__getitem__)
    assert [local(at, call.zone)[:10] for at in (call.opens, call.closes, call.late_until)] == [
        "2018-01-11",
        "2018-02-10",
        "2018-03-02",
    ]


def test_no_call_opens_before_the_resolution_was_adopted_or_closes_after_the_last_day_to_travel(mandate):
    for meeting in mandate.meetings:
        call = call_of(meeting, mandate.setting)
        assert call.opens.astimezone(ZoneInfo(call.zone)).date() > mandate.fund.adopted, meeting.code
        assert call.opens < call.closes < call.late_until


def test_the_mandate_may_date_a_call_otherwise_in_a_zone_of_its_own(mandate):
    call = call_of(
        replace(mandate.meeting("N2"), call=dated("2018-01-02T09:00", "2018-02-01T18:00", "Africa/Nairobi")),
        mandate.setting,
    )
    assert (call.opens, call.closes, call.zone) == (
        datetime(2018, 1, 2, 6, tzinfo=UTC),
        datetime(2018, 2, 1, 15, tzinfo=UTC),
        "Africa/Nairobi",
    )
    assert local(call.late_until, "America/New_York") == "2018-02-19 23:59:59"


def test_on_the_day_of_the_demonstration_two_rounds_are_open_and_the_first_is_closed(mandate):
    stages = {}
    for meeting in mandate.meetings:
        stages.setdefault(stage_of(meeting, mandate.setting, DEMONSTRATION), set()).add(meeting.code)
    assert stages == {
        "held": {"T1", "T2", "T3", "T4", "T5", "T6", "H1", "H2", "H3", "P2"},
        "open": {"N2", "N3"},
        "closed": {"N1", "H4"},
        "ahead": {"N4", "N5", "N6", "H5", "C"},
    }


def test_a_meeting_is_in_session_by_the_days_of_its_own_city(mandate):
    def stage(day, hour):
        return stage_of(mandate.meeting("N1"), mandate.setting, datetime(2018, 2, day, hour, tzinfo=UTC))

    assert (stage(20, 4), stage(20, 5), stage(21, 12), stage(24, 4), stage(24, 5)) == (
        "closed",
        "in-session",
        "in-session",
        "in-session",
        "held",
    )
