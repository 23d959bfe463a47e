"""What was paid above an agreement is due to the donor: until it is agreed after all, or two officers pay it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core import bookings, lifecycle
from trustfund.core.money import Money, major
from trustfund.core.refusal import NotEnoughMoney, Refused
from trustfund.models.closings import Refund
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.record import Balance, Event, Posting
from trustfund.operations import treasury
from trustfund.operations.bank_lines import Line, currency_of, free_reference, not_ahead, rate_for
from trustfund.operations.contributions import unchanged
from trustfund.operations.imports import day_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.proposals import by_two
from trustfund.operations.receivables import symbol_of, usd_of


@dataclass(frozen=True)
class Over:
    """What is due to the donor of a pledge: minor units of its currency, cents at the value at which it came, and the
    day on which the last of it was booked."""

    amount: int
    usd: int
    day: date | None


def over(session: Session, pledge: str) -> Over:
    """As the books have it."""
    amount, usd, day = session.execute(
        select(func.sum(-Posting.amount), func.sum(-Posting.usd), func.max(Posting.day))
        .join(Event, Event.seq == Posting.seq)
        .where(Event.subject == pledge, Posting.account == "due-to-donors")
    ).one()
    return Over(int(amount or 0), int(usd or 0), day)


@deed("overpayment.agreed")
def agree(op: Operation, reference: str, *, document: str, day: date, seen: int) -> Fact:
    """The donor agrees that all of it is a contribution: from now on it can be spent, at the value at which it came.

    Where the letter is older than the money, it is booked on the day of the money.
    """
    pledge = op.one(Pledge, reference=reference)
    unchanged(pledge, seen)
    symbol_of(document), not_ahead(op, day, "day")
    due = _due(op, pledge, "overpayment.agreed")
    pledge.agreed += due.amount
    pledge.agreed_usd, pledge.released_usd = pledge.agreed_usd + due.usd, pledge.released_usd + due.usd
    pledge.seq, booked_on = op.next_seq, max(day, due.day or day)
    return Fact(
        on=reference,
        before=pledge.state,
        after=pledge.state,
        post=bookings.overpayment_agreed(
            currency=pledge.currency,
            amount=due.amount,
            usd=due.usd,
            day=booked_on,
            earmark=pledge.earmark,
            fee_usd=op.mandate.fees_of(due.usd, booked_on, "deposit"),
        ),
        data={
            "donor": pledge.donor.reference,
            "document": document.strip(),
            "day": day.isoformat(),
            "amount": due.amount,
            "currency": pledge.currency,
            "usd": due.usd,
        },
    )


@by_two("overpayment.refunded")
def pay_back(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """All of it goes back, in the currency in which it came, from an account that holds so much of it.

    ``content``: bank_account, bank_reference, value_date; version, of the pledge as the first officer read it.
    """
    pledge = op.one(Pledge, reference=subject)
    unchanged(pledge, int(content["version"]))
    due = _due(op, pledge, "overpayment.refunded")
    line = _payment(op, content, pledge, due.amount)
    pledge.refunded, pledge.seq = pledge.refunded + due.amount, op.next_seq
    return Fact(
        on=subject,
        before=pledge.state,
        after=pledge.state,
        post=bookings.overpayment_refunded(
            bank_account=line.bank_account,
            currency=line.currency,
            amount=line.amount,
            booked_usd=due.usd,
            usd=line.usd,
            day=line.value_date,
            earmark=pledge.earmark,
        ),
        data={
            **treasury.keep(op, "refund", line, -line.amount),
            "donor": pledge.donor.reference,
            "refunded": due.amount,
            "booked_usd": due.usd,
        },
    )


def _due(op: Operation, pledge: Pledge, action: str) -> Over:
    """What is due and may still be settled here; refused where nothing is."""
    lifecycle.check(action, pledge.state)
    due = over(op.session(), pledge.reference)
    if due.amount <= 0:
        raise Refused(lifecycle.FOLLOWS[action][1])
    if op.session.scalar(select(Refund.id).limit(1)):
        raise Refused(
            "The fund is paying back its balance: what is due to a donor goes back with that. Nothing has been changed."
        )
    return due


def _payment(op: Operation, content: Mapping[str, Any], pledge: Pledge, due: int) -> Line:
    """The line of the statement by which it was paid back, at the rate of its day."""
    code, currency = content["bank_account"], pledge.currency
    currency_of(op, code)
    day = not_ahead(op, day_of(content["value_date"]), "value_date")
    came = op.session.scalar(select(func.max(Deposit.value_date)).where(Deposit.pledge_id == pledge.id))
    if came and day < came:
        raise Refused("The money came on {day}. Enter the day on which it was paid back.", day=came, field="value_date")
    held = op.session.scalar(
        select(func.sum(Balance.amount)).where(Balance.account == f"cash:{code}", Balance.currency == currency)
    )
    if (held or 0) < due:
        raise NotEnoughMoney(
            "This account holds {held} and {due} is due. Nothing has been changed.",
            held=Money(major(int(held or 0), currency), currency),
            due=Money(major(due, currency), currency),
            field="bank_account",
        )
    usd = usd_of(due, rate_for(op, currency, day))
    return Line(code, free_reference(op, code, content["bank_reference"]), day, currency, due, usd)
