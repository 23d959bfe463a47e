"""A payment order as the file that a bank reads: ISO 20022, pain.001.001.09.

Names go out in the script in which they were typed. What must not be cut (references, accounts, codes) is not cut;
names and remittance end at the 140 characters that the standard has for them. The same order gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby

from lxml import etree
from lxml.builder import ElementMaker

from trustfund.core.bank import is_iban
from trustfund.core.money import Money, major, minor
from trustfund.reports import typeset

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
E = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
Element = etree._Element

NAME, REFERENCE, ACCOUNT, TOWN = 140, 35, 34, 35  # characters
NOT_PROVIDED = "NOTPROVIDED"
"""What banks expect where a bank must be named and is known from the account alone."""


@dataclass(frozen=True)
class Bank:
    """A bank: its BIC; or a national clearing code, or its name and country (ISO 3166 alpha-2), or both."""

    bic: str = ""
    name: str = ""
    country: str = ""
    town: str = ""
    clearing_code: str = ""  # sort code, routing number, IFSC …
    clearing_system: str = ""  # whose code it is, where known: USABA, GBDSC, INFSC …


@dataclass(frozen=True)
class Payment:
    """One payment. ``account`` as trustfund.core.bank writes it, with or without IBAN."""

    reference: str  # comes back on the bank's statement
    money: Money
    creditor: str
    country: str  # where the creditor lives, ISO 3166 alpha-2
    account: str
    bank: Bank
    remittance: str
    town: str = ""


@dataclass(frozen=True)
class Order:
    """An order that was released. ``charges``: DEBT, the fund pays the banks and the delegate gets the whole sum;
    SHAR, each pays her own bank."""

    reference: str
    made_at: datetime
    execution_day: date
    debtor: str  # the fund
    account: str
    currency: str  # of the account; payments may be in others
    payments: tuple[Payment, ...]
    bic: str = ""
    charges: str = "DEBT"


def payment_order_file(order: Order) -> bytes:
    """The file: a head with the totals, then one block for each currency, in which payments keep their order."""
    references = [payment.reference for payment in order.payments]
    assert references, "an order pays somebody"
    assert len(set(references)) == len(references), "nothing is paid twice"
    blocks = groupby(sorted(order.payments, key=currency_of), key=currency_of)
    root = E.Document(
        E.CstmrCdtTrfInitn(
            E.GrpHdr(
                E.MsgId(whole(order.reference, REFERENCE)),
                E.CreDtTm(instant(order.made_at)),
                *totals(order.payments),
                E.InitgPty(E.Nm(text(order.debtor, NAME))),
            ),
            *(block(order, currency, tuple(payments)) for currency, payments in blocks),
        )
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def block(order: Order, currency: str, payments: Sequence[Payment]) -> Element:
    """The payments of one currency. Each is booked by itself, so that a statement shows it with its reference."""
    return E.PmtInf(
        E.PmtInfId(whole(f"{order.reference}-{currency}", REFERENCE)),
        E.PmtMtd("TRF"),
        E.BtchBookg("false"),
        *totals(payments),
        E.ReqdExctnDt(E.Dt(order.execution_day.isoformat())),
        E.Dbtr(E.Nm(text(order.debtor, NAME))),
        E.DbtrAcct(account(order.account), E.Ccy(order.currency)),
        E.DbtrAgt(E.FinInstnId(E.BICFI(order.bic) if order.bic else E.Othr(E.Id(NOT_PROVIDED)))),
        E.ChrgBr(order.charges),
        *(transfer(payment) for payment in payments),
    )


def transfer(payment: Payment) -> Element:
    remittance = text(payment.remittance, NAME)
    return E.CdtTrfTxInf(
        E.PmtId(E.EndToEndId(whole(payment.reference, REFERENCE))),
        E.Amt(E.InstdAmt(plain(payment.money), Ccy=payment.money.currency)),
        *agent(payment.bank),
        E.Cdtr(E.Nm(text(payment.creditor, NAME)), *residence(payment)),
        E.CdtrAcct(account(payment.account)),
        *([E.RmtInf(E.Ustrd(remittance))] if remittance else ()),
    )


def totals(payments: Sequence[Payment]) -> tuple[Element, Element]:
    """How many, and the sum of their figures: a check of the file, whatever the currencies (so the standard)."""
    total = sum((Decimal(plain(payment.money)) for payment in payments), Decimal(0))
    return E.NbOfTxs(str(len(payments))), E.CtrlSum(f"{total:f}")


def agent(bank: Bank) -> Iterable[Element]:
    """The creditor's bank. Beside a BIC neither name nor address stands; nothing at all where an IBAN must do."""
    if bank.bic:
        parts = [E.BICFI(bank.bic), *clearing(bank)]
    else:
        named = [E.Nm(text(bank.name, NAME))] if bank.name else []
        parts = [*clearing(bank), *named, *address(bank.town, bank.country)]
    return [E.CdtrAgt(E.FinInstnId(*parts))] if parts else []


def clearing(bank: Bank) -> Iterable[Element]:
    if not bank.clearing_code:
        return []
    system = [E.ClrSysId(E.Cd(whole(bank.clearing_system, 5)))] if bank.clearing_system else []
    return [E.ClrSysMmbId(*system, E.MmbId(whole(bank.clearing_code, REFERENCE)))]


def residence(payment: Payment) -> Iterable[Element]:
    """An address is at least town and country; a country alone is told as that of residence."""
    if payment.town:
        return address(payment.town, payment.country)
    return [E.CtryOfRes(payment.country)] if payment.country else []


def address(town: str, country: str) -> Iterable[Element]:
    parts = [*([E.TwnNm(text(town, TOWN))] if town else ()), *([E.Ctry(country)] if country else ())]
    return [E.PstlAdr(*parts)] if parts else []


def account(number: str) -> Element:
    return E.Id(E.IBAN(number) if is_iban(number) else E.Othr(E.Id(whole(number, ACCOUNT))))


def currency_of(payment: Payment) -> str:
    return payment.money.currency


def plain(money: Money) -> str:
    """With the decimals of its currency: 2931.22 USD, 2500000 JPY, 1000.125 KWD. More would be no money."""
    assert money.amount > 0, f"{money} is no payment"
    return f"{major(minor(money.amount, money.currency), money.currency):f}"


def instant(at: datetime) -> str:
    assert at.tzinfo, "an instant has a time zone"
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def whole(code: str, most: int) -> str:
    """A reference, account or code: as it is, never cut."""
    assert 0 < len(code) <= most, f"{code} has {len(code)} characters, the standard allows {most}"
    return code


def text(words: str, most: int) -> str:
    """A name as typed, in any script: without control characters, on one line, at most so many characters."""
    return " ".join(typeset.cleaned(words).split())[:most].rstrip()
