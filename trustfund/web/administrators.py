"""The administrators' door: accounts, and nothing of the fund itself."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import case, select
from wtforms import EmailField, SelectField, StringField

from trustfund.core.countries import STATES
from trustfund.core.record import moment
from trustfund.core.refusal import sentence
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.i18n import LANGUAGES, language, say
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import people
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.forms import AtMost, DeedForm, Needed, Offered, query
from trustfund.web.paging import page_of
from trustfund.web.pledge_form import donor_choices

bp = Blueprint("administrators", __name__, url_prefix="/administrators")

PAGE = 25
CHANGES = {
    "suspend": (
        people.suspend_account,
        sentence("The account is suspended and signed out: entry {seq} of the record. You can make it active again."),
    ),
    "reinstate": (
        people.reinstate_account,
        sentence("The account is active again: entry {seq} of the record. The person can sign in."),
    ),
    "reset": (
        people.reset_account,
        sentence(
            "A new link was sent: entry {seq} of the record. Designations wait until they are confirmed again, and the "
            "auditors are told."
        ),
    ),
    "end": (people.end_account, sentence("The account has ended: entry {seq} of the record.")),
}
"""Change -> its deed, and what is said once it is done."""


class Naming(NamedTuple):
    """That a mission named a focal point. ``by``: the account of who did."""

    seq: int
    at: datetime
    by: str
    name: str


STANDINGS = {
    "active": sentence("Active"),
    "invited": sentence("Invited, no password yet"),
    "suspended": sentence("Suspended"),
    "ended": sentence("Ended"),
}
MAY = {
    "active": sentence("Suspend it, or send a new password link"),
    "invited": sentence("Send the link again"),
    "suspended": sentence("Make it active again, or end it"),
    "ended": sentence("Nothing more"),
}
TAGS = {"active": "go", "invited": "", "suspended": "wait", "ended": "stop"}
STANDS = case(
    (Account.ended_at.is_not(None), "ended"),
    (Account.suspended_at.is_not(None), "suspended"),
    (Account.password == "", "invited"),
    else_="active",
)
"""How an account stands, for people: one that is active and has no password yet is invited."""


@bp.get("/")
def desk() -> str:
    q, standing = query("q"), query("standing")
    found = select(Account.reference, Account.name, Account.email, Account.role, STANDS.label("standing"))
    if standing in STANDINGS:
        found = found.where(STANDS.in_([standing]))
    if q:
        found = found.where(Account.email.icontains(q, autoescape=True) | Account.name.icontains(q, autoescape=True))
    return render_template(
        "administrators/desk.html",
        page=page_of(found, Account.email, PAGE),
        q=q,
        standing=standing,
        standings=STANDINGS,
        tags=TAGS,
        may=MAY,
    )


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
        sentence("Donor (for a donor’s account)"),
        description=sentence("A donor stands here from its first contribution, or once a command named it."),
        default="",
        validators=[Offered()],
        validate_choice=False,
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
        flash(
            say(
                "The account is made: entry {seq} of the record. A link to set the password is on its way to {email}.",
                seq=done.seq,
                email=form.email.data,
            )
        )
        return redirect(url_for(".account", reference=done.on))
    return render_template("administrators/new_account.html", form=form), form.status if form.is_submitted() else 200


@bp.get("/accounts/<ref:reference>")
def account(reference: str) -> str:
    return _account_page(reference)


@bp.post("/accounts/<ref:reference>/<any(suspend, reinstate, reset, end):change>")
def change_account(reference: str, change: str) -> Any:
    deed, said = CHANGES[change]
    form = DeedForm()
    if form.validate_on_submit() and (done := form.attempt(deed, reference)):
        flash(say(said, seq=done.seq))
        return redirect(url_for(".account", reference=reference))
    return _account_page(reference, form), form.status


def _account_page(reference: str, form: DeedForm | None = None) -> str:
    found = db.one_or_404(select(Account).where(Account.reference == reference))
    return render_template(
        "administrators/account.html",
        account=found,
        state=STATES[found.state].name_on(clock.today(), language()) if found.state in STATES else found.state,
        standing="invited" if found.standing == "active" and not found.password else found.standing,
        standings=STANDINGS,
        tags=TAGS,
        named=_naming_of(reference),
        form=form or DeedForm(formdata=None),
    )


def _naming_of(reference: str) -> Naming | None:
    """Who of a mission named this account its next focal point; None for one that an administrator made."""
    found = db.session.execute(
        select(Event.seq, Event.at, Account.reference, Account.name, Account.email)
        .join(Account, Account.reference == Event.actor)
        .where(Event.subject == reference, Event.action == "focal-point.named")
        .order_by(Event.seq)
        .limit(1)
    ).first()
    return Naming(found.seq, moment(found.at), found.reference, found.name or found.email) if found else None
