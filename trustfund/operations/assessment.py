"""The facts of an application, put before the rules: what is missing, and every rule that it fails."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from trustfund.core import record
from trustfund.core.calendar import Meeting
from trustfund.core.costs import days_of_journey, nights_of
from trustfund.core.countries import state
from trustfund.core.country_amendments import Amendment
from trustfund.core.country_status import Status, status_on
from trustfund.core.eligibility import Failure, Journey, Request, failed_rules
from trustfund.core.lifecycle import ALIVE
from trustfund.core.mandate import Mandate
from trustfund.core.refusal import sentence
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award, overdue, stands
from trustfund.models.fund import amendments_of, calendar_on, mandates_of
from trustfund.operations.meetings import Frame, frame_of

NEEDED = (
    ("state", sentence("your State")),
    ("full_name", sentence("your name, as in the passport")),
    ("date_of_birth", sentence("your date of birth")),
    ("email", sentence("your e-mail address")),
    ("position", sentence("your position")),
    ("organisation", sentence("your ministry or organization")),
    ("home_city", sentence("the city from which you travel")),
)
"""What a complete file has, beside the nomination: column, and what to call it."""


def missing(application: Application) -> tuple[str, ...]:
    """What the file still lacks: English keys, in the order of the pages."""
    return tuple(words for column, words in NEEDED if not getattr(application, column))


def nominated(application: Application, documents: Sequence[Document], at: datetime, days_for_note: int) -> bool:
    """Whether the note verbale is there with reference, date and file, or promised and its days are not over.

    The secretariat holds the file of an application that it imported.
    """
    if application.note_verbale and application.note_verbale_date and (documents or application.account_id is None):
        return True
    since = application.completed_at or at
    return application.note_to_follow and at <= since + timedelta(days=days_for_note)


def status_of(application: Application, frame: Frame, amendments: Iterable[Amendment]) -> Status:
    """The status of its State on the first day of the meeting."""
    return status_on(state(application.state), frame.meeting.first_day, frame.mandate.setting, amendments=amendments)


def request_of(
    application: Application,
    frame: Frame,
    status: Status | None,
    at: datetime,
    *,
    documents: Sequence[Document],
    others: Sequence[Journey] = (),
    overdue: Sequence[str] = (),
) -> Request:
    """What the rules look at. ``status``: None where the State is not known yet."""
    meeting, setting = frame.meeting, frame.mandate.setting
    before, after = setting("arrive_days_before"), setting("leave_days_after")
    arrival, departure = days_of_journey(meeting.days, before=before, after=after)
    return Request(
        state=application.state,
        participation=status.participation if status else "member-state",
        category=status.category if status else "developing",
        host_state=meeting.country,
        meeting=meeting.code,
        meeting_kind=meeting.kind,
        meeting_cities=tuple(dict.fromkeys(meeting.place.values())),
        first_day=meeting.first_day,
        first_night=arrival,
        last_night=departure - timedelta(days=1),
        late_until=frame.call.late_until,
        zone=meeting.zone,
        home_city=application.home_city,
        note_verbale=nominated(application, documents, at, setting("days_for_note_verbale")),
        missing=missing(application),
        completed_at=application.completed_at or at,
        other_journeys=tuple(others),
        overdue_claims=tuple(overdue),
        paid_elsewhere=application.paid_elsewhere,
        word_withdrawn=application.endorsed is False,
    )


def failures_of(
    session: Session, application: Application, at: datetime, *, by_name: bool = False
) -> tuple[Failure, ...]:
    """Every rule that an application fails at an instant, read from the database. ``by_name``: an officer asks."""
    frame = frame_of(session, application.meeting, at.date())
    status = status_of(application, frame, amendments_of(session)) if application.state else None
    request = request_of(
        application,
        frame,
        status,
        at,
        documents=application.documents,
        others=journeys_of(session, application, at.date(), by_name=by_name),
        overdue=overdue_claims(session, application, at.date(), by_name=by_name),
    )
    return failed_rules(request, frame.mandate.eligibility, frame.mandate.setting)


def journeys_of(session: Session, application: Application, day: date, *, by_name: bool) -> list[Journey]:
    """An earlier application of the same person for the same meeting, and seats that stand at other meetings.

    A person is known by the account, and to officers also by names and date of birth: who types a colleague's name must
    learn nothing by it.
    """
    who: list[ColumnElement[bool]] = []
    if application.account_id:
        who.append(Application.account_id == application.account_id)
    if by_name and application.folded and application.date_of_birth:
        who.append(
            (Application.folded == application.folded) & (Application.date_of_birth == application.date_of_birth)
        )
    if not who:
        return []
    seats = select(Award.id).where(Award.application_id == Application.id, stands(day)).correlate(Application).exists()
    earlier = (Application.meeting == application.meeting) & (Application.id < application.id)
    found = session.scalars(
        select(Application.meeting)
        .where(Application.id != application.id, Application.stage.in_(ALIVE), or_(*who))
        .where(earlier | ((Application.meeting != application.meeting) & seats))
        .order_by(Application.id)
    ).all()
    if not found:
        return []
    calendar = calendar_on(session, day)
    meetings = [calendar.meeting(code) for code in found]
    return [_journey(*one) for one in zip(meetings, mandates_of(session, meetings, day), strict=True)]


def overdue_claims(session: Session, application: Application, day: date, *, by_name: bool) -> list[str]:
    """The meetings from which this person came back and did not claim in time: they bar another award."""
    who: list[ColumnElement[bool]] = []
    if application.account_id:
        who.append(Award.account_id == application.account_id)
    if by_name and (person := person_of(application)):
        who.append(Award.person == person)
    if not who:
        return []
    late = select(Award.meeting).where(overdue(day), or_(*who))
    return list(session.scalars(late.order_by(Award.id)))


def person_of(application: Application) -> str:
    """By what the database knows that two applications are one person's: a digest of names and date of birth."""
    if not (application.folded and application.date_of_birth):
        return ""
    return hashlib.sha256(f"{application.folded}|{application.date_of_birth}".encode()).hexdigest()


def journey_to(session: Session, code: str, day: date) -> Journey:
    frame = frame_of(session, code, day)
    return _journey(frame.meeting, frame.mandate)


def _journey(meeting: Meeting, mandate: Mandate) -> Journey:
    before, after = mandate.setting("arrive_days_before"), mandate.setting("leave_days_after")
    nights = nights_of(meeting.days, before=before, after=after)
    return Journey(meeting.code, nights[0], nights[-1])


def kept(application: Application) -> dict[str, object]:
    """What the record says of an application whenever it moves."""
    return {
        "public": application.public,
        "meeting": application.meeting,
        "state": application.state,
        "completed_at": canonical_instant(application.completed_at),
    }


def canonical_instant(moment: datetime | None) -> str | None:
    """An instant as the record writes it, or None."""
    return record.instant(moment) if moment else None
