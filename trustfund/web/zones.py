"""The reader's own time: a deadline is told in the meeting's city and where the reader is (rules of the fund, 8).

For all doors. ``deadline(call, city, reader_zone())`` is what the macro of ``deadline.html`` shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from babel.lists import format_list
from flask import request, session
from flask_login import current_user

from trustfund.core.calendar import Call
from trustfund.i18n import NBSP, day, language


@dataclass(frozen=True)
class Deadline:
    """When a call closes, as two people read it: one in the ``city`` of the meeting, one in the zone ``reader``."""

    at: datetime  # UTC
    city: str
    zone: str
    reader: str

    @property
    def there(self) -> str:
        return to_the_second(self.at, self.zone)

    @property
    def offset(self) -> str:
        return offset(self.at, self.zone)

    @property
    def elsewhere(self) -> bool:
        """Whether the reader's clock shows another hour than the city's."""
        return _offset(self.at, self.zone) != _offset(self.at, self.reader)

    @property
    def here(self) -> str:
        return to_the_second(self.at, self.reader)

    @property
    def reader_place(self) -> str:
        return place_of(self.reader)

    @property
    def reader_offset(self) -> str:
        return offset(self.at, self.reader)

    def days_left(self, now: datetime) -> int:
        """Whole days until then, in the days of the city; below zero once it is over."""
        zone = ZoneInfo(self.zone)
        return (self.at.astimezone(zone).date() - now.astimezone(zone).date()).days


def deadline(call: Call, city: str, reader: str) -> Deadline:
    """``city``: of the meeting, in the reader's language; ``reader``: an IANA zone, of ``reader_zone``."""
    return Deadline(call.closes, city, call.zone, reader)


def reader_zone(state: str = "") -> str:
    """The reader's zone: chosen (?zone=… sticks), else that of the account's State or of ``state``, else UTC."""
    if chosen := zone_named(request.args.get("zone", "")[:80]):
        if session.get("zone") != chosen:
            session["zone"] = chosen
        return chosen
    if kept := zone_named(str(session.get("zone", ""))):
        return kept
    own = current_user.account.state if current_user and current_user.is_authenticated else None
    return next(iter(zones_of(own or state)), "UTC")


def zones_of(iso3: str | None) -> list[str]:
    """The zones of a State by its three letters, as CLDR lists them."""
    territory = next(iter(get_global("territory_aliases").get(iso3, ())), "")
    return [zone for zone in get_global("territory_zones").get(territory, ()) if zone_named(zone) == zone]


def zone_named(text: str) -> str:
    """The IANA zone of a name, or of a city that only one has: ``Africa/Ouagadougou``, ``ouagadougou``; else empty."""
    wanted = "_".join(text.casefold().split())
    return _zones().get(wanted) or _cities().get(wanted, "") if wanted else ""


def place_of(zone: str) -> str:
    """The city of a zone in the reader's language; UTC is called so."""
    return "UTC" if zone == "UTC" else str(get_timezone_location(zone, locale=language(), return_city=True))


def offset(at: datetime, zone: str) -> str:
    """UTC−5, UTC+5:45; in summer another than in winter."""
    minutes = _offset(at, zone)
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" if not minutes else f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def to_the_second(at: datetime, zone: str) -> str:
    """26 January 2018, 23:59:59: a deadline is written so in all languages."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M:%S}"


def instant_in(at: datetime, zone: str) -> str:
    """24 January 2018, 19:45 (UTC+5:45); 24 janvier 2018, 19 h 45 (UTC+5:45)."""
    local = at.astimezone(ZoneInfo(zone))
    time = f"{local.hour}{NBSP}h{NBSP}{local:%M}" if language() == "fr" else f"{local:%H:%M}"
    return f"{day(local.date())}, {time} ({offset(at, zone)})"


def days_of(days: Sequence[date]) -> str:
    """The days of a meeting: 12–15 March 2018; 20, 22 and 23 February 2018."""
    first, last = days[0], days[-1]
    if len({(one.year, one.month) for one in days}) > 1:
        return _listed([day(one) for one in days])
    if len(days) > 2 and (last - first).days == len(days) - 1:
        return f"{first.day}–{last.day}{day(last)[len(str(last.day)) :]}"
    return _listed([*(str(one.day) for one in days[:-1]), day(last)])


def _listed(texts: list[str]) -> str:
    """20, 22 and 23 February: the United Nations put no comma before the last."""
    return format_list(texts, locale="en_GB" if language() == "en" else language())


def _offset(at: datetime, zone: str) -> int:
    """Minutes ahead of UTC."""
    ahead = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(ahead.total_seconds()) // 60


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Small letters -> zone, of every zone of a place that the server knows, and UTC."""
    places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return {zone.casefold(): zone for zone in (*places, "UTC")}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """The city at the end of a zone's name, in small letters -> zone; of two names of one city the one in CLDR."""
    listed = {zone for zones in get_global("territory_zones").values() for zone in zones}
    ordered = sorted(_zones().values(), key=lambda zone: (zone in listed, zone))
    return {zone.rpartition("/")[2].casefold(): zone for zone in ordered}
