"""What each contribution did, year by year, as the books and the journeys say; read only, in a fixed number of queries.

``core/attribution`` shares the money out, ``core/delegate_days`` the delegates and their days. A year is a function of
the record up to the entry that closed its December: no posting comes to it after that one, and a journey that was
confirmed later counts in the first year that was open then. Until that entry its figures are not final.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from trustfund.core.attribution import NOBODY, Attribution, Books, Gift, Share, attributed
from trustfund.core.delegate_days import Seats, seats
from trustfund.core.ledger import CAME_IN, DEPOSIT_FEES, REFUNDS, SPENT, UNPAID
from trustfund.models.closings import ClosedMonth, Refund
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.record import Event, Posting
from trustfund.operations.journeys_made import Made, journeys_made

_BY_PLEDGE = ("voluntary-contributions", "contributions-receivable", UNPAID, "exchange-difference", DEPOSIT_FEES)
_SPENDING = {
    "travel": "travel",
    "support": "support-cost",
    "activities": "preparatory-activities",
    "written_off": "write-offs",
}
assert set(_SPENDING.values()) == set(SPENT), "whatever is spent is shared out"


@dataclass(frozen=True)
class Result:
    """What one contribution did in a year. ``share``: cents of USD; ``seats``: meeting -> tenths of delegates and of
    their days, in the order of the meetings. Its pledge is NOBODY for what no contribution bears."""

    pledge: str
    donor: str
    earmark: str
    share: Share
    seats: Mapping[str, Seats]


@dataclass(frozen=True)
class Year:
    """All contributions of a year. ``final_since``: the entry that closed its December, None until then; ``books``:
    what the fund's own books say, to which the results add up; ``made``: the journeys that were shared out."""

    year: int
    final_since: int | None
    books: Books
    made: tuple[Made, ...]
    results: Mapping[str, Result]

    def of_donor(self, reference: str) -> list[Result]:
        return [one for one in self.results.values() if one.donor == reference]


def of_year(session: Session, year: int, last: date = date.max) -> Year:
    """What each contribution did in a year, by the reference of its pledge; one that did not move and holds nothing is
    left out. ``last``: the last day that counts, of value dates and of entries; all that is recorded unless told.

    Of each result ``share`` says in cents of USD: ``opening``, what was unspent before; ``received`` (applied to
    agreements, at the value of its day), of which ``difference`` against the agreement; ``fees`` on its deposits;
    ``interest``, ``exchange`` and ``charges``, its part of the fund's (charges below nothing); ``spent``, the sum of
    ``travel``, ``support``, ``activities`` and ``written_off``; ``refunded`` and ``evened`` (see Share); ``unspent``,
    what is left at the end: opening + received − fees + interest + exchange + charges − spent − refunded + evened.
    Each of them adds up over all results to the fund's books, and ``unspent`` to what came in less what was spent.
    """
    return every_year(session, last, until=year)[-1]


def every_year(session: Session, last: date, *, until: int | None = None, known: date | None = None) -> list[Year]:
    """All years from the first in which anything was booked, to that of the last day, or ``until``. Unless it is told,
    none that no entry has reached. ``known``: the last day of entries that count, where later than of value dates."""
    until = min(last.year, _reached(session)) if until is None else until
    closed = _final(session, last)
    gifts = {r: Gift(donor, earmark) for r, donor, earmark in session.execute(_GIFTS)}
    books = _books(session, last)
    first = min((*(year for year in books if year <= until), until))
    of = {year: books.get(year, Books()) for year in range(first, until + 1)}
    shared, made = attributed(gifts, of), journeys_made(session, last, known or last, closed)
    return [_year(year, closed, of[year], shared[year], made.get(year, []), gifts) for year in of]


def _year(
    year: int,
    closed: Mapping[int, int],
    books: Books,
    shared: Attribution,
    made: list[Made],
    gifts: Mapping[str, Gift],
) -> Year:
    there = seats([one.journey for one in made], shared.bearers)
    nobody = Gift("", "")
    results = {
        who: Result(who, gift.donor, gift.earmark, shared.shares.get(who, Share()), there.get(who, {}))
        for who, gift in [*gifts.items(), (NOBODY, nobody)]
        if who in shared.shares or who in there
    }
    return Year(year, closed.get(year), books, tuple(made), results)


def years(session: Session) -> list[int]:
    """From the first in which anything was booked to that of the last entry."""
    last, first = _reached(session), session.scalar(select(func.min(Posting.day)))
    return list(range(min(first.year if first else last, last), last + 1))


def _reached(session: Session) -> int:
    """The year of the last entry."""
    last = session.scalar(select(Event.at).order_by(Event.seq.desc()).limit(1))
    return int(last[:4]) if last else date.min.year


def _final(session: Session, last: date) -> dict[int, int]:
    """Year -> the entry that closed its December, of the years that were over by the last day."""
    rows = session.execute(select(ClosedMonth.month, ClosedMonth.seq).where(ClosedMonth.month.endswith("-12")))
    return {int(month[:4]): seq for month, seq in rows if date(int(month[:4]), 12, 31) <= last}


def _books(session: Session, last: date) -> dict[int, Books]:
    """Year -> what the books say: by pledge, by earmark, by donor."""
    given = _by_pledge(session, last)
    refunded = _refunds(session, last)
    sums: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for year, account, earmark, cents in session.execute(
        select(_YEAR, Posting.account, Posting.earmark, func.sum(Posting.usd))
        .where(Posting.account.in_((*CAME_IN, *SPENT)), Posting.day <= last)
        .group_by(_YEAR, Posting.account, Posting.earmark)
        .order_by(_YEAR, Posting.account, Posting.earmark)
    ):
        sums[year][account][earmark] += int(cents)
    return {year: _of_year(by_account, given[year], refunded.get(year, {})) for year, by_account in sums.items()}


@dataclass
class _Given:
    """What the entries of pledges moved in a year: pledge -> cents, and earmark -> cents of all together."""

    received: dict[str, int]
    difference: dict[str, int]
    fees: dict[str, int]
    by_earmark: dict[str, int]


def _of_year(by_account: Mapping[str, Mapping[str, int]], given: _Given, refunded: dict[tuple[str, str], int]) -> Books:
    """Exchange differences are what came in and no pledge, no interest, charge or refund explains."""
    came_in: dict[str, int] = defaultdict(int)
    for account in CAME_IN:
        for earmark, cents in by_account.get(account, {}).items():
            came_in[earmark] -= cents
    interest = _negated(by_account.get("interest", {}))
    charges = _negated(by_account.get("bank-charges", {}))
    for (_, earmark), cents in refunded.items():
        came_in[earmark] += cents
    exchange = {
        earmark: cents - given.by_earmark.get(earmark, 0) - interest.get(earmark, 0) - charges.get(earmark, 0)
        for earmark, cents in came_in.items()
    }
    return Books(
        {who: cents for who, cents in given.received.items() if cents},
        {who: cents for who, cents in given.difference.items() if cents},
        {who: cents for who, cents in given.fees.items() if cents},
        {"interest": interest, "exchange": {e: cents for e, cents in exchange.items() if cents}, "charges": charges},
        {kind: dict(by_account.get(account, {})) for kind, account in _SPENDING.items()},
        refunded,
    )


def _by_pledge(session: Session, last: date) -> dict[int, _Given]:
    given: dict[int, _Given] = defaultdict(lambda: _Given({}, {}, {}, {}))
    for year, pledge, account, earmark, cents in session.execute(
        select(_YEAR, Event.subject, Posting.account, Posting.earmark, func.sum(Posting.usd))
        .join(Event, Event.seq == Posting.seq)
        .join(Pledge, Pledge.reference == Event.subject)
        .where(Posting.account.in_(_BY_PLEDGE), Posting.day <= last)
        .group_by(_YEAR, Event.subject, Posting.account, Posting.earmark)
        .order_by(_YEAR, Event.subject, Posting.account, Posting.earmark)
    ):
        one, came_in = given[year], -int(cents)
        if account == DEPOSIT_FEES:
            one.fees[pledge] = one.fees.get(pledge, 0) - came_in
        else:
            one.received[pledge] = one.received.get(pledge, 0) + came_in
        if account == "exchange-difference":
            one.difference[pledge] = one.difference.get(pledge, 0) + came_in
        one.by_earmark[earmark] = one.by_earmark.get(earmark, 0) + came_in
    return given


def _refunds(session: Session, last: date) -> dict[int, dict[tuple[str, str], int]]:
    """Year -> donor and earmark -> what went back of what came in."""
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for year, donor, earmark, cents in session.execute(
        select(_YEAR, Donor.reference, Refund.earmark, func.sum(Posting.usd))
        .join(Refund, (Refund.seq == Posting.seq) & (Refund.earmark == Posting.earmark))
        .join(Donor, Donor.id == Refund.donor_id)
        .where(Posting.account == REFUNDS, Posting.day <= last)
        .group_by(_YEAR, Donor.reference, Refund.earmark)
        .order_by(_YEAR, Donor.reference, Refund.earmark)
    ):
        found[year][donor, earmark] = int(cents)
    return found


def _negated(parts: Mapping[str, int]) -> dict[str, int]:
    return {earmark: -cents for earmark, cents in parts.items()}


_YEAR = cast(extract("year", Posting.day), Integer)
_GIFTS = (
    select(Pledge.reference, Donor.reference, Pledge.earmark)
    .join(Donor, Donor.id == Pledge.donor_id)
    .where(Pledge.agreed_on.is_not(None))
    .order_by(Pledge.id)
)
