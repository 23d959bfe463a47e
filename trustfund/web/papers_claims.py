"""What a claim came to, line by line: for the page of the award, and as a paper that can be checked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Response, current_app
from sqlalchemy import select

from trustfund.core.costs import Cost
from trustfund.core.money import major
from trustfund.core.roles import MAY, Function
from trustfund.extensions import db
from trustfund.i18n import day, in_words, instant, language, say
from trustfund.models.awards import Award, Payment, Recovery, Settlement
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations.claims import claim_of
from trustfund.operations.meetings import Frame
from trustfund.operations.settlements import adjustments_of, lines_of
from trustfund.reports import words
from trustfund.reports.draw import voice
from trustfund.reports.draw_authorization import Act, Line, Proof
from trustfund.reports.draw_claim import Statement, draw_claim
from trustfund.web.award_words import state_of
from trustfund.web.journey_words import told_lines
from trustfund.web.papers import pdf
from trustfund.web.papers_names import name_on_paper

NIL = Decimal("0.00")


@dataclass(frozen=True)
class Settled:
    """An approved settlement in the reader's language, in USD. ``back``: what was paid back since."""

    lines: list[Line]
    adjustments: list[Line]
    advances: list[Line]
    back: list[Line]
    entitled: Decimal
    balance: Decimal
    how: str


def statement_of(award: Award, settled: Settlement) -> Settled:
    """``settled``: of the award, approved."""
    return Settled(
        lines=[Line(one.what, one.rule, one.usd) for one in told_lines(Cost(tuple(lines_of(settled)), NIL))],
        adjustments=[Line(a["what"], a["reason"], major(a["usd"], "USD")) for a in adjustments_of(settled)],
        advances=_advances(award, settled),
        back=_back(award),
        entitled=major(settled.entitled, "USD"),
        balance=major(settled.balance, "USD"),
        how=how(award, settled.balance),
    )


def statement_response(award: Award, settled: Settlement, frame: Frame) -> Response:
    """The statement of settlement as PDF, in the reader's language."""
    return pdf(draw_claim(_paper(award, settled, frame), voice(language())), f"settlement-{settled.reference}")


def how(award: Award, balance: int) -> str:
    """How the balance is paid, or paid back. ``balance``: cents, below nothing where the traveller owes it."""
    if balance < 0:
        return say(
            "Transfer it in US dollars to the main account of the fund, with the reference {reference}. An officer of "
            "the fund tells you the account.",
            reference=award.reference,
        )
    if not balance:
        return say("Nothing is to be paid.")
    if award.method == "bank" and award.bank:
        return say("Paid by bank transfer to the account ending in {digits}.", digits=award.bank.masked.split()[-1])
    return say("Paid in cash by the fund’s paying officer.")


def _paper(award: Award, settled: Settlement, frame: Frame) -> Statement:
    approved = db.session.scalars(select(Event).where(Event.seq == settled.seq)).one()
    claim = claim_of(db.session(), award)
    assert claim, "what is settled was claimed"
    assert settled.approved_by, "and approved by a person"
    told, fund = statement_of(award, settled), frame.mandate.fund
    return Statement(
        number=settled.reference,
        award=award.reference,
        fund=in_words(fund.name),
        delegate=name_on_paper(award.application),
        state=state_of(award, frame.meeting),
        meeting=in_words(frame.meeting.name),
        place=in_words(frame.meeting.place),
        first_day=claim.arrived_on,
        last_day=claim.left_on,
        entitlement=tuple(told.lines),
        adjustments=tuple(told.adjustments),
        advances=tuple(told.advances),
        how=told.how,
        prepared=_signed(settled.by, "settlement.prepared", settled.at.date()),
        approved=_signed(settled.approved_by, "settlement.approved", date.fromisoformat(approved.at[:10])),
        proof=Proof(approved.seq, approved.hash, instant(approved.at), current_app.config["PUBLIC_URL"]),
    )


def _signed(account: Account, deed: str, on: date) -> Act:
    """In the function by which the deed was allowed on its day."""
    held = [one for one in Function if one in MAY[deed] and one in account.functions_on(on)]
    return Act(account.name or account.email, say(words.FUNCTION[held[0]]) if held else say("Officer"), on)


def _advances(award: Award, settled: Settlement) -> list[Line]:
    """The advance that was cleared, with its day; none where none was paid."""
    if not settled.advance:
        return []
    paid = db.session.scalars(
        select(Payment).where(Payment.award_id == award.id, Payment.kind == "advance", Payment.stage == "paid")
    ).first()
    rule = say("Paid on {day}, order {order}", day=paid.order.day, order=paid.order.reference) if paid else ""
    return [Line(say("Advance"), rule, major(settled.advance, "USD"))]


def _back(award: Award) -> list[Line]:
    found = db.session.scalars(select(Recovery).where(Recovery.award_id == award.id).order_by(Recovery.id))
    return [Line(say("Paid back"), day(one.value_date), major(one.usd, "USD")) for one in found]
