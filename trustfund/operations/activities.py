"""Preparatory activities are paid from a surplus only: proposed, agreed by two approving officers, paid by a fourth."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, selectinload

from trustfund.core import award_books
from trustfund.core.ledger import COMMITTED, SPENT, Posting, credit, debit, entry
from trustfund.core.money import amount_of, major, minor
from trustfund.core.record import moment
from trustfund.core.refusal import NotHere, Refused, SeparationOfDuties, Stale, sentence
from trustfund.core.surplus import APPROVALS, Facts, Test, tests_of
from trustfund.models.activities import Activity, ActivityAct, ActivityPayment
from trustfund.models.fund import MandateVersion, mandate_on, reserve_of
from trustfund.models.record import Event, pots
from trustfund.models.record import Posting as PostingRow
from trustfund.operations import allotments
from trustfund.operations.award_deeds import books_of_subject, words
from trustfund.operations.bank_lines import dollars
from trustfund.operations.candidates import field_of
from trustfund.operations.meetings import frames_on
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.services import chance, keys

FOLLOWS = {
    "activity.approved": ("proposed",),
    "activity.spent": ("approved",),
    "activity.closed": ("approved",),
    "activity.cancelled": ("proposed", "approved"),
}
"""Deed -> the stages in which it can follow."""
NOT_NOW = sentence("This cannot be done with the activity any more, or not yet. Nothing has been changed.")
ACTED = sentence("You acted on this activity already; another officer must. Nothing has been changed.")
NIL = Decimal("0.00")


class NoSurplus(Refused):
    """Money goes to journeys first. ``tests``: every test that fails, for a page that says them in one's language."""

    rule = "money"
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
    activity = _seen(op, reference, seen, "activity.approved")
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
    activity = _seen(op, reference, seen, "activity.spent")
    line = dollars(op, bank_account, amount, value_date, bank_reference)
    cents, account = line.usd, line.bank_account
    spent = sum(one.usd for one in activity.payments)
    if spent + cents > activity.cost:
        raise Refused(
            "Of this activity {left} is not yet paid; no more was approved.",
            left=major(activity.cost - spent, "USD"),
            field="amount",
        )
    if value_date < (approved := _last(activity, "approve")):
        raise Refused("It was approved on {day}: nothing was paid of it before.", day=approved, field="value_date")
    _act(op, activity, "pay")
    known = books_of_subject(op.session(), reference)
    support = support_on(op.session(), spent + cents, _last(activity, "propose")) - sum(known.support.values())
    op.session.add(ActivityPayment(activity_id=activity.id, seq=op.next_seq, **line.kept))
    post = entry(
        debit("preparatory-activities", "USD", cents, cents, value_date),
        credit(f"cash:{account}", "USD", cents, cents, value_date),
        debit("support-cost", "USD", support, support, value_date),
        credit("support-cost-payable", "USD", support, support, value_date),
        debit("committed", "USD", cents + support, cents + support, value_date),
        credit("commitments", "USD", cents + support, cents + support, value_date),
    )
    return _moved(op, activity, "approved", post=post, data={"payment": line.told})


@deed("activity.closed")
def close(op: Operation, reference: str, *, seen: int) -> Fact:
    """All is paid: what was not used of the commitment is free again."""
    activity = _seen(op, reference, seen, "activity.closed")
    if not activity.payments:
        raise Refused("Nothing is paid of this activity: cancel it instead. Nothing has been changed.")
    return _moved(op, activity, "closed", post=_released(op, reference))


@deed("activity.cancelled")
def cancel(op: Operation, reference: str, *, seen: int) -> Fact:
    """It will not be done; nothing was paid of it."""
    activity = _seen(op, reference, seen, "activity.cancelled")
    if activity.payments:
        raise Refused("A part of this activity is paid: close it instead. Nothing has been changed.")
    return _moved(op, activity, "cancelled", post=_released(op, reference))


def _released(op: Operation, reference: str) -> tuple[Posting, ...]:
    return award_books.released(books_of_subject(op.session(), reference), op.today)


def support_on(session: Session, cents: int, day: date) -> int:
    """Programme support cost on an expense, in cents."""
    return mandate_on(session, day).fees_of(cents, day, "expenditure")


def _last(activity: Activity, act: str) -> date:
    """When it was proposed: the fees of that day hold until the last payment; or when the second officer approved."""
    return max(one.at.date() for one in activity.acts if one.act == act)


def facts_of(session: Session, at: datetime) -> Facts:
    """What the tests of the surplus look at, as it is now."""
    today = at.date()
    mandate, frames = mandate_on(session, today), frames_on(session, today)
    ahead = [frame for frame in frames.values() if frame.meeting.first_day > today]
    needs = allotments.needs_of(session, [frame.meeting for frame in ahead], mandate, today)
    given, taken = allotments.latest_allotments(session), allotments.taken(session, today)
    allotted, needed = NIL, NIL
    without, undecided = Counter[str](), Counter[str]()
    for frame in ahead:
        code, opened = frame.meeting.code, at >= frame.call.opens
        left = max(given.get(code, NIL) - taken.get(code, NIL), NIL)
        allotted += left
        if code not in given or not opened:
            needed += max(needs[code] - left, NIL)
        if opened:
            field = field_of(session, frame, at)
            without[code] = sum(candidate.held is None for candidate in field.candidates)
            undecided[code] = field.unscreened + len(field.changes_asked)
    free = pots(session, reserve_of(session, today), today).get("")
    return Facts(
        without_seat=dict(without),
        undecided=dict(undecided),
        spendable=free.spendable if free else NIL,
        allotted=allotted,
        needed=needed,
        changed_on=_changed_on(session, [frame.meeting.code for frame in ahead], today),
        days_unchanged=mandate.setting("days_settings_unchanged_for_surplus"),
    )


def _changed_on(session: Session, ahead: list[str], today: date) -> date | None:
    """When the mandate, the reserve or the allotment of a meeting ahead last changed: the day from which it holds, and
    never before the day on which it was recorded."""
    of_meetings = Event.subject.in_([f"meeting:{code}" for code in ahead])
    recorded = session.scalar(
        select(func.max(Event.at)).where(
            Event.action.in_(("mandate.amended", "closing.decided"))
            | ((Event.action == "allotment.changed") & of_meetings)
        )
    )
    first = select(func.min(MandateVersion.seq)).scalar_subquery()
    effective = session.scalar(
        select(func.max(MandateVersion.effective)).where(MandateVersion.seq > first, MandateVersion.effective <= today)
    )
    days = [moment(recorded).date() if recorded else None, effective]
    return max((day for day in days if day), default=None)


def tests_for(session: Session, activity: Activity, at: datetime) -> tuple[Test, ...]:
    """The tests of an activity that waits for its approval, as they come out now."""
    return tests_of(facts_of(session, at), major(activity.charge, "USD"), at.date())


def _tested(op: Operation, activity: Activity) -> None:
    failing = [test for test in tests_for(op.session(), activity, op.recorded_at) if not test.holds]
    if failing:
        raise NoSurplus(failing)


def _seen(op: Operation, reference: str, seen: int, action: str) -> Activity:
    activity = op.one(Activity, reference=reference)
    if activity.seq != seen:
        raise Stale(
            "This activity has changed since you opened the page: entry {entry} of the record. Look at it again. "
            "Nothing has been changed.",
            entry=activity.seq,
        )
    if activity.stage not in FOLLOWS[action]:
        raise Refused(NOT_NOW)
    return activity


def _acts(op: Operation, activity: Activity) -> list[ActivityAct]:
    return list(op.session.scalars(select(ActivityAct).where(ActivityAct.activity_id == activity.id)))


def _act(op: Operation, activity: Activity, what: str) -> None:
    """One person proposes, approves or pays; another does the next."""
    assert op.account is not None
    acts = _acts(op, activity)
    if barred(acts, op.account.id, what):
        raise SeparationOfDuties(ACTED)
    if op.account.id not in {one.by_id for one in acts}:
        op.session.add(
            ActivityAct(activity_id=activity.id, act=what, by_id=op.account.id, at=op.recorded_at, seq=op.next_seq)
        )
        op.session.flush()


def barred(acts: Iterable[ActivityAct], by_id: int, what: str) -> bool:
    """Whether a person did another of the acts already; only a payment may follow one's own payment."""
    return any(one.by_id == by_id and (one.act, what) != ("pay", "pay") for one in acts)


def _moved(op: Operation, activity: Activity, stage: str, *, post=(), data=None) -> Fact:  # type: ignore[no-untyped-def]
    before, activity.stage, activity.seq = activity.stage, stage, op.next_seq
    return Fact(on=activity.reference, before=before, after=stage, post=post, data=data or {})


class Used(NamedTuple):
    """What is spent on all activities and committed for them, USD, support cost included."""

    spent: Decimal
    committed: Decimal


def used_by_activities(session: Session) -> Used:
    """Told apart from the journeys."""
    spent, committed = session.execute(
        select(
            *(
                func.coalesce(func.sum(case((PostingRow.account.in_(accounts), PostingRow.usd), else_=0)), 0)
                for accounts in (SPENT, COMMITTED)
            )
        )
        .select_from(Activity)
        .join(Event, Event.subject == Activity.reference)
        .join(PostingRow, PostingRow.seq == Event.seq)
    ).one()
    return Used(major(int(spent), "USD"), major(int(committed), "USD"))


def activity_of(session: Session, reference: str) -> Activity:
    """An activity to look at; refused as not here if there is none."""
    known = select(Activity).where(Activity.reference == reference)
    found = session.scalars(
        known.options(selectinload(Activity.acts).joinedload(ActivityAct.by), selectinload(Activity.payments))
    ).first()
    if found is None:
        raise NotHere("There is no such thing here.")
    return found
