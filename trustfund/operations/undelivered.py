"""Mail that did not arrive, or of which nobody knows: officers see it, and send it again. Housekeeping, no deed."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.operations.operation import housekeeping
from trustfund.services import clock

HANDING_OVER = timedelta(minutes=5)
"""So long a mail may be on its way to the server; after it, nobody knows whether it went."""


def standing(state: str, now: datetime) -> ColumnElement[bool]:
    """``failed``: the server refused it; ``unsure``: taken, and never said to be sent; ``waiting``: not yet taken.

    ``now``: of the real clock. What was sent again is in none of them.
    """
    later = aliased(Mail)
    open_ = ~exists().where(later.again_of == Mail.id)
    taken = and_(Mail.taken_at.is_not(None), Mail.sent_at.is_(None), open_)
    return {
        "failed": and_(taken, Mail.failure != ""),
        "unsure": and_(taken, Mail.failure == "", Mail.taken_at < now - HANDING_OVER),
        "waiting": Mail.taken_at.is_(None),
    }[state]


def in_trouble(now: datetime) -> int:
    """How many failed, or are unsure."""
    return int(
        db.session.scalar(
            select(func.count()).select_from(Mail).where(standing("failed", now) | standing("unsure", now))
        )
        or 0
    )


def send_again(number: int) -> str:
    """Put a copy into the outbox, which names the one that did not arrive; to whom it goes."""
    with housekeeping():
        old = db.session.get(Mail, number, with_for_update=True)
        if old is None:
            raise NotHere("There is no such thing here.")
        now = clock.real_now()
        stuck = standing("failed", now) | standing("unsure", now)
        if not db.session.scalar(select(Mail.id).where(Mail.id == number, stuck)):
            raise Refused("This mail was sent, or was sent again already. Nothing has been changed.")
        recipient = old.recipient
        db.session.add(
            Mail(
                recipient=recipient,
                person=old.person,
                language=old.language,
                subject=old.subject,
                text=old.text,
                created_at=now,
                again_of=old.id,
            )
        )
    return recipient
