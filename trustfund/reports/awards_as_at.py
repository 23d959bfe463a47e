"""What reports of awards share: every award as on the last day, its stage by its entries, its money by the books."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from trustfund.core.award_books import Books, books_of
from trustfund.core.calendar import Calendar
from trustfund.core.countries import STATES
from trustfund.core.money import major
from trustfund.models.awards import Award
from trustfund.models.fund import calendar_on
from trustfund.models.record import Event, Posting
from trustfund.reports.snapshot import Snapshot

NIL = Decimal("0.00")


@dataclass(frozen=True)
class Seen:
    """An award on the last day of a report. ``days``: when it first came to each stage; ``charge``: as certified by
    then, in cents; ``answer_by``: of the offer that stood."""

    row: Any
    stage: str
    charge: int | None
    answer_by: date
    books: Books
    cash: int  # cents that left the bank for it
    days: Mapping[str, date]

    @property
    def reference(self) -> str:
        return str(self.row.reference)


def awards_as_at(snapshot: Snapshot) -> list[Seen]:
    """In the order of the meetings and places; in a fixed number of statements."""
    session, stages = snapshot.session, _stages(snapshot)
    postings = postings_of(snapshot, "W-")
    found = session.execute(
        select(
            Award.reference,
            Award.seat,
            Award.meeting,
            Award.state,
            Award.category,
            Award.position,
            Award.proposed,
            Award.claim_due,
            Award.selection_id,
        ).order_by(Award.id)
    ).all()
    order = {meeting.code: n for n, meeting in enumerate(calendar(snapshot).meetings)}
    seen = [
        Seen(
            row,
            stages[row.reference][0],
            stages[row.reference][2].get("charge"),
            date.fromisoformat(stages[row.reference][2]["answer_by"]),
            books_of(postings.get(row.reference, ())),
            _cash(postings.get(row.reference, ())),
            stages[row.reference][1],
        )
        for row in found
        if row.reference in stages
    ]
    return sorted(seen, key=lambda one: (order.get(one.row.meeting, 0), one.row.position, one.reference))


def calendar(snapshot: Snapshot) -> Calendar:
    return calendar_on(snapshot.session, snapshot.last_day)


def state_name(seen: Seen, meetings: Calendar, language: str = "en") -> str:
    """Its State as it was called on the first day of the meeting."""
    return STATES[seen.row.state].name_on(meetings.meeting(seen.row.meeting).first_day, language)


def names_of(seen: list[Seen], meetings: Calendar) -> dict[str, dict[str, str]]:
    """English name -> language -> name, for the drawers."""
    return {state_name(one, meetings): {"fr": state_name(one, meetings, "fr")} for one in seen}


def usd(cents: int) -> Decimal:
    return major(cents, "USD")


def total(parts: Mapping[str, int]) -> Decimal:
    return usd(sum(parts.values()))


def journeys_in(snapshot: Snapshot, account: str) -> Decimal:
    """An account of the books on the last day, without the entries of preparatory activities and of month ends."""
    cents = snapshot.session.scalar(
        select(func.coalesce(func.sum(Posting.usd), 0))
        .join(Event, Event.seq == Posting.seq)
        .where(Posting.account == account, Posting.day <= snapshot.last_day)
        .where(~Event.subject.startswith("X-"), ~Event.subject.startswith("month:"))
    )
    return usd(int(cents or 0))


def postings_of(snapshot: Snapshot, begins: str) -> dict[str, list[tuple[str, str, int]]]:
    """Subject whose reference begins so -> account, earmark and cents of its postings up to the last day."""
    sums: dict[str, list[tuple[str, str, int]]] = {}
    for subject, account, earmark, cents in snapshot.session.execute(
        select(Event.subject, Posting.account, Posting.earmark, func.sum(Posting.usd))
        .join(Posting, Posting.seq == Event.seq)
        .where(Event.subject.startswith(begins), Posting.day <= snapshot.last_day)
        .group_by(Event.subject, Posting.account, Posting.earmark)
    ):
        sums.setdefault(subject, []).append((account, earmark, int(cents)))
    return sums


def _stages(snapshot: Snapshot) -> dict[str, tuple[str, dict[str, date], dict[str, Any]]]:
    """Reference -> its stage on the last day, the first day of each stage, and what its entries had told by then of its
    columns: the charge, the term to answer."""
    tells = Event.body.contains('"charge":', autoescape=True) | Event.body.contains('"answer_by":', autoescape=True)
    found: dict[str, tuple[str, dict[str, date], dict[str, Any]]] = {}
    for row in snapshot.session.execute(
        select(Event.subject, Event.state_to, Event.at, case((tells, Event.body), else_=None).label("body"))
        .where(Event.subject.startswith("W-"), Event.state_to.is_not(None), Event.at <= snapshot.last_instant)
        .order_by(Event.seq)
    ):
        _, days, told = found.get(row.subject, ("", {}, {}))
        days.setdefault(row.state_to, date.fromisoformat(row.at[:10]))
        if row.body:
            told.update(json.loads(row.body)["data"].get("award", {}))
        found[row.subject] = row.state_to, days, told
    return found


def _cash(rows: Iterable[tuple[str, str, int]]) -> int:
    return -sum(cents for account, _, cents in rows if account.startswith("cash:"))
