"""Advances and claims: who has an advance, whose claim is late, who owes the fund, and for how long."""

from datetime import date

from trustfund.core.refusal import sentence
from trustfund.reports import words
from trustfund.reports.awards_as_at import NIL, Seen, awards_as_at, calendar, names_of, state_name, total
from trustfund.reports.contributions import balance
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("award", sentence("Award"), Kind.CODE, width=1.3),
    Column("meeting", sentence("Meeting"), Kind.CODE, width=0.7),
    Column("state", sentence("State"), Kind.NAME, width=1.7),
    Column("iso3", sentence("Code"), Kind.CODE, width=0.6, on_page=False),
    Column("stage", sentence("Stage"), Kind.WORD, width=1.3),
    Column("advance_paid_on", sentence("Advance paid on"), Kind.DATE, on_page=False),
    Column("advance", sentence("Advance outstanding, USD"), Kind.MONEY, total=True, width=1.2),
    Column("claim_due", sentence("Claim due"), Kind.DATE),
    Column("claimed_on", sentence("Claimed on"), Kind.DATE),
    Column("days_late", sentence("Days late"), Kind.NUMBER, width=0.7),
    Column("settled_on", sentence("Settled on"), Kind.DATE, on_page=False),
    Column("due", sentence("Owed by the traveller, USD"), Kind.MONEY, total=True, width=1.2),
    Column(
        "payable", sentence("Owed to the traveller or agent, USD"), Kind.MONEY, total=True, width=1.2, on_page=False
    ),
)
_AT = {column.key: n for n, column in enumerate(COLUMNS)}
AGES = (
    (0, sentence("Not late")),
    (14, sentence("Up to 14 days late")),
    (60, sentence("15 to 60 days late")),
    (10**6, sentence("More than 60 days late")),
)


def build(snapshot: Snapshot) -> Report:
    """One row an award with a ticket that is not closed and clear; the sums agree with the books."""
    meetings = calendar(snapshot)
    seen = [one for one in awards_as_at(snapshot) if _open(one)]
    rows = [_row(one, state_name(one, meetings), snapshot.last_day) for one in seen]
    return snapshot.report(
        name="advances-and-claims",
        title=sentence("Advances and claims"),
        answers=sentence("Who has an advance, whose claim is late, who owes the fund"),
        columns=COLUMNS,
        rows=rows,
        control_totals=[
            ControlTotal(
                sentence("Agrees with the books"),
                sentence("Advances outstanding = the account travel-advances"),
                sum((row[_AT["advance"]] for row in rows), NIL),  # type: ignore[misc]
                balance(snapshot.from_the_start(), "travel-advances"),
            ),
            ControlTotal(
                sentence("Debts agree"),
                sentence("Owed by travellers = the account due-from-travellers"),
                sum((row[_AT["due"]] for row in rows), NIL),  # type: ignore[misc]
                balance(snapshot.from_the_start(), "due-from-travellers"),
            ),
        ],
        figure=_figure(rows),
        names=names_of(seen, meetings),
        words=words.AWARD_STAGE,
    )


def _open(one: Seen) -> bool:
    waits = one.stage in ("ticketed", "advance-paid", "travelled", "claimed", "settled")
    return waits or any((one.books.advanced, one.books.due, one.books.payable))


def _row(one: Seen, state: str, today: date) -> tuple[Value, ...]:
    due, claimed = (one.row.claim_due if "travelled" in one.days else None), one.days.get("claimed")
    late = max(((claimed or today) - due).days, 0) if due else None
    return (
        one.reference,
        one.row.meeting,
        state,
        one.row.state,
        one.stage,
        one.days.get("advance-paid"),
        total(one.books.advanced),
        due,
        claimed,
        late,
        one.days.get("settled") or one.days.get("closed"),
        total(one.books.due),
        total(one.books.payable),
    )


def _figure(rows: list[tuple[Value, ...]]) -> Figure | None:
    """How late what is outstanding is."""
    sums = {label: (NIL, NIL) for _, label in AGES}
    for row in rows:
        late = row[_AT["days_late"]] or 0
        label = next(label for most, label in AGES if late <= most)  # type: ignore[operator]
        sums[label] = sums[label][0] + row[_AT["advance"]], sums[label][1] + row[_AT["due"]]  # type: ignore[operator]
    bars = tuple(Bar(label, values, key=True) for label, values in sums.items() if any(values))
    title = sentence("Advances and debts by how late their claims are, US dollars")
    parts = sentence("Advances outstanding"), sentence("Owed by travellers")
    return Figure(title, parts, bars) if bars else None
