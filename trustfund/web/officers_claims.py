"""Officers and claims: what waits, and what is owed by a claim, prepared by one, approved by another, paid back."""

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import Select, String, case, cast, func, select
from sqlalchemy.orm import contains_eager

from trustfund.core.lifecycle import FOLLOWS, possible
from trustfund.core.refusal import NotHere, sentence
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.models.awards import Award, Claim, Settlement, overdue
from trustfund.models.record import Event, Posting
from trustfund.operations import settlements
from trustfund.operations.award_standing import Offer
from trustfund.operations.meetings import frame_of, frames_on
from trustfund.operations.offers import award_of
from trustfund.operations.operation import Done
from trustfund.operations.payments import settlement_of
from trustfund.services import clock
from trustfund.web import papers_claims
from trustfund.web.award_words import state_of
from trustfund.web.confirming import confirmed
from trustfund.web.forms import query, refusal_in
from trustfund.web.journey_words import given_by_meeting
from trustfund.web.officers import bp
from trustfund.web.officers_award_forms import AwardForm
from trustfund.web.officers_awards import award_like
from trustfund.web.officers_claim_forms import STEPS, AdjustmentsForm, Step, WriteOffForm
from trustfund.web.paging import page_of
from trustfund.web.settlement_page import SettlementPage, owed_lines

SHOWN = 50
"""So many of each kind of work are shown, those that wait longest first."""
OWES = ("settled", "no-show", "cancelled")


# What waits


@bp.get("/claims")
def claims() -> str:
    """All that waits, each kind from its first; or one kind alone, a page at a time."""
    today, typed, alone = clock.today(), query("q"), query("queue")
    frames = frames_on(db.session(), today)
    queues = {
        "prepare": _claimed(prepared=False),
        "approve": _claimed(prepared=True),
        "overdue": _overdue(today),
        "debts": _debts(),
    }
    if typed:
        queues = {name: (found.where(award_like(typed)), key) for name, (found, key) in queues.items()}
    alone = alone if alone in queues else ""
    return render_template(
        "officers/claims.html",
        queues={name: page_of(*queue, SHOWN) for name, queue in queues.items() if alone in (name, "")},
        alone=alone,
        q=typed,
        today=today,
        named=lambda award: state_of(award, frames[award.meeting].meeting),
    )


def _claimed(*, prepared: bool) -> tuple[Select[Any], Any]:
    """Claims of which somebody prepares the settlement, or approves it: award, claim, settlement."""
    last = select(func.max(Claim.number)).where(Claim.award_id == Award.id).correlate(Award).scalar_subquery()
    found = (
        select(Claim.id, Award, Claim, Settlement)
        .join(Award.application)
        .options(contains_eager(Award.application))
        .join(Claim, (Claim.award_id == Award.id) & (Claim.number == last))
        .outerjoin(
            Settlement,
            (Settlement.award_id == Award.id) & (Settlement.stage == "prepared") & (Settlement.seq > Claim.seq),
        )
        .where(Award.stage == "claimed", Settlement.id.is_not(None) if prepared else Settlement.id.is_(None))
    )
    return found, Claim.id


def _overdue(today: date) -> tuple[Select[Any], Any]:
    """Awards whose claim is late, the latest first."""
    key = (cast(Award.claim_due, String) + " " + Award.reference).label("key")
    found = select(key, Award).join(Award.application).options(contains_eager(Award.application))
    return found.where(overdue(today)), key


def _debts() -> tuple[Select[Any], Any]:
    """Awards whose traveller or travel agent owes the fund money, the oldest first: by the books, in cents."""
    due, back = (
        func.sum(case((Posting.account == account, Posting.usd), else_=0))
        for account in ("due-from-travellers", "payables")
    )
    owed = (case((due > 0, due), else_=0) + case((back > 0, back), else_=0)).label("owed")
    sums = (
        select(Event.subject.label("reference"), owed)
        .join(Posting, Posting.seq == Event.seq)
        .join(Award, Award.reference == Event.subject)
        .where(Posting.account.in_(("due-from-travellers", "payables")), Award.stage.in_(OWES))
        .group_by(Event.subject)
        .having(owed > 0)
        .subquery()
    )
    found = select(Award.id, Award, sums.c.owed).join(sums, sums.c.reference == Award.reference)
    return found.join(Award.application).options(contains_eager(Award.application)), Award.id


# One claim


@bp.get("/awards/<ref:reference>/settlement")
def settlement(reference: str) -> str:
    return _page(reference)


@bp.post("/awards/<ref:reference>/settlement/calculation")
def calculate_settlement(reference: str) -> Any:
    """What the adjustments would come to; nothing is recorded."""
    award_of(reference, db.session())
    form = AdjustmentsForm()
    return _page(reference, "settlement", form), 200 if form.validate_on_submit() else 422


@bp.post("/awards/<ref:reference>/settlement")
def prepare_settlement(reference: str) -> Any:
    return _deed("settlement", reference)


@bp.post("/awards/<ref:reference>/settlement/approval")
@confirmed(then=sentence("Then the settlement is approved."))
def approve_settlement(reference: str) -> Any:
    return _deed("approval", reference)


@bp.post("/awards/<ref:reference>/settlement/rejection")
def decline_settlement(reference: str) -> Any:
    return _deed("rejection", reference)


@bp.post("/awards/<ref:reference>/claim/return")
def return_claim(reference: str) -> Any:
    return _deed("return", reference)


@bp.post("/awards/<ref:reference>/recoveries")
def record_recovery(reference: str) -> Any:
    return _deed("recoveries", reference)


@bp.post("/awards/<ref:reference>/write-off")
def propose_write_off(reference: str) -> Any:
    return _deed("write-off", reference)


@bp.get("/awards/<ref:reference>/statement.pdf")
def statement(reference: str) -> Response:
    award = award_of(reference, db.session())
    settled = settlement_of(db.session(), award)
    if settled is None or settled.stage != "approved":
        raise NotHere("There is no such thing here.")
    return papers_claims.statement_response(award, settled, frame_of(db.session(), award.meeting, clock.today()))


def _deed(name: str, reference: str) -> Any:
    step, form = STEPS[name], STEPS[name].form()
    form.offer(award_of(reference, db.session()))
    if form.validate_on_submit() and (done := _attempt(step, form, reference)):
        flash(say(step.said, seq=done.seq))
        return redirect(url_for(".settlement", reference=reference))
    return _page(reference, name, form), form.status


def _attempt(step: Step, form: AwardForm, reference: str) -> Done | None:
    if isinstance(form, WriteOffForm):
        content = {"document": form.document.data.strip()}
        return form.attempt(step.deed, step.action, subject=reference, content=content, reason=form.reason.data)
    return form.attempt(step.deed, reference, seen=form.seen, **form.given())


def _page(reference: str, name: str = "", sent: AwardForm | None = None) -> str:
    """The page; ``sent``: the form that was not accepted, or only reckoned with."""
    page = SettlementPage(award_of(reference, db.session()), current_user.account, clock.today())
    award, seen = page.award, sent.seen if sent and sent.status == 409 and not sent.refused else None
    offer = page.offer(STEPS[name].action) if name else None
    if sent and sent.errors and not sent.form_errors and (why := _why_not_shown(name, award, offer)):
        sent.form_errors.append(why)
    forms = {one: sent if one == name and sent else step.form(formdata=None) for one, step in STEPS.items()}
    for one, form in forms.items():
        form.fill(page, fresh=one != name)
    adjusting = forms["settlement"]
    assert isinstance(adjusting, AdjustmentsForm)
    if name != "settlement" and page.stands:
        adjusting.show(settlements.adjustments_of(page.stands))
    typed = (adjusting.adjustments() if not adjusting.errors else []) if name == "settlement" else None
    owed = page.owed(typed)
    return render_template(
        "officers/settlement.html",
        page=page,
        award=award,
        claim=page.claim,
        stands=page.stands,
        forms=forms,
        sent=sent,
        sent_stands=offer is not None and offer.why_not is None,
        seen=seen,
        reckoned=name == "settlement" and not adjusting.errors,
        owed=owed,
        owed_lines=owed_lines(owed) if owed else [],
        given=given_by_meeting(owed.lines) if owed else "",
        tell=told,
        **refusal_in(sent),
    )


def _why_not_shown(name: str, award: Award, offer: Offer | None) -> str:
    """Why the form that was sent is not on the page any more; empty where it is."""
    if offer is None:
        follows = possible(STEPS[name].action, award.stage)
        return say("Nothing is to be decided here now.") if follows else say(FOLLOWS[STEPS[name].action][1])
    return told(offer.why_not) if offer.why_not else ""
