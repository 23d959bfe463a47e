"""What every deed on an award shares: the award as it was seen, who may act, its books, and what the record says."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core import duties, lifecycle
from trustfund.core.award_books import Books, books_of
from trustfund.core.ledger import Posting
from trustfund.core.mandate import Mandate
from trustfund.core.refusal import NotHere, Refused, SeparationOfDuties, Stale, sentence
from trustfund.core.roles import Role
from trustfund.models.awards import Act, Award
from trustfund.models.record import Event
from trustfund.models.record import Posting as PostingRow
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import Fact, Operation
from trustfund.services import keys

OWN_STATE = sentence("This award is for a delegate of your own State; another officer acts. Nothing has been changed.")


def seen_award(op: Operation, reference: str, seen: int, action: str) -> Award:
    """The award under the lock: the actor's own or an officer's affair, as the page showed it, in a state that allows
    the deed."""
    award = op.one(Award, reference=reference)
    mine(op, award)
    if award.seq != seen:
        raise Stale(
            "This award has changed since you opened the page: entry {entry} of the record. Look at it again. "
            "Nothing has been changed.",
            entry=award.seq,
        )
    lifecycle.check(action, award.stage, award.resumes)
    return award


NONE_CHOSEN = {
    "awards": sentence("Choose at least one award."),
    "payments": sentence("Choose at least one payment."),
}
NOT_AS_MADE = {
    "awards": sentence("The list of awards is not as the page made it. Open the page again."),
    "payments": sentence("The list of payments is not as the page made it. Open the page again."),
}


def ticked(text: str, pattern: str, field: str) -> list[tuple[str, ...]]:
    """What a page made of what was ticked on it, one by line: the groups of the pattern. ``field``: awards or
    payments."""
    rows = [re.fullmatch(pattern, " ".join(line.split()), re.ASCII) for line in text.splitlines() if line.strip()]
    if not rows:
        raise Refused(NONE_CHOSEN[field], field=field)
    if None in rows:
        raise Refused(NOT_AS_MADE[field], field=field)
    return [row.groups() for row in rows if row]


def together(op: Operation, action: str, deeds: Sequence[Callable[[], Fact]], *, meeting: str) -> Fact:
    """One deed on several awards of a meeting: all of them, or none. Each has its entry; the last one says how many."""
    *others, last = deeds
    for do in others:
        op.append(action, do())
    made = last()
    return replace(made, data={**made.data, "meeting": meeting, "together": len(deeds)})


def mine(op: Operation, award: Award) -> None:
    """A delegate's own award only; an officer's affair, but not of the officer's own State (rules of the fund, 7)."""
    if op.account is None:
        return
    if op.account.role == Role.DELEGATE:
        if award.account_id != op.account.id:
            raise NotHere("There is no such thing here.")
    elif of_own_state(op.account.state, award, mandate_for(op, award)):
        raise SeparationOfDuties(OWN_STATE)


def of_own_state(state: str | None, award: Award, mandate: Mandate) -> bool:
    return bool(state) and state == award.state and bool(mandate.setting("own_state_barred"))


def frame_for(op: Operation, award: Award) -> Frame:
    return frame_of(op.session(), award.meeting, op.today)


def mandate_for(op: Operation, award: Award) -> Mandate:
    """The mandate by which the meeting of the award is run."""
    return frame_for(op, award).mandate


def act(op: Operation, award: Award, what: str) -> None:
    """Enter who does this on the award. Refused, here and by the database, where another person must do it.

    Before anything else of the award changes, so that the database sees the act first.
    """
    assert op.account is not None, "a person acts"
    done = op.session.execute(
        select(Act.act, Act.round).where(Act.award_id == award.id, Act.by_id == op.account.id)
    ).all()
    again = (what, award.round) in {(row.act, row.round) for row in done}
    duties.check([row.act for row in done], what, twice=again)
    if not again:
        op.session.add(
            Act(
                award_id=award.id,
                round=award.round,
                act=what,
                by_id=op.account.id,
                at=op.recorded_at,
                seq=op.next_seq,
            )
        )
        op.session.flush()


def books(session: Session, award: Award) -> Books:
    """What the books say of an award: the sums of the postings of all entries about it."""
    return books_of_subject(session, award.reference)


def books_of_subject(session: Session, reference: str) -> Books:
    """The same of whatever has entries of its own: an award, a preparatory activity."""
    return many_books(session, [reference]).get(reference, Books())


def many_books(session: Session, references: Iterable[str]) -> dict[str, Books]:
    """The same of several awards, in one statement."""
    sums: dict[str, list[tuple[str, str, int]]] = {}
    for subject, account, earmark, cents in session.execute(
        select(Event.subject, PostingRow.account, PostingRow.earmark, func.sum(PostingRow.usd))
        .join(PostingRow, PostingRow.seq == Event.seq)
        .where(Event.subject.in_(list(references)))
        .group_by(Event.subject, PostingRow.account, PostingRow.earmark)
    ):
        sums.setdefault(subject, []).append((account, earmark, int(cents)))
    return {reference: books_of(rows) for reference, rows in sums.items()}


def support_of(frame: Frame, expense: int) -> int:
    """Programme support cost on an expense of a journey, in cents."""
    return frame.mandate.fees_of(expense, frame.meeting.first_day, "expenditure")


def fact(
    op: Operation,
    award: Award,
    stage: str | None = None,
    *,
    post: Iterable[Posting] = (),
    data: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Fact:
    """Change the award, and say so: its state before and after, its entry, the columns that changed, and more."""
    before = award.stage
    for name, value in columns.items():
        setattr(award, name, value)
    award.stage, award.seq = stage or before, op.next_seq
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}
    if "lines" in told:
        told["lines"] = digest_of(told["lines"])
    sealed = {name: seal(op, told.pop(name)) for name in SEALED if name in told}
    said = {"award": told, "round": award.round, **({"sealed": sealed} if sealed else {})}
    return Fact(on=award.reference, before=before, after=award.stage, post=tuple(post), data={**said, **(data or {})})


SEALED = ("reason", "sent_back_why", "journey_reason", "ticket_number", "cancelled_why")
"""What people write stands beside the record; in it stands a seal under the key of who wrote it."""


def seal(op: Operation, text: str) -> str | None:
    return keys.seal_of(op.by, text.encode()) if text else None


def digest_of(lines: str) -> str:
    """The lines of a cost, as the record has them."""
    return hashlib.sha256(lines.encode()).hexdigest() if lines else ""


def words(text: str, field: str, most: int = 2000) -> str:
    """What a person must write, trimmed."""
    text = text.strip()
    if not text:
        raise Refused("Give the reason, in at most 2,000 characters.", field=field)
    if len(text) > most:
        raise Refused("This has more than {n} characters. Shorten it.", n=most, field=field)
    return text
