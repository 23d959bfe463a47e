"""Source and use of funds: with what the fund began, what came in, for what it was used, and what is left and where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from trustfund.core.ledger import CAME_IN, DEPOSIT_FEES, REFUNDS, SPENT, UNPAID
from trustfund.core.refusal import sentence
from trustfund.models.awards import Award
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.record import Event, Posting
from trustfund.reports import fund_status, words
from trustfund.reports.awards_as_at import NIL, calendar, usd
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("part", sentence("Part"), Kind.WORD, width=1.2),
    Column("line", sentence("Line"), Kind.WORD, width=2.4),
    Column("meeting", sentence("Meeting"), Kind.CODE, width=0.8),
    Column("kind", sentence("Kind"), Kind.WORD, width=2.2),
    Column("usd", sentence("US dollars"), Kind.MONEY, width=1.3),
)
PARTS = {
    "source": sentence("Source"),
    "use": sentence("Use"),
    "left": sentence("What is left"),
    "bank": sentence("Where it is"),
}
LINES = {
    "opening": sentence("Opening balance"),
    "contributions": sentence("Contributions received"),
    "interest": sentence("Interest"),
    "exchange": sentence("Realized exchange differences"),
    "charges": sentence("Bank charges"),
    "deposit-fees": sentence("Fees on deposits"),
    "refunds": sentence("Refunded to donors"),
    "sources": sentence("All sources"),
    "travel": sentence("Journeys"),
    "accrued": sentence("Journeys made and not settled at the end of a month"),
    "support": sentence("Programme support cost"),
    "activities": sentence("Preparatory activities"),
    "write-offs": sentence("Written off"),
    "uses": sentence("All uses"),
    "commitments": sentence("Committed for approved awards and activities"),
    "reserve": sentence("Reserve"),
    "set-aside": sentence("Held for offers of seats"),
    "spendable": sentence("Spendable"),
    "closing": sentence("Closing balance"),
    "unapplied": sentence("Deposits without agreement"),
    "due-to-donors": sentence("Due to donors"),
    "owed": sentence("Owed to travellers, agents and the United Nations"),
    "advanced": sentence("Advances, tickets paid ahead and debts of travellers"),
    "revalued": sentence("Revaluation at the end of a month"),
    "in-the-bank": sentence("In the bank"),
}
OF_DONORS = {
    "state": sentence("From States"),
    "igo": sentence("From intergovernmental organizations"),
    "ngo": sentence("From non-governmental organizations"),
    "private": sentence("From private donors"),
    "individual": sentence("From individuals"),
}
CONTRIBUTED = ("voluntary-contributions", "contributions-receivable", UNPAID)
SOURCES = {
    "interest": "interest",
    "exchange": "exchange-difference",
    "charges": "bank-charges",
    "deposit-fees": DEPOSIT_FEES,
    "refunds": REFUNDS,
}
USES = {"support": "support-cost", "activities": "preparatory-activities", "write-offs": "write-offs"}
LEFT = ("commitments", "reserve", "set-aside", "spendable")
WHERE = {
    "unapplied": ("unapplied-contributions",),
    "due-to-donors": ("due-to-donors",),
    "owed": ("payables", "accrued-travel", "support-cost-payable"),
    "advanced": ("travel-advances", "prepaid-travel", "due-from-travellers"),
    "revalued": ("contributions-receivable:revaluation", "exchange-difference:unrealised"),
}
Sums = Mapping[tuple[str, str], int]
"""Subject of the entry and account -> cents."""


def build(snapshot: Snapshot) -> Report:
    """Sources less uses is what is left: in the bank with what the fund owes, and without what it paid ahead."""
    moved, ended, opening = _moved(snapshot), _ended(snapshot), _opening(snapshot)
    status: dict[Any, Any] = {row[0]: row[1] for row in fund_status.build(snapshot).rows}
    sources, uses = _sources(snapshot, moved, opening), _uses(snapshot, moved)
    came, used = (sum((row[-1] for row in rows), NIL) for rows in (sources, uses))
    where = [("bank", line, None, None, _of(ended, accounts, -1)) for line, accounts in WHERE.items()]
    bank = came - used + sum((row[-1] for row in where), NIL)
    rows: list[tuple[Value, ...]] = [
        *sources,
        ("source", "sources", None, None, came),
        *uses,
        ("use", "uses", None, None, used),
        *(("left", line, None, None, status[line]) for line in LEFT),
        ("left", "closing", None, None, came - used),
        *where,
        ("bank", "in-the-bank", None, None, bank),
    ]
    return snapshot.report(
        name="source-and-use-of-funds",
        title=sentence("Source and use of funds"),
        answers=sentence("With what the fund began, what came in, what it paid for, and what is left"),
        columns=COLUMNS,
        rows=rows,
        control_totals=_controls(came - used, bank, status, ended),
        figure=_figure(sources, uses, status),
        words=PARTS | LINES | words.DONOR_TYPE | words.CATEGORY,
    )


Row = tuple[str, str, str | None, str | None, Decimal]


def _sources(snapshot: Snapshot, moved: Sums, opening: Decimal) -> list[Row]:
    pledges = snapshot.session.execute(select(Pledge.reference, Donor.type).join(Donor))
    kinds = {pledge.reference: pledge.type for pledge in pledges}
    by_kind: dict[str, int] = defaultdict(int)
    for (subject, account), cents in moved.items():
        if account in CONTRIBUTED:
            by_kind[kinds.get(subject, "")] -= cents
    ordered = [kind for kind in (*words.DONOR_TYPE, "") if by_kind.get(kind)]
    return [
        ("source", "opening", None, None, opening),
        *(("source", "contributions", None, kind or None, usd(by_kind[kind])) for kind in ordered),
        *(("source", line, None, None, _of(moved, (account,), -1)) for line, account in SOURCES.items()),
    ]


def _uses(snapshot: Snapshot, moved: Sums) -> list[Row]:
    """Journeys by meeting and category of the State; what a month's end accrued is of no single award."""
    awards = {
        reference: (meeting, category)
        for reference, meeting, category in snapshot.session.execute(
            select(Award.reference, Award.meeting, Award.category)
        )
    }
    travel: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for (subject, account), cents in moved.items():
        if account == "travel":
            travel[awards.get(subject, (None, None))] += cents
    order = [(m.code, category) for m in calendar(snapshot).meetings for category in words.CATEGORY]
    seated = [key for key in order if travel.get(key)]  # type: ignore[call-overload]
    accrued = travel.get((None, None), 0)
    return [
        *(("use", "travel", *key, usd(travel[key])) for key in seated),
        *((("use", "accrued", None, None, usd(accrued)),) if accrued else ()),
        *(("use", line, None, None, _of(moved, (account,))) for line, account in USES.items()),
    ]


def _moved(snapshot: Snapshot) -> Sums:
    """What came in and was used in the days asked for."""
    rows = snapshot.session.execute(
        select(Event.subject, Posting.account, func.sum(Posting.usd))
        .join(Event, Event.seq == Posting.seq)
        .where(Posting.account.in_((*CAME_IN, *SPENT)), snapshot.days(Posting.day))
        .group_by(Event.subject, Posting.account)
    )
    return {(subject, account): int(cents) for subject, account, cents in rows}


def _ended(snapshot: Snapshot) -> Sums:
    """Every account at the end of the days."""
    rows = snapshot.session.execute(
        select(Posting.account, func.sum(Posting.usd)).where(Posting.day <= snapshot.last_day).group_by(Posting.account)
    )
    return {("", account): int(cents) for account, cents in rows}


def _opening(snapshot: Snapshot) -> Decimal:
    """What had come in before the first day and was not used; committed or not."""
    if snapshot.from_day is None:
        return NIL
    cents = snapshot.session.scalar(
        select(func.coalesce(func.sum(-Posting.usd), 0)).where(
            Posting.account.in_((*CAME_IN, *SPENT)), Posting.day < snapshot.from_day
        )
    )
    return usd(int(cents or 0))


def _of(sums: Sums, accounts: Iterable[str], sign: int = 1) -> Decimal:
    return usd(sign * sum(cents for (_, account), cents in sums.items() if account in accounts))


def _controls(closing: Decimal, bank: Decimal, status: Mapping[Any, Any], ended: Sums) -> list[ControlTotal]:
    used = status["used"] - status["commitments"]
    return [
        ControlTotal(
            sentence("Agrees with the fund status"),
            sentence("Opening balance + sources − uses = what came in, less what is used and not only committed"),
            closing,
            status["came-in"] - used,
        ),
        ControlTotal(
            sentence("Adds up"),
            sentence("Committed + reserve + held + spendable = closing balance"),
            sum((status[line] for line in LEFT), NIL),
            closing,
        ),
        ControlTotal(
            sentence("Agrees with the bank"),
            sentence("Closing balance + what is owed − what was paid ahead = cash in the trial balance"),
            bank,
            _of(ended, {account for _, account in ended if account.startswith("cash:")}),
        ),
    ]


def _figure(sources: list[Row], uses: list[Row], status: Mapping[Any, Any]) -> Figure | None:
    """Sources above, uses and what is left below, in sum the same. What lowers a source is drawn as a use."""
    flows = [(_called(row), row[-1]) for row in sources]
    journeys = sum((row[-1] for row in uses if row[1] == "travel"), NIL)
    flows += [((LINES["travel"], True), -journeys)]
    flows += [(_called(row), -row[-1]) for row in uses if row[1] != "travel"]
    flows += [((LINES[line], True), -status[line]) for line in LEFT]
    bars = [Bar(label, (value, NIL), key) for (label, key), value in flows if value > 0]
    bars += [Bar(label, (NIL, -value), key) for (label, key), value in flows if value < 0]
    if not bars:
        return None
    return Figure(
        sentence("From where the money came and where it went, US dollars"),
        (PARTS["source"], sentence("Use, or left")),
        tuple(bars),
    )


def _called(row: Row) -> tuple[str, bool]:
    """What a bar is called, and whether that is translated: a donor’s kind says more than the line."""
    return OF_DONORS[row[3]] if row[1] == "contributions" and row[3] else LINES[row[1]], True
