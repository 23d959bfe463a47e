"""A conditional agreement: its condition is met, and only then it is booked; money that comes before that waits."""

from datetime import date

from trustfund.core import lifecycle
from trustfund.core.money import Money, amount_of
from trustfund.core.refusal import Refused
from trustfund.models.contributions import Pledge
from trustfund.operations.agreements import booked, due_at_once
from trustfund.operations.bank_lines import not_ahead
from trustfund.operations.contributions import tell_donor, unchanged
from trustfund.operations.instalments import parts_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.receivables import deposit, stands


@deed("condition.met")
def meet(op: Operation, reference: str, *, document: str, day: date, seen: int) -> Fact:
    """The condition is met: what was promised becomes receivable at the rate of that day (IPSAS 23; fund practice).

    ``document``: the authority that says so.
    """
    pledge = op.one(Pledge, reference=reference)
    unchanged(pledge, seen)
    lifecycle.check("condition.met", pledge.state)
    stands(pledge)
    document = document.strip()
    if not document or len(document) > 120:
        raise Refused("Enter the document that says that the condition is met.", field="document")
    not_ahead(op, day, "day")
    if pledge.agreed_on and day < pledge.agreed_on:
        raise Refused(
            "The condition is met on {day}, before the agreement of {agreed}. Enter the day on which it was met.",
            day=day,
            agreed=pledge.agreed_on,
            field="day",
        )
    pledge.condition_met_on = day
    parts = parts_of(pledge) or due_at_once(pledge, pledge.promised, day)
    return booked(op, pledge, pledge.promised, day, parts, before="conditional", data={"document": document})


@deed("deposit.recorded")
def record_early_deposit(
    op: Operation, reference: str, *, amount: str, value_date: date, bank_reference: str, bank_account: str, seen: int
) -> Fact:
    """Money that comes before the condition is met: in the bank, unapplied, until an officer attaches it."""
    pledge = op.one(Pledge, reference=reference)
    unchanged(pledge, seen)
    lifecycle.check("condition.met", pledge.state)
    fact = deposit(
        op,
        pledge.donor,
        None,
        amount=amount,
        currency=pledge.currency,
        value_date=value_date,
        bank_reference=bank_reference,
        bank_account=bank_account,
        earmark=pledge.earmark,
    )
    receipts = [str(fact.data["deposit"])]
    tell_donor(op, pledge, Money(amount_of(amount, pledge.currency), pledge.currency), value_date, receipts)
    return fact
