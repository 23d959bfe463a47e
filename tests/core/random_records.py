"""Valid selection records by chance: the same number gives the same record."""

import random
from typing import Any

CATEGORIES = ["LDC", "LLDC/SIDS", "developing", "self-financing"]
REGIONS = [
    "African Group",
    "Asia-Pacific Group",
    "Eastern European Group",
    "Latin American and Caribbean Group",
    "Western European and Others Group",
]
CRITERIA = [
    "step",
    "on-time",
    "least-funded-state",
    "regional-balance",
    "gender-balance",
    "earliest-complete",
    "seat-of-state",
    "country-category",
]
DEFAULT_PRIORITY = [*CRITERIA[:6], "draw"]
DEFAULT_STEPS = [
    ["LDC", 1],
    ["LLDC/SIDS", 1],
    ["LDC", 2],
    ["developing", 1],
    ["LLDC/SIDS", 2],
    ["developing", 2],
    ["self-financing", 1],
]


def record_of(number: int) -> dict[str, Any]:
    return record_by(random.Random(number))


def record_by(chance: random.Random, at_most: int = 60) -> dict[str, Any]:
    """Up to so many candidates of up to 20 States, everything else by chance too."""
    candidates = some_candidates(chance, at_most)
    hold_some(chance, candidates)
    record = {
        "format": "trustfund-selection/1",
        "meeting": chance.choice(["N1", "T2"]),
        "status_date": "2018-02-20",
        "rules": some_rules(chance),
        "spendable": amount(chance, chance.choice([0, 5_000, 40_000, 250_000])),
        "candidates": candidates,
    }
    if chance.random() < 0.7:
        record["earmarked"] = [
            {
                "category": chance.choice([*CATEGORIES, None]),
                "amount": amount(chance, chance.choice([0, 2_000, 30_000])),
            }
            for _ in range(chance.randrange(6))
        ]
    return record


def some_candidates(chance: random.Random, at_most: int) -> list[dict[str, Any]]:
    # One State in its category and region, or each candidate as it comes: rank trusts what it is told.
    states = {
        f"A{chr(65 + n // 26)}{chr(65 + n % 26)}": (chance.choice(REGIONS), chance.choice(CATEGORIES))
        for n in range(chance.randint(1, 20))
    }
    consistent = chance.random() < 0.8
    seats = {state: chance.randrange(4) for state in states}
    return [
        one_candidate(chance, reference, states, seats, consistent)
        for reference in chance.sample(range(10_000), chance.randint(0, at_most))
    ]


def one_candidate(
    chance: random.Random, reference: int, states: dict[str, tuple[str, str]], seats: dict[str, int], consistent: bool
) -> dict[str, Any]:
    state = chance.choice(list(states))
    region, category = states[state] if consistent else (chance.choice(REGIONS), chance.choice(CATEGORIES))
    return {
        "reference": f"N1-{reference}",
        "state": state,
        "region": region,
        "category": category,
        "gender": chance.choice(["F", "M", None]),
        "on_time": chance.random() < 0.8,
        "government_order": chance.choice([None, 1, 2, 3, 4]),
        "completed_at": some_instant(chance),
        "earlier_seats": seats[state] if consistent else chance.randrange(4),
        "charge": "0.00" if chance.random() < 0.05 else amount(chance, 6_000),
    }


def some_instant(chance: random.Random) -> str:
    """Three days, few hours, so that instants meet; sometimes a fraction of a second, written in one or six digits."""
    fraction = chance.choice(["", "", "", ".5", ".500000", ".000001", ".999999"])
    return f"2018-01-{chance.randint(9, 11):02}T{chance.choice([0, 9, 23]):02}:59:59{fraction}Z"


def hold_some(chance: random.Random, candidates: list[dict[str, Any]]) -> None:
    """A third of the records has held seats, at positions with gaps; now and then everybody's."""
    if chance.random() < 0.33:
        held = chance.sample(candidates, chance.choice([len(candidates) // 5, len(candidates) // 5, len(candidates)]))
        for one, position in zip(held, chance.sample(range(1, 100), len(held)), strict=True):
            one["held"] = position


def some_rules(chance: random.Random) -> dict[str, Any]:
    priority, steps = DEFAULT_PRIORITY, DEFAULT_STEPS
    if chance.random() < 0.6:
        priority = [*chance.sample(CRITERIA, chance.randint(0, len(CRITERIA))), "draw"]
    if chance.random() < 0.5:
        rows = [[category, n] for category in CATEGORIES for n in range(1, 13)]
        steps = chance.sample(rows, chance.choice([0, 3, 10, len(rows)]))
    return {
        "priority": list(priority),
        "steps": [list(row) for row in steps],
        "when_cash_falls_short": chance.choice(["same-step", "skip", "stop"]),
        "seed": f"A/RES/71/280:N1:{chance.choice(['example', 'exemple d’été', '例'])}",
    }


def amount(chance: random.Random, up_to: int) -> str:
    """To the cent, and now and then written shorter."""
    cents = chance.randint(0, up_to * 100)
    return chance.choice([f"{cents // 100}.{cents % 100:02}"] * 6 + [str(cents // 100), f"{cents // 100}.{cents % 10}"])
