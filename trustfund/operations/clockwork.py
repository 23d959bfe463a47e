"""What the day itself does: offers lapse, tickets of meetings that have begun become expense, claims and instalments
are asked for, files and keys that a killed server left go.

The worker calls it; each task is a deed of its own, safe to repeat.
"""

from collections.abc import Callable
from datetime import datetime

from trustfund.extensions import db
from trustfund.operations import claims, erasing, leftovers, offers, reminders, statement_uploads, travel

TASKS: tuple[Callable[[datetime], int], ...] = (
    offers.lapse,
    travel.use_tickets,
    claims.remind,
    reminders.remind,
    statement_uploads.forget,
    leftovers.remove,
    erasing.finish,
)


def run(at: datetime) -> int:
    """Do what is due; how many things were done."""
    db.session.rollback()
    done = sum(task(at) for task in TASKS)
    db.session.rollback()
    return done
