"""What the tables of applications and selections should say, read from the events. ``copies`` compares them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, String, cast, select, type_coerce
from sqlalchemy.orm import Session

from trustfund.core import selection as decision
from trustfund.core.verifier import canonical
from trustfund.models.applications import Application
from trustfund.models.record import Event
from trustfund.models.selections import (
    AddedMeeting,
    Allotment,
    AmendmentRow,
    Closing,
    Override,
    PlaceRow,
    Proposal,
    Selection,
    SetAside,
)
from trustfund.operations.applications import seal_of_answers
from trustfund.operations.runs import places_of
from trustfund.services import chance, keys

Row = dict[str, Any]
Body = Mapping[str, Any]
Tables = dict[str, dict[str, Row]]
SEALS = "answers as sent"
SENT = ("submitted", "accepted", "refusal-proposed", "refused")
"""Stages in which an application says what it said when it was sent."""
APPLICATION = ("public", "meeting", "state", "completed_at")


def _submitted(tables: Tables, body: Body, data: Body) -> None:
    row = tables["application"].setdefault(body["on"], {})
    row |= {name: data[name] for name in APPLICATION}
    row |= {"stage": body["to"], "seq": body["seq"]}
    tables[SEALS][body["on"]] = {"seal": data["seal"]}


def _moved(tables: Tables, body: Body, data: Body) -> None:
    """A draft that was withdrawn before it was sent has no earlier entry."""
    row = tables["application"].setdefault(body["on"], {name: data.get(name) for name in APPLICATION})
    row |= {"stage": body["to"], "seq": body["seq"]}


def _closed(tables: Tables, body: Body, data: Body) -> None:
    tables["closing"][data["meeting"]] = {"value": data["value"], "seq": body["seq"]}


def _allotted(tables: Tables, body: Body, data: Body) -> None:
    tables["allotment"][f"{data['meeting']} {data['number']}"] = {
        "usd": data["usd"],
        "basis": data["basis"],
        "document": data["document"],
        "seq": body["seq"],
    }
    _confirmed(tables, body, data)


def _previewed(tables: Tables, body: Body, data: Body) -> None:
    tables["selection"][body["on"]] = {
        "meeting": data["meeting"],
        "digest": data["digest"],
        "stage": body["to"],
        "run": None,
        "answer_by": None,
        "seq": body["seq"],
    }


def _kept(tables: Tables, body: Body, data: Body) -> None:
    row = tables["selection"][body["on"]]
    row |= {"stage": "kept", "run": data["run"], "answer_by": data["answer_by"], "seq": body["seq"]}
    for earmark, cents in data["set_aside"].items():
        tables["set_aside"][f"{body['on']} {earmark}"] = {"usd": cents, "until": data["answer_by"]}
    _confirmed(tables, body, data)


def _overridden(tables: Tables, body: Body, data: Body) -> None:
    tables["override"][str(body["seq"])] = {
        "selection": body["on"],
        **{name: data[name] for name in ("public", "position", "to_position")},
    }
    _confirmed(tables, body, data)


def _amended(tables: Tables, body: Body, data: Body) -> None:
    names = ("state", "fact", "value", "document", "effective", "recorded_on")
    tables["amendment"][str(body["seq"])] = {name: data[name] for name in names}
    _confirmed(tables, body, data)


def _added(tables: Tables, body: Body, data: Body) -> None:
    tables["added_meeting"][data["code"]] = {"content": canonical(data["meeting"]), "seq": body["seq"]}
    _confirmed(tables, body, data)


def _proposed(tables: Tables, body: Body, data: Body) -> None:
    tables["proposal"][body["on"]] = {
        "deed": data["deed"],
        "subject": data["subject"],
        "content": canonical(data["content"]),
        "stage": "waiting",
        "seq": body["seq"],
    }


def _declined(tables: Tables, body: Body, data: Body) -> None:
    tables["proposal"][body["on"]] |= {"stage": "declined", "seq": body["seq"]}


def _confirmed(tables: Tables, body: Body, data: Body) -> None:
    if "proposal" in data:
        tables["proposal"][data["proposal"]] |= {"stage": "confirmed", "seq": body["seq"]}


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "application.submitted": _submitted,
    "application.imported": _submitted,
    "application.reopened": _moved,
    "application.withdrawn": _moved,
    "application.accepted": _moved,
    "changes.asked": _moved,
    "completion.confirmed": _moved,
    "refusal.proposed": _moved,
    "refusal.confirmed": _moved,
    "refusal.declined": _moved,
    "call.closed": _closed,
    "allotment.fixed": _allotted,
    "allotment.changed": _allotted,
    "selection.previewed": _previewed,
    "selection.kept": _kept,
    "override.recorded": _overridden,
    "status.amended": _amended,
    "meeting.added": _added,
    "proposal.made": _proposed,
    "proposal.declined": _declined,
}


def as_kept(column: Any) -> Any:
    """A day or an instant as the database has it, even where it is none: then it differs."""
    return type_coerce(column, String).label(column.key)


KEPT: dict[str, Select[Any]] = {
    "application": select(
        Application.reference,
        Application.public,
        Application.meeting,
        Application.state,
        Application.stage,
        as_kept(Application.completed_at),
        Application.seq,
    ).where(Application.seq > 0),
    "closing": select(Closing.meeting.label("reference"), Closing.value, Closing.seq),
    "allotment": select(
        (Allotment.meeting + " " + cast(Allotment.number, String)).label("reference"),
        Allotment.usd,
        Allotment.basis,
        Allotment.document,
        Allotment.seq,
    ),
    "selection": select(
        Selection.reference,
        Selection.meeting,
        Selection.digest,
        Selection.stage,
        Selection.run,
        as_kept(Selection.answer_by),
        Selection.seq,
    ),
    "set_aside": select(
        (Selection.reference + " " + SetAside.earmark).label("reference"), SetAside.usd, as_kept(SetAside.until)
    ).join(Selection, Selection.id == SetAside.selection_id),
    "override": select(
        Override.seq.label("reference"),
        Selection.reference.label("selection"),
        Override.public,
        Override.position,
        Override.to_position,
    ).join(Selection, Selection.id == Override.selection_id),
    "amendment": select(
        AmendmentRow.seq.label("reference"),
        AmendmentRow.state,
        AmendmentRow.fact,
        AmendmentRow.value,
        AmendmentRow.document,
        as_kept(AmendmentRow.effective),
        as_kept(AmendmentRow.recorded_on),
    ),
    "added_meeting": select(AddedMeeting.code.label("reference"), AddedMeeting.content, AddedMeeting.seq),
    "proposal": select(
        Proposal.reference, Proposal.deed, Proposal.subject, Proposal.content, Proposal.stage, Proposal.seq
    ),
}
"""Table -> its rows, called as the readers call them. Drafts that were never sent are in no entry."""


def undecided(session: Session) -> list[str]:
    """Every run is decided again from its own text: a sentence for each whose text, annex or places differ."""
    faults = []
    for run in session.execute(
        select(Selection.id, Selection.reference, Selection.text, Selection.digest, Selection.annex, Selection.seq)
    ):
        where = f"the table selection: {run.reference}"
        try:
            decided = decision.decided(decision.read(run.text))
        except decision.MalformedRecord:
            faults.append(f"{where} has a text that is no selection record")
            continue
        if decided.text() != run.text or decided.digest != run.digest:
            faults.append(f"{where} has a text that its own rules do not give")
        rows = session.execute(
            select(*PlaceRow.__table__.columns).where(PlaceRow.selection_id == run.id).order_by(PlaceRow.position)
        ).mappings()
        if [dict(row) for row in rows] != places_of(run.id, decided):
            faults.append(f"the table place: the places of {run.reference} are not those of its text")
        if _annex_of(session, run.reference) != chance.digest(run.annex):
            faults.append(f"{where} has another annex than the record")
    return faults


def unsealed(session: Session, tables: Tables) -> list[str]:
    """What applicants filled in is not in the record, its seal is: a sentence for each answer that was changed since.

    A person who was erased has no key any more: of that one nothing can be said.
    """
    return [
        f"the table application: {one.reference} does not hold the answers that were sent"
        for one in session.scalars(select(Application).where(Application.stage.in_(SENT))).unique()
        if keys.knows(one.person)
        and one.reference in tables[SEALS]
        and seal_of_answers(one) != tables[SEALS][one.reference]["seal"]
    ]


def _annex_of(session: Session, reference: str) -> str | None:
    body = session.scalar(
        select(Event.body).where(Event.subject == reference, Event.action == "selection.previewed").limit(1)
    )
    try:
        return str(json.loads(body or "null")["data"]["annex"])
    except (ValueError, KeyError, TypeError):
        return None
