"""About how much a journey to a meeting comes to, day by day, as the public reads it before a call."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.core.costs import Line, dated_rates
from trustfund.core.countries import State
from trustfund.core.journey_days import PlannedDays, planned_days
from trustfund.core.money import Money
from trustfund.core.planning import planning_fare_row
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, language, say, told
from trustfund.operations.allowances import planned_dsa_rates, provision_of
from trustfund.operations.meetings import Frame
from trustfund.web.journey_words import EXAMPLE, SOURCES, given_by_meeting

RATE = {
    "allowance": sentence("Daily subsistence in {place}: {rate} a night, in force since {since} ({source})."),
    "terminal": sentence("A trip to or from the airport in {place}: {rate}, in force since {since} ({source})."),
    "home": sentence("A trip to or from the airport at home: {rate}, in force since {since} ({source})."),
}
"""A rate with its source and its day: kind of line, or home -> sentence."""


@dataclass(frozen=True)
class Fare:
    """What the ticket is planned to cost: never paid out, for the fund buys it."""

    usd: Decimal
    since: date


@dataclass(frozen=True)
class Planned:
    """``wanting``: why the days cannot be told today; ``rates``: the lines, each with its source and its day."""

    days: PlannedDays | None
    wanting: str = ""
    fare: Fare | None = None
    no_fare: str = ""
    rates: tuple[str, ...] = ()
    given: str = ""
    examples: bool = False


def planned_journey(frame: Frame, state: State | None, today: date) -> Planned:
    """By the rules of the meeting's mandate and what the meeting provides, from the subregion of a State if one is
    chosen; in a fixed number of statements."""
    meeting, mandate = frame.meeting, frame.mandate
    provided = provision_of(db.session(), meeting.code)
    try:
        found = planned_days(
            meeting,
            state.names["en"] if state else "",
            mandate.setting,
            planned_dsa_rates(db.session(), frame, today),
            dated_rates(mandate.setting("terminal_rates")),
            factor=provided.factor,
            given=provided.given,
            transport=provided.transport,
        )
    except Refused as refused:
        return Planned(None, told(refused))
    fare, no_fare = _fare(frame, state, found.days[0].day) if state else (None, "")
    lines = found.lines
    return Planned(
        found, "", fare, no_fare, _rates(frame, lines), given_by_meeting(lines), any(x.source == EXAMPLE for x in lines)
    )


def _fare(frame: Frame, state: State, day: date) -> tuple[Fare | None, str]:
    try:
        row = planning_fare_row(state.subregion, frame.meeting.city, day, frame.mandate.setting)
    except Refused:
        return None, say("From {state} no fare is planned.", state=state.name_on(frame.meeting.first_day, language()))
    return Fare(row["usd"], row["from"]), ""


def _rates(frame: Frame, lines: tuple[Line, ...]) -> tuple[str, ...]:
    city = in_words(frame.meeting.place)
    return tuple(
        say(
            RATE[line.kind if line.place == frame.meeting.city else "home"],
            place=city,
            rate=Money(line.rate, "USD"),
            since=line.since,
            source=say(line.source) if line.source in SOURCES else line.source,
        )
        for line in lines
    )
