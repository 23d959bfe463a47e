"""A CSV as a bank's website exports it, read by a mapping: which column is what, and how its days and amounts look."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from trustfund.core.refusal import Refused
from trustfund.services.statements.cells import DATE_FORMATS, GROUPED, day_in, of_two, signed
from trustfund.services.statements.pace import PACE
from trustfund.services.statements.statement import Line, Place, Statement, few, joined, known

SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 200
MOST_ROWS = 200_000  # a field may have several


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
    return (_statement(rows) for rows in accounts.values())


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
        PACE.went_on()


def _usable(mapping: Mapping) -> None:
    formed = mapping.date_format in DATE_FORMATS and mapping.separator in SEPARATORS and mapping.decimal in GROUPED
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
    booked = day_in(cells["day"], mapping.date_format, at("day"))
    value = cells.get("value_date")
    if mapping.amount:
        amount = signed(cells["amount"], cells.get("sign"), mapping.decimal, currency, at("amount"))
    else:
        amount = of_two(cells["debit"], cells["credit"], mapping.decimal, currency, at("debit"))
    balance = cells.get("balance")
    return Row(
        Line(
            account=joined(cells.get("account")) or mapping.own_account,
            currency=currency,
            booking_day=booked,
            value_date=day_in(value, mapping.date_format, at("value_date")) if value else booked,
            amount=amount,
            bank_reference=joined(cells.get("bank_reference")),
            reference=joined(cells.get("reference")),
            name=joined(cells.get("name")),
            counterparty=joined(cells.get("counterparty")),
            text=joined(cells.get("text"), cells.get("more_text")),
        ),
        signed(balance, None, mapping.decimal, currency, at("balance")) if balance else None,
        at("balance"),
    )


def _statement(rows: list[Row]) -> Statement:
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
