"""An award is certified, approved by as many officers as its amount needs, authorized, ticketed (rules, 5 to 7).

Each act by another person, each on the version that was seen; an approved charge is committed, to the cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from trustfund.core import award_books
from trustfund.core.ledger import Posting
from trustfund.core.money import amount_of, major, minor
from trustfund.core.refusal import NotEnoughMoney, Refused, Stale, sentence
from trustfund.models.awards import Act, Award
from trustfund.models.fund import reserve_of
from trustfund.models.record import Event, pots
from trustfund.models.record import Posting as PostingRow
from trustfund.models.selections import SetAside
from trustfund.operations import allotments
from trustfund.operations.assessment import failures_of
from trustfund.operations.award_deeds import (
    act,
    books,
    fact,
    frame_for,
    seen_award,
    support_of,
    ticked,
    together,
    words,
)
from trustfund.operations.journeys import Journey, dearer, journey_of, lines_text, tables_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.people import post

NIL = Decimal("0.00")
CHECKED_AGAIN = ("not-funded-twice", "no-overdue-claim")
"""Rules of eligibility that may have turned since the screening."""


@deed("award.certified")
def certify(op: Operation, reference: str, *, seen: int, cost_seen: str = "", reason: str = "") -> Fact:
    """The certifying officer vouches for purpose, cost and file; from now on the cost stands.

    ``cost_seen``: the digest of the cost that the page showed; ``reason``: where it is dearer than proposed.
    """
    return _certified(op, reference, seen, cost_seen, reason)


@deed("award.certified")
def certify_many(op: Operation, meeting: str, *, awards: str) -> Fact:
    """The seats of a meeting at once, exceptions taken out before: all of them, or none.

    ``awards``: reference, version and digest of the cost of each as the page showed them, ``W-… 12 9f3c…`` by line.
    """
    rows = ticked(awards, r"(\S+) (\d+) (\S+)", "awards")
    deeds = [partial(_certified, op, award, int(seen), cost, "") for award, seen, cost in rows]
    return together(op, "award.certified", deeds, meeting=meeting)


def _certified(op: Operation, reference: str, seen: int, cost_seen: str, reason: str) -> Fact:
    award = seen_award(op, reference, seen, "award.certified")
    if award.committed:  # only its bank details changed: the cost stands as it was approved
        act(op, award, "certify")
        return fact(op, award, "certified", data={"charge": award.charge, "again": True})
    journey = journey_of(op.session(), award, op.today)
    if journey.digest != cost_seen:
        raise Stale(
            "The cost has changed since you opened the page: it is {cost} now. Look at it again. Nothing has been "
            "changed.",
            cost=journey.cost.charge,
        )
    _in_order(op, award, journey)
    why = words(reason, "reason") if dearer(award, journey) else ""
    limit = journey.frame.mandate.setting("two_approvers_above")
    act(op, award, "certify")
    charge = minor(journey.cost.charge, "USD")
    text = lines_text(journey.cost)
    return fact(
        op,
        award,
        "certified",
        charge=charge,
        lines=text,
        advance=journey.advance,
        approvals_needed=2 if why or journey.cost.charge > limit else 1,
        reason=why,
        data={"cost": minor(journey.cost.total, "USD"), "support": minor(journey.cost.support, "USD")},
    )


def _in_order(op: Operation, award: Award, journey: Journey) -> None:
    """What must be there before anybody vouches for it."""
    for failure in failures_of(op.session(), award.application, op.recorded_at, by_name=True):
        if failure.code in CHECKED_AGAIN:
            raise Refused(failure.sentence, **failure.values)
    complete(award, journey)


def complete(award: Award, journey: Journey) -> None:
    """Refused where the file is not in order, or quotes or bank details are wanting."""
    if award.application.stage != "accepted":
        raise Refused("An officer or the delegate still has to answer about this application: it is screened first.")
    above = journey.frame.mandate.setting("two_quotes_above")
    if journey.fare.usd > above and len(award.quotes) < 2:
        raise Refused(
            "A fare above {above} needs two quotes; there are {n}. Record another quote first.",
            above=above,
            n=len(award.quotes),
        )
    if award.method == "bank" and not award.bank_reference:
        raise Refused("The traveller is paid by bank transfer, and the bank details are not entered yet.")


@deed("certification.withdrawn")
def withdraw_certification(op: Operation, reference: str, *, seen: int, reason: str) -> Fact:
    """The certifying officer takes it back, or an approving officer sends it back: it is certified anew."""
    award = seen_award(op, reference, seen, "certification.withdrawn")
    why = words(reason, "reason")
    anew = {} if award.committed else {"charge": None, "lines": "", "advance": 0}
    return fact(op, award, "accepted", sent_back_why=why, round=award.round + 1, **anew)


@deed("award.approved")
def approve(op: Operation, reference: str, *, seen: int) -> Fact:
    """The approving officer commits the fund: only if the money in the bank, and the allotment, hold the charge."""
    award = seen_award(op, reference, seen, "award.approved")
    act(op, award, "approve")
    given = _approvals(op, award)
    told = {"approvals": given, "needed": award.approvals_needed, "charge": award.charge, "version": seen}
    if given < award.approvals_needed:
        return fact(op, award, data=told)
    if award.committed:
        return fact(op, award, award.resumes, data=told, resumes=None)
    assert award.charge is not None
    _allotted(op, award, major(award.charge, "USD"))
    parts = money_for(op, award, award.charge)
    entry = award_books.approved(parts, op.today)
    return fact(op, award, "approved", post=entry, data={**told, "parts": parts})


def _approvals(op: Operation, award: Award) -> int:
    found = select(func.count()).where(Act.award_id == award.id, Act.round == award.round, Act.act == "approve")
    return int(op.session.scalar(found) or 0)


def _allotted(op: Operation, award: Award, charge: Decimal) -> None:
    """Refused where the allotment of the meeting does not hold the charge beside the other seats."""
    allotted = allotments.allotment_of(op.session(), award.meeting)
    others = allotments.used(op.session(), award.meeting, op.today) - charge
    left = (major(allotted.usd, "USD") if allotted else NIL) - others
    if left < charge:
        raise NotEnoughMoney(
            "This award would charge the Fund {cost}, but the allotment of {meeting} has only {available} left. "
            "Nothing has been changed.",
            cost=charge,
            meeting=award.meeting,
            available=left,
        )


def money_for(op: Operation, award: Award, cents: int) -> dict[str, int]:
    """From which earmarks so much comes, in cents: what matches the award first, then free money. What the run set
    aside for this seat is its own. Refused where the money in the bank does not hold it."""
    there = spendable_for(op.session(), award, op.today)
    parts, lacks = award_books.draw({earmark: minor(usd, "USD") for earmark, usd in there.items()}, cents)
    if lacks:
        raise NotEnoughMoney(
            "This award would charge the Fund {cost}, but only {available} is spendable. Nothing has been changed.",
            cost=major(cents, "USD"),
            available=sum((max(usd, NIL) for usd in there.values()), NIL),
        )
    return parts


def spendable_for(session: Session, award: Award, day: date) -> dict[str, Decimal]:
    """Earmark -> what this award may use of it: spendable, and what was set aside for itself while it waits."""
    found = pots(session, reserve_of(session, day), day)
    own = set_aside_for(session, award)
    waits = award.stage in ("accepted", "certified") and not award.committed
    there: dict[str, Decimal] = {}
    for earmark in (f"category:{award.category}", f"meeting:{award.meeting}", "travel", ""):
        if earmark in found:
            mine = major(own.get(earmark, 0), "USD") if waits else NIL
            there[earmark] = found[earmark].spendable + mine
    return there


def set_aside_for(session: Session, award: Award) -> dict[str, int]:
    """Earmark -> cents that the run set aside for this seat."""
    found = select(SetAside.earmark, SetAside.usd)
    return dict(
        session.execute(found.where(SetAside.selection_id == award.selection_id, SetAside.public == award.seat)).all()
    )


@deed("award.authorized")
def authorize(op: Operation, reference: str, *, seen: int) -> Fact:
    """The travel authorization is issued: a paper in the delegate's language, and a mail that says where it is."""
    award = seen_award(op, reference, seen, "award.authorized")
    account = award.application.account
    if account:
        post(
            account,
            sentence("Your travel is authorized"),
            sentence(
                "The fund has approved your journey to the meeting {meeting} (application {public}). The travel "
                "authorization stands under “My applications”. Buy no ticket yourself: the fund sends it to you."
            ),
            meeting=award.meeting,
            public=award.seat,
        )
    return fact(op, award, "authorized")


@deed("award.ticketed")
def issue_ticket(op: Operation, reference: str, *, seen: int, price: str, number: str, day: date) -> Fact:
    """The ticket is bought, at most at the fare that was certified; its expense waits for the first day."""
    award = seen_award(op, reference, seen, "award.ticketed")
    cents, journey = minor(amount_of(price, "USD"), "USD"), journey_of(op.session(), award, op.today)
    fare = journey.fare.usd
    if major(cents, "USD") > fare:
        raise Refused(
            "This ticket costs {price}, but {fare} was certified. Cancel the award or find a ticket at that fare.",
            price=major(cents, "USD"),
            fare=fare,
            field="price",
        )
    number = " ".join(number.split())
    if not number or len(number) > 40:
        raise Refused("Enter the number of the ticket, as the agent gave it.", field="number")
    if day > op.today:
        raise Refused("{day} lies ahead. Enter the day on which it happened.", day=day, field="day")
    if day < (committed := _committed_on(op, award)):
        raise Refused("It was approved on {day}: nothing was paid of it before.", day=committed, field="day")
    entry = award_books.ticketed(books(op.session(), award), cents, day)
    if day >= journey.frame.meeting.first_day:
        entry = (*entry, *ticket_used(op, award, entry, day))
    return fact(op, award, "ticketed", post=entry, ticket=cents, ticket_number=number, ticketed_on=day)


def _committed_on(op: Operation, award: Award) -> date:
    """The day on which its charge was committed: no money of it was used before."""
    made = select(func.max(PostingRow.day)).join(Event, Event.seq == PostingRow.seq)
    made = made.where(Event.subject == award.reference, PostingRow.account == "commitments", PostingRow.usd > 0)
    return op.session.scalar(made) or date.min


def ticket_used(
    op: Operation, award: Award, before: Iterable[Posting] = (), day: date | None = None
) -> tuple[Posting, ...]:
    """The entry by which a ticket bought ahead becomes expense with its support cost; nothing where it is already.

    ``before``: postings of the same entry that come first.
    """
    known = award_books.after(books(op.session(), award), before)
    ahead = sum(known.prepaid.values())
    if not ahead:
        return ()
    spent, posted = sum(known.travel.values()), sum(known.support.values())
    support = support_of(frame_for(op, award), spent + ahead) - posted
    return award_books.ticket_used(known, support, day or op.today)


@dataclass(frozen=True)
class Exceptions:
    """The seats of a meeting that wait for certification: which can be certified together, and why the others not."""

    ready: list[tuple[Award, Journey]]
    others: list[tuple[Award, Refused]]


def to_certify(op_session: Session, meeting: str, today: date) -> Exceptions:
    """For the page of bulk certification; every exception with its reason."""
    found, tables = Exceptions([], []), tables_of(op_session, meeting, today)
    waiting = select(Award).where(Award.meeting == meeting, Award.stage == "accepted").order_by(Award.position)
    for award in op_session.scalars(waiting.options(selectinload(Award.quotes))).unique():
        try:
            journey = journey_of(op_session, award, today, tables)
            _ready(award, journey)
            found.ready.append((award, journey))
        except Refused as refused:
            found.others.append((award, refused))
    return found


def _ready(award: Award, journey: Journey) -> None:
    if award.resumes:
        raise Refused("Its bank details changed after certification: look at it alone.")
    if dearer(award, journey):
        raise Refused("It is dearer than proposed, or not by the cheapest quote: it needs a reason.")
    complete(award, journey)
