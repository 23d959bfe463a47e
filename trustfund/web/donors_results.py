"""A donor looks at what its contributions did: in a year, or so far."""

from flask import Response, url_for
from flask_login import current_user

from trustfund.i18n import say
from trustfund.web.donors import bp
from trustfund.web.results_page import results_page, results_paper


@bp.get("/results")
@bp.get("/results/<int:year>")
def results(year: int | None = None) -> str:
    way = [(url_for(".desk"), say("My contributions"))]
    return results_page(current_user.account.donor, year, _address, way, own=True)


@bp.get("/results.pdf")
@bp.get("/results/<int:year>.pdf")
def results_file(year: int | None = None) -> Response:
    return results_paper(current_user.account.donor, year)


def _address(year: int | None, paper: bool) -> str:
    return url_for(".results_file" if paper else ".results", year=year)
