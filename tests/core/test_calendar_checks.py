"""What the resolution lays down for its own calendar: each fault and each warning is told."""

from dataclasses import replace
from datetime import date, timedelta

from tests.core.mandates import dated
from trustfund.core.calendar import Calendar, Change, Programme
from trustfund.core.calendar_checks import checks, fits


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
