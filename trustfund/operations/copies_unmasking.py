"""What the table of who was shown sealed data should say, read from the events. ``copies`` compares it."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from trustfund.models.applications import Application, Unmasking
from trustfund.models.people import Account
from trustfund.operations.copies_sealed import SEALS, Tables, changed_words
from trustfund.operations.copies_selections import Body, as_kept


def _unmasked(tables: Tables, body: Body, data: Body) -> None:
    tables["unmasking"][str(body["seq"])] = {
        "application": body["on"],
        "what": data["what"],
        "reason": data["reason"],
        "by": body["by"],
        "at": body["at"],
    }
    tables[SEALS][str(body["seq"])] = {"seal": data.get("words")}


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {"personal.unmasked": _unmasked}
KEPT: dict[str, Select[Any]] = {
    "unmasking": select(
        Unmasking.seq.label("reference"),
        Application.reference.label("application"),
        Unmasking.what,
        Unmasking.reason,
        Account.reference.label("by"),
        as_kept(Unmasking.at),
    )
    .outerjoin(Application, Application.id == Unmasking.application_id)
    .outerjoin(Account, Account.id == Unmasking.by_id)
}
"""Table -> its rows, called as the readers call them."""


def unsealed(session: Session, tables: Tables) -> Iterator[str]:
    """A sentence for each reason whose words were changed since. Of a person who was erased nothing can be said."""
    yield from changed_words(session, tables[SEALS], Unmasking)
