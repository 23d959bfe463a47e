"""Where an application stands, by its reference and code, without signing in: its stage, and nothing of its person."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request
from wtforms import StringField

from trustfund.core.lifecycle import GIVEN_BACK
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.operations import lookup
from trustfund.operations.meetings import Frame, frame_of
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web import standing, zones
from trustfund.web.forms import AtMost, Form, Needed, query
from trustfund.web.own_award import own_awards
from trustfund.web.public import bp

STANDS = standing.TITLES | {
    "draft": sentence("Your application was opened again and is not sent"),
    "changes-asked": sentence("The fund asks you for a change"),
}
NEXT = {
    "draft": sentence("Sign in and submit it: until then it asks for no seat. The call takes files until {until}."),
    "changes-asked": sentence("Sign in, read what is asked, submit again: an answer until {until} keeps its place."),
    "refusal-proposed": sentence("Sign in and read why: it can be answered until {until}. Another officer decides."),
    "refused": sentence("The letter with all reasons is under “My applications”. Nothing more to do."),
}
"""Stage -> what comes next, where the day of the selection does not say it."""
OF_SEATS = {
    "proposed": sentence("Sign in and answer until {answer_by}: after it the seat goes to the next in order."),
    "no-show": sentence("If that is not so, write to the fund at once."),
    "travelled": sentence("Sign in and make the claim until {claim_due}."),
    **dict.fromkeys((*GIVEN_BACK, "closed"), sentence("Nothing more to do.")),
}
"""Stage of an award -> what comes next; in every other the fund does the next step."""


class LookUpForm(Form):
    reference = StringField(
        sentence("Reference"),
        validators=[Needed(sentence("Enter the reference of the application.")), AtMost(40)],
        description=sentence("For example N1-7KQ2. It stands in the mail and on the confirmation."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    code = StringField(
        sentence("Code of the look-up"),
        validators=[Needed(sentence("Enter the code.")), AtMost(40)],
        description=sentence("Eight letters and figures, from the same mail. The gap does not matter."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


@dataclass(frozen=True)
class Standing:
    """What is told. Nothing here points to a person: no name, no State, no amount."""

    application: Application
    frame: Frame
    title: str
    stage: str  # English key
    next: str
    zone: str


@bp.route("/status", methods=["GET", "POST"])
def status() -> Any:
    form, stands = LookUpForm(), None
    if form.validate_on_submit():
        try:
            found = lookup.found(form.reference.data, form.code.data, request.remote_addr or "")
            stands = _standing(found)
        except Refused as refused:
            if refused.field != "code":
                raise
            form.code.errors = [told(refused)]
    elif not form.is_submitted():
        form.reference.data = query("reference", 40)
    most = current_app.config["FAILURES_PER_ACCOUNT"]
    page = render_template("public/status.html", form=form, stands=stands, zones=zones, most=most)
    return page, form.status if form.is_submitted() and not stands else 200


def _standing(application: Application) -> Standing:
    today = clock.today()
    frame = frame_of(db.session(), application.meeting, today)
    place = standing.places_of([application.public]).get(application.public)
    seat = own_awards([application.id], {application.meeting: frame}, today).get(application.id)
    zone = zones.reader_zone()
    if seat and seat.leads:
        stage = words.AWARD_STAGE[seat.award.stage]
        return Standing(application, frame, say(stage), stage, _of_the_seat(seat.award, frame), zone)
    title = standing.title_of(application, place) if place else say(STANDS[application.stage])
    stage = words.APPLICATION_STAGE[application.stage]
    return Standing(application, frame, title, stage, _next(application, frame, place, zone), zone)


def _of_the_seat(award: Award, frame: Frame) -> str:
    key = OF_SEATS.get(award.stage)
    if key is None:
        return say(
            "The fund does the next step and writes to you. The meeting begins on {day}.", day=frame.meeting.first_day
        )
    return say(key, answer_by=award.answer_by, claim_due=award.claim_due)


def _next(application: Application, frame: Frame, place: standing.Place | None, zone: str) -> str:
    stage = application.stage
    if stage not in NEXT:
        if place:
            return say("A later run can change it. The fund writes to you.")
        return standing.next_step(application, frame, place, clock.now())
    until: Any = zones.instant_in(frame.call.late_until, zone)
    if stage == "changes-asked" and (kept := standing.changes_until(application, frame)):
        until = zones.instant_in(kept, zone)
    if stage == "refusal-proposed" and (refusal := standing.refusal_of(application)):
        until = standing.refusal_until(refusal, frame)
    return say(NEXT[stage], until=until)
