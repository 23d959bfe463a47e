"""Months that are closed, the closing of the fund, and what its donors got back. Every row names its entry."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from trustfund.extensions import db
from trustfund.models.columns import Whole
from trustfund.models.contributions import Donor


class ClosedMonth(db.Model):
    """A month that takes no posting after its own closing, nor does any month before it."""

    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # 2018-01
    seq: Mapped[int] = mapped_column(Whole)


class FundClosing(db.Model):
    """The decision to close the fund: from its day on no reserve is kept."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    decided_on: Mapped[date]
    document: Mapped[str] = mapped_column(String(120))
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (CheckConstraint("id = 1", name="one"),)


class ClosedFund(db.Model):
    """The fund is closed: it takes no posting any more."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    day: Mapped[date]
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (CheckConstraint("id = 1", name="one"),)


class Refund(db.Model):
    """What a donor got back of an earmark, in cents of USD: its share of the unspent balance, and what it had paid
    above its agreement."""

    id: Mapped[int] = mapped_column(primary_key=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    earmark: Mapped[str] = mapped_column(String(40), default="")
    usd: Mapped[int] = mapped_column(Whole)
    overpaid_usd: Mapped[int] = mapped_column(Whole)
    seq: Mapped[int] = mapped_column(Whole)

    donor: Mapped[Donor] = relationship()

    __table_args__ = (UniqueConstraint("seq", "donor_id", "earmark"),)


class Closed(NamedTuple):
    """``month``: the last closed one; ``fund``: whether the fund itself is closed."""

    month: str | None
    fund: bool


_MONTH = select(func.max(ClosedMonth.month))
_FUND = select(func.count()).select_from(ClosedFund)


def closed_by(session: Session, seq: int) -> Closed:
    """What the entries up to ``seq`` have closed, in one short statement."""
    month = _MONTH.where(ClosedMonth.seq <= seq).scalar_subquery()
    fund = _FUND.where(ClosedFund.seq <= seq).scalar_subquery()
    row = session.execute(select(month, fund)).one()
    return Closed(row[0], bool(row[1]))
