"""What daily allowances the fund imported, and what each meeting provides. Both are decisions: never edited."""

from datetime import date

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trustfund.extensions import db
from trustfund.models.columns import Whole


class DsaRate(db.Model):
    """The daily allowance of a place from a day on, until a later one. ``lodging``: its own share, as recorded."""

    __tablename__ = "dsa_rate"

    place: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    rate: Mapped[int] = mapped_column(Whole)  # minor units of the currency
    lodging: Mapped[str | None] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int] = mapped_column(Whole)


class ProvisionRow(db.Model):
    """What a meeting provides, and its factor of the allowance: the latest number of a meeting stands.

    ``content``: canonical JSON of factor (text or null), transport, and given: day -> kinds.
    """

    __tablename__ = "provision"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("meeting", "number"),)
