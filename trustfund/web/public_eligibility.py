"""“Is my country eligible?” for all meetings at once; the page of each meeting answers it for that meeting."""

from typing import Any

from flask import render_template

from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.fund import amendments_of
from trustfund.services import clock
from trustfund.web.public import bp
from trustfund.web.public_meetings import Entry, entries, next_call
from trustfund.web.state_answers import Told, answer_told
from trustfund.web.state_search import asked_state

ALL = sentence("{state} is eligible for every meeting")
SOME = sentence("{state} is eligible for {n} of {all} meetings")
NONE = sentence("{state} is eligible for no meeting")


@bp.get("/eligibility")
def eligibility() -> tuple[str, int]:
    asked, known = asked_state(clock.today()), entries(clock.now())
    amendments = amendments_of(db.session())
    answers = [(entry, answer_told(asked.state, entry.frame, amendments)) for entry in known if asked.state]
    page = render_template(
        "public/eligibility.html",
        asked=asked,
        answers=answers,
        headline=_headline(asked.typed, answers),
        shown=_shown(answers),
    )
    return page, asked.status


def _headline(name: str, answers: list[tuple[Entry, Told]]) -> str:
    yes = sum(told.yes for _, told in answers)
    if not answers:
        return say("Is my country eligible?")
    return say(ALL if yes == len(answers) else SOME if yes else NONE, state=name, n=yes, all=len(answers))


def _shown(answers: list[tuple[Entry, Told]]) -> Any:
    """The answer that is told in full: that of the call that closes next; once no call lies ahead, the last one."""
    ahead = next_call([entry for entry, _ in answers])
    return next(((e, told) for e, told in answers if ahead and e is ahead[0]), answers[-1] if answers else None)
