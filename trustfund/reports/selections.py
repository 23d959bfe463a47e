"""What the kept runs say, read once for the reports: the latest run of each meeting, its places, and who is beside."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import String, select, type_coerce

from trustfund.core.calendar import Meeting
from trustfund.core.countries import LANGUAGES, Names, state
from trustfund.core.money import major
from trustfund.models.fund import calendar_on
from trustfund.models.record import Event
from trustfund.models.selections import Override, PlaceRow, Selection
from trustfund.reports.snapshot import Snapshot


@dataclass(frozen=True)
class Kept:
    """The latest run of a meeting that was kept by the last day asked for."""

    meeting: Meeting
    selection: Selection
    places: list[PlaceRow]
    moved: dict[str, int]  # public reference -> the place to which two officers moved it by that day

    @property
    def annex(self) -> dict[str, Any]:
        return dict(json.loads(self.selection.annex))

    def name(self, iso3: str) -> str:
        """The State's name on the first day of the meeting."""
        return state(iso3).name_on(self.meeting.first_day)


def names_of(runs: list[Kept]) -> dict[str, Names]:
    """English name of a State -> its name in each language, on the first day of the meeting."""
    return {
        kept.name(iso3): {code: state(iso3).name_on(kept.meeting.first_day, code) for code in LANGUAGES}
        for kept in runs
        for iso3 in {place.state for place in kept.places}
    }


def kept_runs(snapshot: Snapshot) -> list[Kept]:
    """In the order of the meetings; those whose first day lies in the period asked for."""
    session = snapshot.session
    by_then = type_coerce(Selection.kept_at, String) <= snapshot.last_instant
    latest: dict[str, Selection] = {}
    for run in session.scalars(
        select(Selection).where(Selection.stage == "kept", by_then).order_by(Selection.run)
    ).unique():
        latest[run.meeting] = run
    meetings = {meeting.code: meeting for meeting in calendar_on(session, snapshot.as_at).meetings}
    runs = sorted(latest.values(), key=lambda run: (meetings[run.meeting].first_day, run.meeting))
    return [_kept(snapshot, meetings[run.meeting], run) for run in runs if _asked(meetings[run.meeting], snapshot)]


def _asked(meeting: Meeting, snapshot: Snapshot) -> bool:
    return snapshot.from_day is None or meeting.first_day >= snapshot.from_day


def _kept(snapshot: Snapshot, meeting: Meeting, run: Selection) -> Kept:
    session = snapshot.session
    places = session.scalars(select(PlaceRow).where(PlaceRow.selection_id == run.id).order_by(PlaceRow.position))
    moves = session.execute(
        select(Override.public, Override.to_position)
        .join(Event, Event.seq == Override.seq)
        .where(Override.selection_id == run.id, Event.at <= snapshot.last_instant)
        .order_by(Override.seq)
    )
    return Kept(meeting, run, list(places), dict(moves.all()))


def usd(cents: int) -> Decimal:
    return major(cents, "USD")


def beside(kept: Kept) -> Iterator[tuple[str, str, list[str]]]:
    """(outcome, public reference, codes of the failed rules) of those who are not in the list."""
    for outcome, name in (("refused", "refused"), ("not-ranked", "not_ranked")):
        for one in kept.annex[name]:
            yield outcome, one["public"], one["codes"]
