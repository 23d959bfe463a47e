"""Field 86 of an MT940, in which each country's banks tell in their own way who paid, and what for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from trustfund.core.bank import IBAN_LENGTHS
from trustfund.services.statements.statement import joined

FULL_ROW = 65  # characters; a word may go on in the next
FULL_PART = 27
PURPOSE = [str(n) for n in (*range(20, 30), *range(60, 64))]
NOTHING = {"", "NONREF", "NOTPROVIDED", "EREF", "PREF", "MARF", "KREF+", "EREF+"}
"""What stands for no reference, or says only that field 86 has it."""

_GERMAN = re.compile(r"\d{3}([?~^<>@|])(?=\d\d)")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|PURP|COAM|OAMT|IBAN|BIC)\+")
_SLASHED = re.compile(
    r"/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|PREF|IREF|MARF|CSID|CNTP|BENM|ORDP|PURP|USTD|ULTC|ULTD|ADDR|RTRN|SVCL|ACCW"
    r"|OCMT|ISDT|ID)/"
)
_REK = re.compile(r"REK: (\S+)/NAAM: (.+)$")
_IBAN_FIRST = re.compile(r"([A-Z]{2})\d{2}[A-Z0-9]{11,30}(?= |$)", re.ASCII)


@dataclass(frozen=True)
class Details:
    text: str
    reference: str = ""
    name: str = ""
    account: str = ""


def details(rows: list[str]) -> Details:
    """Who, whose account, which reference and what for, as far as the field tells them apart."""
    if rows and (german := _GERMAN.match(rows[0])):
        return _german("".join(rows)[german.end() :].split(german[1]))
    whole = _together(rows)
    if _SLASHED.match(whole):
        return _slashed(whole)
    if rek := _REK.search(whole):
        return Details(joined(whole), name=joined(rek[2]), account=rek[1])
    if rows and (iban := iban_at_the_start(rows[0])):
        text = joined(_run_on(rows[1:], FULL_ROW)) or joined(rows[0])
        return Details(text, name=joined(rows[0][len(iban) :]), account=iban)
    return Details(joined(whole))


def of_numbered_rows(rows: list[str]) -> Details:
    """Field NS of Hungarian banks: each row begins with two digits that say what it holds, in each bank another."""
    return Details(joined(" ".join(row[2:] for row in rows)))


def iban_at_the_start(text: str) -> str:
    found = _IBAN_FIRST.match(text)
    return found[0] if found and IBAN_LENGTHS.get(found[1]) == len(found[0]) else ""


def _german(parts: list[str]) -> Details:
    """``?20`` to ``?29`` and ``?60`` to ``?63`` what for, ``?31`` or ``?38`` the account, ``?32`` and ``?33`` who."""
    by_number: dict[str, str] = {}
    for part in parts:
        by_number.setdefault(part[:2], part[2:])
    purpose = _run_on((by_number[n] for n in PURPOSE if n in by_number), FULL_PART)
    first, *marked = _SEPA.split(purpose)
    told = dict(zip(marked[::2], marked[1::2], strict=True))
    return Details(
        text=joined(first, told.get("SVWZ")) or joined(by_number.get("00")),
        reference=_reference(told.get("EREF"), told.get("KREF")),
        name=joined(by_number.get("32", "") + by_number.get("33", "")),
        account=joined(by_number.get("38") or by_number.get("31") or told.get("IBAN")),
    )


def _slashed(whole: str) -> Details:
    """``/IBAN/…/NAME/…/REMI/…`` of Dutch banks, and ``/CNTP/account/bank/name/``."""
    _, *marked = _SLASHED.split(whole)
    told: dict[str, str] = {}
    for mark, value in zip(marked[::2], marked[1::2], strict=True):
        if value.strip(" /"):
            told.setdefault(mark, value.strip(" /"))
    account, _, rest = told.get("CNTP", "").partition("/")
    remittance = told.get("REMI") or told.get("USTD") or ""
    return Details(
        text=joined(re.sub(r"^(USTD|STRD)/+", "", remittance)),
        reference=_reference(told.get("EREF")),
        name=joined(told.get("NAME") or rest.partition("/")[2].partition("/")[0]),
        account=joined(told.get("IBAN") or account),
    )


def _reference(*found: str | None) -> str:
    return next((one for text in found if (one := joined(text)) not in NOTHING), "")


def _together(rows: list[str]) -> str:
    """The rows of a field; its tag takes four characters of the first."""
    return _run_on([":86:" + row if n == 0 else row for n, row in enumerate(rows)], FULL_ROW).removeprefix(":86:")


def _run_on(parts: Iterable[str], full: int) -> str:
    """Parts behind one another: a full one is cut within a word, a shorter one ends with it."""
    return "".join(part if len(part) >= full else part + " " for part in parts).rstrip()
