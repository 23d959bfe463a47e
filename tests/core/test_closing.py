"""The end of a month and of the fund: accruals and revaluations that spend nothing, refunds that sum to the cent."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustfund.core import month_bookings
from trustfund.core.closing import (
    Accrual,
    Held,
    apportioned,
    following,
    is_revalued,
    last_day,
    month_named,
    months_from,
    redated,
    refunds,
    revalued,
    still_due,
)
from trustfund.core.ledger import CAME_IN, COMMITTED, SPENT, balances, credit, debit, entry
from trustfund.core.money import Rate, in_usd, major, minor
from trustfund.core.refusal import Refused

JANUARY = date(2018, 1, 31)
AMNA = Accrual("A-22222222", date(2018, 1, 26), {"category:LDC": 100_000, "": 193_122}, 259_400, 33_722)
cents = st.integers(0, 10**12)
accounts = st.sampled_from(("contributions-receivable", "cash:euro", "payables", "due-to-donors"))


def euros(per_usd: str, day: date = JANUARY) -> Rate:
    return Rate("EUR", Decimal(per_usd), day, "example")


def sums(postings, *, by=lambda p: p.account):
    total: Counter[object] = Counter()
    for posting in postings:
        total[by(posting)] += posting.usd
    return {key: usd for key, usd in total.items() if usd}


def pots(postings) -> dict[tuple[str, str], int]:
    """R and W of the rules for every earmark."""
    total: Counter[tuple[str, str]] = Counter()
    for p in postings:
        total["R", p.earmark] -= p.usd if p.account in CAME_IN else 0
        total["W", p.earmark] += p.usd if p.account in (*SPENT, *COMMITTED) else 0
    return {key: usd for key, usd in total.items() if usd}


# Months


def test_a_month_is_named_by_year_and_month_and_nothing_else():
    assert month_named("2018-01") == "2018-01"
    for text in ("2018-13", "2018", "2018-1", "January", "2018-01-01", "2018 01", ""):
        with pytest.raises(Refused, match="is not a month"):
            month_named(text)


def test_months_follow_each_other_over_the_year_and_through_february():
    assert months_from("2017-11", "2018-02") == ["2017-11", "2017-12", "2018-01", "2018-02"]
    assert months_from("2018-02", "2018-01") == []
    assert (last_day("2018-02"), last_day("2020-02"), following("2018-12")) == (
        date(2018, 2, 28),
        date(2020, 2, 29),
        "2019-01",
    )


def deposit_of(day: date) -> tuple:
    return entry(debit("cash:main", "USD", 100, 100, day), credit("voluntary-contributions", "USD", 100, 100, day))


def test_a_late_fact_goes_to_the_first_open_month_with_its_own_day():
    late, in_time = deposit_of(date(2018, 1, 12)), (*deposit_of(date(2018, 2, 1)), *deposit_of(date(2018, 2, 9)))
    moved, own = redated((*late, *in_time), "2018-01")
    assert [p.day for p in moved] == [date(2018, 2, 1)] * 4 + [date(2018, 2, 9)] * 2
    assert own == ["2018-01-12"]
    assert [p.usd for p in moved] == [p.usd for p in (*late, *in_time)]


def test_a_month_before_the_first_that_was_closed_is_closed_too():
    assert redated(deposit_of(date(2017, 3, 30)), "2017-06")[1] == ["2017-03-30"]


def test_a_fact_of_an_open_month_stays_where_it_is():
    fact = deposit_of(date(2018, 1, 12))
    for closed in (None, "2017-12"):
        assert redated(fact, closed) == (fact, [])


# Accruals


def test_a_journey_made_and_not_settled_is_expense_of_its_month_and_its_commitment_is_released():
    accrued = month_bookings.accrued(AMNA, JANUARY)
    assert sums(accrued) == {
        "travel": 259_400,
        "accrued-travel": -259_400,
        "support-cost": 33_722,
        "support-cost-payable": -33_722,
        "committed": 293_122,
        "commitments": -293_122,
    }
    assert sums([p for p in accrued if p.account in ("travel", "support-cost")], by=lambda p: p.earmark) == AMNA.parts


@given(
    st.dictionaries(st.sampled_from(("", "travel", "category:LDC", "meeting:N1")), st.integers(1, 10**9), min_size=1),
    st.data(),
)
def test_any_accrual_sums_to_zero_uses_what_it_releases_and_never_a_cent_less_than_nothing(parts, data):
    whole = sum(parts.values())
    travel = data.draw(st.integers(0, whole))
    accrued = month_bookings.accrued(Accrual("A-1", JANUARY, parts, travel, whole - travel), JANUARY)
    assert balances(accrued)
    assert pots(accrued) == {}
    assert sums(accrued).get("travel", 0) == travel
    assert all(p.usd > 0 for p in accrued if p.account in ("travel", "support-cost"))


def test_an_accrual_uses_exactly_what_is_committed_for_it():
    with pytest.raises(AssertionError, match="what is committed is what is expected"):
        month_bookings.accrued(Accrual("A-1", JANUARY, {"": 100}, 100, 13), JANUARY)


# Revaluation


def test_50_000_euros_receivable_at_54_171_are_worth_62_265_26_at_the_rate_of_the_month_end():
    held = Held("contributions-receivable", "EUR", "travel", 5_000_000, 5_417_100)
    one = revalued(held, euros("0.803016"))
    assert one.adjustment == 6_226_526 - 5_417_100
    assert sums(month_bookings.revalued(one, JANUARY)) == {
        "contributions-receivable:revaluation": 809_426,
        "exchange-difference:unrealised": -809_426,
    }


def test_a_debt_in_euros_that_grew_dearer_is_a_loss():
    one = revalued(Held("payables", "EUR", "", -100_000, -110_000), euros("0.8"))
    assert sums(month_bookings.revalued(one, JANUARY)) == {
        "payables": -15_000,
        "exchange-difference:unrealised": 15_000,
    }


@pytest.mark.parametrize(
    ("account", "currency", "asked"),
    [
        ("cash:euro", "EUR", True),
        ("cash:main", "EUR", False),  # the bank changed them on their day
        ("cash:main", "USD", False),
        ("cash:euro", "USD", False),
        ("contributions-receivable", "EUR", True),
        ("contributions-receivable", "USD", False),
        ("due-to-donors", "CHF", True),
        ("unapplied-contributions", "CHF", True),
        ("travel-advances", "XOF", False),
        ("prepaid-travel", "EUR", False),
        ("voluntary-contributions", "EUR", False),
        ("travel", "EUR", False),
        ("commitments", "EUR", False),
    ],
)
def test_money_in_a_foreign_currency_that_the_fund_holds_gets_or_owes_is_revalued(account, currency, asked):
    assert is_revalued(account, currency, {"main": "USD", "euro": "EUR"}) is asked


@given(accounts, st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12), st.integers(1, 10**7))
def test_after_any_revaluation_the_books_say_the_amount_at_the_rate_and_nothing_more_can_be_spent(
    account, amount, usd, per_usd
):
    rate = Rate("EUR", Decimal(per_usd) / 10**6, JANUARY, "example")
    posted = month_bookings.revalued(revalued(Held(account, "EUR", "", amount, usd), rate), JANUARY)
    mine = [p for p in posted if p.account.startswith(account)]
    assert usd + sum(p.usd for p in mine) == minor(in_usd(major(amount, "EUR"), rate), "USD")
    assert sum(p.amount for p in mine) == 0
    assert balances(posted)
    assert pots(posted) == {}


def test_all_that_a_closing_posts_is_turned_back_on_the_first_day_of_the_next_month():
    one = revalued(Held("cash:euro", "EUR", "", 100_000, 110_000), euros("0.8"))
    posted = month_bookings.closed_month("2018-01", [AMNA], [one])
    made, back = ([p for p in posted if p.day == day] for day in (JANUARY, date(2018, 2, 1)))
    assert len(made) + len(back) == len(posted) == 2 * (12 + 2)
    assert balances(made)
    assert sums(made)["cash:euro"] == 15_000
    assert sums(posted) == {}


def test_a_month_in_which_nothing_waits_posts_nothing():
    assert month_bookings.closed_month("2018-01", [], []) == ()


# Refunds


def test_what_is_left_goes_back_in_proportion_to_what_was_given():
    given_ = [("Luxembourg", "", 7_500_000), ("Fiji", "", 2_500_000)]
    assert refunds({"": 1_000_000}, given_) == {("Luxembourg", ""): 750_000, ("Fiji", ""): 250_000}


def test_the_cent_that_is_left_goes_to_the_largest_remainder():
    given_ = [("A", "", 100), ("B", "", 100), ("C", "", 101)]
    assert refunds({"": 100}, given_) == {("A", ""): 33, ("B", ""): 33, ("C", ""): 34}


def test_an_earmarked_remainder_goes_first_to_its_donors_and_the_rest_to_all():
    given_ = [("Norway", "category:LDC", 300), ("Fiji", "category:LDC", 100), ("Fiji", "", 400)]
    back = refunds({"category:LDC": 40, "": 80}, given_)
    assert back == {
        ("Norway", "category:LDC"): 30,
        ("Fiji", "category:LDC"): 10,
        ("Norway", ""): 30,
        ("Fiji", ""): 50,
    }


def test_an_earmark_that_used_more_than_came_in_is_covered_by_the_rest_and_then_by_the_others():
    given_ = [("Norway", "travel", 100), ("Fiji", "", 100)]
    assert refunds({"travel": -20, "": 50}, given_) == {("Norway", ""): 15, ("Fiji", ""): 15}
    assert refunds({"travel": 50, "": -20}, given_) == {("Norway", "travel"): 30}


def test_interest_on_an_earmark_that_nobody_gave_belongs_to_all():
    assert refunds({"meeting:N1": 10}, [("Fiji", "", 1)]) == {("Fiji", ""): 10}


earmarks = st.sampled_from(("", "travel", "category:LDC", "meeting:N1"))


@given(
    st.dictionaries(earmarks, st.integers(-(10**9), 10**12)).filter(lambda left: sum(left.values()) >= 0),
    st.lists(st.tuples(st.integers(1, 9), earmarks, st.integers(1, 10**12)), min_size=1, max_size=30),
)
def test_any_refunds_sum_exactly_to_what_is_left_and_nobody_owes(left, deposits):
    back = refunds(left, deposits)
    assert sum(back.values()) == sum(left.values())
    assert all(cents > 0 for cents in back.values())
    for earmark in {e for _, e in back if e}:
        assert {who for who, e in back if e == earmark} <= {who for who, e, _ in deposits if e == earmark}
        assert sum(cents for (_, e), cents in back.items() if e == earmark) <= left[earmark]


@given(st.lists(st.tuples(st.integers(1, 9), st.just(""), st.integers(1, 10**12)), min_size=1), cents)
def test_no_share_is_a_whole_cent_away_from_its_proportion(deposits, left):
    back, whole = refunds({"": left}, deposits), sum(usd for _, _, usd in deposits)
    for donor in {who for who, _, _ in deposits}:
        mine = sum(usd for who, _, usd in deposits if who == donor)
        assert abs(back.get((donor, ""), 0) * whole - left * mine) < whole


@given(st.dictionaries(st.integers(), cents, min_size=1).filter(lambda w: any(w.values())), cents)
def test_shares_sum_to_the_whole_and_who_has_no_weight_gets_none(weights, total):
    parts = apportioned(total, weights)
    assert sum(parts.values()) == total
    assert list(parts) == list(weights)
    assert not any(parts[who] for who, weight in weights.items() if not weight and total)


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 10**9), min_size=1), st.data())
def test_whoever_is_paid_first_everybody_gets_the_same(shares, data):
    paid: dict[int, int] = {}
    for who in data.draw(st.permutations(sorted(shares))):
        due = still_due(shares, paid)
        assert due == {other: cents for other, cents in shares.items() if other not in paid}
        paid[who] = due[who]
    assert still_due(shares, paid) == {}


def test_a_charge_that_comes_after_the_first_refund_is_borne_by_those_who_wait():
    assert still_due({"A": 45, "B": 45}, {"A": 50}) == {"B": 40}
    assert still_due({"A": 45, "B": 5}, {"A": 60}) == {}
