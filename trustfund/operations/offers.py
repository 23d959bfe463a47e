"""A seat that a run proposed is offered to its delegate: accepted, declined, lapsed, or given to a replacement."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from trustfund.core.award_books import released
from trustfund.core.ledger import Posting
from trustfund.core.lifecycle import GIVEN_BACK
from trustfund.core.money import major
from trustfund.core.refusal import NotEnoughMoney, NotHere, Refused, sentence
from trustfund.core.roles import SYSTEM, Role
from trustfund.extensions import db
from trustfund.models.applications import Application, Screening
from trustfund.models.awards import Award
from trustfund.models.fund import reserve_of
from trustfund.models.record import pots
from trustfund.models.selections import PlaceRow, Selection
from trustfund.operations.answers import seal_of_answers
from trustfund.operations.assessment import canonical_instant, failures_of, kept, person_of
from trustfund.operations.award_deeds import act, books, fact, frame_for, seen_award
from trustfund.operations.awards import set_aside_for
from trustfund.operations.operation import Fact, Operation, deed, writing
from trustfund.operations.outbox import letter_of, post
from trustfund.services import chance

METHODS = ("cash", "bank")
TAKEN_OVER = frozenset({"not-funded-twice", "in-time-to-travel"})
"""Rules that look at when the file came: a replacement takes over the instant of the one who is replaced."""
ANEW: dict[str, Any] = {
    "resumes": None,
    "charge": None,
    "lines": "",
    "advance": 0,
    "bank_reference": "",
    "days_before": None,
    "days_after": None,
    "visa": 0,
    "reason": "",
    "sent_back_why": "",
    "journey_reason": "",
}
"""What an award says of a journey before there is one: a replacement begins so, and nothing that was written of the one
who is replaced goes on to her or him."""


def made(op: Operation, run: Selection, answer_by: date) -> None:
    """An award, and an entry of its own, for each seat that the run proposes, before the run itself is kept."""
    found = op.session.execute(
        select(Application, PlaceRow)
        .join(PlaceRow, PlaceRow.public == Application.public)
        .where(PlaceRow.selection_id == run.id, PlaceRow.outcome == "proposed")
        .order_by(PlaceRow.position)
    ).unique()
    for application, place in found:
        award = Award(
            reference=chance.reference("W"),
            selection_id=run.id,
            application=application,
            account_id=application.account_id,
            person=person_of(application),
            stage="proposed",
            answer_by=answer_by,
            proposed=place.charge,
            seat=place.public,
            position=place.position,
            meeting=run.meeting,
            state=place.state,
            category=place.category,
            seq=op.next_seq,
        )
        op.session.add(award)
        told = {name: getattr(award, name) for name in ("seat", "position", "meeting", "state", "category", "proposed")}
        more = {"selection": run.reference, "application": application.reference, "answer_by": answer_by.isoformat()}
        op.append("award.proposed", Fact(on=award.reference, after="proposed", data={"award": {**told, **more}}))


@deed("award.accepted")
def accept(op: Operation, reference: str, *, seen: int, method: str = "cash", document: str = "") -> Fact:
    """The delegate takes the seat, within its term, and says how to be paid; an officer records an answer by letter."""
    award = seen_award(op, reference, seen, "award.accepted")
    if op.at.date() > award.answer_by:
        raise Refused("The term to answer ended on {day}. The seat is offered to the next person.", day=award.answer_by)
    if method not in METHODS:
        raise Refused("Choose how you are paid: by bank transfer, or in cash at the meeting.", field="method")
    document = _answer(op, document)
    if op.account and op.account.role == Role.DELEGATE:
        act(op, award, "travel")
    return fact(op, award, "accepted", method=method, data={"document": document})


@deed("award.declined")
def decline(op: Operation, reference: str, *, seen: int, document: str = "") -> Fact:
    """The seat is given back; the next run offers it to the next person of the list."""
    award = seen_award(op, reference, seen, "award.declined")
    return fact(op, award, "declined", data={"document": _answer(op, document)})


def _answer(op: Operation, document: str) -> str:
    """By which paper an officer knows the answer; a delegate answers in person."""
    document = document.strip()
    if op.account and op.account.role != Role.DELEGATE and not 0 < len(document) <= 120:
        raise Refused("Enter by which letter or message the answer came, with its date.", field="document")
    return document


def give_back(op: Operation, application: Application) -> None:
    """Who withdraws an application gives the seat back; once it is approved, an officer cancels the award."""
    award = op.session.scalars(
        select(Award).where(Award.application_id == application.id).order_by(Award.id.desc()).limit(1)
    ).first()
    if award is None or award.stage in ("declined", "lapsed", "cancelled"):
        return
    if award.stage not in ("proposed", "accepted") or award.committed:
        raise Refused(
            "The journey of this application is certified already: an officer cancels the award first. Nothing has "
            "been changed."
        )
    op.append("award.declined", fact(op, award, "declined", data={"document": ""}))


def lapse(at: datetime) -> int:
    """Offers whose term is over and that nobody answered: how many. The clock's deed."""
    if not db.session.scalar(_unanswered(at.date()).limit(1)):
        return 0
    with writing(by=SYSTEM, at=at) as op:
        over = op.session.scalars(_unanswered(op.today)).unique()
        count = 0
        for award in over:
            op.append("award.lapsed", fact(op, award, "lapsed"))
            if award.application.account:
                post(
                    award.application.account,
                    sentence("Your seat has lapsed"),
                    sentence(
                        "The fund offered you a seat at the meeting {meeting} (application {public}) and had no answer "
                        "by {day}. It is offered to the next person of the list."
                    ),
                    meeting=award.meeting,
                    public=award.seat,
                    day=award.answer_by,
                )
            count += 1
    return count


def _unanswered(today: date) -> Select[tuple[Award]]:
    return select(Award).where(Award.stage == "proposed", Award.answer_by < today).order_by(Award.id)


@deed("award.replaced")
def replace(op: Operation, reference: str, *, seen: int, successor: str, document: str) -> Fact:
    """The Government replaces its delegate by note verbale, until the ticket is issued (rules of the fund, 4).

    ``successor``: the public reference of the application of the new person, who takes over instant, order and seat;
    every other rule is checked anew, the run is not repeated.
    """
    award = seen_award(op, reference, seen, "award.replaced")
    document = document.strip()
    if not document or len(document) > 120:
        raise Refused("Enter reference and date of the note verbale that names the new delegate.", field="document")
    if award.stage == "proposed" and op.at.date() > award.answer_by:
        raise Refused("The term to answer ended on {day}. The seat is offered to the next person.", day=award.answer_by)
    leaves, comes = award.application, _successor(op, award, successor)
    reverse = _given_back(op, award) if award.committed else ()
    _screened(op, comes)
    comes.completed_at, comes.government_order = leaves.completed_at, leaves.government_order
    before, leaves.stage, leaves.seq = leaves.stage, "withdrawn", op.next_seq
    op.append("application.withdrawn", Fact(on=leaves.reference, before=before, after="withdrawn", data=kept(leaves)))
    term = op.today + timedelta(days=frame_for(op, award).mandate.setting("days_to_answer_offer"))
    if comes.account:
        post(
            comes.account,
            sentence("A seat is offered to you"),
            sentence(
                "Your Government has named you instead of another delegate for the meeting {meeting}. The fund offers "
                "you the seat; answer until {day} under “My applications”. The letter as a paper:\n{letter}"
            ),
            meeting=award.meeting,
            day=term,
            letter=letter_of(comes.account, comes.reference),
        )
    told = fact(
        op,
        award,
        "proposed",
        post=reverse,
        data={
            "document": document,
            "application": comes.reference,
            "instead_of": leaves.reference,
            "completed_at": canonical_instant(leaves.completed_at),
            "seal": seal_of_answers(comes),
            "order": comes.government_order,
            "chosen": None,
        },
        round=award.round + 1,
        answer_by=term,
        **ANEW,
    )
    for quote in award.quotes:
        quote.chosen = False  # they were for another person's journey
    award.application, award.account_id, award.person = comes, comes.account_id, person_of(comes)
    return told


def _given_back(op: Operation, award: Award) -> tuple[Posting, ...]:
    """The commitment is released, and what the run set aside is held again. Refused where the journey was approved for
    less and others have used the rest since."""
    known, there = books(op.session(), award), pots(op.session(), reserve_of(op.session(), op.today), op.today)
    for earmark, cents in set_aside_for(op.session(), award).items():
        lacks = major(cents - known.committed.get(earmark, 0), "USD")
        if lacks > 0 and there[earmark].spendable < lacks:
            raise NotEnoughMoney(
                "The seat would hold {cost} more than its journey was approved for, but only {available} is spendable. "
                "Nothing has been changed.",
                cost=lacks,
                available=max(there[earmark].spendable, major(0, "USD")),
            )
    return released(known, op.today)


def _screened(op: Operation, comes: Application) -> None:
    """The officer who names the successor has looked at the file."""
    if comes.stage != "submitted" or op.account is None:
        return
    op.session.add(
        Screening(application=comes, act="application.accepted", by=op.account, at=op.recorded_at, seq=op.next_seq)
    )
    comes.stage, comes.seq = "accepted", op.next_seq
    op.append("application.accepted", Fact(on=comes.reference, before="submitted", after="accepted", data=kept(comes)))


def _successor(op: Operation, award: Award, public: str) -> Application:
    comes = (
        op.session.scalars(
            select(Application).where(Application.public == public.strip(), Application.meeting == award.meeting)
        )
        .unique()
        .one_or_none()
    )
    if comes is None or comes.state != award.state or comes.stage not in ("submitted", "accepted"):
        raise Refused(
            "There is no application of this State for this meeting that stands under {public}.",
            public=public[:40],
            field="successor",
        )
    mine = (Award.account_id.is_not(None) & (Award.account_id == comes.account_id)) | (
        (Award.person != "") & (Award.person == person_of(comes))
    )
    live = (Award.meeting == award.meeting) & (Award.id != award.id) & Award.stage.not_in(GIVEN_BACK)
    if op.session.scalar(select(Award.id).where((Award.application_id == comes.id) | (live & mine)).limit(1)):
        raise Refused("{public} has a seat of its own, or gave one back.", public=public[:40], field="successor")
    failed = [
        f
        for f in failures_of(op.session(), comes, op.recorded_at, by_name=True)
        if f.code not in TAKEN_OVER or (f.code == "not-funded-twice" and f.values.get("meeting") != award.meeting)
    ]
    if failed:
        raise Refused(failed[0].sentence, **failed[0].values, field="successor")
    return comes


def award_of(reference: str, session: Any) -> Award:
    """An award by its reference; not here if there is none."""
    found = session.scalars(select(Award).where(Award.reference == reference)).unique().one_or_none()
    if found is None:
        raise NotHere("There is no such thing here.")
    return found  # type: ignore[no-any-return]
