"""What a passport says, as a person copies it: its number, and the name that a machine reads.

Authority: ICAO Doc 9303, parts 3 and 4 (the two lines at the foot of the page: A to Z, figures and the filler <).
"""

import re
import unicodedata

from trustfund.core.refusal import Refused

LONGEST_NUMBER = 20
_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9]{4,20}", re.ASCII)
_NAME = re.compile(r"[A-Z]+(<{1,2}[A-Z]+)*", re.ASCII)
_FIRST_LINE = re.compile(r"P[A-Z<][A-Z<]{3}(?=[A-Z])")
_SPELT = {"ß": "SS", "Æ": "AE", "Ø": "OE", "Œ": "OE", "Þ": "TH", "Ð": "D", "Đ": "D", "Ł": "L", "ı": "I", "Ħ": "H"}
_DROPPED = "'’ʼ‘.`"


def passport_number(text: str) -> str:
    """A1234567 of “a 123-4567”: one spelling, so that equal numbers are found."""
    kept = re.sub(r"[\s<-]+", "", unicodedata.normalize("NFKC", text)).upper()
    if not _NUMBER.fullmatch(kept):
        raise Refused(
            "A passport number has 4 to 20 figures and letters from A to Z, for example A1234567.",
            field="passport_number",
        )
    return kept


def passport_name(text: str) -> str:
    """OUEDRAOGO<<AISSATA of a name as the first line writes it, or of the whole line."""
    kept = re.sub(r"\s+", "<", text.strip()).upper()
    if len(kept) == 44:  # a whole line: what it is and the State stand before the name
        kept = _FIRST_LINE.sub("", kept)
    kept = kept.rstrip("<")
    if kept and not _NAME.fullmatch(kept):
        raise Refused(
            "Copy the name from the first of the two lines: letters from A to Z, and < between them, "
            "for example OUEDRAOGO<<AISSATA.",
            field="passport_name",
        )
    return kept


def suggested_name(given: str, family: str) -> str:
    """What a machine most probably reads of names in Latin letters; empty for names in another script."""
    first, second = _plain(family), _plain(given)
    if first is None or second is None:
        return ""
    return "<<".join(part for part in (first, second) if part)


def masked(number: str) -> str:
    """•••• 4321: what a screen shows, of a short number less, so that four characters at least stay hidden."""
    shown = min(4, max(0, len(number) - 4))
    return f"•••• {number[len(number) - shown :]}".rstrip()


def _plain(name: str) -> str | None:
    spelt = "".join(_SPELT.get(c, _SPELT.get(c.upper(), c)) for c in name if c not in _DROPPED)
    letters = "".join(c for c in unicodedata.normalize("NFKD", spelt.upper()) if not unicodedata.combining(c))
    kept = re.sub(r"[\s-]+", "<", letters.strip())
    return kept if not kept or _NAME.fullmatch(kept) else None
