"""The delegates' door: see which calls are open, apply on short pages, follow the application."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from trustfund.core.calendar import selection_day
from trustfund.core.countries import STATES
from trustfund.core.lifecycle import GIVEN_BACK, possible
from trustfund.core.refusal import NotHere
from trustfund.extensions import db
from trustfund.i18n import in_words, language, say
from trustfund.models.applications import Application, Document
from trustfund.operations import applications
from trustfund.operations.applications import EDITABLE
from trustfund.operations.meetings import Frame, frame_of, frames_on
from trustfund.services import clock, storage
from trustfund.web import code_shown, standing, zones
from trustfund.web.apply_forms import PARTS, DeclareForm, noted
from trustfund.web.apply_payment import CALLED
from trustfund.web.award_walk import Step, way_of
from trustfund.web.forms import DeedForm, Form, ReadForm, query
from trustfund.web.journey_words import cost_of
from trustfund.web.own_award import Own, own_awards
from trustfund.web.papers_decisions import decision_on

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
    own, frame = own_and_frame(reference)
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
        code=code_shown.shown_once(own),
        decision=decision_on(own),
        refusal=refusal,
        refusal_until=standing.refusal_until(refusal, frame) if refusal else None,
        rules_named=standing.rules_named(refusal, frame) if refusal else [],
        against=standing.against(own, frame, now) if own.stage == "accepted" and not place and not seat else [],
    )


@bp.route("/applications/<ref:reference>/check", methods=["GET", "POST"])
def check(reference: str) -> Any:
    """Everything that was typed, every rule, and the button that sends it."""
    own, frame = own_and_frame(reference)
    form = DeclareForm()
    if form.validate_on_submit() and (
        done := form.attempt(
            applications.submit, reference, declared=bool(form.declared.data), seen=form.seen.data or ""
        )
    ):
        code_shown.show_of(reference, done.seq)
        flash(say("Your application is sent."))
        return redirect(url_for(".application", reference=reference))
    if own.stage not in EDITABLE:
        return sent_already(own)
    own, frame = own_and_frame(reference)
    now, zone = clock.now(), zones.reader_zone(own.state)
    failures = applications.why_not(own, now)
    form.seen.data = applications.seal_of_all(own)
    return render_template(
        "delegates/check.html",
        application=own,
        frame=frame,
        form=form,
        parts=PARTS,
        papers=CALLED,
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
    own, _ = own_and_frame(reference)
    form = DeedForm()
    if form.validate() and form.attempt(applications.reopen, own.reference):
        flash(say("You can change it now. Submit it again: until then it asks for no seat."))
    else:
        flash(" ".join(form.refusals()))
    return redirect(url_for(".application", reference=reference))


@bp.route("/applications/<ref:reference>/withdrawal", methods=["GET", "POST"])
def withdraw(reference: str) -> Any:
    """Its own page, so that nobody withdraws by one wrong touch."""
    own, frame = own_and_frame(reference)
    form = ReadForm(version=str(own.seq))
    if form.validate_on_submit():
        if not (own.seq or own.mission_id):
            applications.discard(reference, current_user.account)
            flash(say("The draft is erased."))
            return redirect(url_for(".desk"))
        if form.attempt(applications.withdraw, reference, seen=form.seen):
            flash(say("Your application is withdrawn."))
            return redirect(url_for(".application", reference=reference))
        own, frame = own_and_frame(reference)
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


def own_and_frame(reference: str) -> tuple[Application, Frame]:
    own = applications.own(reference, current_user.account)
    return own, frame_of(db.session(), own.meeting, clock.today())


def sent_already(own: Application) -> Any:
    """Where a page is asked of an application that is no draft any more."""
    again = possible("application.reopened", own.stage)
    flash(
        say("This application was sent. Open it again to change it.")
        if again
        else say("This application can no longer be changed.")
    )
    return redirect(url_for(".application", reference=own.reference))


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
