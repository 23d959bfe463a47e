"""A person's own account, whatever the role: the second factor is set and removed here."""

from typing import Any

import pyotp
import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import PasswordField

from trustfund.core.refusal import sentence
from trustfund.i18n import say
from trustfund.operations import second_factor
from trustfund.web.confirming import CodeField, confirmed
from trustfund.web.forms import DeedForm, Form

bp = Blueprint("account", __name__, url_prefix="/account")


class SetForm(DeedForm):
    code = CodeField(sentence("Code"))


class RemoveForm(DeedForm):
    code = CodeField(sentence("Code"), needed=False)
    password = PasswordField(
        sentence("Or, without your telephone, your password"), render_kw={"autocomplete": "current-password"}
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        if not (self.code.data or "").strip() and not self.password.data:
            self.code.errors = [say("Enter a code or your password.")]
            return False
        return good


@bp.get("/second-factor")
def second_factor_page() -> str:
    return _page()


@bp.post("/second-factor/secret")
@confirmed(then=sentence("Then a new secret is made, for you to scan with your telephone."))
def begin_second_factor() -> Any:
    form = Form()
    if not form.validate_on_submit():
        return _page(form), form.status
    second_factor.begin(current_user.account)
    return redirect(url_for(".second_factor_page"))


@bp.post("/second-factor")
@confirmed(then=sentence("Then your second factor is in force, if its code is still the right one."))
def set_second_factor() -> Any:
    form = SetForm()
    if form.validate_on_submit() and (done := form.attempt(second_factor.put_in_force, form.code.data)):
        said = sentence("Your second factor is set. From the next sign-in on a code is asked for. Entry {seq}.")
        flash(say(said, seq=done.seq))
        return redirect(url_for(".second_factor_page"))
    return _page(form), form.status


@bp.post("/second-factor/removal")
def remove_second_factor() -> Any:
    form = RemoveForm()
    if form.validate_on_submit() and form.attempt(
        second_factor.remove,
        code=form.code.data,
        password=form.password.data,
        address=request.remote_addr or "",
    ):
        flash(say("Your second factor is removed. Your password alone opens your account."))
        return redirect(url_for(".second_factor_page"))
    return _page(form), form.status


def _page(form: Form | None = None) -> str:
    """The same page whatever was sent: what the person may do next, and what was refused of the form."""
    account = current_user.account
    since = second_factor.in_force(account)
    secret = None if since else second_factor.begun(account)
    wanted = RemoveForm if since else SetForm if secret else Form
    return render_template(
        "account/second_factor.html",
        sent=form,
        form=form if type(form) is wanted else wanted(formdata=None),
        since=since,
        secret=secret,
        picture=_picture(secret, account.email) if secret else "",
    )


def _picture(secret: str, email: str) -> str:
    """What a telephone scans, as an image inside the page: no other address ever shows the secret."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="trustfund")
    return segno.make(address, error="m").svg_data_uri(scale=5, light="#fff")
