"""The delegates' door, the draft: its short pages, its files, and where its person would be paid."""

from contextlib import suppress
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from trustfund.core.refusal import NotHere, Refused, Stale
from trustfund.i18n import say, told
from trustfund.models.applications import Application
from trustfund.operations import applications
from trustfund.operations.application_bank import forget_bank, keep_bank, keep_unfinished
from trustfund.operations.application_files import MOST, files_of, remove_document, unsent
from trustfund.operations.drafts import EDITABLE, mail_way_back
from trustfund.operations.meetings import Frame
from trustfund.services import clock
from trustfund.services.document_check import LARGEST
from trustfund.web.apply_forms import PARTS, ApplyForm, Part
from trustfund.web.apply_payment import KINDS, FilesForm, PaymentForm
from trustfund.web.delegates import bp, own_and_frame, sent_already
from trustfund.web.forms import Form

AT_ONCE = MOST * LARGEST
ALL = 6  # parts of an application, with the last that checks and declares


@bp.route("/applications/<ref:reference>/<any(you, nomination, journey):part>", methods=["GET", "POST"])
def page(reference: str, part: str) -> Any:
    """One short page. What is right is kept when it is sent, even while something else on it is wrong.

    ``left``: a script sends what was typed as the page is left, and wants the seal of what is kept in answer, no page;
    what was saved since stays.
    """
    own, frame = own_and_frame(reference)
    asks = PARTS[part]
    form = asks.form(obj=own)
    form.offer(frame)
    if not form.is_submitted():
        return _page(own, frame, asks, form) if own.stage in EDITABLE else sent_already(own)
    good, later = form.validate(), "later" in request.form
    if "csrf_token" not in form.errors:
        if "left" in request.form:
            return _left(reference, form)
        if _saved(reference, form) and (good or (later and form.only_unfinished)):
            return _come_back_later(reference) if later else redirect(_after(reference, asks))
        own, frame = own_and_frame(reference)
    return _page(own, frame, asks, form), 422


@bp.post("/applications/<ref:reference>/way-back")
def way_back(reference: str) -> Any:
    """The link to the draft, by mail."""
    form = Form()
    own_and_frame(reference)
    if form.validate():
        return _come_back_later(reference)
    flash(" ".join(form.refusals()))
    return redirect(url_for(".application", reference=reference))


@bp.route("/applications/<ref:reference>/documents", methods=["GET", "POST"])
def documents(reference: str) -> Any:
    """Note verbale, passport page, visa, bank form: each of several files, kept as soon as it is sent."""
    request.max_content_length = AT_ONCE
    own, frame = own_and_frame(reference)
    try:
        form = FilesForm()
        step = request.form.get("step", "continue")[:40]
    except RequestEntityTooLarge:
        form = FilesForm(formdata=None)
        form.note_verbale.errors = [say("These files are far too large. Scan them in grey, at 150 dots an inch.")]
        return _documents(own, frame, form), 413
    if not form.is_submitted():
        return _documents(own, frame, form) if own.stage in EDITABLE else sent_already(own)
    if form.validate() and _kept(reference, form, step):
        if step == "later":
            return _come_back_later(reference)
        to = ".payment" if step == "continue" else ".documents"
        return redirect(url_for(to, reference=reference))
    return _documents(*own_and_frame(reference), form), form.status


@bp.get("/applications/<ref:reference>/note-verbale")
def note_verbale(reference: str) -> Any:
    """An address that mails had: its files stand among the others now."""
    own_and_frame(reference)
    return redirect(url_for(".documents", reference=reference))


@bp.route("/applications/<ref:reference>/payment", methods=["GET", "POST"])
def payment(reference: str) -> Any:
    """Where to be paid, if it is known already. Nothing is needed here before a seat is accepted."""
    own, frame = own_and_frame(reference)
    form = PaymentForm.of(own)
    if not form.is_submitted():
        return _payment(own, frame, form) if own.stage in EDITABLE else sent_already(own)
    good, forget, later = form.validate(), "forget" in request.form, "later" in request.form
    if "csrf_token" not in form.errors:
        if forget:
            forget_bank(reference, current_user.account)
            return redirect(url_for(".payment", reference=reference))
        if form.empty or (good and _bank_kept(reference, form)):
            return _come_back_later(reference) if later else redirect(url_for(".check", reference=reference))
        keep_unfinished(reference, current_user.account, **form.details())
        if later:
            return _come_back_later(reference)
    return _payment(*own_and_frame(reference), form), form.status


def _saved(reference: str, form: ApplyForm, seen: str | None = None) -> bool:
    """Keep what is right; where a seat settles who comes, the rest of the page. Whether nothing was refused."""
    right = form.right()
    try:
        applications.save(reference, current_user.account, right, clock.now(), seen=seen)
    except Refused as refused:
        if refused.field not in right:
            raise
        form[refused.field].errors = [told(refused)]
        rest = {column: right[column] for column in right.keys() - applications.WHO_COMES}
        applications.save(reference, current_user.account, rest, clock.now(), seen=seen)
        return False
    return True


def _left(reference: str, form: ApplyForm) -> Any:
    try:
        _saved(reference, form, seen=form.seen.data or "")
    except Stale:
        return "", 204
    return applications.seal_of_answers(own_and_frame(reference)[0]), {"Content-Type": "text/plain"}


def _page(own: Application, frame: Frame, part: Part, form: ApplyForm) -> str:
    form.seen.data = applications.seal_of_answers(own)
    n = list(PARTS).index(part.code) + 1
    return render_template("delegates/page.html", application=own, frame=frame, part=part, form=form, n=n, all=ALL)


def _after(reference: str, part: Part) -> str:
    """The next page in order; after the last of questions the files."""
    following = [*PARTS][list(PARTS).index(part.code) + 1 :]
    if following:
        return url_for(".page", reference=reference, part=following[0])
    return url_for(".documents", reference=reference)


def _come_back_later(reference: str) -> Any:
    mail_way_back(reference, current_user.account)
    flash(say("It is kept. A mail to {address} has the link to come back.", address=current_user.account.email))
    return redirect(url_for(".application", reference=reference))


def _documents(own: Application, frame: Frame, form: FilesForm) -> str:
    return render_template(
        "delegates/documents.html",
        application=own,
        frame=frame,
        form=form,
        kinds=KINDS,
        files=files_of(own),
        removable={one.reference for one in unsent(own)},
        most=MOST,
        n=len(PARTS) + 1,
        all=ALL,
    )


def _kept(reference: str, form: FilesForm, step: str) -> bool:
    """Keep what was chosen, after taking away what is not wanted any more; whether nothing was refused."""
    word, _, unwanted = step.partition(" ")
    if word == "remove":
        with suppress(NotHere):  # it is gone already
            remove_document(reference, current_user.account, unwanted)
    good = True
    for name, (kind, _called) in KINDS.items():
        for sent in request.files.getlist(name):
            if sent.filename and not _one_kept(reference, form, name, kind, sent.filename, sent.read()):
                good = False
    return good


def _one_kept(reference: str, form: FilesForm, field: str, kind: str, name: str, content: bytes) -> bool:
    try:
        applications.add_document(reference, current_user.account, name, content, clock.now(), kind=kind, field=field)
    except Refused as refused:
        if refused.field != field:
            raise
        form[field].errors = [*form[field].errors, told(refused)]
        return False
    return True


def _payment(own: Application, frame: Frame, form: PaymentForm) -> str:
    n = len(PARTS) + 2
    return render_template("delegates/payment.html", application=own, frame=frame, form=form, n=n, all=ALL)


def _bank_kept(reference: str, form: PaymentForm) -> bool:
    try:
        keep_bank(reference, current_user.account, **form.details())
    except Refused as refused:
        if not refused.field:
            raise
        form.wrong(refused.field, told(refused))
        return False
    return True
