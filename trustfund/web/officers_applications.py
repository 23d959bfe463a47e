"""Officers and one application: its answers beside its documents, its doubles, notes, and the deeds of screening."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select
from wtforms import SelectMultipleField, TextAreaField

from trustfund.core.countries import STATES
from trustfund.core.duplicates import REASON, TWO_PERSONS
from trustfund.core.eligibility import Failure
from trustfund.core.lifecycle import FOLLOWS, possible
from trustfund.core.money import amount_of
from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import MAY, Function, Role, may
from trustfund.extensions import db
from trustfund.i18n import in_words, language, list_of, money, say
from trustfund.models.applications import Application, Screening
from trustfund.models.fund import amendments_of
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import application_notes, screening
from trustfund.operations.duplicates import doubles_of
from trustfund.operations.meetings import frames_on
from trustfund.operations.operation import Done
from trustfund.operations.screening import Case
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web import standing, zones
from trustfund.web.apply_payment import CALLED
from trustfund.web.forms import AtMost, DeedForm, Needed, ReadForm
from trustfund.web.officers import bp, tell
from trustfund.web.officers_doubles import MEETS, STRENGTH
from trustfund.web.officers_queue import LABEL, SAME_IN_OFFICE, line_of
from trustfund.web.officers_unmasking import Sealed
from trustfund.web.papers_decisions import decision_on


@bp.get("/applications/<ref:reference>")
def application(reference: str) -> str:
    return _application_page(reference)


class ChangesForm(ReadForm):
    words = TextAreaField(
        sentence("What should be changed?"),
        id="changes-words",
        description=sentence("The applicant reads these words as you write them."),
        validators=[Needed(sentence("Write what should be changed.")), AtMost(screening.LONGEST)],
        render_kw={"rows": 4},
    )


class RefusalForm(ReadForm):
    codes = SelectMultipleField(sentence("Which rules fail?"), id="refusal-codes", validate_choice=False)
    words = TextAreaField(
        sentence("Why, in your words"),
        id="refusal-words",
        description=sentence("The applicant reads these words as you write them, and can answer."),
        validators=[Needed(sentence("Write why the application would be refused.")), AtMost(screening.LONGEST)],
        render_kw={"rows": 4},
    )


class ReturnForm(ReadForm):
    words = TextAreaField(
        sentence("Why is it not confirmed?"),
        id="return-words",
        validators=[Needed(sentence("Write why the refusal is not confirmed.")), AtMost(screening.LONGEST)],
        render_kw={"rows": 4},
    )


FORMS: dict[str, type[ReadForm]] = {
    "application.accepted": ReadForm,
    "completion.confirmed": ReadForm,
    "changes.asked": ChangesForm,
    "refusal.proposed": RefusalForm,
    "refusal.confirmed": ReadForm,
    "refusal.declined": ReturnForm,
}
"""Deed -> its form, in the order in which a page offers them."""


@bp.post("/applications/<ref:reference>/acceptance")
def accept_application(reference: str) -> Any:
    said = sentence("The application is accepted: entry {seq} of the record.")
    return _deed("application.accepted", screening.accept, reference, said)


@bp.post("/applications/<ref:reference>/completion")
def confirm_completion(reference: str) -> Any:
    said = sentence("The instant is confirmed: entry {seq} of the record. Another officer can now accept.")
    return _deed("completion.confirmed", screening.confirm_completion, reference, said)


@bp.post("/applications/<ref:reference>/changes")
def ask_for_changes(reference: str) -> Any:
    said = sentence("The applicant is asked for changes: entry {seq} of the record.")
    return _deed("changes.asked", screening.ask_for_changes, reference, said)


@bp.post("/applications/<ref:reference>/refusal")
def propose_refusal(reference: str) -> Any:
    said = sentence("The refusal is proposed: entry {seq} of the record. The applicant can answer.")
    return _deed("refusal.proposed", screening.propose_refusal, reference, said)


@bp.post("/applications/<ref:reference>/refusal/confirmation")
def confirm_refusal(reference: str) -> Any:
    said = sentence("The application is refused: entry {seq} of the record.")
    return _deed("refusal.confirmed", screening.confirm_refusal, reference, said)


@bp.post("/applications/<ref:reference>/refusal/return")
def decline_refusal(reference: str) -> Any:
    said = sentence("The refusal is not confirmed: entry {seq} of the record. The application waits for screening.")
    return _deed("refusal.declined", screening.decline_refusal, reference, said)


class NoteForm(DeedForm):
    words = TextAreaField(
        sentence("Write a note"),
        id="note-words",
        description=sentence("Officers and the head of the fund read it here, the applicant’s pages do not show it."),
        validators=[Needed(sentence("Write the note.")), AtMost(application_notes.LONGEST)],
        render_kw={"rows": 3},
    )


@bp.post("/applications/<ref:reference>/notes")
def note_application(reference: str) -> Any:
    form = NoteForm()
    if form.validate_on_submit() and (done := form.attempt(application_notes.note, reference, words=form.words.data)):
        tell(say("The note is kept: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".application", reference=reference, _anchor="notes"))
    return _application_page(reference, note=form), form.status


def _deed(action: str, deed: Callable[..., Done], reference: str, said: str) -> Any:
    form = FORMS[action]()
    if form.validate_on_submit():
        typed = {name: form[name].data for name in ("words", "codes") if name in form}
        if done := form.attempt(deed, reference, seen=form.seen, **typed):
            following = _next_to_screen(reference) if may("application.accepted", *_powers()) else None
            more = url_for(".application", reference=following) if following else ""
            tell(say(said, seq=done.seq), more, say("Screen the next one of this meeting"))
            return redirect(url_for(".application", reference=reference))
    return _application_page(reference, action, form), form.status


def _powers() -> tuple[Role, frozenset[Function]]:
    return current_user.role, current_user.account.functions_on(clock.today())


def _next_to_screen(reference: str) -> str | None:
    """Of the same meeting the one that waits longest."""
    meeting = select(Application.meeting).where(Application.reference == reference).scalar_subquery()
    waits = select(Application.reference).where(Application.stage == "submitted", Application.meeting == meeting)
    return db.session.scalar(waits.where(Application.reference != reference).order_by(Application.id).limit(1))


def _application_page(
    reference: str, action: str = "", sent: ReadForm | None = None, note: NoteForm | None = None
) -> str:
    """The page; ``sent``: the form of ``action``, or ``note``, that was not accepted comes back as it was typed."""
    found, now, account = screening.sent(reference), clock.now(), current_user.account
    case, known = Case(db.session(), found, today=now.date(), at=now), amendments_of(db.session())
    if found.stage == "refused":  # a decision keeps the status that was known when it was taken
        known = tuple(a for a in known if a.recorded_on <= found.screenings[-1].at.date())
    offered = {deed: _why_not(case, deed) for deed in FORMS if _offered(case, deed)}
    judged = found.stage not in ("draft", "refused", "withdrawn")
    wanted: dict[str, ReadForm | None] = dict.fromkeys(offered)
    if sent:
        wanted[action] = sent
        if sent.errors and not sent.form_errors and not possible(action, found.stage):
            sent.form_errors.append(say(FOLLOWS[action][1]))
    seen = sent.seen if sent and sent.status == 409 else None  # before the form gets the version of this page
    return render_template(
        "officers/application.html",
        a=found,
        case=case,
        line=line_of(found, case.frame, known),
        deadline=zones.deadline(case.frame.call, in_words(case.frame.meeting.place), zones.reader_zone()),
        rules=standing.rules_of(case.frame, found, map(_in_office, case.failed)) if judged else [],
        offered=offered,
        forms=_forms(case, wanted),
        sent=sent,
        sent_stands=offered.get(action) == "",
        seen=seen,
        keeps_until=standing.changes_until(found, case.frame),
        history=_history(found),
        fare=_fare(found),
        label=LABEL,
        may_open=account.role == Role.HEAD or bool(account.functions_on(now.date())),
        files=[*found.documents, *found.attachments],
        sealed=Sealed(found),
        decision=decision_on(found),
        **_beside(case, note),
    )


def _beside(case: Case, note: NoteForm | None) -> dict[str, Any]:
    """What officers know besides what was sent: whom the person looks like, and what they wrote for each other."""
    found, frames = case.application, frames_on(db.session(), case.today)
    alike = doubles_of(db.session(), found, frames) if found.stage not in ("draft", "withdrawn") else []
    return {
        "doubles": [double for double in alike if not double.ruling],
        "judged_others": [double for double in alike if double.ruling],
        "two_persons": TWO_PERSONS,
        "frames": frames,
        "name_of": lambda iso3, day: STATES[iso3].name_on(day, language()),
        "reason": REASON,
        "meets": MEETS,
        "strength": STRENGTH,
        "document_kind": CALLED,
        "notes": application_notes.notes_of(db.session(), found),
        "note_form": note or NoteForm(formdata=None),
        "note_sent": note,
        "why_no_note": _why_not(case, "application.noted"),
    }


def _fare(found: Application) -> str:
    """The applicant’s own figure; as it was sent where a file brought one that is no amount."""
    try:
        return money(amount_of(found.fare, found.fare_currency), found.fare_currency)
    except Refused:
        return f"{found.fare} {found.fare_currency}".strip()


def _offered(case: Case, action: str) -> bool:
    """A deed stands on the page where the stage allows it; a completion only where it waits."""
    waits = case.application.completion_typed and case.application.completion_confirmed_by_id is None
    return possible(action, case.application.stage) and (action != "completion.confirmed" or waits)


def _why_not(case: Case, action: str) -> str:
    """The sentence beside a button that would be refused; empty where it would not."""
    account = current_user.account
    if not may(action, *_powers()):
        functions = [say(words.FUNCTION[f]).lower() for f in Function if f in MAY[action]]
        return say("This is for an officer designated for {functions}.", functions=list_of(functions))
    refused = case.why_not(action, account)
    if refused is None:
        return ""
    return said_of(Failure("", "", refused.sentence, refused.values), case.frame.meeting.first_day)


def _forms(case: Case, wanted: dict[str, ReadForm | None]) -> dict[str, ReadForm]:
    """The forms of a page, each against the version that the page shows; one that was sent keeps what was typed."""
    forms = {action: form or FORMS[action](formdata=None) for action, form in wanted.items()}
    for action, form in forms.items():
        if isinstance(form, RefusalForm):
            form.codes.choices = [(rule.code, say(words.RULE[rule.code])) for rule in case.frame.mandate.eligibility]
            if not wanted[action]:
                form.codes.data = [failure.code for failure in case.failed]
        if form.status == 409 or not form.version.data:
            form.version.data = str(case.application.seq)
    return forms


def said_of(failure: Failure, day: date) -> str:
    """A failure as an officer reads it; ``day``: of which the State has its name."""
    return standing.told(_in_office(failure), day)


def _in_office(failure: Failure) -> Failure:
    """What is missing is told in the words of the file, not in those for its person."""
    what = failure.values.get("what")
    return replace(failure, values={**failure.values, "what": SAME_IN_OFFICE[str(what)]}) if what else failure


def _history(found: Application) -> Any:
    """Every entry about the application, with the words that an officer wrote."""
    return db.session.execute(
        select(Event.seq, Event.at, Event.action, Event.actor, Account.name, Account.email)
        .add_columns(Screening.codes, Screening.words)
        .outerjoin(Account, Account.reference == Event.actor)
        .outerjoin(Screening, (Screening.seq == Event.seq) & (Screening.application_id == found.id))
        .where(Event.subject == found.reference)
        .order_by(Event.seq)
    ).all()
