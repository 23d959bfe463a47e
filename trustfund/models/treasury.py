"""What the bank's statement shows besides deposits and payments of awards."""

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trustfund.extensions import db
from trustfund.models.columns import Whole

KINDS = ("interest", "charge", "support-cost", "refund")


class BankLine(db.Model):
    """A line of a statement: ``amount`` in minor units of the account's currency, positive for money that came in."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    value_date: Mapped[date]
    bank_account: Mapped[str] = mapped_column(String(40))
    bank_reference: Mapped[str] = mapped_column(String(80))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Whole)
    usd: Mapped[int] = mapped_column(Whole)
    seq: Mapped[int] = mapped_column(Whole)

    __table_args__ = (UniqueConstraint("bank_account", "bank_reference"),)
