"""When a contribution is due: in instalments that deposits fill in their order, and how long what is owed is late.

Amounts are whole minor units of the contribution's currency (fund practice; ageing as IPSAS 30 and sister funds show).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from trustfund.core.money import amount_of, major, minor
from trustfund.core.refusal import Refused, sentence

MOST = 6
BUCKETS = ("not-due", "0-90", "91-180", "181-365", "over-365")
"""Ages of what is owed, in days since it was due."""
_LAST_DAYS = (-1, 90, 180, 365)
_TOO_LITTLE = sentence("The instalments make {sum}, the pledge {amount}: {missing} are missing.")
_TOO_MUCH = sentence("The instalments make {sum}, the pledge {amount}: {missing} are too many.")

Row = tuple[date, str]
"""An instalment as it was typed: its day, and the amount as text."""


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment: so much is due on a day."""

    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An instalment and what was paid of it."""

    number: int
    day: date
    amount: int
    paid: int

    @property
    def owed(self) -> int:
        return self.amount - self.paid

    def days_late(self, on: date) -> int:
        """Days since it was due, of what is not wholly paid; 0 where nothing is late."""
        return max((on - self.day).days, 0) if self.owed else 0


def checked(rows: Sequence[Row], whole: int, currency: str) -> tuple[Part, ...]:
    """Instalments whose days rise and whose sum is the pledge; none at all is good too: then all is due at once."""
    if len(rows) > MOST:
        raise Refused("A contribution has at most {n} instalments.", n=MOST, field="instalments")
    parts = tuple(Part(day, _units(text, currency)) for day, text in rows)
    for n, (before, after) in enumerate(pairwise(parts), 2):
        if after.day <= before.day:
            raise Refused(
                "Instalment {n} is due on {day}, not after the one before it. Enter the days in their order.",
                n=n,
                day=after.day,
                field="instalments",
            )
    missing = whole - sum(part.amount for part in parts)
    if parts and missing:
        raise Refused(
            _TOO_LITTLE if missing > 0 else _TOO_MUCH,
            sum=major(whole - missing, currency),
            amount=major(whole, currency),
            missing=major(abs(missing), currency),
            field="instalments",
        )
    return parts


def filled(parts: Iterable[Part], paid: int) -> tuple[Standing, ...]:
    """How far each is paid: what came, or will not come, fills them in their order."""
    found = []
    for number, part in enumerate(parts, 1):
        of_it = min(part.amount, max(paid, 0))
        found.append(Standing(number, part.day, part.amount, of_it))
        paid -= of_it
    return tuple(found)


def overdue_since(instalments: Iterable[Standing], on: date) -> date | None:
    """The day on which the first unpaid instalment was due; None where nothing is late."""
    return min((one.day for one in instalments if one.days_late(on)), default=None)


def ageing(instalments: Iterable[Standing], on: date) -> dict[str, int]:
    """What is owed as at a day, by the days since it was due: every bucket, adding up to all that is owed."""
    found = dict.fromkeys(BUCKETS, 0)
    for one in instalments:
        found[bucket((on - one.day).days)] += one.owed
    return found


def bucket(days: int) -> str:
    """The age of what has been due for so many days; before its day it is not due."""
    return BUCKETS[sum(days > last for last in _LAST_DAYS)]


def _units(text: str, currency: str) -> int:
    try:
        return minor(amount_of(text, currency), currency)
    except Refused as refused:
        refused.field = "instalments"
        raise
