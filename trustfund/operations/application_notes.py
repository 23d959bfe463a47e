"""Officers write notes beside an application, for each other. The record keeps a seal of the words, no word."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from trustfund.core.refusal import NotHere, Refused
from trustfund.models.applications import Application, ApplicationNote
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.screening import Case
from trustfund.services import keys

LONGEST = 2000  # characters of a note


@deed("application.noted")
def note(op: Operation, reference: str, *, words: str) -> Fact:
    """A note stands beside the application and moves nothing: a page that an officer has open stays true."""
    application = op.one(Application, reference=reference)
    if not application.seq:
        raise NotHere("There is no such thing here.")
    if not words.strip() or len(words) > LONGEST:
        raise Refused("Write a note of at most {n} characters.", n=LONGEST, field="words")
    Case(op.session(), application, today=op.today, at=op.at).check("application.noted", op.account)
    assert op.account is not None, "a person writes a note"
    words = words.strip()
    op.session.add(
        ApplicationNote(
            application_id=application.id, words=words, by_id=op.account.id, at=op.recorded_at, seq=op.next_seq
        )
    )
    return Fact(
        on=reference, data={"public": application.public, "words": keys.seal_of(application.person, words.encode())}
    )


def notes_of(session: Session, application: Application) -> list[ApplicationNote]:
    """The newest first."""
    found = select(ApplicationNote).where(ApplicationNote.application_id == application.id)
    return list(
        session.scalars(found.options(joinedload(ApplicationNote.by)).order_by(ApplicationNote.id.desc())).unique()
    )
