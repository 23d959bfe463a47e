"""Which applications can be ranked: each rule against its words, and that none hides another."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.mandates import MANDATE, TEXT, with_setting
from trustfund.core.calendar import KINDS, call_of
from trustfund.core.countries import state
from trustfund.core.country_status import status_on
from trustfund.core.eligibility import FAILS, Journey, Request, failed_rules
from trustfund.core.mandate import ELIGIBILITY, load

COMPLETED = datetime(2018, 1, 10, 9, tzinfo=UTC)


def request(iso3: str = "NPL", meeting: str = "N1", *, settings=MANDATE.setting, **how) -> Request:
    """A delegate from Kathmandu to the first round in New York, who fails nothing; ``how``: what is otherwise."""
    to = MANDATE.meeting(meeting)
    status, call = status_on(state(iso3), to.first_day, settings), call_of(to, settings)
    usual = Request(
        state=iso3,
        participation=status.participation,
        category=status.category,
        host_state=to.country,
        meeting=to.code,
        meeting_kind=to.kind,
        meeting_cities=tuple(to.place.values()),
        first_day=to.first_day,
        first_night=to.first_day - timedelta(days=1),
        last_night=to.last_day - timedelta(days=1),
        late_until=call.late_until,
        zone=to.zone,
        home_city="Kathmandu",
        note_verbale=True,
        missing=(),
        completed_at=COMPLETED,
    )
    return replace(usual, **how)


def said(of: Request, settings=MANDATE.setting) -> list[tuple[str, str]]:
    return [(failure.code, str(failure)) for failure in failed_rules(of, MANDATE.eligibility, settings)]


def codes(of: Request, settings=MANDATE.setting) -> list[str]:
    return [code for code, _ in said(of, settings)]


def test_a_delegate_of_nepal_with_a_whole_file_in_time_fails_nothing():
    assert said(request()) == []


def test_every_rule_of_a_mandate_can_be_failed():
    assert set(FAILS) == {rule.code for rule in ELIGIBILITY}


# The State


def test_members_observers_and_the_two_admitted_with_a_flag_are_in_scope_and_no_other():
    assert codes(request("PSE")) == codes(request("COK")) == codes(request("NIU")) == []
    nobody_admitted = with_setting(admitted_with_flag=())
    assert said(request("COK", settings=nobody_admitted), nobody_admitted) == [
        ("state-in-scope", "COK is neither a Member State nor a member of a specialized agency.")
    ]


def test_norway_is_told_that_it_does_not_count_as_a_developing_country():
    assert said(request("NOR")) == [
        (
            "developing-country",
            "NOR does not count as a developing country on 2018-02-20, the first day of the meeting.",
        )
    ]


@pytest.mark.parametrize("category", ["LDC", "LLDC/SIDS", "developing", "self-financing"])
def test_every_category_but_none_is_a_developing_country(category):
    assert codes(request(category=category)) == []


# The meeting


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"regional-consultation"}))
def test_every_kind_that_the_resolution_lists_is_a_meeting_of_the_process(kind):
    assert codes(request(meeting_kind=kind)) == []


def test_a_regional_consultation_is_paid_only_where_the_mandate_says_so():
    consultation = request(meeting_kind="regional-consultation")
    assert said(consultation) == [
        (
            "meeting-of-the-process",
            "N1 is a regional consultation; the fund pays only for meetings of the process.",
        )
    ]
    assert codes(consultation, with_setting(regional_consultations=True)) == []


# The file


def test_without_the_note_verbale_of_the_government_nobody_is_nominated():
    assert said(request(note_verbale=False)) == [
        (
            "nominated-by-government",
            "The note verbale of the Government has not arrived with its reference, its date and its file.",
        )
    ]


def test_each_thing_that_the_file_lacks_is_told_in_a_sentence_of_its_own():
    lacking = request(missing=("your position", "your date of birth"), completed_at=None)
    assert said(lacking) == [
        ("file-complete", "The file is not complete: your position is missing."),
        ("file-complete", "The file is not complete: your date of birth is missing."),
    ]
    found = failed_rules(lacking, MANDATE.eligibility, MANDATE.setting)
    assert [failure.values for failure in found] == [{"what": "your position"}, {"what": "your date of birth"}]


# In time to travel: 21 days before 20 February is 30 January, and its last second in New York is 04:59:59 UTC


@pytest.mark.parametrize("completed", ["2018-01-30T23:59:59+00:00", "2018-01-31T04:59:59.900000+00:00"])
def test_a_file_completed_on_the_last_day_in_new_york_is_in_time_though_the_day_is_over_in_utc(completed):
    assert codes(request(completed_at=datetime.fromisoformat(completed))) == []


def test_a_second_later_the_file_comes_too_late_and_the_days_are_those_of_new_york():
    assert said(request(completed_at=datetime(2018, 1, 31, 5, 0, 0, tzinfo=UTC))) == [
        (
            "in-time-to-travel",
            "The file was completed on 2018-01-31; a journey needs it by 2018-01-30, 21 days before the meeting.",
        )
    ]
    next_evening = datetime(2018, 2, 1, 3, tzinfo=UTC)
    assert "completed on 2018-01-31;" in said(request(completed_at=next_evening))[0][1]


def test_in_geneva_the_last_day_is_over_before_it_is_in_utc():
    last = datetime(2017, 9, 21, 21, 59, 59, tzinfo=UTC)  # T6, 12 October
    assert codes(request(meeting="T6", completed_at=last)) == []
    assert said(request(meeting="T6", completed_at=last + timedelta(seconds=1))) == [
        (
            "in-time-to-travel",
            "The file was completed on 2017-09-22; a journey needs it by 2017-09-21, 21 days before the meeting.",
        )
    ]


def test_the_days_are_those_of_the_mandate():
    later = with_setting(late_until=14)
    completed = datetime(2018, 2, 1, 12, tzinfo=UTC)
    assert codes(request(completed_at=completed)) == ["in-time-to-travel"]
    assert codes(request(settings=later, completed_at=completed), later) == []
    assert said(request(settings=later, completed_at=completed + timedelta(days=9)), later) == [
        (
            "in-time-to-travel",
            "The file was completed on 2018-02-10; a journey needs it by 2018-02-06, 14 days before the meeting.",
        )
    ]


def test_being_late_for_the_call_is_no_failure():
    late = datetime(2018, 1, 20, tzinfo=UTC)
    assert not call_of(MANDATE.meeting("N1"), MANDATE.setting).on_time(late)
    assert codes(request(completed_at=late)) == []


def test_a_file_that_is_not_complete_yet_is_not_late():
    assert codes(request(completed_at=None)) == []


# The journey


@pytest.mark.parametrize("city", ["Geneva", "Genève", "GENEVE", " genève ", "Gene\u0300ve"])
def test_who_works_in_geneva_needs_no_journey_to_geneva_however_it_is_written(city):
    assert codes(request(meeting="T3", completed_at=datetime(2017, 5, 1, tzinfo=UTC), home_city=city)) == [
        "travel-needed"
    ]


def test_a_hyphen_does_not_make_another_city():
    assert said(request(home_city="New-York")) == [
        ("travel-needed", "The duty station is New-York, where the meeting takes place: no journey is needed.")
    ]


@pytest.mark.parametrize("city", ["Gent", "New Yorktown", "", "York"])
def test_another_city_is_another_city(city):
    assert codes(request(home_city=city)) == []


def test_the_host_state_gets_no_seat_unless_the_mandate_says_so():
    mexican = request("MEX", "P2", home_city="Ciudad de México", completed_at=datetime(2017, 10, 1, tzinfo=UTC))
    assert said(mexican) == [("travel-needed", "MEX is the host State of the meeting; the fund pays it no seat.")]
    assert codes(mexican, with_setting(host_state_funded=True)) == []


def test_a_delegate_of_the_host_state_in_its_city_is_told_both():
    assert codes(request("MEX", "P2", home_city="Puerto Vallarta", completed_at=datetime(2017, 10, 1, tzinfo=UTC))) == [
        "travel-needed",
        "travel-needed",
    ]


# Not twice: to N1 the nights are those of 19 to 22 February, home on the 23rd


def journey(first: date, last: date, meeting: str = "X1") -> Journey:
    return Journey(meeting, first, last)


def test_a_second_application_for_the_same_meeting_fails():
    assert said(request(other_journeys=(journey(date(2018, 2, 19), date(2018, 2, 22), "N1"),))) == [
        ("not-funded-twice", "This person has an application for N1 already.")
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [("02-20", "02-21"), ("02-17", "02-19"), ("02-22", "02-25"), ("02-01", "02-28"), ("02-22", "02-22")],
)
def test_nights_that_overlap_fail(first, last):
    other = journey(date.fromisoformat(f"2018-{first}"), date.fromisoformat(f"2018-{last}"))
    assert said(request(other_journeys=(other,))) == [
        (
            "not-funded-twice",
            "The fund pays, or is asked to pay, this person’s journey to X1 in the same nights.",
        )
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [("02-23", "02-26"), ("02-26", "02-27"), ("02-15", "02-18"), ("02-14", "02-15")],
    ids=["on the day of the return", "three days after", "home on the day of leaving", "three days before"],
)
def test_journeys_less_than_four_days_apart_become_one_award(first, last):
    other = journey(date.fromisoformat(f"2018-{first}"), date.fromisoformat(f"2018-{last}"))
    assert said(request(other_journeys=(other,))) == [
        (
            "not-funded-twice",
            "The journey to X1 is less than 4 days apart: both become one award.",
        )
    ]


@pytest.mark.parametrize(("first", "last"), [("02-27", "02-28"), ("02-12", "02-14")])
def test_journeys_four_days_apart_are_two(first, last):
    other = journey(date.fromisoformat(f"2018-{first}"), date.fromisoformat(f"2018-{last}"))
    assert codes(request(other_journeys=(other,))) == []
    assert codes(request(other_journeys=(other,)), with_setting(days_between_journeys=5)) == ["not-funded-twice"]


def test_the_hearing_on_the_day_that_the_round_leaves_out_is_the_same_journey():
    hearing = MANDATE.meeting("H4").first_day
    other = journey(hearing - timedelta(days=1), hearing - timedelta(days=1), "H4")
    assert "to H4 in the same nights" in said(request(other_journeys=(other,)))[0][1]


def test_every_other_journey_is_told():
    others = (
        journey(date(2018, 2, 19), date(2018, 2, 22), "N1"),
        journey(date(2018, 2, 20), date(2018, 2, 20), "H4"),
        journey(date(2018, 3, 11), date(2018, 3, 14), "N2"),
        journey(date(2018, 2, 24), date(2018, 2, 25), "X1"),
    )
    texts = [text for _, text in said(request(other_journeys=others))]
    assert [next(code for code in ("N1", "H4", "N2", "X1") if code in text) for text in texts] == ["N1", "H4", "X1"]


def test_a_journey_that_another_source_pays_whole_fails():
    assert said(request(paid_elsewhere=True)) == [("not-funded-twice", "Another source pays the whole journey.")]


def test_each_overdue_claim_is_told():
    assert said(request(overdue_claims=("T4", "T6"))) == [
        ("no-overdue-claim", "The claim for T4 is overdue: it is settled first."),
        ("no-overdue-claim", "The claim for T6 is overdue: it is settled first."),
    ]


# At once and completely

BREAKS = {
    "state-in-scope": {"participation": "out-of-scope"},
    "developing-country": {"category": "none"},
    "meeting-of-the-process": {"meeting_kind": "regional-consultation"},
    "nominated-by-government": {"note_verbale": False},
    "file-complete": {"missing": ("your position", "your name, as in the passport")},
    "in-time-to-travel": {"completed_at": datetime(2018, 2, 10, tzinfo=UTC)},
    "travel-needed": {"home_city": "New York"},
    "not-funded-twice": {"paid_elsewhere": True},
    "no-overdue-claim": {"overdue_claims": ("T4", "T6")},
}


@given(st.sets(st.sampled_from(sorted(BREAKS))), st.permutations(MANDATE.eligibility), st.integers(0, len(BREAKS)))
def test_whatever_a_request_fails_is_told_whole_and_in_the_order_of_the_mandate(broken, order, kept):
    """Any subset of the rules, under a mandate that lists any of them in any order."""
    rules = order[:kept]
    how = {name: value for code in broken for name, value in BREAKS[code].items()}
    found = failed_rules(request(**how), rules, MANDATE.setting)
    assert list(dict.fromkeys(failure.code for failure in found)) == [r.code for r in rules if r.code in broken]
    assert {(failure.code, failure.authority) for failure in found} <= {(r.code, r.authority) for r in rules}
    assert all("{" not in str(failure) for failure in found)


def test_the_authority_told_is_the_one_that_the_mandate_names():
    changed = load(
        TEXT.replace('"file-complete", authority = "fund practice"', '"file-complete", authority = "fund practice, 3"')
    )
    (failure,) = failed_rules(request(missing=("your position",)), changed.eligibility, changed.setting)
    assert failure.authority == "fund practice, 3"
