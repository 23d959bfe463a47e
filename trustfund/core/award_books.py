"""What the books say of one award, and the entries of its journey: from commitment to the last cent (rules, 6).

Amounts are cents of USD by earmark. A commitment is released as its expense is posted: tickets paid ahead and advances
stay inside it, so what is used never depends on when a bank paid. Earmarked money is drawn before free money.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from trustfund.core.ledger import Posting, credit, debit, entry, reversed_of

Parts = Mapping[str, int]


@dataclass(frozen=True)
class Books:
    """Cents by earmark: committed and not yet used; tickets paid ahead; advances; what the traveller owes; what is owed
    to traveller or agent; the expense of the journey, its programme support cost, and what was written off."""

    committed: Parts = field(default_factory=dict)
    prepaid: Parts = field(default_factory=dict)
    advanced: Parts = field(default_factory=dict)
    due: Parts = field(default_factory=dict)
    payable: Parts = field(default_factory=dict)
    travel: Parts = field(default_factory=dict)
    support: Parts = field(default_factory=dict)
    written_off: Parts = field(default_factory=dict)

    @property
    def used(self) -> int:
        """What the award has used of the fund in cents: committed, spent and written off (rules of the fund, 6: W)."""
        return sum(sum(p.values()) for p in (self.committed, self.travel, self.support, self.written_off))

    @property
    def available(self) -> dict[str, int]:
        """Of the commitment, what no ticket, advance or debt of the traveller has taken."""
        return {
            earmark: cents - sum(taken.get(earmark, 0) for taken in (self.prepaid, self.advanced, self.due))
            for earmark, cents in self.committed.items()
        }

    @property
    def agent_owes(self) -> dict[str, int]:
        """What the agent gives back of a ticket that it was paid for: committed until it is in the bank."""
        return {earmark: -cents for earmark, cents in self.payable.items() if cents < 0}


def books_of(sums: Iterable[tuple[str, str, int]]) -> Books:
    """The books of an award from the sums of its postings: (account, earmark, cents)."""
    found: dict[str, dict[str, int]] = {}
    for account, earmark, cents in sums:
        mine = found.setdefault(account.partition(":")[0], {})
        mine[earmark] = mine.get(earmark, 0) + cents

    def parts(account: str, sign: int = 1) -> dict[str, int]:
        return {earmark: sign * cents for earmark, cents in found.get(account, {}).items() if cents}

    return Books(
        parts("commitments"),
        parts("prepaid-travel"),
        parts("travel-advances"),
        parts("due-from-travellers"),
        parts("payables", -1),
        parts("travel"),
        parts("support-cost"),
        parts("write-offs"),
    )


def after(books: Books, postings: Iterable[Posting]) -> Books:
    """The books once these postings are made too."""
    fields = {
        "commitments": books.committed,
        "prepaid-travel": books.prepaid,
        "travel-advances": books.advanced,
        "due-from-travellers": books.due,
        "payables": {earmark: -cents for earmark, cents in books.payable.items()},
        "travel": books.travel,
        "support-cost": books.support,
        "write-offs": books.written_off,
    }
    now = [(account, earmark, cents) for account, parts in fields.items() for earmark, cents in parts.items()]
    return books_of([*now, *((p.account, p.earmark, p.usd) for p in postings)])


def in_order(earmark: str) -> tuple[int, str]:
    """Money tied to a category first, then to a meeting, then to travel; free money last."""
    kinds = ("category", "meeting", "travel", "")
    return kinds.index(earmark.partition(":")[0]), earmark


def draw(pots: Parts, cents: int) -> tuple[dict[str, int], int]:
    """So much from the pots, in order: what each gives, and how much they lack."""
    taken: dict[str, int] = {}
    for earmark in sorted(pots, key=in_order):
        part = min(max(pots[earmark], 0), cents)
        if part:
            taken[earmark] = part
            cents -= part
    return taken, cents


def less(pots: Parts, taken: Parts) -> dict[str, int]:
    return {earmark: cents - taken.get(earmark, 0) for earmark, cents in pots.items()}


def approved(parts: Parts, day: date) -> tuple[Posting, ...]:
    """An approved charge is committed."""
    return entry(*_moved("commitments", "committed", parts, day))


def released(books: Books, day: date) -> tuple[Posting, ...]:
    """Nothing will be used: the commitment is given back."""
    return entry(*_moved("committed", "commitments", books.committed, day))


def ticketed(books: Books, price: int, day: date) -> tuple[Posting, ...]:
    """A ticket bought ahead: prepaid travel / payables."""
    parts, lacks = draw(books.available, price)
    assert not lacks, "a ticket costs at most what was certified for it"
    return entry(*_moved("prepaid-travel", "payables", parts, day))


def ticket_used(books: Books, support: int, day: date) -> tuple[Posting, ...]:
    """On the first day the ticket is expense, with its support cost."""
    with_support, lacks = draw(books.available, support)
    assert not lacks, "a charge holds the support cost of its ticket"
    return entry(
        *_moved("travel", "prepaid-travel", books.prepaid, day),
        *_support(with_support, day),
        *_moved("committed", "commitments", _sum(books.prepaid, with_support), day),
    )


def advanced(books: Books, bank_account: str, usd: int, day: date) -> tuple[Posting, ...]:
    """An advance on daily allowance and terminal expenses: travel advances / cash."""
    parts, lacks = draw(books.available, usd)
    assert not lacks, "an advance is part of the charge"
    return entry(*_moved("travel-advances", f"cash:{bank_account}", parts, day))


def settled(books: Books, entitled: int, support: int, extra: Parts, day: date) -> tuple[Posting, ...]:
    """What the traveller is entitled to is expense, the advance is cleared, the difference owed one way or the other.

    ``support``: the support cost still to be posted, less than nothing where too much was; ``extra``: by earmark what
    the commitment lacks for it, found by the operation in the fund's pots.
    """
    by_advance, rest = draw(books.advanced, entitled)
    room = _sum(books.available, extra)
    of_rest, lacks = draw(room, rest)
    of_support, lacks_too = draw(less(room, of_rest), max(support, 0))
    assert not lacks + lacks_too, "the operation found the money first"
    owes = {earmark: cents for earmark, cents in less(books.advanced, by_advance).items() if cents}
    keeps = _sum(books.prepaid, owes, books.due)  # what stays committed until it is used, recovered or written off
    return entry(
        *_moved("travel", "travel-advances", by_advance, day),
        *_moved("travel", "payables", of_rest, day),
        *_moved("due-from-travellers", "travel-advances", owes, day),
        *_support(of_support, day),
        *_moved("committed", "commitments", less(books.committed, keeps), day),
    )


def not_travelled(books: Books, lost: int, support: int, day: date) -> tuple[Posting, ...]:
    """A journey that was not made: what of the ticket is not given back is expense with support cost, the rest lowers
    what is owed to the agent or, where it was paid, is due from it; an advance is due from the traveller; everything
    else is released.

    ``lost``: the part of a ticket still held ahead that nobody gives back.
    """
    of_ticket, lacks = draw(books.prepaid, lost)
    assert not lacks, "no more is lost than the ticket cost"
    of_support, lacks_too = draw(books.available, support)
    assert not lacks_too, "a charge holds the support cost of its ticket"
    back = _moved("payables", "prepaid-travel", less(books.prepaid, of_ticket), day)
    owes = _sum(books.advanced, books.due, after(books, back).agent_owes)
    return entry(
        *_moved("travel", "prepaid-travel", of_ticket, day),
        *back,
        *_moved("due-from-travellers", "travel-advances", books.advanced, day),
        *_support(of_support, day),
        *_moved("committed", "commitments", less(books.committed, owes), day),
    )


def ticket_refunded(books: Books, refund: int, support_back: int, day: date) -> tuple[Posting, ...]:
    """What the agent gives back of a ticket that was expense already: the expense and its support cost in proportion
    are reversed, and what is owed to the agent falls; where it was paid, the money is committed until it is back."""
    parts, lacks = draw(books.travel, refund)
    of_support, lacks_too = draw(books.support, support_back)
    assert not lacks + lacks_too, "no more is given back than was spent"
    back = _moved("payables", "travel", parts, day)
    return entry(
        *back,
        *_moved("support-cost-payable", "support-cost", of_support, day),
        *_moved("commitments", "committed", less(after(books, back).agent_owes, books.agent_owes), day),
    )


def balance_paid(books: Books, bank_account: str, usd: int, day: date) -> tuple[Posting, ...]:
    """What is owed to a traveller or to the agent is paid: payables / cash."""
    parts, lacks = draw(books.payable, usd)
    assert not lacks, "no more is paid than is owed"
    return entry(*_moved("payables", f"cash:{bank_account}", parts, day))


def recovered(books: Books, bank_account: str, usd: int, day: date) -> tuple[Posting, ...]:
    """The traveller gives back: cash / due from travellers, and the money is free again."""
    parts, lacks = draw(books.due, usd)
    assert not lacks, "no more is recovered than is due"
    return entry(
        *_moved(f"cash:{bank_account}", "due-from-travellers", parts, day),
        *_moved("committed", "commitments", parts, day),
    )


def given_back(books: Books, bank_account: str, usd: int, day: date) -> tuple[Posting, ...]:
    """The agent gives back what it was paid for a ticket: cash / payables, and the money is free again."""
    parts, lacks = draw(books.agent_owes, usd)
    assert not lacks, "no more is given back than the agent owes"
    return entry(
        *_moved(f"cash:{bank_account}", "payables", parts, day), *_moved("committed", "commitments", parts, day)
    )


def written_off(books: Books, day: date) -> tuple[Posting, ...]:
    """A debt that nobody will pay is expense, and bears no support cost."""
    return entry(
        *_moved("write-offs", "due-from-travellers", books.due, day),
        *_moved("write-offs", "payables", books.agent_owes, day),
        *_moved("committed", "commitments", _sum(books.due, books.agent_owes), day),
    )


def failed(books: Books, payment: Iterable[Posting], day: date) -> tuple[Posting, ...]:
    """A payment is turned back; what the agent would have had to give back of it is free."""
    turned = reversed_of(payment, day)
    return entry(
        *turned, *_moved("committed", "commitments", less(books.agent_owes, after(books, turned).agent_owes), day)
    )


def _support(parts: Parts, day: date) -> list[Posting]:
    return _moved("support-cost", "support-cost-payable", parts, day)


def _moved(to: str, source: str, parts: Parts, day: date) -> list[Posting]:
    """Debit one account and credit the other, earmark by earmark; nothing where nothing moves."""
    return [
        side(account, "USD", cents, cents, day, earmark)
        for earmark, cents in sorted(parts.items())
        for side, account in ((debit, to), (credit, source))
        if cents
    ]


def _sum(*parts: Parts) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in parts:
        for earmark, cents in one.items():
            total[earmark] = total.get(earmark, 0) + cents
    return total
