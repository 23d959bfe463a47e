"""The forms with which a delegate answers an offer, says where to be paid, and claims after the journey."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.core import get_global
from wtforms import BooleanField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from trustfund.core import bank
from trustfund.core.money import CURRENCIES, amount_of
from trustfund.core.refusal import sentence
from trustfund.i18n import say
from trustfund.operations.allowances import KINDS
from trustfund.operations.claims import TRIPS
from trustfund.services import clock
from trustfund.web.apply_checks import ByRule, NotAhead
from trustfund.web.apply_forms import state_choices
from trustfund.web.forms import AtMost, DateField, GivenField, Needed, Offered, ReadForm
from trustfund.web.pledge_form import COMMON_CURRENCIES

REPORT, MESSAGE = 4000, 2000  # characters, as the deed takes them
METHODS = (
    ("bank", sentence("By bank transfer, to an account of yours")),
    ("cash", sentence("In cash at the meeting, in US dollars")),
)
FILES = ".pdf,.jpg,.jpeg,.png"
OPTIONAL_AMOUNT = sentence("Leave it empty where you paid none. For example, 160.00")


class UnlessBic:
    def __call__(self, form: Any, field: Any) -> None:
        if not (field.data or form.bic.data):
            raise StopValidation(say("Enter the BIC of the bank, or its name."))


class AnswerForm(ReadForm):
    method = RadioField(
        sentence("How do you want to be paid?"),
        description=sentence("The advance before the journey, and what is still owed after it."),
        validators=[Needed(sentence("Choose how you are paid: by bank transfer, or in cash at the meeting."))],
        validate_choice=False,
    )

    def offer(self) -> "AnswerForm":
        self.method.choices = [(code, say(called)) for code, called in METHODS]
        return self


def line(label: str, most: int, *validators: Any, says: str = "", **keywords: Any) -> StringField:
    """A line of text without blanks around it."""
    return StringField(
        label,
        validators=[*validators, AtMost(most)],
        filters=[lambda typed: (typed or "").strip()],
        description=says,
        render_kw={"autocomplete": "off", "maxlength": most, **keywords},
    )


class BankForm(ReadForm):
    holder = line(
        sentence("Holder of the account"),
        140,
        Needed(sentence("Enter the holder of the account, as the bank writes it.")),
        says=sentence("As the bank writes it. The account must be yours."),
    )
    account = line(
        sentence("IBAN, or account number"),
        60,
        Needed(sentence("Enter the IBAN or the account number.")),
        ByRule(bank.account_number),
        says=sentence("With or without spaces. For example, DE89 3704 0044 0532 0130 00"),
        spellcheck="false",
    )
    bic = line(
        sentence("BIC of the bank (SWIFT code)"),
        16,
        ByRule(bank.bic),
        says=sentence("8 or 11 characters. If you do not know it, leave it empty and write the name of the bank."),
        spellcheck="false",
    )
    bank = line(
        sentence("Name of the bank"), 140, UnlessBic(), says=sentence("Needed where you have no BIC. With its town.")
    )
    country = SelectField(
        sentence("Country of the bank (optional)"), validators=[Offered()], validate_choice=False, default=""
    )
    currency = SelectField(
        sentence("Currency of the account"),
        validators=[Offered()],
        validate_choice=False,
        default="USD",
        description=sentence("The fund pays US dollars at the rate of the day of payment."),
    )
    sure = BooleanField(sentence("Yes, change it, though officers must then look at my award once more"))

    def offer(self) -> "BankForm":
        """Fill in what can be chosen, in the reader's language."""
        self.country.choices, self.currency.choices = account_choices()
        return self

    def details(self) -> dict[str, str]:
        names = ("holder", "account", "bic", "bank", "country", "currency")
        return {name: self[name].data or "" for name in names}


def account_choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Of which country a bank can be, and in which currency its account."""
    currencies = dict.fromkeys((*COMMON_CURRENCIES, *sorted(CURRENCIES)))
    return [("", say("Choose a country")), *countries()], [(code, code) for code in currencies]


def countries() -> list[tuple[str, str]]:
    """All States by two letters and by their names, in the order of the reader's language."""
    aliases = get_global("territory_aliases")
    return [(aliases[iso3][0], name) for iso3, name in state_choices(clock.today())]


class NotBeforeArrival:
    def __call__(self, form: Any, field: Any) -> None:
        if field.data and form.arrived_on.data and field.data < form.arrived_on.data:
            raise ValidationError(say("The day of departure lies before the day of arrival."))


class ClaimForm(ReadForm):
    arrived_on = DateField(
        sentence("Arrival at the place of the meeting"),
        description=sentence("For example, 19 2 2018"),
        validators=[NotAhead()],
    )
    left_on = DateField(
        sentence("Departure from there"),
        description=sentence("For example, 23 2 2018"),
        validators=[NotAhead(), NotBeforeArrival()],
    )
    given = GivenField(sentence("What others gave you"))
    trips = SelectField(
        sentence("Trips between airport or station and town that you paid for"),
        coerce=int,
        validators=[Offered()],
        validate_choice=False,
        default=TRIPS,
        description=sentence("A return journey has four: two at home, two at the place of the meeting."),
    )
    visa = StringField(
        sentence("Visa fee that you paid, in US dollars (optional)"),
        description=OPTIONAL_AMOUNT,
        validators=[AtMost(20), ByRule(lambda text: amount_of(text, "USD"))],
        filters=[lambda typed: "" if not (typed or "").strip().strip("0.") else typed.strip()],
        render_kw={"inputmode": "decimal", "autocomplete": "off", "maxlength": 20},
    )
    boarding_pass = FileField(sentence("Boarding pass"), render_kw={"accept": FILES})
    receipt = FileField(sentence("Receipt"), render_kw={"accept": FILES})
    report = TextAreaField(
        sentence("Short report of the meeting"),
        description=sentence("What you took part in, what your Government takes from it. At most 4,000 characters."),
        validators=[Needed(sentence("Write the short report of the meeting: a few sentences.")), AtMost(REPORT)],
        filters=[lambda typed: (typed or "").strip()],
        render_kw={"rows": 8, "maxlength": REPORT},
    )
    message = TextAreaField(
        sentence("Message to the officer (optional)"),
        description=sentence("For example, why a boarding pass is wanting. At most 2,000 characters."),
        validators=[AtMost(MESSAGE)],
        filters=[lambda typed: (typed or "").strip()],
        render_kw={"rows": 3, "maxlength": MESSAGE},
    )
    declared = BooleanField(sentence("What I wrote is true, and nobody else pays me for the same"))

    def offer(self, nights: Sequence[date]) -> "ClaimForm":
        """Fill in what can be chosen; of the boxes keep those that the page offers."""
        self.trips.choices = [(n, str(n)) for n in range(TRIPS, -1, -1)]
        offered, typed = {night.isoformat() for night in nights}, self.given.data
        self.given.data = {
            day: kept for day in sorted(offered) if (kept := [kind for kind in KINDS if kind in typed.get(day, ())])
        }
        return self

    def told(self) -> list[tuple[str, str]]:
        """Everything that was typed, as fields of a page that asks nothing again: name, text."""
        kept = [(name, self[name].data or "") for name in ("visa", "report", "message")]
        for name in ("arrived_on", "left_on"):
            kept += [
                (f"{name}-{part}", text) for part, text in zip(("day", "month", "year"), self[name].parts, strict=True)
            ]
        given = [(f"given-{day}", kind) for day, kinds in self.given.data.items() for kind in kinds]
        return [*kept, ("trips", str(self.trips.data)), *given]
