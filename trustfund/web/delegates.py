"""The delegates' door: see which calls are open, apply on short pages, follow the application."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from trustfund.core.calendar import selection_day
from trustfund.core.countries import STATES
from trustfund.core.lifecycle import GIVEN_BACK, possible
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.i18n import in_words, language, say, told
from trustfund.models.applications import Application, Document
from trustfund.operations import applications
from trustfund.operations.applications import EDITABLE
from trustfund.operations.meetings import Frame, frame_of, frames_on
from trustfund.services import clock, storage
from trustfund.web import standing, zones
from trustfund.web.apply_forms import PARTS, FileForm, Part, noted
from trustfund.web.award_walk import Step, way_of
from trustfund.web.forms import DeedForm, Form, ReadForm, query
from trustfund.web.journey_words import cost_of
from trustfund.web.own_award import Own, own_awards

bp = Blueprint("delegates", __name__, url_prefix="/delegates")


@bp.get("/")
def desk() -> str:
    """One's applications and the calls that take files; that of ?meeting=… first, for who comes from its page."""
    now, frames = clock.now(), frames_on(db.session(), clock.today())
    own = db.session.scalars(
        select(Application).where(Application.account_id == current_user.account.id).order_by(Application.id.desc())
    ).all()
    places = standing.places_of(a.public for a in own)
    awards = {n: one for n, one in own_awards([a.id for a in own], frames, clock.today()).items() if one.leads}
    zone = zones.reader_zone(next((a.state for a in own if a.state), ""))
    live = {a.meeting: a for a in reversed(own) if a.stage not in ("withdrawn", "refused")}
    return render_template(
        "delegates/desk.html",
        rows=[
            (a, frames[a.meeting], places.get(a.public), _next(a, frames, places, now), awards.get(a.id)) for a in own
        ],
        calls=[
            (f, _deadline(f, zone), live.get(f.meeting.code))
            for f in sorted(_taking_files(frames, now), key=lambda f: f.meeting.code != query("meeting", 20))
        ],
        ahead=min((f for f in frames.values() if now < f.call.opens), key=lambda f: f.call.opens, default=None),
        now=now,
        zone=zone,
        asked=query("zone", 80),
        zones=zones,
    )


@bp.post("/applications")
def begin() -> Any:
    form = Form()
    if not form.validate():
        flash(" ".join(form.refusals()))
        return redirect(url_for(".desk"))
    begun = applications.begin(current_user.account, request.form.get("meeting", "")[:20], clock.now())
    return redirect(url_for(".application", reference=begun.reference))


@bp.get("/applications/<ref:reference>")
def application(reference: str) -> str:
    """The parts of a draft, or where an application that was sent stands."""
    own, frame = _own(reference)
    now, zone = clock.now(), zones.reader_zone(own.state)
    place = standing.places_of([own.public]).get(own.public)
    refusal = standing.refusal_of(own)
    seat = own_awards([own.id], {own.meeting: frame}, clock.today()).get(own.id)
    seat = seat if seat and seat.leads else None
    return render_template(
        "delegates/draft.html" if own.stage in EDITABLE else "delegates/status.html",
        application=own,
        frame=frame,
        place=place,
        now=now,
        zone=zone,
        zones=zones,
        deadline=_deadline(frame, zone),
        parts=PARTS.values(),
        noted=noted(own),
        form=Form(),
        deed=DeedForm(),
        may_reopen=possible("application.reopened", own.stage),
        may_withdraw=_may_withdraw(own, seat),
        title=seat.title if seat else standing.title_of(own, place) if own.stage in standing.TITLES else "",
        seat=seat,
        way=_way(seat, frame),
        until=seat.until(zone) if seat else None,
        next_step=standing.next_step(own, frame, place, now),
        selection=url_for("public.selection", code=own.meeting) if place else "",
        selection_day=selection_day(frame.meeting, frame.mandate.setting),
        changes_until=standing.changes_until(own, frame),
        promise=standing.promise_of(own, frame),
        refusal=refusal,
        refusal_until=standing.refusal_until(refusal, frame) if refusal else None,
        rules_named=standing.rules_named(refusal, frame) if refusal else [],
        against=standing.against(own, frame, now) if own.stage == "accepted" and not place and not seat else [],
    )


@bp.route("/applications/<ref:reference>/<any(you, nomination, journey):part>", methods=["GET", "POST"])
def page(reference: str, part: str) -> Any:
    """One short page. What is right is kept when it is sent, even while something else on it is wrong."""
    own, frame = _own(reference)
    asks = PARTS[part]
    form = asks.form(obj=own)
    form.offer(frame)
    if not form.is_submitted():
        return _page(own, frame, asks, form) if own.stage in EDITABLE else _sent(own)
    good, later = form.validate(), "later" in request.form
    if "csrf_token" not in form.errors:
        applications.save(reference, current_user.account, form.right(), clock.now())
        if good or (later and form.only_unfinished):
            return redirect(url_for(".application", reference=reference) if later else _after(own, asks))
        own, frame = _own(reference)
    return _page(own, frame, asks, form), 422


@bp.route("/applications/<ref:reference>/note-verbale", methods=["GET", "POST"])
def note_verbale(reference: str) -> Any:
    own, _ = _own(reference)
    try:
        form = FileForm()
        if form.validate_on_submit():
            sent = request.files.get("file")
            if not sent or not sent.filename:
                form.file.errors = [say("Choose the file of the note verbale.")]
            elif _kept(reference, sent.filename, sent.read(), form):
                flash(say("The note verbale is kept."))
                return redirect(url_for(".application", reference=reference))
        status = form.status if form.is_submitted() else 200
    except RequestEntityTooLarge:
        form, status = FileForm(formdata=None), 413
        form.file.errors = [say("This file has more than 5 MB. Scan it in grey, at 150 dots an inch.")]
    if status == 200 and own.stage not in EDITABLE:
        return _sent(own)
    own, frame = _own(reference)
    return render_template("delegates/note_verbale.html", application=own, frame=frame, form=form), status


@bp.route("/applications/<ref:reference>/check", methods=["GET", "POST"])
def check(reference: str) -> Any:
    """Everything that was typed, every rule, and the button that sends it."""
    own, frame = _own(reference)
    form = DeedForm()
    if form.validate_on_submit() and form.attempt(applications.submit, reference):
        flash(say("Your application is sent."))
        return redirect(url_for(".application", reference=reference))
    if own.stage not in EDITABLE:
        return _sent(own)
    own, frame = _own(reference)
    now, zone = clock.now(), zones.reader_zone(own.state)
    failures = applications.why_not(own, now)
    return render_template(
        "delegates/check.html",
        application=own,
        frame=frame,
        form=form,
        parts=PARTS,
        rules=standing.rules_of(frame, own, failures),
        failing=len({failure.code for failure in failures}),
        complete=not {"file-complete", "nominated-by-government"} & {failure.code for failure in failures},
        state_name=STATES[own.state].name_on(frame.meeting.first_day, language()) if own.state else "",
        deadline=_deadline(frame, zone),
        late=not frame.call.on_time(now),
        open=frame.call.opens <= now and frame.call.in_time_to_travel(now),
    ), (form.status if form.is_submitted() else 200)


@bp.post("/applications/<ref:reference>/reopening")
def reopen(reference: str) -> Any:
    own, _ = _own(reference)
    form = DeedForm()
    if form.validate() and form.attempt(applications.reopen, own.reference):
        flash(say("You can change it now. Submit it again: until then it asks for no seat."))
    else:
        flash(" ".join(form.refusals()))
    return redirect(url_for(".application", reference=reference))


@bp.route("/applications/<ref:reference>/withdrawal", methods=["GET", "POST"])
def withdraw(reference: str) -> Any:
    """Its own page, so that nobody withdraws by one wrong touch."""
    own, frame = _own(reference)
    form = ReadForm(version=str(own.seq))
    if form.validate_on_submit():
        if not own.seq:
            applications.discard(reference, current_user.account)
            flash(say("The draft is erased."))
            return redirect(url_for(".desk"))
        if form.attempt(applications.withdraw, reference, seen=form.seen):
            flash(say("Your application is withdrawn."))
            return redirect(url_for(".application", reference=reference))
        own, frame = _own(reference)
    return render_template("delegates/withdraw.html", application=own, frame=frame, form=form), (
        form.status if form.is_submitted() else 200
    )


@bp.get("/documents/<ref:reference>")
def document(reference: str) -> Response:
    """A file of one's own, as attachment; somebody else's is not here."""
    found = db.session.scalars(select(Document).where(Document.reference == reference)).one_or_none()
    if found is None or found.application.account_id != current_user.account.id:
        raise NotHere("There is no such thing here.")
    return attached(found)


def attached(document: Document) -> Response:
    """A document for whoever may have it: to be saved, never to be shown by the browser in the fund's name."""
    content = storage.fetch(document.application.person, document.stored)
    response = Response(content, mimetype=document.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=document.name)
    return response


def _taking_files(frames: dict[str, Frame], at: datetime) -> list[Frame]:
    """Meetings for which one can apply: open calls, then closed ones that still take late files; next to end first."""
    taking = [f for f in frames.values() if f.call.opens <= at and f.call.in_time_to_travel(at)]
    return sorted(taking, key=lambda f: (not f.call.on_time(at), f.call.closes))


def _own(reference: str) -> tuple[Application, Frame]:
    own = applications.own(reference, current_user.account)
    return own, frame_of(db.session(), own.meeting, clock.today())


def _page(own: Application, frame: Frame, part: Part, form: Form) -> str:
    n = list(PARTS).index(part.code) + 1
    return render_template("delegates/page.html", application=own, frame=frame, part=part, form=form, n=n)


def _after(own: Application, part: Part) -> str:
    """The next page in order; after the last the file, where it is not there yet."""
    following = [*PARTS][list(PARTS).index(part.code) + 1 :]
    if following:
        return url_for(".page", reference=own.reference, part=following[0])
    return url_for(".check" if own.documents else ".note_verbale", reference=own.reference)


def _sent(own: Application) -> Any:
    """Where a page is asked of an application that is no draft any more."""
    again = possible("application.reopened", own.stage)
    flash(
        say("This application was sent. Open it again to change it.")
        if again
        else say("This application can no longer be changed.")
    )
    return redirect(url_for(".application", reference=own.reference))


def _kept(reference: str, name: str, content: bytes, form: FileForm) -> bool:
    try:
        applications.add_document(reference, current_user.account, name, content, clock.now())
    except Refused as refused:
        if refused.field != "file":
            raise
        form.file.errors = [told(refused)]
        return False
    return True


def _may_withdraw(own: Application, seat: Own | None) -> bool:
    """While nobody vouches for its journey; the deed asks again."""
    award = seat.award if seat else None
    free = award is None or award.stage in GIVEN_BACK or possible("award.declined", award.stage, award.resumes)
    return free and possible("application.withdrawn", own.stage)


def _way(seat: Own | None, frame: Frame) -> list[Step]:
    return way_of(seat, frame, cost_of(seat.award, seat.today)[0]) if seat else []


def _deadline(frame: Frame, zone: str) -> zones.Deadline:
    return zones.deadline(frame.call, in_words(frame.meeting.place), zone)


def _next(own: Application, frames: dict[str, Frame], places: dict[str, standing.Place], now: datetime) -> str:
    return standing.next_step(own, frames[own.meeting], places.get(own.public), now)
