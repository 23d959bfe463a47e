"""A CSV as a bank's website exports it, read by a mapping: which column is what, and how its days and amounts look."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal

from trustfund.core.money import CURRENCIES
from trustfund.core.refusal import Refused
from trustfund.services.statements.statement import (
    Line,
    Place,
    Statement,
    day,
    exact,
    few,
    joined,
    known,
    not_a_day,
    not_an_amount,
)

SEPARATORS = (",", ";", "\t", "|")
DATE_FORMATS = {
    "YYYY-MM-DD": r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
    "YYYYMMDD": r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
    "DD.MM.YYYY": r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4}|\d\d)",
    "MM/DD/YYYY": r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d\d)",
}
"""How a day is printed, whatever stands between its numbers; a time may follow it."""

INCOMING = {"c", "cr", "crdt", "credit", "haben", "h", "+", "bij", "in", "credito", "crédit", "crédito", "abono", "ha"}
OUTGOING = {"d", "dr", "dbit", "debit", "soll", "s", "-", "af", "out", "debito", "débit", "débito", "cargo", "so"}
MARKS = INCOMING | OUTGOING
MOST_COLUMNS = 200
MOST_ROWS = 200_000  # a field may have several

_TIME = r"([T ]\d\d?:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?"
_PRINTED = re.compile(r"(?P<open>\()?(?P<before>[+-])?(?P<digits>[^()+-]+?)(?P<after>[+-])?(?P<close>\))?")
_MARKED = re.compile(r"(.*?\d\)?)\s*(CR|DR|C|D)", re.IGNORECASE | re.ASCII)
_GROUPED = {
    ",": re.compile(r"(\d{1,3}([. '’\u00a0\u202f])\d{3}(\2\d{3})*|\d{1,18})(,\d{1,6})?", re.ASCII),
    ".": re.compile(r"(\d{1,3}([, '’\u00a0\u202f])\d{3}(\2\d{3})*|\d{1,18})(\.\d{1,6})?", re.ASCII),
}
_SYMBOLS = {"€": "EUR", "£": "GBP"}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Columns by the names in the header, or by their numbers from 1 where there is none. "" is: there is no such.

    ``header``: the line of the file with the names, from 1; 0 if there is none. Either ``amount`` (with its sign, or
    with a column ``sign`` of CR and DR) or ``debit`` and ``credit``. ``own_account`` and ``own_currency`` are what
    the fund knows of the account where no column says it.
    """

    day: str = ""
    value_date: str = ""
    amount: str = ""
    debit: str = ""
    credit: str = ""
    sign: str = ""
    balance: str = ""
    currency: str = ""
    account: str = ""
    bank_reference: str = ""
    reference: str = ""
    name: str = ""
    counterparty: str = ""
    text: str = ""
    more_text: str = ""
    date_format: str = "YYYY-MM-DD"
    decimal: str = "."
    separator: str = ","
    header: int = 1
    own_account: str = ""
    own_currency: str = ""

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Mapping":
        said = json.loads(text)
        kept = {f.name: said[f.name] for f in fields(cls) if f.name in said}
        if any(type(kept[f.name]) is not f.type for f in fields(cls) if f.name in kept):
            raise ValueError(text[:100])
        return cls(**kept)


COLUMNS = [f.name for f in fields(Mapping)][: [f.name for f in fields(Mapping)].index("date_format")]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table and what its balance column says after it."""

    line: Line
    balance: Decimal | None
    place: Place


def read(text: str, mapping: Mapping) -> Iterator[Statement]:
    """One statement for each account and currency of the file, in the order of its days."""
    accounts: dict[tuple[str, str], list[Row]] = {}
    for row in _rows(text, mapping):
        accounts.setdefault((row.line.account, row.line.currency), []).append(row)
    if not accounts:
        raise Refused("The file has a header and no line. Choose the days again when you export it.", field="file")
    few(0, len(accounts))
    return (_statement(rows, mapping) for rows in accounts.values())


def table(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file, each with the line it ends on; an open quotation mark is refused."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS:
                raise Refused(
                    "Line {line}: more than {columns} columns.",
                    field="file",
                    line=reader.line_num,
                    columns=MOST_COLUMNS,
                )
            yield reader.line_num, row
    except csv.Error:
        raise Refused(
            "Line {line}: the quotation marks or the length of this line are not those of a CSV. Export it again.",
            field="file",
            line=reader.line_num,
        ) from None


def unsigned(printed: str, decimal: str) -> str | None:
    """Digits and a point of an amount without its sign; None if it is not written so. ``1.234,56`` -> ``1234.56``."""
    parts = _GROUPED[decimal].fullmatch(printed)
    if not parts:
        return None
    fraction = (parts[4] or "").replace(",", ".")
    return re.sub(r"\D", "", parts[1], flags=re.ASCII) + fraction


def _rows(text: str, mapping: Mapping) -> Iterator[Row]:
    _usable(mapping)
    if text.count("\n") > MOST_ROWS:
        few(MOST_ROWS)
    places: dict[str, int] | None = None
    for number, (line, cells) in enumerate(table(text, mapping.separator), 1):
        if line < mapping.header or not any(cell.strip() for cell in cells):
            continue
        if places is None:
            places = _places(cells if mapping.header else [str(n) for n in range(1, len(cells) + 1)], mapping, line)
            if mapping.header:
                continue
        few(number)
        if len(cells) <= max(places.values()):
            raise Refused(
                "Line {line} has {found} columns, too few for the columns chosen. Remove lines that are not movements.",
                field="file",
                line=line,
                found=len(cells),
            )
        yield _row({name: cells[at].strip() for name, at in places.items()}, mapping, line)


def _usable(mapping: Mapping) -> None:
    formed = mapping.date_format in DATE_FORMATS and mapping.separator in SEPARATORS and mapping.decimal in _GROUPED
    told = mapping.amount or (mapping.debit and mapping.credit)
    if not (formed and mapping.day and told and mapping.header >= 0):
        raise Refused(
            "Say which column is the day, and which the amount (or both debit and credit), and how they are written.",
            field="file",
        )
    if not (mapping.account or mapping.own_account) or not (mapping.currency or mapping.own_currency):
        raise Refused(
            "The file does not say its account and currency: choose their columns, or the account of the fund.",
            field="file",
        )


def _places(names: list[str], mapping: Mapping, line: int) -> dict[str, int]:
    """The number of each chosen column. The first of equal names is meant."""
    names = [name.strip() for name in names]
    chosen = {field: name for field in COLUMNS if (name := getattr(mapping, field))}
    for name in chosen.values():
        if name not in names:
            raise Refused(
                "Line {line}: there is no column “{name}”. Choose the columns again.",
                field="file",
                line=line,
                name=name[:40],
            )
    return {field: names.index(name) for field, name in chosen.items()}


def _row(cells: dict[str, str], mapping: Mapping, line: int) -> Row:
    def at(field: str) -> Place:
        return Place(line, getattr(mapping, field) or field)

    currency = known(cells.get("currency") or mapping.own_currency, at("currency"))
    booked = _day(cells["day"], mapping.date_format, at("day"))
    value = cells.get("value_date")
    if mapping.amount:
        amount = _signed(cells["amount"], cells.get("sign"), mapping.decimal, currency, at("amount"))
    else:
        amount = _of_two(cells["debit"], cells["credit"], mapping.decimal, currency, at("debit"))
    balance = cells.get("balance")
    return Row(
        Line(
            account=joined(cells.get("account")) or mapping.own_account,
            currency=currency,
            booking_day=booked,
            value_date=_day(value, mapping.date_format, at("value_date")) if value else booked,
            amount=amount,
            bank_reference=joined(cells.get("bank_reference")),
            reference=joined(cells.get("reference")),
            name=joined(cells.get("name")),
            counterparty=joined(cells.get("counterparty")),
            text=joined(cells.get("text"), cells.get("more_text")),
        ),
        _signed(balance, None, mapping.decimal, currency, at("balance")) if balance else None,
        at("balance"),
    )


def _day(printed: str, form: str, place: Place) -> date:
    parts = re.fullmatch(DATE_FORMATS[form] + _TIME, printed, re.ASCII)
    if not parts:
        raise not_a_day(printed, place)
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    return day(year, int(parts["m"]), int(parts["d"]), place, printed=printed)


def _of_two(debit: str, credit: str, decimal: str, currency: str, place: Place) -> Decimal:
    """Debit and credit of one line: one of them is filled in. A debit may be written with a minus or without."""
    out, into = (_signed(each, None, decimal, currency, place) if each else Decimal(0) for each in (debit, credit))
    if (out and into) or not (debit or credit):
        raise Refused(
            "Line {line}, {element}: a line has either a debit or a credit, and this one has not.",
            field="file",
            **place._asdict(),
        )
    return -abs(out) if out else into or exact("0", currency, place)


def _signed(printed: str, mark: str | None, decimal: str, currency: str, place: Place) -> Decimal:
    """``-1.00``, ``1.00-``, ``(1.00)``, ``1.00 DR``, or with the mark in a column of its own. One sign only."""
    text = printed.replace("−", "-").strip()
    if text[:3] == currency or text[-3:] == currency:
        text = text.removeprefix(currency).removesuffix(currency).strip()
    for symbol, of in _SYMBOLS.items():
        if of == currency:
            text = text.replace(symbol, "", 1).strip()
    marks = []
    if marked := _MARKED.fullmatch(text):
        text, marks = marked[1], [marked[2].casefold()]
    if mark is not None:
        marks.append(mark.casefold().strip())
    parts = _PRINTED.fullmatch(text)
    digits = unsigned(parts["digits"].strip(), decimal) if parts else None
    if parts is None or digits is None or bool(parts["open"]) != bool(parts["close"]):
        raise not_an_amount(printed, place)
    signs = [sign for sign in (parts["before"], parts["after"], parts["open"]) if sign]
    if len(signs) + len(marks) > 1 or any(each not in MARKS for each in marks) or _may_be_thousands(digits, currency):
        raise not_an_amount(printed if not marks else f"{printed} {mark or ''}".strip(), place)
    amount = exact(digits, currency, place, printed=printed)
    return -amount if signs in (["-"], ["("]) or (marks and marks[0] in OUTGOING) else amount


def _may_be_thousands(digits: str, currency: str) -> bool:
    """``1.000`` in a currency without three decimals: it may be a thousand."""
    return bool(re.search(r"\.\d{3}$", digits)) and CURRENCIES[currency] != 3


def _statement(rows: list[Row], mapping: Mapping) -> Statement:
    """The lines from the earliest to the latest: banks print either first, and the running balance says which."""
    ways = [rows, rows[::-1]]
    if rows[0].line.booking_day > rows[-1].line.booking_day:
        ways.reverse()
    odd = [_first_odd(way) for way in ways]
    if all(odd):
        raise _does_not_run_on(*odd[0])  # type: ignore[misc]
    rows = ways[odd.index(None)]
    days = [row.line.booking_day for row in rows]
    opening, closing = _ends(rows)
    return Statement(
        account=rows[0].line.account,
        currency=rows[0].line.currency,
        number="",
        opening=opening,
        closing=closing,
        first_day=min(days),
        last_day=max(days),
        lines=tuple(row.line for row in rows),
    )


def _first_odd(rows: list[Row]) -> tuple[Decimal, Row] | None:
    """The first line whose balance does not follow, and the balance before it. Not every line need print one."""
    running = None
    for row in rows:
        if row.balance is not None and running is not None and running + row.line.amount != row.balance:
            return running, row
        if running is not None:
            running += row.line.amount
        running = row.balance if row.balance is not None else running
    return None


def _ends(rows: list[Row]) -> tuple[Decimal | None, Decimal | None]:
    """The balances before the first and after the last line, if any line prints one."""
    moved = Decimal(0)
    opening = None
    for row in rows:
        moved += row.line.amount
        if opening is None and row.balance is not None:
            opening = row.balance - moved
    return opening, None if opening is None else opening + moved


def _does_not_run_on(before: Decimal, row: Row) -> Refused:
    assert row.balance is not None
    return Refused(
        "Line {line}, {element}: a balance of {before} and a movement of {amount} make {expected}, "
        "but the file says {balance}: a difference of {difference}. A line is missing, or the column is another.",
        field="file",
        **row.place._asdict(),
        before=before,
        amount=row.line.amount,
        expected=before + row.line.amount,
        balance=row.balance,
        difference=row.balance - before - row.line.amount,
    )
