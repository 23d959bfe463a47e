"""How old is what donors still owe: by the day on which each instalment was due, in US dollars."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from trustfund.core.closing import apportioned
from trustfund.core.instalments import BUCKETS, Part, Standing, ageing, filled
from trustfund.core.money import major

NOTHING = tuple(major(0, "USD") for _ in BUCKETS)


def still_owed(parts: Sequence[Part], owed: int) -> list[Standing]:
    """The instalments of which something is still owed: deposits fill them in order, so the last ones."""
    whole = sum(part.amount for part in parts)
    return [one for one in filled(parts, whole - owed) if one.owed]


def by_age(instalments: Sequence[Standing], owed_usd: int, day: date) -> tuple[Decimal, ...]:
    """What is owed on a day: not due, 0–90 days, 91–180, 181–365, and more days past due. In sum exactly what is owed
    in the books, at its booked value."""
    if not instalments:
        return NOTHING
    return tuple(major(cents, "USD") for cents in apportioned(owed_usd, ageing(instalments, day)).values())
