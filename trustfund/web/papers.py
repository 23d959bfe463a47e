"""Receipts as papers: drawn from what the record says, so that the paper and the proof say the same.

Papers of a donor are in its language, whoever takes them.
"""

import json
from collections.abc import Callable
from datetime import date

from flask import Response, current_app
from flask_babel import force_locale
from sqlalchemy import func, select

from trustfund.core.money import major
from trustfund.core.refusal import NotHere
from trustfund.extensions import db
from trustfund.i18n import NBSP, amount, in_words, instant, language, rate, say
from trustfund.models.contributions import Deposit, Donor
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations.contributions import may_read_deposit
from trustfund.reports import words
from trustfund.reports.draw import voice
from trustfund.reports.draw_receipt import Receipt, draw_receipt
from trustfund.services import clock
from trustfund.web.donor_names import donor_name


def receipt_response(reference: str, reader: Account) -> Response:
    """The receipt of a deposit as PDF; somebody else's is not here."""
    deposit = db.session.scalars(select(Deposit).where(Deposit.reference == reference)).unique().one_or_none()
    if deposit is None or not may_read_deposit(deposit, reader):
        raise NotHere("There is no such thing here.")
    return drawn_for(
        deposit.donor, lambda: draw_receipt(receipt_of(deposit), voice(language())), f"receipt-{reference}"
    )


def drawn_for(donor: Donor, draw: Callable[[], bytes], name: str) -> Response:
    """A paper in the language of its donor, whoever takes it."""
    with force_locale(donor.language):
        return pdf(draw(), name)


def pdf(body: bytes, name: str) -> Response:
    """A paper, to be saved under its name."""
    return Response(
        body,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def written(units: int, currency: str) -> str:
    """Minor units as an amount with its currency, on one line."""
    return f"{amount(major(units, currency))}{NBSP}{currency}"


def named(donor: Donor, day: date) -> str:
    """As a paper calls the donor: a State by its name in the language of the paper."""
    return donor_name(donor.name, donor.country, day)


def receipt_of(deposit: Deposit) -> Receipt:
    event = db.session.scalars(select(Event).where(Event.seq == deposit.seq)).one()
    fund = mandate_on(db.session(), clock.today()).fund
    return Receipt(
        number=deposit.reference,
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        donor=named(deposit.donor, deposit.value_date),
        amount=amount(major(deposit.amount, deposit.currency)),
        currency=deposit.currency,
        usd=major(deposit.usd, "USD"),
        rate=rate(deposit.per_usd),
        rate_day=deposit.rate_day,
        rate_source=deposit.rate_source,
        value_date=deposit.value_date,
        document=_agreement(deposit),
        part=_part(deposit),
        bank_reference=deposit.bank_reference or "",
        earmark_words=say(words.earmark(_earmark(deposit, event))),
        recorded_at=instant(event.at),
        seq=event.seq,
        hash=event.hash,
        public_url=current_app.config["PUBLIC_URL"],
    )


def _agreement(deposit: Deposit) -> str:
    """Its document; of a deposit that waited for one, also the entry that attached it."""
    if deposit.pledge is None:
        return say("It waits for its agreement.")
    if deposit.attached_seq is None:
        return deposit.pledge.document
    return say(
        "{document}, attached by entry {n} of the record",
        document=deposit.pledge.document,
        n=str(deposit.attached_seq),
    )


def _earmark(deposit: Deposit, event: Event) -> str:
    """What it is tied to; while it waits for its agreement, as it came."""
    return deposit.pledge.earmark if deposit.pledge else str(json.loads(event.body)["data"]["earmark"])


def _part(deposit: Deposit) -> str:
    """Which part it is of one line of the bank; empty where it is the whole of it."""
    if deposit.parts == 1:
        return ""
    whole = db.session.scalar(
        select(func.sum(Deposit.amount)).where(
            Deposit.bank_account == deposit.bank_account, Deposit.bank_reference == deposit.bank_reference
        )
    )
    return say(
        "Part {n} of {of} of the deposit of {amount}",
        n=str(deposit.part),
        of=str(deposit.parts),
        amount=written(int(whole or 0), deposit.currency),
    )
