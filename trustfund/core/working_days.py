"""Working days: Monday to Friday. The holidays of the United Nations differ by duty station and are not counted out."""

from datetime import date, timedelta

FRIDAY = 4


def working_days_after(day: date, n: int) -> date:
    """The n-th working day after a day, which itself does not count; the day itself for 0."""
    for _ in range(n):
        day = working_day_from(day + timedelta(days=1))
    return day


def working_day_from(day: date) -> date:
    """The day itself, or the Monday after a Saturday or Sunday."""
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return day
