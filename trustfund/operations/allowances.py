"""The daily allowance of a place in USD on each night, and what a meeting provides on each of its days."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core.costs import DatedRate, dated_rates, latest_of, nights_of
from trustfund.core.mandate import Mandate
from trustfund.core.money import Rate, in_usd, major, rate_on
from trustfund.core.refusal import Refused, Stale
from trustfund.core.verifier import canonical
from trustfund.models.allowances import DsaRate, ProvisionRow
from trustfund.models.fund import RateRow
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import Fact, Operation, deed

KINDS = ("lodging", "breakfast", "lunch", "dinner")
"""What can be given on a day of a meeting, in the order of the day."""
_FACTOR = re.compile(r"(0|1)(\.[0-9]{1,2})?", re.ASCII)


class DsaRates:
    """The allowances that the fund imported and the rates of exchange that turn them into USD.

    Read once, in two statements for any number of places and nights. ``today``: after it no exchange rate is known.
    """

    def __init__(self, session: Session, places: Iterable[str], nights: Iterable[date], mandate: Mandate, today: date):
        wanted = sorted(set(nights))
        self._today, self._rates = today, mandate.rates
        self._rows: dict[str, list[DsaRate]] = {}
        self._exchange: list[Rate] = []
        if not wanted:
            return
        for row in session.scalars(
            select(DsaRate)
            .where(DsaRate.place.in_(sorted(set(places))), DsaRate.day <= wanted[-1])
            .order_by(DsaRate.day.desc())
        ):
            self._rows.setdefault(row.place, []).append(row)
        currencies = {row.currency for rows in self._rows.values() for row in rows} - {"USD"}
        first = min(wanted[0], today) - timedelta(days=mandate.rates.max_age_days)
        for kept in session.execute(
            select(RateRow.currency, RateRow.per_usd, RateRow.day, RateRow.source).where(
                RateRow.currency.in_(sorted(currencies)),
                RateRow.source == mandate.rates.source,
                RateRow.day.between(first, min(wanted[-1], today)),
            )
        ):
            self._exchange.append(Rate(kept.currency, Decimal(kept.per_usd), kept.day, kept.source))

    def of(self, place: str, nights: Iterable[date], mandate: Mandate) -> list[DatedRate]:
        """The rates of a place for ``core.costs.allowance``: on each night the imported one, else the example.

        Refused, naming currency and day, where the allowance is in a currency without a rate of exchange.
        """
        examples = [rate for rate in dated_rates(mandate.setting("dsa_rates")) if rate.place == place]
        chosen: list[DatedRate] = []
        for night in sorted(set(nights)):
            rate = self._imported(place, night) or latest_of(examples, place, night)
            if rate and not (chosen and _same(chosen[-1], rate)):
                chosen.append(rate)
        return chosen

    def _imported(self, place: str, night: date) -> DatedRate | None:
        row = next((row for row in self._rows.get(place, ()) if row.day <= night), None)
        if row is None:
            return None
        lodging = Decimal(row.lodging) if row.lodging is not None else None
        amount = major(row.rate, row.currency)
        if row.currency == "USD":
            return DatedRate(place, amount, row.day, row.source, lodging)
        day = min(night, self._today)
        exchange = rate_on(
            self._exchange, row.currency, day, source=self._rates.source, within_days=self._rates.max_age_days
        )
        source = f"{row.source}, {row.currency} {amount:f} at {exchange.per_usd:f}"
        return DatedRate(place, in_usd(amount, exchange), max(row.day, exchange.day), source, lodging)


def dsa_rates_for(
    session: Session, place: str, nights: Iterable[date], mandate: Mandate, today: date
) -> Sequence[DatedRate]:
    """The daily allowance of a place in USD, for these nights, as ``core.costs.allowance`` takes it."""
    nights = list(nights)
    return DsaRates(session, [place], nights, mandate, today).of(place, nights, mandate)


def planned_dsa_rates(session: Session, frame: Frame, today: date) -> Sequence[DatedRate]:
    """The same for the nights that a journey to a meeting is planned to take."""
    return dsa_rates_for(
        session, frame.meeting.city, planned_nights(frame.meeting.days, frame.mandate), frame.mandate, today
    )


def planned_nights(days: Sequence[date], mandate: Mandate) -> list[date]:
    setting = mandate.setting
    return nights_of(days, before=setting("arrive_days_before"), after=setting("leave_days_after"))


def _same(one: DatedRate, other: DatedRate) -> bool:
    """Whether the next night has the rate of the one before, whatever day its rate of exchange has."""
    return (one.usd, one.source, one.lodging) == (other.usd, other.source, other.lodging)


@dataclass(frozen=True, slots=True)
class Provision:
    """What a meeting provides. ``factor``: of the allowance, None where the mandate's holds; ``transport``: between
    airport and venue; ``given``: day -> kinds. ``number`` and its ``seq``: 0 where nothing was recorded yet."""

    factor: Decimal | None = None
    transport: bool = False
    given: Mapping[date, tuple[str, ...]] = field(default_factory=dict)
    number: int = 0
    seq: int = 0


def provision_of(session: Session, meeting: str) -> Provision:
    """What stands for a meeting: its latest number; nothing where nobody recorded anything."""
    row = session.scalars(
        select(ProvisionRow).where(ProvisionRow.meeting == meeting).order_by(ProvisionRow.number.desc()).limit(1)
    ).first()
    return _read(row) if row else Provision()


@deed("provision.recorded")
def record_provision(
    op: Operation, meeting: str, *, factor: str, transport: bool, given: Mapping[str, Sequence[str]], seen_number: int
) -> Fact:
    """What a meeting provides from now on; what is certified already keeps its cost.

    ``factor``: text, empty where the mandate's holds; ``given``: ISO day -> kinds; ``seen_number``: what the officer
    read, 0 for nothing.
    """
    frame = frame_of(op.session(), meeting, op.today)
    stands = provision_of(op.session(), meeting)
    if stands.number != seen_number:
        raise Stale(
            "Another officer has recorded what this meeting provides since you opened the page. Nothing has been "
            "changed; read what stands now, and send it again if it is still right."
        )
    content = {"factor": _factor(factor), "transport": transport, "given": _given(given, frame)}
    text = canonical(content)
    if stands.number and text == _text(stands):
        raise Refused("This is what stands already. Nothing has been changed.")
    number = stands.number + 1
    op.session.add(ProvisionRow(meeting=meeting, number=number, content=text, seq=op.next_seq))
    return Fact(on=f"meeting:{meeting}", data={"meeting": meeting, "number": number, "provision": content})


def _read(row: ProvisionRow) -> Provision:
    content = json.loads(row.content)
    return Provision(
        Decimal(content["factor"]) if content["factor"] is not None else None,
        content["transport"],
        {date.fromisoformat(day): tuple(kinds) for day, kinds in content["given"].items()},
        row.number,
        row.seq,
    )


def _text(stands: Provision) -> str:
    factor = None if stands.factor is None else f"{stands.factor:f}"
    given = {day.isoformat(): list(kinds) for day, kinds in stands.given.items()}
    return canonical({"factor": factor, "transport": stands.transport, "given": given})


def _factor(text: str) -> str | None:
    text = text.strip()
    if not text:
        return None
    if not _FACTOR.fullmatch(text) or Decimal(text) > 1:
        raise Refused("A factor is from 0 to 1.00, with at most two decimals, for example 0.75.", field="factor")
    return f"{Decimal(text):.2f}"


def _given(given: Mapping[str, Sequence[str]], frame: Frame) -> dict[str, list[str]]:
    """Days in order, kinds in the order of the day; a day on which nothing is given is left out."""
    days: dict[str, Any] = {day.isoformat(): given.get(day.isoformat(), ()) for day in frame.meeting.days}
    for day in given:
        if day not in days:
            raise Refused("{day} is no day of this meeting.", day=day[:20], field="given")
        for kind in given[day]:
            if kind not in KINDS:
                raise Refused("A meeting provides lodging, breakfast, lunch or dinner.", field="given")
    return {day: [kind for kind in KINDS if kind in kinds] for day, kinds in days.items() if kinds}
