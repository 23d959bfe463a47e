"""What a cell of a CSV says: a day or an amount, however banks print them. What may be read in two ways is refused."""

import re
from datetime import date
from decimal import Decimal

from trustfund.core.money import CURRENCIES
from trustfund.core.refusal import Refused
from trustfund.services.statements.statement import Place, day, exact, not_a_day, not_an_amount

DATE_FORMATS = {
    "YYYY-MM-DD": r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
    "YYYYMMDD": r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
    "DD.MM.YYYY": r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4}|\d\d)",
    "MM/DD/YYYY": r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d\d)",
}
"""How a day is printed, whatever stands between its numbers; a time may follow it."""
GROUPED = {
    ",": re.compile(r"(\d{1,3}([. '’\u00a0\u202f])\d{3}(\2\d{3})*|\d{1,18})(,\d{1,6})?", re.ASCII),
    ".": re.compile(r"(\d{1,3}([, '’\u00a0\u202f])\d{3}(\2\d{3})*|\d{1,18})(\.\d{1,6})?", re.ASCII),
}
"""Decimal sign -> how the digits of an amount may be grouped before it."""

INCOMING = {"c", "cr", "crdt", "credit", "haben", "h", "+", "bij", "in", "credito", "crédit", "crédito", "abono", "ha"}
OUTGOING = {"d", "dr", "dbit", "debit", "soll", "s", "-", "af", "out", "debito", "débit", "débito", "cargo", "so"}
MARKS = INCOMING | OUTGOING

_TIME = r"([T ]\d\d?:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?"
_PRINTED = re.compile(r"(?P<open>\()?(?P<before>[+-])?(?P<digits>[^()+-]+?)(?P<after>[+-])?(?P<close>\))?")
_MARKED = re.compile(r"(.*?\d\)?)\s*(CR|DR|C|D)", re.IGNORECASE | re.ASCII)
_SYMBOLS = {"€": "EUR", "£": "GBP"}


def day_in(printed: str, form: str, place: Place) -> date:
    parts = re.fullmatch(DATE_FORMATS[form] + _TIME, printed, re.ASCII)
    if not parts:
        raise not_a_day(printed, place)
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    return day(year, int(parts["m"]), int(parts["d"]), place, printed=printed)


def of_two(debit: str, credit: str, decimal: str, currency: str, place: Place) -> Decimal:
    """Debit and credit of one line: one of them is filled in. A debit may be written with a minus or without."""
    out, into = (signed(each, None, decimal, currency, place) if each else Decimal(0) for each in (debit, credit))
    if (out and into) or not (debit or credit):
        raise Refused(
            "Line {line}, {element}: a line has either a debit or a credit, and this one has not.",
            field="file",
            **place._asdict(),
        )
    return -abs(out) if out else into or exact("0", currency, place)


def signed(printed: str, mark: str | None, decimal: str, currency: str, place: Place) -> Decimal:
    """``-1.00``, ``1.00-``, ``(1.00)``, ``1.00 DR``, or with the mark in a column of its own. One sign only."""
    text = printed.replace("−", "-").strip()
    if text[:3] == currency or text[-3:] == currency:
        text = text.removeprefix(currency).removesuffix(currency).strip()
    for symbol, of in _SYMBOLS.items():
        if of == currency:
            text = text.replace(symbol, "", 1).strip()
    marks = []
    if marked := _MARKED.fullmatch(text):
        text, marks = marked[1], [marked[2].casefold()]
    if mark is not None:
        marks.append(mark.casefold().strip())
    parts = _PRINTED.fullmatch(text)
    digits = unsigned(parts["digits"].strip(), decimal) if parts else None
    if parts is None or digits is None or bool(parts["open"]) != bool(parts["close"]):
        raise not_an_amount(printed, place)
    signs = [sign for sign in (parts["before"], parts["after"], parts["open"]) if sign]
    if len(signs) + len(marks) > 1 or any(each not in MARKS for each in marks) or _may_be_thousands(digits, currency):
        raise not_an_amount(printed if not marks else f"{printed} {mark or ''}".strip(), place)
    amount = exact(digits, currency, place, printed=printed)
    return -amount if signs in (["-"], ["("]) or (marks and marks[0] in OUTGOING) else amount


def unsigned(printed: str, decimal: str) -> str | None:
    """Digits and a point of an amount without its sign; None if it is not written so. ``1.234,56`` -> ``1234.56``."""
    parts = GROUPED[decimal].fullmatch(printed)
    if not parts:
        return None
    fraction = (parts[4] or "").replace(",", ".")
    return re.sub(r"\D", "", parts[1], flags=re.ASCII) + fraction


def _may_be_thousands(digits: str, currency: str) -> bool:
    """``1.000`` in a currency without three decimals: it may be a thousand."""
    return bool(re.search(r"\.\d{3}$", digits)) and CURRENCIES[currency] != 3
