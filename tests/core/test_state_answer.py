"""Whether a State is eligible for a meeting, with every reason: known States on known days."""

from datetime import date

import pytest

from tests.core.mandates import MANDATE, with_setting
from trustfund.core.countries import STATES, state
from trustfund.core.country_amendments import amendment
from trustfund.core.state_answer import (
    FINANCES_ITSELF,
    IN_TRANSITION,
    IS_LDC,
    ISLAND,
    LANDLOCKED,
    LEFT,
    LISTED,
    RECORDED,
    SCHEDULED_TO_LEAVE,
    answer_for,
)


def answer(iso3, meeting="N2", settings=MANDATE.setting, amendments=()):
    return answer_for(state(iso3), MANDATE.meeting(meeting), MANDATE.eligibility, settings, amendments)


def because(found):
    return [reason.sentence for reason in found.reasons[1:]]


def failed(found):
    return [failure.code for failure in found.failures]


@pytest.mark.parametrize(
    ("iso3", "category", "why", "steps"),
    [
        ("BFA", "LDC", IS_LDC, ((1, 1), (2, 3))),
        ("NPL", "LDC", SCHEDULED_TO_LEAVE, ((1, 1), (2, 3))),
        ("KAZ", "LLDC/SIDS", LANDLOCKED, ((1, 2), (2, 5))),
        ("FJI", "LLDC/SIDS", ISLAND, ((1, 2), (2, 5))),
        ("GHA", "developing", LISTED, ((1, 4), (2, 6))),
    ],
)
def test_an_eligible_state_is_told_its_category_its_reason_and_the_steps_of_its_delegates(iso3, category, why, steps):
    found = answer(iso3)
    assert (found.yes, found.status.category, because(found), found.steps) == (True, category, [why], steps)


def test_equatorial_guinea_left_the_list_between_the_second_and_the_third_session_and_the_decision_is_named():
    before, after = answer("GNQ", "T2"), answer("GNQ", "T3")
    assert (before.status.category, after.status.category) == ("LDC", "developing")
    assert because(after) == [LEFT, LISTED]
    assert (after.reasons[1].authority, after.reasons[1].values["until"]) == ("A/RES/68/18", date(2017, 6, 4))


def test_within_a_transition_a_graduated_state_still_counts_and_the_last_day_is_told():
    found = answer("GNQ", "N2", with_setting(ldc_transition_years=3))
    assert found.status.category == "LDC"
    assert because(found) == [IN_TRANSITION]
    assert found.reasons[1].values["last"] == date(2020, 6, 4)


def test_a_state_that_is_neither_developing_nor_a_guest_fails_both_rules_and_both_are_told():
    found = answer("USA")
    assert (failed(found), found.steps) == (["developing-country", "travel-needed"], ())
    assert failed(answer("DEU")) == ["developing-country"]
    assert failed(answer("MAR", "C")) == ["travel-needed"]
    assert answer("MAR", "C", with_setting(host_state_funded=True)).yes


def test_a_state_outside_the_united_nations_is_in_scope_only_with_the_flag_of_the_mandate():
    assert answer("COK").yes
    found = answer("COK", settings=with_setting(admitted_with_flag=()))
    assert failed(found) == ["state-in-scope"]
    assert failed(answer("VAT")) == ["developing-country"]


def test_an_amendment_counts_from_its_day_and_is_told_with_its_document():
    leaves = amendment(
        "KAZ", "developing", "no", document="A/RES/72/1", effective=date(2018, 3, 1), recorded_on=date(2018, 2, 1)
    )
    lands = amendment(
        "KAZ", "lldc", "no", document="A/RES/72/2", effective=date(2018, 3, 1), recorded_on=date(2018, 2, 1)
    )
    before = answer("KAZ", "N1", amendments=(leaves, lands))
    assert (before.yes, because(before)) == (True, [LANDLOCKED])
    found = answer("KAZ", "N2", amendments=(leaves, lands))
    assert failed(found) == ["developing-country"]
    assert [(r.sentence, r.authority) for r in found.reasons[1:]] == [
        (RECORDED, "A/RES/72/1"),
        (RECORDED, "A/RES/72/2"),
    ]


def test_of_two_amendments_of_one_fact_only_the_last_is_told_and_it_stands_instead_of_the_list():
    said = [
        amendment("GHA", "developing", word, document=paper, effective=date(2018, 1, 1), recorded_on=day)
        for word, paper, day in (("yes", "A/RES/72/2", date(2018, 1, 3)), ("no", "A/RES/72/1", date(2018, 1, 2)))
    ]
    found = answer("GHA", amendments=said)
    assert (found.yes, because(found), found.reasons[1].authority) == (True, [RECORDED], "A/RES/72/2")


def test_a_list_of_states_that_pay_themselves_is_named_as_the_reason():
    found = answer("GHA", settings=with_setting(self_financing_list="m49-2017"))
    assert (found.status.category, because(found), found.steps) == ("self-financing", [FINANCES_ITSELF], ((1, 7),))


def test_every_state_has_an_answer_for_every_meeting():
    assert all(
        answer(iso3, meeting.code).reasons or answer(iso3, meeting.code).failures
        for iso3 in STATES
        for meeting in (MANDATE.meetings[0], MANDATE.meetings[-1])
    )
