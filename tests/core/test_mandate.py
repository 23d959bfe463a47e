"""The mandate file: what the shipped one says, and how a wrong one is refused."""

import os
import re
import tomllib
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from trustfund.core.mandate import ELIGIBILITY, PRIORITY, MandateError, load
from trustfund.core.mandate_lines import lines_of
from trustfund.core.mandate_settings import SETTINGS
from trustfund.core.money import before_fee, spendable

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "trustfund/mandates/a-res-71-280.toml").read_text(encoding="utf-8")
RESOLUTION = ROOT.parent / "shared/a-res-71-280.fr.txt"
MPTF_FEES = """\
[[fees]]
code = "agent"
name = { en = "Administrative agent", fr = "Agent d’administration" }
rate = 0.01
base = "deposit"
from = 2017-04-03
authority = "fund practice"

[[fees]]
code = "indirect-cost"
name = { en = "Indirect cost", fr = "Coûts indirects" }
rate = 0.07
base = "expenditure"
from = 2017-04-03
authority = "fund practice"
"""


@pytest.fixture(scope="module")
def mandate():
    return load(TEXT)


def edited(old: str, new: str) -> tuple[str, int]:
    """The shipped text with the first ``old`` replaced, and the line where it stood."""
    assert old in TEXT
    return TEXT.replace(old, new, 1), 1 + TEXT[: TEXT.index(old)].count("\n")


def with_fees(fees: str) -> str:
    return re.sub(r"\[\[fees\]\].*?(?=\n# Kept back)", lambda _: fees, TEXT, flags=re.DOTALL)


# What the shipped file says


def test_the_fund_of_paragraph_31_is_the_one_that_existed(mandate):
    fund = mandate.fund
    assert (fund.code, fund.document, fund.currency) == ("MCS00", "A/RES/71/280", "USD")
    assert fund.legal_basis["en"] == "General Assembly resolution 71/280 of 6 April 2017, paragraph 31"
    assert (fund.start, fund.adopted, fund.end) == (date(2017, 4, 3), date(2017, 4, 6), date(2018, 12, 31))
    assert "before" in fund.start_note["en"]
    assert [account.code for account in mandate.bank_accounts] == ["main"]
    assert (mandate.rates.source, mandate.rates.max_age_days) == ("ECB month end crossed through EUR", 35)


def test_travel_comes_first_and_surplus_may_serve_the_preparations(mandate):
    assert [purpose.code for purpose in mandate.purposes] == ["travel", "preparations"]
    assert {purpose.authority for purpose in mandate.purposes} == {"A/RES/71/280, para. 31"}
    assert mandate.purposes[0].text["en"] == (
        "to finance in the first place the travel and participation of representatives of developing countries, "
        "in particular the least developed countries"
    )


def test_the_french_purposes_are_the_words_of_the_resolution(mandate):
    if not RESOLUTION.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{RESOLUTION} is missing")
        pytest.skip("../shared/a-res-71-280.fr.txt is not here: the French text was not compared with the resolution")
    resolution = RESOLUTION.read_text(encoding="utf-8")
    paragraph = resolution[resolution.index("\n31. ") :]
    for purpose in mandate.purposes:
        assert purpose.quoted == ("fr",)
        assert purpose.text["fr"] in paragraph


def test_every_rule_and_every_setting_names_its_authority(mandate):
    named = re.compile(r"A/RES/71/280, paras?\. [0-9]|fund practice")
    ruled = [
        *mandate.purposes,
        *mandate.fees,
        *mandate.reserves,
        mandate.rates,
        *mandate.eligibility,
        *mandate.priority,
        *mandate.settings.values(),
        *ELIGIBILITY,
        *PRIORITY,
    ]
    assert [row for row in ruled if not named.search(row.authority)] == []


def test_the_rules_and_settings_are_those_of_the_rules_of_the_fund(mandate):
    assert [rule.code for rule in mandate.eligibility] == [rule.code for rule in ELIGIBILITY]
    assert [rule.code for rule in mandate.priority] == [
        "step",
        "on-time",
        "least-funded-state",
        "regional-balance",
        "gender-balance",
        "earliest-complete",
        "draw",
    ]
    assert set(mandate.settings) == {code for group in SETTINGS.values() for code in group}
    assert mandate.setting("steps") == (
        ("LDC", 1),
        ("LLDC/SIDS", 1),
        ("LDC", 2),
        ("developing", 1),
        ("LLDC/SIDS", 2),
        ("developing", 2),
        ("self-financing", 1),
    )
    assert mandate.setting("when_cash_falls_short") == "same-step"
    assert mandate.setting("earlier_seats") == "phase"
    assert mandate.setting("late_until") == 21
    assert mandate.setting("deductions")["lodging"] == Decimal("0.50")
    assert mandate.setting("two_approvers_above") == Decimal("10000.00")


def test_the_usual_authority_of_a_rule_is_the_one_the_fund_names(mandate):
    usual = {rule.code: rule.authority for rule in (*ELIGIBILITY, *PRIORITY)}
    assert all(usual[rule.code] == rule.authority for rule in (*mandate.eligibility, *mandate.priority))


def test_the_digest_is_that_of_the_text_as_utf_8(mandate):
    assert mandate.digest == sha256(TEXT.encode()).hexdigest()
    assert load(TEXT + "# a word more\n").digest != mandate.digest


def test_what_was_read_cannot_be_changed(mandate):
    with pytest.raises(AttributeError):
        mandate.fund.code = "MIG00"
    with pytest.raises(TypeError):
        mandate.setting("deductions")["lodging"] = Decimal(0)
    with pytest.raises(TypeError):
        mandate.fund.name["en"] = "Another fund"


# Reserve and fees of a day


def test_the_reserve_is_15_per_cent_until_an_entry_of_the_closing_decision(mandate):
    closing = load(
        TEXT.replace(
            "[rules]",
            """\
[[reserve]]
rate = 0
from = 2018-12-12
authority = "fund practice"

[rules]""",
            1,
        )
    )
    assert mandate.reserve_on(date(2018, 12, 31)) == Decimal("0.15")
    assert closing.reserve_on(date(2018, 12, 11)) == Decimal("0.15")
    assert closing.reserve_on(date(2018, 12, 12)) == 0


def test_an_early_deposit_already_bears_the_reserve(mandate):
    assert mandate.reserve_on(date(2017, 4, 1)) == Decimal("0.15")


def test_a_fee_is_in_force_from_its_first_day_up_to_the_day_it_ends():
    ending = load(
        TEXT.replace(
            'from = 2017-04-03\nauthority = "fund practice: ST/AI/286',
            'from = 2017-04-03\nto = 2018-07-01\nauthority = "fund practice: ST/AI/286',
        )
    )
    codes = {
        day: [fee.code for fee in ending.fees_on(date.fromisoformat(day), "expenditure")]
        for day in ("2017-04-02", "2017-04-03", "2018-06-30", "2018-07-01")
    }
    assert codes == {
        "2017-04-02": [],
        "2017-04-03": ["programme-support-cost"],
        "2018-06-30": ["programme-support-cost"],
        "2018-07-01": [],
    }
    assert ending.fees_on(date(2018, 1, 1), "deposit") == ()


def test_the_same_fee_may_follow_itself_with_another_rate():
    lower = with_fees("""\
[[fees]]
code = "programme-support-cost"
name = { en = "Programme support cost", fr = "Dépenses d’appui aux programmes" }
rate = 0.13
base = "expenditure"
from = 2017-04-03
to = 2018-01-01
authority = "fund practice"
[[fees]]
code = "programme-support-cost"
name = { en = "Programme support cost", fr = "Dépenses d’appui aux programmes" }
rate = 0.08
base = "expenditure"
from = 2018-01-01
authority = "fund practice"
""")
    rates = [load(lower).fees_on(day, "expenditure")[0].rate for day in (date(2017, 12, 31), date(2018, 1, 1))]
    assert rates == [Decimal("0.13"), Decimal("0.08")]


def test_a_fund_may_have_no_fee():
    assert load("fees = []\n" + with_fees("")).fees == ()


def test_with_13_per_cent_of_expenditure_129_950_in_the_bank_is_100_000_of_journeys(mandate):
    day, cash = date(2018, 1, 24), Decimal("129950.00")
    (fee,) = mandate.fees_on(day, "expenditure")
    left = spendable(cash, mandate.reserve_on(day), Decimal(0))
    assert left == Decimal("113000.00")
    assert before_fee(left, fee.rate) == Decimal("100000.00")
    assert before_fee(left, fee.rate) * fee.rate == Decimal("13000.00")
    assert cash - left == Decimal("16950.00")
    assert spendable(cash, mandate.reserve_on(day), Decimal("113000.00")) == 0


def test_with_1_per_cent_of_deposit_and_7_per_cent_of_expenditure_it_is_104_551_40_of_journeys():
    mandate, day = load(with_fees(MPTF_FEES)), date(2018, 1, 24)
    (of_deposit,), (of_expenditure,) = mandate.fees_on(day, "deposit"), mandate.fees_on(day, "expenditure")
    came_in = Decimal("129950.00") * (1 - of_deposit.rate)
    assert came_in == Decimal("128650.50")
    left = spendable(came_in, mandate.reserve_on(day), Decimal(0))
    assert left == Decimal("111870.00")
    assert before_fee(left, of_expenditure.rate) == Decimal("104551.40")


# A wrong file

WRONG = {
    "a rate of 13": ("rate = 0.13", "rate = 13", "the rate of a fee must lie between 0 and 1, for example 0.13"),
    "a negative rate": ("rate = 0.13", "rate = -0.13", "the rate of a fee must lie between 0 and 1, for example 0.13"),
    "a rate that is no number": (
        "rate = 0.13",
        "rate = nan",
        "the rate of a fee must lie between 0 and 1, for example 0.13",
    ),
    "a rate beyond Decimal": (
        "rate = 0.13",
        "rate = 1e99999999999999999999",
        "the rate of a fee must lie between 0 and 1, for example 0.13",
    ),
    "a rate in quotation marks": (
        "rate = 0.13",
        'rate = "0.13"',
        "the rate of a fee must lie between 0 and 1, for example 0.13",
    ),
    "a rate that is true": (
        "rate = 0.13",
        "rate = true",
        "the rate of a fee must lie between 0 and 1, for example 0.13",
    ),
    "a reserve above 1": ("rate = 0.15", "rate = 15", "the rate of a reserve must lie between 0 and 1"),
    "a base that is no base": (
        'base = "expenditure"',
        'base = "contribution"',
        "the base of a fee must be one of: deposit, expenditure",
    ),
    "a base that is a list": (
        'base = "expenditure"',
        'base = ["deposit"]',
        "the base of a fee must be one of: deposit, expenditure",
    ),
    "a day in quotation marks": (
        "adopted = 2017-04-06",
        'adopted = "2017-04-06"',
        "the adopted of the fund must be a day",
    ),
    "a day with an hour": (
        "adopted = 2017-04-06",
        "adopted = 2017-04-06T10:00:00Z",
        "the adopted of the fund must be a day",
    ),
    "an end before the start": (
        "end = 2018-12-31",
        "end = 2016-12-31",
        "the fund ends on 2016-12-31, before it starts on 2017-04-03",
    ),
    "a currency that is none": ('currency = "USD"', 'currency = "UDS"', "must be a currency of ISO 4217"),
    "books in another currency": ('currency = "USD"', 'currency = "EUR"', "the books are kept in USD, not in EUR"),
    "an unknown key": ('base = "expenditure"', 'bass = "expenditure"', "“bass” is not known here; a fee may have:"),
    "an unknown section": ("[rules]", "[rulez]", "“rulez” is not known here; the file may have: fund,"),
    "an unknown setting": ("late_until =", "late_till =", "“late_till” is not known here"),
    "an unknown rule": (
        'code = "file-complete"',
        'code = "file-completed"',
        "the code of an eligibility rule must be one of:",
    ),
    "an unknown criterion": ('code = "on-time"', 'code = "in-time"', "the code of a priority rule must be one of:"),
    "a rule named twice": (
        'code = "file-complete"',
        'code = "travel-needed"',
        "an eligibility rule named “travel-needed” stands in the file twice",
    ),
    "an empty authority": (
        'para. 3" },',
        'para. 3" },\n  { code = "travel-needed", authority = "" },',
        'the authority of an eligibility rule must name a paragraph, for example "A/RES/71/280, para. 31", or say',
    ),
    "an authority that names nothing": (
        'max_age_days = 35\nauthority = "fund practice"',
        'max_age_days = 35\nauthority = "as usual"',
        "the authority of the rates must name a paragraph",
    ),
    "a setting without value": (
        "{ value = 21, authority",
        "{ authority",
        "the value of the setting late_until is missing",
    ),
    "a setting that is a number": (
        'late_until = { value = 21, authority = "fund practice" }',
        "late_until = 21",
        "the setting late_until must be a table",
    ),
    "half a day": (
        "late_until = { value = 21",
        "late_until = { value = 20.5",
        "the value of the setting late_until must be a whole number from 0 to 365",
    ),
    "an unknown way to fall short": (
        'when_cash_falls_short = { value = "same-step"',
        'when_cash_falls_short = { value = "jump"',
        "the value of the setting when_cash_falls_short must be one of: same-step, skip, stop; “jump” is not known",
    ),
    "an amount of three decimals": (
        "value = 1500.00",
        "value = 1500.005",
        "the value of the setting two_quotes_above must be an amount in USD",
    ),
    "no flag": ("value = false", 'value = "no"', "the value of the setting regional_consultations must be true or"),
    "deductions of more than all": (
        "lodging = 0.50",
        "lodging = 0.75",
        "the deductions of a day must not be more than the whole allowance",
    ),
    "a step named twice": ('["LLDC/SIDS", 2]', '["LDC", 2]', "the step LDC, 2 stands in the table twice"),
    "a step left out": (
        '["self-financing", 1]',
        '["self-financing", 2]',
        "the next seat of self-financing in the table must be",
    ),
    "a step of no category": ('["self-financing", 1]', '["rich", 1]', "the category of a step must be one of: LDC,"),
    "a step of half a seat": ('["self-financing", 1]', '["self-financing", 0.5]', "the number of a step must be a"),
    "a step of three": ('["self-financing", 1]', '["self-financing", 1, 2]', "a step must be a category and a number"),
    "a State of two letters": ('["COK", "NIU"]', '["CK", "NIU"]', "must be the three letters of a State in ISO 3166"),
    "a group of no State": ("COK = ", "Cook = ", "must be the three letters of a State in ISO 3166"),
    "lodging that is more than the allowance": (
        "lodging = 0.60",
        "lodging = 1.60",
        "the lodging of a daily allowance must lie between 0 and 1",
    ),
    "an allowance without source": (
        'lodging = 0.60, source = "example"',
        "lodging = 0.60",
        "the source of a daily allowance is missing",
    ),
    "a rate without source": (
        '2023-06-01, source = "ST/IC/2019/16/Amend.1"',
        "2023-06-01",
        "the source of a terminal rate is missing",
    ),
    "two rates of one day": (
        "usd = 384.00, from = 2018-02-01",
        "usd = 384.00, from = 2016-01-01",
        "a daily allowance for New York, 2016-01-01 stands in the list twice",
    ),
    "two fares of one day": (
        'subregion = "Eastern Africa", venue = "Geneva"',
        'subregion = "Eastern Africa", venue = "New York"',
        "a planning fare for Eastern Africa, New York, 2016-01-01 stands in the list twice",
    ),
    "a fare from no subregion": (
        'subregion = "Eastern Africa", venue = "Geneva"',
        'subregion = "East Africa", venue = "Geneva"',
        "the subregion of a planning fare must be one of: Australia and New Zealand, Caribbean,",
    ),
    "a meeting without seats": (
        "planned_seats = { value = 24",
        "planned_seats = { value = 0",
        "the value of the setting planned_seats must be a whole number from 1 to 1000",
    ),
    "a public value without French": (
        'value.fr = "le taux',
        'value.es = "le taux',
        "the text “fr” of the value of the setting draw_value is missing",
    ),
    "a call that closes first": (
        "closes_days_before = { value = 45",
        "closes_days_before = { value = 91",
        "a call must close after it opens",
    ),
    "a purpose without French": (
        'fr = "les éventuels',
        'es = "les éventuels',
        "the text “fr” of the text of a purpose is missing",
    ),
    "a language that is none": ('fr = "Compte principal"', 'fr = "C", tlh = "C"', "“tlh” is not known here"),
    "a quotation in no language": ('quoted = ["fr"]', 'quoted = ["de"]', "a quoted language must be one of: en, fr"),
    "an empty text": ('en = "Main account"', 'en = " "', "must be a text in quotation marks, and not empty"),
    "a code with a space": ('code = "main"', 'code = "main account"', "the code of a bank account must be a word"),
    "a section where a list belongs": ("[[reserve]]", "[reserve]", "the section [reserve] must be a list"),
    "not TOML": ("rate = 0.13", "rate = = 0.13", "this is not TOML: Invalid value"),
    "a key written twice": ("rate = 0.13", "rate = 0.13\nrate = 0.14", "this is not TOML: Cannot overwrite a value"),
    "a day that no calendar has": ("end = 2018-12-31", "end = 2018-02-30", "this is not TOML: "),
}
LINES_BELOW = {
    "an empty authority": 1,
    "an authority that names nothing": 1,
    "a key written twice": 1,
    "a rule named twice": 2,
    "a purpose without French": -2,
    "a public value without French": -1,
}
"""Where the fault stands, in lines from the edit: a rule named twice at the second, a missing text at its table."""


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_refused_with_its_line_and_reason(case):
    old, new, reason = WRONG[case]
    text, line = edited(old, new)
    with pytest.raises(MandateError) as refused:
        load(text)
    assert reason in refused.value.reason
    assert str(refused.value) == f"line {line + LINES_BELOW.get(case, 0)}: {refused.value.reason}"


def test_the_order_of_priority_must_end_with_the_draw():
    text, line = edited('  { code = "draw", authority = "fund practice" },\n', "")
    with pytest.raises(MandateError, match="must end with “draw”, so that no two candidates tie") as refused:
        load(text)
    assert refused.value.line == 1 + TEXT[: TEXT.index("priority = [")].count("\n") < line


@pytest.mark.parametrize("key", ["code", "name", "rate", "base", "from", "authority"])
def test_a_fee_that_lacks_a_key_is_refused_at_its_heading(key):
    fee = re.search(r"\[\[fees\]\].*?\n\n", TEXT, re.DOTALL)
    text = TEXT.replace(fee[0], re.sub(rf"(?m)^{key} = .*\n", "", fee[0]))
    with pytest.raises(MandateError) as refused:
        load(text)
    line = 1 + TEXT[: fee.start()].count("\n")
    assert str(refused.value) == f"line {line}: the {key} of a fee is missing"


@pytest.mark.parametrize("section", ["rates", "settings.calls", "settings.duties"])
def test_a_section_that_is_missing_is_named(section):
    text = re.sub(rf"(?m)^\[{re.escape(section)}\]\n(.+\n)*", "", TEXT)
    with pytest.raises(MandateError, match=re.escape(f"the section [{section}] is missing")):
        load(text)


@pytest.mark.parametrize("code", [code for group in SETTINGS.values() for code in group])
def test_a_setting_that_is_missing_is_named(code):
    text = re.sub(rf"(?ms)^{code} = .*?\n|^\[settings\.\w+\.{code}\]\n.*?\n\n?(?=[\[#])", "", TEXT, count=1)
    assert text != TEXT
    with pytest.raises(MandateError, match=f"the setting {code} is missing"):
        load(text)


@pytest.mark.parametrize("second", ["2017-04-03", "2018-12-31", "2016-01-01"])
def test_a_fee_in_force_twice_is_refused_at_the_second(second):
    first, other = MPTF_FEES.replace("indirect-cost", "agent").split("\n\n")
    text = with_fees(f"{first}\n\n{other.replace('2017-04-03', second)}")
    with pytest.raises(MandateError, match=f"the fee agent is in force twice from {second} on") as refused:
        load(text)
    assert text.splitlines()[refused.value.line - 1] == "[[fees]]"
    assert refused.value.line > 1 + text[: text.index("[[fees]]")].count("\n")


def test_a_fee_that_ends_before_it_begins_is_refused():
    text, line = edited("from = 2017-04-03\n", "from = 2017-04-03\nto = 2017-04-03\n")
    with pytest.raises(MandateError, match="must end later than that") as refused:
        load(text)
    assert refused.value.line == line + 1


def test_two_reserves_of_one_day_are_refused():
    text = TEXT.replace("[rules]", '[[reserve]]\nrate = 0\nfrom = 2017-04-03\nauthority = "fund practice"\n[rules]', 1)
    with pytest.raises(MandateError, match="a reserve must begin after the one before it") as refused:
        load(text)
    assert text.splitlines()[refused.value.line - 1] == "from = 2017-04-03"


def test_a_start_before_the_adoption_needs_a_reason():
    text, _ = edited("start_note = ", "# start_note = ")
    with pytest.raises(MandateError, match="before its adoption on 2017-04-06; a start_note must say why"):
        load(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("fund = 3\n", 1),
        ('[fund]\ncode = "A\n', 2),
        ("\n\nx = [\n", 3),
        ("a = 1\nb = " + "9" * 5000 + "\n", 2),
        ("a = 1\nb = " + "[" * 100_000 + "\n", 2),
        ("\ufeffa = 1\n", 1),
        ("a = 1\n\x00", 2),
    ],
)
def test_what_is_no_mandate_at_all_is_refused_without_a_traceback(text, line):
    with pytest.raises(MandateError) as refused:
        load(text)
    assert refused.value.line == line


# The locator


def test_every_value_of_the_file_is_found_on_the_line_where_it_stands():
    lines, found = TEXT.splitlines(), lines_of(TEXT)

    def walk(value, path=()):
        if path:
            assert path in found
        if path and isinstance(path[-1], str):
            assert path[-1] in lines[found[path] - 1]
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in inside:
            walk(inner, (*path, key))

    walk(tomllib.loads(TEXT))


def test_the_locator_reads_over_strings_comments_and_braces():
    text = '''\
a = """
[not.a.table]
x = 1 # "
""""  # [nor.this]
"b c" = 'it = [ {'
[[t]]
list = [ # a comment ] }
  1, { x = [], y = "}" },

  [2,
   3],
]
[t.u]
v.w = 5
[[t]]
x = 1
'''
    tomllib.loads(text)
    found = lines_of(text)
    assert {
        path: found[path]
        for path in [
            ("a",),
            ("b c",),
            ("t", 0, "list"),
            ("t", 0, "list", 1),
            ("t", 0, "list", 1, "y"),
            ("t", 0, "list", 2),
            ("t", 0, "list", 2, 1),
            ("t", 0, "u"),
            ("t", 0, "u", "v", "w"),
            ("t", 1),
            ("t", 1, "x"),
        ]
    } == {
        ("a",): 1,
        ("b c",): 5,
        ("t", 0, "list"): 7,
        ("t", 0, "list", 1): 8,
        ("t", 0, "list", 1, "y"): 8,
        ("t", 0, "list", 2): 10,
        ("t", 0, "list", 2, 1): 11,
        ("t", 0, "u"): 13,
        ("t", 0, "u", "v", "w"): 14,
        ("t", 1): 15,
        ("t", 1, "x"): 16,
    }
    assert ("not",) not in found
    assert ("nor",) not in found
