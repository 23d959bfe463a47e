"""The demonstration's crowd: invented people of many States, with names as people of that State may bear them."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from trustfund.demonstration.money import rows_of


@dataclass
class Person:
    """An invented person; ``account``: the reference, once there is one."""

    state: str
    city: str
    language: str
    given: str
    family: str
    gender: str
    born: date
    number: int
    account: str = ""

    @property
    def email(self) -> str:
        return f"{self.state.lower() or 'city'}-{self.number:03}@example.org"


class Crowd:
    """People by State: a State sends somebody it sent before, or somebody new."""

    def __init__(self, draw: random.Random):
        self._draw = draw
        self._names: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows_of("names.csv"):
            self._names[row["people"], row["kind"]].append("" if row["name"] in ("", "_") else row["name"])
        self._states = rows_of("states.csv")
        self._known: dict[str, list[Person]] = defaultdict(list)
        self._taken: set[tuple[str, str, str]] = set()

    def of_meeting(self, n: int, *, most: int) -> list[Person]:
        """``n`` different people: of two thirds as many States, some of which send two, or three if as ``most``."""
        developing = [row for row in self._states if row["state"] != "ALB"]
        order = self._draw.sample(developing, min(len(developing), 1 + n * 2 // 3))
        second = 1 if most == 2 else 2
        wanted = [order[i % len(order) // (second if i >= len(order) else 1)] for i in range(n)]
        self._draw.shuffle(wanted)
        found: list[Person] = []
        for row in wanted:
            found.append(self._one(row, found))
        return found

    def newcomer(self, state: str) -> Person:
        """Somebody of a State who is not among those it sent before."""
        row = next(row for row in self._states if row["state"] == state)
        return self._one(row, self._known[state])

    def _one(self, row: dict[str, str], among: list[Person]) -> Person:
        before = [person for person in self._known[row["state"]] if person not in among]
        free = [
            (gender, given, family)
            for gender in "FM"
            for given in self._names[row["people"], gender]
            for family in self._names[row["people"], "family"]
            if (row["state"], given, family) not in self._taken
        ]
        if before and (not free or self._draw.random() < 0.35):
            return self._draw.choice(before)
        gender, given, family = self._draw.choice(free)
        self._taken.add((row["state"], given, family))
        person = Person(
            row["state"],
            row["city"],
            row["language"],
            given,
            family,
            gender,
            date(self._draw.randrange(1962, 1992), self._draw.randrange(1, 13), self._draw.randrange(1, 28)),
            len(self._taken),
        )
        self._known[row["state"]].append(person)
        return person
