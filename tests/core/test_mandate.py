"""The mandate file: what the shipped one says of the fund, its reserve and its fees."""

import re
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from tests.core.mandates import MPTF_FEES, TEXT, fee, with_fees
from trustfund.core.mandate import ELIGIBILITY, PRIORITY, load
from trustfund.core.mandate_settings import SETTINGS, WHERE_SILENT
from trustfund.core.money import before_fee, spendable

# What the shipped file says


def test_the_fund_of_paragraph_31_is_the_one_that_existed(mandate):
    fund = mandate.fund
    assert (fund.code, fund.document, fund.currency) == ("MCS00", "A/RES/71/280", "USD")
    assert fund.legal_basis["en"] == "General Assembly resolution 71/280 of 6 April 2017, paragraph 31"
    assert (fund.start, fund.adopted, fund.end) == (date(2017, 4, 3), date(2017, 4, 6), date(2018, 12, 31))
    assert "before" in fund.start_note["en"]
    assert [account.code for account in mandate.bank_accounts] == ["main"]
    assert (mandate.rates.source, mandate.rates.max_age_days) == ("ECB month end crossed through EUR", 35)


def test_a_bank_account_may_tell_what_a_donor_needs_to_pay_into_it(mandate):
    assert (mandate.bank_accounts[0].number, mandate.bank_accounts[0].bic) == ("", "")
    told = load(
        TEXT.replace('code = "main"\n', 'code = "main"\nnumber = "CH93 0076 2011 6238 5295 7"\nholder = "The fund"\n')
    )
    (account,) = told.bank_accounts
    assert (account.number, account.holder, account.bank) == ("CH93 0076 2011 6238 5295 7", "The fund", "")


def test_an_older_mandate_is_silent_on_contributions_and_then_holds_what_the_shipped_one_says(mandate):
    older = load(re.sub(r"(?m)^\[settings\.contributions\]\n(.+\n)*", "", TEXT))
    assert {code: older.setting(code) for code in WHERE_SILENT} == {
        code: mandate.setting(code) for code in WHERE_SILENT
    }
    assert older.settings.keys() == mandate.settings.keys()
    half = load(
        re.sub(r"(?m)^kinds_checked = .*\n", "", TEXT).replace("instalment = { value = 30", "instalment = { value = 3")
    )
    assert (half.setting("kinds_checked"), half.setting("days_from_reminder_to_instalment")) == (
        ("private", "individual"),
        3,
    )


def test_travel_comes_first_and_surplus_may_serve_the_preparations(mandate):
    assert [purpose.code for purpose in mandate.purposes] == ["travel", "preparations"]
    assert {purpose.authority for purpose in mandate.purposes} == {"A/RES/71/280, para. 31"}
    assert mandate.purposes[0].text["en"] == (
        "to finance in the first place the travel and participation of representatives of developing countries, "
        "in particular the least developed countries"
    )


def test_the_french_purposes_are_the_words_of_the_resolution(mandate, shared):
    resolution = (shared / "a-res-71-280.fr.txt").read_text(encoding="utf-8")
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
    first, second = fee("support", "0.13", ends="2018-01-01"), fee("support", "0.08", begins="2018-01-01")
    lower = with_fees(first + second)
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
