"""Preparatory activities are paid from a surplus only: proposed, agreed by two approving officers, paid by a fourth."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core import award_books
from trustfund.core.ledger import Posting, credit, debit, entry
from trustfund.core.money import amount_of, major, minor, rounded
from trustfund.core.refusal import Refused, SeparationOfDuties, Stale
from trustfund.core.surplus import Facts, Test, tests_of
from trustfund.models.activities import Activity, ActivityAct, ActivityPayment
from trustfund.models.fund import MandateVersion, mandate_on, reserve_of
from trustfund.models.record import pots
from trustfund.operations import allotments
from trustfund.operations.award_deeds import books_of_subject, words
from trustfund.operations.candidates import field_of
from trustfund.operations.meetings import frames_on
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.receivables import known_bank_account
from trustfund.services import chance, keys

APPROVALS = 2
"""Whatever the amount (rules of the fund, 6)."""
NIL = Decimal("0.00")


class NoSurplus(Refused):
    """Money goes to journeys first. ``tests``: every test that fails, for a page that says them in one's language."""

    status = 409

    def __init__(self, failing: list[Test]):
        first = failing[0]
        super().__init__(first.sentence, **first.values)
        self.tests = failing


@deed("activity.proposed")
def propose(op: Operation, title: str, *, text: str, document: str, amount: str) -> Fact:
    """An activity that a surplus could pay. Refused while there is none, saying which test fails and by how much."""
    cost = minor(amount_of(amount, "USD"), "USD")
    title = words(" ".join(title.split()), "title", 200)
    activity = Activity(
        reference=chance.reference("X"),
        title=title,
        words=words(text, "text"),
        document=words(document, "document", 120),
        cost=cost,
        charge=cost + support_on(op.session(), cost, op.today),
        stage="proposed",
        seq=op.next_seq,
    )
    _tested(op, activity)
    op.session.add(activity)
    op.session.flush()
    _act(op, activity, "propose")
    told = {name: getattr(activity, name) for name in ("title", "document", "cost", "charge")}
    seal = keys.seal_of(op.by, activity.words.encode())
    return Fact(on=activity.reference, after="proposed", data={"activity": told, "seal": seal})


@deed("activity.approved")
def approve(op: Operation, reference: str, *, seen: int) -> Fact:
    """An approving officer agrees; with the second one the charge is committed, from free money only."""
    activity = _seen(op, reference, seen, "proposed")
    _tested(op, activity)
    _act(op, activity, "approve")
    given = sum(one.act == "approve" for one in _acts(op, activity))
    if given < APPROVALS:
        return _moved(op, activity, "proposed", data={"approvals": given, "needed": APPROVALS})
    post = award_books.approved({"": activity.charge}, op.today)
    return _moved(op, activity, "approved", post=post, data={"approvals": given, "needed": APPROVALS})


@deed("activity.spent")
def pay(
    op: Operation,
    reference: str,
    *,
    seen: int,
    amount: str,
    value_date: date,
    bank_reference: str,
    bank_account: str = "main",
) -> Fact:
    """A part of the activity, or all of it, is paid: expense with its support cost, within what was approved."""
    activity = _seen(op, reference, seen, "approved")
    cents, account = minor(amount_of(amount, "USD"), "USD"), known_bank_account(op, bank_account)
    spent = sum(one.usd for one in activity.payments)
    if spent + cents > activity.cost:
        raise Refused(
            "Of this activity {left} is not yet paid; no more was approved.",
            left=major(activity.cost - spent, "USD"),
            field="amount",
        )
    if value_date > op.today:
        raise Refused("{day} lies ahead. Enter the day on which it happened.", day=value_date, field="value_date")
    text = words(bank_reference, "bank_reference", 80)
    taken = select(ActivityPayment.id).where(
        ActivityPayment.bank_account == account, ActivityPayment.bank_reference == text
    )
    if op.session.scalar(taken):
        raise Refused(
            "The bank reference {reference} is recorded already. Nothing has been changed.",
            reference=text,
            field="bank_reference",
        )
    _act(op, activity, "pay")
    known = books_of_subject(op.session(), reference)
    support = support_on(op.session(), spent + cents, value_date) - sum(known.support.values())
    op.session.add(
        ActivityPayment(
            activity_id=activity.id,
            usd=cents,
            value_date=value_date,
            bank_account=account,
            bank_reference=text,
            seq=op.next_seq,
        )
    )
    post = entry(
        debit("preparatory-activities", "USD", cents, cents, value_date),
        credit(f"cash:{account}", "USD", cents, cents, value_date),
        debit("support-cost", "USD", support, support, value_date),
        credit("support-cost-payable", "USD", support, support, value_date),
        debit("committed", "USD", cents + support, cents + support, value_date),
        credit("commitments", "USD", cents + support, cents + support, value_date),
    )
    told = {"usd": cents, "value_date": value_date.isoformat(), "bank_account": account, "bank_reference": text}
    return _moved(op, activity, "approved", post=post, data={"payment": told})


@deed("activity.closed")
def close(op: Operation, reference: str, *, seen: int) -> Fact:
    """All is paid: what was not used of the commitment is free again."""
    activity = _seen(op, reference, seen, "approved")
    return _moved(op, activity, "closed", post=_released(op, reference))


@deed("activity.cancelled")
def cancel(op: Operation, reference: str, *, seen: int) -> Fact:
    """It will not be done; nothing was paid of it."""
    activity = _seen(op, reference, seen, "proposed", "approved")
    if activity.payments:
        raise Refused("A part of this activity is paid: close it instead. Nothing has been changed.")
    return _moved(op, activity, "cancelled", post=_released(op, reference))


def _released(op: Operation, reference: str) -> tuple[Posting, ...]:
    return award_books.released(books_of_subject(op.session(), reference), op.today)


def support_on(session: Session, cents: int, day: date) -> int:
    """Programme support cost on an expense, in cents."""
    usd = major(cents, "USD")
    return sum(minor(rounded(usd * fee.rate), "USD") for fee in mandate_on(session, day).fees_on(day, "expenditure"))


def facts_of(session: Session, at: datetime) -> Facts:
    """What the tests of the surplus look at, as it is now."""
    today = at.date()
    mandate, frames = mandate_on(session, today), frames_on(session, today)
    ahead = [frame for frame in frames.values() if frame.meeting.first_day > today]
    allotted, without_call = NIL, []
    without, unscreened = Counter[str](), Counter[str]()
    for frame in ahead:
        code = frame.meeting.code
        mine = allotments.allotment_of(session, code)
        if mine:
            allotted += max(major(mine.usd, "USD") - allotments.used(session, code, today), NIL)
        else:
            without_call.append(frame.meeting)
        if at >= frame.call.opens:
            field = field_of(session, frame, at)
            without[code] = sum(candidate.held is None for candidate in field.candidates)
            unscreened[code] = field.unscreened
    needed = sum(allotments.needs_of(session, without_call, mandate, today).values(), NIL)
    free = pots(session, reserve_of(session, today), today).get("")
    changed = session.scalar(
        select(MandateVersion.effective).order_by(MandateVersion.effective.desc(), MandateVersion.seq.desc()).limit(1)
    )
    first = session.scalar(select(MandateVersion.effective).order_by(MandateVersion.seq).limit(1))
    return Facts(
        without_seat=dict(without),
        unscreened=dict(unscreened),
        spendable=free.spendable if free else NIL,
        allotted=allotted,
        needed=needed,
        changed_on=changed if changed != first else None,
        days_unchanged=mandate.setting("days_settings_unchanged_for_surplus"),
    )


def _tested(op: Operation, activity: Activity) -> None:
    tests = tests_of(facts_of(op.session(), op.recorded_at), major(activity.charge, "USD"), op.today)
    failing = [test for test in tests if not test.holds]
    if failing:
        raise NoSurplus(failing)


def _seen(op: Operation, reference: str, seen: int, *stages: str) -> Activity:
    activity = op.one(Activity, reference=reference)
    if activity.seq != seen:
        raise Stale(
            "This activity has changed since you opened the page: entry {entry} of the record. Look at it again. "
            "Nothing has been changed.",
            entry=activity.seq,
        )
    if activity.stage not in stages:
        raise Refused("This cannot be done with the activity any more, or not yet. Nothing has been changed.")
    return activity


def _acts(op: Operation, activity: Activity) -> list[ActivityAct]:
    return list(op.session.scalars(select(ActivityAct).where(ActivityAct.activity_id == activity.id)))


def _act(op: Operation, activity: Activity, what: str) -> None:
    """One person proposes, approves or pays; another does the next."""
    assert op.account is not None
    mine = next((one for one in _acts(op, activity) if one.by_id == op.account.id), None)
    if mine and (mine.act, what) != ("pay", "pay"):
        raise SeparationOfDuties("You acted on this activity already; another officer must. Nothing has been changed.")
    if mine is None:
        op.session.add(
            ActivityAct(activity_id=activity.id, act=what, by_id=op.account.id, at=op.recorded_at, seq=op.next_seq)
        )
        op.session.flush()


def _moved(op: Operation, activity: Activity, stage: str, *, post=(), data=None) -> Fact:  # type: ignore[no-untyped-def]
    before, activity.stage, activity.seq = activity.stage, stage, op.next_seq
    return Fact(on=activity.reference, before=before, after=stage, post=post, data=data or {})


def activity_of(session: Session, reference: str) -> Activity | None:
    return session.scalars(select(Activity).where(Activity.reference == reference)).unique().first()
