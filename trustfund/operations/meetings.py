"""The calendar is read and added to: an additional consultation comes with the document that convened it (para. 29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from trustfund.core.calendar import Call, Meeting, call_of
from trustfund.core.calendar_checks import Finding, fits
from trustfund.core.mandate import Mandate
from trustfund.core.mandate_calendar import added_meeting
from trustfund.core.refusal import Refused, sentence
from trustfund.core.verifier import canonical
from trustfund.models.fund import calendar_on, mandate_of, mandates_by_day
from trustfund.models.selections import AddedMeeting
from trustfund.operations.operation import Fact, Operation
from trustfund.operations.proposals import by_two

AUTHORITY = {
    "additional-consultation": sentence("A/RES/71/280, para. 29"),
    "regional-consultation": sentence("A/RES/71/280, para. 22"),
}
"""Kinds of meetings that officers add, each with the paragraph that allows it."""
LONGEST_CODE = 20


@dataclass(frozen=True)
class Frame:
    """A meeting with the mandate by which it is run and its call."""

    meeting: Meeting
    mandate: Mandate
    call: Call


def frame_of(session: Session, code: str, day: date) -> Frame:
    """The meeting of a code as it is known on a day; refused as not here if there is none."""
    meeting = calendar_on(session, day).meeting(code)
    mandate = mandate_of(session, meeting, day)
    return Frame(meeting, mandate, call_of(meeting, mandate.setting))


def frames_on(session: Session, day: date) -> dict[str, Frame]:
    """Every meeting as it is known on a day, in as many statements for many meetings as for one."""
    versions = mandates_by_day(session)
    starts = sorted(versions)

    def in_force(on: date) -> Mandate:
        return versions[max((start for start in starts if start <= on), default=starts[0])]

    def framed(meeting: Meeting) -> Frame:
        opened = call_of(meeting, in_force(day).setting).opens.date()
        mandate = in_force(min(opened, day))
        return Frame(meeting, mandate, call_of(meeting, mandate.setting))

    return {meeting.code: framed(meeting) for meeting in calendar_on(session, day, in_force(day)).meetings}


@by_two("meeting.added")
def add_meeting(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """A consultation by its document. ``content``: the keys of [[meetings]] of a mandate file, days as ISO texts."""
    meeting, _warnings = looked_at(op.session(), content, op.today)
    assert meeting.code == subject, "a meeting is called by its code"
    op.session.add(AddedMeeting(code=meeting.code, content=canonical(content), seq=op.next_seq))
    return Fact(on=f"meeting:{subject}", data={"meeting": dict(content), "code": subject})


def looked_at(session: Session, content: Mapping[str, Any], today: date) -> tuple[Meeting, tuple[Finding, ...]]:
    """The meeting and what an officer reads before adding it; refused where it cannot be added."""
    meeting = added_meeting(content)
    if AUTHORITY.get(meeting.kind) != meeting.authority:
        raise Refused("Officers add additional and regional consultations; all else is laid down in the mandate.")
    if len(meeting.code) > LONGEST_CODE:
        raise Refused("The code has at most {n} characters.", n=LONGEST_CODE, field="code")
    if meeting.first_day <= today:
        raise Refused(
            "{day} is not ahead: a meeting is added before it takes place.", day=meeting.first_day, field="days"
        )
    found = fits(meeting, calendar_on(session, today))
    for finding in found:
        if finding.grade == "fault":
            raise Refused(finding.sentence, **finding.values)
    return meeting, found
