"""The papers of an award, drawn from the record and from what was certified; for officers, and for the delegate."""

import json
from datetime import date

from flask import Response, current_app
from flask_babel import force_locale
from sqlalchemy import func, select

from trustfund.core.lifecycle import AWARD_STAGES
from trustfund.core.money import major
from trustfund.core.refusal import NotHere
from trustfund.core.roles import Function
from trustfund.extensions import db
from trustfund.i18n import LANGUAGES, in_words, instant, language, list_of, say
from trustfund.models.awards import Act, Award
from trustfund.models.record import Event
from trustfund.models.selections import PlaceRow, Selection
from trustfund.operations.journeys import chosen, journey_of
from trustfund.reports import words
from trustfund.reports.draw import voice
from trustfund.reports.draw_authorization import Act as Signed
from trustfund.reports.draw_authorization import Authorization, Line, Proof, draw_authorization
from trustfund.services import clock
from trustfund.web.award_words import state_of
from trustfund.web.journey_words import claim_by, told_lines
from trustfund.web.papers import pdf
from trustfund.web.papers_names import name_on_paper
from trustfund.web.zones import days_of

AUTHORIZED = AWARD_STAGES[AWARD_STAGES.index("authorized") : AWARD_STAGES.index("closed") + 1]
"""Stages in which the travel authorization holds."""


def authorized(award: Award) -> bool:
    """Whether its travel authorization holds: also while other bank details are certified."""
    return (award.resumes or award.stage) in AUTHORIZED


def authorization_response(award: Award, spoken: str = "") -> Response:
    """The travel authorization as PDF, in the reader's language; before it is issued, there is none here.

    ``spoken``: another language, where the paper is for another person.
    """
    if not authorized(award):
        raise NotHere("There is no such thing here.")
    with force_locale(spoken if spoken in LANGUAGES else language()):
        body = draw_authorization(authorization_of(award, clock.today()), voice(language()))
    return pdf(body, f"authorization-{award.reference}")


def authorization_of(award: Award, today: date) -> Authorization:
    """The words of the paper, in the language of the moment."""
    issued = db.session.scalars(
        select(Event)
        .where(Event.subject == award.reference, Event.action == "award.authorized")
        .order_by(Event.seq.desc())
        .limit(1)
    ).one()
    journey = journey_of(db.session(), award, today)
    frame, quote, home = journey.frame, chosen(award.quotes), award.application.home_city
    fund, meeting = frame.mandate.fund, frame.meeting
    acts = [act for act in award.acts if act.seq < issued.seq]
    certified = next(act for act in reversed(acts) if act.act == "certify")
    return Authorization(
        number=award.reference,
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        delegate=name_on_paper(award.application),
        state=state_of(award, meeting),
        meeting=in_words(meeting.name),
        place=in_words(meeting.place),
        meeting_days=days_of(meeting.days),
        route=quote.route if quote else f"{home} – {meeting.city} – {home}",
        cabin=say("Economy"),
        arrival=journey.arrival,
        departure=journey.departure,
        nights=journey.nights,
        lines=tuple(Line(line.what, line.rule, line.usd) for line in told_lines(journey.cost)),
        charge=journey.cost.charge,
        advance=major(award.advance, "USD"),
        advance_how=_how(award),
        claim_due=claim_by(frame, journey),
        earmark_words=list_of(say(words.earmark(earmark)) for earmark in _earmarks(award)),
        run=_run(award),
        certified=_signed(certified, Function.CERTIFYING),
        approved=tuple(
            _signed(act, Function.APPROVING) for act in acts if act.act == "approve" and act.round == certified.round
        ),
        proof=Proof(issued.seq, issued.hash, instant(issued.at), current_app.config["PUBLIC_URL"]),
    )


def _how(award: Award) -> str:
    if award.method == "bank" and award.bank:
        return say("by bank transfer to the account ending in {digits}", digits=award.bank.masked.split()[-1])
    return say("in cash at the meeting")


def _earmarks(award: Award) -> list[str]:
    """From which money its charge was committed."""
    approvals = select(Event.body).where(Event.subject == award.reference, Event.action == "award.approved")
    told = [json.loads(body)["data"] for body in db.session.scalars(approvals.order_by(Event.seq))]
    return sorted([data["parts"] for data in told if "parts" in data][-1])


def _run(award: Award) -> str:
    run = db.session.scalar(select(Selection.run).where(Selection.id == award.selection_id))
    of = db.session.scalar(select(func.count()).where(PlaceRow.selection_id == award.selection_id))
    return say("Run {run}, place {n} of {of}", run=run, n=award.position, of=of)


def _signed(act: Act, function: Function) -> Signed:
    return Signed(act.by.name or act.by.email, say(words.FUNCTION[function]), act.at.date())
