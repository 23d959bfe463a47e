"""The public door, meetings: all with their paragraphs, each call, and who is selected; the same as open data."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import load_only
from werkzeug.exceptions import NotFound

from trustfund.core.calendar import Call, Meeting, selection_day, stage_of
from trustfund.core.calendar_checks import Finding, checks
from trustfund.core.mandate import Mandate
from trustfund.core.money import major
from trustfund.core.refusal import NotHere, sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, say
from trustfund.models.fund import calendar_on
from trustfund.models.record import Event
from trustfund.models.selections import Allotment, Override, Selection
from trustfund.operations.meetings import Frame, frames_on
from trustfund.services import clock
from trustfund.web import selection_page
from trustfund.web.public import bp
from trustfund.web.zones import days_of, deadline, offset, reader_zone, to_the_second

MEANS = {
    "state-in-scope": sentence(
        "Your State is a Member State of the United Nations or belongs to one of its specialized agencies."
    ),
    "developing-country": sentence("Your State is a developing country on the first day of the meeting."),
    "meeting-of-the-process": sentence("The meeting is one of the process, to which the fund pays journeys."),
    "nominated-by-government": sentence(
        "Your Government nominates you by note verbale: the fund needs its reference, its date and its file."
    ),
    "file-complete": sentence(
        "You have given your name, date of birth, e-mail address, position, ministry or organization, State and city."
    ),
    "in-time-to-travel": sentence(
        "Your file is complete at least {late_until} days before the meeting, so that the journey can be prepared."
    ),
    "travel-needed": sentence("You travel from another city than that of the meeting."),
    "not-funded-twice": sentence(
        "The fund pays you no other journey less than {days_between_journeys} days apart, "
        "and no other source pays the whole of this one."
    ),
    "no-overdue-claim": sentence("No travel claim of yours from an earlier journey is overdue."),
}
"""What a rule asks, to somebody who thinks of applying: code -> sentence, with settings of the mandate."""
HOST = sentence("You travel from another city than that of the meeting, and your State is not its host.")
"""The same of ``travel-needed`` where the fund pays the host State no seat."""


@dataclass(frozen=True)
class Entry:
    """A meeting as the lists of both doors show it."""

    frame: Frame
    stage: str
    selection_day: date
    allotment: Allotment | None
    run: Selection | None

    @property
    def meeting(self) -> Meeting:
        return self.frame.meeting

    @property
    def call(self) -> Call:
        return self.frame.call

    @property
    def mandate(self) -> Mandate:
        return self.frame.mandate

    @property
    def days(self) -> str:
        return days_of(self.meeting.days)

    @property
    def opens(self) -> str:
        """The wall time of the city, as deadlines are written."""
        return to_the_second(self.call.opens, self.call.zone)

    @property
    def last_files(self) -> str:
        return to_the_second(self.call.late_until, self.call.zone)

    def there(self, at: datetime) -> str:
        """An instant as the city of the meeting reads it, with the city and its offset."""
        return say(
            "{day} in {city} ({offset})",
            day=to_the_second(at, self.call.zone),
            city=in_words(self.meeting.place),
            offset=offset(at, self.call.zone),
        )

    def day(self, at: datetime) -> date:
        """The day that an instant falls on in the city of the meeting."""
        return at.astimezone(ZoneInfo(self.call.zone)).date()

    def asks(self) -> list[tuple[str, str]]:
        """(what it asks, authority) of every rule that an application must hold."""
        setting = self.mandate.setting
        means = MEANS if setting("host_state_funded") else MEANS | {"travel-needed": HOST}
        values = {name: setting(name) for name in ("late_until", "days_between_journeys")}
        return [(say(means[rule.code], **values), rule.authority) for rule in self.mandate.eligibility]

    def closes_on(self, state: str = "") -> Any:
        """The deadline as two people read it; ``state``: the one that a reader without an account asks about."""
        return deadline(self.call, in_words(self.meeting.place), reader_zone(state))


def entries(now: datetime) -> list[Entry]:
    """Every meeting, by first day; read in a fixed number of statements."""
    allotments, runs = _allotments(), _runs()
    return [
        Entry(
            frame,
            stage_of(frame.meeting, frame.mandate.setting, now),
            selection_day(frame.meeting, frame.mandate.setting),
            allotments.get(code),
            runs.get(code),
        )
        for code, frame in frames_on(db.session(), now.date()).items()
    ]


def entry_of(code: str, now: datetime) -> Entry:
    """The meeting of a code; not here if there is none."""
    for entry in entries(now):
        if entry.meeting.code == code:
            return entry
    raise NotHere("There is no meeting {code}.", code=code[:20])


def next_call(known: list[Entry]) -> list[Entry]:
    """Every open call, the one that closes first before the others; where none is open, the one that opens first."""
    ordered = sorted(known, key=lambda e: (e.call.closes, e.meeting.code))
    return [e for e in ordered if e.stage == "open"] or [e for e in ordered if e.stage == "ahead"][:1]


def latest_selection(known: list[Entry]) -> Entry | None:
    """The meeting whose run was kept last."""
    made = [(e.run.kept_at, e.meeting.first_day, e) for e in known if e.run and e.run.kept_at]
    return max(made, key=lambda one: one[:2])[2] if made else None


@bp.get("/meetings")
def meetings() -> str:
    today, now = clock.today(), clock.now()
    calendar, known = calendar_on(db.session(), today), entries(now)
    return render_template(
        "public/meetings.html",
        phases=[(phase, [e for e in known if e.meeting.phase == phase.code]) for phase in calendar.phases],
        warnings=[(_said(finding), finding.authority) for finding in checks(calendar) if finding.grade == "warning"],
        calls=next_call(known),
    )


def _said(finding: Finding) -> str:
    """A finding in the reader's language, the kind of a meeting too."""
    values = {name: say(str(value)) if name == "kind" else value for name, value in finding.values.items()}
    return say(finding.sentence, **values)


@bp.get("/open/meetings.json")
def open_meetings() -> Response:
    """Meetings, calls, allotments and runs as data: English keys, ISO days (the last one of a period is in it), UTC."""
    calendar, known = calendar_on(db.session(), clock.today()), entries(clock.now())
    data = {
        "format": "trustfund-meetings/1",
        "phases": [
            {
                "code": p.code,
                "name": dict(p.name),
                "from": p.start.isoformat(),
                "before": p.end.isoformat(),
                "authority": p.authority,
            }
            for p in calendar.phases
        ],
        "meetings": [_as_data(entry) for entry in known],
        "warnings": [
            {"about": finding.about, "authority": finding.authority, "warning": str(finding)}
            for finding in checks(calendar)
            if finding.grade == "warning"
        ],
    }
    return _open(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


@bp.get("/selections/<code:code>")
def selection(code: str) -> Any:
    """The latest kept run of a meeting, or an earlier one; where there is none yet, when it will be made."""
    number = selection_page.number()
    run = selection_page.run_of(code, number)
    if run is None:
        entry = entry_of(code, clock.now())
        if number is not None:
            raise NotFound
        return render_template("public/selection.html", entry=entry, run=None)
    page = selection_page.page_for(run)
    kept = {} if number is None else {"run": number}
    return render_template(
        "public/selection.html", run=page, kept=kept, args={"code": code, **kept}, days=days_of(page.meeting.days)
    )


@bp.get("/open/selections/<code:code>.json")
def open_selection(code: str) -> Response:
    """The published bytes of a run, as `trustfund rank` gives them again; 404 with the day where there is none yet."""
    found = select(Selection.text).where(Selection.meeting == code, Selection.stage == "kept")
    if (number := selection_page.number()) is not None:
        found = found.where(Selection.run == number)
    text = db.session.scalar(found.order_by(Selection.run.desc()).limit(1))
    if text is None:
        entry = entry_of(code, clock.now())
        return _open(json.dumps({"meeting": code, "run": None, "due": entry.selection_day.isoformat()}) + "\n", 404)
    return _open(text)


@bp.get("/open/selections/<code:code>/overrides.json")
def open_overrides(code: str) -> Response:
    """The moves that two officers made beside a run, each with its reason and its entry in the record."""
    run = selection_page.run_of(code, selection_page.number())
    if run is None:
        entry = entry_of(code, clock.now())
        return _open(json.dumps({"meeting": code, "run": None, "due": entry.selection_day.isoformat()}) + "\n", 404)
    rows = db.session.execute(
        select(Override, Event.hash)
        .join(Event, Event.seq == Override.seq)
        .where(Override.selection_id == run.id)
        .order_by(Override.seq)
    )
    data = {
        "meeting": code,
        "run": run.run,
        "digest": run.digest,
        "overrides": [
            {
                "reference": o.public,
                "position": o.position,
                "to_position": o.to_position,
                "reason": o.reason,
                "entry": o.seq,
                "hash": digest,
            }
            for o, digest in rows
        ],
    }
    return _open(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def _open(text: str, status: int = 200) -> Response:
    """Open data: for every site, kept, and asked for again each time."""
    response = Response(
        text,
        status,
        content_type="application/json",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"},
    )
    response.add_etag()
    return response.make_conditional(request)


def _as_data(entry: Entry) -> dict[str, Any]:
    m, window, run = entry.meeting, entry.meeting.window, entry.run
    return {
        "code": m.code,
        "kind": m.kind,
        "phase": m.phase,
        "name": dict(m.name),
        "theme": dict(m.theme) if m.theme else None,
        "authority": m.authority,
        "document": m.document or None,
        "city": dict(m.place),
        "country": m.country,
        "zone": m.zone,
        "days": [day.isoformat() for day in m.days],
        "half_days": m.half_days,
        "laid_down": window
        and {
            "from": window.start.isoformat(),
            "before": window.end.isoformat(),
            "days": window.days,
            "city": window.city,
            "country": window.country,
        },
        "changes": [
            {"document": c.document, "decided": c.decided.isoformat(), "changed": list(c.changed)} for c in m.changes
        ],
        "call": {
            "opens": _utc(entry.call.opens),
            "closes": _utc(entry.call.closes),
            "last_files": _utc(entry.call.late_until),
            "zone": entry.call.zone,
        },
        "selection_day": entry.selection_day.isoformat(),
        "draw_value": dict(entry.mandate.setting("draw_value")),
        "allotment": entry.allotment
        and {
            "number": entry.allotment.number,
            "usd": f"{major(entry.allotment.usd, 'USD'):f}",
            "document": entry.allotment.document,
        },
        "selection": run
        and {
            "run": run.run,
            "digest": run.digest,
            "kept_at": _utc(run.kept_at) if run.kept_at else None,
            "record": url_for("public.open_selection", code=m.code, run=run.run),
        },
    }


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _allotments() -> dict[str, Allotment]:
    """Meeting -> the allotment that stands."""
    return {a.meeting: a for a in db.session.scalars(select(Allotment).order_by(Allotment.number))}


def _runs() -> dict[str, Selection]:
    """Meeting -> its latest kept run, without what is long."""
    found = (
        select(Selection)
        .where(Selection.stage == "kept")
        .order_by(Selection.run)
        .options(load_only(Selection.meeting, Selection.run, Selection.digest, Selection.kept_at, Selection.seq))
    )
    return {run.meeting: run for run in db.session.scalars(found).unique()}
