"""The record: events, their postings, the balances and the head. ``guards`` keeps them from being edited."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from trustfund.core.ledger import CAME_IN, COMMITTED, SPENT
from trustfund.core.money import major, spendable
from trustfund.core.verifier import GENESIS
from trustfund.extensions import db
from trustfund.models.awards import Award, holds
from trustfund.models.columns import Whole
from trustfund.models.selections import SetAside


class Event(db.Model):
    """One deed. ``body`` is the truth; every other column is a copy or what proves the body unchanged."""

    seq: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(24))
    actor: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    key: Mapped[str | None] = mapped_column(String(80))
    state_from: Mapped[str | None] = mapped_column(String(20))
    state_to: Mapped[str | None] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    sig: Mapped[str | None] = mapped_column(String(128))
    key_id: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (Index("uq_event_actor_key", "actor", "key", unique=True),)


class Posting(db.Model):
    """One side of an entry: a copy of the event's ``post``, so that the books can be summed."""

    seq: Mapped[int] = mapped_column(
        Whole, ForeignKey("event.seq", deferrable=True, initially="DEFERRED"), primary_key=True, autoincrement=False
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Whole)
    usd: Mapped[int] = mapped_column(Whole)
    day: Mapped[date]
    earmark: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (Index("ix_posting_books", "account", "currency", "earmark", "day", "amount", "usd"),)


class Balance(db.Model):
    """What an account holds of a currency and an earmark; kept by a trigger on posting, recounted by verify."""

    account: Mapped[str] = mapped_column(String(60), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    earmark: Mapped[str] = mapped_column(String(40), primary_key=True)
    amount: Mapped[int] = mapped_column(Whole)
    usd: Mapped[int] = mapped_column(Whole)


class Head(db.Model):
    """The last entry. Every deed locks this one row first."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Whole)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="one"),)


_HEAD = select(Head.seq, Head.hash)


def head_of(session: Session) -> tuple[int, str]:
    """Number and hash of the last entry; (0, 64 zeros) before the first."""
    row = session.execute(_HEAD).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def in_the_bank(session: Session) -> Decimal:
    """Cash on all bank accounts, in USD at book value."""
    cents = session.scalar(select(func.coalesce(func.sum(Balance.usd), 0)).where(Balance.account.startswith("cash:")))
    return major(int(cents or 0), "USD")


class Pot(NamedTuple):
    """The money of one earmark in USD: ``spendable`` is what is left of what came in after use, what kept runs hold for
    their proposed seats (``set_aside``), and reserve."""

    came_in: Decimal
    spent: Decimal
    committed: Decimal
    set_aside: Decimal
    spendable: Decimal


def pots(session: Session, reserve: Decimal, day: date = date.min) -> dict[str, Pot]:
    """Earmark -> its pot on a day, read in one statement; without a day, offers count whose term is over too."""
    held = (
        select(func.sum(SetAside.usd))
        .join(Award, (Award.selection_id == SetAside.selection_id) & (Award.seat == SetAside.public))
        .where(SetAside.earmark == Balance.earmark, holds(day))
        .correlate(Balance)
        .scalar_subquery()
    )
    came_in, spent, committed = (
        func.coalesce(func.sum(case((Balance.account.in_(accounts), Balance.usd), else_=0)), 0)
        for accounts in (CAME_IN, SPENT, COMMITTED)
    )
    result = {}
    for earmark, *cents in session.execute(
        select(Balance.earmark, -came_in, spent, committed, func.coalesce(held, 0))
        .group_by(Balance.earmark)
        .order_by(Balance.earmark)
    ):
        r, used, promised, aside = (major(int(n), "USD") for n in cents)
        result[earmark] = Pot(r, used, promised, aside, spendable(r, reserve, used + promised, aside))
    return result
