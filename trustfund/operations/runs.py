"""A run of the order of seats: gather who stands and the money there is, decide by the core, keep it as a preview."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, defer

from trustfund.core import selection as decision
from trustfund.core.allocation import within
from trustfund.core.money import major, minor
from trustfund.core.priority import ranked
from trustfund.core.refusal import Refused
from trustfund.core.selection_figures import figures_of
from trustfund.core.verifier import canonical
from trustfund.models.applications import Application
from trustfund.models.selections import Allotment, Closing, PlaceRow, Selection
from trustfund.operations import allotments
from trustfund.operations.candidates import Field, field_of
from trustfund.operations.meetings import Frame
from trustfund.operations.operation import Operation
from trustfund.services import chance

NIL = Decimal("0.00")


@dataclass(frozen=True)
class Run:
    """A record decided under the lock, and what stands beside it."""

    decided: decision.Selection
    annex: Mapping[str, Any]


def made(op: Operation, frame: Frame) -> Run:
    """Gather and decide; nothing is kept. Refused before the call has closed, its value and allotment are recorded."""
    code, setting = frame.meeting.code, frame.mandate.setting
    closing, allotted = op.session.get(Closing, code), allotments.allotment_of(op.session(), code)
    if frame.call.on_time(op.recorded_at) or closing is None:
        raise Refused("A run is made once the call has closed and its public value is recorded.")
    if allotted is None:
        raise Refused("This meeting has no allotment yet. It is fixed first, then a run can be made.")
    if op.recorded_at.astimezone(ZoneInfo(frame.meeting.zone)).date() >= frame.meeting.first_day:
        raise Refused("The meeting has begun: no seat can be given any more.")
    field = field_of(op.session(), frame, op.recorded_at)
    purse = allotments.purse_of(op, code, allotted)
    criteria, steps = [rule.code for rule in frame.mandate.priority], setting("steps")
    short, seed = setting("when_cash_falls_short"), f"{setting('draw_seed')}:{closing.value}"
    free, tied = within(
        ranked(field.candidates, criteria=criteria, steps=steps, seed=seed),
        purse.left,
        spendable=purse.free,
        earmarked=purse.tied,
        when_short=short,
    )
    decided = decision.decided(
        decision.record_of(
            meeting=code,
            status_date=frame.meeting.first_day,
            criteria=criteria,
            steps=steps,
            when_short=short,
            seed=seed,
            spendable=free,
            earmarked=tied,
            candidates=field.candidates,
        )
    )
    return Run(decided, annex_of(op.session(), field, decided, allotted, purse))


def stored(op: Operation, frame: Frame, run: Run) -> Selection:
    """Keep it as a preview, with its places."""
    row = Selection(
        reference=chance.reference("S"),
        meeting=frame.meeting.code,
        stage="preview",
        text=run.decided.text(),
        digest=run.decided.digest,
        annex=canonical(run.annex),
        made_at=op.recorded_at,
        made_by=op.account,
        seq=op.next_seq,
    )
    op.session.add(row)
    op.session.flush()
    if places := places_of(row.id, run.decided):
        op.session.execute(insert(PlaceRow), places)
    return row


def kept_runs(session: Session, meeting: str) -> list[Selection]:
    """The published runs of a meeting, the latest first; their texts are read only where somebody asks for one."""
    found = session.scalars(
        select(Selection)
        .where(Selection.meeting == meeting, Selection.stage == "kept")
        .order_by(Selection.run.desc())
        .options(defer(Selection.text))
    )
    return list(found.unique())


def unscreened(session: Session, meeting: str) -> int:
    """How many applications of a meeting wait for an officer's eyes."""
    return int(
        session.scalar(select(func.count()).where(Application.meeting == meeting, Application.stage == "submitted"))
        or 0
    )


def places_of(selection_id: int, decided: decision.Selection) -> list[dict[str, Any]]:
    places = []
    for row in decided.rows():
        candidate = row.place.candidate
        places.append(
            {
                "selection_id": selection_id,
                "position": row.position,
                "public": candidate.reference,
                "state": candidate.state,
                "region": candidate.region,
                "category": candidate.category,
                "gender": candidate.gender or "",
                "n": row.place.n,
                "step": row.place.step,
                "outcome": row.outcome,
                "charge": minor(candidate.charge, "USD"),
                "left_over": minor(row.left, "USD"),
                "missing": minor(row.missing, "USD"),
                "ahead_by": row.place.ahead_of_next_by,
                "compared": json.dumps([str(value) for value in row.place.values or ()]),
            }
        )
    return places


def annex_of(
    session: Session, field: Field, decided: decision.Selection, allotted: Allotment, purse: allotments.Purse
) -> dict[str, Any]:
    """What stands beside the record: its head without the candidates, figures, who is not ranked and by which rules,
    the allotment, and what is new since the last run."""
    record = decided.as_data()
    head = ("status_date", "rules", "spendable", "earmarked", "spent", "left")
    return {
        "record": {name: record[name] for name in head if name in record},
        "figures": figures_of(decided),
        "refused": [{"public": public, "codes": codes} for public, codes in field.refused],
        "not_ranked": [{"public": public, "codes": codes} for public, codes in field.not_ranked],
        "changes_asked": field.changes_asked,
        "gave_back": field.gave_back,
        "unscreened": field.unscreened,
        "allotment": {
            "number": allotted.number,
            "usd": f"{major(allotted.usd, 'USD'):f}",
            "document": allotted.document,
            "left": f"{purse.left:f}",
        },
        "spendable": f"{purse.spendable:f}",
        "marks": field.marks,
        "since": _since(session, decided, allotted.meeting),
    }


def _since(session: Session, decided: decision.Selection, meeting: str) -> dict[str, int] | None:
    """The difference with the last kept run in numbers; None for a first one."""
    last = session.execute(
        select(Selection.id, Selection.run)
        .where(Selection.meeting == meeting, Selection.stage == "kept")
        .order_by(Selection.run.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    before = set(session.scalars(select(PlaceRow.public).where(PlaceRow.selection_id == last.id)))
    now = {row.place.candidate.reference: row.outcome for row in decided.rows()}
    outcomes = Counter(now.values())
    return {
        "run": last.run,
        "held": outcomes["held"],
        "proposed": outcomes["proposed"],
        "new": len(now.keys() - before),
        "gone": len(before - now.keys()),
    }
