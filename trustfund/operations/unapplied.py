"""Deposits that met no agreement: which wait, to which agreement each may belong and why, and how one is attached."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from trustfund.core import bookings, lifecycle, matching
from trustfund.core.ledger import Posting
from trustfund.core.money import Money, major
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.record import Posting as PostingRow
from trustfund.operations.contributions import tell_donor, unchanged
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.receivables import applied, fee_of, stands

MOST = 20
"""So many deposits that wait are listed, and so many agreements offered for one."""


@deed("deposit.attached")
def attach(op: Operation, reference: str, *, pledge: str, seen: int) -> Fact:
    """An officer finds the agreement of a deposit: from now on it is received, and can be spent.

    Its value in USD stays the one recorded on the day it came; ``seen`` is the version of the pledge.
    """
    deposit, to = op.one(Deposit, reference=reference), op.one(Pledge, reference=pledge)
    if deposit.pledge_id is not None:
        raise Refused("This deposit is attached to an agreement already. Nothing has been changed.")
    _same_donor_and_currency(deposit, to)
    unchanged(to, seen)
    lifecycle.check("deposit.attached", to.state)
    stands(to)
    before, came_for = to.state, _came_for(deposit)
    entry = _entry(deposit, to, came_for, op.today, fee_of(op, deposit, to))
    applied(op, deposit, to, entry)
    deposit.pledge_id, deposit.attached_seq = to.id, op.next_seq
    amount = Money(major(deposit.amount, deposit.currency), deposit.currency)
    tell_donor(op, to, amount, deposit.value_date, [deposit.reference])
    return Fact(
        on=to.reference,
        before=before,
        after=to.state,
        post=entry,
        data={
            "deposit": deposit.reference,
            "donor": to.donor.reference,
            "document": to.document,
            "amount": deposit.amount,
            "currency": deposit.currency,
            "usd": deposit.usd,
            "value_date": deposit.value_date.isoformat(),
            "difference_usd": deposit.difference_usd,
        },
    )


@dataclass(frozen=True)
class Suggestion:
    """An agreement to which a deposit may belong, and why: ``document``, its symbol is in the bank's reference;
    ``amount``, exactly so much is outstanding; ``only``, it is the donor's only open one; ``donor``, it is one of
    several; ``paid``, nothing is outstanding of it, so that all would be due to the donor.

    ``difference`` and ``over``: cents of exchange difference and of what would be due to the donor.
    """

    pledge: Pledge
    why: str
    difference: int
    over: int


@dataclass(frozen=True)
class Waiting:
    deposit: Deposit
    suggestions: Sequence[Suggestion]


def how_many() -> int:
    """How many deposits wait for an agreement."""
    return db.session.scalar(select(func.count()).select_from(Deposit).where(Deposit.pledge_id.is_(None))) or 0


def waiting() -> list[Waiting]:
    """Those that wait, oldest first, each with its suggestions; read in two statements."""
    found = select(Deposit).where(Deposit.pledge_id.is_(None)).order_by(Deposit.value_date, Deposit.id).limit(MOST)
    return _suggested(list(db.session.scalars(found).unique()))


def deposit_of(reference: str) -> Waiting:
    """One deposit; where it is attached already, nothing is suggested."""
    found = db.session.scalars(select(Deposit).where(Deposit.reference == reference)).unique().one_or_none()
    if found is None:
        raise NotHere("There is no such thing here.")
    return Waiting(found, []) if found.pledge_id else _suggested([found])[0]


def _suggested(deposits: list[Deposit]) -> list[Waiting]:
    donors, currencies = {d.donor_id for d in deposits}, {d.currency for d in deposits}
    states = lifecycle.FOLLOWS["deposit.attached"][0]
    asked = select(Pledge).where(Pledge.donor_id.in_(donors), Pledge.currency.in_(currencies), Pledge.state.in_(states))
    newest = asked.order_by(Pledge.id.desc()).limit(MOST * MOST)
    pledges = list(db.session.scalars(newest).unique()) if deposits else []
    return [Waiting(d, _for(d, [p for p in pledges if _same(d, p)])) for d in deposits]


def _for(deposit: Deposit, pledges: list[Pledge]) -> list[Suggestion]:
    """The likeliest first; among equals the one agreed first."""
    open_ones = sum(p.owed > 0 for p in pledges)
    found = [_suggestion(deposit, p, open_ones == 1) for p in pledges]
    found.sort(key=lambda one: (_LIKELY.index(one.why), one.pledge.agreed_on, one.pledge.id))
    return found[:MOST]


_LIKELY = ("document", "amount", "only", "donor", "paid")


def _suggestion(deposit: Deposit, pledge: Pledge, only: bool) -> Suggestion:
    why = "only" if only else "donor"
    if not pledge.owed:
        why = "paid"
    elif _named(pledge, deposit.bank_reference or ""):
        why = "document"
    elif pledge.owed == deposit.amount:
        why = "amount"
    entry = _entry(deposit, pledge, "", deposit.value_date, 0)
    return Suggestion(pledge, why, -_of(entry, "exchange-difference"), -_of(entry, "due-to-donors"))


def _named(pledge: Pledge, bank_reference: str) -> bool:
    """Whether the bank's reference has the pledge's reference, or a number of the document of at least four signs."""
    numbers = [word for word in pledge.document.split() if re.search(r"\d", word)]
    return not matching.forms([pledge.reference, *numbers]).isdisjoint(matching.runs(bank_reference))


def _same(deposit: Deposit, pledge: Pledge) -> bool:
    return (deposit.donor_id, deposit.currency) == (pledge.donor_id, pledge.currency)


def _same_donor_and_currency(deposit: Deposit, pledge: Pledge) -> None:
    if deposit.donor_id != pledge.donor_id:
        raise Refused(
            "The deposit came from {donor}, and this pledge is of {other}. Nothing has been changed.",
            donor=deposit.donor.name,
            other=pledge.donor.name,
        )
    if deposit.currency != pledge.currency:
        raise Refused(
            "The deposit is in {currency}, and this pledge in {other}. Nothing has been changed.",
            currency=deposit.currency,
            other=pledge.currency,
        )


def _came_for(deposit: Deposit) -> str:
    """The earmark under which the deposit waits, as its entry has it."""
    found = select(PostingRow.earmark).where(
        PostingRow.seq == deposit.seq, PostingRow.account == "unapplied-contributions"
    )
    return db.session.scalars(found).one()


def _entry(deposit: Deposit, pledge: Pledge, came_for: str, day: date, fee: int) -> tuple[Posting, ...]:
    return bookings.attached(
        bank_account=deposit.bank_account,
        currency=deposit.currency,
        amount=deposit.amount,
        usd=deposit.usd,
        day=day,
        came_for=came_for,
        earmark=pledge.earmark,
        owed=pledge.owed,
        owed_usd=pledge.owed_usd,
        fee_usd=fee,
    )


def _of(entry: Iterable[Posting], account: str) -> int:
    return sum(p.usd for p in entry if p.account == account)
