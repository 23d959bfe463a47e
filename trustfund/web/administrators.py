"""The administrators' door: accounts, and nothing of the fund itself."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import select
from wtforms import EmailField, SelectField, StringField

from trustfund.core.refusal import sentence
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.i18n import LANGUAGES, say
from trustfund.models.people import Account
from trustfund.operations import people
from trustfund.reports import words
from trustfund.web.forms import AtMost, DeedForm, Needed, Offered, query
from trustfund.web.paging import page_of
from trustfund.web.pledge_form import donor_choices

bp = Blueprint("administrators", __name__, url_prefix="/administrators")

PAGE = 50
CHANGES = {
    "suspend": (people.suspend_account, sentence("The account is suspended and signed out.")),
    "reinstate": (people.reinstate_account, sentence("The account is active again.")),
    "reset": (people.reset_account, sentence("A new link was sent. Designations wait until they are confirmed again.")),
    "end": (people.end_account, sentence("The account has ended.")),
}


@bp.get("/")
def desk() -> str:
    q = query("q")
    found = select(Account.reference, Account.name, Account.email, Account.role, Account.suspended_at, Account.ended_at)
    if q:
        found = found.where(Account.email.icontains(q, autoescape=True) | Account.name.icontains(q, autoescape=True))
    return render_template("administrators/desk.html", page=page_of(found, Account.email, PAGE), q=q)


class AccountForm(DeedForm):
    email = EmailField(
        sentence("E-mail address"),
        validators=[Needed(sentence("Enter the e-mail address."))],
        render_kw={"autocomplete": "off"},
    )
    name = StringField(
        sentence("Name"), default="", validators=[AtMost(140)], description=sentence("As the person writes it")
    )
    role = SelectField(sentence("Role"), validators=[Offered()], validate_choice=False)
    language = SelectField(sentence("Language of mails"), validators=[Offered()], validate_choice=False)
    donor = SelectField(
        sentence("Donor (for a donor’s account)"), default="", validators=[Offered()], validate_choice=False
    )
    state = StringField(
        sentence("State (for a mission’s account)"),
        default="",
        validators=[AtMost(3)],
        description=sentence("Three letters of ISO 3166, for example NPL"),
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
def new_account() -> Any:
    form = AccountForm()
    form.role.choices = [(r.value, say(words.ROLE[r])) for r in Role]
    form.language.choices = list(LANGUAGES.items())
    form.donor.choices = [("", ""), *donor_choices()]
    if form.validate_on_submit() and (
        done := form.attempt(
            people.create_account,
            form.email.data,
            role=form.role.data,
            name=form.name.data,
            language=form.language.data,
            donor=form.donor.data,
            state=form.state.data.strip().upper(),
        )
    ):
        flash(say("The account is made. A link to set the password is on its way to {email}.", email=form.email.data))
        return redirect(url_for(".account", reference=done.on))
    return render_template("administrators/new_account.html", form=form), form.status if form.is_submitted() else 200


@bp.get("/accounts/<ref:reference>")
def account(reference: str) -> str:
    return _account_page(reference)


@bp.post("/accounts/<ref:reference>/<any(suspend, reinstate, reset, end):change>")
def change_account(reference: str, change: str) -> Any:
    deed, said = CHANGES[change]
    form = DeedForm()
    if form.validate_on_submit() and form.attempt(deed, reference):
        flash(say(said))
        return redirect(url_for(".account", reference=reference))
    return _account_page(reference, form), form.status


def _account_page(reference: str, form: DeedForm | None = None) -> str:
    found = db.one_or_404(select(Account).where(Account.reference == reference))
    return render_template("administrators/account.html", account=found, form=form or DeedForm(formdata=None))
