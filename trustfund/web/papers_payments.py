"""The papers of a payment order, as it was released: the file for the bank, the signature and the passenger list."""

import base64
from collections.abc import Iterable

from trustfund.core.money import Money, major
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.i18n import in_words, language, list_of, say
from trustfund.models.awards import Payment, PaymentOrder
from trustfund.models.fund import mandate_on
from trustfund.operations import bank
from trustfund.operations.journeys import chosen, journey_of
from trustfund.operations.meetings import Frame, frames_on
from trustfund.reports import draw_pain001 as pain
from trustfund.reports.draw import voice
from trustfund.reports.draw_passengers import Passenger, PassengerList, draw_passengers
from trustfund.reports.draw_signatures import Cash, SignatureList, draw_signatures
from trustfund.services import keys
from trustfund.web.award_words import state_of
from trustfund.web.papers_names import name_on_paper, names_on_paper
from trustfund.web.zones import days_of

FOR = {"advance": "Advance", "balance": "Balance of claim"}
"""What a bank's statement says of a payment: in English, for the file is the same whoever takes it."""


def bank_file(order: PaymentOrder) -> bytes:
    """The order as the bank reads it (pain.001.001.09): the same bytes whoever takes it, and whenever."""
    mandate = mandate_on(db.session(), order.day)
    account = next(a for a in mandate.bank_accounts if a.code == order.bank_account)
    return pain.payment_order_file(
        pain.Order(
            reference=order.reference,
            made_at=order.at,
            execution_day=order.day,
            debtor=mandate.fund.name["en"],
            account=account.code,
            currency=account.currency,
            payments=tuple(_transfer(payment) for payment in order.payments),
        )
    )


def _transfer(payment: Payment) -> pain.Payment:
    assert payment.bank is not None, "a transfer goes to an account"
    try:
        details = bank.opened(payment.bank)
    except FileNotFoundError:
        raise Refused(
            "The bank details of {award} were erased with its person; the order can no longer be written as a file.",
            award=payment.award.reference,
        ) from None
    return pain.Payment(
        reference=payment.reference,
        money=Money(major(payment.amount, payment.currency), payment.currency),
        creditor=details["holder"],
        country="",
        account=details["account"],
        bank=pain.Bank(bic=details["bic"], name=details["bank"], country=details["country"]),
        remittance=f"{FOR[payment.kind]} {payment.award.meeting}, award {payment.award.reference}",
    )


def signatures(order: PaymentOrder) -> bytes:
    """The list on which people sign for their cash, in the reader's language."""
    frames, mandate = _frames(order), mandate_on(db.session(), order.day)
    people = tuple(
        Cash(
            name_on_paper(payment.award.application),
            state_of(payment.award, frames[payment.award.meeting].meeting),
            payment.award.reference,
            Money(major(payment.amount, payment.currency), payment.currency),
        )
        for payment in order.payments
    )
    meeting, place, _ = _meetings(frames.values())
    paper = SignatureList(order.reference, in_words(mandate.fund.name), meeting, place, order.day, people)
    return draw_signatures(paper, voice(language()))


def passengers(order: PaymentOrder) -> bytes:
    """The list for the travel agent, closed with the password of the order."""
    frames, mandate = _frames(order), mandate_on(db.session(), order.day)
    meeting, place, days = _meetings(frames.values())
    paper = PassengerList(
        order=order.reference,
        fund=in_words(mandate.fund.name),
        meeting=meeting,
        place=place,
        meeting_days=days,
        passengers=tuple(_passenger(payment, order) for payment in order.payments),
    )
    return draw_passengers(paper, voice(language()), password_of(order))


def _passenger(payment: Payment, order: PaymentOrder) -> Passenger:
    award, person = payment.award, payment.award.application
    journey, quote = journey_of(db.session(), award, order.day), chosen(award.quotes)
    assert person.date_of_birth is not None, "a file is complete before it is certified"
    family, given = names_on_paper(person)
    return Passenger(
        award=award.reference,
        family_name=family,
        given_names=given,
        born=person.date_of_birth,
        passport="",
        route=quote.route if quote else f"{person.home_city} – {journey.frame.meeting.city} – {person.home_city}",
        arrival=journey.arrival,
        departure=journey.departure,
        cabin=say("Economy"),
        price=Money(major(payment.usd, "USD"), "USD"),
    )


def password_of(order: PaymentOrder) -> str:
    """The password of a passenger list: shown as often as needed, and kept nowhere, for it comes from the key folder.

    The content begins with a byte that nobody can type, so nothing that people write is ever sealed alike.
    """
    seal = bytes.fromhex(keys.seal_of(order.by.reference, f"\0passenger list {order.reference}".encode()))
    text = base64.b32encode(seal[:10]).decode()
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def _frames(order: PaymentOrder) -> dict[str, Frame]:
    """The meetings of the order's awards, by their days."""
    codes = {payment.award.meeting for payment in order.payments}
    known = {code: frame for code, frame in frames_on(db.session(), order.day).items() if code in codes}
    return dict(sorted(known.items(), key=lambda pair: pair[1].meeting.first_day))


def _meetings(frames: Iterable[Frame]) -> tuple[str, str, str]:
    """Names, places and days of the meetings, each once."""
    meetings = [frame.meeting for frame in frames]
    places = dict.fromkeys(in_words(meeting.place) for meeting in meetings)
    return (
        list_of(in_words(meeting.name) for meeting in meetings),
        list_of(places),
        "; ".join(days_of(meeting.days) for meeting in meetings),
    )
