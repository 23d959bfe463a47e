"""Who is funded first when the fund cannot fund everyone (A/RES/71/280, para. 31; rules of the fund, 3).

A total order, built one seat at a time: first the seats already held, then again and again the candidate with the
smallest key, which is the tuple of the criteria in the order of the mandate. Most values of a key stand still; two move
with every seat that is ranked (regional and gender balance). References never repeat and the last criterion is a draw
over them, so nobody ties and the order of the input does not matter.

All of it works on columns of numbers; a place is put together when somebody looks at it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from heapq import heappop, heappush, heapreplace
from itertools import accumulate, pairwise
from math import lcm
from typing import NamedTuple, overload

from trustfund.core.candidates import (
    CATEGORIES,
    DRAW,
    EARLIEST,
    GENDER,
    REGIONAL,
    STILL,
    Candidate,
    Field,
    packed,
    runs,
)

__all__ = ["CATEGORIES", "GENDER", "OVER_QUOTA", "REGIONAL", "STILL", "Candidate", "Place", "Ranking", "ranked"]

OVER_QUOTA = "over-quota"

Value = int | str | datetime
_FEW = 20  # so many are looked through faster than put into queues


class Place(NamedTuple):
    """A candidate in the order. ``n``: the how-manieth of its State; ``step``: its row in the step table, from 1 on,
    None over quota. It is ahead of the next by a criterion, whose ``values`` were these at that moment: its own and the
    next one's; for regional balance the seats and the States of its own group and of the next one's; for gender balance
    the seats of women and of men; at the boundary of the quota both ``n``."""

    candidate: Candidate
    n: int
    step: int | None
    ahead_of_next_by: str | None = None
    values: tuple[Value, ...] | None = None


def ranked(
    candidates: Iterable[Candidate], *, criteria: Sequence[str], steps: Sequence[tuple[str, int]], seed: str
) -> "Ranking":
    """The order of all candidates, held seats first, each with the reason why it stands before the next.

    ``criteria``: codes, of which the last is draw; ``steps``: rows of category and n, the best first. A candidate whose
    (category, n) is no row of the table is over quota and stands after all others, by the same rule.
    """
    assert criteria[-1] == DRAW, "the order of priority ends with a draw"
    field = Field(candidates, steps, seed)
    race = _Race(field, criteria)
    order = race.run()
    return Ranking(field, race.columns, order, race.reasons(order))


class Ranking(Sequence[Place]):
    """The places in their order. ``candidates``, ``steps`` and ``reasons`` are columns of them."""

    def __init__(self, field: Field, columns: dict[str, list[int]], order: list[int], reasons: list[str | None]):
        self._field, self._columns, self._order = field, columns, [*field.held, *order]
        self.candidates = [field.candidates[i] for i in self._order]
        self.steps = [step if step < field.over else None for step in map(field.step.__getitem__, self._order)]
        self.reasons = reasons

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Place: ...
    @overload
    def __getitem__(self, at: slice) -> list[Place]: ...
    def __getitem__(self, at: int | slice) -> Place | list[Place]:
        if isinstance(at, slice):
            return [self[n] for n in range(len(self))[at]]
        at = range(len(self))[at]
        n = self._field.n[self._order[at]]
        return Place(self.candidates[at], n, self.steps[at], self.reasons[at], self._values(at))

    def _values(self, at: int) -> tuple[Value, ...] | None:
        code, field = self.reasons[at], self._field
        if code is None:
            return None
        i, k = self._order[at : at + 2]
        if code == REGIONAL:
            own, other = field.group[i], field.group[k]
            return self._seats_before[at], field.states[own], self._seats_before[at + 1], field.states[other]
        if code == GENDER:
            return self._women_before[at], self._men_before[at]
        if code == DRAW:
            return field.draw(i).hex(), field.draw(k).hex()
        if code == EARLIEST:
            return field.candidates[i].completed_at, field.candidates[k].completed_at
        column = field.n if code == OVER_QUOTA else self._columns[code]
        return column[i], column[k]

    @cached_property
    def _seats_before(self) -> list[int]:
        """How many seats the group of each had before it."""
        seats = [0] * len(self._field.states)
        before = []
        for group in map(self._field.group.__getitem__, self._order):
            before.append(seats[group])
            seats[group] += 1
        return before

    @cached_property
    def _women_before(self) -> list[int]:
        return list(accumulate((c.gender == "F" for c in self.candidates), initial=0))

    @cached_property
    def _men_before(self) -> list[int]:
        return list(accumulate((c.gender == "M" for c in self.candidates), initial=0))


class _Race:
    """Who takes the next seat.

    A key is what stands still before the first criterion that moves (``outer``), that criterion, what stands still
    before the second (``inner``), that one, and the rest. Those who are equal in ``outer`` stand together in the
    ``line``, which is the order of all that stands still, and compete among themselves only, by the sum of three
    numbers: of their group (``share``), of their own (``inner``) and of their gender (``gender``). Each of the three is
    in a unit so large that it outweighs those after it in the order of the mandate.
    """

    def __init__(self, field: Field, criteria: Sequence[str]):
        self.field = field
        codes = list(criteria[:-1])
        self.columns = {code: STILL[code](field) for code in codes if code in STILL}
        regional, gender = (codes.index(code) if code in codes else len(codes) for code in (REGIONAL, GENDER))
        self.regional_first = regional < gender
        first, second = sorted((regional, gender))
        self.before, self.between, self.after = codes[:first], codes[first + 1 : second], codes[second + 1 :]
        nothing = [0] * len(field.candidates)
        self.group = field.group if REGIONAL in codes else nothing
        self.lean = field.lean if GENDER in codes else nothing
        self.over = [int(step == field.over) for step in field.step]
        over_first = [] if codes[:1] == ["step"] else [self.over]  # over quota is the last step
        self.outer = packed([*over_first, *map(self.columns.__getitem__, self.before)])
        self.inner = packed([*map(self.columns.__getitem__, self.between)] or [nothing])
        self.line = self._lined_up()
        self._weigh()
        for i in field.held:
            self.take(i)

    def _lined_up(self) -> list[int]:
        field, held, after = self.field, set(self.field.held), self.after
        line = [i for i in field.by_instant if i not in held]
        if EARLIEST not in self.columns:  # else the draw decides between equal instants, and there it stands already
            line.sort(key=STILL[DRAW](field).__getitem__)
        elif after[-1:] == [EARLIEST]:
            after = after[:-1]
        for column in (*(self.columns[code] for code in reversed(after)), self.inner, self.outer):
            line.sort(key=column.__getitem__)
        return line

    def _weigh(self) -> None:
        states = self.field.states
        whole = lcm(*states)  # of 3 and 4 States it is 12: a seat weighs 4 parts there and 3 here
        highest = max(self.inner, default=0) + 1
        if self.regional_first:
            by_gender, by_self = 1, 3
            by_group = by_self * highest
        else:
            by_group, by_self = 1, whole * (len(self.inner) + 1)
            by_gender = by_self * highest
        self.inner = [by_self * value for value in self.inner]
        self.weight = [by_group * whole // n for n in states]
        self.share = [0] * len(states)  # seats ÷ States in these parts: exact, and quick to compare
        self.by_gender, self.women_ahead = by_gender, 0
        self.gender = [by_gender] * 3  # [1] of women, [-1] of men: 0 with strictly fewer seats, 2 with strictly more

    def take(self, i: int) -> None:
        group, lean = self.group[i], self.lean[i]
        self.share[group] += self.weight[group]
        self.women_ahead = ahead = self.women_ahead + lean
        if lean and -2 < ahead < 2:
            self.gender[1], self.gender[-1] = self.by_gender * (1 + ahead), self.by_gender * (1 - ahead)

    def run(self) -> list[int]:
        """The candidates without a seat, in the order in which they take one."""
        line, take = self.line, self.take
        share, inner, gender, group, lean = self.share, self.inner, self.gender, self.group, self.lean
        order: list[int] = []
        for first, end in runs([self.outer[i] for i in line]):
            equals = line[first:end]
            if len(equals) > _FEW:
                order += self._queued(equals)
                continue
            while len(equals) > 1:
                keys = [share[group[i]] + inner[i] + gender[lean[i]] for i in equals]
                i = equals.pop(keys.index(min(keys)))
                take(i)
                order.append(i)
            take(equals[0])
            order.append(equals[0])
        return order

    def _queued(self, equals: list[int]) -> list[int]:
        """Those of one group and gender share what moves, so they pass in the order of the line, in a queue. A heap of
        each gender holds the heads of its queues with the share that their group had when they came in: a share only
        grows, so an entry that is out of date lies too near the top, where it is noticed."""
        share, gender = self.share, self.gender
        groups, leans, inner = ([column[i] for i in equals] for column in (self.group, self.lean, self.inner))
        queues: dict[tuple[int, int], list[int]] = defaultdict(list)
        for at in reversed(range(len(equals))):
            queues[leans[at], groups[at]].append(at)
        heaps: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (lean, group), queue in queues.items():
            at = queue.pop()
            heappush(heaps[lean], (share[group] + inner[at], at))
        order = []
        while heaps:
            best = None
            for lean, heap in heaps.items():
                value, at = heap[0]
                while value != (now := share[groups[at]] + inner[at]):
                    heapreplace(heap, (now, at))
                    value, at = heap[0]
                if best is None or (value + gender[lean], at) < best:
                    best, leading = (value + gender[lean], at), lean
            assert best is not None
            at = best[1]
            self.take(equals[at])
            order.append(equals[at])
            heap, group = heaps[leading], groups[at]
            if queue := queues[leading, group]:
                at = queue.pop()
                heapreplace(heap, (share[group] + inner[at], at))
            elif len(heap) > 1:
                heappop(heap)
            else:
                del heaps[leading]
        return order

    def reasons(self, order: list[int]) -> list[str | None]:
        """For each the first criterion whose values differed between it and the next when it was chosen; None for the
        held ones and the last."""
        field, outer, inner, group, lean = self.field, self.outer, self.inner, self.group, self.lean
        regional_first = self.regional_first
        first, second = (REGIONAL, GENDER) if regional_first else (GENDER, REGIONAL)
        before, between, after = (
            [(code, self.columns[code]) for code in part] for part in (self.before, self.between, self.after)
        )
        states, seats = field.states, [0] * len(field.states)
        for i in field.held:
            seats[group[i]] += 1
        women_ahead = sum(lean[i] for i in field.held)
        reasons: list[str | None] = [None] * len(field.held)
        for i, k in pairwise(order):
            own = group[i]
            if outer[i] != outer[k]:
                reason = _differing(before, i, k)
            else:
                its = group[k]
                regional = seats[own] * states[its] != seats[its] * states[own]
                gender = women_ahead and lean[i] != lean[k]
                if regional if regional_first else gender:
                    reason = first
                elif inner[i] != inner[k]:
                    reason = _differing(between, i, k)
                elif gender if regional_first else regional:
                    reason = second
                else:
                    reason = _differing(after, i, k)
            reasons.append(reason)
            seats[own] += 1
            women_ahead += lean[i]
        within_quota = len(order) - sum(self.over) + sum(self.over[i] for i in field.held)
        if 0 < within_quota < len(order):
            reasons[len(field.held) + within_quota - 1] = OVER_QUOTA
        return reasons + [None] * bool(order)


def _differing(part: list[tuple[str, list[int]]], i: int, k: int) -> str:
    """The first of the criteria by which the two differ, else the draw."""
    for code, column in part:
        if column[i] != column[k]:
            return code
    return DRAW
