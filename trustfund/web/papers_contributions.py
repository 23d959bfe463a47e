"""The papers of an agreement: the exchange of letters to be signed, and the call for each of its instalments.

Both are drawn in the language of the donor, from what their entry of the record says.
"""

from datetime import date
from decimal import Decimal

from flask import Response, current_app
from sqlalchemy import select

from trustfund.core.mandate import BankAccount, Mandate, Purpose
from trustfund.core.refusal import NotHere
from trustfund.extensions import db
from trustfund.i18n import NBSP, amount, in_words, instant, language, say
from trustfund.models.contributions import Pledge
from trustfund.models.fund import mandate_on
from trustfund.models.record import Event
from trustfund.operations import agreement_drafts
from trustfund.operations.instalments import standing_of
from trustfund.reports import parts, words
from trustfund.reports.draw import voice
from trustfund.reports.draw_agreement import Agreement, Due, draw_agreement
from trustfund.reports.draw_authorization import Proof
from trustfund.reports.draw_call import Call, draw_call
from trustfund.services import clock
from trustfund.web.papers import drawn_for, named, written

QUOTED = {"fr": "«\u00a0{}\u00a0»"}
"""Quotation marks of a language, where they are not “ ”."""
BOOKED_BY = ("agreement.recorded", "condition.met", "deposit.recorded")
"""Entries that make something due of a pledge; a file may bring agreement and deposit in one."""


def agreement_response(pledge: Pledge) -> Response:
    """The agreement drawn up last for a pledge; where there is none, it is not here."""
    draft = agreement_drafts.draft_of(db.session(), pledge)
    return drawn_for(
        pledge.donor, lambda: draw_agreement(_agreement(pledge, draft), voice(language())), f"agreement-{draft.number}"
    )


def call_response(pledge: Pledge, number: int) -> Response:
    """The call for an instalment of what is agreed; of anything else there is none."""
    dues = standing_of(pledge)
    if not pledge.agreed or not 1 <= number <= len(dues):
        raise NotHere("There is no such thing here.")
    return drawn_for(
        pledge.donor, lambda: draw_call(_call(pledge, number), voice(language())), f"call-{pledge.reference}-{number}"
    )


def proof_of(event: Event) -> Proof:
    return Proof(event.seq, event.hash, instant(event.at), current_app.config["PUBLIC_URL"])


def per_cent(rate: Decimal) -> str:
    """0.13 as 13% with as many decimals as it has."""
    figure = format((rate * 100).normalize(), "f")
    return f"{amount(Decimal(figure))}{NBSP if language() in ('fr', 'es') else ''}%"


def _agreement(pledge: Pledge, draft: agreement_drafts.Draft) -> Agreement:
    said, day = draft.said, date.fromisoformat(draft.event.at[:10])
    mandate = mandate_on(db.session(), day)
    currency, fund = said["currency"], mandate.fund
    purpose = next(p for p in mandate.purposes if p.code == said["purpose"])
    return Agreement(
        number=draft.number,
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        donor=named(pledge.donor, day),
        amount=written(said["amount"], currency),
        currency=currency,
        earmark_words=say(words.earmark(said["earmark"])),
        earmarked=bool(said["earmark"]),
        purpose=_quoted(purpose),
        authority=purpose.authority,
        expected_on=date.fromisoformat(said["expected_on"]) if said["expected_on"] else None,
        instalments=tuple(
            Due(n, date.fromisoformat(due), written(units, currency))
            for n, (due, units) in enumerate(said["instalments"], 1)
        ),
        condition=said["condition"],
        fees=tuple(_fee(mandate, *fee) for fee in said["fees"]),
        reserve=per_cent(Decimal(said["reserve"])) if Decimal(said["reserve"]) else "",
        rate_source=mandate.rates.source,
        bank=bank_of(mandate, currency),
        reference=pledge.reference,
        proof=proof_of(draft.event),
    )


def _quoted(purpose: Purpose) -> str:
    """The words of the resolution in quotation marks; the fund's own rendering of them in none."""
    text = in_words(purpose.text)
    return QUOTED.get(language(), "“{}”").format(text) if language() in purpose.quoted else text


def _fee(mandate: Mandate, code: str, rate: str, base: str) -> str:
    name = next((in_words(fee.name) for fee in mandate.fees if fee.code == code), code)
    if base == "deposit":
        return say("{name}: {rate} of each deposit.", name=name, rate=per_cent(Decimal(rate)))
    return say("{name}: {rate} of what is spent.", name=name, rate=per_cent(Decimal(rate)))


def bank_of(mandate: Mandate, currency: str) -> parts.Pairs:
    """The account of the fund in a currency, else its first; with what the mandate tells of it."""
    accounts = mandate.bank_accounts
    account = next((one for one in accounts if one.currency == currency), accounts[0])
    return [(say("Account of the fund"), f"{in_words(account.name)} ({account.currency})"), *_details(account)]


def _details(account: BankAccount) -> parts.Pairs:
    told = (
        (say("Holder"), account.holder),
        (say("Bank"), account.bank),
        (say("Account number"), account.number),
        (say("BIC"), account.bic),
    )
    return [(word, value) for word, value in told if value]


def _call(pledge: Pledge, number: int) -> Call:
    today = clock.today()
    mandate, dues = mandate_on(db.session(), today), standing_of(pledge)
    due, currency = dues[number - 1], pledge.currency
    assert pledge.agreed_on is not None, "what is agreed has its day"
    return Call(
        number=number,
        of=len(dues),
        fund=in_words(mandate.fund.name),
        legal_basis=in_words(mandate.fund.legal_basis),
        donor=named(pledge.donor, today),
        document=pledge.document,
        agreed_on=pledge.agreed_on,
        earmark_words=say(words.earmark(pledge.earmark)),
        due_on=due.day,
        amount=written(due.amount, currency),
        paid=written(due.paid, currency),
        owed=written(due.owed, currency),
        settled=not due.owed,
        as_at=today,
        bank=bank_of(mandate, currency),
        reference=pledge.reference,
        proof=proof_of(_fixed_by(pledge, number)),
    )


def _fixed_by(pledge: Pledge, number: int) -> Event:
    """The entry by which the instalment is due; of an older agreement without any, the one that booked it."""
    if pledge.instalments:
        return db.session.scalars(select(Event).where(Event.seq == pledge.instalments[number - 1].seq)).one()
    booked = select(Event).where(Event.subject == pledge.reference, Event.action.in_(BOOKED_BY))
    return db.session.scalars(booked.order_by(Event.seq).limit(1)).one()
