"""Statements of the bank, their lines, and which entry of the books each line is. Amounts are whole minor units."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from trustfund.extensions import db
from trustfund.models.columns import Instant, Whole


class BankStatement(db.Model):
    """What the bank says about one account, from a balance to a balance. A CSV may know no balances.

    ``account_number`` is the bank's, ``bank_account`` the fund's: the first statement of a number says whose it is.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    bank_account: Mapped[str] = mapped_column(String(40))
    account_number: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(String(3))
    opening: Mapped[int | None] = mapped_column(Whole)
    closing: Mapped[int | None] = mapped_column(Whole)
    first_day: Mapped[date]
    last_day: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))  # of the file, SHA-256
    seq: Mapped[int] = mapped_column(Whole)


class StatementLine(db.Model):
    """One movement as the bank booked it, positive for money that came in; never changed. Names and texts of who paid
    stand only here, their seal in the record. ``n``: the how-manieth of wholly equal lines of its day."""

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"))
    number: Mapped[int]  # in the statement, of the lines that no earlier statement had
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    booking_day: Mapped[date]
    value_date: Mapped[date]
    amount: Mapped[int] = mapped_column(Whole)
    bank_reference: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    counterparty: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    reversal: Mapped[bool]
    n: Mapped[int]
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("statement_id", "number"),)


class LineMatch(db.Model):
    """A line of a statement is an entry of the books, or a part of it, or the entry is a part of the line.

    ``entry``: the place in the record of what was posted on the cash account; ``seq``: of the match itself.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("statement_line.id"))
    bank_account: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    entry: Mapped[int] = mapped_column(Whole, index=True)
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("line_id", "entry", "seq"),)


class MatchUndone(db.Model):
    """A match that an officer took back: it stays where it was, and this row says that it holds no more."""

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("line_match.id"), unique=True)
    seq: Mapped[int] = mapped_column(Whole)


STANDS = ~select(MatchUndone.id).where(MatchUndone.match_id == LineMatch.id).exists()
"""Of a match: nobody took it back."""


class StatementUpload(db.Model):
    """A bank's file between its preview and its confirmation, sealed in the storage. Housekeeping."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(120))
    stored: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    bank_account: Mapped[str] = mapped_column(String(40))
    mapping: Mapped[str] = mapped_column(Text)  # of the columns of a CSV, as JSON
    at: Mapped[datetime] = mapped_column(Instant)


class ColumnMapping(db.Model):
    """What an officer said the columns of a CSV are, remembered by the digest of its headings. Housekeeping."""

    headings: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
