"""The mandate of a fund: its purposes, rules, fees and settings, each with its authority. A new fund is a new file.

``load`` reads a file of ``trustfund/mandates/`` or refuses it with line and reason. Periods are half-open: in force
on day d if from <= d < to.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from trustfund.core import mandate_file as read
from trustfund.core.calendar import Calendar, Meeting
from trustfund.core.ledger import BOOK_CURRENCY
from trustfund.core.mandate_calendar import calendar_of
from trustfund.core.mandate_file import MandateError, Part, Texts
from trustfund.core.mandate_settings import Setting, settings_of
from trustfund.core.money import major, minor, rounded

__all__ = ["BASES", "ELIGIBILITY", "PRIORITY", "Mandate", "MandateError", "load"]

BASES = ("deposit", "expenditure")
DETAILS = "holder bank number bic"
"""What a mandate may tell of a bank account, so that donors can pay into it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its stable word. Here with its usual authority; in a mandate with the one that the mandate names."""

    code: str
    authority: str


ELIGIBILITY = (
    Rule("state-in-scope", "A/RES/71/280, para. 3"),
    Rule("developing-country", "A/RES/71/280, para. 31"),
    Rule("meeting-of-the-process", "A/RES/71/280, paras. 1, 15, 23, 28, 29 and 30"),
    Rule("nominated-by-government", "fund practice"),
    Rule("file-complete", "fund practice"),
    Rule("in-time-to-travel", "fund practice"),
    Rule("travel-needed", "fund practice"),
    Rule("not-funded-twice", "fund practice"),
    Rule("no-overdue-claim", "fund practice"),
)
"""The rules that an application can fail (rules of the fund, 2)."""

PRIORITY = (
    Rule("step", "LDC: A/RES/71/280, para. 31; the rest fund practice"),
    Rule("seat-of-state", "fund practice"),
    Rule("country-category", "LDC: A/RES/71/280, para. 31; the rest fund practice"),
    Rule("on-time", "fund practice"),
    Rule("least-funded-state", "fund practice"),
    Rule("regional-balance", "fund practice"),
    Rule("gender-balance", "fund practice"),
    Rule("earliest-complete", "fund practice"),
    Rule("draw", "fund practice"),
)
"""The criteria of the order of seats (rules of the fund, 3): any of them in any order, with draw at the end."""


@dataclass(frozen=True, slots=True)
class Fund:
    code: str
    name: Texts
    short_name: Texts
    legal_basis: Texts
    document: str
    adopted: date
    start: date
    start_note: Texts | None
    end: date | None
    currency: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the fund is for; the first comes before the second. ``quoted``: the languages whose text is a quotation."""

    code: str
    text: Texts
    quoted: tuple[str, ...]
    authority: str


@dataclass(frozen=True, slots=True)
class Fee:
    code: str
    name: Texts
    rate: Decimal
    base: str
    start: date
    end: date | None
    authority: str

    def in_force(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)

    def overlaps(self, other: "Fee") -> bool:
        """Whether it is the same fee as ``other``, in force on the same day."""
        return self.code == other.code and (self.in_force(other.start) or other.in_force(self.start))


@dataclass(frozen=True, slots=True)
class Reserve:
    """The part kept back on top of what may be charged, from a day on, until the next."""

    rate: Decimal
    start: date
    authority: str


@dataclass(frozen=True, slots=True)
class Rates:
    """The one source of exchange rates, and how many days a rate may be old."""

    source: str
    max_age_days: int
    authority: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the fund. What donors need to pay into it may be told; where it is not, letters tell it."""

    code: str
    name: Texts
    currency: str
    holder: str = ""
    bank: str = ""
    number: str = ""  # IBAN, or as the bank writes it
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Mandate:
    """What was decided for one fund. ``digest``: SHA-256 (hex) of the text it was read from, as UTF-8."""

    fund: Fund
    purposes: tuple[Purpose, ...]
    fees: tuple[Fee, ...]
    reserves: tuple[Reserve, ...]  # by day
    rates: Rates
    bank_accounts: tuple[BankAccount, ...]
    eligibility: tuple[Rule, ...]
    priority: tuple[Rule, ...]
    settings: Mapping[str, Setting]
    calendar: Calendar
    digest: str

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """All meetings of the process, by first day."""
        return self.calendar.meetings

    def meeting(self, code: str) -> Meeting:
        return self.calendar.meeting(code)

    def setting(self, code: str) -> Any:
        """The value of a setting; its authority is ``settings[code].authority``."""
        return self.settings[code].value

    def reserve_on(self, on: date) -> Decimal:
        """The reserve in force; a day before the first (an early deposit) already bears the first."""
        earlier = [reserve for reserve in self.reserves if reserve.start <= on]
        return (earlier or self.reserves[:1])[-1].rate

    def fees_on(self, on: date, base: str) -> tuple[Fee, ...]:
        """The fees on a base, ``deposit`` or ``expenditure``, in force on a day, in the order of the file."""
        assert base in BASES, f"no such base: {base}"
        return tuple(fee for fee in self.fees if fee.base == base and fee.in_force(on))

    def fees_of(self, cents: int, on: date, base: str) -> int:
        """The fees of a base on an amount in USD, each rounded half up; all in cents."""
        return sum(minor(rounded(major(cents, "USD") * fee.rate), "USD") for fee in self.fees_on(on, base))


def load(text: str) -> Mandate:
    """The mandate of a file's text; ``MandateError`` names the first fault. Without meetings the calendar is empty."""
    file = read.parse(text).keys(
        "fund purposes fees reserve rates bank_accounts rules settings",
        "phases programme meetings",
        name="the section [{key}]",
    )
    rules = file["rules"].called("the rules").keys("eligibility priority")
    return Mandate(
        fund=_fund(file["fund"].called("the fund")),
        purposes=read.each(file["purposes"], "a purpose", _purpose),
        fees=_fees(file["fees"]),
        reserves=_reserves(file["reserve"]),
        rates=_rates(file["rates"].called("the rates")),
        bank_accounts=read.each(file["bank_accounts"], "a bank account", _bank_account),
        eligibility=_rules(rules["eligibility"], "an eligibility rule", ELIGIBILITY),
        priority=_priority(rules["priority"]),
        settings=settings_of(file["settings"].called("the settings")),
        calendar=calendar_of(file),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _fund(part: Part) -> Fund:
    keys = part.keys("code name short_name legal_basis document adopted start currency", "start_note end")
    fund = Fund(
        code=read.code(keys["code"]),
        name=read.texts(keys["name"]),
        short_name=read.texts(keys["short_name"]),
        legal_basis=read.texts(keys["legal_basis"]),
        document=read.words(keys["document"]),
        adopted=read.day(keys["adopted"]),
        start=read.day(keys["start"]),
        start_note=read.texts(keys["start_note"]) if "start_note" in keys else None,
        end=read.day(keys["end"]) if "end" in keys else None,
        currency=read.currency(keys["currency"]),
    )
    if fund.currency != BOOK_CURRENCY:
        raise keys["currency"].fault(f"the books are kept in {BOOK_CURRENCY}, not in {fund.currency}")
    if fund.end and fund.end < fund.start:
        raise keys["end"].fault(f"the fund ends on {fund.end}, before it starts on {fund.start}")
    if fund.start < fund.adopted and not fund.start_note:
        raise keys["start"].fault(
            f"the fund starts on {fund.start}, before its adoption on {fund.adopted}; a start_note must say why"
        )
    return fund


def _purpose(part: Part) -> Purpose:
    keys = part.keys("code text quoted authority")
    text = read.texts(keys["text"])
    languages = [read.one_of(*text)(language) for language in keys["quoted"].items("a quoted language", least=0)]
    return Purpose(read.code(keys["code"]), text, tuple(languages), read.authority(keys["authority"]))


def _fees(part: Part) -> tuple[Fee, ...]:
    fees: list[Fee] = []
    for item in part.items("a fee", least=0):
        keys = item.keys("code name rate base from authority", "to")
        fee = Fee(
            code=read.code(keys["code"]),
            name=read.texts(keys["name"]),
            rate=read.fraction(keys["rate"]),
            base=read.one_of(*BASES)(keys["base"]),
            start=read.day(keys["from"]),
            end=read.day(keys["to"]) if "to" in keys else None,
            authority=read.authority(keys["authority"]),
        )
        if fee.end and fee.end <= fee.start:
            raise keys["to"].fault(f"a fee in force from {fee.start} must end later than that, not on {fee.end}")
        if any(fee.overlaps(other) for other in fees):
            raise item.fault(f"the fee {fee.code} is in force twice from {fee.start} on: end the earlier one with “to”")
        fees.append(fee)
    return tuple(fees)


def _reserves(part: Part) -> tuple[Reserve, ...]:
    reserves: list[Reserve] = []
    for item in part.items("a reserve"):
        keys = item.keys("rate from authority")
        reserve = Reserve(read.fraction(keys["rate"]), read.day(keys["from"]), read.authority(keys["authority"]))
        if reserves and reserve.start <= reserves[-1].start:
            raise keys["from"].fault(f"a reserve must begin after the one before it: later than {reserves[-1].start}")
        reserves.append(reserve)
    return tuple(reserves)


def _rates(part: Part) -> Rates:
    keys = part.keys("source max_age_days authority")
    return Rates(
        read.words(keys["source"]), read.whole(1, 366)(keys["max_age_days"]), read.authority(keys["authority"])
    )


def _bank_account(part: Part) -> BankAccount:
    keys = part.keys("code name currency", DETAILS)
    details = {key: read.words(keys[key]) for key in DETAILS.split() if key in keys}
    return BankAccount(read.code(keys["code"]), read.texts(keys["name"]), read.currency(keys["currency"]), **details)


def _rules(part: Part, name: str, known: tuple[Rule, ...]) -> tuple[Rule, ...]:
    def rule(item: Part) -> Rule:
        keys = item.keys("code authority")
        return Rule(read.one_of(*(rule.code for rule in known))(keys["code"]), read.authority(keys["authority"]))

    return read.each(part, name, rule)


def _priority(part: Part) -> tuple[Rule, ...]:
    rules = _rules(part, "a priority rule", PRIORITY)
    if rules[-1].code != "draw":
        raise part.fault("the order of priority must end with “draw”, so that no two candidates tie")
    return rules
