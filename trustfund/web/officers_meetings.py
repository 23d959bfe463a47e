"""Officers add a consultation to the calendar: by its document, with a second officer (A/RES/71/280, paras. 22, 29)."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from trustfund.core.calendar import KINDS
from trustfund.core.calendar_checks import Finding
from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import may
from trustfund.extensions import db
from trustfund.i18n import in_words, say, told
from trustfund.models.fund import calendar_on
from trustfund.operations import meetings, proposals
from trustfund.services import clock
from trustfund.web.apply_forms import state_choices
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered
from trustfund.web.officers import bp

DAYS = ("days", "day_2", "day_3", "day_4", "day_5")


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
        self.kind.choices = [(kind, f"{say(KINDS[kind])} ({of})") for kind, of in meetings.AUTHORITY.items()]
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
        warnings=warnings,
        days=DAYS,
        may_propose=may("meeting.added", current_user.role, current_user.account.functions_on(clock.today())),
    ), (form.status if form.is_submitted() else 200)


def _warnings(form: MeetingForm, content: dict[str, Any]) -> tuple[Finding, ...]:
    """What does not fit, but may; what may not stand in a calendar goes to its field."""
    try:
        return meetings.looked_at(db.session(), content, clock.today())[1]
    except Refused as refused:
        field = form._fields.get(refused.field)
        if field is None:
            form.form_errors.append(told(refused))
        else:
            field.errors = [*field.errors, told(refused)]
        return ()


def _proposed(form: MeetingForm, content: dict[str, Any]) -> Any:
    subject, reason = content["code"], form.reason.data
    return form.attempt(proposals.propose, "meeting.added", subject=subject, content=content, reason=reason)
