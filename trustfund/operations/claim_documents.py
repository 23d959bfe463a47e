"""Boarding passes and receipts of a claim: kept with the journey that they prove, sealed under the person's key.

Until the claim is sent they are housekeeping and can be taken away; what was sent stands in the record by its seal.
"""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from trustfund.core.lifecycle import check
from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.extensions import db
from trustfund.models.applications import CLAIM_PAPERS, Document
from trustfund.models.awards import Award, Claim
from trustfund.models.people import Account
from trustfund.operations.kept_files import keeping, row_of
from trustfund.operations.operation import housekeeping
from trustfund.services import storage
from trustfund.services.documents import Document as Checked
from trustfund.services.documents import checked

MOST = 10
_FULL = sentence("A claim has at most {n} files. Remove one first, or put several pages into one file.")


def claim_documents(session: Session, award: Award) -> list[Document]:
    """The files of the claims of an award, in the order in which they came."""
    found = select(Document).where(Document.application_id == award.application_id, Document.kind.in_(CLAIM_PAPERS))
    found = found.where(Document.stored != "")  # of a person who was erased there is none
    return list(session.scalars(found.order_by(Document.id)))


def add_claim_document(
    reference: str, account: Account, kind: str, name: str, content: bytes, at: datetime, *, field: str = "file"
) -> None:
    """Check a file in a child process, seal it and keep it with the journey, until its claim is sent.

    ``reference``: of the award; ``field``: of the page, to which a refusal belongs.
    """
    _room(_open(reference, account.id), field)
    try:
        document = checked(name, content)
    except Refused as refused:
        refused.field = field
        raise
    keep_claim_document(reference, account, kind, document, at, field=field)


def keep_claim_document(
    reference: str, account: Account, kind: str, document: Checked, at: datetime, *, field: str = "file"
) -> None:
    """Keep a file that was checked."""
    assert kind in CLAIM_PAPERS, "a page names the kind"
    owner, person = account.id, account.reference
    with keeping(person, document) as stored:
        award = _open(reference, owner)
        _room(award, field)
        db.session.add(row_of(document, kind, person, stored, at, application_id=award.application_id))


def remove_claim_document(reference: str, account: Account, document: str) -> None:
    """Take away a file that no claim sent yet. ``reference``: of the award; ``document``: of the file."""
    owner = account.id
    with housekeeping():
        award = _open(reference, owner)
        found = next((one for one in unsent(db.session(), award) if one.reference == document), None)
        if found is None:
            raise NotHere("There is no such thing here.")
        stored = found.stored
        db.session.execute(delete(Document).where(Document.id == found.id))
    storage.remove(stored)


def unsent(session: Session, award: Award) -> list[Document]:
    """The files that came since the last claim: these can still be taken away."""
    sent_at = session.scalar(select(func.max(Claim.at)).where(Claim.award_id == award.id))
    return [one for one in claim_documents(session, award) if sent_at is None or one.added_at > sent_at]


def _open(reference: str, owner: int) -> Award:
    found = db.session.scalars(select(Award).where(Award.reference == reference)).unique().one_or_none()
    if found is None or found.account_id != owner:
        raise NotHere("There is no such thing here.")
    check("claim.submitted", found.stage)
    return found


def _room(award: Award, field: str) -> None:
    if len(claim_documents(db.session(), award)) >= MOST:
        raise Refused(_FULL, n=MOST, field=field)
