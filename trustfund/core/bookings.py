"""How money moves in the books: one function a kind of movement, each returning an entry that sums to zero.

Amounts are whole minor units: ``amount`` of ``currency``, ``usd`` in cents at the rate of the day.
Authority: rules of the fund, 6 (fund practice; IPSAS 23 for revenue at the agreement).
"""

from datetime import date

from trustfund.core.ledger import DEPOSIT_FEES, UNPAID, Posting, credit, debit, entry
from trustfund.core.money import share


def agreed(*, currency: str, amount: int, usd: int, day: date, earmark: str = "") -> tuple[Posting, ...]:
    """An agreement: contributions receivable / voluntary contributions, at the rate of its date."""
    return entry(
        debit("contributions-receivable", currency, amount, usd, day, earmark),
        credit("voluntary-contributions", currency, amount, usd, day, earmark),
    )


def deposit_received(
    *,
    bank_account: str,
    currency: str,
    amount: int,
    usd: int,
    day: date,
    earmark: str = "",
    owed: int,
    owed_usd: int,
    fee_usd: int = 0,
) -> tuple[Posting, ...]:
    """A deposit against an agreement of which ``owed`` (booked as ``owed_usd``) is still receivable.

    The receivable is released at its booked value pro rata, the last instalment takes the remainder; the rest of the
    USD is exchange difference. What is above ``owed`` is due to the donor until agreed. EUR 50,000 agreed at
    USD 54,171 and deposited at USD 56,320: a gain of 2,149.00.
    """
    return entry(
        debit(f"cash:{bank_account}", currency, amount, usd, day, earmark),
        *_applied(currency, amount, usd, day, earmark, owed, owed_usd),
        *_fee(fee_usd, day, earmark),
    )


def deposit_unapplied(
    *,
    bank_account: str,
    currency: str,
    amount: int,
    usd: int,
    day: date,
    earmark: str = "",
) -> tuple[Posting, ...]:
    """A deposit that meets no agreement: in the bank, not spendable, until an officer attaches one."""
    return entry(
        debit(f"cash:{bank_account}", currency, amount, usd, day, earmark),
        credit("unapplied-contributions", currency, amount, usd, day, earmark),
    )


def attached(
    *,
    bank_account: str,
    currency: str,
    amount: int,
    usd: int,
    day: date,
    came_for: str,
    earmark: str,
    owed: int,
    owed_usd: int,
    fee_usd: int = 0,
) -> tuple[Posting, ...]:
    """An unapplied deposit is attached to an agreement, at its own value in USD; from then on it can be spent.

    ``came_for``: the earmark under which it was booked. Where the agreement has another, the cash goes with it.
    """
    cash = f"cash:{bank_account}"
    moved = (
        ()
        if came_for == earmark
        else (
            credit(cash, currency, amount, usd, day, came_for),
            debit(cash, currency, amount, usd, day, earmark),
        )
    )
    return entry(
        debit("unapplied-contributions", currency, amount, usd, day, came_for),
        *moved,
        *_applied(currency, amount, usd, day, earmark, owed, owed_usd),
        *_fee(fee_usd, day, earmark),
    )


def overpayment_agreed(
    *, currency: str, amount: int, usd: int, day: date, earmark: str, fee_usd: int = 0
) -> tuple[Posting, ...]:
    """What came above an agreement is agreed after all: no longer due to the donor, at the value at which it came."""
    return entry(
        debit("due-to-donors", currency, amount, usd, day, earmark),
        credit("voluntary-contributions", currency, amount, usd, day, earmark),
        *_fee(fee_usd, day, earmark),
    )


def overpayment_refunded(
    *, bank_account: str, currency: str, amount: int, booked_usd: int, usd: int, day: date, earmark: str
) -> tuple[Posting, ...]:
    """What came above an agreement goes back in its own currency, at the rate of the day on which it is paid.

    It was due at the value at which it came (``booked_usd``); the rest of the USD is exchange difference.
    """
    return entry(
        debit("due-to-donors", currency, amount, booked_usd, day, earmark),
        credit(f"cash:{bank_account}", currency, amount, usd, day, earmark),
        _difference(usd - booked_usd, day, earmark),
    )


def written_off(*, currency: str, owed: int, owed_usd: int, day: date, earmark: str) -> tuple[Posting, ...]:
    """What is still receivable and will not come. It lowers what was promised, not what came in: nothing is spent."""
    return entry(
        debit(UNPAID, currency, owed, owed_usd, day, earmark),
        credit("contributions-receivable", currency, owed, owed_usd, day, earmark),
    )


def part_of(total: int, before: int, amount: int, whole: int) -> int:
    """What of ``total`` a part of a deposit of ``whole`` is worth, ``before`` it being the parts that stand first.

    Shares are taken of the parts up to each, so that none is negative and the last takes the remainder.
    """
    return share(total, before + amount, whole) - share(total, before, whole)


def applied_of(usd: int, amount: int, owed: int) -> int:
    """What of a deposit's USD meets what is owed; the rest is due to the donor, and bears no fee until it is agreed."""
    return share(usd, min(amount, owed), amount)


def released_of(owed: int, owed_usd: int, amount: int) -> int:
    """The booked USD of a receivable that a deposit of ``amount`` releases (see ``deposit_received``)."""
    applied = min(amount, owed)
    return owed_usd if applied == owed else share(owed_usd, applied, owed)


def _applied(
    currency: str, amount: int, usd: int, day: date, earmark: str, owed: int, owed_usd: int
) -> tuple[Posting, ...]:
    """How a deposit meets what is owed (see ``deposit_received``)."""
    applied, released = min(amount, owed), released_of(owed, owed_usd, amount)
    over_usd = usd - applied_of(usd, amount, owed)
    return (
        credit("contributions-receivable", currency, applied, released, day, earmark),
        credit("due-to-donors", currency, amount - applied, over_usd, day, earmark),
        _difference(released + over_usd - usd, day, earmark),
    )


def _difference(usd: int, day: date, earmark: str) -> Posting:
    """A gain is revenue, a loss lowers it: one account, either sign."""
    return debit("exchange-difference", "USD", usd, usd, day, earmark)


def _fee(usd: int, day: date, earmark: str) -> tuple[Posting, Posting]:
    return (
        debit(DEPOSIT_FEES, "USD", usd, usd, day, earmark),
        credit("support-cost-payable", "USD", usd, usd, day, earmark),
    )
