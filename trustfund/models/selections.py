"""Runs of the order of seats, the money they may use, and what two officers decide together.

A run's ``text`` is the published record, byte for byte; its places repeat it so that a page reads a few rows of it.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trustfund.extensions import db
from trustfund.models.columns import Instant, Whole
from trustfund.models.people import Account


class Closing(db.Model):
    """A call that has closed: the public value that nobody knew before, from which the draw is made."""

    meeting: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int] = mapped_column(Whole)


class Allotment(db.Model):
    """What a meeting may cost: the latest number of a meeting stands."""

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    usd: Mapped[int] = mapped_column(Whole)  # cents
    basis: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(120))
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("meeting", "number"),)


class Selection(db.Model):
    """A run: ``stage`` is preview or kept; only kept ones are numbered and published."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    meeting: Mapped[str] = mapped_column(String(20))
    run: Mapped[int | None]
    stage: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    annex: Mapped[str] = mapped_column(Text)  # JSON: figures, and the refused and unranked by code
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    kept_at: Mapped[datetime | None] = mapped_column(Instant)
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    answer_by: Mapped[date | None]
    seq: Mapped[int] = mapped_column(Whole)

    made_by: Mapped[Account | None] = relationship(foreign_keys=[made_by_id])
    kept_by: Mapped[Account | None] = relationship(foreign_keys=[kept_by_id])

    __table_args__ = (
        UniqueConstraint("meeting", "run"),
        Index("ix_selection_meeting_stage_id", "meeting", "stage", "id"),
    )


class PlaceRow(db.Model):
    """A place of a run, as its page shows it. Amounts in cents of USD."""

    __tablename__ = "place"

    selection_id: Mapped[int] = mapped_column(ForeignKey("selection.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(3))
    region: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(20))
    gender: Mapped[str] = mapped_column(String(1))
    n: Mapped[int]
    step: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(12))
    charge: Mapped[int] = mapped_column(Whole)
    left_over: Mapped[int] = mapped_column(Whole)  # of the money of the run, after this place
    missing: Mapped[int] = mapped_column(Whole)  # how much more it needed, where it competed and did not fit
    ahead_by: Mapped[str | None] = mapped_column(String(30))
    compared: Mapped[str] = mapped_column(Text)  # JSON: what was compared with the next place

    __table_args__ = (
        Index("ix_place_selection_outcome_position", "selection_id", "outcome", "position"),
        Index("ix_place_selection_state_position", "selection_id", "state", "position"),
    )


class SetAside(db.Model):
    """Money that a kept run holds for a seat that it proposed, while the award waits (models.awards.holds)."""

    selection_id: Mapped[int] = mapped_column(ForeignKey("selection.id"), primary_key=True)
    public: Mapped[str] = mapped_column(String(40), primary_key=True)
    earmark: Mapped[str] = mapped_column(String(40), primary_key=True)
    usd: Mapped[int] = mapped_column(Whole)  # cents


class Override(db.Model):
    """A candidate whom two officers moved, beside the computed result and never in it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("selection.id"), index=True)
    public: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]  # computed
    to_position: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(Whole)


class Proposal(db.Model):
    """What one officer proposes and another confirms: the deed, what it is about, and all that it will be told."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    deed: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(Text)  # JSON, without personal data
    reason: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(String(20), index=True)  # waiting, confirmed, declined
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    by: Mapped[Account] = relationship(foreign_keys=[by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])


class AmendmentRow(db.Model):
    """A fact about a State that was decided since the table of countries was written."""

    __tablename__ = "amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(3))
    fact: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(40))  # as core.country_amendments.amendment reads it
    document: Mapped[str] = mapped_column(String(120))
    effective: Mapped[date]
    recorded_on: Mapped[date]
    seq: Mapped[int] = mapped_column(Whole)


class AddedMeeting(db.Model):
    """A consultation that officers added to the calendar: its part of a mandate file, as JSON."""

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(Whole)
