"""A meeting's seats are given by rule: a call closes, a run is previewed, kept and published, and never edited."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core import selection as decision
from trustfund.core.calendar import selection_day
from trustfund.core.money import minor
from trustfund.core.refusal import Refused, SeparationOfDuties, Stale, sentence
from trustfund.core.selection_figures import FREE, taken
from trustfund.models.applications import Application
from trustfund.models.fund import reserve_of
from trustfund.models.record import pots
from trustfund.models.selections import Closing, Override, PlaceRow, Selection, SetAside
from trustfund.operations import allotments, offers, runs
from trustfund.operations.assessment import failures_of
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.outbox import letter_of, post
from trustfund.operations.proposals import by_two
from trustfund.operations.runs import kept_runs, unscreened
from trustfund.operations.screening import rules_told
from trustfund.services import chance


@deed("call.closed")
def close_call(op: Operation, meeting: str, *, value: str) -> Fact:
    """After the deadline, the public value that the call named: the draw is made from it (rules of the fund, 3)."""
    frame = frame_of(op.session(), meeting, op.today)
    if frame.call.on_time(op.recorded_at):
        raise Refused("The call is open until its deadline; its public value is recorded after it.", field="value")
    if op.session.get(Closing, meeting):
        raise Refused("The public value of this call is recorded already. Nothing has been changed.", field="value")
    value = value.strip()
    if not value or len(value) > 80 or not value.isprintable():
        raise Refused("Write the public value as its source has it, in at most 80 characters.", field="value")
    op.session.add(Closing(meeting=meeting, value=value, seq=op.next_seq))
    return Fact(on=f"meeting:{meeting}", data={"meeting": meeting, "value": value})


@deed("selection.previewed")
def preview(op: Operation, meeting: str) -> Fact:
    """A run on trial: the order, the outcomes and the money as they are now. It decides nothing, and is recorded."""
    frame = frame_of(op.session(), meeting, op.today)
    made = runs.stored(op, frame, runs.made(op, frame))
    return Fact(on=made.reference, after="preview", data=_told(made))


@deed("selection.kept")
def keep(op: Operation, reference: str) -> Fact:
    """The first run of a meeting, on the day that its call named: it is published and holds the money of its seats."""
    run = op.one(Selection, reference=reference)
    frame = frame_of(op.session(), run.meeting, op.today)
    if reason := needs_two(op.session(), frame, op.recorded_at):
        raise SeparationOfDuties(reason)
    return _keep(op, run, frame, "")


@by_two("selection.kept")
def keep_later(op: Operation, subject: str, _: Mapping[str, Any], reason: str) -> Fact:
    """A later run, or one that is not kept on its day: with a reason, by two officers. ``subject``: the preview."""
    run = op.one(Selection, reference=subject)
    return _keep(op, run, frame_of(op.session(), run.meeting, op.today), reason)


@by_two("override.recorded")
def override(op: Operation, subject: str, content: Mapping[str, Any], reason: str) -> Fact:
    """A candidate moved by two officers: beside the computed result, never in it. ``content``: public, to_position."""
    run = op.one(Selection, reference=subject)
    if run.stage != "kept":
        raise Refused("Only a run that was kept can have an override.", field="public")
    place = op.session.scalars(
        select(PlaceRow).where(PlaceRow.selection_id == run.id, PlaceRow.public == content["public"])
    ).one_or_none()
    if place is None:
        raise Refused("{public} is not in this run.", public=str(content["public"])[:40], field="public")
    barred = frame_of(op.session(), run.meeting, op.today).mandate.setting("own_state_barred")
    if barred and op.account and op.account.state == place.state:
        raise SeparationOfDuties("This candidate is of your own State; another officer acts. Nothing has been changed.")
    to_position = int(content["to_position"])
    last = op.session.scalar(select(func.max(PlaceRow.position)).where(PlaceRow.selection_id == run.id))
    if to_position == place.position or not 1 <= to_position <= int(last or 0):
        raise Refused("Give another place of this run, from 1 to {last}.", last=last, field="to_position")
    op.session.add(
        Override(
            selection_id=run.id,
            public=place.public,
            position=place.position,
            to_position=to_position,
            reason=reason,
            seq=op.next_seq,
        )
    )
    data = {"run": run.run, "meeting": run.meeting, "public": place.public, "position": place.position}
    return Fact(on=subject, data={**data, "to_position": to_position})


def needs_two(session: Session, frame: Frame, at: datetime) -> str:
    """Why keeping a run needs a reason and a second officer; empty where one officer may keep it."""
    if kept_runs(session, frame.meeting.code):
        return sentence("A later run of a meeting needs a reason and a second officer.")
    if at.astimezone(ZoneInfo(frame.call.zone)).date() != selection_day(frame.meeting, frame.mandate.setting):
        return sentence("This is not the day that the call named: keeping the run needs a reason and a second officer.")
    return ""


def _keep(op: Operation, run: Selection, frame: Frame, reason: str) -> Fact:
    if run.stage != "preview":
        raise Refused("This run is kept already. Nothing has been changed.")
    if waiting := unscreened(op.session, run.meeting):
        raise Refused(
            "{n} applications for this meeting wait for screening; a run is kept when all are screened.", n=waiting
        )
    again, seen = runs.made(op, frame), json.loads(run.annex)
    unranked = [name for name in ("refused", "not_ranked") if again.annex[name] != seen[name]]
    if again.decided.digest != run.digest or unranked:
        raise Stale("Something has changed since this preview was made. Make a new one. Nothing has been changed.")
    answer_by = op.today + timedelta(days=frame.mandate.setting("days_to_answer_offer"))
    offers.made(op, run, answer_by)
    run.run = 1 + len(kept_runs(op.session, run.meeting))
    run.stage, run.kept_at, run.kept_by, run.reason, run.seq = (
        "kept",
        op.recorded_at,
        op.account,
        reason,
        op.next_seq,
    )
    run.answer_by = answer_by
    held = _set_aside(op, run, again.decided)
    _tell(op, run)
    _tell_unranked(op, run, frame, [one["public"] for one in again.annex["not_ranked"]])
    return Fact(
        on=run.reference,
        before="preview",
        after="kept",
        data={
            **_told(run),
            "run": run.run,
            "answer_by": run.answer_by.isoformat(),
            "set_aside": held,
        },
    )


def _set_aside(op: Operation, run: Selection, decided: decision.Selection) -> dict[str, dict[str, int]]:
    """Hold the money of each proposed seat in the pots from which it comes: public reference -> earmark -> cents."""
    found = pots(op.session(), reserve_of(op.session(), op.today), op.today)
    parts = allotments.shares(taken(decided), FREE, found, run.meeting)
    held = {public: {e: minor(usd, "USD") for e, usd in mine.items()} for public, mine in parts.items()}
    for public, mine in held.items():
        for earmark, cents in mine.items():
            op.session.add(SetAside(selection_id=run.id, public=public, earmark=earmark, usd=cents))
    return held


_SAID = {
    "proposed": sentence(
        "A seat is proposed for you: the fund would pay for your journey to the meeting {meeting} (application "
        "{public}, place {position}).\n\nAnswer until {day} under “My applications”. After that day the seat goes to "
        "the next in order.\n\nThe letter as a paper:\n{letter}"
    ),
    "waiting": sentence(
        "Your application {public} for the meeting {meeting} stands at place {position} of the list and waits for "
        "money.\n\n“My applications” shows the list and the reasons. The letter as a paper:\n{letter}"
    ),
    "over-quota": sentence(
        "Your application {public} for the meeting {meeting} is beyond the number of delegates that the fund pays for "
        "one State.\n\n“My applications” shows the list and the reasons. The letter as a paper:\n{letter}"
    ),
}


def _tell(op: Operation, run: Selection) -> None:
    """Each applicant hears of the outcome."""
    found = op.session.execute(
        select(Application, PlaceRow.position, PlaceRow.outcome)
        .join(PlaceRow, (PlaceRow.public == Application.public) & (PlaceRow.selection_id == run.id))
        .where(Application.account_id.is_not(None))
        .order_by(PlaceRow.position)
    ).unique()
    for application, position, outcome in found:
        if outcome in _SAID:
            post(
                application.account,
                sentence("The selection for {meeting} is made"),
                _SAID[outcome],
                meeting=run.meeting,
                public=application.public,
                position=position,
                day=run.answer_by,
                letter=letter_of(application.account, application.reference),
            )


def _tell_unranked(op: Operation, run: Selection, frame: Frame, unranked: list[str]) -> None:
    """Who was accepted and is kept out by a rule hears by which; a later run can include who mends it."""
    for application in op.session.scalars(
        select(Application).where(Application.public.in_(unranked), Application.account_id.is_not(None))
    ).unique():
        assert application.account is not None
        failed = failures_of(op.session(), application, op.recorded_at, by_name=True)
        post(
            application.account,
            sentence("The selection for {meeting} is made"),
            sentence(
                "Your application {public} was not ranked for the meeting {meeting}:\n\n{rules}\n\n"
                "A later run can include it once this is mended. The letter as a paper:\n{letter}"
            ),
            meeting=run.meeting,
            public=application.public,
            letter=letter_of(application.account, application.reference),
            rules=rules_told(failed, (), frame, application.account.language),
        )


def _told(run: Selection) -> dict[str, object]:
    record = json.loads(run.text)
    return {
        "meeting": run.meeting,
        "digest": run.digest,
        "candidates": len(record["candidates"]),
        "spent": record["spent"],
        "left": record["left"],
        "annex": chance.digest(run.annex),
    }
