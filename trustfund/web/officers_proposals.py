"""What waits for a second officer: proposals in plain words, confirmed or declined, and the last that were decided."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select, tuple_

from trustfund.core.calendar import KINDS
from trustfund.core.countries import STATES, State, state
from trustfund.core.country_amendments import GRADUATIONS, as_known
from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.core.roles import MAY, Function, may
from trustfund.extensions import db
from trustfund.i18n import NBSP, amount, day, in_words, language, list_of, month, say, told
from trustfund.models.awards import Award
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.fund import amendments_of, calendar_on
from trustfund.models.selections import PlaceRow, Proposal, Selection
from trustfund.operations import proposals as two_officers
from trustfund.operations.award_deeds import many_books
from trustfund.operations.closing import refunds_due
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.confirming import confirmed
from trustfund.web.forms import DeedForm
from trustfund.web.officers import bp, tell
from trustfund.web.officers_states import FACT, value_in_words

ASKED = {
    "override.recorded": sentence("Move a candidate"),
    "status.amended": sentence("Amend the status of a State"),
    "meeting.added": sentence("Add a meeting"),
    "allotment.changed": sentence("Change an allotment"),
    "selection.kept": sentence("Keep a run"),
    "debt.written-off": sentence("Write off the debt of a traveller"),
    "contribution.written-off": sentence("Write off a contribution"),
    "overpayment.refunded": sentence("Pay back what was paid above an agreement"),
    "month.closed": sentence("Close a month"),
    "closing.decided": sentence("Decide the closing of the fund"),
    "refund.paid": sentence("Pay a refund"),
    "fund.closed": sentence("Close the fund for ever"),
}
"""What each deed of two officers asks for; words.ACTION says it of what is done."""
LABEL = {
    "fact": sentence("Fact"),
    "present": sentence("Is now"),
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
    "state": sentence("State"),
    "position": sentence("Computed place"),
    "to_position": sentence("New place"),
    "document": sentence("Document"),
    "owes": sentence("The traveller owes today, US dollars"),
    "unpaid": sentence("Still receivable today"),
    "over": sentence("Paid above the agreement"),
    "decided_on": sentence("Decided on"),
    "due": sentence("Due to the donor today, US dollars"),
    "bank_account": sentence("Bank account"),
    "bank_reference": sentence("Bank reference"),
    "value_date": sentence("Value date"),
}
"""Parts of a proposal's content, in the order in which they are read; a meeting's code stands in the heading."""
BASIS = {"planned-need": sentence("Planned need"), "decided": sentence("Decided")}


@bp.get("/proposals")
def proposals() -> str:
    return _page()


@bp.post("/proposals/<ref:reference>/confirmation")
@confirmed(then=sentence("Then the proposal is confirmed and done."))
def confirm_proposal(reference: str) -> Any:
    said = sentence("It is confirmed and done: entry {seq} of the record.")
    return _decided(two_officers.confirm, reference, said)


@bp.post("/proposals/<ref:reference>/rejection")
def decline_proposal(reference: str) -> Any:
    return _decided(two_officers.decline, reference, sentence("It is declined: entry {seq} of the record."))


def _decided(deed: Any, reference: str, said: str) -> Any:
    form = DeedForm()
    if form.validate_on_submit() and (done := form.attempt(deed, reference)):
        tell(say(said, seq=done.seq), *_where(reference))
        return redirect(url_for(".proposals"))
    return _page(form), form.status


def _where(reference: str) -> tuple[str, str]:
    """Where what was decided can be seen, and what that is called."""
    found = db.session.scalars(select(Proposal).where(Proposal.reference == reference)).unique().one()
    if found.deed == "status.amended":
        return url_for(".state", iso3=found.subject), say("See the State")
    if found.deed == "allotment.changed" or (found.deed == "meeting.added" and found.stage == "confirmed"):
        return url_for(".meeting", code=found.subject), say("See the meeting")
    if found.deed in ("contribution.written-off", "overpayment.refunded"):
        return url_for(".pledge", reference=found.subject), say("See the contribution")
    if found.deed in ("selection.kept", "override.recorded"):
        return url_for(".selection", reference=found.subject), say("See the run")
    return "", ""


def _page(form: DeedForm | None = None) -> str:
    waiting, decided = two_officers.waiting(), two_officers.decided()
    about, beside = _about([*waiting, *decided]), _beside(waiting)
    return render_template(
        "officers/proposals.html",
        form=form or DeedForm(formdata=None),
        waiting=[(p, about[p.reference], pairs(p, beside(p)), _why_not(p), _permitted(p)) for p in waiting],
        decided=[(p, about[p.reference]) for p in decided],
        asked=ASKED,
        may_propose=bool(current_user.account.functions_on(clock.today())),
    )


def pairs(proposal: Proposal, beside: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The content of a proposal, and what is known beside it, as labels and values, each in words."""
    content = {**json.loads(proposal.content), **beside}
    return [(say(label), _shown(key, content[key])) for key, label in LABEL.items() if key in content]


def _shown(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return in_words(value)
    if key == "days":
        return str(list_of(map(day, value)))
    if key in ("effective", "decided_on", "value_date"):
        return day(value)
    if key in ("country", "state") and value in STATES:
        return state(value).name_on(clock.today(), language())
    if key in ("value", "present"):
        return value_in_words(value)
    known = {"fact": FACT, "kind": KINDS, "basis": BASIS}.get(key, {}).get(value)
    return say(known) if known else str(value)


def _beside(found: list[Proposal]) -> Callable[[Proposal], dict[str, Any]]:
    """What an officer compares a proposal with: the computed place and State of a candidate, the present fact."""
    moved = {p.reference: (p.subject, json.loads(p.content)["public"]) for p in found if p.deed == "override.recorded"}
    computed = select(Selection.reference, PlaceRow.public, PlaceRow.position, PlaceRow.state).join(
        PlaceRow, PlaceRow.selection_id == Selection.id
    )
    asked = tuple_(Selection.reference, PlaceRow.public).in_(set(moved.values()))
    places = {(row.reference, row.public): row for row in db.session.execute(computed.where(asked))}
    known = amendments_of(db.session())
    owed = many_books(db.session(), [p.subject for p in found if p.deed == "debt.written-off"])
    unpaid = _pledges(p.subject for p in found if p.deed in ("contribution.written-off", "overpayment.refunded"))
    refunds = refunds_due(db.session()) if any(p.deed == "refund.paid" for p in found) else []

    def beside(proposal: Proposal) -> dict[str, Any]:
        if row := places.get(moved.get(proposal.reference, ("", ""))):
            return {"position": row.position, "state": row.state}
        if proposal.deed == "status.amended":
            fact = json.loads(proposal.content)["fact"]
            return {"present": _present(as_known(STATES[proposal.subject], clock.today(), known), fact)}
        if proposal.deed == "debt.written-off" and proposal.subject in owed:
            return {"owes": amount(major(sum(owed[proposal.subject].due.values()), "USD"))}
        if pledge := unpaid.get(proposal.subject):
            if proposal.deed == "overpayment.refunded":
                return {"over": f"{amount(major(pledge.over, pledge.currency))}{NBSP}{pledge.currency}"}
            return {"unpaid": _still_receivable(pledge)}
        if proposal.deed == "refund.paid":
            due = sum(one.usd for one in refunds if one.reference == proposal.subject)
            return {"due": amount(major(due, "USD"))}
        return {}

    return beside


def _still_receivable(pledge: Pledge) -> str:
    left = f"{amount(major(pledge.owed, pledge.currency))}{NBSP}{pledge.currency}"
    booked = f"{amount(major(pledge.owed_usd, 'USD'))}{NBSP}USD"
    return left if pledge.currency == "USD" else say("{amount}, booked at {usd}", amount=left, usd=booked)


def _pledges(references: Iterable[str]) -> dict[str, Pledge]:
    found = select(Pledge).where(Pledge.reference.in_({*references}))
    return {pledge.reference: pledge for pledge in db.session.scalars(found).unique()}


def _present(found: State, fact: str) -> str:
    """A fact of a State as an amendment would write it."""
    if fact in GRADUATIONS:
        value: Any = found.ldc_to if found.ldc_to_status == GRADUATIONS[fact] else None
    else:
        value = getattr(found, fact)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "never" if value is None else str(value)


def _about(found: list[Proposal]) -> dict[str, str]:
    """What each proposal is about, as people call it."""
    runs = dict(
        db.session.execute(
            select(Selection.reference, Selection.meeting).where(Selection.reference.in_({p.subject for p in found}))
        ).all()
    )
    names = {m.code: in_words(m.name) for m in calendar_on(db.session(), clock.today()).meetings}
    journeys = {
        award.reference: say("{person}, award {award}", person=award.application.full_name, award=award.reference)
        for award in db.session.scalars(select(Award).where(Award.reference.in_({p.subject for p in found}))).unique()
    }

    pledges = _pledges(p.subject for p in found)
    donors = dict(
        db.session.execute(
            select(Donor.reference, Donor.name).where(Donor.reference.in_({p.subject for p in found}))
        ).all()
    )

    def called(subject: str) -> str:
        if subject in donors:
            return donors[subject]
        if subject in pledges:
            of = pledges[subject]
            return say("{donor}, {document}", donor=of.donor.name, document=of.document or of.reference)
        if subject == "fund":
            return say("the fund")
        if subject in STATES:
            return state(subject).name_on(clock.today(), language())
        if subject in journeys:
            return journeys[subject]
        if subject.startswith("month:"):
            return month(subject.removeprefix("month:"))
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
