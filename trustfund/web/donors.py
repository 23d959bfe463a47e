"""The donors' door: announce a pledge, follow it to the deposit, take the receipt."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from trustfund.core.countries import STATES
from trustfund.extensions import db
from trustfund.i18n import language, say
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.operations import contributions
from trustfund.services import clock
from trustfund.web import papers, pledge_changes
from trustfund.web.pledge_form import PledgeForm

bp = Blueprint("donors", __name__, url_prefix="/donors")


@bp.get("/")
def desk() -> str:
    donor = _donor()
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
    )


@bp.route("/pledges/new", methods=["GET", "POST"])
def new_pledge() -> Any:
    form = PledgeForm().offer()
    if form.validate_on_submit() and (done := form.attempt(contributions.announce_pledge, **form.terms())):
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
    return render_template("donors/pledge.html", pledge=contributions.pledge_of(reference, _donor()))


@bp.route("/pledges/<ref:reference>/amendment", methods=["GET", "POST"])
def amend_pledge(reference: str) -> Any:
    return pledge_changes.amended(contributions.pledge_of(reference, _donor()), _to(reference))


@bp.route("/pledges/<ref:reference>/withdrawal", methods=["GET", "POST"])
def withdraw_pledge(reference: str) -> Any:
    return pledge_changes.withdrawn(contributions.pledge_of(reference, _donor()), _to(reference))


@bp.get("/receipts/<ref:reference>.pdf")
def receipt(reference: str) -> Any:
    return papers.receipt_response(reference, current_user.account)


def _to(reference: str) -> list[tuple[str, str]]:
    """The way to the pages that change a pledge."""
    return [(url_for(".desk"), say("My contributions")), (url_for(".pledge", reference=reference), say("Pledge"))]


def donor_name(name: str, country: str, day: date) -> str:
    """A State is called as the reader’s language calls it; every other donor as it calls itself."""
    state = STATES.get(country)
    return state.name_on(day, language()) if state and state.name_on(day) == name else name


def _donor() -> Donor:
    donor = current_user.account.donor
    assert donor is not None, "an account of a donor has its donor"
    return donor
