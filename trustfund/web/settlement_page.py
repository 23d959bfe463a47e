"""A claim beside what is owed by it, as an officer reads it."""

import json
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from trustfund.core.costs import ZERO, Cost
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.models.awards import Claim, Recovery, Settlement
from trustfund.models.selections import Proposal
from trustfund.operations import settlements
from trustfund.operations.award_standing import Offer
from trustfund.operations.claim_documents import claim_documents
from trustfund.operations.claims import claim_of
from trustfund.operations.settlements import Adjustment
from trustfund.web.award_page import AwardPage
from trustfund.web.journey_words import Told, told_given, told_lines

PAPER = {"boarding-pass": sentence("Boarding pass"), "receipt": sentence("Receipt")}


class SettlementPage(AwardPage):
    """A claim beside what is owed by it; read in a fixed number of statements."""

    wanting_owed = ""

    @cached_property
    def claim(self) -> Claim | None:
        return claim_of(db.session(), self.award)

    @cached_property
    def papers(self) -> list[tuple[str, Any]]:
        return [(say(PAPER.get(one.kind, one.kind)), one) for one in claim_documents(db.session(), self.award)]

    @property
    def claim_given(self) -> str:
        given = json.loads(self.claim.given or "{}") if self.claim else {}
        return told_given({date.fromisoformat(night): what for night, what in given.items()})

    @cached_property
    def stands(self) -> Settlement | None:
        """The settlement that waits for approval, or was approved."""
        return self.settlement if self.settlement and self.settlement.stage in ("prepared", "approved") else None

    def owed(self, typed: list[Adjustment] | None) -> settlements.Due | None:
        """What is owed: as settled or prepared; else by the claim, with the adjustments that are typed."""
        if self.stands and typed is None:
            kept = self.stands
            lines, adjustments = settlements.lines_of(kept), settlements.adjustments_of(kept)
            return settlements.Due(tuple(lines), tuple(adjustments), kept.advance)
        if self.claim is None or self.award.stage != "claimed":
            return None
        try:
            return settlements.due_of(db.session(), self.award, self.claim, typed or [], self.today)
        except Refused as refused:
            self.wanting_owed = told(refused)
            return None

    @property
    def due(self) -> int:
        """What the traveller owes the fund now, in cents."""
        return sum(self.books.due.values())

    @cached_property
    def recoveries(self) -> list[Recovery]:
        found = select(Recovery).where(Recovery.award_id == self.award.id).order_by(Recovery.id)
        return list(db.session.scalars(found))

    @cached_property
    def proposal(self) -> Proposal | None:
        """A write-off that waits for a second officer."""
        found = select(Proposal).where(
            Proposal.deed == "debt.written-off", Proposal.subject == self.award.reference, Proposal.stage == "waiting"
        )
        return db.session.scalars(found).unique().first()

    def offer(self, action: str) -> Offer | None:
        return next((one for one in self.offers if one.action == action), None)


def owed_lines(owed: settlements.Due) -> list[Told]:
    return told_lines(Cost(owed.lines, ZERO))
