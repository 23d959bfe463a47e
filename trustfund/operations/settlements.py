"""What the fund owes by a claim: prepared by one officer, approved by another (rules of the fund, 6 and 7).

It is computed from the days that were really spent, never typed; the advance is cleared against it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core import award_books, costs
from trustfund.core.costs import Cost, Line
from trustfund.core.money import amount_of, major, minor
from trustfund.core.refusal import NotEnoughMoney, Refused, sentence
from trustfund.core.verifier import canonical
from trustfund.models.awards import Award, Claim, Settlement
from trustfund.operations.allowances import dsa_rates_for, provision_of
from trustfund.operations.award_deeds import act, books, digest_of, fact, seal, seen_award, support_of, words
from trustfund.operations.awards import money_for, ticket_used
from trustfund.operations.claims import claim_of
from trustfund.operations.journeys import journey_of, line_of, lines_text
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.people import post
from trustfund.services import chance

RECEIPT = sentence("as paid, by the receipt")
Adjustment = Mapping[str, Any]
"""``what``: the officer's words; ``usd``: cents, less than nothing takes away; ``reason``."""


@dataclass(frozen=True)
class Due:
    """What a journey that was made entitles to: lines without the fare, adjustments, and the sum in cents."""

    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    advance: int

    @property
    def entitled(self) -> int:
        lines = sum((line.usd for line in self.lines), Decimal(0))
        return minor(lines, "USD") + sum(int(a["usd"]) for a in self.adjustments)

    @property
    def balance(self) -> int:
        """Positive: the fund owes the traveller; negative: the traveller owes the fund."""
        return self.entitled - self.advance


def due_of(session: Session, award: Award, claim: Claim, adjustments: Sequence[Adjustment], today: date) -> Due:
    """Line by line, by the real days within those that were authorized; days beyond are at the traveller's own cost."""
    journey = journey_of(session, award, today)
    frame, provided = journey.frame, provision_of(session, award.meeting)
    first, last = max(claim.arrived_on, journey.arrival), min(claim.left_on, journey.departure)
    nights = [first + timedelta(days=n) for n in range(max((last - first).days, 0))]
    setting, meeting = frame.mandate.setting, frame.meeting
    lines: list[Line] = []
    if nights:
        lines += costs.allowance(
            meeting.city,
            nights,
            dsa_rates_for(session, meeting.city, nights, frame.mandate, today),
            factor=provided.factor if provided.factor is not None else setting("dsa_factor"),
            deductions=setting("deductions"),
            given=provided.given,
            others={date.fromisoformat(day): what for day, what in json.loads(claim.given or "{}").items()},
        )
    lines += _terminal(journey.cost, claim.trips)
    if claim.visa:
        lines.append(Line("visa", award.application.home_city, first, 1, major(claim.visa, "USD"), Decimal(1), RECEIPT))
    return Due(tuple(lines), tuple(adjustments), sum(books(session, award).advanced.values()))


def _terminal(certified: Cost, trips: int) -> list[Line]:
    """The terminal lines as certified, for the trips that were made: those at the venue first."""
    lines = []
    for line in (line for line in certified.lines if line.kind == "terminal"):
        made = min(line.quantity, trips)
        trips -= made
        if made:
            lines.append(replace(line, quantity=made))
    return lines


@deed("settlement.prepared")
def prepare(op: Operation, reference: str, *, seen: int, adjustments: str = "[]") -> Fact:
    """One officer prepares what is owed. ``adjustments``: JSON list of what, usd (text, may be negative) and reason."""
    award = seen_award(op, reference, seen, "settlement.prepared")
    claim = claim_of(op.session(), award)
    if claim is None:
        raise Refused("A settlement is prepared for a claim that was submitted. Nothing has been changed.")
    owed = due_of(op.session(), award, claim, [adjustment(**row) for row in json.loads(adjustments)], op.today)
    if owed.entitled < 0:
        raise Refused("The adjustments take away more than the traveller is entitled to.", field="adjustments")
    act(op, award, "prepare")
    last = op.session.scalars(
        select(Settlement).where(Settlement.award_id == award.id).order_by(Settlement.number.desc()).limit(1)
    ).first()
    if last and last.stage == "prepared":
        last.stage = "declined"
    made = Settlement(
        reference=chance.reference("L"),
        award_id=award.id,
        number=last.number + 1 if last else 1,
        stage="prepared",
        lines=lines_text(Cost(owed.lines, Decimal("0.00"))),
        adjustments=canonical({"adjustments": [dict(a) for a in owed.adjustments]}),
        entitled=owed.entitled,
        advance=owed.advance,
        by_id=op.account.id if op.account else 0,
        at=op.recorded_at,
        seq=op.next_seq,
    )
    op.session.add(made)
    told = {
        "settlement": made.reference,
        "number": made.number,
        "entitled": made.entitled,
        "advance": made.advance,
        "claim": claim.number,
        "adjustments": [a["usd"] for a in owed.adjustments],
        "lines": digest_of(made.lines),
        "seal": seal(op, made.adjustments),
    }
    return fact(op, award, data=told)


def adjustment(what: str, usd: str, reason: str) -> Adjustment:
    """What an officer adds to the lines, or takes away: ``usd`` as typed, with a minus where it takes away."""
    typed = usd.strip()
    sign = -1 if typed.startswith(("-", "−")) else 1
    cents = sign * minor(amount_of(typed.lstrip("-−"), "USD"), "USD")
    return {"what": words(what, "what", 120), "usd": cents, "reason": words(reason, "reason")}


def prepared(session: Session, award: Award) -> Settlement | None:
    """The settlement that waits for approval; one of a claim that was submitted again since waits for nothing."""
    claimed = select(func.max(Claim.seq)).where(Claim.award_id == award.id).scalar_subquery()
    found = select(Settlement).where(Settlement.award_id == award.id, Settlement.stage == "prepared")
    return session.scalars(found.where(Settlement.seq > claimed)).unique().first()


def adjustments_of(settlement: Settlement) -> list[dict[str, Any]]:
    return list(json.loads(settlement.adjustments)["adjustments"])


def lines_of(settlement: Settlement) -> list[Line]:
    return [line_of(row) for row in json.loads(settlement.lines)["lines"]]


@deed("settlement.declined")
def decline(op: Operation, reference: str, *, seen: int, reason: str) -> Fact:
    """Another officer does not approve: it is prepared again."""
    award = seen_award(op, reference, seen, "settlement.declined")
    waiting = _waiting(op, award)
    waiting.stage = "declined"
    return fact(op, award, sent_back_why=words(reason, "reason"), data={"settlement": waiting.reference})


@deed("settlement.approved")
def approve(op: Operation, reference: str, *, seen: int) -> Fact:
    """Another officer approves: the entitlement is expense, the advance is cleared, the rest of the commitment free."""
    award = seen_award(op, reference, seen, "settlement.approved")
    waiting = _waiting(op, award)
    act(op, award, "settle")
    first = ticket_used(op, award)
    now = award_books.after(books(op.session(), award), first)
    if sum(now.advanced.values()) != waiting.advance:
        raise Refused("The advance has changed since the settlement was prepared. Prepare it again.")
    frame = journey_of(op.session(), award, op.today).frame
    spent, posted = sum(now.travel.values()) + waiting.entitled, sum(now.support.values())
    support = support_of(frame, spent) - posted
    entry = (
        *first,
        *award_books.settled(now, waiting.entitled, support, _extra(op, award, now, waiting, support), op.today),
    )
    waiting.stage, waiting.approved_by_id, waiting.seq = "approved", op.account.id if op.account else None, op.next_seq
    _tell(award, waiting)
    return fact(
        op,
        award,
        "settled" if waiting.balance else "closed",
        post=entry,
        data={"settlement": waiting.reference, "entitled": waiting.entitled, "balance": waiting.balance},
    )


def _extra(op: Operation, award: Award, now: award_books.Books, waiting: Settlement, support: int) -> Mapping[str, int]:
    """What the commitment lacks, from the pots that match: refused where the money in the bank does not hold it."""
    by_advance = min(waiting.entitled, sum(now.advanced.values()))
    lacks = waiting.entitled - by_advance + support - sum(max(c, 0) for c in now.available.values())
    try:
        return money_for(op, award, lacks) if lacks > 0 else {}
    except NotEnoughMoney as short:
        raise NotEnoughMoney(
            "This settlement would use {cost} more than was committed, but only {available} is spendable. "
            "Nothing has been changed.",
            cost=major(lacks, "USD"),
            available=short.values["available"],
        ) from None


def _waiting(op: Operation, award: Award) -> Settlement:
    found = prepared(op.session(), award)
    if found is None:
        raise Refused("No settlement waits for approval here. Nothing has been changed.")
    return found


_OWED = {
    1: sentence(
        "Your claim for the meeting {meeting} is settled: the fund owes you {usd}, and pays it now. “My applications” "
        "shows every line."
    ),
    0: sentence(
        "Your claim for the meeting {meeting} is settled: nothing is owed. “My applications” shows every line."
    ),
    -1: sentence(
        "Your claim for the meeting {meeting} is settled: you owe the fund {usd}. “My applications” shows every line, "
        "and how to pay it back."
    ),
}


def _tell(award: Award, settled: Settlement) -> None:
    if award.application.account:
        balance = settled.balance
        post(
            award.application.account,
            sentence("Your claim for the meeting {meeting}"),
            _OWED[(balance > 0) - (balance < 0)],
            meeting=award.meeting,
            usd=f"{major(abs(balance), 'USD'):,} USD",
        )
