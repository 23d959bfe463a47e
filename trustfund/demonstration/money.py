"""The demonstration's money: donors, what they announced, agreed and paid. The States are real, amounts examples."""

import csv
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from trustfund.core.instalments import Row
from trustfund.core.roles import SYSTEM
from trustfund.demonstration.story import Deed, Story, at
from trustfund.extensions import db
from trustfund.models import contributions as kept
from trustfund.operations import conditions, contributions, imports

HERE = Path(__file__).parent
People = dict[str, str]
"""Name of an account -> its reference."""


class Pledge(NamedTuple):
    """A line of pledges.csv. ``agreed``: empty where it is only announced; ``met``: the day on which the condition was;
    ``instalments``, ``deposits``: day and amount of each."""

    donor: str
    announced: str
    amount: str
    currency: str
    earmark: str
    expected: str
    instalments: str
    document: str
    condition: str
    agreed: str
    met: str
    deposits: str

    def due(self) -> list[Row]:
        return _days_and_amounts(self.instalments)

    def paid(self) -> list[Row]:
        return _days_and_amounts(self.deposits)


def _days_and_amounts(text: str) -> list[Row]:
    pairs = (one.split() for one in text.split("; ") if one)
    return [(date.fromisoformat(day), amount) for day, amount in pairs]


def rows_of(name: str) -> list[dict[str, str]]:
    """A table that lies beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DONORS = [tuple(row.values()) for row in rows_of("donors.csv")]
"""Name, kind, country, e-mail name if it has an account. Only invented ones are ever late."""
PAPERS = {
    "Luxembourg": ("fr", False),
    "Fondation Lindqvist": ("fr", False),
    "Example Shipping Company": ("en", True),
}
"""Donor -> the language of its papers, and whether it asks not to be named in public."""
CHECKED = ("private", "individual")
"""Kinds that a second officer accepts."""
PLEDGES = [Pledge(**row) for row in rows_of("pledges.csv")]
EXAMPLE = "{} (example)"
UNAPPLIED = dict.fromkeys(imports.CONTRIBUTIONS, "") | {
    "kind": "deposit",
    "donor": "Diaspora Bridges Example",
    "donor_type": "ngo",
    "country": "CAN",
    "date": "2018-01-22",
    "amount": "1000.00",
    "currency": "CAD",
    "bank_reference": "DI-2018-01-22 LETTER 4 DECEMBER",
}
"""A line of the bank that names no agreement: an officer finds the one it belongs to."""


Made = dict[tuple[str, str], list[str]]
"""Donor and document (or, where there is none, amount) -> the reference of its pledge, once it is announced."""


def tell(story: Story, donors: People, people: People) -> Made:
    """Every rate, announcement, agreement and deposit on its day."""
    every: Made = {}
    for day, lines in groupby(imports.read(HERE / "rates.csv", imports.RATES), lambda line: line[1]["from"]):
        story.on(at(max(day, "2017-04-03"), 9), _rates(list(lines)))
    for n, pledge in enumerate(PLEDGES):
        made = every.setdefault((pledge.donor, pledge.document or pledge.amount), [])
        terms: dict[str, object] = {name: getattr(pledge, name) for name in ("amount", "currency", "earmark")}
        terms |= {"purpose": "travel", "expected_on": _day(pledge.expected), "instalments": pledge.due()}
        by = people.get(pledge.donor) or SYSTEM
        story.on(at(pledge.announced, 10, n), _announced(made, donors[pledge.donor], by, terms))
        if pledge.agreed:
            story.on(at(pledge.agreed, 11, n), _agreed(made, pledge, people["certifying"]))
        if pledge.met:
            story.on(at(pledge.met, 11, n), _met(made, people["certifying"]))
        for k, (day, paid) in enumerate(pledge.paid(), 1):
            bank = f"{pledge.donor[:2].upper() if pledge.donor.isascii() else 'IN'}-{day}-{n:02}/{k}"
            story.on(at(day, 12, n), _paid(made, paid, day, bank, people["paying"]))
    story.on(at("2018-01-23", 12), lambda now: _ignored(imports.book_contributions([(2, UNAPPLIED)], at=now)))
    return every


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rates(lines: list[tuple[int, imports.Line]]) -> Deed:
    return lambda now: _ignored(imports.book_rates(lines, at=now))


def _announced(made: list[str], donor: str, by: str, terms: dict[str, object]) -> Deed:
    """By the donor's own account, or by the fund's books where the letter came by post."""
    return lambda now: made.append(contributions.announce_pledge(donor, **terms, by=by, at=now).on)


def _agreed(made: list[str], pledge: Pledge, by: str) -> Deed:
    def deed(now: datetime) -> None:
        contributions.record_agreement(
            made[0],
            document=EXAMPLE.format(pledge.document),
            day=now.date(),
            amount=pledge.amount,
            condition=pledge.condition,
            seen=seen(made[0]),
            by=by,
            at=now,
        )

    return deed


def _met(made: list[str], by: str) -> Deed:
    document = EXAMPLE.format("Receipts of two States")
    return lambda now: conditions.meet(made[0], document=document, day=now.date(), seen=seen(made[0]), by=by, at=now)


def _paid(made: list[str], amount: str, day: date, bank_reference: str, by: str) -> Deed:
    def deed(now: datetime) -> None:
        contributions.record_deposit(
            made[0],
            amount=amount,
            value_date=day,
            seen=seen(made[0]),
            bank_account="main",
            bank_reference=bank_reference,
            by=by,
            at=now,
        )

    return deed


def seen(reference: str) -> int:
    """The version of a pledge."""
    return int(db.session.query(kept.Pledge.seq).filter_by(reference=reference).scalar())


def _ignored(_: object) -> None:
    """What a deed answers interests nobody here."""
