"""Who stands for a meeting, and what no seat moves about them, in columns of numbers (rules of the fund, 3)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate, count, pairwise
from operator import ne
from typing import Any, NamedTuple

CATEGORIES = ("LDC", "LLDC/SIDS", "developing", "self-financing")
REGIONAL, GENDER = "regional-balance", "gender-balance"
EARLIEST, DRAW = "earliest-complete", "draw"

_LEAN = {"F": 1, "M": -1, None: 0}  # how a seat moves the lead of women over men


class Candidate(NamedTuple):
    """An eligible application of one meeting, or a seat already awarded (``held``: its earlier position)."""

    reference: str
    state: str
    region: str
    category: str
    gender: str | None  # F or M, as in the passport
    on_time: bool
    government_order: int | None
    completed_at: datetime
    earlier_seats: int
    charge: Decimal
    held: int | None = None


class Field:
    """What stands still, in columns: the i-th number of each belongs to the i-th candidate. ``held`` and ``by_instant``
    are candidates in an order: of their earlier positions, of completed at and draw."""

    def __init__(self, candidates: Iterable[Candidate], steps: Sequence[tuple[str, int]], seed: str):
        self.candidates = list(candidates)
        self._seed = f"{seed}:".encode()
        self.held = [i for _, i in sorted((c.held, i) for i, c in enumerate(self.candidates) if c.held is not None)]
        self.lean = [_LEAN[c.gender] for c in self.candidates]
        self.late = [0 if c.on_time else 1 for c in self.candidates]
        self.by_instant, self.instant = self._by_instant()
        states = [c.state for c in self.candidates]
        self.n = self._numbered(states)
        self.over = len(steps) + 1
        self.step = self._stepped(steps)
        groups: dict[tuple[str, str], int] = defaultdict(count().__next__)
        self.group = [groups[c.region, c.category] for c in self.candidates]
        of_group = Counter(group for group, _ in set(zip(self.group, states, strict=True)))
        self.states = [of_group[group] for group in range(len(groups))]  # how many each group has

    def draw(self, i: int) -> bytes:
        return sha256(self._seed + self.candidates[i].reference.encode()).digest()

    def drawn(self) -> list[int]:
        """The rank of each one's draw among all."""
        ranks = [0] * len(self.candidates)
        for rank, i in enumerate(sorted(range(len(ranks)), key=self.draw)):
            ranks[i] = rank
        return ranks

    def _by_instant(self) -> tuple[list[int], list[int]]:
        """The order of completed at and draw, and the rank of each one's instant. Only those whose files were complete
        at the same instant are drawn: a draw costs as much as all the sorting."""
        instants = [c.completed_at for c in self.candidates]
        order = sorted(range(len(instants)), key=instants.__getitem__)
        sorted_instants = [instants[i] for i in order]
        ranks = [0] * len(instants)
        for i, rank in zip(order, accumulate(map(ne, sorted_instants, sorted_instants[1:]), initial=0), strict=False):
            ranks[i] = rank
        draw = self.draw
        for first, end in runs(sorted_instants):
            if end - first > 1:
                order[first:end] = sorted(order[first:end], key=draw)
        return order, ranks

    def _numbered(self, states: Sequence[str]) -> list[int]:
        """The how-manieth of its State each is: held, on time, the Government's own order with none last, completed
        at, draw."""
        free = [1] * len(states)
        for i in self.held:
            free[i] = 0
        orders = [c.government_order or 0 for c in self.candidates]
        none = max(orders, default=0) + 1
        claims = packed([free, self.late, [order or none for order in orders]])
        ns = [0] * len(states)
        so_far = dict.fromkeys(states, 0)
        for i in sorted(self.by_instant, key=claims.__getitem__):
            state = states[i]
            ns[i] = so_far[state] = so_far[state] + 1
        return ns

    def _stepped(self, steps: Sequence[tuple[str, int]]) -> list[int]:
        """The row of the step table that holds the category and n of each, past the last one where none does."""
        rows: dict[str, dict[int, int]] = {category: {} for category in CATEGORIES}
        for row, (category, n) in enumerate(steps, 1):
            rows[category][n] = row
        return [rows[c.category].get(n, self.over) for c, n in zip(self.candidates, self.n, strict=True)]


def packed(columns: Sequence[list[int]]) -> list[int]:
    """One number for several columns, which compares as they do one after the other."""
    packed = columns[0]
    for column in columns[1:]:
        base = max(column, default=0) + 1
        packed = [high * base + low for high, low in zip(packed, column, strict=True)]
    return packed


def runs(values: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Where each run of equal neighbours begins and ends."""
    starts = [at for at, new in enumerate(map(ne, values, values[1:]), 1) if new]
    return pairwise([0, *starts, len(values)] if values else [])


STILL: dict[str, Callable[[Field], list[int]]] = {
    "step": lambda field: field.step,
    "seat-of-state": lambda field: field.n,
    "country-category": lambda field: [CATEGORIES.index(c.category) for c in field.candidates],
    "on-time": lambda field: field.late,
    "least-funded-state": lambda field: [c.earlier_seats for c in field.candidates],
    EARLIEST: lambda field: field.instant,
    DRAW: lambda field: field.drawn(),
}
"""The criteria that no other seat moves: code -> a number for each candidate, the smaller comes first. Their authority
stands in the mandate."""
