"""100,000 candidates ranked and allocated with their reasons, beside one sorted() over the keys that decided."""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from math import lcm
from typing import Any

from trustfund.core.allocation import allocate
from trustfund.core.priority import CATEGORIES, Candidate, Ranking, ranked

CANDIDATES, ROUNDS = 100_000, 9
CRITERIA = [
    "step",
    "on-time",
    "least-funded-state",
    "regional-balance",
    "gender-balance",
    "earliest-complete",
    "draw",
]
USUAL = [
    ("LDC", 1),
    ("LLDC/SIDS", 1),
    ("LDC", 2),
    ("developing", 1),
    ("LLDC/SIDS", 2),
    ("developing", 2),
    ("self-financing", 1),
]
FOR_EVERYBODY = [(category, n) for n in range(1, CANDIDATES // 10) for category in CATEGORIES]
SEED = "A/RES/71/280:N1:bench"

Steps = Sequence[tuple[str, int]]


def main() -> None:
    compare("100,000 ranked and allocated", applied(), USUAL, money="250000.00")
    compare("  a step and money for everybody", applied(), FOR_EVERYBODY, money="1000000000.00")
    compare("  every candidate of a State of its own", applied(states=CANDIDATES), FOR_EVERYBODY, money="250000.00")


def applied(states: int = 150) -> list[Candidate]:
    """Of so many States in five regions, four in five on time within forty days, to the second; always the same."""
    chance = random.Random(states)
    of_state = [
        (f"S{n}", f"Region {chance.randrange(5)}", chance.choice(CATEGORIES), chance.randrange(4))
        for n in range(states)
    ]
    opened = datetime(2018, 1, 1, tzinfo=UTC)
    candidates = []
    for n in range(CANDIDATES):
        state, region, category, earlier_seats = of_state[n] if states == CANDIDATES else chance.choice(of_state)
        candidates.append(
            Candidate(
                f"N1-{n:06}",
                state,
                region,
                category,
                gender=chance.choice(["F", "M", None]),
                on_time=chance.random() < 0.8,
                government_order=chance.choice([None, 1, 2, 3]),
                completed_at=opened + timedelta(seconds=chance.randrange(40 * 24 * 3600)),
                earlier_seats=earlier_seats,
                charge=Decimal(chance.randrange(100_000, 500_000)) / 100,
            )
        )
    return candidates


def compare(what: str, candidates: list[Candidate], steps: Steps, money: str) -> None:
    """Rounds of both, in turn: the floor sorts the keys in the order in which the candidates are given."""

    def decide() -> Ranking:
        places = ranked(candidates, criteria=CRITERIA, steps=steps, seed=SEED)
        allocate(places, spendable=Decimal(money), earmarked={"LDC": Decimal("50000.00")}, when_short="same-step")
        return places

    places = decide()
    key_of = dict(zip((c.reference for c in places.candidates), keys(places), strict=True))
    assert list(key_of.values()) != sorted(key_of.values()), "the moving values move"
    given = [key_of[c.reference] for c in candidates]
    rounds = [(used(decide), (used(lambda: sorted(given)) + used(lambda: sorted(given))) / 2) for _ in range(ROUNDS)]
    ours, floor = (statistics.median(side[n] for side in rounds) * 1000 for n in (0, 1))
    low, ratio, high = statistics.quantiles((a / b for a, b in rounds), n=4)
    half = f"{low:.2f} to {high:.2f}"
    print(f"{what:40}{ours:6.0f} ms{floor:9.0f} ms{ratio:10.2f}   {half:15}≤ 8", flush=True)


def used(deed: Callable[[], object]) -> float:
    """Seconds of processor time."""
    before = time.process_time()
    deed()
    return time.process_time() - before


def keys(places: Ranking) -> list[tuple[Any, ...]]:
    """Of each place the key with which it was chosen: over quota or not, then the criteria; a share of seats as a whole
    number, which sorts quickest, the balance of genders as 0, 1 or 2."""
    states = Counter(group for group, _ in {((c.region, c.category), c.state) for c in places.candidates})
    whole = lcm(*states.values())
    seats, found = Counter[object](), []
    for c, step in zip(places.candidates, places.steps, strict=True):
        group, ahead = (c.region, c.category), seats["F"] - seats["M"]
        balance = 1 + ((ahead > 0) - (ahead < 0)) * {"F": 1, "M": -1, None: 0}[c.gender]
        found.append(
            (
                step is None,
                step or 0,
                not c.on_time,
                c.earlier_seats,
                seats[group] * (whole // states[group]),
                balance,
                c.completed_at,
                sha256(f"{SEED}:{c.reference}".encode()).hexdigest(),
            )
        )
        seats.update([group, c.gender])
    return found


if __name__ == "__main__":
    main()
