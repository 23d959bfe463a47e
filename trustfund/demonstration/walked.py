"""How far the walks have come in this fund: what there is of the things they are about, and which steps are done."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, or_, select

from trustfund.core.lifecycle import AWARD_STAGES, GIVEN_BACK
from trustfund.demonstration.walks import OWN_ANSWER, Step, Walk
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.models.contributions import Pledge
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.models.selections import Selection

ROUND, HEARING = "N2", "H4"
"""The round that the delegate asks to attend, and the meeting whose seats are given on the demonstration's day."""
DELEGATES = "delegate@example.org"
UNTIL = {
    "answer": "accepted",
    "own-answer": "accepted",
    "certify": "certified",
    "approve": "approved",
    "authorize": "ticketed",
    "pay": "advance-paid",
}
"""Step -> the stage of the award from which on it is done."""


@dataclass(frozen=True)
class Standing:
    """What there is in the fund of the things that the walks are about. ``own``: the seat is the delegate's who can
    sign in."""

    pledge: Pledge | None
    application: Application | None
    run: Selection | None
    award: Award | None
    own: bool

    def steps(self, walk: Walk) -> tuple[Step, ...]:
        return tuple(OWN_ANSWER if self.own and step.name == "answer" else step for step in walk.steps)

    def done(self) -> Iterator[str]:
        """The steps that one can see in the fund."""
        if self.pledge:
            yield "announce"
            if self.pledge.agreed:
                yield "agree"
            if self.pledge.received:
                yield "deposit"
        if self.application and self.application.stage != "draft":
            yield "send"
            if self.application.stage not in ("submitted", "changes-asked"):
                yield "screen"
        if self.run:
            yield "select"
        if self.award:
            reached = AWARD_STAGES.index(self.award.stage)
            yield from (step for step, stage in UNTIL.items() if reached >= AWARD_STAGES.index(stage))


def standing(since: int) -> Standing:
    """How far the walks have come, in four statements. ``since``: the last entry of the demonstration when made."""
    account = select(Account.id).where(Account.email == DELEGATES).scalar_subquery()
    donor = select(Account.donor_id).where(Account.email == "donor@example.org").scalar_subquery()
    announced = select(Event.subject).where(Event.action == "pledge.announced", Event.seq > since)
    seat = db.session.execute(
        select(Award, Account.email)
        .outerjoin(Account, Account.id == Award.account_id)
        .where(or_(Award.meeting == HEARING, Account.email == DELEGATES), Award.stage.not_in(GIVEN_BACK))
        .order_by(case((Account.email == DELEGATES, 0), else_=1), Award.position)
        .limit(1)
    ).first()
    return Standing(
        pledge=_one(
            select(Pledge).where(Pledge.donor_id == donor, Pledge.reference.in_(announced)).order_by(Pledge.id.desc())
        ),
        application=_one(
            select(Application)
            .where(Application.account_id == account, Application.meeting == ROUND)
            .order_by(Application.id.desc())
        ),
        run=_one(select(Selection).where(Selection.meeting == HEARING, Selection.stage == "kept")),
        award=seat[0] if seat else None,
        own=bool(seat) and seat[1] == DELEGATES,
    )


def _one(statement: Select[Any]) -> Any:
    return db.session.scalars(statement.limit(1)).unique().first()
