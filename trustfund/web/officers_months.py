"""Months: which are closed, and what the next closing will post. One officer proposes it, another confirms."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from wtforms import SelectField

from trustfund.core.closing import last_day, month_of, months_from
from trustfund.core.ledger import Posting
from trustfund.core.money import major
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import month as month_in_words
from trustfund.i18n import say, told
from trustfund.models.closings import ClosedMonth
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import months as closing_of_months
from trustfund.operations import proposals
from trustfund.operations.months import MonthClosing
from trustfund.services import clock
from trustfund.web.forms import DeedForm, Offered, query
from trustfund.web.officers import bp
from trustfund.web.officers_selections import PROPOSED, reason_field, why_not

SHOWN = 50
"""So many journeys of a month are shown before it closes; the record has all of them."""


class MonthForm(DeedForm):
    month = SelectField(
        sentence("Month"),
        description=sentence("With it every earlier month that is open is closed."),
        validators=[Offered()],
        validate_choice=False,
    )
    reason = reason_field()

    def offer(self, over: list[str]) -> "MonthForm":
        self.month.choices = [(month, month_in_words(month)) for month in over]
        return self


@dataclass(frozen=True)
class Line:
    """What a closing posts to an account, all earmarks together, in USD."""

    day: date
    account: str
    debit: Decimal
    credit: Decimal


@bp.get("/months")
def months() -> str:
    over = _over()
    asked = query("month", 7)
    month = asked if asked in over else next(iter(over), "")
    return _page(over, month, MonthForm(formdata=None, data={"month": month}).offer(over))


@bp.post("/months")
def propose_month() -> Any:
    over = _over()
    form = MonthForm().offer(over)
    if form.validate_on_submit() and (
        done := form.attempt(
            proposals.propose,
            "month.closed",
            subject=f"month:{form.month.data}",
            content={},
            reason=form.reason.data,
        )
    ):
        flash(say(PROPOSED, seq=done.seq))
        return redirect(url_for(".months"))
    month = form.month.data if form.month.data in over else next(iter(over), "")
    return _page(over, month, form), form.status


def _over() -> list[str]:
    """The months that can be closed: open, and over."""
    first, today = closing_of_months.first_open_month(db.session()), clock.today()
    return [m for m in months_from(first, month_of(today)) if last_day(m) < today] if first else []


def _page(over: list[str], month: str, form: MonthForm) -> str:
    preview, refused = [], ""
    if month:
        try:
            preview = closing_of_months.closings_of(db.session(), month, clock.today())
        except Refused as error:
            refused = told(error)
    return render_template(
        "officers/months.html",
        form=form,
        over=over,
        month=month,
        first=closing_of_months.first_open_month(db.session()),
        closed=_closed(),
        preview=[(one, lines_of(one.post), _said(one)) for one in preview],
        refused=refused,
        waiting=[one for one in proposals.waiting() if one.deed == "month.closed"],
        shown=SHOWN,
        why=why_not("month.closed"),
    )


def lines_of(post: Iterable[Posting]) -> list[Line]:
    """By day and account, debits and credits apart."""
    sums: dict[tuple[date, str], Counter[str]] = {}
    for posting in post:
        side = "debit" if posting.usd > 0 else "credit"
        sums.setdefault((posting.day, posting.account), Counter())[side] += abs(posting.usd)
    return [
        Line(day, account, major(by["debit"], "USD"), major(by["credit"], "USD"))
        for (day, account), by in sorted(sums.items(), key=lambda one: one[0][0])
    ]


def _said(one: MonthClosing) -> list[tuple[bool, str]]:
    return [(check.holds, say(check.said, **check.values)) for check in one.checks]


def _closed() -> list[Any]:
    """The closed months, latest first, with the entry that closed each and who confirmed it."""
    return list(
        db.session.execute(
            select(ClosedMonth.month, ClosedMonth.seq, Event.at, Event.actor, Account.name)
            .join(Event, Event.seq == ClosedMonth.seq)
            .outerjoin(Account, Account.reference == Event.actor)
            .order_by(ClosedMonth.month.desc())
        )
    )
