"""Deeds that need two officers: one proposes with a reason, another confirms, and only then is it done.

Status amendments, added meetings, changed allotments, later runs and overrides (rules of the fund, 1, 4 and 7).
"""

import json
from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from trustfund.core.refusal import NotHere, Refused, SeparationOfDuties
from trustfund.core.verifier import canonical
from trustfund.extensions import db
from trustfund.models.people import Account
from trustfund.models.selections import Proposal
from trustfund.operations.operation import Done, Fact, Operation, deed
from trustfund.services import chance, keys

Content = Mapping[str, Any]
ByTwo = Callable[[Operation, str, Content, str], Fact]

_DEEDS: dict[str, ByTwo] = {}
_CONFIRMED: dict[str, Callable[..., Done]] = {}


def by_two(action: str) -> Callable[[ByTwo], ByTwo]:
    """Makes (op, subject, content, reason) -> Fact a deed that one officer proposes and another confirms."""

    def make(function: ByTwo) -> ByTwo:
        @deed(action)
        def confirmed(op: Operation, reference: str) -> Fact:
            proposal = _waiting(op, reference)
            fact = function(op, proposal.subject, json.loads(proposal.content), proposal.reason)
            proposal.stage, proposal.decided_by, proposal.seq = "confirmed", op.account, op.next_seq
            more = {"proposal": reference, "proposed_by": proposal.by.reference}
            return Fact(fact.on, fact.before, fact.after, fact.post, {**fact.data, **more})

        _DEEDS[action], _CONFIRMED[action] = function, confirmed
        return function

    return make


@deed("proposal.made")
def propose(op: Operation, action: str, *, subject: str, content: Content, reason: str) -> Fact:
    """Propose a deed. What could not be done today is refused today; nothing of it happens before it is confirmed."""
    op.permit(action)
    if not reason.strip() or len(reason) > 2000:
        raise Refused("Give the reason, in at most 2,000 characters.", field="reason")
    with op.session.begin_nested() as rehearsal:
        _DEEDS[action](_beside(op), subject, content, reason.strip())
        rehearsal.rollback()
    made = Proposal(
        reference=chance.reference("V"),
        deed=action,
        subject=subject,
        content=canonical(content),
        reason=reason.strip(),
        stage="waiting",
        by=op.account,
        at=op.recorded_at,
        seq=op.next_seq,
    )
    op.session.add(made)
    return Fact(
        on=made.reference,
        after="waiting",
        data={
            "deed": action,
            "subject": subject,
            "content": dict(content),
            "reason": keys.seal_of(op.by, made.reason.encode()),
        },
    )


def _beside(op: Operation) -> Operation:
    """The same operation for a rehearsal: the entries that it appends are never written."""
    rehearsed = copy(op)
    rehearsed._events, rehearsed._postings = [], []
    return rehearsed


def confirm(reference: str, *, by: str, at: datetime, key: str | None = None) -> Done:
    """Another officer confirms: the deed is done now, by the rules and facts of now."""
    action = db.session.scalar(select(Proposal.deed).where(Proposal.reference == reference))
    if action is None:
        raise NotHere("There is no such thing here.")
    return _CONFIRMED[action](reference, by=by, at=at, key=key)


@deed("proposal.declined")
def decline(op: Operation, reference: str) -> Fact:
    """Take a proposal back, or turn it down: it is never done."""
    proposal = op.one(Proposal, reference=reference)
    _still_waits(proposal)
    op.permit(proposal.deed)
    proposal.stage, proposal.decided_by, proposal.seq = "declined", op.account, op.next_seq
    return Fact(on=reference, before="waiting", after="declined", data={"deed": proposal.deed})


def waiting() -> list[Proposal]:
    """What waits for a second officer, oldest first."""
    return _read(select(Proposal).where(Proposal.stage == "waiting").order_by(Proposal.id))


def decided(most: int = 20) -> list[Proposal]:
    """What was confirmed or declined last, the latest first."""
    return _read(select(Proposal).where(Proposal.stage != "waiting").order_by(Proposal.seq.desc()).limit(most))


def why_not(proposal: Proposal, account: Account) -> Refused | None:
    """Why this officer cannot confirm what waits; None where it can be confirmed."""
    try:
        _by_another(proposal, account)
    except Refused as refused:
        return refused
    return None


def _read(found: Select[tuple[Proposal]]) -> list[Proposal]:
    found = found.options(joinedload(Proposal.by), joinedload(Proposal.decided_by))
    return list(db.session.scalars(found).unique())


def _waiting(op: Operation, reference: str) -> Proposal:
    proposal = op.one(Proposal, reference=reference)
    _still_waits(proposal)
    _by_another(proposal, op.account)
    return proposal


def _by_another(proposal: Proposal, account: Account | None) -> None:
    if account is None or proposal.by_id == account.id:
        raise SeparationOfDuties("You proposed this; another officer must confirm it. Nothing has been changed.")


def _still_waits(proposal: Proposal) -> None:
    if proposal.stage != "waiting":
        raise Refused("This proposal is confirmed or declined already. Nothing has been changed.")
