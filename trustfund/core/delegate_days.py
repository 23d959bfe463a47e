"""Who came on what each contribution paid: delegates and their days at the meetings, in tenths, by what they used.

A delegate of whose journey a contribution paid a fifth is 0.2 delegates of it. Fund practice, no figure of the rules.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trustfund.core.attribution import Parts
from trustfund.core.closing import Who, apportioned


@dataclass(frozen=True, slots=True)
class Journey:
    """A delegate who came: ``days`` of the meeting at which she or he was; ``parts``: what it used, by earmark."""

    meeting: str
    ldc: bool
    days: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Seats:
    """Of one meeting, in tenths: delegates, those of least developed countries among them, days of all."""

    delegates: int = 0
    ldc: int = 0
    days: int = 0

    def __add__(self, other: "Seats") -> "Seats":
        return Seats(self.delegates + other.delegates, self.ldc + other.ldc, self.days + other.days)


def seats(journeys: Sequence[Journey], bearers: Mapping[str, Parts]) -> dict[str, dict[str, Seats]]:
    """Contribution -> meeting -> its part of the delegates who came, in proportion to what their journeys used of each
    pot and to who bears that pot. Over all contributions every meeting adds up, in tenths."""
    found: dict[str, dict[str, Seats]] = defaultdict(lambda: defaultdict(Seats))
    cells: dict[tuple[str, bool], list[Journey]] = defaultdict(list)
    for journey in journeys:
        cells[journey.meeting, journey.ldc].append(journey)
    used = {cell: _used(there, bearers) for cell, there in cells.items()}
    for name, count in (("delegates", lambda one: 1), ("days", lambda one: one.days)):
        tenths = {cell: apportioned(10 * sum(map(count, there)), used[cell]) for cell, there in cells.items()}
        for pot in sorted({pot for parts in tenths.values() for pot in parts}):
            for (meeting, ldc), parts in zip(
                tenths, dealt([parts.get(pot, 0) for parts in tenths.values()], bearers[pot]), strict=True
            ):
                for who, part in parts.items():
                    told = {name: part, "ldc": part if ldc and name == "delegates" else 0}
                    found[who][meeting] += Seats(**told)
    return {who: dict(by_meeting) for who, by_meeting in found.items()}


def _used(journeys: Iterable[Journey], bearers: Mapping[str, Parts]) -> dict[str, int]:
    """What some journeys used of each pot; of free money, where they used nothing or nobody knows the pot."""
    used: Counter[str] = Counter()
    for journey in journeys:
        for pot, cents in journey.parts.items():
            used[pot if pot in bearers else ""] += max(cents, 0)
    return {pot: cents for pot, cents in used.items() if cents} or {"": 1}


def dealt(totals: Iterable[int], weights: Mapping[Who, int]) -> list[dict[Who, int]]:
    """Several whole totals, each shared out by the same weights: to everybody the share rounded down or up, and what
    the rounding of one total kept from somebody, that of a later one makes up. So who gave a thousandth does not get
    nothing of every meeting. Who gets nothing of a total is left out."""
    whole, owed, answers = sum(weights.values()), dict.fromkeys(weights, 0), []
    for total in totals:
        assert total >= 0, "what is dealt is there"
        parts = {who: total * weight // whole for who, weight in weights.items()}
        broken = [who for who, weight in weights.items() if total * weight % whole]
        for who in broken:
            owed[who] += total * weights[who] % whole
        for who in sorted(broken, key=lambda who: (-owed[who], -weights[who]))[: total - sum(parts.values())]:
            parts[who] += 1
            owed[who] -= whole
        answers.append({who: part for who, part in parts.items() if part})
    return answers
