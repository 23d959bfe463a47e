"""The papers that donors have, for the auditors: all of them, to be compared with the record."""

from typing import Any

from trustfund.operations import contributions
from trustfund.web import papers_contributions, papers_years
from trustfund.web.auditors import bp
from trustfund.web.officers_donors import donor_of


@bp.get("/pledges/<ref:reference>/agreement.pdf")
def agreement_paper(reference: str) -> Any:
    return papers_contributions.agreement_response(contributions.pledge_of(reference))


@bp.get("/pledges/<ref:reference>/calls/<int:number>.pdf")
def call(reference: str, number: int) -> Any:
    return papers_contributions.call_response(contributions.pledge_of(reference), number)


@bp.get("/donors/<ref:reference>/certificates/<int:year>.pdf")
def certificate(reference: str, year: int) -> Any:
    return papers_years.certificate_response(donor_of(reference), year)


@bp.get("/donors/<ref:reference>/statements/<int:year>.pdf")
def donor_statement(reference: str, year: int) -> Any:
    return papers_years.statement_response(donor_of(reference), year)
