"""What a run came to, in figures: asked and seated by category, region and gender, and the ribbon of its money."""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from decimal import Decimal
from itertools import groupby
from typing import Any

from trustfund.core.allocation import Pots
from trustfund.core.priority import CATEGORIES
from trustfund.core.selection import Row, Selection

FREE = "free"

SEATED = ("held", "proposed")
BLOCKS = 60
"""Above so many places, neighbours of one kind share a block of the ribbon."""


def figures_of(decided: Selection) -> dict[str, Any]:
    """Counts and sums of a decided record, ready for its page and reports. Amounts are texts in USD."""
    rows = decided.rows()
    outcomes = Counter(row.outcome for row in rows)
    return {
        "candidates": len(rows),
        "states": len({row.place.candidate.state for row in rows}),
        "states_seated": len({row.place.candidate.state for row in rows if row.outcome in SEATED}),
        "outcomes": dict(outcomes),
        "asked_usd": _sum(rows),
        "by_category": _counted(rows, [row.place.candidate.category for row in rows], CATEGORIES),
        "by_region": _counted(rows, [row.place.candidate.region for row in rows]),
        "by_gender": _counted(rows, [row.place.candidate.gender or "" for row in rows], ("F", "M", "")),
        "ribbon": _ribbon(rows),
        "last_seated": max((row.position for row in rows if row.outcome in SEATED), default=0),
        "first_waiting": next(([row.position, f"{row.missing:f}"] for row in rows if row.outcome == "waiting"), None),
        "next_seat": _next_seat(decided, rows),
        "first_over_quota": next((row.position for row in rows if row.outcome == "over-quota"), None),
    }


def taken(decided: Selection) -> dict[str, dict[str | None, Decimal]]:
    """What each proposed seat takes, in USD, by pot: its category, None for the meeting's, ``FREE`` for free money."""
    pots, parts = _pots(decided)[0], {}
    for row in decided.rows():
        if row.outcome == "proposed":
            candidate = row.place.candidate
            before = pots.tied.get(candidate.category, Decimal(0)), pots.meeting, pots.free
            pots.take(candidate)
            after = pots.tied.get(candidate.category, Decimal(0)), pots.meeting, pots.free
            spent = zip((candidate.category, None, FREE), before, after, strict=True)
            parts[candidate.reference] = {pot: had - left for pot, had, left in spent if had != left}
    return parts


def _next_seat(decided: Selection, rows: Sequence[Row]) -> list[Any] | None:
    """[place, State, USD] of the first who waits: how much more seats that candidate too, and takes no seat away."""
    first = next((row for row in rows if row.outcome == "waiting"), None)
    if first is None:
        return None
    candidate, pots = first.place.candidate, _pots(decided)[1]
    usable = pots.tied.get(candidate.category, Decimal(0)) + pots.meeting + pots.free
    return [first.position, candidate.state, f"{max(candidate.charge - usable, Decimal(0)):.2f}"]


def _pots(decided: Selection) -> tuple[Pots, Pots]:
    """The money of the record before the first seat and after the last."""
    tied: dict[str | None, Decimal] = {}
    for pot in decided.given.get("earmarked", ()):
        tied[pot["category"]] = tied.get(pot["category"], Decimal(0)) + Decimal(pot["amount"])
    meeting = tied.pop(None, Decimal(0))
    before = Pots({str(c): usd for c, usd in tied.items()}, meeting, Decimal(decided.given["spendable"]))
    after = deepcopy(before)
    for row in decided.rows():
        if row.outcome == "proposed":
            after.take(row.place.candidate)
    return before, after


def _counted(rows: Sequence[Row], words: Sequence[str], order: Iterable[str] = ()) -> list[list[Any]]:
    """[word, asked, seats] of each word that occurs, in the order given, or by their names."""
    asked = Counter(words)
    seats = Counter(word for row, word in zip(rows, words, strict=True) if row.outcome in SEATED)
    return [[word, asked[word], seats[word]] for word in (list(order) or sorted(asked)) if asked[word]]


def _ribbon(rows: Sequence[Row]) -> list[list[Any]]:
    """[outcome, category, charge, first place, last place] of each block, in the order of the list."""

    def kind(row: Row) -> tuple[object, ...]:
        together = row.outcome, row.place.candidate.category
        return together if len(rows) > BLOCKS else (*together, row.position)

    blocks = []
    for _, group in groupby(rows, key=kind):
        same = list(group)
        one = same[0]
        blocks.append([one.outcome, one.place.candidate.category, _sum(same), one.position, same[-1].position])
    return _shortened(blocks)


def _shortened(blocks: list[list[Any]]) -> list[list[Any]]:
    """At most 2 × BLOCKS blocks: where there are more, neighbours of one outcome become one."""
    if len(blocks) <= 2 * BLOCKS:
        return blocks
    short = []
    for outcome, group in groupby(blocks, key=lambda block: block[0]):
        same = list(group)
        short.append([outcome, "", f"{sum(Decimal(b[2]) for b in same):f}", same[0][3], same[-1][4]])
    return short


def _sum(rows: Sequence[Row]) -> str:
    return f"{sum((row.place.candidate.charge for row in rows), Decimal('0.00')):f}"
