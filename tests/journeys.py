"""Seats and their journeys by known people: Ines screens, Rafael certifies, Lise and Tomas approve, Salma pays.

Each step is the product's own deed on its day; the seat is named by the reference that the selection published.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from tests import builders as b
from tests import seats
from trustfund.core.money import major
from trustfund.extensions import db
from trustfund.models.awards import Award, Payment
from trustfund.models.people import Account
from trustfund.models.record import Event, pots
from trustfund.operations import awards, bank, claims, journeys, offers, payments, settlements, travel
from trustfund.operations.operation import Done

OFFERED = datetime(2018, 1, 25, 10, tzinfo=UTC)
CERTIFIED = datetime(2018, 1, 26, 10, tzinfo=UTC)
APPROVED = datetime(2018, 1, 29, 10, tzinfo=UTC)
TICKETED = datetime(2018, 1, 30, 10, tzinfo=UTC)
PAID = datetime(2018, 2, 14, 10, tzinfo=UTC)
FIRST_DAY = datetime(2018, 2, 20, 15, tzinfo=UTC)
BACK = datetime(2018, 2, 27, 10, tzinfo=UTC)
SETTLED = datetime(2018, 3, 6, 10, tzinfo=UTC)
RESERVE = Decimal("0.15")
IBAN = "DE89370400440532013000"


def fund(usd: str = "50000.00", allotted: str = "40000.00") -> None:
    """The officers, money in the bank, an allotment for the first round."""
    seats.officers()
    with seats.on(seats.AUTUMN):
        b.officer("Tomas Example", "approving")
    seats.paid_in(usd)
    seats.allotted(allotted)


def seated(*people: tuple[str, str]) -> list[str]:
    """Delegates who apply and are proposed a seat by the kept run of the first round: their awards."""
    public = [seats.delegate(name, state) for name, state in people]
    seats.closed()
    seats.kept(seats.previewed())
    return [of_seat(one).reference for one in public]


def amna() -> str:
    """Amna of Sudan is proposed a seat at the first round, and the fund has 50,000 in the bank."""
    fund()
    return seated(("Amna Eltayeb", "SDN"))[0]


def of_seat(public: str) -> Award:
    db.session.rollback()
    return db.session.scalars(select(Award).where(Award.seat == public)).unique().one()


def award(reference: str) -> Award:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Award).where(Award.reference == reference)).unique().one()


def delegate_of(reference: str) -> str:
    account = award(reference).application.account
    assert account is not None
    return account.reference


def _last_day() -> date:
    """Of the record: where another award has come further, this one goes on from there."""
    db.session.rollback()
    return date.fromisoformat(str(db.session.scalar(select(func.max(Event.at))))[:10])


def _do(deed, reference: str, by: str, at: datetime, **more: object) -> Done:  # type: ignore[no-untyped-def]
    with seats.on(at):
        return deed(reference, seen=award(reference).seq, by=by, at=at, **more)  # type: ignore[no-any-return]


def accepted(reference: str, at: datetime = OFFERED, method: str = "cash") -> str:
    _do(offers.accept, reference, delegate_of(reference), at, method=method)
    return reference


def with_bank(reference: str, at: datetime = OFFERED, by: str = "", account: str = IBAN) -> str:
    _do(
        bank.enter,
        reference,
        by or delegate_of(reference),
        at,
        holder="A. Delegate",
        account=account,
        bic="COBADEFF",
        currency="USD",
    )
    return reference


def quoted(reference: str, amount: str, at: datetime = OFFERED, choose: bool = False) -> str:
    _do(
        journeys.record_quote,
        reference,
        seats.who("Ines"),
        at,
        route="home – New York – home",
        source="Agent 1",
        amount=amount,
        day=at.date(),
        choose=choose,
    )
    return reference


def cost_seen(reference: str, at: datetime) -> str:
    with seats.on(at):
        return journeys.journey_of(db.session(), award(reference), at.date()).digest


def certified(reference: str, at: datetime = CERTIFIED, by: str = "Rafael", reason: str = "") -> str:
    _do(awards.certify, reference, seats.who(by), at, cost_seen=cost_seen(reference, at), reason=reason)
    return reference


def approved(reference: str, at: datetime = APPROVED, by: str = "Lise") -> str:
    _do(awards.approve, reference, seats.who(by), at)
    return reference


def authorized(reference: str, at: datetime = APPROVED, by: str = "Ines") -> str:
    _do(awards.authorize, reference, seats.who(by), at)
    return reference


def ticketed(reference: str, price: str = "1000.00", at: datetime = TICKETED, by: str = "Ines") -> str:
    day = max(at.date(), _last_day())
    _do(awards.issue_ticket, reference, seats.who(by), at, price=price, number=f"057-{reference}", day=day)
    return reference


def released(*kinds: tuple[str, str], method: str = "cash", at: datetime = PAID, by: str = "Salma") -> Done:
    """An order of payments: kind and award of each."""
    with seats.on(at):
        lines = "\n".join(f"{kind} {reference} {award(reference).seq}" for kind, reference in kinds)
        return payments.release(method, payments=lines, by=seats.who(by), at=at)


def advanced(reference: str, at: datetime = PAID, by: str = "Salma") -> str:
    released(("advance", reference), method=award(reference).method, at=at, by=by)
    return reference


def attended(reference: str, at: datetime = FIRST_DAY, by: str = "Ines") -> str:
    _do(travel.confirm_attendance, reference, seats.who(by), at)
    return reference


def claimed(reference: str, at: datetime = BACK, **more: object) -> str:
    days = {"arrived_on": date(2018, 2, 19), "left_on": date(2018, 2, 23)}
    _do(claims.submit, reference, delegate_of(reference), at, **{**days, **more})
    return reference


def prepared(reference: str, at: datetime = SETTLED, by: str = "Rafael", adjustments: str = "[]") -> str:
    _do(settlements.prepare, reference, seats.who(by), at, adjustments=adjustments)
    return reference


def settled(reference: str, at: datetime = SETTLED, by: str = "Lise") -> str:
    _do(settlements.approve, reference, seats.who(by), at)
    return reference


STEPS = (accepted, certified, approved, authorized, ticketed, advanced, attended, claimed, prepared, settled)


def until(last, reference: str) -> str:  # type: ignore[no-untyped-def]
    """Everything that leads to a step, and the step itself."""
    for step in STEPS[: STEPS.index(last) + 1]:
        step(reference)
    return reference


def payment(reference: str, kind: str) -> Payment:
    db.session.rollback()
    found = select(Payment).join(Award).where(Award.reference == reference, Payment.kind == kind)
    return db.session.scalars(found.order_by(Payment.id.desc())).unique().first()  # type: ignore[return-value]


def spendable(day: date) -> Decimal:
    db.session.rollback()
    return sum((pot.spendable for pot in pots(db.session(), RESERVE, day).values()), Decimal(0))


def usd(cents: int | None) -> Decimal:
    return major(cents or 0, "USD")


def colleague(name: str, function: str, state: str = "") -> str:
    """Another officer; ``state``: whose national the officer declares to be."""
    with seats.on(seats.AUTUMN):
        made = b.officer(f"{name} Example", function)
        if state:
            db.session.execute(db.update(Account).where(Account.reference == made).values(state=state))
            db.session.commit()
    return made
