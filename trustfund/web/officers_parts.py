"""One deposit for several pledges: recorded in parts, or split while it waits for its agreements."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, url_for
from wtforms import StringField
from wtforms.validators import Optional, ValidationError

from trustfund.core.money import amount_of
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, say, told
from trustfund.models.contributions import Pledge
from trustfund.models.fund import mandate_on
from trustfund.operations import contributions, parts
from trustfund.services import clock
from trustfund.web import bank_lines
from trustfund.web.forms import Needed, ReadForm
from trustfund.web.officers import bp, may_record, tell
from trustfund.web.officers_contributions import deposit_page
from trustfund.web.pledge_form import SplitForm

SHOWN = {"inputmode": "decimal", "autocomplete": "off"}


class InTheirCurrency:
    """An amount as the currency of the pledges has it, so that the page tells all mistakes at once; the deed asks
    again."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            amount_of(field.data, form.pledges[0].currency)
        except Refused as refused:
            raise ValidationError(told(refused)) from None


class SharesForm(ReadForm):
    """How much is for each agreement; ``form_for`` adds a field for each. ``version``: the last entry about any."""

    pledges: Sequence[Pledge] = ()
    bank_reference = bank_lines.reference()

    def amount_for(self, pledge: Pledge) -> Any:
        return self[f"part-{pledge.reference}"]

    def typed(self) -> dict[str, str]:
        """Pledge -> the amount of its part, of those that have one."""
        found = {pledge.reference: (self.amount_for(pledge).data or "").strip() for pledge in self.pledges}
        return {reference: text for reference, text in found.items() if text}


class PartsForm(SharesForm):
    """The same of a deposit as the bank has it."""

    amount = StringField(
        sentence("Amount received"),
        validators=[Needed(sentence("Enter the amount, for example 50000.00.")), InTheirCurrency()],
        render_kw=SHOWN,
    )
    value_date = bank_lines.value_date(sentence("As on the bank’s statement. For example, 12 6 2017"))
    bank_account = bank_lines.account()
    bank_reference = bank_lines.reference()  # after them on the page, and so in what is wrong


def form_for(kind: type[SharesForm], pledges: Sequence[Pledge]) -> Any:
    """With an amount for each pledge, all in one currency."""
    fields = {
        f"part-{pledge.reference}": StringField(validators=[Optional(), InTheirCurrency()], render_kw=SHOWN)
        for pledge in pledges
    }
    return type(kind.__name__, (kind,), {"pledges": pledges, **fields})()


@bp.route("/pledges/<ref:reference>/deposit-in-parts", methods=["GET", "POST"])
def deposit_in_parts(reference: str) -> Any:
    """A deposit for this and other agreements of its donor in its currency."""
    pledge = contributions.pledge_of(reference)
    open_ones = parts.open_pledges(db.session(), pledge)
    form = form_for(PartsForm, open_ones or [pledge])
    accounts = mandate_on(db.session(), clock.today()).bank_accounts
    form.bank_account.choices = [(a.code, in_words(a.name)) for a in accounts]
    if form.validate_on_submit() and (
        done := form.attempt(
            parts.record_in_parts,
            pledge.donor.reference,
            parts=form.typed(),
            amount=form.amount.data,
            value_date=form.value_date.data,
            bank_reference=form.bank_reference.data,
            bank_account=form.bank_account.data,
            seen=form.seen,
        )
    ):
        tell(say("The deposit is recorded in parts, the last as entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".pledge", reference=reference))
    if form.status == 409 or not form.version.data:
        pledge = contributions.pledge_of(reference)
        open_ones = parts.open_pledges(db.session(), pledge)
        form.version.data = str(max((one.seq for one in open_ones), default=pledge.seq))
    page = render_template(
        "officers/deposit_in_parts.html", pledge=pledge, pledges=open_ones, form=form, may_record=may_record()
    )
    return page, form.status if form.is_submitted() else 200


@bp.post("/deposits/<ref:reference>/parts")
def split_deposit(reference: str) -> Any:
    form = SplitForm()
    if form.validate_on_submit() and (done := form.attempt(parts.split, reference, amounts=form.lines())):
        said = sentence("The deposit is split: entry {seq} of the record. Attach each part to its agreement.")
        tell(say(said, seq=done.seq))
        return redirect(url_for(".deposit", reference=reference))
    return deposit_page(reference, split=form), form.status
