"""The way of an award from the offer to the last cent: past steps with their days, then what comes and until when."""

from dataclasses import dataclass

from sqlalchemy import func, select

from trustfund.core.lifecycle import AWARD_STAGES, GIVEN_BACK
from trustfund.core.money import Money, major
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import in_words, say
from trustfund.models.awards import Award
from trustfund.models.record import Event
from trustfund.operations.journeys import Journey
from trustfund.operations.meetings import Frame
from trustfund.web.journey_words import claim_by
from trustfund.web.own_award import Own
from trustfund.web.zones import days_of


@dataclass(frozen=True)
class Stop:
    """A step of the way: by which deed it is done, and with which stage; what it is called then, and before."""

    action: str
    stage: str
    done: str
    ahead: str
    note: str  # what is said of it until it is done


WAY = (
    Stop(
        "award.accepted",
        "accepted",
        sentence("You accepted the seat"),
        sentence("Your answer"),
        sentence("Until {answer_by}. A seat that is not accepted goes to the next in order."),
    ),
    Stop(
        "award.certified",
        "certified",
        sentence("Cost and file certified"),
        sentence("An officer certifies cost and file"),
        "",
    ),
    Stop(
        "award.approved",
        "approved",
        sentence("Approved: the money is set apart for you"),
        sentence("Another officer approves it"),
        "",
    ),
    Stop(
        "award.authorized",
        "authorized",
        sentence("Travel authorized"),
        sentence("Travel authorization"),
        sentence("Buy no ticket before, and none yourself."),
    ),
    Stop(
        "award.ticketed",
        "ticketed",
        sentence("Ticket issued"),
        sentence("Ticket"),
        sentence("The fund buys it and sends it to you."),
    ),
    Stop(
        "advance.paid",
        "advance-paid",
        sentence("Advance paid: {advance}"),
        sentence("Advance of {advance}"),
        sentence("Before you travel. Daily subsistence and terminal expenses."),
    ),
    Stop(
        "attendance.confirmed",
        "travelled",
        sentence("You were at the meeting"),
        sentence("The meeting, {city}"),
        sentence("{days}. An officer confirms that you are there."),
    ),
    Stop(
        "claim.submitted",
        "claimed",
        sentence("Claim and report submitted"),
        sentence("Your claim and short report"),
        sentence("Until {due}, with boarding passes and receipts. An overdue claim bars the next award."),
    ),
    Stop(
        "settlement.approved",
        "settled",
        sentence("Claim settled"),
        sentence("The claim is settled"),
        sentence("Line by line, by one officer, and approved by another."),
    ),
)
LAST = {
    "declined": ("award.declined", sentence("You gave the seat back")),
    "lapsed": ("award.lapsed", sentence("The seat lapsed: no answer came in time")),
    "cancelled": ("award.cancelled", sentence("The fund cancelled the award")),
    "no-show": ("award.missed", sentence("Recorded: you did not come to the meeting")),
}
"""Stages from which no journey goes on: the deed, and what it is called."""
ADVANCE = sentence("Advance")
"""Where its amount is not known yet."""
PAID = ("balance.paid", "recovery.recorded", "debt.written-off")


@dataclass(frozen=True)
class Step:
    """One line of the way. ``state``: empty once it is done, then ``now`` and ``next``; ``day``: ISO, of the deed."""

    state: str
    title: str
    day: str = ""
    note: str = ""


def way_of(own: Own, frame: Frame, journey: Journey | None) -> list[Step]:
    """Every step, in one statement."""
    award, days = own.award, _days(own.award)
    values = _values(award, frame, journey)
    steps = [Step("", say("Seat proposed"), days.get("award.proposed", ""))]
    if award.stage in LAST:
        past = [Step("", say(stop.done, **values), days[stop.action]) for stop in WAY if stop.action in days]
        action, called = LAST[award.stage]
        return [*steps, *past, Step("now", say(called), days.get(action, ""), award.cancelled_why)]
    state = "now"
    for stop in WAY:
        if _left_out(stop, award, days):
            continue
        if _done(stop, award):
            steps.append(Step("", say(stop.done, **values), days.get(stop.action, "")))
        else:
            known = stop.action != "advance.paid" or journey is not None or award.charge is not None
            steps.append(Step(state, say(stop.ahead if known else ADVANCE, **values), "", say(stop.note, **values)))
            state = "next"
    return [*steps, *_end(own, days)]


def _done(stop: Stop, award: Award) -> bool:
    """By the stage; other bank details take back what officers had looked at, and nothing else."""
    reached, at = AWARD_STAGES.index(award.resumes or award.stage), AWARD_STAGES.index(stop.stage)
    if award.resumes and stop.stage in ("certified", "approved"):
        return at <= AWARD_STAGES.index(award.stage)
    return at <= reached


def _left_out(stop: Stop, award: Award, days: dict[str, str]) -> bool:
    """No advance was due, or the journey was made without one."""
    if stop.action != "advance.paid" or stop.action in days:
        return False
    return (award.charge is not None and not award.advance) or _done(stop, award)


def _end(own: Own, days: dict[str, str]) -> list[Step]:
    """What is left of the money once the claim is settled."""
    if own.award.stage == "settled":
        called = sentence("You pay back what you owe") if own.owes else sentence("The fund pays what it owes you")
        return [Step("now", say(called))]
    if own.award.stage == "closed" and own.balance:
        return [Step("", say("Everything is paid"), max((days[one] for one in PAID if one in days), default=""))]
    return []


def _days(award: Award) -> dict[str, str]:
    """Deed -> the day of its last entry on the award, ISO."""
    found = select(Event.action, func.max(Event.at)).where(Event.subject == award.reference).group_by(Event.action)
    return {action: at[:10] for action, at in db.session.execute(found)}


def _values(award: Award, frame: Frame, journey: Journey | None) -> dict[str, object]:
    advance = award.advance if award.charge is not None else journey.advance if journey else 0
    return {
        "answer_by": award.answer_by,
        "advance": Money(major(advance, "USD"), "USD"),
        "city": in_words(frame.meeting.place),
        "days": days_of(frame.meeting.days),
        "due": award.claim_due or claim_by(frame, journey),
    }


assert set(LAST) == {*GIVEN_BACK, "no-show"}
