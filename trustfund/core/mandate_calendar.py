"""The calendar as a mandate file writes it: phases, what is laid down for all meetings of a kind, and the meetings.

A file whose calendar offends the resolution is refused with line, reason and paragraph; warnings are no refusal.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trustfund.core import mandate_file as read
from trustfund.core.calendar import KINDS, Calendar, CallDates, Change, Meeting, Phase, Programme, Window, in_order
from trustfund.core.calendar_checks import checks
from trustfund.core.countries import STATES
from trustfund.core.mandate_file import MandateError, Part
from trustfund.core.refusal import Refused


def calendar_of(file: Mapping[str, Part]) -> Calendar:
    """The calendar of the sections ``phases``, ``programme`` and ``meetings``; empty if the file has no meetings."""
    if "meetings" not in file:
        for section in ("phases", "programme"):
            if section in file:
                raise file[section].fault(f"the file has [[{section}]] but no [[meetings]]")
        return Calendar()
    calendar = Calendar(
        phases=read.each(file["phases"], "a phase", _phase) if "phases" in file else (),
        programme=read.each(file["programme"], "a line of the programme", _programme) if "programme" in file else (),
        meetings=in_order(read.each(file["meetings"], "a meeting", _meeting)),
    )
    for finding in checks(calendar):
        if finding.grade == "fault":
            raise _where(file, finding.about).fault(str(finding))
    return calendar


def _where(file: Mapping[str, Part], about: str) -> Part:
    """The meeting of that code, or the line of the programme of that kind."""
    return next(
        item
        for section, key in (("meetings", "code"), ("programme", "kind"))
        if section in file
        for item in file[section].items("")
        if isinstance(item.value, dict) and item.value[key] == about
    )


def _phase(part: Part) -> Phase:
    keys = part.keys("code name from to authority")
    start, end = _period(keys)
    return Phase(read.code(keys["code"]), read.texts(keys["name"]), start, end, read.authority(keys["authority"]))


def _programme(part: Part) -> Programme:
    keys = part.keys("kind authority", "meetings days_at_most days_in_all")
    return Programme(
        kind=read.one_of(*KINDS)(keys["kind"]),
        authority=read.authority(keys["authority"]),
        meetings=read.whole(1, 999)(keys["meetings"]) if "meetings" in keys else None,
        days_at_most=read.whole(1, 999)(keys["days_at_most"]) if "days_at_most" in keys else None,
        days_in_all=read.whole(1, 999)(keys["days_in_all"]) if "days_in_all" in keys else None,
    )


def _meeting(part: Part) -> Meeting:
    keys = part.keys(
        "code kind phase name authority city country zone days", "theme document half_days laid_down changes call"
    )
    code = read.code(keys["code"])
    place = read.texts(keys["city"])
    zone = _zone(keys["zone"])
    days = _days(keys["days"].called(f"the days of {code}"))
    return Meeting(
        code=code,
        kind=read.one_of(*KINDS)(keys["kind"]),
        phase=read.code(keys["phase"]),
        name=read.texts(keys["name"]),
        theme=read.texts(keys["theme"]) if "theme" in keys else None,
        authority=read.authority(keys["authority"]),
        document=read.words(keys["document"]) if "document" in keys else "",
        city=place["en"],
        place=place,
        country=_country(keys["country"]),
        zone=zone,
        days=days,
        half_days=read.whole(1, 2 * len(days))(keys["half_days"]) if "half_days" in keys else 2 * len(days),
        window=_window(keys["laid_down"]) if "laid_down" in keys else None,
        changes=tuple(map(_change, keys["changes"].items("a change"))) if "changes" in keys else (),
        call=_call(keys["call"], zone) if "call" in keys else None,
    )


def _window(part: Part) -> Window:
    keys = part.keys("from to", "days city country")
    start, end = _period(keys)
    return Window(
        start,
        end,
        days=read.whole(1, 366)(keys["days"]) if "days" in keys else None,
        city=read.words(keys["city"]) if "city" in keys else None,
        country=_country(keys["country"]) if "country" in keys else None,
    )


def _change(part: Part) -> Change:
    keys = part.keys("document decided changed")
    changed = [read.one_of("days", "place")(item) for item in keys["changed"].items("what a document changed")]
    return Change(read.words(keys["document"]), read.day(keys["decided"]), tuple(changed))


def _call(part: Part, zone: str) -> CallDates:
    keys = part.keys("opens closes authority", "zone")
    return CallDates(
        _wall_time(keys["opens"]),
        _wall_time(keys["closes"]),
        _zone(keys["zone"]) if "zone" in keys else zone,
        read.authority(keys["authority"]),
    )


def _period(keys: Mapping[str, Part]) -> tuple[date, date]:
    start, end = read.day(keys["from"]), read.day(keys["to"])
    if end <= start:
        raise keys["to"].fault(f"what begins on {start} must end later than that, not on {end}")
    return start, end


def _days(part: Part) -> tuple[date, ...]:
    days = tuple(read.day(item) for item in part.items(f"a day of {part.name.removeprefix('the days of ')}"))
    if list(days) != sorted(set(days)):
        raise part.fault(f"{part.name} must stand in order, each once")
    return days


def _country(part: Part) -> str:
    code = read.state(part)
    if code not in STATES:
        raise part.fault(f"{part.name} must be a State; “{code}” is none")
    return code


def _zone(part: Part) -> str:
    name = read.words(part)
    try:
        return ZoneInfo(name).key
    except (OSError, ValueError, KeyError):  # a folder of the zone files, no plain name, no such zone
        raise part.fault(
            f'{part.name} must be a zone of IANA, for example "America/New_York"; “{name}” is none'
        ) from None


def _wall_time(part: Part) -> datetime:
    if not isinstance(part.value, datetime) or part.value.tzinfo:
        raise part.fault(f"{part.name} must be a day and a time without offset, for example 2017-05-05T23:59:59")
    return part.value


def added_meeting(content: Mapping[str, Any]) -> Meeting:
    """A meeting that officers add: the same keys as in a mandate file, days as ISO texts. Refused where it is none."""
    try:
        days = [date.fromisoformat(day) for day in content["days"]]
        return _meeting(Part({**content, "days": days}, "the meeting", (), {(): 1}))
    except (MandateError, ValueError) as wrong:
        reason = wrong.reason if isinstance(wrong, MandateError) else str(wrong)
        raise Refused("This meeting cannot be added: {reason}. Nothing has been changed.", reason=reason) from None
