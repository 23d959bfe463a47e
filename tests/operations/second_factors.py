"""How Salma sets a second factor, signs in with it and removes it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.people import SignInFailure
from trustfund.operations import people, second_factor
from trustfund.operations.second_factor import CodeNeeded

HERE = "192.0.2.1"
NOON = datetime(2026, 3, 2, 12, 0, 10, tzinfo=UTC)  # the server's clock: the fund's stands at 24 January 2018
STEP = timedelta(seconds=30)


def put_in_force(account, code, key=None):
    return second_factor.put_in_force(code, by=account.reference, at=b.AT, key=key)


def signs_in(code="", password=b.PASSWORD, ticket=""):
    return people.sign_in("salma@example.org", password, HERE, code, ticket)[1]


def ticket_of(**typed) -> str:
    with pytest.raises(CodeNeeded) as needed:
        signs_in(**typed)
    return needed.value.ticket


def counted() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(SignInFailure.counted.startswith("account:")))


def wrong(telephone, now) -> str:
    """A code that is not good now."""
    return f"{(int(telephone.at(now)) + 1) % 1_000_000:06}"
