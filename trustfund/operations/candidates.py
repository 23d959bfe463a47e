"""Who stands for the seats of a meeting: accepted applications that pass every rule, and seats already proposed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core.costs import dated_rates
from trustfund.core.countries import state
from trustfund.core.country_amendments import Amendment
from trustfund.core.country_status import Status, status_on
from trustfund.core.eligibility import Journey, failed_rules
from trustfund.core.money import major
from trustfund.core.planning import planned_cost
from trustfund.core.priority import Candidate
from trustfund.models.applications import Application, Document, Screening
from trustfund.models.awards import Award, overdue, seated, stands
from trustfund.models.fund import amendments_of, calendar_on
from trustfund.models.selections import PlaceRow, Selection
from trustfund.operations.allowances import planned_dsa_rates
from trustfund.operations.assessment import journey_to, person_of, request_of
from trustfund.operations.meetings import Frame


@dataclass
class Field:
    """The candidates of a run, and who is not among them: (public reference, codes of the rules)."""

    candidates: list[Candidate] = field(default_factory=list)
    refused: list[tuple[str, list[str]]] = field(default_factory=list)
    not_ranked: list[tuple[str, list[str]]] = field(default_factory=list)
    changes_asked: list[str] = field(default_factory=list)
    gave_back: list[str] = field(default_factory=list)  # seats that were declined, cancelled or not answered
    unscreened: int = 0
    marks: dict[str, list[str]] = field(default_factory=dict)  # State -> what must be read beside its status


def field_of(session: Session, frame: Frame, at: datetime) -> Field:
    """Read in a fixed number of statements, however many apply."""
    facts = _Facts(session, frame, at)
    made, code = Field(), frame.meeting.code
    for application in session.scalars(
        select(Application).where(Application.meeting == code).order_by(Application.id)
    ).unique():
        if application.id in facts.held:  # whatever an officer asks meanwhile
            made.candidates.append(_held_seat(application, facts))
        elif application.id in facts.gave_back:
            made.gave_back.append(application.public)
        elif application.stage == "submitted":
            made.unscreened += 1
        elif application.stage in ("changes-asked", "refusal-proposed"):
            made.changes_asked.append(application.public)
        elif application.stage == "refused":
            made.refused.append((application.public, facts.refusals.get(application.id, [])))
        elif application.stage == "accepted":
            _stands(made, facts, application, at)
    return made


def _stands(made: Field, facts: "_Facts", application: Application, at: datetime) -> None:
    failed = facts.failed(application, at)
    if failed or application.completed_at is None:
        made.not_ranked.append((application.public, failed))
        return
    status = facts.status(application.state)
    if status.marks:
        made.marks[application.state] = [str(mark) for mark in status.marks]
    made.candidates.append(
        Candidate(
            reference=application.public,
            state=application.state,
            region=status.region or "none",
            category=status.category,
            gender=application.gender or None,
            on_time=facts.frame.call.on_time(application.completed_at),
            government_order=application.government_order,
            completed_at=application.completed_at,
            earlier_seats=facts.earlier.get(application.state, 0),
            charge=facts.charge(application),
        )
    )


def _held_seat(application: Application, facts: "_Facts") -> Candidate:
    """A seat that was proposed keeps the status and the charge with which it was (rules of the fund, 1)."""
    seat = facts.held[application.id]
    completed_at = application.completed_at or application.begun_at
    return Candidate(
        reference=seat.seat,  # a delegate who was replaced leaves the seat as it was published
        state=seat.state,
        region=seat.region,
        category=seat.category,
        gender=seat.gender or None,
        on_time=facts.frame.call.on_time(completed_at),
        government_order=application.government_order,
        completed_at=completed_at,
        earlier_seats=facts.earlier.get(seat.state, 0),
        charge=major(seat.charge, "USD"),
        held=seat.position,
    )


class _Facts:
    """What is looked up once for all candidates of a meeting."""

    def __init__(self, session: Session, frame: Frame, at: datetime):
        self.frame = frame
        self._amendments: tuple[Amendment, ...] = amendments_of(session)
        self._statuses: dict[str, Status] = {}
        self._charges: dict[tuple[str, str], Decimal] = {}
        code, setting = frame.meeting.code, frame.mandate.setting
        self._dsa = planned_dsa_rates(session, frame, at.date())
        self._terminal = dated_rates(setting("terminal_rates"))
        self.with_document: dict[int, list[Document]] = defaultdict(list)
        for document in session.scalars(
            select(Document)
            .join(Application)
            .where(Application.meeting == code, Document.kind == "note-verbale")
            .order_by(Document.id)
        ):
            self.with_document[document.application_id].append(document)
        self.refusals = {
            row.application_id: row.codes.split()
            for row in session.execute(
                select(Screening.application_id, Screening.codes)
                .join(Application)
                .where(Application.meeting == code, Screening.act == "refusal.confirmed")
            )
        }
        self.held = _held(session, code, at.date())
        self.gave_back = set(session.scalars(select(Award.application_id).where(Award.meeting == code)))
        self.earlier = earlier_seats(session, frame, at)
        self._overdue = _overdue(session, at.date())
        self._same, self._seats = _persons(session, frame, at)

    def status(self, iso3: str) -> Status:
        if iso3 not in self._statuses:
            self._statuses[iso3] = status_on(
                state(iso3), self.frame.meeting.first_day, self.frame.mandate.setting, amendments=self._amendments
            )
        return self._statuses[iso3]

    def charge(self, application: Application) -> Decimal:
        key = application.state, application.home_city
        if key not in self._charges:
            self._charges[key] = planned_cost(
                self.frame.meeting,
                state(application.state),
                application.home_city,
                self.frame.mandate.setting,
                self.frame.mandate.fees,
                self._dsa,
                self._terminal,
            ).charge
        return self._charges[key]

    def failed(self, application: Application, at: datetime) -> list[str]:
        request = request_of(
            application,
            self.frame,
            self.status(application.state),
            at,
            documents=self.with_document[application.id],
            others=self._others(application),
            overdue=self._late(application),
        )
        found = failed_rules(request, self.frame.mandate.eligibility, self.frame.mandate.setting)
        return list(dict.fromkeys(failure.code for failure in found))

    def _late(self, application: Application) -> list[str]:
        keys = ("account", application.account_id), ("person", person_of(application))
        return list(dict.fromkeys(meeting for key in keys for meeting in self._overdue.get(key, ())))

    def _others(self, application: Application) -> list[Journey]:
        found: dict[str, Journey] = {}
        for key in _keys(application.account_id, application.folded, application.date_of_birth):
            if self._same.get(key, application.id) < application.id:
                found[self.frame.meeting.code] = self._own_nights
            for journey in self._seats.get(key, ()):
                found[journey.meeting] = journey
        return list(found.values())

    @property
    def _own_nights(self) -> Journey:
        day = self.frame.meeting.first_day
        return Journey(self.frame.meeting.code, day, day)


def earlier_seats(session: Session, frame: Frame, at: datetime) -> dict[str, int]:
    """State -> its seats in meetings that began earlier in the same phase, or in the process (rules of the fund, 3)."""
    whole = frame.mandate.setting("earlier_seats") == "process"
    meetings = [
        meeting.code
        for meeting in calendar_on(session, at.date()).meetings
        if meeting.first_day < frame.meeting.first_day and (whole or meeting.phase == frame.meeting.phase)
    ]
    rows = session.execute(
        select(Award.state, func.count()).where(Award.meeting.in_(meetings), seated()).group_by(Award.state)
    )
    return {row[0]: row[1] for row in rows}


def _held(session: Session, meeting: str, day: date) -> dict[int, Any]:
    """Application -> the seat that stands, with its place in the latest kept run, and its charge as it is now."""
    latest = select(func.max(Selection.run)).where(Selection.meeting == meeting, Selection.stage == "kept")
    rows = session.execute(
        select(
            Award.application_id,
            Award.seat,
            PlaceRow.position,
            PlaceRow.state,
            PlaceRow.region,
            PlaceRow.category,
            PlaceRow.gender,
            func.coalesce(Award.charge, PlaceRow.charge).label("charge"),
        )
        .join(PlaceRow, PlaceRow.public == Award.seat)
        .join(Selection, Selection.id == PlaceRow.selection_id)
        .where(Selection.meeting == meeting, Selection.run == latest.scalar_subquery())
        .where(Award.meeting == meeting, stands(day))
    )
    return {row.application_id: row for row in rows}


Key = tuple[object, ...]


def _persons(session: Session, frame: Frame, at: datetime) -> tuple[dict[Key, int], dict[Key, list[Journey]]]:
    """By person: the first application for this meeting that stands, and the journeys to other meetings with a seat."""
    first: dict[Key, int] = {}
    for row in session.execute(
        select(Application.id, Application.account_id, Application.folded, Application.date_of_birth)
        .where(Application.meeting == frame.meeting.code, Application.stage == "accepted")
        .order_by(Application.id)
    ):
        for key in _keys(row.account_id, row.folded, row.date_of_birth):
            first.setdefault(key, row.id)
    seats: dict[Key, list[Journey]] = defaultdict(list)
    journeys: dict[str, Journey] = {}
    for row in session.execute(
        select(Application.meeting, Application.account_id, Application.folded, Application.date_of_birth)
        .join(Award, Award.application_id == Application.id)
        .where(Application.meeting != frame.meeting.code, stands(at.date()))
    ):
        journey = journeys.setdefault(row.meeting, journey_to(session, row.meeting, at.date()))
        for key in _keys(row.account_id, row.folded, row.date_of_birth):
            seats[key].append(journey)
    return first, seats


def _overdue(session: Session, day: date) -> dict[Key, list[str]]:
    """By person: the meetings of claims that are overdue."""
    found: dict[Key, list[str]] = defaultdict(list)
    late = select(Award.account_id, Award.person, Award.meeting)
    for row in session.execute(late.where(overdue(day))):
        if row.account_id is not None:
            found["account", row.account_id].append(row.meeting)
        if row.person:
            found["person", row.person].append(row.meeting)
    return found


def _keys(account: int | None, folded: str, born: object) -> Iterable[Key]:
    """By what a person is known: the account, and names with the date of birth."""
    if account is not None:
        yield ("account", account)
    if folded and born:
        yield ("name", folded, born)
