"""Whether money is left over for the preparations: what remains once every journey that can be paid is (A/RES/71/280,
para. 31: "any surplus funds may be used to support the activities related to the preparations").

Every failing test is told, and by how much.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from trustfund.core.refusal import sentence

PARAGRAPH = "A/RES/71/280, para. 31"
PRACTICE = "fund practice"
NIL, CENT = Decimal("0.00"), Decimal("0.01")
APPROVALS = 2
"""Of an activity, whatever its amount (rules of the fund, 6)."""


@dataclass(frozen=True)
class Facts:
    """What the tests look at; amounts in USD. ``without_seat``: eligible applications of a meeting not yet begun that
    have no seat, late ones and those over quota too; ``undecided``: applications that no officer has decided yet;
    ``allotted``: what the allotments of meetings ahead have left; ``needed``: what meetings ahead are planned to need
    beyond that while their call has not opened; ``changed_on``: when a setting used here last changed."""

    without_seat: Mapping[str, int]
    undecided: Mapping[str, int]
    spendable: Decimal
    allotted: Decimal
    needed: Decimal
    changed_on: date | None
    days_unchanged: int

    @property
    def surplus(self) -> Decimal:
        """What is left for preparatory activities, if the other tests hold."""
        return self.spendable - self.allotted - self.needed


@dataclass(frozen=True)
class Test:
    """A test of the surplus, its authority, what is said of it, and whether it holds."""

    code: str
    authority: str
    holds: bool
    sentence: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


def tests_of(facts: Facts, charge: Decimal | None, today: date) -> tuple[Test, ...]:
    """All tests for an activity of this charge, support cost included, those that hold and those that fail; without a
    charge, whether there is a surplus at all."""
    return (_everybody_seated(facts), _everything_decided(facts), _fits(facts, charge), _unchanged(facts, today))


def _everybody_seated(facts: Facts) -> Test:
    n = sum(facts.without_seat.values())
    return Test(
        "no-one-without-a-seat",
        PARAGRAPH,
        n == 0,
        sentence("No eligible application of a meeting that has not begun is without a seat.")
        if n == 0
        else sentence("Eligible applications without a seat: {n} ({meetings}). Journeys come first."),
        {"n": n, "meetings": _listed(facts.without_seat)},
    )


def _everything_decided(facts: Facts) -> Test:
    n = sum(facts.undecided.values())
    return Test(
        "all-decided",
        PARAGRAPH,
        n == 0,
        sentence("No application of a meeting that has not begun waits for an officer’s decision.")
        if n == 0
        else sentence("Applications not decided yet: {n} ({meetings}). Nobody knows whether they need a seat."),
        {"n": n, "meetings": _listed(facts.undecided)},
    )


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{code}: {many}" for code, many in counted.items() if many)


def _fits(facts: Facts, charge: Decimal | None) -> Test:
    lacks = (CENT if charge is None else charge) - facts.surplus
    return Test(
        "within-the-surplus",
        PARAGRAPH,
        lacks <= 0,
        sentence("Of {spendable} USD not earmarked, {surplus} is left beyond allotments and needs of meetings ahead.")
        if lacks <= 0
        else sentence(
            "Of {spendable} USD not earmarked, {allotted} is allotted and {needed} needed for meetings ahead: nothing "
            "is left, and {short} is missing."
        )
        if charge is None
        else sentence(
            "It would charge the fund {charge} USD. Of {spendable} not earmarked, {allotted} is allotted "
            "and {needed} needed for meetings ahead: {lacks} is missing."
        ),
        {
            "charge": charge,
            "spendable": facts.spendable,
            "surplus": facts.surplus,
            "allotted": facts.allotted,
            "needed": facts.needed,
            "lacks": max(lacks, NIL),
            "short": max(-facts.surplus, NIL),
        },
    )


def _unchanged(facts: Facts, today: date) -> Test:
    free = facts.changed_on + timedelta(days=facts.days_unchanged) if facts.changed_on else today
    holds = free <= today
    return Test(
        "settings-unchanged",
        PRACTICE,
        holds,
        sentence("No setting used here changed in the last {days} days.")
        if holds
        else sentence("A setting used here changed on {changed}. It must stand for {days} days, until {free}."),
        {"days": facts.days_unchanged, "changed": facts.changed_on, "free": free},
    )
