"""Preparatory activities by known people: Ines proposes, Lise and Tomas approve, Salma pays, Rafael closes.

It is after the last meeting: no journey needs the money any more.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import journeys as j
from tests import seats
from trustfund.core.mandate import load
from trustfund.core.surplus import Facts
from trustfund.extensions import db
from trustfund.models.activities import Activity
from trustfund.operations import activities
from trustfund.operations import fund as mandates
from trustfund.operations.award_deeds import books_of_subject
from trustfund.operations.operation import Done

AFTER = datetime(2019, 1, 15, 9, tzinfo=UTC)
TERMS = {"text": "A report of what the stocktaking found.", "document": "A/RES/72/244", "amount": "10000.00"}
RICH = "9000000.00"
TEXT = mandates.shipped_mandate("a-res-71-280")
CHANGED = TEXT.replace("late_until = { value = 21", "late_until = { value = 14")


def fund(usd: str = "50000.00") -> None:
    """50,000 dollars in the bank and nothing spent: 43,478.26 are spendable."""
    j.fund(usd)


def proposed(title: str = "Report of the stocktaking", by: str = "Ines", at: datetime = AFTER, **terms: str) -> str:
    with seats.on(at):
        return activities.propose(title, by=seats.who(by), at=at, **(TERMS | terms)).on


def _do(deed, reference: str, by: str, at: datetime, **more: object) -> Done:  # type: ignore[no-untyped-def]
    with seats.on(at):
        return deed(reference, seen=activity(reference).seq, by=seats.who(by), at=at, **more)  # type: ignore[no-any-return]


def agreed(reference: str, *names: str, at: datetime = AFTER) -> str:
    """Approved by each of these; by Lise and Tomas unless told."""
    for name in names or ("Lise", "Tomas"):
        _do(activities.approve, reference, name, at)
    return reference


def paid(
    reference: str,
    amount: str = "10000.00",
    bank: str = "PA-1",
    by: str = "Salma",
    day: date | None = None,
    account: str = "main",
) -> str:
    more = {"amount": amount, "value_date": day or AFTER.date(), "bank_reference": bank, "bank_account": account}
    _do(activities.pay, reference, by, AFTER, **more)
    return reference


def closed(reference: str, by: str = "Rafael") -> str:
    _do(activities.close, reference, by, AFTER)
    return reference


def cancelled(reference: str, by: str = "Rafael") -> str:
    _do(activities.cancel, reference, by, AFTER)
    return reference


def activity(reference: str) -> Activity:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Activity).where(Activity.reference == reference)).unique().one()


def refused(at: datetime = AFTER, **terms: str) -> list[str]:
    """The tests by which an activity is refused."""
    with pytest.raises(activities.NoSurplus) as caught:
        proposed(at=at, **terms)
    return [test.code for test in caught.value.tests]


def facts(at: datetime) -> Facts:
    db.session.rollback()
    with seats.on(at):
        return activities.facts_of(db.session(), at)


def amended(at: datetime, effective: date, text: str = CHANGED) -> None:
    """The mandate, by Rafael and Lise."""
    assert load(text).digest != load(TEXT).digest
    people = {"by": seats.who("Rafael"), "confirmed_by": seats.who("Lise")}
    with seats.on(at):
        mandates.amend_mandate(text, symbol="A/RES/72/244", effective=effective, at=at, **people)


def spendable() -> Decimal:
    return j.spendable(AFTER.date())


def committed(reference: str) -> int:
    return sum(books_of_subject(db.session(), reference).committed.values())
