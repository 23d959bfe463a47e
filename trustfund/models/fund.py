"""The fund itself: the mandate in force and the rates of exchange. The record holds the mandate's text."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from trustfund.core.calendar import Calendar, Meeting, call_of
from trustfund.core.country_amendments import Amendment, amendment
from trustfund.core.mandate import Mandate, load
from trustfund.core.mandate_calendar import added_meeting
from trustfund.core.money import Rate
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.closings import FundClosing
from trustfund.models.columns import Whole
from trustfund.models.record import Event
from trustfund.models.selections import AddedMeeting, AmendmentRow


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


_VERSIONS = select(
    MandateVersion.seq,
    MandateVersion.digest,
    MandateVersion.effective,
    select(FundClosing.decided_on).scalar_subquery().label("closing"),
).order_by(MandateVersion.seq)
_ADDED = select(AddedMeeting.code, AddedMeeting.content).order_by(AddedMeeting.seq)
_AMENDMENTS = select(
    AmendmentRow.state,
    AmendmentRow.fact,
    AmendmentRow.value,
    AmendmentRow.document,
    AmendmentRow.effective,
    AmendmentRow.recorded_on,
).order_by(AmendmentRow.seq)
_texts: dict[tuple[int, str], Mandate] = {}
_calendars: dict[tuple[str, tuple[str, ...]], Calendar] = {}


def mandate_on(session: Session, day: date) -> Mandate:
    """The mandate in force on a day. Refused where `trustfund init` has not run."""
    return mandates_on(session, (day,))[0]


def mandates_on(session: Session, days: Iterable[date]) -> list[Mandate]:
    """The mandate in force on each of some days, read in one statement."""
    versions = _versions(session)
    return [_in_force(session, versions, day) for day in days]


def mandates_by_day(session: Session) -> dict[date, Mandate]:
    """Every mandate there was, by the day from which it is in force, read in one statement."""
    versions = _versions(session)
    return {version.effective: _in_force(session, versions, version.effective) for version in versions}


def _versions(session: Session) -> Sequence[Any]:
    """Every version of the mandate, each with the day of the decision to close the fund where there is one."""
    versions = session.execute(_VERSIONS).all()
    if not versions:
        raise Refused("The fund has no mandate yet. Run “trustfund init” first.")
    return versions


def _in_force(session: Session, versions: Sequence[Any], day: date) -> Mandate:
    version = max((v for v in versions if v.effective <= day), key=lambda v: (v.effective, v.seq), default=versions[0])
    known = (version.seq, version.digest)
    if known not in _texts:
        body = session.scalar(select(Event.body).where(Event.seq == version.seq))
        assert body is not None
        _texts[known] = load(json.loads(body)["data"]["text"])
    return _texts[known]


def reserve_of(session: Session, day: date) -> Decimal:
    """The reserve in force on a day: that of the mandate, and 0 from the day of the decision to close the fund."""
    versions = _versions(session)
    closing = versions[0].closing
    return Decimal(0) if closing and closing <= day else _in_force(session, versions, day).reserve_on(day)


def calendar_on(session: Session, day: date, mandate: Mandate | None = None) -> Calendar:
    """All meetings as they are known on a day: those of the mandate in force, and those that officers added.

    ``mandate``: the one in force on the day, where it is known already.
    """
    mandate, added = mandate or mandate_on(session, day), session.execute(_ADDED).all()
    key = mandate.digest, tuple(row.content for row in added)
    if key not in _calendars:
        calendar = mandate.calendar
        for row in added:
            calendar = calendar.with_meeting(added_meeting(json.loads(row.content)))
        _calendars[key] = calendar
    return _calendars[key]


def mandate_of(session: Session, meeting: Meeting, day: date) -> Mandate:
    """The mandate by which a meeting is run: the one in force when its call opened; until then, that of the day."""
    return mandates_of(session, (meeting,), day)[0]


def mandates_of(session: Session, meetings: Iterable[Meeting], day: date) -> list[Mandate]:
    """The mandate by which each of some meetings is run, however many, in two statements."""
    setting = mandate_on(session, day).setting
    return mandates_on(session, [min(call_of(meeting, setting).opens.date(), day) for meeting in meetings])


def amendments_of(session: Session) -> tuple[Amendment, ...]:
    """What was decided about States since the table of countries was written, in the order of the record."""
    return tuple(
        amendment(
            row.state,
            row.fact,
            row.value,
            document=row.document,
            effective=row.effective,
            recorded_on=row.recorded_on,
        )
        for row in session.execute(_AMENDMENTS)
    )


def rates_of(session: Session, currency: str, day: date) -> list[Rate]:
    """The recorded rates of a currency up to a day, latest first; a few suffice for any rule."""
    rows = session.execute(
        select(RateRow.currency, RateRow.per_usd, RateRow.day, RateRow.source)
        .where(RateRow.currency == currency, RateRow.day <= day)
        .order_by(RateRow.day.desc())
        .limit(12)
    )
    return [Rate(row.currency, Decimal(row.per_usd), row.day, row.source) for row in rows]
