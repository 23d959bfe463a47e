"""A file that was checked, kept: sealed in the storage first, and gone from it where its row could not be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from trustfund.core.refusal import Refused
from trustfund.models.applications import Document
from trustfund.operations.operation import housekeeping
from trustfund.services import chance, keys, storage
from trustfund.services.documents import Document as Checked


@contextmanager
def keeping(person: str, document: Checked) -> Iterator[str]:
    """A transaction of housekeeping with the name under which the content lies, sealed under the key of a person."""
    stored = storage.keep(person, document.content)
    try:
        with housekeeping():
            yield stored
    except Refused:
        storage.remove(stored)
        raise


def row_of(document: Checked, kind: str, person: str, stored: str, at: datetime, **more: object) -> Document:
    """The row of a kept file. ``more``: whose it is."""
    return Document(
        reference=chance.reference("F"),
        kind=kind,
        name=document.name,
        media_type=document.media_type,
        size=len(document.content),
        pages=document.pages,
        stored=stored,
        seal=keys.seal_of(person, document.content),
        added_at=at,
        **more,
    )
