"""How long personal data are kept, by the mandate: what is over its time is erased (fund practice).

A person is kept as long as the longest of what that person has: an application, a seat, money given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from trustfund.core.mandate import Mandate
from trustfund.core.periods import months_before
from trustfund.core.record import instant
from trustfund.core.refusal import Refused
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.fund import calendar_on, mandate_on
from trustfund.models.mail import Mail
from trustfund.models.people import Account, Erasure, SignIn
from trustfund.models.record import Event, Posting, head_of
from trustfund.operations.erasing import Person, Progress, drop, empty_again, erase, finish
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
_BOOKED = (
    select(Award.application_id, func.max(Posting.day).label("day"))
    .join(Event, Event.subject == Award.reference)
    .join(Posting, Posting.seq == Event.seq)
    .group_by(Award.application_id)
    .subquery()
)
_LAST = aliased(Event)
_ASKED = (
    select(
        Account.id.is_not(None).label("account"),
        func.coalesce(Account.reference, Application.reference).label("person"),
        or_(Application.seq > 0, IN_THE_RECORD).label("sent"),
        Application.meeting,
        Application.begun_at,
        _LAST.at.label("entered"),
        _BOOKED.c.day.label("booked"),
    )
    .outerjoin(Account, Account.id == Application.account_id)
    .outerjoin(_LAST, _LAST.seq == Application.seq)
    .outerjoin(_BOOKED, _BOOKED.c.application_id == Application.id)
    .order_by("account", "person")
)
"""Every application by its person: when it was last entered, and the day of the last posting of its awards."""


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
    finish(at)
    seen, _ = head_of(db.session())
    found = list(due(db.session(), at.date()))
    erased, still = [], []
    for n, (person, rule) in enumerate(found, 1):
        try:
            erase(person, why="", rule=rule, seen=seen, at=at)
            erased.append((person, rule))
        except Refused as refused:
            still.append(str(refused))
        progress(n, len(found))
    empty_again()
    return Kept(erased, _drop_drafts(at.date()), _drop_mails(at), still)


def due(session: Session, today: date) -> Iterator[tuple[Person, str]]:
    """Who is over the time, and by which setting of the mandate; each person once."""
    mandate = mandate_on(session, today)
    done = set(session.scalars(select(Erasure.person)))
    for person, rule in (
        *_applicants(session, mandate, today),
        *_accounts(session, mandate, today),
        *_donors(session, mandate, today),
    ):
        if person.reference not in done:
            done.add(person.reference)
            yield person, rule


def _applicants(session: Session, mandate: Mandate, today: date) -> Iterator[tuple[Person, str]]:
    """Who sent an application: by the last meeting, a draft's too; and where money was booked, by the last of both."""
    ended = {one.code: one.last_day for one in calendar_on(session, today, mandate).meetings}
    unfunded, funded = months_before(today, mandate.setting(UNFUNDED)), _first_year(mandate, today)
    for (account, reference), rows in groupby(session.execute(_ASKED), lambda row: (row.account, row.person)):
        asked = [(ended.get(row.meeting) or _last_touched(row), row.booked, row.sent) for row in rows]
        paid = [max(over, booked) for over, booked, _ in asked if booked]
        if not any(sent for *_, sent in asked) or max(over for over, *_ in asked) >= unfunded:
            continue
        if max(paid, default=date.min) < funded:
            yield Person("account" if account else "application", reference), FUNDED if paid else UNFUNDED


def _last_touched(row: Any) -> date:
    """Of an application whose meeting the calendar does not list any more: the day of its last entry, or its first."""
    return date.fromisoformat(row.entered[:10]) if row.entered else row.begun_at.date()


def _first_year(mandate: Mandate, today: date) -> date:
    """The first day of the years of which what was paid is kept."""
    return date(today.year - mandate.setting(FUNDED), 1, 1)


def _accounts(session: Session, mandate: Mandate, today: date) -> Iterator[tuple[Person, str]]:
    """Accounts that ended, or that a delegate made and never applied with: by their last entry and sign-in."""
    before = _midnight(months_before(today, mandate.setting(ACCOUNTS)))
    applies = select(Application.id).where(Application.account_id == Account.id).exists()
    uses = select(SignIn.token).where(SignIn.account_id == Account.id, SignIn.seen_at >= before).exists()
    asked = (
        select(Account.reference)
        .join(Event, Event.seq == Account.seq)
        .where(~applies, ~uses, Event.at < instant(before))
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
    """Donors who are individuals, and who writes for them: by the year of their last pledge or deposit, or where they
    gave nothing, of their last entry."""
    first = _first_year(mandate, today)
    pledges, deposits = (select(given.id).where(given.donor_id == Donor.id) for given in (Pledge, Deposit))
    later = or_(
        pledges.where(Pledge.announced_on >= first).exists(), deposits.where(Deposit.value_date >= first).exists()
    )
    gave = or_(pledges.exists(), deposits.exists())
    asked = (
        select(Donor.reference, Account.reference)
        .join(Event, Event.seq == Donor.seq)
        .outerjoin(Account, Account.donor_id == Donor.id)
        .where(Donor.type == "individual", ~later, or_(gave, Event.at < instant(_midnight(first))))
        .order_by(Donor.id, Account.id)
    )
    for donor, account in session.execute(asked):
        yield Person("donor", donor), FUNDED
        if account:
            yield Person("account", account), FUNDED


def _drop_drafts(today: date) -> int:
    """What was never sent, of meetings that are long over: the record knows nothing of it."""
    session = db.session()
    mandate = mandate_on(session, today)
    before, meetings = months_before(today, mandate.setting(DRAFTS)), calendar_on(session, today, mandate).meetings
    over = or_(
        Application.meeting.in_([one.code for one in meetings if one.last_day < before]),
        Application.meeting.not_in([one.code for one in meetings]) & (Application.begun_at < _midnight(before)),
    )
    unsent = (Application.seq == 0, ~IN_THE_RECORD, over)
    with housekeeping():
        drafts = list(session.scalars(select(Application.id).where(*unsent)))
        files = list(session.scalars(select(Document.stored).join(Application).where(*unsent)))
        drop(session, drafts)
    for stored in files:
        storage.remove(stored)
    return len(drafts)


def _drop_mails(at: datetime) -> int:
    """The text of mails that were handed over long ago, and to whom where no person is named, whose erasure would take
    it; that one was sent, and when, stays a while longer."""
    before = _midnight(months_before(at.date(), mandate_on(db.session(), at.date()).setting(MAIL)))
    nobody = (Mail.person == "") & (Mail.recipient != "")
    with housekeeping():
        done: Any = db.session.execute(
            update(Mail)
            .where(Mail.taken_at < before, or_(Mail.text != "", nobody))
            .values(text="", subject="", recipient=case((Mail.person == "", ""), else_=Mail.recipient))
        )
    return int(done.rowcount)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
