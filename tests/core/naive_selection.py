"""The selection as the rules say it (rules 3 and 4, the selection record), slowly, and without a line of the product.

It was written from the text alone and looks at everybody again before each seat, so that a mistake of the product's
faster way would have to be made twice to stay unseen. It trusts its record: what is malformed is not its subject.
"""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

Candidate = dict[str, Any]
ORDER_OF_CATEGORIES = ["LDC", "LLDC/SIDS", "developing", "self-financing"]
TOLD = {"result", "spent", "left", "digest"}


def decide(record: dict[str, Any]) -> dict[str, Any]:
    """The whole object: what was given, in its written form, and result, spent, left and digest."""
    told = {name: value for name, value in record.items() if name not in TOLD}
    told["candidates"] = sorted(
        ({**one, "charge": two_decimals(one["charge"])} for one in record["candidates"]),
        key=lambda one: one["reference"],
    )
    told["spendable"] = two_decimals(record["spendable"])
    if "earmarked" in record:
        told["earmarked"] = [{**pot, "amount": two_decimals(pot["amount"])} for pot in record["earmarked"]]
    order, reasons = ranking(record)
    outcomes, spent = allocation(record, order)
    all_pots = Decimal(record["spendable"]) + sum(Decimal(pot["amount"]) for pot in record.get("earmarked", []))
    told["result"] = [
        {"position": position, "reference": one["reference"], "outcome": outcome, "ahead_of_next_by": reason}
        for position, (one, outcome, reason) in enumerate(zip(order, outcomes, reasons, strict=True), start=1)
    ]
    told["spent"], told["left"] = two_decimals(spent), two_decimals(all_pots - spent)
    told["digest"] = hashlib.sha256(canonical(told)).hexdigest()
    return told


def canonical(told: dict[str, Any]) -> bytes:
    """Sorted keys, no spaces, UTF-8, no escapes of non-ASCII."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def two_decimals(amount: str | Decimal) -> str:
    return f"{Decimal(amount):.2f}"


# Rules 3: who comes first, and by what


def ranking(record: dict[str, Any]) -> tuple[list[Candidate], list[str | None]]:
    """The candidates in their order, and for each the criterion by which it is ahead of the next."""
    everybody, priority, steps = record["candidates"], record["rules"]["priority"], record["rules"]["steps"]
    n = {one["reference"]: how_manieth(one, record) for one in everybody}
    held = sorted((one for one in everybody if "held" in one), key=lambda one: one["held"])
    ranked, keys_at_the_choice = list(held), []
    while len(ranked) < len(everybody):
        left = [one for one in everybody if one not in ranked]
        keys = {one["reference"]: key(one, n[one["reference"]], ranked, record) for one in left}
        keys_at_the_choice.append(keys)
        ranked.append(min(left, key=lambda one: (over_quota(one, n, steps), *keys[one["reference"]].values())))
    reasons: list[str | None] = [None] * len(held)
    chosen = ranked[len(held) :]
    for one, following, keys in zip(chosen, chosen[1:], keys_at_the_choice, strict=False):
        if over_quota(one, n, steps) != over_quota(following, n, steps):
            reasons.append("over-quota")
        else:
            mine, its = keys[one["reference"]], keys[following["reference"]]
            reasons.append(next(code for code in priority if mine[code] != its[code]))
    return ranked, reasons + [None] * bool(chosen)


def key(one: Candidate, n: int, ranked: list[Candidate], record: dict[str, Any]) -> dict[str, Any]:
    """The values of the criteria, in the order the mandate lists them, after these were ranked."""
    value = {
        "step": lambda: step(one, n, record["rules"]["steps"]),
        "on-time": lambda: 0 if one["on_time"] else 1,
        "least-funded-state": lambda: one["earlier_seats"],
        "regional-balance": lambda: regional_balance(one, ranked, record["candidates"]),
        "gender-balance": lambda: gender_balance(one, ranked),
        "earliest-complete": lambda: instant(one["completed_at"]),
        "draw": lambda: draw(one, record["rules"]["seed"]),
        "seat-of-state": lambda: n,
        "country-category": lambda: ORDER_OF_CATEGORIES.index(one["category"]),
    }
    return {code: value[code]() for code in record["rules"]["priority"]}


def step(one: Candidate, n: int, steps: list[Any]) -> int:
    """The row of the step table that holds (category, n); past the last row where none does."""
    wanted = [one["category"], n]
    return steps.index(wanted) if wanted in steps else len(steps)


def over_quota(one: Candidate, n: dict[str, int], steps: list[Any]) -> bool:
    return step(one, n[one["reference"]], steps) == len(steps)


def how_manieth(one: Candidate, record: dict[str, Any]) -> int:
    """n: the order held, on-time, government order with none last, completed at, draw, among those of its State."""

    def place(other: Candidate) -> tuple[Any, ...]:
        order = other["government_order"]
        return (
            "held" not in other,
            not other["on_time"],
            order is None,
            order or 0,
            instant(other["completed_at"]),
            draw(other, record["rules"]["seed"]),
        )

    return 1 + sum(place(other) < place(one) for other in record["candidates"] if other["state"] == one["state"])


def regional_balance(one: Candidate, ranked: list[Candidate], everybody: list[Candidate]) -> Fraction:
    def alike(other: Candidate) -> bool:
        return (other["region"], other["category"]) == (one["region"], one["category"])

    return Fraction(sum(map(alike, ranked)), len({other["state"] for other in everybody if alike(other)}))


def gender_balance(one: Candidate, ranked: list[Candidate]) -> int:
    if one["gender"] is None:
        return 1
    own = sum(other["gender"] == one["gender"] for other in ranked)
    of_the_other = sum(other["gender"] == {"F": "M", "M": "F"}[one["gender"]] for other in ranked)
    return 0 if own < of_the_other else 2 if own > of_the_other else 1


@cache
def instant(completed_at: str) -> tuple[str, Fraction]:
    """In UTC and of fixed width to the second, so that the text is in the order of time; then the fraction, exactly."""
    second, _, fraction = completed_at.removesuffix("Z").partition(".")
    return second, Fraction(f"0.{fraction or 0}")


@cache
def drawn(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def draw(one: Candidate, seed: str) -> str:
    return drawn(f"{seed}:{one['reference']}")


# Rules 4: how far the money goes


def allocation(record: dict[str, Any], order: list[Candidate]) -> tuple[list[str], Decimal]:
    """The outcome of each, and what the proposed ones take together."""
    steps, when_short = record["rules"]["steps"], record["rules"]["when_cash_falls_short"]
    n = {one["reference"]: how_manieth(one, record) for one in order}
    free, pots = Decimal(record["spendable"]), earmarked_money(record)
    outcomes, spent, short_at = [], Decimal(0), None
    for one in order:
        own, charge = step(one, n[one["reference"]], steps), Decimal(one["charge"])
        may = short_at is None or when_short == "skip" or (when_short == "same-step" and own == short_at)
        together = pots[one["category"]] + pots[None] + free
        if "held" in one:
            outcomes.append("held")
        elif own == len(steps):
            outcomes.append("over-quota")
        elif may and charge <= together:
            outcomes.append("proposed")
            spent += charge
            for earmark in (one["category"], None):
                taken = min(pots[earmark], charge)
                pots[earmark], charge = pots[earmark] - taken, charge - taken
            free -= charge
        else:
            outcomes.append("waiting")
            short_at = own if short_at is None else short_at
    return outcomes, spent


def earmarked_money(record: dict[str, Any]) -> dict[str | None, Decimal]:
    """What is tied to each category, and under None to the meeting; two amounts for the same thing are one pot."""
    return {
        tied_to: sum(
            (Decimal(pot["amount"]) for pot in record.get("earmarked", []) if pot["category"] == tied_to), Decimal(0)
        )
        for tied_to in (*ORDER_OF_CATEGORIES, None)
    }
