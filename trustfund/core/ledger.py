"""The books: the fund's accounts and what an entry is. Names of accounts last for ever.

Sign convention, written once: a posting's ``amount`` and ``usd`` are positive for a debit and negative for a
credit, in whole minor units (cents of USD). Everyone else says ``debit(...)`` and ``credit(...)``.
An account may have a part after a colon: ``cash:<bank account>``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trustfund.core.refusal import Refused

BOOK_CURRENCY = "USD"


class Kind(StrEnum):
    ASSET = "asset"
    LIABILITY = "liability"
    REVENUE = "revenue"
    EXPENSE = "expense"
    MEMORANDUM = "memorandum"


ACCOUNTS: dict[str, Kind] = {
    "cash": Kind.ASSET,
    "contributions-receivable": Kind.ASSET,
    "travel-advances": Kind.ASSET,
    "prepaid-travel": Kind.ASSET,
    "due-from-travellers": Kind.ASSET,
    "payables": Kind.LIABILITY,
    "accrued-travel": Kind.LIABILITY,
    "support-cost-payable": Kind.LIABILITY,
    "unapplied-contributions": Kind.LIABILITY,
    "due-to-donors": Kind.LIABILITY,
    "voluntary-contributions": Kind.REVENUE,
    "interest": Kind.REVENUE,
    "exchange-difference": Kind.REVENUE,
    "travel": Kind.EXPENSE,
    "support-cost": Kind.EXPENSE,
    "preparatory-activities": Kind.EXPENSE,
    "bank-charges": Kind.EXPENSE,
    "write-offs": Kind.EXPENSE,
    "commitments": Kind.MEMORANDUM,
    "committed": Kind.MEMORANDUM,
}

DEPOSIT_FEES = "support-cost:deposits"
"""Fees on deposits lower what came in; fees on expenditure are part of what was used. So they stand apart."""

REFUNDS = "voluntary-contributions:refunds"
"""A refund lowers the revenue that it gives back: what came in is less by it, and so is its pot."""

UNPAID = "write-offs:contributions"
"""What donors agreed and will not pay: it lowers what is receivable, and no money of the fund is used by it."""

UNREALISED = "exchange-difference:unrealised"
"""Of a month's end, until the day after: nobody has made this gain or loss, so nothing of it came in."""

CAME_IN = (
    "voluntary-contributions",
    REFUNDS,
    "contributions-receivable",
    "interest",
    "exchange-difference",
    "bank-charges",
    UNPAID,
    DEPOSIT_FEES,
)
"""What came in, R of the rules (6): the negated sum of these accounts. Revenue less what is still receivable is
what was deposited at the rate of its day; realised exchange differences, fees and charges are in it."""

SPENT = ("travel", "support-cost", "preparatory-activities", "write-offs")
COMMITTED = ("commitments",)
"""What is used, W of the rules (6): the sum of these accounts. A commitment is released as its expense is posted,
so advances and prepaid tickets stay inside it."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry. ``amount`` in minor units of ``currency``, ``usd`` in cents; ``day`` is the value date."""

    account: str
    currency: str
    amount: int
    usd: int
    day: date
    earmark: str = ""

    def as_data(self) -> dict[str, object]:
        """The posting as it stands in the body of its event."""
        return {
            "account": self.account,
            "amount": self.amount,
            "currency": self.currency,
            "day": self.day.isoformat(),
            "earmark": self.earmark,
            "usd": self.usd,
        }


def debit(account: str, currency: str, amount: int, usd: int, day: date, earmark: str = "") -> Posting:
    return Posting(_known(account), currency, amount, usd, day, earmark)


def credit(account: str, currency: str, amount: int, usd: int, day: date, earmark: str = "") -> Posting:
    return Posting(_known(account), currency, -amount, -usd, day, earmark)


def entry(*postings: Posting) -> tuple[Posting, ...]:
    """An entry: its postings that move something; they sum to zero in book currency, or the code is wrong."""
    moving = tuple(p for p in postings if p.amount or p.usd)
    assert balances(moving), f"an entry that does not sum to zero: {moving}"
    return moving


def reversed_of(postings: Iterable[Posting], day: date) -> tuple[Posting, ...]:
    """The same entry the other way round, on its own day: nothing is ever edited."""
    return entry(*(Posting(p.account, p.currency, -p.amount, -p.usd, day, p.earmark) for p in postings))


def balances(postings: Iterable[Posting]) -> bool:
    return sum(p.usd for p in postings) == 0


def kind(account: str) -> Kind:
    """The kind of an account, whatever its part: ``cash:main`` is an asset."""
    return ACCOUNTS[account.partition(":")[0]]


_EARMARK = re.compile(r"|travel|meeting:[A-Z][A-Z0-9]{0,7}|category:(LDC|LLDC/SIDS|developing)", re.ASCII)


def earmark_of(text: str) -> str:
    """What a contribution is tied to: nothing, ``travel``, ``meeting:N1`` or ``category:LDC``. Each is its own pot."""
    text = text.strip()
    if not _EARMARK.fullmatch(text):
        raise Refused(
            "“{text}” is not an earmark. Use travel, meeting:N1 or category:LDC, or leave it empty.",
            text=text[:40],
            field="earmark",
        )
    return text


def _known(account: str) -> str:
    assert account.partition(":")[0] in ACCOUNTS, f"no such account: {account}"
    return account
