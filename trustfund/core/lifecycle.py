"""States that last for ever, and which deed may follow which. Pages, operations and tests read this one table."""

from trustfund.core.refusal import Refused, sentence

APPLICATION_STAGES = (
    "draft",
    "submitted",
    "changes-asked",
    "accepted",
    "refusal-proposed",
    "refused",
    "withdrawn",
)
ALIVE = ("submitted", "changes-asked", "accepted", "refusal-proposed")
"""Stages in which an application asks for a seat, or keeps the one it has."""
PLEDGE_STATES = ("announced", "conditional", "agreed", "part-paid", "fully-paid", "written-off", "withdrawn")
ENDED = ("withdrawn", "written-off")
"""States of a pledge after which nothing more is recorded on it."""
NOTHING_MORE = sentence(
    "This pledge is withdrawn or written off, so nothing more is recorded on it. For money that comes after all, "
    "record a new pledge, its agreement, and the deposit on that. Nothing has been changed."
)

AWARD_STAGES = (
    "proposed",
    "accepted",
    "certified",
    "approved",
    "authorized",
    "ticketed",
    "advance-paid",
    "travelled",
    "claimed",
    "settled",
    "closed",
    "declined",
    "lapsed",
    "cancelled",
    "no-show",
)
GIVEN_BACK = ("declined", "lapsed", "cancelled")
"""An award in one of these is no seat any more."""
SEATED = ("approved", "authorized", "ticketed", "advance-paid", "travelled", "claimed", "settled", "closed", "no-show")
"""Approved and not cancelled: a seat of its State, a no-show's too (rules of the fund, 3)."""
OVER = ("settled", "closed", "no-show", "cancelled")
"""The journey is reckoned up, or is not made: from then on it costs what it cost."""

_UNTIL_TICKETED = frozenset({"proposed", "accepted", "certified", "approved", "authorized"})
_ON_THE_WAY = frozenset({"ticketed", "advance-paid"})
_OWES = frozenset({"settled", "no-show", "cancelled"})

_LIKENED = frozenset(APPLICATION_STAGES) - {"draft", "withdrawn"}
_NOT_LIKENED = sentence(
    "Only applications that are with the fund are compared: one is withdrawn or opened again. Nothing has been changed."
)

FOLLOWS: dict[str, tuple[frozenset[str | None], str]] = {
    "pledge.announced": (
        frozenset({None}),
        sentence("This pledge is announced already."),
    ),
    "pledge.amended": (
        frozenset({"announced"}),
        sentence("A pledge is amended until it is agreed or withdrawn. Nothing has been changed."),
    ),
    "pledge.withdrawn": (
        frozenset({"announced", "conditional"}),
        sentence("A pledge is withdrawn until it is agreed, and only once. Nothing has been changed."),
    ),
    "agreement.drafted": (
        frozenset({"announced"}),
        sentence("An agreement is drawn up for a pledge that is announced. Nothing has been changed."),
    ),
    "agreement.recorded": (
        frozenset({None, "announced"}),
        sentence("An agreement is recorded once, on an announced pledge. Nothing has been changed."),
    ),
    "condition.met": (
        frozenset({"conditional"}),
        sentence("A condition is met once, of an agreement that is conditional. Nothing has been changed."),
    ),
    "deposit.recorded": (
        frozenset({"agreed", "part-paid", "fully-paid"}),
        sentence("A deposit is recorded against an agreement: record the agreement first. Nothing has been changed."),
    ),
    "deposit.attached": (
        frozenset({"agreed", "part-paid", "fully-paid"}),
        sentence("A deposit is attached to an agreement that stands. Nothing has been changed."),
    ),
    "overpayment.agreed": (
        frozenset({"fully-paid"}),
        sentence("Only what was paid above an agreement can be agreed afterwards. Nothing has been changed."),
    ),
    "overpayment.refunded": (
        frozenset({"fully-paid"}),
        sentence("Only what was paid above an agreement can be paid back. Nothing has been changed."),
    ),
    "contribution.written-off": (
        frozenset({"agreed", "part-paid"}),
        sentence("Only what is still receivable of an agreement can be written off. Nothing has been changed."),
    ),
    "application.submitted": (
        frozenset({"draft", "changes-asked"}),
        sentence("This application was sent already. Nothing has been changed."),
    ),
    "application.reopened": (
        frozenset({"submitted"}),
        sentence("Only an application that was sent and is not yet screened can be opened again. Nothing has changed."),
    ),
    "application.withdrawn": (
        frozenset({"draft", "submitted", "changes-asked", "accepted", "refusal-proposed"}),
        sentence("This application is refused or withdrawn already. Nothing has been changed."),
    ),
    "application.accepted": (
        frozenset({"submitted"}),
        sentence("Only an application that waits for screening can be accepted. Nothing has been changed."),
    ),
    "changes.asked": (
        frozenset({"submitted", "accepted"}),
        sentence("Changes are asked of an application that was sent and not refused. Nothing has been changed."),
    ),
    "completion.confirmed": (
        frozenset({"submitted"}),
        sentence("Only an application that waits for screening can be confirmed. Nothing has been changed."),
    ),
    "refusal.proposed": (
        frozenset({"submitted", "changes-asked", "accepted"}),
        sentence("A refusal is proposed for an application that stands. Nothing has been changed."),
    ),
    "refusal.confirmed": (
        frozenset({"refusal-proposed"}),
        sentence("No refusal waits for a confirmation here. Nothing has been changed."),
    ),
    "refusal.declined": (
        frozenset({"refusal-proposed"}),
        sentence("No refusal waits for a confirmation here. Nothing has been changed."),
    ),
    "application.noted": (
        frozenset(APPLICATION_STAGES),
        sentence("A note is written beside an application that was sent. Nothing has been changed."),
    ),
    "personal.unmasked": (
        frozenset(APPLICATION_STAGES) - {"draft"},
        sentence("The applicant opened it again: nothing of it is shown until it is sent. Nothing has been changed."),
    ),
    "double.ruled-out": (_LIKENED, _NOT_LIKENED),
    "double.reopened": (_LIKENED, _NOT_LIKENED),
    "application.endorsed": (
        frozenset({"draft", *ALIVE}),
        sentence("This application is refused or withdrawn already. Nothing has been changed."),
    ),
    "endorsement.withdrawn": (
        frozenset({"draft", *ALIVE}),
        sentence("This application is refused or withdrawn already. Nothing has been changed."),
    ),
    "government-order.set": (
        frozenset({"draft", *ALIVE}),
        sentence(
            "The order is that of applications that stand: one is refused or withdrawn. Nothing has been changed."
        ),
    ),
    "note-verbale.attached": (
        frozenset({"draft", *ALIVE}),
        sentence(
            "A note verbale is for applications that stand: one is refused or withdrawn. Nothing has been changed."
        ),
    ),
    "note-verbale.promised": (
        frozenset({"draft", *ALIVE}),
        sentence(
            "A note verbale is for applications that stand: one is refused or withdrawn. Nothing has been changed."
        ),
    ),
    "refusal.answered": (
        frozenset({"refusal-proposed"}),
        sentence("No proposed refusal waits for an answer here. Nothing has been changed."),
    ),
    "replacement.requested": (
        frozenset(ALIVE),
        sentence("This application is refused or withdrawn already. Nothing has been changed."),
    ),
    "award.accepted": (
        frozenset({"proposed"}),
        sentence("Only a seat that is proposed and not yet answered can be accepted. Nothing has been changed."),
    ),
    "award.declined": (
        frozenset({"proposed", "accepted"}),
        sentence("This seat can no longer be declined. Write to the fund: an officer cancels the award."),
    ),
    "award.lapsed": (
        frozenset({"proposed"}),
        sentence("Only the offer of a seat that nobody answered lapses. Nothing has been changed."),
    ),
    "award.replaced": (
        _UNTIL_TICKETED,
        sentence("A Government may replace its delegate until the ticket is issued. Nothing has been changed."),
    ),
    "journey.changed": (
        frozenset({"proposed", "accepted"}),
        sentence("A journey is changed before it is certified. Withdraw the certification first."),
    ),
    "quote.recorded": (
        frozenset({"proposed", "accepted"}),
        sentence("Quotes are recorded before the award is certified. Withdraw the certification first."),
    ),
    "bank.entered": (
        frozenset(AWARD_STAGES[1:10]),
        sentence("Bank details are entered for a seat that is accepted and not yet closed. Nothing has been changed."),
    ),
    "award.certified": (
        frozenset({"accepted"}),
        sentence("Only an award that its delegate accepted, and that is not certified yet, can be certified."),
    ),
    "certification.withdrawn": (
        frozenset({"certified"}),
        sentence("Only an award that is certified and not yet approved can be sent back. Nothing has been changed."),
    ),
    "award.approved": (
        frozenset({"certified"}),
        sentence("Only a certified award can be approved, and only once. Nothing has been changed."),
    ),
    "award.authorized": (
        frozenset({"approved"}),
        sentence("Travel is authorized once the award is approved, and only once. Nothing has been changed."),
    ),
    "award.ticketed": (
        frozenset({"authorized"}),
        sentence("A ticket is issued once travel is authorized, and only once. Nothing has been changed."),
    ),
    "advance.paid": (
        frozenset({"ticketed"}),
        sentence("The advance is paid once the ticket is issued, and only once. Nothing has been changed."),
    ),
    "attendance.confirmed": (
        _ON_THE_WAY,
        sentence("Attendance is confirmed of a delegate who has a ticket, and only once. Nothing has been changed."),
    ),
    "award.missed": (
        _ON_THE_WAY,
        sentence("A no-show is recorded of a delegate who has a ticket. Nothing has been changed."),
    ),
    "award.cancelled": (
        frozenset({"accepted", "certified", "approved", "authorized", *_ON_THE_WAY}),
        sentence("Only an award whose journey has not been made can be cancelled. Nothing has been changed."),
    ),
    "claim.submitted": (
        frozenset({"travelled"}),
        sentence("A claim is submitted after the journey, and only once. Nothing has been changed."),
    ),
    "claim.returned": (
        frozenset({"claimed"}),
        sentence("Only a claim that was submitted can be sent back. Nothing has been changed."),
    ),
    "settlement.prepared": (
        frozenset({"claimed"}),
        sentence("A settlement is prepared for a claim that was submitted. Nothing has been changed."),
    ),
    "settlement.declined": (
        frozenset({"claimed"}),
        sentence("Only a settlement that waits for approval can be declined. Nothing has been changed."),
    ),
    "settlement.approved": (
        frozenset({"claimed"}),
        sentence("Only a settlement that waits for approval can be approved, and only once."),
    ),
    "balance.paid": (
        frozenset({"settled"}),
        sentence("A balance is paid once the claim is settled, and only once. Nothing has been changed."),
    ),
    "recovery.recorded": (
        _OWES,
        sentence("A recovery is recorded where the traveller owes the fund money. Nothing has been changed."),
    ),
    "debt.written-off": (
        _OWES,
        sentence("A debt is written off where the traveller owes the fund money. Nothing has been changed."),
    ),
}
"""Deed -> the states that it may follow, of a pledge, an application or an award, and what is said where it may not."""


_GOES_ON = frozenset({"award.declined", "award.replaced", "award.cancelled", "journey.changed", "quote.recorded"})
"""Deeds that must be possible also where an award goes on, once its bank details have sent it back: its charge is
committed, its ticket perhaps issued, its journey perhaps made."""


def possible(deed: str, state: str | None, resumes: str | None = None) -> bool:
    """``resumes``: where an award goes on that was sent back."""
    follows = FOLLOWS[deed][0]
    return state in follows and (resumes is None or deed not in _GOES_ON or resumes in follows)


def check(deed: str, state: str | None, resumes: str | None = None) -> None:
    """Refused where the deed cannot follow the state."""
    if not possible(deed, state, resumes):
        raise Refused(FOLLOWS[deed][1])


def standing(agreed: int, received: int) -> str:
    """The state of an agreed pledge by what was received of it, both in minor units of its currency."""
    if received == 0:
        return "agreed"
    return "part-paid" if received < agreed else "fully-paid"
