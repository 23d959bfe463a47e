"""The door of the permanent missions: which calls their State can use today, and what the fund can promise."""

from flask import Blueprint, render_template
from flask_login import current_user

from trustfund.core.countries import STATES
from trustfund.i18n import language
from trustfund.services import clock
from trustfund.web import fund
from trustfund.web.public_meetings import entries, latest_selection, next_call

bp = Blueprint("missions", __name__, url_prefix="/missions")


@bp.get("/")
def desk() -> str:
    state, known = STATES.get(current_user.account.state or ""), entries(clock.now())
    return render_template(
        "missions/desk.html",
        state=state.name_on(clock.today(), language()) if state else "",
        calls=next_call(known),
        selected=latest_selection(known),
        spendable=fund.state().spendable,
    )
