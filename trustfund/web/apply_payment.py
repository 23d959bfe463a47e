"""Two pages of an application that are no part of a complete file: its papers, and where its person would be paid."""

from wtforms import MultipleFileField

from trustfund.core.refusal import sentence
from trustfund.models.applications import Application
from trustfund.operations.application_bank import unfinished
from trustfund.web.award_forms import BankForm, account_choices
from trustfund.web.forms import Form

TAKEN = {"accept": ".pdf,.jpg,.jpeg,.png"}
KINDS = {
    "note_verbale": ("note-verbale", sentence("Note verbale")),
    "passport": ("passport", sentence("Passport page")),
    "visa": ("visa", sentence("Visa")),
    "bank_form": ("bank-form", sentence("Bank form")),
}
"""Field of the page -> kind of the file, and what it is called."""
CALLED = dict(KINDS.values())


class FilesForm(Form):
    note_verbale = MultipleFileField(
        KINDS["note_verbale"][1],
        description=sentence("The letter with which your Government nominates you. The fund needs it."),
        render_kw=TAKEN,
    )
    passport = MultipleFileField(
        KINDS["passport"][1],
        description=sentence(
            "The page with your picture and the two lines at its foot. Needed before a ticket is bought."
        ),
        render_kw=TAKEN,
    )
    visa = MultipleFileField(
        KINDS["visa"][1], description=sentence("If you need one and have it already."), render_kw=TAKEN
    )
    bank_form = MultipleFileField(
        KINDS["bank_form"][1],
        description=sentence("A form or letter of your bank that shows the account, if you have one."),
        render_kw=TAKEN,
    )


class PaymentForm(Form):
    """The account as the page of an award asks for it; what is not right yet is kept for this page alone."""

    holder = BankForm.holder
    account = BankForm.account
    bic = BankForm.bic
    bank = BankForm.bank
    country = BankForm.country
    currency = BankForm.currency

    @classmethod
    def of(cls, own: Application) -> "PaymentForm":
        form = cls(**{"holder": own.full_name} | unfinished(own))
        form.country.choices, form.currency.choices = account_choices()
        return form

    @property
    def empty(self) -> bool:
        """Nothing of an account was typed; its holder stood there already."""
        return not (self.account.data or self.bic.data or self.bank.data)

    def details(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("holder", "account", "bic", "bank", "country", "currency")}

    def wrong(self, field: str, why: str) -> None:
        """The core's sentence at its field; at the account where the field is none of the page."""
        self._fields.get(field, self.account).errors = [why]
