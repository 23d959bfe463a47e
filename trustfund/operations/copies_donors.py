"""What the record says of donors and of the letters that came with their pledges. ``copies`` compares the tables."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, String, select, type_coerce

from trustfund.core.completion import folded
from trustfund.models.contributions import Letter, Pledge
from trustfund.operations.copies_sealed import Tables
from trustfund.operations.copies_selections import Body


def registered(tables: Tables, body: Body, data: Body) -> None:
    """A donor became known; before donors were checked each was accepted by it, and its papers were in English."""
    tables["donor"][data["donor"]] = {
        "name": data["name"],
        "folded": _folded(data["name"]),
        "type": data["type"],
        "country": data["country"],
        "language": data.get("language", "en"),
        "unnamed": data.get("unnamed", False),
        "accepted_seq": body["seq"] if data.get("accepted", True) else None,
        "seq": body["seq"],
    }


def _changed(tables: Tables, body: Body, data: Body) -> None:
    row = tables["donor"][body["on"]]
    row |= {name: data[name] for name in ("name", "language", "unnamed")}
    row |= {"folded": _folded(data["name"]), "seq": body["seq"]}
    if not data["accepted"]:
        row["accepted_seq"] = None


def _accepted(tables: Tables, body: Body, data: Body) -> None:
    tables["donor"][body["on"]] |= {"accepted_seq": body["seq"], "seq": body["seq"]}


def _letter(tables: Tables, body: Body, data: Body) -> None:
    tables["letter"][data["letter"]] = {
        "pledge": body["on"],
        "media_type": data["media_type"],
        "size": data["size"],
        "pages": data["pages"],
        "seal": data["seal"],
        "at": body["at"],
        "seq": body["seq"],
    }


def _folded(name: str | None) -> str | None:
    """What a search looks at; of an individual the record does not know it."""
    return None if name is None else folded(name)[:300]


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "donor.registered": registered,
    "donor.changed": _changed,
    "donor.accepted": _accepted,
    "letter.added": _letter,
}
KEPT: dict[str, Select[Any]] = {
    "letter": select(
        Letter.reference,
        Pledge.reference.label("pledge"),
        Letter.media_type,
        Letter.size,
        Letter.pages,
        Letter.seal,
        type_coerce(Letter.at, String).label("at"),
        Letter.seq,
    ).outerjoin(Pledge, Pledge.id == Letter.pledge_id),
}
"""What is kept of letters; their names and where they lie are not in the record."""
