"""Passport and bank details stay sealed until an officer says why they are needed; then that officer sees them a while.

Each look is an entry of the record: whose file, what, for which reason, and a seal of the words; never the data.
"""

from collections.abc import Iterable
from datetime import datetime

from cryptography.exceptions import InvalidTag
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from trustfund.core.refusal import Masked, NotDesignated, NotHere, Refused, sentence
from trustfund.core.roles import Role
from trustfund.core.unmasking import IN_WORDS, MAY_SEE, REASONS, SEALED_FILES, shown_until
from trustfund.extensions import db
from trustfund.models.applications import Application, Document, Unmasking
from trustfund.models.awards import Award
from trustfund.models.people import Account
from trustfund.operations import bank
from trustfund.operations.application_bank import bank_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.screening import Case
from trustfund.services import keys, storage

LONGEST = 500  # characters beside a reason
_NOT_YOURS = sentence(
    "Passport pages and visas are shown to officers designated for screening, bank forms to those who screen, certify "
    "or pay. Nothing has been shown."
)


@deed("personal.unmasked")
def unmask(op: Operation, reference: str, *, what: str, reason: str, words: str = "") -> Fact:
    """Show an officer what is sealed. It moves nothing: a page that another officer has open stays true."""
    application = op.one(Application, reference=reference)
    if not application.seq:
        raise NotHere("There is no such thing here.")
    assert op.account is not None, "a person looks"
    _check_right(what, op.account, op.recorded_at)
    words = _checked(what, reason, words)
    Case(op.session(), application, today=op.today, at=op.at).check("personal.unmasked", op.account)
    if not keys.knows(application.person) or not is_kept(op.session(), application, what):
        raise Refused("Nothing of this is kept, so there is nothing to show. Nothing has been changed.")
    op.session.add(
        Unmasking(
            application_id=application.id,
            what=what,
            reason=reason,
            words=words,
            by_id=op.account.id,
            at=op.recorded_at,
            seq=op.next_seq,
        )
    )
    data = {"public": application.public, "what": what, "reason": reason}
    if words:
        data["words"] = keys.seal_of(application.person, words.encode())
    return Fact(on=reference, data=data)


def shown_to(application: Application) -> list[Unmasking]:
    """Who was shown what, when and why; the newest first."""
    found = select(Unmasking).where(Unmasking.application_id == application.id)
    return list(db.session.scalars(found.options(joinedload(Unmasking.by)).order_by(Unmasking.id.desc())).unique())


def open_until(
    application: Application, shown: Iterable[Unmasking], what: str, reader: Account, now: datetime
) -> datetime | None:
    """Until when a reader who gave a reason sees it; None for all others, once the time or the right is over, and
    while the reader could not ask now: the applicant opened it again, or it is of the reader's own State."""
    if not reader.functions_on(now.date()) & MAY_SEE[what]:
        return None
    ends = [shown_until(one.at) for one in shown if one.what == what and one.by_id == reader.id]
    until = max((end for end in ends if now < end), default=None)
    case = Case(db.session(), application, today=now.date(), at=now)
    return None if until is None or case.why_not("personal.unmasked", reader) else until


def is_kept(session: Session, application: Application, what: str) -> bool:
    """Whether there is anything to show: a number, an account, or a file."""
    if application.passport_sealed if what == "passport" else application.bank_sealed:
        return True
    kinds = [kind for kind, shows in SEALED_FILES.items() if shows == what]
    file = exists().where(Document.application_id == application.id, Document.kind.in_(kinds))
    award = exists().where(Award.application_id == application.id, Award.bank_reference != "")
    return bool(session.scalar(select(file | award if what == "bank" else file)))


def accounts_of(session: Session, application: Application) -> list[dict[str, str]]:
    """The bank accounts of a person, in clear: of the award if it has one, else what the application says."""
    awards = select(Award).where(Award.application_id == application.id, Award.bank_reference != "").order_by(Award.id)
    found = []
    for award in session.scalars(awards).unique():
        try:
            found += [bank.opened(award.bank)] if award.bank else []
        except (FileNotFoundError, InvalidTag):
            continue
    typed = bank_of(application)
    return found or ([typed] if typed else [])


def document_for(reference: str, reader: Account, now: datetime) -> tuple[Document, bytes]:
    """A document with its content: for the head of the fund and officers with a designation; a sealed one is masked."""
    if reader.role != Role.HEAD and not reader.functions_on(now.date()):
        raise NotDesignated("Documents are for officers with a designation in force. Nothing has been shown.")
    found = db.session.scalars(select(Document).where(Document.reference == reference)).unique().one_or_none()
    if found is None or not found.application.seq or found.application.stage == "draft":
        raise NotHere("There is no such thing here.")
    if what := SEALED_FILES.get(found.kind):
        _check_right(what, reader, now)
        if open_until(found.application, shown_to(found.application), what, reader, now) is None:
            raise Masked(
                "This file is sealed. Say why you need to see it; then it opens.",
                application=found.application.reference,
                what=what,
            )
    return found, storage.fetch(found.application.person, found.stored)


def _check_right(what: str, account: Account, now: datetime) -> None:
    if not account.functions_on(now.date()) & MAY_SEE[what]:
        raise NotDesignated(_NOT_YOURS)


def _checked(what: str, reason: str, words: str) -> str:
    if reason not in REASONS[what]:
        raise Refused("Choose why you need to see it.", field="reason")
    words = words.strip()
    if len(words) > LONGEST:
        raise Refused("Write at most {n} characters.", n=LONGEST, field="words")
    if reason == IN_WORDS and not words:
        raise Refused("Write the reason: it is none of those above.", field="words")
    return words
