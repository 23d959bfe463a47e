"""Months close, by two officers: what was earned and used in them is posted, and then they take no posting any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core import month_bookings
from trustfund.core.closing import (
    Accrual,
    Check,
    Held,
    Revaluation,
    following,
    is_revalued,
    last_day,
    month_named,
    month_of,
    months_from,
    revalued,
)
from trustfund.core.ledger import Kind, Posting, balances, kind
from trustfund.core.mandate import Mandate
from trustfund.core.money import major
from trustfund.core.refusal import Refused, sentence
from trustfund.models.closings import ClosedMonth
from trustfund.models.fund import mandate_on
from trustfund.models.record import Posting as PostingRow
from trustfund.operations import accruals
from trustfund.operations.bank_lines import rate_of
from trustfund.operations.operation import Fact, Operation
from trustfund.operations.proposals import by_two


@dataclass(frozen=True)
class MonthClosing:
    """What the closing of a month posts and what it found. ``checks``: told to both officers, they refuse nothing."""

    month: str
    accruals: tuple[Accrual, ...]
    revaluations: tuple[Revaluation, ...]
    post: tuple[Posting, ...]
    checks: tuple[Check, ...]


@by_two("month.closed")
def close_month(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """Close a month, and with it those before it that are still open, in their order. ``subject``: month:2018-01."""
    month = month_named(subject.removeprefix("month:"))
    made = closings_of(op.session(), month, op.today)
    for one in made:
        op.session.add(ClosedMonth(month=one.month, seq=op.next_seq))
    return Fact(
        on=f"month:{month}",
        after="closed",
        post=[posting for one in made for posting in one.post],
        data={"months": [_said(one) for one in made]},
    )


def closings_of(session: Session, month: str, today: date) -> list[MonthClosing]:
    """What closing a month would post, with every earlier month that is open: oldest first, nothing is changed."""
    if last_day(month) >= today:
        raise Refused("{month} is not over yet. Nothing has been changed.", month=month)
    opens = first_open_month(session)
    if opens is None or opens > month:
        raise Refused("{month} is closed already, or nothing was ever booked in it. Nothing has changed.", month=month)
    return [closing_of(session, one, today) for one in months_from(opens, month)]


def closing_of(session: Session, month: str, today: date) -> MonthClosing:
    """What closing this one month would post. Refused, naming currency and day, where a month-end rate is missing."""
    day, mandate = last_day(month), mandate_on(session, today)
    over, held = accruals.journeys_over(session, day), _held(session, day)
    made = tuple(one for one in over if one.made)
    revaluations = tuple(_revaluations(session, held, day, mandate))
    post = month_bookings.closed_month(month, made, revaluations)
    overdue = day - timedelta(days=mandate.setting("days_to_claim"))
    return MonthClosing(month, made, revaluations, post, tuple(_checks(held, post, over, overdue)))


def first_open_month(session: Session) -> str | None:
    """The first month that is not closed: the one after the last closed, or that of the first posting ever."""
    closed = session.scalar(select(func.max(ClosedMonth.month)))
    if closed:
        return following(closed)
    first = session.scalar(select(func.min(PostingRow.day)))
    return month_of(first) if first else None


def _held(session: Session, day: date) -> list[Held]:
    """Every balance at the end of a day, as the postings up to it have it."""
    rows = session.execute(
        select(
            PostingRow.account,
            PostingRow.currency,
            PostingRow.earmark,
            func.sum(PostingRow.amount),
            func.sum(PostingRow.usd),
        )
        .where(PostingRow.day <= day)
        .group_by(PostingRow.account, PostingRow.currency, PostingRow.earmark)
        .order_by(PostingRow.account, PostingRow.currency, PostingRow.earmark)
    )
    return [Held(account, currency, earmark, int(amount), int(usd)) for account, currency, earmark, amount, usd in rows]


def _revaluations(session: Session, held: Iterable[Held], day: date, mandate: Mandate) -> Iterable[Revaluation]:
    currency_of = {account.code: account.currency for account in mandate.bank_accounts}
    for one in held:
        if one.amount and is_revalued(one.account, one.currency, currency_of):
            yield revalued(one, rate_of(session, mandate, one.currency, day))


def _checks(held: list[Held], post: tuple[Posting, ...], over: list[Accrual], overdue: date) -> Iterable[Check]:
    by_account: dict[str, int] = {}
    for one in held:
        by_account[one.account] = by_account.get(one.account, 0) + one.usd
    off = sum(by_account.values())
    yield Check(
        off == 0 and balances(post),
        _SUMS if off == 0 else _NO_SUMS,
        {"amount": major(off, "USD")},
    )
    wrong = [account for account, cents in sorted(by_account.items()) if _wrong_side(account, cents)]
    yield Check(not wrong, _WRONG if wrong else _RIGHT, {"accounts": ", ".join(wrong)})
    unapplied = -by_account.get("unapplied-contributions", 0)
    yield Check(unapplied == 0, _UNAPPLIED if unapplied else _APPLIED, {"amount": major(unapplied, "USD")})
    late = [one for one in over if one.ended <= overdue]
    usd = major(sum(sum(one.parts.values()) for one in late), "USD")
    yield Check(not late, _OVERDUE if late else _IN_TIME, {"awards": len(late), "amount": usd, "day": overdue})


_SUMS = sentence("All entries of the books sum to zero.")
_NO_SUMS = sentence("The entries of the books do not sum to zero: they are off by {amount}.")
_RIGHT = sentence("No account stands on its wrong side.")
_WRONG = sentence("These accounts stand on their wrong side, and somebody has to explain it: {accounts}.")
_APPLIED = sentence("Every deposit is applied to an agreement.")
_UNAPPLIED = sentence("Deposits of {amount} are applied to no agreement.")
_IN_TIME = sentence("No claim of a journey that ended by {day} is unsettled.")
_OVERDUE = sentence("{awards} journeys that ended by {day} are not settled; {amount} is still committed for them.")


def _wrong_side(account: str, cents: int) -> bool:
    """Assets and commitments owe nothing, and nobody owes the fund what it owes."""
    if kind(account) is Kind.LIABILITY:
        return cents > 0
    return cents < 0 and (kind(account) is Kind.ASSET or account == "commitments")


def _said(one: MonthClosing) -> dict[str, object]:
    """What the record says of a closed month: the journeys accrued, and each rate that valued something."""
    return {
        "month": one.month,
        "accrued": [{"award": a.award, "travel": a.travel, "support": a.support} for a in one.accruals],
        "revalued": [
            {
                "account": r.held.account,
                "earmark": r.held.earmark,
                "currency": r.held.currency,
                "amount": r.held.amount,
                "usd": r.held.usd,
                "adjustment": r.adjustment,
                "per_usd": str(r.rate.per_usd),
                "rate_day": r.rate.day.isoformat(),
                "rate_source": r.rate.source,
            }
            for r in one.revaluations
        ],
    }
