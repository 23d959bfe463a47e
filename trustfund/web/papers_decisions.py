"""The letter of what the fund decided on an application: a seat, a place on the waiting list, a refusal with all its
reasons. Drawn from the entry of the record that decided it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flask import Response
from sqlalchemy import select

from trustfund.core.lifecycle import GIVEN_BACK
from trustfund.core.money import Money, major
from trustfund.core.refusal import NotHere
from trustfund.extensions import db
from trustfund.i18n import day, in_words, say
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.models.record import Event
from trustfund.models.selections import PlaceRow, Selection
from trustfund.operations.meetings import Frame, frame_of
from trustfund.reports import parts, words
from trustfund.reports.draw_letter import Letter, Reason
from trustfund.services import clock
from trustfund.web import standing, zones
from trustfund.web.papers_applications import dear, drawn_for, facts_of, last_entry, proof_of


@dataclass(frozen=True)
class Decision:
    """``kind``: award, waiting, over-quota, not-ranked or refused; ``codes``: the rules that fail."""

    kind: str
    event: Event
    award: Award | None = None
    place: PlaceRow | None = None
    run: Selection | None = None
    codes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """What a letter says in its own way."""

    lead: str
    facts: parts.Pairs = ()
    told: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


def letter_response(application: Application) -> Response:
    """The letter of the decision that stands, as PDF; before one is taken, there is none here."""
    decision = decision_on(application)
    if decision is None:
        raise NotHere("There is no such thing here.")
    return drawn_for(application, lambda: _letter(application, decision), f"letter-{application.public}")


def decision_on(application: Application) -> Decision | None:
    """What stands of it; None where nothing is decided, or the seat was given back since."""
    if application.stage == "refused":
        event = last_entry(application.reference, "refusal.confirmed")
        return Decision("refused", event, codes=_codes(event)) if event else None
    if application.stage != "accepted":
        return None
    found = select(Award).where(Award.application_id == application.id).order_by(Award.id.desc()).limit(1)
    award = db.session.scalars(found).unique().first()
    if award is None:
        return _of_the_run(application)
    event = last_entry(award.reference, "award.proposed", "award.replaced")
    return Decision("award", event, award=award) if event and award.stage not in GIVEN_BACK else None


def _of_the_run(application: Application) -> Decision | None:
    """Its place in the latest kept run of the meeting, or the rules that kept it out."""
    kept = select(Selection).where(Selection.meeting == application.meeting, Selection.stage == "kept")
    run = db.session.scalars(kept.order_by(Selection.run.desc()).limit(1)).first()
    event = last_entry(run.reference, "selection.kept") if run else None
    if run is None or event is None:
        return None
    place = db.session.scalars(
        select(PlaceRow).where(PlaceRow.selection_id == run.id, PlaceRow.public == application.public)
    ).one_or_none()
    if place:
        waits = place.outcome in ("waiting", "over-quota")
        return Decision(place.outcome, event, place=place, run=run) if waits else None
    codes = [one["codes"] for one in json.loads(run.annex).get("not_ranked", ()) if one["public"] == application.public]
    return Decision("not-ranked", event, run=run, codes=codes[0]) if codes else None


def _codes(event: Event) -> list[str]:
    return list(json.loads(event.body)["data"].get("codes", ()))


def _letter(application: Application, decision: Decision) -> Letter:
    frame = frame_of(db.session(), application.meeting, clock.today())
    fund, said = frame.mandate.fund, SAYS[decision.kind](application, decision, frame)
    refusal = standing.refusal_of(application)
    return Letter(
        title=say("Letter on application {public}", public=application.public),
        lead=said.lead,
        fund=in_words(fund.name),
        legal_basis=in_words(fund.legal_basis),
        dear=dear(application),
        facts=[*facts_of(application, frame), *said.facts],
        told=said.told,
        reasons=_reasons(decision.codes, frame),
        words=refusal.words if refusal else "",
        then=said.then,
        proof=proof_of(decision.event),
    )


def _reasons(codes: Iterable[str], frame: Frame) -> list[Reason]:
    """Every rule that fails, in the order of the mandate, as the status page names it."""
    named = {rule.code: standing.Held(rule, []) for rule in frame.mandate.eligibility}
    known = [code for code in named if code in set(codes)]
    return [Reason(say(words.RULE[code]), named[code].authority) for code in known]


def _seat(_: Application, decision: Decision, frame: Frame) -> Said:
    award = decision.award
    assert award is not None
    facts = [(say("Award"), award.reference), (say("Place in the selection"), str(award.position))]
    if award.stage != "proposed":
        return Said(
            say("You have a seat: the fund pays your journey to this meeting."),
            facts,
            (say("This letter is no authorization to travel. Two officers check and approve each cost first."),),
            (
                say("Buy no ticket yourself: the fund issues it, and pays back none that you bought."),
                say("The travel authorization names what is paid and at which rates; ask for your visa with it."),
                say("The meeting begins on {day}.", day=frame.meeting.first_day),
            ),
        )
    return Said(
        say("A seat is proposed for you: the fund would pay your journey to this meeting."),
        [*facts, (say("Answer until"), day(award.answer_by))],
        (say("The fund would pay the ticket and a daily allowance by its rules, and nothing beyond them."),),
        (
            say("Sign in and accept or decline under “My applications” until {day}.", day=award.answer_by),
            say("A seat that is not accepted by then goes to the next in order."),
            say("Buy no ticket yourself: the fund issues it, and pays back none that you bought."),
        ),
    )


def _waits(_: Application, decision: Decision, __: Frame) -> Said:
    place, missing = decision.place, decision.place.missing if decision.place else 0
    told = [say("Seats are given in the order of the list for as long as the money lasts.")]
    if missing:
        more = Money(major(missing, "USD"), "USD")
        told.append(say("Your journey needs {amount} more than was left.", amount=more))
    assert place is not None
    return Said(
        say("You are on the waiting list for this meeting."),
        _placed(decision),
        tuple(told),
        (
            say("A later run can give you a seat, where one is given back or more money comes in."),
            say("You need do nothing; the fund writes to you. Buy no ticket until it does."),
        ),
    )


def _over_quota(_: Application, decision: Decision, __: Frame) -> Said:
    return Said(
        say("Your State has more delegates for this meeting than the fund can pay."),
        _placed(decision),
        (say("The order of your Government, where it gave one, says who of its delegates comes first."),),
        (say("Where a delegate of your State gives a seat back, your Government can name you instead."),),
    )


def _not_ranked(_: Application, decision: Decision, __: Frame) -> Said:
    return Said(
        say("Your application was not ranked for this meeting."),
        _run(decision),
        (say("A rule that was not met kept it out of the selection. Each is named below, with its authority."),),
        (say("A later run can include it once this is mended: “My applications” says what is missing."),),
    )


def _refused(_: Application, __: Decision, frame: Frame) -> Said:
    now = clock.now()
    then = [say("This decision closes the application. It needs no answer.")]
    if frame.call.in_time_to_travel(now):
        until = zones.instant_in(frame.call.late_until, frame.call.zone)
        then.append(say("You can send a new application for this meeting until {when}.", when=until))
    return Said(
        say("The fund has refused your application."),
        (),
        (say("One officer proposed it, another confirmed it. Every rule that was not met is named below."),),
        tuple(then),
    )


SAYS: dict[str, Callable[[Application, Decision, Frame], Said]] = {
    "award": _seat,
    "waiting": _waits,
    "over-quota": _over_quota,
    "not-ranked": _not_ranked,
    "refused": _refused,
}
"""Kind of a decision -> what its letter says."""


def _placed(decision: Decision) -> parts.Pairs:
    assert decision.place is not None
    return [*_run(decision), (say("Place in the selection"), str(decision.place.position))]


def _run(decision: Decision) -> parts.Pairs:
    run = decision.run
    assert run is not None
    assert run.kept_at is not None
    return [(say("Selection"), say("Run {n}, kept on {day}", n=run.run, day=run.kept_at.date()))]
