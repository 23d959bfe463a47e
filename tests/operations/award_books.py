"""What the books say of an award, and what befalls one: it is cancelled or missed, a payment fails, a debt is paid.

Amna's journey: fare 1,050.00, four nights of 384.00, two trips of 63.00 and two of 38.00: cost 2,788.00, support cost
362.44, charge 3,150.44; her advance 1,738.00; her ticket 1,000.00.
"""

from datetime import date, datetime

from sqlalchemy import select

from tests import journeys as j
from tests import seats
from trustfund.extensions import db
from trustfund.models.record import Posting
from trustfund.operations import debts, payments, record, travel
from trustfund.operations.award_deeds import books

EARLY = date(2018, 2, 21)


def held(award: str) -> dict[str, str]:
    """What the books say of an award, in USD; what is nil is left out."""
    known = books(db.session(), j.award(award))
    sums = {name: sum(getattr(known, name).values()) for name in known.__dataclass_fields__}
    return {name: f"{j.usd(cents):,.2f}" for name, cents in sums.items() if cents}


def cash() -> str:
    db.session.rollback()
    cents = sum(db.session.scalars(select(Posting.usd).where(Posting.account == "cash:main")))
    return f"{j.usd(cents):,.2f}"


def cancelled(award: str, at: datetime = j.PAID, refund: str = "") -> None:
    j._do(travel.cancel, award, seats.who("Ines"), at, reason="Illness.", refund=refund)


def missed(award: str, refund: str = "") -> None:
    j._do(travel.record_no_show, award, seats.who("Ines"), j.FIRST_DAY, reason="Illness.", refund=refund)


def failed(award: str, kind: str, at: datetime) -> None:
    with seats.on(at):
        payments.fail(j.payment(award, kind).reference, reason="Unknown account.", by=seats.who("Salma"), at=at)


def recovered(award: str, amount: str, bank: str) -> None:
    more = {"amount": amount, "value_date": j.SETTLED.date(), "bank_reference": bank}
    j._do(debts.recover, award, seats.who("Salma"), j.SETTLED, **more)


def owes(award: str) -> str:
    """She came two days late: two nights of 384.00 less than was advanced."""
    j.settled(j.prepared(j.claimed(j.until(j.attended, award), arrived_on=EARLY)))
    return award


def sound() -> bool:
    return record.verify().faults == []
