"""What officers fill in on an award: one form a deed, each against the version that was read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.i18n import amount, say
from trustfund.operations import awards, bank, journeys, offers, travel
from trustfund.operations.offers import METHODS
from trustfund.operations.operation import Done
from trustfund.services import clock
from trustfund.web.award_page import AwardPage
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered

METHOD = {"cash": sentence("In cash at the meeting"), "bank": sentence("By bank transfer")}
REASON = sentence("Write the reason, in at most 2,000 characters.")
USD = {"inputmode": "decimal", "autocomplete": "off"}


class AwardForm(DeedForm):
    """A deed on an award. ``typed``: the names of the fields that the deed takes."""

    version = HiddenField()
    typed: ClassVar[tuple[str, ...]] = ()

    @property
    def seen(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 19 else 0

    def given(self) -> dict[str, Any]:
        return {name: self[name].data for name in self.typed if name in self}

    def fill(self, page: AwardPage, fresh: bool) -> None:
        """What the page knows: the version, choices; what stands now, where the form is ``fresh``."""
        if fresh or self.status == 409:
            self.version.data = str(page.award.seq)


class CertificationForm(AwardForm):
    cost_seen = HiddenField()
    reason = TextAreaField(
        sentence("Why is it dearer?"),
        id="certification-reason",
        description=sentence("It is dearer than proposed, or not the cheapest quote: two officers approve it."),
        validators=[AtMost(2000)],
        render_kw={"rows": 3},
    )
    typed = ("cost_seen", "reason")

    def fill(self, page: AwardPage, fresh: bool) -> None:
        super().fill(page, fresh)
        if page.journey and (fresh or self.status == 409):
            self.cost_seen.data = page.journey.digest
        if not page.dearer and not self.reason.errors:
            del self.reason


class WithdrawalForm(AwardForm):
    reason = TextAreaField(
        sentence("Why does it go back?"), id="withdrawal-reason", validators=[Needed(REASON)], render_kw={"rows": 3}
    )
    typed = ("reason",)


class TicketForm(AwardForm):
    price = StringField(
        sentence("Price, USD"),
        description=sentence("At most the fare that was certified"),
        validators=[Needed(sentence("Enter the amount, for example 1240.00."))],
        render_kw=USD,
    )
    number = StringField(
        sentence("Number of the ticket"),
        validators=[Needed(sentence("Enter the number of the ticket, as the agent gave it.")), AtMost(40)],
        render_kw={"autocomplete": "off"},
    )
    day = DateField(sentence("Issued on"), id="ticket-day", description=sentence("For example, 30 1 2018"))
    typed = ("price", "number", "day")

    def fill(self, page: AwardPage, fresh: bool) -> None:
        super().fill(page, fresh)
        if fresh and page.journey:
            self.price.data = f"{page.journey.fare.usd}"


class QuoteForm(AwardForm):
    route = StringField(
        sentence("Route"),
        description=sentence("For example, Kathmandu – New York – Kathmandu"),
        validators=[Needed(sentence("Write the route, for example Kathmandu – New York – Kathmandu.")), AtMost(200)],
    )
    source = StringField(
        sentence("Who quoted it"),
        description=sentence("The agent or the carrier, with the reference of the quote"),
        validators=[Needed(sentence("Write who quoted the fare, with the reference of the quote.")), AtMost(120)],
    )
    amount = StringField(
        sentence("Fare in economy class, USD"),
        validators=[Needed(sentence("Enter the amount, for example 1240.00."))],
        render_kw=USD,
    )
    day = DateField(sentence("Quoted on"), id="quote-day", description=sentence("For example, 30 1 2018"))
    choose = BooleanField(sentence("The award is certified with this quote"))
    typed = ("route", "source", "amount", "day", "choose")


class ChoiceForm(AwardForm):
    number = RadioField(sentence("Which quote?"), id="choice", validators=[Offered()], validate_choice=False)

    def given(self) -> dict[str, Any]:
        return {"number": int(self.number.data)}

    def offer(self, quotes: Any) -> None:
        self.number.choices = [(str(q.number), f"{amount(major(q.usd, 'USD'))} USD: {q.route}") for q in quotes]
        if not self.number.data:
            self.number.data = next((str(q.number) for q in quotes if q.chosen), None)


class JourneyForm(AwardForm):
    days_before = SelectField(sentence("Days before the meeting"), validators=[Offered()], validate_choice=False)
    days_after = SelectField(sentence("Days after the meeting"), validators=[Offered()], validate_choice=False)
    visa = StringField(sentence("Fee of a visa, USD (optional)"), validators=[AtMost(20)], render_kw=USD)
    reason = TextAreaField(
        sentence("Why other days than usual?"),
        id="journey-reason",
        description=sentence("Where they are the usual ones, leave it empty"),
        validators=[AtMost(2000)],
        render_kw={"rows": 2},
    )

    def given(self) -> dict[str, Any]:
        days = {name: int(self[name].data) for name in ("days_before", "days_after")}
        return {**days, "visa": self.visa.data or "", "reason": self.reason.data or ""}

    def offer(self) -> None:
        for field in (self.days_before, self.days_after):
            field.choices = [(str(n), str(n)) for n in range(8)]

    def fill(self, page: AwardPage, fresh: bool) -> None:
        super().fill(page, fresh)
        self.offer()
        if fresh:
            award, setting = page.award, page.frame.mandate.setting
            before, after = award.days_before, award.days_after
            self.days_before.data = str(setting("arrive_days_before") if before is None else before)
            self.days_after.data = str(setting("leave_days_after") if after is None else after)
            self.visa.data = f"{major(award.visa, 'USD')}" if award.visa else ""
            self.reason.data = award.journey_reason


class AnswerForm(AwardForm):
    answer = RadioField(
        sentence("The answer"),
        validators=[Needed(sentence("Choose the answer.")), Offered()],
        validate_choice=False,
    )
    method = SelectField(
        sentence("How the delegate is paid"), id="answer-method", validators=[Offered()], validate_choice=False
    )
    document = StringField(
        sentence("Letter or message"),
        id="answer-document",
        description=sentence("By which the answer came, with its date"),
        validators=[Needed(sentence("Enter by which letter or message the answer came, with its date.")), AtMost(120)],
    )

    def given(self) -> dict[str, Any]:
        method = {"method": self.method.data} if self.answer.data == "accepted" else {}
        return {**method, "document": self.document.data}

    def offer(self, stage: str) -> None:
        accepts = [("accepted", say(sentence("The seat is accepted")))] if stage == "proposed" else []
        self.answer.choices = [*accepts, ("declined", say(sentence("The seat is declined")))]
        self.method.choices = [(code, say(METHOD[code])) for code in METHODS]

    def fill(self, page: AwardPage, fresh: bool) -> None:
        super().fill(page, fresh)
        self.offer(page.award.stage)
        if page.award.stage != "proposed":
            del self.method


class BankForm(AwardForm):
    holder = StringField(
        sentence("Holder of the account"), validators=[Needed(sentence("Enter the holder of the account."))]
    )
    account = StringField(
        sentence("IBAN or account number"),
        validators=[Needed(sentence("Enter the account, as the bank writes it."))],
        render_kw={"autocomplete": "off"},
    )
    bic = StringField(sentence("BIC (optional where the bank is named)"), render_kw={"autocomplete": "off"})
    bank = StringField(sentence("Bank (optional where it has a BIC)"))
    country = StringField(
        sentence("Country of the bank (optional)"), description=sentence("Two letters, for example BF")
    )
    currency = StringField(sentence("Currency of the account"), default="USD", render_kw={"maxlength": 3})
    typed = ("holder", "account", "bic", "bank", "country", "currency")

    def given(self) -> dict[str, Any]:
        return {name: (self[name].data or "").strip() for name in self.typed}


class NotMadeForm(AwardForm):
    refund = StringField(
        sentence("What the agent gives back, USD"),
        description=sentence("Of the price of the ticket; 0.00 where nothing comes back"),
        render_kw=USD,
    )
    reason = TextAreaField(sentence("Reason"), validators=[Needed(REASON), AtMost(2000)], render_kw={"rows": 3})
    typed = ("refund", "reason")

    def given(self) -> dict[str, Any]:
        return {"refund": (self.refund.data or "") if self.refund else "", "reason": self.reason.data}

    def fill(self, page: AwardPage, fresh: bool) -> None:
        super().fill(page, fresh)
        for field in (self.refund, self.reason):
            field.id = f"{self.about}-{field.name}"
        if page.award.ticket is None:
            del self.refund

    about = "cancellation"


class NoShowForm(NotMadeForm):
    about = "no-show"


class ReplacementForm(AwardForm):
    successor = StringField(
        sentence("Application of the new delegate"),
        description=sentence("Its public reference, for example N1-7KQ2; of the same State and meeting"),
        validators=[Needed(sentence("Enter the reference of the application.")), AtMost(40)],
        render_kw={"autocomplete": "off"},
    )
    document = StringField(
        sentence("Note verbale"),
        id="replacement-document",
        description=sentence("Its reference and date"),
        validators=[
            Needed(sentence("Enter reference and date of the note verbale that names the new delegate.")),
            AtMost(120),
        ],
    )
    typed = ("successor", "document")


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


def today_parts(form: TicketForm | QuoteForm) -> None:
    today = clock.today()
    form.day.parts = (str(today.day), str(today.month), str(today.year))
