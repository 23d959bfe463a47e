"""How much of the fund's money a meeting may use: fixed before its call opens, then changed by two officers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session

from trustfund.core.calendar import Meeting, call_of
from trustfund.core.costs import dated_rates
from trustfund.core.country_amendments import Amendment
from trustfund.core.ledger import COMMITTED, SPENT
from trustfund.core.lifecycle import OVER
from trustfund.core.mandate import Mandate
from trustfund.core.money import amount_of, major, minor, rounded
from trustfund.core.planning import planned_need
from trustfund.core.refusal import Refused
from trustfund.models.awards import Award, stands
from trustfund.models.fund import amendments_of, calendar_on, mandate_on, reserve_of
from trustfund.models.record import Event, Posting, Pot, pots
from trustfund.models.selections import Allotment
from trustfund.operations.allowances import DsaRates, planned_nights
from trustfund.operations.meetings import frame_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.proposals import by_two

NIL = Decimal("0.00")
BASES = ("planned-need", "decided")


@deed("allotment.fixed")
def fix(op: Operation, meeting: str, *, amount: str, basis: str, document: str) -> Fact:
    """Before its call opens, one officer fixes what a meeting may use (rules of the fund, 4)."""
    frame = frame_of(op.session(), meeting, op.today)
    if allotment_of(op.session(), meeting):
        raise Refused("This meeting has its allotment; a change needs a reason and a second officer.", field="amount")
    if op.recorded_at >= frame.call.opens:
        raise Refused("The call has opened: its allotment now needs a reason and a second officer.", field="amount")
    return _kept(op, meeting, amount, basis, document)


@by_two("allotment.changed")
def change(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """Once the call has opened, or to change what was fixed. ``content``: amount, basis, document."""
    frame_of(op.session(), subject, op.today)
    return _kept(op, subject, content["amount"], content["basis"], content["document"])


def _kept(op: Operation, meeting: str, amount: str, basis: str, document: str) -> Fact:
    cents = minor(amount_of(amount, "USD"), "USD")
    if basis not in BASES:
        raise Refused("Choose on what the allotment is based.", field="basis")
    if not document.strip() or len(document) > 120:
        raise Refused("An allotment names its document, for example Allotment advice 2018/3.", field="document")
    before = allotment_of(op.session(), meeting)
    number = before.number + 1 if before else 1
    op.session.add(
        Allotment(meeting=meeting, number=number, usd=cents, basis=basis, document=document.strip(), seq=op.next_seq)
    )
    return Fact(
        on=f"meeting:{meeting}",
        data={"meeting": meeting, "number": number, "usd": cents, "basis": basis, "document": document.strip()},
    )


def allotment_of(session: Session, meeting: str) -> Allotment | None:
    """The allotment of a meeting that stands: its latest number."""
    return session.scalars(
        select(Allotment).where(Allotment.meeting == meeting).order_by(Allotment.number.desc()).limit(1)
    ).first()


def latest_allotments(session: Session) -> dict[str, Decimal]:
    """Meeting -> the allotment that stands: that of its latest number."""
    rows = session.execute(select(Allotment.meeting, Allotment.usd).order_by(Allotment.number))
    return {meeting: major(usd, "USD") for meeting, usd in rows}


def used(session: Session, meeting: str, day: date) -> Decimal:
    """What of the allotment of a meeting is taken."""
    return taken(session, day, Award.meeting == meeting).get(meeting, NIL)


def taken(session: Session, day: date, *of: ColumnElement[bool]) -> dict[str, Decimal]:
    """Meeting -> what of its allotment is taken: of seats that stand the charge, certified or as proposed; of journeys
    that are settled, missed or cancelled what they cost in the end. ``of``: which awards; all of them unless told."""
    over = func.coalesce(Award.resumes, Award.stage).in_(OVER)
    waits = select(Award.meeting, func.sum(func.coalesce(Award.charge, Award.proposed))).where(~over, stands(day))
    cost = (
        select(Award.meeting, func.sum(Posting.usd))
        .join(Event, Event.subject == Award.reference)
        .join(Posting, Posting.seq == Event.seq)
        .where(over, Posting.account.in_((*SPENT, *COMMITTED)))
    )
    found: dict[str, Decimal] = {}
    both = union_all(*(one.where(*of).group_by(Award.meeting) for one in (waits, cost)))
    for meeting, cents in session.execute(both):
        found[meeting] = found.get(meeting, NIL) + major(int(cents), "USD")
    return found


@dataclass(frozen=True)
class Purse:
    """The money there is for a run: free, and tied to a category or (None) to the meeting; and what is allotted."""

    free: Decimal
    tied: Mapping[str | None, Decimal]
    left: Decimal  # of the allotment

    @property
    def spendable(self) -> Decimal:
        """Of the fund, for this meeting, before the allotment limits it."""
        return self.free + sum(self.tied.values(), NIL)


def purse_of(op: Operation, meeting: str, allotted: Allotment) -> Purse:
    """Money in the bank only: each earmark that matches the meeting, and what is free or tied to travel."""
    found = pots(op.session(), reserve_of(op.session(), op.today), op.today)
    tied: dict[str | None, Decimal] = {}
    for earmark, pot in found.items():
        kind, _, value = earmark.partition(":")
        if pot.spendable > 0 and (kind == "category" or earmark == f"meeting:{meeting}"):
            tied[value if kind == "category" else None] = pot.spendable
    free = sum((max(found[earmark].spendable, NIL) for earmark in ("", "travel") if earmark in found), NIL)
    left = max(major(allotted.usd, "USD") - used(op.session(), meeting, op.today), NIL)
    return Purse(free, tied, left)


def shares(
    taken: Mapping[str, Mapping[str | None, Decimal]], free: str, found: Mapping[str, Pot], meeting: str
) -> dict[str, dict[str, Decimal]]:
    """What each seat takes, by earmark: what was tied, then of the free money first what may only be used for travel.

    ``taken``: public reference -> pot -> USD, in the order of the list; ``free``: the name of the free pot there.
    """
    travel = max(found["travel"].spendable, NIL) if "travel" in found else NIL
    parts: dict[str, dict[str, Decimal]] = {}
    for public, by_pot in taken.items():
        parts[public] = mine = {}
        for pot, usd in by_pot.items():
            if pot == free:
                first = min(usd, travel)
                travel -= first
                mine |= {earmark: part for earmark, part in (("travel", first), ("", usd - first)) if part}
            else:
                mine[f"category:{pot}" if pot else f"meeting:{meeting}"] = usd
    return parts


def usual_amount(session: Session, meeting: Meeting, day: date) -> Decimal:
    """Spendable × the planned need of the meeting ÷ that of all meetings still ahead: the default (fund practice)."""
    mandate = mandate_on(session, day)
    found = pots(session, reserve_of(session, day), day)
    free = sum((pot.spendable for earmark, pot in found.items() if earmark in ("", "travel")), NIL)
    ahead = [m for m in calendar_on(session, day).meetings if m.first_day >= day]
    needs = needs_of(session, {m.code: m for m in (*ahead, meeting)}.values(), mandate, day)
    whole = sum(needs.values(), NIL)
    return rounded(max(free, NIL) * needs[meeting.code] / whole) if whole else NIL


def needs_of(session: Session, meetings: Iterable[Meeting], mandate: Mandate, day: date) -> dict[str, Decimal]:
    """What each of some meetings is planned to need, USD, by the imported allowances where there are any."""
    counted, amendments = list(meetings), amendments_of(session)
    nights = {night for m in counted for night in planned_nights(m.days, mandate)}
    dsa = DsaRates(session, {m.city for m in counted}, nights, mandate, day)
    return {m.code: need_of(m, mandate, amendments, dsa) for m in counted}


def need_of(
    meeting: Meeting, mandate: Mandate, amendments: Iterable[Amendment], dsa: DsaRates | None = None
) -> Decimal:
    """What a meeting is planned to need, USD. ``dsa``: imported allowances; None where the example ones will do."""
    setting = mandate.setting
    examples = dated_rates(setting("dsa_rates"))
    return planned_need(
        meeting,
        setting,
        mandate.fees,
        dsa.of(meeting.city, planned_nights(meeting.days, mandate), mandate) if dsa else examples,
        dated_rates(setting("terminal_rates")),
        amendments=amendments,
    )


def opened(meeting: Meeting, mandate: Mandate, at: datetime) -> bool:
    return at >= call_of(meeting, mandate.setting).opens
