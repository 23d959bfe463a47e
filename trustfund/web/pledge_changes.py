"""The pages on which a pledge is amended or withdrawn, the same for its donor and for an officer."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select

from trustfund.core.lifecycle import FOLLOWS, possible
from trustfund.core.money import major
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.contributions import Pledge
from trustfund.models.record import Event
from trustfund.operations import contributions, pledges
from trustfund.reports import words
from trustfund.web.forms import ReadForm
from trustfund.web.pledge_form import PledgeForm
from trustfund.web.pledge_instalments import instalments_typed

Links = Sequence[tuple[str, str]]


class AmendForm(PledgeForm, ReadForm):
    """A pledge as it stands, to be changed."""

    def show(self, pledge: Pledge) -> "AmendForm":
        """Offer what can be chosen, and what was chosen before although it is not offered: the earmark of a meeting."""
        self.offer()
        if pledge.earmark not in words.EARMARK:
            self.earmark.choices = [*self.earmark.choices, (pledge.earmark, words.earmark(pledge.earmark))]
        return self


def amended(pledge: Pledge, links: Links, *, may_record: bool = True) -> Any:
    """The form with the pledge filled in; once it is sent, the deed."""
    form = AmendForm(data=_as_typed(pledge)).show(pledge)
    if form.validate_on_submit() and (
        done := form.attempt(pledges.amend, pledge.reference, **form.terms(), seen=form.seen)
    ):
        flash(say("The pledge is amended: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".pledge", reference=pledge.reference))
    return _page("amend_pledge.html", form, "pledge.amended", pledge, links, may_record)


def withdrawn(pledge: Pledge, links: Links, *, may_record: bool = True) -> Any:
    """Asks once more; once it is sent, the deed."""
    form = ReadForm()
    if form.validate_on_submit() and (done := form.attempt(pledges.withdraw, pledge.reference, seen=form.seen)):
        flash(say("The pledge is withdrawn: entry {seq} of the record. It is counted nowhere.", seq=done.seq))
        return redirect(url_for(".pledge", reference=pledge.reference))
    return _page("withdraw_pledge.html", form, "pledge.withdrawn", pledge, links, may_record)


def _page(template: str, form: ReadForm, deed: str, pledge: Pledge, links: Links, may_record: bool) -> Any:
    pledge = contributions.pledge_of(pledge.reference)
    stands = possible(deed, pledge.state)
    if form.errors and not form.form_errors and not stands:
        form.form_errors.append(say(FOLLOWS[deed][1]))
    since = _since(pledge, form.seen) if form.status == 409 else []
    if form.status == 409 or not form.version.data:
        form.version.data = str(pledge.seq)
    page = render_template(
        template, form=form, pledge=pledge, links=links, since=since, stands=stands, may_record=may_record
    )
    return page, form.status if form.is_submitted() else 200


def _as_typed(pledge: Pledge) -> dict[str, Any]:
    return {
        "amount": f"{major(pledge.amount, pledge.currency)}",
        "currency": pledge.currency,
        "purpose": pledge.purpose,
        "earmark": pledge.earmark,
        "expected_on": pledge.expected_on,
        "instalments": instalments_typed(pledge),
    }


def _since(pledge: Pledge, seen: int) -> Sequence[Any]:
    """What was recorded on the pledge after the version that was typed against."""
    return db.session.execute(
        select(Event.seq, Event.at, Event.action)
        .where(Event.subject == pledge.reference, Event.seq > seen)
        .order_by(Event.seq)
    ).all()
