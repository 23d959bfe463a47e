"""The meetings on a line of time, for the home page: phases, a mark for each, today. Places are parts of the width."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from trustfund.core.calendar import Meeting, Phase
from trustfund.i18n import in_words, language
from trustfund.web.public_meetings import Entry

MARK = {"held": "f1", "in-session": "f1", "closed": "f2", "open": "f4", "ahead": "f0"}
"""Stage of a meeting -> class of its colour."""
ROOM = 2  # per cent of the width that a mark needs for itself
LABEL = 5.0  # that words need, on either side


@dataclass(frozen=True)
class Span:
    """A phase; where it begins late, its name ends where it ends. Every second one stands a row lower."""

    name: str
    x: float
    width: float
    row: int

    @property
    def from_its_end(self) -> bool:
        return self.x > 75


@dataclass(frozen=True)
class Mark:
    """``lane``: 0 on the line, below it those that would stand upon another."""

    code: str
    colour: str
    x: float
    lane: int


@dataclass(frozen=True)
class TimeLine:
    first: date
    last: date
    phases: tuple[Span, ...]
    marks: tuple[Mark, ...]
    months: tuple[tuple[float, str], ...]
    today: float | None

    @property
    def lanes(self) -> int:
        return max((mark.lane for mark in self.marks), default=0) + 1


def time_line(phases: Sequence[Phase], entries: Sequence[Entry], today: date) -> TimeLine | None:
    """None where no meeting is known."""
    if not entries:
        return None
    meetings = [entry.meeting for entry in entries]
    spans = [_span(phase, meetings) for phase in phases]
    days = [day for span in spans for day in span] + [day for meeting in meetings for day in meeting.days]
    start, end = min(days).replace(day=1), _next_month(max(days) - timedelta(days=1))

    def at(day: date) -> float:
        return round((day - start).days * 100 / (end - start).days, 2)

    now = at(today) if start <= today <= end else None
    return TimeLine(
        min(meeting.first_day for meeting in meetings),
        max(meeting.last_day for meeting in meetings),
        tuple(
            Span(in_words(phase.name), at(a), round(at(b) - at(a), 2), i % 2)
            for i, (phase, (a, b)) in enumerate(zip(phases, spans, strict=True))
        ),
        _marks([(entry, at(entry.meeting.first_day)) for entry in entries]),
        tuple((at(d), _month(d)) for d in _quarters(start, end) if now is None or abs(at(d) - now) > LABEL),
        now,
    )


def _span(phase: Phase, meetings: Sequence[Meeting]) -> tuple[date, date]:
    """The days laid down for a phase; where all its meetings were moved out of them, those of the meetings."""
    days = [day for meeting in meetings if meeting.phase == phase.code for day in meeting.days]
    if not days or any(phase.start <= day < phase.end for day in days):
        return phase.start, phase.end
    return min(days), max(days) + timedelta(days=1)


def _marks(placed: Sequence[tuple[Entry, float]]) -> tuple[Mark, ...]:
    """Of two that stand close together the longer meeting has the line."""
    lanes: list[list[float]] = []
    marks = []
    for entry, x in sorted(placed, key=lambda one: (-len(one[0].meeting.days), one[1])):
        lane = next((i for i, taken in enumerate(lanes) if all(abs(x - t) >= ROOM for t in taken)), len(lanes))
        lanes += [[]] if lane == len(lanes) else []
        lanes[lane].append(x)
        marks.append(Mark(entry.meeting.code, MARK[entry.stage], x, lane))
    return tuple(sorted(marks, key=lambda mark: mark.x))


def _quarters(start: date, end: date) -> list[date]:
    months, day = [], start
    while day < end:
        months.append(day)
        day = _next_month(day)
    return [month for month in months if month.month % 3 == 1]


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _month(day: date) -> str:
    return format_date(day, "MMM y", locale=language())
