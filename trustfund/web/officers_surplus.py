"""The surplus and what it pays: whether there is one, by which tests, and each preparatory activity (para. 31)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from wtforms import StringField, TextAreaField

from trustfund.core.refusal import NotDesignated, Refused, sentence
from trustfund.core.roles import may
from trustfund.core.surplus import Facts, Test, tests_of
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.models.activities import Activity, ActivityPayment
from trustfund.operations import activities as deeds
from trustfund.operations.award_standing import NOT_YOURS
from trustfund.operations.operation import Done
from trustfund.services import clock
from trustfund.web import bank_lines
from trustfund.web.activity_page import ActivityPage
from trustfund.web.confirming import confirmed
from trustfund.web.forms import AtMost, Needed, ToldForm
from trustfund.web.officers import PAGE, bp
from trustfund.web.officers_award_forms import USD, AwardForm
from trustfund.web.paging import page_of

LABELS = 26
"""Hundredths of the width of the waterfall that its labels take."""


class ProposalForm(ToldForm):
    title = StringField(
        sentence("Title"),
        description=sentence("For example, Report of the stocktaking meeting"),
        validators=[Needed(sentence("Enter a title.")), AtMost(200)],
        render_kw={"autocomplete": "off"},
    )
    text = TextAreaField(
        sentence("What is it for?"),
        description=sentence("How it supports the preparations for the conference. The approving officers read it."),
        validators=[Needed(sentence("Write what it is for.")), AtMost(2000)],
        render_kw={"rows": 3},
    )
    document = StringField(
        sentence("Document"),
        description=sentence("That asks for it or describes it. For example, A/RES/72/244"),
        validators=[Needed(sentence("Enter the symbol of the document.")), AtMost(120)],
    )
    amount = StringField(
        sentence("Cost, USD"),
        description=sentence("Programme support cost is added."),
        validators=[Needed(sentence("Enter the amount, for example 12500.00."))],
        render_kw=USD,
    )


class PaymentForm(AwardForm):
    amount = StringField(
        sentence("Amount paid, USD"),
        validators=[Needed(sentence("Enter the amount, for example 12500.00."))],
        render_kw=USD,
    )
    value_date = bank_lines.value_date()
    bank_account = bank_lines.account()
    bank_reference = bank_lines.reference()
    typed = ("amount", "value_date", "bank_account", "bank_reference")

    def offer_accounts(self) -> None:
        self.bank_account.choices = bank_lines.dollar_accounts()


@dataclass(frozen=True)
class Step:
    """A deed on an activity: its form, what does it, what its button and its outcome say."""

    form: type[AwardForm]
    deed: Callable[..., Done]
    endpoint: str
    button: str
    said: str


STEPS = {
    "activity.approved": Step(
        AwardForm,
        deeds.approve,
        ".approve_activity",
        sentence("Approve {charge} USD"),
        sentence("Your approval is recorded: entry {seq} of the record."),
    ),
    "activity.spent": Step(
        PaymentForm,
        deeds.pay,
        ".pay_activity",
        sentence("Record the payment"),
        sentence("The payment is recorded: entry {seq} of the record."),
    ),
    "activity.closed": Step(
        AwardForm,
        deeds.close,
        ".close_activity",
        sentence("Close the activity"),
        sentence("The activity is closed: entry {seq} of the record. What was not used is free again."),
    ),
    "activity.cancelled": Step(
        AwardForm,
        deeds.cancel,
        ".cancel_activity",
        sentence("Cancel the activity"),
        sentence("The activity is cancelled: entry {seq} of the record."),
    ),
}


# The surplus


@bp.get("/surplus")
def surplus() -> str:
    return _surplus_page(ProposalForm(formdata=None))


@bp.post("/surplus")
def propose_activity() -> Any:
    form = ProposalForm()
    if form.validate_on_submit():
        typed = {"text": form.text.data, "document": form.document.data, "amount": form.amount.data}
        if done := form.attempt(deeds.propose, form.title.data, **typed):
            flash(say("The activity is proposed: entry {seq} of the record. Two officers approve it.", seq=done.seq))
            return redirect(url_for(".activity", reference=done.on))
    return _surplus_page(form), form.status


@dataclass(frozen=True)
class Fall:
    """A bar of the waterfall: class of the figure, where it begins and how long it is, in hundredths of the width."""

    label: str
    fill: str
    start: Decimal
    width: Decimal


def waterfall(facts: Facts) -> list[Fall]:
    """From what is spendable down to the surplus; where too much is promised, what is missing lies before zero."""
    lowest, highest = min(facts.surplus, Decimal(0)), max(facts.spendable, Decimal("0.01"))
    scale = (100 - LABELS) / (highest - lowest)

    def bar(label: str, fill: str, low: Decimal, high: Decimal) -> Fall:
        return Fall(label, fill, LABELS + (low - lowest) * scale, (high - low) * scale)

    left = facts.spendable - facts.allotted
    return [
        bar(sentence("Spendable"), "f4", min(facts.spendable, Decimal(0)), max(facts.spendable, Decimal(0))),
        bar(sentence("Allotted"), "f2", left, facts.spendable),
        bar(sentence("Needed"), "f3", facts.surplus, left),
        bar(sentence("Left"), "f4", Decimal(0), facts.surplus)
        if facts.surplus > 0
        else bar(sentence("Missing"), "f0", facts.surplus, Decimal(0)),
    ]


def _surplus_page(form: ProposalForm) -> str:
    now = clock.now()
    facts = deeds.facts_of(db.session(), now)
    paid = select(func.sum(ActivityPayment.usd)).where(ActivityPayment.activity_id == Activity.id)
    names = ("id", "reference", "title", "document", "stage", "cost", "charge")
    found = select(
        *(getattr(Activity, name) for name in names),
        func.coalesce(paid.correlate(Activity).scalar_subquery(), 0).label("paid"),
    )
    functions = current_user.account.functions_on(clock.today())
    why = "" if may("activity.proposed", current_user.role, functions) else told(NotDesignated(NOT_YOURS))
    return render_template(
        "officers/surplus.html",
        form=form,
        why=why,
        facts=facts,
        tests=_in_words(tests_of(facts, None, now.date())),
        falls=waterfall(facts),
        page=page_of(found, Activity.id, PAGE, newest_first=True),
        **_reasons(form.refused),
    )


# One activity


@bp.get("/activities/<ref:reference>")
def activity(reference: str) -> str:
    return _activity_page(reference)


@bp.post("/activities/<ref:reference>/approval")
@confirmed(then=sentence("Then your approval is recorded."))
def approve_activity(reference: str) -> Any:
    return _deed("activity.approved", reference)


@bp.post("/activities/<ref:reference>/payments")
@confirmed(then=sentence("Then the payment is recorded."))
def pay_activity(reference: str) -> Any:
    return _deed("activity.spent", reference)


@bp.post("/activities/<ref:reference>/closing")
def close_activity(reference: str) -> Any:
    return _deed("activity.closed", reference)


@bp.post("/activities/<ref:reference>/cancellation")
def cancel_activity(reference: str) -> Any:
    return _deed("activity.cancelled", reference)


def _deed(action: str, reference: str) -> Any:
    step, form = STEPS[action], STEPS[action].form()
    deeds.activity_of(db.session(), reference)
    if isinstance(form, PaymentForm):
        form.offer_accounts()
    if form.validate_on_submit() and (done := form.attempt(step.deed, reference, seen=form.seen, **form.given())):
        flash(say(step.said, seq=done.seq))
        return redirect(url_for(".activity", reference=reference))
    return _activity_page(reference, action, form), form.status


def _activity_page(reference: str, sent: str = "", form: AwardForm | None = None) -> str:
    """The page; ``form``: that of the deed ``sent``, which was not accepted and comes back as it was typed."""
    page = ActivityPage(deeds.activity_of(db.session(), reference), current_user.account, clock.now())
    seen = form.seen if form and form.status == 409 and not form.refused else None
    mine = {offer.action for offer in page.offers if not offer.why_not}
    if form and form.errors and not form.form_errors and sent not in {offer.action for offer in page.offers}:
        form.form_errors.append(say(deeds.NOT_NOW))
    forms = {action: form if form and action == sent else step.form(formdata=None) for action, step in STEPS.items()}
    for one in forms.values():
        if one is not form or one.status == 409:
            one.version.data = str(page.activity.seq)
        if isinstance(one, PaymentForm):
            one.offer_accounts()
            if one is not form:
                one.amount.data = f"{page.left}"
    return render_template(
        "officers/activity.html",
        page=page,
        activity=page.activity,
        forms=forms,
        steps=STEPS,
        sent=form,
        stands=sent in mine,
        seen=seen,
        tell=told,
        tests=_in_words(page.tests),
        **_reasons(form.refused if form else None),
    )


def _in_words(tests: Iterable[Test]) -> list[tuple[Test, str]]:
    return [(test, say(test.sentence, **test.values)) for test in tests]


def _reasons(refused: Refused | None) -> dict[str, Any]:
    """Every reason of a refusal in the reader's language, and the entry that keeps the attempt."""
    reasons = [say(one.sentence, **one.values) for one in refused.tests] if isinstance(refused, deeds.NoSurplus) else []
    return {
        "reasons": reasons or ([told(refused)] if refused else []),
        "attempt": refused.values.get("seq") if refused else None,
    }
