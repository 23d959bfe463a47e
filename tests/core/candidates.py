"""Candidates for a meeting by name, with only what matters said, and the order they come out in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from tests.core.random_records import DEFAULT_PRIORITY, DEFAULT_STEPS
from trustfund.core.priority import Candidate, Place, ranked

STEPS = [(category, n) for category, n in DEFAULT_STEPS]


def candidate(
    name: str,
    state: str = "",
    *,
    region: str = "African Group",
    category: str = "LDC",
    gender: str | None = None,
    on_time: bool = True,
    government_order: int | None = None,
    completed: str = "2018-01-10",
    earlier_seats: int = 0,
    charge: str = "1000.00",
    held: int | None = None,
) -> Candidate:
    """A person, by the name as reference; of a State of one's own unless it is named."""
    return Candidate(
        name,
        state or name[:3].upper(),
        region,
        category,
        gender,
        on_time,
        government_order,
        datetime.fromisoformat(completed).replace(tzinfo=UTC),
        earlier_seats,
        Decimal(charge),
        held,
    )


def order(
    *candidates: Candidate,
    criteria: Sequence[str] = DEFAULT_PRIORITY,
    steps: Sequence[tuple[str, int]] = STEPS,
    seed: str = "example",
) -> list[Place]:
    return ranked(candidates, criteria=criteria, steps=steps, seed=seed)


def told(places: Sequence[Place]) -> list[tuple[str, str | None]]:
    """Each name with the reason why it stands before the next."""
    return [(place.candidate.reference, place.ahead_of_next_by) for place in places]


def names(places: Sequence[Place]) -> list[str]:
    return [place.candidate.reference for place in places]
