"""The forms of bank statements: a file, what its columns are, and what a line is."""

from typing import Any

from wtforms import FileField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from trustfund.core.refusal import sentence
from trustfund.i18n import in_words, say
from trustfund.services.statements import Mapping
from trustfund.services.statements.cells import DATE_FORMATS
from trustfund.services.statements.columns import COLUMNS
from trustfund.web.forms import AtMost, DeedForm, Form, Offered, ReadForm

NAMES = {
    "day": sentence("Day booked"),
    "value_date": sentence("Value date"),
    "amount": sentence("Amount with its sign"),
    "debit": sentence("Amount that went out"),
    "credit": sentence("Amount that came in"),
    "sign": sentence("Debit or credit, as a word or letter"),
    "balance": sentence("Balance after the line"),
    "currency": sentence("Currency"),
    "account": sentence("The fund’s account"),
    "bank_reference": sentence("Bank reference"),
    "reference": sentence("Reference of the payer"),
    "name": sentence("Name of the payer or payee"),
    "counterparty": sentence("Account of the payer or payee"),
    "text": sentence("What for"),
    "more_text": sentence("What for, second column"),
}
"""A part of a line -> what its column is called on the page."""
SEPARATORS = {
    ",": sentence("Comma"),
    ";": sentence("Semicolon"),
    "\t": sentence("Tab"),
    "|": sentence("Vertical line"),
}
DECIMALS = {".": sentence("Point: 1,234.56"), ",": sentence("Comma: 1.234,56")}
DAYS = {
    "YYYY-MM-DD": sentence("Year, month, day: 2018-01-24"),
    "YYYYMMDD": sentence("Year, month, day: 20180124"),
    "DD.MM.YYYY": sentence("Day, month, year: 24.01.2018"),
    "MM/DD/YYYY": sentence("Month, day, year: 01/24/2018"),
}
KINDS = {
    "unapplied": sentence("A deposit of a donor that waits for its agreement"),
    "interest": sentence("Interest that the bank paid"),
    "charge": sentence("A charge of the bank"),
}
"""What a line can be recorded as beside a deposit on a pledge, which has a button of its own."""


class FileForm(Form):
    statement = FileField(
        sentence("File of the bank"),
        description=sentence("MT940, camt.053 or CSV, at most 20 MB"),
        render_kw={"accept": ".sta,.mt940,.940,.txt,.xml,.csv"},
    )


class LineNumber:
    """The number of a line of a file, in figures."""

    def __call__(self, form: Any, field: Any) -> None:
        typed = str(field.data).strip()
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
            raise ValidationError(say("Enter the number of the line in figures, for example 1."))


class ArrangementForm(Form):
    """Whose account it is, and what the columns of a CSV are."""

    bank_account = SelectField(
        sentence("Account of the fund"),
        validate_choice=False,
        description=sentence("It is remembered for the bank’s number of this account."),
    )
    date_format = SelectField(sentence("How days are written"), validators=[Offered()], validate_choice=False)
    decimal = SelectField(sentence("What stands before the decimals"), validators=[Offered()], validate_choice=False)
    separator = SelectField(sentence("What stands between the columns"), validators=[Offered()], validate_choice=False)
    header = StringField(
        sentence("Line with the names of the columns"),
        description=sentence("Its number in the file, from 1; 0 if there is none"),
        default="1",
        validators=[LineNumber()],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4},
    )

    def offer(self, accounts: Any, names: list[str]) -> "ArrangementForm":
        self.bank_account.choices = [("", say("Choose"))] + [(a.code, in_words(a.name)) for a in accounts]
        self.date_format.choices = [(form, say(DAYS[form])) for form in DATE_FORMATS]
        self.decimal.choices = [(sign, say(text)) for sign, text in DECIMALS.items()]
        self.separator.choices = [(sign, say(text)) for sign, text in SEPARATORS.items()]
        for column in COLUMNS:
            kept = [self[column].data] if self[column].data and self[column].data not in names else []
            self[column].choices = [("", say("Not in the file"))] + [
                (n, n) for n in dict.fromkeys([*names, *kept]) if n
            ]
        return self

    @property
    def columns(self) -> list[Any]:
        return [self[column] for column in COLUMNS]

    @property
    def how(self) -> list[Any]:
        return [self.date_format, self.decimal, self.separator, self.header]

    def mapping(self, before: Mapping | None) -> Mapping:
        """What was chosen. Columns that were cut another way before have other names: they are chosen anew."""
        header = int(self.header.data or 0)
        cut = {"separator": self.separator.data, "header": header}
        if before and (before.separator, before.header) != (cut["separator"], header):
            return Mapping(**cut, date_format=self.date_format.data, decimal=self.decimal.data)
        chosen = {column: self[column].data or "" for column in COLUMNS}
        own = {"own_account": before.own_account, "own_currency": before.own_currency} if before else {}
        return Mapping(**chosen, **cut, **own, date_format=self.date_format.data, decimal=self.decimal.data)


for _column, _label in NAMES.items():
    setattr(ArrangementForm, _column, SelectField(_label, validate_choice=False))


class MatchForm(DeedForm):
    """``entries``: of the books; ``lines``: that are one entry together with this one."""

    entries = SelectMultipleField(choices=[], validate_choice=False)
    lines = SelectMultipleField(choices=[], validate_choice=False)


class RecordForm(ReadForm):
    """What a line is, where the books do not have it yet. ``pledge`` and ``version``: of a button beside a pledge."""

    kind = RadioField(sentence("What it is"), validators=[Offered()], validate_choice=False)
    donor = SelectField(
        sentence("Donor"), description=sentence("Only of a deposit that waits for its agreement"), validate_choice=False
    )
    bank_reference = StringField(
        sentence("Bank reference"),
        description=sentence("As the books will have it: each is used once"),
        validators=[AtMost(80)],
        render_kw={"autocomplete": "off"},
    )
    pledge = HiddenField()

    def offer(self, comes_in: bool, donors: list[tuple[str, str]]) -> "RecordForm":
        shown = ("unapplied", "interest") if comes_in else ("charge",)
        self.kind.choices = [(kind, say(KINDS[kind])) for kind in shown]
        self.donor.choices = [("", say("Choose")), *donors]
        return self


class UndoForm(ReadForm):
    """``version``: the entry of the match."""
