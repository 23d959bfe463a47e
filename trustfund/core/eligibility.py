"""Which applications can be ranked (A/RES/71/280, paras. 3 and 31; rules of the fund, 2).

Every failing rule is told, none hides another: page, letter and report read the same list. Being late is no failure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from trustfund.core.mandate import Rule
from trustfund.core.refusal import sentence

IN_SCOPE = frozenset({"member-state", "specialized-agency", "admitted-with-flag"})


@dataclass(frozen=True, slots=True)
class Journey:
    """Another journey of the same person that the fund pays or is asked to pay: its meeting and its nights, both ends
    included."""

    meeting: str
    first_night: date
    last_night: date


@dataclass(frozen=True, slots=True)
class Request:
    """What the rules look at. Facts are looked up before; nothing here reads a clock or a database.

    ``missing``: labels of what the file still lacks; ``note_verbale``: whether its reference, date and file are there
    (or promised, and the days for it not over); ``other_journeys``: of the same person, seated or proposed.
    """

    state: str
    participation: str
    category: str
    host_state: str
    meeting: str
    meeting_kind: str
    meeting_city: str
    first_day: date
    first_night: date
    last_night: date
    home_city: str
    note_verbale: bool
    missing: tuple[str, ...]
    completed_at: datetime | None
    other_journeys: tuple[Journey, ...] = ()
    paid_elsewhere: bool = False
    overdue_claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that an application fails: its stable code, its authority, and a sentence with what varies in it."""

    code: str
    authority: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


Says = tuple[str, dict[str, object]]
Settings = Callable[[str], Any]


def failed_rules(request: Request, rules: Sequence[Rule], settings: Settings) -> tuple[Failure, ...]:
    """All rules of the mandate that the application fails, in the mandate's order. ``settings``: code -> value."""
    found = []
    for rule in rules:
        for says, values in FAILS[rule.code](request, settings):
            found.append(Failure(rule.code, rule.authority, says, values))
    return tuple(found)


def _state_in_scope(request: Request, _: Settings) -> list[Says]:
    if request.participation in IN_SCOPE:
        return []
    return [
        (sentence("{state} is neither a Member State nor a member of a specialized agency."), {"state": request.state})
    ]


def _developing_country(request: Request, _: Settings) -> list[Says]:
    if request.category != "none":
        return []
    return [
        (
            sentence("{state} was not a developing country on {day}, the first day of the meeting."),
            {"state": request.state, "day": request.first_day},
        )
    ]


def _meeting_of_the_process(request: Request, settings: Settings) -> list[Says]:
    if request.meeting_kind != "regional-consultation" or settings("regional_consultations"):
        return []
    return [
        (
            sentence("{meeting} is a regional consultation; the fund pays only for meetings of the process."),
            {"meeting": request.meeting},
        )
    ]


def _nominated_by_government(request: Request, _: Settings) -> list[Says]:
    if request.note_verbale:
        return []
    return [(sentence("The note verbale of the Government, with its reference and date, has not arrived."), {})]


def _file_complete(request: Request, _: Settings) -> list[Says]:
    return [(sentence("The file is not complete: {what} is missing."), {"what": what}) for what in request.missing]


def _in_time_to_travel(request: Request, settings: Settings) -> list[Says]:
    last = request.first_day - timedelta(days=settings("late_until"))
    if request.completed_at is None or request.completed_at.date() <= last:
        return []
    return [
        (
            sentence("The file was completed on {day}; a journey needs it by {last}, {days} days before the meeting."),
            {"day": request.completed_at.date(), "last": last, "days": settings("late_until")},
        )
    ]


def _travel_needed(request: Request, settings: Settings) -> list[Says]:
    failures: list[Says] = []
    if _plain(request.home_city) == _plain(request.meeting_city):
        failures.append(
            (
                sentence("The duty station is {city}, where the meeting takes place: no journey is needed."),
                {"city": request.home_city},
            )
        )
    if request.state == request.host_state and not settings("host_state_funded"):
        failures.append(
            (sentence("{state} is the host State of the meeting; the fund pays it no seat."), {"state": request.state})
        )
    return failures


def _not_funded_twice(request: Request, settings: Settings) -> list[Says]:
    failures: list[Says] = []
    gap = timedelta(days=settings("days_between_journeys"))
    for other in request.other_journeys:
        if other.meeting == request.meeting:
            failures.append(
                (sentence("This person has an application for {meeting} already."), {"meeting": other.meeting})
            )
        elif other.first_night <= request.last_night and request.first_night <= other.last_night:
            failures.append(
                (
                    sentence("The fund pays this person’s journey to {meeting} in the same nights."),
                    {"meeting": other.meeting},
                )
            )
        elif other.first_night - request.last_night < gap and request.first_night - other.last_night < gap:
            failures.append(
                (
                    sentence("The journey to {meeting} is less than {days} days apart: both become one award."),
                    {"meeting": other.meeting, "days": gap.days},
                )
            )
    if request.paid_elsewhere:
        failures.append((sentence("Another source pays the whole journey."), {}))
    return failures


def _no_overdue_claim(request: Request, _: Settings) -> list[Says]:
    return [
        (sentence("The claim for {meeting} is overdue: it is settled first."), {"meeting": meeting})
        for meeting in request.overdue_claims
    ]


def _plain(city: str) -> str:
    return " ".join(city.casefold().split())


FAILS: dict[str, Callable[[Request, Settings], list[Says]]] = {
    "state-in-scope": _state_in_scope,
    "developing-country": _developing_country,
    "meeting-of-the-process": _meeting_of_the_process,
    "nominated-by-government": _nominated_by_government,
    "file-complete": _file_complete,
    "in-time-to-travel": _in_time_to_travel,
    "travel-needed": _travel_needed,
    "not-funded-twice": _not_funded_twice,
    "no-overdue-claim": _no_overdue_claim,
}
"""Code of a rule -> what it says against an application; nothing where it holds. Its authority is the mandate's."""
