"""The fund's time. Below the web nobody asks for it: it is an argument (``at=``), or set under the lock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from flask import Flask, current_app


class Clock:
    """Real time, or (TRUSTFUND_CLOCK) a time that started at a given instant when the process did and runs on."""

    def __init__(self, start: str = ""):
        self._offset = datetime.fromisoformat(start) - datetime.now(UTC) if start else timedelta()
        self._set: datetime | None = None
        self.is_set = bool(start)

    def now(self) -> datetime:
        return self._set or datetime.now(UTC) + self._offset

    @contextmanager
    def at(self, instant: datetime) -> Iterator[None]:
        """Stand still at an instant: demonstrations and tests tell a story that has dates."""
        before, self._set = self._set, instant
        try:
            yield
        finally:
            self._set = before


def init_app(app: Flask) -> None:
    app.extensions["clock"] = Clock(app.config["CLOCK"])


def clock() -> Clock:
    return current_app.extensions["clock"]  # type: ignore[no-any-return]


def now() -> datetime:
    """The fund's time, UTC."""
    return clock().now()


def today() -> date:
    """The fund's day, UTC."""
    return now().date()


def real_now() -> datetime:
    """The server's time, for sessions, limits and links, whatever the fund's clock says."""
    return datetime.fromtimestamp(time.time(), UTC)
