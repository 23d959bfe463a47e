"""One deposit for several pledges of a donor: recorded in parts, or split while it waits for its agreements."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core import bookings, lifecycle
from trustfund.core.money import Money, amount_of, major, minor
from trustfund.core.refusal import Refused
from trustfund.models.contributions import Deposit, Pledge
from trustfund.operations.contributions import tell_donor, unchanged
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.receivables import DepositPart, deposit
from trustfund.services import chance

MOST = 20
"""So many parts a deposit may have, and so many agreements are offered for them."""


@deed("deposit.recorded")
def record_in_parts(
    op: Operation,
    donor: str,
    *,
    parts: Mapping[str, str],
    amount: str,
    value_date: date,
    bank_reference: str,
    bank_account: str,
    seen: int,
) -> Fact:
    """Money in the bank for several agreements of a donor in one currency, an entry and a receipt each; all or nothing.

    ``parts``: pledge -> its amount; together they are ``amount``, which is worth what the whole is worth on its day.
    ``seen``: the last entry about any of the pledges, when they were read.
    """
    line = Line(amount, value_date, bank_reference, bank_account)
    return in_parts(op, donor, line, parts=parts, seen=seen)[-1]


class Line(NamedTuple):
    """Money that came in, as the bank has it."""

    amount: str
    value_date: date
    bank_reference: str
    bank_account: str


def in_parts(op: Operation, donor: str, line: Line, *, parts: Mapping[str, str], seen: int) -> list[Fact]:
    """What each part says, in their order. All but the last are entries already; the last is whoever calls this to add.

    ``donor``: where it is empty, that of the pledges.
    """
    pledges = [op.one(Pledge, reference=reference) for reference in parts]
    _together(donor, pledges)
    for pledge in pledges:
        unchanged(pledge, min(pledge.seq, seen))
        lifecycle.check("deposit.recorded", pledge.state)
    currency = pledges[0].currency
    units, whole = _units(list(parts.values()), currency), minor(amount_of(line.amount, currency), currency)
    _adds_up(units, whole, currency, "amount")
    facts: list[Fact] = []
    for number, (pledge, part) in enumerate(zip(pledges, units, strict=True), 1):
        if facts:
            op.append("deposit.recorded", facts[-1])
        facts.append(
            deposit(
                op,
                pledge.donor,
                pledge,
                amount=f"{major(part, currency)}",
                currency=currency,
                value_date=line.value_date,
                bank_reference=line.bank_reference,
                bank_account=line.bank_account,
                earmark=pledge.earmark,
                before=pledge.state,
                part=DepositPart(number, len(units), whole, sum(units[: number - 1])),
            )
        )
    receipts = [str(fact.data["deposit"]) for fact in facts]
    tell_donor(op, pledges[0], Money(major(whole, currency), currency), line.value_date, receipts)
    return facts


@deed("deposit.split")
def split(op: Operation, reference: str, *, amounts: Sequence[str]) -> Fact:
    """A deposit that waits becomes several, each for an agreement of its own. Nothing is booked: it waits as before.

    The parts keep the day, the rate and the entry of the whole; its first part keeps its reference.
    """
    first = op.one(Deposit, reference=reference)
    if first.pledge_id is not None:
        raise Refused("This deposit is attached to an agreement already. Nothing has been changed.")
    if first.parts > 1:
        raise Refused("This deposit is a part already, and is not split again. Nothing has been changed.")
    units, whole, usd = _units(amounts, first.currency), first.amount, first.usd
    _adds_up(units, whole, first.currency, "amounts")
    worth = [bookings.part_of(usd, sum(units[:n]), part, whole) for n, part in enumerate(units)]
    first.amount, first.usd, first.parts = units[0], worth[0], len(units)
    others = [_like(first, number, units[number - 1], worth[number - 1]) for number in range(2, len(units) + 1)]
    op.session.add_all(others)
    return Fact(
        on=first.reference,
        before="unapplied",
        after="unapplied",
        data={
            "donor": first.donor.reference,
            "currency": first.currency,
            "whole": whole,
            "usd": usd,
            "parts": [{"deposit": one.reference, "amount": one.amount, "usd": one.usd} for one in (first, *others)],
        },
    )


def open_pledges(session: Session, pledge: Pledge) -> list[Pledge]:
    """The agreements of its donor in its currency that take money: what is owed first, then as they were agreed."""
    states = lifecycle.FOLLOWS["deposit.recorded"][0]
    same = select(Pledge).where(Pledge.donor_id == pledge.donor_id, Pledge.currency == pledge.currency)
    found = session.scalars(same.where(Pledge.state.in_(states)).order_by(Pledge.id.desc()).limit(MOST * MOST))
    return sorted(found.unique(), key=lambda one: (not one.owed, one.agreed_on, one.id))[:MOST]


def parts_of(session: Session, deposit: Deposit) -> list[Deposit]:
    """All parts of the line of the bank of which a deposit is one; none where it is the whole."""
    if deposit.parts == 1:
        return []
    same = select(Deposit).where(
        Deposit.bank_account == deposit.bank_account, Deposit.bank_reference == deposit.bank_reference
    )
    return list(session.scalars(same.order_by(Deposit.part)).unique())


def _together(donor: str, pledges: Sequence[Pledge]) -> None:
    """One deposit comes from one donor, in one currency."""
    if len(pledges) < 2:
        raise Refused("Enter the amounts for at least two agreements. A deposit for one is recorded on its pledge.")
    donors = {pledge.donor.reference for pledge in pledges} | ({donor} if donor else set())
    if len(donors) > 1 or len({one.currency for one in pledges}) > 1:
        raise Refused("The parts of a deposit are for agreements of one donor, in one currency.")


def _units(amounts: Sequence[str], currency: str) -> list[int]:
    """The parts as typed, in minor units."""
    if not 2 <= len(amounts) <= MOST:
        raise Refused("A deposit has between 2 and {most} parts.", most=MOST, field="amounts")
    try:
        return [minor(amount_of(text, currency), currency) for text in amounts]
    except Refused as refused:
        refused.field = "amounts"
        raise


def _adds_up(units: Sequence[int], whole: int, currency: str, field: str) -> None:
    if sum(units) != whole:
        raise Refused(
            "The parts make {parts}, and the deposit is {whole}. Enter parts that make the whole.",
            parts=Money(major(sum(units), currency), currency),
            whole=Money(major(whole, currency), currency),
            field=field,
        )


def _like(first: Deposit, number: int, amount: int, usd: int) -> Deposit:
    """Another part of the same line of the bank."""
    same = ("value_date", "bank_account", "bank_reference", "currency", "per_usd", "rate_day", "rate_source", "seq")
    return Deposit(
        reference=chance.reference("R"),
        donor=first.donor,
        amount=amount,
        usd=usd,
        difference_usd=0,
        part=number,
        parts=first.parts,
        **{name: getattr(first, name) for name in same},
    )
