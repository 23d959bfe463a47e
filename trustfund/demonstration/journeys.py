"""The demonstration's journeys: what becomes of each seat from the offer to the last cent, each act by its officer."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

from trustfund.core.calendar import Meeting
from trustfund.core.money import major
from trustfund.core.refusal import SeparationOfDuties
from trustfund.demonstration.cast import MISSION, successor
from trustfund.demonstration.claims import Claims, award_of
from trustfund.demonstration.fates import BY_BANK, FATES, IN_PERSON, QUICK, TOLD
from trustfund.demonstration.money import People
from trustfund.demonstration.story import END, Deed, Story, at, later, office, safely
from trustfund.extensions import db
from trustfund.models.awards import Award, Payment
from trustfund.operations import (
    awards,
    bank,
    clockwork,
    journeys,
    offers,
    payments,
    travel,
)

AGENT = "Example Travel"


class Teller(Claims):
    """Puts the life of each seat into the story."""

    def __init__(self, story: Story, refs: People, draw: random.Random, meetings: dict[str, Meeting]):
        super().__init__(story, refs, draw, meetings)
        self.count = 0
        self.told = {code: list(fates) for code, fates in TOLD.items()}
        self.method: dict[str, str] = {}  # award -> how it is paid, where that is told

    def seats_of(self, code: str, now: datetime) -> None:
        """Every seat that a kept run has proposed."""
        quick = 0
        found = db.session.scalars(
            db.select(Award).where(Award.meeting == code, Award.stage == "proposed").order_by(Award.position)
        ).unique()
        for award in found:
            if award.account_id and award.application.account.reference == self.refs["delegate"]:  # type: ignore[union-attr]
                continue  # Amna Eltayeb answers herself
            fate = self._fate(award)
            when = office(later(now, days=1 + self.count % 3, minutes=7 * self.count % 200))
            if when > END and quick < len(QUICK) and award.state != MISSION:  # which names another
                when = later(at(END.date(), 7), minutes=9 * quick)
                self.hurry[award.reference], self.method[award.reference] = QUICK[quick]
                quick, fate = quick + 1, "good"
            if fate != "silent":
                self.story.on(when, self._answered(award.reference, fate))
        first_day = self.meetings[code].first_day
        day = at(first_day, 14)
        for days in (-12, 36):
            self.story.on(later(day, days=days), self._orders(code, "agent"))
        for method in ("bank", "cash"):
            self.story.on(later(day, days=-5 if method == "bank" else 0), self._orders(code, method))
            self.story.on(later(day, days=34), self._orders(code, method))
        if quick:
            self.story.on(at(END.date(), 12, 50), self._orders(code, "bank"))
        self.story.on(later(now, days=11), clockwork.run)
        self.story.on(later(day, minutes=30), clockwork.run)

    def _fate(self, award: Award) -> str:
        """What is told of the meeting comes first, for the first seat that it can be told of."""
        self.count += 1
        waiting = self.told.get(award.meeting, [])
        fate = next((one for one in waiting if award.account_id or one not in IN_PERSON), "")
        if fate:
            waiting.remove(fate)
        else:
            fate = next((fate for every, first, fate in FATES if self.count % every == first), "good")
            if fate == "no-show":
                self.absent.add(award.reference)
        if fate in BY_BANK:
            self.method[award.reference] = "bank"
        return fate

    def _answered(self, reference: str, fate: str) -> Deed:
        def deed(now: datetime) -> None:
            award = award_of(reference)
            account = award.application.account
            person = account.reference if account else self.refs["screening"]
            paper = "" if account else f"Letter of the mission of {now:%d.%m.%Y} (example)"
            if fate == "declined":
                offers.decline(reference, seen=award.seq, document=paper, by=person, at=now)
                return
            self._accepted(reference, fate, now, by=person, paper=paper)

        return safely(deed)

    def _accepted(self, reference: str, fate: str, now: datetime, *, by: str, paper: str) -> None:
        method = self.method.get(reference) or ("bank" if self.draw.random() < 0.45 else "cash")
        offers.accept(reference, seen=award_of(reference).seq, method=method, document=paper, by=by, at=now)
        if method == "bank":
            self._bank(reference, by, now)
        if fate == "replaced":
            self._then(self._replaced, reference, fate, now, days=1)
            return
        self._quotes(reference, fate, now)
        self._then(self._certified, reference, fate, now, days=2)

    def _replaced(self, reference: str, _: str, now: datetime) -> None:
        """The Government names somebody else, by a letter of its mission, who answers by another letter."""
        award, screener = award_of(reference), self.refs["screening"]
        paper = f"Note verbale of the mission of {now:%d.%m.%Y} (example)"
        come = successor(award, now)
        offers.replace(reference, seen=award.seq, successor=come, document=paper, by=screener, at=now)
        self.method[reference] = "cash"
        self._accepted(reference, "good", later(now, minutes=30), by=screener, paper=paper)

    def _bank(self, reference: str, person: str, now: datetime) -> None:
        award = award_of(reference)
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

    def _quotes(self, reference: str, fate: str, now: datetime) -> None:
        award = award_of(reference)
        fare = journeys.journey_of(db.session(), award, now.date()).fare.usd
        city, where, seen = award.application.home_city, self.meetings[award.meeting].city, award.seq
        parts = [self.draw.uniform(0.86, 0.97), self.draw.uniform(0.98, 1.12)]
        for n, part in enumerate(parts if fare > 900 or fate == "dearer" else parts[:1]):
            seen = journeys.record_quote(
                reference,
                seen=seen,
                route=f"{city} – {where} – {city}, economy",
                source=f"{AGENT} {n + 1}/{self.draw.randrange(1000, 9999)}",
                amount=f"{(fare * Decimal(part)).quantize(Decimal('1.00'))}",
                day=now.date(),
                choose=fate == "dearer" and n == 1,
                by=self.refs["screening"],
                at=now,
            ).seq

    def _certified(self, reference: str, fate: str, now: datetime) -> None:
        award = award_of(reference)
        seen = journeys.journey_of(db.session(), award, now.date()).digest
        why = "The cheaper route needs a visa of transit that cannot be had in time. (Example.)"
        reason = why if fate == "dearer" else ""
        awards.certify(reference, seen=award.seq, cost_seen=seen, reason=reason, by=self.refs["certifying"], at=now)
        self._then(self._sent_back if fate == "sent-back" else self._approved, reference, fate, now, days=1)

    def _sent_back(self, reference: str, _: str, now: datetime) -> None:
        """The approving officer sends it back; it is certified once more."""
        awards.withdraw_certification(
            reference,
            seen=award_of(reference).seq,
            reason="The nights are not those of the meeting as announced. Please look again. (Example.)",
            by=self.refs["approving"],
            at=now,
        )
        self._then(self._certified, reference, "good", now, days=1)

    def _approved(self, reference: str, fate: str, now: datetime) -> None:
        first = "approving" if fate == "dearer" or self.draw.random() < 0.7 else "approving2"
        awards.approve(reference, seen=award_of(reference).seq, by=self.refs[first], at=now)
        if fate == "dearer":
            with suppress(SeparationOfDuties):  # the second approval is another officer's: the refusal is kept
                awards.approve(reference, seen=award_of(reference).seq, by=self.refs[first], at=later(now, minutes=5))
            awards.approve(
                reference, seen=award_of(reference).seq, by=self.refs["approving2"], at=later(now, minutes=40)
            )
        self._then(self._authorized, reference, fate, now, days=0)

    def _authorized(self, reference: str, fate: str, now: datetime) -> None:
        awards.authorize(reference, seen=award_of(reference).seq, by=self.refs["screening"], at=now)
        self._then(self._ticketed, reference, fate, now, days=1)

    def _ticketed(self, reference: str, fate: str, now: datetime) -> None:
        award = award_of(reference)
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
        if fate == "failed":
            self.story.on(at(first_day - timedelta(days=3), 10), self._step(self._came_back, reference, fate))
        self.story.on(at(first_day, 16, self.draw.randrange(50)), self._step(self._there, reference, fate))

    def _came_back(self, reference: str, _: str, now: datetime) -> None:
        """The bank sends the advance back: its entry is reversed, and it is paid once more."""
        award = award_of(reference)
        paid = db.session.scalars(db.select(Payment).filter_by(award_id=award.id, kind="advance", stage="paid")).one()
        payments.fail(
            paid.reference,
            reason="Sent back by the correspondent bank, by its own mistake. (Example.)",
            by=self.refs["paying"],
            at=now,
        )
        self.story.on(later(now, minutes=240), self._orders(award.meeting, "bank"))

    def _cancelled(self, reference: str, _: str, now: datetime) -> None:
        award = award_of(reference)
        travel.cancel(
            reference,
            seen=award.seq,
            refund=f"{major((award.ticket or 0) * 6 // 10, 'USD'):f}",
            reason="The delegate fell ill; the Government named nobody else.",
            by=self.refs["screening"],
            at=now,
        )
        self.story.on(office(later(now, days=21)), self._step(self._given_back, reference, "cancelled"))
