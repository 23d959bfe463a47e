"""Selection: who was ranked for a meeting, in which order and why, and who was not and by which rule."""

import json
from collections.abc import Mapping
from decimal import Decimal

from trustfund.core.refusal import sentence, sentence_in
from trustfund.reports import words
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.selections import Kept, beside, kept_runs, names_of, usd
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("meeting", sentence("Meeting"), Kind.CODE, width=0.7),
    Column("run", sentence("Run"), Kind.NUMBER, width=0.4, on_page=False),
    Column("place", sentence_in("list", "Place"), Kind.NUMBER, width=0.5),
    Column("reference", sentence("Reference"), Kind.CODE, width=0.9),
    Column("state", sentence("State"), Kind.NAME, width=1.8),
    Column("region", sentence("Region"), Kind.WORD, width=1.4, on_page=False),
    Column("category", sentence("Category"), Kind.WORD, width=1.4),
    Column("seat_of_state", sentence("Seat of State"), Kind.NUMBER, width=0.5, on_page=False),
    Column("outcome", sentence("Outcome"), Kind.WORD, width=1.1),
    Column("charge_usd", sentence("Charge, USD"), Kind.MONEY, width=1.1),
    Column("left_usd", sentence("Money left, USD"), Kind.MONEY, width=1.1, on_page=False),
    Column("ahead_of_next_by", sentence("Ahead of the next by"), Kind.WORD, width=1.2),
    Column("failed_rule", sentence("Rule that failed"), Kind.WORD, width=1.3),
    Column("authority", sentence("Authority"), Kind.WORD, width=1.2, on_page=False),
    Column("moved_to", sentence("Moved by two officers to"), Kind.NUMBER, width=0.6),
)
NIL = Decimal("0.00")


def build(snapshot: Snapshot) -> Report:
    """One row a place of the latest kept run of each meeting, then one for each rule that kept an application out."""
    runs = kept_runs(snapshot)
    authority = {rule.code: rule.authority for rule in snapshot.mandate.eligibility}
    rows = [row for kept in runs for row in _rows(kept, authority)]
    return snapshot.report(
        name="selection",
        title=sentence("Selection"),
        answers=sentence("Who was given a seat, in which order and why"),
        columns=COLUMNS,
        rows=rows,
        control_totals=_controls(runs),
        figure=_figure(runs),
        names=names_of(runs),
        words=words.OUTCOME
        | words.CATEGORY
        | words.REGION
        | words.CRITERION
        | words.RULE
        | {text: text for text in authority.values()},
    )


def _rows(kept: Kept, authority: Mapping[str, str]) -> list[tuple[Value, ...]]:
    code, run = kept.meeting.code, kept.selection.run
    ranked: list[tuple[Value, ...]] = [
        (
            code,
            run,
            p.position,
            p.public,
            kept.name(p.state),
            p.region,
            p.category,
            p.n,
            p.outcome,
            usd(p.charge),
            usd(p.left_over),
            p.ahead_by,
            None,
            None,
            kept.moved.get(p.public),
        )
        for p in kept.places
    ]
    unranked: list[tuple[Value, ...]] = [
        (
            code,
            run,
            None,
            public,
            "",
            None,
            None,
            None,
            outcome,
            None,
            None,
            None,
            rule,
            authority.get(rule or ""),
            None,
        )
        for outcome, public, codes in beside(kept)
        for rule in codes or [None]
    ]
    return ranked + unranked


def _controls(runs: list[Kept]) -> list[ControlTotal]:
    proposed = sum((usd(p.charge) for kept in runs for p in kept.places if p.outcome == "proposed"), NIL)
    records = sum((Decimal(_record(kept)["spent"]) for kept in runs), NIL)
    return [
        ControlTotal(
            sentence("Agrees with the records"),
            sentence("Charges of the seats proposed, against “spent” of the published records"),
            proposed,
            records,
        )
    ]


def _record(kept: Kept) -> dict[str, str]:
    return dict(json.loads(kept.selection.text))


def _figure(runs: list[Kept]) -> Figure | None:
    """Seats and waiting of each meeting, in USD."""
    bars = tuple(
        Bar(
            kept.meeting.code,
            (
                sum((usd(p.charge) for p in kept.places if p.outcome in ("proposed", "held")), NIL),
                sum((usd(p.charge) for p in kept.places if p.outcome not in ("proposed", "held")), NIL),
            ),
        )
        for kept in runs
        if kept.places
    )
    if not bars:
        return None
    return Figure(
        sentence("Seats and what waits, by meeting, US dollars"), (sentence("Seats"), sentence("Not funded")), bars
    )
