"""A note verbale to print or to copy, by which a Government nominates its delegate for a meeting."""

from dataclasses import dataclass

from flask import render_template
from flask_babel import force_locale

from trustfund.core.countries import State
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, language, say
from trustfund.models.fund import amendments_of
from trustfund.services import clock
from trustfund.web.formal_names import of_state
from trustfund.web.forms import query
from trustfund.web.public import bp
from trustfund.web.public_meetings import Entry, entry_of
from trustfund.web.state_answers import answer_told
from trustfund.web.state_search import asked_state

FORMS = ("en", "fr")
"""Languages in which the fund takes a note; each has its own formal wording."""
BLANK = "____________________"
GREETS = sentence(
    "The Permanent Mission {of_state} to the United Nations presents its compliments to the Secretariat of the United "
    "Nations and has the honour to refer to the “{fund}” ({basis})."
)
NOMINATES = sentence(
    "The Permanent Mission has the honour to inform the Secretariat that the Government {of_state} nominates a "
    "delegate to the following meeting: {meeting}, {city}, {days}."
)
ASKS = sentence(
    "The Permanent Mission would be grateful if the Secretariat would consider financing the travel and participation "
    "of this delegate from the fund."
)
CLOSES = sentence(
    "The Permanent Mission {of_state} to the United Nations avails itself of this opportunity to renew to the "
    "Secretariat of the United Nations the assurances of its highest consideration."
)
NAMED = (
    sentence("Given names and family name, as in the passport:"),
    sentence("Position:"),
    sentence("Ministry or organization:"),
    sentence("City from which the delegate travels:"),
    sentence("E-mail address:"),
    sentence("Order of the Government, if it nominates several:"),
)
"""What the note says of the delegate, each a line to fill in."""


@dataclass(frozen=True)
class Note:
    """A note in its parts, as it stands on the page and as text to copy."""

    head: str
    number: str
    opens: tuple[str, ...]
    asked: tuple[str, ...]
    closes: tuple[str, ...]
    dated: str
    sealed: str
    to: str

    @property
    def text(self) -> str:
        lines = "\n".join(f"{line} {BLANK}" for line in self.asked)
        foot = "\n".join((self.dated, self.sealed, self.to))
        return "\n\n".join((self.head, self.number, *self.opens, lines, *self.closes, foot))


@bp.get("/meetings/<code:code>/note-verbale")
def note_verbale_form(code: str) -> tuple[str, int]:
    entry = entry_of(code, clock.now())
    asked = asked_state(entry.meeting.first_day)
    form = query("form", 5)
    form = form if form in FORMS else language() if language() in FORMS else "en"
    answer = answer_told(asked.state, entry.frame, amendments_of(db.session())) if asked.state else None
    page = render_template(
        "public/note_verbale.html",
        entry=entry,
        asked=asked,
        answer=answer,
        form=form,
        forms=FORMS,
        note=_note(entry, asked.state, form),
    )
    return page, asked.status


def _note(entry: Entry, state: State | None, form: str) -> Note:
    """The note in its language; a blank stands where something is to be filled in."""
    meeting, fund = entry.meeting, entry.mandate.fund
    with force_locale(form):
        whose = of_state(state, meeting.first_day, form) if state else say("of [name of the State]")
        return Note(
            head=say("Permanent Mission {of_state} to the United Nations", of_state=whose),
            number=say("No. {blank}", blank=BLANK),
            opens=(
                say(GREETS, of_state=whose, fund=in_words(fund.short_name), basis=in_words(fund.legal_basis)),
                say(
                    NOMINATES,
                    of_state=whose,
                    meeting=in_words(meeting.name),
                    city=in_words(meeting.place),
                    days=entry.days,
                ),
            ),
            asked=tuple(say(line) for line in NAMED),
            closes=(say(ASKS), say(CLOSES, of_state=whose)),
            dated=say("New York, [date]"),
            sealed=say("[Seal of the Mission and initials]"),
            to=say("Secretariat of the United Nations, New York"),
        )
