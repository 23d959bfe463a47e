"""Contributions that go another way: pledges amended or withdrawn, deposits attached later, what will not come."""

from typing import Any

from flask import redirect, render_template, url_for
from wtforms import HiddenField

from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.operations import contributions, parts, proposals, unapplied
from trustfund.web import letters, pledge_changes
from trustfund.web.forms import ReadForm
from trustfund.web.officers import WHY_IT_MAY_BE, bp, may_record, pledge_page, tell
from trustfund.web.pledge_form import SplitForm, UnpaidForm


@bp.route("/pledges/<ref:reference>/amendment", methods=["GET", "POST"])
def amend_pledge(reference: str) -> Any:
    pledge = contributions.pledge_of(reference)
    return pledge_changes.amended(pledge, _to(reference), may_record=may_record())


@bp.route("/pledges/<ref:reference>/withdrawal", methods=["GET", "POST"])
def withdraw_pledge(reference: str) -> Any:
    pledge = contributions.pledge_of(reference)
    return pledge_changes.withdrawn(pledge, _to(reference), may_record=may_record())


@bp.post("/pledges/<ref:reference>/write-off")
def propose_unpaid(reference: str) -> Any:
    form = UnpaidForm()
    if form.validate_on_submit():
        content = {"document": form.authority.data.strip(), "version": form.seen}
        known = {"subject": reference, "content": content, "reason": form.reason.data}
        if done := form.attempt(proposals.propose, "contribution.written-off", **known):
            said = sentence("The write-off is proposed: entry {seq} of the record. A second officer confirms it.")
            tell(say(said, seq=done.seq))
            return redirect(url_for(".pledge", reference=reference))
    return pledge_page(contributions.pledge_of(reference), unpaid=form), form.status


@bp.route("/pledges/<ref:reference>/letters", methods=["GET", "POST"])
def add_letter(reference: str) -> Any:
    return letters.added(contributions.pledge_of(reference), _to(reference), may_record=may_record())


@bp.get("/letters/<ref:reference>")
def letter(reference: str) -> Any:
    return letters.attached(reference)


class AttachForm(ReadForm):
    """One button for each agreement that is offered. ``version``: of its pledge."""

    pledge = HiddenField()


@bp.get("/deposits/<ref:reference>")
def deposit(reference: str) -> Any:
    return deposit_page(reference)


@bp.post("/deposits/<ref:reference>/attachment")
def attach_deposit(reference: str) -> Any:
    form = AttachForm()
    if form.validate_on_submit() and (
        done := form.attempt(unapplied.attach, reference, pledge=form.pledge.data or "", seen=form.seen)
    ):
        said = sentence("The deposit is attached: entry {seq} of the record. From now on it is received.")
        tell(say(said, seq=done.seq))
        return redirect(url_for(".pledge", reference=done.on))
    return deposit_page(reference, form), form.status


def deposit_page(reference: str, form: AttachForm | None = None, split: SplitForm | None = None) -> str:
    found = unapplied.deposit_of(reference)
    return render_template(
        "officers/deposit.html",
        deposit=found.deposit,
        suggestions=found.suggestions,
        others=[one for one in parts.parts_of(db.session(), found.deposit) if one.reference != reference],
        form=form or AttachForm(formdata=None),
        split=split or SplitForm(formdata=None),
        why=WHY_IT_MAY_BE,
        may_record=may_record(),
    )


def _to(reference: str) -> list[tuple[str, str]]:
    """The way to the pages that change a pledge."""
    return [
        (url_for(".desk"), say("Desk")),
        (url_for(".pledges"), say("Contributions")),
        (url_for(".pledge", reference=reference), say("Pledge")),
    ]
