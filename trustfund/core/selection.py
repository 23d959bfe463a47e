"""The selection of a meeting: what came of who stood for it, by which rules and with which money.

Anybody can decide it again: ``decided`` takes the record as it was published and gives the same bytes on any machine
(format trustfund-selection/1).
"""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from trustfund.core.allocation import Allocation, allocate
from trustfund.core.priority import Place, Ranking, ranked
from trustfund.core.selection_record import COMPUTED, FORMAT, MalformedRecord, checked, read, record_of
from trustfund.core.verifier import canonical

__all__ = ["COMPUTED", "FORMAT", "MalformedRecord", "Row", "Selection", "decided", "read", "record_of"]


class Row(NamedTuple):
    """A place as a page shows it. ``left``: the money after it, all pots together; ``missing``: how much more it would
    have needed, nothing unless it waits because its own charge did not fit."""

    position: int
    place: Place
    outcome: str
    left: Decimal
    missing: Decimal


class Selection(NamedTuple):
    """A selection record as it was read, and what the rules make of it."""

    given: Mapping[str, Any]
    places: Ranking
    allocation: Allocation

    def rows(self, start: int = 0, stop: int | None = None) -> list[Row]:
        """The rows of a page, as a slice of all."""
        told = self.allocation
        return [
            Row(at + 1, self.places[at], told.outcomes[at], told.left_after[at], told.missing[at])
            for at in range(len(self.places))[start:stop]
        ]

    def first_waiting(self) -> Row | None:
        """The place that is reached first if more money comes."""
        outcomes = self.allocation.outcomes
        if "waiting" not in outcomes:
            return None
        at = outcomes.index("waiting")
        return self.rows(at, at + 1)[0]

    def as_data(self) -> dict[str, Any]:
        """The record with result, spent, left and digest; candidates by reference, amounts with two decimals."""
        data = dict(self.given)
        rows = zip(self.places.candidates, self.allocation.outcomes, self.places.reasons, strict=True)
        data["result"] = [
            {"position": n, "reference": candidate.reference, "outcome": outcome, "ahead_of_next_by": reason}
            for n, (candidate, outcome, reason) in enumerate(rows, 1)
        ]
        data["spent"], data["left"] = f"{self.allocation.spent:.2f}", f"{self.allocation.left:.2f}"
        return data | {"digest": hashlib.sha256(canonical(data).encode()).hexdigest()}

    @property
    def digest(self) -> str:
        return str(self.as_data()["digest"])

    def text(self) -> str:
        """The published bytes: canonical JSON and a newline."""
        return canonical(self.as_data()) + "\n"


def decided(record: Any) -> Selection:
    """The selection of a record that was read from JSON. ``MalformedRecord`` names the first fault and its path."""
    given, candidates = checked(record)
    rules = given["rules"]
    places = ranked(
        candidates, criteria=rules["priority"], steps=[(c, n) for c, n in rules["steps"]], seed=rules["seed"]
    )
    earmarked: dict[str | None, Decimal] = {}
    for pot in given.get("earmarked", []):
        earmarked[pot["category"]] = earmarked.get(pot["category"], Decimal(0)) + Decimal(pot["amount"])
    return Selection(
        given,
        places,
        allocate(
            places,
            spendable=Decimal(given["spendable"]),
            earmarked=earmarked,
            when_short=rules["when_cash_falls_short"],
        ),
    )
