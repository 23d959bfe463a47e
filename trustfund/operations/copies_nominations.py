"""What the tables should say of a mission's word, read from the events. ``copies`` compares them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, or_, select

from trustfund.models.applications import Application, Document
from trustfund.models.people import Account
from trustfund.operations.copies_sealed import SEALS, Tables
from trustfund.operations.copies_selections import Body


def _spoken(tables: Tables, body: Body, data: Body) -> None:
    """Whose word it is, and what it changes in an application that was sent."""
    if "endorsed" in data:
        tables["nomination"][body["on"]] = {"mission": body["by"], "endorsed": data["endorsed"], "state": data["state"]}
    if body["on"] in tables["nomination"]:
        tables["nomination"][body["on"]]["government_order"] = data["order"]
    if file := data.get("attached"):
        tables["mission_note"][file["file"]] = {"application": body["on"], "kind": file["kind"], "seal": file["seal"]}
    if "seal" in data:
        row = tables["application"][body["on"]]
        row |= {"completed_at": data["completed_at"], "seq": body["seq"]}
        if row["state"] is not None:  # of one that its person changes, only what is sent again says it
            row["state"] = data["state"]
        tables[SEALS][body["on"]] = {"seal": data["seal"], "files": [(f["kind"], f["seal"]) for f in data["files"]]}


READERS: dict[str, Callable[[Tables, Body, Body], None]] = dict.fromkeys(
    (
        "nomination.made",
        "application.endorsed",
        "endorsement.withdrawn",
        "government-order.set",
        "note-verbale.attached",
        "note-verbale.promised",
    ),
    _spoken,
)
KEPT: dict[str, Select[Any]] = {
    "nomination": select(
        Application.reference,
        Account.reference.label("mission"),
        Application.endorsed,
        Application.state,
        Application.government_order,
    )
    .outerjoin(Account, Account.id == Application.mission_id)
    .where(or_(Application.mission_id.is_not(None), Application.endorsed.is_not(None))),
    "mission_note": select(Document.reference, Application.reference.label("application"), Document.kind, Document.seal)
    .join(Application, Application.id == Document.application_id)
    .where(Document.by_mission),
}
"""What a mission said of applications, called as the reader calls it: columns of the table application."""
