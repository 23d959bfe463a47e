"""Where an award stands, as an officer reads it: what it waits for, what it costs, why this delegate, who did what."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from trustfund.core.calendar import Meeting
from trustfund.core.countries import STATES
from trustfund.core.money import major
from trustfund.extensions import db
from trustfund.i18n import language, say
from trustfund.models.awards import Award, Payment
from trustfund.models.people import Account
from trustfund.models.selections import PlaceRow, Selection
from trustfund.operations import journeys
from trustfund.operations.award_deeds import books
from trustfund.operations.award_standing import Offer, offered
from trustfund.operations.awards import spendable_for
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.payments import settlement_of
from trustfund.reports import reasons
from trustfund.web import selection_page
from trustfund.web.award_words import AGAIN, OVERDUE, PREPARED, SECOND, STANDS, STEPS, TICKET_OWED, TOGETHER, state_of
from trustfund.web.history import Done, approvals_in, data_of, entries_about, who_did
from trustfund.web.journey_words import Told, claim_by, cost_of, told_fees, told_lines
from trustfund.web.zones import days_of

TOLD_WITH = {
    "award.certified": "reason",
    "certification.withdrawn": "sent_back_why",
    "settlement.declined": "sent_back_why",
    "award.cancelled": "cancelled_why",
    "award.missed": "cancelled_why",
}
"""Deed -> the column in which its author's words stand; the last such deed has them."""


class AwardPage:
    """An award with everything that its page tells; read in a fixed number of statements."""

    def __init__(self, award: Award, account: Account, today: date):
        self.award, self.account, self.today = award, account, today
        self.frame: Frame = frame_of(db.session(), award.meeting, today)
        self.journey, self.wanting = cost_of(award, today)
        self.offers: list[Offer] = offered(db.session(), award, self.frame, account, today)
        self.books = books(db.session(), award)

    @property
    def meeting(self) -> Meeting:
        return self.frame.meeting

    @property
    def days(self) -> str:
        return days_of(self.meeting.days)

    @property
    def person(self) -> str:
        return self.award.application.full_name or say("No name yet")

    @property
    def state(self) -> str:
        return state_of(self.award, self.meeting)

    @property
    def lead(self) -> str:
        award = self.award
        key = STANDS[award.stage]
        if award.resumes:
            key = AGAIN.get(award.stage, key)
        if award.stage == "certified" and self.given_now:
            key = SECOND
        if award.stage == "claimed" and self.settlement and self.settlement.stage == "prepared":
            key = PREPARED
        if award.stage == "travelled" and award.claim_due and award.claim_due < self.today:
            key = OVERDUE
        if award.stage == "closed" and any(self.books.payable.values()):
            key = TICKET_OWED
        return self._said(key)

    @cached_property
    def settlement(self) -> Any:
        return settlement_of(db.session(), self.award)

    @property
    def given_now(self) -> int:
        """Approvals given in this round."""
        return len(self.approvers)

    @property
    def approvers(self) -> list[str]:
        """Who approved in this round."""
        award = self.award
        return names(act.by for act in award.acts if act.act == "approve" and act.round == award.round)

    @property
    def may_approve(self) -> list[str]:
        """Who may give the approval for which it waits."""
        return next((names(offer.by) for offer in self.offers if offer.action == "award.approved"), [])

    # What it costs

    @property
    def lines(self) -> list[Told]:
        return told_lines(self.journey.cost) if self.journey else []

    @property
    def support(self) -> list[Told]:
        fees = self.frame.mandate.fees_on(self.meeting.first_day, "expenditure")
        return told_fees(self.journey.cost, fees) if self.journey else []

    @property
    def dearer(self) -> bool:
        return self.journey is not None and self.award.charge is None and journeys.dearer(self.award, self.journey)

    @property
    def quotes_wanted(self) -> bool:
        """Whether the fare is above the amount from which two quotes are needed, and there are fewer."""
        fare = self.journey.fare.usd if self.journey else Decimal(0)
        return fare > self.two_quotes_above and len(self.award.quotes) < 2

    @property
    def two_quotes_above(self) -> Decimal:
        return Decimal(self.frame.mandate.setting("two_quotes_above"))

    @property
    def cheapest(self) -> int:
        return min((quote.usd for quote in self.award.quotes), default=0)

    @property
    def advance(self) -> Decimal:
        cents = self.award.advance if self.award.charge is not None else self.journey.advance if self.journey else 0
        return major(cents, "USD")

    # The money behind it

    @cached_property
    def spendable(self) -> Decimal | None:
        """What this award may use, while it waits for approval; None where its charge is committed or not known."""
        if self.award.committed or self.journey is None or self.award.stage not in ("accepted", "certified"):
            return None
        there = spendable_for(db.session(), self.award, self.today)
        return sum((max(usd, Decimal(0)) for usd in there.values()), Decimal("0.00"))

    @property
    def left(self) -> Decimal | None:
        return None if self.spendable is None or self.journey is None else self.spendable - self.journey.cost.charge

    @property
    def in_books(self) -> list[tuple[str, Decimal]]:
        """What the books say of it, where they say anything."""
        known = self.books
        rows: list[tuple[str, Mapping[str, int]]] = [
            (say("Committed"), known.committed),
            (say("Spent on the journey"), known.travel),
            (say("Support cost"), known.support),
            (say("Ticket paid ahead"), known.prepaid),
            (say("Advance"), known.advanced),
            (say("Owed by the fund"), known.payable),
            (say("Due from the traveller"), known.due),
            (say("Written off"), known.written_off),
        ]
        return [(name, major(sum(parts.values()), "USD")) for name, parts in rows if any(parts.values())]

    @cached_property
    def payments(self) -> list[Payment]:
        found = select(Payment).where(Payment.award_id == self.award.id).order_by(Payment.id)
        return list(db.session.scalars(found.options(joinedload(Payment.order))).unique())

    # Why this delegate

    @cached_property
    def place(self) -> tuple[PlaceRow, int, int, str] | None:
        """The place in the run that proposed the seat: its row, the number of places, of the run, and the reason."""
        award = self.award
        of = select(func.count()).where(PlaceRow.selection_id == award.selection_id).scalar_subquery()
        found = db.session.execute(
            select(PlaceRow, Selection.run, of.label("of"))
            .join(Selection, Selection.id == PlaceRow.selection_id)
            .where(PlaceRow.selection_id == award.selection_id)
            .where(PlaceRow.position.in_((award.position, award.position + 1)))
            .order_by(PlaceRow.position)
        ).all()
        if not found:
            return None
        mine, following = found[0], found[1].PlaceRow if len(found) > 1 else None
        row = mine.PlaceRow
        why = reasons.because(
            row.ahead_by, row.compared, self._stand(row), self._stand(following) if following else None, say
        )
        return row, mine.of, mine.run, why

    @property
    def page_of_list(self) -> int | None:
        """After which place the page of the published list begins that shows this one."""
        before = self.award.position - 1
        return before if self.award.position > selection_page.PAGE else None

    def _stand(self, row: PlaceRow) -> reasons.Stand:
        name = STATES[row.state].name_on(self.meeting.first_day, language())
        return reasons.Stand(name, row.region, row.category, row.gender, row.n)

    # Who did what, and what comes

    @cached_property
    def history(self) -> list[Done]:
        """Every entry about the award, the attempts that were refused too."""
        found = entries_about(self.award.reference)
        last = {column: max((e.seq for e in found if e.action in having), default=0) for column, having in _COLUMNS}
        return [
            Done(e.seq, e.at, e.action, self._who(e), approvals_in(data_of(e)), self._words(e, last)) for e in found
        ]

    def _words(self, e: Any, last: Mapping[str, int]) -> str:
        column = TOLD_WITH.get(e.action, "")
        return str(getattr(self.award, column)) if column and e.seq == last[column] else ""

    def _who(self, e: Any) -> str:
        mine = self.award.account is not None and e.actor == self.award.account.reference
        return who_did(e, self.person if mine else "")

    @property
    def ahead(self) -> list[str]:
        """The steps after the one for which it waits now, those that go together in one line."""
        stages, here = [stage for stage, _ in STEPS], self.award.stage
        if here not in stages:
            return []
        coming = stages[stages.index(here) + 1 :]
        if self.award.resumes in stages:  # it goes on where it stood, once it is approved again
            goes_on = stages.index(self.award.resumes)
            coming = [stage for stage in coming if stage == "certified" or stages.index(stage) >= goes_on]
        lines = [[self._said(dict(STEPS)[stage]) for stage in coming if stage in group] for group in TOGETHER]
        return [" · ".join(line) for line in lines if line]

    @property
    def waits_for(self) -> str:
        """The step for which it waits now; empty where none comes."""
        return self._said(dict(STEPS).get(self.award.stage, ""))

    def _said(self, key: str) -> str:
        if not key:
            return ""
        return say(
            key,
            answer_by=self.award.answer_by,
            first_day=self.meeting.first_day,
            claim_due=self.claim_due,
            advance=self.advance,
        )

    @property
    def claim_due(self) -> date | None:
        """When the claim is due; before the attendance is confirmed, when it will be if the journey goes as planned."""
        return self.award.claim_due or (claim_by(self.frame, self.journey) if self.journey else None)


_COLUMNS = [
    (column, [action for action, other in TOLD_WITH.items() if other == column])
    for column in sorted(set(TOLD_WITH.values()))
]


def names(accounts: Iterable[Account]) -> list[str]:
    return [one.name or one.email for one in accounts]
