"""Officers and awards: the list, one award with what it costs and who did what, and the deeds on it."""

import json
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager

from trustfund.core.lifecycle import AWARD_STAGES, FOLLOWS, possible
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import LANGUAGES, say
from trustfund.models.awards import Award
from trustfund.models.record import Event
from trustfund.operations import offers
from trustfund.operations.meetings import frames_on
from trustfund.operations.offers import award_of
from trustfund.operations.operation import Done
from trustfund.services import clock
from trustfund.web import papers_awards
from trustfund.web.applications_sought import application_like
from trustfund.web.award_choices import KINDS, Kind, choices
from trustfund.web.award_page import AwardPage
from trustfund.web.award_words import comes_next, state_of
from trustfund.web.confirming import confirmed
from trustfund.web.forms import query, refusal_in
from trustfund.web.officers import PAGE, bp
from trustfund.web.officers_award_forms import AwardForm
from trustfund.web.officers_unmasking import Sealed
from trustfund.web.paging import page_of

FIRST_OF_TWO = sentence(
    "One approval is recorded: entry {seq} of the record. The award is not approved yet: a second approving officer "
    "must approve it too."
)


@bp.get("/awards")
def awards() -> str:
    """Awards, 25 a page from a key: in the order of the list for one meeting, else the newest first."""
    meeting, stage, typed = query("meeting"), query("stage"), query("q")
    asked = [award_like(typed)] if typed else []
    if meeting:
        asked.append(Award.meeting == meeting)
    if stage in AWARD_STAGES:
        asked.append(Award.stage == stage)
    found = select(Award.id, Award).join(Award.application).options(contains_eager(Award.application)).where(*asked)
    today = clock.today()
    return render_template(
        "officers/awards.html",
        meeting=meeting,
        stage=stage,
        q=typed,
        page=page_of(found, Award.id, PAGE, newest_first=not meeting),
        all=db.session.scalar(select(func.count()).select_from(Award).join(Award.application).where(*asked)),
        frames=frames_on(db.session(), today),
        comes_next=comes_next,
        state_name=state_of,
    )


def award_like(typed: str) -> ColumnElement[bool]:
    """Its own reference or its seat's; or what finds its application."""
    return or_(Award.reference == typed.upper(), Award.seat == typed.upper(), application_like(typed))


@bp.get("/awards/<ref:reference>")
def award(reference: str) -> str:
    return _award_page(reference)


@bp.get("/awards/<ref:reference>/authorization.pdf")
def authorization(reference: str) -> Response:
    """A copy: in the delegate's language, or in the one for which its address asks."""
    award = award_of(reference, db.session())
    theirs = award.account.language if award.account else ""
    return papers_awards.authorization_response(award, "" if query("lang") in LANGUAGES else theirs)


@bp.post("/awards/<ref:reference>/certification")
@confirmed(then=sentence("Then the award is certified."))
def certify_award(reference: str) -> Any:
    return _deed("certification", reference)


@bp.post("/awards/<ref:reference>/certification/withdrawal")
def withdraw_certification(reference: str) -> Any:
    return _deed("withdrawal", reference)


@bp.post("/awards/<ref:reference>/approval")
@confirmed(then=sentence("Then your approval is recorded."))
def approve_award(reference: str) -> Any:
    return _deed("approval", reference)


@bp.post("/awards/<ref:reference>/authorization")
def authorize_award(reference: str) -> Any:
    return _deed("authorization", reference)


@bp.post("/awards/<ref:reference>/ticket")
def issue_ticket(reference: str) -> Any:
    return _deed("ticket", reference)


@bp.post("/awards/<ref:reference>/quotes")
def record_quote(reference: str) -> Any:
    return _deed("quotes", reference)


@bp.post("/awards/<ref:reference>/quotes/choice")
def choose_quote(reference: str) -> Any:
    return _deed("choice", reference)


@bp.post("/awards/<ref:reference>/journey")
def change_journey(reference: str) -> Any:
    return _deed("journey", reference)


@bp.post("/awards/<ref:reference>/answer")
def record_answer(reference: str) -> Any:
    """An answer by letter: the seat is accepted, or given back."""
    return _deed("answer", reference)


@bp.post("/awards/<ref:reference>/bank")
def enter_bank(reference: str) -> Any:
    return _deed("bank", reference)


@bp.post("/awards/<ref:reference>/attendance")
def confirm_attendance(reference: str) -> Any:
    return _deed("attendance", reference)


@bp.post("/awards/<ref:reference>/no-show")
def record_no_show(reference: str) -> Any:
    return _deed("no-show", reference)


@bp.post("/awards/<ref:reference>/cancellation")
def cancel_award(reference: str) -> Any:
    return _deed("cancellation", reference)


@bp.post("/awards/<ref:reference>/replacement")
def replace_delegate(reference: str) -> Any:
    return _deed("replacement", reference)


def _deed(name: str, reference: str) -> Any:
    kind, form = KINDS[name], KINDS[name].form()
    form.offer(award_of(reference, db.session()))
    if form.validate_on_submit() and (
        done := form.attempt(_deed_of(kind, form), reference, seen=form.seen, **form.given())
    ):
        flash(say(FIRST_OF_TWO if _wants_another(done) else kind.said, seq=done.seq))
        return redirect(url_for(".award", reference=reference))
    return _award_page(reference, name, form), form.status


def _wants_another(done: Done) -> bool:
    """Whether it was an approval that does not suffice alone."""
    told = json.loads(db.session.scalars(select(Event.body).where(Event.seq == done.seq)).one())["data"]
    return bool(told.get("approvals", 0) < told.get("needed", 0))


def _deed_of(kind: Kind, form: AwardForm) -> Callable[..., Done]:
    return offers.decline if "answer" in form and form["answer"].data == "declined" else kind.deed


def _award_page(reference: str, name: str = "", sent: AwardForm | None = None) -> str:
    """The page; ``sent``: the form that was not accepted and comes back as it was typed."""
    page = AwardPage(award_of(reference, db.session()), current_user.account, clock.today())
    seen = sent.seen if sent and sent.status == 409 and not sent.refused else None
    if sent and sent.errors and not sent.form_errors and not possible(KINDS[name].action, page.award.stage):
        sent.form_errors.append(say(FOLLOWS[KINDS[name].action][1]))
    leads, turns = choices(page, name, sent)
    return render_template(
        "officers/award.html",
        page=page,
        award=page.award,
        leads=leads,
        turns=turns,
        sent=sent,
        sent_stands=any(choice.form is sent and not choice.why for choice in [*leads, *turns]),
        seen=seen,
        authorized=papers_awards.authorized(page.award),
        sealed=Sealed(page.award.application),
        **refusal_in(sent),
    )
