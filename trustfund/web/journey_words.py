"""What a journey costs, line by line, as pages and papers say it, by which rate of which day; when it is claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from trustfund.core.costs import Cost, Line
from trustfund.core.mandate import Fee
from trustfund.core.planning import PLANNING_FARE
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import day, in_words, list_of, say, told
from trustfund.models.awards import Award
from trustfund.operations.journeys import VISA, Journey, journey_of
from trustfund.operations.meetings import Frame
from trustfund.operations.settlements import RECEIPT

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
        return say("{n} trips in {place} at {rate} ({source})", **_values(line, source))
    if line.kind == "allowance":
        return _nights(line, source)
    if line.source == PLANNING_FARE:
        return say("Planning fare from {place}, economy class, until a quote is recorded", place=line.place)
    return say("{source}. Economy class, quoted on {day}", source=source, day=line.day)


def _nights(line: Line, source: str) -> str:
    last = line.day + timedelta(days=line.quantity)
    key = (
        sentence("One night, {first} to {last}, at {rate} in {place} ({source})")
        if line.quantity == 1
        else sentence("{n} nights, {first} to {last}, at {rate} in {place} ({source})")
    )
    said = say(key, first=line.day, last=last, **_values(line, source))
    return said if line.share == 1 else say("{line}, × {share}", line=said, share=line.share.normalize())


def _values(line: Line, source: str) -> dict[str, object]:
    return {"n": line.quantity, "place": line.place, "rate": line.rate, "source": source}


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
    return [Told(say("Support cost"), "; ".join(rules), cost.support)] if rules else []


def claim_by(frame: Frame, journey: Journey | None) -> date:
    """Until when a claim will be due, as far as it is known before the journey."""
    departure = journey.departure if journey else frame.meeting.last_day
    return departure + timedelta(days=frame.mandate.setting("days_to_claim"))


def told_given(given: Mapping[date, Sequence[str]]) -> str:
    """What a meeting gives, in one sentence: lunch on 20 February 2018, and dinner on …; nothing: empty."""
    days: dict[str, list[date]] = {}
    for one, kinds in sorted(given.items()):
        for kind in kinds:
            days.setdefault(kind, []).append(one)
    return list_of(say(GIVEN[kind], days=list_of(map(day, days[kind]))) for kind in GIVEN if kind in days)
