"""Whatever is announced, amended, withdrawn, agreed, paid, attached and written off, in any order and any currency."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import builders as b
from tests.operations import test_any_deeds as any_deeds
from trustfund.core.ledger import UNPAID
from trustfund.core.money import major
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.record import Event, Posting
from trustfund.operations import pledges, proposals, record, unapplied

which, amounts = st.integers(0, 99), st.integers(1, 10**7)
deeds = st.tuples(
    st.sampled_from(
        ["announce", "amend", "withdraw", "agree", "agree", "deposit", "unapplied", "attach", "attach", "write off"]
    ),
    which,
    amounts,
    st.sampled_from(sorted(any_deeds.RATES)),
    st.sampled_from(["", "travel", "category:LDC"]),
)


@pytest.fixture
def people(both_apps):
    """Luxembourg, and Salma, Rafael and Lise of the office; rates of the month."""
    for currency, per_usd in any_deeds.RATES.items():
        if currency != "USD":
            b.rate(currency, per_usd, "2017-05-31")
    functions = {"Salma Idrissi": "paying", "Rafael Haldane": "certifying", "Lise Moreau": "approving"}
    return b.account("donor", "Luxembourg", donor=b.donor()), *(b.officer(*one) for one in functions.items())


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(deeds, min_size=50, max_size=50))
def test_after_any_fifty_deeds_what_is_agreed_is_receivable_received_or_written_off(people, steps):
    happened = 0
    for step in steps:
        with suppress(Refused):  # then nothing happened, which is checked with the rest
            happened += _do(step, *people)
    assert happened > 5, "some deeds were possible"
    db.session.rollback()
    assert record.verify(full=True).faults == []
    any_deeds._balances_are_the_sums_of_the_postings()  # each entry sums to zero
    any_deeds._came_in_is_what_lies_in_the_bank_and_belongs_to_the_fund()
    _each_pledge_adds_up_in_its_own_currency_and_in_dollars()


def _do(step, donor, salma, rafael, lise):
    """Whether there was anything on which to do it."""
    what, n, units, currency, earmark = step
    known = {"by": (donor, salma)[n % 2], "at": b.AT}
    if what == "announce":
        b.pledge(donor, f"{major(units, currency)}", currency, earmark)
        return True
    if what == "unapplied":
        any_deeds._unapplied(currency, units)
        return True
    one = _one_of(Pledge, n, *_STATES.get(what, ()))
    if one is None:
        return False
    amount = f"{major(units, one.currency)}"
    if what == "amend":
        terms = {"amount": f"{major(units, currency)}", "currency": currency, "purpose": "travel", "earmark": earmark}
        pledges.amend(one.reference, **terms, seen=one.seq, **known)
    elif what == "withdraw":
        pledges.withdraw(one.reference, seen=one.seq, **known)
    elif what == "agree":
        b.agreement(one.reference, salma, amount, day=date(2017, 6, 2))
    elif what == "deposit":
        b.deposit(one.reference, salma, amount, bank=f"B-{any_deeds._next()}")
    elif what == "attach":
        return _attach(n, salma)
    else:
        content = {"document": "Advice 1", "version": one.seq}
        made = proposals.propose(
            "contribution.written-off", subject=one.reference, content=content, reason="No.", by=rafael, at=b.AT
        )
        proposals.confirm(made.on, by=lise, at=b.AT)
    return True


_STATES = {
    "amend": ("announced",),
    "withdraw": ("announced",),
    "agree": ("announced",),
    "deposit": ("agreed", "part-paid", "fully-paid"),
    "write off": ("agreed", "part-paid"),
}
"""Mostly a pledge on which the deed can be done; one in seven is any."""


def _one_of(table, n, *states):
    db.session.rollback()
    found = list(db.session.scalars(select(table).order_by(table.id)).unique())
    found = [one for one in found if one.state in states or n % 7 == 0] if states else found
    return found[n % len(found)] if found else None


def _attach(n, by):
    """A deposit that waits to an agreement in its currency, now and then to any."""
    waits = list(db.session.scalars(select(Deposit).where(Deposit.pledge_id.is_(None)).order_by(Deposit.id)).unique())
    if waits:
        deposit = waits[n % len(waits)]
        offered = [one.pledge for one in unapplied.deposit_of(deposit.reference).suggestions]
        pledge = offered[n % len(offered)] if offered and n % 7 else _one_of(Pledge, n)
        unapplied.attach(deposit.reference, pledge=pledge.reference, seen=pledge.seq, by=by, at=b.AT)
    return bool(waits)


def _each_pledge_adds_up_in_its_own_currency_and_in_dollars():
    """Receivable + received + written off = agreed; what came above it is due to the donor."""
    booked = {}
    for subject, account, units, usd in db.session.execute(
        select(Event.subject, Posting.account, func.sum(Posting.amount), func.sum(Posting.usd))
        .join(Posting, Posting.seq == Event.seq)
        .group_by(Event.subject, Posting.account)
    ):
        booked.setdefault(subject, {})[account] = int(units), int(usd)
    for pledge in db.session.scalars(select(Pledge)).unique():
        of = booked.get(pledge.reference, {})

        def sums(account, of=of):
            return of.get(account, (0, 0))

        (receivable, receivable_usd), (due, due_usd) = sums("contributions-receivable"), sums("due-to-donors")
        (unpaid, unpaid_usd), difference = sums(UNPAID), -sums("exchange-difference")[1]
        assert -sums("voluntary-contributions")[0] == pledge.agreed
        assert receivable + (pledge.received + due) + unpaid == pledge.agreed
        assert (receivable, receivable_usd) == (pledge.owed, pledge.owed_usd)
        assert unpaid == pledge.written_off
        assert (pledge.state == "written-off") == (unpaid > 0)
        assert receivable_usd + (pledge.received_usd + due_usd) + unpaid_usd == pledge.agreed_usd + difference
        assert pledge.state != "withdrawn" or not of
        applied = db.session.scalars(select(Deposit).where(Deposit.pledge_id == pledge.id)).unique().all()
        assert sum(one.amount for one in applied) == pledge.received
        assert sum(one.difference_usd for one in applied) == difference
