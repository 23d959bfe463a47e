"""Officers judge that two applications which look alike are of two persons, and take it back. Nothing else moves."""

from trustfund.core.duplicates import TWO_PERSONS
from trustfund.core.refusal import NotHere, Refused
from trustfund.models.applications import Application, DoubleRuling
from trustfund.operations.duplicates import double_in, rulings_of
from trustfund.operations.meetings import frames_on
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.screening import Case


@deed("double.ruled-out")
def rule_out(op: Operation, reference: str, *, other: str, reason: str) -> Fact:
    """The two are of two persons: neither is shown as the other's double until something stronger speaks for it."""
    one, two = _pair(op, reference, other, "double.ruled-out")
    if reason not in TWO_PERSONS:
        raise Refused("Choose why they are two persons.", field="reason")
    frames = frames_on(op.session(), op.today)
    double = double_in(one, two, frames, rulings_of(op.session(), one).get(two.id))
    if double is None:
        raise Refused("These two applications do not look alike. Nothing has been changed.")
    if double.ruling:
        raise Refused("They are judged to be two persons already. Nothing has been changed.")
    return _judged(op, one, two, reason, double.likeness.strength)


@deed("double.reopened")
def reopen(op: Operation, reference: str, *, other: str) -> Fact:
    """The judgement is taken back: they may be one person after all."""
    one, two = _pair(op, reference, other, "double.reopened")
    last = rulings_of(op.session(), one).get(two.id)
    if last is None:
        raise Refused("Nobody has judged these two to be two persons. Nothing has been changed.")
    return _judged(op, one, two, "", last.strength)


def _pair(op: Operation, reference: str, other: str, action: str) -> tuple[Application, Application]:
    """Two applications that were sent, where the officer may judge of both."""
    one, two = (op.one(Application, reference=known) for known in (reference, other))
    if not one.seq or not two.seq or one.id == two.id:
        raise NotHere("There is no such thing here.")
    for found in (one, two):
        Case(op.session(), found, today=op.today, at=op.at).check(action, op.account)
    return one, two


def _judged(op: Operation, one: Application, two: Application, reason: str, strength: str) -> Fact:
    assert op.account is not None, "a person judges"
    op.session.add(
        DoubleRuling(
            application_id=one.id,
            other_id=two.id,
            reason=reason,
            strength=strength,
            by_id=op.account.id,
            at=op.recorded_at,
            seq=op.next_seq,
        )
    )
    data = {"public": one.public, "other": two.reference, "reason": reason, "strength": strength}
    return Fact(on=one.reference, data=data)
