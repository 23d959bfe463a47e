"""A fund at its end, by known people: Luxembourg, Norway and Fiji gave, journeys were made, and refunds are due."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from tests import builders as b
from tests import seats
from trustfund.core.ledger import credit, debit, entry
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.operations import closing, proposals, treasury
from trustfund.operations.operation import Fact, writing

AFTER = datetime(2019, 1, 15, 9, tzinfo=UTC)
DECIDED = date(2018, 12, 12)
LINE = {"bank_account": "main", "value_date": "2019-01-14"}


def officers() -> None:
    """Lise approves, Rafael certifies, Salma pays; Miriam heads the fund."""
    for name, function in (("Lise Moreau", "approving"), ("Rafael Haldane", "certifying"), ("Salma Idrissi", "paying")):
        b.officer(name, function)


def fund() -> None:
    """Luxembourg gave 56,320.00, Norway 40,000.00 for LDCs, Fiji 100.00 and 30.00 too much; 33,900.00 were used."""
    b.rate("EUR", "0.8877841", "2017-05-31")
    for name, country, amount, currency, earmark, paid in (
        ("Luxembourg", "LUX", "50000.00", "EUR", "", "50000.00"),
        ("Norway", "NOR", "40000.00", "USD", "category:LDC", "40000.00"),
        ("Fiji", "FJI", "100.00", "USD", "", "130.00"),
    ):
        donor = b.account("donor", name, donor=b.donor(name, country=country))
        pledge = b.pledge(donor, amount, currency, earmark)
        b.agreement(pledge, seats.who("Salma"), amount, day=date(2017, 6, 1))
        b.deposit(pledge, seats.who("Salma"), paid, day=date(2017, 6, 12), bank=f"{country}-1")
    treasury.record_interest("main", amount="12.34", value_date=date(2018, 3, 30), bank_reference="I-1", **by("Salma"))
    treasury.record_charge("main", amount="2.00", value_date=date(2018, 3, 30), bank_reference="C-1", **by("Salma"))
    used("", 2_000_000, 260_000), used("category:LDC", 1_000_000, 130_000)


def by(name: str) -> dict[str, object]:
    return {"by": seats.who(name), "at": AFTER}


def used(earmark: str, travel: int, support: int, source: str = "cash:main") -> None:
    """Journeys of the summer of 2018: travel paid, support cost not yet."""
    day = date(2018, 7, 20)
    post = entry(
        debit("travel", "USD", travel, travel, day, earmark),
        credit(source, "USD", travel, travel, day, earmark),
        debit("support-cost", "USD", support, support, day, earmark),
        credit("support-cost-payable", "USD", support, support, day, earmark),
    )
    with writing(by=SYSTEM, at=AFTER) as op:
        op.append("settlement.approved", Fact(on="A-22222222", post=post))


def propose(action: str, subject: str = "fund", name: str = "Lise", **content: object) -> str:
    return proposals.propose(action, subject=subject, content=content, reason="It is time.", **by(name)).on


def by_two(action: str, subject: str = "fund", name: str = "Lise", second: str = "Miriam", **content: object) -> int:
    return proposals.confirm(propose(action, subject, name, **content), **by(second)).seq


def decided(**content: object) -> int:
    return by_two("closing.decided", **({"document": "A/RES/73/195", "decided_on": DECIDED.isoformat()} | content))


def support_cost_paid(amount: str = "3900.00", bank: str = "UN-1") -> None:
    treasury.pay_support_cost("main", amount=amount, value_date=date(2019, 1, 10), bank_reference=bank, **by("Salma"))


def months_closed(month: str = "2018-12") -> None:
    by_two("month.closed", f"month:{month}", second="Rafael")


def ready() -> None:
    decided(), support_cost_paid(), months_closed()


def donor(country: str) -> str:
    return db.session.scalars(select(closing.Donor.reference).where(closing.Donor.country == country)).one()


def refund(country: str, **line: object) -> int:
    return by_two("refund.paid", donor(country), second="Salma", **({"bank_reference": country} | LINE | line))


def due() -> dict[tuple[str, str], int]:
    db.session.rollback()
    return {(one.name, one.earmark): one.usd for one in closing.refunds_due(db.session())}


def failing() -> list[str]:
    db.session.rollback()
    return [str(check) for check in closing.checklist(db.session(), AFTER.date()) if not check.holds]
