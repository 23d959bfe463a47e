"""What officers look for among the applications: a name or reference, a State, and what a file has or lacks.

Everything is asked of the database, in words that its indexes know; a page of the queue is read from a key.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from trustfund.core.completion import folded
from trustfund.core.countries import STATES, Names, State
from trustfund.core.refusal import sentence
from trustfund.models.applications import Application, Document
from trustfund.operations.assessment import NEEDED
from trustfund.operations.meetings import Frame

Frames = Mapping[str, Frame]
FILE = {
    "complete": sentence("Complete"),
    "late": sentence("Complete, late"),
    "lacks": sentence("Not complete"),
}
DOCUMENTS = {
    "note-verbale": sentence("With a note verbale"),
    "no-note-verbale": sentence("Without a note verbale"),
    "passport": sentence("With a passport page"),
    "no-passport": sentence("Without a passport page"),
}


def with_file(code: str, frames: Frames, at: datetime) -> ColumnElement[bool]:
    """Files that are complete in time, complete but late, or lack something, as the page says it of each."""
    lacks, late = _lacks(frames, at), _late(frames)  # few are late: that is asked first
    return {"lacks": lacks, "late": and_(late, not_(lacks)), "complete": and_(not_(late), not_(lacks))}[code]


def with_documents(code: str) -> ColumnElement[bool]:
    there = _has(code.removeprefix("no-"))
    return not_(there) if code.startswith("no-") else there


def number_of(found: Select[tuple[int, Application]], at_most: int) -> Select[tuple[int]]:
    """How many there are, counted no further than one above ``at_most``."""
    return select(func.count()).select_from(found.with_only_columns(Application.id).limit(at_most + 1).subquery())


def _lacks(frames: Frames, at: datetime) -> ColumnElement[bool]:
    return or_(*(_empty(column) for column, _ in NEEDED), not_(_nominated(frames, at)))


def _empty(column: str) -> ColumnElement[bool]:
    """Whether a column of a complete file says nothing."""
    if column == "full_name":
        return and_(Application.given_names == "", Application.family_name == "")
    kept = Application.__table__.c[column]
    return kept.is_(None) if kept.nullable else kept == ""


def _nominated(frames: Frames, at: datetime) -> ColumnElement[bool]:
    """With its note verbale, or promised and its days are not over (``assessment.nominated``)."""
    file = or_(Application.account_id.is_(None), _has("note-verbale"))
    there = and_(Application.note_verbale != "", Application.note_verbale_date.is_not(None), file)

    def in_its_days(one: Frame) -> ColumnElement[bool]:
        return Application.completed_at >= at - timedelta(days=one.mandate.setting("days_for_note_verbale"))

    waits = or_(Application.completed_at.is_(None), _of_meetings(frames, in_its_days))
    return or_(there, and_(Application.note_to_follow, waits))


def _late(frames: Frames) -> ColumnElement[bool]:
    after = _of_meetings(frames, lambda one: Application.completed_at >= one.call.closes + timedelta(seconds=1))
    return and_(Application.completed_at.is_not(None), after)


def _of_meetings(frames: Frames, says: Callable[[Frame], ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(false(), *(and_(Application.meeting == code, says(frame)) for code, frame in frames.items()))


def _has(kind: str) -> ColumnElement[bool]:
    return select(Document.id).where(Document.application_id == Application.id, Document.kind == kind).exists()


def application_like(typed: str) -> ColumnElement[bool]:
    """A reference; or each word, without case and accents, stands in the name or begins a word of the State's name:
    not of an application that was opened again, whose answers nobody else reads."""
    reference = or_(
        Application.public == typed.upper(),
        Application.reference == typed.upper(),
        func.lower(Application.external_reference) == typed.lower(),
    )
    words_ = [
        or_(Application.folded.contains(word, autoescape=True), Application.state.in_(_states_like(word)))
        for word in folded(typed).split()
    ]
    return or_(reference, and_(Application.stage != "draft", *words_)) if words_ else reference


def _states_like(word: str) -> list[str]:
    """States by their code, or by a word of their name in any language."""
    return [iso3 for iso3, names in _names().items() if word in names or any(n.startswith(word) for n in names[1:])]


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    """State -> its code, then the words of all its names, today's and former, without case and accents."""
    return {
        iso3: [iso3.lower(), *folded(*(name for names in _all_names(one) for name in names.values())).split()]
        for iso3, one in STATES.items()
    }


def _all_names(one: State) -> list[Names]:
    return [one.names, *(names for _, names in one.former_names)]
