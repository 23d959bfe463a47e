"""What was paid above an agreement: agreed after all, or paid back by two officers."""

from typing import Any

from flask import redirect, render_template, url_for
from sqlalchemy import select
from wtforms import StringField

from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, say
from trustfund.models.contributions import Pledge
from trustfund.models.fund import mandate_on
from trustfund.models.selections import Proposal
from trustfund.operations import contributions, overpayments, proposals
from trustfund.services import clock
from trustfund.web import bank_lines
from trustfund.web.confirming import confirmed
from trustfund.web.forms import AtMost, DateField, Needed, ReadForm
from trustfund.web.officers import bp, tell
from trustfund.web.officers_selections import PROPOSED, reason_field, why_not


class AgreedAfterwardsForm(ReadForm):
    document = StringField(
        sentence("Document of the agreement"),
        description=sentence("For example, Note verbale 17/418"),
        validators=[Needed(sentence("Enter the symbol of the agreement.")), AtMost(120)],
    )
    day = DateField(sentence("Date of the agreement"), description=sentence("For example, 2 5 2017"))


class PaidBackForm(ReadForm):
    bank_account = bank_lines.account()
    value_date = bank_lines.value_date()
    bank_reference = bank_lines.reference()
    reason = reason_field()


@bp.get("/pledges/<ref:reference>/overpayment")
def overpayment(reference: str) -> str:
    return _page(reference)


@bp.post("/pledges/<ref:reference>/overpayment/agreement")
def agree_overpayment(reference: str) -> Any:
    form = AgreedAfterwardsForm()
    if form.validate_on_submit() and (
        done := form.attempt(
            overpayments.agree, reference, document=form.document.data, day=form.day.data, seen=form.seen
        )
    ):
        tell(say("It is agreed: entry {seq} of the record. From now on it can be spent.", seq=done.seq))
        return redirect(url_for(".pledge", reference=reference))
    return _page(reference, agreed=form), form.status


@bp.post("/pledges/<ref:reference>/overpayment/refund")
@confirmed(then=sentence("Then the refund is proposed."))
def propose_paying_back(reference: str) -> Any:
    form = PaidBackForm()
    _offer(form)
    if form.validate_on_submit():
        content = {
            "bank_account": form.bank_account.data,
            "value_date": form.value_date.data.isoformat(),
            "bank_reference": (form.bank_reference.data or "").strip(),
            "version": form.seen,
        }
        known = {"subject": reference, "content": content, "reason": form.reason.data}
        if done := form.attempt(proposals.propose, "overpayment.refunded", **known):
            tell(say(PROPOSED, seq=done.seq))
            return redirect(url_for(".pledge", reference=reference))
    return _page(reference, back=form), form.status


def _page(reference: str, agreed: AgreedAfterwardsForm | None = None, back: PaidBackForm | None = None) -> str:
    pledge = contributions.pledge_of(reference)
    agreed, back = agreed or AgreedAfterwardsForm(formdata=None), back or PaidBackForm(formdata=None)
    _offer(back)
    for form in (agreed, back):
        if form.status == 409 or not form.version.data:
            form.version.data = str(pledge.seq)
    return render_template(
        "officers/overpayment.html",
        pledge=pledge,
        over=overpayments.over(db.session(), reference),
        agreed=agreed,
        back=back,
        proposed=waits(pledge),
        why_not_agree=why_not("overpayment.agreed"),
        why_not_back=why_not("overpayment.refunded"),
    )


def waits(pledge: Pledge) -> str | None:
    """The proposal to pay it back that waits for a second officer, by its reference."""
    asked = select(Proposal.reference).where(
        Proposal.deed == "overpayment.refunded", Proposal.subject == pledge.reference, Proposal.stage == "waiting"
    )
    return db.session.scalar(asked.limit(1))


def _offer(form: PaidBackForm) -> None:
    accounts = mandate_on(db.session(), clock.today()).bank_accounts
    form.bank_account.choices = [(a.code, in_words(a.name)) for a in accounts]
