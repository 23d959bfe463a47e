"""Why Nepal stands before Fiji: each criterion has its sentence, with both values and the authority."""

import json

import pytest

from trustfund.core.mandate import load
from trustfund.core.priority import STILL
from trustfund.operations.fund import shipped_mandate
from trustfund.reports.reasons import SAYS, Stand, authority, because

NEPAL = Stand("Nepal", "Asia-Pacific Group", "LDC", "F", 1)
FIJI = Stand("Fiji", "Asia-Pacific Group", "LLDC/SIDS", "M", 1)
GHANA = Stand("Ghana", "African Group", "developing", "", 3)


def say(sentence, /, **values):
    return sentence.format(**values)


def told(ahead_by, *compared, one=NEPAL, two=FIJI):
    return because(ahead_by, json.dumps([str(value) for value in compared]), one, two, say)


@pytest.mark.parametrize(
    ("ahead_by", "compared", "sentence"),
    [
        ("step", (1, 2), "Nepal stands at step 1 (LDC, its seat 1), Fiji at step 2 (LLDC/SIDS, its seat 1)."),
        ("seat-of-state", (1, 2), "For Nepal this is seat 1, for Fiji the next would be seat 1."),
        ("country-category", (0, 1), "Nepal: LDC. Fiji: LLDC/SIDS."),
        ("on-time", (0, 1), "The file of Nepal was complete by the deadline, that of Fiji came later."),
        ("least-funded-state", (2, 3), "Nepal had fewer seats at earlier meetings: 2, and Fiji 3."),
        (
            "regional-balance",
            (3, 11, 4, 9),
            "Its group has fewer places so far for its States: 3 for 11 (Asia-Pacific Group, LDC); that of Fiji has "
            "4 for 9 (Asia-Pacific Group, LLDC/SIDS).",
        ),
        ("gender-balance", (1, 3), "Women have fewer places so far: 1, and men 3."),
        (
            "earliest-complete",
            ("2018-01-10 09:00:00+00:00", "2018-01-10 09:00:07+00:00"),
            "The file of Nepal was complete earlier: 09:00:00.000000; that of Fiji: 09:00:07.000000.",
        ),
        (
            "draw",
            ("0b77b8b3" + "0" * 56, "f8f58f35" + "0" * 56),
            "All else is equal, so it was drawn: 0b77b8b3… comes before f8f58f35… of Fiji.",
        ),
        ("over-quota", (1, 1), "The next is candidate 1 of Fiji, more than the table of steps has for one State."),
    ],
)
def test_a_criterion_says_both_values(ahead_by, compared, sentence):
    assert told(ahead_by, *compared) == sentence


@pytest.mark.parametrize(
    ("one", "two", "counted", "begins"),
    [
        (NEPAL, FIJI, (1, 3), "Women have fewer places so far: 1, and men 3."),
        (NEPAL, GHANA, (1, 3), "Women have fewer places so far, 1 and men 3; the next"),
        (FIJI, NEPAL, (3, 1), "Men have fewer places so far: 1, and women 3."),
        (FIJI, GHANA, (3, 1), "Men have fewer places so far, 1 and women 3; the next"),
        (GHANA, NEPAL, (3, 1), "Women have more places so far, 3 and men 1; this file"),
        (GHANA, FIJI, (1, 3), "Men have more places so far, 3 and women 1; this file"),
    ],
)
def test_the_balance_of_genders_is_told_for_women_for_men_and_for_who_states_none(one, two, counted, begins):
    assert told("gender-balance", *counted, one=one, two=two).startswith(begins)


def test_who_holds_a_seat_and_who_is_last_have_no_criterion():
    assert told(None) == "This seat is held from an earlier run, so it keeps its place."
    assert told(None, two=None) == "Last of the list."


def test_every_criterion_of_the_core_has_a_sentence():
    assert {*STILL, "regional-balance", "gender-balance", "over-quota"} == {*SAYS}


@pytest.mark.parametrize(
    ("ahead_by", "category", "word"),
    [
        ("step", "LDC", "A/RES/71/280, para. 31"),
        ("step", "developing", "fund practice"),
        ("on-time", "LDC", "fund practice"),
        ("over-quota", "LDC", "fund practice"),
        (None, "LDC", ""),
    ],
)
def test_a_reason_names_the_part_of_the_authority_that_is_meant(ahead_by, category, word):
    mandate = load(shipped_mandate("a-res-71-280"))
    of_rules = {rule.code: rule.authority for rule in mandate.priority}
    assert authority(ahead_by, category, of_rules, mandate.settings["steps"].authority) == word
