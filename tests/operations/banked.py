"""What a bank says of June 2017, and what the fund then has of it."""

import json
from datetime import date

from sqlalchemy import select

from tests import builders as b
from tests.services.bank_files import line
from trustfund.extensions import db
from trustfund.models.record import Event, head_of
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations import record, treasury

JUNE = date(2017, 6, 12)
NORWAY, FIJI, CHARGE = (
    line("16000.00", bank_reference="NO-1", name="Royal Ministry of NORWAY", text="Pledge", value_date=JUNE),
    line("130.00", bank_reference="FJ-1", name="Fiji", text="gift", reference=""),
    line("-2.00", bank_reference="C-1", name="", text="charge", reference=""),
)


def events() -> int:
    db.session.rollback()
    return head_of(db.session())[0]


def lines() -> list[tuple[int, str]]:
    db.session.rollback()
    rows = select(StatementLine.amount, StatementLine.bank_reference).order_by(StatementLine.id)
    return [tuple(row) for row in db.session.execute(rows)]


def names() -> list[str]:
    """What the lines are called, in the order in which they came."""
    db.session.rollback()
    rows = select(BankStatement.reference, StatementLine.number).join_from(StatementLine, BankStatement)
    return [f"{statement} {number}" for statement, number in db.session.execute(rows.order_by(StatementLine.id))]


def last(action: str) -> dict:
    db.session.rollback()
    body = db.session.scalar(select(Event.body).where(Event.action == action).order_by(Event.seq.desc()).limit(1))
    return json.loads(body)


def charge(salma: str, amount: str = "2.00", bank: str = "C-1", day: date = JUNE) -> int:
    deed = treasury.record_charge
    return deed("main", amount=amount, value_date=day, bank_reference=bank, by=salma, at=b.AT).seq


def sound() -> bool:
    db.session.rollback()
    return record.verify(full=True).faults == []
