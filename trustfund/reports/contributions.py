"""Where each pledge stands as at a day: read from the books by value date, for every report about contributions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from trustfund.core.money import major
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.record import Event, Posting
from trustfund.reports.snapshot import Snapshot


@dataclass(frozen=True)
class Standing:
    """One pledge: amounts in its own currency, and in USD at the rates of their days."""

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
    outstanding_usd: Decimal
    expected_on: date | None
    stage: str

    def days_past_due(self, as_at: date) -> int | None:
        """Days since an agreed and unpaid contribution was expected; None where nothing is late."""
        if self.expected_on is None or self.outstanding_usd <= 0 or self.expected_on >= as_at:
            return None
        return (as_at - self.expected_on).days


def standings(snapshot: Snapshot) -> list[Standing]:
    """Every pledge announced by the as-at day, by donor; individuals by reference only."""
    moved = _movements(snapshot)
    pledges = snapshot.session.execute(
        select(Pledge.reference, Donor.name, Donor.type, Donor.country, Donor.reference.label("donor"), Pledge.document,
               Pledge.earmark, Pledge.currency, Pledge.announced_on, Pledge.amount, Pledge.expected_on)
        .join(Donor).where(Pledge.announced_on <= snapshot.as_at).order_by(Pledge.id))
    return [_standing(p, moved.get(p.reference, {})) for p in sorted(pledges, key=lambda p: p.name.casefold())
            if p.reference in moved or not snapshot.from_day or p.announced_on >= snapshot.from_day]


def balance(snapshot: Snapshot, *accounts: str) -> Decimal:
    """Debits less credits of accounts (a name, or a name and its parts) in USD, for the days asked for."""
    total = Decimal("0.00")
    for account in accounts:
        matches = (Posting.account == account) | Posting.account.startswith(f"{account}:")
        cents = snapshot.session.scalar(
            select(func.coalesce(func.sum(Posting.usd), 0)).where(matches, snapshot.days(Posting.day)))
        total += major(int(cents or 0), "USD")
    return total


def _movements(snapshot: Snapshot) -> dict[str, dict[str, tuple[int, int]]]:
    """Pledge -> account -> (minor units of its currency, cents), over the days asked for."""
    rows = snapshot.session.execute(
        select(Event.subject, Posting.account, func.sum(Posting.amount), func.sum(Posting.usd))
        .join(Event, Event.seq == Posting.seq)
        .where(Event.action.in_(("agreement.recorded", "deposit.recorded")), snapshot.days(Posting.day),
               Posting.account.in_(("voluntary-contributions", "contributions-receivable", "exchange-difference")))
        .group_by(Event.subject, Posting.account))
    moved: dict[str, dict[str, tuple[int, int]]] = {}
    for subject, account, amount, usd in rows:
        moved.setdefault(subject, {})[account] = int(amount), int(usd)
    return moved


def _standing(p, moved: dict[str, tuple[int, int]]) -> Standing:  # type: ignore[no-untyped-def]
    agreed, agreed_usd = (-n for n in moved.get("voluntary-contributions", (0, 0)))
    owed, owed_usd = moved.get("contributions-receivable", (0, 0))
    difference = -moved.get("exchange-difference", (0, 0))[1]
    received = agreed - owed
    stage = "announced" if not agreed else "agreed" if not received else "part-paid" if owed > 0 else "fully-paid"
    return Standing(
        donor=f"{p.donor}" if p.type == "individual" else p.name, donor_type=p.type, country=p.country,
        document=p.document, earmark=p.earmark, currency=p.currency, announced_on=p.announced_on,
        announced=major(p.amount, p.currency), agreed=major(agreed, p.currency), received=major(received, p.currency),
        agreed_usd=major(agreed_usd, "USD"), received_usd=major(agreed_usd - owed_usd + difference, "USD"),
        difference_usd=major(difference, "USD"), outstanding_usd=major(owed_usd, "USD"), expected_on=p.expected_on,
        stage=stage)
