"""The table of States: names, groups, flags and days, compared with the facts beside the project."""

import csv
from collections import Counter
from datetime import date

import pytest

from tests.core.statuses import ADOPTED, MARRAKECH, T2, graduates, ldcs, settings
from trustfund.core.countries import LANGUAGES, PARTICIPATION, REGIONS, STATES, SUBREGIONS, region_of, state

# Names


@pytest.mark.parametrize(
    ("iso3", "changes", "before", "since"),
    [
        ("SWZ", date(2018, 4, 19), "Swaziland", "Eswatini"),
        ("MKD", date(2019, 2, 14), "The former Yugoslav Republic of Macedonia", "North Macedonia"),
        ("TUR", date(2022, 6, 1), "Turkey", "Türkiye"),
        ("CZE", date(2016, 5, 17), "Czech Republic", "Czechia"),
    ],
)
def test_a_state_has_the_name_of_the_day(iso3, changes, before, since):
    assert state(iso3).name_on(date.fromordinal(changes.toordinal() - 1)) == before
    assert state(iso3).name_on(changes) == since


def test_a_state_has_its_name_in_the_six_languages():
    assert [state("SWZ").name_on(T2, language) for language in LANGUAGES] == [
        "Swaziland",
        "Swaziland",
        "Swazilandia",
        "Свазиленд",
        "斯威士兰",
        "سوازيلند",
    ]
    assert [state("LAO").name_on(T2, language) for language in LANGUAGES] == [
        "Lao People’s Democratic Republic",
        "République démocratique populaire lao",
        "República Democrática Popular Lao",
        "Лаосская Народно-Демократическая Республика",
        "老挝人民民主共和国",
        "جمهورية لاو الديمقراطية الشعبية",
    ]
    assert state("SWZ").name_on(MARRAKECH, "pt") == "Eswatini"


def test_no_two_states_share_a_name_and_none_lacks_one():
    for language in LANGUAGES:
        names = [one.names[language] for one in STATES.values()]
        assert len({*names, ""}) == len(STATES) + 1, language
        assert all(name == name.strip() for name in names)


# The table


def test_the_table_holds_193_member_states_and_four_others():
    assert Counter(one.participation for one in STATES.values()) == {
        "member-state": 193,
        "observer-state": 2,
        "specialized-agencies": 2,
    }
    assert {iso3 for iso3, one in STATES.items() if one.participation != "member-state"} == {"COK", "NIU", "PSE", "VAT"}
    assert list(STATES) == sorted(STATES)


def test_every_word_of_the_table_is_one_of_its_kind():
    for one in STATES.values():
        assert one.region in (*REGIONS, "")
        assert one.participation in PARTICIPATION
        assert one.ldc_to_status in (("decided", "scheduled") if one.ldc_to else ("",))
        assert one.ldc_to is None or (one.ldc_from is not None and one.ldc_from < one.ldc_to)
        assert one.ldc_to_document.startswith("A/RES/") or not one.ldc_to_document
    assert len(SUBREGIONS) == 22
    assert {one.subregion for one in STATES.values() if one.iso3 in ("NPL", "KIR", "MEX", "TUR")} == {
        "Southern Asia",
        "Micronesia",
        "Central America",
        "Western Asia",
    }


def test_the_members_of_the_regional_groups_are_as_many_as_they_are():
    regions = Counter(region_of(one, settings()) for one in STATES.values() if one.participation == "member-state")
    assert regions == {
        "African Group": 54,
        "Asia-Pacific Group": 54,
        "Eastern European Group": 23,
        "GRULAC": 33,
        "WEOG": 29,
    }


def test_of_the_48_most_are_african():
    regions = Counter(region_of(state(iso3), settings()) for iso3 in ldcs(ADOPTED))
    assert regions == {"African Group": 34, "Asia-Pacific Group": 13, "GRULAC": 1}
    assert sum(state(iso3).sids for iso3 in ldcs(ADOPTED)) == 9


@pytest.fixture(scope="module")
def facts(shared):
    with (shared / "data/countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: row for row in csv.DictReader(file)}


def test_the_table_holds_the_states_flags_and_days_of_the_shared_facts(facts):
    assert set(STATES) == set(facts)
    for iso3, row in facts.items():
        one = state(iso3)
        assert [one.lldc, one.sids, one.developing] == [
            row[flag] == "1" for flag in ("lldc", "sids", "m49_developing_2017")
        ], iso3
        assert [str(day or "") for day in (one.ldc_from, one.ldc_to)] == [row["ldc_from"], row["ldc_to"]]
        assert (one.ldc_to_status == "scheduled") == row["ldc_to_status"].startswith("scheduled")


def test_each_flag_of_the_shared_facts_is_counted_the_same_here(facts):
    def count(column):
        return sum(row[column] == "1" for row in facts.values())

    assert count("lldc") == sum(one.lldc for one in STATES.values()) == 32
    assert count("sids") == sum(one.sids for one in STATES.values()) == 39
    assert count("m49_developing_2017") == sum(one.developing for one in STATES.values()) == 148
    assert count("ldc_on_2017_04_06") == len(ldcs(ADOPTED))
    assert count("ldc_on_2018_12_10") == len(ldcs(MARRAKECH))
    assert count("ldc_on_2026_11_23") == len(ldcs(date(2026, 11, 23))) == 44
    left = [graduates(iso3) for iso3 in ("BGD", "LAO", "NPL")]
    assert count("ldc_on_2026_11_25_if_no_deferral") == len(ldcs(date(2026, 11, 25), amendments=left)) == 41


def test_regions_and_names_are_those_of_the_shared_facts_where_the_united_nations_writes_no_other(facts):
    for iso3, row in facts.items():
        one = state(iso3)
        if iso3 != "KIR":  # in no group; the facts attribute it
            assert one.region == row["un_regional_group"]
        assert one.names["fr"] == row["name_fr"]
        if iso3 not in ("CIV", "NLD"):
            assert one.names["en"] == row["name_en"].replace("'", "’")
        if before := row["name_en_2017_if_different"]:
            assert one.name_on(ADOPTED) == before
