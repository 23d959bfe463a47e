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
from trustfund.web import equivalents
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered, ReadForm
from trustfund.web.instalments_form import UP_TO_SIX, InstalmentsField

COMMON_CURRENCIES = ("USD", "EUR", "CHF", "GBP", "JPY", "SEK", "NOK", "DKK", "CAD", "AUD")


class InItsCurrency:
    """An amount as its currency has it, so that the page tells all mistakes at once; the deed asks again."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            amount_of(field.data, form.currency.data)
        except Refused as refused:
            if refused.field == "amount":
                raise ValidationError(told(refused)) from None


class OfDonor(DeedForm):
    """Whose pledge it is, before all else."""

    donor = SelectField(
        sentence("Donor"), validators=[Needed(sentence("Choose the donor.")), Offered()], validate_choice=False
    )


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
    instalments = InstalmentsField(sentence("In instalments"), description=UP_TO_SIX)

    def offer(self) -> "PledgeForm":
        """Fill in what can be chosen, in the reader's language."""
        self.currency.choices = [(code, code) for code in dict.fromkeys((*COMMON_CURRENCIES, *sorted(CURRENCIES)))]
        self.purpose.choices = [(p.code, in_words(p.text)) for p in mandate_on(db.session(), clock.today()).purposes]
        self.earmark.choices = [(code, say(text)) for code, text in words.EARMARK.items()]
        return self

    def equivalent(self) -> equivalents.Equivalent | None:
        """What was typed is worth in dollars today."""
        return equivalents.of_typed(self.amount.data or "", self.currency.data or "")

    def terms(self) -> dict[str, object]:
        """What the deed is told."""
        return {
            "amount": self.amount.data,
            "currency": self.currency.data,
            "purpose": self.purpose.data,
            "earmark": self.earmark.data or "",
            "expected_on": self.expected_on.data,
            "instalments": self.instalments.data,
        }


class MetForm(ReadForm):
    """The condition of an agreement is met."""

    document = StringField(
        sentence("Document"),
        description=sentence("What says that it is met, for example, Note verbale 17/502"),
        validators=[Needed(sentence("Enter the document that says that the condition is met.")), AtMost(120)],
    )
    day = DateField(sentence("Day on which it was met"), description=sentence("For example, 12 6 2017"))


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


class SplitForm(DeedForm):
    """A deposit that waits is split, so that each part can be attached to an agreement of its own."""

    amounts = TextAreaField(
        sentence("Amounts of the parts"),
        description=sentence("One on each line; together they make the deposit"),
        validators=[Needed(sentence("Enter the amount of each part on a line of its own.")), AtMost(1000)],
        render_kw={"rows": 3, "inputmode": "decimal", "autocomplete": "off"},
    )

    def lines(self) -> list[str]:
        return [line.strip() for line in (self.amounts.data or "").splitlines() if line.strip()]


def donor_choices() -> list[tuple[str, str]]:
    """Every donor that the fund knows, by name."""
    return [
        (reference, name)
        for reference, name in db.session.execute(select(Donor.reference, Donor.name).order_by(Donor.name))
    ]
