"""The screening officer is shown two passport numbers, and says why: once by a code, once in words."""

from datetime import datetime

from sqlalchemy import select

from trustfund.core.lifecycle import ALIVE
from trustfund.demonstration.story import Story, at, safely
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import unmasking

WHY = (("duplicate", ""), ("other", "The airline asked whether a letter is an O or a zero. (Example.)"))


def tell(story: Story, by: str) -> None:
    """Of the two applications with a number that were sent last."""

    def look(now: datetime) -> None:
        found = (
            select(Application.reference)
            .where(Application.stage.in_(ALIVE), Application.passport_sealed.is_not(None))
            .order_by(Application.id.desc())
            .limit(len(WHY))
        )
        for reference, (reason, words) in zip(db.session.scalars(found).all(), WHY, strict=False):
            unmasking.unmask(reference, what="passport", reason=reason, words=words, by=by, at=now)

    story.on(at("2018-01-24", 9), safely(look))
