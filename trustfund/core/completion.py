"""When a file counts as complete (rules of the fund, 3, 8: “earliest-complete”; fund practice)."""

import unicodedata
from datetime import datetime, timedelta

from trustfund.core.calendar import Call


def completed_at(
    before: datetime | None,
    now: datetime,
    *,
    complete: bool,
    call: Call,
    asked_at: datetime | None = None,
    days_to_answer: int = 0,
    note_promised: bool = False,
    days_for_note: int = 0,
) -> datetime | None:
    """The instant at which the file first passed the check, or None while it lacks something.

    It does not move for a change before the deadline, for an answer to an officer within its days, nor for a note
    verbale that was promised and comes within its days. ``before``: the instant so far.
    """
    if not complete:
        return None
    if before is None:
        return now
    answered = asked_at is not None and now <= asked_at + timedelta(days=days_to_answer)
    followed = note_promised and now <= before + timedelta(days=days_for_note)
    return before if call.on_time(now) or answered or followed else now


def folded(*names: str) -> str:
    """A person's names without case, accents and order, so that two spellings of one person meet."""
    plain = unicodedata.normalize("NFKD", " ".join(names).casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(kept.split()))
