"""What a journey costs: fare, daily subsistence allowance, terminal expenses, visa, and support cost on top.

Authority: rules of the fund, 5 (fund practice, after the ICSC's rules on the allowance and ST/IC on terminal expenses).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from trustfund.core.money import rounded
from trustfund.core.refusal import Refused

ZERO = Decimal("0.00")
OUTSIDE = "elsewhere"
"""The place of a terminal rate that holds wherever no other does."""
PROVIDED = "transport provided"
"""The place of a terminal rate that holds where official transport meets the traveller."""
TRANSPORT = "transport"
MEETING, OTHERS = "meeting", "others"
"""Who gives something without charge: the meeting itself, or anybody else."""


@dataclass(frozen=True, slots=True)
class DatedRate:
    """An amount in USD for a place from a day on. ``lodging``: the part of an allowance that is lodging, if its own."""

    place: str
    usd: Decimal
    start: date
    source: str
    lodging: Decimal | None = None


def dated_rates(rows: Iterable[Mapping[str, Any]]) -> tuple[DatedRate, ...]:
    """The rates of a setting of the mandate: rows of place, usd, from, source and, if its own, lodging."""
    return tuple(DatedRate(row["place"], row["usd"], row["from"], row["source"], row.get("lodging")) for row in rows)


@dataclass(frozen=True, slots=True)
class Given:
    """What is given on a day without charge: lodging, a meal, or transport, which has a rate of its own.

    ``share``: of the night's allowance, taken away for it; ``by``: the meeting or others.
    """

    what: str
    day: date
    share: Decimal
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cost, in USD: ``quantity`` × ``rate`` × ``share``, rounded once. ``day``: its first.

    ``since``: from which day the rate is in force; ``factor`` and what is ``given``: by which its ``share`` came about.
    Lines that were kept before they told so have none of the three.
    """

    kind: str  # fare, allowance, terminal or visa
    place: str
    day: date
    quantity: int
    rate: Decimal
    share: Decimal
    source: str
    since: date | None = None
    factor: Decimal | None = None
    given: tuple[Given, ...] = ()

    @property
    def usd(self) -> Decimal:
        return rounded(self.rate * self.quantity * self.share)


@dataclass(frozen=True, slots=True)
class Cost:
    """The lines of a journey. ``total``: what it costs; ``support``: programme support cost; ``charge``: both."""

    lines: tuple[Line, ...]
    support: Decimal

    @property
    def total(self) -> Decimal:
        return sum((line.usd for line in self.lines), ZERO)

    @property
    def charge(self) -> Decimal:
        return self.total + self.support


def cost_of(lines: Iterable[Line], fees: Iterable[Decimal]) -> Cost:
    """The cost of these lines; ``fees``: rates of base expenditure in force, each rounded half up."""
    kept = tuple(lines)
    total = sum((line.usd for line in kept), ZERO)
    return Cost(kept, sum((rounded(total * fee) for fee in fees), ZERO))


def days_of_journey(days: Sequence[date], *, before: int, after: int) -> tuple[date, date]:
    """The day of arrival (first day − before) and that of departure (last day + after)."""
    return min(days) - timedelta(days=before), max(days) + timedelta(days=after)


def nights_of(days: Sequence[date], *, before: int, after: int) -> list[date]:
    """Nights from that of the arrival to the one before the departure, with gaps."""
    arrival, departure = days_of_journey(days, before=before, after=after)
    return [arrival + timedelta(days=n) for n in range((departure - arrival).days)]


def allowance(
    place: str,
    nights: Sequence[date],
    rates: Sequence[DatedRate],
    *,
    factor: Decimal,
    deductions: Mapping[str, Decimal],
    given: Mapping[date, Iterable[str]] | None = None,
    others: Mapping[date, Iterable[str]] | None = None,
) -> list[Line]:
    """Lines of the allowance: one for each run of nights with equal rate, factor and deductions, each rounded once.

    ``given``: day -> lodging, breakfast, lunch or dinner that the meeting provides on it, which reduces the night of
    that day; ``others``: the same of what others give. What both give is deducted once, as the meeting's.
    """

    def given_on(night: date, rate: DatedRate) -> list[Given]:
        shares = {**deductions, **({"lodging": rate.lodging} if rate.lodging is not None else {})}
        by = dict.fromkeys((others or {}).get(night, ()), OTHERS) | dict.fromkeys((given or {}).get(night, ()), MEETING)
        return [Given(what, night, shares[what], by[what]) for what in sorted(by)]

    def of_night(night: date) -> tuple[DatedRate, Decimal]:
        rate = rate_on(rates, place, night)
        taken = sum((one.share for one in given_on(night, rate)), Decimal(0))
        return rate, factor * max(1 - taken, Decimal(0))

    lines = []
    for (rate, share), run in groupby(sorted(nights), key=of_night):
        kept = list(run)
        lowered = tuple(one for night in kept for one in given_on(night, rate))
        lines.append(
            Line("allowance", place, kept[0], len(kept), rate.usd, share, rate.source, rate.start, factor, lowered)
        )
    return lines


def terminal(
    venue: str, home: str, arrival: date, departure: date, rates: Sequence[DatedRate], *, transport: bool = False
) -> list[Line]:
    """Four trips of a return journey: two at the venue's rate, two at the home's, each in force on its day. Where a
    place has no rate of its own yet, the one for elsewhere holds. ``transport``: it is provided at the venue."""
    at_venue = rate_on(rates, PROVIDED, arrival) if transport else _of_terminal(rates, venue, arrival)
    met = (Given(TRANSPORT, arrival, Decimal(0), MEETING),) if transport else ()
    return [
        Line("terminal", place, day, 2, rate.usd, Decimal(1), rate.source, rate.start, given=given)
        for place, day, rate, given in (
            (venue, arrival, at_venue, met),
            (home, departure, _of_terminal(rates, home, departure), ()),
        )
    ]


def fare(place: str, usd: Decimal, day: date, source: str) -> Line:
    """A quote, or a planning fare until there is one; never the applicant's own figure."""
    return Line("fare", place, day, 1, usd, Decimal(1), source)


def rate_on(rates: Sequence[DatedRate], place: str, day: date) -> DatedRate:
    """The rate of a place in force on a day: the latest not after it. Refused, naming place and day, where none is."""
    rate = latest_of(rates, place, day)
    if rate is None:
        raise Refused(
            "There is no rate for {place} on {day}. Enter the rate in force on that day first.", place=place, day=day
        )
    return rate


def latest_of(rates: Sequence[DatedRate], place: str, day: date) -> DatedRate | None:
    """The same; None where no rate of the place is in force yet."""
    return max((r for r in rates if r.place == place and r.start <= day), key=lambda r: r.start, default=None)


def _of_terminal(rates: Sequence[DatedRate], place: str, day: date) -> DatedRate:
    return latest_of(rates, place, day) or latest_of(rates, OUTSIDE, day) or rate_on(rates, place, day)
