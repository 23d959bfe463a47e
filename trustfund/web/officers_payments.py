"""Officers and payments: what can be paid, the orders in which it was, their papers, and what failed."""

from collections import Counter
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField

from trustfund.core.completion import folded
from trustfund.core.money import major
from trustfund.core.refusal import NotDesignated, NotHere, Refused, sentence, sentence_in
from trustfund.core.roles import Function, Role
from trustfund.extensions import db
from trustfund.i18n import in_words, list_of, say, told
from trustfund.models.awards import Award, Payment, PaymentOrder
from trustfund.models.fund import mandate_on
from trustfund.operations import payments as deeds
from trustfund.operations.meetings import frames_on
from trustfund.operations.payments_standing import Standing, standings, why_barred
from trustfund.services import clock
from trustfund.web import bank_lines, papers_payments
from trustfund.web.award_words import state_of
from trustfund.web.confirming import confirmed
from trustfund.web.forms import AtMost, DeedForm, Needed, Offered, query
from trustfund.web.officers import PAGE, bp
from trustfund.web.officers_awards import award_like
from trustfund.web.officers_selections import why_not
from trustfund.web.paging import page_of

METHOD = {
    "bank": sentence("Bank transfer"),
    "cash": sentence("Cash at the venue"),
    "agent": sentence("Travel agent"),
}
KIND = {
    "ticket": sentence("Ticket"),
    "advance": sentence_in("a payment", "Advance"),
    "balance": sentence("Balance of a claim"),
}
RELEASED = {
    "bank": sentence("The order is released: entry {seq} of the record. Take its file to the bank next."),
    "cash": sentence("The order is released: entry {seq} of the record. Print the list for the signatures next."),
    "agent": sentence("The order is released: entry {seq} of the record. Send the agent its list of passengers next."),
}
PAYING = sentence("Papers of an order are for officers designated for paying. Nothing has been shown.")


class ReleaseForm(DeedForm):
    """What is ticked, by lines “kind award version cents”; ``total``: what the button said of them."""

    method = HiddenField()
    total = HiddenField()
    bank_account = SelectField(sentence("From the bank account"), validators=[Offered()], validate_choice=False)
    payments = SelectMultipleField(sentence("Payments"), validate_choice=False)

    def offer(self) -> "ReleaseForm":
        self.bank_account.choices = accounts = bank_lines.dollar_accounts()
        self.bank_account.data = self.bank_account.data or accounts[0][0]
        return self

    @property
    def ticked(self) -> list[list[str]]:
        return [line.split() for line in self.payments.data or []]

    @property
    def lines(self) -> str:
        return "\n".join(" ".join(words[:3]) for words in self.ticked)

    def agrees(self) -> bool:
        """Whether what is ticked is what the button said; without script a tick cannot change its words."""
        if self.total.data == _total([int(words[3]) for words in self.ticked if words[3:] and words[3].isdecimal()]):
            return True
        self.payments.errors = [
            say(
                "You changed the ticks, so the button now says what is ticked. Nothing has been changed: send it again."
            )
        ]
        return False


class FailForm(DeedForm):
    reason = StringField(
        sentence("Why did it fail?"),
        description=sentence("For example, account closed: returned by the bank"),
        validators=[Needed(sentence("Write why it failed.")), AtMost(200)],
        render_kw={"autocomplete": "off"},
    )


@bp.get("/payments")
def payments() -> str:
    return _page(query("method"))


@bp.post("/payments")
def add_up_payments() -> Any:
    """The same page with the ticks as sent, and a button that says what they come to."""
    form = ReleaseForm().offer()
    return _page(form.method.data or "", form), 200 if form.validate_on_submit() else 422


@bp.post("/payments/orders")
@confirmed(then=sentence("Then the payments are released, once."))
def release_order() -> Any:
    form = ReleaseForm().offer()
    if form.validate_on_submit() and form.agrees():
        bank_account = form.bank_account.data
        if done := form.attempt(deeds.release, form.method.data, payments=form.lines, bank_account=bank_account):
            flash(say(RELEASED[form.method.data], seq=done.seq))
            return redirect(url_for(".payment_order", reference=done.on))
    return _page(form.method.data or "", form), form.status


def _page(method: str, form: ReleaseForm | None = None) -> str:
    method = method if method in deeds.METHODS else deeds.METHODS[0]
    today, account = clock.today(), current_user.account
    frames = frames_on(db.session(), today)
    found = {one: standings(db.session(), one, account, frames, today) for one in deeds.METHODS}
    typed = query("q")
    named = _state_at(frames)
    rows = [row for row in found[method] if row.missing is None and _like(row.due.award, named, typed)]
    ready = [row for row in rows if row.why_not is None]
    chosen = [row for row in ready if form is None or value_of(row) in set(form.payments.data or [])]
    form = form or ReleaseForm(formdata=None).offer()
    form.method.data, form.total.data = method, _total([row.due.usd for row in chosen])
    return render_template(
        "officers/payments.html",
        form=form,
        method=method,
        methods=[(one, METHOD[one], [row for row in found[one] if row.ready]) for one in deeds.METHODS],
        rows=rows,
        ready=ready,
        chosen={value_of(row) for row in chosen},
        usd_total=sum(row.due.usd for row in chosen),
        usd_ready=sum(row.due.usd for row in ready),
        missing=[row for row in found[method] if row.missing and _like(row.due.award, named, typed)],
        q=typed,
        why=why_not("order.released"),
        value_of=value_of,
        kinds=KIND,
        named=named,
        tell=told,
    )


def _like(award: Award, named: Any, typed: str) -> bool:
    """Its reference or its seat's; or each word stands in the name of the person or of the State."""
    told_of = folded(award.application.full_name, named(award))
    return typed.upper() in ("", award.reference, award.seat) or all(word in told_of for word in folded(typed).split())


def value_of(row: Standing) -> str:
    """A tick: what the deed needs, and the cents that the page showed."""
    return f"{row.due.kind} {row.due.award.reference} {row.due.award.seq} {row.due.usd}"


def _total(cents: list[int]) -> str:
    return f"{len(cents)} {sum(cents)}"


def _state_at(frames: dict[str, Any]) -> Any:
    """The name of an award's State on the first day of its meeting."""
    return lambda award: state_of(award, frames[award.meeting].meeting)


@bp.get("/payments/orders")
def payment_orders() -> str:
    found, typed = select(PaymentOrder.id, PaymentOrder).options(joinedload(PaymentOrder.by)), query("q")
    if typed:
        paid = select(Payment.order_id).join(Payment.award).join(Award.application)
        one = or_(Payment.reference == typed.upper(), award_like(typed))
        own = or_(PaymentOrder.reference == typed.upper(), PaymentOrder.meeting == typed.upper())
        found = found.where(or_(own, PaymentOrder.id.in_(paid.where(one))))
    return render_template(
        "officers/payment_orders.html",
        q=typed,
        page=page_of(found, PaymentOrder.id, PAGE, newest_first=True),
        methods=METHOD,
    )


@bp.get("/payments/orders/<ref:reference>")
def payment_order(reference: str) -> str:
    return _order_page(_order(reference))


@bp.post("/payments/<ref:reference>/failure")
def fail_payment(reference: str) -> Any:
    payment = db.session.scalars(select(Payment).where(Payment.reference == reference)).unique().one_or_none()
    if payment is None:
        raise NotHere("There is no such thing here.")
    order, form = payment.order.reference, FailForm()
    if form.validate_on_submit() and (done := form.attempt(deeds.fail, reference, reason=form.reason.data)):
        flash(say("The payment failed: entry {seq} of the record. It can be made again.", seq=done.seq))
        return redirect(url_for(".payment_order", reference=order))
    return _order_page(_order(order), {reference: form}), form.status


def _order(reference: str) -> PaymentOrder:
    found = deeds.order_of(db.session(), reference)
    if found is None:
        raise NotHere("There is no such thing here.")
    return found


def _order_page(order: PaymentOrder, sent: dict[str, FailForm] | None = None) -> str:
    today, account = clock.today(), current_user.account
    frames = frames_on(db.session(), today)
    barred = why_barred(db.session(), account, {p.award for p in order.payments}, frames)
    totals = Counter[str]()
    for payment in order.payments:
        totals[payment.currency] += payment.amount
    forms = {p.reference: (sent or {}).get(p.reference) or FailForm(formdata=None) for p in order.payments}
    for reference, form in forms.items():
        form.reason.id = f"reason-{reference}"
    paying = _pays()
    why = {p.reference: _why_not_failed(p, barred.get(p.award_id)) for p in order.payments}
    one, said = next(((form, why[reference]) for reference, form in (sent or {}).items()), (None, ""))
    if one and one.errors and not one.form_errors and said:
        one.form_errors.append(said)
    return render_template(
        "officers/payment_order.html",
        order=order,
        totals=[(currency, major(units, currency)) for currency, units in sorted(totals.items())],
        failed=[p for p in order.payments if p.stage == "failed"],
        forms=forms,
        sent=one,
        why=why,
        sent_stands=not said,
        paying=paying,
        password=papers_payments.password_of(order) if paying and order.method == "agent" else "",
        account_name=next(
            (
                in_words(a.name)
                for a in mandate_on(db.session(), order.day).bank_accounts
                if a.code == order.bank_account
            ),
            order.bank_account,
        ),
        meetings=list_of(sorted({p.award.meeting for p in order.payments})),
        methods=METHOD,
        kinds=KIND,
        named=_state_at(frames),
    )


def _why_not_failed(payment: Payment, barred: Refused | None) -> str:
    """Why this reader cannot say that a payment failed; empty where that can be said."""
    if payment.stage == "failed":
        return say("This payment failed already. Nothing has been changed.")
    final = deeds.why_final(payment) or barred
    return why_not("payment.failed") or (told(final) if final else "")


def _pays() -> bool:
    """Papers of an order open bank details and dates of birth: they are for who pays, today."""
    return current_user.role == Role.OFFICER and Function.PAYING in current_user.account.functions_on(clock.today())


@bp.get("/payments/orders/<ref:reference>/payment-order.xml")
def payment_order_file(reference: str) -> Response:
    return _paper(reference, "bank", papers_payments.bank_file, "application/xml", "xml")


@bp.get("/payments/orders/<ref:reference>/signatures.pdf")
def signature_list(reference: str) -> Response:
    return _paper(reference, "cash", papers_payments.signatures, "application/pdf", "pdf")


@bp.get("/payments/orders/<ref:reference>/passengers.pdf")
def passenger_list(reference: str) -> Response:
    return _paper(reference, "agent", papers_payments.passengers, "application/pdf", "pdf")


def _paper(reference: str, method: str, draw: Any, mimetype: str, ending: str) -> Response:
    if not _pays():
        raise NotDesignated(PAYING)
    order = _order(reference)
    if order.method != method:
        raise NotHere("There is no such thing here.")
    response = Response(draw(order), mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{order.reference}.{ending}")
    return response
