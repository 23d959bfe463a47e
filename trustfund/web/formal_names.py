"""The name of a State inside a diplomatic note, in English and French: of Nepal, of the Bahamas; du Népal, des Bahamas.

The table of States has short names as lists have them; a letter needs their articles, and “Iran (Islamic Republic of)”
in the order of speech.
"""

import re
from datetime import date

from trustfund.core.countries import State


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH_THE = _codes(
    "ARE BHS CAF COD COG COK COM DOM GBR GMB KOR LAO MDA MDV MHL NER NLD PHL PRK PSE RUS SDN SLB SYR TZA USA VAT"
)
FRENCH_NONE = _codes(
    "AND ATG BHR CPV CUB CYP DJI HTI ISR KIR KNA LCA LKA MCO MDG MLT MUS NIU NRU OMN SGP SLV SMR STP VCT VUT"
)
FRENCH_PLURAL = _codes("ARE BHS COK COM FJI MDV MHL PHL PLW SLB SYC TON TUV USA")
FRENCH_MASCULINE = _codes("BLZ GBR KHM MEX MOZ SUR VAT ZWE")  # though they end in e
FRENCH_FEMININE = _codes("GNB RUS SLE TTO")  # though they do not
VOWELS = tuple("AEIOUÂÉÈÊÎÔ")
_TURNED = re.compile(r"(?P<name>.+) \((?P<before>.+?)(?P<joint> (?:of|of the|de|des|du|d’))\)")


def of_state(state: State, day: date, language: str) -> str:
    """“of the Gambia”, “de la Gambie”: after “the Permanent Mission” in a note of that language."""
    name = state.name_on(day, language)
    return _de(state.iso3, name) if language == "fr" else _of(state.iso3, name)


def _of(iso3: str, name: str) -> str:
    if turned := _TURNED.fullmatch(name):
        return f"of the {_in_order(turned)}"
    if name.startswith("The "):
        return f"of the {name[4:]}"
    return f"of the {name}" if iso3 in ENGLISH_THE else f"of {name}"


def _de(iso3: str, name: str) -> str:
    if turned := _TURNED.fullmatch(name):
        name = _in_order(turned)
        first = name.split()[0]
        if first in ("États", "Îles"):
            return f"des {name}"
        return f"de l’{name}" if first.startswith(VOWELS) else f"{'du' if first == 'Royaume' else 'de la'} {name}"
    if iso3 in FRENCH_PLURAL or name == "Pays-Bas":
        return f"des {name}"
    if iso3 in FRENCH_NONE:
        return f"d’{name}" if name.startswith((*VOWELS, "H")) else f"de {name}"  # Haïti is the only one with an H
    if name.startswith(VOWELS):
        return f"de l’{name.replace('Ex-', 'ex-')}"
    feminine = iso3 in FRENCH_FEMININE or (name.split()[0].endswith("e") and iso3 not in FRENCH_MASCULINE)
    return f"de la {name}" if feminine else f"du {name}"


def _in_order(turned: re.Match[str]) -> str:
    joint = turned["joint"]
    return f"{turned['before']}{joint}{'' if joint.endswith('’') else ' '}{turned['name']}"
