"""The money in one place: what there is, what it is promised for, how far it reaches; and lines of the bank's statement
that no donor and no award explains."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms import RadioField, StringField

from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import day, in_words, say
from trustfund.models.fund import mandate_on, reserve_of
from trustfund.models.record import pots
from trustfund.operations import treasury
from trustfund.operations.forecast import Outlook, outlook_of
from trustfund.reports import allotments, fund_status
from trustfund.reports.report import Bar, Figure
from trustfund.reports.snapshot import snapshot
from trustfund.services import clock
from trustfund.web import bank_lines
from trustfund.web.confirming import confirmed
from trustfund.web.forms import DeedForm, Needed, Offered
from trustfund.web.officers import bp
from trustfund.web.officers_selections import why_not

LINES = {
    "interest": (sentence("Interest that the bank paid"), treasury.record_interest),
    "charge": (sentence("A charge of the bank"), treasury.record_charge),
    "support-cost": (sentence("Programme support cost, paid to the United Nations"), treasury.pay_support_cost),
}
"""Kind of a line -> what it is called, and its deed."""


class LineForm(DeedForm):
    kind = RadioField(sentence("What it is"), validators=[Offered()], validate_choice=False)
    amount = StringField(
        sentence("Amount, in the currency of the account"),
        validators=[Needed(sentence("Enter the amount, for example 120.50."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    value_date = bank_lines.value_date()
    bank_account = bank_lines.account()
    bank_reference = bank_lines.reference()

    def offer(self) -> "LineForm":
        accounts = mandate_on(db.session(), clock.today()).bank_accounts
        self.kind.choices = [(code, say(name)) for code, (name, _) in LINES.items()]
        self.bank_account.choices = [
            (a.code, say("{account}, {currency}", account=in_words(a.name), currency=a.currency)) for a in accounts
        ]
        return self


@dataclass(frozen=True)
class Pot:
    """The money of an earmark, in USD; spent + committed + held + reserve + spendable = came in."""

    earmark: str
    came_in: Decimal
    spent: Decimal
    committed: Decimal
    held: Decimal
    reserve: Decimal
    spendable: Decimal


@bp.get("/money")
def money() -> str:
    return _page(LineForm(formdata=None).offer())


@bp.post("/money/lines")
@confirmed(then=sentence("Then the line is recorded."))
def record_bank_line() -> Any:
    form = LineForm().offer()
    if form.validate_on_submit() and (
        done := form.attempt(
            LINES[form.kind.data][1],
            form.bank_account.data,
            amount=form.amount.data,
            value_date=form.value_date.data,
            bank_reference=form.bank_reference.data,
        )
    ):
        flash(
            say(
                "The line is recorded: entry {seq} of the record. Compare what is in the bank with the statement.",
                seq=done.seq,
            )
        )
        return redirect(url_for(".money"))
    return _page(form), form.status


def warning(head: str) -> str:
    """One sentence for a desk, where a meeting ahead cannot be paid; else nothing. ``head``: the last entry’s hash."""
    outlook = outlook_of(db.session(), clock.today(), head)
    return headline(outlook) if outlook.short else ""


def headline(outlook: Outlook) -> str:
    """The outcome of the forecast, in a sentence."""
    short, before = outlook.short, outlook.enough_until
    if not outlook.steps:
        return say("No meeting lies ahead")
    if short is None:
        return say("The fund can pay all meetings ahead")
    if before is None:
        return say("{missing} USD is missing for {meeting}", missing=short.missing, meeting=short.meeting.code)
    return say(
        "Money is enough until {last}; {missing} USD is missing for {meeting}",
        last=before.meeting.code,
        missing=short.missing,
        meeting=short.meeting.code,
    )


def if_agreed_came_in(outlook: Outlook) -> str:
    """What the contributions that are agreed and not received would do."""
    still = outlook.still_short
    if not outlook.agreed:
        return say("Nothing is agreed that has not been received.")
    if not outlook.short:
        return say("Another {agreed} USD is agreed and not yet received.", agreed=outlook.agreed)
    if still is None:
        return say(
            "{agreed} USD is agreed and not yet received. If it came in, the fund could pay all meetings ahead.",
            agreed=outlook.agreed,
        )
    return say(
        "{agreed} USD is agreed and not yet received. If it came in, {missing} USD would still be missing for "
        "{meeting}, on {day}.",
        agreed=outlook.agreed,
        missing=still.missing,
        meeting=still.meeting.code,
        day=still.meeting.first_day,
    )


def meetings_ahead(outlook: Outlook) -> Figure | None:
    """What each needs, and how much of it the money that is spendable today can pay."""
    bars = tuple(
        Bar(f"{step.meeting.code}, {day(step.meeting.first_day)}", (step.paid, step.missing)) for step in outlook.steps
    )
    if not any(any(bar.values) for bar in bars):
        return None
    title = sentence("What each meeting ahead needs, and what of it can be paid, US dollars")
    return Figure(title, (sentence("Can be paid"), sentence("Missing")), bars)


def _page(form: LineForm) -> str:
    today = clock.today()
    with snapshot(as_at=today) as taken:  # the same figures as the auditors' reports
        status, allotted = fund_status.build(taken), allotments.build(taken)
    outlook = outlook_of(db.session(), today)
    return render_template(
        "officers/money.html",
        form=form,
        why=why_not("interest.recorded"),
        status=status,
        cash=status.control_totals[1].value,
        allotted=[dict(zip([c.key for c in allotted.columns], row, strict=True)) for row in allotted.rows],
        pots=_pots(),
        outlook=outlook,
        headline=headline(outlook),
        agreed=if_agreed_came_in(outlook),
        ahead=meetings_ahead(outlook),
        owed=major(sum(treasury.support_cost_owed(db.session()).values()), "USD"),
    )


def _pots() -> list[Pot]:
    today = clock.today()
    found = pots(db.session(), reserve_of(db.session(), today), today)
    return [
        Pot(earmark, p.came_in, p.spent, p.committed, p.set_aside, p.came_in - sum(p[1:], Decimal("0.00")), p.spendable)
        for earmark, p in found.items()
    ]
