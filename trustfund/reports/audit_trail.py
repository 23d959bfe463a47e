"""Audit trail: who did what, when. Persons by reference; what they typed stays sealed."""

from sqlalchemy import select

from trustfund.core.refusal import sentence
from trustfund.models.record import Event
from trustfund.reports import words
from trustfund.reports.report import Column, Kind, Report
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("entry", sentence("Entry"), Kind.NUMBER, width=0.7),
    Column("at", sentence("When (UTC)"), Kind.CODE, width=1.9),
    Column("by", sentence("Who"), Kind.CODE, width=1.2),
    Column("action", sentence("What"), Kind.WORD, width=2),
    Column("subject", sentence("About"), Kind.CODE, width=1.8),
    Column("from", sentence("From state"), Kind.CODE, width=1.1),
    Column("to", sentence("To state"), Kind.CODE, width=1.1),
    Column("hash", sentence("Hash"), Kind.CODE, width=1.4),
)


def build(snapshot: Snapshot) -> Report:
    """One row an event, by the day on which it was recorded."""
    events = (
        select(
            Event.seq, Event.at, Event.actor, Event.action, Event.subject, Event.state_from, Event.state_to, Event.hash
        )
        .where(Event.at <= snapshot.last_instant)
        .order_by(Event.seq)
    )
    if snapshot.from_day:
        events = events.where(Event.at >= snapshot.from_day.isoformat())
    return snapshot.report(
        name="audit-trail",
        title=sentence("Audit trail"),
        answers=sentence("Who did what, when"),
        columns=COLUMNS,
        rows=[(*row[:7], row.hash[:16]) for row in snapshot.session.execute(events)],
        control_totals=(),
        words=words.ACTION,
    )
