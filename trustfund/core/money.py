"""Money, exact: whole minor units in the database, Decimal in Python, and this one module rounds.

Currencies and their decimals are those of ISO 4217 (JPY 0, USD 2, KWD 3), not of locale data, which differ.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from trustfund.core.refusal import Refused

_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
        COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
        INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
        MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
        SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG
        ANG CUC HRK MRO SLL STD VEF ZWL""",  # the last line: withdrawn since, but money in the years of the fund
    3: "BHD IQD JOD KWD LYD OMR TND",
}
CURRENCIES: dict[str, int] = {code: places for places, codes in _DECIMALS.items() for code in codes.split()}
"""ISO 4217 code -> number of decimals of its minor unit."""

LARGEST = Decimal(10) ** 13
"""Amounts below this stay exact in sums of millions of entries (64-bit minor units)."""

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,3})?", re.ASCII)
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount and its currency; how a page or a letter writes it is the reader's language's affair."""

    amount: Decimal
    currency: str = "USD"

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of ``currency`` for one USD from a day on, and who says so."""

    currency: str
    per_usd: Decimal
    day: date
    source: str


def decimals(currency: str) -> int:
    """The number of decimals of a currency. Refused if ISO 4217 does not know it."""
    if currency not in CURRENCIES:
        raise Refused(
            "{currency} is not a currency of ISO 4217. Use its three letters, for example EUR.",
            currency=currency or "–",
            field="currency",
        )
    return CURRENCIES[currency]


def amount_of(text: str, currency: str) -> Decimal:
    """The amount a person typed or a file holds: digits, a point, at most the currency's decimals. Never a guess."""
    places = decimals(currency)
    text = text.strip()
    if not _AMOUNT.fullmatch(text):
        raise Refused(
            "“{text}” is not an amount. Use digits and a point, without separators, for example 50000.00.",
            text=text[:40],
            field="amount",
        )
    amount = Decimal(text)
    if -_exponent(amount) > places:  # 50.000 may be fifty thousand: never a guess
        raise Refused(
            "{text} has more decimals than {currency} has: {places}.",
            text=text,
            currency=currency,
            places=places,
            field="amount",
        )
    if amount == 0:
        raise Refused("The amount is zero. Enter what is given.", field="amount")
    if amount >= LARGEST:
        raise Refused(
            "{text} is larger than any contribution can be. Amounts stay below 10,000,000,000,000.",
            text=text,
            field="amount",
        )
    return amount.quantize(Decimal(1).scaleb(-places))


def rate_of(text: str) -> Decimal:
    """Units per USD as a file holds them: a positive decimal, kept exactly as recorded."""
    text = text.strip()
    if not _RATE.fullmatch(text) or Decimal(text) == 0:
        raise Refused(
            "“{text}” is not a rate. Use units of the currency for one USD, for example 0.929800.",
            text=text[:40],
            field="per_usd",
        )
    return Decimal(text)


def minor(amount: Decimal, currency: str) -> int:
    """Whole minor units of an exact amount: 12.50 USD -> 1250."""
    units = amount.scaleb(decimals(currency))
    assert units == int(units), f"{amount} is not exact in {currency}"
    return int(units)


def major(units: int, currency: str) -> Decimal:
    """The amount of whole minor units: 1250 -> 12.50 USD."""
    return Decimal(units).scaleb(-decimals(currency))


def rounded(amount: Decimal, currency: str = "USD") -> Decimal:
    """To the currency's minor unit, half up: the one place where money is rounded to the nearest."""
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)), rounding=ROUND_HALF_UP)


def in_usd(amount: Decimal, rate: Rate) -> Decimal:
    """USD at the rate of a day, rounded to the cent. 100,000 CHF at 0.998327 per USD -> 100,167.58."""
    return rounded(amount / rate.per_usd)


def share(total: int, part: int, whole: int) -> int:
    """``total`` × ``part`` ÷ ``whole`` in minor units, half up, of whole numbers from 0 on."""
    return (2 * total * part + whole) // (2 * whole)


def rate_on(rates: Iterable[Rate], currency: str, day: date, *, source: str, within_days: int) -> Rate:
    """The rate of a day: the latest of the fund's source not after it; older than ``within_days`` is refused."""
    decimals(currency)
    if currency == "USD":
        return Rate("USD", Decimal(1), day, "book currency")
    earlier = [r for r in rates if r.currency == currency and r.source == source and r.day <= day]
    latest = max(earlier, key=lambda r: r.day, default=None)
    if latest is None or day - latest.day > timedelta(days=within_days):
        raise Refused(
            "There is no rate for {currency} on {day}: the fund uses the latest of the {days} days before. "
            "Import the rates of that month first.",
            currency=currency,
            day=day,
            days=within_days,
            field="currency",
        )
    return latest


def spendable(came_in: Decimal, reserve: Decimal, used: Decimal, set_aside: Decimal = Decimal(0)) -> Decimal:
    """What can be promised: floor(came in ÷ (1 + reserve)) − used − set aside, in USD to the cent, per earmark.

    ``came_in`` are the deposits applied to agreements less fees on deposits; ``reserve`` is a fraction (0.15);
    ``used`` is every approved charge, support cost included. Authority: fund practice, rules of the fund, 6.
    """
    return (came_in / (1 + reserve)).quantize(Decimal("0.01"), rounding=ROUND_FLOOR) - used - set_aside


def before_fee(charge: Decimal, rate: Decimal) -> Decimal:
    """The most that can be spent so that it and its fee of ``rate`` stay within ``charge``, to the cent."""
    return (charge / (1 + rate)).quantize(Decimal("0.01"), rounding=ROUND_FLOOR)


def _exponent(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent
