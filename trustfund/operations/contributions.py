"""Money comes in: pledges are announced, agreed and paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from trustfund.core import lifecycle
from trustfund.core.instalments import Row, checked
from trustfund.core.money import Money, amount_of, major
from trustfund.core.refusal import NotHere, Stale, sentence
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.people import Account
from trustfund.operations.agreements import agree, promise
from trustfund.operations.donors import donor_data, known_already, new_donor
from trustfund.operations.instalments import fix
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.outbox import page_of, post
from trustfund.operations.receivables import announced, deposit, new_pledge


@deed("donor.registered")
def register_donor(
    op: Operation, name: str, *, type: str, country: str = "", language: str = "en", unnamed: bool = False
) -> Fact:
    """A donor becomes known to the fund. An individual's name does not enter the record."""
    known_already(op, name, type=type, country=country)
    donor = new_donor(op, name, type=type, country=country, language=language, unnamed=unnamed)
    return Fact(on=donor.reference, data=donor_data(op, donor))


@deed("pledge.announced")
def announce_pledge(
    op: Operation,
    donor: str = "",
    *,
    amount: str,
    currency: str,
    purpose: str,
    earmark: str = "",
    expected_on: date | None = None,
    instalments: Sequence[Row] | None = None,
) -> Fact:
    """What a donor intends to give: announced by itself, or by an officer whom its letter reached (``donor``).

    It is a register only: nothing is booked until it is agreed.
    """
    own = op.account.donor if op.account else None
    pledge = new_pledge(
        op,
        own or op.one(Donor, reference=donor),
        amount=amount,
        currency=currency,
        purpose=purpose,
        earmark=earmark,
        day=op.today,
        expected_on=expected_on,
    )
    fix(op, pledge, checked(instalments or (), pledge.amount, pledge.currency))
    return announced(pledge)


@deed("agreement.recorded")
def record_agreement(
    op: Operation,
    reference: str,
    *,
    document: str,
    day: date,
    amount: str,
    condition: str = "",
    instalments: Sequence[Row] | None = None,
    seen: int,
) -> Fact:
    """An exchange of letters: the pledge becomes a contribution receivable, at the rate of the agreement's day.

    With a ``condition`` nothing is booked until it is met.
    """
    pledge = op.one(Pledge, reference=reference)
    unchanged(pledge, seen)
    lifecycle.check("agreement.recorded", pledge.state)
    terms: Any = {"document": document, "day": day, "amount": amount, "instalments": instalments}
    if condition.strip():
        return promise(op, pledge, **terms, condition=condition.strip())
    return agree(op, pledge, **terms, before=pledge.state)


@deed("deposit.recorded")
def record_deposit(
    op: Operation, reference: str, *, amount: str, value_date: date, bank_reference: str, bank_account: str, seen: int
) -> Fact:
    """Money in the bank against an agreed pledge, at the rate of its value date. The donor is told of the receipt."""
    pledge = op.one(Pledge, reference=reference)
    unchanged(pledge, seen)
    if pledge.state not in lifecycle.ENDED:  # of these the deposit itself says what to do
        lifecycle.check("deposit.recorded", pledge.state)
    fact = deposit(
        op,
        pledge.donor,
        pledge,
        amount=amount,
        currency=pledge.currency,
        value_date=value_date,
        bank_reference=bank_reference,
        bank_account=bank_account,
        earmark=pledge.earmark,
        before=pledge.state,
    )
    receipts = [str(fact.data["deposit"])]
    tell_donor(op, pledge, Money(amount_of(amount, pledge.currency), pledge.currency), value_date, receipts)
    return fact


RECEIVED = (
    sentence("The fund received {amount} on {day}. The receipt:\n\n{address}"),
    sentence("The fund received {amount} on {day}. The receipts, one for each agreement:\n\n{address}"),
)
"""What a mail says that has one receipt, and what it says that has several."""


def tell_donor(op: Operation, pledge: Pledge, amount: Money, day: date, receipts: Sequence[str]) -> None:
    """Every account of the donor learns by mail that its money has come, and where its receipts are."""
    for account in op.session.scalars(
        select(Account).where(Account.donor_id == pledge.donor_id, Account.ended_at.is_(None))
    ).unique():
        post(
            account,
            sentence("Your contribution was received"),
            RECEIVED[len(receipts) > 1],
            amount=amount,
            day=day,
            address="\n".join(page_of(Role.DONOR, f"receipts/{reference}.pdf") for reference in receipts),
        )


def pledge_of(reference: str, donor: Donor | None = None) -> Pledge:
    """A pledge for reading; one of another donor is not here."""
    found = db.session.scalars(select(Pledge).where(Pledge.reference == reference)).unique().one_or_none()
    if found is None or (donor is not None and found.donor_id != donor.id):
        raise NotHere("There is no such thing here.")
    return found


def may_read_deposit(deposit: Deposit, account: Account) -> bool:
    """Donors read their own receipts; officers, the head and auditors all of them."""
    return account.role in (Role.OFFICER, Role.HEAD, Role.AUDITOR) or (
        account.role == Role.DONOR and account.donor_id == deposit.donor_id
    )


def unchanged(pledge: Pledge, seen: int) -> None:
    """Refused where somebody recorded something on the pledge since its page was opened."""
    if pledge.seq != seen:
        raise Stale(
            "This pledge has changed since you opened the page: entry {entry} of the record. "
            "Look at it again. Nothing has been changed.",
            entry=pledge.seq,
        )


@dataclass(frozen=True)
class Standing:
    """What one donor gave, in USD, for its own page."""

    agreed: Decimal
    received: Decimal
    outstanding: Decimal
    difference: Decimal


def standing_of(donor: Donor) -> Standing:
    rows = db.session.execute(
        select(Pledge.agreed_usd, Pledge.received_usd, Pledge.released_usd).where(Pledge.donor_id == donor.id)
    ).all()
    agreed, received, released = (sum(r[i] for r in rows) for i in range(3))
    gained = sum(db.session.scalars(select(Deposit.difference_usd).where(Deposit.donor_id == donor.id)))
    return Standing(*(major(cents, "USD") for cents in (agreed, received, agreed - released, gained)))
