"""What an amount in another currency is worth in US dollars today: indicative, for nothing is booked at it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.core.money import amount_of, in_usd, major
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.models.fund import mandate_on
from trustfund.operations.bank_lines import rate_of
from trustfund.services import clock


@dataclass(frozen=True)
class Equivalent:
    """In US dollars, at the fund's rate of today, which is that of ``day``."""

    usd: Decimal
    day: date


def equivalent_of(amount: Decimal, currency: str) -> Equivalent | None:
    """None for dollars, and where the fund has no rate of these days."""
    if currency == "USD":
        return None
    today = clock.today()
    try:
        rate = rate_of(db.session(), mandate_on(db.session(), today), currency, today)
    except Refused:
        return None
    return Equivalent(in_usd(amount, rate), rate.day)


def of_pledge(pledge: Pledge) -> Equivalent | None:
    """Of what is not booked yet: what is agreed has its own rate."""
    return None if pledge.agreed else equivalent_of(major(pledge.amount, pledge.currency), pledge.currency)


def of_typed(text: str, currency: str) -> Equivalent | None:
    """Of an amount that was typed; of one that is none, nothing."""
    try:
        return equivalent_of(amount_of(text, currency), currency)
    except Refused:
        return None
