"""Where an application stands, as its person reads it: the rules, the place in a selection, the next step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from trustfund.core.calendar import selection_day
from trustfund.core.countries import STATES
from trustfund.core.eligibility import Failure
from trustfund.core.mandate import Rule
from trustfund.core.refusal import sentence
from trustfund.core.working_days import working_days_after
from trustfund.extensions import db
from trustfund.i18n import language, say
from trustfund.models.applications import Application, Screening
from trustfund.models.selections import PlaceRow, Selection
from trustfund.operations.applications import why_not
from trustfund.operations.meetings import Frame
from trustfund.reports import words

NEXT = {
    "submitted": sentence("An officer looks at your application. Seats are given on {day}."),
    "changes-asked": sentence("Read what the fund asks, change it, and submit again."),
    "accepted": sentence("Seats are given on {day}."),
    "refusal-proposed": sentence("Read what an officer proposes. Another officer decides."),
    "refused": sentence("Read which rules the application fails."),
    "withdrawn": sentence("Nothing more to do."),
}
LATER = {
    "submitted": sentence("An officer looks at it. The day for seats was {day}; a later run can include it."),
    "accepted": sentence("The day for seats was {day}. A later run can still include it."),
}
"""The same, once the day of the selection is over."""
OUTCOMES = {
    "held": sentence("Your seat stands"),
    "proposed": sentence("A seat is proposed for you"),
    "waiting": sentence("You are on the waiting list"),
    "over-quota": sentence("Your State has more delegates than the fund can pay"),
}
TITLES = {
    "submitted": sentence("Your application has arrived"),
    "accepted": sentence("Your application stands for a seat"),
    "refusal-proposed": sentence("A refusal of your application is proposed"),
    "refused": sentence("Your application was refused"),
    "withdrawn": sentence("You withdrew this application"),
}
CALLED = words.RULE | {"file-complete": sentence("Your answers are complete")}
"""Names of the rules to an applicant: there "file" is the note verbale, which has a rule of its own."""
UNKNOWN_WITHOUT = {"state-in-scope": "state", "developing-country": "state", "travel-needed": "home_city"}
"""Rules of which nothing can be said before an answer is there: code -> its column."""


@dataclass(frozen=True)
class Place:
    """A place in the latest kept run of a meeting, without the run's text."""

    position: int
    outcome: str
    missing: int  # cents
    run: int
    kept_at: datetime
    answer_by: date | None
    of: int


@dataclass(frozen=True)
class Held:
    """A rule and what it says against the application; nothing: it holds. ``known``: whether it could be asked."""

    rule: Rule
    against: list[str]
    known: bool = True

    @property
    def name(self) -> str:
        return say(CALLED[self.rule.code])

    @property
    def authority(self) -> str:
        return _first_large(say(self.rule.authority))


def rules_of(frame: Frame, application: Application, failures: Iterable[Failure]) -> list[Held]:
    """Every rule of the mandate, in its order, with every sentence against the application."""
    against: dict[str, list[str]] = {}
    for failure in failures:
        against.setdefault(failure.code, []).append(told(failure, frame.meeting.first_day))
    return [
        Held(
            rule,
            against.get(rule.code, []),
            known=rule.code not in UNKNOWN_WITHOUT or bool(getattr(application, UNKNOWN_WITHOUT[rule.code])),
        )
        for rule in frame.mandate.eligibility
    ]


def against(application: Application, frame: Frame, now: datetime) -> list[Held]:
    """The rules that keep an accepted application out of a run, as they stand now."""
    return [one for one in rules_of(frame, application, why_not(application, now)) if one.against]


def told(failure: Failure, day: date) -> str:
    """A failure in the reader's language: what is missing is translated, a State has its name of a day."""
    values = dict(failure.values)
    if "what" in values:
        values["what"] = say(str(values["what"]))
    if values.get("state") in STATES:
        values["state"] = STATES[str(values["state"])].name_on(day, language())
    return say(failure.sentence, **values)


def places_of(publics: Iterable[str]) -> dict[str, Place]:
    """Public reference -> its place in the latest kept run of its meeting, in one statement."""
    publics = list(publics)
    if not publics:
        return {}
    later, counted = aliased(Selection), aliased(PlaceRow)
    latest = select(func.max(later.run)).where(later.meeting == Selection.meeting, later.stage == "kept")
    all_of_it = select(func.count()).where(counted.selection_id == Selection.id)
    rows = db.session.execute(
        select(
            PlaceRow.public,
            PlaceRow.position,
            PlaceRow.outcome,
            PlaceRow.missing,
            Selection.run,
            Selection.kept_at,
            Selection.answer_by,
            all_of_it.correlate(Selection).scalar_subquery().label("of"),
        )
        .join(Selection, Selection.id == PlaceRow.selection_id)
        .where(
            PlaceRow.public.in_(publics),
            Selection.run == latest.correlate(Selection).scalar_subquery(),
        )
    )
    return {row.public: Place(*row[1:]) for row in rows}


def next_step(application: Application, frame: Frame, place: Place | None, at: datetime) -> str:
    """What comes next, in one sentence."""
    if application.stage == "draft":
        if not frame.call.in_time_to_travel(at):
            return say("The call takes no more files.")
        if application.seq:
            return say("You opened it again: submit it, or it asks for no seat.")
        return say("Fill in the parts and submit.")
    if application.stage == "accepted" and place:
        return say(OUTCOMES[place.outcome]) + "."
    day = selection_day(frame.meeting, frame.mandate.setting)
    return say((NEXT | (LATER if day < at.date() else {}))[application.stage], day=day)


def title_of(application: Application, place: Place | None) -> str:
    """The outcome, for the head of the page."""
    if application.stage == "accepted" and place:
        return say(OUTCOMES[place.outcome])
    return say(TITLES[application.stage])


def refusal_of(application: Application) -> Screening | None:
    """The proposal of a refusal that waits, or that another officer confirmed."""
    if application.stage not in ("refusal-proposed", "refused"):
        return None
    proposals = [act for act in application.screenings if act.act == "refusal.proposed"]
    return proposals[-1] if proposals else None


def rules_named(screening: Screening, frame: Frame) -> list[tuple[str, str]]:
    """(name, authority) of the rules that an officer named."""
    authority = {rule.code: rule.authority for rule in frame.mandate.eligibility}
    return [(say(words.RULE[code]), say(authority.get(code, ""))) for code in screening.codes.split()]


def changes_until(application: Application, frame: Frame) -> datetime | None:
    """Until when an answer to an officer keeps the application's place: for its days, and up to the deadline."""
    days = frame.mandate.setting("days_to_answer_officer")
    return max(application.asked_at + timedelta(days=days), frame.call.closes) if application.asked_at else None


def refusal_until(refusal: Screening, frame: Frame) -> date:
    """The last day on which a proposed refusal can be answered."""
    return working_days_after(refusal.at.date(), frame.mandate.setting("working_days_to_answer_refusal"))


def promise_of(application: Application, frame: Frame) -> datetime | None:
    """Until when a note verbale that was promised can follow; None where none is awaited."""
    days = frame.mandate.setting("days_for_note_verbale")
    without_promise = bool(application.note_verbale and application.note_verbale_date and application.documents)
    if without_promise or not application.note_to_follow or application.completed_at is None:
        return None
    return application.completed_at + timedelta(days=days)


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]
