"""A wrong mandate file is refused with its line and reason."""

import re

import pytest

from tests.core.mandates import MPTF_FEES, TEXT, edited, with_fees
from trustfund.core.mandate import MandateError, load
from trustfund.core.mandate_settings import SETTINGS, WHERE_SILENT

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


@pytest.mark.parametrize("code", [code for group in SETTINGS.values() for code in group if code not in WHERE_SILENT])
def test_a_setting_that_is_missing_is_named(code):
    text = re.sub(rf"(?ms)^{code} = .*?\n|^\[settings\.\w+\.{code}\]\n.*?\n\n?(?=[\[#])", "", TEXT, count=1)
    assert text != TEXT
    with pytest.raises(MandateError, match=f"the setting {code} is missing"):
        load(text)


def test_a_call_that_closes_first_is_refused_in_whatever_order_the_file_tells_it():
    opens, closes = (re.search(rf"(?m)^{code}_days_before = .*\n", TEXT)[0] for code in ("opens", "closes"))
    text = TEXT.replace(opens + closes, closes.replace("45", "91") + opens)
    with pytest.raises(MandateError, match="a call must close after it opens"):
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
