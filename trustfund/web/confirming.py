"""Before an act that moves money a person who typed the password long ago is asked once more who it is."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any

from flask import render_template, request
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import PasswordField, StringField

from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import told
from trustfund.models.fund import mandate_on
from trustfund.operations import second_factor
from trustfund.services import clock
from trustfund.web.forms import Form, Needed

View = Callable[..., Any]
ENTER_CODE = sentence("Enter the six figures that your telephone shows.")


class CodeField(StringField):
    """A code of six figures from a telephone."""

    def __init__(self, label: str, *, needed: bool = True, **kwargs: Any):
        super().__init__(
            label,
            validators=[Needed(ENTER_CODE)] if needed else [],
            description=sentence("Six figures, from the application on your telephone"),
            render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12},
            **kwargs,
        )


class ConfirmForm(Form):
    """Fields of its own names, so that no field of the form that waits is hidden by them."""

    confirm_password = PasswordField(
        sentence("Password"),
        validators=[Needed(sentence("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    confirm_code = CodeField(sentence("Code"))


def confirmed(view: View | None = None, *, then: str = "") -> Any:
    """Guards the POST of a view: ``@confirmed``, or ``@confirmed(then=sentence("Then the award is approved."))``.

    The form that came waits in hidden fields of the page that asks, with its key and version, and goes on to the view
    as it was; files do not. A form whose token is not ours goes on too: the view gives it back, and does nothing.
    """
    if view is None:
        return partial(confirmed, then=then)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        form, waiting = _form(), _waiting()
        if _fresh() or not Form().validate():
            _only(waiting)
            return view(*args, **kwargs)
        asked = form.confirm_password or form.confirm_code
        answered = asked.name in request.form
        if answered and form.validate() and _proved(form):
            _only(waiting)
            return view(*args, **kwargs)
        page = render_template("confirm.html", form=form, asked=asked, waiting=waiting, then=then, minutes=_minutes())
        return page, 422 if answered else 403  # either way the deed has not happened

    return guarded


def _minutes() -> int:
    return int(mandate_on(db.session(), clock.today()).setting("minutes_of_confirmation"))


def _fresh() -> bool:
    return clock.real_now() - current_user.sign_in.confirmed_at <= timedelta(minutes=_minutes())


def _form() -> ConfirmForm:
    """Asks for a code where a second factor is set, and else for the password."""
    form = ConfirmForm()
    if second_factor.in_force(current_user.account):
        del form.confirm_password
    else:
        del form.confirm_code
    return form


def _proved(form: ConfirmForm) -> bool:
    try:
        second_factor.confirm(
            current_user.sign_in,
            request.remote_addr or "",
            password=form.confirm_password.data if form.confirm_password else "",
            code=form.confirm_code.data if form.confirm_code else "",
        )
    except Refused as refused:
        if refused.status != 422:
            raise
        asked = form[f"confirm_{refused.field}"] if refused.field else None
        if asked:
            asked.errors = [told(refused)]
        else:
            form.form_errors.append(told(refused))
        return False
    return True


def _waiting() -> list[tuple[str, str]]:
    """The fields of the form that waits, in their order, every value of each."""
    own = ("confirm_password", "confirm_code")
    return [(name, text.replace("\0", "")) for name, text in request.form.items(multi=True) if name not in own]


def _only(fields: list[tuple[str, str]]) -> None:
    """The view finds the form as it first came: no password in it, which some page might show or keep."""
    request.form = ImmutableMultiDict(fields)
