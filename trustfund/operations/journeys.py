"""What a journey costs: by the officer's quote or the planning fare, the rates in force, and what the meeting gives.

It is computed anew whenever somebody looks, until it is certified; from then on the certified lines stand.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from trustfund.core import costs, planning
from trustfund.core.costs import Cost, DatedRate, Given, Line
from trustfund.core.countries import state
from trustfund.core.money import amount_of, major, minor, rounded
from trustfund.core.refusal import Refused, sentence
from trustfund.core.verifier import canonical
from trustfund.models.awards import Award, Quote
from trustfund.operations.allowances import Provision, dsa_rates_for, provision_of
from trustfund.operations.award_deeds import fact, frame_for, seal, seen_award, words
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import Fact, Operation, deed

VISA = sentence("fee announced, paid against the receipt")


@dataclass(frozen=True)
class Journey:
    """A journey and its cost. ``arrival``, ``departure``: the first and the last day."""

    frame: Frame
    arrival: date
    departure: date
    cost: Cost

    @property
    def nights(self) -> int:
        return (self.departure - self.arrival).days

    @property
    def advance(self) -> int:
        """What is advanced of the daily allowance and the terminal expenses, in cents."""
        part = sum((line.usd for line in self.cost.lines if line.kind in ("allowance", "terminal")), Decimal(0))
        return minor(rounded(part * self.frame.mandate.setting("advance_share")), "USD")

    @property
    def fare(self) -> Line:
        return next(line for line in self.cost.lines if line.kind == "fare")

    @property
    def digest(self) -> str:
        """By it a page says which cost it showed."""
        return hashlib.sha256(lines_text(self.cost).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Tables:
    """What the journeys to a meeting are computed from: read once, for as many of them as a page shows."""

    frame: Frame
    provided: Provision
    rates: Callable[[tuple[date, ...]], Sequence[DatedRate]]  # of the nights of a journey


def tables_of(session: Session, meeting: str, today: date) -> Tables:
    frame = frame_of(session, meeting, today)

    @cache
    def rates(nights: tuple[date, ...]) -> Sequence[DatedRate]:
        return dsa_rates_for(session, frame.meeting.city, nights, frame.mandate, today)

    return Tables(frame, provision_of(session, meeting), rates)


def journey_of(session: Session, award: Award, today: date, tables: Tables | None = None) -> Journey:
    """The journey of an award: as it was certified, or as it would cost today.

    Refused, naming place and day, where a fare, an allowance or a rate of exchange is wanting.
    """
    tables = tables or tables_of(session, award.meeting, today)
    frame = tables.frame
    arrival, departure = costs.days_of_journey(frame.meeting.days, **_days(award, frame))
    if award.charge is not None:
        return Journey(frame, arrival, departure, read(award.lines))
    return Journey(frame, arrival, departure, _computed(award, tables, arrival, departure))


def _computed(award: Award, tables: Tables, arrival: date, departure: date) -> Cost:
    frame, provided = tables.frame, tables.provided
    meeting, setting, home = frame.meeting, frame.mandate.setting, award.application.home_city
    nights = costs.nights_of(meeting.days, **_days(award, frame))
    visa = [Line("visa", home, arrival, 1, major(award.visa, "USD"), Decimal(1), VISA)] if award.visa else []
    lines = (
        _fare(award, frame, home, arrival),
        *costs.allowance(
            meeting.city,
            nights,
            tables.rates(tuple(nights)),
            factor=provided.factor if provided.factor is not None else setting("dsa_factor"),
            deductions=setting("deductions"),
            given=provided.given,
        ),
        *costs.terminal(
            meeting.city,
            home,
            arrival,
            departure,
            costs.dated_rates(setting("terminal_rates")),
            transport=provided.transport,
        ),
        *visa,
    )
    return costs.cost_of(lines, [fee.rate for fee in frame.mandate.fees_on(meeting.first_day, "expenditure")])


def _days(award: Award, frame: Frame) -> dict[str, int]:
    setting = frame.mandate.setting
    before, after = award.days_before, award.days_after
    return {
        "before": setting("arrive_days_before") if before is None else before,
        "after": setting("leave_days_after") if after is None else after,
    }


def _fare(award: Award, frame: Frame, home: str, arrival: date) -> Line:
    if quote := chosen(award.quotes):
        return costs.fare(home, major(quote.usd, "USD"), quote.day, f"{quote.route}: {quote.source}")
    subregion = state(award.state).subregion
    usd = planning.planning_fare(subregion, frame.meeting.city, arrival, frame.mandate.setting)
    return costs.fare(home, usd, arrival, planning.PLANNING_FARE)


def chosen(quotes: Sequence[Quote]) -> Quote | None:
    return next((quote for quote in quotes if quote.chosen), None)


def dearer(award: Award, journey: Journey) -> bool:
    """Whether the cost needs a reason and a second approving officer: not the cheapest quote, or a charge well above
    the one with which the run proposed the seat (rules of the fund, 5)."""
    quote = chosen(award.quotes)
    limit = major(award.proposed, "USD") * (1 + journey.frame.mandate.setting("dearer_charge_share"))
    return (quote is not None and quote.usd > min(q.usd for q in award.quotes)) or journey.cost.charge > limit


def lines_text(cost: Cost) -> str:
    """A cost as it is kept: canonical JSON, amounts as plain text; what a line does not tell is absent."""
    return canonical({"lines": [_row(line) for line in cost.lines], "support": f"{cost.support:f}"})


def _row(line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": line.kind,
        "place": line.place,
        "day": line.day.isoformat(),
        "quantity": line.quantity,
        "rate": f"{line.rate:f}",
        "share": _share(line.share),
        "source": line.source,
        "usd": f"{line.usd:f}",
    }
    if line.since is not None:
        row["since"] = line.since.isoformat()
    if line.factor is not None:
        row["factor"] = _share(line.factor)
    if line.given:
        row["given"] = [
            {"what": one.what, "day": one.day.isoformat(), "share": _share(one.share), "by": one.by}
            for one in line.given
        ]
    return row


def _share(share: Decimal) -> str:
    return f"{share.normalize():f}"


def read(text: str) -> Cost:
    """The cost that was kept."""
    kept = json.loads(text)
    return Cost(tuple(map(line_of, kept["lines"])), Decimal(kept["support"]))


def line_of(row: Mapping[str, Any]) -> Line:
    """A line that was kept; one of an earlier day does not tell since when, by which factor, what was given."""
    return Line(
        row["kind"],
        row["place"],
        date.fromisoformat(row["day"]),
        row["quantity"],
        Decimal(row["rate"]),
        Decimal(row["share"]),
        row["source"],
        date.fromisoformat(row["since"]) if "since" in row else None,
        Decimal(row["factor"]) if "factor" in row else None,
        tuple(
            Given(one["what"], date.fromisoformat(one["day"]), Decimal(one["share"]), one["by"])
            for one in row.get("given", ())
        ),
    )


@deed("journey.changed")
def change_journey(
    op: Operation,
    reference: str,
    *,
    seen: int,
    days_before: int | None = None,
    days_after: int | None = None,
    visa: str = "",
    reason: str = "",
) -> Fact:
    """Other days than the usual ones, with a reason; the fee of a visa, in USD."""
    award = seen_award(op, reference, seen, "journey.changed")
    setting = frame_for(op, award).mandate.setting
    usual = setting("arrive_days_before"), setting("leave_days_after")
    for days, field in ((days_before, "days_before"), (days_after, "days_after")):
        if days is not None and not 0 <= days <= 7:
            raise Refused("A journey begins and ends at most seven days beside the meeting.", field=field)
    other = (days_before, days_after) not in {(None, None), usual}
    return fact(
        op,
        award,
        days_before=days_before if other else None,
        days_after=days_after if other else None,
        journey_reason=words(reason, "reason") if other else "",
        visa=minor(amount_of(visa, "USD"), "USD") if visa.strip() else 0,
    )


@deed("quote.recorded")
def record_quote(
    op: Operation, reference: str, *, seen: int, route: str, source: str, amount: str, day: date, choose: bool = False
) -> Fact:
    """A fare in economy class, as an agent or a carrier quoted it; the one that is chosen is what the award costs."""
    award = seen_award(op, reference, seen, "quote.recorded")
    route, source = route.strip(), source.strip()
    if not route or len(route) > 200:
        raise Refused("Write the route, for example Kathmandu – New York – Kathmandu.", field="route")
    if not source or len(source) > 120:
        raise Refused("Write who quoted the fare, with the reference of the quote.", field="source")
    if day > op.today:
        raise Refused("{day} lies ahead. Enter the day on which it happened.", day=day, field="day")
    quote = Quote(
        award_id=award.id,
        number=1 + max((q.number for q in award.quotes), default=0),
        route=route,
        source=source,
        usd=minor(amount_of(amount, "USD"), "USD"),
        day=day,
        chosen=False,
        seq=op.next_seq,
    )
    award.quotes.append(quote)
    if choose or len(award.quotes) == 1:
        _choose(award, quote)
    told = {**_told(quote), "seal": seal(op, f"{route}\n{source}")}
    return fact(op, award, data={"quote": told, "chosen": _number(chosen(award.quotes))})


@deed("journey.changed")
def choose_quote(op: Operation, reference: str, *, seen: int, number: int) -> Fact:
    """Another of the recorded quotes."""
    award = seen_award(op, reference, seen, "journey.changed")
    quote = next((q for q in award.quotes if q.number == number), None)
    if quote is None:
        raise Refused("Choose one of the recorded quotes.", field="number")
    _choose(award, quote)
    return fact(op, award, data={"chosen": number})


def _choose(award: Award, quote: Quote) -> None:
    for one in award.quotes:
        one.chosen = one is quote


def _number(quote: Quote | None) -> int | None:
    return quote.number if quote else None


def _told(quote: Quote) -> dict[str, object]:
    return {"number": quote.number, "usd": quote.usd, "day": quote.day.isoformat()}
