"""The first page: what the fund is, what can be promised today, its seats and its meetings."""

from datetime import date
from typing import Any

from flask import render_template
from sqlalchemy import func, select

from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.fund import calendar_on
from trustfund.services import clock
from trustfund.web import fund
from trustfund.web.public import bp
from trustfund.web.public_meetings import Entry, entries, latest_selection, next_call
from trustfund.web.seats_drawn import half_circle, seats
from trustfund.web.time_line import time_line


@bp.get("/")
def home() -> str:
    today, known, given = clock.today(), entries(clock.now()), seats()
    return render_template(
        "public/home.html",
        state=fund.state(),
        counts=_counts(),
        seats=given,
        drawn=half_circle(given.groups),
        known=known,
        line=time_line(calendar_on(db.session(), today).phases, known, today),
        call=next_call(known),
        selected=latest_selection(known),
        first_seats=_next_selection(known, today),
    )


def _next_selection(known: list[Entry], today: date) -> Entry | None:
    """The meeting whose first run is due next."""
    due = [e for e in known if not e.run and e.selection_day >= today]
    return min(due, key=lambda e: (e.selection_day, e.meeting.code), default=None)


def _counts() -> dict[str, Any]:
    deposits, donors = db.session.execute(
        select(func.count(), func.count(Deposit.donor_id.distinct())).where(Deposit.pledge_id.is_not(None))
    ).one()
    owed = db.session.scalar(select(func.coalesce(func.sum(Pledge.agreed_usd - Pledge.released_usd), 0))) or 0
    return {"deposits": deposits, "donors": donors, "owed": owed}
