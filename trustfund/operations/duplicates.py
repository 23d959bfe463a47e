"""The applications that may be one person's twice, found by indexed columns and judged by the core."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from trustfund.core.costs import nights_of
from trustfund.core.duplicates import STRENGTHS, Likeness, Person, likeness, swapped
from trustfund.core.eligibility import Journey
from trustfund.models.applications import Application
from trustfund.operations.meetings import Frame

CANDIDATES, TOLD = 200, 10
"""How many rows of each kind are looked at, and how many of them a page tells, the strongest first."""


@dataclass(frozen=True)
class Double:
    """An application that looks like another one's person. ``meets``: meeting, nights, near, or nothing."""

    application: Application
    likeness: Likeness
    meets: str


def doubles_of(session: Session, application: Application, frames: Mapping[str, Frame]) -> list[Double]:
    """Who else this may be. One person who asks openly for two meetings far apart is nobody's double."""
    mine, found = _person(application), []
    others = {one.id: one for query in candidates(application) for one in session.scalars(query).unique()}
    for other in others.values():
        alike = likeness(mine, _person(other))
        if alike is None:
            continue
        meets = _meets(frames, application.meeting, other.meeting)
        if meets or not _openly(mine, _person(other), alike):
            found.append(Double(other, alike, meets))
    found.sort(key=lambda double: (STRENGTHS.index(double.likeness.strength), not double.meets, -double.application.id))
    return found[:TOLD]


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
