"""A delegate travelled, did not come, or will not: what is then expense, and what is due from whom."""

from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core import award_books
from trustfund.core.ledger import Posting
from trustfund.core.money import amount_of, minor
from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.fund import calendar_on
from trustfund.models.record import Event
from trustfund.models.record import Posting as PostingRow
from trustfund.operations.award_deeds import (
    act,
    books,
    fact,
    frame_for,
    seen_award,
    support_of,
    ticked,
    together,
    words,
)
from trustfund.operations.awards import ticket_used
from trustfund.operations.journeys import journey_of
from trustfund.operations.operation import Fact, Operation, deed, writing
from trustfund.operations.people import post


@deed("attendance.confirmed")
def confirm_attendance(op: Operation, reference: str, *, seen: int) -> Fact:
    """An officer saw the delegate at the meeting, or holds its list of participants."""
    return _confirmed(op, reference, seen)


@deed("attendance.confirmed")
def confirm_many(op: Operation, meeting: str, *, awards: str) -> Fact:
    """The list of participants of a meeting: all of them, or none. ``awards``: reference and version, one by line."""
    rows = ticked(awards, r"(\S+) (\d+)", "awards")
    deeds = [partial(_confirmed, op, award, int(seen)) for award, seen in rows]
    return together(op, "attendance.confirmed", deeds, meeting=meeting)


def _confirmed(op: Operation, reference: str, seen: int) -> Fact:
    award = seen_award(op, reference, seen, "attendance.confirmed")
    journey = journey_of(op.session(), award, op.today)
    if op.today < journey.frame.meeting.first_day:
        raise Refused(
            "The meeting begins on {day}: attendance is confirmed from then on.", day=journey.frame.meeting.first_day
        )
    act(op, award, "attend")
    due = journey.departure + timedelta(days=journey.frame.mandate.setting("days_to_claim"))
    due = max(due, op.today + timedelta(days=1))
    if award.application.account:
        post(
            award.application.account,
            sentence("Your claim for the meeting {meeting}"),
            sentence(
                "Your attendance at the meeting {meeting} is confirmed. Submit your claim until {day} under “My "
                "applications”: your days, boarding passes and receipts, and a short report."
            ),
            meeting=award.meeting,
            day=due,
        )
    return fact(op, award, "travelled", post=ticket_used(op, award), claim_due=due)


@deed("award.missed")
def record_no_show(op: Operation, reference: str, *, seen: int, refund: str = "", reason: str) -> Fact:
    """The delegate did not come: the advance is due, what the agent does not give back is lost; it counts as a seat.

    ``refund``: of the ticket, in USD.
    """
    award = seen_award(op, reference, seen, "award.missed")
    first_day = frame_for(op, award).meeting.first_day
    if op.today < first_day:
        raise Refused("The meeting begins on {day}: a no-show is recorded from then on.", day=first_day)
    act(op, award, "attend")
    return fact(op, award, "no-show", post=_not_made(op, award, refund), cancelled_why=words(reason, "reason"))


@deed("award.cancelled")
def cancel(op: Operation, reference: str, *, seen: int, refund: str = "", reason: str) -> Fact:
    """The journey will not be made: the commitment is released, but for what of a ticket is lost."""
    award = seen_award(op, reference, seen, "award.cancelled")
    why = words(reason, "reason")
    entry = _not_made(op, award, refund) if award.committed else ()
    if award.application.account:
        post(
            award.application.account,
            sentence("Your award is cancelled"),
            sentence("The fund has cancelled your journey to the meeting {meeting} ({public}):\n\n{reason}"),
            meeting=award.meeting,
            public=award.seat,
            reason=why,
        )
    return fact(op, award, "cancelled", post=entry, cancelled_why=why, resumes=None)


def _not_made(op: Operation, award: Award, refund: str) -> tuple[Posting, ...]:
    """The entry of a journey that was not made."""
    now, price = books(op.session(), award), award.ticket or 0
    back = minor(amount_of(refund, "USD"), "USD") if refund.strip() and refund.strip() not in ("0", "0.00") else 0
    if back > price:
        raise Refused("The agent gives back at most what the ticket cost.", field="refund")
    frame, day = frame_for(op, award), op.today
    first: tuple[Posting, ...] = ()
    ahead = sum(now.prepaid.values())
    if back and not ahead:
        spent, posted = sum(now.travel.values()), sum(now.support.values())
        first = award_books.ticket_refunded(now, back, posted - support_of(frame, spent - back), day)
        now = award_books.after(now, first)
    lost = max(ahead - back, 0)
    support = support_of(frame, lost) if lost else 0
    return (*first, *award_books.not_travelled(now, lost, support, day))


def use_tickets(at: datetime) -> int:
    """Tickets of meetings that have begun become expense: how many. The clock's deed, on the first day.

    Where nothing is due nobody waits for it.
    """
    if not _ahead(db.session(), at.date()):
        return 0
    with writing(by=SYSTEM, at=at) as op:
        due = _ahead(op.session(), op.today)
        for award in op.session.scalars(select(Award).where(Award.id.in_(due)).order_by(Award.id)).unique():
            day = max(frame_for(op, award).meeting.first_day, award.ticketed_on or date.min)
            op.append("ticket.expensed", fact(op, award, post=ticket_used(op, award, day=day)))
    return len(due)


def _ahead(session: Session, day: date) -> list[int]:
    """Awards of meetings that have begun whose ticket is still paid ahead."""
    begun = [m.code for m in calendar_on(session, day).meetings if m.first_day <= day]
    rows = session.execute(
        select(Award.id)
        .join(Event, Event.subject == Award.reference)
        .join(PostingRow, PostingRow.seq == Event.seq)
        .where(Award.meeting.in_(begun), func.coalesce(Award.resumes, Award.stage).in_(("ticketed", "advance-paid")))
        .where(PostingRow.account == "prepaid-travel")
        .group_by(Award.id)
        .having(func.sum(PostingRow.usd) > 0)
    )
    return list(rows.scalars())
