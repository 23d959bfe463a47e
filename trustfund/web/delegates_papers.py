"""Papers of an application at the delegates' door, and the code that shows where it stands without signing in."""

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_login import current_user

from trustfund.operations import applications, lookup
from trustfund.web import code_shown
from trustfund.web.delegates import bp
from trustfund.web.forms import Form
from trustfund.web.papers_applications import confirmation_response
from trustfund.web.papers_decisions import letter_response


@bp.get("/applications/<ref:reference>/confirmation.pdf")
def confirmation(reference: str) -> Response:
    return confirmation_response(applications.own(reference, current_user.account), own=True)


@bp.get("/applications/<ref:reference>/letter.pdf")
def decision_letter(reference: str) -> Response:
    return letter_response(applications.own(reference, current_user.account))


@bp.post("/applications/<ref:reference>/code")
def new_code(reference: str) -> Any:
    """Another code, for who lost it. It is shown once, on the page that follows."""
    own, form = applications.own(reference, current_user.account), Form()
    if form.validate():
        code_shown.show(own.reference, lookup.renew(own.reference, current_user.account))
    else:
        flash(" ".join(form.refusals()))
    return redirect(url_for(".application", reference=own.reference, _anchor="code"))
