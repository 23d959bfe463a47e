"""Which applications can be ranked: each rule against its words, and that none hides another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.mandates import MANDATE, TEXT, with_setting
from tests.core.requests import codes, request, said
from trustfund.core.calendar import KINDS, call_of
from trustfund.core.eligibility import FAILS, failed_rules
from trustfund.core.mandate import ELIGIBILITY, load


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
