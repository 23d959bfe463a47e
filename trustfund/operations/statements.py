"""Bank statements come in: all of a file or nothing, one event a statement; the same file or line twice adds nothing.

Names and texts of who paid never enter the record: each line stands there by its days, its amount and a seal, an HMAC
under a key of its statement. Destroying the key leaves the amounts and takes every way to guess at the rest.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from trustfund.core import matching
from trustfund.core.matching import Movement
from trustfund.core.money import minor
from trustfund.core.roles import SYSTEM
from trustfund.core.verifier import canonical
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations.import_files import whole_file
from trustfund.operations.matching import called, keep, open_entries, taken_apart, told, waiting
from trustfund.operations.operation import Fact, Operation
from trustfund.operations.statement_checks import Account, Told, looked_at
from trustfund.services import chance, keys, statements
from trustfund.services.statements import Line, Mapping
from trustfund.services.statements.child import LARGEST

PIECE = 1000  # lines put in at once


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
    with whole_file("statement.imported", by=by, at=at, dry_run=dry_run) as op:
        op.permit("statement.imported")
        looked = looked_at(op.session(), op.mandate, read, account)
        matched, waiting = book(op, looked, digest, progress)
    return Imported(looked, matched, waiting)


def book(
    op: Operation,
    looked: list[Told],
    digest: str,
    progress: Callable[[int, int], None] | None = None,
    spends: dict[str, Any] | None = None,
) -> tuple[int, int]:
    """Record every statement that is not there yet: how many lines are an entry, and how many wait.

    ``spends``: the key of a form and its seal, which stand in the first entry.
    """
    tokens = [spends] if spends else []

    def append(action: str, fact: Fact) -> None:
        op.append(action, fact, **(tokens.pop() if tokens else {}))

    matched, waiting = exact(op.session(), looked)
    for n, one in enumerate(looked):
        if progress:
            progress(n + 1, len(looked))
        if not one.repeated:
            own = {line.number: entries for line, entries in matched.items() if line.file == n}
            one.matched = len(own)
            append("statement.imported", _record(op, one, digest, own))
    for line, entries in matched.items():
        if line.file is None:
            keep(op, *line.account, [(line.row, entry) for entry in entries])
            names = [called(line.statement, line.number)]
            append("line.matched", told(line.statement, *line.account, line.amount, names, entries))
    return len(matched), waiting


class Waits(NamedTuple):
    """A line that may be an entry: of the file, by the number of its statement there, or an earlier one by its row."""

    account: Account
    file: int | None
    number: int
    amount: int
    row: int = 0
    statement: str = ""


def exact(session: Session, looked: list[Told]) -> tuple[dict[Waits, list[int]], int]:
    """Lines with the entry, or the parts of the deposit, of their reference and amount, and how many wait on.

    What an officer took apart is not put together again.
    """
    lines: dict[Account, list[Movement]] = {(one.bank_account, one.said.currency): [] for one in looked}
    for n, one in enumerate(looked):
        account = one.bank_account, one.said.currency
        for number, (_, line) in enumerate(one.new, 1):
            if units := minor(line.amount, line.currency):
                what = Waits(account, n, number, units)
                lines[account].append(Movement(what, line.booking_day, units, line.bank_reference))
    matched: dict[Waits, list[int]] = {}
    for account, known in lines.items():
        apart = set(session.scalars(taken_apart(*account)))
        for row in session.execute(waiting(*account)):
            what = Waits(account, None, row.number, row.amount, row.id, row.statement)
            known.append(Movement(what, row.booking_day, row.amount, "" if row.id in apart else row.bank_reference))
        for line, entry in matching.exact(known, open_entries(session, *account)):
            matched.setdefault(line, []).append(entry)  # type: ignore[arg-type]
    return matched, sum(map(len, lines.values())) - len(matched)


def _record(op: Operation, one: Told, digest: str, matched: dict[int, list[int]]) -> Fact:
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
        pairs = [(id, entry) for number, id in ids for entry in matched.get(number, ())]
        keep(op, one.bank_account, currency, pairs)
    names = ("bank_account", "currency", "opening", "closing", "digest")
    data = {name: getattr(kept, name) for name in names} | {
        "first_day": said.first_day.isoformat(),
        "last_day": said.last_day.isoformat(),
        "seal": seal_of_statement(kept.reference, said.account, said.number),
        "count": len(rows),
        "known": one.known,
        "sum": sum(row["amount"] for row in rows),
        "lines": [_as_recorded(kept.reference, row) for row in rows],
        "matched": sorted([number, entry] for number, entries in matched.items() for entry in entries),
    }
    return Fact(on=kept.reference, data=data)


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
