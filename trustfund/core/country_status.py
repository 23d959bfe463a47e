"""Which status a State has on a day (A/RES/71/280, paras. 3 and 31; rules of the fund, 1).

Every question is given the amendments that the fund recorded, and the day on which the answer was known, so that a
decision already taken keeps the status it was taken with. Periods are half-open: from <= day < to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from trustfund.core.countries import Settings, State, region_of
from trustfund.core.country_amendments import Amendment, as_known
from trustfund.core.refusal import Refused, sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """What must be read beside a status: a sentence with what varies in it."""

    sentence: str
    values: Mapping[str, object] = field(hash=False)

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


SCHEDULED = sentence("graduation scheduled for {day}, decision not recorded")
TRANSITION = sentence("graduated on {day}, counted among the least developed countries until {until}")
FLAGGED = sentence("admitted with a flag: member of specialized agencies, not of the United Nations")


@dataclass(frozen=True, slots=True)
class Status:
    """``category``: LDC, LLDC/SIDS, developing, self-financing or none; ``participation``: member-state,
    specialized-agency, admitted-with-flag or out-of-scope."""

    state: State
    day: date
    category: str
    region: str
    participation: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class StateList:
    """A dated list that an officer imported, for example of high-income economies. ``rows``: State, from, to if any."""

    name: str
    document: str
    rows: tuple[tuple[str, date, date | None], ...]

    def holds(self, iso3: str, day: date) -> bool:
        return any(listed == iso3 and start <= day and (end is None or day < end) for listed, start, end in self.rows)


def category_on(
    state: State,
    day: date,
    settings: Settings,
    *,
    lists: Iterable[StateList] = (),
    amendments: Iterable[Amendment] = (),
    known_on: date | None = None,
) -> str:
    """LDC, self-financing, LLDC/SIDS, developing or none: the first that holds on the day."""
    return status_on(state, day, settings, lists=lists, amendments=amendments, known_on=known_on).category


def status_on(
    state: State,
    day: date,
    settings: Settings,
    *,
    lists: Iterable[StateList] = (),
    amendments: Iterable[Amendment] = (),
    known_on: date | None = None,
) -> Status:
    """The status on a day, which for an application is the first day of its meeting. ``settings``: code -> value;
    ``known_on``: counts the amendments that were recorded by then, all of them if None."""
    known = as_known(state, day, amendments, known_on=known_on)
    ldc, marks = _ldc_on(known, day, settings("ldc_transition_years"))
    participation = _participation(known, settings("admitted_with_flag"))
    if participation == "admitted-with-flag":
        marks = (*marks, Mark(FLAGGED, {}))
    category = "LDC" if ldc else _category(known, day, settings, {one.name: one for one in lists})
    return Status(known, day, category, region_of(known, settings), participation, marks)


def _category(state: State, day: date, settings: Settings, lists: Mapping[str, StateList]) -> str:
    if _listed(state, day, settings("self_financing_list"), lists):
        return "self-financing"
    if state.lldc or state.sids:
        return "LLDC/SIDS"
    return "developing" if _listed(state, day, settings("developing_list"), lists) else "none"


def _listed(state: State, day: date, name: str, lists: Mapping[str, StateList]) -> bool:
    if name == "none":
        return False
    if name == "m49-2017":
        return state.developing
    if name not in lists:
        raise Refused("The mandate names the list of States “{name}”, which has not been imported.", name=name)
    return lists[name].holds(state.iso3, day)


def _ldc_on(state: State, day: date, transition_years: int) -> tuple[bool, tuple[Mark, ...]]:
    if state.ldc_from is None or day < state.ldc_from:
        return False, ()
    if state.ldc_to is None or day < state.ldc_to:
        return True, ()
    if state.ldc_to_status == "scheduled":
        return True, (Mark(SCHEDULED, {"day": state.ldc_to}),)
    until = _years_later(state.ldc_to, transition_years)
    return (True, (Mark(TRANSITION, {"day": state.ldc_to, "until": until}),)) if day < until else (False, ())


def _participation(state: State, admitted_with_flag: Iterable[str]) -> str:
    """A/RES/71/280, para. 3: Member States, and members of specialized agencies that are observers."""
    if state.participation != "specialized-agencies":
        return {"member-state": "member-state", "observer-state": "specialized-agency"}[state.participation]
    return "admitted-with-flag" if state.iso3 in admitted_with_flag else "out-of-scope"


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
