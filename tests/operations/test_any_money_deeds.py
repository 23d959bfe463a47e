"""Whatever is announced, agreed, paid whole or in parts, attached, paid above, paid back and written off, in any order
and any currency: the books add up and the record is sound. On both databases."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import builders as b
from tests.operations import test_any_deeds as any_deeds
from trustfund.core.attribution import added
from trustfund.core.ledger import UNPAID
from trustfund.core.money import major
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.record import Event, Posting, pots
from trustfund.operations import (
    closing,
    conditions,
    contributions,
    overpayments,
    parts,
    pledges,
    proposals,
    record,
    results,
)
from trustfund.operations import unapplied as waiting

which, amounts = st.integers(0, 99), st.integers(1, 10**7)


@pytest.fixture
def people(both_apps):
    """Luxembourg, and Salma, Rafael and Lise of the office; rates of the month."""
    for currency, per_usd in any_deeds.RATES.items():
        if currency != "USD":
            b.rate(currency, per_usd, "2017-05-31")
            b.rate(currency, f"{float(per_usd) * 1.03:.6f}", "2017-06-30")
    functions = {"Salma Idrissi": "paying", "Rafael Haldane": "certifying", "Lise Moreau": "approving"}
    return b.account("donor", "Luxembourg", donor=b.donor()), *(b.officer(*one) for one in functions.items())


class Step:
    """One of the things that can be done, with what was drawn for it; ``False`` where there is nothing to do it on."""

    def __init__(self, n, units, currency, earmark, people):
        self.n, self.units, self.currency, self.earmark = n, units, currency, earmark
        self.donor, self.salma, self.rafael, self.lise = people

    def announce(self):
        b.pledge(self.donor, f"{major(self.units, self.currency)}", self.currency, self.earmark)

    def amend(self):
        if one := self._pledge("announced"):
            known = {"amount": self._amount(self.currency), "currency": self.currency, "earmark": self.earmark}
            pledges.amend(one.reference, purpose="travel", seen=one.seq, **known, **self._anyone())
        return bool(one)

    def withdraw(self):
        if one := self._pledge("announced"):
            pledges.withdraw(one.reference, seen=one.seq, **self._anyone())
        return bool(one)

    def agree(self):
        if one := self._pledge("announced"):
            b.agreement(one.reference, self.salma, self._amount(one.currency), day=date(2017, 6, 2))
        return bool(one)

    def promise(self):
        if one := self._pledge("announced"):
            terms = {"document": "Note verbale 17/1", "day": date(2017, 6, 1), "amount": self._amount(one.currency)}
            known = {"condition": "Once parliament agrees.", "seen": one.seq, "by": self.salma, "at": b.AT}
            contributions.record_agreement(one.reference, **terms, **known)
        return bool(one)

    def meet(self):
        if one := self._pledge("conditional"):
            known = {"document": "Law 1", "day": date(2017, 6, 5), "seen": one.seq}
            conditions.meet(one.reference, **known, by=self.salma, at=b.AT)
        return bool(one)

    def deposit(self):
        if one := self._pledge("agreed", "part-paid", "fully-paid"):
            b.deposit(one.reference, self.salma, self._amount(one.currency), bank=f"B-{any_deeds._next()}")
        return bool(one)

    def in_parts(self):
        one = self._pledge("agreed", "part-paid", "fully-paid")
        several = parts.open_pledges(db.session(), one)[: 2 + self.n % 2] if one else []
        if len(several) < 2:
            return False
        each = [self.units // (n + 1) + 1 for n in range(len(several))]
        known = {"value_date": date(2017, 6, 12), "bank_account": "main", "bank_reference": f"B-{any_deeds._next()}"}
        parts.record_in_parts(
            one.donor.reference,
            parts={p.reference: f"{major(part, p.currency)}" for p, part in zip(several, each, strict=True)},
            amount=f"{major(sum(each), one.currency)}",
            seen=max(p.seq for p in several),
            **known,
            by=self.salma,
            at=b.AT,
        )
        return True

    def unapplied(self):
        any_deeds._unapplied(self.currency, self.units)

    def split(self):
        one = self._waits()
        if one is None or one.amount < 2 or one.parts > 1:
            return False
        first = self.units % (one.amount - 1) + 1
        amounts = [f"{major(units, one.currency)}" for units in (first, one.amount - first)]
        parts.split(one.reference, amounts=amounts, by=self.salma, at=b.AT)
        return True

    def attach(self):
        """To an agreement in its currency, now and then to any."""
        one = self._waits()
        offered = [s.pledge for s in waiting.deposit_of(one.reference).suggestions] if one else []
        pledge = offered[self.n % len(offered)] if offered and self.n % 7 else self._pledge() if one else None
        if pledge:
            waiting.attach(one.reference, pledge=pledge.reference, seen=pledge.seq, by=self.salma, at=b.AT)
        return bool(pledge)

    def agree_above(self):
        if one := self._above():
            known = {"document": "Note verbale 17/2", "day": date(2017, 6, 20), "seen": one.seq}
            overpayments.agree(one.reference, **known, by=self.salma, at=b.AT)
        return bool(one)

    def pay_back(self):
        if one := self._above():
            line = {"bank_account": "main", "bank_reference": f"B-{any_deeds._next()}", "value_date": "2017-07-03"}
            self._by_two("overpayment.refunded", one, line)
        return bool(one)

    def write_off(self):
        if one := self._pledge("agreed", "part-paid"):
            self._by_two("contribution.written-off", one, {"document": "Advice 1"})
        return bool(one)

    def _amount(self, currency):
        return f"{major(self.units, currency)}"

    def _anyone(self):
        return {"by": (self.donor, self.salma)[self.n % 2], "at": b.AT}

    def _by_two(self, deed, pledge, content):
        content = content | {"version": pledge.seq}
        known = {"subject": pledge.reference, "content": content, "reason": "It is so.", "by": self.rafael, "at": b.AT}
        proposals.confirm(proposals.propose(deed, **known).on, by=self.lise, at=b.AT)

    def _pledge(self, *states):
        """Mostly a pledge on which the deed can be done; one in seven is any."""
        found = self._all(Pledge)
        found = [one for one in found if one.state in states or self.n % 7 == 0] if states else found
        return found[self.n % len(found)] if found else None

    def _above(self):
        found = [one for one in self._all(Pledge) if one.over] or self._all(Pledge)
        return found[self.n % len(found)] if found else None

    def _waits(self):
        found = [one for one in self._all(Deposit) if one.pledge_id is None]
        return found[self.n % len(found)] if found else None

    def _all(self, table):
        db.session.rollback()
        return list(db.session.scalars(select(table).order_by(table.id)).unique())


OFTEN = ("announce", "agree", "agree", "deposit", "deposit", "in_parts", "unapplied", "attach", "attach", "split")
SELDOM = ("amend", "withdraw", "promise", "meet", "agree_above", "pay_back", "write_off")
deeds = st.tuples(
    st.sampled_from((*OFTEN, *SELDOM)),
    which,
    amounts,
    st.sampled_from(sorted(any_deeds.RATES)),
    st.sampled_from(["", "travel", "category:LDC"]),
)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(deeds, min_size=50, max_size=50))
def test_after_any_fifty_deeds_what_is_agreed_is_receivable_received_or_written_off(people, steps):
    happened = 0
    for what, *drawn in steps:
        with suppress(Refused):  # then nothing happened, which is checked with the rest
            happened += getattr(Step(*drawn, people), what)() is not False
    assert happened > 5, "some deeds were possible"
    db.session.rollback()
    assert record.verify(full=True).faults == []
    any_deeds._balances_are_the_sums_of_the_postings()  # each entry sums to zero
    any_deeds._came_in_is_what_lies_in_the_bank_and_belongs_to_the_fund()
    _each_pledge_adds_up_in_its_own_currency_and_in_dollars()
    _what_is_due_to_donors_is_what_the_closing_would_give_back()
    _what_the_contributions_hold_is_what_the_fund_holds()


def _each_pledge_adds_up_in_its_own_currency_and_in_dollars():
    """Receivable + received + written off = agreed; what came above it is due to the donor, or went back."""
    booked, back = _booked(), _booked("overpayment.refunded")
    for pledge in db.session.scalars(select(Pledge)).unique():
        of, gone = booked.get(pledge.reference, {}), back.get(pledge.reference, {})

        def sums(account, of=of):
            return of.get(account, (0, 0))

        (receivable, receivable_usd), (due, due_usd) = sums("contributions-receivable"), sums("due-to-donors")
        (unpaid, unpaid_usd), difference = sums(UNPAID), -sums("exchange-difference")[1]
        refunded, refunded_usd = (-n for n in gone.get("cash:main", (0, 0)))
        assert -sums("voluntary-contributions")[0] == pledge.agreed
        assert receivable + (pledge.received + due - refunded) + unpaid == pledge.agreed
        assert (receivable, receivable_usd) == (pledge.owed, pledge.owed_usd)
        assert (unpaid, -due, refunded) == (pledge.written_off, pledge.over, pledge.refunded)
        assert (pledge.state == "written-off") == (unpaid > 0)
        received_usd = pledge.received_usd + due_usd - refunded_usd
        assert receivable_usd + received_usd + unpaid_usd == pledge.agreed_usd + difference
        assert pledge.state not in ("withdrawn", "conditional", "announced") or not of
        applied = db.session.scalars(select(Deposit).where(Deposit.pledge_id == pledge.id)).unique().all()
        assert sum(one.amount for one in applied) == pledge.received
        lost = gone.get("exchange-difference", (0, 0))[1]
        assert sum(one.difference_usd for one in applied) == difference + lost


def _booked(*actions):
    """Pledge -> account -> minor units and cents, by all entries or those of some deeds."""
    found = (
        select(Event.subject, Posting.account, func.sum(Posting.amount), func.sum(Posting.usd))
        .join(Posting, Posting.seq == Event.seq)
        .group_by(Event.subject, Posting.account)
    )
    found = found.where(Event.action.in_(actions)) if actions else found
    booked = {}
    for subject, account, units, usd in db.session.execute(found):
        booked.setdefault(subject, {})[account] = int(units), int(usd)
    return booked


def _what_is_due_to_donors_is_what_the_closing_would_give_back():
    due = sum(one.over_usd for one in closing.refunds_due(db.session()))
    assert due == -sum(db.session.scalars(select(Posting.usd).where(Posting.account == "due-to-donors")))


def _what_the_contributions_hold_is_what_the_fund_holds():
    """All of them together, year by year: what came in less what was spent (see operations.results)."""
    years = results.every_year(db.session(), b.AT.date())
    held = added(one.share for one in years[-1].results.values()).unspent if years else 0
    assert major(held, "USD") == sum(pot.came_in - pot.spent for pot in pots(db.session(), Decimal(0)).values())


def _what_waits_is_what_the_books_have_unapplied():
    waits = sum(db.session.scalars(select(Deposit.usd).where(Deposit.pledge_id.is_(None))))
    assert waits == -sum(db.session.scalars(select(Posting.usd).where(Posting.account == "unapplied-contributions")))
