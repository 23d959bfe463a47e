"""The fund itself: the mandate in force and the rates of exchange. The record holds the mandate's text."""

import json
from datetime import date
from decimal import Decimal

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from trustfund.core.mandate import Mandate, load
from trustfund.core.money import Rate
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.columns import Whole
from trustfund.models.record import Event


class MandateVersion(db.Model):
    """A text of the mandate, by the entry that adopted or amended it, and the day from which it holds."""

    seq: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    effective: Mapped[date]
    symbol: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))


class RateRow(db.Model):
    """Units of a currency for one USD from a day on; the text is kept exactly as recorded."""

    __tablename__ = "rate"

    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    per_usd: Mapped[str] = mapped_column(String(24))
    seq: Mapped[int] = mapped_column(Whole)


_VERSIONS = select(MandateVersion.seq, MandateVersion.digest, MandateVersion.effective).order_by(MandateVersion.seq)
_texts: dict[tuple[int, str], Mandate] = {}


def mandate_on(session: Session, day: date) -> Mandate:
    """The mandate in force on a day. Refused where `trustfund init` has not run."""
    versions = session.execute(_VERSIONS).all()
    if not versions:
        raise Refused("The fund has no mandate yet. Run “trustfund init” first.")
    version = max((v for v in versions if v.effective <= day), key=lambda v: (v.effective, v.seq), default=versions[0])
    known = (version.seq, version.digest)
    if known not in _texts:
        body = session.scalar(select(Event.body).where(Event.seq == version.seq))
        assert body is not None
        _texts[known] = load(json.loads(body)["data"]["text"])
    return _texts[known]


def rates_of(session: Session, currency: str, day: date) -> list[Rate]:
    """The recorded rates of a currency up to a day, latest first; a few suffice for any rule."""
    rows = session.execute(
        select(RateRow.currency, RateRow.per_usd, RateRow.day, RateRow.source)
        .where(RateRow.currency == currency, RateRow.day <= day)
        .order_by(RateRow.day.desc())
        .limit(12)
    )
    return [Rate(row.currency, Decimal(row.per_usd), row.day, row.source) for row in rows]
