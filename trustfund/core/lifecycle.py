"""States that last for ever, and which deed may follow which. Pages, operations and tests read this one table."""

from trustfund.core.refusal import Refused, sentence

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
}
"""Deed -> the states of a pledge that it may follow, and what is said where it may not."""


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
