"""What a delegate is planned to be paid, day by day of the journey, before anybody applies (rules of the fund, 5).

The days add up to the lines of the cost to the cent: a line is rounded once, so each night has what its line grows by.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from trustfund.core.calendar import Meeting
from trustfund.core.costs import ZERO, DatedRate, Given, Line, allowance, days_of_journey, nights_of, terminal
from trustfund.core.money import rounded

Settings = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class JourneyDay:
    """A day of the journey. ``night``: the line of its allowance, None on the day of the departure; ``given``: what is
    given on it; ``trips``: how many at the venue's and the home's rate, with what they come to."""

    day: date
    arrives: bool
    meets: bool
    leaves: bool
    night: Line | None
    allowance: Decimal
    given: tuple[Given, ...]
    trips: tuple[Line, ...]
    terminal: Decimal

    @property
    def usd(self) -> Decimal:
        return self.allowance + self.terminal


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """The days with what is paid to the delegate on the whole. ``advance``: the part that comes before the journey."""

    days: tuple[JourneyDay, ...]
    lines: tuple[Line, ...]
    advance: Decimal

    @property
    def usd(self) -> Decimal:
        return sum((line.usd for line in self.lines), ZERO)


def planned_days(
    meeting: Meeting,
    home: str,
    settings: Settings,
    dsa_rates: Sequence[DatedRate],
    terminal_rates: Sequence[DatedRate],
    *,
    factor: Decimal | None = None,
    given: Mapping[date, Iterable[str]] | None = None,
    transport: bool = False,
) -> PlannedDays:
    """Refused, naming place and day, where a rate is wanting. ``factor``, ``given`` and ``transport``: what the meeting
    provides, as ``costs`` takes it; ``factor`` of the mandate if None."""
    before, after = settings("arrive_days_before"), settings("leave_days_after")
    arrival, departure = days_of_journey(meeting.days, before=before, after=after)
    nights = allowance(
        meeting.city,
        nights_of(meeting.days, before=before, after=after),
        dsa_rates,
        factor=settings("dsa_factor") if factor is None else factor,
        deductions=settings("deductions"),
        given=given,
    )
    trips = terminal(meeting.city, home, arrival, departure, terminal_rates, transport=transport)
    by_night = {night: (line, usd) for line in nights for night, usd in _nights(line)}
    each_way = sum((trip.rate for trip in trips), ZERO)

    def of(day: date) -> JourneyDay:
        line, usd = by_night.get(day, (None, ZERO))
        ways = (day == arrival) + (day == departure)
        return JourneyDay(
            day=day,
            arrives=day == arrival,
            meets=day in meeting.days,
            leaves=day == departure,
            night=line,
            allowance=usd,
            given=tuple(one for one in line.given if one.day == day) if line else (),
            trips=tuple(trips) if ways else (),
            terminal=each_way * ways,
        )

    lines = (*nights, *trips)
    paid = sum((line.usd for line in lines), ZERO)
    days = [arrival + timedelta(days=n) for n in range((departure - arrival).days + 1)]
    return PlannedDays(tuple(map(of, days)), lines, rounded(paid * settings("advance_share")))


def _nights(line: Line) -> Iterable[tuple[date, Decimal]]:
    """Each night of a line with what the line grows by: 250.00, 250.00 and 249.99 of 749.99."""
    paid = ZERO
    for n in range(line.quantity):
        up_to = rounded(line.rate * line.share * (n + 1))
        yield line.day + timedelta(days=n), up_to - paid
        paid = up_to
