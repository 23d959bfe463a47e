"""Preparatory activities, paid from what is left over: awards of a second kind. Amounts are cents of USD."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trustfund.extensions import db
from trustfund.models.columns import Instant, Whole
from trustfund.models.people import Account


class Activity(db.Model):
    """An activity for the preparations. ``charge``: its cost and programme support cost."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(String(120))
    cost: Mapped[int] = mapped_column(Whole)
    charge: Mapped[int] = mapped_column(Whole)
    stage: Mapped[str] = mapped_column(String(20), index=True)  # proposed, approved, closed or cancelled
    seq: Mapped[int] = mapped_column(Whole)

    acts: Mapped[list["ActivityAct"]] = relationship(order_by="ActivityAct.id")
    payments: Mapped[list["ActivityPayment"]] = relationship(order_by="ActivityPayment.id")


class ActivityAct(db.Model):
    """Who proposed, approved or paid: one person does one of them on an activity, and the database keeps it so."""

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    act: Mapped[str] = mapped_column(String(10))  # propose, approve or pay
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    by: Mapped[Account] = relationship()

    __table_args__ = (UniqueConstraint("activity_id", "by_id"),)


class ActivityPayment(db.Model):
    """Money that was paid for an activity."""

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    usd: Mapped[int] = mapped_column(Whole)
    value_date: Mapped[date]
    bank_account: Mapped[str] = mapped_column(String(40))
    bank_reference: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("bank_account", "bank_reference"),)
