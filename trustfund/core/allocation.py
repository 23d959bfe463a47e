"""Money meets the order: whose seat is proposed and who waits (rules of the fund, 4; fund practice)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from trustfund.core.priority import OVER_QUOTA, Candidate, Ranking

WAYS = ("same-step", "skip", "stop")
"""What follows the first candidate whose charge does not fit: only those of its step, everyone, or nobody."""

NOTHING = Decimal(0)


class Allocation(NamedTuple):
    """In the order of the places: outcomes, the money left after each (all pots together), and how much was missing for
    each that waits because its charge did not fit; nothing for those who no longer competed. In USD."""

    outcomes: list[str]
    left_after: list[Decimal]
    missing: list[Decimal]
    spent: Decimal
    left: Decimal


class Pots:
    """Money tied to a category, money tied to the meeting, free money: taken in this order."""

    def __init__(self, tied: dict[str, Decimal], meeting: Decimal, free: Decimal):
        self.tied, self.meeting, self.free = tied, meeting, free

    def usable(self, category: str) -> Decimal:
        return self.tied.get(category, NOTHING) + self.meeting + self.free

    def take(self, candidate: Candidate) -> None:
        due = candidate.charge
        if tied := self.tied.get(candidate.category):
            part = min(due, tied)
            self.tied[candidate.category] = tied - part
            due -= part
        if self.meeting:
            part = min(due, self.meeting)
            self.meeting -= part
            due -= part
        self.free -= due

    def total(self) -> Decimal:
        return sum(self.tied.values(), self.meeting + self.free)


def allocate(
    places: Ranking,
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
        {c: amount for c, amount in earmarked.items() if c is not None}, earmarked.get(None, NOTHING), spendable
    )
    left = at_first = pots.total()
    usable: dict[str, Decimal] = {}  # what the pots held for a category since the last seat
    outcomes, left_after, all_missing, short_at = [], [], [], None
    for candidate, step in zip(places.candidates, places.steps, strict=True):
        missing = NOTHING
        if candidate.held is not None:
            outcome = "held"
        elif step is None:
            outcome = OVER_QUOTA
        elif short_at is not None and (when_short == "stop" or (when_short == "same-step" and step != short_at)):
            outcome = "waiting"
        else:
            charge, category = candidate.charge, candidate.category
            money = usable.get(category)
            if money is None:
                money = usable[category] = pots.usable(category)
            if charge <= money:
                pots.take(candidate)
                usable.clear()
                left -= charge
                outcome = "proposed"
            else:
                short_at = short_at or step
                missing = charge - money
                outcome = "waiting"
        outcomes.append(outcome)
        left_after.append(left)
        all_missing.append(missing)
    return Allocation(outcomes, left_after, all_missing, at_first - left, left)


def within(
    places: Ranking,
    at_most: Decimal,
    *,
    spendable: Decimal,
    earmarked: Mapping[str | None, Decimal],
    when_short: str,
) -> tuple[Decimal, dict[str | None, Decimal]]:
    """The free and the earmarked money with which a run stays within its allotment (``at_most``, USD).

    The order is walked with all the money there is and the allotment as ceiling; of each earmark the run gets what
    that walk took from it, and of free money the rest. With this money ``allocate`` gives the same seats, and no
    earmark that nobody needs fills the allotment.
    """
    pots = Pots(
        {c: amount for c, amount in earmarked.items() if c is not None}, earmarked.get(None, NOTHING), spendable
    )
    room, short_at = at_most, None
    for candidate, step in zip(places.candidates, places.steps, strict=True):
        if candidate.held is not None or step is None:
            continue
        if short_at is not None and (when_short == "stop" or (when_short == "same-step" and step != short_at)):
            continue
        if candidate.charge <= min(pots.usable(candidate.category), room):
            pots.take(candidate)
            room -= candidate.charge
        else:
            short_at = short_at or step
    left: dict[str | None, Decimal] = {None: pots.meeting}
    left.update(pots.tied)
    taken = {c: amount - left[c] for c, amount in earmarked.items()}
    return min(spendable, at_most - sum(taken.values(), NOTHING)), {c: usd for c, usd in taken.items() if usd}
