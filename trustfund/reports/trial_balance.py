"""Trial balance: do all accounts add to zero."""

from decimal import Decimal

from sqlalchemy import func, select

from trustfund.core.ledger import ACCOUNTS, kind
from trustfund.core.ledger import Kind as AccountKind
from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.models.record import Posting
from trustfund.reports import words
from trustfund.reports.report import Column, ControlTotal, Kind, Report
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("account", sentence("Account"), Kind.CODE, width=2.4),
    Column("kind", sentence("Kind"), Kind.WORD, width=1.2),
    Column("currency", sentence("Currency"), Kind.CODE, width=0.8),
    Column("amount", sentence("Amount in its currency"), Kind.MONEY, width=1.6),
    Column("debit", sentence("Debit, USD"), Kind.MONEY, total=True, width=1.6),
    Column("credit", sentence("Credit, USD"), Kind.MONEY, total=True, width=1.6),
)


def build(snapshot: Snapshot) -> Report:
    """One row an account and currency; the memorandum pair stands last, outside the statements."""
    sums = snapshot.session.execute(
        select(
            Posting.account,
            Posting.currency,
            func.sum(Posting.amount).label("amount"),
            func.sum(Posting.usd).label("usd"),
        )
        .where(snapshot.days(Posting.day))
        .group_by(Posting.account, Posting.currency)
    )
    order = list(ACCOUNTS)
    rows = [
        (
            s.account,
            kind(s.account).value,
            s.currency,
            major(int(s.amount), s.currency),
            major(int(s.usd), "USD") if s.usd > 0 else None,
            major(-int(s.usd), "USD") if s.usd < 0 else None,
        )
        for s in sorted(sums, key=lambda s: (order.index(s.account.partition(":")[0]), s.account, s.currency))
    ]
    nil = Decimal("0.00")
    books = [r for r in rows if r[1] != AccountKind.MEMORANDUM]
    debits, credits = (sum((r[i] for r in books if r[i] is not None), nil) for i in (4, 5))
    return snapshot.report(
        name="trial-balance",
        title=sentence("Trial balance"),
        answers=sentence("Do all accounts add to zero"),
        columns=COLUMNS,
        rows=rows,
        words=words.KIND,
        control_totals=[ControlTotal(sentence("Adds up"), sentence("Debits − credits"), debits - credits, nil)],
    )
