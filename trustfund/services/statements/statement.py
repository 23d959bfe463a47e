"""A bank statement in one plain shape, whatever file it came in, and the checks that hold for every one.

Signs are the account holder's: what comes in is positive. Nothing is guessed: what is not exact is refused, with the
line of the file and what would be right.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from trustfund.core.money import CURRENCIES, LARGEST
from trustfund.core.refusal import Refused

MOST_LINES = 50_000
MOST_STATEMENTS = 5_000

_ZEROS = {currency: Decimal(0).scaleb(-places) for currency, places in CURRENCIES.items()}
_DIGITS = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One movement as the bank booked it. ``n``: the how-manieth of wholly equal lines of its day, from 1."""

    account: str
    currency: str
    booking_day: date
    value_date: date
    amount: Decimal
    bank_reference: str = ""
    reference: str = ""
    """The end-to-end or customer reference: what the payer wrote for the payee."""
    name: str = ""
    counterparty: str = ""
    """The account of who paid or was paid, and above it the name."""
    text: str = ""
    reversal: bool = False
    n: int = 1


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bank says about one account: from a balance, by lines, to a balance. A CSV may know no balances."""

    account: str
    currency: str
    number: str
    opening: Decimal | None
    closing: Decimal | None
    first_day: date
    last_day: date
    lines: tuple[Line, ...]

    @property
    def movements(self) -> Decimal:
        return sum((line.amount for line in self.lines), zero(self.currency))


class Place(NamedTuple):
    """Where in a file: its line, and there an element, a tag or a column by its own name."""

    line: int
    element: str


def identity(line: Line) -> str:
    """What makes a line itself in whatever file it comes again; two genuine equal lines of one day differ by ``n``."""
    seen = [line.account, line.currency, *(str(each) for each in _seen(line)), line.n]
    return hashlib.sha256(("trustfund-bank-line/1\n" + json.dumps(seen, ensure_ascii=False)).encode()).hexdigest()


def numbered(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Gives equal lines of one day their numbers. A statement that goes on where another of the file ended counts on
    (a day may be spread over two); one that the file holds twice counts anew, and so comes to the same identities."""
    before: dict[tuple[str, str], Statement] = {}
    counts: dict[tuple[str, str], Counter[tuple[object, ...]]] = {}
    done = []
    for statement in statements:
        key = statement.account, statement.currency
        last = before.get(key)
        if last is None or last.closing is None or last.closing != statement.opening or last.number == statement.number:
            counts[key] = Counter()
        lines = []
        for line in statement.lines:
            seen = _seen(line)
            counts[key][seen] = n = counts[key][seen] + 1
            lines.append(line if n == 1 else replace(line, n=n))
        before[key] = statement
        done.append(replace(statement, lines=tuple(lines)))
    return tuple(done)


def balanced(statement: Statement, line: int) -> Statement:
    """Opening balance and movements make the closing balance, or the difference is named."""
    if statement.opening is None or statement.closing is None:
        return statement
    expected = statement.opening + statement.movements
    if expected != statement.closing:
        raise Refused(
            "Line {line}: in statement {number} of account {account}, the opening balance of {opening} and movements "
            "of {movements} make {expected} {currency}, but its closing balance is {closing}: a difference of "
            "{difference}. Ask the bank for the whole statement.",
            field="file",
            line=line,
            number=statement.number or "–",
            account=statement.account,
            opening=statement.opening,
            movements=statement.movements,
            expected=expected,
            currency=statement.currency,
            closing=statement.closing,
            difference=statement.closing - expected,
        )
    return statement


def exact(digits: str, currency: str, place: Place, *, printed: str = "") -> Decimal:
    """The amount of digits and a point, exact in its currency: zeros may follow its decimals, nothing else."""
    known(currency, place)
    if not _DIGITS.fullmatch(digits):
        raise not_an_amount(printed or digits, place)
    amount = Decimal(digits)
    kept = amount.quantize(zero(currency))
    if kept != amount:
        raise Refused(
            "Line {line}, {element}: {text} has more decimals than {currency} has: {places}.",
            field="file",
            **place._asdict(),
            text=(printed or digits)[:40],
            currency=currency,
            places=CURRENCIES[currency],
        )
    if kept >= LARGEST:
        raise Refused(
            "Line {line}, {element}: {text} is larger than any amount can be. Amounts stay below 10,000,000,000,000.",
            field="file",
            **place._asdict(),
            text=(printed or digits)[:40],
        )
    return kept


def not_an_amount(text: str, place: Place) -> Refused:
    return Refused(
        "Line {line}, {element}: “{text}” is not an amount. It has digits and one decimal sign, as in 1234.56.",
        field="file",
        **place._asdict(),
        text=text[:40],
    )


def known(currency: str, place: Place) -> str:
    """The currency, if ISO 4217 knows it."""
    if currency not in CURRENCIES:
        raise Refused(
            "Line {line}, {element}: “{currency}” is not a currency of ISO 4217. It has three letters, as in EUR.",
            field="file",
            **place._asdict(),
            currency=currency[:10],
        )
    return currency


def day(year: int, month: int, of_month: int, place: Place, *, printed: str) -> date:
    """A day of the calendar, or a refusal that shows what is printed."""
    try:
        return date(year, month, of_month)
    except ValueError:
        raise not_a_day(printed, place) from None


def not_a_day(text: str, place: Place) -> Refused:
    return Refused(
        "Line {line}, {element}: “{text}” is not a day of the calendar. Ask the bank for a corrected statement.",
        field="file",
        **place._asdict(),
        text=text[:40],
    )


def few(lines: int, statements: int = 0) -> None:
    """Refuses a file of more lines or statements than a fund has in years."""
    if lines > MOST_LINES or statements > MOST_STATEMENTS:
        raise Refused(
            "The file has more than {lines} lines or {statements} statements. Export a shorter time.",
            field="file",
            lines=MOST_LINES,
            statements=MOST_STATEMENTS,
        )


def zero(currency: str) -> Decimal:
    return _ZEROS[currency]


def joined(*parts: str | None) -> str:
    """Texts of a line behind one another, each run of blanks made one, none twice."""
    if len(parts) == 1:
        return " ".join(parts[0].split()) if parts[0] else ""
    whole = [" ".join(part.split()) for part in parts if part]
    return " ".join(dict.fromkeys(part for part in whole if part))


def _seen(line: Line) -> tuple[object, ...]:
    return (
        line.value_date,
        line.booking_day,
        line.amount,
        line.bank_reference,
        line.reference,
        line.name,
        line.counterparty,
        line.text,
    )
