"""Officers and two applications that look like one person's: side by side, judged to be two persons, or taken back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user
from wtforms import RadioField

from trustfund.core.countries import STATES
from trustfund.core.duplicates import REASON, TWO_PERSONS
from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.core.roles import Function, may
from trustfund.extensions import db
from trustfund.i18n import in_words, language, list_of, say, told
from trustfund.models.applications import Application
from trustfund.operations import double_rulings, screening
from trustfund.operations.duplicates import double_in, rulings_of
from trustfund.operations.meetings import Frame, frames_on
from trustfund.operations.screening import Case
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.forms import DeedForm, Offered
from trustfund.web.officers import bp, tell
from trustfund.web.officers_queue import LABEL

STRENGTH = {
    "certain": sentence("Surely the same person"),
    "likely": sentence("Probably the same person"),
    "possible": sentence("Perhaps the same person"),
}
MEETS = {
    "meeting": sentence("Both ask for the same meeting, {meeting}."),
    "nights": sentence("The journey to {meeting} is in the same nights."),
    "near": sentence("The journey to {meeting} is less than {days} days apart."),
}
"""How another application’s journey meets this one’s."""


class RulingForm(DeedForm):
    reason = RadioField(
        sentence("Why are they two persons?"), id="reason", validators=[Offered()], validate_choice=False
    )

    def offer(self) -> "RulingForm":
        self.reason.choices = [(code, say(why)) for code, why in TWO_PERSONS.items()]
        return self


@bp.get("/applications/<ref:reference>/doubles/<ref:other>")
def double(reference: str, other: str) -> str:
    return _double_page(reference, other, RulingForm(formdata=None).offer())


@bp.post("/applications/<ref:reference>/doubles/<ref:other>/ruling")
def rule_out_double(reference: str, other: str) -> Any:
    form = RulingForm().offer()
    if form.validate_on_submit() and (
        done := form.attempt(double_rulings.rule_out, reference, other=other, reason=form.reason.data)
    ):
        tell(say("They are judged to be two persons: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".application", reference=reference))
    return _double_page(reference, other, form), form.status


@bp.post("/applications/<ref:reference>/doubles/<ref:other>/ruling/return")
def reopen_double(reference: str, other: str) -> Any:
    form = DeedForm()
    if form.validate_on_submit() and (done := form.attempt(double_rulings.reopen, reference, other=other)):
        tell(say("The judgement is taken back: entry {seq} of the record. They may be one person.", seq=done.seq))
        return redirect(url_for(".application", reference=reference))
    return _double_page(reference, other, form), form.status


def _double_page(reference: str, other: str, form: DeedForm) -> str:
    """Both as they were sent. What one of them changes now is nobody else’s until it is sent again."""
    one, two = screening.sent(reference), screening.sent(other)
    if one.id == two.id or "draft" in (one.stage, two.stage):
        raise NotHere("There is no such thing here.")
    frames = frames_on(db.session(), clock.today())
    ruling = rulings_of(db.session(), one).get(two.id)
    found = double_in(one, two, frames, ruling)
    judged = found is not None and found.ruling is not None
    return render_template(
        "officers/double.html",
        pair=(one, two),
        double=found,
        ruling=ruling,
        judged=judged,
        form=form if judged or isinstance(form, RulingForm) else RulingForm(formdata=None).offer(),
        sent=form if form.is_submitted() else None,
        lines=[(label, seen) for label, *seen in _side_by_side(frames, one, two) if any(seen)],
        why=_why_not(one, two),
        reason=REASON,
        meets=MEETS,
        strength=STRENGTH,
        two_persons=TWO_PERSONS,
        days=frames[one.meeting].mandate.setting("days_between_journeys"),
    )


def _side_by_side(frames: Mapping[str, Frame], *pair: Application) -> list[tuple[str, str, str]]:
    """What tells persons apart, named as in the queue; a passport number and an account stay masked."""
    rows = {
        LABEL["full_name"]: [one.full_name for one in pair],
        LABEL["date_of_birth"]: [one.date_of_birth or "" for one in pair],
        LABEL["gender"]: [say(words.GENDER[one.gender]) if one.gender else "" for one in pair],
        LABEL["state"]: [_state(one, frames[one.meeting].meeting.first_day) for one in pair],
        sentence("Passport number"): [one.passport_masked for one in pair],
        LABEL["email"]: [one.email for one in pair],
        LABEL["telephone"]: [one.telephone for one in pair],
        LABEL["position"]: [one.position for one in pair],
        LABEL["organisation"]: [one.organisation for one in pair],
        LABEL["home_city"]: [one.home_city for one in pair],
        sentence("Meeting"): [in_words(frames[one.meeting].meeting.name) for one in pair],
        sentence("Stage"): [say(words.APPLICATION_STAGE[one.stage]) for one in pair],
    }
    return [(label, *seen) for label, seen in rows.items()]  # type: ignore[misc]


def _state(one: Application, day: date) -> str:
    return STATES[one.state].name_on(day, language()) if one.state in STATES else ""


def _why_not(*pair: Application) -> str:
    """Why the reader cannot judge of the two; empty where he or she can."""
    today, account = clock.today(), current_user.account
    if not may("double.ruled-out", current_user.role, account.functions_on(today)):
        functions = [say(words.FUNCTION[Function.SCREENING]).lower()]
        return say("This is for an officer designated for {functions}.", functions=list_of(functions))
    for one in pair:
        refused: Refused | None = Case(db.session(), one, today=today, at=clock.now()).why_not(
            "double.ruled-out", account
        )
        if refused:
            return told(refused)
    return ""
