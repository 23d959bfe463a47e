"""A year of a donor: its deposits by value date, and how each of its contributions stands at the end. Read only.

Of a contribution in its own currency: agreed = received + written off + outstanding; in USD too, after adding the
exchange difference. What the year did with it (``share``) is shared out in USD; ``in_own`` says it in the
contribution's currency. Over all donors it adds up to the fund's books.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from trustfund.core.attribution import Share
from trustfund.core.ledger import UNPAID
from trustfund.core.own_currency import OwnYear, own_years
from trustfund.models.closings import ClosedMonth
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.record import Event, Posting
from trustfund.operations import results

AGREED, OWED, DIFFERENCE = "voluntary-contributions", "contributions-receivable", "exchange-difference"
_YEAR = cast(extract("year", Posting.day), Integer)


@dataclass(frozen=True)
class Amounts:
    """How much of a contribution, in minor units of its currency and in cents of USD, until the end of the year."""

    agreed: int
    received: int
    written_off: int
    outstanding: int


@dataclass(frozen=True)
class YearOf:
    """One contribution at the end of a year, and what the year did with it."""

    pledge: str
    donor: str
    document: str
    agreed_on: date
    currency: str
    earmark: str
    own: Amounts
    usd: Amounts
    difference: int  # cents, of what was received against what was agreed
    share: Share
    in_own: OwnYear


def contributions(session: Session, year: int, donor: str = "") -> list[YearOf]:
    """Of a donor, or of all: every contribution agreed by the end of the year, in the order of the pledges."""
    shared = results.every_year(session, date.max, until=year)
    moved = _moved(session, date(year, 12, 31), donor)
    known = select(
        Pledge.reference,
        Donor.reference.label("donor"),
        Pledge.document,
        Pledge.agreed_on,
        Pledge.currency,
        Pledge.earmark,
    ).join(Donor)
    if donor:
        known = known.where(Donor.reference == donor)
    return [
        _year_of(p, moved[p.reference], {one.year: _share(one, p.reference) for one in shared})
        for p in session.execute(known.order_by(Pledge.id))
        if p.reference in moved
    ]


def _share(year: results.Year, pledge: str) -> Share:
    return year.results[pledge].share if pledge in year.results else Share()


def years(session: Session, donor: str, today: date) -> list[int]:
    """The years of a donor, latest first: from its first agreement or deposit to this one."""
    came = select(func.min(Deposit.value_date)).join(Donor).where(Donor.reference == donor)
    first = [day for day in (first_agreed(session, donor), session.scalar(came)) if day]
    return list(range(today.year, min(first).year - 1, -1)) if first else []


def first_agreed(session: Session, donor: str) -> date | None:
    """The day from which there is something to state of a donor."""
    booked = func.coalesce(Pledge.condition_met_on, Pledge.agreed_on)
    return session.scalar(select(func.min(booked)).join(Donor).where(Donor.reference == donor, Pledge.agreed > 0))


def final_since(session: Session, year: int) -> int | None:
    """The entry that closed the December of a year; until then its figures are not final."""
    return session.scalar(select(ClosedMonth.seq).where(ClosedMonth.month == f"{year}-12"))


def deposits(session: Session, donor: str, year: int) -> list[tuple[Deposit, str]]:
    """The deposits of a donor in a year by value date, each with the hash of its entry."""
    found = (
        select(Deposit, Event.hash)
        .join(Donor, Donor.id == Deposit.donor_id)
        .join(Event, Event.seq == Deposit.seq)
        .where(Donor.reference == donor, extract("year", Deposit.value_date) == year)
        .order_by(Deposit.value_date, Deposit.id)
    )
    return [(row[0], row[1]) for row in session.execute(found).unique()]


Moved = Mapping[str, tuple[int, int]]
"""Account -> minor units and cents, debits less credits."""


def _moved(session: Session, last: date, donor: str) -> dict[str, dict[int, Moved]]:
    """Pledge -> year -> what moved for it, of all days until the last."""
    found = (
        select(Event.subject, _YEAR, Posting.account, func.sum(Posting.amount), func.sum(Posting.usd))
        .join(Event, Event.seq == Posting.seq)
        .join(Pledge, Pledge.reference == Event.subject)
        .where(Posting.account.in_((AGREED, OWED, DIFFERENCE, UNPAID)), Posting.day <= last)
        .group_by(Event.subject, _YEAR, Posting.account)
    )
    if donor:
        found = found.join(Donor, Donor.id == Pledge.donor_id).where(Donor.reference == donor)
    moved: dict[str, dict[int, dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for subject, year, account, amount, usd in session.execute(found):
        moved[subject][year][account] = int(amount), int(usd)
    return {subject: dict(by_year) for subject, by_year in moved.items()}


def _year_of(p: Any, moved: Mapping[int, Moved], shares: Mapping[int, Share]) -> YearOf:
    """``shares``: of every year, the last of which is asked for."""
    own, usd, difference = _amounts(moved.values())
    came = [_amounts([moved.get(year, {})]) for year in shares]
    in_own = own_years([(o.received, u.received) for o, u, _ in came], [share.unspent for share in shares.values()])
    return YearOf(
        pledge=p.reference,
        donor=p.donor,
        document=p.document,
        agreed_on=p.agreed_on,
        currency=p.currency,
        earmark=p.earmark,
        own=own,
        usd=usd,
        difference=difference,
        share=[*shares.values()][-1],
        in_own=in_own[-1],
    )


def _amounts(moved: Iterable[Moved]) -> tuple[Amounts, Amounts, int]:
    """In its own currency, in USD, and the exchange difference that the second has besides."""
    sums: dict[str, list[int]] = {account: [0, 0] for account in (AGREED, OWED, UNPAID, DIFFERENCE)}
    for one in moved:
        for account, both in one.items():
            sums[account] = [had + came for had, came in zip(sums[account], both, strict=True)]
    difference = -sums[DIFFERENCE][1]
    own, usd = (
        Amounts(-sums[AGREED][n], -sums[AGREED][n] - sums[OWED][n] - sums[UNPAID][n], sums[UNPAID][n], sums[OWED][n])
        for n in (0, 1)
    )
    return own, replace(usd, received=usd.received + difference), difference
