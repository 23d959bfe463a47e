"""The record: what an event says. Ledger and audit trail are one thing, and these names last for ever.

``verifier`` defines the bytes (canonical JSON, hash); this file defines the words.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from trustfund.core.ledger import Posting
from trustfund.core.verifier import FORMAT, canonical

ACTIONS = frozenset(
    {
        "key.introduced",
        "mandate.adopted",
        "mandate.amended",
        "account.created",
        "account.suspended",
        "account.reinstated",
        "account.reset",
        "account.ended",
        "person.erased",
        "designation.made",
        "designation.confirmed",
        "designation.ended",
        "rate.recorded",
        "donor.registered",
        "donor.changed",
        "donor.accepted",
        "letter.added",
        "pledge.announced",
        "pledge.amended",
        "pledge.withdrawn",
        "agreement.drafted",
        "agreement.recorded",
        "condition.met",
        "reminder.sent",
        "contribution.written-off",
        "deposit.recorded",
        "deposit.attached",
        "deposit.split",
        "overpayment.agreed",
        "overpayment.refunded",
        "statement.imported",
        "line.matched",
        "match.undone",
        "application.submitted",
        "application.reopened",
        "application.withdrawn",
        "application.imported",
        "application.accepted",
        "changes.asked",
        "completion.confirmed",
        "refusal.proposed",
        "refusal.confirmed",
        "refusal.declined",
        "nomination.made",
        "application.endorsed",
        "endorsement.withdrawn",
        "government-order.set",
        "note-verbale.attached",
        "note-verbale.promised",
        "refusal.answered",
        "replacement.requested",
        "focal-point.named",
        "application.noted",
        "personal.unmasked",
        "double.ruled-out",
        "double.reopened",
        "call.closed",
        "allotment.fixed",
        "allotment.changed",
        "selection.previewed",
        "selection.kept",
        "override.recorded",
        "status.amended",
        "meeting.added",
        "proposal.made",
        "proposal.declined",
        "second-factor.set",
        "second-factor.removed",
        "dsa.recorded",
        "provision.recorded",
        "journey.changed",
        "quote.recorded",
        "bank.entered",
        "award.proposed",
        "award.accepted",
        "award.declined",
        "award.lapsed",
        "award.replaced",
        "award.certified",
        "certification.withdrawn",
        "award.approved",
        "award.authorized",
        "award.ticketed",
        "ticket.expensed",
        "ticket.paid",
        "advance.paid",
        "balance.paid",
        "order.released",
        "payment.failed",
        "attendance.confirmed",
        "award.missed",
        "award.cancelled",
        "claim.submitted",
        "claim.returned",
        "settlement.prepared",
        "settlement.declined",
        "settlement.approved",
        "recovery.recorded",
        "debt.written-off",
        "activity.proposed",
        "activity.approved",
        "activity.spent",
        "activity.closed",
        "activity.cancelled",
        "month.closed",
        "closing.decided",
        "refund.paid",
        "fund.closed",
        "interest.recorded",
        "charge.recorded",
        "support-cost.paid",
    }
)
"""What can be done, ``noun.past-verb``. A kept refusal of any of them is ``noun.refused``."""

REFUSALS = frozenset(action.partition(".")[0] + ".refused" for action in ACTIONS)


def instant(moment: datetime) -> str:
    """An instant as the record writes it: UTC, milliseconds, so that later sorts after earlier."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The instant that the record wrote."""
    return datetime.fromisoformat(text)


def body_of(
    seq: int,
    at: str,
    by: str,
    do: str,
    *,
    on: str,
    key: str | None = None,
    before: str | None = None,
    after: str | None = None,
    post: Iterable[Posting] = (),
    data: Mapping[str, object] | None = None,
) -> str:
    """The body of an event, as it is hashed and kept: canonical JSON, persons by reference only."""
    assert do in ACTIONS or do in REFUSALS, f"no such action: {do}"
    return canonical(
        {
            "format": FORMAT,
            "seq": seq,
            "at": at,
            "by": by,
            "do": do,
            "on": on,
            "key": key,
            "from": before,
            "to": after,
            "post": [p.as_data() for p in post],
            "data": dict(data or {}),
        }
    )
