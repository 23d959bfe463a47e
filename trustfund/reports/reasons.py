"""Why a candidate stands before the next one: one sentence with both values, so that anybody can check it.

Rules of the fund, 3. Pages, papers and reports say the same; ``say`` is the reader's language.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trustfund.core.refusal import sentence
from trustfund.reports import words

Say = Callable[..., str]
Values = Sequence[str]
DIGITS = 8
"""So many digits of a draw are told; the record has them all."""


@dataclass(frozen=True)
class Stand:
    """What a sentence says of one of two neighbours. ``name``: the State's, on the first day of the meeting."""

    name: str
    region: str
    category: str
    gender: str
    n: int


def because(ahead_by: str | None, compared: str, one: Stand, next_one: Stand | None, say: Say) -> str:
    """The sentence. ``compared``: the JSON of a place, both values at the moment it was chosen."""
    if next_one is None:
        return say("Last of the list.")
    if ahead_by is None:
        return say("This seat is held from an earlier run, so it keeps its place.")
    key, values = SAYS[ahead_by](one, next_one, json.loads(compared), say)
    return say(key, state=one.name, other=next_one.name, **values)


def authority(ahead_by: str | None, category: str, of_rules: Mapping[str, str], of_steps: str) -> str:
    """On whose word the criterion stands for a candidate of a category. ``of_rules``: code -> authority.

    A mandate may say “LDC: A/RES/71/280, para. 31; the rest fund practice”: then each category has its own part.
    """
    if ahead_by is None:
        return ""
    if ahead_by == "over-quota":
        return _part(of_steps, "")
    return _part(of_rules[ahead_by], category)


def _part(text: str, category: str) -> str:
    for part in text.split("; "):
        word, colon, rest = part.partition(": ")
        if colon and word == category:
            return rest
        if part.startswith("the rest "):
            return part.removeprefix("the rest ")
    return text


Says = tuple[str, dict[str, Any]]


def _step(one: Stand, two: Stand, values: Values, say: Say) -> Says:
    return (
        sentence(
            "{state} stands at step {step} ({category}, its seat {n}), {other} at step {other_step} "
            "({other_category}, its seat {other_n})."
        ),
        {"step": values[0], "other_step": values[1], **_seats(one, two), **_categories(one, two, say)},
    )


def _seat_of_state(one: Stand, two: Stand, _: Values, __: Say) -> Says:
    return sentence("For {state} this is seat {n}, for {other} the next would be seat {other_n}."), _seats(one, two)


def _country_category(one: Stand, two: Stand, _: Values, say: Say) -> Says:
    return sentence("{state}: {category}. {other}: {other_category}."), _categories(one, two, say)


def _on_time(_: Stand, __: Stand, ___: Values, ____: Say) -> Says:
    return sentence("The file of {state} was complete by the deadline, that of {other} came later."), {}


def _least_funded(_: Stand, __: Stand, values: Values, ___: Say) -> Says:
    return (
        sentence("{state} had fewer seats at earlier meetings: {n}, and {other} {other_n}."),
        {"n": values[0], "other_n": values[1]},
    )


def _regional_balance(one: Stand, two: Stand, values: Values, say: Say) -> Says:
    seats, states, other_seats, other_states = values
    return (
        sentence(
            "Its group has fewer places so far for its States: {n} for {states} ({region}, {category}); "
            "that of {other} has {other_n} for {other_states} ({other_region}, {other_category})."
        ),
        {
            "n": seats,
            "states": states,
            "other_n": other_seats,
            "other_states": other_states,
            "region": say(words.REGION.get(one.region, one.region)),
            "other_region": say(words.REGION.get(two.region, two.region)),
            **_categories(one, two, say),
        },
    )


def _gender_balance(one: Stand, two: Stand, values: Values, _: Say) -> Says:
    women, men = values
    key = {
        ("F", "M"): sentence("Women have fewer places so far: {women}, and men {men}."),
        ("F", ""): sentence("Women have fewer places so far, {women} and men {men}; the next did not state a gender."),
        ("M", "F"): sentence("Men have fewer places so far: {men}, and women {women}."),
        ("M", ""): sentence("Men have fewer places so far, {men} and women {women}; the next did not state a gender."),
        ("", "F"): sentence("Women have more places so far, {women} and men {men}; this file states no gender."),
        ("", "M"): sentence("Men have more places so far, {men} and women {women}; this file states no gender."),
    }[one.gender, two.gender]
    return key, {"women": women, "men": men}


def _earliest_complete(_: Stand, __: Stand, values: Values, ___: Say) -> Says:
    one, two = (datetime.fromisoformat(value) for value in values)
    same_minute = f"{one:%Y%m%d%H%M}" == f"{two:%Y%m%d%H%M}"
    return (
        sentence("The file of {state} was complete earlier: {one}; that of {other}: {two}."),
        {"one": f"{one:%H:%M:%S.%f}", "two": f"{two:%H:%M:%S.%f}"} if same_minute else {"one": one, "two": two},
    )


def _draw(_: Stand, __: Stand, values: Values, ___: Say) -> Says:
    return (
        sentence("All else is equal, so it was drawn: {one}… comes before {two}… of {other}."),
        {"one": values[0][:DIGITS], "two": values[1][:DIGITS]},
    )


def _over_quota(one: Stand, two: Stand, _: Values, __: Say) -> Says:
    return (
        sentence("The next is candidate {other_n} of {other}, more than the table of steps has for one State."),
        {"other_n": two.n},
    )


SAYS: dict[str, Callable[[Stand, Stand, Values, Say], Says]] = {
    "step": _step,
    "seat-of-state": _seat_of_state,
    "country-category": _country_category,
    "on-time": _on_time,
    "least-funded-state": _least_funded,
    "regional-balance": _regional_balance,
    "gender-balance": _gender_balance,
    "earliest-complete": _earliest_complete,
    "draw": _draw,
    "over-quota": _over_quota,
}
"""Criterion -> the sentence, and what varies in it. A new criterion is a line here."""


def _seats(one: Stand, two: Stand) -> dict[str, int]:
    return {"n": one.n, "other_n": two.n}


def _categories(one: Stand, two: Stand, say: Say) -> dict[str, str]:
    return {
        "category": say(words.CATEGORY_CODE[one.category]),
        "other_category": say(words.CATEGORY_CODE[two.category]),
    }
