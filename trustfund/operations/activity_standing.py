"""Where a preparatory activity stands: what can be done next, by whom, and why not by the one who looks."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties
from trustfund.core.roles import MAY, Role, may
from trustfund.core.surplus import Test
from trustfund.models.activities import Activity
from trustfund.models.people import Account
from trustfund.operations.activities import ACTED, FOLLOWS, NoSurplus, barred
from trustfund.operations.award_standing import NOT_YOURS, Offer

ACT_OF = {"activity.approved": "approve", "activity.spent": "pay"}
"""Deed -> the act by which one person is kept from two of them."""


def offered(
    session: Session, activity: Activity, account: Account, today: date, tests: Iterable[Test] = ()
) -> list[Offer]:
    """What can follow; in a fixed number of statements. ``tests``: of the surplus, where it waits for an approval."""
    officers = list(
        session.scalars(
            select(Account)
            .where(Account.role == Role.OFFICER, Account.ended_at.is_(None), Account.suspended_at.is_(None))
            .options(joinedload(Account.designations))
            .order_by(Account.name)
        ).unique()
    )
    failing = [test for test in tests if not test.holds]

    def why(action: str, one: Account) -> Refused | None:
        if not may(action, Role(one.role), one.functions_on(today)):
            return NotDesignated(NOT_YOURS)
        acts = action in ACT_OF and barred(activity.acts, one.id, ACT_OF[action])
        return SeparationOfDuties(ACTED) if acts else None

    found = []
    for action in _possible(activity):
        by = tuple(one for one in officers if MAY[action] & one.functions_on(today) and why(action, one) is None)
        reason = why(action, account)
        if reason is None and action == "activity.approved" and failing:
            reason = NoSurplus(failing)
        found.append(Offer(action, reason, by))
    return found


def _possible(activity: Activity) -> list[str]:
    """What is paid to the last cent is only closed; what was paid is not cancelled any more, what was not is."""
    spent = sum(one.usd for one in activity.payments)
    never = {
        "activity.spent": spent == activity.cost,
        "activity.closed": not spent,
        "activity.cancelled": bool(spent),
    }
    return [action for action, stages in FOLLOWS.items() if activity.stage in stages and not never.get(action)]
