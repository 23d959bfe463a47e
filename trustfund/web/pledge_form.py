"""The form of a pledge, for a donor and for an officer whom a donor's letter reached."""

from typing import Any

from sqlalchemy import select
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from trustfund.core.money import CURRENCIES, amount_of
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, say, told
from trustfund.models.contributions import Donor
from trustfund.models.fund import mandate_on
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, ReadForm

COMMON_CURRENCIES = ("USD", "EUR", "CHF", "GBP", "JPY", "SEK", "NOK", "DKK", "CAD", "AUD")


class InItsCurrency:
    """An amount as its currency has it, so that the page tells all mistakes at once; the deed asks again."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            amount_of(field.data, form.currency.data)
        except Refused as refused:
            if refused.field == "amount":
                raise ValidationError(told(refused)) from None


class PledgeForm(DeedForm):
    amount = StringField(
        sentence("Amount"),
        validators=[Needed(sentence("Enter the amount, for example 50000.00.")), InItsCurrency()],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
        description=sentence("Digits and a point, without separators. For example, 50000.00"),
    )
    currency = SelectField(sentence("Currency"), validate_choice=False)
    purpose = RadioField(
        sentence("What is it for?"),
        validators=[Needed(sentence("Choose what the pledge is for."))],
        validate_choice=False,
    )
    earmark = SelectField(
        sentence("Is it tied to something? (optional)"),
        validate_choice=False,
        description=sentence("Money that is not tied can be used where the need is greatest."),
    )
    expected_on = DateField(
        sentence("When is it expected? (optional)"), optional=True, description=sentence("For example, 30 6 2018")
    )

    def offer(self) -> "PledgeForm":
        """Fill in what can be chosen, in the reader's language."""
        self.currency.choices = [(code, code) for code in dict.fromkeys((*COMMON_CURRENCIES, *sorted(CURRENCIES)))]
        self.purpose.choices = [(p.code, in_words(p.text)) for p in mandate_on(db.session(), clock.today()).purposes]
        self.earmark.choices = [(code, say(text)) for code, text in words.EARMARK.items()]
        return self

    def terms(self) -> dict[str, object]:
        """What the deed is told."""
        return {
            "amount": self.amount.data,
            "currency": self.currency.data,
            "purpose": self.purpose.data,
            "earmark": self.earmark.data or "",
            "expected_on": self.expected_on.data,
        }


class UnpaidForm(ReadForm):
    """What will not come of an agreement is proposed to be written off."""

    authority = StringField(
        sentence("Document"),
        description=sentence("The authority for it, for example, Write-off advice 2018/1"),
        validators=[Needed(sentence("Enter the document of the authority.")), AtMost(120)],
    )
    reason = TextAreaField(
        sentence("Reason"),
        description=sentence("Say why: a second officer reads it before confirming."),
        validators=[Needed(sentence("Give the reason, in at most 2,000 characters.")), AtMost(2000)],
        render_kw={"rows": 3},
    )


def donor_choices() -> list[tuple[str, str]]:
    """Every donor that the fund knows, by name."""
    return [
        (reference, name)
        for reference, name in db.session.execute(select(Donor.reference, Donor.name).order_by(Donor.name))
    ]
