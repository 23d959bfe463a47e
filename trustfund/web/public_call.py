"""The page of a meeting: who may apply, what is paid by day, what to have ready, and how seats are given."""

from flask import render_template

from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.fund import amendments_of
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.planned_journey import planned_journey
from trustfund.web.public import bp
from trustfund.web.public_meetings import entry_of
from trustfund.web.state_answers import answer_told
from trustfund.web.state_search import asked_state
from trustfund.web.zones import zones_of


@bp.get("/meetings/<code:code>")
def meeting(code: str) -> tuple[str, int]:
    entry = entry_of(code, clock.now())
    asked = asked_state(entry.meeting.first_day)
    answer = answer_told(asked.state, entry.frame, amendments_of(db.session())) if asked.state else None
    page = render_template(
        "public/meeting.html",
        entry=entry,
        deadline=entry.closes_on(asked.iso3 if len(zones_of(asked.iso3)) == 1 else ""),
        asked=asked,
        answer=answer,
        planned=planned_journey(entry.frame, asked.state if answer and answer.yes else None, clock.today()),
        criteria=[say(words.CRITERION[rule.code]) for rule in entry.mandate.priority],
        stepped=any(rule.code == "step" for rule in entry.mandate.priority),
    )
    return page, asked.status
