"""When a file counts as complete after its mission spoke of it; for what is sent, ``applications`` says it."""

from trustfund.core.completion import completed_at
from trustfund.models.applications import Application
from trustfund.operations.assessment import missing, nominated
from trustfund.operations.meetings import frame_of
from trustfund.operations.operation import Operation

DECIDED = ("submitted", "accepted", "refusal-proposed")
"""Stages in which a file is with the fund: what it lacked counts from the instant at which it comes."""


def complete(op: Operation, found: Application, *, awaited: bool = False) -> None:
    """A file that lacked something counts as complete from now, or from when its note was promised in time; one that
    was complete keeps its instant. ``awaited``: the note verbale comes with this deed."""
    if found.stage not in DECIDED or not (awaited or found.completed_at is None):
        return
    frame = frame_of(op.session(), found.meeting, op.today)
    days = frame.mandate.setting("days_for_note_verbale")
    found.completed_at = completed_at(
        found.completed_at,
        op.at,
        complete=not missing(found) and nominated(found, found.documents, op.at, days),
        call=frame.call,
        note_promised=found.note_to_follow,
        days_for_note=days,
    )
