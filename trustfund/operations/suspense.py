"""Lines of the bank that nothing in the books explains: how many wait, what each may be, what else is open there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation, Overflow
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from trustfund.core import matching
from trustfund.core.matching import Entry, Movement
from trustfund.core.money import CURRENCIES
from trustfund.models.record import Event
from trustfund.models.statements import STANDS, BankStatement, LineMatch, StatementLine
from trustfund.operations.matching import IN_SUSPENSE, called, movement, open_entries, owed_in, waiting

OFFERED = 25  # entries or lines beside which a box can be ticked
FOUND = 10  # of a search
LINES = 500  # waiting lines of an account that are looked at for sums

_OF_A_LINE = (
    *("id", "number", "booking_day", "value_date", "amount", "bank_reference", "reference", "name", "text"),
    *("counterparty", "reversal"),
)
_COLUMNS = (
    *(getattr(StatementLine, name) for name in _OF_A_LINE),
    BankStatement.reference.label("statement"),
    BankStatement.bank_account,
    BankStatement.currency,
)


@dataclass(frozen=True)
class Waiting:
    """How much waits on one account: lines, and what came in and went out with them, in minor units."""

    bank_account: str
    currency: str
    lines: int
    came_in: int
    went_out: int


@dataclass(frozen=True)
class Offer:
    """What a line may be, for a page: its entries, or with ``owed`` a pledge on which the deposit is to be recorded."""

    lines: tuple[str, ...]
    entries: tuple[Entry, ...]
    reasons: tuple[str, ...]
    owed: bool = False


@dataclass
class Open:
    """What is open on one account: entries that no line is, pledges that are owed, lines that wait."""

    session: Session
    bank_account: str
    currency: str
    from_file: list[Movement] = field(default_factory=list)

    @cached_property
    def entries(self) -> list[Entry]:
        return open_entries(self.session, self.bank_account, self.currency)

    @cached_property
    def owed(self) -> list[Entry]:
        return owed_in(self.session, self.currency)

    @cached_property
    def lines(self) -> list[Movement]:
        """Of earlier statements, and of the file that is looked at."""
        rows = self.session.execute(waiting(self.bank_account, self.currency).limit(LINES))
        return [*(movement(row, row.statement) for row in rows), *self.from_file]

    @cached_property
    def known(self) -> dict[Any, Entry]:
        return {entry.key: entry for entry in (*self.entries, *self.owed)}

    def offers(self, line: Movement) -> list[Offer]:
        """What the line may be, best first, each with its reasons in words (English keys)."""
        found = matching.suggestions(line, [*self.entries, *(self.owed if line.amount > 0 else [])], self.lines)
        return [
            Offer(
                tuple(str(key) for key in one.lines),
                tuple(self.known[key] for key in one.entries),
                tuple(matching.SAYS[reason] for reason in one.reasons),
                one.owed,
            )
            for one in found
        ]

    def search(self, words: str, line: Movement) -> list[Entry]:
        """Entries and owed pledges of the line's direction that have the words in a reference or a name, or as their
        amount."""
        plain, amount = " ".join(matching.pieces(words)), units_of(words, self.currency)
        return [
            entry
            for entry in (*self.entries, *(self.owed if line.amount > 0 else ()))
            if (entry.amount > 0) == (line.amount > 0) and (abs(entry.amount) == amount or plain in _words(entry))
        ][:FOUND]

    def near(self, line: Movement) -> list[Entry]:
        """The entries of the line's direction, the nearest by day."""
        same = [entry for entry in self.entries if (entry.amount > 0) == (line.amount > 0)]
        return sorted(same, key=lambda entry: abs((entry.day - line.day).days))[:OFFERED]

    def beside(self, line: Movement) -> list[Movement]:
        """The other lines of its direction that wait, the nearest by day."""
        others = [one for one in self.lines if one.key != line.key and (one.amount > 0) == (line.amount > 0)]
        return sorted(others, key=lambda one: abs((one.day - line.day).days))[:OFFERED]


def _words(entry: Entry) -> str:
    return " ".join(matching.pieces(" ".join((entry.name, entry.bank_reference, *entry.references))))


def how_much(session: Session) -> list[Waiting]:
    """What waits, account by account."""
    amount = StatementLine.amount
    rows = session.execute(
        select(
            BankStatement.bank_account,
            BankStatement.currency,
            func.count(),
            func.sum(case((amount > 0, amount), else_=0)),
            func.sum(case((amount < 0, -amount), else_=0)),
        )
        .join(BankStatement, BankStatement.id == StatementLine.statement_id)
        .where(*IN_SUSPENSE)
        .group_by(BankStatement.bank_account, BankStatement.currency)
        .order_by(BankStatement.bank_account, BankStatement.currency)
    )
    return [Waiting(code, currency, n, int(came), int(went)) for code, currency, n, came, went in rows]


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(StatementLine).where(*IN_SUSPENSE)) or 0


def lines(statement: str = "") -> Select[Any]:
    """Lines with the account they are on, of one statement or of all."""
    found = select(*_COLUMNS).join(BankStatement, BankStatement.id == StatementLine.statement_id)
    return found.where(BankStatement.reference == statement) if statement else found


def said(words: str) -> ColumnElement[bool]:
    """Lines that have the words in a reference, a name or a text, or as their amount."""
    texts = (getattr(StatementLine, name) for name in ("bank_reference", "reference", "name", "text", "counterparty"))
    amounts = {units for currency in CURRENCIES if (units := units_of(words, currency)) is not None}
    exact = [StatementLine.amount.in_(sorted(amounts | {-units for units in amounts}))] if amounts else []
    return or_(*(text.icontains(words, autoescape=True) for text in texts), *exact)


def units_of(words: str, currency: str) -> int | None:
    """An amount as somebody types it to find it, in minor units; None if it is none."""
    try:
        units = Decimal(words.replace(",", "").replace(" ", "").lstrip("-−")).scaleb(CURRENCIES[currency])
    except (InvalidOperation, Overflow):
        return None
    if not units.is_finite() or abs(units) >= 10**15:  # before it is a whole number: of 1e99999 that takes a second
        return None
    return int(units) if units == int(units) else None


def matches_of(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """Line -> (entry of the books, entry of the match) of every match that holds."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = select(LineMatch.line_id, LineMatch.entry, LineMatch.seq).where(LineMatch.line_id.in_(ids), STANDS)
    for line, entry, seq in session.execute(rows.order_by(LineMatch.entry)):
        found.setdefault(line, []).append((entry, seq))
    return found


def deeds_of(session: Session, entries: Iterable[object]) -> dict[int, tuple[str, str]]:
    """Entry -> (its deed, what it is about)."""
    numbers = {entry for entry in entries if isinstance(entry, int)}
    rows = select(Event.seq, Event.action, Event.subject).where(Event.seq.in_(numbers))
    return {seq: (action, subject) for seq, action, subject in session.execute(rows)}


def as_movement(row: Any) -> Movement:
    return movement(row, row.statement)


def name_of(row: Any) -> str:
    return called(row.statement, row.number)
