"""The officers' desk: what waits for this officer, the most urgent first, and what waits for the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template, url_for
from flask_login import current_user
from sqlalchemy import case, func, literal, null, or_, select

from trustfund.core.calendar import Meeting
from trustfund.core.roles import MAY, Function, Role, may
from trustfund.core.working_days import working_days_after
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.applications import Application, Screening
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.people import Account, Designation
from trustfund.models.record import Event
from trustfund.models.selections import Proposal
from trustfund.models.statements import StatementLine
from trustfund.operations import instalments, undelivered
from trustfund.operations.donors import NAMED_BY
from trustfund.operations.matching import IN_SUSPENSE
from trustfund.services import clock
from trustfund.web import fund, officers_awards_desk, officers_meetings, officers_money, public_meetings
from trustfund.web.officers import bp
from trustfund.web.officers_proposals import ASKED
from trustfund.web.public_meetings import Entry

OWN, SHARED, FOLLOWED, OTHERS = range(4)
"""Whose a task is: this officer’s by function, any officer’s, an outsider’s whom an officer can remind, others’."""
STEP_DEED = {"allotment": "allotment.fixed", "value": "call.closed"}
"""Step of a meeting -> the deed that does it; all later ones are the selection."""
PLEDGES = {
    "announced": "agreement.recorded",
    "conditional": "condition.met",
    "agreed": "deposit.recorded",
    "part-paid": "deposit.recorded",
}
OUTSIDE = {"conditional", "agreed", "part-paid", "overdue", "claim.submitted"}
"""What waits for a donor or a traveller."""


@dataclass(frozen=True)
class Task:
    """A line of the desk. ``what``: the deed that waits, or the word by which the page knows it; ``deed``: by whose
    right it is done, where that is another; ``due``: the day by which, None where no day is fixed; ``more``: what its
    hint says; ``barred``: whether this officer is kept from it although the functions would allow it."""

    what: str
    address: str
    n: int = 1
    due: date | None = None
    entry: Entry | None = None
    deed: str = ""
    more: Any = None
    barred: bool = False

    @property
    def meeting(self) -> Meeting | None:
        return self.entry.meeting if self.entry else None

    @property
    def who(self) -> list[Function]:
        """The functions that do it."""
        return [function for function in Function if function in MAY[self.deed or self.what]]

    def whose(self, account: Account, today: date) -> int:
        allowed = MAY[self.deed or self.what]
        if self.barred or not may(self.deed or self.what, Role(account.role), account.functions_on(today)):
            return OTHERS
        if self.what in OUTSIDE:
            return FOLLOWED
        return SHARED if Role.OFFICER in allowed or allowed >= {*Function} else OWN


@bp.get("/")
def desk() -> str:
    """Read in a fixed number of statements, however much waits."""
    account, today = current_user.account, clock.today()
    entries = db.session.execute(
        select(Event.seq, Event.at, Event.actor, Event.action, Event.subject, Event.hash, Account.name)
        .outerjoin(Account, Account.reference == Event.actor)
        .order_by(Event.seq.desc())
        .limit(6)
    ).all()
    known = public_meetings.entries(clock.now())
    found = [(task.whose(account, today), task) for task in _tasks(account, known)]
    found.sort(key=lambda one: (one[0], one[1].due or today))  # what has no day is due today
    return render_template(
        "officers/desk.html",
        state=fund.state(),
        money=officers_money.warning(entries[0].hash if entries else ""),
        mails=undelivered.in_trouble(clock.real_now()),
        today=today,
        mine=[task for whose, task in found if whose != OTHERS],
        others=[task for whose, task in found if whose == OTHERS],
        ahead=_ahead(known, today)[:3],
        entries=entries,
        functions=sorted(account.functions_on(today)),
    )


def _tasks(account: Account, known: list[Entry]) -> Iterator[Task]:
    """All that waits, in the order of the journey, but for what this officer alone may not do."""
    yield from _of_meetings(known)
    yield from _of_awards(account, known)
    yield from _refusals(account, known)
    yield from _proposals(account)
    yield from _contributions(account)
    yield from _designations(account)


def _of_meetings(known: list[Entry]) -> Iterator[Task]:
    due, to_screen = officers_meetings.awaited(clock.now(), known)
    for entry, step in due:
        by = entry.day(entry.call.opens) if entry.stage == "ahead" else entry.selection_day
        address = url_for(".meeting", code=entry.meeting.code)
        yield Task(STEP_DEED.get(step, "selection.kept"), address, due=by, entry=entry)
    for one in to_screen:
        address = url_for(".applications", stage="submitted", meeting=one.entry.meeting.code)
        yield Task("application.accepted", address, one.n, one.entry.selection_day, one.entry, more=one.days)
    for one in to_screen:
        if one.completion:
            address = url_for(".application", reference=one.completion)
            yield Task("completion.confirmed", address, one.completions, one.entry.selection_day, one.entry)


def _of_awards(account: Account, known: list[Entry]) -> Iterator[Task]:
    for one in officers_awards_desk.awaited(account, clock.today(), known):
        yield Task(one.action, one.address, one.n, one.due, one.entry)


def _refusals(account: Account, known: list[Entry]) -> Iterator[Task]:
    """Those that another officer proposed, and how many of them can be confirmed: their days to answer are over."""
    terms = {e.meeting.code: e.mandate.setting("working_days_to_answer_refusal") for e in known}
    found = db.session.execute(
        select(Application.meeting, Screening.at)
        .join(Screening, (Screening.application_id == Application.id) & (Screening.seq == Application.seq))
        .where(Application.stage == "refusal-proposed", Screening.by_id != account.id)
    ).all()
    if found:
        days = sorted(working_days_after(row.at.date(), terms[row.meeting]) + timedelta(days=1) for row in found)
        over = sum(day <= clock.today() for day in days)
        address = url_for(".applications", stage="refusal-proposed")
        yield Task("refusal.confirmed", address, len(found), None if over else days[0], more=(over, days[0]))


def _proposals(account: Account) -> Iterator[Task]:
    """Of other officers, together where the same functions confirm them."""
    found = select(Proposal.deed, func.count()).where(Proposal.stage == "waiting", Proposal.by_id != account.id)
    counted: dict[Any, dict[str, int]] = {}
    for deed, n in db.session.execute(found.group_by(Proposal.deed).order_by(Proposal.deed)):
        counted.setdefault(MAY[deed], {})[deed] = n
    for deeds in counted.values():
        asked = [say(ASKED[deed]) for deed in deeds]
        yield Task("proposal.confirmed", url_for(".proposals"), sum(deeds.values()), deed=min(deeds), more=asked)


def _contributions(account: Account) -> Iterator[Task]:
    """Donors, their pledges, and their money in the bank."""
    counted = _counted(account)
    if n := counted["donors"][0]:
        free = n - counted["their own"][0]
        yield Task("donor.accepted", url_for(".donors", stage="waiting"), free or n, barred=not free)
    if n := counted["unapplied"][0]:
        yield Task("deposit.attached", url_for(".pledges"), n)
    for state, deed in PLEDGES.items():
        if state in counted:
            yield Task(state, url_for(".pledges", stage=state), *counted[state], deed=deed)
    n, first = counted["overdue"]
    if n:
        yield Task("overdue", url_for(".pledges", stage="overdue"), n, first, deed="deposit.recorded")
    if n := counted["lines"][0]:
        yield Task("line.matched", url_for(".suspense_lines"), n)


def _counted(account: Account) -> dict[str, tuple[int, date | None]]:
    """What waits -> how much of it and its first day, in one statement.

    Who registered or changed a donor leaves it to another to accept.
    """
    waits = Donor.accepted_seq.is_(None)
    theirs = Event.action.in_(NAMED_BY) & (Event.actor == account.reference)
    their_own = select(Event.seq).where(Event.subject == Donor.reference, theirs).exists()
    of_itself = (Pledge.state == "announced") | ~Pledge.instalments.any()  # instalments have days of their own
    late = instalments.overdue(clock.today()).subquery()
    found = db.session.execute(
        select(Pledge.state, func.count(), func.min(case((of_itself, Pledge.expected_on))))
        .where(Pledge.state.in_(PLEDGES))
        .group_by(Pledge.state)
        .union_all(
            select(literal("unapplied"), func.count(), null()).where(Deposit.pledge_id.is_(None)),
            select(literal("donors"), func.count(), null()).where(waits),
            select(literal("their own"), func.count(), null()).where(waits, their_own),
            select(literal("overdue"), func.count(), func.min(late.c.due_on)),
            select(literal("lines"), func.count(StatementLine.id), null()).where(*IN_SUSPENSE),
        )
    )
    return {what: (n, first) for what, n, first in found}


def _designations(account: Account) -> Iterator[Task]:
    """Those that a second officer has yet to confirm; who made one, or whom it is for, leaves it to another."""
    apart = (Designation.account_id != account.id) & (Designation.made_by_id != account.id)
    n, free, first = db.session.execute(
        select(func.count(), func.count(case((apart, 1))), func.min(Designation.from_day)).where(
            Designation.confirmed_by_id.is_(None),
            Designation.ended_on.is_(None),
            or_(Designation.to_day.is_(None), Designation.to_day >= clock.today()),
        )
    ).one()
    if n:
        yield Task("designation.confirmed", url_for(".designations"), free or n, first, barred=not free)


def _ahead(known: Iterable[Entry], today: date) -> list[tuple[date, str, Entry]]:
    """What the calendar brings next: (day, what, meeting), the nearest first."""
    found = [
        one
        for entry in known
        for one in (
            (entry.day(entry.call.opens), "opens", entry),
            (entry.day(entry.call.closes), "closes", entry),
            *([] if entry.run else [(entry.selection_day, "selection", entry)]),
            (entry.meeting.first_day, "begins", entry),
        )
        if one[0] > today
    ]
    return sorted(found, key=lambda one: one[0])
