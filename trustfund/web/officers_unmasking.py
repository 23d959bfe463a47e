"""Officers and what is sealed of an application: why they need to see it; then the number, the account, the files."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import RadioField, TextAreaField

from trustfund.core.refusal import Masked, Refused, sentence
from trustfund.core.roles import Function
from trustfund.core.unmasking import MAY_SEE, REASONS, SEALED_FILES
from trustfund.extensions import db
from trustfund.i18n import list_of, say, told
from trustfund.models.applications import Application, Document
from trustfund.operations import screening, unmasking
from trustfund.operations.application_bank import bank_of
from trustfund.operations.passports import number_of
from trustfund.operations.screening import Case
from trustfund.reports import words, words_of_unmasking
from trustfund.services import clock
from trustfund.web.apply_payment import CALLED
from trustfund.web.forms import AtMost, DeedForm, Offered
from trustfund.web.officers import bp, tell

FIELDS = {
    "holder": sentence("Holder"),
    "account": sentence("Account"),
    "bic": sentence("BIC"),
    "bank": sentence("Bank"),
    "country": sentence("Country of the bank"),
    "currency": sentence("Currency"),
}
"""What bank details say, in the order in which they are shown."""


class UnmaskingForm(DeedForm):
    reason = RadioField(
        sentence("Why do you need to see it?"), id="reason", validators=[Offered()], validate_choice=False
    )
    words = TextAreaField(
        sentence("In your words"),
        id="words",
        description=sentence("Needed for another reason only. It is kept beside the entry; the traveller can read it."),
        validators=[AtMost(unmasking.LONGEST)],
        render_kw={"rows": 2},
    )


class Sealed:
    """What is sealed of an application, before the reader: masked, or in clear for a while."""

    def __init__(self, application: Application):
        self.application, self._reader, self._now = application, current_user.account, clock.now()
        self.shown = unmasking.shown_to(application)
        self.until = {
            what: unmasking.open_until(application, self.shown, what, self._reader, self._now) for what in MAY_SEE
        }
        self.reasons, self.called = words_of_unmasking.REASON, words_of_unmasking.WHAT

    def may(self, what: str) -> bool:
        """Whether the reader can give a reason."""
        return bool(self._reader.functions_on(self._now.date()) & MAY_SEE[what])

    def what_of(self, file: Document) -> str:
        """What a file shows that is still sealed for the reader; empty where it opens."""
        what = SEALED_FILES.get(file.kind, "")
        return "" if what and self.until[what] else what

    @property
    def number(self) -> str:
        """The passport number, as it may be shown."""
        return (number_of(self.application) if self.until["passport"] else "") or self.application.passport_masked

    @property
    def account(self) -> str:
        """The account that the application names, as it may be shown."""
        in_clear = bank_of(self.application).get("account", "") if self.until["bank"] else ""
        return in_clear or self.application.bank_masked


@bp.get("/documents/<ref:reference>")
def document(reference: str) -> Any:
    """A document, to be kept and opened apart: never shown inside a page of the fund. A sealed one asks why first."""
    try:
        found, content = unmasking.document_for(reference, current_user.account, clock.now())
    except Masked as masked:
        flash(told(masked))
        return redirect(url_for(".unmask", reference=masked.values["application"], what=masked.values["what"]), 303)
    response = Response(content, mimetype=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


@bp.route("/applications/<ref:reference>/sealed/<any(passport, bank):what>", methods=["GET", "POST"])
def unmask(reference: str, what: str) -> Any:
    """Masked with the form that asks why; once a reason is given, in clear on the same page."""
    form, found = UnmaskingForm(), screening.sent(reference)
    form.reason.choices = [(code, say(words_of_unmasking.REASON[code])) for code in REASONS[what]]
    if form.validate_on_submit() and (
        done := form.attempt(
            unmasking.unmask, reference, what=what, reason=form.reason.data, words=form.words.data or ""
        )
    ):
        tell(say("Why you looked is kept: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".unmask", reference=reference, what=what))
    sealed = Sealed(found)
    page = render_template(
        "officers/sealed.html",
        a=found,
        what=what,
        sealed=sealed,
        until=sealed.until[what],
        number=number_of(found) if what == "passport" and sealed.until[what] else "",
        accounts=unmasking.accounts_of(db.session(), found) if what == "bank" and sealed.until[what] else [],
        fields=FIELDS,
        document_kind=CALLED,
        files=[file for file in found.attachments if SEALED_FILES[file.kind] == what],
        kept=unmasking.is_kept(db.session(), found, what),
        form=form,
        why=_why_not(found, what),
    )
    return page, form.status if form.errors or form.form_errors else 200


def _why_not(application: Application, what: str) -> str:
    """Why the reader is shown nothing, whatever the reason; empty where a reason suffices."""
    today, account = clock.today(), current_user.account
    if not account.functions_on(today) & MAY_SEE[what]:
        functions = [say(words.FUNCTION[f]).lower() for f in Function if f in MAY_SEE[what]]
        return say("This is for an officer designated for {functions}.", functions=list_of(functions))
    case = Case(db.session(), application, today=today, at=clock.now())
    refused: Refused | None = case.why_not("personal.unmasked", account)
    return told(refused) if refused else ""
