"""Where each pledge stands at the end of the days asked for: read from the books by value date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from trustfund.core.instalments import Part
from trustfund.core.ledger import UNPAID
from trustfund.core.money import Rate, in_usd, major, minor, rate_on, share
from trustfund.core.refusal import Refused
from trustfund.models.contributions import Donor, Instalment, Pledge
from trustfund.models.fund import RateRow
from trustfund.models.record import Event, Posting
from trustfund.reports.ageing import by_age, still_owed
from trustfund.reports.snapshot import Snapshot

MOVES = (
    "agreement.recorded",
    "condition.met",
    "deposit.recorded",
    "deposit.attached",
    "overpayment.agreed",
    "contribution.written-off",
)
"""The entries by which a contribution is agreed, received and written off; cash moves by many others too."""
Accounts = dict[str, tuple[int, int]]  # account -> debits less credits: minor units of its currency, cents
NIL = (0, 0)


@dataclass(frozen=True)
class Standing:
    """One pledge: amounts in its own currency, and in USD at the rates of their days.

    Agreed, received, difference and written off are of the days asked for; pledged, outstanding, its ages and the stage
    as at their end. ``pledged_usd``: at the rate of the agreement, before it at that of the announcement and only
    indicative; None where there is no rate, or the pledge was withdrawn. ``known_on``: first told or agreed.
    ``giver``: the donor by reference.
    """

    donor: str
    donor_type: str
    country: str
    document: str
    earmark: str
    currency: str
    announced_on: date
    known_on: date
    announced: Decimal
    agreed: Decimal
    received: Decimal
    outstanding: Decimal
    pledged_usd: Decimal | None
    agreed_usd: Decimal
    received_usd: Decimal
    difference_usd: Decimal
    written_off_usd: Decimal
    outstanding_usd: Decimal
    due_on: date | None
    ages: tuple[Decimal, ...]
    stage: str
    giver: str
    unnamed: bool

    def concerns(self, first: date, last: date) -> bool:
        """Whether it was announced or moved in these days, or is owed at their end."""
        return first <= self.announced_on <= last or any(
            (self.agreed, self.received, self.written_off_usd, self.outstanding_usd)
        )

    def days_past_due(self, day: date) -> int | None:
        """Days since the first unpaid instalment was due; None where nothing is late."""
        return (day - self.due_on).days if self.due_on and self.due_on < day else None


def standings(snapshot: Snapshot) -> list[Standing]:
    """Every pledge known by the last day and not settled before the first, by donor; individuals by reference only."""
    day = snapshot.last_day
    ended = _movements(snapshot.from_the_start())
    moved = _movements(snapshot) if snapshot.from_day else ended
    withdrawn = {*snapshot.session.scalars(withdrawn_by(snapshot))}
    pledges = snapshot.session.execute(
        select(
            Pledge.id,
            Pledge.reference,
            Donor.name,
            Donor.type,
            Donor.country,
            (Donor.unnamed | Donor.accepted_seq.is_(None)).label("unnamed"),
            Donor.reference.label("donor"),
            Pledge.document,
            Pledge.earmark,
            Pledge.currency,
            Pledge.announced_on,
            Pledge.amount,
            Pledge.expected_on,
            Pledge.agreed_on,
            Pledge.condition,
            Pledge.condition_met_on,
        )
        .join(Donor)
        .order_by(Pledge.id)
    ).all()
    parts, rates = _instalments(snapshot), _rates(snapshot)
    known = [
        _standing(
            p,
            moved.get(p.reference, {}),
            _Ended(
                ended.get(p.reference, {}),
                p.reference in withdrawn,
                parts.get(p.id) or [Part(p.expected_on or p.agreed_on or p.announced_on, p.amount)],
                _indicative(snapshot, p, rates),
                day,
            ),
        )
        for p in pledges
        if p.reference in ended or p.announced_on <= day
    ]
    first = snapshot.from_day
    return sorted((s for s in known if not first or s.concerns(first, day)), key=lambda s: s.donor.casefold())


def withdrawn_by(snapshot: Snapshot) -> Select[tuple[str]]:
    """Pledges that were withdrawn by the last day: they stay in the register, and are counted nowhere."""
    return select(Event.subject).where(Event.action == "pledge.withdrawn", Event.at <= snapshot.last_instant)


def balance(
    snapshot: Snapshot, *accounts: str, by: tuple[str, ...] = (), but: tuple[str, ...] = (), parts: bool = True
) -> Decimal:
    """Debits less credits of accounts (a name and, unless told, its parts) in USD, for the days asked for.

    ``by``: only what these entries posted; all of them where it is empty. ``but``: not what these posted.
    """
    matches = Posting.account.in_(accounts)
    for account in accounts if parts else ():
        matches = matches | Posting.account.startswith(f"{account}:")
    found = select(func.coalesce(func.sum(Posting.usd), 0)).where(matches, snapshot.days(Posting.day))
    if by or but:
        found = found.join(Event, Event.seq == Posting.seq)
        found = found.where(Event.action.in_(by) if by else Event.action.not_in(but))
    return major(int(snapshot.session.scalar(found) or 0), "USD")


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


def _instalments(snapshot: Snapshot) -> dict[int, list[Part]]:
    """Pledge -> its instalments in their order."""
    found: dict[int, list[Part]] = {}
    for one in snapshot.session.execute(
        select(Instalment.pledge_id, Instalment.due_on, Instalment.amount).order_by(
            Instalment.pledge_id, Instalment.number
        )
    ):
        found.setdefault(one.pledge_id, []).append(Part(one.due_on, one.amount))
    return found


def _rates(snapshot: Snapshot) -> Sequence[Rate]:
    """The rates of the currencies in which something is pledged."""
    pledged = select(Pledge.currency).distinct()
    rows = snapshot.session.execute(
        select(RateRow.currency, RateRow.per_usd, RateRow.day, RateRow.source).where(RateRow.currency.in_(pledged))
    )
    return [Rate(row.currency, Decimal(row.per_usd), row.day, row.source) for row in rows]


def _indicative(snapshot: Snapshot, p: Any, rates: Sequence[Rate]) -> int | None:
    """Cents of USD of a pledge at the rate of the day on which it was announced; None where there is no such rate."""
    rule = snapshot.mandate.rates
    try:
        rate = rate_on(rates, p.currency, p.announced_on, source=rule.source, within_days=rule.max_age_days)
    except Refused:
        return None
    return minor(in_usd(major(p.amount, p.currency), rate), "USD")


@dataclass(frozen=True)
class _Ended:
    """How a pledge stands at the end of the days: what moved since it began, and what was known of it then."""

    accounts: Accounts
    withdrawn: bool
    parts: Sequence[Part]
    indicative: int | None
    day: date

    @property
    def agreed(self) -> tuple[int, int]:
        amount, usd = self.accounts.get("voluntary-contributions", NIL)
        return -amount, -usd

    @property
    def owed(self) -> tuple[int, int]:
        return self.accounts.get("contributions-receivable", NIL)

    def pledged(self, announced: int) -> int | None:
        """Cents of USD of what was announced, or agreed where that is more."""
        agreed, usd = self.agreed
        if self.withdrawn:
            return None
        return share(usd, max(announced, agreed), agreed) if agreed else self.indicative

    def stage(self, p: Any) -> str:
        agreed, owed = self.agreed[0], self.owed[0]
        if self.withdrawn or UNPAID in self.accounts:
            return "withdrawn" if self.withdrawn else "written-off"
        if not agreed:
            return "conditional" if p.condition and p.agreed_on and p.agreed_on <= self.day else "announced"
        return "agreed" if owed == agreed else "part-paid" if owed > 0 else "fully-paid"


def _standing(p: Any, moved: Accounts, ended: _Ended) -> Standing:
    agreed, agreed_usd = (-n for n in moved.get("voluntary-contributions", NIL))
    owed, owed_usd = moved.get("contributions-receivable", NIL)
    unpaid, unpaid_usd = moved.get(UNPAID, NIL)
    difference = -moved.get("exchange-difference", NIL)[1]
    left, left_usd = ended.owed
    pledged, late = ended.pledged(p.amount), still_owed(ended.parts, left)
    return Standing(
        donor=p.donor if p.type == "individual" else p.name,
        donor_type=p.type,
        country=p.country,
        document=p.document,
        earmark=p.earmark,
        currency=p.currency,
        announced_on=p.announced_on,
        known_on=min(p.announced_on, p.agreed_on or p.announced_on),
        announced=major(p.amount, p.currency),
        agreed=major(agreed, p.currency),
        received=major(agreed - owed - unpaid, p.currency),
        outstanding=major(left, p.currency),
        pledged_usd=None if pledged is None else major(pledged, "USD"),
        agreed_usd=major(agreed_usd, "USD"),
        received_usd=major(agreed_usd - owed_usd - unpaid_usd + difference, "USD"),
        difference_usd=major(difference, "USD"),
        written_off_usd=major(unpaid_usd, "USD"),
        outstanding_usd=major(left_usd, "USD"),
        due_on=late[0].day if late else None,
        ages=by_age(late, left_usd, ended.day),
        stage=ended.stage(p),
        giver=p.donor,
        unnamed=p.unnamed,
    )
