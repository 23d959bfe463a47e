"""Who the people are, and what each may do. Both lists are stable words that the record keeps for ever."""

from enum import StrEnum


class Role(StrEnum):
    DONOR = "donor"
    DELEGATE = "delegate"
    MISSION = "mission"
    OFFICER = "officer"
    HEAD = "head"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Function(StrEnum):
    """What an officer is designated for, from a day to a day, by the head of the fund and a second officer."""

    SCREENING = "screening"
    CERTIFYING = "certifying"
    APPROVING = "approving"
    PAYING = "paying"


SYSTEM = "system"
"""The actor of what no person did: commands of the server's keeper, imports, the clock."""

MAY: dict[str, frozenset[Role | Function]] = {
    "donor.registered": frozenset({*Function}),
    "donor.changed": frozenset({Role.DONOR, *Function}),
    "donor.accepted": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "letter.added": frozenset({Role.DONOR, *Function}),
    "pledge.announced": frozenset({Role.DONOR, *Function}),
    "pledge.amended": frozenset({Role.DONOR, *Function}),
    "pledge.withdrawn": frozenset({Role.DONOR, *Function}),
    "agreement.drafted": frozenset({*Function}),
    "agreement.recorded": frozenset({*Function}),
    "condition.met": frozenset({*Function}),
    "reminder.sent": frozenset(),  # the clock's
    "contribution.written-off": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "deposit.recorded": frozenset({*Function}),
    "deposit.attached": frozenset({*Function}),
    "deposit.split": frozenset({*Function}),
    "overpayment.agreed": frozenset({*Function}),
    "overpayment.refunded": frozenset({Function.CERTIFYING, Function.APPROVING, Function.PAYING}),
    "statement.imported": frozenset({Function.CERTIFYING, Function.PAYING}),
    "line.matched": frozenset({Function.CERTIFYING, Function.PAYING}),
    "match.undone": frozenset({Function.CERTIFYING, Function.PAYING}),
    "account.created": frozenset({Role.ADMINISTRATOR}),
    "account.ended": frozenset({Role.ADMINISTRATOR}),
    "account.suspended": frozenset({Role.ADMINISTRATOR}),
    "account.reinstated": frozenset({Role.ADMINISTRATOR}),
    "account.reset": frozenset({Role.ADMINISTRATOR}),
    "person.erased": frozenset(),  # the server's keeper's, and the rule's
    "designation.made": frozenset({Role.HEAD}),
    "designation.confirmed": frozenset({Role.OFFICER}),
    "designation.ended": frozenset({Role.HEAD}),
    "mandate.amended": frozenset({Role.HEAD, *Function}),
    "rate.recorded": frozenset({*Function}),
    "application.submitted": frozenset({Role.DELEGATE}),
    "application.reopened": frozenset({Role.DELEGATE}),
    "application.withdrawn": frozenset({Role.DELEGATE}),
    "application.imported": frozenset({Function.SCREENING}),
    "application.accepted": frozenset({Function.SCREENING}),
    "changes.asked": frozenset({Function.SCREENING}),
    "completion.confirmed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "refusal.proposed": frozenset({Function.SCREENING}),
    "refusal.confirmed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "refusal.declined": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "nomination.made": frozenset({Role.MISSION}),
    "application.endorsed": frozenset({Role.MISSION}),
    "endorsement.withdrawn": frozenset({Role.MISSION}),
    "government-order.set": frozenset({Role.MISSION}),
    "note-verbale.attached": frozenset({Role.MISSION}),
    "note-verbale.promised": frozenset({Role.MISSION}),
    "refusal.answered": frozenset({Role.MISSION}),
    "replacement.requested": frozenset({Role.MISSION}),
    "focal-point.named": frozenset({Role.MISSION}),
    "application.noted": frozenset({Role.HEAD, *Function}),
    "personal.unmasked": frozenset({Function.SCREENING, Function.CERTIFYING, Function.PAYING}),  # core.unmasking
    "double.ruled-out": frozenset({Function.SCREENING}),
    "double.reopened": frozenset({Function.SCREENING}),
    "call.closed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "allotment.fixed": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "allotment.changed": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "selection.previewed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "selection.kept": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "override.recorded": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "status.amended": frozenset({*Function}),
    "meeting.added": frozenset({*Function}),
    "proposal.made": frozenset({*Function}),
    "proposal.declined": frozenset({*Function}),
    "second-factor.set": frozenset({*Role}),
    "second-factor.removed": frozenset({*Role}),
    "dsa.recorded": frozenset({*Function}),
    "provision.recorded": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "journey.changed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "quote.recorded": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "bank.entered": frozenset({Role.DELEGATE, Function.SCREENING}),
    "award.proposed": frozenset(),  # by the run that is kept
    "award.accepted": frozenset({Role.DELEGATE, Function.SCREENING}),
    "award.declined": frozenset({Role.DELEGATE, Function.SCREENING}),
    "award.lapsed": frozenset(),  # the clock's
    "award.replaced": frozenset({Function.SCREENING}),
    "award.certified": frozenset({Function.CERTIFYING}),
    "certification.withdrawn": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "award.approved": frozenset({Function.APPROVING}),
    "award.authorized": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "award.ticketed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "ticket.expensed": frozenset(),  # the clock's
    "ticket.paid": frozenset({Function.PAYING}),
    "advance.paid": frozenset({Function.PAYING}),
    "balance.paid": frozenset({Function.PAYING}),
    "order.released": frozenset({Function.PAYING}),
    "payment.failed": frozenset({Function.PAYING}),
    "attendance.confirmed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "award.missed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "award.cancelled": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "claim.submitted": frozenset({Role.DELEGATE, Function.SCREENING}),
    "claim.returned": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "settlement.prepared": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "settlement.declined": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "settlement.approved": frozenset({Function.APPROVING}),
    "recovery.recorded": frozenset({Function.PAYING}),
    "debt.written-off": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "activity.proposed": frozenset({Function.SCREENING, Function.CERTIFYING}),
    "activity.approved": frozenset({Function.APPROVING}),
    "activity.spent": frozenset({Function.PAYING}),
    "activity.closed": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "activity.cancelled": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "month.closed": frozenset({Function.CERTIFYING, Function.APPROVING}),
    "closing.decided": frozenset({Role.HEAD, Function.APPROVING}),
    "refund.paid": frozenset({Function.APPROVING, Function.PAYING}),
    "fund.closed": frozenset({Role.HEAD, Function.APPROVING}),
    "interest.recorded": frozenset({Function.PAYING}),
    "charge.recorded": frozenset({Function.PAYING}),
    "support-cost.paid": frozenset({Function.PAYING}),
}
"""Deed -> the roles, or the functions of an officer, that may do it (fund practice; rules of the fund, 7)."""


def may(deed: str, role: Role, functions: frozenset[Function]) -> bool:
    """Whether an account of this role, with these functions in force today, may do the deed. Denied by default."""
    allowed = MAY.get(deed, frozenset())
    return role in allowed or bool(functions & allowed)
