"""Who asks for a seat: applications, their documents, and what officers made of them.

Names and contacts stand only here; the record knows an application by its reference and seals of what it held.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trustfund.extensions import db
from trustfund.models.columns import Instant, Whole
from trustfund.models.people import Account
from trustfund.models.personal import NOBODY

NOTHING = text("''")
PAPERS = ("note-verbale", "passport", "visa", "bank-form")
"""Kinds of files of an application."""
CLAIM_PAPERS = ("boarding-pass", "receipt")
"""Kinds of files of a claim: they belong to the journey."""


class Application(db.Model):
    """One person, one meeting. ``reference`` opens its page; ``public`` is the one that the selection publishes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    public: Mapped[str] = mapped_column(String(40), unique=True)
    external_reference: Mapped[str] = mapped_column(String(80), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    meeting: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(3), default="")  # ISO alpha-3
    stage: Mapped[str] = mapped_column(String(20), default="draft")  # core.lifecycle.APPLICATION_STAGES
    given_names: Mapped[str] = mapped_column(String(140), default="")
    family_name: Mapped[str] = mapped_column(String(140), default="")
    folded: Mapped[str] = mapped_column(String(300), default="")  # both names without case, accents and order
    passport_name: Mapped[str] = mapped_column(String(140), default="", server_default=NOTHING)  # machine-readable
    passport_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the number, under the person's key
    passport_masked: Mapped[str] = mapped_column(String(20), default="", server_default=NOTHING)
    passport_mark: Mapped[str] = mapped_column(String(64), default="", server_default=NOTHING)  # one for one number
    telephone: Mapped[str] = mapped_column(String(40), default="", server_default=NOTHING)
    gender: Mapped[str] = mapped_column(String(1), default="")  # F or M, as in the passport; empty: not stated
    date_of_birth: Mapped[date | None]
    email: Mapped[str] = mapped_column(String(254), default="")
    position: Mapped[str] = mapped_column(String(140), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    note_verbale: Mapped[str] = mapped_column(String(120), default="")
    note_verbale_date: Mapped[date | None]
    note_to_follow: Mapped[bool] = mapped_column(default=False)
    government_order: Mapped[int | None]
    home_city: Mapped[str] = mapped_column(String(120), default="")
    fare: Mapped[str] = mapped_column(String(20), default="")  # the applicant's own figure: never what is charged
    fare_currency: Mapped[str] = mapped_column(String(3), default="")
    paid_elsewhere: Mapped[bool] = mapped_column(default=False)
    others_pay: Mapped[str] = mapped_column(String(300), default="", server_default=NOTHING)  # what another source pays
    arrives_on: Mapped[date | None]
    leaves_on: Mapped[date | None]
    bank_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # where to pay an award, under the person's key
    bank_masked: Mapped[str] = mapped_column(String(20), default="", server_default=NOTHING)
    declared: Mapped[bool] = mapped_column(default=False, server_default=false())
    lookup: Mapped[str] = mapped_column(String(64), default="", server_default=NOTHING)  # digest of its code
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who nominated or endorsed it last
    endorsed: Mapped[bool | None]  # the mission's word, which prevails; None: it has said nothing
    language: Mapped[str] = mapped_column(String(8), default="en")
    begun_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)  # when the file first passed the check
    asked_at: Mapped[datetime | None] = mapped_column(Instant)  # when an officer last asked for changes
    completion_typed: Mapped[bool] = mapped_column(default=False)  # a file brought it: a second officer confirms
    completion_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(Whole, default=0)  # the last entry about it: its version; 0 for a draft

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    documents: Mapped[list["Document"]] = relationship(  # the note verbale; what a claim brings: CLAIM_PAPERS
        primaryjoin="(Document.application_id == Application.id) & (Document.kind == 'note-verbale')"
        " & (Document.stored != '')",  # of a person who was erased there is none
        back_populates="application",
        order_by="Document.id",
    )
    attachments: Mapped[list["Document"]] = relationship(  # what it brings beside the note verbale
        primaryjoin=lambda: (
            (Document.application_id == Application.id) & Document.kind.in_(PAPERS[1:]) & (Document.stored != "")
        ),
        viewonly=True,
        order_by="Document.id",
    )
    screenings: Mapped[list["Screening"]] = relationship(back_populates="application", order_by="Screening.id")
    notes: Mapped[list["ApplicationNote"]] = relationship(order_by="ApplicationNote.id")

    __table_args__ = (
        Index("ix_application_meeting_stage_id", "meeting", "stage", "id"),
        Index("ix_application_account_id", "account_id"),
        Index("ix_application_folded", "folded"),
        Index("ix_application_stage_id", "stage", "id"),
        Index("ix_application_passport_mark", "passport_mark"),
        Index("ix_application_state_id", "state", "id"),
        Index("ix_application_date_of_birth", "date_of_birth"),
        Index("ix_application_email", "email"),
        Index("ix_application_telephone", "telephone"),
        Index("ix_application_meeting_completed_at", "meeting", "completed_at"),  # late: after its meeting's call
    )

    @property
    def person(self) -> str:
        """Under whose key its contents are sealed: the account's, or its own where a file brought it."""
        return self.account.reference if self.account else self.reference

    @property
    def full_name(self) -> str:
        """As in the passport; never re-ordered. Of a person who was erased, the reference that was published."""
        return self.public if self.erased else f"{self.given_names} {self.family_name}".strip()

    @property
    def erased(self) -> bool:
        return not self.folded and self.email.endswith(NOBODY.removeprefix("{person}"))


class Document(db.Model):
    """A file of an application: checked, sealed in the storage under its person's key, served to who may see it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # one of PAPERS or CLAIM_PAPERS
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    pages: Mapped[int]
    stored: Mapped[str] = mapped_column(String(80))
    seal: Mapped[str] = mapped_column(String(64))  # HMAC of the content under the person's key
    added_at: Mapped[datetime] = mapped_column(Instant)
    by_mission: Mapped[bool] = mapped_column(default=False, server_default=false())  # its delegate does not remove it

    application: Mapped[Application] = relationship(back_populates="documents")


class Screening(db.Model):
    """What an officer did with an application: ``act`` is the deed, ``codes`` the rules it names."""

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    act: Mapped[str] = mapped_column(String(40))
    codes: Mapped[str] = mapped_column(String(300), default="")  # rule codes, separated by blanks
    words: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)

    application: Mapped[Application] = relationship(back_populates="screenings")
    by: Mapped[Account] = relationship()


class ApplicationNote(db.Model):
    """What an officer wrote beside an application for colleagues; its person reads it only among all that is held."""

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole, unique=True)

    by: Mapped[Account] = relationship()


class Unmasking(db.Model):
    """That an officer was shown what is sealed of an application, and why. ``what``: passport or bank."""

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    what: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole, unique=True)

    by: Mapped[Account] = relationship()


class DoubleRuling(db.Model):
    """That an officer judged two applications that look alike to be of two persons; or, without a reason, open again.

    The last of a pair holds, as long as nothing stronger than ``strength`` speaks for one person.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))  # a word of core.duplicates.TWO_PERSONS
    strength: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole, unique=True)

    by: Mapped[Account] = relationship()
