"""The instalments of a pledge as rows: replaced as long as it is amended, fixed by its agreement."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from trustfund.core.instalments import Part, Row, Standing, checked, filled
from trustfund.models.contributions import Instalment, Pledge
from trustfund.operations.operation import Operation

OWES = ("agreed", "part-paid")
"""States of a pledge of which something is to come."""


def fix(op: Operation, pledge: Pledge, parts: Sequence[Part]) -> None:
    """From now on the pledge is due in these parts."""
    rows = pledge.instalments
    for n, part in enumerate(parts):
        if n == len(rows):
            rows.append(Instalment(number=n + 1))
        rows[n].due_on, rows[n].amount, rows[n].seq = part.day, part.amount, op.next_seq
    del rows[len(parts) :]


def given(pledge: Pledge, units: int, currency: str, rows: Sequence[Row] | None) -> tuple[Part, ...]:
    """Those that are named; where nothing is said of them, those there are, if they make the same sum."""
    if rows is not None:
        return checked(rows, units, currency)
    known = parts_of(pledge)
    return known if sum(part.amount for part in known) == units else ()


def parts_of(pledge: Pledge) -> tuple[Part, ...]:
    return tuple(Part(row.due_on, row.amount) for row in pledge.instalments)


def told(pledge: Pledge) -> list[list[object]]:
    """What the record says of them: day and minor units of each."""
    return [[row.due_on.isoformat(), row.amount] for row in pledge.instalments]


def standing_of(pledge: Pledge) -> tuple[Standing, ...]:
    """How far each instalment is paid; of an older agreement without any, all was due on one day."""
    parts = parts_of(pledge)
    if not parts and pledge.agreed and pledge.agreed_on:
        parts = (Part(pledge.expected_on or pledge.agreed_on, pledge.agreed),)
    return filled(parts, pledge.received - pledge.refunded)


def overdue(day: date) -> Select[tuple[int, date]]:
    """Instalments that were due before a day and are not wholly paid: the id of the pledge, and their day."""
    earlier = aliased(Instalment)
    due = (
        select(func.sum(earlier.amount))
        .where(earlier.pledge_id == Instalment.pledge_id, earlier.number <= Instalment.number)
        .scalar_subquery()
    )
    return (
        select(Instalment.pledge_id, Instalment.due_on)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(Pledge.state.in_(OWES), Instalment.due_on < day, due > Pledge.received - Pledge.refunded)
    )
