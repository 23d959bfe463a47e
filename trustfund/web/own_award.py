"""An award as its delegate reads it: what has happened, what comes next and until when, what is owed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trustfund.core.award_books import Books
from trustfund.core.lifecycle import GIVEN_BACK
from trustfund.core.money import Money, major
from trustfund.core.refusal import NotHere, sentence
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.awards import Award, Claim, Settlement
from trustfund.models.people import Account
from trustfund.operations.award_deeds import many_books
from trustfund.operations.meetings import Frame, frame_of
from trustfund.web.zones import Deadline

OWES = ("settled", "no-show", "cancelled")
"""Stages in which a traveller may owe the fund money."""


@dataclass(frozen=True)
class Words:
    """What a delegate reads of a situation. ``tag``: its colour; ``act``: what the one button says, empty for none;
    ``to``: which page it opens."""

    tag: str
    stage: str
    title: str
    next: str
    act: str = ""
    to: str = "delegates.award"


SITUATIONS = {
    "proposed": Words(
        "wait",
        sentence("A seat is proposed for you"),
        sentence("A seat is proposed for you: answer until {day}"),
        sentence("The fund would pay your journey. A seat that is not accepted in time goes to the next in order."),
        sentence("Read the offer and answer"),
    ),
    "term-over": Words(
        "stop",
        sentence("No answer came in time"),
        sentence("The term to answer is over"),
        sentence("It ended on {day}. The seat is offered to the next person of the list."),
    ),
    "bank-wanted": Words(
        "wait",
        sentence("Bank details are wanting"),
        sentence("Enter where you are paid"),
        sentence("You chose a bank transfer. Officers can certify your journey only once your bank details are there."),
        sentence("Enter bank details"),
        "delegates.bank_details",
    ),
    "accepted": Words(
        "wait",
        sentence("Seat accepted"),
        sentence("You accepted the seat"),
        sentence("Officers check the cost, and two of them answer for it. You need do nothing; buy no ticket."),
    ),
    "again": Words(
        "wait",
        sentence("Checked again"),
        sentence("Your journey is certified once more"),
        sentence("Your bank details changed. Until two officers have looked at them, the fund pays nothing."),
    ),
    "certified": Words(
        "wait",
        sentence("Certified"),
        sentence("An officer certified your journey"),
        sentence("Another officer approves it. You need do nothing; buy no ticket."),
    ),
    "approved": Words(
        "go",
        sentence("Approved"),
        sentence("The fund pays your journey"),
        sentence("It is approved. The travel authorization comes next: you are written to. Buy no ticket."),
    ),
    "authorized": Words(
        "go",
        sentence("Travel authorized"),
        sentence("Your travel is authorized"),
        sentence("Ask for your visa now; the authorization helps. The fund buys the ticket and sends it to you."),
        sentence("Save the travel authorization (PDF)"),
        "delegates.authorization",
    ),
    "ticketed": Words(
        "go",
        sentence("Ticket issued"),
        sentence("Your ticket is issued"),
        sentence("The advance is paid before you travel. The meeting begins on {first_day}."),
    ),
    "advance-paid": Words(
        "go",
        sentence("Advance paid"),
        sentence("Your advance is paid"),
        sentence("The meeting begins on {first_day}. Keep the boarding pass of every flight, and your receipts."),
    ),
    "travelled": Words(
        "wait",
        sentence("Claim to come"),
        sentence("Make your claim until {due}"),
        sentence("The fund needs your days, boarding passes and receipts, and a short report of the meeting."),
        sentence("Make the claim"),
        "delegates.claim",
    ),
    "overdue": Words(
        "stop",
        sentence("Claim overdue"),
        sentence("Your claim was due on {due}"),
        sentence("Make it now: until it is there the fund can give you no other seat."),
        sentence("Make the claim"),
        "delegates.claim",
    ),
    "returned": Words(
        "wait",
        sentence("Claim sent back"),
        sentence("The fund asks you about your claim"),
        sentence("Answer, change what is needed, and submit the claim again until {due}."),
        sentence("Change the claim"),
        "delegates.claim",
    ),
    "claimed": Words(
        "wait",
        sentence("Claim submitted"),
        sentence("Your claim has arrived"),
        sentence("One officer prepares what is owed, another approves it. You are written to."),
    ),
    "owed-to-you": Words(
        "go",
        sentence("Claim settled"),
        sentence("Your claim is settled: the fund owes you {usd}"),
        sentence("It is paid in the same way as the advance. You need do nothing."),
    ),
    "you-owe": Words(
        "wait",
        sentence("Money to pay back"),
        sentence("You owe the fund {usd}"),
        sentence("The page of the award shows every line, and how to pay it back."),
        sentence("See how to pay it back"),
    ),
    "closed": Words(
        "go",
        sentence("Paid and settled"),
        sentence("Your journey is paid and settled"),
        sentence("Nothing more to do. Your report is with the fund."),
    ),
    "declined": Words(
        "stop",
        sentence("Seat given back"),
        sentence("You gave the seat back"),
        sentence("It is offered to the next person of the list. Nothing more to do."),
    ),
    "lapsed": Words(
        "stop",
        sentence("Seat lapsed"),
        sentence("Your seat has lapsed"),
        sentence("No answer came until {day}. It is offered to the next person of the list."),
    ),
    "cancelled": Words(
        "stop",
        sentence("Award cancelled"),
        sentence("Your award is cancelled"),
        sentence("The fund does not pay this journey."),
    ),
    "no-show": Words(
        "stop",
        sentence("Not at the meeting"),
        sentence("The fund recorded that you did not come"),
        sentence("If that is not so, write to the fund at once."),
    ),
}
"""What a delegate reads, by the situation of the award; stages are told apart where another thing is to be done."""


@dataclass(frozen=True)
class Own:
    """An award with what its delegate must know: the claim that stands, the settlement once it is approved, what is
    still to be paid back, today."""

    award: Award
    claim: Claim | None
    settled: Settlement | None
    owes: int  # cents that the traveller has still to pay back
    first_day: date
    today: date

    @property
    def situation(self) -> str:
        award, stage = self.award, self.award.stage
        if stage == "proposed":
            return "proposed" if self.today <= award.answer_by else "term-over"
        if award.resumes:
            return "again"
        if stage == "accepted" and award.method == "bank" and not award.bank_reference:
            return "bank-wanted"
        if stage == "travelled":
            late = award.claim_due is not None and award.claim_due < self.today
            return "returned" if self.returned else "overdue" if late else "travelled"
        if stage in OWES and self.owes:
            return "you-owe"
        return "owed-to-you" if stage == "settled" else stage

    @property
    def returned(self) -> str:
        """What an officer asked about the claim, while it is to be submitted again."""
        return self.claim.returned if self.claim and self.award.stage == "travelled" else ""

    @property
    def words(self) -> Words:
        return SITUATIONS[self.situation]

    @property
    def title(self) -> str:
        return say(self.words.title, **self._values)

    @property
    def next(self) -> str:
        return say(self.words.next, **self._values)

    @property
    def leads(self) -> bool:
        """Whether it is what is told first of its application: a seat that was given back by withdrawing is not."""
        return self.award.stage not in GIVEN_BACK or self.award.application.stage != "withdrawn"

    @property
    def answerable(self) -> bool:
        return self.situation == "proposed"

    @property
    def balance(self) -> int:
        """Cents that the fund owes by an approved settlement; less than nothing: the traveller owes them."""
        return self.settled.balance if self.settled else 0

    def until(self, zone: str) -> Deadline:
        """The last second in which the offer can be answered: its day ends in world time, as the record counts."""
        return Deadline(datetime.combine(self.award.answer_by, time(23, 59, 59), UTC), "UTC", "UTC", zone)

    @property
    def _values(self) -> dict[str, Any]:
        usd = self.owes or abs(self.balance)
        return {
            "day": self.award.answer_by,
            "due": self.award.claim_due,
            "first_day": self.first_day,
            "usd": Money(major(usd, "USD"), "USD"),
        }


def own_awards(applications: Iterable[int], frames: Mapping[str, Frame], today: date) -> dict[int, Own]:
    """Application -> its latest award, in a fixed number of statements."""
    found = db.session.scalars(
        select(Award)
        .where(Award.application_id.in_(list(applications)))
        .options(joinedload(Award.bank))
        .order_by(Award.id)
    ).unique()
    latest = {award.application_id: award for award in found}
    if not latest:
        return {}
    ids = [award.id for award in latest.values()]
    claims, settled = _claims(ids), _settled(ids)
    known = many_books(db.session(), [award.reference for award in latest.values() if award.stage in OWES])
    return {
        application: Own(
            award,
            claims.get(award.id),
            settled.get(award.id),
            sum(known.get(award.reference, Books()).due.values()),
            frames[award.meeting].meeting.first_day,
            today,
        )
        for application, award in latest.items()
    }


def own_award(reference: str, account: Account, today: date) -> tuple[Own, Frame]:
    """A person's own award and its meeting; somebody else's is not here."""
    found = db.session.scalars(select(Award).where(Award.reference == reference)).unique().one_or_none()
    if found is None or found.account_id != account.id:
        raise NotHere("There is no such thing here.")
    frame = frame_of(db.session(), found.meeting, today)
    own = own_awards([found.application_id], {found.meeting: frame}, today)[found.application_id]
    if own.award.reference != reference:
        raise NotHere("There is no such thing here.")
    return own, frame


def _claims(awards: list[int]) -> dict[int, Claim]:
    found = select(Claim).where(Claim.award_id.in_(awards)).order_by(Claim.number)
    return {claim.award_id: claim for claim in db.session.scalars(found).unique()}


def _settled(awards: list[int]) -> dict[int, Settlement]:
    found = select(Settlement).where(Settlement.award_id.in_(awards), Settlement.stage == "approved")
    return {one.award_id: one for one in db.session.scalars(found.order_by(Settlement.number)).unique()}
