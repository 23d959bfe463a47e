"""What a report reads: one snapshot of the database, whose head it prints. Drawing it appends nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from trustfund.core.mandate import Mandate
from trustfund.core.record import moment
from trustfund.extensions import db
from trustfund.models.fund import mandate_on
from trustfund.models.record import Event, head_of
from trustfund.reports.report import Report


@dataclass(frozen=True)
class Snapshot:
    """One state of the fund, and which part of it is asked for: value dates from, to and as at a day."""

    session: Session
    mandate: Mandate
    head_seq: int
    head_hash: str
    from_day: date | None
    to_day: date | None
    as_at: date

    @property
    def last_day(self) -> date:
        return min(self.to_day or self.as_at, self.as_at)

    @property
    def last_instant(self) -> str:
        """The end of the last day, written as the record writes instants; no day is too late for it."""
        return f"{self.last_day.isoformat()}T23:59:59.999Z"

    def from_the_start(self) -> "Snapshot":
        """The same up to the last day, without a first."""
        return replace(self, from_day=None)

    def days(self, column: Any) -> ColumnElement[bool]:
        """The days that are asked for, as a condition on a column of value dates."""
        asked: ColumnElement[bool] = column <= self.last_day
        return asked & (column >= self.from_day) if self.from_day else asked

    def report(self, **parts: Any) -> Report:
        """A report with what every report says: fund, legal basis, period, currency, rates, head."""
        fund = self.mandate.fund
        return Report(
            fund=fund.name["en"],
            legal_basis=fund.legal_basis["en"],
            texts={"fund": fund.name, "legal_basis": fund.legal_basis},
            period_from=self.from_day,
            period_to=self.to_day,
            as_at=self.as_at,
            currency=fund.currency,
            rate_source=self.mandate.rates.source,
            head_seq=self.head_seq,
            head_hash=self.head_hash,
            version=version("trustfund"),
            **parts,
        )


@contextmanager
def snapshot(
    *, from_day: date | None = None, to_day: date | None = None, as_at: date | None = None
) -> Iterator[Snapshot]:
    """Read everything as it is at one moment, whoever writes meanwhile; as at the day of the last entry unless told."""
    session = db.session()
    session.rollback()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
    try:
        seq, digest = head_of(session)
        last = session.scalar(select(Event.at).where(Event.seq == seq))
        day = as_at or (moment(last).date() if last else date.today())  # noqa: DTZ011 (an empty record)
        yield Snapshot(session, mandate_on(session, day), seq, digest, from_day, to_day, day)
    finally:
        session.rollback()
