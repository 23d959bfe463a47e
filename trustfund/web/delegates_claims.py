"""The delegates' door, after the journey: the claim is filled in, reckoned, looked at, and sent."""

import json
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from trustfund.core.costs import Cost
from trustfund.core.lifecycle import possible
from trustfund.core.money import amount_of, major, minor
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.models.awards import Award, Claim
from trustfund.operations import claims
from trustfund.operations.allowances import KINDS, provision_of
from trustfund.operations.claim_documents import (
    MOST,
    add_claim_document,
    claim_documents,
    remove_claim_document,
    unsent,
)
from trustfund.operations.meetings import Frame
from trustfund.operations.settlements import Due, due_of
from trustfund.services import clock
from trustfund.services.document_check import LARGEST
from trustfund.web.award_forms import ClaimForm
from trustfund.web.delegates import bp
from trustfund.web.journey_words import Told, cost_of, told_lines
from trustfund.web.own_award import Own, own_award
from trustfund.web.papers_claims import NIL

FILES = {"boarding_pass": "boarding-pass", "receipt": "receipt"}
"""Field of the page -> kind of the file."""
AT_ONCE = 4 * LARGEST  # so that a photograph that is too large is refused in words, and what was typed stays


@bp.route("/awards/<ref:reference>/claim", methods=["GET", "POST"])
def claim(reference: str) -> Any:
    """One form: the page that asks, and the page that shows what it comes to, before it is sent."""
    request.max_content_length = AT_ONCE
    own, frame = _own(reference)
    try:
        form = _form(own)
        step = request.form.get("step", "")[:40]
    except RequestEntityTooLarge:
        form = _form(own, empty=True)
        form.boarding_pass.errors = [say("These files are far too large. Scan them in grey, at 150 dots an inch.")]
        return _asked(own, frame, form), 413
    if not form.is_submitted():
        return _asked(own, frame, form)
    good = form.validate()
    if "csrf_token" in form.errors:
        return _asked(own, frame, form), form.status
    if step != "send" and not possible("claim.submitted", own.award.stage):
        return _asked(own, frame, form), form.status
    if step not in ("calculate", "send"):
        return _files(own, form, step)
    kept = _kept(reference, form)
    if not (good and kept):
        return _asked(*_own(reference), form), form.status
    return _send(own, form) if step == "send" else _reckoned(*_own(reference), form)


def _send(own: Own, form: ClaimForm) -> Any:
    reference = own.award.reference
    if not form.declared.data:
        form.declared.errors = [say("Tick the box: a claim is declared to be true.")]
    elif form.attempt(
        claims.submit,
        reference,
        seen=form.seen,
        arrived_on=form.arrived_on.data,
        left_on=form.left_on.data,
        visa=form.visa.data or "",
        trips=form.trips.data,
        given=json.dumps(form.given.data, sort_keys=True),
        message=form.message.data or "",
        report=form.report.data or "",
    ):
        flash(say("Your claim is submitted."))
        return redirect(url_for(".award", reference=reference))
    own, frame = _own(reference)
    asked_again = any(f.errors for f in form if f.name != "declared")
    return (_asked if asked_again else _reckoned)(own, frame, form), form.status


def _files(own: Own, form: ClaimForm, step: str) -> Any:
    """Files are kept or taken away while the rest of the page is still being filled in: nothing else is judged yet."""
    for field in form:
        field.errors = []
    reference, (word, _, document) = own.award.reference, step.partition(" ")
    try:
        if word == "remove":
            remove_claim_document(reference, current_user.account, document)
        good = _kept(reference, form)
    except NotHere:
        good = True  # it is gone already
    return _asked(*_own(reference), form), 200 if good else form.status


def _kept(reference: str, form: ClaimForm) -> bool:
    """Keep what was chosen; whether nothing of it was refused."""
    good = True
    for name, kind in FILES.items():
        for sent in request.files.getlist(name):
            if not sent.filename:
                continue
            try:
                add_claim_document(
                    reference, current_user.account, kind, sent.filename, sent.read(), clock.now(), field=name
                )
            except Refused as refused:
                if refused.field != name:
                    raise
                form[name].errors = [*form[name].errors, told(refused)]
                good = False
    return good


def _own(reference: str) -> tuple[Own, Frame]:
    return own_award(reference, current_user.account, clock.today())


def _form(own: Own, *, empty: bool = False) -> ClaimForm:
    """Filled in with the last claim, else with the journey as it was authorized."""
    more: dict[str, Any] = {"formdata": None} if empty else {}
    form = ClaimForm(data=_known(own), **more)
    return form.offer(_nights(own))


def _known(own: Own) -> dict[str, Any]:
    last, version = own.claim, {"version": str(own.award.seq)}
    if last:
        return version | {
            "arrived_on": last.arrived_on,
            "left_on": last.left_on,
            "visa": _text(last.visa),
            "trips": last.trips,
            "given": json.loads(last.given or "{}"),
            "report": last.report,
            "message": last.words,
        }
    journey, _ = cost_of(own.award, own.today)
    days = {"arrived_on": journey.arrival, "left_on": journey.departure} if journey else {}
    return version | days | {"visa": _text(own.award.visa)}


def _text(cents: int) -> str:
    return f"{major(cents, 'USD'):f}" if cents else ""


def _nights(own: Own) -> list[date]:
    """The nights that were authorized: only for these an allowance is due."""
    journey, _ = cost_of(own.award, own.today)
    return [journey.arrival + timedelta(days=n) for n in range(journey.nights)] if journey else []


def _asked(own: Own, frame: Frame, form: ClaimForm) -> str:
    award = own.award
    return render_template(
        "delegates/claim.html",
        own=own,
        frame=frame,
        form=form,
        may=possible("claim.submitted", award.stage),
        nights=_nights(own),
        kinds=KINDS,
        provided=provision_of(db.session(), award.meeting).given,
        files=claim_documents(db.session(), award),
        removable={one.reference for one in unsent(db.session(), award)},
        most=MOST,
    )


def _reckoned(own: Own, frame: Frame, form: ClaimForm) -> str:
    """What it comes to, line by line: as an officer will prepare it, if nothing is added or taken off."""
    due, why_not = _due(own.award, form)
    return render_template(
        "delegates/claim_check.html",
        own=own,
        frame=frame,
        form=form,
        due=due,
        why_not=why_not,
        lines=_lines(due),
        files=claim_documents(db.session(), own.award),
        kinds=KINDS,
    )


def _due(award: Award, form: ClaimForm) -> tuple[Due | None, str]:
    claim = Claim(
        arrived_on=form.arrived_on.data,
        left_on=form.left_on.data,
        visa=minor(amount_of(form.visa.data, "USD"), "USD") if form.visa.data else 0,
        trips=form.trips.data,
        given=json.dumps(form.given.data),
    )
    try:
        return due_of(db.session(), award, claim, (), clock.today()), ""
    except Refused as refused:
        return None, told(refused)


def _lines(due: Due | None) -> list[Told]:
    return told_lines(Cost(due.lines, NIL)) if due else []
