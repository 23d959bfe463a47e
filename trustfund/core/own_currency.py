"""A contribution's years in its own currency, beside the dollars in which the fund holds it.

What came stands as it came. What a year does with it is told at the average rate at which what was left and what came
are booked, and the rate stays until something comes again: so a year begins with what the one before ended with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trustfund.core.money import share


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A year, in minor units of the currency; ``usd``: cents of what was left before and came together.

    ``rate``: so many minor units are so many cents; None while nothing came.
    """

    opening: int
    received: int
    usd: int
    rate: tuple[int, int] | None

    @property
    def moved(self) -> int:
        """What the average rate makes of it where less than nothing was left before; else nothing."""
        return self.of(self.usd) - self.opening - self.received

    def of(self, cents: int) -> int:
        """What cents are worth at the rate, half up."""
        if self.rate is None:
            return 0
        worth = share(abs(cents), *self.rate)
        return worth if cents >= 0 else -worth

    def moves(self, cents: Iterable[int]) -> list[int]:
        """What follows, one after the other, so that the column adds up to what is left."""
        found, total = [], self.usd
        for one in cents:
            found.append(self.of(total + one) - self.of(total))
            total += one
        return found


def own_years(received: Sequence[tuple[int, int]], unspent: Sequence[int]) -> list[OwnYear]:
    """Each year in turn. ``received``: what came in it, minor units and cents; ``unspent``: cents left at its end."""
    years: list[OwnYear] = []
    opening = opening_usd = 0
    all_of_it, rate = (0, 0), None
    for (own, usd), left in zip(received, unspent, strict=True):
        all_of_it = (all_of_it[0] + own, all_of_it[1] + usd)
        together = (opening + own, opening_usd + usd) if opening_usd >= 0 else all_of_it
        if own and min(together) > 0:
            rate = together
        years.append(OwnYear(opening, own, opening_usd + usd, rate))
        opening, opening_usd = years[-1].of(left), left
    return years
