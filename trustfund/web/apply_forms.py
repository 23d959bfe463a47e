"""The short pages of an application: what each asks, and what it says to a mistake. Any part of a page can be kept."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField, TelField

from trustfund.core.costs import days_of_journey
from trustfund.core.countries import STATES
from trustfund.core.money import CURRENCIES
from trustfund.core.passport import LONGEST_NUMBER, passport_name, passport_number, suggested_name
from trustfund.core.refusal import Refused, sentence
from trustfund.core.telephone import telephone
from trustfund.i18n import language, say
from trustfund.models.applications import Application
from trustfund.operations.answers import LARGEST_TEXTS
from trustfund.operations.assessment import NEEDED
from trustfund.operations.meetings import Frame
from trustfund.reports import words
from trustfund.web.apply_checks import Address, Born, ByRule, InItsCurrency, NearMeeting, NotAhead, Order, UnlessFollows
from trustfund.web.forms import AtMost, DateField, DeedForm, Form, Needed, Offered
from trustfund.web.pledge_form import COMMON_CURRENCIES

FOLLOWS = sentence("The note verbale is not here yet; it follows within {days} days")


def text(label: str, name: str, *, needed: Any = None, says: str = "", autocomplete: str = "off", **more: Any) -> Any:
    """A line of text as an application keeps it: without blanks around it, and no longer than its column."""
    kind = more.pop("kind", StringField)
    filters = more.pop("filters", [lambda typed: (typed or "").strip()])
    return kind(
        label,
        validators=[*([needed] if needed else []), AtMost(LARGEST_TEXTS[name]), *more.pop("validators", ())],
        filters=filters,
        description=says,
        render_kw={"autocomplete": autocomplete, "maxlength": LARGEST_TEXTS[name], **more.pop("render_kw", {})},
        **more,
    )


class ApplyForm(Form):
    """A page of the application. What is right on it is kept even while something else is wrong.

    ``own``: the application, None where there is none yet. ``seen``: the seal of its answers, as the page showed them.
    """

    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.own: Application | None = kwargs.get("obj")

    def right(self) -> dict[str, Any]:
        """The answers that can be kept: column -> value."""
        return {f.name: f.data for f in self if f.type not in ("CSRFTokenField", "HiddenField") and not f.errors}

    @property
    def only_unfinished(self) -> bool:
        """Whether nothing is wrong but what was not typed yet."""
        return not any(f.errors and (f.data or any(getattr(f, "parts", ()))) for f in self)

    def offer(self, frame: Frame) -> "ApplyForm":
        """Fill in what can be chosen, in the reader's language."""
        return self


class YouForm(ApplyForm):
    given_names = text(
        sentence("Given names"),
        "given_names",
        autocomplete="given-name",
        says=sentence("As in the passport, in any script. Leave it empty if your passport has one name."),
    )
    family_name = text(sentence("Family name"), "family_name", autocomplete="family-name")
    passport_name = text(
        sentence("Name in the two lines at the foot of the passport page (optional)"),
        "passport_name",
        validators=[ByRule(passport_name)],
        filters=[lambda typed: as_ruled(passport_name, typed)],
        render_kw={"spellcheck": "false", "autocapitalize": "characters"},
    )
    passport_number = StringField(
        sentence("Passport number (optional)"),
        validators=[AtMost(LONGEST_NUMBER * 2), ByRule(passport_number)],
        filters=[lambda typed: (typed or "").strip()],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST_NUMBER * 2},
    )
    gender = RadioField(sentence("Gender, as in the passport"), validators=[Offered()], validate_choice=False)
    date_of_birth = DateField(
        sentence("Date of birth"), description=sentence("For example, 27 3 1979"), validators=[Born()]
    )
    email = text(
        sentence("E-mail address"),
        "email",
        kind=EmailField,
        needed=Needed(sentence("Enter your e-mail address.")),
        autocomplete="email",
        says=sentence("Officers see this address; the fund writes to the address of your account."),
        validators=[Address()],
        filters=[lambda typed: (typed or "").strip().lower()],  # as of an account: equal ones are found
    )
    telephone = text(
        sentence("Telephone (optional)"),
        "telephone",
        kind=TelField,
        autocomplete="tel",
        says=sentence("With + and the code of the country. For example, +226 70 12 34 56"),
        validators=[ByRule(telephone)],
        filters=[lambda typed: as_ruled(telephone, typed)],
    )
    position = text(
        sentence("Position"),
        "position",
        needed=Needed(sentence("Enter your position, for example First Secretary.")),
        autocomplete="organization-title",
        says=sentence("For example, First Secretary"),
    )
    organisation = text(
        sentence("Ministry or organization"),
        "organisation",
        needed=Needed(sentence("Enter the ministry or organization for which you work.")),
        autocomplete="organization",
        says=sentence("For example, Ministry of Foreign Affairs"),
    )

    def offer(self, frame: Frame) -> "YouForm":
        self.gender.choices = [(code, say(called)) for code, called in words.GENDER.items()]
        suggested = suggested_name(self.given_names.data or "", self.family_name.data or "")
        self.passport_name.description = (
            say("Compare with your passport: by your names it is {name}", name=suggested)
            if suggested
            else say("Letters A to Z and <. For example, OUEDRAOGO<<AISSATA")
        )
        kept = self.own.passport_masked if self.own else ""
        self.passport_number.description = (
            say("Kept, and sealed: {masked}. Leave it empty to keep it, or write another.", masked=kept)
            if kept
            else say("It is sealed: pages show the last four characters alone.")
        )
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if not (self.given_names.data or self.family_name.data):
            self.given_names.errors = [say("Enter your name as in the passport: given names, family name, or its one.")]
            return False
        return good


class NominationForm(ApplyForm):
    state = SelectField(
        sentence("State that nominates you"),
        validators=[Needed(sentence("Choose your State.")), Offered()],
        validate_choice=False,
    )
    note_to_follow = BooleanField()
    note_verbale = text(
        sentence("Reference of the note verbale"),
        "note_verbale",
        needed=UnlessFollows(sentence("Enter the reference of the note verbale, or say above that it follows.")),
        says=sentence("As it stands at its head. For example, MFA/112"),
    )
    note_verbale_date = DateField(
        sentence("Date of the note verbale"),
        optional=True,
        description=sentence("For example, 8 1 2018"),
        validators=[NotAhead(), UnlessFollows(sentence("Enter the date of the note verbale."))],
    )
    government_order = StringField(
        sentence("Your Government’s order of preference (optional)"),
        description=sentence("If it nominates several delegates for this meeting: 1 for the first. The note says it."),
        render_kw={"inputmode": "numeric", "maxlength": 3, "autocomplete": "off"},
        filters=[lambda typed: order_of(typed)],
        validators=[Order()],
    )

    def offer(self, frame: Frame) -> "NominationForm":
        self.state.choices = [("", say("Choose a State")), *state_choices(frame.meeting.first_day)]
        self.note_to_follow.label.text = say(FOLLOWS, days=frame.mandate.setting("days_for_note_verbale"))
        return self


class JourneyForm(ApplyForm):
    home_city = text(
        sentence("City where your journey starts"),
        "home_city",
        needed=Needed(sentence("Enter the city where your journey starts.")),
        says=sentence("The city nearest to your home or office with an airport. For example, Port Sudan"),
        autocomplete="address-level2",
    )
    paid_elsewhere = RadioField(
        sentence("Does another source pay the whole journey?"),
        coerce=lambda value: yes_or_no(value),
        description=sentence("Your Government, an organization or another fund."),
    )
    others_pay = text(
        sentence("What another source pays of it (optional)"),
        "others_pay",
        says=sentence("For example, the hotel, by the host of another meeting"),
    )
    arrives_on = DateField(
        sentence("Arrival at the place of the meeting (optional)"),
        optional=True,
        validators=[NearMeeting()],
    )
    leaves_on = DateField(
        sentence("Departure from there (optional)"),
        optional=True,
        validators=[NearMeeting()],
    )
    fare = text(
        sentence("Your own estimate of the fare (optional)"),
        "fare",
        says=sentence("For information: the fund uses its own fare. For example, 1240.00"),
        validators=[InItsCurrency()],
        render_kw={"inputmode": "decimal"},
    )
    fare_currency = SelectField(
        sentence("Currency of the estimate (optional)"), validators=[Offered()], validate_choice=False
    )

    def offer(self, frame: Frame) -> "JourneyForm":
        self.paid_elsewhere.choices = [
            ("no", say("No, or only a part of it")),
            ("yes", say("Yes, all of it. Then the fund cannot pay this journey")),
        ]
        self.meeting = frame.meeting
        setting = frame.mandate.setting
        usual = days_of_journey(
            frame.meeting.days, before=setting("arrive_days_before"), after=setting("leave_days_after")
        )
        for field, day in zip((self.arrives_on, self.leaves_on), usual, strict=True):
            field.description = say(
                "The fund reckons with {day}. Enter a day only if yours is another. For example, {example}",
                day=day,
                example=f"{day.day} {day.month} {day.year}",
            )
        codes = dict.fromkeys(("", *COMMON_CURRENCIES, *sorted(CURRENCIES)))
        self.fare_currency.choices = [(code, code) for code in codes]
        return self

    def right(self) -> dict[str, Any]:
        """A fare and its currency are kept together or not at all; so are the two days."""
        apart: set[str] = set()
        for together in (("fare", "fare_currency"), ("arrives_on", "leaves_on")):
            if any(self[column].errors for column in together):
                apart |= {*together}
        return {column: value for column, value in super().right().items() if column not in apart}


class DeclareForm(DeedForm):
    """``seen``: the seal of the answers and files that the page shows."""

    seen = HiddenField()
    declared = BooleanField(
        sentence("What I say is true, and I know that the list is published under a reference instead of my name")
    )


@dataclass(frozen=True)
class Part:
    """A page of the application: its name, its form, and which answers of it the fund needs."""

    code: str
    title: str
    about: str
    form: type[ApplyForm]
    needs: tuple[str, ...]

    def answered(self, application: Application) -> int:
        return sum(bool(getattr(application, column)) for column in self.needs)

    def complete(self, application: Application) -> bool:
        return self.answered(application) == len(self.needs) and (self.form is not NominationForm or noted(application))

    def begun(self, application: Application) -> bool:
        """Whether its person has answered something; the address and the State come from the account."""
        given = {"email": application.account.email, "state": application.account.state} if application.account else {}
        return any(getattr(application, c) not in ("", None, given.get(c)) for c in (*self.needs, *_MORE[self.code]))


def noted(application: Application) -> bool:
    """Whether the note verbale is named, or said to follow."""
    return bool(application.note_to_follow or (application.note_verbale and application.note_verbale_date))


def state_choices(day: date) -> list[tuple[str, str]]:
    """All States by three letters and by their names on a day, in the order of the reader's language."""
    named = [(iso3, state.name_on(day, language())) for iso3, state in STATES.items()]
    return sorted(named, key=lambda choice: _without_accents(choice[1]))


def order_of(typed: object) -> object:
    """None for an empty line, a number for 1 to 999; what is neither stays a text, and is refused."""
    if not isinstance(typed, str):
        return typed
    typed = typed.strip()
    figures = typed.isascii() and typed.isdecimal() and len(typed) <= 3 and int(typed) > 0
    return int(typed) if figures else typed or None


def yes_or_no(value: object) -> bool:
    """What the browser sends, or what is kept; of anything else the field says that it is no choice."""
    if isinstance(value, str) and value not in ("yes", "no"):
        raise ValueError(value)
    return value == "yes" if isinstance(value, str) else bool(value)


def as_ruled(rule: Callable[[str], str], typed: str | None) -> str:
    """What was typed in its one spelling; what a rule refuses stays as it was typed."""
    text = (typed or "").strip()
    try:
        return rule(text)
    except Refused:
        return text


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


_YOU = ("full_name", "date_of_birth", "email", "position", "organisation")
_MORE: dict[str, tuple[str, ...]] = {
    "you": (),
    "nomination": ("note_verbale", "note_verbale_date"),
    "journey": (),
}
PARTS = {
    part.code: part
    for part in (
        Part("you", sentence("You"), sentence("Name as in the passport, contact, office"), YouForm, _YOU),
        Part(
            "nomination",
            sentence("Your State and nomination"),
            sentence("The State that nominates you, and its note verbale"),
            NominationForm,
            ("state",),
        ),
        Part("journey", sentence("Your journey"), sentence("Where it starts, who pays"), JourneyForm, ("home_city",)),
    )
}
assert {column for part in PARTS.values() for column in part.needs} == {column for column, _ in NEEDED}
