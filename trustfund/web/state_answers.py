"""“Is my country eligible?”, told: one sentence, the reasons with days and documents, and the place in the order."""

from collections.abc import Iterable
from dataclasses import dataclass

from trustfund.core.countries import State
from trustfund.core.country_amendments import Amendment
from trustfund.core.refusal import sentence
from trustfund.core.state_answer import Answer, answer_for
from trustfund.i18n import language, say
from trustfund.operations.meetings import Frame
from trustfund.reports import words
from trustfund.web.officers_states import FACT, WORD
from trustfund.web.standing import told

YES = {
    "LDC": sentence("Yes. On {day}, the first day of the meeting, {state} is a least developed country."),
    "LLDC/SIDS": sentence(
        "Yes. On {day}, the first day of the meeting, {state} is a landlocked or small island developing State."
    ),
    "developing": sentence("Yes. On {day}, the first day of the meeting, {state} is a developing country."),
    "self-financing": sentence(
        "Yes, after all others. On {day}, the first day of the meeting, {state} is a self-financing developing country."
    ),
}
NO = {
    "state-in-scope": sentence("No. {state} is outside the scope of the fund."),
    "developing-country": sentence(
        "No. On {day}, the first day of the meeting, {state} does not count as a developing country."
    ),
    "meeting-of-the-process": sentence("No. To this meeting, a regional consultation, the fund pays no journeys."),
    "travel-needed": sentence("No. {state} is the host State of the meeting, and the fund pays it no seat."),
}
STILL_OPEN = {
    "state-in-scope": sentence(
        "The fund can pay only for States that paragraph 3 names. Ask the Secretariat whether and how your delegation "
        "may attend; the journey would be at its own cost."
    ),
    "developing-country": sentence(
        "The meeting is open to {state} all the same: its Government can send delegates and pay their journeys itself. "
        "No application to the fund is needed for that."
    ),
    "meeting-of-the-process": sentence("Delegates can take part where their Government or somebody else pays."),
    "travel-needed": sentence("Its delegates take part at home, without a journey that the fund would pay."),
}
"""What somebody can do who gets no seat: code of the first rule that fails -> a sentence."""


@dataclass(frozen=True)
class Told:
    """An answer in the reader's language. ``reasons``: sentence, authority, whether it speaks for the State."""

    answer: Answer
    name: str
    verdict: str
    reasons: tuple[tuple[str, str, bool], ...]
    order: tuple[str, ...]
    still_open: str

    @property
    def yes(self) -> bool:
        return self.answer.yes

    @property
    def category(self) -> str:
        return say(words.CATEGORY[self.answer.status.category])


def answer_told(state: State, frame: Frame, amendments: Iterable[Amendment]) -> Told:
    """The answer for a meeting; its name is the State's on the first day."""
    mandate, day = frame.mandate, frame.meeting.first_day
    answer = answer_for(state, frame.meeting, mandate.eligibility, mandate.setting, amendments)
    named = {"state": state.name_on(day, language()), "day": day}
    failed = answer.failures[0].code if answer.failures else ""
    facts = [(say(r.sentence, **_named(r.values, named)), r.authority, True) for r in answer.reasons]
    against = [(told(failure, day), failure.authority, False) for failure in answer.failures]
    stepped = any(rule.code == "step" for rule in mandate.priority)
    return Told(
        answer=answer,
        name=str(named["state"]),
        verdict=say(NO[failed] if failed else YES[answer.status.category], **named),
        reasons=(*facts, *against),
        order=_order(answer, len(mandate.setting("steps"))) if answer.yes and stepped else (),
        still_open=say(STILL_OPEN[failed], **named) if failed else "",
    )


def _named(values: dict[str, object], named: dict[str, object]) -> dict[str, object]:
    """Values as they are read: the State by its name, an amended fact and what it became in words."""
    read = values | ({"state": named["state"]} if "state" in values else {})
    if "fact" in values:
        code = {True: "yes", False: "no", None: "never"}.get(values["value"], values["value"])
        read |= {"fact": say(FACT[str(values["fact"])])}
        read |= {"value": say(WORD[code]) if isinstance(code, str) else code}
    return read


def _order(answer: Answer, steps: int) -> tuple[str, ...]:
    """In which step of the table its delegates stand."""
    if not answer.steps:
        return (say("The table of steps has no row for its category: its delegates stand after all others, unfunded."),)
    first, *more = [say(STEP[min(n, 3)], n=n, step=step, all=steps) for n, step in answer.steps]
    return (first, *more, say("Any further delegate of it is over quota: after all others, and not funded."))


STEP = {
    1: sentence("Its first delegate stands in step {step} of {all}."),
    2: sentence("Its second delegate stands in step {step} of {all}."),
    3: sentence("Its delegate number {n} stands in step {step} of {all}."),
}
