"""A conditional agreement at the officers' door: its condition is met, and money that comes before that."""

from typing import Any

from flask import redirect, url_for

from trustfund.core.refusal import sentence
from trustfund.i18n import say
from trustfund.operations import conditions, contributions
from trustfund.web.officers import DepositForm, bp, pledge_page, tell
from trustfund.web.pledge_form import MetForm


@bp.post("/pledges/<ref:reference>/condition")
def meet_condition(reference: str) -> Any:
    form = MetForm()
    if form.validate_on_submit() and (
        done := form.attempt(conditions.meet, reference, document=form.document.data, day=form.day.data, seen=form.seen)
    ):
        said = sentence("The condition is met: entry {seq} of the record. From now on the contribution is receivable.")
        tell(say(said, seq=done.seq))
        return redirect(url_for(".pledge", reference=reference))
    return pledge_page(contributions.pledge_of(reference), met=form), form.status


@bp.post("/pledges/<ref:reference>/early-deposits")
def record_early_deposit(reference: str) -> Any:
    form = DepositForm()
    if form.validate_on_submit() and (
        done := form.attempt(
            conditions.record_early_deposit,
            reference,
            amount=form.amount.data,
            value_date=form.value_date.data,
            bank_reference=form.bank_reference.data,
            bank_account=form.bank_account.data,
            seen=form.seen,
        )
    ):
        said = sentence("The deposit is recorded: entry {seq} of the record. It waits until the condition is met.")
        tell(say(said, seq=done.seq), url_for(".deposit", reference=done.on), say("See the deposit"))
        return redirect(url_for(".pledge", reference=reference))
    return pledge_page(contributions.pledge_of(reference), deposit=form), form.status
