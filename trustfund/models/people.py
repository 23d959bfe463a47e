"""Accounts, their sign-ins, and the dated designations of officers."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trustfund.core.roles import Function, Role
from trustfund.extensions import db
from trustfund.models.columns import Instant, Whole
from trustfund.models.contributions import Donor


class Account(db.Model):
    """A person who signs in. The record knows only ``reference``; name and address stay here."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(140), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    password: Mapped[str] = mapped_column(String(200), default="")  # argon2id, empty: not set yet
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"))
    state: Mapped[str | None] = mapped_column(String(3))  # ISO alpha-3, of a mission or delegate
    suspended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole)  # the entry of the record that last changed it

    donor: Mapped[Donor | None] = relationship(lazy="joined")
    designations: Mapped[list["Designation"]] = relationship(
        foreign_keys="Designation.account_id", back_populates="account", order_by="Designation.id"
    )

    @property
    def standing(self) -> str:
        """active, suspended or ended."""
        return "ended" if self.ended_at else "suspended" if self.suspended_at else "active"

    def functions_on(self, day: date) -> frozenset[Function]:
        """What the account is designated for on a day."""
        if self.role != Role.OFFICER or self.standing != "active":
            return frozenset()
        return frozenset(Function(d.function) for d in self.designations if d.in_force(day))


class Designation(db.Model):
    """An officer's function from a day to a day: made by the head, confirmed by a second officer, with a document."""

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    function: Mapped[str] = mapped_column(String(20))
    from_day: Mapped[date]
    to_day: Mapped[date | None]  # the last day
    document: Mapped[str] = mapped_column(String(120))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_on: Mapped[date | None]  # the first day without it
    seq: Mapped[int] = mapped_column(Whole)

    account: Mapped[Account] = relationship(foreign_keys=[account_id], back_populates="designations")
    made_by: Mapped[Account] = relationship(foreign_keys=[made_by_id])
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id])

    def in_force(self, day: date) -> bool:
        return self.confirmed_by_id is not None and self.from_day <= day and not self.over(day)

    def over(self, day: date) -> bool:
        return (self.to_day is not None and self.to_day < day) or (self.ended_on is not None and self.ended_on <= day)


class SignIn(db.Model):
    """A session, kept here and not in the cookie: it ends at sign-out, at a new password, at a suspension."""

    token: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of what the cookie holds
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime] = mapped_column(Instant)  # when the password was last typed
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship(lazy="joined")


class SignInFailure(db.Model):
    """A failed sign-in, counted per account and per address; nothing else is limited."""

    id: Mapped[int] = mapped_column(primary_key=True)
    counted: Mapped[str] = mapped_column(String(80))  # HMAC of the e-mail or the address
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_sign_in_failure_counted_at", "counted", "at"),)


class PasswordLink(db.Model):
    """A one-time link with which a person sets a password."""

    token: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of what the link holds
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship(lazy="joined")


class SecondFactor(db.Model):
    """The secret from which a person's telephone makes the codes; in force from the first code that was proved."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the secret, under the key of the person
    last_step: Mapped[int] = mapped_column(Whole)  # the half minute of the last code that was taken
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)  # in force since; the server's time


class Erasure(db.Model):
    """That all that was held of a person was erased. ``person``: an account, an application or a donor (``kind``).

    ``rule``: the rule of the mandate by which it was due, empty where it was asked; ``words``: why it was asked.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    rule: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(Whole, unique=True)
