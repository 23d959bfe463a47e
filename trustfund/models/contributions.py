"""Donors, their pledges, the agreements and the deposits. Amounts are whole minor units; every row names its entry."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trustfund.extensions import db
from trustfund.models.columns import Instant, Whole


class Donor(db.Model):
    """Who gives. An individual's name stands only here, never in the record or in open data."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))  # for a search
    type: Mapped[str] = mapped_column(String(12))
    country: Mapped[str] = mapped_column(String(3), default="")  # ISO alpha-3
    language: Mapped[str] = mapped_column(String(2), default="en", server_default="en")  # of its papers
    unnamed: Mapped[bool] = mapped_column(default=False, server_default=false())  # asks not to be named in public
    accepted_seq: Mapped[int | None] = mapped_column(Whole)  # the entry by which it was accepted as a donor
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
    condition: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))  # of the agreement
    condition_met_on: Mapped[date | None]
    promised: Mapped[int] = mapped_column(Whole, default=0, server_default="0")  # agreed once the condition is met
    refunded: Mapped[int] = mapped_column(Whole, default=0, server_default="0")  # of what was paid above the agreement
    seq: Mapped[int] = mapped_column(Whole)  # the last entry about it: its version

    donor: Mapped[Donor] = relationship(lazy="joined")
    deposits: Mapped[list["Deposit"]] = relationship(back_populates="pledge", order_by="Deposit.id")
    instalments: Mapped[list["Instalment"]] = relationship(
        back_populates="pledge", order_by="Instalment.number", cascade="all, delete-orphan"
    )
    drafts: Mapped[list["AgreementDraft"]] = relationship(back_populates="pledge", order_by="AgreementDraft.id")
    letters: Mapped[list["Letter"]] = relationship(back_populates="pledge", order_by="Letter.id")

    __table_args__ = (
        Index("ix_pledge_donor_document", "donor_id", "document"),
        Index("ix_pledge_state_id", "state", "id"),
    )

    @property
    def owed(self) -> int:
        """What is still receivable, in minor units of its currency."""
        return max(self.agreed - (self.received - self.refunded) - self.written_off, 0)

    @property
    def owed_usd(self) -> int:
        return self.agreed_usd - self.released_usd

    @property
    def over(self) -> int:
        """What was paid above the agreement and is due to the donor, in minor units of its currency."""
        return max(self.received - self.refunded - self.agreed, 0) if self.agreed else 0


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
    part: Mapped[int] = mapped_column(default=1, server_default="1")  # of one line of the bank for several pledges
    parts: Mapped[int] = mapped_column(default=1, server_default="1")

    donor: Mapped[Donor] = relationship(lazy="joined")
    pledge: Mapped[Pledge | None] = relationship(back_populates="deposits")

    __table_args__ = (UniqueConstraint("bank_account", "bank_reference", "part"),)


class Instalment(db.Model):
    """A part of a pledge that is due on a day, in minor units of its currency."""

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    number: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(Whole)
    seq: Mapped[int] = mapped_column(Whole)

    pledge: Mapped[Pledge] = relationship(back_populates="instalments")
    notices: Mapped[list["Notice"]] = relationship(back_populates="instalment", order_by="Notice.id")

    __table_args__ = (UniqueConstraint("pledge_id", "number"),)


class AgreementDraft(db.Model):
    """An agreement drawn up for signature under a number that no other has; its entry holds what it says."""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), index=True)
    seq: Mapped[int] = mapped_column(Whole, unique=True)

    pledge: Mapped[Pledge] = relationship(back_populates="drafts")


class Notice(db.Model):
    """A reminder that was sent of an instalment: ``before`` it was due, or ``after``. Addresses are not kept here."""

    id: Mapped[int] = mapped_column(primary_key=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"))
    kind: Mapped[str] = mapped_column(String(12))
    recipients: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    instalment: Mapped[Instalment] = relationship(back_populates="notices")

    __table_args__ = (UniqueConstraint("instalment_id", "seq"),)


class Letter(db.Model):
    """A file that came with a pledge: checked, sealed in the storage under its donor's key."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    pages: Mapped[int]
    stored: Mapped[str] = mapped_column(String(80))
    seal: Mapped[str] = mapped_column(String(64))  # HMAC of the content under the donor's key
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    pledge: Mapped[Pledge] = relationship(back_populates="letters")
