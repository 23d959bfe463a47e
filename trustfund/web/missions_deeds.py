"""What a mission does on its pages: nominates, endorses, sends a note verbale, gives the order, answers, replaces."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from trustfund.core.lifecycle import FOLLOWS, possible
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.operations import missions, nominations
from trustfund.operations.meetings import Frame, frame_of
from trustfund.services import clock
from trustfund.services.documents import Document, checked
from trustfund.web.apply_forms import order_of
from trustfund.web.forms import DeedForm, ReadForm
from trustfund.web.mission_forms import AnswerForm, FocalPointForm, NominateForm, NoteForm, ReplaceForm
from trustfund.web.missions import application_page, bp, own, standing_for, takes_files


@bp.route("/meetings/<code:code>/nomination", methods=["GET", "POST"])
def nominate(code: str) -> Any:
    frame, form = _frame(code), NominateForm().offer()
    if form.validate_on_submit() and (
        done := form.attempt(
            nominations.nominate,
            code,
            form.email.data,
            given_names=form.given_names.data,
            family_name=form.family_name.data,
            position=form.position.data,
            order=form.order.data,
            language=form.language.data,
        )
    ):
        flash(
            say("The delegate is nominated: entry {seq} of the record. A mail asks to complete the rest.", seq=done.seq)
        )
        return redirect(url_for(".application", reference=done.on))
    return render_template(
        "missions/nominate.html", frame=frame, form=form, open=takes_files(frame, clock.now())
    ), _status(form)


@bp.route("/meetings/<code:code>/note-verbale", methods=["GET", "POST"])
def note_verbale(code: str) -> Any:
    frame = _frame(code)
    named = [one for one in standing_for(code) if one.endorsed is not False]
    days = frame.mandate.setting("days_for_note_verbale")
    try:
        form = NoteForm().offer(named, days)
        if form.validate_on_submit() and (done := _sent(form)):
            flash(say("It is kept with each of these applications: entry {seq} of the record.", seq=done.seq))
            return redirect(url_for(".applications", meeting=code))
        status = _status(form)
    except RequestEntityTooLarge:
        form, status = NoteForm(formdata=None).offer(named, days), 413
        form.file.errors = [say("This file has more than 5 MB. Scan it in grey, at 150 dots an inch.")]
    if not form.is_submitted():
        asked = request.args.get("for", "")
        form.who.data = [one.reference for one in named if (asked == one.reference if asked else not one.documents)]
    return render_template("missions/note_verbale.html", frame=frame, form=form, named=named), status


@bp.route("/meetings/<code:code>/order", methods=["GET", "POST"])
def order(code: str) -> Any:
    """One form for all delegates of the State for a meeting."""
    frame, form = _frame(code), DeedForm()
    named = standing_for(code)
    typed = {one.reference: request.form.get(f"order-{one.reference}", "")[:10] for one in named}
    if form.validate_on_submit():
        orders: dict[str, Any] = {reference: order_of(text) for reference, text in typed.items()}
        if any(isinstance(value, str) for value in orders.values()):
            form.form_errors.append(say("Enter the order as a number in figures, for example 1, or leave it empty."))
        else:
            seen = {one.reference: _version(one.reference) for one in named}
            if done := form.attempt(nominations.set_order, code, orders=orders, seen=seen):
                flash(say("The order is given: entry {seq} of the record.", seq=done.seq))
                return redirect(url_for(".applications", meeting=code))
            named = standing_for(code)
    elif not form.is_submitted():
        typed = {one.reference: str(one.government_order or "") for one in named}
    return render_template("missions/order.html", frame=frame, form=form, named=named, typed=typed), _status(form)


@bp.post("/applications/<ref:reference>/endorsement")
def endorse(reference: str) -> Any:
    own(reference)
    form = ReadForm()
    if form.validate() and (done := form.attempt(nominations.endorse, reference, seen=form.seen)):
        flash(say("Your mission endorses this application: entry {seq} of the record.", seq=done.seq))
    else:
        flash(" ".join(form.refusals()))
    return redirect(url_for(".application", reference=reference))


@bp.route("/applications/<ref:reference>/endorsement/withdrawal", methods=["GET", "POST"])
def withdraw_endorsement(reference: str) -> Any:
    """Its own page, so that nobody takes a word back by one wrong touch."""
    found, frame = own(reference)
    form = ReadForm(version=str(found.seq))
    if form.validate_on_submit() and (
        done := form.attempt(nominations.withdraw_endorsement, reference, seen=form.seen)
    ):
        flash(say("The nomination is taken back: entry {seq} of the record. The delegate is told.", seq=done.seq))
        return redirect(url_for(".application", reference=reference))
    found, frame = own(reference)
    return render_template("missions/withdraw.html", a=found, frame=frame, form=form), _status(form)


@bp.post("/applications/<ref:reference>/answer")
def answer_refusal(reference: str) -> Any:
    found, _ = own(reference)
    form = AnswerForm()
    if not possible("refusal.answered", found.stage):
        form.form_errors.append(say(FOLLOWS["refusal.answered"][1]))
    elif form.validate() and (
        done := form.attempt(missions.answer_refusal, reference, words=form.words.data, seen=form.seen)
    ):
        flash(say("Your answer is kept: entry {seq} of the record. The officer who decides reads it.", seq=done.seq))
        return redirect(url_for(".application", reference=reference))
    return application_page(reference, form), form.status


@bp.route("/applications/<ref:reference>/replacement", methods=["GET", "POST"])
def replace(reference: str) -> Any:
    """Who comes instead; an officer confirms it."""
    found, frame = own(reference)
    others = [
        one for one in standing_for(found.meeting) if one.id != found.id and one.stage in ("submitted", "accepted")
    ]
    form = ReplaceForm(version=str(found.seq)).offer(others)
    if form.validate_on_submit() and (
        done := form.attempt(missions.ask_replacement, reference, successor=form.successor.data, seen=form.seen)
    ):
        flash(
            say("The fund is asked: entry {seq} of the record. An officer confirms it, or writes to you.", seq=done.seq)
        )
        return redirect(url_for(".application", reference=reference))
    found, frame = own(reference)
    return render_template("missions/replace.html", a=found, frame=frame, form=form, others=others), _status(form)


@bp.route("/focal-points", methods=["GET", "POST"])
def focal_points() -> Any:
    form = FocalPointForm().offer()
    if form.validate_on_submit() and (
        done := form.attempt(
            missions.name_focal_point, form.email.data, name=form.name.data, language=form.language.data
        )
    ):
        flash(say("The focal point is named: entry {seq} of the record. A mail has the link.", seq=done.seq))
        return redirect(url_for(".focal_points"))
    people = missions.focal_points(current_user.account.state or "")
    return render_template("missions/focal_points.html", form=form, people=people, most=missions.FOCAL_POINTS), _status(
        form
    )


def _frame(code: str) -> Frame:
    return frame_of(db.session(), code, clock.today())


def _status(form: DeedForm) -> int:
    return form.status if form.is_submitted() else 200


def _version(reference: str) -> int:
    """The version of an application as the page showed it; where none was sent, one that nothing has."""
    text = request.form.get(f"version-{reference}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


def _sent(form: NoteForm) -> Any:
    """The note verbale kept, or its promise; None where the form was refused."""
    chosen = (form.who.data or [])[:200]
    if form.comes.data == "later":
        return form.attempt(missions.promise_note, chosen)
    document = _document(form)
    return document and form.attempt(missions.attach_note, chosen, document, note=form.note.data, day=form.day.data)


def _document(form: NoteForm) -> Document | None:
    sent = request.files.get("file")
    if not sent or not sent.filename:
        form.file.errors = [say("Choose the file of the note verbale.")]
        return None
    try:
        return checked(sent.filename, sent.read())
    except Refused as refused:
        if refused.field != "file":
            raise
        form.file.errors = [told(refused)]
        return None
