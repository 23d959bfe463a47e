"""Papers of the applications of a mission's own State; those of another State are not here."""

from flask import Response
from flask_login import current_user

from trustfund.core.refusal import NotHere
from trustfund.models.applications import Application
from trustfund.operations import screening
from trustfund.operations.nominations import seen_by
from trustfund.web.missions import bp
from trustfund.web.papers_applications import confirmation_response
from trustfund.web.papers_decisions import letter_response


@bp.get("/applications/<ref:reference>/confirmation.pdf")
def confirmation(reference: str) -> Response:
    return confirmation_response(_of_the_state(reference))


@bp.get("/applications/<ref:reference>/letter.pdf")
def decision_letter(reference: str) -> Response:
    return letter_response(_of_the_state(reference))


def _of_the_state(reference: str) -> Application:
    found = screening.sent(reference)
    if not seen_by(found, current_user.account):
        raise NotHere("There is no such thing here.")
    return found
