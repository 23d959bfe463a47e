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
from trustfund.extensions import db
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import lookup, passports
from trustfund.operations.answers import FIELDS, seal_of_all, seal_of_answers
from trustfund.operations.application_bank import drop_unfinished
from trustfund.operations.application_files import add_document, files_of, keep_document
from trustfund.operations.assessment import failures_of, kept, missing, nominated, person_of
from trustfund.operations.drafts import EDITABLE, editable, own
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.offers import give_back
from trustfund.operations.operation import Fact, Operation, deed, housekeeping
from trustfund.operations.outbox import page_of, post, public_address
from trustfund.services import chance, storage

__all__ = ["EDITABLE", "FIELDS", "add_document", "keep_document", "own", "seal_of_all", "seal_of_answers"]

WHO_COMES = frozenset({"given_names", "family_name", "date_of_birth", "state"})
"""Answers that stay as they are where a seat stands."""
_CHANGED = sentence(
    "This application has changed since you opened the page. Look at it again. Nothing has been changed."
)


def begin(account: Account, code: str, at: datetime) -> Application:
    """The application of a person for a meeting that takes files: a new draft, or the one there is."""
    owner, email, state, language = account.id, account.email, account.state or "", account.language
    with housekeeping():
        frame = frame_of(db.session(), code, at.date())
        found = _live(owner, frame.meeting.code)
        if found is None:
            takes_files(frame, at)
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


def save(
    reference: str, account: Account, answers: Mapping[str, Any], at: datetime, *, seen: str | None = None
) -> None:
    """Keep what was typed on a page of a draft. ``answers``: columns of FIELDS, and the number of a passport.

    ``seen``: the seal of the answers over which it was typed, where it must not undo what was saved since.
    """
    assert set(answers) <= {*FIELDS, "passport_number"}, "a page asks what the application has"
    owner = account.id
    with housekeeping():
        draft = editable(reference, owner)
        if seen is not None and seen != seal_of_answers(draft):
            raise Stale(_CHANGED)
        was = draft.state, person_of(draft)
        for column in (answers.keys() & set(FIELDS)) - fixed_by_mission(draft):
            setattr(draft, column, answers[column])
        if number := answers.get("passport_number"):
            passports.keep(draft, number)
        elif draft.state != was[0]:
            passports.mark_again(draft)
        draft.folded = folded(draft.given_names, draft.family_name)[:300]
        if (draft.state, person_of(draft)) != was:
            _keeps_its_seat(draft, was[0])


def why_not(application: Application, at: datetime) -> tuple[Failure, ...]:
    """Every rule that the application would fail if it were sent now."""
    return failures_of(db.session(), application, at)


@deed("application.submitted")
def submit(op: Operation, reference: str, *, declared: bool = True, seen: str | None = None) -> Fact:
    """Send it. It may be sent with rules that fail: all are told, and kept with the entry (codes only).

    ``declared``: that what it says is true, and that its person knows what is published. ``seen``: the seal of the
    answers and files that a page showed.
    """
    if not declared:
        raise Refused("Tick the box: an application is declared to be true. Nothing has been sent.", field="declared")
    sent = _own(op, reference)
    lifecycle.check("application.submitted", sent.stage)
    if seen is not None and seen != seal_of_all(sent):
        raise Stale(_CHANGED)
    drop_unfinished(sent)
    if other := _another(op, sent):
        raise Refused(
            "You have sent the application {public} for this meeting already. Withdraw it first.", public=other
        )
    carried = _word_taken_back(op, sent)
    frame = frame_of(op.session(), sent.meeting, op.today)
    setting = frame.mandate.setting
    if not _answers_an_officer(sent, op.at, setting("days_to_answer_officer")):
        takes_files(frame, op.at)
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
    sent.submitted_at, sent.stage, sent.seq, sent.declared = op.at, "submitted", op.next_seq, True
    failed = failures_of(op.session(), sent, op.at)
    if sent.account:
        post(
            sent.account,
            sentence("Your application was received"),
            sentence(
                "The fund received your application for the meeting {meeting}. Its reference is {public}.\n\n"
                "“My applications” shows where it stands and what comes next, and has the confirmation as a "
                "paper:\n{paper}\n\n"
                "Without signing in, this code shows where it stands: {code}\n{look_up}"
            ),
            meeting=sent.meeting,
            public=sent.public,
            paper=page_of(sent.account.role, f"applications/{reference}/confirmation.pdf"),
            code=lookup.in_halves(lookup.give(sent, op.next_seq)),
            look_up=f"{public_address('status')}?reference={sent.public}",
        )
    return Fact(on=reference, before=before, after="submitted", data=submission(sent, failed) | carried)


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


def fixed_by_mission(application: Application) -> set[str]:
    """What the mission has settled: a person for whom it spoke changes neither State nor order, nobody an order that
    it gave, nor what it said of the note verbale that it attached."""
    fixed = set() if application.mission_id is None else {"state", "government_order"}
    ordered = select(Event.seq).where(Event.subject == application.reference, Event.action == "government-order.set")
    if db.session.scalar(ordered.limit(1)):
        fixed.add("government_order")
    if any(document.by_mission for document in application.documents):
        fixed |= {"note_verbale", "note_verbale_date", "note_to_follow"}
    return fixed


def discard(reference: str, account: Account) -> None:
    """Erase a draft that was never sent, and its files. The record knows nothing of it."""
    owner = account.id
    with housekeeping():
        draft = editable(reference, owner)
        if draft.seq or draft.mission_id:
            raise Refused("This application was sent once: withdraw it. Nothing has been changed.")
        files = [document.stored for document in files_of(draft)]
        db.session.execute(delete(Document).where(Document.application_id == draft.id))
        db.session.execute(delete(Application).where(Application.id == draft.id))
    for stored in files:
        storage.remove(stored)


def submission(sent: Application, failed: tuple[Failure, ...] = ()) -> dict[str, object]:
    """What the record says of an application: no name, no contact; its content as a seal under the person's key."""
    files = [*sent.documents, *sent.attachments]
    return {
        **kept(sent),
        "failed": list(dict.fromkeys(failure.code for failure in failed)),
        "seal": seal_of_answers(sent),
        "files": [{"kind": one.kind, "seal": one.seal} for one in sorted(files, key=lambda one: one.id)],
    }


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
    found = op.one(Application, alone=True, reference=reference)
    if op.account is None or found.account_id != op.account.id:
        raise NotHere("There is no such thing here.")
    return found


def _keeps_its_seat(draft: Application, was: str) -> None:
    """Whose seat stands may correct a name until it is certified; who comes instead is named by note verbale.

    ``was``: its State until now.
    """
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
            "by note verbale. Nothing has been changed.",
            field="state" if draft.state != was else "given_names",
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


def _word_taken_back(op: Operation, sent: Application) -> dict[str, object]:
    """Who withdraws and begins anew does not shake off that the mission took its word back. What the entry says."""
    if sent.endorsed is not None:
        return {}
    before = op.session.scalars(
        select(Application)
        .where(Application.account_id == sent.account_id, Application.meeting == sent.meeting)
        .where(Application.state == sent.state, Application.id < sent.id, Application.endorsed.is_not(None))
        .order_by(Application.id.desc())
        .limit(1)
    ).first()
    if before is None or before.endorsed:
        return {}
    sent.mission_id, sent.endorsed = before.mission_id, False
    mission = op.session.scalar(select(Account.reference).where(Account.id == before.mission_id))
    return {"endorsed": False, "mission": mission, "order": sent.government_order}


def _answers_an_officer(sent: Application, at: datetime, days: int) -> bool:
    """An officer's question gives its days to answer, also where the call takes no new files any more."""
    return sent.stage == "changes-asked" and sent.asked_at is not None and at <= sent.asked_at + timedelta(days=days)


def takes_files(frame: Frame, at: datetime) -> None:
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
