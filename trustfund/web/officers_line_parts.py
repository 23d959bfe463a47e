"""A line of the bank that is one deposit for several agreements of a donor: recorded in parts and matched in one."""

from typing import Any

from flask import redirect, render_template, url_for

from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.operations import contributions, explanations, parts, suspense
from trustfund.web.confirming import confirmed
from trustfund.web.forms import query
from trustfund.web.officers import bp
from trustfund.web.officers_parts import SharesForm, form_for
from trustfund.web.officers_selections import why_not
from trustfund.web.officers_suspense import NUMBER, line_of, to_the_next


@bp.route(f"/statements/<ref:reference>/{NUMBER}/parts", methods=["GET", "POST"])
@confirmed(then=sentence("Then the line is recorded."))
def line_in_parts(reference: str, number: int) -> Any:
    """``pledge`` in the address: one of the agreements; the others are those of its donor in its currency."""
    row, pledge = line_of(reference, number), contributions.pledge_of(query("pledge"))
    open_ones = parts.open_pledges(db.session(), pledge)
    form = form_for(SharesForm, open_ones or [pledge])
    if not form.is_submitted() and (row.amount <= 0 or suspense.matches_of(db.session(), [row.id])):
        return redirect(url_for(".bank_line", reference=reference, number=number))  # it says what the line is
    if form.validate_on_submit() and (
        done := form.attempt(
            explanations.record_in_parts,
            suspense.name_of(row),
            parts=form.typed(),
            bank_reference=form.bank_reference.data,
            seen=form.seen,
        )
    ):
        return to_the_next(
            say("The line is recorded in parts and matched: entry {seq} of the record.", seq=done.seq), reference
        )
    if not form.is_submitted():
        form.bank_reference.data = explanations.reference_of(row, row.statement)
    if form.status == 409 or not form.version.data:
        open_ones = parts.open_pledges(db.session(), contributions.pledge_of(pledge.reference))
        form.version.data = str(max((one.seq for one in open_ones), default=0))
    page = render_template(
        "officers/line_in_parts.html",
        line=row,
        name=suspense.name_of(row),
        donor=pledge.donor.name,
        pledge=pledge.reference,
        pledges=open_ones,
        form=form,
        why=why_not("line.matched") or why_not("deposit.recorded"),
    )
    return page, form.status if form.is_submitted() else 200
