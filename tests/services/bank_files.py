"""Statements as banks would write them: the same one as camt.053 of three versions, as MT940 and as a CSV."""

import csv
import io
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from trustfund.core.money import CURRENCIES
from trustfund.services.statements import Line, Mapping, Statement

ACCOUNT = "CH5604835012345678009"
DAY = date(2018, 1, 24)


def line(amount: str = "56320.00", **other) -> Line:
    """What Norway paid on 24 January 2018."""
    kept = {"account": ACCOUNT, "currency": "USD", "booking_day": DAY, "value_date": DAY, "amount": Decimal(amount)}
    return Line(**kept | {"bank_reference": "B-1", "reference": "PLEDGE 12", "name": "Norway", "text": "Grant"} | other)


def statement(*lines: Line, opening: str = "100.00", **other) -> Statement:
    first = Decimal(opening)
    kept = {"account": ACCOUNT, "currency": "USD", "number": "7", "first_day": DAY, "last_day": DAY}
    closing = first + sum(each.amount for each in lines)
    return Statement(**kept | {"opening": first, "closing": closing, "lines": lines} | other)


def camt(*statements: Statement, version: int = 2, prefix: str = "") -> str:
    """camt.053.001.02, .04 or .08; since version 8 a party stands in <Pty> and a status in <Cd>."""
    name = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02}"
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{name}"><BkToCstmrStmt><GrpHdr/>'
    whole = head + "".join(_stmt(each, version) for each in statements) + "</BkToCstmrStmt></Document>"
    if prefix:
        whole = whole.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        whole = whole.replace(f"<{prefix}:?", "<?").replace("xmlns=", f"xmlns:{prefix}=")
    return whole


def _stmt(one: Statement, version: int) -> str:
    identifier = f"<IBAN>{one.account}</IBAN>" if one.account[:2].isalpha() else f"<Othr><Id>{one.account}</Id></Othr>"
    return (
        f"<Stmt><Id>{escape(one.number)}</Id><FrToDt><FrDtTm>{one.first_day}T00:00:00+01:00</FrDtTm>"
        f"<ToDtTm>{one.last_day}T23:59:59.999Z</ToDtTm></FrToDt><Acct><Id>{identifier}</Id></Acct>"
        + _bal("OPBD", one.opening, one.currency, one.first_day)
        + _bal("CLBD", one.closing, one.currency, one.last_day)
        + "\n".join(_ntry(each, version) for each in one.lines)
        + "</Stmt>"
    )


def _bal(kind: str, amount: Decimal | None, currency: str, day: date) -> str:
    assert amount is not None
    return f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amt(amount, currency)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def _amt(amount: Decimal, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{abs(amount):f}</Amt><CdtDbtInd>{"DBIT" if amount < 0 else "CRDT"}</CdtDbtInd>'


def _ntry(one: Line, version: int) -> str:
    role = "Dbtr" if (one.amount > 0) != one.reversal else "Cdtr"
    name = f"<Nm>{escape(one.name)}</Nm>"
    party = f"<{role}>{f'<Pty>{name}</Pty>' if version >= 8 else name}</{role}>" if one.name else ""
    if one.counterparty:
        party += f"<{role}Acct><Id><IBAN>{one.counterparty}</IBAN></Id></{role}Acct>"
    return (
        f"<Ntry>{_amt(one.amount, one.currency)}<RvslInd>{str(one.reversal).lower()}</RvslInd>"
        f"<Sts>{'<Cd>BOOK</Cd>' if version >= 8 else 'BOOK'}</Sts>"
        f"<BookgDt><Dt>{one.booking_day}</Dt></BookgDt><ValDt><DtTm>{one.value_date}T09:00:00</DtTm></ValDt>"
        f"<AcctSvcrRef>{escape(one.bank_reference)}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{escape(one.reference) or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"<RltdPties>{party}</RltdPties><RmtInf><Ustrd>{escape(one.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def mt940(*statements: Statement) -> str:
    return "".join(_message(each) for each in statements)


def _message(one: Statement) -> str:
    assert one.opening is not None
    assert one.closing is not None
    rows = [":20:STARTUMS", f":25:{one.account}", f":28C:{one.number}"]
    rows.append(f":60F:{_balance(one.opening, one.currency, one.first_day)}")
    for each in one.lines:
        sign = ("R" if each.reversal else "") + ("C" if (each.amount >= 0) != each.reversal else "D")
        bank = f"//{each.bank_reference}" if each.bank_reference else ""
        entry = f"{each.value_date:%y%m%d}{each.booking_day:%m%d}{sign}{_comma(each.amount)}"
        rows += [f":61:{entry}NTRFNONREF{bank}", *_wrapped(":86:" + _field_86(each))]
    return "\n".join([*rows, f":62F:{_balance(one.closing, one.currency, one.last_day)}", "-\n"])


def _field_86(one: Line) -> str:
    purpose = (f"EREF+{one.reference} " if one.reference else "") + f"SVWZ+{one.text}"
    parts = [purpose[at : at + 27] for at in range(0, len(purpose), 27)]
    told = "".join(f"?{20 + n}{part}" for n, part in enumerate(parts))
    return f"166?00TRANSFER{told}?31{one.counterparty}?32{one.name[:27]}?33{one.name[27:]}"


def _wrapped(row: str) -> list[str]:
    return [row[at : at + 65] for at in range(0, len(row), 65)]


def _balance(amount: Decimal, currency: str, day: date) -> str:
    return f"{'D' if amount < 0 else 'C'}{day:%y%m%d}{currency}{_comma(amount)}"


def _comma(amount: Decimal) -> str:
    whole, _, fraction = f"{abs(amount):f}".partition(".")
    return f"{whole},{fraction}"


EUROPEAN = Mapping(
    day="Buchungstag",
    value_date="Valuta",
    amount="Betrag",
    balance="Saldo",
    currency="Währung",
    account="Auftragskonto",
    bank_reference="Bankreferenz",
    reference="Kundenreferenz",
    name="Empfänger",
    counterparty="IBAN",
    text="Verwendungszweck",
    date_format="DD.MM.YYYY",
    decimal=",",
    separator=";",
)
"""The columns of ``table``."""


def table(*statements: Statement) -> str:
    """A CSV with a running balance, German numbers and days, and an account and currency in each row."""
    paper = io.StringIO()
    writer = csv.writer(paper, delimiter=";")
    names = ("day", "value_date", "amount", "balance", "currency", "account", "bank_reference", "reference", "name")
    writer.writerow([getattr(EUROPEAN, name) for name in (*names, "counterparty", "text")])
    for one in statements:
        balance = one.opening
        for each in one.lines:
            assert balance is not None
            balance += each.amount
            days = [f"{day:%d.%m.%Y}" for day in (each.booking_day, each.value_date)]
            amounts = [_european(amount) for amount in (each.amount, balance)]
            texts = [each.bank_reference, each.reference, each.name, each.counterparty, each.text]
            writer.writerow([*days, *amounts, each.currency, each.account, *texts])
    return paper.getvalue()


def _european(amount: Decimal) -> str:
    return f"{amount:,}".translate(str.maketrans(",.", ".,"))


def places(currency: str) -> Decimal:
    return Decimal(1).scaleb(-CURRENCIES[currency])
