"""Mail that waits to be sent: a row in the transaction of the deed that causes it, sent by the worker."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trustfund.extensions import db
from trustfund.models.applications import NOTHING
from trustfund.models.columns import Instant


class Mail(db.Model):
    """``taken_at`` is set before the mail is handed over: after a crash it is shown as unsure, never sent twice."""

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    person: Mapped[str] = mapped_column(String(20), default="", server_default=NOTHING, index=True)  # of whom it tells
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    failure: Mapped[str] = mapped_column(String(200), default="")
    again_of: Mapped[int | None]  # the mail that did not arrive, where this is its copy

    __table_args__ = (Index("ix_mail_taken_at", "taken_at"), Index("ix_mail_again_of", "again_of", unique=True))
