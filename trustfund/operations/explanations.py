"""A line of the bank that no entry explains is recorded as what it is, and matched with it, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trustfund.core import lifecycle
from trustfund.core.money import Money, major
from trustfund.core.refusal import Refused
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations import treasury
from trustfund.operations.bank_lines import Line as BankLine
from trustfund.operations.bank_lines import line_of as line_of_bank
from trustfund.operations.contributions import tell_donor, unchanged
from trustfund.operations.matching import called, keep, line_of, still_waits, told
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.parts import Line, in_parts
from trustfund.operations.receivables import deposit

LONGEST = 80
"""Characters of a bank's reference in the books."""


@dataclass(frozen=True)
class Said:
    """A line as the books will have it. ``about``: the pledge or the donor, ``seen``: the version of the pledge."""

    bank_account: str
    currency: str
    row: StatementLine
    bank_reference: str
    about: str
    seen: int

    @property
    def amount(self) -> str:
        return f"{abs(major(self.row.amount, self.currency))}"


def reference_of(row: StatementLine, statement: str) -> str:
    """The bank's reference of a line; where the bank gives none, what the line is called."""
    return row.bank_reference if 0 < len(row.bank_reference) <= LONGEST else called(statement, row.number)


@deed("line.matched")
def record(op: Operation, line: str, *, kind: str, about: str = "", bank_reference: str = "", seen: int = 0) -> Fact:
    """The line is a deposit on a pledge, a deposit that waits for its agreement, a charge or interest.

    Amount and value date are the bank's. ``about``: a pledge or a donor; ``seen``: the version of the pledge.
    """
    row, statement = line_of(op.session(), line)
    still_waits(op, [(row, statement)])
    if kind not in KINDS or (row.amount > 0) != KINDS[kind].comes_in:
        raise Refused("Choose what the line is: money that came in is no charge, and a charge went out.", field="kind")
    account = op.session.get_one(BankStatement, row.statement_id)
    reference = bank_reference.strip() or reference_of(row, statement)
    said = Said(account.bank_account, account.currency, row, reference, about, seen)
    op.permit(KINDS[kind].action)
    fact = KINDS[kind].book(op, said)
    entry = op.append(KINDS[kind].action, fact).seq
    keep(op, account.bank_account, account.currency, [(row.id, entry)])
    return told(statement, account.bank_account, account.currency, row.amount, [line], [entry])


@deed("line.matched")
def record_in_parts(op: Operation, line: str, *, parts: Mapping[str, str], bank_reference: str = "", seen: int) -> Fact:
    """The line is one deposit for several agreements of a donor, an entry and a receipt each; it is all of them.

    ``parts``: pledge -> its amount; ``seen``: the last entry about any of the pledges, when they were read.
    """
    row, statement = line_of(op.session(), line)
    still_waits(op, [(row, statement)])
    account = op.session.get_one(BankStatement, row.statement_id)
    for pledge in parts:
        _same_currency(op.one(Pledge, reference=pledge), account.currency)
    if row.amount <= 0:
        raise Refused("Only money that came in is a deposit. Nothing has been changed.")
    op.permit("deposit.recorded")
    reference = bank_reference.strip() or reference_of(row, statement)
    came = Line(f"{major(row.amount, account.currency)}", row.value_date, reference, account.bank_account)
    facts = in_parts(op, "", came, parts=parts, seen=seen)
    last = op.append("deposit.recorded", facts[-1]).seq
    entries = [*range(last - len(facts) + 1, last + 1)]
    keep(op, account.bank_account, account.currency, [(row.id, entry) for entry in entries])
    return told(statement, account.bank_account, account.currency, row.amount, [line], entries)


def _on_a_pledge(op: Operation, said: Said) -> Fact:
    pledge = op.one(Pledge, reference=said.about)
    _same_currency(pledge, said.currency)
    unchanged(pledge, said.seen)
    if pledge.state not in lifecycle.ENDED:
        lifecycle.check("deposit.recorded", pledge.state)
    fact = _deposit(op, said, pledge.donor, pledge)
    amount = Money(major(said.row.amount, said.currency), said.currency)
    tell_donor(op, pledge, amount, said.row.value_date, [str(fact.data["deposit"])])
    return fact


def _same_currency(pledge: Pledge, currency: str) -> None:
    if pledge.currency != currency:
        raise Refused(
            "The line is in {currency}, and this pledge in {other}. Nothing has been changed.",
            currency=currency,
            other=pledge.currency,
            field="about",
        )


def _unapplied(op: Operation, said: Said) -> Fact:
    return _deposit(op, said, op.one(Donor, reference=said.about), None)


def _deposit(op: Operation, said: Said, donor: Donor, pledge: Pledge | None) -> Fact:
    return deposit(
        op,
        donor,
        pledge,
        amount=said.amount,
        currency=said.currency,
        value_date=said.row.value_date,
        bank_reference=said.bank_reference,
        bank_account=said.bank_account,
        earmark=pledge.earmark if pledge else "",
        before=pledge.state if pledge else None,
    )


def _as_stated(op: Operation, said: Said) -> BankLine:
    """In the currency of the statement, which need not be that of the account."""
    return line_of_bank(
        op, said.bank_account, said.amount, said.row.value_date, said.bank_reference, currency=said.currency
    )


def _interest(op: Operation, said: Said) -> Fact:
    return treasury.interest(op, _as_stated(op, said))


def _charge(op: Operation, said: Said) -> Fact:
    return treasury.charge(op, _as_stated(op, said))


@dataclass(frozen=True)
class Kind:
    action: str
    book: Callable[[Operation, Said], Fact]
    comes_in: bool = True


KINDS = {
    "deposit": Kind("deposit.recorded", _on_a_pledge),
    "unapplied": Kind("deposit.recorded", _unapplied),
    "interest": Kind("interest.recorded", _interest),
    "charge": Kind("charge.recorded", _charge, comes_in=False),
}
"""What a line can be recorded as."""
