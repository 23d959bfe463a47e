"""Lines of the bank's statement that no donor and no award explains: interest, charges, support cost paid to the UN."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core.closing import apportioned
from trustfund.core.ledger import Posting, credit, debit, entry
from trustfund.core.money import major
from trustfund.core.refusal import Refused
from trustfund.models.record import Balance
from trustfund.models.treasury import BankLine
from trustfund.operations.bank_lines import Line, line_of
from trustfund.operations.operation import Fact, Operation, deed


@deed("interest.recorded")
def record_interest(op: Operation, bank_account: str, *, amount: str, value_date: date, bank_reference: str) -> Fact:
    """The bank paid interest: it can be spent like any contribution that is not earmarked."""
    return interest(op, line_of(op, bank_account, amount, value_date, bank_reference))


def interest(op: Operation, line: Line) -> Fact:
    return _kept(
        op, "interest", line, entry(_cash(debit, line), _usd(credit, "interest", line.usd, line)), came_in=True
    )


@deed("charge.recorded")
def record_charge(op: Operation, bank_account: str, *, amount: str, value_date: date, bank_reference: str) -> Fact:
    """The bank took its charge: so much less came in."""
    return charge(op, line_of(op, bank_account, amount, value_date, bank_reference))


def charge(op: Operation, line: Line) -> Fact:
    return _kept(op, "charge", line, entry(_usd(debit, "bank-charges", line.usd, line), _cash(credit, line)))


@deed("support-cost.paid")
def pay_support_cost(op: Operation, bank_account: str, *, amount: str, value_date: date, bank_reference: str) -> Fact:
    """Programme support cost is paid to the United Nations: never more than the books say is owed, of every earmark
    pro rata."""
    line = line_of(op, bank_account, amount, value_date, bank_reference)
    owed = support_cost_owed(op.session())
    if line.usd > sum(owed.values()):
        raise Refused(
            "{amount} is more than the support cost that is owed: {owed}. Nothing has been changed.",
            amount=major(line.usd, "USD"),
            owed=major(sum(owed.values()), "USD"),
            field="amount",
        )
    in_usd, units = apportioned(line.usd, owed), apportioned(line.amount, owed)
    postings = []
    for earmark, usd in in_usd.items():
        postings.append(_usd(debit, "support-cost-payable", usd, line, earmark))
        postings.append(
            credit(f"cash:{line.bank_account}", line.currency, units[earmark], usd, line.value_date, earmark)
        )
    return _kept(op, "support-cost", line, entry(*postings))


def support_cost_owed(session: Session) -> dict[str, int]:
    """Earmark -> cents of support cost that are posted and not paid."""
    rows = session.execute(
        select(Balance.earmark, func.sum(-Balance.usd))
        .where(Balance.account == "support-cost-payable")
        .group_by(Balance.earmark)
        .order_by(Balance.earmark)
    )
    return {earmark: int(cents) for earmark, cents in rows if cents > 0}


def keep(op: Operation, kind: str, line: Line, amount: int) -> dict[str, object]:
    """Keep a line of the statement, and say it as the record does. ``amount``: positive for money that came in."""
    said = {
        "bank_account": line.bank_account,
        "bank_reference": line.bank_reference,
        "value_date": line.value_date,
        "currency": line.currency,
        "amount": amount,
        "usd": line.usd if amount > 0 else -line.usd,
    }
    op.session.add(BankLine(kind=kind, seq=op.next_seq, **said))
    return said | {"value_date": line.value_date.isoformat()}


def _kept(op: Operation, kind: str, line: Line, post: tuple[Posting, ...], *, came_in: bool = False) -> Fact:
    return Fact(
        on=f"bank:{line.bank_account}", post=post, data=keep(op, kind, line, line.amount if came_in else -line.amount)
    )


Side = Callable[..., Posting]


def _cash(side: Side, line: Line) -> Posting:
    return side(f"cash:{line.bank_account}", line.currency, line.amount, line.usd, line.value_date)


def _usd(side: Side, account: str, usd: int, line: Line, earmark: str = "") -> Posting:
    return side(account, "USD", usd, usd, line.value_date, earmark)
