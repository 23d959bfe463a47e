"""What the pages of a pledge say of its instalments and of the reminders of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from trustfund.core.instalments import Row, Standing
from trustfund.core.money import major
from trustfund.extensions import db
from trustfund.models.contributions import Instalment, Notice, Pledge
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.operations.instalments import standing_of
from trustfund.services import clock

NEWEST = 24
"""So many reminders are listed; all of them stand in the history."""


@dataclass(frozen=True)
class Due:
    """An instalment on a page. ``stage``: paid, late, today, part-paid, ahead or written-off; empty before it is
    agreed; ``days``: how many it is late."""

    instalment: Standing
    stage: str
    days: int


@dataclass(frozen=True)
class Reminders:
    """``sent``: the newest first; ``readers``: how many accounts the donor has; the days are those of the mandate."""

    sent: Sequence[Any]
    readers: int
    before: int
    after: int
    every: int


def due_of(pledge: Pledge) -> list[Due]:
    """Its instalments in their order, as they stand today."""
    return [Due(one, _stage(pledge, one), one.days_late(clock.today())) for one in standing_of(pledge)]


def instalments_typed(pledge: Pledge) -> list[Row]:
    """As a form shows them."""
    return [(row.due_on, f"{major(row.amount, pledge.currency)}") for row in pledge.instalments]


def reminders_of(pledge: Pledge) -> Reminders | None:
    """None before it is agreed: then nobody is reminded."""
    if not pledge.agreed:
        return None
    sent = db.session.execute(
        select(Notice.at, Notice.kind, Notice.recipients, Notice.seq, Instalment.number, Instalment.due_on)
        .join(Instalment, Instalment.id == Notice.instalment_id)
        .where(Instalment.pledge_id == pledge.id)
        .order_by(Notice.id.desc())
        .limit(NEWEST)
    ).all()
    accounts = select(func.count()).where(Account.donor_id == pledge.donor_id, Account.ended_at.is_(None))
    setting = mandate_on(db.session(), clock.today()).setting
    return Reminders(
        sent,
        db.session.scalar(accounts) or 0,
        setting("days_from_reminder_to_instalment"),
        setting("days_from_instalment_to_reminder"),
        setting("days_between_instalment_reminders"),
    )


def _stage(pledge: Pledge, one: Standing) -> str:
    if not pledge.agreed:
        return ""
    if not one.owed:
        return "paid"
    if pledge.state == "written-off":
        return "written-off"
    if one.day <= clock.today():
        return "late" if one.day < clock.today() else "today"
    return "part-paid" if one.paid else "ahead"
