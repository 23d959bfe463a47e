"""What waits for a second officer: proposals in plain words, confirmed or declined, and the last that were decided."""

import json
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from trustfund.core.calendar import KINDS
from trustfund.core.countries import STATES, state
from trustfund.core.refusal import sentence
from trustfund.core.roles import MAY, Function, may
from trustfund.extensions import db
from trustfund.i18n import day, in_words, language, list_of, say, told
from trustfund.models.fund import calendar_on
from trustfund.models.selections import Proposal, Selection
from trustfund.operations import proposals as two_officers
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.forms import DeedForm
from trustfund.web.officers import bp
from trustfund.web.officers_states import FACT, value_in_words

LABEL = {
    "fact": sentence("Fact"),
    "value": sentence("Becomes"),
    "effective": sentence("Holds from"),
    "name": sentence("Name"),
    "kind": sentence("Kind of meeting"),
    "authority": sentence("Authority"),
    "phase": sentence("Phase"),
    "days": sentence("Days"),
    "city": sentence("City"),
    "country": sentence("Country"),
    "zone": sentence("Time zone"),
    "amount": sentence("Amount, US dollars"),
    "basis": sentence("Basis"),
    "public": sentence("Application"),
    "to_position": sentence("New place"),
    "document": sentence("Document"),
}
"""Parts of a proposal's content, in the order in which they are read; a meeting's code stands in the heading."""
BASIS = {"planned-need": sentence("Planned need"), "decided": sentence("Decided")}


@bp.get("/proposals")
def proposals() -> str:
    return _page()


@bp.post("/proposals/<ref:reference>/confirmation")
def confirm_proposal(reference: str) -> Any:
    said = sentence("It is confirmed and done: entry {seq} of the record.")
    return _decided(two_officers.confirm, reference, said)


@bp.post("/proposals/<ref:reference>/rejection")
def decline_proposal(reference: str) -> Any:
    return _decided(two_officers.decline, reference, sentence("It is declined: entry {seq} of the record."))


def _decided(deed: Any, reference: str, said: str) -> Any:
    form = DeedForm()
    if form.validate_on_submit() and (done := form.attempt(deed, reference)):
        flash(say(said, seq=done.seq))
        return redirect(url_for(".proposals"))
    return _page(form), form.status


def _page(form: DeedForm | None = None) -> str:
    waiting, decided = two_officers.waiting(), two_officers.decided()
    about = _about([*waiting, *decided])
    return render_template(
        "officers/proposals.html",
        form=form or DeedForm(formdata=None),
        waiting=[(p, about[p.reference], pairs(p), _why_not(p), _permitted(p)) for p in waiting],
        decided=[(p, about[p.reference]) for p in decided],
        may_propose=bool(current_user.account.functions_on(clock.today())),
    )


def pairs(proposal: Proposal) -> list[tuple[str, str]]:
    """The content of a proposal as labels and values, each in words."""
    content = json.loads(proposal.content)
    return [(say(label), _shown(key, content[key])) for key, label in LABEL.items() if key in content]


def _shown(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return in_words(value)
    if key == "days":
        return str(list_of(map(day, value)))
    if key == "effective":
        return day(value)
    if key == "country" and value in STATES:
        return state(value).name_on(clock.today(), language())
    if key == "value":
        return value_in_words(value)
    known = {"fact": FACT, "kind": KINDS, "basis": BASIS}.get(key, {}).get(value)
    return say(known) if known else str(value)


def _about(found: list[Proposal]) -> dict[str, str]:
    """What each proposal is about, as people call it."""
    runs = dict(
        db.session.execute(
            select(Selection.reference, Selection.meeting).where(Selection.reference.in_({p.subject for p in found}))
        ).all()
    )
    names = {m.code: in_words(m.name) for m in calendar_on(db.session(), clock.today()).meetings}

    def called(subject: str) -> str:
        if subject in STATES:
            return state(subject).name_on(clock.today(), language())
        meeting = runs.get(subject, subject)
        return f"{meeting}, {names[meeting]}" if meeting in names else meeting

    return {p.reference: called(p.subject) for p in found}


def _permitted(proposal: Proposal) -> bool:
    return may(proposal.deed, current_user.role, current_user.account.functions_on(clock.today()))


def _why_not(proposal: Proposal) -> str:
    """The sentence beside a button that would be refused; empty where it would not."""
    if not _permitted(proposal):
        functions = [say(words.FUNCTION[f]).lower() for f in Function if f in MAY[proposal.deed]]
        return say("This is for an officer designated for {functions}.", functions=list_of(functions))
    refused = two_officers.why_not(proposal, current_user.account)
    return told(refused) if refused else ""
