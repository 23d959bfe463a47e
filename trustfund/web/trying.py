"""Only in the demonstration: a newcomer tries the fund as one of its people, and is led through two walks.

In a fund that is served without TRUSTFUND_CLOCK these addresses do not exist; with it, they are here only while the
fund is the finished demonstration. Even then nobody gets in without a password: this page types that of the seed.
"""

from contextlib import suppress
from typing import Any, NamedTuple

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound
from wtforms import HiddenField

from trustfund.core.refusal import Refused
from trustfund.demonstration import accounts
from trustfund.demonstration.here import Made, made_here
from trustfund.demonstration.walked import HEARING, ROUND, Standing, standing
from trustfund.demonstration.walks import DELEGATE, DONOR_SEES, OWN_ANSWER, PLEDGE, SEES, WALKS, Step, Walk
from trustfund.extensions import db
from trustfund.i18n import language, say, told
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.models.contributions import Pledge
from trustfund.models.people import Account
from trustfund.models.selections import Selection
from trustfund.operations import people
from trustfund.operations.second_factor import CodeNeeded
from trustfund.web import public
from trustfund.web.forms import Form, query

bp = Blueprint("trying", __name__, url_prefix="/try")


class TryForm(Form):
    """``person``: the name of an e-mail address, empty for a visitor; ``step``: walk and step, empty outside a walk."""

    person = HiddenField()
    step = HiddenField()


class Stop(NamedTuple):
    """A step as the page shows it. ``state``: done, now or next; ``person``: None for a visitor without an account."""

    step: Step
    person: Account | None
    state: str


@bp.before_request
def _only_here() -> None:
    if _made() is None:
        raise NotFound


@bp.get("")
def page() -> str:
    return _page(TryForm(formdata=None))


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """Whoever is here is signed out; the person chosen is signed in and stands before the page of the step."""
    form, made = TryForm(), _made()
    if request.method == "GET" or made is None:
        return redirect(url_for(".page", lang=query("lang") or None))
    who, (walk, step) = form.person.data or "", _place(form.step.data or "")
    if not form.validate() or who not in {"", *_passwords(made)}:
        return _page(form), 422
    try:
        entered = people.sign_in(_address(who), _passwords(made)[who], request.remote_addr or "") if who else None
    except Refused as refused:
        form.form_errors.append(_why(refused))
        return _page(form), 422
    been, target = session.get("been", []), _where(step, standing(made.seq)) if step else ""
    if current_user.is_authenticated:
        people.sign_out(current_user.sign_in)
        logout_user()
    session["language"], session["next"] = language(), target  # a walk stays in the language in which it began
    answer = public.enter(*entered) if entered else redirect(session.pop("next") or url_for("public.home"))
    session["walk"], session["been"] = (form.step.data if step else ""), been
    if walk and step:
        anew = [one for one in been if step != walk.steps[0] or not one.startswith(f"{walk.name}.")]
        session["been"] = sorted({*anew, f"{walk.name}.{step.name}"})
    return answer


@bp.app_context_processor
def _strip() -> dict[str, Any]:
    return {"trying": _walking}


def _walking() -> dict[str, Any] | None:
    """What the strip of every page says: as whom one tries it, what is to be done there, and the way back."""
    with suppress(SQLAlchemyError):  # an error page stands without the database
        if made := _made():
            walk, step = _place(session.get("walk", ""))
            account = current_user.account if current_user and current_user.is_authenticated else None
            password = _passwords(made).get(account.email.partition("@")[0], "") if account else ""
            return {"walk": walk, "step": step, "account": account, "password": password}
    return None


def _page(form: TryForm) -> str:
    made = _made()
    assert made is not None, "there is no such page elsewhere"
    passwords = _passwords(made)
    there = standing(made.seq)
    found = db.session.scalars(select(Account).where(Account.email.in_(_address(who) for who in passwords))).unique()
    persons = {account.email.partition("@")[0]: account for account in found}
    return render_template(
        "trying/page.html",
        form=form,
        walks=[(walk, _stops(walk, there, persons)) for walk in WALKS.values()],
        current=_place(session.get("walk", ""))[0] or PLEDGE,
        accounts=[
            (who, persons[who], SEES.get(who, DONOR_SEES), passwords[who]) for who in passwords if who in persons
        ],
    )


def _stops(walk: Walk, there: Standing, persons: dict[str, Account]) -> list[Stop]:
    """What leaves nothing in the fund counts as done once its page was opened from here in this browser."""
    been, seen, stops = session.get("been", []), {*there.done()}, []
    for step in there.steps(walk):
        done = step.name in seen if step.leaves else f"{walk.name}.{step.name}" in been
        later = any(stop.state == "now" for stop in stops)
        stops.append(Stop(step, persons.get(step.who), "done" if done else "next" if later else "now"))
    return stops


def _made() -> Made | None:
    """Asked of the database until it is sure; what has been made stays made."""
    known = current_app.extensions
    if "demonstration" not in known and (found := made_here()):
        known["demonstration"] = found
    return known.get("demonstration")


def _passwords(made: Made) -> dict[str, str]:
    """Name of an e-mail address -> the password that the demonstration printed."""
    return {email.partition("@")[0]: password for _, email, password in accounts(made.seed)}


def _address(who: str) -> str:
    return f"{who}@example.org"


def _place(text: str) -> tuple[Walk | None, Step | None]:
    """The walk and the step of a word like ``pledge.agree``; none where there are no such ones."""
    name, _, step = text.partition(".")
    walk = WALKS.get(name)
    steps = (*walk.steps, OWN_ANSWER) if walk is DELEGATE else walk.steps if walk else ()
    found = next((one for one in steps if one.name == step), None)
    return (walk, found) if found else (None, None)


def _why(refused: Refused) -> str:
    if isinstance(refused, CodeNeeded):
        return say("Somebody set a second factor for this account. Sign in with its password and a code.")
    return told(refused)


def _where(step: Step, there: Standing) -> str:
    """The page on which a step is done; where its thing is not there yet, the page on which it will stand."""
    application, run, award = there.application, there.run, there.award
    sent = application if application and application.stage != "draft" else None
    pledge_page = _at("officers.pledge", there.pledge, url_for("officers.pledges"))
    award_page = _at("officers.award", award, url_for("officers.awards", meeting=HEARING))
    return {
        "announce": url_for("donors.new_pledge"),
        "agree": pledge_page,
        "deposit": pledge_page,
        "receipt": _at("donors.pledge", there.pledge, url_for("donors.desk")),
        "proof": url_for("auditors.desk"),
        "verify": url_for("auditors.desk"),
        "meeting": url_for("public.meeting", code=ROUND),
        "send": _at("delegates.application", application, url_for("delegates.desk")),
        "screen": _at("officers.application", sent, url_for("officers.applications", meeting=ROUND)),
        "select": _at("officers.selection", run, url_for("officers.meeting", code=HEARING)),
        "answer": award_page,
        "own-answer": _at("delegates.award", award, url_for("delegates.desk")),
        "certify": award_page,
        "approve": award_page,
        "authorize": award_page,
        "pay": url_for("officers.payments", method=award.method if award else "cash"),
        "report": url_for("auditors.report", name="awards-and-disbursements"),
    }[step.name]


def _at(endpoint: str, thing: Pledge | Application | Selection | Award | None, otherwise: str) -> str:
    return url_for(endpoint, reference=thing.reference) if thing else otherwise
