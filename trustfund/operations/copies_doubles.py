"""What the table of judgements on probable doubles should say, read from the events. ``copies`` compares it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from trustfund.models.applications import Application, DoubleRuling
from trustfund.models.people import Account
from trustfund.operations.copies_sealed import Tables
from trustfund.operations.copies_selections import Body, as_kept


def _judged(tables: Tables, body: Body, data: Body) -> None:
    tables["double_ruling"][str(body["seq"])] = {
        "application": body["on"],
        "other": data["other"],
        "reason": data["reason"],
        "strength": data["strength"],
        "by": body["by"],
        "at": body["at"],
    }


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {"double.ruled-out": _judged, "double.reopened": _judged}
_other = aliased(Application)
KEPT: dict[str, Select[Any]] = {
    "double_ruling": select(
        DoubleRuling.seq.label("reference"),
        Application.reference.label("application"),
        _other.reference.label("other"),
        DoubleRuling.reason,
        DoubleRuling.strength,
        Account.reference.label("by"),
        as_kept(DoubleRuling.at),
    )
    .outerjoin(Application, Application.id == DoubleRuling.application_id)
    .outerjoin(_other, _other.id == DoubleRuling.other_id)
    .outerjoin(Account, Account.id == DoubleRuling.by_id)
}
"""Table -> its rows, called as the readers call them."""
