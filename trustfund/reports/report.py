"""A report as data: what it says, never how it looks. The drawers (draw_*.py) turn it into files and pages.

The same head of the record, as-at day, language and version give the same bytes. The digest is the SHA-256 of the
canonical JSON without ``digest``, so it is the same in every format and language.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from trustfund.core.verifier import canonical

FORMAT = "trustfund-report/1"
NO_ROWS = '"rows":[]'  # the key, for inside a text its marks would be escaped
PIECE = 1000  # rows
Value = str | int | Decimal | date | None


class Kind(StrEnum):
    """What a column holds; drawers align and write by it. Money is Decimal with the decimals of its currency."""

    TEXT = "text"
    CODE = "code"  # references, hashes, symbols: never translated or split
    WORD = "word"  # a stable word of the fund (a stage, an earmark): translated where a person reads it
    NAME = "name"  # of a State, in English: a person reads it in her or his language
    NUMBER = "number"  # whole number
    SHARE = "share"  # of things that are counted: Decimal with one decimal
    MONEY = "money"
    DATE = "date"


NOTHING = {Kind.MONEY: Decimal("0.00"), Kind.SHARE: Decimal("0.0")}


@dataclass(frozen=True)
class Column:
    key: str  # stable English key: header of CSV, key of JSON
    label: str  # English sentence key of the heading, translated by the drawers of pages, PDF and XLSX
    kind: Kind = Kind.TEXT
    total: bool = False
    width: float = 1.0  # share of the width in the PDF, relative to the other columns
    on_page: bool = True  # the page shows fewer columns than the files
    tables: tuple[int, ...] = (1,)  # of the PDF in which it stands: one that is too wide for a sheet has a second


@dataclass(frozen=True)
class ControlTotal:
    """A sum that must come out, told whether it does: name, how it is made (English keys), value in USD."""

    name: str
    how: str
    value: Decimal
    should_be: Decimal | None = None

    @property
    def holds(self) -> bool:
        return self.should_be is None or self.value == self.should_be


@dataclass(frozen=True)
class Bar:
    """One row of a figure: a label and the parts of its bar (values in USD), in the order of ``Figure.parts``."""

    label: str
    values: tuple[Decimal, ...]
    key: bool = False  # the label is an English key, not a name


@dataclass(frozen=True)
class Figure:
    """A bar chart as data; the same on page and PDF. ``title`` says the finding; ``parts`` name the values."""

    title: str
    parts: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Report:
    """``rows`` are tuples in the order of ``columns``; texts in ``title``, labels and facts are English keys."""

    name: str  # as in the menu: status-of-contributions
    title: str
    answers: str  # the question it answers, one sentence
    fund: str
    legal_basis: str
    period_from: date | None
    period_to: date | None
    as_at: date
    currency: str
    rate_source: str
    columns: Sequence[Column]
    rows: Sequence[tuple[Value, ...]]
    control_totals: Sequence[ControlTotal]
    head_seq: int
    head_hash: str
    version: str
    figure: Figure | None = None
    further: Sequence[Figure] = ()  # figures, below the first
    words: Mapping[str, str] = field(default_factory=dict)  # stable word -> English key, for Kind.WORD
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """``fund`` and ``legal_basis`` in the mandate's own words: field -> language -> text."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """English name -> language -> name, for Kind.NAME. CSV, JSON and the digest have the English one."""

    @cached_property
    def totals(self) -> dict[str, Decimal | int]:
        """Column key -> sum of the column, for columns that are summed."""
        return {
            c.key: sum(
                (r[i] for r in self.rows if r[i] is not None),  # type: ignore[misc]
                NOTHING.get(c.kind, 0),
            )
            for i, c in enumerate(self.columns)
            if c.total
        }

    def own(self, name: str, language: str) -> str:
        """``fund`` or ``legal_basis`` as the mandate has it in a language; in English where it has nothing."""
        return self.texts.get(name, {}).get(language) or str(getattr(self, name))

    def called(self, name: str, language: str) -> str:
        """A name of a Kind.NAME column as a language has it; as it stands where it has none."""
        return self.names.get(name, {}).get(language) or name

    @cached_property
    def digest(self) -> str:
        whole = hashlib.sha256()
        for piece in self.as_json():
            whole.update(piece.encode())
        return whole.hexdigest()

    def as_json(self, **more: str) -> Iterator[str]:
        """The canonical JSON in pieces, so that a long report is not held twice."""
        before, after = canonical(self.as_data() | more).split(NO_ROWS)
        keys = [c.key for c in self.columns]
        yield before + NO_ROWS[:-1]
        for first in range(0, len(self.rows), PIECE):
            rows = [dict(zip(keys, map(plain, row), strict=True)) for row in self.rows[first : first + PIECE]]
            yield ("," if first else "") + canonical(rows)[1:-1]
        yield "]" + after

    def as_data(self) -> dict[str, Any]:
        """The report as JSON has it, without rows and digest: no language, amounts as plain strings."""
        return {
            "format": FORMAT,
            "report": self.name,
            "title": self.title,
            "fund": self.fund,
            "legal_basis": self.legal_basis,
            "period": {"from": plain(self.period_from), "to": plain(self.period_to)},
            "as_at": plain(self.as_at),
            "currency": self.currency,
            "rate_source": self.rate_source,
            "columns": [c.key for c in self.columns],
            "rows": [],
            "totals": {key: plain(value) for key, value in self.totals.items()},
            "control_totals": [
                {"name": c.name, "how": c.how, "value": plain(c.value), "should_be": plain(c.should_be)}
                for c in self.control_totals
            ],
            "head": {"seq": self.head_seq, "hash": self.head_hash},
            "version": self.version,
        }

    def facts(self) -> list[tuple[str, str]]:
        """What every report says beside its table: (key, plain value), in the order of CSV and XLSX."""
        return [
            ("report", self.name),
            ("fund", self.fund),
            ("legal_basis", self.legal_basis),
            ("period_from", plain(self.period_from) or ""),
            ("period_to", plain(self.period_to) or ""),
            ("as_at", self.as_at.isoformat()),
            ("currency", self.currency),
            ("rate_source", self.rate_source),
            *((c.name, f"{c.value:f}") for c in self.control_totals),
            ("head", f"{self.head_seq}:{self.head_hash}"),
            ("digest", self.digest),
            ("version", self.version),
        ]


@dataclass(frozen=True)
class Voice:
    """The reader's language, handed to the drawers: how sentences, amounts and dates are written in it."""

    language: str
    say: Callable[..., str]  # English key, **values -> sentence
    amount: Callable[[Decimal], str]  # 2931.22 -> 2,931.22
    day: Callable[[date], str]  # 2018-01-10 -> 10 January 2018
    right_to_left: bool = False


def plain(value: Value) -> str | int | None:
    """A value as open data has it: ISO dates, a point, no separators."""
    if isinstance(value, Decimal):
        text = str(value)
        return f"{value:f}" if "E" in text else text  # str alone takes a third of the time
    return value.isoformat() if isinstance(value, date) else value


def code_of(seq: int, digest: str) -> str:
    """What a person types to check a paper: the place in the record and twelve digits. 48217 9f3c 71ab 04de."""
    return " ".join([str(seq), *grouped(digest[:12])])


def grouped(digits: str, by: int = 4) -> Iterable[str]:
    return (digits[i : i + by] for i in range(0, len(digits), by))
