"""Receipts as papers: drawn from the record's own words, so that the paper and the proof say the same."""

import json

from flask import Response, current_app
from sqlalchemy import select

from trustfund.core.money import Money, major
from trustfund.core.refusal import NotHere
from trustfund.extensions import db
from trustfund.i18n import amount, in_words, instant, language, rate, say
from trustfund.models.contributions import Deposit
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations.contributions import may_read_deposit
from trustfund.reports import words
from trustfund.reports.draw import voice
from trustfund.reports.draw_receipt import Receipt, draw_receipt
from trustfund.services import clock


def receipt_response(reference: str, reader: Account) -> Response:
    """The receipt of a deposit as PDF in the reader's language; somebody else's is not here."""
    deposit = db.session.scalars(select(Deposit).where(Deposit.reference == reference)).unique().one_or_none()
    if deposit is None or not may_read_deposit(deposit, reader):
        raise NotHere("There is no such thing here.")
    body = draw_receipt(receipt_of(deposit), voice(language()))
    return pdf(body, f"receipt-{reference}")


def pdf(body: bytes, name: str) -> Response:
    """A paper, to be saved under its name."""
    return Response(
        body,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def receipt_of(deposit: Deposit) -> Receipt:
    event = db.session.scalars(select(Event).where(Event.seq == deposit.seq)).one()
    fund = mandate_on(db.session(), clock.today()).fund
    data = json.loads(event.body)["data"]
    money = Money(major(data["amount"], data["currency"]), data["currency"])
    return Receipt(
        number=data["deposit"],
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        donor=deposit.donor.name,
        amount=amount(money.amount),
        currency=money.currency,
        usd=major(data["usd"], "USD"),
        rate=rate(data["per_usd"]),
        rate_day=deposit.rate_day,
        rate_source=data["rate_source"],
        value_date=deposit.value_date,
        document=data["document"],
        bank_reference=data["bank_reference"] or "",
        earmark_words=say(words.earmark(data["earmark"])),
        recorded_at=instant(event.at),
        seq=event.seq,
        hash=event.hash,
        public_url=current_app.config["PUBLIC_URL"],
    )
