"""The meetings of the process, their calls, and what the resolution itself lays down for them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from trustfund.core.calendar import Calendar, CallDates, Change, Programme, call_of, stage_of
from trustfund.core.calendar_checks import checks, fits
from trustfund.core.countries import STATES
from trustfund.core.mandate import load
from trustfund.core.refusal import NotHere

TEXT = (Path(__file__).parents[2] / "trustfund/mandates/a-res-71-280.toml").read_text(encoding="utf-8")
DEMONSTRATION = datetime(2018, 1, 24, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def mandate():
    return load(TEXT)


def days(meeting):
    return [f"{day:%d %b %Y}" for day in meeting.days]


def local(at, zone):
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def dated(opens, closes, zone):
    return CallDates(datetime.fromisoformat(opens), datetime.fromisoformat(closes), zone, "fund practice")


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


# What the resolution lays down


def said(findings):
    return [(finding.grade, finding.about, str(finding)) for finding in findings]


def changed(mandate, code, **how):
    """The calendar in which one meeting is otherwise."""
    meetings = tuple(replace(one, **how) if one.code == code else one for one in mandate.meetings)
    return said(
        finding
        for finding in checks(replace(mandate.calendar, meetings=meetings))
        if finding not in checks(mandate.calendar)
    )


def run_of(first, count):
    return {"days": tuple(first + timedelta(days=n) for n in range(count)), "half_days": 2 * count}


def test_the_calendar_of_the_fund_has_no_fault_and_warns_that_the_hearings_took_five_days(mandate):
    assert said(checks(mandate.calendar)) == [
        (
            "warning",
            "hearing",
            "Meetings of the kind multi-stakeholder hearing "
            "take 5 days, but 4 in all were laid down. (A/RES/71/280, para. 30)",
        )
    ]


def test_hearings_of_eight_half_days_are_the_four_days_of_paragraph_30(mandate):
    halved = [replace(one, half_days=1) if one.code in ("H4", "H5") else one for one in mandate.meetings]
    assert checks(replace(mandate.calendar, meetings=tuple(halved))) == ()


def test_the_six_sessions_take_at_most_twelve_working_days(mandate):
    assert changed(mandate, "T5", **run_of(date(2017, 9, 4), 3)) == [
        (
            "fault",
            "thematic-session",
            "Meetings of the kind thematic session take 13 days, but at most 12 in all were "
            "laid down. (A/RES/71/280, para. 16)",
        )
    ]
    assert changed(mandate, "T5", half_days=3) == []


def test_a_session_a_round_or_a_conference_that_is_missing_is_a_fault(mandate):
    def without(code):
        meetings = tuple(one for one in mandate.meetings if one.code != code)
        found = said(checks(replace(mandate.calendar, meetings=meetings)))
        return [text for grade, _, text in found if grade == "fault"]

    assert without("N5") == [
        "Of the kind round of negotiations, 6 meetings were laid down, but the calendar has 5. (A/RES/71/280, para. 28)"
    ]
    assert without("T1") == [
        "Of the kind thematic session, 6 meetings were laid down, but the calendar has 5. (A/RES/71/280, para. 16)"
    ]
    assert without("C") == [
        "Of the kind conference, 1 meetings were laid down, but the calendar has 0. (A/RES/71/280, para. 1)"
    ]


def test_the_stocktaking_takes_three_days(mandate):
    assert changed(mandate, "P2", **run_of(date(2017, 12, 4), 2)) == [
        ("fault", "P2", "P2 takes 2 days, but 3 were laid down; a change names its document. (A/RES/71/280, para. 23)")
    ]


def test_the_rounds_take_3_4_4_5_5_and_5_days(mandate):
    rounds = [mandate.meeting(f"N{n}") for n in range(1, 7)]
    assert [len(one.days) for one in rounds] == [one.window.days for one in rounds] == [3, 4, 4, 5, 5, 5]
    for one in rounds:
        shorter = {"days": one.days[:-1], "half_days": one.half_days - 2}
        ((grade, about, text),) = changed(mandate, one.code, **shorter)
        assert (grade, about) == ("fault", one.code)
        assert text.endswith("were laid down; a change names its document. (A/RES/71/280, para. 28)")


def test_each_meeting_stands_inside_the_window_the_resolution_gives_it(mandate):
    ((_, _, text),) = changed(mandate, "N1", **run_of(date(2018, 2, 27), 3))
    assert text == (
        "N1 takes place from 2018-02-27 to 2018-03-01, but was laid down for 2018-02-01 to 2018-02-28; "
        "a change names its document. (A/RES/71/280, para. 28)"
    )
    for one in mandate.meetings:
        if one.code != "C":
            for outside in (one.window.start - timedelta(days=1), one.window.end):
                found = changed(mandate, one.code, days=(outside,), half_days=one.half_days)
                assert ("fault", one.code) in [(grade, about) for grade, about, _ in found], one.code


def test_the_first_and_the_last_day_of_a_window_are_inside_it(mandate):
    assert changed(mandate, "N6", **run_of(date(2018, 7, 1), 5)) == []
    assert changed(mandate, "N6", **run_of(date(2018, 7, 27), 5)) == []


def test_the_conference_takes_place_in_new_york_unless_a_document_moved_it(mandate):
    found = changed(mandate, "C", changes=())
    assert [text.split(",")[0] for _, _, text in found] == [
        "C takes place from 2018-12-10 to 2018-12-11",
        "C takes place in Marrakech",
        "C takes place from 2018-12-10 to 2018-12-11",
    ]
    only_place = (Change("A/RES/72/244", date(2017, 12, 24), ("place",)),)
    assert all("Marrakech" not in text for _, _, text in changed(mandate, "C", changes=only_place))


def test_the_stocktaking_takes_place_in_mexico(mandate):
    ((_, _, text),) = changed(mandate, "P2", city="Lima", country="PER")
    assert text == (
        "P2 takes place in PER, but was laid down for MEX; a change names its document. (A/RES/71/280, para. 23)"
    )


def test_a_change_without_a_document_is_a_fault(mandate):
    moved = (Change(" ", date(2018, 2, 1), ("days",)),)
    assert [text for _, _, text in changed(mandate, "N6", changes=moved)] == [
        "A change of N6 needs its document. (A/RES/71/280, para. 28)"
    ]


def test_a_meeting_stands_inside_its_phase(mandate):
    assert [text for _, _, text in changed(mandate, "H1", phase="III")] == [
        "H1 takes place from 2017-07-26 to 2017-07-26, outside its phase III; a change names its document. "
        "(A/RES/71/280, para. 14 (c))"
    ]
    assert [text for _, _, text in changed(mandate, "H1", phase="IV")] == [
        "There is no phase IV, in which H1 should take place. (A/RES/71/280, para. 30)"
    ]


def test_a_call_closes_after_it_opens_and_before_its_meeting(mandate):
    def with_call(opens, closes):
        return changed(mandate, "N6", call=dated(opens, closes, "America/New_York"))

    fault = [
        (
            "fault",
            "N6",
            "The call of N6 must open before it closes, and close before the meeting begins. (A/RES/71/280, para. 28)",
        )
    ]
    assert with_call("2018-05-01T00:00", "2018-07-08T23:59:59") == []
    assert with_call("2018-05-01T00:00", "2018-07-09T00:00") == fault
    assert with_call("2018-05-01T00:00", "2018-05-01T00:00") == fault


# One more meeting


def consultation(mandate, **how):
    """An additional consultation in New York, 2 and 3 May 2018, convened by a letter."""
    made = replace(
        mandate.meeting("N4"),
        code="A1",
        kind="additional-consultation",
        window=None,
        changes=(),
        authority="A/RES/71/280, para. 29",
        document="Letter of the co-facilitators, 19 April 2018",
        **run_of(date(2018, 5, 2), 2),
    )
    return said(fits(replace(made, **how), mandate.calendar))


def test_a_consultation_with_its_document_fits_into_the_calendar(mandate):
    assert consultation(mandate) == []


def test_a_consultation_without_its_document_does_not(mandate):
    assert consultation(mandate, document="") == [
        ("fault", "A1", "A1 needs the document that convened it. (A/RES/71/280, para. 29)")
    ]


def test_a_consultation_that_takes_the_name_of_another_meeting_does_not_fit(mandate):
    found = consultation(mandate, code="N4")
    assert ("fault", "N4", "There are two meetings named N4. (A/RES/71/280, para. 29)") in found


def test_a_consultation_outside_its_phase_or_on_the_day_of_a_round_is_told(mandate):
    ((grade, _, text),) = consultation(mandate, **run_of(date(2018, 8, 6), 1))
    assert (grade, "outside its phase III" in text) == ("fault", True)
    assert consultation(mandate, **run_of(date(2018, 5, 18), 1)) == [
        ("warning", "A1", "A1 takes place on 2018-05-18, the same day as N4. (A/RES/71/280, para. 29)")
    ]


def test_a_hearing_more_changes_the_sum_and_is_told(mandate):
    hearing = replace(mandate.meeting("H5"), code="H6", half_days=1, **{"days": (date(2018, 6, 12),)})
    assert [text for _, _, text in said(fits(hearing, mandate.calendar))] == [
        "Meetings of the kind multi-stakeholder hearing "
        "take 5.5 days, but 4 in all were laid down. (A/RES/71/280, para. 30)"
    ]


def test_an_empty_calendar_has_nothing_to_tell():
    assert checks(Calendar()) == ()
    assert len(checks(Calendar(programme=(Programme("hearing", "A/RES/71/280, para. 30", days_in_all=4),)))) == 1
