"""What an officer can do on an award now: the step that leads on first, then the turns; why not, and who may."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for

from trustfund.core.refusal import NotEnoughMoney, Refused, sentence
from trustfund.i18n import say, told
from trustfund.operations import awards, bank, journeys, offers, travel
from trustfund.operations.award_standing import Offer
from trustfund.operations.awards import complete
from trustfund.operations.operation import Done
from trustfund.web.award_page import AwardPage, names
from trustfund.web.officers_award_forms import (
    AnswerForm,
    AwardForm,
    BankForm,
    CertificationForm,
    ChoiceForm,
    JourneyForm,
    NoShowForm,
    NotMadeForm,
    QuoteForm,
    ReplacementForm,
    TicketForm,
    WithdrawalForm,
)


@dataclass(frozen=True)
class Kind:
    """A form of the page: for which deed, where it goes, what its button, its heading and its outcome say."""

    action: str
    form: type[AwardForm]
    deed: Callable[..., Done]
    endpoint: str
    button: str
    heading: str
    said: str


KINDS: dict[str, Kind] = {
    "certification": Kind(
        "award.certified",
        CertificationForm,
        awards.certify,
        "officers.certify_award",
        sentence("Certify {charge} USD"),
        sentence("Certify"),
        sentence("The award is certified: entry {seq} of the record. An approving officer comes next."),
    ),
    "approval": Kind(
        "award.approved",
        AwardForm,
        awards.approve,
        "officers.approve_award",
        sentence("Approve {charge} USD"),
        sentence("Approve"),
        sentence("The award is approved: entry {seq} of the record."),
    ),
    "authorization": Kind(
        "award.authorized",
        AwardForm,
        awards.authorize,
        "officers.authorize_award",
        sentence("Authorize the travel"),
        sentence("Authorize"),
        sentence("Travel is authorized: entry {seq} of the record. The delegate can take the paper."),
    ),
    "ticket": Kind(
        "award.ticketed",
        TicketForm,
        awards.issue_ticket,
        "officers.issue_ticket",
        sentence("Record the ticket"),
        sentence("Record the ticket"),
        sentence("The ticket is recorded: entry {seq} of the record."),
    ),
    "attendance": Kind(
        "attendance.confirmed",
        AwardForm,
        travel.confirm_attendance,
        "officers.confirm_attendance",
        sentence("Confirm the attendance"),
        sentence("Confirm the attendance"),
        sentence("The attendance is confirmed: entry {seq} of the record. The delegate is asked for the claim."),
    ),
    "answer": Kind(
        "award.accepted",
        AnswerForm,
        offers.accept,
        "officers.record_answer",
        sentence("Record the answer"),
        sentence("Record an answer that came by letter"),
        sentence("The answer is recorded: entry {seq} of the record."),
    ),
    "quotes": Kind(
        "quote.recorded",
        QuoteForm,
        journeys.record_quote,
        "officers.record_quote",
        sentence("Record the quote"),
        sentence("Record a quote"),
        sentence("The quote is recorded: entry {seq} of the record."),
    ),
    "choice": Kind(
        "journey.changed",
        ChoiceForm,
        journeys.choose_quote,
        "officers.choose_quote",
        sentence("Choose this quote"),
        sentence("Choose another quote"),
        sentence("The quote is chosen: entry {seq} of the record."),
    ),
    "journey": Kind(
        "journey.changed",
        JourneyForm,
        journeys.change_journey,
        "officers.change_journey",
        sentence("Change the journey"),
        sentence("Change the days, or the fee of the visa"),
        sentence("The journey is changed: entry {seq} of the record."),
    ),
    "bank": Kind(
        "bank.entered",
        BankForm,
        bank.enter,
        "officers.enter_bank",
        sentence("Enter the bank details"),
        sentence("Enter the bank details"),
        sentence("The bank details are entered: entry {seq} of the record. Another officer pays."),
    ),
    "withdrawal": Kind(
        "certification.withdrawn",
        WithdrawalForm,
        awards.withdraw_certification,
        "officers.withdraw_certification",
        sentence("Send it back"),
        sentence("Send it back to certification"),
        sentence("The certification is withdrawn: entry {seq} of the record."),
    ),
    "no-show": Kind(
        "award.missed",
        NoShowForm,
        travel.record_no_show,
        "officers.record_no_show",
        sentence("Record the no-show"),
        sentence("The delegate did not come"),
        sentence("The no-show is recorded: entry {seq} of the record."),
    ),
    "replacement": Kind(
        "award.replaced",
        ReplacementForm,
        offers.replace,
        "officers.replace_delegate",
        sentence("Replace the delegate"),
        sentence("The Government names another delegate"),
        sentence("The delegate is replaced: entry {seq} of the record. The seat is offered to the new person."),
    ),
    "cancellation": Kind(
        "award.cancelled",
        NotMadeForm,
        travel.cancel,
        "officers.cancel_award",
        sentence("Cancel the award"),
        sentence("Cancel the award"),
        sentence("The award is cancelled: entry {seq} of the record."),
    ),
}
"""What officers do on the page of an award, in the order in which it offers them."""

LEADING = frozenset({"certification", "approval", "authorization", "ticket", "attendance"})
"""Forms of what leads on; every other is a turn."""
PAYMENTS, CLAIM = "officers.payments", "officers.settlement"
ELSEWHERE = {
    "advance.paid": (PAYMENTS, sentence("Pay the advance")),
    "balance.paid": (PAYMENTS, sentence("Pay the balance")),
    "claim.submitted": (CLAIM, sentence("Claim of the delegate")),
    "settlement.prepared": (CLAIM, sentence("Prepare the settlement")),
    "settlement.approved": (CLAIM, sentence("Approve the settlement")),
    "recovery.recorded": (CLAIM, sentence("Recover what is due")),
    "debt.written-off": (CLAIM, sentence("Write off what is due")),
}
"""Deeds that lead on and have a page of their own."""
SHORT = sentence("This award would charge the Fund {cost}, but only {available} is spendable.")


@dataclass(frozen=True)
class Choice:
    """Something that can be done now: by a form of this page, or on a page of its own at ``address``.

    ``why``: why this reader cannot; ``by``: the officers who can.
    """

    action: str
    heading: str
    button: str
    address: str
    why: str
    by: list[str]
    form: AwardForm | None = None


def choices(page: AwardPage, name: str, sent: AwardForm | None) -> tuple[list[Choice], list[Choice]]:
    """What leads on, what this reader can do first; and turns. ``sent``: the form called ``name``, as it was typed.

    A turn that is never the reader's is not shown; one that is another's this time is, with the reason.
    """
    leads: list[Choice] = []
    turns: list[Choice] = []
    for offer in page.offers:
        if offer.action in ELSEWHERE:
            leads.append(_elsewhere(offer, page))
        for kind in _kinds_of(offer.action, page):
            choice = _choice(kind, offer, page, sent if kind == name else None)
            if kind in LEADING:
                leads.append(choice)
            elif offer.why_not is None or offer.why_not.rule != "designation":
                turns.append(choice)
    return sorted(leads, key=lambda choice: bool(choice.why)), turns


def _kinds_of(action: str, page: AwardPage) -> Iterator[str]:
    """The forms in which a deed is done on this page."""
    award = page.award
    if action == "award.declined":
        if award.stage != "proposed":  # there it is one of the two answers
            yield "answer"
    elif action == "journey.changed":
        if len(award.quotes) > 1:
            yield "choice"
        yield "journey"
    elif action == "bank.entered":
        if award.account_id is None:  # who has an account here enters them there
            yield "bank"
    else:
        yield from (name for name, kind in KINDS.items() if kind.action == action)


def _choice(name: str, offer: Offer, page: AwardPage, sent: AwardForm | None) -> Choice:
    kind = KINDS[name]
    form = sent or kind.form(formdata=None)
    form.fill(page, fresh=sent is None)
    charge = page.journey.cost.charge if page.journey else None
    return Choice(
        offer.action,
        say(kind.heading),
        say(kind.button, charge=charge) if charge is not None else say(kind.heading),
        url_for(kind.endpoint, reference=page.award.reference),
        _why_not(offer, page),
        names(offer.by),
        form,
    )


def _elsewhere(offer: Offer, page: AwardPage) -> Choice:
    endpoint, called = ELSEWHERE[offer.action]
    of = {"reference": page.award.reference} if endpoint == CLAIM else {"method": page.award.method}
    address = url_for(endpoint, **of)
    return Choice(offer.action, say(called), say(called), address, _why_not(offer, page), names(offer.by))


def _why_not(offer: Offer, page: AwardPage) -> str:
    """The sentence beside a button that would be refused; empty where it would not."""
    if offer.why_not:
        return told(offer.why_not)
    if offer.action == "award.certified" and not page.award.committed:
        return page.wanting or _incomplete(page)
    if offer.action == "award.approved" and page.left is not None and page.left < 0 and page.journey:
        return told(NotEnoughMoney(SHORT, cost=page.journey.cost.charge, available=page.spendable))
    return ""


def _incomplete(page: AwardPage) -> str:
    """What must be there before anybody can certify it."""
    assert page.journey is not None, "its cost is known"
    try:
        complete(page.award, page.journey)
    except Refused as refused:
        return told(refused)
    return ""
