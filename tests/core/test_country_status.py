"""Which State has which status on which day. No test reads today's date: each names its own."""

from datetime import date

import pytest

from tests.core.statuses import ADOPTED, GRADUATION, MARRAKECH, T2, T3, category, graduates, ldcs, settings
from trustfund.core.countries import STATES, region_of, state
from trustfund.core.country_amendments import amendment
from trustfund.core.country_status import StateList, category_on, status_on
from trustfund.core.refusal import Refused


def marks(iso3, day, *, set_to=None, **more):
    return [str(mark) for mark in status_on(state(iso3), day, settings(**set_to or {}), **more).marks]


# Least developed countries


def test_there_were_48_least_developed_countries_when_the_resolution_was_adopted_and_47_at_marrakech():
    assert (len(ldcs(ADOPTED)), len(ldcs(MARRAKECH))) == (48, 47)
    assert ldcs(ADOPTED) - ldcs(MARRAKECH) == {"GNQ"}


def test_equatorial_guinea_is_one_at_the_second_thematic_session_and_not_at_the_third():
    assert (category("GNQ", T2), category("GNQ", T3)) == ("LDC", "developing")


def test_the_day_on_which_a_state_leaves_the_list_is_the_first_without_it():
    assert (category("GNQ", date(2017, 6, 3)), category("GNQ", date(2017, 6, 4))) == ("LDC", "developing")
    assert (category("SSD", date(2012, 12, 30)), category("SSD", date(2012, 12, 31))) == ("LLDC/SIDS", "LDC")


@pytest.mark.parametrize("iso3", ["BGD", "NPL", "LAO"])
def test_a_graduation_that_is_only_scheduled_ends_nothing_and_is_marked(iso3):
    assert category(iso3, GRADUATION) == category(iso3, date(2031, 1, 1)) == "LDC"
    assert marks(iso3, GRADUATION) == ["graduation scheduled for 2026-11-24, decision not recorded"]
    assert marks(iso3, date(2026, 11, 23)) == []


@pytest.mark.parametrize(("iso3", "after"), [("BGD", "developing"), ("NPL", "LLDC/SIDS"), ("LAO", "LLDC/SIDS")])
def test_a_recorded_amendment_ends_it_on_its_day_and_takes_the_mark_away(iso3, after):
    known = [graduates(iso3)]
    assert category(iso3, date(2026, 11, 23), amendments=known) == "LDC"
    assert category(iso3, GRADUATION, amendments=known) == after
    assert marks(iso3, GRADUATION, amendments=known) == []


def test_a_decision_keeps_the_status_that_was_known_on_its_day():
    late = [graduates("BGD", recorded=date(2026, 12, 1))]
    assert category("BGD", GRADUATION, amendments=late, known_on=date(2026, 11, 30)) == "LDC"
    assert category("BGD", GRADUATION, amendments=late, known_on=date(2026, 12, 1)) == "developing"
    assert category("BGD", GRADUATION, amendments=late) == "developing"


def test_the_amendment_recorded_last_holds_whatever_the_order_they_are_given_in():
    left = graduates("BGD", recorded=date(2026, 10, 5))
    deferred = graduates("BGD", "2029-11-24", recorded=date(2026, 11, 20))
    for known in ([left, deferred], [deferred, left]):
        assert category("BGD", date(2027, 1, 1), amendments=known) == "LDC"
        assert category("BGD", date(2029, 11, 24), amendments=known) == "developing"
        assert category("BGD", date(2027, 1, 1), amendments=known, known_on=date(2026, 11, 19)) == "developing"


def test_a_new_scheduled_day_moves_the_mark_and_still_ends_nothing():
    known = [graduates("NPL", "2029-05-24", "ldc_scheduled")]
    assert marks("NPL", GRADUATION, amendments=known) == []
    assert category("NPL", date(2029, 5, 24), amendments=known) == "LDC"
    assert marks("NPL", date(2029, 5, 24), amendments=known) == [
        "graduation scheduled for 2029-05-24, decision not recorded"
    ]


def test_a_graduation_put_off_without_a_day_leaves_the_state_on_the_list_without_a_mark():
    known = [graduates("LAO", "never")]
    assert category("LAO", date(2035, 1, 1), amendments=known) == "LDC"
    assert marks("LAO", date(2035, 1, 1), amendments=known) == []


def test_an_amendment_of_one_state_changes_no_other():
    assert ldcs(GRADUATION, amendments=[graduates("BGD")]) == ldcs(GRADUATION) - {"BGD"}


def test_a_mandate_may_count_a_graduate_as_ldc_for_some_years_and_says_so():
    three = {"ldc_transition_years": 3}
    assert category_on(state("GNQ"), T3, settings(**three)) == "LDC"
    assert category_on(state("GNQ"), date(2020, 6, 4), settings(**three)) == "developing"
    assert marks("GNQ", T3, set_to=three) == [
        "graduated on 2017-06-04, counted among the least developed countries until 2020-06-04"
    ]


def test_a_transition_that_begins_on_29_february_ends_on_the_28th():
    left = [graduates("BGD", "2028-02-29")]
    year = settings(ldc_transition_years=1)
    assert category_on(state("BGD"), date(2029, 2, 27), year, amendments=left) == "LDC"
    assert category_on(state("BGD"), date(2029, 2, 28), year, amendments=left) == "developing"


def test_a_state_can_enter_the_list_again_and_its_earlier_years_stay():
    again = [
        amendment(
            "GNQ",
            "ldc_from",
            "2030-01-01",
            document="A/RES/84/1",
            effective=date(2030, 1, 1),
            recorded_on=date(2029, 12, 20),
        )
    ]
    days = (T2, T3, date(2030, 1, 1))
    assert [category("GNQ", day, amendments=again) for day in days] == ["LDC", "developing", "LDC"]


# The other categories


@pytest.mark.parametrize(
    ("iso3", "expected"),
    [
        ("NPL", "LDC"),  # landlocked too: the first that holds
        ("TUV", "LDC"),
        ("FJI", "LLDC/SIDS"),
        ("MNG", "LLDC/SIDS"),
        ("MDA", "LLDC/SIDS"),
        ("MKD", "LLDC/SIDS"),  # developed in M49, and yet landlocked developing countries
        ("GHA", "developing"),
        ("ISR", "developing"),
        ("PSE", "developing"),
        ("COK", "LLDC/SIDS"),
        ("LUX", "none"),
        ("VAT", "none"),
        ("RUS", "none"),
    ],
)
def test_a_state_has_the_first_category_that_holds(iso3, expected):
    assert category(iso3) == expected


def test_self_financing_states_come_from_a_dated_list_and_ldcs_are_never_among_them():
    listed = StateList(
        "high-income-2017",
        "World Bank, 1 July 2017",
        (
            ("SGP", date(2017, 7, 1), None),
            ("SYC", date(2017, 7, 1), date(2018, 7, 1)),
            ("GHA", date(2019, 7, 1), None),
            ("NPL", date(2017, 7, 1), None),
        ),
    )
    chosen = settings(self_financing_list="high-income-2017")

    def of(iso3, day):
        return category_on(state(iso3), day, chosen, lists=[listed])

    assert (of("SGP", date(2017, 6, 30)), of("SGP", date(2017, 7, 1))) == ("LLDC/SIDS", "self-financing")
    assert (of("SYC", date(2018, 6, 30)), of("SYC", date(2018, 7, 1))) == ("self-financing", "LLDC/SIDS")
    assert (of("GHA", MARRAKECH), of("NPL", MARRAKECH)) == ("developing", "LDC")


def test_another_list_of_developing_countries_replaces_m49():
    g77 = StateList("g77", "G77, 2017", (("GHA", date(2017, 1, 1), None),))
    chosen = settings(developing_list="g77")
    assert category_on(state("GHA"), T2, chosen, lists=[g77]) == "developing"
    assert category_on(state("ISR"), T2, chosen, lists=[g77]) == "none"


def test_a_list_that_the_mandate_names_and_nobody_imported_is_refused_by_name():
    with pytest.raises(Refused, match=r"“g77”, which has not been imported"):
        category_on(state("GHA"), T2, settings(developing_list="g77"))


# Participation and region


def test_members_and_observers_are_in_scope_and_cook_islands_and_niue_with_a_flag():
    def participation(iso3, **more):
        return status_on(state(iso3), T2, settings(**more)).participation

    assert participation("NPL") == "member-state"
    assert participation("PSE") == participation("VAT") == "specialized-agency"
    assert participation("COK") == participation("NIU") == "admitted-with-flag"
    assert participation("COK", admitted_with_flag=()) == "out-of-scope"
    flag = "admitted with a flag: member of specialized agencies, not of the United Nations"
    assert (marks("NIU", T2), marks("NPL", T2)) == ([flag], [])
    assert marks("NIU", T2, set_to={"admitted_with_flag": ()}) == []


def test_a_state_in_no_regional_group_counts_in_the_one_the_mandate_names():
    assert {iso3 for iso3 in STATES if not state(iso3).region} == {"COK", "NIU", "KIR", "VAT"}
    assert {region_of(state(iso3), settings()) for iso3 in ("COK", "NIU", "KIR")} == {"Asia-Pacific Group"}
    assert region_of(state("KIR"), settings(regional_group_of={})) == ""
    assert region_of(state("NPL"), settings(regional_group_of={"NPL": "WEOG"})) == "Asia-Pacific Group"


def test_a_flag_or_a_region_can_be_amended_from_a_day_on():
    def decided(fact, value):
        return [amendment("BHR", fact, value, document="A/RES/72/1", effective=T3, recorded_on=ADOPTED)]

    assert [category("BHR", day, amendments=decided("sids", "yes")) for day in (T2, T3)] == ["developing", "LLDC/SIDS"]
    assert category("BHR", T3, amendments=decided("developing", "no")) == "none"
    assert status_on(state("BHR"), T3, settings(), amendments=decided("region", "WEOG")).region == "WEOG"


# Refusals


def test_an_unknown_state_is_refused_in_one_sentence():
    with pytest.raises(Refused, match=r"^There is no State “XKX”; a State has three letters, for example NPL\.$"):
        state("XKX")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"iso3": "ZZZ"}, "There is no State “ZZZ”"),
        ({"fact": "iso3"}, "“iso3” is no fact of a State"),
        ({"document": " "}, "names the document that decided it"),
        ({"value": "24 November"}, "“24 November” is no day"),
        ({"fact": "ldc_from", "value": "never"}, "“never” is no day"),
        ({"fact": "lldc", "value": "1"}, "“1” is not known here; write one of: yes, no."),
        ({"fact": "region", "value": "Asia"}, "“Asia” is not known here"),
        ({"fact": "participation", "value": "member"}, "“member” is not known here"),
        ({"iso3": "GHA"}, "GHA was no least developed country before 2026-11-24"),
        ({"value": "1970-01-01"}, "BGD was no least developed country before 1970-01-01"),
    ],
)
def test_an_amendment_that_makes_no_sense_is_refused(changed, says):
    good = {
        "iso3": "BGD",
        "fact": "ldc_to",
        "value": "2026-11-24",
        "document": "A/RES/81/9",
        "effective": GRADUATION,
        "recorded_on": ADOPTED,
    }
    amendment(**good)
    with pytest.raises(Refused) as refused:
        amendment(**{**good, **changed})
    assert says in str(refused.value)
