"""Status of contributions: who agreed, paid and owes what, and since when."""

from collections.abc import Sequence
from decimal import Decimal

from trustfund.core.refusal import sentence, sentence_in
from trustfund.reports import words
from trustfund.reports.contributions import MOVES, Standing, balance, standings
from trustfund.reports.pledged_and_received import over_time
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("donor", sentence("Donor"), width=2.2, tables=(1, 2)),
    Column("donor_type", sentence("Kind"), Kind.WORD, width=1.2, on_page=False),
    Column("document", sentence("Agreement"), Kind.CODE, width=1.7, tables=(1, 2)),
    Column("earmark", sentence("For"), Kind.WORD, width=1.2),
    Column("stage", sentence("Stage"), Kind.WORD),
    Column("currency", sentence("Currency"), Kind.CODE, width=0.7, on_page=False),
    Column("announced", sentence_in("amount", "Announced"), Kind.MONEY, width=1.3, on_page=False),
    Column("agreed", sentence_in("amount", "Agreed"), Kind.MONEY, width=1.3, on_page=False),
    Column("received", sentence_in("amount", "Received"), Kind.MONEY, width=1.3, on_page=False),
    Column("agreed_usd", sentence("Agreed, USD"), Kind.MONEY, total=True, width=1.3),
    Column("received_usd", sentence("Received, USD"), Kind.MONEY, total=True, width=1.3),
    Column("difference_usd", sentence("Difference in rate, USD"), Kind.MONEY, total=True, width=1.1),
    Column("written_off_usd", sentence("Written off, USD"), Kind.MONEY, total=True, width=1.1),
    Column("outstanding_usd", sentence("Outstanding, USD"), Kind.MONEY, total=True, width=1.3, tables=(1, 2)),
    Column("days_past_due", sentence("Days past due"), Kind.NUMBER, width=0.7),
    Column("due_on", sentence("Due on"), Kind.DATE, on_page=False, tables=(2,)),
    Column("not_due_usd", sentence("Not due, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)),
    Column("days_0_90_usd", sentence("0–90 days, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)),
    Column("days_91_180_usd", sentence("91–180 days, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)),
    Column("days_181_365_usd", sentence("181–365 days, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)),
    Column(
        "over_365_days_usd", sentence("More than 365 days, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)
    ),
)


def build(snapshot: Snapshot) -> Report:
    """One row a pledge: what moved in the days asked for, and what is outstanding at their end."""
    rows = standings(snapshot)
    return snapshot.report(
        name="status-of-contributions",
        title=sentence("Status of contributions"),
        answers=sentence("Who agreed, paid and owes what, and since when"),
        columns=COLUMNS,
        rows=[_row(s, snapshot) for s in rows],
        control_totals=_controls(snapshot, rows),
        figure=by_donor(rows),
        further=_further(snapshot, rows),
        words={**words.DONOR_TYPE, **words.STAGE, **words.EARMARK},
    )


def _row(s: Standing, snapshot: Snapshot) -> tuple[Value, ...]:
    return (
        s.donor,
        s.donor_type,
        s.document,
        s.earmark,
        s.stage,
        s.currency,
        s.announced,
        s.agreed,
        s.received,
        s.agreed_usd,
        s.received_usd,
        s.difference_usd,
        s.written_off_usd,
        s.outstanding_usd,
        s.days_past_due(snapshot.last_day),
        s.due_on,
        *s.ages,
    )


def _controls(snapshot: Snapshot, rows: list[Standing]) -> list[ControlTotal]:
    nil = Decimal("0.00")
    agreed, received, difference, written_off, outstanding = (
        sum((getattr(s, name) for s in rows), nil)
        for name in ("agreed_usd", "received_usd", "difference_usd", "written_off_usd", "outstanding_usd")
    )
    receivable = _receivable(snapshot.from_the_start())
    before = receivable - _receivable(snapshot) if snapshot.from_day else nil
    how = (
        sentence("Outstanding before + agreed + difference − received − written off − outstanding")
        if snapshot.from_day
        else sentence("Agreed + difference − received − written off − outstanding")
    )
    return [
        ControlTotal(
            sentence("Adds up"), how, before + agreed + difference - received - written_off - outstanding, nil
        ),
        ControlTotal(
            sentence("Agrees with the books"),
            sentence("Contributions receivable in the trial balance"),
            receivable,
            outstanding,
        ),
        ControlTotal(
            sentence("Agrees with the bank"),
            sentence("Cash by deposits, less those without agreement and money due to donors"),
            balance(snapshot, "cash", "unapplied-contributions", "due-to-donors", by=MOVES),
            received,
        ),
        ControlTotal(
            sentence("Ages add up"),
            sentence("Not due + 0–90 + 91–180 + 181–365 + more than 365 days past due = outstanding"),
            sum((age for s in rows for age in s.ages), nil),
            outstanding,
        ),
    ]


def _receivable(snapshot: Snapshot) -> Decimal:
    """As agreed: what a month’s end says it is worth until the next day stands in an account of its own."""
    return balance(snapshot, "contributions-receivable", parts=False)


def _further(snapshot: Snapshot, rows: list[Standing]) -> tuple[Figure, ...]:
    """Pledged against received since the fund began; what a period leaves out would lower it."""
    known = standings(snapshot.from_the_start()) if snapshot.from_day else rows
    drawn = over_time(snapshot, known)
    return (drawn,) if drawn else ()


def by_donor(rows: Sequence[Standing]) -> Figure | None:
    """Received and outstanding of the largest donors; the rest together."""
    nil = Decimal(0)
    by_donor: dict[str, tuple[Decimal, Decimal]] = {}
    for s in rows:
        had = by_donor.get(s.donor, (nil, nil))
        by_donor[s.donor] = had[0] + s.received_usd, had[1] + s.outstanding_usd
    largest = sorted(by_donor.items(), key=lambda d: (-sum(d[1]), d[0]))
    largest = [d for d in largest if sum(d[1])]
    if not largest:
        return None
    bars = [Bar(name, values) for name, values in largest[:7]]
    if rest := largest[7:]:
        bars.append(
            Bar(
                sentence("All others"), (sum((v[0] for _, v in rest), nil), sum((v[1] for _, v in rest), nil)), key=True
            )
        )
    return Figure(
        sentence("Received and outstanding by donor, US dollars"),
        (sentence_in("amount", "Received"), sentence("Outstanding")),
        tuple(bars),
    )
