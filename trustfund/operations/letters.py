"""Letters that came with pledges: checked in a child process, sealed under the donor's key, told to the record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.contributions import Letter, Pledge
from trustfund.models.people import Account
from trustfund.operations.contributions import pledge_of
from trustfund.operations.operation import Done, Fact, Operation, deed
from trustfund.services import chance, keys, storage
from trustfund.services.documents import Document as Checked

MOST = 10
_FULL = sentence("A pledge has at most {n} letters. Put several pages into one file. Nothing has been changed.")
READERS = (Role.OFFICER, Role.HEAD, Role.AUDITOR)
"""Who reads the letters of every donor."""


@dataclass(frozen=True)
class Kept:
    """A letter that lies in the storage: what its deed is told. Two are the same whose name and seal are."""

    document: Checked
    seal: str
    stored: str

    def __str__(self) -> str:
        return f"{self.document.name} {self.seal}"


def add(reference: str, document: Checked, *, by: str, at: datetime, key: str | None = None) -> Done:
    """Keep a checked letter with a pledge; where the deed does not happen, or happened before, nothing is left."""
    donor = pledge_of(reference).donor.reference
    kept = Kept(document, keys.seal_of(donor, document.content), storage.keep(donor, document.content))
    try:
        done = _add(reference, kept, by=by, at=at, key=key)
    except BaseException:
        storage.remove(kept.stored)
        raise
    if done.again:
        storage.remove(kept.stored)
    return done


@deed("letter.added")
def _add(op: Operation, reference: str, kept: Kept) -> Fact:
    pledge = op.one(Pledge, reference=reference)
    if op.account and op.account.role == Role.DONOR and op.account.donor_id != pledge.donor_id:
        raise NotHere("There is no such thing here.")
    held = op.session.scalar(select(func.count()).select_from(Letter).where(Letter.pledge_id == pledge.id)) or 0
    if held >= MOST:
        raise Refused(_FULL, n=MOST, field="file")
    letter = Letter(
        reference=chance.reference("L"),
        pledge_id=pledge.id,
        name=kept.document.name,
        media_type=kept.document.media_type,
        size=len(kept.document.content),
        pages=kept.document.pages,
        stored=kept.stored,
        seal=kept.seal,
        at=op.recorded_at,
        seq=op.next_seq,
    )
    op.session.add(letter)
    return Fact(
        on=reference,
        data={
            "letter": letter.reference,
            "donor": pledge.donor.reference,
            "media_type": letter.media_type,
            "size": letter.size,
            "pages": letter.pages,
            "seal": letter.seal,
        },
    )


def letter_for(reference: str, reader: Account) -> tuple[Letter, bytes]:
    """A letter with its content, for its donor, officers, the head and auditors; to others it is not here."""
    letter = db.session.scalars(select(Letter).where(Letter.reference == reference)).one_or_none()
    own = letter and reader.role == Role.DONOR and reader.donor_id == letter.pledge.donor_id
    if letter is None or not (own or reader.role in READERS):
        raise NotHere("There is no such thing here.")
    return letter, storage.fetch(letter.pledge.donor.reference, letter.stored)
