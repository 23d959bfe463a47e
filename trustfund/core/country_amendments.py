"""What was decided about a State since the table of countries was written (rules of the fund, 1).

Each amendment names its document, the day from which it holds and the day on which the fund recorded it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from trustfund.core.countries import PARTICIPATION, REGIONS, State, state
from trustfund.core.refusal import Refused

GRADUATIONS = {"ldc_to": "decided", "ldc_scheduled": "scheduled"}


@dataclass(frozen=True, slots=True)
class Amendment:
    """A fact that was decided since the table was written: by which document, from which day it holds, and when the
    fund recorded it. A later one stands over an earlier one. ``value``: as ``amendment`` reads it."""

    state: str
    fact: str
    value: date | bool | str | None
    document: str
    effective: date
    recorded_on: date

    def applies(self, state: State, day: date, known_on: date | None) -> bool:
        """A graduation acts by its own day, so it is known from the day it is recorded."""
        return (
            self.state == state.iso3
            and (known_on is None or self.recorded_on <= known_on)
            and (self.fact in GRADUATIONS or self.effective <= day)
        )

    def applied(self, state: State) -> State:
        if status := GRADUATIONS.get(self.fact):
            assert not isinstance(self.value, str | bool)
            return replace(
                state, ldc_to=self.value, ldc_to_status=status if self.value else "", ldc_to_document=self.document
            )
        changes: dict[str, Any] = {self.fact: self.value}
        if self.fact == "ldc_from":  # on the list again: the day on which it left is over
            changes |= {"ldc_to": None, "ldc_to_status": "", "ldc_to_document": ""}
        return replace(state, **changes)


def as_known(state: State, day: date, amendments: Iterable[Amendment], *, known_on: date | None = None) -> State:
    """The State with the amendments that hold on a day, of those recorded by ``known_on`` (all if None)."""
    for one in sorted(amendments, key=lambda one: one.recorded_on):
        if one.applies(state, day, known_on):
            state = one.applied(state)
    return state


def amendment(iso3: str, fact: str, value: str, *, document: str, effective: date, recorded_on: date) -> Amendment:
    """An amendment as an officer writes it, or refused. ``fact`` and ``value``:

    ldc_to: the day on which the State leaves the list by a decision, or ``never``; ldc_scheduled: another day for
    which its graduation is scheduled; ldc_from: the day on which it enters the list; lldc, sids, developing: yes or no;
    region and participation: a word of REGIONS or PARTICIPATION.
    """
    known = state(iso3)
    if fact not in FACTS:
        raise Refused("“{fact}” is no fact of a State that can be amended.", fact=fact, field="fact")
    if not document.strip():
        raise Refused("An amendment names the document that decided it, for example A/RES/76/8.", field="document")
    read = FACTS[fact](value.strip())
    if fact in GRADUATIONS and isinstance(read, date) and (known.ldc_from is None or read < known.ldc_from):
        raise Refused(
            "{state} was no least developed country before {day}, so it cannot leave the list then.",
            state=iso3,
            day=read,
            field="value",
        )
    return Amendment(iso3, fact, read, document.strip(), effective, recorded_on)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("“{text}” is no day; write it as 2026-11-24.", text=text, field="value") from None


def _day_or_never(text: str) -> date | None:
    return None if text == "never" else _day(text)


def _flag(text: str) -> bool:
    return _word("yes", "no")(text) == "yes"


def _word(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise Refused(
                "“{text}” is not known here; write one of: {known}.", text=text, known=", ".join(known), field="value"
            )
        return text

    return read


FACTS: dict[str, Callable[[str], date | bool | str | None]] = {
    "ldc_to": _day_or_never,
    "ldc_scheduled": _day,
    "ldc_from": _day,
    "lldc": _flag,
    "sids": _flag,
    "developing": _flag,
    "region": _word(*REGIONS),
    "participation": _word(*PARTICIPATION),
}
"""What an amendment can change, and how its value is read."""
