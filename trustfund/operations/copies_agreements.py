"""What the table of agreements drawn up for signature should say, read from the events. ``copies`` compares it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, func, select

from trustfund.models.contributions import AgreementDraft, Pledge
from trustfund.operations.copies_sealed import Tables
from trustfund.operations.copies_selections import Body


def _drafted(tables: Tables, body: Body, data: Body) -> None:
    tables["agreement_draft"][data["number"]] = {"pledge": body["on"], "seq": body["seq"]}
    tables["pledge"][body["on"]]["seq"] = body["seq"]


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {"agreement.drafted": _drafted}

KEPT: dict[str, Select[Any]] = {
    "agreement_draft": select(
        AgreementDraft.number.label("reference"),
        func.coalesce(Pledge.reference, "").label("pledge"),
        AgreementDraft.seq,
    ).outerjoin(Pledge, Pledge.id == AgreementDraft.pledge_id)
}
"""Table -> its rows, called as the reader calls them."""
