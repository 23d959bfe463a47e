"""Allotments: what each meeting may use, what its seats have taken of it, and what is left."""

from collections import defaultdict

from sqlalchemy import select

from trustfund.core.refusal import sentence
from trustfund.models.record import Event
from trustfund.models.selections import Allotment
from trustfund.reports import words
from trustfund.reports.awards_as_at import NIL, Seen, awards_as_at, calendar, journeys_in, total, usd
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("meeting", sentence("Meeting"), Kind.CODE, width=0.8),
    Column("number", sentence("Number"), Kind.NUMBER, width=0.7),
    Column("document", sentence("Document"), Kind.TEXT, width=2),
    Column("basis", sentence("Basis"), Kind.WORD, width=1.2, on_page=False),
    Column("fixed_on", sentence("Fixed on"), Kind.DATE),
    Column("allotted", sentence("Allotted, USD"), Kind.MONEY, total=True, width=1.2),
    Column("seats", sentence("Seats"), Kind.NUMBER, total=True, width=0.6),
    Column("held", sentence("Held for offers, USD"), Kind.MONEY, total=True, width=1.2),
    Column("committed", sentence("Committed, USD"), Kind.MONEY, total=True, width=1.2),
    Column("spent", sentence("Spent, USD"), Kind.MONEY, total=True, width=1.2),
    Column("left", sentence("Left, USD"), Kind.MONEY, total=True, width=1.2),
)
WORDS = {"planned-need": sentence("By planned need"), "decided": sentence("Decided by the fund")}


def build(snapshot: Snapshot) -> Report:
    """One row a meeting with an allotment: the latest number that stood on the last day."""
    by_meeting: dict[str, list[Seen]] = defaultdict(list)
    for one in awards_as_at(snapshot):
        by_meeting[one.row.meeting].append(one)
    rows = [_row(row, by_meeting[row.meeting], snapshot) for row in _standing(snapshot)]
    return snapshot.report(
        name="allotments",
        title=sentence("Allotments"),
        answers=sentence("What each meeting may use, what is taken and what is left"),
        columns=COLUMNS,
        rows=rows,
        control_totals=[
            ControlTotal(
                sentence("Commitments agree"),
                sentence("Committed for meetings = the account commitments, without preparatory activities"),
                sum((row[8] for row in rows), NIL),  # type: ignore[misc]
                journeys_in(snapshot, "commitments"),
            )
        ],
        figure=_figure(rows),
        words=words.AWARD_STAGE | WORDS,
    )


def _standing(snapshot: Snapshot):  # type: ignore[no-untyped-def]
    latest = {}
    for row in snapshot.session.execute(
        select(Allotment.meeting, Allotment.number, Allotment.usd, Allotment.basis, Allotment.document, Event.at)
        .join(Event, Event.seq == Allotment.seq)
        .where(Event.at <= snapshot.last_instant)
        .order_by(Allotment.number)
    ):
        latest[row.meeting] = row
    order = {meeting.code: n for n, meeting in enumerate(calendar(snapshot).meetings)}
    return sorted(latest.values(), key=lambda row: order.get(row.meeting, len(order)))


def _row(row, seen: list[Seen], snapshot: Snapshot) -> tuple[Value, ...]:  # type: ignore[no-untyped-def]
    held = sum(one.charge or one.row.proposed for one in seen if holds(one, snapshot))
    committed = sum((total(one.books.committed) for one in seen), NIL)
    spent = sum((total(p) for one in seen for p in (one.books.travel, one.books.support, one.books.written_off)), NIL)
    seats = sum(holds(one, snapshot) or bool(one.books.used) for one in seen)
    fixed = snapshot.last_day.fromisoformat(row.at[:10])
    allotted = usd(row.usd)
    left = allotted - usd(held) - committed - spent
    return row.meeting, row.number, row.document, row.basis, fixed, allotted, seats, usd(held), committed, spent, left


def holds(one: Seen, snapshot: Snapshot) -> bool:
    """Whether money was set aside for it on the last day: offered in its term, or answered and not yet approved."""
    if one.books.used:
        return False
    return one.stage in ("accepted", "certified") or (one.stage == "proposed" and one.answer_by >= snapshot.last_day)


def _figure(rows: list[tuple[Value, ...]]) -> Figure | None:
    bars = tuple(Bar(str(r[0]), (r[7] + r[8] + r[9], max(r[10], NIL))) for r in rows)  # type: ignore[operator,type-var,arg-type]
    return (
        Figure(sentence("Allotments by meeting, US dollars"), (sentence("Taken"), sentence("Left")), bars)
        if bars
        else None
    )
