"""Fund status: what came in, what is used, what is kept back, and what can still be promised, by earmark."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from trustfund.core.ledger import BOOK_CURRENCY, CAME_IN, COMMITTED, SPENT
from trustfund.core.money import spendable
from trustfund.core.refusal import sentence
from trustfund.models.closings import FundClosing
from trustfund.models.contributions import Pledge
from trustfund.models.fund import reserve_of
from trustfund.models.record import Posting
from trustfund.models.selections import SetAside
from trustfund.reports.allotments import holds
from trustfund.reports.awards_as_at import NIL, awards_as_at, usd
from trustfund.reports.contributions import withdrawn_by
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("line", sentence("Line"), Kind.WORD, width=3),
    Column("all", sentence("All, USD"), Kind.MONEY, width=1.3),
    Column("free", sentence("Not earmarked, USD"), Kind.MONEY, width=1.3),
    Column("earmarked", sentence("Earmarked, USD"), Kind.MONEY, width=1.3),
)
_CONTRIBUTED = ("voluntary-contributions", "contributions-receivable", "write-offs:contributions")
LINES: tuple[tuple[str, str, tuple[str, ...], int], ...] = (
    ("received", sentence("Contributions received"), _CONTRIBUTED, -1),
    ("refunded", sentence("Refunded to donors"), ("voluntary-contributions:refunds",), -1),
    ("interest", sentence("Interest"), ("interest",), -1),
    ("exchange", sentence("Exchange differences on cash"), ("exchange-difference",), -1),
    ("charges", sentence("Bank charges"), ("bank-charges",), -1),
    ("deposit-fees", sentence("Fees on deposits"), ("support-cost:deposits",), -1),
    ("travel", sentence("Journeys"), ("travel",), 1),
    ("activities", sentence("Preparatory activities"), ("preparatory-activities",), 1),
    ("support", sentence("Programme support cost"), ("support-cost",), 1),
    ("write-offs", sentence("Written off"), ("write-offs",), 1),
    ("commitments", sentence("Committed for approved awards and activities"), COMMITTED, 1),
)
"""Line -> its words, its accounts, and the sign by which it is shown."""
OTHERS = {
    "came-in": sentence("Came in"),
    "used": sentence("Used and committed"),
    "reserve": sentence("Reserve"),
    "set-aside": sentence("Held for offers of seats"),
    "spendable": sentence("Spendable"),
    "receivable": sentence("Agreed and not yet received (no money to spend)"),
    "announced": sentence("Announced and not agreed (no money to spend)"),
}
MONTHS = 12


def build(snapshot: Snapshot) -> Report:
    """One line a kind of movement since the fund began, then what can be spent, by the rule of the reserve."""
    moved = _moved(snapshot)
    sums = _sums(moved)
    rows: list[tuple[Value, ...]] = [
        (name, *_three({e: _of(by, accounts, sign) for e, by in sums.items()})) for name, _, accounts, sign in LINES
    ]
    came, used, aside, free = _promised(snapshot, sums)
    reserve = {e: came[e] - used[e] - aside.get(e, NIL) - free[e] for e in sums}
    receivable = {e: _of(by, ("contributions-receivable",)) for e, by in sums.items()}
    for name, values in (
        ("came-in", came),
        ("used", used),
        ("reserve", reserve),
        ("set-aside", aside),
        ("spendable", free),
        ("receivable", receivable),
        ("announced", _announced(snapshot)),
    ):
        rows.append((name, *_three(values)))
    return snapshot.report(
        name="fund-status",
        title=sentence("Fund status"),
        answers=sentence("What came in, what is used, and what can still be promised"),
        columns=COLUMNS,
        rows=rows,
        control_totals=_controls({str(row[0]): row[1] for row in rows}, sums),  # type: ignore[misc]
        figure=_figure(snapshot, moved),
        words={name: text for name, text, _, _ in LINES} | OTHERS,
    )


def spendable_of(snapshot: Snapshot) -> dict[str, Decimal]:
    """What can still be promised, by earmark."""
    return _promised(snapshot, _sums(_moved(snapshot)))[-1]


def _promised(snapshot: Snapshot, sums: dict[str, dict[str, int]]) -> tuple[dict[str, Decimal], ...]:
    """What came in, what is used, what offers hold, and what is spendable: each by earmark."""
    came = {e: _of(by, CAME_IN, -1) for e, by in sums.items()}
    used = {e: _of(by, (*SPENT, *COMMITTED)) for e, by in sums.items()}
    aside, rate = _set_aside(snapshot), reserve_of(snapshot.session, snapshot.last_day)
    return came, used, aside, {e: spendable(came[e], rate, used[e], aside.get(e, NIL)) for e in sums}


def _moved(snapshot: Snapshot) -> Sequence[Any]:
    """Day, earmark, account and the cents that moved, up to the last day."""
    return snapshot.session.execute(
        select(Posting.day, Posting.earmark, Posting.account, func.sum(Posting.usd).label("usd"))
        .where(Posting.day <= snapshot.last_day)
        .group_by(Posting.day, Posting.earmark, Posting.account)
    ).all()


def _sums(moved: Iterable[Any]) -> dict[str, dict[str, int]]:
    """Earmark -> account -> cents."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in moved:
        found[row.earmark][row.account] += int(row.usd)
    found[""]  # a fund without money has a line too
    return found


def _of(by_account: dict[str, int], accounts: Iterable[str], sign: int = 1) -> Decimal:
    return usd(sign * sum(by_account.get(account, 0) for account in accounts))


def _three(values: dict[str, Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """All, not earmarked, earmarked."""
    everything, free = sum(values.values(), NIL), values.get("", NIL)
    return everything, free, everything - free


def _set_aside(snapshot: Snapshot) -> dict[str, Decimal]:
    """What kept runs hold for seats that wait, by earmark."""
    waits = {(one.row.selection_id, one.row.seat) for one in awards_as_at(snapshot) if holds(one, snapshot)}
    found: dict[str, Decimal] = defaultdict(lambda: NIL)
    for row in snapshot.session.execute(select(SetAside.selection_id, SetAside.public, SetAside.earmark, SetAside.usd)):
        if (row.selection_id, row.public) in waits:
            found[row.earmark] += usd(row.usd)
    return found


def _announced(snapshot: Snapshot) -> dict[str, Decimal]:
    """Pledges in US dollars that nobody agreed yet; those in other currencies have no rate yet."""
    found: dict[str, Decimal] = defaultdict(lambda: NIL)
    for row in snapshot.session.execute(
        select(Pledge.earmark, func.sum(Pledge.amount).label("amount"))
        .where(Pledge.announced_on <= snapshot.last_day, Pledge.currency == BOOK_CURRENCY)
        .where(Pledge.reference.not_in(withdrawn_by(snapshot)))
        .where((Pledge.agreed_on.is_(None)) | (Pledge.agreed_on > snapshot.last_day))
        .group_by(Pledge.earmark)
    ):
        found[row.earmark] += usd(int(row.amount))
    return found


def _controls(rows: dict[str, Decimal], sums: dict[str, dict[str, int]]) -> list[ControlTotal]:
    came, used = (sum((rows[name] for name, *_, sign in LINES if sign == side), NIL) for side in (-1, 1))
    cash, others = NIL, NIL
    for by_account in sums.values():
        cash += _of(by_account, (account for account in by_account if account.startswith("cash:")))
        others += _of(by_account, (account for account in by_account if not account.startswith("cash:")), -1)
    return [
        ControlTotal(
            sentence("Adds up"),
            sentence("What came in, line by line, − used and committed = reserve + held + spendable"),
            came - used,
            rows["reserve"] + rows["set-aside"] + rows["spendable"],
        ),
        ControlTotal(
            sentence("Money in the bank"),
            sentence("All bank accounts at book value = all other accounts of the books together"),
            cash,
            others,
        ),
    ]


def _figure(snapshot: Snapshot, rows: Iterable[Any]) -> Figure | None:
    """Month by month what could be spent at its end, by the reserve of that day; what is held for offers is in it."""
    moved = _by_month(rows)
    if not moved:
        return None
    closing = snapshot.session.get(FundClosing, 1)
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))  # earmark -> what came in, what was used
    bars, known = [], sorted(moved)
    for month in _last_months(known[0], snapshot.last_day):
        while known and known[0] <= month:
            for earmark, (came, used) in moved[known.pop(0)].items():
                sums[earmark] = sums[earmark][0] + came, sums[earmark][1] + used
        end = min(month.replace(day=monthrange(month.year, month.month)[1]), snapshot.last_day)
        rate = NIL if closing and closing.decided_on <= end else snapshot.mandate.reserve_on(end)
        free = sum((spendable(usd(came), rate, usd(used)) for came, used in sums.values()), NIL)
        bars.append(Bar(f"{month:%Y-%m}", (usd(sum(came for came, _ in sums.values())) - free, max(free, NIL))))
    if not any(any(bar.values) for bar in bars):
        return None
    title = sentence("Spendable at the end of each month, with what is held for offers, US dollars")
    parts = sentence("Used, committed and in reserve"), sentence("Spendable")
    return Figure(title, parts, tuple(bars))


def _last_months(first: date, last: date) -> list[date]:
    """The first days of the last months up to a day, at most MONTHS, none before the first."""
    numbers = range(last.year * 12 + last.month - MONTHS, last.year * 12 + last.month)
    months = [date(number // 12, number % 12 + 1, 1) for number in numbers if number >= 12]
    return [month for month in months if month >= first]


def _by_month(rows: Iterable[Any]) -> dict[date, dict[str, tuple[int, int]]]:
    """First day of the month -> earmark -> cents that came in, cents that were used."""
    found: dict[date, dict[str, tuple[int, int]]] = {}
    for row in rows:
        if row.account not in (*CAME_IN, *SPENT, *COMMITTED):
            continue
        had = found.setdefault(row.day.replace(day=1), {})
        came, used = had.get(row.earmark, (0, 0))
        cents = int(row.usd)
        had[row.earmark] = (came - cents, used) if row.account in CAME_IN else (came, used + cents)
    return found
