"""Money is exact: what is an amount, what a day's rate makes of it, what can be promised."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustfund.core.money import (
    CURRENCIES,
    LARGEST,
    Rate,
    amount_of,
    before_fee,
    decimals,
    in_usd,
    major,
    minor,
    rate_of,
    rate_on,
    rounded,
    share,
    spendable,
)
from trustfund.core.refusal import Refused

ECB = "ECB month end crossed through EUR"
CHF = [  # rows of ../shared/data/rates_2017_2018.csv
    Rate("CHF", Decimal("1.007157"), date(2018, 10, 31), ECB),
    Rate("CHF", Decimal("0.998327"), date(2018, 11, 30), ECB),
    Rate("CHF", Decimal("0.984192"), date(2018, 12, 31), ECB),
]
CENTS = st.integers(0, 10**12)


# What is an amount


@pytest.mark.parametrize(
    "text",
    [
        "1e5",
        "1E5",
        "٣",
        "٣.٥",
        "-5",
        "+5",
        "1,5,0",
        "1,500",
        "1 500",
        "1_500",
        "NaN",
        "Infinity",
        "inf",
        "0x10",
        "",
        " ",
        ".5",
        "5.",
        "5.0.0",
        "1'000",
        "50000 USD",
        "$5",
        "1\n5",
        "½",
        "１２",
        str(10**15),
        "12.5\u00a00",
    ],
)
def test_what_is_no_amount_is_refused_and_never_guessed(text):
    with pytest.raises(Refused) as refused:
        amount_of(text, "USD")
    assert refused.value.field == "amount"


def test_zero_is_no_amount():
    with pytest.raises(Refused, match="The amount is zero"):
        amount_of("0.00", "USD")


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("12.505", "USD"),
        ("12.5", "JPY"),
        ("12.5678", "KWD"),
        ("0.001", "EUR"),
    ],
)
def test_more_decimals_than_the_currency_has_are_refused(text, currency):
    with pytest.raises(Refused):
        amount_of(text, currency)


def test_an_amount_beyond_what_stays_exact_is_refused():
    assert amount_of("9999999999999.99", "USD") == LARGEST - Decimal("0.01")
    with pytest.raises(Refused, match="larger than any contribution can be"):
        amount_of("10000000000000", "USD")


def test_a_currency_has_its_own_number_of_decimals():
    assert [decimals(currency) for currency in ("JPY", "USD", "KWD")] == [0, 2, 3]
    assert str(amount_of("50000", "JPY")) == "50000"
    assert str(amount_of("50000", "USD")) == "50000.00"
    assert str(amount_of("50000.125", "KWD")) == "50000.125"
    assert str(amount_of(" 12.5 ", "EUR")) == "12.50"


@pytest.mark.parametrize("currency", ["", "usd", "XXX", "EURO", "€"])
def test_an_unknown_currency_is_refused(currency):
    with pytest.raises(Refused, match="is not a currency of ISO 4217"):
        amount_of("1", currency)


@pytest.mark.parametrize("text", ["0", "0.000", "-1", "1e-3", "٣", "NaN", "", "0,93"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(Refused, match="is not a rate"):
        rate_of(text)


def test_a_rate_is_kept_as_it_was_written():
    assert str(rate_of("0.943180")) == "0.943180"


# Whole minor units, and back


@given(units=st.integers(-(10**15), 10**15), currency=st.sampled_from(sorted(CURRENCIES)))
def test_minor_units_and_the_amount_are_one_another(units, currency):
    amount = major(units, currency)
    assert minor(amount, currency) == units
    assert -amount.as_tuple().exponent == decimals(currency)


@given(units=st.integers(1, 10**12), currency=st.sampled_from(sorted(CURRENCIES)))
def test_an_amount_that_is_written_is_read_as_the_same(units, currency):
    assert minor(amount_of(f"{major(units, currency):f}", currency), currency) == units


def test_half_a_cent_is_rounded_up():
    assert rounded(Decimal("337.215")) == Decimal("337.22")
    assert rounded(Decimal("337.2149")) == Decimal("337.21")
    assert rounded(Decimal("0.5"), "JPY") == 1


# Shares


@given(total=CENTS, parts=st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any))
def test_a_share_is_within_half_a_cent_and_never_more_than_the_whole(total, parts):
    whole = sum(parts)
    shares = [share(total, part, whole) for part in parts]
    assert all(0 <= got <= total for got in shares)
    assert all(abs(2 * got * whole - 2 * total * part) <= whole for got, part in zip(shares, parts, strict=True))
    assert 2 * abs(sum(shares) - total) <= len(parts)


@given(total=CENTS, parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_shares_of_what_is_left_add_up_to_the_whole(total, parts):
    left, whole, given_out = total, sum(parts), 0
    for part in parts:
        got = share(left, part, whole)
        left, whole, given_out = left - got, whole - part, given_out + got
    assert (left, given_out) == (0, total)


def test_half_a_cent_of_a_share_goes_up():
    assert [share(5, 1, 2), share(5, 1, 3), share(0, 1, 2), share(5, 0, 2), share(5, 2, 2)] == [3, 2, 0, 0, 5]


# The rate of a day


def test_100_000_francs_of_10_december_2018_are_100_167_58_dollars():
    rate = rate_on(CHF, "CHF", date(2018, 12, 10), source=ECB, within_days=35)
    assert rate.day == date(2018, 11, 30)
    assert in_usd(Decimal("100000.00"), rate) == Decimal("100167.58")


def test_the_rate_of_its_own_day_counts():
    assert rate_on(CHF, "CHF", date(2018, 12, 31), source=ECB, within_days=35).per_usd == Decimal("0.984192")


def test_a_rate_of_35_days_is_used_and_one_of_36_days_is_refused_by_currency_and_day():
    rates = CHF[:1]
    assert rate_on(rates, "CHF", date(2018, 12, 5), source=ECB, within_days=35) is rates[0]
    with pytest.raises(Refused, match="no rate for CHF on 2018-12-06: the fund uses the latest of the 35 days before"):
        rate_on(rates, "CHF", date(2018, 12, 6), source=ECB, within_days=35)


@pytest.mark.parametrize(
    ("currency", "day", "source"),
    [
        ("CHF", date(2018, 10, 30), ECB),
        ("CHF", date(2018, 12, 10), "UNORE"),
        ("EUR", date(2018, 12, 10), ECB),
    ],
)
def test_a_later_rate_another_source_or_another_currency_is_no_rate(currency, day, source):
    with pytest.raises(Refused, match=f"no rate for {currency} on {day}"):
        rate_on(CHF, currency, day, source=source, within_days=35)


def test_dollars_need_no_rate():
    rate = rate_on([], "USD", date(2017, 4, 3), source=ECB, within_days=35)
    assert in_usd(Decimal("12.34"), rate) == Decimal("12.34")


# What can be promised


@given(cents=CENTS, percent=st.integers(0, 100))
def test_what_can_be_promised_leaves_the_reserve_to_the_cent(cents, percent):
    cash, reserve = Decimal(cents) / 100, Decimal(percent) / 100
    left = spendable(cash, reserve, Decimal(0))
    assert left * (1 + reserve) <= cash < (left + Decimal("0.01")) * (1 + reserve)


@given(cents=CENTS, permille=st.integers(0, 1000))
def test_the_most_that_can_be_spent_and_its_fee_stay_within_the_charge(cents, permille):
    charge, rate = Decimal(cents) / 100, Decimal(permille) / 1000
    most = before_fee(charge, rate)
    assert most * (1 + rate) <= charge < (most + Decimal("0.01")) * (1 + rate)
    assert most + rounded(most * rate) <= charge


def test_what_is_used_and_set_aside_is_taken_off():
    assert spendable(Decimal("1150.00"), Decimal("0.15"), Decimal("300.00"), Decimal("200.00")) == Decimal("500.00")
    assert spendable(Decimal("100.00"), Decimal("0.15"), Decimal("90.00")) == Decimal("-3.05")
