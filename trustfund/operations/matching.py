"""Lines of the bank's statement and entries of the books: which wait for each other, and which an officer says are one.

An entry is what one place of the record posted on a cash account in one currency, whatever its parts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trustfund.core import matching
from trustfund.core.matching import Entry, Movement, Suggestion
from trustfund.core.money import Money, major
from trustfund.core.refusal import NotHere, Refused
from trustfund.models.activities import Activity, ActivityPayment
from trustfund.models.awards import Award, Payment, PaymentOrder, Recovery
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.record import Event, Posting
from trustfund.models.statements import STANDS, BankStatement, LineMatch, MatchUndone, StatementLine
from trustfund.models.treasury import BankLine
from trustfund.operations.operation import Fact, Operation, deed

OWED = ("announced", "conditional", "agreed", "part-paid")
MOST = 200  # lines or entries of one match


@dataclass
class Known:
    """What is known of an entry besides its postings."""

    bank_reference: str = ""
    references: list[str] = field(default_factory=list)
    name: str = ""
    group: str = ""


IN_SUSPENSE = (
    StatementLine.amount != 0,
    ~select(LineMatch.line_id).where(LineMatch.line_id == StatementLine.id, STANDS).exists(),
)
"""Of a line: no entry is known to be it."""


def waiting(bank_account: str, currency: str) -> Select[Any]:
    """The lines in suspense, of which no entry is known to be theirs, with the reference of their statement."""
    names = "id", "number", "booking_day", "value_date", "amount", "bank_reference", "reference", "name", "text"
    return (
        select(*(getattr(StatementLine, name) for name in names), BankStatement.reference.label("statement"))
        .join(BankStatement, BankStatement.id == StatementLine.statement_id)
        .where(BankStatement.bank_account == bank_account, BankStatement.currency == currency)
        .where(*IN_SUSPENSE)
        .order_by(StatementLine.id)
    )


def taken_apart(bank_account: str, currency: str) -> Select[Any]:
    """The lines of which an officer said that they are not the entry they were matched with."""
    return (
        select(LineMatch.line_id)
        .join(MatchUndone, MatchUndone.match_id == LineMatch.id)
        .where(LineMatch.bank_account == bank_account, LineMatch.currency == currency)
    )


def movement(line: Any, statement: str) -> Movement:
    words = f"{line.reference} {line.text}"
    return Movement(
        called(statement, line.number), line.booking_day, line.amount, line.bank_reference, words, line.name
    )


def called(statement: str, number: int) -> str:
    """What a line is called in the record and by officers: its statement and its number there."""
    return f"{statement} {number}"


def open_entries(session: Session, bank_account: str, currency: str) -> list[Entry]:
    """What the books have on a cash account and no line of a statement is known to be, in the order of the record."""
    total = func.sum(Posting.amount)
    taken = select(LineMatch.entry).where(
        LineMatch.bank_account == bank_account, LineMatch.currency == currency, STANDS
    )
    rows = session.execute(
        select(Posting.seq, func.min(Posting.day), total, Event.subject)
        .join(Event, Event.seq == Posting.seq)
        .where(Posting.account == f"cash:{bank_account}", Posting.currency == currency, Posting.seq.not_in(taken))
        .group_by(Posting.seq, Event.subject)
        .having(total != 0)
        .order_by(Posting.seq)
    ).all()
    known = _known(session, bank_account)
    return [
        Entry(
            key=seq,
            day=day,
            amount=int(amount),
            bank_reference=known[seq].bank_reference,
            references=(subject, *known[seq].references),
            name=known[seq].name,
            group=known[seq].group,
        )
        for seq, day, amount, subject in rows
    ]


def suggested(session: Session, line: str) -> list[Suggestion]:
    """What a line in suspense may be, best first; a contribution that is owed stands by its reference."""
    row, statement = line_of(session, line)
    account = session.get_one(BankStatement, row.statement_id)
    others = session.execute(waiting(account.bank_account, account.currency))
    entries = open_entries(session, account.bank_account, account.currency)
    owed = owed_in(session, account.currency) if row.amount > 0 else []
    return matching.suggestions(
        movement(row, statement), [*entries, *owed], [movement(other, other.statement) for other in others]
    )


@deed("line.matched")
def match(op: Operation, lines: str, *, entries: str) -> Fact:
    """One line is one or several entries, or several lines are one entry. Both one by line: ``K-… 3``, ``42``."""
    rows = [line_of(op.session(), line) for line in _several(lines, r"\S+ \d{1,9}", "lines")]
    numbers = [int(number) for number in _several(entries, r"\d{1,15}", "entries")]
    if len(rows) > 1 and len(numbers) > 1:
        raise Refused("Match one line to one or several entries, or several lines to one entry.", field="entries")
    accounts = [op.session.get_one(BankStatement, row.statement_id) for row, _ in rows]
    account, currency = accounts[0].bank_account, accounts[0].currency
    if any((other.bank_account, other.currency) != (account, currency) for other in accounts):
        raise Refused("These lines are of several accounts. Match those of one account and currency.", field="lines")
    still_waits(op, rows)
    known = {entry.key: entry for entry in open_entries(op.session(), account, currency)}
    if missing := [number for number in numbers if number not in known]:
        raise Refused(
            "Entry {entry} posts nothing on {account} in {currency}, or is matched already. Nothing has been changed.",
            entry=missing[0],
            account=f"cash:{account}",
            currency=currency,
            field="entries",
        )
    stated, booked = sum(row.amount for row, _ in rows), sum(known[number].amount for number in numbers)
    if stated != booked:
        raise Refused(
            "The bank’s lines make {stated}, the entries {booked}. Choose lines and entries of the same sum.",
            stated=Money(major(stated, currency), currency),
            booked=Money(major(booked, currency), currency),
            field="entries",
        )
    keep(op, account, currency, [(row.id, number) for row, _ in rows for number in numbers])
    names = [called(statement, row.number) for row, statement in rows]
    return told(rows[0][1], account, currency, stated, names, numbers)


@deed("match.undone")
def undo(op: Operation, line: str, *, seen: int) -> Fact:
    """An officer says that a line is not the entry it was matched with, nor what was matched together with it. Nothing
    is taken away: the match stays in the record, and so does that it was undone. ``seen``: the entry of the match."""
    row, statement = line_of(op.session(), line)
    mine = op.session.scalars(select(LineMatch).where(LineMatch.line_id == row.id, LineMatch.seq == seen, STANDS)).all()
    if not mine:
        raise Refused("This match is undone already, or the line is matched otherwise. Nothing has been changed.")
    account, currency, entries = mine[0].bank_account, mine[0].currency, sorted(one.entry for one in mine)
    together = op.session.execute(
        select(LineMatch.id, StatementLine.number, BankStatement.reference)
        .join(StatementLine, StatementLine.id == LineMatch.line_id)
        .join(BankStatement, BankStatement.id == StatementLine.statement_id)
        .where(LineMatch.bank_account == account, LineMatch.currency == currency)
        .where(LineMatch.seq == seen, LineMatch.entry.in_(entries), STANDS)
        .order_by(LineMatch.id)
    ).all()
    op.session.add_all([MatchUndone(match_id=id, seq=op.next_seq) for id, _, _ in together])
    op.session.flush()
    names = list(dict.fromkeys(called(reference, number) for _, number, reference in together))
    data = {"bank_account": account, "currency": currency, "lines": names, "entries": entries, "matched": seen}
    return Fact(on=statement, data=data)


def told(on: str, account: str, currency: str, amount: int, lines: list[str], entries: Sequence[object]) -> Fact:
    """A match as the record says it."""
    data = {"bank_account": account, "currency": currency, "amount": amount}
    return Fact(on=on, data={**data, "lines": lines, "entries": list(entries)})


def keep(op: Operation, bank_account: str, currency: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Rows of a match, of the entry that comes next: id of a line, place of an entry."""
    common = {"bank_account": bank_account, "currency": currency, "seq": op.next_seq}
    op.session.add_all([LineMatch(line_id=line, entry=entry, **common) for line, entry in pairs])
    op.session.flush()


def line_of(session: Session, line: str) -> tuple[StatementLine, str]:
    statement, _, number = line.partition(" ")
    found = session.execute(
        select(StatementLine, BankStatement.reference)
        .join(BankStatement, BankStatement.id == StatementLine.statement_id)
        .where(BankStatement.reference == statement, StatementLine.number == int(number))
    ).one_or_none()
    if found is None:
        raise NotHere("There is no such thing here.")
    return found[0], found[1]


def _several(text: str, form: str, what: str) -> list[str]:
    """What was chosen, one by line, each once."""
    chosen = [each.strip() for each in text.splitlines() if each.strip()]
    if not chosen or len(set(chosen)) < len(chosen) or not all(re.fullmatch(form, c, re.ASCII) for c in chosen):
        raise Refused("Choose the lines of the statement and the entries of the books, each once.", field=what)
    if len(chosen) > MOST:
        raise Refused("Match at most {most} at once.", most=MOST, field=what)
    return chosen


def still_waits(op: Operation, rows: list[tuple[StatementLine, str]]) -> None:
    ids = [row.id for row, _ in rows]
    if taken := op.session.scalar(select(LineMatch.line_id).where(LineMatch.line_id.in_(ids), STANDS).limit(1)):
        row, statement = next(each for each in rows if each[0].id == taken)
        raise Refused(
            "Line {line} is matched already. Nothing has been changed.",
            line=called(statement, row.number),
            field="lines",
        )


def _known(session: Session, bank_account: str) -> Mapping[int, Known]:
    """Entry -> the bank's reference, the references that papers have of it, and who paid."""
    known: dict[int, Known] = defaultdict(Known)
    deposits = (
        select(
            Deposit.seq,
            Deposit.bank_reference,
            Deposit.parts,
            Donor.name,
            Deposit.reference,
            Pledge.reference,
            Pledge.document,
        )
        .join(Donor, Donor.id == Deposit.donor_id)
        .outerjoin(Pledge, Pledge.id == Deposit.pledge_id)
        .where(Deposit.bank_account == bank_account)
        .order_by(Deposit.id)
    )
    for seq, bank, parts, name, *references in session.execute(deposits):
        before = known[seq].references  # a deposit that was split is one entry with the references of all its parts
        together = bank or "" if parts > 1 else ""
        known[seq] = Known(bank or "", [*before, *(each for each in references if each)], name, together)
    others = (
        select(BankLine.seq, BankLine.bank_reference, BankLine.kind).where(BankLine.bank_account == bank_account),
        select(Recovery.seq, Recovery.bank_reference, Award.reference)
        .join(Award, Award.id == Recovery.award_id)
        .where(Recovery.bank_account == bank_account),
        select(ActivityPayment.seq, ActivityPayment.bank_reference, Activity.document)
        .join(Activity, Activity.id == ActivityPayment.activity_id)
        .where(ActivityPayment.bank_account == bank_account),
    )
    for rows in others:
        for seq, bank, reference in session.execute(rows):
            known[seq] = Known(bank, [reference])
    orders = (
        select(Payment.seq, Payment.reference, PaymentOrder.reference)
        .join(PaymentOrder, PaymentOrder.id == Payment.order_id)
        .where(PaymentOrder.bank_account == bank_account, Payment.stage == "paid")
    )
    for seq, reference, order in session.execute(orders):
        known[seq] = Known(references=[reference, order], group=order)
    return known


def owed_in(session: Session, currency: str) -> list[Entry]:
    """Contributions of which something is still to come: a line may be a deposit that is not recorded yet."""
    owed = session.scalars(select(Pledge).where(Pledge.currency == currency, Pledge.state.in_(OWED))).unique()
    return [
        Entry(
            key=pledge.reference,
            day=pledge.expected_on or pledge.agreed_on or pledge.announced_on,
            amount=pledge.owed if pledge.agreed else pledge.promised or pledge.amount,
            references=(pledge.reference, pledge.document),
            name=pledge.donor.name,
            owed=True,
        )
        for pledge in owed
    ]
