"""Whatever is announced, agreed and paid, in any order: the record is sound, the books add up. On both databases."""

from collections import Counter
from contextlib import suppress
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import builders as b
from tests.core.mandates import fee
from trustfund.core.money import major
from trustfund.core.refusal import Refused
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.record import Balance, Event, Posting, pots
from trustfund.operations import fund, people, receivables, record
from trustfund.operations.operation import writing

RATES = {"USD": "1", "EUR": "0.923003", "JPY": "113.379823", "KWD": "0.301"}

currencies, earmarks = st.sampled_from(sorted(RATES)), st.sampled_from(["", "travel", "meeting:N1", "category:LDC"])
amounts, which = st.integers(1, 10**9), st.integers(0, 9)
deeds = st.one_of(
    st.tuples(st.just("pledge"), currencies, amounts, earmarks),
    st.tuples(st.just("agreement"), which, amounts),
    st.tuples(st.just("deposit"), which, amounts),
    st.tuples(st.just("the rest"), which),
    st.tuples(st.just("unapplied"), currencies, amounts),
    st.tuples(st.just("refused"), which),
)


@pytest.fixture(params=["without fee", "with a fee on deposits"])
def luxembourg(request, both_apps):
    """Luxembourg and an officer; rates of the month; a mandate with a fee on deposits or without."""
    officer = b.officer("Salma Idrissi", "paying")
    for currency, per_usd in RATES.items():
        if currency != "USD":
            b.rate(currency, per_usd, "2017-05-31")
    if request.param != "without fee":
        fund.amend_mandate(
            fund.recorded_mandate() + "\n" + fee("deposit-fee", "0.01", "deposit"),
            symbol="A/RES/72/1",
            effective=date(2017, 4, 6),
            by=officer,
            confirmed_by=b.officer("Rafael Haldane", "certifying"),
            at=b.AT,
        )
    return b.account("donor", "Luxembourg", donor=b.donor()), officer, request.param != "without fee"


@settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)  # the record only grows, so nothing can be tried again in a smaller one
@given(st.lists(deeds, min_size=3, max_size=14))
def test_any_deeds_leave_a_sound_record_and_books_that_add_up(luxembourg, steps):
    donor, officer, has_fee = luxembourg
    pledges = [b.pledge(donor, "1000.00")]
    for step in steps:
        with suppress(Refused):  # then nothing happened, which is checked with the rest
            _do(step, pledges, donor, officer)
    db.session.rollback()
    assert record.verify().faults == []
    _balances_are_the_sums_of_the_postings()
    _came_in_is_what_lies_in_the_bank_and_belongs_to_the_fund()
    _what_is_fully_paid_owes_nothing()
    _each_applied_deposit_bore_its_fee(Decimal("0.01") if has_fee else Decimal(0))


def _do(step, pledges, donor, officer):
    what, first, *more = step
    if what == "pledge":
        pledges.append(b.pledge(donor, f"{major(more[0], first)}", first, more[1]))
        return
    if what == "unapplied":
        _unapplied(first, more[0])
        return
    pledge = b.kept(pledges[first % len(pledges)])
    if what == "agreement":
        b.agreement(pledge.reference, officer, f"{major(more[0], pledge.currency)}", day=date(2017, 6, 2))
    elif what == "deposit":
        b.deposit(pledge.reference, officer, f"{major(more[0], pledge.currency)}", bank=f"B-{_next()}")
    elif what == "the rest":
        b.deposit(pledge.reference, officer, f"{major(pledge.owed, pledge.currency)}", bank=f"B-{_next()}")
    else:
        people.suspend_account(donor, by=donor, at=b.AT)


def _unapplied(currency, amount):
    """A deposit that meets no agreement, as an import books it."""
    with writing(by=SYSTEM, at=b.AT) as op:
        op.append(
            "deposit.recorded",
            receivables.deposit(
                op,
                op.session.scalars(select(Donor)).first(),
                None,
                amount=f"{major(amount, currency)}",
                currency=currency,
                value_date=date(2017, 6, 12),
                bank_reference=f"B-{_next()}",
                bank_account="main",
                earmark="",
            ),
        )


def _next() -> int:
    db.session.rollback()
    return db.session.scalar(select(Event.seq).order_by(Event.seq.desc()).limit(1))


def _balances_are_the_sums_of_the_postings():
    counted: dict[tuple[str, str, str], Counter] = {}
    entries: Counter = Counter()
    for p in db.session.execute(
        select(Posting.seq, Posting.account, Posting.currency, Posting.earmark, Posting.amount, Posting.usd)
    ):
        counted.setdefault((p.account, p.currency, p.earmark), Counter()).update(amount=p.amount, usd=p.usd)
        entries[p.seq] += p.usd
    kept = {
        (k.account, k.currency, k.earmark): Counter(amount=k.amount, usd=k.usd)
        for k in db.session.scalars(select(Balance).execution_options(populate_existing=True))
    }
    assert kept == counted
    assert not any(entries.values())


def _came_in_is_what_lies_in_the_bank_and_belongs_to_the_fund():
    """R of a pot = cash − due to donors − unapplied − fees; spendable is its floor over the reserve."""
    usd: dict[str, Counter] = {}
    for row in db.session.execute(select(Balance.earmark, Balance.account, Balance.usd)):
        usd.setdefault(row.earmark, Counter())[row.account.partition(":")[0]] += row.usd
    for earmark, pot in pots(db.session(), Decimal("0.15")).items():
        of = usd[earmark]
        ours = of["cash"] + of["due-to-donors"] + of["unapplied-contributions"] + of["support-cost-payable"]
        assert pot.came_in == Decimal(ours).scaleb(-2)
        assert pot.spendable == (pot.came_in / Decimal("1.15")).quantize(Decimal("0.01"), rounding=ROUND_FLOOR)


def _what_is_fully_paid_owes_nothing():
    for pledge in db.session.scalars(select(Pledge).execution_options(populate_existing=True)).unique():
        assert (pledge.state == "fully-paid") == (0 < pledge.agreed <= pledge.received)
        if pledge.state == "fully-paid":
            assert (pledge.owed, pledge.owed_usd) == (0, 0)
        assert 0 <= pledge.released_usd <= pledge.agreed_usd


def _each_applied_deposit_bore_its_fee(rate):
    """On what of it met an agreement: what is due back to the donor bears none."""
    over = dict(
        db.session.execute(
            select(Posting.seq, func.sum(-Posting.usd)).where(Posting.account == "due-to-donors").group_by(Posting.seq)
        ).all()
    )
    deposits = db.session.scalars(select(Deposit).where(Deposit.pledge_id.is_not(None))).unique()
    applied = (one.usd - over.get(one.attached_seq or one.seq, 0) for one in deposits)
    due = sum(int((usd * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)) for usd in applied)
    assert due == -sum(db.session.scalars(select(Balance.usd).where(Balance.account == "support-cost-payable")))
