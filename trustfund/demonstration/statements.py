"""What the demonstration's bank says: camt.053 of the fund's account, from its own books and with lines nobody booked.

An officer uploads each file and matches the payments that the bank made in one sum; three lines stay in suspense.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.sax.saxutils import escape

from sqlalchemy import func, select

from trustfund.core.matching import Entry
from trustfund.core.money import major
from trustfund.demonstration.money import People
from trustfund.demonstration.story import Deed, Story, at
from trustfund.extensions import db
from trustfund.models.people import Account
from trustfund.models.record import Posting
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations import matching, statement_uploads

BANK_ACCOUNT = "main"
NUMBER = "EXAMPLE-0417-{}"
"""What the bank calls the account of a currency."""
FILES = (("2017-10-01", "2017-12-31", "2018-01-04"), ("2018-01-01", "2018-01-19", "2018-01-22"))
"""First and last day of the statements of a file, and the day on which it is uploaded."""


@dataclass
class Line:
    """A movement as the bank prints it. ``entries``: what the books have of it, if they have it."""

    day: date
    amount: int
    bank_reference: str
    name: str = ""
    reference: str = ""
    text: str = ""
    entries: list[int] = field(default_factory=list)


NOT_BOOKED = {
    "USD": [
        Line(date(2018, 1, 15), -4_250, "EX-CHG-2018-01", text="Charges of the fourth quarter of 2017 (example)"),
        Line(date(2018, 1, 17), 75_000, "EX-IN-118320", "A Friend of Migrants", text="Donation, Marrakech (example)"),
    ],
    "GBP": [Line(date(2018, 1, 18), 1_800_000, "EX-IN-118397", "HARBOUR TRUST", "HT201714", "Second instalment")],
}
"""Lines that wait: a charge, money from somebody unknown, and one that an agreement explains."""


def tell(story: Story, people: People) -> None:
    for n, (first, last, day) in enumerate(FILES):
        days = date.fromisoformat(first), date.fromisoformat(last)
        story.on(at(day, 15), _uploaded(*days, people["paying"], whole=n == 0))


def _uploaded(first: date, last: date, by: str, *, whole: bool) -> Deed:
    """``whole``: of every currency the fund holds, not only of those that moved."""

    def deed(now: datetime) -> None:
        db.session.rollback()
        lines = lines_of(first, last, whole=whole)
        file = camt_053(lines, first, last)
        officer = db.session.scalars(select(Account).where(Account.reference == by)).one()
        name = f"camt053-{last:%Y-%m-%d}-example.xml"
        upload = statement_uploads.take(name, file.encode(), by=officer, at=now)
        officer = db.session.scalars(select(Account).where(Account.reference == by)).one()
        statement_uploads.arrange(upload, officer, bank_account=BANK_ACCOUNT, mapping=None)
        statement_uploads.confirm(upload, seen=statement_uploads.version(db.session()), by=by, at=now)
        for called, entries in _made_in_one_sum(lines):
            matching.match(called, entries="\n".join(map(str, entries)), by=by, at=now)

    return deed


def lines_of(first: date, last: date, *, whole: bool) -> dict[str, list[Line]]:
    """Currency -> what moved on the account, by the books and beside them."""
    found = {currency: _lines(currency, first, last) for currency in _held(last)}
    return found if whole else {currency: lines for currency, lines in found.items() if lines}


def _held(last: date) -> list[str]:
    """The currencies in which anything was ever booked on the account."""
    found = select(Posting.currency).where(Posting.account == f"cash:{BANK_ACCOUNT}", Posting.day <= last).distinct()
    return sorted(db.session.scalars(found))


def _lines(currency: str, first: date, last: date) -> list[Line]:
    """A deposit is a line, the payments of an order are one together; and what nobody booked."""
    entries = matching.open_entries(db.session(), BANK_ACCOUNT, currency)
    found: dict[object, Line] = {}
    for entry in (entry for entry in entries if first <= entry.day <= last):
        line = found.setdefault(entry.group or entry.key, _line(entry, currency))
        line.amount += entry.amount
        line.entries.append(entry.key)  # type: ignore[arg-type]
    unknown = [line for line in NOT_BOOKED.get(currency, ()) if first <= line.day <= last]
    return sorted([*found.values(), *unknown], key=lambda line: line.day)


def _line(entry: Entry, currency: str) -> Line:
    reference = entry.bank_reference or f"EX-{currency}-{entry.key:06}"
    text = f"Payment order {entry.group}" if entry.group else ("Contribution" if entry.name else "Transfer")
    return Line(entry.day, 0, reference, entry.name, entry.group or entry.references[0], text)


def _made_in_one_sum(lines: dict[str, list[Line]]) -> Iterator[tuple[str, list[int]]]:
    """Lines that wait although the books know them: their name, and their entries."""
    db.session.rollback()
    known = {line.bank_reference: line.entries for some in lines.values() for line in some if line.entries}
    waiting = select(BankStatement.reference, StatementLine.number, StatementLine.bank_reference).join(
        BankStatement, BankStatement.id == StatementLine.statement_id
    )
    for statement, number, reference in db.session.execute(
        waiting.where(*matching.IN_SUSPENSE).order_by(StatementLine.id)
    ).all():
        if entries := known.get(reference):
            yield matching.called(statement, number), entries


def camt_053(lines: dict[str, list[Line]], first: date, last: date) -> str:
    statements = "".join(_statement(currency, some, first, last) for currency, some in lines.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>EXAMPLE-{last}</MsgId><CreDtTm>{last}T23:00:00</CreDtTm></GrpHdr>"
        f"{statements}</BkToCstmrStmt></Document>\n"
    )


def _statement(currency: str, lines: Iterable[Line], first: date, last: date) -> str:
    opening = _balance(currency, first)
    closing = opening + sum(line.amount for line in lines)
    return (
        f"<Stmt><Id>{last}</Id><ElctrncSeqNb>{last:%Y%m}</ElctrncSeqNb>"
        f"<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><Othr><Id>{NUMBER.format(currency)}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_said('OPBD', opening, currency, first)}{_said('CLBD', closing, currency, last)}"
        f"{''.join(_entry(line, currency) for line in lines)}</Stmt>"
    )


def _balance(currency: str, first: date) -> int:
    """What the account held before a day: by the last statement, or where there is none by the books."""
    stated = select(BankStatement.closing).where(BankStatement.currency == currency).order_by(BankStatement.id.desc())
    known = db.session.scalar(stated.limit(1))
    if known is not None:
        return int(known)
    booked = select(func.sum(Posting.amount)).where(
        Posting.account == f"cash:{BANK_ACCOUNT}", Posting.currency == currency, Posting.day < first
    )
    return int(db.session.scalar(booked) or 0)


def _said(kind: str, units: int, currency: str, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(units, currency)}<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(line: Line, currency: str) -> str:
    side = "Dbtr" if line.amount > 0 else "Cdtr"
    party = f"<RltdPties><{side}><Pty><Nm>{escape(line.name)}</Nm></Pty></{side}></RltdPties>" if line.name else ""
    return (
        f"<Ntry>{_amount(line.amount, currency)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>"
        f"<AcctSvcrRef>{escape(line.bank_reference)}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{escape(line.reference or 'NOTPROVIDED')}</EndToEndId></Refs>{party}"
        f"<RmtInf><Ustrd>{escape(line.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _amount(units: int, currency: str) -> str:
    side = "CRDT" if units >= 0 else "DBIT"
    return f'<Amt Ccy="{currency}">{major(abs(units), currency)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
