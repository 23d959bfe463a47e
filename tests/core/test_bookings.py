"""How money moves in the books: every entry sums to zero, and a receivable that is paid is gone in both currencies."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustfund.core import bookings
from trustfund.core.ledger import CAME_IN, balances, debit, entry
from trustfund.core.money import minor

AGREED, PAID = date(2016, 6, 24), date(2016, 9, 28)


def usd(amount: str) -> int:
    return minor(Decimal(amount), "USD")


def sums(*entries):
    """account -> [minor units of its currency, cents of USD]"""
    total = defaultdict(lambda: [0, 0])
    for postings in entries:
        for posting in postings:
            total[posting.account][0] += posting.amount
            total[posting.account][1] += posting.usd
    return dict(total)


def test_50_000_euros_agreed_at_54_171_and_deposited_at_56_320_gain_2_149_dollars():
    agreed = bookings.agreed(currency="EUR", amount=5_000_000, usd=usd("54171.00"), day=AGREED)
    deposit = bookings.deposit_received(
        bank_account="main",
        currency="EUR",
        amount=5_000_000,
        usd=usd("56320.00"),
        day=PAID,
        owed=5_000_000,
        owed_usd=usd("54171.00"),
    )
    assert sums(agreed, deposit) == {
        "contributions-receivable": [0, 0],
        "voluntary-contributions": [-5_000_000, -usd("54171.00")],
        "cash:main": [5_000_000, usd("56320.00")],
        "exchange-difference": [-usd("2149.00"), -usd("2149.00")],
    }


def test_a_lower_rate_on_the_day_of_the_deposit_is_a_loss():
    deposit = bookings.deposit_received(
        bank_account="main",
        currency="EUR",
        amount=5_000_000,
        usd=usd("54171.00"),
        day=PAID,
        owed=5_000_000,
        owed_usd=usd("56320.00"),
    )
    assert sums(deposit)["exchange-difference"] == [usd("2149.00"), usd("2149.00")]


def test_what_is_paid_above_the_agreement_is_due_to_the_donor():
    deposit = bookings.deposit_received(
        bank_account="main",
        currency="EUR",
        amount=6_000_000,
        usd=usd("66000.00"),
        day=PAID,
        owed=5_000_000,
        owed_usd=usd("54171.00"),
    )
    assert sums(deposit)["due-to-donors"] == [-1_000_000, -usd("11000.00")]
    assert sums(deposit)["contributions-receivable"] == [-5_000_000, -usd("54171.00")]
    assert sums(deposit)["exchange-difference"] == [-usd("829.00"), -usd("829.00")]


def test_a_deposit_after_full_payment_is_all_due_to_the_donor():
    deposit = bookings.deposit_received(
        bank_account="main", currency="EUR", amount=100, usd=113, day=PAID, owed=0, owed_usd=0
    )
    assert sums(deposit) == {"cash:main": [100, 113], "due-to-donors": [-100, -113]}


def test_a_deposit_without_agreement_is_in_the_bank_and_has_not_come_in():
    deposit = bookings.deposit_unapplied(bank_account="main", currency="JPY", amount=113_380, usd=usd("1000"), day=PAID)
    assert sums(deposit) == {"cash:main": [113_380, usd("1000")], "unapplied-contributions": [-113_380, -usd("1000")]}
    assert came_in(deposit) == 0


def test_a_fee_on_the_deposit_lowers_what_came_in():
    deposit = bookings.deposit_received(
        bank_account="main",
        currency="USD",
        amount=usd("129950"),
        usd=usd("129950"),
        day=PAID,
        owed=usd("129950"),
        owed_usd=usd("129950"),
        fee_usd=usd("1299.50"),
    )
    agreed = bookings.agreed(currency="USD", amount=usd("129950"), usd=usd("129950"), day=AGREED)
    assert came_in(agreed) == 0
    assert came_in(agreed, deposit) == usd("128650.50")


def test_an_earmark_stays_with_every_posting():
    deposit = bookings.deposit_received(
        bank_account="main",
        currency="EUR",
        amount=600,
        usd=700,
        day=PAID,
        earmark="travel",
        owed=500,
        owed_usd=500,
        fee_usd=7,
    )
    assert {posting.earmark for posting in deposit} == {"travel"}
    assert {posting.day for posting in deposit} == {PAID}
    assert len(deposit) == 6


def test_an_entry_that_does_not_sum_to_zero_is_a_fault_of_the_code():
    with pytest.raises(AssertionError, match="does not sum to zero"):
        entry(debit("cash:main", "USD", 1, 1, PAID))
    with pytest.raises(AssertionError, match="no such account"):
        debit("petty-cash", "USD", 1, 1, PAID)


amounts = st.integers(1, 10**12)


@given(
    instalments=st.lists(amounts, min_size=1, max_size=8),
    agreed_usd=amounts,
    deposit_usd=st.lists(amounts, min_size=9, max_size=9),
    over=st.integers(0, 10**9),
    fee=st.integers(0, 10**6),
)
def test_any_instalments_sum_to_zero_and_leave_nothing_receivable_when_all_is_paid(
    instalments,
    agreed_usd,
    deposit_usd,
    over,
    fee,
):
    total = sum(instalments)
    owed, owed_usd = total, agreed_usd
    entries = [bookings.agreed(currency="EUR", amount=total, usd=agreed_usd, day=AGREED)]
    paid = [*instalments[:-1], instalments[-1] + over]
    for amount, value in zip(paid, deposit_usd, strict=False):
        entries.append(
            bookings.deposit_received(
                bank_account="main",
                currency="EUR",
                amount=amount,
                usd=value,
                day=PAID,
                owed=owed,
                owed_usd=owed_usd,
                fee_usd=fee,
            )
        )
        released = bookings.released_of(owed, owed_usd, amount)
        assert 0 <= released <= owed_usd
        owed, owed_usd = owed - min(amount, owed), owed_usd - released
        receivable = sums(*entries)["contributions-receivable"]
        assert receivable == [owed, owed_usd]
    assert (owed, owed_usd) == (0, 0)
    assert all(balances(postings) for postings in entries)
    books = sums(*entries)
    assert books["cash:main"] == [total + over, sum(deposit_usd[: len(paid)])]
    assert books.get("due-to-donors", [0])[0] == -over
    assert came_in(*entries) == (
        sum(deposit_usd[: len(paid)]) + books.get("due-to-donors", [0, 0])[1] - fee * len(paid)
    )


@given(amount=amounts, value=amounts)
def test_an_unapplied_deposit_sums_to_zero(amount, value):
    assert balances(bookings.deposit_unapplied(bank_account="main", currency="CHF", amount=amount, usd=value, day=PAID))


def came_in(*entries) -> int:
    """R of the rules of the fund (6), in cents."""
    books = sums(*entries)
    return -sum(books[account][1] for account in CAME_IN if account in books)
