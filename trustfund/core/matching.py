"""Which entry of the books a line of the bank's statement may be: suggestions, each with its reasons, best first.

Nothing is matched here but what is beyond doubt (``exact``); everything else is for an officer to look at.
References lose blanks, signs and leading zeros on their way through banks, and names their accents and order.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple, TypeVar

from trustfund.core.refusal import sentence

NEAR = 5  # days
POOL, MOST = 12, 4  # of how many, and how many at most, make a sum
SHORTEST, SHORTEST_TAIL, JOINED = 4, 5, 12  # characters of a reference, of its digits alone; pieces in a row
SUGGESTED = 10
LOOKED_AT = 200  # entries and lines of which sums are made, the nearest by day

Some = TypeVar("Some")


class Reason(StrEnum):
    BANK_REFERENCE = "bank-reference"
    REFERENCE = "reference"
    NAME = "name"
    AMOUNT = "amount"
    OWED = "owed"
    SUM = "sum"
    DAY = "day"


SAYS = {
    Reason.BANK_REFERENCE: sentence("The bank’s reference is that of the entry"),
    Reason.REFERENCE: sentence("Its reference stands in the line"),
    Reason.NAME: sentence("The name is that of the donor"),
    Reason.AMOUNT: sentence("The amount is the same"),
    Reason.OWED: sentence("The amount is what is still owed"),
    Reason.SUM: sentence("Together they make the amount"),
    Reason.DAY: sentence("The days are close"),
}
_WEIGHT = {
    Reason.BANK_REFERENCE: 32,
    Reason.REFERENCE: 16,
    Reason.NAME: 8,
    Reason.AMOUNT: 6,
    Reason.OWED: 6,
    Reason.SUM: 4,
    Reason.DAY: 1,
}


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the statement: minor units, positive for money that came in. ``words``: all references and texts."""

    key: Hashable
    day: date
    amount: int
    bank_reference: str = ""
    words: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the books have on the cash account; with ``owed``, a contribution that is not received yet.

    ``group``: what moved together, such as a payment order, or a deposit for several pledges.
    """

    key: Hashable
    day: date
    amount: int
    bank_reference: str = ""
    references: tuple[str, ...] = ()
    name: str = ""
    group: str = ""
    owed: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """These lines may be these entries. ``owed``: it is no entry yet, the deposit is still to be recorded."""

    lines: tuple[Hashable, ...]
    entries: tuple[Hashable, ...]
    reasons: tuple[Reason, ...]
    owed: bool = False


def exact(lines: Iterable[Movement], entries: Iterable[Entry]) -> list[tuple[Hashable, Hashable]]:
    """Lines and entries of which only these have the same bank's reference and amount. The parts of a deposit for
    several pledges are one in this: their line is paired with each of them."""
    mine: dict[tuple[str, int], list[Hashable]] = defaultdict(list)
    theirs: dict[tuple[str, int], list[list[Entry]]] = defaultdict(list)
    for parts in _whole(entries):
        theirs[_plain(parts[0].bank_reference), sum(part.amount for part in parts)].append(parts)
    for line in lines:
        if line.bank_reference and (_plain(line.bank_reference), line.amount) in theirs:
            mine[_plain(line.bank_reference), line.amount].append(line.key)
    found = [(keys[0], theirs[what][0]) for what, keys in mine.items() if len(keys) == len(theirs[what]) == 1]
    return [(line, part.key) for line, parts in found for part in parts]


def _whole(entries: Iterable[Entry]) -> Iterable[list[Entry]]:
    """Entries of one reference of the bank that moved together; every other by itself."""
    together: dict[object, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_many = entry.group and entry.bank_reference
        together[(entry.group, entry.bank_reference) if of_many else (entry.key,)].append(entry)
    return together.values()


_Why = Mapping[Hashable, tuple[Reason, ...]]
"""Entry -> why a line may have to do with it."""


class _Read(NamedTuple):
    """A line with its words taken apart, once."""

    line: Movement
    runs: set[str]
    name: set[str]
    words: set[str]


def suggestions(line: Movement, entries: Sequence[Entry], others: Sequence[Movement] = ()) -> list[Suggestion]:
    """What a line may be, best first. ``others``: lines that wait too, of which several may be one entry."""
    read = _read(line)
    why = {entry.key: _reasons(read, entry) for entry in entries if (entry.amount > 0) == (line.amount > 0)}
    days = {entry.key: abs((entry.day - line.day).days) for entry in entries}
    same_way = sorted((entry for entry in entries if entry.key in why), key=lambda one: days[one.key])
    found = [*_single(line, same_way, why), *_one_to_many(line, same_way, why)]
    found += _many_to_one(line, [entry for entry in same_way if why[entry.key]][:LOOKED_AT], why, others)
    found.sort(key=lambda one: (-weight(one), sum(days[key] for key in one.entries), str(one.entries)))
    return found[:SUGGESTED]


def weight(suggestion: Suggestion) -> int:
    return sum(_WEIGHT[reason] for reason in suggestion.reasons)


@lru_cache(maxsize=2_000)
def _read(line: Movement) -> _Read:
    known = runs(f"{line.words} {line.bank_reference}")
    return _Read(line, known, words_of(line.name), words_of(line.words))


def _reasons(read: _Read, entry: Entry) -> tuple[Reason, ...]:
    """Why a line may have to do with an entry, whatever their amounts."""
    found = []
    if entry.bank_reference and _plain(entry.bank_reference) == _plain(read.line.bank_reference):
        found.append(Reason.BANK_REFERENCE)
    if not _forms_of(entry.references).isdisjoint(read.runs):
        found.append(Reason.REFERENCE)
    if same_name(_words_of(entry.name), read.name, read.words):
        found.append(Reason.NAME)
    if abs((entry.day - read.line.day).days) <= NEAR and not entry.owed:
        found.append(Reason.DAY)
    return tuple(found)


def pieces(text: str) -> list[str]:
    """Runs of letters and of digits, without case, accents, signs and leading zeros: P-007 KQ is p, 7, kq."""
    kept = re.findall(r"[^\W\d_]+|\d+", _bare(text))
    return [piece for each in kept if (piece := each.lstrip("0") if each.isdecimal() else each)]


def runs(text: str) -> set[str]:
    """Everything that neighbouring pieces of a text may have been before blanks and signs came between."""
    all_of_it = pieces(text)[:400]
    return {
        "".join(all_of_it[first : first + length])
        for first in range(len(all_of_it))
        for length in range(1, JOINED + 1)
        if first + length <= len(all_of_it)
    }


def forms(references: Iterable[str]) -> set[str]:
    """A reference as it may stand in a line: whole, or from its first digit on (Note verbale 17/418: 17418)."""
    found = set()
    for reference in references:
        known = pieces(reference)
        digits = next((n for n, piece in enumerate(known) if piece.isdecimal()), len(known))
        whole, tail = "".join(known), "".join(known[digits:])
        found |= {whole} if len(whole) >= SHORTEST else set()
        found |= {tail} if len(tail) >= SHORTEST_TAIL else set()
    return found


_forms_of = lru_cache(maxsize=20_000)(forms)  # a page asks for the same entries with every line


def words_of(text: str) -> set[str]:
    return set(_bare(text).split())


_words_of = lru_cache(maxsize=20_000)(words_of)


def same_name(donor: set[str], payer: set[str], words: set[str]) -> bool:
    """Whether all words of a donor's name stand in the line, or all of the payer's in the donor's, in any order."""
    if not any(len(word) >= SHORTEST for word in donor):
        return False
    return donor <= payer | words or (payer <= donor and any(len(word) >= SHORTEST for word in payer))


def _single(line: Movement, entries: Sequence[Entry], why: _Why) -> Iterator[Suggestion]:
    for entry in entries:
        mine, equal = why[entry.key], entry.amount == line.amount
        if entry.owed and (mine or equal):
            yield Suggestion((line.key,), (entry.key,), (*mine, *([Reason.OWED] if equal else [])), owed=True)
        elif equal:
            yield Suggestion((line.key,), (entry.key,), (*mine, Reason.AMOUNT))


def _one_to_many(line: Movement, entries: Sequence[Entry], why: _Why) -> Iterator[Suggestion]:
    """What went out together in one line, and the few entries that make its amount."""
    booked = [entry for entry in entries if not entry.owed and abs(entry.amount) < abs(line.amount)]
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in booked:
        if entry.group:
            groups[entry.group].append(entry)
    told = set()
    for some in (*groups.values(), *_few([entry for entry in booked if why[entry.key]])):
        keys = tuple(entry.key for entry in some)
        if sum(entry.amount for entry in some) == line.amount and frozenset(keys) not in told:
            told.add(frozenset(keys))
            yield Suggestion((line.key,), keys, (*_shared(why[key] for key in keys), Reason.SUM))


def _many_to_one(
    line: Movement, entries: Sequence[Entry], why: _Why, others: Sequence[Movement]
) -> Iterator[Suggestion]:
    """Several lines that make one entry, this one among them, each with something of it."""
    larger = [entry for entry in entries if not entry.owed and abs(entry.amount) > abs(line.amount)]
    waiting = [other for other in others if other.key != line.key and other.amount * line.amount > 0]
    waiting.sort(key=lambda other: abs((other.day - line.day).days))
    read = [_read(other) for other in waiting[:LOOKED_AT]] if larger else []
    for entry in larger:
        theirs = {each.line.key: found for each in read if (found := _reasons(each, entry))}
        for some in _few([each.line for each in read if each.line.key in theirs], least=1):
            if line.amount + sum(other.amount for other in some) == entry.amount:
                shared = _shared([why[entry.key], *(theirs[other.key] for other in some)])
                keys = (line.key, *(other.key for other in some))
                yield Suggestion(keys, (entry.key,), (*shared, Reason.SUM))


def _few(near: Sequence[Some], least: int = 2) -> Iterator[tuple[Some, ...]]:
    for size in range(least, MOST + 1):
        yield from combinations(near[:POOL], size)


def _shared(found: Iterable[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """The reasons that all of several have."""
    each = [set(why) for why in found]
    return tuple(reason for reason in Reason if all(reason in why for why in each))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _bare(text: str) -> str:
    """Without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
