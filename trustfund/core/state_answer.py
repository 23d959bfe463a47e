"""Whether the delegates of a State may be funded for a meeting, before anybody applies (rules of the fund, 1 and 2).

Only the rules that look at the State and the meeting alone are asked, by the very functions that judge an application,
so that nobody is told yes here and refused for the State there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trustfund.core.calendar import Meeting, call_of
from trustfund.core.countries import State
from trustfund.core.country_amendments import GRADUATIONS, Amendment
from trustfund.core.country_status import TRANSITION, Status, status_on
from trustfund.core.eligibility import Failure, Request, failed_rules
from trustfund.core.mandate import Rule
from trustfund.core.refusal import sentence

Settings = Callable[[str], Any]

OF_THE_STATE = ("state-in-scope", "developing-country", "meeting-of-the-process", "travel-needed")
"""Rules that can be answered for a State and a meeting, without a person."""
PARTICIPATES = {
    "member-state": sentence("{state} is a Member State of the United Nations."),
    "specialized-agency": sentence("{state} is an observer State and a member of specialized agencies."),
    "admitted-with-flag": sentence(
        "{state} is a member of specialized agencies, not of the United Nations; the fund admits it with a flag."
    ),
}
IS_LDC = sentence("It is on the list of least developed countries since {since}; no end is recorded.")
LEAVES = sentence("It is on the list of least developed countries from {since}, and leaves it on {until}.")
SCHEDULED_TO_LEAVE = sentence(
    "It is on the list of least developed countries since {since}. Its graduation is scheduled for {until}; it "
    "stays on the list until a decision is recorded."
)
IN_TRANSITION = sentence(
    "It left the list of least developed countries on {until}, and counts as one until {last}: the fund’s transition."
)
LEFT = sentence("It was on the list of least developed countries from {since}, and left it on {until}.")
LANDLOCKED = sentence("It is a landlocked developing country.")
ISLAND = sentence("It is a small island developing State.")
LISTED = sentence("It is a developing country in the list M49 of the United Nations, as of November 2017.")
ON_LIST = sentence("It stands in the list of developing countries “{name}”, which the fund uses.")
FINANCES_ITSELF = sentence("It stands in the list “{name}” of States that can pay their own journeys.")
RECORDED = sentence("Recorded by two officers, in force since {since}: {fact}, {value}.")


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence that holds, with what varies in it, and on what it stands: a document or a paragraph."""

    sentence: str
    values: dict[str, object]
    authority: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``failures``: every rule that fails, in the order of the mandate; ``reasons``: the facts, each with its source;
    ``steps``: of the how-manieth delegate of the State -> the row of the step table, empty where none is for it."""

    status: Status
    failures: tuple[Failure, ...]
    reasons: tuple[Reason, ...]
    steps: tuple[tuple[int, int], ...]

    @property
    def yes(self) -> bool:
        return not self.failures


def answer_for(
    state: State, meeting: Meeting, rules: Sequence[Rule], settings: Settings, amendments: Iterable[Amendment] = ()
) -> Answer:
    """The answer for the first day of a meeting. ``rules``: those of eligibility of the mandate; ``amendments``: all
    that are recorded."""
    amendments = tuple(amendments)
    status = status_on(state, meeting.first_day, settings, amendments=amendments)
    recorded = _in_force(status, amendments)
    asked = [rule for rule in rules if rule.code in OF_THE_STATE]
    authorities = {rule.code: rule.authority for rule in asked}
    return Answer(
        status,
        failed_rules(_request(status, meeting, settings), asked, settings),
        (
            *_participation(status, authorities),
            *_category(status, settings, authorities, recorded),
            *_amended(recorded),
        ),
        _steps(status.category, settings("steps")),
    )


def _request(status: Status, meeting: Meeting, settings: Settings) -> Request:
    """An application of which nothing is known but its State and its meeting."""
    call = call_of(meeting, settings)
    return Request(
        state=status.state.iso3,
        participation=status.participation,
        category=status.category,
        host_state=meeting.country,
        meeting=meeting.code,
        meeting_kind=meeting.kind,
        meeting_cities=tuple(meeting.place.values()),
        first_day=meeting.first_day,
        first_night=meeting.first_day,
        last_night=meeting.last_day,
        late_until=call.late_until,
        zone=call.zone,
        home_city="",
        note_verbale=True,
        missing=(),
        completed_at=None,
    )


def _participation(status: Status, authorities: dict[str, str]) -> list[Reason]:
    says = PARTICIPATES.get(status.participation)
    values: dict[str, object] = {"state": status.state.iso3}
    return [Reason(says, values, authorities.get("state-in-scope", ""))] if says else []


def _category(
    status: Status, settings: Settings, authorities: dict[str, str], recorded: Sequence[Amendment]
) -> list[Reason]:
    """Why it has the category it has; and when it left the list of least developed countries, if it did."""
    state, paragraph = status.state, authorities.get("developing-country", "")
    since, until, decided = state.ldc_from, state.ldc_to, state.ldc_to_document or paragraph
    if status.category == "LDC":
        marks = {mark.sentence: mark.values for mark in status.marks}
        if state.ldc_to_status == "scheduled":
            return [Reason(SCHEDULED_TO_LEAVE, {"since": since, "until": until}, decided)]
        if TRANSITION in marks:
            return [Reason(IN_TRANSITION, {"until": until, "last": marks[TRANSITION]["until"]}, decided)]
        if until is not None:
            return [Reason(LEAVES, {"since": since, "until": until}, decided)]
        return [Reason(IS_LDC, {"since": since}, paragraph)]
    left = [Reason(LEFT, {"since": since, "until": until}, decided)] if _has_left(state, status.day) else []
    return [*left, *_of_other(status, settings, paragraph, recorded)]


def _has_left(state: State, day: date) -> bool:
    return state.ldc_to is not None and state.ldc_to_status == "decided" and state.ldc_to <= day


def _of_other(status: Status, settings: Settings, paragraph: str, recorded: Sequence[Amendment]) -> list[Reason]:
    if status.category == "self-financing":
        return [Reason(FINANCES_ITSELF, {"name": settings("self_financing_list")}, paragraph)]
    if status.category == "LLDC/SIDS":
        return [Reason(LANDLOCKED if status.state.lldc else ISLAND, {}, paragraph)]
    if status.category == "developing":
        name = settings("developing_list")
        if name != "m49-2017":
            return [Reason(ON_LIST, {"name": name}, paragraph)]
        if not any(one.fact == "developing" for one in recorded):  # what was recorded since stands instead
            return [Reason(LISTED, {}, paragraph)]
    return []


def _in_force(status: Status, amendments: Iterable[Amendment]) -> tuple[Amendment, ...]:
    """What two officers recorded of the State and holds on the day: of each fact the last, as it is counted."""
    last: dict[str, Amendment] = {}
    for one in sorted(amendments, key=lambda one: one.recorded_on):
        if one.applies(status.state, status.day, None):
            fact = "ldc_to" if one.fact in GRADUATIONS else one.fact
            if fact == "ldc_from":  # on the list again: the day on which it left is over
                last.pop("ldc_to", None)
            last.pop(fact, None)
            last[fact] = one
    return tuple(last.values())


def _amended(recorded: Iterable[Amendment]) -> list[Reason]:
    """Each with its document; a fact by its code."""
    return [
        Reason(RECORDED, {"since": one.effective, "fact": one.fact, "value": one.value}, one.document)
        for one in recorded
        if one.fact != "region"
    ]


def _steps(category: str, table: Sequence[Sequence[Any]]) -> tuple[tuple[int, int], ...]:
    found = ((int(row[1]), number) for number, row in enumerate(table, 1) if row[0] == category)
    return tuple(sorted(found))
