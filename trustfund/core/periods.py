"""Months back from a day, as terms of months are reckoned."""

from calendar import monthrange
from datetime import date


def months_before(day: date, n: int) -> date:
    """The same day of the month n months before; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
