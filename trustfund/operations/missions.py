"""What else a permanent mission does for its State: notes verbales, answers to proposed refusals, the next delegate,
the next focal point."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from trustfund.core import lifecycle
from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.core.roles import MAY, Function, Role
from trustfund.extensions import db
from trustfund.models.applications import Application, Screening
from trustfund.models.awards import Award
from trustfund.models.people import Account
from trustfund.operations.completing import DECIDED, complete
from trustfund.operations.kept_files import row_of
from trustfund.operations.nominations import TAKEN_BACK, own, seen_by, seen_own, speak, told
from trustfund.operations.operation import Done, Fact, Operation, deed
from trustfund.operations.outbox import post
from trustfund.operations.people import account_made
from trustfund.operations.screening import LONGEST, Case
from trustfund.services import keys, storage
from trustfund.services.documents import Document as Checked

FOCAL_POINTS = 5  # of a State at a time


@dataclass(frozen=True)
class Kept:
    """A note verbale that lies in the storage once for each application: reference -> (stored, seal)."""

    document: Checked
    copies: dict[str, tuple[str, str]]

    def __str__(self) -> str:
        return f"{self.document.name} {sorted((reference, seal) for reference, (_, seal) in self.copies.items())}"


def attach_note(
    references: Sequence[str],
    document: Checked,
    *,
    note: str,
    day: date,
    by: str,
    at: datetime,
    key: str | None = None,
) -> Done:
    """One checked note verbale for several delegates, kept under the key of each; where the deed does not happen, or
    happened before, nothing is left."""
    people = {one.reference: one.person for one in _of_state(references, by)}
    copies = {
        reference: (storage.keep(person, document.content), keys.seal_of(person, document.content))
        for reference, person in people.items()
    }
    try:
        done = _attach(
            list(dict.fromkeys(references)), Kept(document, copies), note=note, day=day, by=by, at=at, key=key
        )
    except BaseException:
        _forget(copies)
        raise
    if done.again:
        _forget(copies)
    return done


@deed("note-verbale.attached")
def _attach(op: Operation, references: Sequence[str], kept: Kept, *, note: str, day: date) -> Fact:
    if not note.strip() or len(note) > 120:
        raise Refused("Enter the reference of the note verbale.", field="note")
    named = _named(op, references, "note-verbale.attached")
    last = None
    for found, mission in named:
        if last:
            op.append("note-verbale.attached", last)
        awaited = not _has_note(found)
        stored, _ = kept.copies[found.reference]
        file = row_of(kept.document, "note-verbale", found.person, stored, op.at, by_mission=True)
        found.documents.append(file)
        found.note_verbale, found.note_verbale_date = note.strip(), day
        speak(found, mission, endorsed=True)
        complete(op, found, awaited=awaited)
        if found.stage in DECIDED:
            found.note_to_follow = False  # before that, the promise keeps the place when it is sent
        last = told(op, found, endorsed=True, attached={"file": file.reference, "kind": file.kind, "seal": file.seal})
    assert last is not None, "somebody is named"
    return last


@deed("note-verbale.promised")
def promise_note(op: Operation, references: Sequence[str]) -> Fact:
    """The note verbale follows: within its days it keeps the place of files that are complete but for it."""
    last = None
    for found, mission in _named(op, references, "note-verbale.promised"):
        if last:
            op.append("note-verbale.promised", last)
        if found.note_to_follow or _has_note(found):
            raise Refused(
                "The note verbale for {public} is here, or was promised before. Nothing has been changed.",
                public=found.public,
                field="who",
            )
        found.note_to_follow = True
        speak(found, mission, endorsed=True)
        complete(op, found, awaited=True)
        last = told(op, found, endorsed=True)
    assert last is not None, "somebody is named"
    return last


@deed("refusal.answered")
def answer_refusal(op: Operation, reference: str, *, words: str, seen: int) -> Fact:
    """What the mission answers to a proposed refusal, within its days. The officer who decides reads it."""
    found, mission = seen_own(op, reference, seen, "refusal.answered")
    until = Case(op.session(), found, today=op.today, at=op.at).answer_by
    if until and op.today > until:
        raise Refused("The days to answer ended on {day}. Nothing has been changed.", day=until)
    if not words.strip() or len(words) > LONGEST:
        raise Refused("Write your answer, in at most {n} characters.", n=LONGEST, field="words")
    return _beside(op, found, mission, "refusal.answered", words.strip())


@deed("replacement.requested")
def ask_replacement(op: Operation, reference: str, *, successor: str, seen: int) -> Fact:
    """Another delegate of the State takes the seat, by the note verbale that names her or him.

    The mission asks and an officer confirms: the new file has to be screened, and money that was committed is released,
    which nobody outside the office does. ``successor``: the public reference of the application that comes instead.
    """
    found, mission = seen_own(op, reference, seen, "replacement.requested")
    award = op.session.scalars(
        select(Award).where(Award.application_id == found.id, Award.stage.not_in(lifecycle.GIVEN_BACK))
    ).first()
    if award is None:
        raise Refused("This delegate has no seat, so nobody takes it. Nothing has been changed.")
    lifecycle.check("award.replaced", award.stage, award.resumes)
    comes = op.session.scalars(
        select(Application).where(Application.public == successor, Application.meeting == found.meeting)
    ).first()
    if comes is None or comes.id == found.id or not seen_by(comes, mission):
        raise Refused("Choose a delegate of your State who applies for this meeting.", field="successor")
    if comes.stage not in ("submitted", "accepted") or comes.endorsed is False:
        raise Refused(
            "{public} is not submitted yet, or not nominated any more.", public=comes.public, field="successor"
        )
    if not _has_note(comes):
        raise Refused("Attach first the note verbale that names {public}.", public=comes.public, field="successor")
    for officer in _who_may(op, "award.replaced"):
        post(
            officer,
            sentence("A mission names another delegate"),
            sentence(
                "The permanent mission asks that the seat of {public} at the meeting {meeting} goes to {comes}, by the "
                "note verbale that is attached to that application. An officer designated for it confirms this on the "
                "page of the award."
            ),
            public=found.public,
            comes=comes.public,
            meeting=found.meeting,
        )
    return _beside(op, found, mission, "replacement.requested", comes.public)


@deed("focal-point.named")
def name_focal_point(op: Operation, email: str, *, name: str, language: str = "en") -> Fact:
    """The mission names who comes next: an account of its own State, with a link to set the password.

    The administrators are told. The one before is ended by them.
    """
    if op.account is None or not op.account.state:
        raise NotHere("There is no such thing here.")
    there = op.session.scalar(
        select(func.count())
        .select_from(Account)
        .where(Account.role == Role.MISSION, Account.state == op.account.state, Account.ended_at.is_(None))
    )
    if (there or 0) >= FOCAL_POINTS:
        raise Refused(
            "A mission has at most {n} focal points. Ask the administrator of the fund to end the account of one who "
            "left. Nothing has been changed.",
            n=FOCAL_POINTS,
        )
    made = account_made(op, email, role=Role.MISSION, name=name[:140], language=language, state=op.account.state)
    op.append("account.created", made)
    for administrator in op.session.scalars(select(Account).where(Account.role == Role.ADMINISTRATOR)).unique():
        if administrator.standing == "active":
            post(
                administrator,
                sentence("A mission has named a focal point"),
                sentence("The permanent mission of {state} has named a focal point: account {reference}."),
                state=op.account.state,
                reference=made.on,
            )
    return Fact(on=made.on, before="active", after="active", data={"state": op.account.state})


def focal_points(state: str) -> list[Account]:
    """Who speaks for a State today."""
    found = select(Account).where(Account.role == Role.MISSION, Account.state == state, Account.ended_at.is_(None))
    return list(db.session.scalars(found.order_by(Account.id)).unique())


def _of_state(references: Sequence[str], by: str) -> list[Application]:
    mission = db.session.scalars(select(Account).where(Account.reference == by)).unique().one()
    found = db.session.scalars(select(Application).where(Application.reference.in_(references))).unique()
    return [one for one in found if seen_by(one, mission)]


def _forget(copies: dict[str, tuple[str, str]]) -> None:
    for stored, _ in copies.values():
        storage.remove(stored)


def _named(op: Operation, references: Sequence[str], action: str) -> list[tuple[Application, Account]]:
    """The applications that a note verbale is for: of one meeting, and none whose nomination was taken back."""
    if not references:
        raise Refused("Choose the delegates whom the note verbale names.", field="who")
    named = [own(op, reference) for reference in references]
    if len({found.meeting for found, _ in named}) > 1:
        raise Refused("One note verbale is for one meeting. Nothing has been changed.", field="who")
    for found, _ in named:
        lifecycle.check(action, found.stage)
        if found.endorsed is False:
            raise Refused(TAKEN_BACK, public=found.public, field="who")
    return named


def _has_note(found: Application) -> bool:
    """Whether its note verbale is there, not only promised."""
    return bool(found.note_verbale and found.note_verbale_date and (found.documents or found.account_id is None))


def _beside(op: Operation, found: Application, mission: Account, act: str, words: str) -> Fact:
    """Words that are kept beside the record, which has their seal."""
    op.session.add(
        Screening(application_id=found.id, act=act, words=words, by_id=mission.id, at=op.recorded_at, seq=op.next_seq)
    )
    found.seq = op.next_seq
    data = {"public": found.public, "words": keys.seal_of(found.person, words.encode())}
    return Fact(on=found.reference, before=found.stage, after=found.stage, data=data)


def _who_may(op: Operation, action: str) -> list[Account]:
    """Officers who are designated for a deed today."""
    functions = {one for one in MAY[action] if isinstance(one, Function)}
    officers = op.session.scalars(select(Account).where(Account.role == Role.OFFICER)).unique()
    return [one for one in officers if one.functions_on(op.today) & functions]
