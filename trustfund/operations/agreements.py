"""An exchange of letters makes a pledge a contribution receivable, at once or when its condition is met."""

from collections.abc import Sequence
from datetime import date

from trustfund.core import bookings
from trustfund.core.instalments import Part, Row
from trustfund.core.ledger import Posting
from trustfund.core.money import Money, amount_of, major, minor
from trustfund.core.refusal import Refused
from trustfund.models.contributions import Pledge
from trustfund.operations.bank_lines import not_ahead, rate_for
from trustfund.operations.instalments import fix, given, parts_of, told
from trustfund.operations.operation import Fact, Operation
from trustfund.operations.receivables import rate_data, stands, symbol_of, usd_of

LONGEST_CONDITION = 300


def agree(
    op: Operation,
    pledge: Pledge,
    *,
    document: str,
    day: date,
    amount: str,
    before: str | None,
    instalments: Sequence[Row] | None = None,
) -> Fact:
    """Book an agreement; what was agreed earlier stays agreed. ``before``: the state before this deed, None if new.

    ``instalments``: as agreed; None where the letter says nothing of them.
    """
    units = _settled(op, pledge, document, day, amount)
    parts = _parts(pledge, units, instalments, day)
    pledge.document, pledge.agreed_on = document.strip(), day
    return booked(op, pledge, units, day, parts, before=before, data={"document": pledge.document})


def promise(
    op: Operation,
    pledge: Pledge,
    *,
    document: str,
    day: date,
    amount: str,
    condition: str,
    instalments: Sequence[Row] | None = None,
) -> Fact:
    """An agreement on a condition: it stands in the register, and books nothing until the condition is met."""
    units = _settled(op, pledge, document, day, amount)
    if len(condition) > LONGEST_CONDITION:
        raise Refused("This has more than {n} characters. Shorten it.", n=LONGEST_CONDITION, field="condition")
    fix(op, pledge, given(pledge, units, pledge.currency, instalments))
    before = pledge.state
    pledge.document, pledge.agreed_on = document.strip(), day
    pledge.condition, pledge.promised = condition, units
    pledge.state, pledge.seq = "conditional", op.next_seq
    data = {"document": pledge.document, "condition": condition, "instalments": told(pledge)}
    return Fact(pledge.reference, before, "conditional", data=_data(pledge, units, day) | data)


def booked(
    op: Operation,
    pledge: Pledge,
    units: int,
    day: date,
    parts: Sequence[Part],
    *,
    before: str | None,
    data: dict[str, object],
) -> Fact:
    """Contributions receivable / voluntary contributions, at the rate of the day; the instalments are fixed."""
    rate = rate_for(op, pledge.currency, day)
    usd = usd_of(units, rate)
    pledge.agreed, pledge.agreed_usd = pledge.agreed + units, pledge.agreed_usd + usd
    pledge.state, pledge.seq = "agreed", op.next_seq
    fix(op, pledge, parts)
    entry: tuple[Posting, ...] = bookings.agreed(
        currency=pledge.currency, amount=units, usd=usd, day=day, earmark=pledge.earmark
    )
    told_of = _data(pledge, units, day) | {"usd": usd, "instalments": told(pledge)} | data | rate_data(rate)
    return Fact(pledge.reference, before, "agreed", entry, told_of)


def due_at_once(pledge: Pledge, units: int, day: date) -> tuple[Part, ...]:
    """Without instalments all is due when it was expected, or on the day of the agreement."""
    return (Part(pledge.expected_on or day, units),)


def _settled(op: Operation, pledge: Pledge, document: str, day: date, amount: str) -> int:
    """The minor units of an agreement that may stand; refused otherwise."""
    stands(pledge), symbol_of(document), not_ahead(op, day, "day")
    if pledge.over:
        raise Refused(
            "{amount} more than agreed came on this contribution: agree to that first, or pay it back. "
            "Nothing has been changed.",
            amount=Money(major(pledge.over, pledge.currency), pledge.currency),
        )
    return minor(amount_of(amount, pledge.currency), pledge.currency)


def _parts(pledge: Pledge, units: int, rows: Sequence[Row] | None, day: date) -> tuple[Part, ...]:
    """What is due when. A further agreement of the same pledge, as a file has it, is one instalment more."""
    if pledge.agreed:
        return (*parts_of(pledge), Part(day, units))
    return given(pledge, units, pledge.currency, rows) or due_at_once(pledge, units, day)


def _data(pledge: Pledge, units: int, day: date) -> dict[str, object]:
    return {
        "donor": pledge.donor.reference,
        "day": day.isoformat(),
        "amount": units,
        "currency": pledge.currency,
        "earmark": pledge.earmark,
        "purpose": pledge.purpose,
    }
