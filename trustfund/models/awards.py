"""Seats and the journeys that they pay for: awards, who did what on them, quotes, bank details, payments and claims.

The money of an award stands in the books alone, in the postings of the entries about it. Amounts are cents of USD.
"""

from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trustfund.core.lifecycle import GIVEN_BACK, SEATED
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.columns import Instant, Whole
from trustfund.models.people import Account

_LIVE = f"stage NOT IN ({', '.join(repr(stage) for stage in GIVEN_BACK)})"


class Award(db.Model):
    """A seat: proposed by a kept run, then a journey that the fund pays. ``seat``: the reference the run published.

    ``round`` counts certifications; ``resumes``: where the award goes on once it is approved again, after its bank
    details changed; ``lines``: the cost as it was certified (JSON), recomputed until then.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("selection.id"), index=True)
    seat: Mapped[str] = mapped_column(String(40), index=True)
    position: Mapped[int]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    person: Mapped[str] = mapped_column(String(64), default="")  # digest of name and date of birth
    meeting: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(3))
    category: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20))  # core.lifecycle.AWARD_STAGES
    resumes: Mapped[str | None] = mapped_column(String(20))
    round: Mapped[int] = mapped_column(default=1)
    answer_by: Mapped[date]
    proposed: Mapped[int] = mapped_column(Whole)  # the charge with which the run proposed it
    charge: Mapped[int | None] = mapped_column(Whole)  # as certified, support cost included
    lines: Mapped[str] = mapped_column(Text, default="")
    advance: Mapped[int] = mapped_column(Whole, default=0)  # as certified
    approvals_needed: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(Text, default="")  # why dearer than proposed, or not the cheapest quote
    sent_back_why: Mapped[str] = mapped_column(Text, default="")  # its certification, or a settlement, the last time
    days_before: Mapped[int | None]  # days that the journey begins before the meeting, where not the usual ones
    days_after: Mapped[int | None]
    journey_reason: Mapped[str] = mapped_column(Text, default="")
    visa: Mapped[int] = mapped_column(Whole, default=0)
    method: Mapped[str] = mapped_column(String(10), default="cash")  # how the traveller is paid: bank or cash
    bank_reference: Mapped[str] = mapped_column(String(20), default="")  # of the details that stand
    ticket: Mapped[int | None] = mapped_column(Whole)  # its price
    ticket_number: Mapped[str] = mapped_column(String(40), default="")
    ticketed_on: Mapped[date | None]
    claim_due: Mapped[date | None]
    reminded_on: Mapped[date | None]  # of the claim: housekeeping, no entry
    cancelled_why: Mapped[str] = mapped_column(Text, default="")
    seq: Mapped[int] = mapped_column(Whole)  # the last entry about it: its version

    application: Mapped[Application] = relationship(lazy="joined")
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    acts: Mapped[list["Act"]] = relationship(back_populates="award", order_by="Act.id")
    quotes: Mapped[list["Quote"]] = relationship(order_by="Quote.number")
    bank: Mapped["BankDetails | None"] = relationship(
        primaryjoin="foreign(Award.bank_reference) == BankDetails.reference", viewonly=True
    )

    __table_args__ = (
        Index(
            "uq_award_live_account_meeting",
            "account_id",
            "meeting",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index(
            "uq_award_live_person_meeting",
            "person",
            "meeting",
            unique=True,
            sqlite_where=text(f"person <> '' AND {_LIVE}"),
            postgresql_where=text(f"person <> '' AND {_LIVE}"),
        ),
        Index(
            "uq_award_live_seat",
            "seat",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        UniqueConstraint("selection_id", "seat"),
        Index("ix_award_meeting_stage_id", "meeting", "stage", "id"),
        Index("ix_award_stage_id", "stage", "id"),
    )

    @property
    def committed(self) -> bool:
        """Whether its charge stands in the books: approved once, whatever was certified again since."""
        return self.resumes is not None or self.stage in SEATED


def stands(day: date) -> ColumnElement[bool]:
    """Whether an award is a seat on a day: nobody gave it back, and the term to answer runs where nobody answered."""
    return and_(Award.stage.not_in(GIVEN_BACK), or_(Award.stage != "proposed", Award.answer_by >= day))


def seated() -> ColumnElement[bool]:
    """Approved and not cancelled: what counts as a seat of its State at earlier meetings; a no-show counts."""
    return or_(Award.stage.in_(SEATED), Award.resumes.is_not(None))


def holds(day: date) -> ColumnElement[bool]:
    """Whether the money that the run set aside for it is still held: proposed in its term, or not yet approved."""
    waits = and_(Award.stage.in_(("accepted", "certified")), Award.resumes.is_(None))
    return or_(waits, and_(Award.stage == "proposed", Award.answer_by >= day))


def overdue(day: date) -> ColumnElement[bool]:
    """Whether a claim is overdue: new bank details, which send the award back, do not make it forgotten."""
    return and_(func.coalesce(Award.resumes, Award.stage) == "travelled", Award.claim_due < day)


class Act(db.Model):
    """What a person did on an award, of core.duties.ACTS: the database bars two that one person never does."""

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    round: Mapped[int]
    act: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    award: Mapped[Award] = relationship(back_populates="acts")
    by: Mapped[Account] = relationship()

    __table_args__ = (UniqueConstraint("award_id", "round", "act", "by_id"),)


class Quote(db.Model):
    """What a ticket would cost: economy, by the route named. ``chosen``: the one the award is certified with."""

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    route: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(120))  # agent or carrier, its reference
    usd: Mapped[int] = mapped_column(Whole)
    day: Mapped[date]
    chosen: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int] = mapped_column(Whole)


class BankDetails(db.Model):
    """A snapshot of a traveller's account, sealed under the person's key; another one is another row."""

    __tablename__ = "bank_details"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    person: Mapped[str] = mapped_column(String(20))  # under whose key it is sealed
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    masked: Mapped[str] = mapped_column(String(40))  # the last four characters of the account
    currency: Mapped[str] = mapped_column(String(3))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    by: Mapped[Account] = relationship()


class PaymentOrder(db.Model):
    """Payments that go out together: a file for the bank, a signature list for cash, a passenger list for the agent."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    method: Mapped[str] = mapped_column(String(10))  # bank, cash or agent
    day: Mapped[date]
    bank_account: Mapped[str] = mapped_column(String(40))  # of the fund
    usd: Mapped[int] = mapped_column(Whole)
    count: Mapped[int]
    meeting: Mapped[str] = mapped_column(String(20), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    by: Mapped[Account] = relationship()
    payments: Mapped[list["Payment"]] = relationship(back_populates="order", order_by="Payment.id")


class Payment(db.Model):
    """One payment of an order. ``kind``: ticket, advance or balance; a live one of a kind is the only one."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payment_order.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    stage: Mapped[str] = mapped_column(String(10))  # paid or failed
    usd: Mapped[int] = mapped_column(Whole)
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Whole)  # minor units of the currency
    per_usd: Mapped[str] = mapped_column(String(24))
    bank_id: Mapped[int | None] = mapped_column(ForeignKey("bank_details.id"))
    why_failed: Mapped[str] = mapped_column(String(200), default="")
    seq: Mapped[int] = mapped_column(Whole)

    order: Mapped[PaymentOrder] = relationship(back_populates="payments")
    award: Mapped[Award] = relationship()
    bank: Mapped[BankDetails | None] = relationship()

    __table_args__ = (
        Index(
            "uq_payment_live_award_kind",
            "award_id",
            "kind",
            unique=True,
            sqlite_where=text("stage = 'paid'"),
            postgresql_where=text("stage = 'paid'"),
        ),
    )


class Claim(db.Model):
    """What the traveller tells after the journey. The latest number of an award stands."""

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int]
    arrived_on: Mapped[date]
    left_on: Mapped[date]
    visa: Mapped[int] = mapped_column(Whole, default=0)
    trips: Mapped[int]  # terminal trips made
    given: Mapped[str] = mapped_column(Text, default="")  # JSON: nights on which lodging or meals came from elsewhere
    words: Mapped[str] = mapped_column(Text, default="")  # to the officer
    report: Mapped[str] = mapped_column(Text, default="")  # the delegate's short report
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    returned: Mapped[str] = mapped_column(Text, default="")  # what an officer asked
    seq: Mapped[int] = mapped_column(Whole)

    by: Mapped[Account] = relationship()

    __table_args__ = (UniqueConstraint("award_id", "number"),)


class Settlement(db.Model):
    """What the fund owes by the claim, line by line: prepared by one officer, approved by another."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    number: Mapped[int]
    stage: Mapped[str] = mapped_column(String(10))  # prepared, approved or declined
    lines: Mapped[str] = mapped_column(Text)  # JSON: lines of the cost, without the fare
    adjustments: Mapped[str] = mapped_column(Text)  # JSON: what, usd (cents), reason
    entitled: Mapped[int] = mapped_column(Whole)
    advance: Mapped[int] = mapped_column(Whole)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    by: Mapped[Account] = relationship(foreign_keys=[by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])

    __table_args__ = (UniqueConstraint("award_id", "number"),)

    @property
    def balance(self) -> int:
        """Positive: the fund owes the traveller; negative: the traveller owes the fund."""
        return self.entitled - self.advance


def waits_for_approval() -> ColumnElement[bool]:
    """Whether a settlement of an award waits: one of a claim that was submitted again since waits for nothing."""
    claimed = select(func.max(Claim.seq)).where(Claim.award_id == Award.id).correlate(Award).scalar_subquery()
    return exists().where(Settlement.award_id == Award.id, Settlement.stage == "prepared", Settlement.seq > claimed)


class Recovery(db.Model):
    """Money that a traveller gave back."""

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    usd: Mapped[int] = mapped_column(Whole)
    value_date: Mapped[date]
    bank_account: Mapped[str] = mapped_column(String(40))
    bank_reference: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("bank_account", "bank_reference"),)
