"""Awards and disbursements: which journeys were approved, what they cost, what was paid. No person is named."""

from trustfund.core.refusal import sentence
from trustfund.reports import words
from trustfund.reports.awards_as_at import (
    NIL,
    Seen,
    awards_as_at,
    calendar,
    journeys_in,
    names_of,
    state_name,
    total,
    usd,
)
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("award", sentence("Award"), Kind.CODE, width=1.3),
    Column("meeting", sentence("Meeting"), Kind.CODE, width=0.7),
    Column("seat", sentence("Seat"), Kind.CODE, width=0.9, on_page=False),
    Column("state", sentence("State"), Kind.NAME, width=1.7),
    Column("iso3", sentence("Code"), Kind.CODE, width=0.6, on_page=False),
    Column("category", sentence("Category"), Kind.WORD, width=1.0, on_page=False),
    Column("stage", sentence("Stage"), Kind.WORD, width=1.3),
    Column("approved_on", sentence("Approved on"), Kind.DATE, on_page=False),
    Column("charge", sentence("Charge, USD"), Kind.MONEY, total=True, width=1.1),
    Column("committed", sentence("Committed, USD"), Kind.MONEY, total=True, width=1.1),
    Column("travel", sentence("Travel, USD"), Kind.MONEY, total=True, width=1.1),
    Column("support", sentence("Support cost, USD"), Kind.MONEY, total=True, width=1.1),
    Column("written_off", sentence("Written off, USD"), Kind.MONEY, total=True, width=1.0, on_page=False),
    Column("paid", sentence("Paid, USD"), Kind.MONEY, total=True, width=1.1),
)
_AT = {column.key: n for n, column in enumerate(COLUMNS)}


def build(snapshot: Snapshot) -> Report:
    """One row an award that was approved, in the order of the meetings; its money from the books alone."""
    meetings = calendar(snapshot)
    seen = [one for one in awards_as_at(snapshot) if "approved" in one.days]
    rows: list[tuple[Value, ...]] = [_row(one, state_name(one, meetings)) for one in seen]
    return snapshot.report(
        name="awards-and-disbursements",
        title=sentence("Awards and disbursements"),
        answers=sentence("Which journeys were approved, what they cost, what was paid"),
        columns=COLUMNS,
        rows=rows,
        control_totals=[
            ControlTotal(
                sentence("Agrees with the books"),
                sentence("Travel of all awards = the account travel"),
                sum((row[_AT["travel"]] for row in rows), NIL),  # type: ignore[misc]
                journeys_in(snapshot, "travel"),
            ),
            ControlTotal(
                sentence("Commitments agree"),
                sentence("Committed for awards = the account commitments, without preparatory activities"),
                sum((row[_AT["committed"]] for row in rows), NIL),  # type: ignore[misc]
                journeys_in(snapshot, "commitments"),
            ),
        ],
        figure=_figure(seen),
        names=names_of(seen, meetings),
        words=words.AWARD_STAGE | words.CATEGORY_CODE,
    )


def _row(one: Seen, state: str) -> tuple[Value, ...]:
    return (
        one.reference,
        one.row.meeting,
        one.row.seat,
        state,
        one.row.state,
        one.row.category,
        one.stage,
        one.days.get("approved"),
        usd(one.charge or 0),
        total(one.books.committed),
        total(one.books.travel),
        total(one.books.support),
        total(one.books.written_off),
        usd(one.cash),
    )


def _figure(seen: list[Seen]) -> Figure | None:
    """Meeting by meeting: what was spent, and what is committed."""
    sums: dict[str, list] = {}  # type: ignore[type-arg]
    for one in seen:
        had = sums.setdefault(one.row.meeting, [NIL, NIL])
        had[0] += total(one.books.travel) + total(one.books.support) + total(one.books.written_off)
        had[1] += total(one.books.committed)
    bars = tuple(Bar(code, (spent, committed)) for code, (spent, committed) in sums.items() if spent + committed)
    return (
        Figure(sentence("Spent and committed by meeting, US dollars"), (sentence("Spent"), sentence("Committed")), bars)
        if bars
        else None
    )
