"""A line of the bank's statement: of which account, on which day, under which reference, and how much it is in USD."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from trustfund.core.mandate import Mandate
from trustfund.core.money import Rate, amount_of, in_usd, minor, rate_on
from trustfund.core.refusal import Refused
from trustfund.models.activities import ActivityPayment
from trustfund.models.awards import Recovery
from trustfund.models.contributions import Deposit
from trustfund.models.fund import rates_of
from trustfund.models.treasury import BankLine
from trustfund.operations.operation import Operation


@dataclass(frozen=True)
class Line:
    """What a line of the statement says: minor units of the account's currency, and cents of USD of its value date."""

    bank_account: str
    bank_reference: str
    value_date: date
    currency: str
    amount: int
    usd: int

    @property
    def kept(self) -> dict[str, Any]:
        """The columns of a table of lines in US dollars."""
        names = ("usd", "value_date", "bank_account", "bank_reference")
        return {name: getattr(self, name) for name in names}

    @property
    def told(self) -> dict[str, object]:
        """What the record says of it."""
        return {**self.kept, "value_date": self.value_date.isoformat()}


def line_of(
    op: Operation, bank_account: str, amount: str, value_date: date, bank_reference: str, currency: str = ""
) -> Line:
    """At the rate of the value date; in the currency of the bank account, unless its statement is in another."""
    currency = currency or currency_of(op, bank_account)
    value, day = amount_of(amount, currency), not_ahead(op, value_date, "value_date")
    usd = minor(in_usd(value, rate_for(op, currency, day)), "USD")
    text = free_reference(op, bank_account, bank_reference)
    return Line(bank_account, text, day, currency, minor(value, currency), usd)


def dollars(op: Operation, bank_account: str, amount: str, value_date: date, bank_reference: str) -> Line:
    """A line of an account in US dollars, in which awards and activities are booked."""
    return line_of(op, in_dollars(op, bank_account), amount, value_date, bank_reference)


def currency_of(op: Operation, bank_account: str) -> str:
    """Of a bank account of the fund; refused if it is none."""
    for account in op.mandate.bank_accounts:
        if account.code == bank_account:
            return account.currency
    raise Refused("“{code}” is not a bank account of the fund.", code=bank_account[:40], field="bank_account")


def in_dollars(op: Operation, bank_account: str) -> str:
    """A bank account of the fund in US dollars; refused if it is another."""
    if currency_of(op, bank_account) != "USD":
        raise Refused("Choose a bank account in US dollars.", field="bank_account")
    return bank_account


def free_reference(op: Operation, bank_account: str, text: str) -> str:
    """The bank's reference of a line that is not recorded yet, whatever for."""
    text = text.strip()
    if not text or len(text) > 80:
        raise Refused("Enter the bank’s reference, as on its statement.", field="bank_reference")
    known = (
        select(table.id).where(table.bank_account == bank_account, table.bank_reference == text)
        for table in (BankLine, Deposit, Recovery, ActivityPayment)
    )
    if op.session.scalar(union_all(*known).limit(1)):
        raise Refused(
            "The bank reference {reference} is recorded already. Nothing has been changed.",
            reference=text,
            field="bank_reference",
        )
    return text


def not_ahead(op: Operation, day: date, field: str) -> date:
    if day > op.today:
        raise Refused("{day} lies ahead. Enter the day on which it happened.", day=day, field=field)
    return day


def rate_for(op: Operation, currency: str, day: date) -> Rate:
    """The fund's rate of a day, from the table under the lock."""
    return rate_of(op.session(), op.mandate, currency, day)


def rate_of(session: Session, mandate: Mandate, currency: str, day: date) -> Rate:
    """The fund's rate of a day (core.money.rate_on), from the table."""
    source, days = mandate.rates.source, mandate.rates.max_age_days
    return rate_on(rates_of(session, currency, day), currency, day, source=source, within_days=days)
