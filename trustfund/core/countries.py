"""Which status a State has on a day (A/RES/71/280, paras. 3 and 31; rules of the fund, 1).

The facts stand in ``countries.csv``, one State a line, and the names of earlier days in ``former_names.csv``. What was
decided since, the fund records as amendments; they are given to every question here, with the day on which they were
known, so that a decision already taken keeps the status it was taken with. Periods are half-open: from <= day < to.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trustfund.core.refusal import Refused, sentence

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
REGIONS = ("African Group", "Asia-Pacific Group", "Eastern European Group", "GRULAC", "WEOG")
PARTICIPATION = ("member-state", "observer-state", "specialized-agencies")
"""Member of the United Nations; observer State and member of specialized agencies; member of such agencies only."""

Names = Mapping[str, str]
Settings = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class State:
    """The facts of one State. ``region``: its regional group, empty for none; ``subregion``: of M49, for planning
    fares; ``developing``: in M49 as of November 2017; ``ldc_to_status``: decided, or scheduled, which ends nothing."""

    iso3: str
    names: Names = field(hash=False)
    former_names: tuple[tuple[date, Names], ...] = field(hash=False)  # the first day they no longer hold, and the names
    region: str
    subregion: str
    lldc: bool
    sids: bool
    developing: bool
    ldc_from: date | None
    ldc_to: date | None
    ldc_to_status: str
    ldc_to_document: str
    participation: str

    def name_on(self, day: date, language: str = "en") -> str:
        """The short name that the United Nations used on a day; English for a language that it does not write in."""
        names = next((names for until, names in self.former_names if day < until), self.names)
        return names.get(language, names["en"])


def state(iso3: str) -> State:
    """The State of three letters, refused if there is none."""
    if iso3 not in STATES:
        raise Refused("There is no State “{code}”; a State has three letters, for example NPL.",
                      code=iso3, field="state")
    return STATES[iso3]


# Status

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


def category_on(state: State, day: date, settings: Settings, *, lists: Iterable[StateList] = (),
                amendments: Iterable["Amendment"] = (), known_on: date | None = None) -> str:
    """LDC, self-financing, LLDC/SIDS, developing or none: the first that holds on the day."""
    return status_on(state, day, settings, lists=lists, amendments=amendments, known_on=known_on).category


def status_on(state: State, day: date, settings: Settings, *, lists: Iterable[StateList] = (),
              amendments: Iterable["Amendment"] = (), known_on: date | None = None) -> Status:
    """The status on a day, which for an application is the first day of its meeting. ``settings``: code -> value;
    ``known_on``: counts the amendments that were recorded by then, all of them if None."""
    known = as_known(state, day, amendments, known_on=known_on)
    ldc, marks = _ldc_on(known, day, settings("ldc_transition_years"))
    participation = _participation(known, settings("admitted_with_flag"))
    if participation == "admitted-with-flag":
        marks = (*marks, Mark(FLAGGED, {}))
    category = "LDC" if ldc else _category(known, day, settings, {one.name: one for one in lists})
    return Status(known, day, category, region_of(known, settings), participation, marks)


def region_of(state: State, settings: Settings) -> str:
    """Its regional group, or for a State in none the group that the mandate names; empty where it names none."""
    return state.region or str(settings("regional_group_of").get(state.iso3, ""))


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


# Amendments

GRADUATIONS = {"ldc_to": "decided", "ldc_scheduled": "scheduled"}


@dataclass(frozen=True, slots=True)
class Amendment:
    """A fact that was decided since the table was written: by which document, from which day it holds, and when the
    fund recorded it. A later one stands over an earlier one. ``value``: as ``amendment`` reads it."""

    state: str
    fact: str
    value: date | bool | str | None
    document: str
    effective: date
    recorded_on: date

    def applies(self, state: State, day: date, known_on: date | None) -> bool:
        """A graduation acts by its own day, so it is known from the day it is recorded."""
        return (self.state == state.iso3 and (known_on is None or self.recorded_on <= known_on)
                and (self.fact in GRADUATIONS or self.effective <= day))

    def applied(self, state: State) -> State:
        if status := GRADUATIONS.get(self.fact):
            assert not isinstance(self.value, str | bool)
            return replace(state, ldc_to=self.value, ldc_to_status=status if self.value else "",
                           ldc_to_document=self.document)
        changes: dict[str, Any] = {self.fact: self.value}
        if self.fact == "ldc_from":  # on the list again: the day on which it left is over
            changes |= {"ldc_to": None, "ldc_to_status": "", "ldc_to_document": ""}
        return replace(state, **changes)


def as_known(state: State, day: date, amendments: Iterable[Amendment], *, known_on: date | None = None) -> State:
    """The State with the amendments that hold on a day, of those recorded by ``known_on`` (all if None)."""
    for one in sorted(amendments, key=lambda one: one.recorded_on):
        if one.applies(state, day, known_on):
            state = one.applied(state)
    return state


def amendment(iso3: str, fact: str, value: str, *, document: str, effective: date, recorded_on: date) -> Amendment:
    """An amendment as an officer writes it, or refused. ``fact`` and ``value``:

    ldc_to: the day on which the State leaves the list by a decision, or ``never``; ldc_scheduled: another day for
    which its graduation is scheduled; ldc_from: the day on which it enters the list; lldc, sids, developing: yes or no;
    region and participation: a word of REGIONS or PARTICIPATION.
    """
    known = state(iso3)
    if fact not in FACTS:
        raise Refused("“{fact}” is no fact of a State that can be amended.", fact=fact, field="fact")
    if not document.strip():
        raise Refused("An amendment names the document that decided it, for example A/RES/76/8.", field="document")
    read = FACTS[fact](value.strip())
    if fact in GRADUATIONS and isinstance(read, date) and (known.ldc_from is None or read < known.ldc_from):
        raise Refused("{state} was no least developed country before {day}, so it cannot leave the list then.",
                      state=iso3, day=read, field="value")
    return Amendment(iso3, fact, read, document.strip(), effective, recorded_on)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("“{text}” is no day; write it as 2026-11-24.", text=text, field="value") from None


def _day_or_never(text: str) -> date | None:
    return None if text == "never" else _day(text)


def _flag(text: str) -> bool:
    return _word("yes", "no")(text) == "yes"


def _word(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise Refused("“{text}” is not known here; write one of: {known}.", text=text, known=", ".join(known),
                          field="value")
        return text
    return read


FACTS: dict[str, Callable[[str], date | bool | str | None]] = {
    "ldc_to": _day_or_never, "ldc_scheduled": _day, "ldc_from": _day, "lldc": _flag, "sids": _flag, "developing": _flag,
    "region": _word(*REGIONS), "participation": _word(*PARTICIPATION),
}
"""What an amendment can change, and how its value is read."""


# The table

def _rows(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _names(row: Mapping[str, str]) -> Names:
    return MappingProxyType({language: row[language] for language in LANGUAGES})


def _table() -> Mapping[str, State]:
    former: dict[str, list[tuple[date, Names]]] = {}
    for row in _rows("former_names.csv"):
        former.setdefault(row["iso3"], []).append((date.fromisoformat(row["until"]), _names(row)))
    return MappingProxyType({row["iso3"]: State(
        iso3=row["iso3"],
        names=_names(row),
        former_names=tuple(sorted(former.get(row["iso3"], ()), key=lambda name: name[0])),
        region=row["region"],
        subregion=row["subregion"],
        lldc=row["lldc"] == "yes",
        sids=row["sids"] == "yes",
        developing=row["developing"] == "yes",
        ldc_from=date.fromisoformat(row["ldc_from"]) if row["ldc_from"] else None,
        ldc_to=date.fromisoformat(row["ldc_to"]) if row["ldc_to"] else None,
        ldc_to_status=row["ldc_to_status"],
        ldc_to_document=row["ldc_to_document"],
        participation=row["participation"],
    ) for row in _rows("countries.csv")})


STATES: Mapping[str, State] = _table()
"""All States that this fund can meet, by their three letters: 193 Member States and four others."""
SUBREGIONS = frozenset(one.subregion for one in STATES.values())
