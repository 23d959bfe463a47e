"""Which applications can be ranked (A/RES/71/280, paras. 3 and 31; rules of the fund, 2).

Every failing rule is told, none hides another: page, letter and report read the same list. Being late is no failure.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from trustfund.core.calendar import within
from trustfund.core.mandate import Rule
from trustfund.core.refusal import sentence

IN_SCOPE = frozenset({"member-state", "specialized-agency", "admitted-with-flag"})
"""Participations that A/RES/71/280, para. 3, opens the process to."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Another journey of the same person that the fund pays or is asked to pay: its meeting and its nights, both ends
    included. One that belongs to the same award is none."""

    meeting: str
    first_night: date
    last_night: date

    @property
    def departure(self) -> date:
        return self.last_night + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Request:
    """What the rules look at. Facts are looked up before; nothing here reads a clock or a database.

    ``participation`` and ``category``: of ``country_status.status_on`` for the first day; ``meeting_cities``: the names
    of its city, ``Meeting.place`` in all languages; ``late_until``: of ``calendar.call_of``, to be told in ``zone``;
    ``note_verbale``: whether its reference, date and file are there (or promised, and the days for it not over);
    ``missing``: what the file still lacks, each an English key; ``completed_at``: None while it lacks something;
    ``paid_elsewhere``: whether another source pays all lines; ``overdue_claims``: the meetings of these claims;
    ``word_withdrawn``: the mission of its State has taken its nomination back, which prevails.
    """

    state: str
    participation: str
    category: str
    host_state: str
    meeting: str
    meeting_kind: str
    meeting_cities: tuple[str, ...]
    first_day: date
    first_night: date
    last_night: date
    late_until: datetime
    zone: str
    home_city: str
    note_verbale: bool
    missing: tuple[str, ...]
    completed_at: datetime | None
    other_journeys: tuple[Journey, ...] = ()
    paid_elsewhere: bool = False
    overdue_claims: tuple[str, ...] = ()
    word_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that an application fails: its stable code, its authority, and a sentence with what varies in it.

    A value named ``what`` is itself an English key and is translated before it stands in the sentence; ``state`` is a
    State's three letters, ``meeting`` a meeting's code.
    """

    code: str
    authority: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


CALLED = {
    "state-in-scope": sentence("State in scope"),
    "developing-country": sentence("Developing country"),
    "meeting-of-the-process": sentence("Meeting of the process"),
    "nominated-by-government": sentence("Nominated by the Government"),
    "file-complete": sentence("File complete"),
    "in-time-to-travel": sentence("In time to travel"),
    "travel-needed": sentence("Travel needed"),
    "not-funded-twice": sentence("Not funded twice"),
    "no-overdue-claim": sentence("No overdue claim"),
}
"""Rule -> what pages, letters and mails call it."""
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
            sentence("{state} does not count as a developing country on {day}, the first day of the meeting."),
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
    failures: list[Says] = []
    if request.word_withdrawn:
        failures.append(
            (
                sentence("The permanent mission of {state} has taken its nomination of this person back."),
                {"state": request.state},
            )
        )
    if not request.note_verbale:
        failures.append(
            (
                sentence(
                    "The note verbale of the Government has not arrived with its reference, its date and its file."
                ),
                {},
            )
        )
    return failures


def _file_complete(request: Request, _: Settings) -> list[Says]:
    return [(sentence("The file is not complete: {what} is missing."), {"what": what}) for what in request.missing]


def _in_time_to_travel(request: Request, settings: Settings) -> list[Says]:
    if request.completed_at is None or within(request.completed_at, request.late_until):
        return []
    completed, last = (
        at.astimezone(ZoneInfo(request.zone)).date() for at in (request.completed_at, request.late_until)
    )
    return [
        (
            sentence("The file was completed on {day}; a journey needs it by {last}, {days} days before the meeting."),
            {"day": completed, "last": last, "days": settings("late_until")},
        )
    ]


def _travel_needed(request: Request, settings: Settings) -> list[Says]:
    failures: list[Says] = []
    if _plain(request.home_city) in map(_plain, request.meeting_cities):
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
    gap = settings("days_between_journeys")
    own = Journey(request.meeting, request.first_night, request.last_night)
    for other in request.other_journeys:
        apart = max((other.first_night - own.departure).days, (own.first_night - other.departure).days)
        if other.meeting == request.meeting:
            failures.append(
                (sentence("This person has an application for {meeting} already."), {"meeting": other.meeting})
            )
        elif apart < 0:
            failures.append(
                (
                    sentence(
                        "The fund pays, or is asked to pay, this person’s journey to {meeting} in the same nights."
                    ),
                    {"meeting": other.meeting},
                )
            )
        elif apart < gap:
            failures.append(
                (
                    sentence("The journey to {meeting} is less than {days} days apart: both become one award."),
                    {"meeting": other.meeting, "days": gap},
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
    """A city's name without accents, case and hyphens, as two people may write it."""
    letters = (c for c in unicodedata.normalize("NFKD", city.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(letters).replace("-", " ").split())


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
