"""What the tables of the bank's statements should say, read from the events. ``copies`` compares them."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from trustfund.core.money import major
from trustfund.models.statements import BankStatement, LineMatch, MatchUndone, StatementLine
from trustfund.operations.copies_sealed import SEALS, Tables
from trustfund.operations.copies_selections import Body, as_kept
from trustfund.operations.emptied import Emptied
from trustfund.operations.statements import seal_of_line, seal_of_statement
from trustfund.services import keys
from trustfund.services.statements import Line, identity

PIECE = 1000  # lines in memory


def _imported(tables: Tables, body: Body, data: Body) -> None:
    names = ("bank_account", "currency", "opening", "closing", "first_day", "last_day", "digest")
    tables["bank_statement"][body["on"]] = {name: data[name] for name in names} | {"seq": body["seq"]}
    tables[SEALS][body["on"]] = {"seal": data["seal"]}
    for number, (seal, booking_day, value_date, amount) in enumerate(data["lines"], 1):
        line = f"{body['on']} {number}"
        said = {"booking_day": booking_day, "value_date": value_date, "amount": amount, "seq": body["seq"]}
        tables["statement_line"][line] = said
        tables[SEALS][line] = {"seal": seal}
    for number, entry in data["matched"]:
        _is(tables, body, data, f"{body['on']} {number}", entry)


def _matched(tables: Tables, body: Body, data: Body) -> None:
    for line in data["lines"]:
        for entry in data["entries"]:
            _is(tables, body, data, line, entry)


def _is(tables: Tables, body: Body, data: Body, line: str, entry: int) -> None:
    said = {name: data[name] for name in ("bank_account", "currency")}
    tables["line_match"][f"{line} = {entry} by {body['seq']}"] = said


def _undone(tables: Tables, body: Body, data: Body) -> None:
    for line in data["lines"]:
        for entry in data["entries"]:
            tables["match_undone"][f"{line} = {entry} by {data['matched']}"] = {"seq": body["seq"]}


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "statement.imported": _imported,
    "line.matched": _matched,
    "match.undone": _undone,
}

_LINE = func.coalesce(BankStatement.reference, "") + " " + cast(StatementLine.number, String)
_SEQ = cast(LineMatch.seq, String)
_MATCH = (func.coalesce(_LINE, "") + " = " + cast(LineMatch.entry, String) + " by " + _SEQ).label("reference")
KEPT: dict[str, Select[Any]] = {
    "bank_statement": select(
        BankStatement.reference,
        *(getattr(BankStatement, name) for name in ("bank_account", "currency", "opening", "closing")),
        as_kept(BankStatement.first_day),
        as_kept(BankStatement.last_day),
        BankStatement.digest,
        BankStatement.seq,
    ),
    "statement_line": select(
        _LINE.label("reference"),
        as_kept(StatementLine.booking_day),
        as_kept(StatementLine.value_date),
        StatementLine.amount,
        StatementLine.seq,
    ).outerjoin(BankStatement, BankStatement.id == StatementLine.statement_id),
    "line_match": select(_MATCH, LineMatch.bank_account, LineMatch.currency)
    .outerjoin(StatementLine, StatementLine.id == LineMatch.line_id)
    .outerjoin(BankStatement, BankStatement.id == StatementLine.statement_id),
    "match_undone": select(func.coalesce(_MATCH, "").label("reference"), MatchUndone.seq)
    .outerjoin(LineMatch, LineMatch.id == MatchUndone.match_id)
    .outerjoin(StatementLine, StatementLine.id == LineMatch.line_id)
    .outerjoin(BankStatement, BankStatement.id == StatementLine.statement_id),
}
"""Table -> its rows, called as the readers call them."""


def unsealed(session: Session, tables: Tables) -> Iterator[str]:
    """A sentence for each statement and line that no longer says what the bank's file said; of those whose key was
    destroyed nothing can be said but days and amounts."""
    seals = tables[SEALS]
    statements = {row.id: row for row in session.scalars(select(BankStatement))}
    known = {id for id, row in statements.items() if keys.knows(row.reference)}
    for id, row in statements.items():
        sealed = seals.get(row.reference)
        if (
            sealed
            and id in known
            and seal_of_statement(row.reference, row.account_number, row.number) != sealed["seal"]
        ):
            yield f"the table bank_statement: {row.reference} has another number or account than its file"
    emptied = Emptied(session)
    lines = select(StatementLine).order_by(StatementLine.id).execution_options(yield_per=PIECE)
    for line in session.scalars(lines):
        statement = statements.get(line.statement_id)
        if statement is None or line.statement_id not in known:
            continue
        called = f"{statement.reference} {line.number}"
        said = identity(_as_read(line, statement))
        seal = seal_of_line(statement.reference, said, reversal=line.reversal)
        wrong = said != line.identity or (called in seals and seal != seals[called]["seal"])
        if wrong and not emptied.holds("statement_line", line.id):
            yield f"the table statement_line: {called} does not hold what the bank’s file said"


def _as_read(line: StatementLine, statement: BankStatement) -> Line:
    names = "booking_day", "value_date", "bank_reference", "reference", "name", "counterparty", "text", "reversal", "n"
    return Line(
        account=statement.account_number,
        currency=statement.currency,
        amount=major(line.amount, statement.currency),
        **{name: getattr(line, name) for name in names},
    )
