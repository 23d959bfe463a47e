"""A bank's file held against what the fund knows: whose account it is, which lines are new, what is missing between."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core.mandate import Mandate
from trustfund.core.money import major
from trustfund.core.refusal import Refused
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations.statement_overlaps import twice
from trustfund.services.statements import Line, Statement, identity

PIECE = 1000  # identities asked for at once
Account = tuple[str, str]
"""Of the fund, and the currency."""


@dataclass
class Told:
    """A statement as the preview and the end of an import tell it. ``known``: lines that stand in an earlier one."""

    said: Statement
    bank_account: str
    new: list[tuple[str, Line]]
    known: int
    repeated: bool
    """The statement itself is there already, and all of its lines."""
    matched: int = 0
    warnings: list[Refused] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return len(self.said.lines)


def looked_at(session: Session, mandate: Mandate, read: Sequence[Statement], account: str) -> list[Told]:
    """The statements with their lines that no earlier one had, and what an officer should know of them."""
    every = [(line, identity(line)) for one in read for line in one.lines]
    seen = _held(session, [own for _, own in every])
    identities = iter(every)
    rows = session.scalars(select(BankStatement).order_by(BankStatement.last_day, BankStatement.id))
    numbers: dict[str, str] = {}
    same: set[tuple[object, ...]] = set()
    last: dict[Account, tuple[date, Decimal]] = {}
    for row in rows:
        numbers[row.account_number] = row.bank_account
        opening, closing = (None if c is None else major(c, row.currency) for c in (row.opening, row.closing))
        same.add((row.account_number, row.currency, row.number, row.first_day, row.last_day, opening, closing))
        if closing is not None:
            last[row.bank_account, row.currency] = row.last_day, closing
    looked = []
    for one in read:
        code, strange = _whose(mandate, numbers, one.account, account)
        new = [(own, line) for line, own in (next(identities) for _ in one.lines) if own not in seen]
        seen |= {own for own, _ in new}
        itself = (one.account, one.currency, one.number, one.first_day, one.last_day, one.opening, one.closing)
        told = Told(one, code, new, len(one.lines) - len(new), not new and itself in same)
        same.add(itself)
        if not told.repeated:
            told.warnings += [*strange, *([] if told.known else _gap(one, last.get((code, one.currency))))]
            told.warnings += twice(session, code, one, [line for _, line in new])
            if one.closing is not None and last.get((code, one.currency), (date.min,))[0] <= one.last_day:
                last[code, one.currency] = one.last_day, one.closing
        looked.append(told)
    return looked


def _whose(mandate: Mandate, numbers: dict[str, str], number: str, chosen: str) -> tuple[str, list[Refused]]:
    """The fund's account of a bank's number: remembered, or chosen, or the only one there is."""
    codes = [account.code for account in mandate.bank_accounts]
    if chosen and chosen not in codes:
        raise Refused("“{code}” is not a bank account of the fund.", code=chosen[:40], field="bank_account")
    if known := numbers.get(number):
        if chosen and chosen != known:
            raise Refused(
                "The bank’s account {number} is {known} of the fund, as an earlier statement said, not {chosen}.",
                number=number[:40],
                known=known,
                chosen=chosen,
                field="bank_account",
            )
        return known, []
    if not chosen and len(codes) > 1:
        raise Refused(
            "Which account of the fund is the bank’s account {number}? Choose one of {codes}; it is remembered.",
            number=number[:40],
            codes=", ".join(codes),
            field="bank_account",
        )
    code = chosen or codes[0]
    strange = [other for other, its in numbers.items() if its == code]
    numbers[number] = code
    return code, [
        Refused(
            "The bank’s account {number} is new for {account}, which was {other} so far. Check that it is the fund’s.",
            number=number[:40],
            account=code,
            other=other[:40],
        )
        for other in strange[-1:]
    ]


def _gap(one: Statement, last: tuple[date, Decimal] | None) -> list[Refused]:
    """Whether a statement goes on where the last one ended; an older one that comes late says nothing of it."""
    if last is None or one.opening is None or one.first_day < last[0] or one.opening == last[1]:
        return []
    return [
        Refused(
            "The last statement ended on {day} with {closing} {currency}, this one begins with {opening}. "
            "A statement between them is missing, or another account was taken for this one.",
            day=last[0],
            closing=last[1],
            opening=one.opening,
            currency=one.currency,
        )
    ]


def _held(session: Session, identities: Sequence[str]) -> set[str]:
    held: set[str] = set()
    for first in range(0, len(identities), PIECE):
        some = identities[first : first + PIECE]
        held |= set(session.scalars(select(StatementLine.identity).where(StatementLine.identity.in_(some))))
    return held
