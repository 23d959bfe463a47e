"""A State by whatever somebody calls it: its three letters, or a name of today or of earlier days in any language."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask_login import current_user

from trustfund.core.countries import STATES, State
from trustfund.i18n import language, say
from trustfund.web.apply_forms import state_choices
from trustfund.web.forms import query

ARTICLES = frozenset({"the", "la", "le", "les", "l"})
USUAL = {
    "ARE": ("UAE",),
    "CIV": ("Ivory Coast",),
    "COD": ("DRC", "DR Congo"),
    "COG": ("Republic of the Congo", "République du Congo"),
    "CPV": ("Cape Verde", "Cap-Vert"),
    "CZE": ("Tchéquie",),
    "GBR": ("UK", "U.K.", "United Kingdom", "Great Britain", "Royaume-Uni"),
    "KOR": ("South Korea", "Corée du Sud"),
    "LAO": ("Laos",),
    "MDA": ("Moldova", "Moldavie"),
    "MMR": ("Burma", "Birmanie"),
    "PRK": ("North Korea", "Corée du Nord"),
    "RUS": ("Russia", "Russie"),
    "SYR": ("Syria", "Syrie"),
    "TLS": ("East Timor", "Timor oriental"),
    "TZA": ("Tanzania", "Tanzanie"),
    "USA": ("US", "U.S.", "U.S.A.", "United States", "États-Unis"),
    "VAT": ("Vatican",),
    "VNM": ("Vietnam",),
}
"""Names that people type and that stand in no list of the United Nations."""
SHARED = frozenset({"congo"})
"""Names by which two States are called."""
FEW = 8
"""So many States are offered where a word fits several; of more, more of the name is asked for."""


@dataclass(frozen=True)
class Asked:
    """What was asked of a page: the State, or why there is none. ``near``: States that the word may mean; ``names``:
    every name that is offered while one types."""

    typed: str
    state: State | None
    wrong: str
    near: tuple[tuple[str, str], ...]  # three letters, name
    names: tuple[str, ...]

    @property
    def iso3(self) -> str:
        return self.state.iso3 if self.state else ""

    @property
    def status(self) -> int:
        return 422 if self.wrong else 200


def asked_state(day: date) -> Asked:
    """The State of the address line, else that of the reader's account; names are those of a day."""
    typed = query("state", 80)
    own = "" if typed or not current_user.is_authenticated else current_user.account.state or ""
    called = states_called(typed or own)
    state = STATES[called[0]] if len(called) == 1 else None
    found = called or states_like(typed)
    wrong = _wrong(typed, len(found)) if typed and state is None else ""
    return Asked(
        typed=state.name_on(day, language()) if state else typed,
        state=state,
        wrong=wrong,
        near=tuple((iso3, STATES[iso3].name_on(day, language())) for iso3 in found)
        if not state and len(found) <= FEW
        else (),
        names=_offered(day),
    )


def states_called(typed: str) -> list[str]:
    """The State of these three letters, or of exactly this name; of a name that two States share, both."""
    wanted = _without_article(typed)
    if wanted.upper() in STATES:
        return [wanted.upper()]
    exact = [iso3 for iso3, names in _names().items() if wanted in names]
    shared = wanted if wanted in SHARED else ""
    within = [iso3 for iso3, names in _names().items() if shared and any(shared in name.split() for name in names)]
    return [*exact, *(iso3 for iso3 in within if iso3 not in exact)] if exact else []


def states_like(typed: str) -> list[str]:
    """The States with words that begin so: what may be meant, and is never taken for the answer."""
    parts = _without_article(typed).split()
    return [
        iso3
        for iso3, names in _names().items()
        if parts and any(all(any(word.startswith(part) for word in name.split()) for part in parts) for name in names)
    ]


def _wrong(typed: str, found: int) -> str:
    if not found:
        return say(
            "No State is called “{text}”. Write its name in any language of the United Nations, or its three letters, "
            "for example BFA.",
            text=typed,
        )
    if found == 1:
        return say("Do you mean this State? Choose it, or write another name.")
    if found > FEW:
        return say("“{text}” may be one of {n} States. Write more of the name.", text=typed, n=found)
    return say("“{text}” may be one of several States. Choose one.", text=typed)


def _offered(day: date) -> tuple[str, ...]:
    """The names on the day in the reader's language, then those that some States had before or have now."""
    named = [name for _, name in state_choices(day)]
    others = {
        names.get(language(), names["en"])
        for state in STATES.values()
        for names in (state.names, *(former for _, former in state.former_names))
    }
    return (*named, *sorted(others - set(named)))


@lru_cache(maxsize=1)
def _names() -> dict[str, set[str]]:
    """State -> its three letters and all its names, today's, former and usual, also without what stands in brackets
    (Iran), without case and accents."""
    known = {}
    for iso3, one in STATES.items():
        named = [name for names in (one.names, *(n for _, n in one.former_names)) for name in names.values()]
        short = [name.partition("(")[0] for name in named]
        known[iso3] = {iso3.casefold(), *map(_plain, (*named, *short, *USUAL.get(iso3, ())))}
    return known


def _without_article(typed: str) -> str:
    """The Gambia, l’Allemagne: no name of a State begins with its article."""
    first, _, rest = _plain(typed).partition(" ")
    return rest if rest and first in ARTICLES else f"{first} {rest}".rstrip()


def _plain(text: str) -> str:
    letters = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())
