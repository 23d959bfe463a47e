"""What each contribution did: the books of a year, shared out among those who gave, adding up to the cent.

Money is used by earmark first and pro rata for the rest (rules of the fund, 6; fund practice). What a pot used is borne
by the contributions of that earmark, pro rata to what each of them still held; what it used beyond them, by those that
are not earmarked; what is beyond these too, by all. So no contribution pays more than it gave while another holds
money, and what was borne in a year stays so, whoever gives later. Whole cents come in, whole cents go out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from trustfund.core.closing import apportioned

NOBODY = ""
"""The contribution that is none: it bears what the books say and nobody gave for, interest before any deposit."""
SPENDING = ("travel", "support", "activities", "written_off")
COMMON = ("interest", "exchange", "charges")
"""What came in of the whole pot: interest, exchange differences that no deposit made, bank charges below nothing."""
Parts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Gift:
    """Whose contribution it is, and what it is tied to."""

    donor: str
    earmark: str


@dataclass(frozen=True)
class Books:
    """What the books say of a year. By contribution: ``received`` at the value of its day, ``difference`` of that
    against its agreement, ``fees`` on deposits. By earmark: what ``came_in`` (of COMMON) and was ``spent`` (of
    SPENDING). By donor and earmark: ``refunded``."""

    received: Parts = field(default_factory=dict)
    difference: Parts = field(default_factory=dict)
    fees: Parts = field(default_factory=dict)
    came_in: Mapping[str, Parts] = field(default_factory=dict)
    spent: Mapping[str, Parts] = field(default_factory=dict)
    refunded: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What a year did with one contribution, in cents. ``difference`` is part of ``received``; ``exchange`` is not.

    ``evened``: a refund at the closing follows all deposits (rules of the fund, 6) and not what each contribution still
    held; this is what others bore of it, less than nothing where it bore for others. Over all contributions it is nil.
    """

    opening: int = 0
    received: int = 0
    difference: int = 0
    fees: int = 0
    interest: int = 0
    exchange: int = 0
    charges: int = 0
    travel: int = 0
    support: int = 0
    activities: int = 0
    written_off: int = 0
    refunded: int = 0
    evened: int = 0

    @property
    def spent(self) -> int:
        return self.travel + self.support + self.activities + self.written_off

    @property
    def unspent(self) -> int:
        """What is left of it at the end."""
        came_in = self.received - self.fees + self.interest + self.exchange + self.charges
        return self.opening + came_in - self.spent - self.refunded + self.evened


@dataclass(frozen=True)
class Attribution:
    """A year: contribution -> its share, and for each pot who bears what is paid from it, as weights."""

    shares: Mapping[str, Share]
    bearers: Mapping[str, Parts]


def attributed(gifts: Mapping[str, Gift], years: Mapping[int, Books]) -> dict[int, Attribution]:
    """Every year, in order from the first: what one leaves unspent the next begins with."""
    pool = _Pool({NOBODY: Gift("", ""), **gifts})
    return {year: pool.year(years[year]) for year in sorted(years)}


def added(shares: Iterable[Share]) -> Share:
    """Shares of different contributions together."""
    sums: Counter[str] = Counter()
    for one in shares:
        sums.update({part.name: getattr(one, part.name) for part in fields(one)})
    return Share(**sums)


def over_years(shares: Sequence[Share]) -> Share:
    """Shares of one contribution in years that follow each other: it begins as the first does."""
    later = added(shares[1:])
    sums = {part.name: getattr(shares[0], part.name) + getattr(later, part.name) for part in fields(later)}
    return Share(**{**sums, "opening": shares[0].opening})


class _Pool:
    """All contributions, and what each still holds, has given and has borne of every pot."""

    def __init__(self, gifts: Mapping[str, Gift]):
        self.gifts = gifts
        self.own: dict[str, list[str]] = {"": []}
        self.of_donor: dict[str, list[str]] = {}
        for who, gift in gifts.items():
            self.own.setdefault(gift.earmark, []).append(who)
            self.of_donor.setdefault(gift.donor, []).append(who)
        self.left: Counter[str] = Counter()
        self.given: Counter[str] = Counter()
        self.borne: dict[str, Counter[str]] = defaultdict(Counter)

    def year(self, books: Books) -> Attribution:
        """First what came in, then what was used, then what went back."""
        opening, moved = Counter(self.left), {"received": books.received, "fees": books.fees}
        for sign, parts in ((1, books.received), (-1, books.fees)):
            for who, cents in parts.items():
                self.left[who] += sign * cents
                self.given[who] += sign * cents
        for kind in COMMON:
            moved[kind] = self._came_in(books.came_in.get(kind, {}))
        this_year: dict[str, Counter[str]] = defaultdict(Counter)
        for kind in SPENDING:
            moved[kind] = self._spent(books.spent.get(kind, {}), this_year)
        bearers = {pot: self._bearers(pot, this_year[pot]) for pot in self._pots(books)}
        moved["refunded"], moved["evened"] = self._refunded(books.refunded)
        shares = {
            who: Share(opening[who], difference=books.difference.get(who, 0), **_of(moved, who)) for who in self.gifts
        }
        return Attribution({who: share for who, share in shares.items() if share != Share()}, bearers)

    def _came_in(self, by_pot: Parts) -> Counter[str]:
        moved: Counter[str] = Counter()
        for pot, cents in by_pot.items():
            if cents < 0:
                moved.subtract(self._take(pot, -cents))
            else:
                part = apportioned(cents, self._holders(pot))
                moved.update(part)
                self.left.update(part)
        return moved

    def _spent(self, by_pot: Parts, this_year: dict[str, Counter[str]]) -> Counter[str]:
        """What was given back of earlier years' spending goes to those who had borne it."""
        moved: Counter[str] = Counter()
        for pot, cents in by_pot.items():
            if cents >= 0:
                part = self._take(pot, cents)
            else:
                back = apportioned(-cents, self._positive(self.borne[pot]) or self._holders(pot))
                self.left.update(back)
                part = Counter({who: -share for who, share in back.items()})
            for told in (moved, self.borne[pot], this_year[pot]):
                told.update(part)
        return moved

    def _refunded(self, refunds: Mapping[tuple[str, str], int]) -> tuple[Counter[str], Counter[str]]:
        """What each contribution's donor got back of it, and what others bore of that."""
        paid: Counter[str] = Counter()
        borne: Counter[str] = Counter()
        for (donor, _), cents in refunds.items():
            own = self.of_donor.get(donor, [NOBODY])
            weights = self._positive(self.left, own) or self._positive(self.given, own) or dict.fromkeys(own, 1)
            paid.update(apportioned(cents, weights))
        for (_, earmark), cents in refunds.items():
            borne.update(self._take(earmark, cents))
        evened = Counter(paid)
        evened.subtract(borne)
        return paid, evened

    def _take(self, pot: str, cents: int) -> Counter[str]:
        """Who bears so much of a pot, by what each still holds; where nobody holds anything, by what each gave."""
        taken: Counter[str] = Counter()
        for circle in self._circles(pot):
            if not cents:
                break
            weights = self._positive(self.left, circle)
            part = apportioned(min(cents, sum(weights.values())), weights)
            taken.update(part)
            self.left.subtract(part)
            cents -= sum(part.values())
        if cents:
            part = apportioned(cents, self._holders(pot))
            taken.update(part)
            self.left.subtract(part)
        return taken

    def _holders(self, pot: str) -> dict[str, int]:
        """By whom a pot is held: the first circle in which somebody holds anything, or gave anything."""
        for parts in (self.left, self.given):
            for circle in self._circles(pot):
                if weights := self._positive(parts, circle):
                    return weights
        return {NOBODY: 1}

    def _bearers(self, pot: str, this_year: Counter[str]) -> dict[str, int]:
        return self._positive(this_year) or self._positive(self.borne[pot]) or self._holders(pot)

    def _circles(self, pot: str) -> Sequence[Sequence[str]]:
        """The contributions of the earmark, those that are not earmarked, and all."""
        return self.own.get(pot, []), self.own[""], list(self.gifts)

    def _positive(self, parts: Parts, circle: Iterable[str] | None = None) -> dict[str, int]:
        return {who: parts[who] for who in (self.gifts if circle is None else circle) if parts.get(who, 0) > 0}

    def _pots(self, books: Books) -> list[str]:
        used = {pot for by_pot in books.spent.values() for pot in by_pot}
        return sorted({*used, *self.borne, *self.own})


def _of(moved: Mapping[str, Parts], who: str) -> dict[str, int]:
    return {kind: parts.get(who, 0) for kind, parts in moved.items()}
