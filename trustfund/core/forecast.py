"""How far the money reaches: the meetings ahead in their order, what each is planned to need, and what is left then.

Only money in the bank pays (rules of the fund, 6). What is tied to a meeting pays that meeting alone, and pays it
first; what is tied to a category counts for every meeting, since its delegates stand before others (fund practice).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NIL = Decimal("0.00")


@dataclass(frozen=True)
class Planned:
    """A meeting ahead and what it may still use, USD: what its allotment has left or, where it has none yet
    (``allotted`` false), its planned need."""

    code: str
    first_day: date
    need: Decimal
    allotted: bool = True


@dataclass(frozen=True)
class Step:
    """A meeting ahead with what all up to it need together, what of its own need is there and what is missing, and
    what can still be spent after it."""

    meeting: Planned
    together: Decimal
    paid: Decimal
    missing: Decimal
    left: Decimal


def forecast(meetings: Iterable[Planned], pots: Mapping[str, Decimal]) -> tuple[Step, ...]:
    """The meetings by their first day, each paid as far as the money reaches. ``pots``: earmark -> spendable USD."""
    left, together = dict(pots), NIL
    steps = []
    for meeting in sorted(meetings, key=lambda one: (one.first_day, one.code)):
        together += meeting.need
        missing = meeting.need
        for earmark in sorted(left, key=_in_order):
            if may_pay(earmark, meeting.code):
                part = min(max(left[earmark], NIL), missing)
                left[earmark], missing = left[earmark] - part, missing - part
        steps.append(Step(meeting, together, meeting.need - missing, missing, sum(left.values(), NIL)))
    return tuple(steps)


def first_short(steps: Iterable[Step]) -> Step | None:
    """The first meeting that the fund cannot pay in full; None if it can pay all."""
    return next((step for step in steps if step.missing), None)


def paid_before(steps: Iterable[Step]) -> Step | None:
    """The last meeting before that one; None where there is none."""
    last = None
    for step in steps:
        if step.missing:
            return last
        last = step
    return last


def may_pay(earmark: str, meeting: str) -> bool:
    kind, _, value = earmark.partition(":")
    return kind != "meeting" or value == meeting


def _in_order(earmark: str) -> tuple[int, str]:
    """What pays nothing else first, free money last."""
    return ("meeting", "category", "travel", "").index(earmark.partition(":")[0]), earmark
