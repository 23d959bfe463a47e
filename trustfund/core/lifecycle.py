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
PLEDGE_STATES = ("announced", "agreed", "part-paid", "fully-paid", "written-off", "withdrawn")

FOLLOWS: dict[str, tuple[frozenset[str | None], str]] = {
    "pledge.announced": (
        frozenset({None}),
        sentence("This pledge is announced already."),
    ),
    "agreement.recorded": (
        frozenset({None, "announced"}),
        sentence("An agreement is recorded once, on an announced pledge. Nothing has been changed."),
    ),
    "deposit.recorded": (
        frozenset({"agreed", "part-paid", "fully-paid"}),
        sentence("A deposit is recorded against an agreement: record the agreement first. Nothing has been changed."),
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
}
"""Deed -> the states that it may follow, of a pledge or an application, and what is said where it may not."""


def possible(deed: str, state: str | None) -> bool:
    return state in FOLLOWS[deed][0]


def check(deed: str, state: str | None) -> None:
    """Refused where the deed cannot follow the state."""
    if not possible(deed, state):
        raise Refused(FOLLOWS[deed][1])


def standing(agreed: int, received: int) -> str:
    """The state of an agreed pledge by what was received of it, both in minor units of its currency."""
    if received == 0:
        return "agreed"
    return "part-paid" if received < agreed else "fully-paid"
