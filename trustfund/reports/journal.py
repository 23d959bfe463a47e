"""Journal: every entry with both sides, in the order of the record."""

from decimal import Decimal

from sqlalchemy import select

from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.models.record import Event, Posting
from trustfund.reports import words
from trustfund.reports.report import Column, ControlTotal, Kind, Report
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("entry", sentence("Entry"), Kind.NUMBER, width=0.7),
    Column("value_date", sentence("Value date"), Kind.DATE, width=1.3),
    Column("action", sentence("What"), Kind.WORD, width=1.6),
    Column("subject", sentence("About"), Kind.CODE, width=1.2),
    Column("account", sentence("Account"), Kind.CODE, width=1.9),
    Column("earmark", sentence("For"), Kind.WORD, width=1.2),
    Column("currency", sentence("Currency"), Kind.CODE, width=0.7),
    Column("amount", sentence("Amount"), Kind.MONEY, width=1.3),
    Column("debit", sentence("Debit, USD"), Kind.MONEY, total=True, width=1.3),
    Column("credit", sentence("Credit, USD"), Kind.MONEY, total=True, width=1.3),
)


def build(snapshot: Snapshot) -> Report:
    postings = snapshot.session.execute(
        select(
            Posting.seq,
            Posting.day,
            Event.action,
            Event.subject,
            Posting.account,
            Posting.earmark,
            Posting.currency,
            Posting.amount,
            Posting.usd,
        )
        .join(Event, Event.seq == Posting.seq)
        .where(snapshot.days(Posting.day))
        .order_by(Posting.seq, Posting.line)
    )
    rows = [
        (
            p.seq,
            p.day,
            p.action,
            p.subject,
            p.account,
            p.earmark,
            p.currency,
            major(p.amount, p.currency),
            major(p.usd, "USD") if p.usd > 0 else None,
            major(-p.usd, "USD") if p.usd < 0 else None,
        )
        for p in postings
    ]
    nil = Decimal("0.00")
    debits, credits = (sum((r[i] for r in rows if r[i] is not None), nil) for i in (8, 9))
    return snapshot.report(
        name="journal",
        title=sentence("Journal"),
        answers=sentence("Every entry with both sides"),
        columns=COLUMNS,
        rows=rows,
        words={**words.ACTION, **words.EARMARK},
        control_totals=[ControlTotal(sentence("Adds up"), sentence("Debits − credits"), debits - credits, nil)],
    )
