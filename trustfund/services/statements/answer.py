"""How statements leave the process that read them, and how little is believed of what comes out of it."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from trustfund.services.statements.statement import Line, Statement

_AMOUNT = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,3})?", re.ASCII)


def told(statement: Statement) -> list[Any]:
    """For JSON, short: the names of its parts are not repeated 50,000 times."""
    opening, closing = (None if each is None else str(each) for each in (statement.opening, statement.closing))
    days = [statement.first_day.isoformat(), statement.last_day.isoformat()]
    return [
        [statement.account, statement.currency, statement.number, opening, closing, *days],
        [
            [
                line.booking_day.isoformat(),
                line.value_date.isoformat(),
                str(line.amount),
                [line.bank_reference, line.reference, line.name, line.counterparty, line.text],
                line.reversal,
                line.n,
            ]
            for line in statement.lines
        ],
    ]


def heard(said: list[Any]) -> Statement:
    """The statement of an answer; ValueError or TypeError if it is none."""
    (account, currency, number, opening, closing, first_day, last_day), lines = said
    _only(str, account, currency, number)
    return Statement(
        account,
        currency,
        number,
        None if opening is None else _amount(opening),
        None if closing is None else _amount(closing),
        date.fromisoformat(first_day),
        date.fromisoformat(last_day),
        tuple(_line(account, currency, *line) for line in lines),
    )


def _line(
    account: str, currency: str, booked: str, value: str, amount: str, texts: list[str], reversal: bool, n: int
) -> Line:
    bank_reference, reference, name, counterparty, text = texts
    _only(str, bank_reference, reference, name, counterparty, text)
    _only(bool, reversal)
    _only(int, n)
    days = date.fromisoformat(booked), date.fromisoformat(value)
    exact = _amount(amount)
    return Line(account, currency, *days, exact, bank_reference, reference, name, counterparty, text, reversal, n)


def _amount(said: str) -> Decimal:
    if not _AMOUNT.fullmatch(said):
        raise ValueError(said)
    return Decimal(said)


def _only(kind: type, *values: object) -> None:
    for value in values:
        if type(value) is not kind:
            raise TypeError(value)
