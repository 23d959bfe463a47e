"""The fund closes, by two officers each time: decided, its balance paid back to the cent, its books shut for ever."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from trustfund.core import month_bookings
from trustfund.core.closing import Check, month_of, refunds, still_due
from trustfund.core.ledger import ACCOUNTS, Posting
from trustfund.core.money import major, minor
from trustfund.core.refusal import NotEnoughMoney, Refused, sentence
from trustfund.models.closings import ClosedFund, FundClosing, Refund
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.fund import calendar_on
from trustfund.models.record import Balance, Event, pots
from trustfund.models.record import Posting as PostingRow
from trustfund.operations import months, treasury
from trustfund.operations.bank_lines import Line, currency_of, free_reference, not_ahead
from trustfund.operations.imports import day_of
from trustfund.operations.operation import Fact, Operation
from trustfund.operations.proposals import by_two

NIL = Decimal(0)


@dataclass(frozen=True)
class Due:
    """What a donor gets back of an earmark, in cents of USD: ``share`` of the unspent balance, and what it paid above
    its agreement, in its own currency (``over``: currency, minor units, cents at the value at which it came)."""

    donor_id: int
    reference: str
    name: str
    earmark: str
    share: int
    over: tuple[tuple[str, int, int], ...] = ()

    @property
    def over_usd(self) -> int:
        return sum(usd for _, _, usd in self.over)

    @property
    def usd(self) -> int:
        return self.share + self.over_usd


class NotYet(Refused):
    """The fund cannot be closed yet. ``checks``: each that fails, for a page to say in the reader's language."""

    def __init__(self, checks: list[Check]):
        super().__init__(
            "The fund cannot be closed yet. {reasons} Nothing has been changed.",
            reasons=" ".join(str(check) for check in checks),
        )
        self.checks = checks


@by_two("closing.decided")
def decide(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """The closing of the fund is decided; from its day on no reserve is kept. ``content``: document, decided_on."""
    _the_fund(subject)
    document, day = str(content["document"]).strip(), day_of(content["decided_on"])
    if not document or len(document) > 120:
        raise Refused("A closing names the document that decided it, for example A/RES/73/195.", field="document")
    if day > op.today:
        raise Refused("{day} lies ahead. Enter the day of the decision.", day=day, field="decided_on")
    if decision(op.session()):
        raise Refused("The closing of the fund is decided already. Nothing has been changed.")
    op.session.add(FundClosing(id=1, decided_on=day, document=document, seq=op.next_seq))
    return Fact(on="fund", after="closing", data={"document": document, "decided_on": day.isoformat()})


@by_two("refund.paid")
def pay_refund(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """A donor gets back all that is due to it, once nothing else can change the balance. ``subject``: the donor;
    ``content``: bank_account, bank_reference, value_date."""
    _ready(op, paid=False)
    due = [one for one in refunds_due(op.session()) if one.reference == subject]
    if not due:
        raise Refused("Nothing is due to this donor. Nothing has been changed.")
    line = _payment(op, content, sum(one.usd for one in due))
    for one in due:
        op.session.add(
            Refund(
                donor_id=one.donor_id, earmark=one.earmark, usd=one.share, overpaid_usd=one.over_usd, seq=op.next_seq
            )
        )
    return Fact(
        on=subject,
        post=[posting for one in due for posting in _booked(one, line)],
        data={
            **treasury.keep(op, "refund", line, -line.amount),
            "donor": subject,
            "refunds": [{"earmark": one.earmark, "usd": one.share, "overpaid_usd": one.over_usd} for one in due],
        },
    )


@by_two("fund.closed")
def close_fund(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """The books are shut: no entry follows, and the database sees to it. Refused with every check that fails."""
    _the_fund(subject)
    if op.session.get(ClosedFund, 1):
        raise Refused("The fund is closed already. Nothing has been changed.")
    _ready(op, paid=True)
    op.session.add(ClosedFund(id=1, day=op.today, seq=op.next_seq))
    return Fact(on="fund", before="closing", after="closed", data={"day": op.today.isoformat()})


def decision(session: Session) -> FundClosing | None:
    return session.get(FundClosing, 1)


def checklist(session: Session, today: date) -> list[Check]:
    """What must hold before the fund closes, in the order in which it is done; the last is that refunds are paid."""
    balances = _balances(session)
    last = max(calendar_on(session, today).meetings, key=lambda meeting: meeting.last_day, default=None)
    held = last is None or last.last_day < today
    opens, due = months.first_open_month(session), sum(one.usd for one in refunds_due(session))
    cash = balances.get("cash", 0)
    return [
        _check(decision(session) is not None, "decided"),
        _check(held, "held", meeting=last.code if last else "", day=last.last_day if last else today),
        *(_check(not balances.get(a, 0), a, amount=major(abs(balances.get(a, 0)), "USD")) for a in _ZERO),
        _check(opens is None or opens >= month_of(today), "months", month=opens or ""),
        _check(cash == due, "all-due", cash=major(cash, "USD"), due=major(due, "USD")),
        _check(not due, "refunds", due=major(due, "USD")),
    ]


def refunds_due(session: Session) -> list[Due]:
    """What is due to each donor and not paid yet, by earmark. What was paid counts as unspent again, so that shares are
    the same whoever is paid first."""
    paid = {(donor, earmark): int(usd) for donor, earmark, usd in session.execute(_PAID)}
    left = {e: minor(pot.came_in - pot.spent - pot.committed, "USD") for e, pot in pots(session, NIL).items()}
    for (_, earmark), usd in paid.items():
        left[earmark] = left.get(earmark, 0) + usd
    given = [(donor, earmark, int(usd)) for donor, earmark, usd in session.execute(_GIVEN)]
    shares = still_due(refunds(left, given), paid) if given and sum(left.values()) > 0 else {}
    over: dict[tuple[int, str], list[tuple[str, int, int]]] = {}
    for donor, earmark, currency, amount, usd in session.execute(_OVERPAID):
        over.setdefault((donor, earmark), []).append((currency, int(amount), int(usd)))
    donors = {donor.id: donor for donor in session.scalars(select(Donor))}
    due = [
        Due(
            donor,
            donors[donor].reference,
            donors[donor].name,
            e,
            shares.get((donor, e), 0),
            tuple(over.get((donor, e), ())),
        )
        for donor, e in sorted(shares.keys() | over.keys())
    ]
    return [one for one in due if one.usd]


def _balances(session: Session) -> dict[str, int]:
    """Account, all its parts together -> cents."""
    found: dict[str, int] = {}
    for account, cents in session.execute(select(Balance.account, func.sum(Balance.usd)).group_by(Balance.account)):
        name = account.partition(":")[0]
        found[name] = found.get(name, 0) + int(cents)
    return found


def _check(holds: bool, code: str, **values: object) -> Check:
    yes, no = _SAID[code]
    return Check(holds, yes if holds else no, values)


def _ready(op: Operation, *, paid: bool) -> None:
    """Refused with all that fails; ``paid``: the refunds too."""
    checks = checklist(op.session(), op.today)
    if failing := [check for check in (checks if paid else checks[:-1]) if not check.holds]:
        raise NotYet(failing)


def _payment(op: Operation, content: Mapping[str, Any], cents: int) -> Line:
    """The line of the statement by which a refund was paid: in US dollars, of an account that holds so much."""
    code = content["bank_account"]
    if currency_of(op, code) != "USD":
        raise Refused("Refunds are paid from an account in US dollars.", field="bank_account")
    held = op.session.scalar(select(func.sum(Balance.usd)).where(Balance.account == f"cash:{code}")) or 0
    if held < cents:
        raise NotEnoughMoney(
            "This account holds {held} and {due} is due. Nothing has been changed.",
            held=major(int(held), "USD"),
            due=major(cents, "USD"),
            field="bank_account",
        )
    day = not_ahead(op, day_of(content["value_date"]), "value_date")
    return Line(code, free_reference(op, code, content["bank_reference"]), day, "USD", cents, cents)


def _booked(one: Due, line: Line) -> Iterator[Posting]:
    account, day = line.bank_account, line.value_date
    yield from month_bookings.refunded(account, one.share, one.earmark, day)
    for currency, amount, usd in one.over:
        yield from month_bookings.given_back(account, currency, amount, usd, one.earmark, day)


def _the_fund(subject: str) -> None:
    assert subject == "fund", "there is one fund, and this is about it"


_PAID = select(Refund.donor_id, Refund.earmark, func.sum(Refund.usd)).group_by(Refund.donor_id, Refund.earmark)
_DEPOSITS = (  # each by the entry that booked it, and by the one that attached it where that came later
    select(Deposit.seq, Deposit.donor_id),
    select(Deposit.attached_seq, Deposit.donor_id).where(Deposit.attached_seq.is_not(None)),
)
_OVERPAYMENTS = select(Event.seq, Pledge.donor_id).join(Pledge, Pledge.reference == Event.subject)
_AGREED_AFTERWARDS = _OVERPAYMENTS.where(Event.action == "overpayment.agreed")
_REFUNDED = _OVERPAYMENTS.where(Event.action == "overpayment.refunded")
_PAID_IN = union(*_DEPOSITS, _AGREED_AFTERWARDS).subquery()
_GIVEN = (  # what came in and was applied: neither unapplied nor above an agreement
    select(_PAID_IN.c.donor_id, PostingRow.earmark, func.sum(PostingRow.usd))
    .join(_PAID_IN, _PAID_IN.c.seq == PostingRow.seq)
    .where(
        PostingRow.account.startswith("cash:") | PostingRow.account.in_(("due-to-donors", "unapplied-contributions"))
    )
    .group_by(_PAID_IN.c.donor_id, PostingRow.earmark)
    .order_by(_PAID_IN.c.donor_id, PostingRow.earmark)
)
_ENTRIES = union(*_DEPOSITS, _AGREED_AFTERWARDS, _REFUNDED, select(Refund.seq, Refund.donor_id)).subquery()
_OVERPAID = (
    select(
        _ENTRIES.c.donor_id,
        PostingRow.earmark,
        PostingRow.currency,
        func.sum(-PostingRow.amount),
        func.sum(-PostingRow.usd),
    )
    .join(_ENTRIES, _ENTRIES.c.seq == PostingRow.seq)
    .where(PostingRow.account == "due-to-donors")
    .group_by(_ENTRIES.c.donor_id, PostingRow.earmark, PostingRow.currency)
    .having(func.sum(PostingRow.usd) != 0)
    .order_by(_ENTRIES.c.donor_id, PostingRow.earmark, PostingRow.currency)
)
_SAID = {
    "decided": (
        sentence("The closing of the fund is decided."),
        sentence("The closing of the fund is not decided."),
    ),
    "held": (
        sentence("The last meeting, {meeting}, was held by {day}."),
        sentence("The last meeting, {meeting}, ends on {day}."),
    ),
    "commitments": (
        sentence("No commitment is open."),
        sentence("Commitments of {amount} are open."),
    ),
    "travel-advances": (
        sentence("Every advance is settled."),
        sentence("Advances of {amount} are not settled."),
    ),
    "due-from-travellers": (
        sentence("No traveller owes the fund anything."),
        sentence("Travellers owe the fund {amount}."),
    ),
    "prepaid-travel": (
        sentence("Every ticket is charged to its journey."),
        sentence("Tickets of {amount} are not charged to a journey."),
    ),
    "payables": (
        sentence("Travellers and agents are paid."),
        sentence("Travellers and agents are owed {amount}."),
    ),
    "accrued-travel": (
        sentence("No journey is accrued."),
        sentence("Journeys of {amount} are accrued and not settled."),
    ),
    "support-cost-payable": (
        sentence("The support cost is paid to the United Nations."),
        sentence("Support cost of {amount} is not paid to the United Nations."),
    ),
    "contributions-receivable": (
        sentence("Nothing that was agreed is still receivable."),
        sentence("Contributions of {amount} are receivable: they are paid or written off first."),
    ),
    "unapplied-contributions": (
        sentence("Every deposit is applied to an agreement."),
        sentence("Deposits of {amount} are applied to no agreement."),
    ),
    "months": (
        sentence("All months before this one are closed."),
        sentence("The months from {month} on are not closed."),
    ),
    "all-due": (
        sentence("The fund holds exactly what is due to its donors."),
        sentence("The fund holds {cash}, and {due} is due to its donors."),
    ),
    "refunds": (
        sentence("Every refund is paid."),
        sentence("Refunds of {due} are not paid."),
    ),
}
"""Check -> what is said where it holds, and where it does not."""
_ZERO = tuple(code for code in _SAID if code in ACCOUNTS)
