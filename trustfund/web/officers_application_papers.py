"""Papers of an application at the officers' door: without the code, which is its person's alone."""

from flask import Response

from trustfund.operations import screening
from trustfund.web.officers import bp
from trustfund.web.papers_applications import confirmation_response
from trustfund.web.papers_decisions import letter_response


@bp.get("/applications/<ref:reference>/confirmation.pdf")
def confirmation(reference: str) -> Response:
    return confirmation_response(screening.sent(reference))


@bp.get("/applications/<ref:reference>/letter.pdf")
def decision_letter(reference: str) -> Response:
    return letter_response(screening.sent(reference))
