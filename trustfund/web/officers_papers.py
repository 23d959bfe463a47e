"""Papers of contributions at the officers' door: an agreement is drawn up, and all of a donor's papers are taken."""

from typing import Any

from flask import redirect, url_for

from trustfund.i18n import say
from trustfund.operations import agreement_drafts, contributions
from trustfund.web import papers_contributions, papers_years
from trustfund.web.draft_form import DraftForm
from trustfund.web.officers import bp, pledge_page, tell
from trustfund.web.officers_donors import donor_of


@bp.post("/pledges/<ref:reference>/draft")
def draw_up_agreement(reference: str) -> Any:
    form = DraftForm()
    if form.validate_on_submit() and (
        done := form.attempt(
            agreement_drafts.draw_up, reference, condition=form.draft_condition.data or "", seen=form.seen
        )
    ):
        said = say("The agreement is drawn up: entry {seq} of the record. Its donor is told by mail.", seq=done.seq)
        tell(said, url_for(".agreement_paper", reference=reference), say("Take it, to be signed"))
        return redirect(url_for(".pledge", reference=reference))
    return pledge_page(contributions.pledge_of(reference), draft=form), form.status


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
