"""A preparatory activity as an officer reads it: where it stands, what it cost, who did what, and what may follow."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from trustfund.core.award_books import Books
from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.core.surplus import APPROVALS, Test
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.activities import Activity
from trustfund.models.people import Account
from trustfund.operations.activities import tests_for
from trustfund.operations.activity_standing import offered
from trustfund.operations.award_deeds import books_of_subject
from trustfund.operations.award_standing import Offer
from trustfund.web.history import Done, approvals_in, data_of, entries_about, who_did

STANDS = {
    "proposed": sentence("Approvals: {given} of {needed}. Its charge is not committed yet."),
    "approved": sentence("Approved, and its charge is committed. Of the cost, {left} USD is not paid yet."),
    "closed": sentence("Closed. {paid} USD was paid of it, and what was not used is free again."),
    "cancelled": sentence("Cancelled. Nothing was paid of it."),
}
STEPS = (
    ("proposed", sentence("Approval by two officers")),
    ("approved", sentence("Payment")),
    ("approved", sentence("Closing")),
)
"""Steps that lead to the end, and the stage that waits for each."""


class ActivityPage:
    """Read in a fixed number of statements, however often it was paid."""

    def __init__(self, activity: Activity, account: Account, now: datetime):
        self.activity, self.account = activity, account
        waits = activity.stage == "proposed"
        self.tests: tuple[Test, ...] = tests_for(db.session(), activity, now) if waits else ()
        self.offers: list[Offer] = offered(db.session(), activity, account, now.date(), self.tests)
        self.books: Books = books_of_subject(db.session(), activity.reference)

    @property
    def given(self) -> int:
        return sum(one.act == "approve" for one in self.activity.acts)

    @property
    def paid(self) -> Decimal:
        return major(sum(one.usd for one in self.activity.payments), "USD")

    @property
    def left(self) -> Decimal:
        """Of the cost, what is not paid."""
        return major(self.activity.cost, "USD") - self.paid

    @property
    def lead(self) -> str:
        values = {"given": self.given, "needed": APPROVALS, "left": self.left, "paid": self.paid}
        return say(STANDS[self.activity.stage], **values)

    @property
    def ahead(self) -> list[str]:
        """The steps that are not done yet, the next one first."""
        if self.activity.stage not in ("proposed", "approved"):
            return []
        done = 0 if self.activity.stage == "proposed" else 1 if self.left else 2
        return [say(step) for _, step in STEPS[done:]]

    @cached_property
    def history(self) -> list[Done]:
        """Every entry about it, the attempts that were refused too."""
        found = entries_about(self.activity.reference)
        return [Done(e.seq, e.at, e.action, who_did(e), _more(data_of(e))) for e in found]


def _more(data: dict[str, Any]) -> str:
    return say("{usd} USD", usd=major(data["payment"]["usd"], "USD")) if "payment" in data else approvals_in(data)
