"""The seats of the fund as the home page shows them: counted in one statement, drawn as dots in a half circle."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, islice
from math import ceil, cos, pi, sin

from sqlalchemy import func, select

from trustfund.core.lifecycle import OVER
from trustfund.extensions import db
from trustfund.models.awards import Award, seated

GROUPS = ("LDC", "LLDC/SIDS")
"""Categories with a colour of their own; all others share the third."""
PLACES = 5  # of the mark: drawn at least
MOST = 300  # dots; with more seats a dot stands for several
WIDTH, HEIGHT, BASE, RADIUS = 520, 264, 252, 228
WIDEST, INNERMOST = 60, 0.42
"""Between two dots at most, in the units of the figure; and the smallest row, as a part of the largest."""

Point = tuple[float, int, int]  # angle from the left, x, y


@dataclass(frozen=True)
class Seats:
    """Approved and not cancelled, without those on which nobody came: (meeting, category, stage) -> how many."""

    rows: dict[tuple[str, str, str], int]

    @property
    def all(self) -> int:
        return sum(self.rows.values())

    @property
    def groups(self) -> tuple[int, int, int]:
        """Of least developed countries, of landlocked and small island States, of other developing countries."""
        found = [0, 0, 0]
        for (_, category, _), n in self.rows.items():
            found[GROUPS.index(category) if category in GROUPS else 2] += n
        return found[0], found[1], found[2]

    @property
    def made(self) -> int:
        """Journeys made and reckoned up; the others are still committed."""
        return sum(n for (_, _, stage), n in self.rows.items() if stage in OVER)

    def at(self, meeting: str) -> int:
        return sum(n for (of, _, _), n in self.rows.items() if of == meeting)


def seats() -> Seats:
    kind = (Award.meeting, Award.category, Award.stage)
    counted = select(*kind, func.count()).where(seated(), Award.stage != "no-show").group_by(*kind)
    return Seats({(m, c, s): n for m, c, s, n in db.session.execute(counted)})


@dataclass(frozen=True)
class HalfCircle:
    """``each``: how many seats a dot stands for; ``dots``: class of the colour -> the path of its dots; ``size``: of a
    dot; ``free``: where fewer than five seats are given, what is left of the five places of the fund's mark."""

    each: int
    size: int
    dots: tuple[tuple[str, str], ...]
    free: tuple[tuple[int, int], ...]


def half_circle(groups: Sequence[int]) -> HalfCircle:
    """The seats of each group, side by side from the left."""
    each = _each(sum(groups))
    sizes = [ceil(n / each) for n in groups]
    apart, points = _points(max(sum(sizes), PLACES))
    rest = iter(points)
    paths = ["".join(f"M{x} {y}h0" for _, x, y in islice(rest, size)) for size in sizes]
    dots = tuple((f"f{i}", path) for i, path in enumerate(paths, 1) if path)
    return HalfCircle(each, round(apart * 0.68), dots, tuple((x, y) for _, x, y in rest))


def _each(seats: int) -> int:
    """1, 2, 5, 10, 20 …: the first with which the dots are not too many."""
    return next(n for n in _round_numbers() if ceil(seats / n) <= MOST)


def _round_numbers() -> Iterator[int]:
    for power in count():
        yield from (digit * 10**power for digit in (1, 2, 5))


def _points(dots: int) -> tuple[int, list[Point]]:
    """How far apart, and where: rows from the outermost inwards, as many as are needed, as wide as there is room."""
    for apart in range(WIDEST, 1, -1):
        radii = [r for i in range(RADIUS // apart + 1) if (r := RADIUS - i * apart) >= RADIUS * INNERMOST]
        room = list(accumulate(int((pi * r - apart) / apart) + 1 for r in radii))
        if room[-1] >= dots:
            break
    rows = next(i for i, n in enumerate(room, 1) if n >= dots)
    ends = [round(n * dots / room[rows - 1]) for n in room[:rows]]
    filled = zip(radii, (b - a for a, b in zip([0, *ends], ends, strict=False)), strict=False)
    return apart, sorted(point for r, n in filled for point in _row(r, n, apart if rows > 1 else pi * r / n))


def _row(radius: int, dots: int, margin: float) -> Iterator[Point]:
    """So many on one row, from end to end; ``margin``: along the row, half of it at each end."""
    length = pi * radius - margin
    for i in range(dots):
        angle = (margin / 2 + length * (i / (dots - 1) if dots > 1 else 0.5)) / radius
        yield angle, round(WIDTH / 2 - radius * cos(angle)), round(BASE - radius * sin(angle))
