"""What the tables of closings and of bank statements should say, read from the events. ``copies`` compares them."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from trustfund.models.closings import ClosedFund, ClosedMonth, FundClosing, Refund
from trustfund.models.contributions import Donor
from trustfund.models.record import Posting
from trustfund.models.treasury import BankLine
from trustfund.operations.copies_sealed import Tables
from trustfund.operations.copies_selections import Body, as_kept, confirmed

ACTS = {"interest.recorded": "interest", "charge.recorded": "charge", "support-cost.paid": "support-cost"}


def _months(tables: Tables, body: Body, data: Body) -> None:
    for one in data["months"]:
        tables["closed_month"][one["month"]] = {"seq": body["seq"]}
    confirmed(tables, body, data)


def _decided(tables: Tables, body: Body, data: Body) -> None:
    said = {name: data[name] for name in ("document", "decided_on")}
    tables["fund_closing"]["1"] = said | {"seq": body["seq"]}
    confirmed(tables, body, data)


def _closed(tables: Tables, body: Body, data: Body) -> None:
    tables["closed_fund"]["1"] = {"day": data["day"], "seq": body["seq"]}
    confirmed(tables, body, data)


def _refunded(tables: Tables, body: Body, data: Body) -> None:
    for one in data["refunds"]:
        tables["refund"][f"{body['seq']} {data['donor']} {one['earmark']}"] = {
            name: one[name] for name in ("usd", "overpaid_usd")
        }
    stated(tables, body, data, "refund")
    confirmed(tables, body, data)


def _stated(tables: Tables, body: Body, data: Body) -> None:
    stated(tables, body, data, ACTS[body["do"]])


def stated(tables: Tables, body: Body, data: Body, kind: str) -> None:
    """A line of the bank's statement, as the record has it."""
    said = {name: data[name] for name in ("value_date", "currency", "amount", "usd")}
    line = f"{data['bank_account']} {data['bank_reference']}"
    tables["bank_line"][line] = said | {"kind": kind, "seq": body["seq"]}


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "month.closed": _months,
    "closing.decided": _decided,
    "refund.paid": _refunded,
    "fund.closed": _closed,
    **dict.fromkeys(ACTS, _stated),
}

KEPT: dict[str, Select[Any]] = {
    "closed_month": select(ClosedMonth.month.label("reference"), ClosedMonth.seq),
    "fund_closing": select(
        FundClosing.id.label("reference"), FundClosing.document, as_kept(FundClosing.decided_on), FundClosing.seq
    ),
    "closed_fund": select(ClosedFund.id.label("reference"), as_kept(ClosedFund.day), ClosedFund.seq),
    "refund": select(
        (cast(Refund.seq, String) + " " + func.coalesce(Donor.reference, "") + " " + Refund.earmark).label("reference"),
        Refund.usd,
        Refund.overpaid_usd,
    ).outerjoin(Donor, Donor.id == Refund.donor_id),
    "bank_line": select(
        (BankLine.bank_account + " " + BankLine.bank_reference).label("reference"),
        BankLine.kind,
        as_kept(BankLine.value_date),
        BankLine.currency,
        BankLine.amount,
        BankLine.usd,
        BankLine.seq,
    ),
}


def late(session: Session) -> Iterator[str]:
    """A sentence for each entry that posts into what was closed before it: the guards would not have let it in."""
    month = func.substr(cast(Posting.day, String), 1, 7)
    into = (
        select(Posting.seq, month.label("month"))
        .join(ClosedMonth, (ClosedMonth.month >= month) & (ClosedMonth.seq < Posting.seq))
        .distinct()
        .order_by(Posting.seq, month)
    )
    for row in session.execute(into):
        yield f"the books: entry {row.seq} posts into {row.month}, which was closed before"
    for seq in session.scalars(
        select(Posting.seq).join(ClosedFund, ClosedFund.seq < Posting.seq).distinct().order_by(Posting.seq)
    ):
        yield f"the books: entry {seq} posts into the closed fund"
