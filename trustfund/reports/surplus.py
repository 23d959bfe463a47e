"""Surplus: whether anything was left beyond the journeys, and which preparatory activities it paid."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from trustfund.core.award_books import books_of
from trustfund.core.record import moment
from trustfund.core.refusal import sentence
from trustfund.core.surplus import Facts
from trustfund.models.activities import Activity
from trustfund.models.record import Event
from trustfund.operations.activities import facts_of
from trustfund.operations.allotments import needs_of
from trustfund.operations.meetings import frames_on
from trustfund.reports import allotments, fund_status, words
from trustfund.reports.awards_as_at import NIL, postings_of, total, usd
from trustfund.reports.contributions import balance
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("activity", sentence("Activity"), Kind.CODE, width=1.2),
    Column("title", sentence("Title"), width=2.4),
    Column("document", sentence("Document"), width=1.4),
    Column("stage", sentence("Stage"), Kind.WORD, width=1.2),
    Column("proposed_on", sentence("Proposed on"), Kind.DATE, on_page=False),
    Column("proposed_by", sentence("Proposed by"), Kind.CODE, width=1.2, on_page=False),
    Column("approved_by", sentence("Approved by"), Kind.CODE, width=1.4, on_page=False),
    Column("cost", sentence("Cost, USD"), Kind.MONEY, width=1.1),
    Column("charge", sentence("Charge, USD"), Kind.MONEY, width=1.1),
    Column("paid", sentence("Paid, USD"), Kind.MONEY, total=True, width=1.1),
    Column("support", sentence("Support cost, USD"), Kind.MONEY, total=True, width=1.1),
    Column("left", sentence("Left of the commitment, USD"), Kind.MONEY, total=True, width=1.1),
)
_AT = {column.key: n for n, column in enumerate(COLUMNS)}


def build(snapshot: Snapshot) -> Report:
    """One row an activity, as on the last day: its stage by its entries, its money by the books alone."""
    rows = _rows(snapshot)
    return snapshot.report(
        name="surplus",
        title=sentence("Surplus"),
        answers=sentence("Whether anything is left beyond the journeys, and what it pays"),
        columns=COLUMNS,
        rows=rows,
        control_totals=[*_controls(snapshot, rows), *_money(snapshot), *_tests(snapshot)],
        figure=_figure(rows),
        words=words.ACTIVITY_STAGE,
    )


def _rows(snapshot: Snapshot) -> list[tuple[Value, ...]]:
    entries, postings = _entries(snapshot), postings_of(snapshot, "X-")
    rows: list[tuple[Value, ...]] = []
    for one in snapshot.session.execute(
        select(Activity.reference, Activity.title, Activity.document, Activity.cost, Activity.charge).order_by(
            Activity.id
        )
    ):
        if mine := entries.get(one.reference):
            posted = postings.get(one.reference, [])
            known = books_of(posted)
            paid = sum(cents for account, _, cents in posted if account == "preparatory-activities")
            by = {action: [e.actor for e in mine if e.action == action] for action in _PERSONS}
            rows.append(
                (
                    one.reference,
                    one.title,
                    one.document,
                    mine[-1].state_to,
                    date.fromisoformat(mine[0].at[:10]),
                    by["activity.proposed"][0],
                    " ".join(by["activity.approved"]),
                    usd(one.cost),
                    usd(one.charge),
                    usd(paid),
                    total(known.support),
                    total(known.committed),
                )
            )
    return rows


_PERSONS = ("activity.proposed", "activity.approved")


def _entries(snapshot: Snapshot) -> Mapping[str, list[Any]]:
    """Activity -> its entries up to the last day, without attempts that were refused."""
    found: dict[str, list[Any]] = {}
    for row in snapshot.session.execute(
        select(Event.subject, Event.action, Event.actor, Event.at, Event.state_to)
        .where(Event.subject.startswith("X-"), Event.state_to.is_not(None), Event.at <= snapshot.last_instant)
        .order_by(Event.seq)
    ):
        found.setdefault(row.subject, []).append(row)
    return found


def _controls(snapshot: Snapshot, rows: list[tuple[Value, ...]]) -> list[ControlTotal]:
    def summed(key: str, stages: tuple[str, ...] = ()) -> Decimal:
        return sum((row[_AT[key]] for row in rows if not stages or row[_AT["stage"]] in stages), NIL)  # type: ignore[misc]

    open_ = ("approved",)
    return [
        ControlTotal(
            sentence("Agrees with the books"),
            sentence("Paid of all activities = the account preparatory activities"),
            summed("paid"),
            balance(snapshot.from_the_start(), "preparatory-activities"),
        ),
        ControlTotal(
            sentence("Commitments agree"),
            sentence("Left of the commitments = charge − paid − support cost of the activities that are approved"),
            summed("left"),
            summed("charge", open_) - summed("paid", open_) - summed("support", open_),
        ),
    ]


def _money(snapshot: Snapshot) -> list[ControlTotal]:
    """What was left beyond allotments and needs of meetings ahead on the last day, by value date."""
    free, (allotted, needed) = fund_status.spendable_of(snapshot)[""], _ahead(snapshot)
    return [
        ControlTotal(
            sentence("Spendable, not earmarked"), sentence("Without the reserve, and without what offers hold"), free
        ),
        ControlTotal(
            sentence("Allotted"), sentence("Left of the allotments of meetings that have not begun"), allotted
        ),
        ControlTotal(
            sentence("Needed"), sentence("Planned need of meetings ahead beyond that, until their calls open"), needed
        ),
        ControlTotal(
            sentence("Left for activities"),
            sentence("Spendable − allotted − needed; below zero, so much is missing"),
            free - allotted - needed,
        ),
    ]


def _ahead(snapshot: Snapshot) -> tuple[Decimal, Decimal]:
    """What allotments of meetings ahead have left, and what those meetings need beyond while their calls are closed."""
    session, day, at = snapshot.session, snapshot.last_day, moment(snapshot.last_instant)
    frames = [frame for frame in frames_on(session, day).values() if frame.meeting.first_day > day]
    left = {str(row[0]): max(row[-1], NIL) for row in allotments.build(snapshot).rows}  # type: ignore[type-var]
    needs = needs_of(session, [frame.meeting for frame in frames], snapshot.mandate, day)
    allotted, needed = NIL, NIL
    for frame in frames:
        mine = left.get(frame.meeting.code)
        allotted += mine or NIL  # type: ignore[operator]
        if mine is None or at < frame.call.opens:
            needed += max(needs[frame.meeting.code] - (mine or NIL), NIL)  # type: ignore[operator]
    return allotted, needed


def _tests(snapshot: Snapshot) -> list[ControlTotal]:
    """What the other tests count; of an earlier day nothing is said, for who waits for a seat is known of now only."""
    session = snapshot.session
    last = session.scalar(select(Event.at).where(Event.seq == snapshot.head_seq))
    if last and moment(last).date() > snapshot.last_day:
        return []
    facts = facts_of(session, moment(snapshot.last_instant))
    return [
        ControlTotal(
            sentence("Applications without a seat"),
            sentence("A number: eligible, of meetings that have not begun; there is no surplus while it is not zero"),
            Decimal(sum(facts.without_seat.values())),
        ),
        ControlTotal(
            sentence("Applications not decided"),
            sentence("A number: of meetings that have not begun; there is no surplus while it is not zero"),
            Decimal(sum(facts.undecided.values())),
        ),
        ControlTotal(
            sentence("Days to wait"),
            sentence("Until the last change of a setting used here has stood for long enough"),
            Decimal(_days_to_wait(facts, snapshot.last_day)),
        ),
    ]


def _days_to_wait(facts: Facts, day: date) -> int:
    return max(facts.days_unchanged - (day - facts.changed_on).days, 0) if facts.changed_on else 0


def _figure(rows: list[tuple[Value, ...]]) -> Figure | None:
    """Activity by activity: what was paid with its support cost, and what is committed."""
    paid, support, left = _AT["paid"], _AT["support"], _AT["left"]
    bars = tuple(Bar(str(r[_AT["title"]]), (r[paid] + r[support], r[left])) for r in rows if r[paid] or r[left])  # type: ignore[operator,arg-type]
    if not bars:
        return None
    title = sentence("Spent and committed by activity, US dollars")
    return Figure(title, (sentence("Spent"), sentence("Committed")), bars)
