"""Months close and the fund ends: what things are worth on a last day, what belongs to the next, who gets what back.

Whole cents come in, whole cents go out. Authority: rules of the fund, 6 (fund practice; IPSAS 4 for exchange rates).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from trustfund.core.ledger import Kind, Posting, kind
from trustfund.core.money import Rate, in_usd, major, minor
from trustfund.core.refusal import Refused

Who = TypeVar("Who", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a closing asks. ``said``: the sentence that is true now, with its ``values``; where the check does
    not hold, they say by how much."""

    holds: bool
    said: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said.format(**self.values)


@dataclass(frozen=True, slots=True)
class Accrual:
    """A journey that is over and not settled. ``parts``: earmark -> cents that are committed for it and expected to be
    used, which are its ``travel`` and its ``support`` cost together; ``ended``: its last day. One that nobody knows to
    have been ``made`` is told and not accrued."""

    award: str
    ended: date
    parts: Mapping[str, int]
    travel: int
    support: int
    made: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """What an account holds of a currency and an earmark: minor units, and the cents of USD that the books say."""

    account: str
    currency: str
    earmark: str
    amount: int
    usd: int


@dataclass(frozen=True, slots=True)
class Revaluation:
    """What is held is worth ``adjustment`` cents more (or less) at the rate of the day than the books say."""

    held: Held
    rate: Rate
    adjustment: int


NOT_MONEY = ("prepaid-travel", "travel-advances")
"""Tickets and advances become expense at the rate at which they were paid; no rate of a later day is theirs."""


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def month_named(text: str) -> str:
    """A month as its page names it, 2018-01."""
    try:
        if len(text) != 7:
            raise ValueError
        return month_of(first_day(text))
    except ValueError:
        raise Refused("“{text}” is not a month. Use year-month, for example 2018-01.", text=text[:20]) from None


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    return first_day(following(month)) - timedelta(days=1)


def following(month: str) -> str:
    return month_of(first_day(month) + timedelta(days=31))


def months_from(first: str, last: str) -> list[str]:
    """All months from the first to the last, in order."""
    months = []
    while first <= last:
        months.append(first)
        first = following(first)
    return months


def redated(postings: Sequence[Posting], closed: str | None) -> tuple[tuple[Posting, ...], list[str]]:
    """A late fact goes to the first open month. ``closed``: the last closed month, as all before it are.

    The postings, with those of closed months on the first day of the next; and the days that they had, as the record
    writes them. Whoever moves one posting of a day moves all of them, so every month still sums to zero.
    """
    if closed is None:
        return tuple(postings), []
    opens = first_day(following(closed))
    moved = tuple(replace(p, day=max(p.day, opens)) for p in postings)
    return moved, sorted({p.day.isoformat() for p in postings if p.day < opens})


def is_revalued(account: str, currency: str, currency_of: Mapping[str, str]) -> bool:
    """Whether a balance changes with the rate: money in a foreign currency that the fund holds, gets or owes.

    ``currency_of``: bank account -> its currency. Euros that came into an account in dollars were changed by the bank
    on their day and are dollars since.
    """
    name, _, part = account.partition(":")
    if currency == "USD" or name in NOT_MONEY or kind(account) not in (Kind.ASSET, Kind.LIABILITY):
        return False
    return name != "cash" or currency_of.get(part) == currency


def revalued(held: Held, rate: Rate) -> Revaluation:
    """What makes the booked USD those of the amount at the rate: in_usd(amount, rate), of a debt with its sign."""
    worth = minor(in_usd(major(held.amount, held.currency), rate), "USD")
    return Revaluation(held, rate, worth - held.usd)


def refunds(
    balance_by_earmark: Mapping[str, int], deposits: Iterable[tuple[Who, str, int]]
) -> dict[tuple[Who, str], int]:
    """What each donor gets back: (donor, earmark) -> cents, in sum exactly the unspent balance.

    ``deposits``: donor, earmark, cents of USD. An earmarked remainder goes first to the donors of that earmark, pro
    rata to what they gave for it; the rest to all donors, pro rata to all that they gave. An earmark of which more was
    used than came in is covered by the rest and, where that does not do, by the other earmarks, pro rata.
    """
    of_earmark: dict[str, Counter[Who]] = {}
    of_all: Counter[Who] = Counter()
    for donor, earmark, cents in deposits:
        of_earmark.setdefault(earmark, Counter())[donor] += cents
        of_all[donor] += cents
    whole = sum(balance_by_earmark.values())
    assert whole >= 0, "no more was used than came in"
    tied = {
        e: cents for e, cents in balance_by_earmark.items() if e and cents > 0 and of_earmark.get(e, Counter()).total()
    }
    rest = whole - sum(tied.values())
    if rest < 0:
        tied = {
            e: cents - less for (e, cents), less in zip(tied.items(), apportioned(-rest, tied).values(), strict=True)
        }
        rest = 0
    shares = [(e, apportioned(cents, of_earmark[e])) for e, cents in tied.items()]
    shares += [("", apportioned(rest, of_all))] if rest else []
    return {(donor, e): cents for e, share in shares for donor, cents in share.items() if cents}


def still_due(shares: Mapping[Who, int], paid: Mapping[Who, int]) -> dict[Who, int]:
    """What is left of the shares after what was paid: in sum exactly what is left. Where the balance fell after some
    were paid, nobody gives back: those who wait bear it, pro rata."""
    left = max(sum(shares.values()) - sum(paid.values()), 0)
    waits = {who: max(cents - paid.get(who, 0), 0) for who, cents in shares.items()}
    return {who: cents for who, cents in apportioned(left, waits).items() if cents}


def apportioned(total: int, weights: Mapping[Who, int]) -> dict[Who, int]:
    """A sum in whole cents by weights: each its share rounded down, the cents that are left to the largest remainders;
    of equal ones to the larger weight, then to the one that stands first."""
    whole = sum(weights.values())
    assert total >= 0, "what is shared is there"
    assert min(weights.values(), default=0) >= 0, "nobody's share is less than nothing"
    assert whole or not total, "somebody has a share"
    if not whole:
        return dict.fromkeys(weights, 0)
    parts = {who: total * weight // whole for who, weight in weights.items()}
    order = sorted(weights, key=lambda who: (-(total * weights[who] % whole), -weights[who]))
    for who in order[: total - sum(parts.values())]:
        parts[who] += 1
    return parts
