"""The closing of the fund: what must hold and by how much it fails, what each donor gets back, and the last entry."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from wtforms import SelectField, StringField

from trustfund.core.closing import Check
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import month, say
from trustfund.models.closings import ClosedFund, Refund
from trustfund.models.contributions import Donor
from trustfund.operations import closing as deeds
from trustfund.operations import proposals
from trustfund.operations.operation import Done
from trustfund.services import clock
from trustfund.web import bank_lines
from trustfund.web.confirming import confirmed
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered
from trustfund.web.officers import bp
from trustfund.web.officers_selections import PROPOSED, reason_field, why_not

STEPS = {"decision": "closing.decided", "refund": "refund.paid", "end": "fund.closed"}
"""Step of the closing -> its deed; one is open at a time."""


class DecisionForm(DeedForm):
    document = StringField(
        sentence("Document that decided it"),
        description=sentence("For example, A/RES/73/195"),
        validators=[Needed(sentence("Enter the symbol of the document.")), AtMost(120)],
    )
    decided_on = DateField(sentence("Day of the decision"), description=sentence("For example, 19 12 2018"))
    reason_of_decision = reason_field()


class RefundForm(DeedForm):
    donor = SelectField(sentence("Donor"), validators=[Offered()], validate_choice=False)
    bank_account = bank_lines.account()
    value_date = bank_lines.value_date(sentence("As on the bank’s statement. For example, 12 3 2019"))
    bank_reference = bank_lines.reference()
    reason_of_refund = reason_field()

    def offer(self, due: list[deeds.Due]) -> "RefundForm":
        self.donor.choices = list({one.reference: one.name for one in due}.items())
        self.bank_account.choices = bank_lines.dollar_accounts()
        return self


class EndForm(DeedForm):
    reason_of_end = reason_field()


@bp.get("/closing")
def closing() -> str:
    return _page()


@bp.post("/closing/decision")
def propose_closing() -> Any:
    form = DecisionForm()
    if form.validate_on_submit():
        content = {"document": form.document.data, "decided_on": form.decided_on.data.isoformat()}
        if done := _proposed(form, "closing.decided", "fund", content, form.reason_of_decision):
            return _went_well(done)
    return _page(form), form.status


@bp.post("/closing/refunds")
@confirmed(then=sentence("Then the refund is proposed."))
def propose_refund() -> Any:
    form = RefundForm().offer(deeds.refunds_due(db.session()))
    if form.validate_on_submit():
        content = {
            "bank_account": form.bank_account.data,
            "value_date": form.value_date.data.isoformat(),
            "bank_reference": form.bank_reference.data,
        }
        if done := _proposed(form, "refund.paid", form.donor.data, content, form.reason_of_refund):
            return _went_well(done)
    return _page(form), form.status


@bp.post("/closing/end")
def propose_end() -> Any:
    form = EndForm()
    if form.validate_on_submit() and (done := _proposed(form, "fund.closed", "fund", {}, form.reason_of_end)):
        return _went_well(done)
    return _page(form), form.status


def _proposed(form: DeedForm, action: str, subject: str, content: dict[str, Any], reason: Any) -> Done | None:
    deed = in_the_readers_language(proposals.propose)
    return form.attempt(deed, action, subject=subject, content=content, reason=reason.data)


def in_the_readers_language(deed: Callable[..., Done]) -> Callable[..., Done]:
    """A fund that cannot be closed yet says why, check by check."""

    def done(*args: Any, **kwargs: Any) -> Done:
        try:
            return deed(*args, **kwargs)
        except deeds.NotYet as error:
            reasons = " ".join(_said(check) for check in error.checks)
            raise Refused(error.sentence, reasons=reasons) from error

    return done


def _went_well(done: Done) -> Any:
    flash(say(PROPOSED, seq=done.seq))
    return redirect(url_for(".closing"))


def _page(form: DeedForm | None = None) -> str:
    session, today = db.session(), clock.today()
    due = deeds.refunds_due(session)
    forms = {"decision": DecisionForm, "refund": RefundForm, "end": EndForm}
    made = {name: form if isinstance(form, kind) else kind(formdata=None) for name, kind in forms.items()}
    made["refund"].offer(due)
    checks, decision = deeds.checklist(session, today), deeds.decision(session)
    step = "decision" if decision is None else "refund" if due else "end"
    return render_template(
        "officers/closing.html",
        sent=form,
        forms=made,
        step=step,
        action=STEPS[step],
        decision=decision,
        closed=session.get(ClosedFund, 1),
        checks=[(check.holds, _said(check)) for check in checks],
        failing=sum(not check.holds for check in checks),
        due=due,
        paid=_paid(),
        waiting=[one for one in proposals.waiting() if one.deed in STEPS.values()],
        why={deed: why_not(deed) for deed in STEPS.values()},
    )


def _said(check: Check) -> str:
    """In the reader's language, a month by its name."""
    return say(check.said, **{name: month(v) if name == "month" and v else v for name, v in check.values.items()})


def _paid() -> list[Any]:
    return list(
        db.session.execute(
            select(Donor.name, Refund.earmark, Refund.usd, Refund.overpaid_usd, Refund.seq)
            .join(Donor, Donor.id == Refund.donor_id)
            .order_by(Refund.id)
        )
    )
