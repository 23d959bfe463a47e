"""Contributions journal: every entry by which money of donors was agreed, came, or went back, in order of the record.

Rows are read from the bodies of the entries, which are signed; the control totals compare them with the books.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from trustfund.core.ledger import UNPAID
from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.record import Event
from trustfund.reports.contributions import MOVES, balance
from trustfund.reports.report import Column, ControlTotal, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

ENTRIES = (*MOVES, "overpayment.refunded", "refund.paid")
COLUMNS = (
    Column("entry", sentence("Entry"), Kind.NUMBER, width=0.7, tables=(1, 2)),
    Column("value_date", sentence("Value date"), Kind.DATE, width=1.3),
    Column("donor", sentence("Donor"), width=1.8, tables=(1, 2)),
    Column("document", sentence("Agreement"), Kind.CODE, width=1.5),
    Column("what", sentence("What"), Kind.WORD, width=1.4, tables=(1, 2)),
    Column("currency", sentence("Currency"), Kind.CODE, width=0.7),
    Column("amount", sentence("Amount"), Kind.MONEY, width=1.3),
    Column("rate", sentence("Units for one US dollar"), Kind.CODE, width=0.9),
    Column("rate_day", sentence("Rate of"), Kind.DATE, on_page=False),
    Column("usd", sentence("US dollars"), Kind.MONEY, width=1.3),
    Column("difference_usd", sentence("Difference in rate, USD"), Kind.MONEY, total=True, width=1.1),
    Column("receivable_usd", sentence("Receivable, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)),
    Column("revenue_usd", sentence("Revenue, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)),
    Column("cash_usd", sentence("Cash, USD"), Kind.MONEY, total=True, on_page=False, tables=(2,)),
    Column("bank_reference", sentence("Bank reference"), Kind.CODE, on_page=False, tables=(2,)),
)
REVENUE, RECEIVABLE = "voluntary-contributions", "contributions-receivable"
UNAPPLIED, OVER, DIFFERENCE = "unapplied-contributions", "due-to-donors", "exchange-difference"
WHAT: dict[str, tuple[str, str, int]] = {
    "agreed": (sentence("Agreed"), REVENUE, -1),
    "condition-met": (sentence("Condition met"), REVENUE, -1),
    "deposit": (sentence("Deposit"), "cash", 1),
    "unapplied": (sentence("Deposit without agreement"), "cash", 1),
    "attached": (sentence("Deposit attached"), UNAPPLIED, 1),
    "overpayment-agreed": (sentence("Overpayment agreed"), REVENUE, -1),
    "overpayment-refunded": (sentence("Overpayment given back"), OVER, 1),
    "written-off": (sentence("Written off"), UNPAID, 1),
    "refunded": (sentence("Refunded at the closing"), "cash", -1),
}
"""What an entry does -> its words, the account that says how much, and the sign by which it is told."""
_OF_ACTION = {
    "agreement.recorded": "agreed",
    "condition.met": "condition-met",
    "deposit.recorded": "deposit",
    "deposit.attached": "attached",
    "overpayment.agreed": "overpayment-agreed",
    "overpayment.refunded": "overpayment-refunded",
    "contribution.written-off": "written-off",
    "refund.paid": "refunded",
}
_AT = {column.key: place for place, column in enumerate(COLUMNS)}
_NIL = Decimal("0.00")


@dataclass(frozen=True)
class _Known:
    """What the entries name by reference: donors as they are called here, pledges and deposits."""

    donors: Mapping[str, str]
    pledges: Mapping[str, tuple[str, str]]  # -> donor, document
    deposits: Mapping[str, Any]


def build(snapshot: Snapshot) -> Report:
    """One row a movement: an entry that books agreement and deposit together has two."""
    known = _known(snapshot)
    rows = [row for event in _events(snapshot) for row in _rows(event, snapshot, known)]
    return snapshot.report(
        name="contributions-journal",
        title=sentence("Contributions journal"),
        answers=sentence("Every agreement, deposit, write-off and refund, with its rate and its reference at the bank"),
        columns=COLUMNS,
        rows=rows,
        words={name: text for name, (text, _, _) in WHAT.items()},
        control_totals=_controls(snapshot, rows),
    )


def _events(snapshot: Snapshot) -> Iterator[Any]:
    yield from snapshot.session.execute(
        select(Event.seq, Event.action, Event.subject, Event.body).where(Event.action.in_(ENTRIES)).order_by(Event.seq)
    )


def _known(snapshot: Snapshot) -> _Known:
    execute = snapshot.session.execute
    donors = execute(select(Donor.reference, Donor.name, Donor.type))
    pledges = execute(select(Pledge.reference, Donor.reference, Pledge.document).join(Donor))
    deposits = execute(select(Deposit.reference, Deposit.per_usd, Deposit.rate_day, Deposit.bank_reference))
    return _Known(
        {ref: ref if type == "individual" else name for ref, name, type in donors},
        {ref: (donor, document) for ref, donor, document in pledges},
        {deposit.reference: deposit for deposit in deposits},
    )


def _rows(event: Any, snapshot: Snapshot, known: _Known) -> Iterator[tuple[Value, ...]]:
    """The rows of an entry; none where nothing of it is of the days asked for, or nothing was booked."""
    body = json.loads(event.body)
    first, last = (snapshot.from_day or date.min).isoformat(), snapshot.last_day.isoformat()
    post = [one for one in body["post"] if first <= one["day"] <= last]
    if not post:
        return
    data, what = body["data"], _OF_ACTION[event.action]
    agreed = [one for one in post if what == "deposit" and one["account"] == REVENUE]
    if agreed:  # agreement and deposit in one entry: the receivable is raised, then released
        raised = agreed + [one for one in post if one["account"] == RECEIVABLE and one["usd"] > 0]
        post = [one for one in post if one not in raised]
        yield _row(event, "agreed", raised, data | data["agreement"], known)
    if what == "deposit" and any(one["account"] == UNAPPLIED for one in post):
        what = "unapplied"
    yield _row(event, what, post, data, known, came=True)


def _row(
    event: Any, what: str, post: Sequence[Any], data: Mapping[str, Any], known: _Known, *, came: bool = False
) -> tuple[Value, ...]:
    """``came``: whether the bank's reference is of this movement."""
    _, measure, sign = WHAT[what]
    of = [one for one in post if _name(one) == measure]
    currency = of[0]["currency"] if of else data.get("currency", "USD")
    donor, document = known.pledges.get(event.subject, (data.get("donor", ""), ""))
    deposit = known.deposits.get(data.get("deposit", ""))
    rate, rate_day = data.get("per_usd"), data.get("rate_day")
    if what == "attached" and deposit:
        rate, rate_day = deposit.per_usd, deposit.rate_day.isoformat()
    return (
        event.seq,
        date.fromisoformat(post[0]["day"]),
        known.donors.get(donor, donor),
        data.get("document") or document,
        what,
        currency,
        major(sign * sum(one["amount"] for one in of), currency),
        rate or "",
        date.fromisoformat(rate_day) if rate_day else None,
        major(sign * sum(one["usd"] for one in of), "USD"),
        -_of(post, DIFFERENCE),
        _of(post, RECEIVABLE),
        -_of(post, REVENUE),
        _of(post, "cash"),
        (data.get("bank_reference") or (deposit.bank_reference if deposit else "") or "") if came else "",
    )


def _name(posting: Mapping[str, Any]) -> str:
    """The account without its part; of write-offs those of contributions only."""
    account = str(posting["account"])
    return account if account == UNPAID else account.partition(":")[0]


def _of(post: Sequence[Any], account: str) -> Decimal:
    return major(sum(one["usd"] for one in post if _name(one) == account), "USD")


def _controls(snapshot: Snapshot, rows: Sequence[tuple[Value, ...]]) -> list[ControlTotal]:
    receivable, revenue, cash = (
        sum((row[_AT[key]] for row in rows), _NIL)  # type: ignore[misc]
        for key in ("receivable_usd", "revenue_usd", "cash_usd")
    )
    return [
        ControlTotal(
            sentence("Receivable agrees"),
            sentence("Contributions receivable in the trial balance of the period"),
            receivable,
            balance(snapshot, RECEIVABLE, parts=False),
        ),
        ControlTotal(
            sentence("Revenue agrees"),
            sentence("Voluntary contributions in the trial balance of the period, refunds deducted"),
            revenue,
            -balance(snapshot, REVENUE),
        ),
        ControlTotal(
            sentence("Cash agrees"),
            sentence("Cash in the trial balance of the period, less what other entries moved"),
            cash,
            balance(snapshot, "cash") - balance(snapshot, "cash", but=ENTRIES),
        ),
    ]
