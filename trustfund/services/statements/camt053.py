"""camt.053, the statement of ISO 20022, of any version and in any namespace: read by the names of its elements.

Each entry is let go once it is read, so a file may be long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from trustfund.core.refusal import Refused
from trustfund.services.statements.elements import Element, Stream
from trustfund.services.statements.pace import PACE
from trustfund.services.statements.statement import (
    Line,
    Place,
    Statement,
    balanced,
    day,
    exact,
    few,
    joined,
    not_a_day,
    not_an_amount,
)

KINDS = {
    "BkToCstmrStmt": "",
    "BkToCstmrAcctRpt": "camt.052",
    "BkToCstmrDbtCdtNtfctn": "camt.054",
    "CstmrCdtTrfInitn": "pain.001",
    "CstmrPmtStsRpt": "pain.002",
    "CstmrDrctDbtInitn": "pain.008",
}
"""The element that says which message it is -> its name, if it is not the statement."""

LOOKED_AT = 1_000  # elements; an envelope has fewer
NOTHING = {"NOTPROVIDED", "NONREF", ""}
BOOKED = {"BOOK", ""}
OPENINGS, CLOSINGS = ("OPBD", "PRCD"), ("CLBD",)  # ITBD stands for either on a page

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T[0-9:.]{5,20})?(Z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True)
class Balance:
    kind: str
    amount: Decimal
    currency: str
    day: date
    place: Place


def read(text: str) -> list[Statement]:
    """The statements of a file in its order, each with its account and balances."""
    few(text.count("Ntry>") // 2)
    messages = Messages()
    messages.read(text)
    if not messages.is_statement:
        raise messages.another()
    if not messages.statements:
        raise Refused(
            "The file holds no statement (<Stmt>). Ask the bank for the camt.053 of the account.", field="file"
        )
    return messages.statements


class Messages(Stream):
    """The statements of a file while it is read. An envelope may stand around the message."""

    def __init__(self) -> None:
        super().__init__("Stmt", "Ntry")
        self.root, self.seen, self.is_statement = "", 0, False
        self.statements: list[Statement] = []
        self.count = 0
        self.draft = Draft()

    def begun(self, name: str) -> None:
        if self.is_statement:
            return
        self.root, self.seen = self.root or name, self.seen + 1
        kind = KINDS.get(name)
        self.is_statement = kind == ""
        if kind:
            raise Refused(
                "The file is a {kind}, not a bank statement. Ask the bank for the camt.053 of the account.",
                field="file",
                kind=kind,
            )
        if name == "Stmt" or self.seen > LOOKED_AT:
            raise self.another()

    def ended(self, element: Element, around: Element | None) -> None:
        draft, number = self.draft, len(self.statements) + 1
        if around is None:
            self.statements.append(_statement(element, draft, number))
            self.draft = Draft()
            few(0, number)
            return
        draft.account = draft.account or _account(around, "Acct")
        draft.entries += 1
        self.count += 1
        few(self.count)
        if _status(element) in BOOKED:
            place = Place(element.line, f"Stmt {number}/Ntry {draft.entries}")
            draft.lines.append(_entry(element, draft.account, place))
            PACE.went_on()
            draft.places.append(place)

    def another(self) -> Refused:
        return Refused(
            "The file is XML, but no bank statement: it begins with <{name}>. Choose a camt.053.",
            field="file",
            name=self.root[:40],
        )


@dataclass
class Draft:
    """A statement while it is read."""

    account: str = ""
    lines: list[Line] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    entries: int = 0


def _statement(element: Element, draft: Draft, number: int) -> Statement:
    place = Place(element.line, f"Stmt {number}")
    account = draft.account or _account(element, "Acct")
    if not account or (draft.lines and not draft.account):
        raise Refused(
            "Line {line}, {element}: the statement names no account (<Acct>). It is not a whole one.",
            field="file",
            **place._asdict(),
        )
    balances = [_balance(each, place) for each in element.every("Bal")]
    opening, closing = _opening(balances), _closing(balances)
    if opening is None or closing is None:
        raise Refused(
            "Line {line}, {element}: the statement lacks a balance (<Bal>): {code}. The file is only a part of one.",
            field="file",
            **place._asdict(),
            code="OPBD" if opening is None else "CLBD",
        )
    currency = element.said("Acct/Ccy") or opening.currency
    of_others = [(b.currency, b.place) for b in (opening, closing)]
    of_others += [(line.currency, at) for line, at in zip(draft.lines, draft.places, strict=True)]
    for other, at in of_others:
        if other != currency:
            raise Refused(
                "Line {line}, {element}: an amount in {other} in a statement in {currency}. "
                "Balances and entries are in the currency of the account.",
                field="file",
                **at._asdict(),
                other=other,
                currency=currency,
            )
    first, last = _from_to(element, place) or (opening.day, closing.day)
    statement = Statement(
        account=account,
        currency=currency,
        number=element.said("LglSeqNb") or element.said("ElctrncSeqNb") or element.said("Id"),
        opening=opening.amount,
        closing=closing.amount,
        first_day=first,
        last_day=last,
        lines=tuple(draft.lines),
    )
    return balanced(statement, place.line)


def _from_to(element: Element, place: Place) -> tuple[date, date] | None:
    days = [
        _day(element.said(f"FrToDt/{name}Tm") or element.said(f"FrToDt/{name}"), place)
        for name in ("FrDt", "ToDt")
        if element.said(f"FrToDt/{name}Tm") or element.said(f"FrToDt/{name}")
    ]
    return (days[0], days[1]) if len(days) == 2 else None


def _balance(element: Element, place: Place) -> Balance:
    kind = element.said("Tp/CdOrPrtry/Cd") or element.said("Tp/CdOrPrtry/Prtry")
    place = Place(element.line, f"{place.element}/Bal {kind}")
    amount, currency = _amount(element, place)
    return Balance(kind, amount, currency, _day_of(element, "Dt", place) or _missing_day(place), place)


def _opening(balances: list[Balance]) -> Balance | None:
    for kind in OPENINGS:
        if found := next((b for b in balances if b.kind == kind), None):
            return found
    return next((b for b in balances if b.kind == "ITBD"), None)


def _closing(balances: list[Balance]) -> Balance | None:
    if found := next((b for b in balances if b.kind in CLOSINGS), None):
        return found
    between = [b for b in balances if b.kind == "ITBD"]
    opened = any(b.kind in OPENINGS for b in balances)
    return between[-1] if len(between) > (0 if opened else 1) else None


def _entry(element: Element, account: str, place: Place) -> Line:
    amount, currency = _amount(element, place)
    booked, value = _day_of(element, "BookgDt", place), _day_of(element, "ValDt", place)
    details = list(element.every("NtryDtls/TxDtls"))
    only = details[0] if len(details) == 1 else None
    reversal = element.said("RvslInd") == "true" or (
        only is not None and (only.first("RtrInf") is not None or only.said("RvslInd") == "true")
    )
    incoming = (amount > 0) != (element.said("RvslInd") == "true")
    name, counterparty = _counterparty(only, incoming, account) if only is not None else ("", "")
    texts = [text for each in details for text in _remittance(each)]
    return Line(
        account=account,
        currency=currency,
        booking_day=booked or value or _missing_day(place),
        value_date=value or booked or _missing_day(place),
        amount=amount,
        bank_reference=element.said("AcctSvcrRef") or (only.said("Refs/AcctSvcrRef") if only is not None else ""),
        reference=_reference(only) if only is not None else "",
        name=name,
        counterparty=counterparty,
        text=joined(*texts) or joined(element.said("AddtlNtryInf")),
        reversal=reversal,
    )


def _counterparty(details: Element, incoming: bool, account: str) -> tuple[str, str]:
    """Who paid, or was paid. Some banks name the other side under the wrong role; that one is taken if it is not us."""
    parties = details.first("RltdPties")
    if parties is None:
        return "", ""
    for role in ("Dbtr", "Cdtr") if incoming else ("Cdtr", "Dbtr"):
        theirs = _account(parties, f"{role}Acct")
        name = parties.said(f"{role}/Nm") or parties.said(f"{role}/Pty/Nm")
        right = role == ("Dbtr" if incoming else "Cdtr")
        if (name or theirs) and (right or (theirs and theirs != account)):
            return name, theirs
    return "", ""


def _remittance(details: Element) -> Iterator[str]:
    for each in details.every("RmtInf/Ustrd"):
        yield joined(each.text)
    for each in details.every("RmtInf/Strd"):
        yield each.said("CdtrRefInf/Ref") or each.said("CdtrRefInf/CdtrRef")
        yield from (joined(more.text) for more in each.every("AddtlRmtInf"))
    yield details.said("AddtlTxInf")


def _reference(details: Element) -> str:
    given = (details.said(f"Refs/{name}") for name in ("EndToEndId", "InstrId"))
    return next((one for one in given if one not in NOTHING), "")


def _account(element: Element, name: str) -> str:
    place = f"{name}/Id/"
    return element.said(place + "IBAN") or element.said(place + "Othr/Id") or element.said(place + "BBAN")


def _status(entry: Element) -> str:
    return entry.said("Sts/Cd") or entry.said("Sts/Prtry") or entry.said("Sts")


def _amount(element: Element, place: Place) -> tuple[Decimal, str]:
    """The amount with the sign of its side: money of the account is positive, what goes out negative."""
    printed = element.first("Amt")
    if printed is None:
        raise not_an_amount("", place)
    place = Place(printed.line, f"{place.element}/Amt")
    if printed.parts:
        raise not_an_amount(printed.text, place)
    currency = printed.currency
    amount = exact(printed.text.strip(), currency, place)
    side = element.said("CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise Refused(
            "Line {line}, {element}: “{text}” is not a side (<CdtDbtInd>). It is CRDT or DBIT.",
            field="file",
            **place._asdict(),
            text=side[:40],
        )
    return (amount if side == "CRDT" else -amount), currency


def _day_of(element: Element, name: str, place: Place) -> date | None:
    printed = element.said(f"{name}/Dt") or element.said(f"{name}/DtTm")
    return _day(printed, Place(place.line, f"{place.element}/{name}")) if printed else None


def _day(printed: str, place: Place) -> date:
    parts = _DAY.fullmatch(printed)
    if not parts:
        raise not_a_day(printed, place)
    return day(int(parts[1]), int(parts[2]), int(parts[3]), place, printed=printed)


def _missing_day(place: Place) -> date:
    raise not_a_day("", place)
