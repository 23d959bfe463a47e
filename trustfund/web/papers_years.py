"""The papers of a donor's year: the certificate of its deposits, and the statement of its contributions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from flask import Response
from sqlalchemy import select

from trustfund.core.money import major
from trustfund.core.refusal import NotHere, sentence
from trustfund.extensions import db
from trustfund.i18n import amount, in_words, language, rate, say
from trustfund.models.contributions import Deposit, Donor
from trustfund.models.fund import mandate_on
from trustfund.models.record import Event, head_of
from trustfund.operations import donor_years
from trustfund.operations.donor_years import YearOf
from trustfund.reports import words
from trustfund.reports.draw import voice
from trustfund.reports.draw_authorization import Proof
from trustfund.reports.draw_certificate import Certificate, Deposited, draw_certificate
from trustfund.reports.draw_yearly_statement import Line, Section, YearlyStatement, draw_yearly_statement
from trustfund.reports.report import code_of
from trustfund.services import clock
from trustfund.web.papers import drawn_for, named, written
from trustfund.web.papers_contributions import proof_of

MOVES: tuple[tuple[str, str, int], ...] = (
    ("fees", sentence("Fees on deposits"), -1),
    ("interest", sentence("Interest"), 1),
    ("exchange", sentence("Exchange differences of the fund"), 1),
    ("charges", sentence("Bank charges"), 1),
    ("travel", sentence("Travel"), -1),
    ("support", sentence("Programme support cost"), -1),
    ("activities", sentence("Preparatory activities"), -1),
    ("written_off", sentence("Written off with authority"), -1),
    ("refunded", sentence("Paid back to the donor"), -1),
    ("evened", sentence("Borne by other contributions at the closing"), 1),
)
"""What a year does with what was there and came: part of the share, its name, and whether it adds or takes away."""
ALWAYS = ("interest", "travel", "support")
"""Told even where it is nothing."""


def certificate_response(donor: Donor, year: int) -> Response:
    """Of a year in which something came; of another it is not here."""
    found = donor_years.deposits(db.session(), donor.reference, year) if year in _years(donor) else []
    if not found:
        raise NotHere("There is no such thing here.")
    return drawn_for(
        donor,
        lambda: draw_certificate(_certificate(donor, year, found), voice(language())),
        f"certificate-{donor.reference}-{year}",
    )


def statement_response(donor: Donor, year: int) -> Response:
    """Of a year until whose end something was agreed; of another it is not here."""
    found = donor_years.contributions(db.session(), year, donor.reference) if year in _years(donor) else []
    if not found:
        raise NotHere("There is no such thing here.")
    return drawn_for(
        donor,
        lambda: draw_yearly_statement(_statement(donor, year, found), voice(language())),
        f"statement-{donor.reference}-{year}",
    )


def _years(donor: Donor) -> list[int]:
    return donor_years.years(db.session(), donor.reference, clock.today())


def _certificate(donor: Donor, year: int, found: list[tuple[Deposit, str]]) -> Certificate:
    last = _last_day(year)
    fund = mandate_on(db.session(), last).fund
    sums: Counter[str] = Counter()
    for one, _ in found:
        sums[one.currency] += one.amount
    return Certificate(
        year=year,
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        donor=named(donor, last),
        first_day=date(year, 1, 1),
        last_day=last,
        deposits=[_deposited(one, digest) for one, digest in found],
        sums=[written(units, currency) for currency, units in sorted(sums.items())],
        proof=_head(),
    )


def _deposited(one: Deposit, digest: str) -> Deposited:
    in_dollars = one.currency == "USD"
    return Deposited(
        value_date=one.value_date,
        amount=written(one.amount, one.currency),
        rate="" if in_dollars else say("{rate}, {day}", rate=rate(one.per_usd), day=one.rate_day),
        usd=major(one.usd, "USD"),
        document=one.pledge.document if one.pledge else "",
        receipt=one.reference,
        code=code_of(one.seq, digest),
    )


def _statement(donor: Donor, year: int, found: list[YearOf]) -> YearlyStatement:
    last = _last_day(year)
    fund = mandate_on(db.session(), last).fund
    return YearlyStatement(
        year=year,
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        donor=named(donor, last),
        last_day=last,
        final_since=donor_years.final_since(db.session(), year),
        sections=[_section(one) for one in found],
        proof=_head(),
    )


def _section(one: YearOf) -> Section:
    share, did = one.share, _did(one)
    other = share.unspent - share.opening - share.received - share.interest + share.spent
    sums = (share.opening, share.received, share.interest, other, -share.spent, share.unspent)
    return Section(
        document=one.document,
        agreed_on=one.agreed_on,
        earmark_words=say(words.earmark(one.earmark)),
        currency=one.currency,
        rate=_average(one),
        stands=tuple(_stands(one)),
        outstanding=_line(one, sentence("Outstanding"), one.own.outstanding, one.usd.outstanding),
        did=tuple(_line(one, what, own, usd) for what, own, usd in did),
        unspent=_line(one, sentence("Unspent at the end"), _own(one, one.in_own.of(share.unspent)), share.unspent),
        sums=tuple(major(cents, "USD") for cents in sums),
    )


def _stands(one: YearOf) -> Iterable[Line]:
    """Agreed, less what was received and written off: what is outstanding, in its own currency and in dollars."""
    yield _line(one, sentence("Agreed"), one.own.agreed, one.usd.agreed)
    if one.difference:
        yield _line(one, sentence("Exchange difference, received against agreed"), None, one.difference)
    yield _line(one, sentence("Received"), -one.own.received, -one.usd.received)
    if one.usd.written_off:
        yield _line(one, sentence("Written off, for it will not come"), -one.own.written_off, -one.usd.written_off)


def _did(one: YearOf) -> list[tuple[str, int | None, int]]:
    """What the year did: word, in its own currency, in cents. The first is what was unspent before."""
    own, share = one.in_own, one.share
    moves = [(name, what, sign * int(getattr(share, name))) for name, what, sign in MOVES]
    told = [
        (sentence("Unspent before"), own.opening, share.opening),
        (sentence("Received"), own.received, share.received),
        *([(sentence("Change of the average rate"), own.moved, 0)] if own.moved else []),
        *(
            (what, units, cents)
            for (name, what, cents), units in zip(moves, own.moves(c for *_, c in moves), strict=True)
            if cents or name in ALWAYS
        ),
    ]
    return [(what, _own(one, units), cents) for what, units, cents in told]


def _own(one: YearOf, units: int) -> int | None:
    """Nothing is said in its own currency until something came in it."""
    return units if one.in_own.rate else None


def _line(one: YearOf, what: str, own: int | None, cents: int) -> Line:
    return Line(say(what), "" if own is None else amount(major(own, one.currency)), major(cents, "USD"))


def _average(one: YearOf) -> str:
    """Units of its currency for one USD, of what was left of it and came; to six decimals."""
    if one.currency == "USD" or one.in_own.rate is None:
        return ""
    units, cents = one.in_own.rate
    per_usd = major(units, one.currency) / major(cents, "USD")
    return rate(f"{per_usd.quantize(Decimal('0.000001')):f}")


def _last_day(year: int) -> date:
    return min(date(year, 12, 31), clock.today())


def _head() -> Proof:
    """The last entry of the record."""
    seq, _ = head_of(db.session())
    return proof_of(db.session.scalars(select(Event).where(Event.seq == seq)).one())
