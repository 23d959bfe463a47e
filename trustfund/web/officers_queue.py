"""The queue of the officers: the applications that were sent, what each file has at a glance, how they are found."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from trustfund.core.countries import STATES
from trustfund.core.country_amendments import Amendment
from trustfund.core.country_status import Status
from trustfund.core.lifecycle import APPLICATION_STAGES
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, language, say
from trustfund.models.applications import Application
from trustfund.models.fund import amendments_of
from trustfund.operations.assessment import NEEDED, nominated, status_of
from trustfund.operations.meetings import Frame, frames_on
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web import zones
from trustfund.web.applications_sought import DOCUMENTS, FILE, application_like, number_of, with_documents, with_file
from trustfund.web.apply_forms import state_choices
from trustfund.web.forms import query
from trustfund.web.officers import PAGE, bp
from trustfund.web.paging import page_of

COUNTED = 1000
"""How far the applications that a filter found are counted."""
LABEL = {
    "state": sentence("State"),
    "full_name": sentence("Name"),
    "gender": sentence("Gender"),
    "date_of_birth": sentence("Date of birth"),
    "email": sentence("E-mail address"),
    "telephone": sentence("Telephone"),
    "passport": sentence("Passport"),
    "position": sentence("Position"),
    "organisation": sentence("Ministry"),
    "home_city": sentence("Travels from"),
    "journey": sentence("Journey"),
    "note_verbale": sentence("Note verbale"),
}
SAME_IN_OFFICE = {said: LABEL[column] for column, said in NEEDED if column in LABEL}
"""What an applicant is told to be missing (“your date of birth”) -> what officers call it."""


@dataclass(frozen=True)
class Line:
    """An application as the list shows it. ``lacks``: English keys of what is missing; ``marks``: what is there."""

    application: Application
    status: Status | None
    lacks: tuple[str, ...]
    late: bool
    marks: tuple[tuple[str, bool], ...]


@bp.get("/applications")
def applications() -> str:
    """The applications that were sent, newest first, 25 a page from a key."""
    asked = {name: query(name) for name in ("meeting", "state", "stage", "file", "documents", "q")}
    frames, now = frames_on(db.session(), clock.today()), clock.now()
    found = select(Application.id, Application).where(or_(Application.stage != "draft", Application.seq > 0))
    if asked["state"] or asked["file"] or asked["documents"]:  # of one that was opened again nothing is known
        found = found.where(Application.stage != "draft")
    if asked["meeting"]:
        found = found.where(Application.meeting == asked["meeting"])
    if asked["state"] in STATES:
        found = found.where(Application.state == asked["state"])
    if asked["stage"] in APPLICATION_STAGES:
        found = found.where(Application.stage == asked["stage"])
    if asked["file"] in FILE:
        found = found.where(with_file(asked["file"], frames, now))
    if asked["documents"] in DOCUMENTS:
        found = found.where(with_documents(asked["documents"]))
    if asked["q"]:
        found = found.where(application_like(asked["q"]))
    number = db.session.scalar(number_of(found, COUNTED)) if any(asked.values()) else None
    files = selectinload(Application.documents), selectinload(Application.attachments)
    page = page_of(found.options(*files), Application.id, PAGE, newest_first=True)
    known = amendments_of(db.session())
    return render_template(
        "officers/applications.html",
        asked=asked,
        sought_in_address={name: text for name, text in asked.items() if text},
        states=state_choices(clock.today()),
        choices={"stage": words.APPLICATION_STAGE, "file": FILE, "documents": DOCUMENTS},
        sought=_sought(asked, frames),
        number=number,
        counted=COUNTED,
        page=page,
        lines=[line_of(row.Application, frames[row.Application.meeting], known) for row in page.rows],
        frames=frames,
        to_the_second=zones.to_the_second,
    )


def _sought(asked: dict[str, str], frames: dict[str, Frame]) -> list[str]:
    """What was asked for, in the reader's words; what is no choice as it was typed."""
    meeting = frames.get(asked["meeting"])
    state = STATES.get(asked["state"])
    said = [
        in_words(meeting.meeting.name) if meeting else asked["meeting"],
        state.name_on(clock.today(), language()) if state else asked["state"],
    ]
    for name, known in (("stage", words.APPLICATION_STAGE), ("file", FILE), ("documents", DOCUMENTS)):
        said.append(say(known[asked[name]]) if asked[name] in known else asked[name])
    return [*said, asked["q"]]


def line_of(found: Application, frame: Frame, amendments: Iterable[Amendment]) -> Line:
    """An application as officers see it at a glance; of one that was opened again, nothing that is typed meanwhile."""
    if found.stage == "draft":
        return Line(found, None, (), late=False, marks=())
    lacks = [LABEL.get(column, said) for column, said in NEEDED if not getattr(found, column)]
    days = frame.mandate.setting("days_for_note_verbale")
    note = nominated(found, found.documents, clock.now(), days)
    if not note:
        lacks.append(LABEL["note_verbale"])
    late = found.completed_at is not None and not frame.call.on_time(found.completed_at)
    there = {
        "full_name": bool(found.full_name),
        "state": bool(found.state),
        "note_verbale": note,
        "passport": any(file.kind == "passport" for file in found.attachments),
        "journey": bool(found.home_city),
    }
    return Line(
        found,
        status_of(found, frame, amendments) if found.state else None,
        tuple(lacks),
        late,
        tuple((LABEL[name], held) for name, held in there.items()),
    )
