"""How long personal data are kept, by the mandate: what is over its time is erased (fund practice).

A person is kept as long as the longest of what that person has: an application, a seat, money given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from trustfund.core.mandate import Mandate
from trustfund.core.periods import months_before
from trustfund.core.record import instant
from trustfund.core.refusal import Refused
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.awards import Award, seated
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.fund import calendar_on, mandate_on
from trustfund.models.mail import Mail
from trustfund.models.people import Account, Erasure
from trustfund.models.record import Event
from trustfund.operations.applications import files_of
from trustfund.operations.erasing import Person, Progress, drop, erase, finish, persons
from trustfund.operations.operation import housekeeping
from trustfund.services import storage

DRAFTS, UNFUNDED, FUNDED, ACCOUNTS, MAIL = (
    "months_to_keep_drafts",
    "months_to_keep_unfunded",
    "years_to_keep_funded",
    "months_to_keep_accounts",
    "months_to_keep_mail",
)
"""Settings of the mandate, by which something is due."""
IN_THE_RECORD = select(Event.seq).where(Event.subject == Application.reference).exists()
"""Of an application: it was sent, or a mission named it."""


@dataclass(frozen=True)
class Kept:
    """What a run of the retention did: persons erased, drafts and texts of mails dropped; and who was due but is open,
    with the sentence why."""

    erased: list[tuple[Person, str]]
    drafts: int
    mails: int
    open: list[str]


def run(at: datetime, progress: Progress = lambda n, of: None) -> Kept:
    """Erase what is over its time. Safe to repeat; each person is a deed of its own, so it can be cut off."""
    finish()
    found = list(due(db.session(), at.date()))
    erased, still = [], []
    for n, (person, rule) in enumerate(found, 1):
        try:
            erase(person, why="", rule=rule, at=at)
            erased.append((person, rule))
        except Refused as refused:
            still.append(str(refused))
        progress(n, len(found))
    return Kept(erased, _drop_drafts(at.date()), _drop_mails(at), still)


def due(session: Session, today: date) -> Iterator[tuple[Person, str]]:
    """Who is over the time, and by which setting of the mandate."""
    mandate = mandate_on(session, today)
    done = set(session.scalars(select(Erasure.person)))
    for person, rule in (
        *_applicants(session, mandate, today),
        *_accounts(session, mandate, today),
        *_donors(session, mandate, today),
    ):
        if person.reference not in done:
            yield person, rule


def _applicants(session: Session, mandate: Mandate, today: date) -> Iterator[tuple[Person, str]]:
    """Who sent an application: by the last meeting, and longer where a seat was approved."""
    ended = _ended_meetings(session, mandate, today)
    funded = select(Award.id).where(Award.application_id == Application.id, seated()).exists()
    reference = func.coalesce(Account.reference, Application.reference)
    asked = (
        select(
            reference.label("person"),
            func.max(case((Account.id.is_not(None), 1), else_=0)).label("account"),
            func.max(case((funded, 1), else_=0)).label("funded"),
            func.min(case((Application.meeting.in_(ended[UNFUNDED]), 1), else_=0)).label("over"),
            func.min(case((~funded | Application.meeting.in_(ended[FUNDED]), 1), else_=0)).label("paid_over"),
        )
        .outerjoin(Account, Account.id == Application.account_id)
        .where(or_(Application.seq > 0, IN_THE_RECORD))
        .group_by(reference)
        .order_by(reference)
    )
    for row in session.execute(asked):
        if row.over and row.paid_over:
            yield Person("account" if row.account else "application", row.person), FUNDED if row.funded else UNFUNDED


def _ended_meetings(session: Session, mandate: Mandate, today: date) -> dict[str, list[str]]:
    """Setting -> the meetings of which its time is over."""
    since = {
        DRAFTS: months_before(today, mandate.setting(DRAFTS)),
        UNFUNDED: months_before(today, mandate.setting(UNFUNDED)),
        FUNDED: date(today.year - mandate.setting(FUNDED), 1, 1),
    }
    meetings = calendar_on(session, today).meetings
    return {rule: [one.code for one in meetings if one.last_day < day] for rule, day in since.items()}


def _accounts(session: Session, mandate: Mandate, today: date) -> Iterator[tuple[Person, str]]:
    """Accounts that ended, or that a delegate made and never applied with: by their last entry."""
    before = _midnight(months_before(today, mandate.setting(ACCOUNTS)))
    applies = select(Application.id).where(Application.account_id == Account.id).exists()
    asked = (
        select(Account.reference)
        .join(Event, Event.seq == Account.seq)
        .where(~applies, Event.at < instant(before))
        .where(
            or_(
                Account.role == Role.DELEGATE,
                Account.role.in_((Role.MISSION, Role.DONOR)) & Account.ended_at.is_not(None),
            )
        )
        .order_by(Account.id)
    )
    for reference in session.scalars(asked):
        yield Person("account", reference), ACCOUNTS


def _donors(session: Session, mandate: Mandate, today: date) -> Iterator[tuple[Person, str]]:
    """Donors who are individuals: by the year of their last pledge or deposit."""
    first = date(today.year - mandate.setting(FUNDED), 1, 1)
    later = or_(
        select(Pledge.id).where(Pledge.donor_id == Donor.id, Pledge.announced_on >= first).exists(),
        select(Deposit.id).where(Deposit.donor_id == Donor.id, Deposit.value_date >= first).exists(),
    )
    gave = select(Pledge.id).where(Pledge.donor_id == Donor.id).exists()
    asked = select(Donor.reference).where(Donor.type == "individual", gave, ~later).order_by(Donor.id)
    for reference in session.scalars(asked):
        for person in persons(reference):
            yield person, FUNDED


def _drop_drafts(today: date) -> int:
    """What was never sent, of meetings that are long over: the record knows nothing of it."""
    session = db.session()
    over = _ended_meetings(session, mandate_on(session, today), today)[DRAFTS]
    with housekeeping():
        drafts = list(
            session.scalars(
                select(Application).where(Application.seq == 0, ~IN_THE_RECORD, Application.meeting.in_(over))
            ).unique()
        )
        files = [document.stored for draft in drafts for document in files_of(draft)]
        drop(session, [draft.id for draft in drafts])
    for stored in files:
        storage.remove(stored)
    return len(drafts)


def _drop_mails(at: datetime) -> int:
    """The text of mails that were handed over long ago; that one was sent, when and to whom stays a while longer."""
    before = _midnight(months_before(at.date(), mandate_on(db.session(), at.date()).setting(MAIL)))
    with housekeeping():
        done: Any = db.session.execute(
            update(Mail).where(Mail.taken_at < before, Mail.text != "").values(text="", subject="")
        )
    return int(done.rowcount)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
