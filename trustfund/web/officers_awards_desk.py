"""What of the awards waits, for this officer and for the others: by who may do it, and did not do already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union_all

from trustfund.core.duties import ACTS, barred
from trustfund.core.roles import MAY
from trustfund.extensions import db
from trustfund.models.awards import Act, Award, Payment, Settlement, overdue, waits_for_approval
from trustfund.models.people import Account
from trustfund.operations.award_standing import ACT_OF
from trustfund.web.public_meetings import Entry

PREPARED = waits_for_approval()
OWED = exists().where(
    Settlement.award_id == Award.id, Settlement.stage == "approved", Settlement.entitled > Settlement.advance
)
PAID = exists().where(Payment.award_id == Award.id, Payment.kind == "ticket", Payment.stage == "paid")
JOURNEY = ("ticketed", "advance-paid", "travelled", "claimed", "settled", "closed")
WAITS: dict[str, ColumnElement[bool]] = {
    "award.certified": Award.stage == "accepted",
    "award.approved": Award.stage == "certified",
    "award.authorized": Award.stage == "approved",
    "award.ticketed": Award.stage == "authorized",
    "ticket.paid": and_(Award.stage.in_(JOURNEY), Award.ticket > 0, ~PAID),
    "advance.paid": and_(Award.stage == "ticketed", Award.advance > 0),
    "attendance.confirmed": Award.stage.in_(("ticketed", "advance-paid")),
    "settlement.prepared": and_(Award.stage == "claimed", ~PREPARED),
    "settlement.approved": and_(Award.stage == "claimed", PREPARED),
    "balance.paid": and_(Award.stage == "settled", OWED),
}
"""Deed -> which awards wait for it, in the order of the journey."""
BEFORE = ("award.certified", "award.approved", "award.authorized", "award.ticketed", "advance.paid")
"""What the traveller needs before the meeting."""


@dataclass(frozen=True)
class Waiting:
    """So many awards of a meeting that wait for a deed, where it is done, and by which day if one is fixed."""

    action: str
    entry: Entry
    n: int
    address: str
    due: date | None


def awaited(account: Account, today: date, known: Iterable[Entry]) -> list[Waiting]:
    """By deed and meeting, in one statement whatever the number: of this officer’s deeds what the officer is not barred
    from, of others’ deeds everything.

    ``known``: all meetings.
    """
    functions, entries = account.functions_on(today), {entry.meeting.code: entry for entry in known}
    barred_at = [code for code, entry in entries.items() if entry.mandate.setting("own_state_barred")]
    waits = WAITS | {"claim.submitted": overdue(today)}
    counted = (
        _counted(action, of, account, barred_at if functions & MAY[action] else None) for action, of in waits.items()
    )
    counts = db.session.execute(union_all(*counted)).all()
    return [
        Waiting(action, entries[code], n, _address(action, code), _due(action, entries[code], claim_due))
        for action in waits
        for found, code, n, claim_due in sorted(counts, key=lambda row: entries[row[1]].meeting.first_day)
        if found == action and not (action == "attendance.confirmed" and entries[code].meeting.first_day > today)
    ]


def _due(action: str, entry: Entry, claim_due: date | None) -> date | None:
    """The journey is ready when the meeting begins; attendance is known when it ends."""
    if action == "claim.submitted":
        return claim_due
    if action == "attendance.confirmed":
        return entry.meeting.last_day
    return entry.meeting.first_day if action in BEFORE else None


def _counted(action: str, waits: ColumnElement[bool], account: Account, barred_at: list[str] | None) -> Any:
    """``barred_at``: meetings where nobody acts for the own State; None for a deed that this officer never does."""
    found = select(literal(action), Award.meeting, func.count(), func.min(Award.claim_due))
    found = found.where(waits).group_by(Award.meeting)
    if barred_at is None:
        return found
    if account.state:
        found = found.where(~and_(Award.state == account.state, Award.meeting.in_(barred_at)))
    if act := ACT_OF.get(action, ""):
        bars = [earlier for earlier in ACTS if barred([earlier], act)]
        twice = and_(Act.act == "approve", Act.round == Award.round, act == "approve")
        found = found.where(
            ~exists().where(Act.award_id == Award.id, Act.by_id == account.id, or_(Act.act.in_(bars), twice))
        )
    return found


def _address(action: str, meeting: str) -> str:
    if action == "award.certified":
        return url_for("officers.certification", code=meeting)
    if action == "attendance.confirmed":
        return url_for("officers.attendance", code=meeting)
    if action.endswith(".paid"):
        return url_for("officers.payments", method="agent" if action == "ticket.paid" else None)
    if action.startswith(("settlement.", "claim.")):
        return url_for("officers.claims")
    return url_for("officers.awards", meeting=meeting, stage=_STAGES[action])


_STAGES = {"award.approved": "certified", "award.authorized": "approved", "award.ticketed": "authorized"}
"""Deed -> the stage by which the list shows the awards that wait for it."""
