"""What officers fill in on an award: one form a deed, each against the version that was read."""

from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.i18n import amount, say
from trustfund.models.awards import Award
from trustfund.operations import journeys
from trustfund.operations.offers import METHODS
from trustfund.services import clock
from trustfund.web.award_page import AwardPage
from trustfund.web.forms import AtMost, DateField, Needed, Offered, ReadForm, ToldForm

METHOD = {"cash": sentence("In cash at the meeting"), "bank": sentence("By bank transfer")}
REASON = sentence("Write the reason, in at most 2,000 characters.")
USD = {"inputmode": "decimal", "autocomplete": "off"}


class AwardForm(ReadForm, ToldForm):
    """A deed on an award, or on a preparatory activity. ``typed``: the names of the fields that the deed takes."""

    typed: ClassVar[tuple[str, ...]] = ()

    def given(self) -> dict[str, Any]:
        known = {name: self[name].data for name in self.typed if name in self}
        return {name: "" if data is None else data for name, data in known.items()}

    def offer(self, award: Award) -> None:
        """What can be chosen, in the reader's language."""

    def fill(self, page: AwardPage, fresh: bool) -> None:
        """What the page knows: the version, choices; what stands now, where the form is ``fresh``."""
        self.offer(page.award)
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
    day = DateField(sentence("Issued on"), id="ticket-day", default=clock.today)
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
    day = DateField(sentence("Quoted on"), id="quote-day", default=clock.today)
    choose = BooleanField(sentence("The award is certified with this quote"))
    typed = ("route", "source", "amount", "day", "choose")


class ChoiceForm(AwardForm):
    number = RadioField(sentence("Which quote?"), id="choice", validators=[Offered()], validate_choice=False)

    def given(self) -> dict[str, Any]:
        return {"number": int(self.number.data)}

    def offer(self, award: Award) -> None:
        self.number.choices = [(str(q.number), f"{amount(major(q.usd, 'USD'))} USD: {q.route}") for q in award.quotes]

    def fill(self, page: AwardPage, fresh: bool) -> None:
        super().fill(page, fresh)
        if fresh and (quote := journeys.chosen(page.award.quotes)):
            self.number.data = str(quote.number)


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

    def offer(self, award: Award) -> None:
        for field in (self.days_before, self.days_after):
            field.choices = [(str(n), str(n)) for n in range(8)]

    def fill(self, page: AwardPage, fresh: bool) -> None:
        super().fill(page, fresh)
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
        method = {"method": self.method.data} if self.answer.data == "accepted" and self.method else {}
        return {**method, "document": self.document.data}

    def offer(self, award: Award) -> None:
        accepts = [("accepted", say("The seat is accepted"))] if award.stage == "proposed" else []
        self.answer.choices = [*accepts, ("declined", say("The seat is declined"))]
        if accepts:
            self.method.choices = [(code, say(METHOD[code])) for code in METHODS]
        elif self.method:
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
