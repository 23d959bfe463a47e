"""Officers add a consultation to the calendar: by its document, with a second officer (A/RES/71/280, paras. 22, 29)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import case, func, select
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from trustfund.core.calendar import KINDS
from trustfund.core.calendar_checks import Finding
from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import may
from trustfund.extensions import db
from trustfund.i18n import in_words, say, told
from trustfund.models.applications import Application
from trustfund.models.fund import calendar_on
from trustfund.models.selections import Closing, Selection
from trustfund.operations import meetings, proposals
from trustfund.services import clock
from trustfund.web.apply_forms import state_choices
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered
from trustfund.web.officers import bp
from trustfund.web.officers_selections import since, steps_of, unpaid
from trustfund.web.public_meetings import Entry

DAYS = ("days", "day_2", "day_3", "day_4", "day_5")
SOON = timedelta(days=14)
"""So long before its call opens, a meeting without an allotment stands on the desk."""


class IanaZone:
    """A time zone as the meeting’s mandate names it; the deed asks again."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            ZoneInfo(field.data.strip())
        except (OSError, ValueError, KeyError):
            raise ValidationError(say("This is no time zone. For example, Africa/Nairobi.")) from None


class MeetingForm(DeedForm):
    read = HiddenField()  # the warnings that the officer has read
    kind = RadioField(
        sentence("Kind of meeting"), validators=[Needed(sentence("Choose the kind.")), Offered()], validate_choice=False
    )
    document = StringField(
        sentence("Document that convened it"),
        description=sentence("For example, A/RES/72/310"),
        validators=[Needed(sentence("Enter the symbol of the document.")), AtMost(120)],
    )
    code = StringField(
        sentence("Code"),
        description=sentence("Letters, digits and hyphens, not used before. For example, A1"),
        validators=[Needed(sentence("Enter a code.")), AtMost(meetings.LONGEST_CODE)],
        render_kw={"autocomplete": "off"},
    )
    name_en = StringField(
        sentence("Name in English"), validators=[Needed(sentence("Enter the name in English.")), AtMost(140)]
    )
    name_fr = StringField(
        sentence("Name in French"), validators=[Needed(sentence("Enter the name in French.")), AtMost(140)]
    )
    city_en = StringField(
        sentence("City in English"), validators=[Needed(sentence("Enter the city in English.")), AtMost(80)]
    )
    city_fr = StringField(
        sentence("City in French"), validators=[Needed(sentence("Enter the city in French.")), AtMost(80)]
    )
    country = SelectField(
        sentence("Country"), validators=[Needed(sentence("Choose the country.")), Offered()], validate_choice=False
    )
    zone = StringField(
        sentence("Time zone"),
        description=sentence("Of the city, by continent and city. For example, Africa/Nairobi"),
        validators=[Needed(sentence("Enter the time zone.")), IanaZone()],
    )
    phase = SelectField(
        sentence("Phase"), validators=[Needed(sentence("Choose the phase.")), Offered()], validate_choice=False
    )
    days = DateField(sentence("First day"), description=sentence("For example, 14 6 2018"))
    day_2 = DateField(sentence("Second day (optional)"), optional=True)
    day_3 = DateField(sentence("Third day (optional)"), optional=True)
    day_4 = DateField(sentence("Fourth day (optional)"), optional=True)
    day_5 = DateField(sentence("Fifth day (optional)"), optional=True)
    reason = TextAreaField(
        sentence("Reason"),
        description=sentence("The second officer reads it."),
        validators=[Needed(sentence("Write why the fund pays for this meeting.")), AtMost(2000)],
        render_kw={"rows": 3},
    )

    def offer(self) -> "MeetingForm":
        """Fill in what can be chosen, in the reader's language."""
        today = clock.today()
        self.kind.choices = [(kind, _begun(f"{say(KINDS[kind])} ({of})")) for kind, of in meetings.AUTHORITY.items()]
        phases = calendar_on(db.session(), today).phases
        self.phase.choices = [("", ""), *((phase.code, in_words(phase.name)) for phase in phases)]
        self.country.choices = [("", ""), *state_choices(today)]
        return self

    def content(self) -> dict[str, Any]:
        """The meeting as a mandate file has it, its days in order."""
        days = sorted({self[name].data for name in DAYS if self[name].data})
        return {
            "code": self.code.data.strip(),
            "kind": self.kind.data,
            "phase": self.phase.data,
            "name": {"en": self.name_en.data.strip(), "fr": self.name_fr.data.strip()},
            "authority": meetings.AUTHORITY[self.kind.data],
            "city": {"en": self.city_en.data.strip(), "fr": self.city_fr.data.strip()},
            "country": self.country.data,
            "zone": self.zone.data.strip(),
            "days": [one.isoformat() for one in days],
            "document": self.document.data.strip(),
        }


@bp.route("/meetings/new", methods=["GET", "POST"])
def new_meeting() -> Any:
    """The warnings of the calendar are read first; the same form sent once more proposes the meeting."""
    form, warnings = MeetingForm().offer(), ()
    if form.validate_on_submit():
        content = form.content()
        warnings = _warnings(form, content)
        read = "; ".join(map(str, warnings))
        if not form.errors and (form.read.data or "") == read and (done := _proposed(form, content)):
            flash(say("The meeting is proposed: entry {seq} of the record. Another officer confirms it.", seq=done.seq))
            return redirect(url_for(".proposals"))
        form.read.data = read
    return render_template(
        "officers/new_meeting.html",
        form=form,
        warnings=[replace(w, values=_in_words(w.values)) for w in warnings],
        days=DAYS,
        may_propose=may("meeting.added", current_user.role, current_user.account.functions_on(clock.today())),
    ), (form.status if form.is_submitted() else 200)


def _warnings(form: MeetingForm, content: dict[str, Any]) -> tuple[Finding, ...]:
    """What does not fit, but may; what may not stand in a calendar goes to its field."""
    try:
        return meetings.looked_at(db.session(), content, clock.today())[1]
    except Refused as refused:
        refused.values = _in_words(refused.values)
        field = form._fields.get(refused.field)
        if field is None:
            form.form_errors.append(told(refused))
        else:
            field.errors = [*field.errors, told(refused)]
        return ()


def _in_words(values: Mapping[str, Any]) -> dict[str, Any]:
    """The kind of a meeting inside a sentence, in the reader's language."""
    return {name: say(str(value)) if name == "kind" else value for name, value in values.items()}


def _begun(words: str) -> str:
    """Words that stand in a sentence elsewhere, at the beginning of a line."""
    return words[0].upper() + words[1:]


def _proposed(form: MeetingForm, content: dict[str, Any]) -> Any:
    subject, reason = content["code"], form.reason.data
    return form.attempt(proposals.propose, "meeting.added", subject=subject, content=content, reason=reason)


@dataclass(frozen=True)
class ToScreen:
    """Applications of a meeting that wait for screening. ``days``: until its call closes; None where it has closed.
    ``completions``: how many of them have an instant that a file brought; ``completion``: one of those."""

    entry: Entry
    n: int
    days: int | None
    completions: int
    completion: str | None


def awaited(now: datetime, known: list[Entry]) -> tuple[list[tuple[Entry, str]], list[ToScreen]]:
    """The meetings whose next step is due, with it; and what waits for screening, by deadline.

    As many statements for many meetings as for one.
    """
    session = db.session()
    previewed = (Selection.meeting == Closing.meeting) & (Selection.stage == "preview")
    closings = {
        closing.meeting: (closing, seq or 0)
        for closing, seq in session.execute(
            select(Closing, func.max(Selection.seq)).outerjoin(Selection, previewed).group_by(Closing.meeting)
        )
    }
    typed = Application.completion_typed & Application.completion_confirmed_by_id.is_(None)
    brought = case((typed, Application.reference))
    found = session.execute(
        select(Application.meeting, func.count(), func.count(brought), func.min(brought))
        .where(Application.stage == "submitted")
        .group_by(Application.meeting)
    ).all()
    submitted = {meeting: (n, completions, one) for meeting, n, completions, one in found}
    due = []
    for entry in known:
        closing, preview = closings.get(entry.meeting.code, (None, 0))
        unscreened = submitted.get(entry.meeting.code, (0,))[0]
        steps = steps_of(entry, closing, unscreened, preview > since(entry), now)
        step = next((s.code for s in steps if s.state == "now"), "")
        if _is_due(entry, step, now):
            due.append((entry, step))
    screening = [
        ToScreen(entry, n, _days_left(entry, now), completions, one)
        for entry in sorted(known, key=lambda entry: entry.call.closes)
        for n, completions, one in [submitted.get(entry.meeting.code, (0, 0, None))]
        if n
    ]
    return due, screening


def _is_due(entry: Entry, step: str, now: datetime) -> bool:
    """Whether an officer should do the next step of a meeting that has not begun."""
    if entry.stage not in ("ahead", "open", "closed") or unpaid(entry):
        return False
    if step == "allotment":
        return now >= entry.call.opens - SOON
    return step == "value" or (step in ("screened", "preview", "kept") and entry.selection_day <= now.date())


def _days_left(entry: Entry, now: datetime) -> int | None:
    return (entry.day(entry.call.closes) - entry.day(now)).days if entry.call.on_time(now) else None
