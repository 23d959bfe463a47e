"""The officers' door: the contributions; further files add their pages."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import and_, or_, select
from wtforms import SelectField, StringField, TextAreaField

from trustfund.core.completion import folded
from trustfund.core.lifecycle import ENDED, FOLLOWS, NOTHING_MORE, PLEDGE_STATES, possible
from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.core.roles import may
from trustfund.extensions import db
from trustfund.i18n import in_words, say
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.fund import mandate_on
from trustfund.models.selections import Proposal
from trustfund.operations import agreement_drafts, contributions, parts, unapplied
from trustfund.operations.agreements import LONGEST_CONDITION
from trustfund.operations.instalments import overdue
from trustfund.services import clock
from trustfund.web import equivalents, letters, papers
from trustfund.web.draft_form import DraftForm
from trustfund.web.forms import AtMost, DateField, Needed, ReadForm, query
from trustfund.web.history import Done, entries_about, who_did
from trustfund.web.instalments_form import UP_TO_SIX, InstalmentsField
from trustfund.web.paging import page_of
from trustfund.web.pledge_form import MetForm, OfDonor, PledgeForm, UnpaidForm, donor_choices
from trustfund.web.pledge_instalments import due_of, instalments_typed, reminders_of

bp = Blueprint("officers", __name__, url_prefix="/officers")

PAGE = 25


def tell(said: str, address: str = "", more: str = "") -> None:
    """What has happened, for the next page; with a link to what comes after it."""
    flash(Markup('{} <a href="{}">{}</a>').format(said, address, more) if address else said)


@bp.get("/pledges")
def pledges() -> str:
    """The pledges, newest first, 25 a page from a key: as quick at the millionth as at the first."""
    stage, words_ = query("stage"), query("q")
    found = select(
        Pledge.id,
        Pledge.reference,
        Pledge.document,
        Pledge.earmark,
        Pledge.currency,
        Pledge.amount,
        Pledge.agreed,
        Pledge.received,
        Pledge.state,
        Pledge.announced_on,
        Donor.name,
    ).join(Donor)
    if stage in PLEDGE_STATES:
        found = found.where(Pledge.state == stage)
    elif stage == "overdue":
        found = found.where(Pledge.id.in_(select(overdue(clock.today()).subquery().c.pledge_id)))
    if words_:
        found = found.where(
            or_(
                and_(*(Donor.folded.contains(word, autoescape=True) for word in folded(words_).split() or [words_])),
                Donor.reference == words_.upper(),
                Pledge.document.icontains(words_, autoescape=True),
                Pledge.reference == words_.upper(),
            )
        )
    return render_template(
        "officers/pledges.html",
        stage=stage,
        q=words_,
        page=page_of(found, Pledge.id, PAGE, newest_first=True),
        waiting=unapplied.waiting(),
        n_waiting=unapplied.how_many(),
        why=WHY_IT_MAY_BE,
    )


WHY_IT_MAY_BE = {
    "document": sentence("The bank’s reference names it"),
    "amount": sentence("Exactly so much is outstanding"),
    "only": sentence("It is the only agreement of this donor that is open"),
    "donor": sentence("It is an agreement of this donor"),
    "paid": sentence("It is fully paid: all would be due to the donor"),
}
"""Why a deposit may belong to an agreement."""


class LetterForm(letters.WithLetter, OfDonor, PledgeForm):
    """A pledge that came by letter: whose it is, and what it says."""


@bp.route("/pledges/new", methods=["GET", "POST"])
def new_pledge() -> Any:
    """A pledge that came by letter."""
    form = LetterForm.taking(data={"donor": query("donor")}).offer()
    form.donor.choices = [("", say("Choose")), *donor_choices()]
    if form.validate_on_submit() and (
        done := form.attempt(contributions.announce_pledge, form.donor.data, **form.terms())
    ):
        form.keep_letter(done.on)
        flash(say("The pledge is announced: entry {seq} of the record. The agreement comes next.", seq=done.seq))
        return redirect(url_for(".pledge", reference=done.on))
    return render_template("officers/new_pledge.html", form=form, may_record=may_record()), (
        form.status if form.is_submitted() else 200
    )


class AgreementForm(ReadForm):
    document = StringField(
        sentence("Document of the agreement"),
        description=sentence("For example, Note verbale 17/418"),
        validators=[Needed(sentence("Enter the symbol of the agreement.")), AtMost(120)],
    )
    day = DateField(sentence("Date of the agreement"), description=sentence("For example, 2 5 2017"))
    amount = StringField(
        sentence("Amount agreed"),
        validators=[Needed(sentence("Enter the amount, for example 50000.00."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    condition = TextAreaField(
        sentence("On a condition (optional)"),
        description=sentence("Nothing is booked until it is met. It stands in the record for ever: name no person."),
        validators=[AtMost(LONGEST_CONDITION)],
        render_kw={"rows": 2},
    )
    instalments = InstalmentsField(sentence("In instalments"), description=UP_TO_SIX)


class DepositForm(ReadForm):
    amount = StringField(
        sentence("Amount received"),
        validators=[Needed(sentence("Enter the amount, for example 50000.00."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    value_date = DateField(
        sentence("Value date"), description=sentence("As on the bank’s statement. For example, 12 6 2017")
    )
    bank_account = SelectField(sentence("Bank account"), validate_choice=False)
    bank_reference = StringField(
        sentence("Bank reference"),
        description=sentence("As on the bank’s statement"),
        validators=[Needed(sentence("Enter the bank’s reference of the deposit.")), AtMost(80)],
        render_kw={"autocomplete": "off"},
    )


@bp.get("/pledges/<ref:reference>")
def pledge(reference: str) -> str:
    return pledge_page(contributions.pledge_of(reference))


AGREED = sentence("The agreement is recorded: entry {seq} of the record. The deposit comes next.")
ON_A_CONDITION = sentence(
    "The conditional agreement is recorded: entry {seq} of the record. It is booked once the condition is met."
)


@bp.post("/pledges/<ref:reference>/agreement")
def record_agreement(reference: str) -> Any:
    form = AgreementForm()
    if form.validate_on_submit() and (
        done := form.attempt(
            contributions.record_agreement,
            reference,
            document=form.document.data,
            day=form.day.data,
            amount=form.amount.data,
            condition=form.condition.data or "",
            instalments=form.instalments.data,
            seen=form.seen,
        )
    ):
        flash(say(ON_A_CONDITION if (form.condition.data or "").strip() else AGREED, seq=done.seq))
        return redirect(url_for(".pledge", reference=reference))
    return pledge_page(contributions.pledge_of(reference), agreement=form), form.status


@bp.post("/pledges/<ref:reference>/deposits")
def record_deposit(reference: str) -> Any:
    form = DepositForm()
    if form.validate_on_submit() and (
        done := form.attempt(
            contributions.record_deposit,
            reference,
            amount=form.amount.data,
            value_date=form.value_date.data,
            bank_reference=form.bank_reference.data,
            bank_account=form.bank_account.data,
            seen=form.seen,
        )
    ):
        flash(say("The deposit is recorded: entry {seq} of the record. The donor can take the receipt.", seq=done.seq))
        return redirect(url_for(".pledge", reference=reference))
    return pledge_page(contributions.pledge_of(reference), deposit=form), form.status


@bp.get("/receipts/<ref:reference>.pdf")
def receipt(reference: str) -> Any:
    return papers.receipt_response(reference, current_user.account)


def pledge_page(
    pledge: Pledge,
    agreement: AgreementForm | None = None,
    deposit: DepositForm | None = None,
    unpaid: UnpaidForm | None = None,
    met: MetForm | None = None,
    draft: DraftForm | None = None,
) -> str:
    drafted = agreement_drafts.latest(db.session(), pledge)
    typed = {"instalments": instalments_typed(pledge)} | (_as_drawn_up(drafted) if drafted else {})
    agreement, deposit = agreement or AgreementForm(formdata=None, data=typed), deposit or DepositForm(formdata=None)
    unpaid, met = unpaid or UnpaidForm(formdata=None), met or MetForm(formdata=None)
    draft = draft or DraftForm(formdata=None, data=typed)
    accounts = mandate_on(db.session(), clock.today()).bank_accounts
    deposit.bank_account.choices = [(a.code, in_words(a.name)) for a in accounts]
    agreement.amount.data = agreement.amount.data or f"{major(pledge.amount, pledge.currency)}"
    deposit.amount.data = deposit.amount.data or (f"{major(pledge.owed, pledge.currency)}" if pledge.owed else "")
    seen = None  # the version that was typed against, where the pledge has changed since
    for form, deed in (
        (draft, "agreement.drafted"),
        (agreement, "agreement.recorded"),
        (deposit, "condition.met" if pledge.state == "conditional" else "deposit.recorded"),
        (met, "condition.met"),
        (unpaid, "contribution.written-off"),
    ):
        if form.errors and not form.form_errors and not possible(deed, pledge.state):
            form.form_errors.append(say(NOTHING_MORE if pledge.state in ENDED else FOLLOWS[deed][1]))
        if form.status == 409:
            seen, form.version.data = form.seen, str(pledge.seq)
        form.version.data = form.version.data or str(pledge.seq)
    return render_template(
        "officers/pledge.html",
        pledge=pledge,
        agreement=agreement,
        deposit=deposit,
        unpaid=unpaid,
        met=met,
        draft=draft,
        drafted=drafted,
        worth=equivalents.of_pledge(pledge),
        draft_stands=drafted is not None and agreement_drafts.stands(drafted, pledge),
        due=due_of(pledge),
        several=len(parts.open_pledges(db.session(), pledge)) > 1,
        reminders=reminders_of(pledge),
        history=[Done(e.seq, e.at, e.action, who_did(e)) for e in entries_about(pledge.reference)],
        seen=seen,
        may_record=may_record(),
        may_write_off=may(
            "contribution.written-off", current_user.role, current_user.account.functions_on(clock.today())
        ),
        proposed=_write_off_waits(pledge),
    )


def _as_drawn_up(drafted: agreement_drafts.Draft) -> dict[str, Any]:
    """What is to be recorded, and drawn up again where the terms have changed: as it was drawn up last."""
    return {
        "document": drafted.number,
        "condition": drafted.condition,
        "draft_condition": drafted.condition,
    }


def _write_off_waits(pledge: Pledge) -> bool:
    """Whether an officer has proposed to write it off, and nobody has decided."""
    asked = select(Proposal.id).where(
        Proposal.deed == "contribution.written-off",
        Proposal.subject == pledge.reference,
        Proposal.stage == "waiting",
    )
    return db.session.scalar(asked.limit(1)) is not None


def may_record() -> bool:
    return bool(current_user.account.functions_on(clock.today()))
