"""The files of an application: note verbale, passport page, visa, bank form, each of several pages or photographs.

Until it is sent they are housekeeping and can be taken away; what was sent stands in the record by its seal.
"""

from datetime import datetime

from sqlalchemy import delete, select

from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.extensions import db
from trustfund.models.applications import PAPERS, Application, Document
from trustfund.models.people import Account
from trustfund.operations.drafts import editable
from trustfund.operations.kept_files import keeping, row_of
from trustfund.operations.operation import housekeeping
from trustfund.services import storage
from trustfund.services.documents import Document as Checked
from trustfund.services.documents import checked

MOST = 6  # files of a kind, between two sendings
_FULL = sentence("Of each kind at most {n} files are kept. Remove one first, or put several pages into one file.")


def add_document(
    reference: str,
    account: Account,
    name: str,
    content: bytes,
    at: datetime,
    *,
    kind: str = "note-verbale",
    field: str = "file",
) -> None:
    """Check a file in a child process, seal it and keep it with a draft. ``field``: of the page, for a refusal."""
    _room(editable(reference, account.id, lock=False), kind, field)
    try:
        document = checked(name, content)
    except Refused as refused:
        refused.field = field
        raise
    keep_document(reference, account, document, at, kind=kind, field=field)


def keep_document(
    reference: str,
    account: Account,
    document: Checked,
    at: datetime,
    *,
    kind: str = "note-verbale",
    field: str = "file",
) -> None:
    """Keep a document that was checked."""
    assert kind in PAPERS, "a page names the kind"
    owner, person = account.id, account.reference
    with keeping(person, document) as stored:
        draft = editable(reference, owner)
        _room(draft, kind, field)
        db.session.add(row_of(document, kind, person, stored, at, application_id=draft.id))


def remove_document(reference: str, account: Account, document: str) -> None:
    """Take away a file that was not sent yet. ``reference``: of the draft; ``document``: of the file."""
    owner = account.id
    with housekeeping():
        draft = editable(reference, owner)
        found = next((one for one in unsent(draft) if one.reference == document), None)
        if found is None:
            raise NotHere("There is no such thing here.")
        stored = found.stored
        db.session.execute(delete(Document).where(Document.id == found.id))
    storage.remove(stored)


def files_of(application: Application) -> list[Document]:
    """Its own files in the order in which they came; those of a claim are the journey's."""
    of_it = select(Document).where(Document.application_id == application.id, Document.kind.in_(PAPERS))
    return list(db.session.scalars(of_it.order_by(Document.id)))


def unsent(application: Application) -> list[Document]:
    """The files that its person added since it was sent last: these can still be taken away."""
    sent = application.submitted_at
    return [one for one in files_of(application) if not one.by_mission and (sent is None or one.added_at > sent)]


def _room(draft: Application, kind: str, field: str) -> None:
    if sum(one.kind == kind for one in unsent(draft)) >= MOST:
        raise Refused(_FULL, n=MOST, field=field)
