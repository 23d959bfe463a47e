"""The demonstration's journeys once they are made: attendance, claim, settlement, debts, and the orders of payment."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from trustfund.core.calendar import Meeting
from trustfund.core.money import major
from trustfund.demonstration.fates import LATE_CLAIM, LATER
from trustfund.demonstration.money import People
from trustfund.demonstration.story import Deed, Story, at, later, office, safely
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.operations import claims, debts, journeys, payments, proposals, settlements, travel
from trustfund.operations.award_deeds import books


class Claims:
    """Puts into the story what follows a journey."""

    def __init__(self, story: Story, refs: People, draw: random.Random, meetings: dict[str, Meeting]):
        self.story, self.refs, self.draw, self.meetings = story, refs, draw, meetings
        self.absent: set[str] = set()  # nobody comes for their cash
        self.hurry: dict[str, int] = {}  # award -> how many steps it still takes on the last morning

    def _there(self, reference: str, fate: str, now: datetime) -> None:
        award = award_of(reference)
        if fate in ("no-show", "written-off"):
            travel.record_no_show(
                reference, seen=award.seq, reason="Not on the list of participants.", by=self.refs["screening"], at=now
            )
            self.story.on(office(later(now, days=25)), self._step(self._given_back, reference, fate))
            return
        travel.confirm_attendance(reference, seen=award.seq, by=self.refs["screening"], at=now)
        if fate != "no-claim" and award.application.account:
            back = at(self.meetings[award.meeting].last_day, 9) + timedelta(days=self.draw.randrange(3, 12))
            back = at(LATE_CLAIM, 8) if fate == "late-claim" else back
            self.story.on(back, self._step(self._claimed, reference, fate))
        elif not award.application.account:
            self.story.on(office(later(now, days=12)), self._step(self._claimed, reference, fate))

    def _claimed(self, reference: str, fate: str, now: datetime) -> None:
        award = award_of(reference)
        journey = journeys.journey_of(db.session(), award, now.date())
        left = journey.departure - timedelta(days=1 if fate in ("left-early", "owes") and journey.nights > 1 else 0)
        account = award.application.account
        claims.submit(
            reference,
            seen=award.seq,
            arrived_on=journey.arrival,
            left_on=left,
            visa=self._visa(journey.frame.meeting, fate),
            message="",
            report="The delegation took part in the discussion and reported to its capital. (Example of a report.)",
            by=account.reference if account else self.refs["screening"],
            at=now,
        )
        prepared = at(LATER[fate][0], 14) if fate in LATER else office(later(now, days=5))
        self.story.on(prepared, self._step(self._sent_again if fate == "returned" else self._prepared, reference, fate))

    def _visa(self, meeting: Meeting, fate: str) -> str:
        if fate == "unpaid":
            return "48.00"
        return "160.00" if meeting.country == "USA" and self.draw.random() < 0.25 else ""

    def _sent_again(self, reference: str, _: str, now: datetime) -> None:
        """A paper is wanting: the claim goes back, and comes again."""
        claims.send_back(
            reference,
            seen=award_of(reference).seq,
            reason="The boarding pass of the way home is missing. (Example.)",
            by=self.refs["certifying"],
            at=now,
        )
        self.story.on(later(now, days=4), self._step(self._claimed, reference, "good"))

    def _prepared(self, reference: str, fate: str, now: datetime) -> None:
        settlements.prepare(reference, seen=award_of(reference).seq, by=self.refs["certifying"], at=now)
        approved = at(LATER[fate][1], 14) if fate in LATER else office(later(now, days=2))
        step = self._not_approved if fate == "settled-anew" else self._settled
        self.story.on(approved, self._step(step, reference, fate))

    def _not_approved(self, reference: str, _: str, now: datetime) -> None:
        settlements.decline(
            reference,
            seen=award_of(reference).seq,
            reason="Lunch was given on the second day; please ask the organizers. (Example.)",
            by=self.refs["approving"],
            at=now,
        )
        self.story.on(office(later(now, days=1)), self._step(self._prepared, reference, "good"))

    def _settled(self, reference: str, fate: str, now: datetime) -> None:
        settlements.approve(reference, seen=award_of(reference).seq, by=self.refs["approving"], at=now)
        if sum(books(db.session(), award_of(reference)).due.values()):
            self.story.on(office(later(now, days=15)), self._step(self._given_back, reference, fate))

    def _given_back(self, reference: str, fate: str, now: datetime) -> None:
        award = award_of(reference)
        due = debts.owed(db.session(), award)
        if not due:
            return
        if fate == "written-off":
            made = proposals.propose(
                "debt.written-off",
                subject=reference,
                content={"document": "Decision of the head of the fund (example)"},
                reason="The mission answered that the delegate has left the service; nothing can be recovered.",
                by=self.refs["certifying"],
                at=now,
            )
            proposals.confirm(made.on, by=self.refs["approving"], at=later(now, minutes=50))
            return
        debts.recover(
            reference,
            seen=award.seq,
            amount=f"{major(due, 'USD'):f}",
            value_date=now.date(),
            bank_reference=f"BACK-{reference[2:]}",
            by=self.refs["paying"],
            at=now,
        )

    def _orders(self, code: str, method: str) -> Deed:
        def deed(now: datetime) -> None:
            db.session.rollback()
            due = [
                one
                for one in payments.due(db.session(), method, meeting=code)
                if method != "cash" or one.award.reference not in self.absent
            ]
            if due:
                lines = "\n".join(f"{one.kind} {one.award.reference} {one.award.seq}" for one in due)
                payments.release(method, payments=lines, by=self.refs["paying"], at=now)

        return deed

    def _then(
        self, step: Callable[[str, str, datetime], None], reference: str, fate: str, now: datetime, *, days: int
    ) -> None:
        """Some days later; on the last morning less than an hour later, for those that are in a hurry."""
        when = office(later(now, days=days)) if days else later(now, minutes=20)
        if reference in self.hurry:
            when = later(now, minutes=41 if self.hurry[reference] else 24 * 60)
            self.hurry[reference] -= 1
        self.story.on(when, self._step(step, reference, fate))

    def _step(self, step: Callable[[str, str, datetime], None], reference: str, fate: str) -> Deed:
        return safely(lambda now: step(reference, fate, now))


def award_of(reference: str) -> Award:
    db.session.rollback()
    return db.session.scalars(db.select(Award).where(Award.reference == reference)).unique().one()
