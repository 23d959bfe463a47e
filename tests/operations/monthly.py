"""How two officers close a month, and what the books then say."""

import json
from datetime import date

from sqlalchemy import func, select

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.record import Event, Posting
from trustfund.operations import proposals

MAY, JUNE = date(2017, 5, 31), date(2017, 6, 30)


def propose(by: str, month: str = "2017-06") -> str:
    return proposals.propose(
        "month.closed", subject=f"month:{month}", content={}, reason="The month is over.", by=by, at=b.AT
    ).on


def close(by: str, second: str, month: str = "2017-06") -> int:
    return proposals.confirm(propose(by, month), by=second, at=b.AT).seq


def data(seq: int) -> dict:
    return json.loads(db.session.scalars(select(Event.body).where(Event.seq == seq)).one())["data"]


def on(account: str, day: date) -> int:
    """Cents that an account, all its parts together, holds at the end of a day."""
    mine = (Posting.account == account) | Posting.account.startswith(f"{account}:")
    return int(db.session.scalar(select(func.sum(Posting.usd)).where(mine, Posting.day <= day)) or 0)


def agreed_in_euros(salma: str) -> str:
    """EUR 50,000 agreed on 2 May 2017 at USD 54,171; at the end of that month they are worth USD 56,320."""
    paid = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()), "50000.00", "EUR")
    b.rate("EUR", "0.923003", "2017-04-28")
    b.rate("EUR", "0.8877841", "2017-05-31")
    b.agreement(paid, salma)
    return paid
