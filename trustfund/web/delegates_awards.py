"""The delegates' door, the seat: the offer and its answer, where to be paid, the papers, what was settled."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from trustfund.core.lifecycle import possible
from trustfund.core.refusal import NotHere, sentence
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.operations import bank, offers
from trustfund.operations.application_bank import bank_of
from trustfund.operations.claim_documents import claim_documents
from trustfund.operations.meetings import Frame
from trustfund.services import clock
from trustfund.web import zones
from trustfund.web.award_forms import AnswerForm, BankForm
from trustfund.web.award_walk import way_of
from trustfund.web.delegates import bp
from trustfund.web.forms import ReadForm
from trustfund.web.journey_words import claim_by, cost_of, told_lines
from trustfund.web.own_award import Own, own_award
from trustfund.web.papers_awards import authorization_response, authorized
from trustfund.web.papers_claims import how, statement_of, statement_response

UNDERTAKEN = (
    sentence("You come to the meeting on all its days, and tell the fund at once if you cannot."),
    sentence("You buy no ticket: the fund buys it, and pays back none that you bought."),
    sentence("You keep the boarding pass of every flight, and your receipts."),
    sentence("You make your claim, with a short report of the meeting, until {due}."),
    sentence("What was advanced and not spent by the rules you pay back."),
)


@bp.get("/awards/<ref:reference>")
def award(reference: str) -> str:
    """The seat: what the fund pays, what happens next, and while it is offered, the answer."""
    own, frame = _own(reference)
    return _page(own, frame, _answer(own))


@bp.post("/awards/<ref:reference>/acceptance")
def accept_seat(reference: str) -> Any:
    own, frame = _own(reference)
    form = _answer(own)
    if form.validate_on_submit() and form.attempt(offers.accept, reference, seen=form.seen, method=form.method.data):
        flash(say("You accepted the seat."))
        to = ".bank_details" if form.method.data == "bank" else ".award"
        return redirect(url_for(to, reference=reference))
    own, frame = _own(reference)
    return _page(own, frame, form), form.status


@bp.route("/awards/<ref:reference>/declination", methods=["GET", "POST"])
def decline_seat(reference: str) -> Any:
    """Its own page, so that nobody gives a seat away by one wrong touch."""
    own, frame = _own(reference)
    form = ReadForm(version=str(own.award.seq))
    if form.validate_on_submit() and form.attempt(offers.decline, reference, seen=form.seen):
        flash(say("You gave the seat back."))
        return redirect(url_for(".award", reference=reference))
    own, frame = _own(reference)
    may = possible("award.declined", own.award.stage, own.award.resumes)
    return render_template("delegates/decline_seat.html", own=own, frame=frame, form=form, may=may), (
        form.status if form.is_submitted() else 200
    )


@bp.route("/awards/<ref:reference>/bank", methods=["GET", "POST"])
def bank_details(reference: str) -> Any:
    """Where to be paid. What is kept is shown by its last characters alone."""
    own, frame = _own(reference)
    form = BankForm(version=str(own.award.seq), holder=own.award.application.full_name).offer()
    sends_back = own.award.stage in bank.CERTIFIED
    if "known" in request.form:
        return _as_applied(own)
    if form.validate_on_submit():
        if sends_back and not form.sure.data:
            form.sure.errors = [say("Tick the box: a change sends your award back, and you are paid later.")]
        elif form.attempt(bank.enter, reference, seen=form.seen, **form.details()):
            flash(say("Your bank details are kept, and sealed."))
            return redirect(url_for(".award", reference=reference))
    own, frame = _own(reference)
    return render_template(
        "delegates/bank.html",
        own=own,
        frame=frame,
        form=form,
        may=possible("bank.entered", own.award.stage),
        sends_back=own.award.stage in bank.CERTIFIED,
        known="" if own.award.bank or own.award.stage in bank.CERTIFIED else own.award.application.bank_masked,
    ), (form.status if form.is_submitted() else 200)


@bp.get("/awards/<ref:reference>/authorization.pdf")
def authorization(reference: str) -> Response:
    return authorization_response(_own(reference)[0].award)


@bp.get("/awards/<ref:reference>/settlement.pdf")
def settlement(reference: str) -> Response:
    own, frame = _own(reference)
    if own.settled is None:
        raise NotHere("There is no such thing here.")
    return statement_response(own.award, own.settled, frame)


def _as_applied(own: Own) -> Any:
    """The account that the application brought; no page shows it."""
    reference, details, form = own.award.reference, bank_of(own.award.application), ReadForm()
    if form.validate() and details and form.attempt(bank.enter, reference, seen=form.seen, **details):
        flash(say("Your bank details are kept, and sealed."))
        return redirect(url_for(".award", reference=reference))
    flash(" ".join(form.refusals()) or say("Your application has no account that can be used. Write it here."))
    return redirect(url_for(".bank_details", reference=reference))


def _own(reference: str) -> tuple[Own, Frame]:
    return own_award(reference, current_user.account, clock.today())


def _answer(own: Own) -> AnswerForm:
    return AnswerForm(version=str(own.award.seq)).offer()


def _page(own: Own, frame: Frame, form: AnswerForm) -> str:
    journey, why_not = cost_of(own.award, own.today)
    zone = zones.reader_zone(own.award.state)
    now = clock.now()
    return render_template(
        "delegates/award.html",
        own=own,
        award=own.award,
        frame=frame,
        form=form,
        journey=journey,
        why_not=why_not,
        lines=told_lines(journey.cost) if journey else [],
        way=way_of(own, frame, journey),
        undertaken=[say(one, due=claim_by(frame, journey)) for one in UNDERTAKEN],
        until=own.until(zone),
        now=now,
        zones=zones,
        authorized=authorized(own.award),
        may_decline=possible("award.declined", own.award.stage, own.award.resumes),
        may_replace=possible("award.replaced", own.award.stage, own.award.resumes),
        may_bank=possible("bank.entered", own.award.stage),
        files=claim_documents(db.session(), own.award),
        settled=statement_of(own.award, own.settled) if own.settled else None,
        how_back=how(own.award, -own.owes) if own.owes else "",
    )
