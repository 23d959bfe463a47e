"""The meetings of the process: what the Assembly laid down, where and when they take place, and their calls.

A/RES/71/280, paras. 1, 14 to 16, 23 and 28 to 30; rules of the fund, 8 and 9. The mandate file holds them all
(``mandate_calendar`` reads it, ``calendar_checks`` compares it with the resolution); the calls follow from the dates.
Nothing here reads a clock. Periods of days are half-open: from <= day < to.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from trustfund.core.refusal import NotHere, sentence
from trustfund.core.working_days import working_day_from

KINDS: Mapping[str, str] = {
    "thematic-session": sentence("thematic session"),
    "hearing": sentence("multi-stakeholder hearing"),
    "stocktaking": sentence("stocktaking meeting"),
    "negotiation-round": sentence("round of negotiations"),
    "additional-consultation": sentence("additional consultation"),
    "regional-consultation": sentence("regional consultation"),
    "conference": sentence("conference"),
}
WITH_DOCUMENT = ("additional-consultation", "regional-consultation")
"""Kinds that the resolution allows but does not list: each needs the document that convened it."""
WALL_TIME = time(23, 59, 59)
"""When a call opens and closes, in the meeting's city, unless the mandate gives other instants."""

Texts = Mapping[str, str]
Settings = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Phase:
    code: str
    name: Texts = field(hash=False)
    start: date
    end: date
    authority: str


@dataclass(frozen=True, slots=True)
class Window:
    """What the resolution lays down for one meeting: when, and if it says so how many days, in which city or State."""

    start: date
    end: date
    days: int | None = None
    city: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A document that moved a meeting: its ``days``, its ``place``, or both."""

    document: str
    decided: date
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallDates:
    """Wall times of a call that differ from the rule, and their zone."""

    opens: datetime
    closes: datetime
    zone: str
    authority: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """``city``: in English, as rates and duty stations name it; ``place``: the same in each language; ``window``: what
    the resolution lays down, None for what it does not list; ``document``: the one that convened it; ``days``: the
    actual ones, in order, gaps left out; ``half_days``: how much of them the meeting takes."""

    code: str
    kind: str
    phase: str
    name: Texts = field(hash=False)
    theme: Texts | None = field(hash=False)
    authority: str
    document: str
    city: str
    place: Texts = field(hash=False)
    country: str
    zone: str
    days: tuple[date, ...]
    half_days: int
    window: Window | None
    changes: tuple[Change, ...] = ()
    call: CallDates | None = None

    @property
    def first_day(self) -> date:
        """The day on which the status of every State is taken."""
        return self.days[0]

    @property
    def last_day(self) -> date:
        return self.days[-1]

    def moved(self, what: str) -> bool:
        """Whether a document moved its ``days`` or its ``place``."""
        return any(what in change.changed for change in self.changes)


@dataclass(frozen=True, slots=True)
class Programme:
    """What the resolution lays down for all meetings of a kind together. ``days_in_all``: another sum is a warning."""

    kind: str
    authority: str
    meetings: int | None = None
    days_at_most: int | None = None
    days_in_all: int | None = None

    @property
    def code(self) -> str:
        return self.kind


@dataclass(frozen=True, slots=True)
class Calendar:
    phases: tuple[Phase, ...] = ()
    programme: tuple[Programme, ...] = ()
    meetings: tuple[Meeting, ...] = ()  # by first day

    def meeting(self, code: str) -> Meeting:
        for meeting in self.meetings:
            if meeting.code == code:
                return meeting
        raise NotHere("There is no meeting {code}.", code=code)

    def with_meeting(self, meeting: Meeting) -> "Calendar":
        return replace(self, meetings=in_order((*self.meetings, meeting)))


def in_order(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple(sorted(meetings, key=lambda meeting: (meeting.first_day, meeting.code)))


# Calls


@dataclass(frozen=True, slots=True)
class Call:
    """Instants in UTC, each to be shown in ``zone`` too. A file that is complete after ``closes`` is late, one after
    ``late_until`` comes too late to travel; each holds for its whole second."""

    opens: datetime
    closes: datetime
    late_until: datetime
    zone: str

    def is_open(self, at: datetime) -> bool:
        return self.opens <= at and self.on_time(at)

    def on_time(self, at: datetime) -> bool:
        return within(at, self.closes)

    def in_time_to_travel(self, at: datetime) -> bool:
        return within(at, self.late_until)


def within(at: datetime, limit: datetime) -> bool:
    """Whether an instant is not after a limit, which holds for its whole second."""
    return at < limit + timedelta(seconds=1)


def call_of(meeting: Meeting, settings: Settings) -> Call:
    """The call of a meeting by its first day, or as the mandate dates it (rules of the fund, 8)."""

    def days_before(setting: str) -> datetime:
        day = meeting.first_day - timedelta(days=settings(setting))
        return _instant(datetime.combine(day, WALL_TIME), meeting.zone)

    late_until, dates = days_before("late_until"), meeting.call
    if dates:
        return Call(_instant(dates.opens, dates.zone), _instant(dates.closes, dates.zone), late_until, dates.zone)
    return Call(days_before("opens_days_before"), days_before("closes_days_before"), late_until, meeting.zone)


def selection_day(meeting: Meeting, settings: Settings) -> date:
    """The day named in the call on which the first run is kept, never a Saturday or Sunday (rules of the fund, 4)."""
    call = call_of(meeting, settings)
    closes = call.closes.astimezone(ZoneInfo(call.zone)).date()
    return working_day_from(closes + timedelta(days=settings("selection_days_after_closing")))


def stage_of(meeting: Meeting, settings: Settings, at: datetime) -> str:
    """Where a meeting stands at an instant: ``ahead`` (call not yet open), ``open``, ``closed``, ``in-session`` or
    ``held``, by the days of its own city."""
    today = at.astimezone(ZoneInfo(meeting.zone)).date()
    if today >= meeting.first_day:
        return "held" if today > meeting.last_day else "in-session"
    call = call_of(meeting, settings)
    return "ahead" if at < call.opens else "open" if call.on_time(at) else "closed"


def _instant(wall_time: datetime, zone: str) -> datetime:
    return wall_time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
