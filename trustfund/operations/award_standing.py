"""Where an award stands: what can be done next, by whom, and why not by the one who looks. Pages read nothing else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from trustfund.core import duties, lifecycle
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties, sentence
from trustfund.core.roles import MAY, Role, may
from trustfund.models.awards import Act, Award
from trustfund.models.people import Account
from trustfund.operations.award_deeds import OWN_STATE, of_own_state
from trustfund.operations.debts import owed
from trustfund.operations.meetings import Frame
from trustfund.operations.settlements import prepared

ACT_OF = {
    "bank.entered": "bank",
    "award.certified": "certify",
    "award.approved": "approve",
    "ticket.paid": "pay",
    "advance.paid": "pay",
    "balance.paid": "pay",
    "payment.failed": "pay",
    "attendance.confirmed": "attend",
    "award.missed": "attend",
    "settlement.prepared": "prepare",
    "settlement.approved": "settle",
}
"""Deed -> the act by which one person is kept from two of them."""
NEXT = (
    "award.accepted",
    "award.certified",
    "award.approved",
    "award.authorized",
    "award.ticketed",
    "advance.paid",
    "attendance.confirmed",
    "claim.submitted",
    "settlement.prepared",
    "settlement.approved",
    "balance.paid",
    "recovery.recorded",
    "debt.written-off",
)
"""The deeds that lead on, in the order of the journey; every other is a turn."""
ASIDE = (
    "journey.changed",
    "quote.recorded",
    "bank.entered",
    "certification.withdrawn",
    "award.missed",
    "claim.returned",
    "settlement.declined",
    "award.replaced",
    "award.declined",
    "award.cancelled",
)
NOT_YOURS = sentence("You have no designation in force today for this.")
_BEGINS = sentence("The meeting begins on {day}.")


@dataclass(frozen=True)
class Offer:
    """A deed that may follow now. ``why_not``: why this reader cannot do it; ``by``: the officers who can."""

    action: str
    why_not: Refused | None
    by: tuple[Account, ...]


def offered(session: Session, award: Award, frame: Frame, account: Account, today: date) -> list[Offer]:
    """What can follow, first what leads on; in a fixed number of statements."""
    done = list(session.execute(select(Act.by_id, Act.act, Act.round).where(Act.award_id == award.id)).all())
    owes = owed(session, award) if lifecycle.possible("recovery.recorded", award.stage) else 0
    waits = prepared(session, award) is not None if award.stage == "claimed" else False
    officers = list(
        session.scalars(
            select(Account)
            .where(Account.role == Role.OFFICER, Account.ended_at.is_(None), Account.suspended_at.is_(None))
            .options(joinedload(Account.designations))
            .order_by(Account.name)
        ).unique()
    )
    barred = frame.mandate.setting("own_state_barred")

    def why(action: str, one: Account) -> Refused | None:
        acts = [(row.act, row.round) for row in done if row.by_id == one.id]
        wants = ACT_OF.get(action)
        twice = (wants, award.round) in acts
        if said := duties.barred([act for act, _ in acts], wants, twice=twice) if wants else "":
            return SeparationOfDuties(said)  # first: no designation would change it
        if not may(action, Role(one.role), one.functions_on(today)):
            return NotDesignated(NOT_YOURS)
        own = one.role != Role.DELEGATE and barred and of_own_state(one.state, award, frame.mandate)
        return SeparationOfDuties(OWN_STATE) if own else None

    def possible(action: str) -> bool:
        if not lifecycle.possible(action, award.stage, award.resumes):
            return False
        if action in ("recovery.recorded", "debt.written-off"):
            return owes > 0
        if action == "balance.paid":
            return award.stage == "settled" and owes == 0
        if action in ("settlement.approved", "settlement.declined"):
            return waits
        return True

    found = []
    for action in (*NEXT, *ASIDE):
        if possible(action):
            early = action in ("attendance.confirmed", "award.missed") and today < frame.meeting.first_day
            reason = Refused(_BEGINS, day=frame.meeting.first_day) if early else why(action, account)
            by = tuple(one for one in officers if MAY[action] & one.functions_on(today) and why(action, one) is None)
            found.append(Offer(action, reason, by))
    return found
