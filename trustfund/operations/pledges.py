"""A pledge goes another way than to the bank: amended or withdrawn before it is agreed, written off afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from trustfund.core import bookings, lifecycle
from trustfund.core.instalments import Row
from trustfund.core.refusal import NotHere, Refused
from trustfund.core.roles import Role
from trustfund.models.contributions import Pledge
from trustfund.operations.contributions import unchanged
from trustfund.operations.instalments import fix, given, parts_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.proposals import by_two
from trustfund.operations.receivables import announced, terms


@deed("pledge.amended")
def amend(
    op: Operation,
    reference: str,
    *,
    amount: str,
    currency: str,
    purpose: str,
    earmark: str = "",
    expected_on: date | None = None,
    instalments: Sequence[Row] | None = None,
    seen: int,
) -> Fact:
    """The donor, or an officer whom its letter reached, changes what is intended. Nothing is booked by it."""
    pledge = _own(op, reference)
    unchanged(pledge, seen)
    lifecycle.check("pledge.amended", pledge.state)
    new = terms(op, amount=amount, currency=currency, purpose=purpose, earmark=earmark, expected_on=expected_on)
    parts = given(pledge, new["amount"], new["currency"], instalments)
    if parts == parts_of(pledge) and all(getattr(pledge, name) == value for name, value in new.items()):
        raise Refused("The pledge says all of this already. Nothing has been changed.")
    for name, value in new.items():
        setattr(pledge, name, value)
    fix(op, pledge, parts)
    pledge.seq = op.next_seq
    return replace(announced(pledge), before="announced")


@deed("pledge.withdrawn")
def withdraw(op: Operation, reference: str, *, seen: int) -> Fact:
    """It will not come. The pledge stays in the register, and is counted nowhere; what is signed an officer ends."""
    pledge = _own(op, reference)
    unchanged(pledge, seen)
    lifecycle.check("pledge.withdrawn", pledge.state)
    if pledge.state == "conditional" and op.account and op.account.role == Role.DONOR:
        raise Refused("This pledge is agreed on a condition. Write to the fund: an officer withdraws it.")
    before, pledge.state, pledge.seq = pledge.state, "withdrawn", op.next_seq
    return Fact(on=reference, before=before, after="withdrawn", data={"donor": pledge.donor.reference})


@by_two("contribution.written-off")
def write_off(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """All that is still receivable will not come: written off by two officers at its booked value.

    ``content``: document, the authority for it; version, of the pledge as the first officer read it.
    """
    pledge = op.one(Pledge, reference=subject)
    document = str(content["document"]).strip()
    if not document or len(document) > 120:
        raise Refused("A write-off names its authority, for example Write-off advice 2018/1.", field="document")
    lifecycle.check("contribution.written-off", pledge.state)
    unchanged(pledge, int(content["version"]))
    before, owed, usd = pledge.state, pledge.owed, pledge.owed_usd
    entry = bookings.written_off(
        currency=pledge.currency, owed=owed, owed_usd=usd, day=op.today, earmark=pledge.earmark
    )
    pledge.written_off, pledge.released_usd = owed, pledge.released_usd + usd
    pledge.state, pledge.seq = "written-off", op.next_seq
    data = {"donor": pledge.donor.reference, "amount": owed, "currency": pledge.currency, "usd": usd}
    return Fact(subject, before, "written-off", entry, {**data, "document": document})


def _own(op: Operation, reference: str) -> Pledge:
    """The pledge; for a donor another donor's is not here."""
    pledge = op.one(Pledge, reference=reference)
    if op.account and op.account.role == Role.DONOR and op.account.donor_id != pledge.donor_id:
        raise NotHere("There is no such thing here.")
    return pledge
