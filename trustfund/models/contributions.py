"""Donors, their pledges, the agreements and the deposits. Amounts are whole minor units; every row names its entry."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trustfund.extensions import db
from trustfund.models.columns import Whole

DONOR_TYPES = ("state", "igo", "ngo", "private", "individual")


class Donor(db.Model):
    """Who gives. An individual's name stands only here, never in the record or in open data."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(12))
    country: Mapped[str] = mapped_column(String(3), default="")  # ISO alpha-3
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("name", "type", "country"),)


class Pledge(db.Model):
    """What a donor announced and, once agreed, what is owed and received of it. The totals are kept, and verified."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"))
    document: Mapped[str] = mapped_column(String(120), default="")  # of the agreement, or what an import meets it by
    purpose: Mapped[str] = mapped_column(String(40))
    earmark: Mapped[str] = mapped_column(String(40), default="")
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Whole)  # announced
    announced_on: Mapped[date]
    expected_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    agreed_on: Mapped[date | None]
    agreed: Mapped[int] = mapped_column(Whole, default=0)
    agreed_usd: Mapped[int] = mapped_column(Whole, default=0)
    received: Mapped[int] = mapped_column(Whole, default=0)
    received_usd: Mapped[int] = mapped_column(Whole, default=0)
    released_usd: Mapped[int] = mapped_column(Whole, default=0)  # of agreed_usd, at its booked value: paid, written off
    written_off: Mapped[int] = mapped_column(Whole, default=0, server_default="0")
    seq: Mapped[int] = mapped_column(Whole)  # the last entry about it: its version

    donor: Mapped[Donor] = relationship(lazy="joined")
    deposits: Mapped[list["Deposit"]] = relationship(back_populates="pledge", order_by="Deposit.id")

    __table_args__ = (
        Index("ix_pledge_donor_document", "donor_id", "document"),
        Index("ix_pledge_state_id", "state", "id"),
    )

    @property
    def owed(self) -> int:
        """What is still receivable, in minor units of its currency."""
        return max(self.agreed - self.received - self.written_off, 0)

    @property
    def owed_usd(self) -> int:
        return self.agreed_usd - self.released_usd


class Deposit(db.Model):
    """Money in the bank: at the rate of its value date, against a pledge or, for a while, against none."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id"), index=True)
    value_date: Mapped[date]
    bank_account: Mapped[str] = mapped_column(String(40))
    bank_reference: Mapped[str | None] = mapped_column(String(80))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Whole)
    usd: Mapped[int] = mapped_column(Whole)
    per_usd: Mapped[str] = mapped_column(String(24))
    rate_day: Mapped[date]
    rate_source: Mapped[str] = mapped_column(String(80))
    difference_usd: Mapped[int] = mapped_column(Whole)  # gain positive
    seq: Mapped[int] = mapped_column(Whole)
    attached_seq: Mapped[int | None] = mapped_column(Whole)  # the entry that attached it to its pledge, where later

    donor: Mapped[Donor] = relationship(lazy="joined")
    pledge: Mapped[Pledge | None] = relationship(back_populates="deposits")

    __table_args__ = (UniqueConstraint("bank_account", "bank_reference"),)
