"""Donors are reminded by mail before an instalment is due, and after, until it is paid. Each reminder is an entry."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from trustfund.core.instalments import Standing
from trustfund.core.mandate import Mandate
from trustfund.core.money import Money, major
from trustfund.core.refusal import sentence
from trustfund.core.roles import SYSTEM, Role
from trustfund.extensions import db
from trustfund.models.contributions import Instalment, Notice, Pledge
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.operations.instalments import OWES, standing_of
from trustfund.operations.operation import Fact, Operation, writing
from trustfund.operations.outbox import page_of, post

SAID = {
    "before": (
        sentence("An instalment of your contribution is due soon"),
        sentence(
            "{amount} of your contribution under {document} is due on {day}. The call for it says where to pay:\n\n"
            "{address}\n\nAll instalments and what is paid of them stand under “My contributions”."
        ),
    ),
    "after": (
        sentence("An instalment of your contribution is overdue"),
        sentence(
            "{amount} of your contribution under {document} was due on {day}, and the fund has not received it. Where "
            "it is on its way, nothing needs to be done. The call for it says where to pay:\n\n{address}\n\n"
            "All instalments and what is paid of them stand under “My contributions”."
        ),
    ),
}
"""Kind of a reminder -> its subject and its text."""


def remind(at: datetime) -> int:
    """Reminders that are due: how many were sent. The clock's deed; where none is due nobody waits for it."""
    if not any(_due(db.session(), mandate_on(db.session(), at.date()), at.date())):
        return 0
    with writing(by=SYSTEM, at=at) as op:
        return sum(_sent(op, *one) for one in [*_due(op.session(), op.mandate, op.today)])


Due = tuple[Instalment, Standing, str, list[Account]]


def _due(session: Session, mandate: Mandate, today: date) -> Iterator[Due]:
    """Unpaid instalments of which their donor is to be reminded today; a donor without an account cannot be."""
    before, after, every = (
        timedelta(days=mandate.setting(f"days_{name}"))
        for name in ("from_reminder_to_instalment", "from_instalment_to_reminder", "between_instalment_reminders")
    )
    near = select(Instalment.pledge_id).where(Instalment.due_on <= today + before)
    owing = select(Pledge).where(Pledge.state.in_(OWES), Pledge.id.in_(near)).order_by(Pledge.id)
    pledges = session.scalars(owing.options(selectinload(Pledge.instalments).selectinload(Instalment.notices))).unique()
    found = [
        (row, standing, kind)
        for pledge in pledges
        for row, standing in zip(pledge.instalments, standing_of(pledge), strict=True)
        if standing.owed and (kind := _kind(row, today, before, after, every))
    ]
    accounts = _accounts(session, {row.pledge.donor_id for row, _, _ in found})
    yield from ((*one, readers) for one in found if (readers := accounts.get(one[0].pledge.donor_id)))


def _kind(row: Instalment, today: date, before: timedelta, after: timedelta, every: timedelta) -> str:
    """Which reminder is due today of an unpaid instalment; empty where none is."""
    if today < row.due_on:
        told = any(notice.kind == "before" for notice in row.notices)
        return "before" if today >= row.due_on - before and not told else ""
    last = max((notice.at.date() for notice in row.notices if notice.kind == "after"), default=None)
    return "after" if today >= (row.due_on + after if last is None else last + every) else ""


def _accounts(session: Session, donors: set[int]) -> dict[int, list[Account]]:
    """Donor -> its accounts that are not ended."""
    found: dict[int, list[Account]] = {}
    for account in session.scalars(
        select(Account).where(Account.donor_id.in_(donors), Account.ended_at.is_(None)).order_by(Account.id)
    ).unique():
        if account.donor_id:
            found.setdefault(account.donor_id, []).append(account)
    return found


def _sent(op: Operation, row: Instalment, standing: Standing, kind: str, readers: list[Account]) -> int:
    pledge = row.pledge
    subject, text = SAID[kind]
    amount = Money(major(standing.owed, pledge.currency), pledge.currency)
    call = page_of(Role.DONOR, f"pledges/{pledge.reference}/calls/{row.number}.pdf")
    for account in readers:
        post(account, subject, text, amount=amount, document=pledge.document, day=row.due_on, address=call)
    notice = Notice(instalment=row, kind=kind, recipients=len(readers), at=op.recorded_at, seq=op.next_seq)
    op.session.add(notice)
    data = {
        "donor": pledge.donor.reference,
        "instalment": row.number,
        "kind": kind,
        "recipients": len(readers),
        "due_on": row.due_on.isoformat(),
        "owed": standing.owed,
        "currency": pledge.currency,
    }
    op.append("reminder.sent", Fact(on=pledge.reference, data=data))
    return 1
