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
    "pledge.announced": frozenset({Role.DONOR, *Function}),
    "agreement.recorded": frozenset({*Function}),
    "deposit.recorded": frozenset({*Function}),
    "account.created": frozenset({Role.ADMINISTRATOR}),
    "account.ended": frozenset({Role.ADMINISTRATOR}),
    "account.suspended": frozenset({Role.ADMINISTRATOR}),
    "account.reinstated": frozenset({Role.ADMINISTRATOR}),
    "account.reset": frozenset({Role.ADMINISTRATOR}),
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
}
"""Deed -> the roles, or the functions of an officer, that may do it (fund practice; rules of the fund, 7)."""


def may(deed: str, role: Role, functions: frozenset[Function]) -> bool:
    """Whether an account of this role, with these functions in force today, may do the deed. Denied by default."""
    allowed = MAY.get(deed, frozenset())
    return role in allowed or bool(functions & allowed)
