"""Pledged against received over time: what donors had announced by the end of each month, and what had come of it."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from trustfund.core.ledger import UNPAID
from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.models.record import Event, Posting
from trustfund.reports.contributions import MOVES, Standing
from trustfund.reports.report import Bar, Figure
from trustfund.reports.snapshot import Snapshot

MOST = 18
"""So many bars at most: one a month, of a longer story one a quarter, then one a year."""
_RECEIVED = ("voluntary-contributions", "contributions-receivable", "exchange-difference", UNPAID)
_NIL = Decimal("0.00")


def over_time(snapshot: Snapshot, known: Sequence[Standing]) -> Figure | None:
    """Both sums grow from bar to bar; the last one has those of the day. ``known``: all pledges up to the last day."""
    pledged = [(s.known_on, s.pledged_usd) for s in known if s.pledged_usd]
    received = _received(snapshot)
    if not pledged and not received:
        return None
    first = min(day for day, _ in (*pledged, *received))
    bars = []
    for end in _ends(min(first, snapshot.last_day), snapshot.last_day):
        came = _until(end, received)
        bars.append(Bar(f"{end:%Y-%m}", (came, max(_until(end, pledged) - came, _NIL))))
    return Figure(
        sentence("Pledged and received by the end of each period, US dollars"),
        (sentence("Received so far"), sentence("Pledged, and not yet received")),
        tuple(bars),
    )


def _received(snapshot: Snapshot) -> list[tuple[date, Decimal]]:
    """Day -> what came in for agreements, at the rate of the day."""
    rows = snapshot.session.execute(
        select(Posting.day, func.sum(-Posting.usd))
        .join(Event, Event.seq == Posting.seq)
        .where(Event.action.in_(MOVES), Posting.account.in_(_RECEIVED), Posting.day <= snapshot.last_day)
        .group_by(Posting.day)
        .having(func.sum(Posting.usd) != 0)
    )
    return [(day, major(int(cents), "USD")) for day, cents in rows]


def _until(end: date, moved: Iterable[tuple[date, Decimal]]) -> Decimal:
    return sum((usd for day, usd in moved if day <= end), _NIL)


def _ends(first: date, last: date) -> list[date]:
    """The last days of the periods from the first day on; the last period ends on the last day."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((n for n in (1, 3) if months <= n * (MOST - 1)), 12)
    ends = [_end(first.year * 12 + first.month - 1 + n) for n in range(months)]
    return [min(end, last) for end in ends if end.month % step == 0 or end >= last]


def _end(number: int) -> date:
    year, month = number // 12, number % 12 + 1
    return date(year, month, monthrange(year, month)[1])
