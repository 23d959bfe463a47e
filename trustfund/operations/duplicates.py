"""The applications that may be one person's twice, found by indexed columns and judged by the core."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from trustfund.core.costs import nights_of
from trustfund.core.duplicates import STRENGTHS, Likeness, Person, likeness, still_apart, swapped
from trustfund.core.eligibility import Journey
from trustfund.models.applications import Application, DoubleRuling
from trustfund.operations.meetings import Frame

CANDIDATES, TOLD = 200, 10
"""How many rows of each kind are looked at, and how many of them a page tells, the strongest first."""


@dataclass(frozen=True)
class Double:
    """An application that looks like another one's person. ``meets``: meeting, nights, near, or nothing; ``ruling``:
    that an officer judged it to be another person's, as long as nothing stronger speaks for one."""

    application: Application
    likeness: Likeness
    meets: str
    ruling: DoubleRuling | None = None


def doubles_of(session: Session, application: Application, frames: Mapping[str, Frame]) -> list[Double]:
    """Who else this may be; those whom an officer judged to be another come last."""
    others = {one.id: one for query in candidates(application) for one in session.scalars(query).unique()}
    rulings = rulings_of(session, application) if others else {}
    found = [
        double for other in others.values() if (double := double_in(application, other, frames, rulings.get(other.id)))
    ]
    found.sort(key=lambda double: (STRENGTHS.index(double.likeness.strength), not double.meets, -double.application.id))
    waiting, judged = ([one for one in found if bool(one.ruling) == ruled] for ruled in (False, True))
    return waiting[:TOLD] + judged[:TOLD]


def double_in(
    one: Application, other: Application, frames: Mapping[str, Frame], ruling: DoubleRuling | None
) -> Double | None:
    """Whether the other may be this one's person. Who asks openly for two meetings far apart is nobody's double."""
    alike = likeness(_person(one), _person(other))
    if alike is None:
        return None
    meets = _meets(frames, one.meeting, other.meeting)
    if not meets and _openly(_person(one), _person(other), alike):
        return None
    return Double(other, alike, meets, ruling if ruling and still_apart(ruling.strength, alike.strength) else None)


def rulings_of(session: Session, application: Application) -> dict[int, DoubleRuling]:
    """Id of another application -> that it was judged to be another person's: the last word, if not taken back."""
    both = or_(DoubleRuling.application_id == application.id, DoubleRuling.other_id == application.id)
    found = select(DoubleRuling).where(both).options(joinedload(DoubleRuling.by)).order_by(DoubleRuling.id)
    last = {}
    for ruling in session.scalars(found).unique():
        last[ruling.other_id if ruling.application_id == application.id else ruling.application_id] = ruling
    return {other: ruling for other, ruling in last.items() if ruling.reason}


def candidates(one: Application) -> list[Select[tuple[Application]]]:
    """Whoever shares a passport or an account, a name, a birthday, a contact: asked apart, so that no crowd with a
    weaker sign cuts off a stronger one. Each column has its index."""
    born = Application.date_of_birth.in_(_births(one.date_of_birth)) if one.date_of_birth else false()
    return [
        _others(one, _same(one, Application.passport_mark, Application.account_id)),
        _others(one, _same(one, Application.folded)),
        _others(one, born),
        _others(one, _same(one, Application.email, Application.telephone)),
    ]


def _same(one: Application, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(false(), *(column == value for column in columns if (value := getattr(one, column.key))))


def _others(one: Application, same: ColumnElement[bool]) -> Select[tuple[Application]]:
    return (
        select(Application)
        .where(same, Application.id != one.id, Application.stage.not_in(("draft", "withdrawn")))
        .options(joinedload(Application.account))
        .order_by(Application.id.desc())
        .limit(CANDIDATES)
    )


def _births(born: date) -> set[date]:
    return {born, swapped(born) or born}


def _person(one: Application) -> Person:
    return Person(
        names=one.full_name,
        born=one.date_of_birth,
        state=one.state,
        passport=one.passport_mark,
        email=one.email,
        telephone=one.telephone,
        account=one.account.reference if one.account else "",
    )


def _openly(mine: Person, theirs: Person, alike: Likeness) -> bool:
    """The same person without a doubt, who hides nothing: one account, or no two accounts and all the same."""
    same = {"same-name", "same-birth"} <= set(alike.reasons) and not (mine.account and theirs.account)
    return same or "account" in alike.reasons


def _meets(frames: Mapping[str, Frame], mine: str, theirs: str) -> str:
    """How the journeys meet (rules of the fund, 2: not funded twice)."""
    if mine == theirs:
        return "meeting"
    own, other = _journey(frames[mine]), _journey(frames[theirs])
    apart = max((other.first_night - own.departure).days, (own.first_night - other.departure).days)
    if apart < 0:
        return "nights"
    return "near" if apart < frames[mine].mandate.setting("days_between_journeys") else ""


def _journey(frame: Frame) -> Journey:
    setting = frame.mandate.setting
    nights = nights_of(frame.meeting.days, before=setting("arrive_days_before"), after=setting("leave_days_after"))
    return Journey(frame.meeting.code, nights[0], nights[-1])
