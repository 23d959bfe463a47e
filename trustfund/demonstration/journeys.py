"""The demonstration's journeys: what becomes of each seat from the offer to the last cent, each act by its officer."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from trustfund.core.calendar import Meeting
from trustfund.core.money import major
from trustfund.core.refusal import Refused
from trustfund.demonstration.money import People
from trustfund.demonstration.story import END, Deed, Story, at, later, office
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.operations import (
    awards,
    bank,
    claims,
    clockwork,
    debts,
    journeys,
    offers,
    payments,
    proposals,
    settlements,
    travel,
)
from trustfund.operations.award_deeds import books

FATES = (  # every n-th seat of the fund, beginning with the k-th: what becomes of it
    (19, 4, "declined"),
    (29, 9, "silent"),
    (31, 12, "cancelled"),
    (37, 17, "no-show"),
    (41, 21, "no-claim"),
    (23, 7, "left-early"),
)
AGENT = "Example Travel"
QUICK = 9
"""So many seats of the round that was selected yesterday have an answer this morning, and have come a step further."""


class Teller:
    """Puts the life of each seat into the story."""

    def __init__(self, story: Story, refs: People, draw: random.Random, meetings: dict[str, Meeting]):
        self.story, self.refs, self.draw, self.meetings = story, refs, draw, meetings
        self.count = 0
        self.absent: set[str] = set()  # nobody comes for their cash
        self.hurry: dict[str, int] = {}  # award -> how many steps it still takes on the last morning

    def seats_of(self, code: str, now: datetime) -> None:
        """Every seat that a kept run has proposed."""
        quick = 0
        found = db.session.scalars(
            db.select(Award).where(Award.meeting == code, Award.stage == "proposed").order_by(Award.position)
        ).unique()
        for award in found:
            if award.account_id and award.application.account.reference == self.refs["delegate"]:  # type: ignore[union-attr]
                continue  # Amna Eltayeb answers herself
            self.count += 1
            fate = next((fate for every, first, fate in FATES if self.count % every == first), "good")
            if fate == "no-show":
                self.absent.add(award.reference)
            if fate != "silent":
                when = office(later(now, days=1 + self.count % 3, minutes=7 * self.count % 200))
                if when > END and (quick := quick + 1) <= QUICK:
                    when, self.hurry[award.reference] = later(at(END.date(), 7), minutes=9 * quick), 4 - quick // 2
                self.story.on(when, self._answered(award.reference, fate))
        first_day = self.meetings[code].first_day
        day = at(first_day, 14)
        for days in (-12, 36):
            self.story.on(later(day, days=days), self._orders(code, "agent"))
        for method in ("bank", "cash"):
            self.story.on(later(day, days=-5 if method == "bank" else 0), self._orders(code, method))
            self.story.on(later(day, days=34), self._orders(code, method))
        self.story.on(later(now, days=11), clockwork.run)
        self.story.on(later(day, minutes=30), clockwork.run)

    def _answered(self, reference: str, fate: str) -> Deed:
        def deed(now: datetime) -> None:
            award = _of(reference)
            account = award.application.account
            person = account.reference if account else self.refs["screening"]
            paper = "" if account else f"Letter of the mission of {now:%d.%m.%Y} (example)"
            if fate == "declined":
                offers.decline(reference, seen=award.seq, document=paper, by=person, at=now)
                return
            by_bank = self.draw.random() < 0.45
            offers.accept(
                reference, seen=award.seq, method="bank" if by_bank else "cash", document=paper, by=person, at=now
            )
            if by_bank:
                self._bank(reference, person, now)
            self._quotes(reference, now)
            self._then(self._certified, reference, fate, now, days=2)

        return self._safely(deed)

    def _bank(self, reference: str, person: str, now: datetime) -> None:
        award = _of(reference)
        number = f"{self.draw.randrange(10**11, 10**12)}"
        bank.enter(
            reference,
            seen=award.seq,
            holder=award.application.full_name,
            account=number,
            bank="Example Bank",
            country="",
            currency="USD",
            by=person,
            at=now,
        )

    def _quotes(self, reference: str, now: datetime) -> None:
        fare = journeys.journey_of(db.session(), _of(reference), now.date()).fare.usd
        city = _of(reference).application.home_city
        where = self.meetings[_of(reference).meeting].city
        parts = [self.draw.uniform(0.86, 0.97), self.draw.uniform(0.98, 1.12)]
        for n, part in enumerate(parts if fare > 900 else parts[:1]):
            journeys.record_quote(
                reference,
                seen=_of(reference).seq,
                route=f"{city} – {where} – {city}, economy",
                source=f"{AGENT} {n + 1}/{self.draw.randrange(1000, 9999)}",
                amount=f"{(fare * Decimal(part)).quantize(Decimal('1.00'))}",
                day=now.date(),
                by=self.refs["screening"],
                at=now,
            )

    def _certified(self, reference: str, fate: str, now: datetime) -> None:
        award = _of(reference)
        seen = journeys.journey_of(db.session(), award, now.date()).digest
        awards.certify(reference, seen=award.seq, cost_seen=seen, by=self.refs["certifying"], at=now)
        self._then(self._approved, reference, fate, now, days=1)

    def _approved(self, reference: str, fate: str, now: datetime) -> None:
        by = self.refs["approving" if self.draw.random() < 0.7 else "approving2"]
        awards.approve(reference, seen=_of(reference).seq, by=by, at=now)
        awards.authorize(reference, seen=_of(reference).seq, by=self.refs["screening"], at=later(now, minutes=20))
        self._then(self._ticketed, reference, fate, now, days=1)

    def _ticketed(self, reference: str, fate: str, now: datetime) -> None:
        award = _of(reference)
        first_day = self.meetings[award.meeting].first_day
        price = journeys.journey_of(db.session(), award, now.date()).fare.usd
        awards.issue_ticket(
            reference,
            seen=award.seq,
            price=f"{price:f}",
            number=f"057-{self.draw.randrange(10**9, 10**10)}",
            day=now.date(),
            by=self.refs["screening"],
            at=now,
        )
        if fate == "cancelled":
            self.story.on(at(first_day - timedelta(days=8), 15), self._step(self._cancelled, reference, fate))
            return
        self.story.on(at(first_day, 16, self.draw.randrange(50)), self._step(self._there, reference, fate))

    def _cancelled(self, reference: str, _: str, now: datetime) -> None:
        award = _of(reference)
        travel.cancel(
            reference,
            seen=award.seq,
            refund=f"{major((award.ticket or 0) * 6 // 10, 'USD'):f}",
            reason="The delegate fell ill; the Government named nobody else.",
            by=self.refs["screening"],
            at=now,
        )
        self.story.on(office(later(now, days=21)), self._step(self._given_back, reference, "cancelled"))

    def _there(self, reference: str, fate: str, now: datetime) -> None:
        award = _of(reference)
        if fate == "no-show":
            travel.record_no_show(
                reference, seen=award.seq, reason="Not on the list of participants.", by=self.refs["screening"], at=now
            )
            self.story.on(office(later(now, days=25)), self._step(self._given_back, reference, "no-show"))
            return
        travel.confirm_attendance(reference, seen=award.seq, by=self.refs["screening"], at=now)
        if fate != "no-claim" and award.application.account:
            back = at(self.meetings[award.meeting].last_day, 9) + timedelta(days=self.draw.randrange(3, 12))
            self.story.on(back, self._step(self._claimed, reference, fate))
        elif not award.application.account:
            self.story.on(office(later(now, days=12)), self._step(self._claimed, reference, fate))

    def _claimed(self, reference: str, fate: str, now: datetime) -> None:
        award = _of(reference)
        journey = journeys.journey_of(db.session(), award, now.date())
        left = journey.departure - timedelta(days=1 if fate == "left-early" and journey.nights > 1 else 0)
        account = award.application.account
        claims.submit(
            reference,
            seen=award.seq,
            arrived_on=journey.arrival,
            left_on=left,
            visa="160.00" if journey.frame.meeting.country == "USA" and self.draw.random() < 0.25 else "",
            message="",
            report="The delegation took part in the discussion and reported to its capital. (Example of a report.)",
            by=account.reference if account else self.refs["screening"],
            at=now,
        )
        self.story.on(office(later(now, days=5)), self._step(self._prepared, reference, fate))

    def _prepared(self, reference: str, fate: str, now: datetime) -> None:
        settlements.prepare(reference, seen=_of(reference).seq, by=self.refs["certifying"], at=now)
        self.story.on(office(later(now, days=2)), self._step(self._settled, reference, fate))

    def _settled(self, reference: str, fate: str, now: datetime) -> None:
        settlements.approve(reference, seen=_of(reference).seq, by=self.refs["approving"], at=now)
        if sum(books(db.session(), _of(reference)).due.values()):
            self.story.on(office(later(now, days=15)), self._step(self._given_back, reference, fate))

    def _given_back(self, reference: str, fate: str, now: datetime) -> None:
        award = _of(reference)
        due = debts.owed(db.session(), award)
        if not due:
            return
        if fate == "no-show" and self.draw.random() < 0.5:
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
        """Some days later; on the last morning an hour later, for those that are in a hurry."""
        when = office(later(now, days=days))
        if self.hurry.get(reference, 0) > 0:
            self.hurry[reference] -= 1
            when = later(now, minutes=61)
        self.story.on(when, self._step(step, reference, fate))

    def _step(self, step: Callable[[str, str, datetime], None], reference: str, fate: str) -> Deed:
        return self._safely(lambda now: step(reference, fate, now))

    @staticmethod
    def _safely(deed: Deed) -> Deed:
        """A seat whose next step is refused (its money is short, a rate is wanting) stays where it is."""

        def safe(now: datetime) -> None:
            try:
                deed(now)
            except Refused:
                db.session.rollback()

        return safe


def _of(reference: str) -> Award:
    db.session.rollback()
    return db.session.scalars(db.select(Award).where(Award.reference == reference)).unique().one()
