"""The same days from a bank in two forms, such as an MT940 and a camt.053: their lines differ in words and would count
twice."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core.money import major, minor
from trustfund.core.refusal import Refused
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.services.statements import Line, Statement


def twice(session: Session, bank_account: str, one: Statement, new: Sequence[Line]) -> list[Refused]:
    """A warning where new lines have amount, value date and a reference of lines that an earlier statement of the same
    account and days has in other words."""
    days = [line.value_date for line in new]
    if not days:
        return []
    seen: set[tuple[object, ...]] = set()
    held = (
        select(StatementLine.amount, StatementLine.value_date, StatementLine.bank_reference, StatementLine.reference)
        .join(BankStatement, BankStatement.id == StatementLine.statement_id)
        .where(BankStatement.bank_account == bank_account, BankStatement.currency == one.currency)
        .where(BankStatement.first_day <= one.last_day, BankStatement.last_day >= one.first_day)
        .where(StatementLine.value_date.between(min(days), max(days)))
    )
    for amount, day, bank, reference in session.execute(held):
        seen |= _called(amount, day, bank, reference)
    same = [line for line in new if not seen.isdisjoint(_of(line))]
    if not same:
        return []
    return [
        Refused(
            "Lines that look like lines of an earlier statement of these days: {n}, the first of {day} with {amount} "
            "{currency}. If the bank sent the same days in another form, they would count twice.",
            n=len(same),
            day=same[0].value_date,
            amount=major(minor(same[0].amount, one.currency), one.currency),
            currency=one.currency,
        )
    ]


def _of(line: Line) -> set[tuple[object, ...]]:
    return _called(minor(line.amount, line.currency), line.value_date, line.bank_reference, line.reference)


def _called(amount: int, day: object, *references: str) -> set[tuple[object, ...]]:
    return {(amount, day, " ".join(reference.split())) for reference in references if reference.strip()}
