"""Who is funded first when the fund cannot fund everyone (A/RES/71/280, para. 31; rules of the fund, 3).

A total order, built one seat at a time: first the seats already held, then again and again the candidate with the
smallest key, which is the tuple of the criteria in the order of the mandate. Most values of a key stand still; two move
with every seat that is ranked (regional and gender balance). References never repeat and the last criterion is a draw
over them, so nobody ties and the order of the input does not matter.
"""

import gc
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush, heapreplace
from itertools import pairwise, zip_longest
from math import inf, lcm
from typing import Any, NamedTuple

CATEGORIES = ("LDC", "LLDC/SIDS", "developing", "self-financing")
REGIONAL, GENDER = "regional-balance", "gender-balance"
OVER_QUOTA = "over-quota"

Value = int | str | datetime | None
_LEAN = {"F": 1, "M": -1, None: 0}  # how a seat moves the lead of women over men


@dataclass(frozen=True, slots=True)
class Candidate:
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


class Place(NamedTuple):
    """A candidate in the order. ``n``: the how-manieth of its State; ``step``: its row in the step table, from 1 on,
    None over quota. It is ahead of the next by a criterion, whose ``values`` were these at that moment: its own and the
    next one's; for regional balance the seats and the States of its own group and of the next one's; at the boundary
    of the quota both ``n``."""

    candidate: Candidate
    n: int
    step: int | None
    ahead_of_next_by: str | None = None
    values: tuple[Value, ...] | None = None


STILL: dict[str, Callable[["_Field"], Sequence[Value]]] = {
    "step": lambda field: field.steps,
    "seat-of-state": lambda field: field.ns,
    "country-category": lambda field: [CATEGORIES.index(c.category) for c in field.candidates],
    "on-time": lambda field: [0 if c.on_time else 1 for c in field.candidates],
    "least-funded-state": lambda field: [c.earlier_seats for c in field.candidates],
    "earliest-complete": lambda field: [c.completed_at for c in field.candidates],
    "draw": lambda field: field.draws,
}
"""The criteria that no other seat moves: code -> value of each candidate, smaller comes first. Their authority stands
in the mandate."""


def ranked(
    candidates: Iterable[Candidate], *, criteria: Sequence[str], steps: Sequence[tuple[str, int]], seed: str
) -> list[Place]:
    """The order of all candidates, held seats first, each with the reason why it stands before the next.

    ``criteria``: codes, of which the last is draw; ``steps``: rows of category and n, the best first. A candidate whose
    (category, n) is no row of the table is over quota and stands after all others, by the same rule.
    """
    assert criteria[-1] == "draw", "the order of priority ends with a draw"
    with _collector_at_rest():
        return _ranked(candidates, criteria, steps, seed)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Nothing here refers to itself in a ring; looking for such rings takes a third of the time of a long list."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _ranked(
    candidates: Iterable[Candidate],
    criteria: Sequence[str],
    steps: Sequence[tuple[str, int]],
    seed: str,
) -> list[Place]:
    field = _Field(candidates, criteria, steps, seed)
    seats = _Seats(field)
    held = [i for _, i in sorted((c.held, i) for i, c in enumerate(field.candidates) if c.held is not None)]
    for i in held:
        seats.take(i)
    free = sorted((i for i, c in enumerate(field.candidates) if c.held is None), key=field.keys.__getitem__)
    return _explained([*held, *_race(free, field, seats, criteria)], field, _Seats(field), criteria)


class _Field:
    """The candidates with what stands still, in columns: the i-th of each belongs to the i-th candidate."""

    def __init__(
        self, candidates: Iterable[Candidate], criteria: Sequence[str], steps: Sequence[tuple[str, int]], seed: str
    ):
        self.candidates: list[Candidate]
        self.draws: list[str]
        self.ns: list[int]
        self.candidates, self.draws, self.ns = _numbered(candidates, seed)
        self.lean = [_LEAN[c.gender] for c in self.candidates]
        groups: dict[tuple[str, str], int] = {}
        self.group = [groups.setdefault((c.region, c.category), len(groups)) for c in self.candidates]
        states = Counter(group for group, _ in {(g, c.state) for g, c in zip(self.group, self.candidates, strict=True)})
        self.states = [states[group] for group in range(len(states))]
        rows = {row: n for n, row in enumerate(steps, 1)}
        self.over = len(steps) + 1
        self.steps: list[int] = [
            rows.get((c.category, n), self.over) for c, n in zip(self.candidates, self.ns, strict=True)
        ]
        moving = [None] * len(self.candidates)
        self.keys: list[tuple[Any, ...]] = list(
            zip(  # over quota or not, then the criteria; None where the value moves
                [step == self.over for step in self.steps],
                *[STILL[code](self) if code in STILL else moving for code in criteria],
                strict=True,
            )
        )


def _numbered(candidates: Iterable[Candidate], seed: str) -> tuple[list[Candidate], list[str], list[int]]:
    """All candidates, their draws, and the how-manieth of its State each is: held, on time, the Government's own order
    with none last, completed at, draw."""
    of_state: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for c in candidates:
        draw = hashlib.sha256(f"{seed}:{c.reference}".encode()).hexdigest()
        of_state[c.state].append((c.held is None, not c.on_time, c.government_order or inf, c.completed_at, draw, c))
    ordered: list[Candidate] = []
    draws: list[str] = []
    ns: list[int] = []
    for group in of_state.values():
        group.sort()
        ordered += [row[-1] for row in group]
        draws += [row[-2] for row in group]
        ns += range(1, len(group) + 1)
    return ordered, draws, ns


class _Seats:
    """What moves while seats are ranked: the seats of each region and category, and how far women are ahead of men."""

    def __init__(self, field: _Field):
        whole = lcm(*field.states)  # of 3 and 4 States it is 12: a seat weighs 4 parts there and 3 here
        self.unit = [whole // n for n in field.states]
        self.share = [0] * len(field.states)  # seats ÷ States in these parts: exact, and quick to compare
        self.seats = [0] * len(field.states)
        self.women_ahead = 0
        self.balance = dict.fromkeys((1, -1, 0), 1)  # 0: strictly fewer than the other, 2: strictly more, else 1
        self._group, self._lean = field.group, field.lean

    def take(self, i: int) -> None:
        group = self._group[i]
        self.seats[group] += 1
        self.share[group] += self.unit[group]
        if lean := self._lean[i]:
            self.women_ahead = ahead = self.women_ahead + lean
            self.balance[1], self.balance[-1] = 1 + (ahead > 0) - (ahead < 0), 1 - (ahead > 0) + (ahead < 0)


class _Queues:
    """The candidates in queues: those of one region, category and gender share the moving values, so they pass in the
    order of what stands still, and only the heads of the queues compete.

    ``line`` is that order; ``at`` is a place in it, ``i`` a candidate of the field. A key is what stands still before
    the first moving criterion, that criterion, what stands still before the second, that one, and the rest. ``outer``
    and ``inner`` are the dense ranks by the still values before the first and before the second; ``at`` is the rank by
    them all.
    """

    def __init__(self, line: list[int], field: _Field, seats: _Seats, criteria: Sequence[str]):
        regional, gender = (criteria.index(c) if c in criteria else len(criteria) for c in (REGIONAL, GENDER))
        self.regional_first = regional < gender
        self.outer = _ranks(line, field.keys, 1 + min(regional, gender))
        self.inner = self.outer if abs(regional - gender) == 1 else _ranks(line, field.keys, 1 + max(regional, gender))
        self.first = self.outer if self.regional_first else self.inner
        self.share, self.group = seats.share, [field.group[i] for i in line]
        self.waiting: dict[tuple[int, int], list[int]] = defaultdict(list)
        for at in reversed(range(len(line))):
            self.waiting[field.lean[line[at]], self.group[at]].append(at)
        self.heaps: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for (lean, _), queue in self.waiting.items():
            heappush(self.heaps[lean], self.entry(queue.pop()))

    def entry(self, at: int) -> tuple[int, int, int, int]:
        """What a heap of one gender compares; the share of its group is out of date once another took a seat."""
        return self.first[at], self.share[self.group[at]], self.inner[at], at

    def move_up(self, lean: int, group: int) -> None:
        """The next of a queue takes the place of its head, which has its seat."""
        if queue := self.waiting[lean, group]:
            heapreplace(self.heaps[lean], self.entry(queue.pop()))
        elif len(self.heaps[lean]) > 1:
            heappop(self.heaps[lean])
        else:
            del self.heaps[lean]


def _race(line: list[int], field: _Field, seats: _Seats, criteria: Sequence[str]) -> list[int]:
    """The candidates, who come sorted by what stands still, in their final order.

    A share only grows, so an entry of a heap that is out of date lies too near the top, where it is noticed.
    """
    queues = _Queues(line, field, seats, criteria)
    share, balance, group, outer, regional_first = (
        seats.share,
        seats.balance,
        queues.group,
        queues.outer,
        queues.regional_first,
    )
    order = []
    while queues.heaps:
        best = None
        for lean, heap in queues.heaps.items():
            still, shared, between, at = heap[0]
            while shared != share[group[at]]:
                heapreplace(heap, queues.entry(at))
                still, shared, between, at = heap[0]
            key = (
                (still, shared, between, balance[lean], at)
                if regional_first
                else (outer[at], balance[lean], between, shared, at)
            )
            if best is None or key < best:
                best, leading = key, lean
        assert best is not None
        at = best[-1]
        seats.take(line[at])
        order.append(line[at])
        queues.move_up(leading, group[at])
    return order


def _ranks(line: Sequence[int], keys: Sequence[tuple[Value, ...]], length: int) -> list[int]:
    """The dense rank of each in the sorted line by the first values of its key."""
    ranks, rank = [0], 0
    for one, two in pairwise(line):
        rank += keys[one][:length] != keys[two][:length]
        ranks.append(rank)
    return ranks


def _explained(order: Sequence[int], field: _Field, seats: _Seats, criteria: Sequence[str]) -> list[Place]:
    """The places, each with the first criterion whose values differed between it and the next when it was chosen."""
    codes = (OVER_QUOTA, *criteria)
    places = []
    for i, following in zip_longest(order, order[1:]):
        candidate, step = field.candidates[i], field.steps[i]
        code, values = None, None
        if following is not None and candidate.held is None:
            code, values = _reason(i, following, field, seats, codes)
        places.append(Place(candidate, field.ns[i], step if step < field.over else None, code, values))
        seats.take(i)
    return places


def _reason(i: int, k: int, field: _Field, seats: _Seats, codes: Sequence[str]) -> tuple[str | None, Any]:
    for code, one, two in zip(codes, field.keys[i], field.keys[k], strict=True):
        if one is not None:
            if one != two:
                return code, (one, two) if code != OVER_QUOTA else (field.ns[i], field.ns[k])
        elif code == REGIONAL:
            g, h = field.group[i], field.group[k]
            if seats.share[g] != seats.share[h]:
                return code, (seats.seats[g], field.states[g], seats.seats[h], field.states[h])
        elif (one := seats.balance[field.lean[i]]) != (two := seats.balance[field.lean[k]]):
            return code, (one, two)
    raise AssertionError("two references with one draw")
