"""A donor says in which language its papers are drawn, and whether it is named in public."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import BooleanField, RadioField

from trustfund.core.donors import MAY_BE_UNNAMED, PAPERS
from trustfund.core.refusal import sentence
from trustfund.i18n import LANGUAGES, say
from trustfund.operations import donors as who_gives
from trustfund.web.donors import bp
from trustfund.web.forms import Offered, ReadForm


class PapersForm(ReadForm):
    language = RadioField(sentence("Language of the papers"), validators=[Offered()], validate_choice=False)
    unnamed = BooleanField(
        sentence("Ask not to be named in public"),
        description=sentence("The amounts still count, under “A private donor”. Officers and auditors see the name."),
    )

    def offer(self) -> "PapersForm":
        self.language.choices = [(code, LANGUAGES[code]) for code in PAPERS]
        return self


@bp.route("/account", methods=["GET", "POST"])
def account() -> Any:
    donor = current_user.account.donor
    reference, seq = donor.reference, donor.seq
    form = PapersForm(data={"language": donor.language, "unnamed": donor.unnamed, "version": str(seq)}).offer()
    if form.validate_on_submit() and (
        done := form.attempt(
            who_gives.change,
            reference,
            language=form.language.data,
            unnamed=bool(form.unnamed.data) and donor.type in MAY_BE_UNNAMED,
            seen=form.seen,
        )
    ):
        flash(say("It is changed: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".account"))
    if form.status == 409:  # it is read anew
        form.version.data = str(current_user.account.donor.seq)
    page = render_template(
        "donors/account.html", form=form, donor=current_user.account.donor, may_be_unnamed=MAY_BE_UNNAMED
    )
    return page, form.status if form.is_submitted() else 200
