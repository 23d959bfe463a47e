"""What of the awards waits for an officer: by what the officer is designated for, and did not do already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union_all

from trustfund.core.calendar import Meeting
from trustfund.core.duties import ACTS, barred
from trustfund.core.roles import MAY
from trustfund.extensions import db
from trustfund.models.awards import Act, Award, Payment, Settlement, waits_for_approval
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


@dataclass(frozen=True)
class Task:
    """So many awards of a meeting that wait for a deed of this officer, and where it is done."""

    action: str
    meeting: Meeting
    n: int
    address: str


def awaited(account: Account, today: date, known: Iterable[Entry]) -> list[Task]:
    """By deed and meeting, in one statement whatever the number; what another person must do is left out.

    ``known``: all meetings.
    """
    functions = account.functions_on(today)
    mine = [action for action in WAITS if functions & MAY[action]]
    if not mine:
        return []
    meetings = {entry.meeting.code: entry.meeting for entry in known}
    barred_at = [entry.meeting.code for entry in known if entry.mandate.setting("own_state_barred")]
    counts = db.session.execute(union_all(*(_counted(action, account, barred_at) for action in mine))).all()
    return [
        Task(action, meetings[code], n, _address(action, code))
        for action in mine
        for found, code, n in sorted(counts, key=lambda row: meetings[row[1]].first_day)
        if found == action and not (action == "attendance.confirmed" and meetings[code].first_day > today)
    ]


def _counted(action: str, account: Account, barred_at: list[str]):  # type: ignore[no-untyped-def]
    found = select(literal(action), Award.meeting, func.count()).where(WAITS[action]).group_by(Award.meeting)
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
    if action.startswith("settlement."):
        return url_for("officers.claims")
    return url_for("officers.awards", meeting=meeting, stage=_STAGES[action])


_STAGES = {"award.approved": "certified", "award.authorized": "approved", "award.ticketed": "authorized"}
"""Deed -> the stage by which the list shows the awards that wait for it."""
