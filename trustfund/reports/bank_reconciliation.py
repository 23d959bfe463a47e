"""Bank reconciliation: what the bank says, what the books say, and every item that stands on one side only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import func, select

from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.models.record import Event, Posting
from trustfund.models.statements import STANDS, BankStatement, LineMatch, StatementLine
from trustfund.reports.report import Column, ControlTotal, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("account", sentence("Account"), Kind.CODE, width=1.2),
    Column("currency", sentence("Currency"), Kind.CODE, width=0.7),
    Column("what", sentence("What"), Kind.WORD, width=1.8),
    Column("day", sentence("Day"), Kind.DATE, width=1.2),
    Column("reference", sentence("Reference"), Kind.CODE, width=1.8),
    Column("statement", sentence("On the statement"), Kind.MONEY, width=1.4),
    Column("books", sentence("In the books"), Kind.MONEY, width=1.4),
    Column("reason", sentence("Reason"), Kind.WORD, width=2.4),
)
WHAT = {
    "statement-balance": sentence("Balance of the statement"),
    "opening": sentence("Before the first statement"),
    "line": sentence("On the statement, not in the books"),
    "entry": sentence("In the books, not on the statement"),
    "book-balance": sentence("Balance of the books"),
    "difference": sentence("Difference"),
}
REASON = {
    "in-suspense": sentence("In suspense: nothing in the books is known to be this line"),
    "later-in-the-books": sentence("In the books on a later day"),
    "not-yet-on-a-statement": sentence("No line of a statement is known to be this entry"),
    "later-on-a-statement": sentence("On a statement of a later day"),
    "opened-with": sentence("What the bank held when the first statement began is what the books had"),
    "opened-otherwise": sentence("What the bank held when the first statement began is not what the books had"),
    "no-statement": sentence("No statement was imported"),
    "explained": sentence("Every item is explained"),
    "missing-statement": sentence("A statement is missing, or lines of it: the balances do not follow each other"),
}


class Item(NamedTuple):
    """A line or an entry: its place, day, amount in minor units, and what it is called."""

    key: int
    day: date
    amount: int
    reference: str


@dataclass
class Account:
    """A bank account in one currency, as it stood at the end of a day."""

    day: date
    statements: list[BankStatement] = field(default_factory=list)
    lines: dict[int, Item] = field(default_factory=dict)
    entries: dict[int, Item] = field(default_factory=dict)
    entries_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    lines_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @cached_property
    def begun(self) -> list[BankStatement]:
        """Statements that say a balance, from the first day to the last."""
        told = (one for one in self.statements if one.closing is not None and one.first_day <= self.day)
        return sorted(told, key=lambda one: (one.last_day, one.id))

    @cached_property
    def stated(self) -> int:
        """What the last statement closed with, and what its lines and later ones moved up to the day."""
        last = self.begun[-1] if self.begun else None
        balance, ended = (last.closing or 0, last.last_day) if last else (0, date.min)
        return balance + sum(
            (ended < line.day <= self.day) * line.amount - (self.day < line.day <= ended) * line.amount
            for line in self.lines.values()
        )

    @cached_property
    def first(self) -> BankStatement | None:
        return min(self.begun, key=lambda one: (one.first_day, one.id), default=None)

    @cached_property
    def before(self) -> int:
        """What the books had before the first statement, of what no line is."""
        return sum(entry.amount for entry in self.entries.values() if self._is_before(entry))

    @cached_property
    def booked(self) -> int:
        return sum(entry.amount for entry in self.entries.values() if entry.day <= self.day)

    def lines_alone(self) -> Iterator[tuple[Item, str]]:
        for line in self.lines.values():
            if line.day <= self.day and line.amount:
                theirs = self.entries_of.get(line.key, set())
                if not theirs:
                    yield line, "in-suspense"
                elif self._late(theirs):
                    yield line, "later-in-the-books"

    def entries_alone(self) -> Iterator[tuple[Item, str]]:
        for entry in self.entries.values():
            if entry.day <= self.day and entry.amount and not self._is_before(entry):
                theirs = self.lines_of.get(entry.key, set())
                if not theirs:
                    yield entry, "not-yet-on-a-statement"
                elif self._late(self.entries_of[next(iter(theirs))]):
                    yield entry, "later-on-a-statement"

    def _is_before(self, entry: Item) -> bool:
        return self.first is not None and entry.day < self.first.first_day and entry.key not in self.lines_of

    def _late(self, entries: set[int]) -> bool:
        """Whether a match, by its entries, has a part after the day. One side of it is always a single one."""
        lines = {line for entry in entries for line in self.lines_of[entry]}
        return any(self.entries[e].day > self.day for e in entries if e in self.entries) or any(
            self.lines[n].day > self.day for n in lines
        )


def build(snapshot: Snapshot) -> Report:
    """Account by account, as at the last day: both balances, and what stands on one side only with its reason."""
    accounts = _accounts(snapshot)
    rows: list[tuple[Value, ...]] = []
    for (code, currency), account in sorted(accounts.items()):
        rows += _rows(code, currency, account)
    unexplained = sum(1 for row in rows if row[2] == "difference" and row[7] != "explained")
    return snapshot.report(
        name="bank-reconciliation",
        title=sentence("Bank reconciliation"),
        answers=sentence("Whether the bank and the books agree, and what explains where they do not"),
        columns=COLUMNS,
        rows=rows,
        words=WHAT | REASON,
        control_totals=[
            ControlTotal(
                sentence("Differences not explained"),
                sentence("Accounts of which the balances differ by more than the items listed"),
                Decimal(unexplained),
                Decimal(0),
            )
        ],
    )


def _rows(code: str, currency: str, account: Account) -> Iterator[tuple[Value, ...]]:
    """Balance less what stands on this side only is the same on both sides, or the difference is told."""

    def row(
        what: str, day: date, reference: str, stated: int | None, booked: int | None, reason: str = ""
    ) -> tuple[Value, ...]:
        amounts = (None if units is None else major(units, currency) for units in (stated, booked))
        return f"cash:{code}", currency, what, day, reference, *amounts, reason

    first, begun, before = account.first, account.begun, account.before
    stated, booked = account.stated, account.booked
    number = begun[-1].reference if begun else ""
    yield row("statement-balance", account.day, number, stated, None, "" if account.statements else "no-statement")
    odd = 0
    if first:
        odd = (first.opening or 0) - before
        reason = "opened-otherwise" if odd else "opened-with"
        yield row("opening", first.first_day, first.reference, first.opening, before, reason)
    for line, reason in _in_order(account.lines_alone()):
        stated -= line.amount
        yield row("line", line.day, line.reference, line.amount, None, reason)
    for entry, reason in _in_order(account.entries_alone()):
        booked -= entry.amount
        yield row("entry", entry.day, entry.reference, None, entry.amount, reason)
    yield row("book-balance", account.day, f"cash:{code}", None, account.booked)
    difference = stated - booked
    why = ("opened-otherwise" if difference == odd else "missing-statement") if difference else "explained"
    yield row("difference", account.day, "", difference, None, why)


def _in_order(items: Iterable[tuple[Item, str]]) -> Sequence[tuple[Item, str]]:
    return sorted(items, key=lambda one: (one[0].day, one[0].key))


def _accounts(snapshot: Snapshot) -> dict[tuple[str, str], Account]:
    """Every account of the bank that a statement or the books know."""
    session, day = snapshot.session, snapshot.last_day
    accounts: dict[tuple[str, str], Account] = defaultdict(lambda: Account(day))
    statements = {one.id: one for one in session.scalars(select(BankStatement).order_by(BankStatement.id))}
    for one in statements.values():
        accounts[one.bank_account, one.currency].statements.append(one)
    lines = select(
        StatementLine.id,
        StatementLine.booking_day,
        StatementLine.amount,
        StatementLine.bank_reference,
        StatementLine.statement_id,
        StatementLine.number,
    )
    for id, booked, amount, bank, statement_id, number in session.execute(lines.order_by(StatementLine.id)):
        one = statements[statement_id]
        called = bank or f"{one.reference} {number}"
        accounts[one.bank_account, one.currency].lines[id] = Item(id, booked, amount, called)
    total = func.sum(Posting.amount)
    entries = (
        select(Posting.account, Posting.currency, Posting.seq, func.min(Posting.day), total, Event.subject)
        .join(Event, Event.seq == Posting.seq)
        .where(Posting.account.startswith("cash:"))
        .group_by(Posting.account, Posting.currency, Posting.seq, Event.subject)
        .order_by(Posting.seq)
    )
    for name, currency, seq, posted, amount, subject in session.execute(entries):
        item = Item(seq, posted, int(amount), f"{seq} {subject}")
        accounts[name.partition(":")[2], currency].entries[seq] = item
    for match in session.execute(
        select(LineMatch.line_id, LineMatch.entry, LineMatch.bank_account, LineMatch.currency).where(STANDS)
    ):
        account = accounts[match.bank_account, match.currency]
        account.entries_of[match.line_id].add(match.entry)
        account.lines_of[match.entry].add(match.line_id)
    return accounts
