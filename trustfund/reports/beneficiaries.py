"""Beneficiaries: which States asked for seats and had them, by meeting. No person is named."""

from collections import defaultdict
from decimal import Decimal

from trustfund.core.refusal import sentence
from trustfund.reports import words
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.selections import Kept, kept_runs, names_of, usd
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("meeting", sentence("Meeting"), Kind.CODE, width=0.7),
    Column("state", sentence("State"), Kind.NAME, width=2),
    Column("iso3", sentence("Code"), Kind.CODE, width=0.6, on_page=False),
    Column("region", sentence("Region"), Kind.WORD, width=1.6),
    Column("category", sentence("Category"), Kind.WORD, width=1.6),
    Column("applications", sentence("Applications"), Kind.NUMBER, total=True, width=0.7),
    Column("seats", sentence("Seats"), Kind.NUMBER, total=True, width=0.6),
    Column("women", sentence("Women"), Kind.NUMBER, total=True, width=0.6),
    Column("men", sentence("Men"), Kind.NUMBER, total=True, width=0.6),
    Column("charge_usd", sentence("Charge, USD"), Kind.MONEY, total=True, width=1.1),
    Column("moved", sentence("Moved by two officers"), Kind.NUMBER, total=True, width=0.7),
)
CHARGE = [column.key for column in COLUMNS].index("charge_usd")
SEATED = ("proposed", "held")
NIL = Decimal("0.00")


def build(snapshot: Snapshot) -> Report:
    """One row a meeting and State: what it asked for in the latest kept run, and the seats it had."""
    runs = kept_runs(snapshot)
    rows = [row for kept in runs for row in _rows(kept)]
    return snapshot.report(
        name="beneficiaries",
        title=sentence("Beneficiaries"),
        answers=sentence("Which States had seats, and what they cost"),
        columns=COLUMNS,
        rows=rows,
        control_totals=[
            ControlTotal(
                sentence("Agrees with the selection"),
                sentence("Charges of all seats in the latest kept runs"),
                sum((row[CHARGE] for row in rows), NIL),  # type: ignore[misc]
                sum((usd(p.charge) for kept in runs for p in kept.places if p.outcome in SEATED), NIL),
            )
        ],
        figure=_figure(runs),
        names=names_of(runs),
        words=words.CATEGORY | words.REGION,
    )


def _rows(kept: Kept) -> list[tuple[Value, ...]]:
    of_state = defaultdict(list)
    for place in kept.places:
        of_state[place.state].append(place)
    rows: list[tuple[Value, ...]] = []
    for iso3, places in sorted(of_state.items(), key=lambda one: kept.name(one[0])):
        seats = [p for p in places if p.outcome in SEATED]
        rows.append(
            (
                kept.meeting.code,
                kept.name(iso3),
                iso3,
                places[0].region,
                places[0].category,
                len(places),
                len(seats),
                sum(p.gender == "F" for p in seats),
                sum(p.gender == "M" for p in seats),
                sum((usd(p.charge) for p in seats), NIL),
                sum(p.public in kept.moved for p in places),
            )
        )
    return rows


def _figure(runs: list[Kept]) -> Figure | None:
    """What the seats of each category cost, and what its applications without a seat would have cost."""
    sums: dict[str, list[Decimal]] = {}
    for kept in runs:
        for place in kept.places:
            had = sums.setdefault(place.category, [NIL, NIL])
            had[place.outcome not in SEATED] += usd(place.charge)
    bars = tuple(
        Bar(words.CATEGORY[category], (sums[category][0], sums[category][1]), key=True)
        for category in words.CATEGORY
        if category in sums
    )
    if not bars:
        return None
    return Figure(sentence("Seats by category of State, US dollars"), (sentence("Seats"), sentence("Not funded")), bars)
