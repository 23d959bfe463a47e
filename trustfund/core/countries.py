"""The States that this fund can meet, and the facts of each (A/RES/71/280, para. 3; rules of the fund, 1).

They stand in ``countries.csv``, one State a line, and the names of earlier days in ``former_names.csv``. What was
decided since, the fund records (``country_amendments``); what a State is on a day, ``country_status`` says.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trustfund.core.refusal import Refused

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
        raise Refused(
            "There is no State “{code}”; a State has three letters, for example NPL.", code=iso3, field="state"
        )
    return STATES[iso3]


def region_of(state: State, settings: Settings) -> str:
    """Its regional group, or for a State in none the group that the mandate names; empty where it names none."""
    return state.region or str(settings("regional_group_of").get(state.iso3, ""))


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
    return MappingProxyType(
        {
            row["iso3"]: State(
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
            )
            for row in _rows("countries.csv")
        }
    )


STATES: Mapping[str, State] = _table()
"""All States that this fund can meet, by their three letters: 193 Member States and four others."""
SUBREGIONS = frozenset(one.subregion for one in STATES.values())
