"""A delegate registers alone: an e-mail address, and the link that comes to it."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from wtforms import EmailField

from trustfund.core.refusal import Refused, sentence
from trustfund.i18n import language, told
from trustfund.operations import people, registration
from trustfund.services import clock
from trustfund.web.forms import Form, Needed
from trustfund.web.public import bp


class RegisterForm(Form):
    email = EmailField(
        sentence("E-mail address"),
        validators=[Needed(sentence("Enter your e-mail address."))],
        description=sentence("One that only you read: the link that comes to it opens your account."),
        render_kw={"autocomplete": "email"},
    )


@bp.route("/register", methods=["GET", "POST"])
def register() -> Any:
    """The answer is the same whether the fund knows the address or not."""
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            registration.register(form.email.data, language(), clock.now(), request.remote_addr or "")
        except Refused as refused:
            if refused.field != "email":
                raise
            form.email.errors = [told(refused)]
        else:
            session["registered"] = form.email.data.strip()[:254]
            return redirect(url_for(".registered"))
    return render_template("public/register.html", form=form), form.status if form.is_submitted() else 200


@bp.get("/register/sent")
def registered() -> Any:
    address = session.get("registered", "")
    return render_template("public/registered.html", address=address, hours=people.LINK_HOURS)
