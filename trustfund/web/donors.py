"""The donors' door: announce a pledge, follow it to the deposit, take the receipt."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.operations import agreement_drafts, contributions
from trustfund.services import clock
from trustfund.web import equivalents, letters, papers, pledge_changes
from trustfund.web.donor_names import donor_name
from trustfund.web.donor_papers import papers_of
from trustfund.web.pledge_form import PledgeForm
from trustfund.web.pledge_instalments import due_of

bp = Blueprint("donors", __name__, url_prefix="/donors")


@bp.get("/")
def desk() -> str:
    donor = own_donor()
    pledges = db.session.scalars(select(Pledge).where(Pledge.donor_id == donor.id).order_by(Pledge.id.desc())).unique()
    deposits = db.session.scalars(
        select(Deposit).where(Deposit.donor_id == donor.id).order_by(Deposit.value_date.desc(), Deposit.id.desc())
    ).unique()
    return render_template(
        "donors/desk.html",
        name=donor_name(donor.name, donor.country, clock.today()),
        pledges=pledges.all(),
        deposits=deposits.all(),
        standing=contributions.standing_of(donor),
        papers=papers_of(donor),
        paper_address=lambda kind, year: url_for(f".{kind}", year=year),
    )


class OwnPledgeForm(letters.WithLetter, PledgeForm):
    """A pledge that its donor announces, perhaps with the letter in which it says so."""


@bp.route("/pledges/new", methods=["GET", "POST"])
def new_pledge() -> Any:
    form = OwnPledgeForm.taking().offer()
    if form.validate_on_submit() and (done := form.attempt(contributions.announce_pledge, **form.terms())):
        form.keep_letter(done.on)
        flash(
            say(
                "Your pledge is announced. It is entry {seq} of the record. It counts from the day it is in the bank.",
                seq=done.seq,
            )
        )
        return redirect(url_for(".pledge", reference=done.on))
    return render_template("donors/new_pledge.html", form=form), form.status if form.is_submitted() else 200


@bp.get("/pledges/<ref:reference>")
def pledge(reference: str) -> str:
    found = contributions.pledge_of(reference, own_donor())
    return render_template(
        "donors/pledge.html",
        pledge=found,
        due=due_of(found),
        drafted=agreement_drafts.latest(db.session(), found),
        worth=equivalents.of_pledge(found),
    )


@bp.route("/pledges/<ref:reference>/amendment", methods=["GET", "POST"])
def amend_pledge(reference: str) -> Any:
    return pledge_changes.amended(contributions.pledge_of(reference, own_donor()), _to(reference))


@bp.route("/pledges/<ref:reference>/withdrawal", methods=["GET", "POST"])
def withdraw_pledge(reference: str) -> Any:
    pledge = contributions.pledge_of(reference, own_donor())
    return pledge_changes.withdrawn(pledge, _to(reference), may_record=pledge.state != "conditional")


@bp.route("/pledges/<ref:reference>/letters", methods=["GET", "POST"])
def add_letter(reference: str) -> Any:
    return letters.added(contributions.pledge_of(reference, own_donor()), _to(reference))


@bp.get("/letters/<ref:reference>")
def letter(reference: str) -> Any:
    return letters.attached(reference)


@bp.get("/receipts/<ref:reference>.pdf")
def receipt(reference: str) -> Any:
    return papers.receipt_response(reference, current_user.account)


def _to(reference: str) -> list[tuple[str, str]]:
    """The way to the pages that change a pledge."""
    return [(url_for(".desk"), say("My contributions")), (url_for(".pledge", reference=reference), say("Pledge"))]


def own_donor() -> Donor:
    donor = current_user.account.donor
    assert donor is not None, "an account of a donor has its donor"
    return donor
