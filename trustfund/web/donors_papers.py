"""The donors' papers: agreements, calls, certificates and statements, each only of the donor's own."""

from typing import Any

from trustfund.operations import contributions
from trustfund.web import papers_contributions, papers_years
from trustfund.web.donors import bp, own_donor


@bp.get("/pledges/<ref:reference>/agreement.pdf")
def agreement_paper(reference: str) -> Any:
    return papers_contributions.agreement_response(contributions.pledge_of(reference, own_donor()))


@bp.get("/pledges/<ref:reference>/calls/<int:number>.pdf")
def call(reference: str, number: int) -> Any:
    return papers_contributions.call_response(contributions.pledge_of(reference, own_donor()), number)


@bp.get("/certificates/<int:year>.pdf")
def certificate(year: int) -> Any:
    return papers_years.certificate_response(own_donor(), year)


@bp.get("/statements/<int:year>.pdf")
def statement(year: int) -> Any:
    return papers_years.statement_response(own_donor(), year)
