"""Payments go out in orders, each released once: to the bank, in cash at the venue, or to the travel agent.

Who pays neither certified nor approved nor entered the bank details; what is paid was approved with these details.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from trustfund.core import award_books
from trustfund.core.award_books import Books
from trustfund.core.ledger import Posting
from trustfund.core.lifecycle import OVER
from trustfund.core.money import major, minor, rounded
from trustfund.core.refusal import Refused
from trustfund.models.awards import Award, Payment, PaymentOrder, Settlement
from trustfund.models.record import Event
from trustfund.operations.award_deeds import (
    NOT_AS_MADE,
    act,
    books,
    fact,
    many_books,
    mine,
    seal,
    seen_award,
    ticked,
    words,
)
from trustfund.operations.bank_lines import in_dollars, rate_for
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.services import chance

METHODS = ("bank", "cash", "agent")
DEEDS = {"ticket": "ticket.paid", "advance": "advance.paid", "balance": "balance.paid"}
_TICKETED = ("ticketed", "advance-paid", "travelled", "claimed", *OVER)


@dataclass(frozen=True)
class Due:
    """A payment that can be made: of an award, its kind, what it is in USD cents, and to be paid by which method."""

    award: Award
    kind: str
    usd: int
    method: str


def due(session: Session, method: str, *, meeting: str = "") -> list[Due]:
    """What can be paid by a method now, in the order of the meetings and places."""
    kinds = ("ticket",) if method == "agent" else ("advance", "balance")
    found = select(Award).order_by(Award.meeting, Award.position)
    if meeting:
        found = found.where(Award.meeting == meeting)
    if method == "agent":
        found = found.where(Award.ticket.is_not(None))
    else:
        found = found.where(Award.method == method, Award.stage.in_(("ticketed", "settled")))
    awards = list(session.scalars(found.options(joinedload(Award.bank))).unique())
    ids = [award.id for award in awards]
    live = select(Payment.award_id, Payment.kind).where(Payment.stage == "paid", Payment.award_id.in_(ids))
    paid = {(row.award_id, row.kind) for row in session.execute(live)}
    settled = select(Settlement).where(Settlement.award_id.in_(ids), Settlement.stage == "approved")
    balances = {one.award_id: one.balance for one in session.scalars(settled.order_by(Settlement.number))}
    known = many_books(session, [award.reference for award in awards])
    rows = []
    for award in awards:
        for kind in kinds:
            usd = _usd(award, kind, known.get(award.reference, Books()), balances.get(award.id, 0))
            if usd > 0 and (award.id, kind) not in paid:
                rows.append(Due(award, kind, usd, method))
    return rows


def _usd(award: Award, kind: str, known: Books, balance: int) -> int:
    """What is to be paid of a kind, in cents; nothing where it is not its turn. ``balance``: of the settled claim."""
    if kind == "ticket":
        return min(award.ticket or 0, max(sum(known.payable.values()), 0))
    if kind == "advance":
        return award.advance if award.stage == "ticketed" else 0
    return max(balance, 0) if award.stage == "settled" else 0


def settlement_of(session: Session, award: Award) -> Settlement | None:
    """The latest settlement of an award that was not declined."""
    return session.scalars(
        select(Settlement)
        .where(Settlement.award_id == award.id, Settlement.stage != "declined")
        .order_by(Settlement.number.desc())
        .limit(1)
    ).first()


@deed("order.released")
def release(op: Operation, method: str, *, payments: str, bank_account: str = "main") -> Fact:
    """Pay all of these, or none: one order, one entry a payment. ``payments``: kind, award and version, one by line."""
    if method not in METHODS:
        raise Refused("Choose how these are paid: by the bank, in cash, or to the travel agent.", field="method")
    account, on = in_dollars(op, bank_account), op.today
    order = PaymentOrder(
        reference=chance.reference("O"),
        method=method,
        day=on,
        bank_account=account,
        usd=0,
        count=0,
        by=op.account,
        at=op.recorded_at,
        seq=0,
    )
    field = "payments"
    rows = ticked(payments, r"(ticket|advance|balance) (\S+) (\d+)", field)
    if len({(kind, award) for kind, award, _ in rows}) < len(rows):
        raise Refused(NOT_AS_MADE[field], field=field)
    paid, totals = [], Counter[str]()
    for kind, award, seen in rows:
        payment = _paid(op, order, kind, award, int(seen))
        totals[payment.currency] += payment.amount
        paid.append(payment)
    order.usd, order.count, order.seq = sum(p.usd for p in paid), len(paid), op.next_seq
    meetings = {p.award.meeting for p in paid}
    order.meeting = meetings.pop() if len(meetings) == 1 else ""
    op.session.add(order)
    op.session.flush()
    for payment in paid:
        payment.order_id = order.id
        op.session.add(payment)
    told = {"method": method, "bank_account": account, "day": on.isoformat(), "usd": order.usd, "count": order.count}
    return Fact(
        on=order.reference,
        after="released",
        data={**told, "totals": dict(totals), "payments": [_told(p) for p in paid], "meeting": order.meeting},
    )


def _paid(op: Operation, order: PaymentOrder, kind: str, reference: str, seen: int) -> Payment:
    """One payment of an order, with its entry on the award."""
    award = _payable(op, order.method, kind, reference, seen)
    known = books(op.session(), award)
    settled = settlement_of(op.session(), award) if kind == "balance" else None
    usd = _usd(award, kind, known, settled.balance if settled else 0)
    if usd <= 0 or _live(op.session(), award, kind):
        raise Refused("Nothing is to be paid on {award} now. Open the page again.", award=award.reference)
    act(op, award, "pay")
    currency = award.bank.currency if order.method == "bank" and award.bank else "USD"
    rate = rate_for(op, currency, order.day)
    amount = minor(rounded(major(usd, "USD") * rate.per_usd, currency), currency)
    payment = Payment(
        reference=chance.reference("Y"),
        award=award,
        award_id=award.id,
        kind=kind,
        stage="paid",
        usd=usd,
        currency=currency,
        amount=amount,
        per_usd=f"{rate.per_usd:f}",
        bank_id=award.bank.id if order.method == "bank" and award.bank else None,
        seq=op.next_seq,
    )
    pay = award_books.advanced if kind == "advance" else award_books.balance_paid
    stage = {"advance": "advance-paid", "balance": "closed"}.get(kind)
    entry = pay(known, order.bank_account, usd, order.day)
    op.append(DEEDS[kind], fact(op, award, stage, post=entry, data={"order": order.reference, **_told(payment)}))
    return payment


def _live(session: Session, award: Award, kind: str) -> bool:
    """Whether such a payment is made already and has not failed."""
    found = select(Payment.id).where(Payment.award_id == award.id, Payment.kind == kind, Payment.stage == "paid")
    return session.scalar(found) is not None


def _payable(op: Operation, method: str, kind: str, reference: str, seen: int) -> Award:
    if kind == "ticket":
        award = op.one(Award, reference=reference)
        mine(op, award)
        if method != "agent" or award.stage not in _TICKETED:
            raise Refused("The ticket of {award} is paid to the travel agent, once it is issued.", award=reference)
        return award
    award = seen_award(op, reference, seen, DEEDS[kind])
    if award.method != method:
        raise Refused("{award} is not paid by this method.", award=reference)
    if method == "bank" and award.bank is None:
        raise Refused("The bank details of {award} are not entered yet.", award=reference)
    return award


def _told(payment: Payment) -> dict[str, object]:
    return {
        "payment": payment.reference,
        "on": payment.award.reference,
        "kind": payment.kind,
        "usd": payment.usd,
        "currency": payment.currency,
        "amount": payment.amount,
        "per_usd": payment.per_usd,
        "bank": payment.award.bank_reference if payment.bank_id else "",
    }


@deed("payment.failed")
def fail(op: Operation, reference: str, *, reason: str) -> Fact:
    """The bank sent it back, or nobody came for the cash: its entry is reversed, and it can be paid again."""
    payment = op.one(Payment, reference=reference)
    award = op.one(Award, id=payment.award_id)
    mine(op, award)
    if payment.stage != "paid":
        raise Refused("This payment failed already. Nothing has been changed.")
    now = award.resumes or award.stage
    turned = {("advance", "advance-paid"): "ticketed", ("balance", "closed"): "settled"}.get((payment.kind, now))
    if final := why_final(payment):
        raise final
    why = words(reason, "reason", 200)
    act(op, award, "pay")
    payment.stage, payment.why_failed = "failed", why
    op.session.flush()
    entry = award_books.failed(books(op.session(), award), _entry_of(op, payment), op.today)
    payment.seq = op.next_seq
    told = {"payment": reference, "kind": payment.kind, "seal": seal(op, why)}
    if award.resumes and turned:
        return fact(op, award, post=entry, data=told, resumes=turned)
    return fact(op, award, turned, post=entry, data=told)


def why_final(payment: Payment) -> Refused | None:
    """Why nobody can say any more that it failed."""
    stage = payment.award.resumes or payment.award.stage
    if payment.kind == "advance" and stage in OVER:
        return Refused("The journey is settled already: what was not received is a part of the settlement.")
    return None


def _entry_of(op: Operation, payment: Payment) -> Iterable[Posting]:
    body = op.session.scalar(select(Event.body).where(Event.seq == payment.seq))
    assert body is not None
    for p in json.loads(body)["post"]:
        yield Posting(p["account"], p["currency"], p["amount"], p["usd"], date.fromisoformat(p["day"]), p["earmark"])


def order_of(session: Session, reference: str) -> PaymentOrder | None:
    found = select(PaymentOrder).where(PaymentOrder.reference == reference)
    payments = joinedload(PaymentOrder.payments)
    found = found.options(joinedload(PaymentOrder.by), payments.joinedload(Payment.award))
    return session.scalars(found.options(payments.joinedload(Payment.bank))).unique().first()
