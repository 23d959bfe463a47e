"""A mandate file as it is written: each value knows its line, so a wrong file is refused with line and reason.

``mandate`` says what must stand in the file; this module reads one value at a time and never guesses.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol, TypeVar

from trustfund.core.mandate_lines import Path, lines_of
from trustfund.core.money import CURRENCIES, LARGEST

Texts = Mapping[str, str]
"""A text in several languages: language -> text; ``en`` and ``fr`` are always there."""

_MUST_SPEAK, _MAY_SPEAK = "en fr", "es ar zh ru"
_CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", re.ASCII)
_STATE = re.compile(r"[A-Z]{3}", re.ASCII)
_AUTHORITY = re.compile(r"\bparas?\. [0-9]|fund practice")


class MandateError(Exception):
    """A mandate file that is refused: the line, from 1, and what is wrong there."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Part:
    """A value of the file, where it stands, and what to call it in a sentence (“the rate of a fee”)."""

    value: object
    name: str
    path: Path
    lines: Mapping[Path, int]

    def fault(self, reason: str) -> MandateError:
        """The refusal, at the line of this value or of the nearest thing around it."""
        path = self.path
        while path not in self.lines:
            path = path[:-1]
        return MandateError(self.lines[path], reason)

    def called(self, name: str) -> "Part":
        return replace(self, name=name)

    def keys(self, needed: str, optional: str = "", *, name: str = "the {key} of {whole}") -> dict[str, "Part"]:
        """The parts of a table by key: all of ``needed`` are there, and nothing but ``needed`` and ``optional``."""
        if not isinstance(self.value, dict):
            raise self.fault(f"{self.name} must be a table")
        known = needed.split() + optional.split()
        parts = {
            key: Part(value, name.format(key=key, whole=self.name), (*self.path, key), self.lines)
            for key, value in self.value.items()
        }
        for key, part in parts.items():
            if key not in known:
                raise part.fault(f"“{key}” is not known here; {self.name} may have: {', '.join(known)}")
        for key in needed.split():
            if key not in parts:
                raise self.fault(name.format(key=key, whole=self.name) + " is missing")
        return parts

    def items(self, name: str, *, least: int = 1) -> list["Part"]:
        """The elements of a list, each called ``name``."""
        if not isinstance(self.value, list):
            raise self.fault(f"{self.name} must be a list")
        if len(self.value) < least:
            raise self.fault(f"{self.name} must not be empty")
        return [Part(value, name, (*self.path, n), self.lines) for n, value in enumerate(self.value)]


def parse(text: str) -> Part:
    """The whole file. A fault of the writing (TOML) is refused with its line like any other."""
    try:
        value = tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as wrong:
        what, _, where = str(wrong).partition(" (at ")
        line = re.match(r"line (\d+)", where)
        raise MandateError(int(line[1]) if line else len(text.splitlines()) or 1, f"this is not TOML: {what}") from None
    except (ValueError, RecursionError):  # Python's own limits on digits and depth; they tell no line
        written = text.splitlines()
        raise MandateError(1 + written.index(max(written, key=len)), "a number or a list is beyond any use") from None
    return Part(value, "the file", (), lines_of(text))


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_Row = TypeVar("_Row", bound=_Coded)


def each(part: Part, name: str, reader: Callable[[Part], _Row]) -> tuple[_Row, ...]:
    """The rows of a list that is not empty; no two have the same code."""
    rows: dict[str, _Row] = {}
    for item in part.items(name):
        row = reader(item)
        if row.code in rows:
            raise item.fault(f"{name} named “{row.code}” stands in the file twice")
        rows[row.code] = row
    return tuple(rows.values())


# Readers of one value. Each refuses with an example of what is right.

Reader = Callable[[Part], object]


def words(part: Part) -> str:
    if not isinstance(part.value, str) or not part.value.strip():
        raise part.fault(f"{part.name} must be a text in quotation marks, and not empty")
    return part.value


def texts(part: Part) -> Texts:
    spoken = part.keys(_MUST_SPEAK, _MAY_SPEAK, name="the text “{key}” of {whole}")
    return MappingProxyType({language: words(text) for language, text in spoken.items()})


def code(part: Part) -> str:
    if not isinstance(part.value, str) or not _CODE.fullmatch(part.value):
        raise part.fault(f'{part.name} must be a word of letters, digits and hyphens, for example "on-time"')
    return part.value


def authority(part: Part) -> str:
    """Whose decision a rule is: the paragraph of a document, or the practice of the fund."""
    if not isinstance(part.value, str) or not _AUTHORITY.search(part.value):
        raise part.fault(
            f'{part.name} must name a paragraph, for example "A/RES/71/280, para. 31", or say "fund practice"'
        )
    return part.value


def day(part: Part) -> date:
    if not isinstance(part.value, date) or isinstance(part.value, datetime):
        raise part.fault(f"{part.name} must be a day without quotation marks, for example 2017-04-03")
    return part.value


def flag(part: Part) -> bool:
    if not isinstance(part.value, bool):
        raise part.fault(f"{part.name} must be true or false")
    return part.value


def fraction(part: Part) -> Decimal:
    number = _number(part.value)
    if number is None or not 0 <= number <= 1:
        raise part.fault(f"{part.name} must lie between 0 and 1, for example 0.13")
    return number


def usd(part: Part) -> Decimal:
    number = _number(part.value)
    if number is None or not 0 <= number < LARGEST or number != number.quantize(Decimal("0.01")):
        raise part.fault(f"{part.name} must be an amount in USD with at most two decimals, for example 1500.00")
    return number.quantize(Decimal("0.01"))


def whole(low: int, high: int) -> Callable[[Part], int]:
    def read(part: Part) -> int:
        if not isinstance(part.value, int) or isinstance(part.value, bool) or not low <= part.value <= high:
            raise part.fault(f"{part.name} must be a whole number from {low} to {high}")
        return part.value

    return read


def one_of(*known: str) -> Callable[[Part], str]:
    def read(part: Part) -> str:
        if part.value not in known or not isinstance(part.value, str):
            raise part.fault(f"{part.name} must be one of: {', '.join(known)}; “{part.value}” is not known")
        return part.value

    return read


def currency(part: Part) -> str:
    if not isinstance(part.value, str) or part.value not in CURRENCIES:
        raise part.fault(f'{part.name} must be a currency of ISO 4217, for example "USD"; “{part.value}” is none')
    return part.value


def state(part: Part) -> str:
    if not isinstance(part.value, str) or not _STATE.fullmatch(part.value):
        raise part.fault(f'{part.name} must be the three letters of a State in ISO 3166, for example "NPL"')
    return part.value


def list_of(read: Reader, name: str) -> Callable[[Part], tuple[object, ...]]:
    """A list, which may be empty, of elements that ``read`` reads."""
    return lambda part: tuple(read(element) for element in part.items(name, least=0))


def table_of(
    columns: Mapping[str, Reader], optional: Mapping[str, Reader] = MappingProxyType({})
) -> Callable[[Part], Mapping[str, object]]:
    """A table with these keys and perhaps some of ``optional``."""

    def read(part: Part) -> Mapping[str, object]:
        parts = part.keys(" ".join(columns), " ".join(optional))
        readers = {**columns, **optional}
        return MappingProxyType({key: readers[key](value) for key, value in parts.items()})

    return read


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() and abs(number) < LARGEST and len(number.as_tuple().digits) <= 28 else None


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        return Decimal("NaN")  # refused by whoever reads it, with its line
