"""Money meets the order: whose seat is proposed and who waits (rules of the fund, 4; fund practice)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trustfund.core.priority import OVER_QUOTA, Candidate, Place

WAYS = ("same-step", "skip", "stop")
"""What follows the first candidate whose charge does not fit: only those of its step, everyone, or nobody."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Outcomes in the order of the places; ``spent`` and ``left`` in USD, all pots together."""

    outcomes: list[str]
    spent: Decimal
    left: Decimal


@dataclass(slots=True)
class Pots:
    """Money tied to a category, money tied to the meeting, free money: taken in this order."""

    tied: dict[str, Decimal]
    meeting: Decimal
    free: Decimal

    def fits(self, candidate: Candidate) -> bool:
        return candidate.charge <= self.tied.get(candidate.category, Decimal(0)) + self.meeting + self.free

    def take(self, candidate: Candidate) -> None:
        left = candidate.charge
        if candidate.category in self.tied:
            part = min(left, self.tied[candidate.category])
            self.tied[candidate.category] -= part
            left -= part
        part = min(left, self.meeting)
        self.meeting -= part
        self.free -= left - part

    def total(self) -> Decimal:
        return sum(self.tied.values(), self.meeting + self.free)


def allocate(
    places: Sequence[Place],
    *,
    spendable: Decimal,
    earmarked: Mapping[str | None, Decimal],
    when_short: str,
) -> Allocation:
    """Walk the order; a candidate is proposed if its full charge fits. A held seat takes nothing.

    ``spendable``: the free money of this run; ``earmarked``: category -> money tied to it, None -> money tied to the
    meeting.
    """
    assert when_short in WAYS, f"no such way: {when_short}"
    pots = Pots(
        {c: amount for c, amount in earmarked.items() if c is not None}, earmarked.get(None, Decimal(0)), spendable
    )
    at_first = pots.total()
    outcomes, short_at = [], None
    for place in places:
        candidate = place.candidate
        if candidate.held is not None:
            outcomes.append("held")
        elif place.step is None:
            outcomes.append(OVER_QUOTA)
        elif (
            short_at is None or when_short == "skip" or (when_short == "same-step" and place.step == short_at)
        ) and pots.fits(candidate):
            pots.take(candidate)
            outcomes.append("proposed")
        else:
            short_at = short_at or place.step
            outcomes.append("waiting")
    left = pots.total()
    return Allocation(outcomes, at_first - left, left)
