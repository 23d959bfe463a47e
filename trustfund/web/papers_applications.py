"""The confirmation of an application that was sent, and what its papers share: all are in the language of its person,
whoever takes them, and each carries the entry of the record that it tells of."""

from collections.abc import Callable

from flask import Response, current_app
from flask_babel import force_locale
from sqlalchemy import select

from trustfund.core.calendar import selection_day
from trustfund.core.countries import STATES
from trustfund.core.refusal import NotHere
from trustfund.extensions import db
from trustfund.i18n import LANGUAGES, in_words, instant, language, say
from trustfund.models.applications import Application
from trustfund.models.record import Event
from trustfund.operations import lookup
from trustfund.operations.drafts import EDITABLE
from trustfund.operations.meetings import Frame, frame_of
from trustfund.reports import parts
from trustfund.reports.draw import voice
from trustfund.reports.draw_authorization import Proof, apart
from trustfund.reports.draw_letter import Letter, draw_letter
from trustfund.services import clock
from trustfund.web import zones
from trustfund.web.papers import pdf
from trustfund.web.papers_names import name_on_paper


def confirmation_response(application: Application, *, own: bool = False) -> Response:
    """That it arrived, when, and what comes next, as PDF. ``own``: its person takes it, and only that paper says the
    code of the look-up. While it is changed nobody else has it: what was not sent stands beside no proof."""
    event = last_entry(application.reference, "application.submitted")
    changing = application.stage in EDITABLE
    if event is None or not application.submitted_at or (changing and not own):
        raise NotHere("There is no such thing here.")
    code = lookup.code_of(application.person, application.reference, event.seq) if own else ""
    return drawn_for(application, lambda: _confirmation(application, event, code), f"confirmation-{application.public}")


def drawn_for(application: Application, written: Callable[[], Letter], name: str) -> Response:
    with force_locale(language_of(application)):
        return pdf(draw_letter(written(), voice(language())), name)


def language_of(application: Application) -> str:
    spoken = application.account.language if application.account else application.language
    return spoken if spoken in LANGUAGES else "en"


def last_entry(subject: str, *actions: str) -> Event | None:
    """The last entry of the record that did one of these deeds on a subject."""
    found = select(Event).where(Event.subject == subject, Event.action.in_(actions))
    return db.session.scalars(found.order_by(Event.seq.desc()).limit(1)).one_or_none()


def proof_of(event: Event) -> Proof:
    return Proof(event.seq, event.hash, instant(event.at), current_app.config["PUBLIC_URL"])


def dear(application: Application) -> str:
    name = application.full_name or (application.account.name if application.account else "")
    return say("Dear {name},", name=apart(name)) if name else say("Dear Madam or Sir,")


def facts_of(application: Application, frame: Frame) -> list[tuple[str, str]]:
    """Whose application for which meeting, as every letter says it first."""
    meeting, state = frame.meeting, STATES.get(application.state)
    return [
        (say("Application"), application.public),
        (say("Delegate"), name_on_paper(application)),
        (say("State"), state.name_on(meeting.first_day, language()) if state else ""),
        (say("Meeting"), f"{in_words(meeting.name)}, {in_words(meeting.place)}"),
        (say("Days of the meeting"), zones.days_of(meeting.days)),
    ]


def _confirmation(application: Application, event: Event, code: str) -> Letter:
    frame = frame_of(db.session(), application.meeting, clock.today())
    fund, changing = frame.mandate.fund, application.stage in EDITABLE
    unsent = {say("Delegate"), say("State")} if changing else set()
    return Letter(
        title=say("Confirmation {public}", public=application.public),
        lead=say("Your application has arrived."),
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        dear=say("Dear Madam or Sir,") if changing else dear(application),
        facts=[*(one for one in facts_of(application, frame) if one[0] not in unsent), *_arrival(application, frame)],
        told=_look_up(application, code),
        reasons=(),
        words="",
        then=_next(frame),
        proof=proof_of(event),
    )


def _arrival(application: Application, frame: Frame) -> parts.Pairs:
    """When it was sent and complete, in the time of the meeting's city, as the deadline is."""
    assert application.submitted_at is not None
    zone = frame.call.zone
    told = [
        (say("Sent"), zones.instant_in(application.submitted_at, zone)),
        (say("Deadline of the call"), zones.instant_in(frame.call.closes, zone)),
    ]
    complete = application.completed_at
    if complete is None:
        return [*told, (say("Complete"), say("Not yet: the status page says what is missing."))]
    timely = say("On time") if frame.call.on_time(complete) else say("Late: it is ranked after those that came on time")
    return [
        *told,
        (say("Complete since"), zones.instant_in(complete, zone)),
        (say("On time or late"), timely),
    ]


def _look_up(application: Application, code: str) -> list[str]:
    address = f"{current_app.config['PUBLIC_URL']}/status"
    if not code:
        return []
    if not lookup.opens(application, code):
        return [
            say(
                "Where it stands is shown at {address}, by the reference and your code of the look-up.", address=address
            )
        ]
    return [
        say(
            "Where it stands is shown at {address}, without signing in, by the reference {public} and the code {code}. "
            "Keep the code to yourself.",
            address=address,
            public=apart(application.public),
            code=apart(lookup.in_halves(code)),
        )
    ]


def _next(frame: Frame) -> list[str]:
    """Each step with its day."""
    day = selection_day(frame.meeting, frame.mandate.setting)
    return [
        say("An officer of the fund looks at it. You are told of every rule that fails, and what you can do."),
        say(
            "Until then you can change it; without loss of your place until the deadline, {when}.", when=_closes(frame)
        ),
        say("Seats are given on {day}, and the fund writes to you what was decided.", day=day),
        say(
            "If a seat is proposed for you, answer within {n} days. Buy no ticket: the fund issues it.",
            n=frame.mandate.setting("days_to_answer_offer"),
        ),
    ]


def _closes(frame: Frame) -> str:
    return zones.instant_in(frame.call.closes, frame.call.zone)
