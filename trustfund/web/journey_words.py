"""What a journey costs, line by line, as pages and papers say it, by which rate of which day; when it is claimed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce

from trustfund.core.costs import MEETING, OTHERS, TRANSPORT, ZERO, Cost, Given, Line
from trustfund.core.mandate import Fee
from trustfund.core.planning import PLANNING_FARE
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, list_of, say, told
from trustfund.models.awards import Award
from trustfund.operations.journeys import VISA, Journey, journey_of
from trustfund.operations.meetings import Frame
from trustfund.operations.settlements import RECEIPT
from trustfund.web.zones import days_of

WHAT = {
    "fare": sentence("Ticket"),
    "allowance": sentence("Daily subsistence"),
    "terminal": sentence("Terminal expenses"),
    "visa": sentence("Visa"),
}
GIVEN = {
    "lodging": sentence("lodging on {days}"),
    "breakfast": sentence("breakfast on {days}"),
    "lunch": sentence("lunch on {days}"),
    "dinner": sentence("dinner on {days}"),
}
LESS = {
    MEETING: sentence("less {shares}, given by the meeting"),
    OTHERS: sentence("less {shares}, given by others"),
}
EXAMPLE = sentence("example")
SOURCES = frozenset({EXAMPLE, VISA, RECEIPT})
"""Sources that are words of the product; every other is told as it was entered."""


@dataclass(frozen=True)
class Told:
    """A line of a cost in the reader's language."""

    what: str
    rule: str
    usd: Decimal


def cost_of(award: Award, today: date) -> tuple[Journey | None, str]:
    """The journey with its cost; or why it cannot be told today."""
    try:
        return journey_of(db.session(), award, today), ""
    except Refused as refused:
        return None, told(refused)


def told_lines(cost: Cost) -> list[Told]:
    return [Told(say(WHAT[line.kind]), _rule(line), line.usd) for line in cost.lines]


def _rule(line: Line) -> str:
    source = say(line.source) if line.source in SOURCES else line.source
    if line.kind == "visa":
        return f"{source[:1].upper()}{source[1:]}"
    if line.kind == "terminal":
        return _trips(line, source)
    if line.kind == "allowance":
        return _joined([_nights(line, source), *_by_factor(line), *_less(line.given)])
    if line.source == PLANNING_FARE:
        return say(
            "Planning fare from {place}, in force on {day}, economy class, until a quote is recorded",
            place=line.place,
            day=line.day,
        )
    return say("{source}. Economy class, quoted on {day}", source=source, day=line.day)


def _joined(parts: Sequence[str]) -> str:
    """Parts of a rule with a semicolon between them, before which French has a space."""
    return reduce(lambda one, other: say("{one}; {other}", one=one, other=other), parts)


def _trips(line: Line, source: str) -> str:
    key = (
        sentence("One trip in {place} at {rate}, the rate of {day} ({source})")
        if line.quantity == 1
        else sentence("{n} trips in {place} at {rate}, the rate of {day} ({source})")
    )
    said = [say(key, day=line.day, **_values(line, source))]
    if any(given.what == TRANSPORT for given in line.given):
        said.append(say("with transport given by the meeting"))
    return _joined(said)


def _nights(line: Line, source: str) -> str:
    last = line.day + timedelta(days=line.quantity)
    key = (
        sentence("One night, {first} to {last}, at {rate} in {place} ({source})")
        if line.quantity == 1
        else sentence("{n} nights, {first} to {last}, at {rate} in {place} ({source})")
    )
    return say(key, first=line.day, last=last, **_values(line, source))


def _values(line: Line, source: str) -> dict[str, object]:
    """``source`` with the day from which the rate is in force, where the line tells it."""
    if line.since is not None:
        source = say("{source}, in force from {since}", source=source, since=line.since)
    return {"n": line.quantity, "place": line.place, "rate": line.rate, "source": source}


def _by_factor(line: Line) -> list[str]:
    """The factor of the meeting, with two decimals at least; of a line that was kept without it, the share alone."""
    if line.factor is not None:
        return [say("factor {factor}", factor=line.factor + ZERO)]
    return [say("× {share}", share=line.share.normalize())] if line.share != 1 else []


def _less(given: Sequence[Given]) -> list[str]:
    """What is taken away for what was given on which days: first by the meeting, then by others."""
    days: dict[tuple[str, str, Decimal], list[date]] = {}
    for one in sorted(given, key=lambda one: [*GIVEN].index(one.what)):
        days.setdefault((one.by, one.what, one.share), []).append(one.day)
    shares: dict[str, list[str]] = {}
    for (by, what, share), on in days.items():
        meal = say(GIVEN[what], days=days_of(on))
        shares.setdefault(by, []).append(say("{rate} per cent for {what}", rate=(share * 100).normalize(), what=meal))
    return [say(LESS[by], shares=list_of(shares[by])) for by in LESS if by in shares]


def told_fees(cost: Cost, fees: Sequence[Fee]) -> list[Told]:
    """Programme support cost, with its rates; one sum, as it is charged."""
    rules = [
        say(
            "{name}, {rate} per cent of expenditure, in force since {day}",
            name=in_words(fee.name),
            rate=(fee.rate * 100).normalize(),
            day=fee.start,
        )
        for fee in fees
    ]
    return [Told(say("Support cost"), _joined(rules), cost.support)] if rules else []


def claim_by(frame: Frame, journey: Journey | None) -> date:
    """Until when a claim will be due, as far as it is known before the journey."""
    departure = journey.departure if journey else frame.meeting.last_day
    return departure + timedelta(days=frame.mandate.setting("days_to_claim"))


def given_by_meeting(lines: Iterable[Line]) -> str:
    """What the meeting gives, by the lines themselves, so that what was certified is told as it was certified."""
    given: dict[date, list[str]] = {}
    for one in (one for line in lines for one in line.given if one.by == MEETING and one.what in GIVEN):
        given.setdefault(one.day, []).append(one.what)
    return told_given(given)


def told_given(given: Mapping[date, Sequence[str]]) -> str:
    """What is given, in one sentence: lunch on 20 and 22 February 2018, and dinner on …; nothing: empty."""
    days: dict[str, list[date]] = {}
    for one, kinds in sorted(given.items()):
        for kind in kinds:
            days.setdefault(kind, []).append(one)
    return list_of(say(GIVEN[kind], days=days_of(days[kind])) for kind in GIVEN if kind in days)
