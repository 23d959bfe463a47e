"""Journeys that are over while money is still committed for them. The one place where closings ask the awards."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from trustfund.core.closing import Accrual
from trustfund.core.lifecycle import AWARD_STAGES
from trustfund.core.money import before_fee, major, minor
from trustfund.models.awards import Award
from trustfund.models.fund import calendar_on, mandate_on
from trustfund.models.record import Event, Posting

MADE = AWARD_STAGES[AWARD_STAGES.index("ticketed") : AWARD_STAGES.index("closed") + 1]
"""Stages of an award whose journey was made, or is taken to have been until somebody says otherwise."""


def journeys_over(session: Session, day: date) -> list[Accrual]:
    """Every journey that ended by a day and for which something was still committed on it, as the postings of the award
    up to that day have it. Tickets still ahead and what the traveller owes are in the commitment and no expense.

    A closing accrues those that were made, and tells of those that are over for long.
    """
    mandate, meetings = mandate_on(session, day), {m.code: m for m in calendar_on(session, day).meetings}
    usual = mandate.setting("leave_days_after")
    found = []
    for award, parts in _committed(session, day, [code for code, m in meetings.items() if m.last_day <= day]):
        meeting = meetings[award.meeting]
        ended = meeting.last_day + timedelta(days=usual if award.days_after is None else award.days_after)
        if ended <= day:
            rate = sum((fee.rate for fee in mandate.fees_on(meeting.first_day, "expenditure")), Decimal(0))
            charge = sum(parts.values())
            travel = minor(before_fee(major(charge, "USD"), rate), "USD")
            made = (award.resumes or award.stage) in MADE
            found.append(Accrual(award.reference, ended, parts, travel, charge - travel, made))
    return found


def _committed(session: Session, day: date, meetings: list[str]) -> Iterable[tuple[Award, dict[str, int]]]:
    """Awards of some meetings with what was still expected of each on a day, by earmark; in the order of the awards."""
    expected = func.sum(case((Posting.account == "commitments", Posting.usd), else_=-Posting.usd))
    rows = session.execute(
        select(Award.id, Posting.earmark, expected)
        .join(Event, Event.subject == Award.reference)
        .join(Posting, Posting.seq == Event.seq)
        .where(Award.meeting.in_(meetings), Posting.day <= day)
        .where(Posting.account.in_(("commitments", "prepaid-travel", "due-from-travellers")))
        .group_by(Award.id, Posting.earmark)
        .having(expected > 0)
        .order_by(Award.id, Posting.earmark)
    ).all()
    parts: dict[int, dict[str, int]] = {}
    for award_id, earmark, cents in rows:
        parts.setdefault(award_id, {})[earmark] = int(cents)
    awards = {a.id: a for a in session.scalars(select(Award).where(Award.id.in_(parts))).unique()}
    return [(awards[award_id], of) for award_id, of in parts.items()]
