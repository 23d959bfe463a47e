"""What the forms of all doors share: the key of a deed, three-part dates, and how a refusal comes back to its field."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from flask import request
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField
from wtforms.i18n import get_translations
from wtforms.validators import StopValidation, ValidationError

from trustfund.core.refusal import KEPT, Refused, sentence
from trustfund.i18n import say, told
from trustfund.operations.operation import Done
from trustfund.services import chance, clock


@lru_cache(maxsize=8)
def _words_of_wtforms(language: str) -> Any:
    return get_translations([language])


class Form(FlaskForm):
    """A page's form. WTForms' own words come in the reader's language; what was typed always comes back."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _words_of_wtforms(str(get_locale()))

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is None or request.method != "POST":
                return None
            return MultiDict((name, text.replace("\0", "")) for name, text in request.form.items(multi=True))

    status = 422
    """With what a form that was not accepted is answered."""

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) for the summary at the top of the page."""
        return [(_first_id(f), str(error)) for f in self if f.name != "csrf_token" for error in f.errors]

    def refusals(self) -> list[str]:
        """What was refused of the page as a whole; each sentence says what has not changed."""
        stale = "csrf_token" in self.errors
        return [
            *(
                [say("This page was open for too long or in another window. Nothing has changed. Send it once more.")]
                if stale
                else []
            ),
            *map(str, self.form_errors),
        ]


class DeedForm(Form):
    """The form of a deed: a key that is spent when the deed happens."""

    key = HiddenField(default=chance.token)

    def attempt(self, deed: Callable[..., Done], *args: Any, **kwargs: Any) -> Done | None:
        """Do it; where the form itself is refused, the sentence goes to its field, and None comes back."""
        key = (self.key.data or "")[:64] or None
        try:
            return deed(*args, by=current_user.account.reference, at=clock.now(), key=key, **kwargs)
        except Refused as refused:
            if refused.rule not in ("form", "stale"):
                raise
            field = self._fields.get(refused.field)
            self.status = refused.status
            if field is not None:
                field.errors = [*field.errors, told(refused)]
            else:
                self.form_errors.append(told(refused))
            return None


class ReadForm(DeedForm):
    """A deed on something as it was read. ``version``: of the thing, as the page showed it."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version; where no version was sent, one that nothing has."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


class ToldForm(DeedForm):
    """The form of a page that itself tells a refusal for duties, money or designation, beside what was typed."""

    refused: Refused | None = None

    def attempt(self, deed: Callable[..., Done], *args: Any, **kwargs: Any) -> Done | None:
        try:
            return super().attempt(deed, *args, **kwargs)
        except Refused as refused:
            if refused.rule not in KEPT:
                raise
            self.refused, self.status = refused, refused.status
            return None


def refusal_in(form: ToldForm | None) -> dict[str, Any]:
    """What a page says of it: the refusal in the reader's language, and the entry that keeps the attempt."""
    refused = form.refused if form else None
    return {"refused": told(refused) if refused else "", "attempt": refused.values.get("seq") if refused else None}


class DateField(Field):
    """A date as day, month and year in three boxes; digits only, no script, no guess about their order.

    An error shows the example of the field's own hint.
    """

    def __init__(self, label: str, *, optional: bool = False, **kwargs: Any):
        super().__init__(label, **kwargs)
        self.optional = optional
        hinted = re.search(r"\d+ \d+ \d{4}", self.description)
        self.example = hinted[0] if hinted else "12 6 2017"
        self.parts = ("", "", "")
        self.data: date | None = None

    def _value(self) -> str:
        return ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        default = self.default() if callable(self.default) else self.default
        self.data = default if data is None or not isinstance(data, date) else data
        if self.data:
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata is not None and f"{self.name}-day" in formdata:
            parts = [formdata.get(f"{self.name}-{part}", "").strip()[:10] for part in ("day", "month", "year")]
            self.parts = parts[0], parts[1], parts[2]
            self.data = None

    def pre_validate(self, form: Any) -> None:
        day, month, year = self.parts
        if not any(self.parts):
            if not self.optional:
                raise ValidationError(say("Enter the day, the month and the year."))
            return
        figures = all(p.isascii() and p.isdecimal() for p in self.parts)
        if figures and len(year) < 4:
            raise ValidationError(
                say("Write the year with four figures, for example {year}.", year=self.example.split()[-1])
            )
        try:
            if not figures or len(year) != 4:
                raise ValueError
            self.data = date(int(year), int(month), int(day))
        except (ValueError, OverflowError):
            raise ValidationError(
                say(
                    "This is not a date. Enter day, month and year in figures, for example {example}.",
                    example=self.example,
                )
            ) from None


class GivenField(Field):
    """What is given on each day, as boxes to tick: ISO day -> kinds. The deed judges days and kinds."""

    def _value(self) -> str:
        return ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data: dict[str, list[str]] = data if isinstance(data, dict) else {}
        if formdata is not None:
            start = f"{self.name}-"
            self.data = {
                name.removeprefix(start): formdata.getlist(name) for name in sorted(formdata) if name.startswith(start)
            }


class Needed:
    """The field must be filled in; the sentence says with what."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, sentence: str):
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        if not (field.data or "").strip():
            raise StopValidation(say(self.sentence))


class AtMost:
    """The text has at most ``n`` characters."""

    def __init__(self, n: int):
        self.n = n

    def __call__(self, form: Any, field: Any) -> None:
        if len(field.data or "") > self.n:
            raise ValidationError(say(TOO_LONG, n=self.n))


class Offered:
    """One of the choices that the page offers."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in {value for value, _ in field.choices}:
            raise ValidationError(say("Choose one of those offered."))


TOO_LONG = sentence("This has more than {n} characters. Shorten it.")


def query(name: str, limit: int = 200) -> str:
    """A word of the address line, trimmed."""
    return request.args.get(name, "").replace("\0", "").strip()[:limit]


def query_day(name: str) -> date | None:
    """A day of the address line; what is no date is refused by name."""
    text = query(name, 20)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("“{text}” is not a date. Use year-month-day, for example 2017-06-12.", text=text) from None


def hidden(form: Form) -> Markup:
    """The hidden fields of a form: its token, and the key and version of a deed."""
    return Markup("").join(f(id=False) for f in form if f.type in ("HiddenField", "CSRFTokenField"))


def _first_id(field: Field) -> str:
    """Where the reader begins to answer: the first box of a date, the first of several choices."""
    return field.id + {"DateField": "-day", "RadioField": "-0", "InstalmentsField": "-0-day"}.get(field.type, "")
