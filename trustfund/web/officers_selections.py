"""Officers and meetings: the desk of one meeting with its next step, the preview of a run, and keeping it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import load_only
from wtforms import SelectField, StringField, TextAreaField

from trustfund.core.money import major
from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.core.roles import MAY, Function, Role, may
from trustfund.extensions import db
from trustfund.i18n import list_of, say, told
from trustfund.models.applications import Application
from trustfund.models.selections import Closing, Proposal, Selection
from trustfund.operations import allotments, proposals, selections
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web import selection_page
from trustfund.web.forms import AtMost, DeedForm, Needed, Offered
from trustfund.web.officers import bp
from trustfund.web.officers_proposals import ASKED
from trustfund.web.public_meetings import Entry, entries, entry_of
from trustfund.web.zones import days_of

BASES = {
    "planned-need": sentence("The planned need of the meeting"),
    "decided": sentence("A decision of its own"),
}


class AllotmentForm(DeedForm):
    amount = StringField(
        sentence("What the meeting may cost, US dollars"),
        validators=[Needed(sentence("Enter the amount, for example 50000.00."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    basis = SelectField(sentence("On what it is based"), validators=[Offered()], validate_choice=False)
    document = StringField(
        sentence("Document"),
        description=sentence("For example, Allotment advice 2018/3"),
        validators=[Needed(sentence("Enter the document of the allotment.")), AtMost(120)],
    )

    def offer(self) -> Any:
        self.basis.choices = [(code, say(name)) for code, name in BASES.items()]
        return self


def reason_field() -> TextAreaField:
    """Why something is proposed to a second officer."""
    return TextAreaField(
        sentence("Reason"),
        description=sentence("Say why: a second officer reads it before confirming."),
        validators=[Needed(sentence("Give the reason.")), AtMost(2000)],
        render_kw={"rows": 2},
    )


class ReasonForm(DeedForm):
    reason = reason_field()


class AllotmentChangeForm(AllotmentForm, ReasonForm):
    """The same once the call has opened: by two officers, with the reason."""


class ClosingForm(DeedForm):
    value = StringField(
        sentence("The public value"),
        description=sentence("Exactly as its source has it"),
        validators=[Needed(sentence("Enter the public value that the call named.")), AtMost(80)],
        render_kw={"autocomplete": "off"},
    )


class OverrideForm(DeedForm):
    public = StringField(
        sentence("Reference"),
        description=sentence("As the list has it, for example N1-7KQ2"),
        validators=[Needed(sentence("Enter the reference of the candidate.")), AtMost(40)],
    )
    to_position = StringField(
        sentence("New place"),
        validators=[Needed(sentence("Enter the number of the new place."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    reason = TextAreaField(
        sentence("Reason"),
        description=sentence("It is published with the run, so name no person."),
        validators=[Needed(sentence("Give the reason.")), AtMost(2000)],
    )

    def content(self) -> dict[str, Any]:
        typed = self.to_position.data.strip()
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 7):
            raise Refused("Enter the number of the new place, in figures.", field="to_position")
        return {"public": self.public.data.strip().upper(), "to_position": int(typed)}


@bp.get("/meetings")
def meetings() -> str:
    counted: dict[str, dict[str, int]] = {}
    for row in db.session.execute(
        select(Application.meeting, Application.stage, func.count())
        .where((Application.stage != "draft") | (Application.seq > 0))
        .group_by(Application.meeting, Application.stage)
    ):
        counted.setdefault(row.meeting, {})[row.stage] = row[2]
    return render_template("officers/meetings.html", known=entries(clock.now()), counted=counted, unpaid=unpaid)


@bp.get("/meetings/<code:code>")
def meeting(code: str) -> str:
    return _desk(entry_of(code, clock.now()))


@bp.post("/meetings/<code:code>/allotment")
def fix_allotment(code: str) -> Any:
    """One officer fixes it before the call opens; then, or to change it, it is proposed to a second officer."""
    entry = entry_of(code, clock.now())
    form = _allotment_form(entry).offer()
    if not form.validate_on_submit():
        return _desk(entry, form), form.status
    terms = {"amount": form.amount.data, "basis": form.basis.data, "document": form.document.data}
    if isinstance(form, AllotmentChangeForm):
        done = _propose(form, "allotment.changed", code, terms)
        said = PROPOSED
    else:
        done = form.attempt(allotments.fix, code, **terms)
        said = sentence("The allotment is fixed: entry {seq} of the record.")
    if done is None:
        return _desk(entry, form), form.status
    flash(say(said, seq=done.seq))
    return redirect(url_for(".meeting", code=code))


@bp.post("/meetings/<code:code>/closing")
def close_call(code: str) -> Any:
    entry, form = entry_of(code, clock.now()), ClosingForm()
    if form.validate_on_submit() and (done := form.attempt(selections.close_call, code, value=form.value.data)):
        flash(say("The public value is recorded: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".meeting", code=code))
    return _desk(entry, form), form.status


@bp.post("/meetings/<code:code>/selection")
def preview_selection(code: str) -> Any:
    entry, form = entry_of(code, clock.now()), DeedForm()
    if form.validate_on_submit() and (done := form.attempt(selections.preview, code)):
        flash(say("A preview is made: entry {seq} of the record. It decides nothing.", seq=done.seq))
        return redirect(url_for(".selection", reference=done.on))
    return _desk(entry, form), form.status


@bp.get("/selections/<ref:reference>")
def selection(reference: str) -> str:
    return _run_page(reference)


@bp.post("/selections/<ref:reference>/keeping")
def keep_selection(reference: str) -> Any:
    """The first run, on its day: one officer keeps it. Else it is proposed, with a reason, to a second officer."""
    run = _run(reference)
    form: DeedForm = ReasonForm() if _why_two(run) else DeedForm()
    if not form.validate_on_submit():
        return _run_page(reference, form), form.status
    if isinstance(form, ReasonForm):
        done, said = _propose(form, "selection.kept", reference, {}), PROPOSED
    else:
        done = form.attempt(selections.keep, reference)
        said = sentence("The run is kept and published: entry {seq} of the record. The delegates answer next.")
    if done is None:
        return _run_page(reference, form), form.status
    flash(say(said, seq=done.seq))
    return redirect(url_for(".selection", reference=reference))


@bp.post("/selections/<ref:reference>/overrides")
def propose_override(reference: str) -> Any:
    _run(reference)
    form = OverrideForm()
    if form.validate_on_submit():
        try:
            content = form.content()
        except Refused as refused:
            form.to_position.errors = [told(refused)]
        else:
            if done := _propose(form, "override.recorded", reference, content):
                flash(say(PROPOSED, seq=done.seq))
                return redirect(url_for(".selection", reference=reference))
    return _run_page(reference, override=form), form.status


PROPOSED = sentence("It is proposed: entry {seq} of the record. Nothing has changed yet; another officer confirms it.")


def _propose(form: Any, action: str, subject: str, content: dict[str, Any]) -> Any:
    return form.attempt(proposals.propose, action, subject=subject, content=content, reason=form.reason.data)


def _allotment_form(entry: Entry, **more: Any) -> AllotmentForm:
    """Before the call opens one officer fixes it; afterwards it needs a reason and a second officer."""
    opened = allotments.opened(entry.meeting, entry.mandate, clock.now())
    return AllotmentChangeForm(**more) if entry.allotment or opened else AllotmentForm(**more)


@dataclass(frozen=True)
class Step:
    """A step on the way to a selection. ``state``: done, now or next."""

    code: str
    state: str


STEPS = ("allotment", "opens", "closes", "value", "screened", "preview", "kept")


def unpaid(entry: Entry) -> bool:
    """Whether the mandate lets the fund pay nobody for this meeting, so that nothing of it is allotted or selected."""
    return entry.meeting.kind == "regional-consultation" and not entry.mandate.setting("regional_consultations")


def steps_of(entry: Entry, closing: Closing | None, unscreened: int, previewed: bool, now: datetime) -> list[Step]:
    """The walk of a meeting: what is done, the one step that is next, and what follows."""
    done = {
        "allotment": entry.allotment is not None,
        "opens": now >= entry.call.opens,
        "closes": now >= entry.call.opens and not entry.call.on_time(now),
        "value": closing is not None,
        "screened": closing is not None and not unscreened,
        "preview": previewed or entry.run is not None,
        "kept": entry.run is not None,
    }
    current = next((code for code in STEPS if not done[code]), "")
    return [Step(code, "now" if code == current else "done" if done[code] else "next") for code in STEPS]


def _desk(entry: Entry, form: DeedForm | None = None) -> str:
    session, code, now = db.session(), entry.meeting.code, clock.now()
    closing = session.get(Closing, code)
    previews = session.scalars(
        select(Selection)
        .where(Selection.meeting == code, Selection.stage == "preview")
        .order_by(Selection.id.desc())
        .limit(5)
        .options(load_only(Selection.reference, Selection.made_at, Selection.seq))
    ).all()
    allotment = form if isinstance(form, AllotmentForm) else _allotment_form(entry, formdata=None).offer()
    if not allotment.is_submitted() or form is not allotment:
        _prefill(allotment, entry)
    unscreened = selections.unscreened(session, code)
    steps = steps_of(entry, closing, unscreened, any(p.seq > since(entry) for p in previews), now)
    return render_template(
        "officers/meeting.html",
        entry=entry,
        unpaid=unpaid(entry),
        steps=steps,
        step=next((s.code for s in steps if s.state == "now"), ""),
        closing=closing,
        unscreened=unscreened,
        previews=previews,
        kept=selections.kept_runs(session, code),
        waiting=_waiting(code, *(p.reference for p in previews)),
        asked=ASKED,
        allotment=allotment,
        value=form if isinstance(form, ClosingForm) else ClosingForm(formdata=None),
        keyed=form if type(form) is DeedForm else DeedForm(formdata=None),
        form=form or DeedForm(formdata=None),
        why={action: why_not(action) for action in ("allotment.fixed", "call.closed", "selection.previewed")},
    )


def since(entry: Entry) -> int:
    """The entry of the latest kept run: a preview before it is no longer of use."""
    return entry.run.seq if entry.run else 0


def _prefill(form: AllotmentForm, entry: Entry) -> None:
    if entry.allotment:
        form.amount.data = f"{major(entry.allotment.usd, 'USD'):f}"
        form.basis.data, form.document.data = entry.allotment.basis, entry.allotment.document
        return
    try:
        form.amount.data = f"{allotments.usual_amount(db.session(), entry.meeting, clock.today()):f}"
    except Refused:  # a fare or a rate is wanting: then nothing can be suggested
        form.amount.data = ""


def _run(reference: str) -> Selection:
    run = selection_page.run_called(reference)
    if run is None:
        raise NotHere("There is no such thing here.")
    return run


def _why_two(run: Selection) -> str:
    """Why one officer alone cannot keep the run today; empty where one can."""
    frame = selection_page.page_for(run).frame
    return selections.needs_two(db.session(), frame, clock.now())


def _run_page(reference: str, keeping: DeedForm | None = None, override: OverrideForm | None = None) -> str:
    run = _run(reference)
    page = selection_page.page_for(run)
    two = "" if run.stage == "kept" else selections.needs_two(db.session(), page.frame, clock.now())
    return render_template(
        "officers/selection_preview.html",
        run=page,
        days=days_of(page.meeting.days),
        args={"reference": reference},
        two=two,
        unscreened=0 if run.stage == "kept" else selections.unscreened(db.session(), run.meeting),
        keeping=keeping or (ReasonForm(formdata=None) if two else DeedForm(formdata=None)),
        override=override or OverrideForm(formdata=None),
        waiting=_waiting(reference),
        asked=ASKED,
        why={action: why_not(action) for action in ("selection.kept", "override.recorded")},
    )


def _waiting(*subjects: str) -> list[Proposal]:
    """Proposals about a meeting or a run that wait for a second officer."""
    found = select(Proposal).where(Proposal.stage == "waiting", Proposal.subject.in_(subjects)).order_by(Proposal.id)
    return list(db.session.scalars(found).unique())


def why_not(action: str) -> str:
    """Why the visitor cannot do a deed; empty where she or he can."""
    account = current_user.account
    if may(action, Role(account.role), account.functions_on(clock.today())):
        return ""
    functions = list_of(say(words.FUNCTION[f]).lower() for f in Function if f in MAY[action])
    return say("Only an officer who is designated for this can do it: {functions}.", functions=functions)
