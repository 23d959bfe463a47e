"""A delegate applies: a draft is begun and filled, then sent, opened again, withdrawn.

Drafts are housekeeping and leave no entry. What was sent stands in the record as a seal under the person's key.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from trustfund.core import lifecycle
from trustfund.core.calendar import Meeting
from trustfund.core.completion import completed_at, folded
from trustfund.core.eligibility import Failure
from trustfund.core.refusal import NotHere, Refused, Stale, sentence
from trustfund.core.verifier import canonical
from trustfund.extensions import db
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award
from trustfund.models.people import Account
from trustfund.operations.assessment import failures_of, kept, missing, nominated, person_of
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.offers import give_back
from trustfund.operations.operation import Fact, Operation, deed, housekeeping
from trustfund.operations.people import post
from trustfund.services import chance, keys, storage
from trustfund.services.documents import Document as Checked
from trustfund.services.documents import checked

EDITABLE = ("draft", "changes-asked")
LARGEST_TEXTS = {
    "given_names": 140,
    "family_name": 140,
    "email": 254,
    "position": 140,
    "organisation": 200,
    "note_verbale": 120,
    "home_city": 120,
    "fare": 20,
    "fare_currency": 3,
}
FIELDS = (
    *LARGEST_TEXTS,
    "state",
    "gender",
    "date_of_birth",
    "note_verbale_date",
    "note_to_follow",
    "government_order",
    "paid_elsewhere",
)
"""What an applicant fills in."""


def begin(account: Account, code: str, at: datetime) -> Application:
    """The application of a person for a meeting that takes files: a new draft, or the one there is."""
    owner, email, state, language = account.id, account.email, account.state or "", account.language
    with housekeeping():
        frame = frame_of(db.session(), code, at.date())
        found = _live(owner, frame.meeting.code)
        if found is None:
            _takes_files(frame, at)
            found = Application(
                reference=chance.reference("T"),
                public=public_reference(frame.meeting),
                account_id=owner,
                meeting=frame.meeting.code,
                state=state,
                stage="draft",
                email=email,
                language=language,
                begun_at=at,
                seq=0,
            )
            db.session.add(found)
    return found


def own(reference: str, account: Account) -> Application:
    """A person's own application, for reading; somebody else's is not here."""
    found = db.session.scalars(select(Application).where(Application.reference == reference)).unique().one_or_none()
    if found is None or found.account_id != account.id:
        raise NotHere("There is no such thing here.")
    return found


def save(reference: str, account: Account, answers: Mapping[str, Any], at: datetime) -> None:
    """Keep what was typed on a page of a draft. ``answers``: columns of FIELDS."""
    assert set(answers) <= set(FIELDS), "a page asks what the application has"
    owner = account.id
    with housekeeping():
        draft = _editable(reference, owner)
        was = draft.state, person_of(draft)
        for column, value in answers.items():
            setattr(draft, column, value)
        draft.folded = folded(draft.given_names, draft.family_name)[:300]
        if (draft.state, person_of(draft)) != was:
            _keeps_its_seat(draft)


def add_document(reference: str, account: Account, name: str, content: bytes, at: datetime) -> None:
    """Check a file in a child process, seal it and keep it with a draft, in place of the one before."""
    _editable(reference, account.id)
    keep_document(reference, account, checked(name, content), at)


def keep_document(reference: str, account: Account, document: Checked, at: datetime) -> None:
    """Keep a document that was checked."""
    owner, person = account.id, account.reference
    stored = storage.keep(person, document.content)
    with housekeeping():
        draft = _editable(reference, owner)
        before = [old.stored for old in draft.documents if not draft.submitted_at]
        if before:
            db.session.execute(delete(Document).where(Document.stored.in_(before)))
        db.session.add(
            Document(
                reference=chance.reference("F"),
                application_id=draft.id,
                kind="note-verbale",
                name=document.name,
                media_type=document.media_type,
                size=len(document.content),
                pages=document.pages,
                stored=stored,
                seal=keys.seal_of(person, document.content),
                added_at=at,
            )
        )
    for old in before:
        storage.remove(old)


def why_not(application: Application, at: datetime) -> tuple[Failure, ...]:
    """Every rule that the application would fail if it were sent now."""
    return failures_of(db.session(), application, at)


@deed("application.submitted")
def submit(op: Operation, reference: str) -> Fact:
    """Send it. It may be sent with rules that fail: all are told, and kept with the entry (codes only)."""
    sent = _own(op, reference)
    lifecycle.check("application.submitted", sent.stage)
    if other := _another(op, sent):
        raise Refused(
            "You have sent the application {public} for this meeting already. Withdraw it first.", public=other
        )
    frame = frame_of(op.session(), sent.meeting, op.today)
    setting = frame.mandate.setting
    if not _answers_an_officer(sent, op.at, setting("days_to_answer_officer")):
        _takes_files(frame, op.at)
    before = sent.stage if sent.seq else None
    whole = not missing(sent) and nominated(sent, sent.documents, op.at, setting("days_for_note_verbale"))
    sent.completed_at = completed_at(
        sent.completed_at,
        op.at,
        complete=whole,
        call=frame.call,
        asked_at=sent.asked_at,
        days_to_answer=setting("days_to_answer_officer"),
        note_promised=sent.note_to_follow,
        days_for_note=setting("days_for_note_verbale"),
    )
    sent.submitted_at, sent.stage, sent.seq = op.at, "submitted", op.next_seq
    failed = failures_of(op.session(), sent, op.at)
    if sent.account:
        post(
            sent.account,
            sentence("Your application was received"),
            sentence(
                "The fund received your application for the meeting {meeting}. Its reference is {public}.\n\n"
                "“My applications” shows where it stands and what comes next."
            ),
            meeting=sent.meeting,
            public=sent.public,
        )
    return Fact(on=reference, before=before, after="submitted", data=submission(sent, failed))


@deed("application.reopened")
def reopen(op: Operation, reference: str) -> Fact:
    """Take back what was sent, to change it. Until it is sent again, it does not ask for a seat."""
    taken = _own(op, reference)
    lifecycle.check("application.reopened", taken.stage)
    before, taken.stage, taken.seq = taken.stage, "draft", op.next_seq
    return Fact(on=reference, before=before, after="draft")


@deed("application.withdrawn")
def withdraw(op: Operation, reference: str, *, seen: int) -> Fact:
    """End it. What was sent stays in the record."""
    ended = _own(op, reference)
    unchanged(ended, seen)
    lifecycle.check("application.withdrawn", ended.stage)
    give_back(op, ended)
    before = ended.stage if ended.seq else None
    ended.stage, ended.seq = "withdrawn", op.next_seq
    return Fact(on=reference, before=before, after="withdrawn", data=kept(ended))


def discard(reference: str, account: Account) -> None:
    """Erase a draft that was never sent, and its files. The record knows nothing of it."""
    owner = account.id
    with housekeeping():
        draft = _editable(reference, owner)
        if draft.seq:
            raise Refused("This application was sent once: withdraw it. Nothing has been changed.")
        files = [document.stored for document in draft.documents]
        db.session.execute(delete(Document).where(Document.application_id == draft.id))
        db.session.execute(delete(Application).where(Application.id == draft.id))
    for stored in files:
        storage.remove(stored)


def submission(sent: Application, failed: tuple[Failure, ...] = ()) -> dict[str, object]:
    """What the record says of an application: no name, no contact; its content as a seal under the person's key."""
    return {
        **kept(sent),
        "failed": list(dict.fromkeys(failure.code for failure in failed)),
        "seal": seal_of_answers(sent),
        "files": [{"kind": document.kind, "seal": document.seal} for document in sent.documents],
    }


def seal_of_answers(application: Application) -> str:
    """The HMAC of everything that the applicant filled in, under the person's key."""
    content = {name: str(getattr(application, name) or "") for name in sorted(FIELDS)}
    return keys.seal_of(application.person, canonical(content).encode())


def public_reference(meeting: Meeting, taken: set[str] | None = None) -> str:
    """``N1-7KQ2``: a reference that nobody has yet. ``taken``: the known ones, for a file of many lines."""
    while True:
        reference = chance.reference(meeting.code, 4)
        if taken is not None:
            if reference not in taken:
                taken.add(reference)
                return reference
        elif not db.session.scalar(select(Application.id).where(Application.public == reference)):
            return reference


def unchanged(application: Application, seen: int) -> None:
    if application.seq != seen:
        raise Stale(
            "This application has changed since you opened the page: entry {entry} of the record. "
            "Look at it again. Nothing has been changed.",
            entry=application.seq,
        )


def _own(op: Operation, reference: str) -> Application:
    found = op.one(Application, reference=reference)
    if op.account is None or found.account_id != op.account.id:
        raise NotHere("There is no such thing here.")
    return found


def _editable(reference: str, owner: int) -> Application:
    found = db.session.scalars(select(Application).where(Application.reference == reference)).unique().one_or_none()
    if found is None or found.account_id != owner:
        raise NotHere("There is no such thing here.")
    if lifecycle.possible("application.reopened", found.stage):
        raise Refused("This application was sent. Open it again to change it. Nothing has been changed.")
    if found.stage not in EDITABLE:
        raise Refused("This application can no longer be changed. Nothing has been changed.")
    return found


def _keeps_its_seat(draft: Application) -> None:
    """Whose seat stands may correct a name until it is certified; who comes instead is named by note verbale."""
    with db.session.no_autoflush:
        standing = select(Award).where(Award.meeting == draft.meeting, Award.stage.not_in(lifecycle.GIVEN_BACK))
        mine = db.session.scalars(standing.where(Award.application_id == draft.id)).unique().first()
        if mine is None:
            return
        person = person_of(draft)
        others = standing.where(Award.id != mine.id, Award.person == person, Award.person != "")
        taken = db.session.scalars(others.limit(1)).unique().first()
    if draft.state != mine.state or taken or mine.committed or mine.stage not in ("proposed", "accepted"):
        raise Refused(
            "You have a seat: name, date of birth and State stay as they are. Your Government names another delegate "
            "by note verbale. Nothing has been changed."
        )
    mine.person = person


def _live(owner: int, code: str) -> Application | None:
    return db.session.scalars(
        select(Application)
        .where(
            Application.account_id == owner,
            Application.meeting == code,
            Application.stage.in_(("draft", *lifecycle.ALIVE)),
        )
        .order_by(Application.id)
    ).first()


def _another(op: Operation, sent: Application) -> str | None:
    return op.session.scalar(
        select(Application.public).where(
            Application.account_id == sent.account_id,
            Application.meeting == sent.meeting,
            Application.id != sent.id,
            Application.stage.in_(lifecycle.ALIVE),
        )
    )


def _answers_an_officer(sent: Application, at: datetime, days: int) -> bool:
    """An officer's question gives its days to answer, also where the call takes no new files any more."""
    return sent.stage == "changes-asked" and sent.asked_at is not None and at <= sent.asked_at + timedelta(days=days)


def _takes_files(frame: Frame, at: datetime) -> None:
    """A call takes files from its opening to the last moment at which a journey can still be made."""
    if at < frame.call.opens:
        raise Refused(
            "The call for {meeting} opens on {day}. Come back then.",
            meeting=frame.meeting.code,
            day=frame.call.opens.date(),
        )
    if not frame.call.in_time_to_travel(at):
        raise Refused(
            "The call for {meeting} takes no more files: a journey must be prepared {days} days before.",
            meeting=frame.meeting.code,
            days=frame.mandate.setting("late_until"),
        )
