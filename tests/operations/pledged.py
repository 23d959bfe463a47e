"""What donors have agreed to and sent, as the product's own deeds record it, and what the books say of it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tests import builders as b
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Donor
from trustfund.models.record import Balance, Posting, pots
from trustfund.operations import proposals, receivables, unapplied
from trustfund.operations.operation import writing


def unapplied_deposit(donor, amount="50000.00", currency="EUR", bank="LU-1", earmark=""):
    """A deposit that meets no agreement, as an import books it; its reference."""
    with writing(by=SYSTEM, at=b.AT) as op:
        fact = receivables.deposit(
            op,
            op.session.scalars(select(Donor).where(Donor.name == donor)).one(),
            None,
            amount=amount,
            currency=currency,
            value_date=date(2017, 6, 12),
            bank_reference=bank,
            bank_account="main",
            earmark=earmark,
        )
        op.append("deposit.recorded", fact)
    return fact.on


def attach(deposit, pledge, by):
    return unapplied.attach(deposit, pledge=pledge, seen=b.version(pledge), by=by, at=b.AT)


def agreed(donor, salma, amount="50000.00", currency="EUR", earmark=""):
    pledge = b.pledge(donor, amount, currency, earmark)
    b.agreement(pledge, salma, amount)
    return pledge


def spendable(earmark=""):
    db.session.rollback()
    return pots(db.session(), Decimal(0))[earmark].spendable


def balance(account):
    return sum(db.session.scalars(select(Balance.usd).where(Balance.account == account)))


def entry(done):
    return {p.account: p.usd for p in db.session.scalars(select(Posting).where(Posting.seq == done.seq)) if p.account}


def proposed(pledge, by, **other):
    content = {"document": "Write-off advice 2018/1", "version": b.version(pledge)} | other
    made = proposals.propose(
        "contribution.written-off", subject=pledge, content=content, reason="It will not come.", by=by, at=b.AT
    )
    return made.on


def written_off(pledge, two):
    """By two: one certifies, the other approves."""
    return proposals.confirm(proposed(pledge, two[0]), by=two[1], at=b.AT)
