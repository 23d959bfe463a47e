"""Delegates who came: the journeys whose attendance was confirmed, the days of the meeting at which each was, and what
each used of every earmark. Counts only, no person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from trustfund.core.calendar import Meeting
from trustfund.core.delegate_days import Journey
from trustfund.core.record import moment
from trustfund.models.awards import Award, Claim
from trustfund.models.fund import calendar_on
from trustfund.models.record import Event, Posting

USED = ("commitments", "travel", "support-cost", "write-offs")
"""What an award uses, W of the rules (6): the journey of a month's end is still committed in its own entries."""


@dataclass(frozen=True)
class Made:
    """A journey that was made, and the first day of its meeting."""

    first_day: date
    journey: Journey


def journeys_made(session: Session, last: date, known: date, closed: Mapping[int, int]) -> dict[int, list[Made]]:
    """Year -> the journeys that count in it, by meeting.

    ``last``: the last of first days and value dates; ``known``: of entries; ``closed``: year -> the entry that closed
    its December, after which nothing more counts in it.
    """
    end = f"{known.isoformat()}T23:59:59.999Z"
    attended = session.execute(
        select(Award.id, Award.meeting, Award.category, Event.seq, Event.at)
        .join(Event, Event.subject == Award.reference)
        .where(Event.action == "attendance.confirmed")
        .order_by(Award.id)
    ).all()
    if not attended:
        return {}
    day = min(known, max(moment(row.at) for row in attended).date())
    meetings = {meeting.code: meeting for meeting in calendar_on(session, day).meetings}
    used, claims = _used(session, last), _claims(session)
    found: dict[int, list[Made]] = defaultdict(list)
    for row in attended:
        meeting = meetings[row.meeting]
        year = _year(meeting.first_day, row.seq, closed)
        if meeting.first_day > last or (year not in closed and row.at > end):
            continue
        told = [c for c in claims.get(row.id, []) if _counts(c, closed.get(year), end)]
        days = _days(meeting, told[-1] if told else None)
        parts = _until(used.get(row.id, []), year)
        found[year].append(Made(meeting.first_day, Journey(meeting.code, row.category == "LDC", days, parts)))
    return {year: sorted(made, key=lambda one: (one.first_day, one.journey.meeting)) for year, made in found.items()}


def _year(first_day: date, seq: int, closed: Mapping[int, int]) -> int:
    """That of the meeting; where it was closed when attendance was confirmed, the first that was open."""
    year = first_day.year
    while year in closed and seq > closed[year]:
        year += 1
    return year


def _counts(claim: Any, closing: int | None, end: str) -> bool:
    return bool(claim.told <= end if closing is None else claim.seq <= closing)


def _days(meeting: Meeting, claim: Any) -> int:
    """The days of the meeting between arrival and departure; all of them until the traveller has told these."""
    return sum(claim is None or claim.arrived_on <= day <= claim.left_on for day in meeting.days)


def _claims(session: Session) -> dict[int, list[Any]]:
    """Award -> its claims in the order of the record."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(Claim.award_id, Claim.seq, Claim.arrived_on, Claim.left_on, Event.at.label("told"))
        .join(Event, Event.seq == Claim.seq)
        .order_by(Claim.seq)
    ):
        found[row.award_id].append(row)
    return found


def _used(session: Session, last: date) -> dict[int, list[Any]]:
    """Award -> year, earmark and cents of what it used."""
    year = cast(extract("year", Posting.day), Integer)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(Award.id, year.label("year"), Posting.earmark, func.sum(Posting.usd).label("usd"))
        .join(Event, Event.subject == Award.reference)
        .join(Posting, Posting.seq == Event.seq)
        .where(Posting.account.in_(USED), Posting.day <= last)
        .group_by(Award.id, year, Posting.earmark)
        .order_by(Award.id, year, Posting.earmark)
    ):
        found[row.id].append(row)
    return found


def _until(used: Iterable[Any], year: int) -> dict[str, int]:
    parts: dict[str, int] = defaultdict(int)
    for row in used:
        if row.year <= year:
            parts[row.earmark] += int(row.usd)
    return dict(parts)
