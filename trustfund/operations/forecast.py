"""What the forecast looks at: the meetings ahead, what each may still use, what is spendable, what is only agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core.forecast import Planned, Step, first_short, forecast, paid_before
from trustfund.core.money import major, spendable
from trustfund.models.fund import calendar_on, mandate_on, reserve_of
from trustfund.models.record import Balance, Pot, head_of, pots
from trustfund.operations.allotments import latest_allotments, needs_of, taken

NIL = Decimal("0.00")


@dataclass(frozen=True)
class Outlook:
    """The meetings ahead with the money that is spendable today, and as it would be if all that is agreed came in."""

    spendable: Decimal
    agreed: Decimal
    steps: tuple[Step, ...]
    with_agreed: tuple[Step, ...]

    @property
    def short(self) -> Step | None:
        return first_short(self.steps)

    @property
    def enough_until(self) -> Step | None:
        return paid_before(self.steps)

    @property
    def still_short(self) -> Step | None:
        """The first meeting that the fund cannot pay even then."""
        return first_short(self.with_agreed)


def outlook_of(session: Session, today: date, head: str = "") -> Outlook:
    """As it is now, in a fixed number of statements; reckoned once a day for each head of the record, on which alone it
    depends. ``head``: its hash, where a page knows it already."""
    known = head or head_of(session)[1], today
    found = _reckoned.get(known)
    if found is None:
        found = _outlook(session, today)
        _reckoned.clear()
        _reckoned[known] = found
    return found


_reckoned: dict[tuple[str, date], Outlook] = {}


def _outlook(session: Session, today: date) -> Outlook:
    rate = reserve_of(session, today)
    found, owed, meetings = pots(session, rate, today), receivable(session), planned(session, today)
    return Outlook(
        sum((pot.spendable for pot in found.values()), NIL),
        sum(owed.values(), NIL),
        forecast(meetings, {earmark: pot.spendable for earmark, pot in found.items()}),
        forecast(meetings, {earmark: _if_paid(pot, owed.get(earmark, NIL), rate) for earmark, pot in found.items()}),
    )


def planned(session: Session, today: date) -> list[Planned]:
    """Every meeting that has not begun: what its allotment has left or, where nothing is allotted, its planned need."""
    ahead = [meeting for meeting in calendar_on(session, today).meetings if meeting.first_day > today]
    allotted, used = latest_allotments(session), taken(session, today)
    without = [meeting for meeting in ahead if meeting.code not in allotted]
    needs = needs_of(session, without, mandate_on(session, today), today) if without else {}
    return [
        Planned(m.code, m.first_day, needs[m.code], allotted=False)
        if m.code in needs
        else Planned(m.code, m.first_day, max(allotted[m.code] - used.get(m.code, NIL), NIL))
        for m in ahead
    ]


def receivable(session: Session) -> Mapping[str, Decimal]:
    """Earmark -> what is agreed and not received, USD at the rate of its agreement."""
    rows = session.execute(
        select(Balance.earmark, func.sum(Balance.usd))
        .where(Balance.account == "contributions-receivable")
        .group_by(Balance.earmark)
    )
    return {earmark: major(int(cents), "USD") for earmark, cents in rows}


def _if_paid(pot: Pot, owed: Decimal, reserve: Decimal) -> Decimal:
    return spendable(pot.came_in + owed, reserve, pot.spent + pot.committed, pot.set_aside)
