"""A story has dates: each thing is done on its day, in the order of the days, and may lead to another later."""

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.services.clock import clock

Deed = Callable[[datetime], object]
END = datetime(2018, 1, 24, 13, 30, tzinfo=UTC)
"""The demonstration's clock starts half an hour later."""


class Story:
    """What happens when; nothing after the end does."""

    def __init__(self) -> None:
        self._steps: list[tuple[datetime, int, Deed]] = []
        self._told = 0

    def on(self, at: datetime, deed: Deed) -> None:
        self._told += 1
        heapq.heappush(self._steps, (at, self._told, deed))

    def tell(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Do everything up to the end. ``progress``: told how much is done, and of how much so far."""
        done = 0
        while self._steps:
            at, _, deed = heapq.heappop(self._steps)
            if at > END:
                break
            with clock().at(at):
                deed(at)
            done += 1
            if progress:
                progress(done, done + len(self._steps))


def at(day: date | str, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of a day, UTC."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def later(moment: datetime, *, days: int = 0, minutes: int = 0) -> datetime:
    return moment + timedelta(days=days, minutes=minutes)


def office(moment: datetime) -> datetime:
    """The next working morning in New York."""
    while moment.weekday() > 4:
        moment += timedelta(days=1)
    return moment.replace(hour=14, minute=moment.minute)


def safely(deed: Deed) -> Deed:
    """What is refused (money is short, a rate is wanting, somebody answered too late) stays as it is."""

    def safe(now: datetime) -> None:
        try:
            deed(now)
        except Refused:
            db.session.rollback()

    return safe
