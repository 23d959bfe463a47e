"""What the table of officers' notes should say, read from the events. ``copies`` compares it."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from trustfund.models.applications import Application, ApplicationNote
from trustfund.models.people import Account
from trustfund.operations.copies_sealed import SEALS, Tables, changed_words
from trustfund.operations.copies_selections import Body, as_kept


def _noted(tables: Tables, body: Body, data: Body) -> None:
    tables["application_note"][str(body["seq"])] = {"application": body["on"], "by": body["by"], "at": body["at"]}
    tables[SEALS][str(body["seq"])] = {"seal": data["words"]}


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {"application.noted": _noted}
KEPT: dict[str, Select[Any]] = {
    "application_note": select(
        ApplicationNote.seq.label("reference"),
        Application.reference.label("application"),
        Account.reference.label("by"),
        as_kept(ApplicationNote.at),
    )
    .outerjoin(Application, Application.id == ApplicationNote.application_id)
    .outerjoin(Account, Account.id == ApplicationNote.by_id)
}
"""Table -> its rows, called as the readers call them."""


def unsealed(session: Session, tables: Tables) -> Iterator[str]:
    """A sentence for each note whose words were changed since. Of a person who was erased nothing can be said."""
    yield from changed_words(session, tables[SEALS], ApplicationNote)
