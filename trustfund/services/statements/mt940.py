"""The MT940, SWIFT's statement message, as banks write it: with or without its envelope, several in one file.

Our own reader, because a treasurer must be told the line that is wrong, and every statement of a file has its own
account and balances; SWIFT's Standards MT, category 9, and the habits of Dutch, German and Polish banks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from trustfund.core.refusal import Refused
from trustfund.services.statements.mt940_details import NOTHING, Details, details, iban_at_the_start, of_numbered_rows
from trustfund.services.statements.pace import PACE
from trustfund.services.statements.statement import (
    Line,
    Place,
    Statement,
    balanced,
    exact,
    few,
    joined,
    not_a_day,
    not_an_amount,
)

TAGS = "20|21|25P?|28C?|60F|60M|61|86|62F|62M|64|65|NS|13|13D|34F|90C|90D"
AFTER_CLOSING = ("86", "64", "65", "NS")
MOST_ROWS = 1_000_000
OF_OTHER_MESSAGES = {"13D": "MT942", "34F": "MT942", "90C": "MT942", "90D": "MT942"}

_TAG = re.compile(rf":({TAGS}):(.*)")
_A_TIME = re.compile(r":[0-5]\d:[0-5]\d(?!\d)")
_ENVELOPE = re.compile(r"(?:\{[1-5]:.*?\{2:[IO](\d{3})|\{2:[IO](\d{3})|(9\d\d)(?: \d\d)?$)")
_END = re.compile(r"-(\}.*|[\x03\x04\x1a]*)?\s*")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,]{1,20})\s*", re.ASCII)
_MOVEMENT = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}| {4})?(?P<sign>R?[CD])[A-Z]?(?P<amount>\d[^A-Z/]*)"
    r"(?P<type>[A-Z][A-Z0-9 ]{3})?(?P<reference>.*?)(?://(?P<bank>.*))?",
    re.ASCII,
)


class Field(NamedTuple):
    """A tag of a message with its lines, from a line of the file on."""

    tag: str
    line: int
    rows: list[str]

    @property
    def place(self) -> Place:
        return Place(self.line, f":{self.tag}")


Message = list[Field]


@dataclass(frozen=True)
class Balance:
    amount: Decimal
    currency: str
    day: date
    printed: Field


def read(text: str) -> Iterator[Statement]:
    """The statements of a file in its order; pages of one statement are put together."""
    few(text.count("\n:61:"))
    if text.count("\n") > MOST_ROWS:
        few(MOST_ROWS)
    pages: list[tuple[Statement, bool]] = []  # a statement so far, and whether its last page is still to come
    count = 0
    for message in messages(text):
        statement, continues, goes_on = of_message(message)
        count += len(statement.lines)
        few(count, len(pages))
        before = pages[-1] if pages else None
        if before and continues and before[1] and _next_page(before[0], statement):
            whole = replace(before[0], closing=statement.closing, last_day=statement.last_day)
            pages[-1] = replace(whole, lines=whole.lines + statement.lines), goes_on
        else:
            pages.append((statement, goes_on))
    if not pages:
        raise Refused("The file holds no statement. Choose the MT940 file as the bank gave it.", field="file")
    return (statement for statement, _ in pages)


def messages(text: str) -> Iterator[Message]:
    """Cuts a file into messages and these into fields; what stands between messages is their envelope."""
    message: Message = []
    closed = False  # its closing balance has come
    rows = text.split("\n")
    for number, row in enumerate(rows, 1):
        row = row.lstrip("\x01\ufeff")
        tag = _TAG.match(row) if row[:1] == ":" else None
        if tag and message and message[-1].tag == "86" and _A_TIME.match(row) and not _begins(rows, number):
            tag = None
        if tag and message and (tag[1] == "20" or (closed and tag[1] not in AFTER_CLOSING)):
            yield message
            message, closed = [], False
        if tag:
            _only_940(OF_OTHER_MESSAGES.get(tag[1]), number)
            message.append(Field(tag[1], number, [tag[2]]))
            closed = closed or tag[1] in ("62F", "62M")
        elif message and row[:1] == "-" and _END.fullmatch(row):
            yield message
            message, closed = [], False
        elif message:
            message[-1].rows.append(row)
        elif envelope := _ENVELOPE.match(row):
            kind = envelope[1] or envelope[2] or envelope[3]
            _only_940(f"MT{kind}" if kind != "940" else None, number)
    if message:
        yield message


def of_message(message: Message) -> tuple[Statement, bool, bool]:
    """One statement or page, whether it continues another, and whether another continues it."""
    start = message[0]
    account = _first(message, "25", "25P")
    opening, closing = _balance(message, "60F", "60M"), _balance(message, "62F", "62M")
    if account is None or not account.rows[0].strip():
        raise _lacks(":25:", start)
    if opening is None:
        raise _lacks(":60F:", start)
    if closing is None:
        raise _lacks(":62F:", start)
    named = re.sub(rf"[\s/]*{opening.currency}$", "", account.rows[0].strip()) or account.rows[0].strip()
    lines = tuple(_movements(message, named, opening.currency))
    if closing.currency != opening.currency:
        raise Refused(
            "Line {line}, {element}: the closing balance is in {closing}, but the opening balance in {opening}. "
            "Both are in the currency of the account.",
            field="file",
            **closing.printed.place._asdict(),
            closing=closing.currency,
            opening=opening.currency,
        )
    number = _first(message, "28C", "28")
    statement = Statement(
        account=named,
        currency=opening.currency,
        number=number.rows[0].strip() if number else "",
        opening=opening.amount,
        closing=closing.amount,
        first_day=opening.day,
        last_day=closing.day,
        lines=lines,
    )
    return balanced(statement, closing.printed.line), opening.printed.tag == "60M", closing.printed.tag == "62M"


def _begins(rows: list[str], number: int) -> bool:
    """Whether the row after this one is of the head of a message, so that this one is its :20: and not a time."""
    return any(row.startswith((":21:", ":25")) for row in rows[number : number + 1])


def _first(message: Message, *tags: str) -> Field | None:
    return next((each for each in message if each.tag in tags), None)


def _next_page(before: Statement, page: Statement) -> bool:
    same = (before.account, before.currency, before.closing) == (page.account, page.currency, page.opening)
    return same and before.number.partition("/")[0] == page.number.partition("/")[0]


def _only_940(other: str | None, line: int) -> None:
    if other:
        raise Refused(
            "Line {line}: this is an {kind}, not a bank statement. Ask the bank for the MT940 of the account.",
            field="file",
            line=line,
            kind=other,
        )


def _lacks(tag: str, start: Field) -> Refused:
    return Refused(
        "Line {line}: the statement that begins here has no {tag}. The file is cut off, or is only a part of one.",
        field="file",
        line=start.line,
        tag=tag,
    )


def _balance(message: Message, *tags: str) -> Balance | None:
    """:60F: and :62F:, or :60M: and :62M: of a page: sign, day, currency, amount."""
    found = [f for f in message if f.tag in tags]
    if not found:
        return None
    printed = found[0]
    if len(found) > 1:
        raise Refused(
            "Line {line}: a second {element} in one statement. The file is not whole.",
            field="file",
            **found[1].place._asdict(),
        )
    parts = _BALANCE.fullmatch(printed.rows[0])
    if not parts:
        raise not_an_amount(printed.rows[0], printed.place)
    amount = exact(_point(parts[4]), parts[3], printed.place, printed=parts[4])
    on = _day(parts[2], printed.place)
    return Balance(-amount if parts[1] == "D" else amount, parts[3], on, printed)


def _movements(message: Message, account: str, currency: str) -> Iterator[Line]:
    for index, printed in enumerate(message):
        if printed.tag != "61":
            continue
        parts = _MOVEMENT.fullmatch(printed.rows[0])
        if not parts:
            raise Refused(
                "Line {line}, {element}: “{text}” is not a movement. It begins with a day, C or D, and an amount.",
                field="file",
                **printed.place._asdict(),
                text=printed.rows[0][:40],
            )
        follows = message[index + 1] if index + 1 < len(message) else printed
        told = of_numbered_rows(follows.rows) if follows.tag == "NS" else details(follows.rows * (follows.tag == "86"))
        yield _movement(parts, printed, told, account, currency)
        PACE.went_on()


def _movement(parts: re.Match[str], printed: Field, told: Details, account: str, currency: str) -> Line:
    amount = exact(_point(parts["amount"]), currency, printed.place, printed=parts["amount"])
    incoming = parts["sign"] in ("C", "RD")
    value_date = _day(parts["value"], printed.place)
    reference = joined(parts["reference"])
    bank = joined(parts["bank"])
    extra = joined(*printed.rows[1:])
    theirs = told.account or iban_at_the_start(extra)
    return Line(
        account=account,
        currency=currency,
        booking_day=_entry_day(parts["entry"], value_date, printed.place),
        value_date=value_date,
        amount=amount if incoming else -amount,
        bank_reference="" if bank in NOTHING else bank,
        reference=told.reference or ("" if reference in (*NOTHING, theirs) else reference),
        name=told.name,
        counterparty=theirs,
        text=joined(told.text, "" if extra in (told.text, told.name, theirs) else extra),
        reversal=len(parts["sign"]) == 2 or (parts["type"] or "")[1:] == "RTI",
    )


def _point(amount: str) -> str:
    return amount.replace(".", "?").replace(",", ".").removesuffix(".")


def _day(digits: str, place: Place) -> date:
    """YYMMDD. 30 February, on which banks that count thirty days a month book interest, is its last day."""
    year, month, of_month = (int(digits[i : i + 2]) for i in (0, 2, 4))
    found = _day_in(year + (1900 if year >= 80 else 2000), month, of_month)
    if found is None:
        raise not_a_day(digits, place)
    return found


def _entry_day(digits: str | None, value_date: date, place: Place) -> date:
    """MMDD of the year that brings it nearest to the value date."""
    if digits is None or not digits.strip():
        return value_date
    years = (value_date.year - 1, value_date.year, value_date.year + 1)
    near = [found for year in years if (found := _day_in(year, int(digits[:2]), int(digits[2:])))]
    if not near:
        raise not_a_day(digits, place)
    return min(near, key=lambda on: abs(on - value_date))


@lru_cache
def _day_in(year: int, month: int, of_month: int) -> date | None:
    if month == 2 and of_month in (29, 30):
        return date(year, 3, 1) - timedelta(days=1)
    try:
        return date(year, month, of_month)
    except ValueError:
        return None
