"""Where each pledge stands at the end of the days asked for: read from the books by value date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from trustfund.core.ledger import UNPAID
from trustfund.core.money import major
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.record import Event, Posting
from trustfund.reports.snapshot import Snapshot

MOVES = ("agreement.recorded", "deposit.recorded", "deposit.attached", "contribution.written-off")
"""The entries of contributions; cash moves by many others too."""
Accounts = dict[str, tuple[int, int]]  # account -> debits less credits: minor units of its currency, cents
NIL = (0, 0)


@dataclass(frozen=True)
class Standing:
    """One pledge: amounts in its own currency, and in USD at the rates of their days.

    Agreed, received, difference and written off are of the days asked for; outstanding and stage as at their end.
    """

    donor: str
    donor_type: str
    country: str
    document: str
    earmark: str
    currency: str
    announced_on: date
    announced: Decimal
    agreed: Decimal
    received: Decimal
    agreed_usd: Decimal
    received_usd: Decimal
    difference_usd: Decimal
    written_off_usd: Decimal
    outstanding_usd: Decimal
    expected_on: date | None
    stage: str

    def concerns(self, first: date, last: date) -> bool:
        """Whether it was announced or moved in these days, or is owed at their end."""
        return first <= self.announced_on <= last or any(
            (self.agreed, self.received, self.written_off_usd, self.outstanding_usd)
        )

    def days_past_due(self, day: date) -> int | None:
        """Days since an agreed and unpaid contribution was expected; None where nothing is late."""
        if self.expected_on is None or self.outstanding_usd <= 0 or self.expected_on >= day:
            return None
        return (day - self.expected_on).days


def standings(snapshot: Snapshot) -> list[Standing]:
    """Every pledge known by the last day and not settled before the first, by donor; individuals by reference only."""
    ended = _movements(snapshot.from_the_start())
    moved = _movements(snapshot) if snapshot.from_day else ended
    withdrawn = {*snapshot.session.scalars(withdrawn_by(snapshot))}
    pledges = snapshot.session.execute(
        select(
            Pledge.reference,
            Donor.name,
            Donor.type,
            Donor.country,
            Donor.reference.label("donor"),
            Pledge.document,
            Pledge.earmark,
            Pledge.currency,
            Pledge.announced_on,
            Pledge.amount,
            Pledge.expected_on,
        )
        .join(Donor)
        .order_by(Pledge.id)
    )
    known = [
        _standing(p, moved.get(p.reference, {}), ended.get(p.reference, {}), p.reference in withdrawn)
        for p in pledges
        if p.reference in ended or p.announced_on <= snapshot.last_day
    ]
    first = snapshot.from_day
    return sorted(
        (s for s in known if not first or s.concerns(first, snapshot.last_day)), key=lambda s: s.donor.casefold()
    )


def withdrawn_by(snapshot: Snapshot) -> Select[tuple[str]]:
    """Pledges that were withdrawn by the last day: they stay in the register, and are counted nowhere."""
    return select(Event.subject).where(Event.action == "pledge.withdrawn", Event.at <= snapshot.last_instant)


def balance(snapshot: Snapshot, *accounts: str, by: tuple[str, ...] = (), parts: bool = True) -> Decimal:
    """Debits less credits of accounts (a name and, unless told, its parts) in USD, for the days asked for.

    ``by``: only what these entries posted; all of them where it is empty.
    """
    total = Decimal("0.00")
    for account in accounts:
        matches = Posting.account == account
        if parts:
            matches = matches | Posting.account.startswith(f"{account}:")
        found = select(func.coalesce(func.sum(Posting.usd), 0)).where(matches, snapshot.days(Posting.day))
        if by:
            found = found.join(Event, Event.seq == Posting.seq).where(Event.action.in_(by))
        cents = snapshot.session.scalar(found)
        total += major(int(cents or 0), "USD")
    return total


def _movements(snapshot: Snapshot) -> dict[str, Accounts]:
    """Pledge -> what moved for it, over the days asked for."""
    rows = snapshot.session.execute(
        select(Event.subject, Posting.account, func.sum(Posting.amount), func.sum(Posting.usd))
        .join(Event, Event.seq == Posting.seq)
        .where(
            Event.action.in_(MOVES),
            snapshot.days(Posting.day),
            Posting.account.in_(("voluntary-contributions", "contributions-receivable", "exchange-difference", UNPAID)),
        )
        .group_by(Event.subject, Posting.account)
    )
    moved: dict[str, Accounts] = {}
    for subject, account, amount, usd in rows:
        moved.setdefault(subject, {})[account] = int(amount), int(usd)
    return moved


def _standing(p: Any, moved: Accounts, ended: Accounts, withdrawn: bool) -> Standing:
    agreed, agreed_usd = (-n for n in moved.get("voluntary-contributions", NIL))
    owed, owed_usd = moved.get("contributions-receivable", NIL)
    unpaid, unpaid_usd = moved.get(UNPAID, NIL)
    difference = -moved.get("exchange-difference", NIL)[1]
    return Standing(
        donor=p.donor if p.type == "individual" else p.name,
        donor_type=p.type,
        country=p.country,
        document=p.document,
        earmark=p.earmark,
        currency=p.currency,
        announced_on=p.announced_on,
        announced=major(p.amount, p.currency),
        agreed=major(agreed, p.currency),
        received=major(agreed - owed - unpaid, p.currency),
        agreed_usd=major(agreed_usd, "USD"),
        received_usd=major(agreed_usd - owed_usd - unpaid_usd + difference, "USD"),
        difference_usd=major(difference, "USD"),
        written_off_usd=major(unpaid_usd, "USD"),
        outstanding_usd=major(ended.get("contributions-receivable", NIL)[1], "USD"),
        expected_on=p.expected_on,
        stage="withdrawn" if withdrawn else _stage(ended),
    )


def _stage(ended: Accounts) -> str:
    agreed, owed = -ended.get("voluntary-contributions", NIL)[0], ended.get("contributions-receivable", NIL)[0]
    if UNPAID in ended:
        return "written-off"
    return "announced" if not agreed else "agreed" if owed == agreed else "part-paid" if owed > 0 else "fully-paid"
