"""What the tables of applications and selections should say, read from the events. ``copies`` compares them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, String, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from trustfund.core import selection as decision
from trustfund.core.roles import SYSTEM
from trustfund.core.verifier import canonical
from trustfund.models.applications import Application, Screening
from trustfund.models.people import Account
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
from trustfund.operations.copies_sealed import SEALS, Row, Tables
from trustfund.operations.runs import places_of
from trustfund.services import chance

Body = Mapping[str, Any]
APPLICATION = ("public", "meeting", "state", "completed_at")
EDITABLE = ("draft", "changes-asked")
"""Stages in which its person may name another State: only what is sent again says so."""
UNTOUCHED: Row = {"asked_at": None, "completion_typed": False, "completion_confirmed_by": None}
"""An application before any officer, and without an instant that a file brought."""


def _submitted(tables: Tables, body: Body, data: Body) -> None:
    row = tables["application"].setdefault(body["on"], dict(UNTOUCHED))
    row |= {name: data[name] for name in APPLICATION}
    row |= {"stage": body["to"], "seq": body["seq"]}
    tables[SEALS][body["on"]] = _sealed(data)
    if "endorsed" in data:  # carried over from what its person withdrew
        word = {name: data[name] for name in ("mission", "endorsed", "state")}
        tables["nomination"][body["on"]] = {**word, "government_order": data["order"]}


def _sealed(data: Body) -> Row:
    return {"seal": data["seal"], "files": [(f["kind"], f["seal"]) for f in data["files"]]}


def _imported(tables: Tables, body: Body, data: Body) -> None:
    _submitted(tables, body, data)
    tables["application"][body["on"]]["completion_typed"] = data.get("flag") == "back-dated"


def _moved(tables: Tables, body: Body, data: Body) -> None:
    """A draft that was withdrawn before it was sent has no earlier entry."""
    row = tables["application"].setdefault(body["on"], UNTOUCHED | {name: data.get(name) for name in APPLICATION})
    row |= {name: data[name] for name in APPLICATION if name in data}
    row |= {"stage": body["to"], "seq": body["seq"]}
    if body["to"] in EDITABLE:
        row["state"] = None


def _screened(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    if "seal" in data:
        tables[SEALS][body["on"]] = _sealed(data)
    if body["do"] == "changes.asked":
        tables["application"][body["on"]]["asked_at"] = body["at"]
    if body["do"] == "completion.confirmed":
        tables["application"][body["on"]]["completion_confirmed_by"] = body["by"]
    tables["screening"][str(body["seq"])] = {
        "application": body["on"],
        "act": body["do"],
        "codes": " ".join(data.get("codes", ())),
        "by": body["by"],
        "at": body["at"],
    }
    tables[SEALS][str(body["seq"])] = {"seal": data.get("words")}


def _closed(tables: Tables, body: Body, data: Body) -> None:
    tables["closing"][data["meeting"]] = {"value": data["value"], "seq": body["seq"]}


def _allotted(tables: Tables, body: Body, data: Body) -> None:
    tables["allotment"][f"{data['meeting']} {data['number']}"] = {
        "usd": data["usd"],
        "basis": data["basis"],
        "document": data["document"],
        "seq": body["seq"],
    }
    confirmed(tables, body, data)


def _previewed(tables: Tables, body: Body, data: Body) -> None:
    tables["selection"][body["on"]] = {
        "meeting": data["meeting"],
        "digest": data["digest"],
        "stage": body["to"],
        "run": None,
        "answer_by": None,
        "made_by": _person(body),
        "made_at": body["at"],
        "kept_by": None,
        "kept_at": None,
        "seq": body["seq"],
    }


def _kept(tables: Tables, body: Body, data: Body) -> None:
    row = tables["selection"][body["on"]]
    row |= {"stage": "kept", "run": data["run"], "answer_by": data["answer_by"], "seq": body["seq"]}
    row |= {"kept_by": _person(body), "kept_at": body["at"], "proposal": data.get("proposal")}
    for public, parts in data["set_aside"].items():
        for earmark, cents in parts.items():
            tables["set_aside"][f"{body['on']} {public} {earmark}"] = {"usd": cents}
    confirmed(tables, body, data)


def _overridden(tables: Tables, body: Body, data: Body) -> None:
    tables["override"][str(body["seq"])] = {
        "selection": body["on"],
        "proposal": data["proposal"],
        **{name: data[name] for name in ("public", "position", "to_position")},
    }
    confirmed(tables, body, data)


def _amended(tables: Tables, body: Body, data: Body) -> None:
    names = ("state", "fact", "value", "document", "effective", "recorded_on")
    tables["amendment"][str(body["seq"])] = {name: data[name] for name in names}
    confirmed(tables, body, data)


def _added(tables: Tables, body: Body, data: Body) -> None:
    tables["added_meeting"][data["code"]] = {"content": canonical(data["meeting"]), "seq": body["seq"]}
    confirmed(tables, body, data)


def _proposed(tables: Tables, body: Body, data: Body) -> None:
    tables["proposal"][body["on"]] = {
        "deed": data["deed"],
        "subject": data["subject"],
        "content": canonical(data["content"]),
        "stage": "waiting",
        "by": body["by"],
        "decided_by": None,
        "at": body["at"],
        "seq": body["seq"],
    }
    tables[SEALS][body["on"]] = {"seal": data["reason"]}


def _declined(tables: Tables, body: Body, data: Body) -> None:
    tables["proposal"][body["on"]] |= {"stage": "declined", "decided_by": _person(body), "seq": body["seq"]}


def confirmed(tables: Tables, body: Body, data: Body) -> None:
    if "proposal" in data:
        decided = {"stage": "confirmed", "decided_by": _person(body), "seq": body["seq"]}
        tables["proposal"][data["proposal"]] |= decided


def _person(body: Body) -> str | None:
    """The account that did it; the system has none."""
    return None if body["by"] == SYSTEM else body["by"]


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "application.submitted": _submitted,
    "application.imported": _imported,
    "application.reopened": _moved,
    "application.withdrawn": _moved,
    "application.accepted": _screened,
    "changes.asked": _screened,
    "completion.confirmed": _screened,
    "refusal.proposed": _screened,
    "refusal.confirmed": _screened,
    "refusal.declined": _screened,
    "refusal.answered": _screened,
    "replacement.requested": _screened,
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


def by_entry(seq: Any, order: Any) -> Any:
    """The entry as the name of its row; a second row of one entry has another name, which is in no record."""
    n = func.row_number().over(partition_by=seq, order_by=order)
    return case((n > 1, cast(seq, String) + " again"), else_=cast(seq, String)).label("reference")


_maker, _keeper, _second = aliased(Account), aliased(Account), aliased(Account)
KEPT: dict[str, Select[Any]] = {
    "application": select(
        Application.reference,
        Application.public,
        Application.meeting,
        case((Application.stage.in_(EDITABLE), None), else_=Application.state).label("state"),
        Application.stage,
        as_kept(Application.completed_at),
        as_kept(Application.asked_at),
        Application.completion_typed,
        _second.reference.label("completion_confirmed_by"),
        Application.seq,
    )
    .outerjoin(_second, _second.id == Application.completion_confirmed_by_id)
    .where(Application.seq > 0),
    "screening": select(
        by_entry(Screening.seq, Screening.id),
        Application.reference.label("application"),
        Screening.act,
        Screening.codes,
        _maker.reference.label("by"),
        as_kept(Screening.at),
    )
    .outerjoin(Application, Application.id == Screening.application_id)
    .outerjoin(_maker, _maker.id == Screening.by_id),
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
        _maker.reference.label("made_by"),
        as_kept(Selection.made_at),
        _keeper.reference.label("kept_by"),
        as_kept(Selection.kept_at),
        Selection.seq,
    )
    .outerjoin(_maker, _maker.id == Selection.made_by_id)
    .outerjoin(_keeper, _keeper.id == Selection.kept_by_id),
    "set_aside": select(
        (Selection.reference + " " + SetAside.public + " " + SetAside.earmark).label("reference"),
        SetAside.usd,
    ).join(Selection, Selection.id == SetAside.selection_id),
    "override": select(
        by_entry(Override.seq, Override.id),
        Selection.reference.label("selection"),
        Override.public,
        Override.position,
        Override.to_position,
    ).outerjoin(Selection, Selection.id == Override.selection_id),
    "amendment": select(
        by_entry(AmendmentRow.seq, AmendmentRow.id),
        AmendmentRow.state,
        AmendmentRow.fact,
        AmendmentRow.value,
        AmendmentRow.document,
        as_kept(AmendmentRow.effective),
        as_kept(AmendmentRow.recorded_on),
    ),
    "added_meeting": select(AddedMeeting.code.label("reference"), AddedMeeting.content, AddedMeeting.seq),
    "proposal": select(
        Proposal.reference,
        Proposal.deed,
        Proposal.subject,
        Proposal.content,
        Proposal.stage,
        _maker.reference.label("by"),
        _second.reference.label("decided_by"),
        as_kept(Proposal.at),
        Proposal.seq,
    )
    .outerjoin(_maker, _maker.id == Proposal.by_id)
    .outerjoin(_second, _second.id == Proposal.decided_by_id),
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


def _annex_of(session: Session, reference: str) -> str | None:
    body = session.scalar(
        select(Event.body).where(Event.subject == reference, Event.action == "selection.previewed").limit(1)
    )
    try:
        return str(json.loads(body or "null")["data"]["annex"])
    except (ValueError, KeyError, TypeError):
        return None
