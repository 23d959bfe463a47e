"""The resolution's own checks of a calendar (A/RES/71/280, paras. 1, 16, 23 and 28 to 30; rules of the fund, 9).

A fault must not stand in a mandate, so a file with one is refused; a warning is shown to whoever reads the calendar. A
change of days or place is no fault where it names its document.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from trustfund.core.calendar import KINDS, WITH_DOCUMENT, Calendar, Meeting
from trustfund.core.refusal import sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit: ``grade`` fault or warning, ``about`` a meeting's code or a kind, a sentence, and by what."""

    grade: str
    about: str
    authority: str
    sentence: str
    values: Mapping[str, object] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.sentence.format(**self.values)} ({self.authority})"


def checks(calendar: Calendar) -> tuple[Finding, ...]:
    """Every fault and warning of a calendar, each with the paragraph it offends (rules of the fund, 9)."""
    return tuple(finding for check in CHECKS for finding in check(calendar))


def fits(meeting: Meeting, calendar: Calendar) -> tuple[Finding, ...]:
    """What is wrong with a calendar only because of one more meeting: what an officer reads before adding it."""
    before = checks(calendar)
    return tuple(finding for finding in checks(calendar.with_meeting(meeting)) if finding not in before)


def _fault(meeting: Meeting, says: str, *, authority: str = "", **values: object) -> Finding:
    return Finding("fault", meeting.code, authority or meeting.authority, says, {"meeting": meeting.code, **values})


def _of_one_name(calendar: Calendar) -> Iterator[Finding]:
    codes = Counter(meeting.code for meeting in calendar.meetings)
    for meeting in calendar.meetings:
        if codes[meeting.code] > 1:
            yield _fault(meeting, sentence("There are two meetings named {meeting}."))


def _inside_their_window(calendar: Calendar) -> Iterator[Finding]:
    for meeting in calendar.meetings:
        window = meeting.window
        if window and not meeting.moved("days") and not _within(meeting, window.start, window.end):
            says = sentence(
                "{meeting} takes place from {first} to {last}, but was laid down for {start} to {end}; "
                "a change names its document."
            )
            yield _fault(
                meeting,
                says,
                first=meeting.first_day,
                last=meeting.last_day,
                start=window.start,
                end=window.end - timedelta(days=1),
            )


def _as_long_as_laid_down(calendar: Calendar) -> Iterator[Finding]:
    for meeting in calendar.meetings:
        laid_down = meeting.window and meeting.window.days
        if laid_down and not meeting.moved("days") and meeting.half_days != 2 * laid_down:
            says = sentence("{meeting} takes {days} days, but {laid_down} were laid down; a change names its document.")
            yield _fault(meeting, says, days=_days(meeting.half_days), laid_down=laid_down)


def _where_laid_down(calendar: Calendar) -> Iterator[Finding]:
    for meeting in calendar.meetings:
        window = meeting.window
        for laid_down, place in ((window.city, meeting.city), (window.country, meeting.country)) if window else ():
            if laid_down not in (None, place) and not meeting.moved("place"):
                says = sentence(
                    "{meeting} takes place in {place}, but was laid down for {laid_down}; a change names its document."
                )
                yield _fault(meeting, says, place=place, laid_down=laid_down)


def _in_their_phase(calendar: Calendar) -> Iterator[Finding]:
    phases = {phase.code: phase for phase in calendar.phases}
    for meeting in calendar.meetings:
        phase = phases.get(meeting.phase)
        if phase is None:
            yield _fault(
                meeting,
                sentence("There is no phase {phase}, in which {meeting} should take place."),
                phase=meeting.phase,
            )
        elif not meeting.moved("days") and not _within(meeting, phase.start, phase.end):
            says = sentence(
                "{meeting} takes place from {first} to {last}, outside its phase {phase}; a change names its document."
            )
            yield _fault(
                meeting,
                says,
                authority=phase.authority,
                first=meeting.first_day,
                last=meeting.last_day,
                phase=phase.code,
            )


def _with_their_document(calendar: Calendar) -> Iterator[Finding]:
    for meeting in calendar.meetings:
        if meeting.kind in WITH_DOCUMENT and not meeting.document.strip():
            yield _fault(meeting, sentence("{meeting} needs the document that convened it."))
        for change in meeting.changes:
            if not change.document.strip():
                yield _fault(meeting, sentence("A change of {meeting} needs its document."))


def _calls_before_their_meeting(calendar: Calendar) -> Iterator[Finding]:
    for meeting in calendar.meetings:
        dates = meeting.call
        if dates and not dates.opens < dates.closes < datetime.combine(meeting.first_day, time.min):
            yield _fault(
                meeting,
                sentence("The call of {meeting} must open before it closes, and close before the meeting begins."),
            )


def _on_days_of_their_own(calendar: Calendar) -> Iterator[Finding]:
    taken: dict[date, Meeting] = {}
    for meeting in calendar.meetings:
        for day in meeting.days:
            if other := taken.get(day):
                yield Finding(
                    "warning",
                    meeting.code,
                    meeting.authority,
                    sentence("{meeting} takes place on {day}, the same day as {other}."),
                    {"meeting": meeting.code, "day": day, "other": other.code},
                )
            taken[day] = meeting


def _as_many_as_laid_down(calendar: Calendar) -> Iterator[Finding]:
    for rule in calendar.programme:
        meetings = [meeting for meeting in calendar.meetings if meeting.kind == rule.kind]
        half_days = sum(meeting.half_days for meeting in meetings)
        values = {"kind": KINDS[rule.kind], "meetings": len(meetings), "days": _days(half_days)}
        if rule.meetings is not None and len(meetings) != rule.meetings:
            yield Finding(
                "fault",
                rule.kind,
                rule.authority,
                sentence("Of the kind {kind}, {laid_down} meetings were laid down, but the calendar has {meetings}."),
                {**values, "laid_down": rule.meetings},
            )
        if rule.days_at_most is not None and half_days > 2 * rule.days_at_most:
            yield Finding(
                "fault",
                rule.kind,
                rule.authority,
                sentence(
                    "Meetings of the kind {kind} take {days} days, but at most {laid_down} in all were laid down."
                ),
                {**values, "laid_down": rule.days_at_most},
            )
        if rule.days_in_all is not None and half_days != 2 * rule.days_in_all:
            yield Finding(
                "warning",
                rule.kind,
                rule.authority,
                sentence("Meetings of the kind {kind} take {days} days, but {laid_down} in all were laid down."),
                {**values, "laid_down": rule.days_in_all},
            )


def _within(meeting: Meeting, start: date, end: date) -> bool:
    return start <= meeting.first_day and meeting.last_day < end


def _days(half_days: int) -> Decimal:
    return Decimal(half_days) / 2


CHECKS: tuple[Callable[[Calendar], Iterator[Finding]], ...] = (
    _of_one_name,
    _inside_their_window,
    _as_long_as_laid_down,
    _where_laid_down,
    _in_their_phase,
    _with_their_document,
    _calls_before_their_meeting,
    _on_days_of_their_own,
    _as_many_as_laid_down,
)
