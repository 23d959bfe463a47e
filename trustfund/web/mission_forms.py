"""The forms of a mission: whom it nominates, which note verbale it sends for whom, in which order, and who is next."""

from collections.abc import Iterable
from typing import Any

from wtforms import EmailField, FileField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from trustfund.core.refusal import sentence
from trustfund.i18n import LANGUAGES, say
from trustfund.models.applications import Application
from trustfund.operations.answers import LARGEST_TEXTS
from trustfund.operations.screening import LONGEST
from trustfund.web.apply_checks import Address, NotAhead, Order
from trustfund.web.apply_forms import order_of, text
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered, ReadForm


def _language() -> SelectField:
    return SelectField(
        sentence("Language of the mail"),
        description=sentence("In which the fund writes to somebody whom it does not know yet."),
        validators=[Offered()],
        validate_choice=False,
    )


class Named:
    """Who has one name only has it in either of the two fields."""

    def __call__(self, form: Any, field: Any) -> None:
        if not (field.data or form.given_names.data):
            raise ValidationError(say("Enter the name of the delegate."))


class NominateForm(DeedForm):
    given_names = text(sentence("Given names"), "given_names", says=sentence("As in the passport, in any script."))
    family_name = text(sentence("Family name"), "family_name", validators=[Named()])
    email = text(
        sentence("E-mail address of the delegate"),
        "email",
        kind=EmailField,
        needed=Needed(sentence("Enter the e-mail address of the delegate.")),
        validators=[Address()],
        says=sentence("The fund writes to it, and asks the delegate to complete his or her part."),
    )
    position = text(sentence("Position (optional)"), "position", says=sentence("For example, First Secretary"))
    order = StringField(
        sentence("Order of priority (optional)"),
        description=sentence("1 for the delegate who should have a seat first."),
        render_kw={"inputmode": "numeric", "maxlength": 3, "autocomplete": "off"},
        filters=[lambda typed: order_of(typed)],
        validators=[Order()],
    )
    language = _language()

    def offer(self) -> "NominateForm":
        self.language.choices = list(LANGUAGES.items())
        return self


class NoteForm(DeedForm):
    who = SelectMultipleField(sentence("For which delegates?"), validate_choice=False)
    comes = RadioField(
        sentence("Is the note verbale here?"), default="now", validators=[Offered()], validate_choice=False
    )
    note = StringField(
        sentence("Reference of the note verbale"),
        description=sentence("As it stands at its head. For example, MFA/112"),
        filters=[lambda typed: (typed or "").strip()],
        validators=[AtMost(LARGEST_TEXTS["note_verbale"])],
        render_kw={"autocomplete": "off", "maxlength": LARGEST_TEXTS["note_verbale"]},
    )
    day = DateField(
        sentence("Date of the note verbale"),
        optional=True,
        description=sentence("For example, 8 1 2018"),
        validators=[NotAhead()],
    )
    file = FileField(
        sentence("File of the note verbale"),
        description=sentence("PDF, JPEG or PNG, up to 5 MB. A sharp photograph taken with a telephone is enough."),
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png"},
    )

    def offer(self, applications: Iterable[Application], days: int) -> "NoteForm":
        self.who.choices = [(one.reference, f"{one.full_name or one.email} ({one.public})") for one in applications]
        self.comes.choices = [
            ("now", say("Yes, here is its file")),
            ("later", say("It follows within {days} days, and the place is kept so long", days=days)),
        ]
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if not self.who.data:
            self.who.errors = [say("Choose the delegates whom the note verbale names.")]
            good = False
        if self.comes.data == "later":
            return good
        if not self.note.data:
            self.note.errors = [say("Enter the reference of the note verbale, or say that it follows.")]
            good = False
        if self.day.data is None and not self.day.errors:
            self.day.errors = [say("Enter the date of the note verbale.")]
            good = False
        return good


class AnswerForm(ReadForm):
    words = TextAreaField(
        sentence("Answer of the mission"),
        id="answer-words",
        description=sentence("The officer who decides reads these words as you write them."),
        validators=[Needed(sentence("Write your answer.")), AtMost(LONGEST)],
        render_kw={"rows": 4},
    )


class ReplaceForm(ReadForm):
    successor = RadioField(sentence("Who comes instead?"), validators=[Offered()], validate_choice=False)

    def offer(self, others: Iterable[Application]) -> "ReplaceForm":
        self.successor.choices = [(one.public, f"{one.full_name} ({one.public})") for one in others]
        return self


class FocalPointForm(DeedForm):
    name = StringField(
        sentence("Name"),
        filters=[lambda typed: (typed or "").strip()],
        validators=[Needed(sentence("Enter the name of the person.")), AtMost(140)],
        render_kw={"autocomplete": "off", "maxlength": 140},
    )
    email = text(
        sentence("E-mail address"),
        "email",
        kind=EmailField,
        needed=Needed(sentence("Enter the e-mail address of the person.")),
        validators=[Address()],
        says=sentence("A link to set a password goes to it."),
    )
    language = _language()

    def offer(self) -> "FocalPointForm":
        self.language.choices = list(LANGUAGES.items())
        return self
