"""The door of the permanent missions: what waits for them, the applications of their State, the calls of today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template
from flask_login import current_user
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from trustfund.core.calendar import selection_day
from trustfund.core.countries import STATES
from trustfund.core.lifecycle import ALIVE, GIVEN_BACK, possible
from trustfund.core.refusal import NotHere, sentence
from trustfund.extensions import db
from trustfund.i18n import language, say
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award
from trustfund.operations.assessment import missing
from trustfund.operations.drafts import EDITABLE
from trustfund.operations.meetings import Frame, frames_on
from trustfund.operations.nominations import seen_by
from trustfund.services import clock
from trustfund.web import fund, standing, zones
from trustfund.web.delegates import attached
from trustfund.web.forms import ReadForm, query
from trustfund.web.mission_forms import AnswerForm
from trustfund.web.paging import page_of
from trustfund.web.papers_decisions import decision_on
from trustfund.web.public_meetings import entries, latest_selection, next_call

bp = Blueprint("missions", __name__, url_prefix="/missions")
PAGE = 25
MOST_SHOWN = 10  # things that wait, on the desk; the list has them all
STANDS = ("draft", *ALIVE)
OUTCOMES = {
    "held": sentence("The seat stands."),
    "proposed": sentence("A seat is proposed."),
    "waiting": sentence("It is on the waiting list."),
    "over-quota": sentence("Your State has more delegates than the fund can pay."),
}
"""What became of a place in the latest list, as a mission reads it."""


@dataclass(frozen=True)
class Line:
    """An application as its mission sees it. ``waits``: the next step is the mission's own."""

    application: Application
    frame: Frame
    lacks: int
    noted: bool
    step: str
    waits: bool

    @property
    def complete(self) -> bool:
        return not self.lacks and (self.noted or self.application.note_to_follow)


@bp.get("/")
def desk() -> str:
    state, known, now = STATES.get(current_user.account.state or ""), entries(clock.now()), clock.now()
    frames = {entry.meeting.code: entry.frame for entry in known}
    ahead = [code for code, frame in frames.items() if frame.meeting.first_day > clock.today()]
    standing_now = _loaded(_seen().where(Application.stage.in_(STANDS), Application.meeting.in_(ahead)))
    lines = [line_of(one, frames[one.meeting], now) for one in db.session.scalars(standing_now).unique()]
    return render_template(
        "missions/desk.html",
        state=state.name_on(clock.today(), language()) if state else "",
        calls=next_call(known),
        waiting=[line for line in lines if line.waits],
        most=MOST_SHOWN,
        counts=_counts(),
        frames=frames,
        taking={code for code, frame in frames.items() if takes_files(frame, now)},
        selected=latest_selection(known),
        spendable=fund.state().spendable,
    )


@bp.get("/applications")
def applications() -> str:
    """Those of the State that were sent, and whom the mission nominated; newest first, by meeting if asked."""
    meeting, frames, now = query("meeting", 20), frames_on(db.session(), clock.today()), clock.now()
    found = _seen(Application.id, Application)
    if meeting:
        found = found.where(Application.meeting == meeting)
    page = page_of(_loaded(found), Application.id, PAGE, newest_first=True)
    return render_template(
        "missions/applications.html",
        page=page,
        lines=[line_of(row.Application, frames[row.Application.meeting], now) for row in page.rows],
        frames=frames,
        meeting=meeting,
        open=meeting in frames and takes_files(frames[meeting], now),
    )


@bp.get("/applications/<ref:reference>")
def application(reference: str) -> str:
    return application_page(reference)


@bp.get("/documents/<ref:reference>")
def document(reference: str) -> Response:
    """The note verbale of an application of the State; every other file is its person's and the officers'."""
    found = db.session.scalars(select(Document).where(Document.reference == reference)).one_or_none()
    if found is None or found.kind != "note-verbale" or not seen_by(found.application, current_user.account):
        raise NotHere("There is no such thing here.")
    return attached(found)


def application_page(reference: str, answer: AnswerForm | None = None) -> str:
    found, frame = own(reference)
    now, place = clock.now(), standing.places_of([found.public]).get(found.public)
    refusal = standing.refusal_of(found)
    version = str(found.seq)
    award = db.session.scalars(
        select(Award).where(Award.application_id == found.id, Award.stage.not_in(GIVEN_BACK))
    ).first()
    return render_template(
        "missions/application.html",
        a=found,
        frame=frame,
        line=line_of(found, frame, now),
        place=place,
        outcome=say(OUTCOMES[place.outcome]) if place else "",
        refusal=refusal,
        refusal_until=standing.refusal_until(refusal, frame) if refusal else None,
        rules_named=standing.rules_named(refusal, frame) if refusal else [],
        against=[held for held in standing.rules_of(frame, found, standing.why_not(found, now)) if held.against],
        said=[act for act in found.screenings if act.act in ("refusal.answered", "replacement.requested")],
        confirmed=found.account_id and found.submitted_at and found.stage not in EDITABLE,
        decision=decision_on(found),
        form=ReadForm(formdata=None, version=version),
        answer=answer or AnswerForm(formdata=None, version=version),
        may_answer=found.stage == "refusal-proposed" and refusal and clock.today() <= _until(found, frame),
        may_speak=possible("application.endorsed", found.stage),
        may_replace=award is not None and possible("award.replaced", award.stage, award.resumes),
    )


def own(reference: str) -> tuple[Application, Frame]:
    """An application that the mission sees, for reading, with its meeting."""
    found = db.session.scalars(select(Application).where(Application.reference == reference)).unique().one_or_none()
    if found is None or not seen_by(found, current_user.account):
        raise NotHere("There is no such thing here.")
    return found, frames_on(db.session(), clock.today())[found.meeting]


def standing_for(code: str) -> Sequence[Application]:
    """The State's applications for a meeting that can still have a seat, in the Government's order."""
    found = _loaded(_seen().where(Application.meeting == code, Application.stage.in_(STANDS))).order_by(None)
    order = (Application.government_order.is_(None), Application.government_order, Application.id)
    return db.session.scalars(found.order_by(*order)).unique().all()


def takes_files(frame: Frame, now: datetime) -> bool:
    return frame.call.opens <= now and frame.call.in_time_to_travel(now)


def line_of(application: Application, frame: Frame, now: datetime) -> Line:
    noted = bool(application.note_verbale and application.note_verbale_date) and (
        bool(application.documents) or application.account_id is None
    )
    own_step = _own_step(application, frame, now, noted)
    return Line(
        application,
        frame,
        lacks=len(missing(application)),
        noted=noted,
        step=own_step or _others_step(application, frame),
        waits=bool(own_step),
    )


def _own_step(application: Application, frame: Frame, now: datetime, noted: bool) -> str:
    """What the mission itself should do next, or nothing."""
    if application.stage not in STANDS or application.endorsed is False:
        return ""
    if application.stage == "refusal-proposed" and not _answered(application):
        until = _until(application, frame)
        if now.date() <= until:
            return say("Answer the proposed refusal until {day}.", day=until)
    if not noted and application.note_to_follow:
        until = (application.completed_at or now) + timedelta(days=frame.mandate.setting("days_for_note_verbale"))
        return say("Send the note verbale until {day}.", day=until.astimezone(zones.ZoneInfo(frame.call.zone)).date())
    if not noted:
        return say("Attach the note verbale.")
    if application.endorsed is None:
        return say("Endorse it, if your Government nominates this person.")
    return ""


def _others_step(application: Application, frame: Frame) -> str:
    if application.endorsed is False and application.stage in STANDS:
        return say("You took the nomination back. It can have no seat.")
    if application.stage in ("draft", "changes-asked"):
        return say("The delegate completes it and submits it.")
    if application.stage in ("submitted", "accepted"):
        return say("Seats are given on {day}.", day=selection_day(frame.meeting, frame.mandate.setting))
    if application.stage == "refusal-proposed":
        return say("Another officer decides.")
    return say("Nothing more to do.")


def _answered(application: Application) -> bool:
    """Whether the mission answered since the refusal was proposed last."""
    acts = [one.act for one in application.screenings if one.act in ("refusal.proposed", "refusal.answered")]
    return bool(acts) and acts[-1] == "refusal.answered"


def _until(application: Application, frame: Frame) -> Any:
    refusal = standing.refusal_of(application)
    return standing.refusal_until(refusal, frame) if refusal else clock.today() - timedelta(days=1)


def _seen(*columns: Any) -> Select[Any]:
    """What ``seen_by`` says, for lists."""
    return select(*(columns or (Application,))).where(
        Application.state == current_user.account.state,
        or_(and_(Application.seq > 0, Application.stage.not_in(EDITABLE)), Application.mission_id.is_not(None)),
    )


def _loaded(found: Select[Any]) -> Select[Any]:
    """With all that a line tells, in a fixed number of statements."""
    return found.options(
        selectinload(Application.documents), selectinload(Application.screenings), selectinload(Application.account)
    )


def _counts() -> list[tuple[str, int]]:
    """Meeting -> how many applications of the State are seen."""
    found = _seen(Application.meeting, func.count()).group_by(Application.meeting).order_by(Application.meeting.desc())
    return [(meeting, count) for meeting, count in db.session.execute(found)]
