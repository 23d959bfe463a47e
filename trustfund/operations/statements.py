"""Bank statements come in: all of a file or nothing, one event a statement; the same file or line twice adds nothing.

Names and texts of who paid never enter the record: each line stands there by its days, its amount and a seal, an HMAC
under a key of its statement. Destroying the key leaves the amounts and takes every way to guess at the rest.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from trustfund.core import matching
from trustfund.core.matching import Movement
from trustfund.core.money import major, minor
from trustfund.core.refusal import Refused
from trustfund.core.roles import SYSTEM
from trustfund.core.verifier import canonical
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations.matching import called, keep, open_entries, told, waiting
from trustfund.operations.operation import Fact, Operation, keep_refusal, writing
from trustfund.services import chance, keys, statements
from trustfund.services.statements import Line, Mapping, Statement
from trustfund.services.statements.child import LARGEST

PIECE = 1000  # identities asked for, lines put in at once
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


@dataclass(frozen=True)
class Imported:
    """``matched``: lines that are an entry, as was found now, those of earlier files too; ``waiting``: all others."""

    statements: list[Told]
    matched: int
    waiting: int

    @property
    def booked(self) -> int:
        return sum(len(one.new) for one in self.statements)

    @property
    def known(self) -> int:
        return sum(one.known for one in self.statements)


class _DryRun(Exception):
    """Leaves the transaction so that nothing is kept."""


def import_statement(
    path: Path,
    *,
    at: datetime,
    by: str = SYSTEM,
    account: str = "",
    mapping: Mapping | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Every statement of a file. ``account``: of the fund, where the bank's number is not known yet."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    read, digest = statements.read(content, mapping), hashlib.sha256(content).hexdigest()
    done: Imported | None = None
    try:
        with writing(by=by, at=at) as op, op.session.no_autoflush:
            op.permit("statement.imported")
            done = _import(op, _looked_at(op, read, account), digest, progress)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except Refused as refused:
        keep_refusal(refused, "statement.imported", on="", by=by, at=at)
        raise
    assert done is not None
    return done


def _looked_at(op: Operation, read: Sequence[Statement], account: str) -> list[Told]:
    """The statements with their lines that no earlier one had, and what an officer should know of them."""
    every = [(line, statements.identity(line)) for one in read for line in one.lines]
    seen = _held(op, [identity for _, identity in every])
    identities = iter(every)
    rows = op.session.scalars(select(BankStatement).order_by(BankStatement.last_day, BankStatement.id))
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
        code, strange = _whose(op, numbers, one.account, account)
        new = [(identity, line) for line, identity in (next(identities) for _ in one.lines) if identity not in seen]
        seen |= {identity for identity, _ in new}
        itself = (one.account, one.currency, one.number, one.first_day, one.last_day, one.opening, one.closing)
        told = Told(one, code, new, len(one.lines) - len(new), not new and itself in same)
        same.add(itself)
        if not told.repeated:
            told.warnings += [*strange, *([] if told.known else _gap(one, last.get((code, one.currency))))]
            if one.closing is not None and last.get((code, one.currency), (date.min,))[0] <= one.last_day:
                last[code, one.currency] = one.last_day, one.closing
        looked.append(told)
    return looked


def _whose(op: Operation, numbers: dict[str, str], number: str, chosen: str) -> tuple[str, list[Refused]]:
    """The fund's account of a bank's number: remembered, or chosen, or the only one there is."""
    codes = [account.code for account in op.mandate.bank_accounts]
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


def _held(op: Operation, identities: Sequence[str]) -> set[str]:
    held: set[str] = set()
    for first in range(0, len(identities), PIECE):
        some = identities[first : first + PIECE]
        held |= set(op.session.scalars(select(StatementLine.identity).where(StatementLine.identity.in_(some))))
    return held


def _import(op: Operation, looked: list[Told], digest: str, progress: Callable[[int, int], None] | None) -> Imported:
    matched, waiting = _exact(op, looked)
    for n, one in enumerate(looked):
        if progress:
            progress(n + 1, len(looked))
        if not one.repeated:
            own = {line.number: entry for line, entry in matched if line.file == n}
            one.matched = len(own)
            _record(op, one, digest, own)
    for line, entry in matched:
        if line.file is None:
            keep(op, *line.account, [(line.row, entry)])
            names = [called(line.statement, line.number)]
            op.append("line.matched", told(line.statement, *line.account, line.amount, names, [entry]))
    return Imported(looked, len(matched), waiting)


class _Waits(NamedTuple):
    """A line that may be an entry: of the file, by the number of its statement there, or an earlier one by its row."""

    account: Account
    file: int | None
    number: int
    amount: int
    row: int = 0
    statement: str = ""


def _exact(op: Operation, looked: list[Told]) -> tuple[list[tuple[_Waits, int]], int]:
    """Lines with the one entry that has their reference and amount, and how many wait on."""
    lines: dict[Account, list[Movement]] = {(one.bank_account, one.said.currency): [] for one in looked}
    for n, one in enumerate(looked):
        account = one.bank_account, one.said.currency
        for number, (_, line) in enumerate(one.new, 1):
            if units := minor(line.amount, line.currency):
                what = _Waits(account, n, number, units)
                lines[account].append(Movement(what, line.booking_day, units, line.bank_reference))
    matched: list[tuple[_Waits, int]] = []
    for account, known in lines.items():
        for row in op.session.execute(waiting(*account)):
            what = _Waits(account, None, row.number, row.amount, row.id, row.statement)
            known.append(Movement(what, row.booking_day, row.amount, row.bank_reference))
        matched += matching.exact(known, open_entries(op.session(), *account))  # type: ignore[arg-type]
    return matched, sum(map(len, lines.values())) - len(matched)


def _record(op: Operation, one: Told, digest: str, matched: dict[int, int]) -> None:
    """Keep a statement with its new lines, and say it as the record does: by days, amounts and seals."""
    said, currency = one.said, one.said.currency
    kept = BankStatement(
        reference=chance.reference("K"),
        bank_account=one.bank_account,
        account_number=said.account,
        number=said.number,
        currency=currency,
        opening=None if said.opening is None else minor(said.opening, currency),
        closing=None if said.closing is None else minor(said.closing, currency),
        first_day=said.first_day,
        last_day=said.last_day,
        digest=digest,
        seq=op.next_seq,
    )
    op.session.add(kept)
    op.session.flush()
    rows = list(_rows(kept, one.new))
    for first in range(0, len(rows), PIECE):
        op.session.execute(insert(StatementLine), rows[first : first + PIECE])
    if matched:
        ids = op.session.execute(
            select(StatementLine.number, StatementLine.id).where(StatementLine.statement_id == kept.id)
        )
        keep(op, one.bank_account, currency, [(id, matched[number]) for number, id in ids if number in matched])
    names = ("bank_account", "currency", "opening", "closing", "digest")
    data = {name: getattr(kept, name) for name in names} | {
        "first_day": said.first_day.isoformat(),
        "last_day": said.last_day.isoformat(),
        "seal": seal_of_statement(kept.reference, said.account, said.number),
        "count": len(rows),
        "known": one.known,
        "sum": sum(row["amount"] for row in rows),
        "lines": [_as_recorded(kept.reference, row) for row in rows],
        "matched": sorted([number, entry] for number, entry in matched.items()),
    }
    op.append("statement.imported", Fact(on=kept.reference, data=data))


def _as_recorded(statement: str, row: dict[str, Any]) -> list[object]:
    seal = seal_of_line(statement, row["identity"], reversal=row["reversal"])
    return [seal, row["booking_day"].isoformat(), row["value_date"].isoformat(), row["amount"]]


def _rows(kept: BankStatement, new: Sequence[tuple[str, Line]]) -> Iterator[dict[str, Any]]:
    for number, (identity, line) in enumerate(new, 1):
        yield {
            "statement_id": kept.id,
            "number": number,
            "identity": identity,
            "booking_day": line.booking_day,
            "value_date": line.value_date,
            "amount": minor(line.amount, line.currency),
            "bank_reference": line.bank_reference,
            "reference": line.reference,
            "name": line.name,
            "counterparty": line.counterparty,
            "text": line.text,
            "reversal": line.reversal,
            "n": line.n,
            "seq": kept.seq,
        }


def seal_of_statement(reference: str, account_number: str, number: str) -> str:
    """How the bank's number of the account, and of the statement, appear in the record."""
    return keys.seal_of(reference, canonical({"account": account_number, "number": number}).encode())


def seal_of_line(reference: str, identity: str, *, reversal: bool) -> str:
    """How all that a line says appears in the record: who paid, whose account it was, and why."""
    return keys.seal_of(reference, f"{identity} {reversal:d}".encode())
