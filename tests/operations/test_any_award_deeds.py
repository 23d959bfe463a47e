"""Whatever officers and travellers try on several awards, in any order: the books add up and no pot is overdrawn."""

import json
import random
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from trustfund.core import lifecycle
from trustfund.core.ledger import CAME_IN, COMMITTED, SPENT
from trustfund.core.refusal import Refused
from trustfund.core.roles import Role, may
from trustfund.extensions import db
from trustfund.models.awards import Award, Payment, holds
from trustfund.models.people import Account
from trustfund.models.record import Posting, pots
from trustfund.models.selections import SetAside
from trustfund.operations import (
    awards,
    bank,
    claims,
    clockwork,
    debts,
    journeys,
    offers,
    payments,
    proposals,
    record,
    settlements,
    travel,
)
from trustfund.operations.award_deeds import many_books
from trustfund.operations.award_standing import ASIDE, NEXT

BEGINS = j.FIRST_DAY - timedelta(days=3)
"""The deeds go on from three days before the meeting, twelve hours apart."""
POTS = (("4600.00", "category:LDC"), ("3450.00", "meeting:N1"), ("1150.00", "travel"), ("19550.00", ""))
OFFICERS = ("Ines", "Rafael", "Lise", "Tomas", "Salma", "Otto")
PEOPLE = (
    ("Amna", "SDN"),
    ("Bela", "SDN"),
    ("Chitra", "NPL"),
    ("Dipak", "NPL"),
    ("Esi", "PRY"),
    ("Farah", "GHA"),
    ("Gita", "GHA"),
)
BEFORE = (str, j.accepted, j.certified, j.approved, j.ticketed, j.advanced, j.advanced)
"""How far each award has come when it begins."""

Step = tuple[int, int, int, int]


def steps_of(seed: int) -> list[Step]:
    """Fifty times: which award, which deed, by whom, how many cents; all of them equally likely."""
    chance = random.Random(seed)
    return [
        (chance.randrange(1000), chance.randrange(1000), chance.randrange(1000), 1 + chance.randrange(120_000))
        for _ in range(50)
    ]


@pytest.fixture
def seven(app: Flask) -> list[str]:
    """Seven seats of four States at different points of their journeys, and Otto, who is designated for everything."""
    seats.officers()
    with seats.on(seats.AUTUMN):
        b.officer("Tomas Example", "approving")
        b.officer("Otto Example", "screening", "certifying", "approving", "paying")
    for usd, earmark in POTS:
        seats.paid_in(usd, earmark, bank=f"LU-{earmark}")
    seats.allotted("40000.00")
    return _begun([(f"{name} Example", state) for name, state in PEOPLE])


def _begun(people: list[tuple[str, str]]) -> list[str]:
    found = j.seated(*people)
    for award, last in zip(found, BEFORE, strict=True):
        if j.award(award).state == "PRY":
            j.quoted(award, "1100.00")
        if last is not str:
            j.until(last, award)
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_any_fifty_deeds_on_awards_leave_books_that_add_up(seven: list[str], seed: int):
    with closing(sqlite3.connect(":memory:")) as before:
        _copy(before, back=False)
        try:
            for n, step in enumerate(steps_of(seed)):
                at = BEGINS + timedelta(hours=12 * n)
                with seats.on(at):
                    if n % 8 == 7:
                        clockwork.run(at)
                    with suppress(Refused):  # then nothing happened, which is checked with the rest
                        _do(seven, *step, at)
                    _no_pot_is_overdrawn(seven, at.date())
            assert _entries_add_up()
            assert record.verify().faults == []
        finally:
            _copy(before, back=True)


def _copy(other: sqlite3.Connection, back: bool) -> None:
    """The database as it was at the beginning: kept, or put back."""
    db.session.rollback()
    with closing(sqlite3.connect(str(db.engine.url.database))) as ours:
        _ = other.backup(ours) if back else ours.backup(other)
    db.session.expire_all()


def _do(all_: list[str], which: int, what: int, who: int, cents: int, at: datetime) -> None:
    award = j.award(all_[which % len(all_)])
    action = _action(award, what)
    by = _person(award, action, who, at.date())
    _call(award, action, by, f"{j.usd(cents)}", at)


def _action(award: Award, what: int) -> str:
    """Mostly what leads on, often a turn, sometimes what the state does not allow."""
    allowed = [one for one in NEXT if lifecycle.possible(one, award.stage, award.resumes)]
    turns = [one for one in ASIDE if lifecycle.possible(one, award.stage, award.resumes)]
    extra = ["ticket.paid", "payment.failed"]
    among = allowed if what < 620 else [*turns, *extra] if what < 920 else [*NEXT, *ASIDE, *extra]
    return (among or [*NEXT, *ASIDE])[what % len(among or [*NEXT, *ASIDE])]


def _person(award: Award, action: str, who: int, today: date) -> str:
    """Mostly somebody who may do it, sometimes anybody."""
    emails = [f"{name.lower()}@example.org" for name in OFFICERS]
    found = select(Account).where(Account.email.in_(emails)).order_by(Account.id)
    people = [*db.session.scalars(found).unique(), *([award.account] if award.account else [])]
    able = [one for one in people if may(action, Role(one.role), one.functions_on(today))]
    among = able if able and who < 900 else people
    return among[who % len(among)].reference


def _call(award: Award, action: str, by: str, usd: str, at: datetime) -> None:
    """The deed, with an amount where it takes one."""
    known = {"seen": award.seq, "by": by, "at": at}
    reference, words = award.reference, {"reason": "It was decided."}
    if action in ("advance.paid", "balance.paid", "ticket.paid"):
        method = "agent" if action == "ticket.paid" else award.method
        payments.release(method, payments=f"{action.partition('.')[0]} {reference} {award.seq}", by=by, at=at)
    elif action == "payment.failed":
        found = select(Payment.reference).where(Payment.award_id == award.id).order_by(Payment.id.desc()).limit(1)
        payments.fail(db.session.scalar(found) or "Y-22222222", by=by, at=at, **words)
    elif action == "debt.written-off":
        made = proposals.propose(action, subject=reference, content={"document": "Advice 9"}, by=by, at=at, **words)
        proposals.confirm(made.on, by=seats.who("Otto"), at=at)
    elif action == "award.accepted":
        method = "bank" if len(usd) % 2 else "cash"
        offers.accept(reference, document="Letter", method=method, **{**known, "at": j.OFFERED})
    elif action == "award.replaced":
        offers.replace(reference, successor=_successor(award), document="Note 7", **{**known, "seen": award.seq})
    elif action == "award.certified":
        with suppress(Refused):
            known["cost_seen"] = journeys.journey_of(db.session(), award, at.date()).digest
        awards.certify(reference, **known, **words)
    elif action == "bank.entered":
        bank.enter(reference, holder="A. Example", account=j.IBAN, bic="COBADEFF", currency="USD", **known)
    elif action == "recovery.recorded":
        more = {"amount": usd, "value_date": at.date(), "bank_reference": f"R-{award.seq}"}
        debts.recover(reference, **known, **more)
    else:
        deed, more = _CALLS[action](usd, at.date())
        deed(reference, **known, **more)


def _successor(award: Award) -> str:
    """Another delegate of the State, who applied before the call was over for late files too."""
    return seats.delegate(f"Next{award.seq} Example", award.state, at=j.OFFERED, accepted=False)


_CALLS = {
    "award.declined": lambda *_: (offers.decline, {"document": "Letter"}),
    "journey.changed": lambda usd, _: (journeys.change_journey, {"visa": usd, "days_after": 1, "reason": "No flight."}),
    "quote.recorded": lambda usd, day: (
        journeys.record_quote,
        {"route": "There and back", "source": "Agent 1", "amount": usd, "day": day, "choose": len(usd) % 2 == 0},
    ),
    "certification.withdrawn": lambda *_: (awards.withdraw_certification, {"reason": "A meal is given."}),
    "award.approved": lambda *_: (awards.approve, {}),
    "award.authorized": lambda *_: (awards.authorize, {}),
    "award.ticketed": lambda usd, day: (awards.issue_ticket, {"price": usd, "number": "057-1", "day": day}),
    "attendance.confirmed": lambda *_: (travel.confirm_attendance, {}),
    "award.missed": lambda usd, _: (travel.record_no_show, {"refund": usd, "reason": "Illness."}),
    "award.cancelled": lambda usd, _: (travel.cancel, {"refund": usd, "reason": "Illness."}),
    "claim.submitted": lambda usd, _: (
        claims.submit,
        {"arrived_on": date(2018, 2, 18 + len(usd) % 5), "left_on": date(2018, 2, 23), "visa": usd},
    ),
    "claim.returned": lambda *_: (claims.send_back, {"reason": "Where is the receipt?"}),
    "settlement.prepared": lambda usd, _: (
        settlements.prepare,
        {"adjustments": json.dumps([{"what": "Taxi", "usd": f"-{usd}", "reason": "No receipt"}] * (len(usd) % 2))},
    ),
    "settlement.declined": lambda *_: (settlements.decline, {"reason": "The taxi."}),
    "settlement.approved": lambda *_: (settlements.approve, {}),
}


def _no_pot_is_overdrawn(all_: list[str], today: date) -> None:
    """What is used of each pot is at most what came in, less the reserve; spendable equals a recount from the postings;
    no ticket, advance or debt is more than what was committed for it."""
    db.session.rollback()
    counted: dict[str, Counter[str]] = {}
    for p in db.session.execute(select(Posting.account, Posting.earmark, Posting.usd)):
        kind = "R" if p.account in CAME_IN else "W" if p.account in (*SPENT, *COMMITTED) else ""
        counted.setdefault(p.earmark, Counter())[kind] += -p.usd if kind == "R" else p.usd
    aside = Counter[str]()
    for earmark, usd in db.session.execute(
        select(SetAside.earmark, SetAside.usd)
        .join(Award, (Award.selection_id == SetAside.selection_id) & (Award.seat == SetAside.public))
        .where(holds(today))
    ):
        aside[earmark] += usd
    for earmark, pot in pots(db.session(), j.RESERVE, today).items():
        most = int((Decimal(counted[earmark]["R"]) / Decimal("1.15")).quantize(Decimal(1), rounding=ROUND_FLOOR))
        assert 0 <= counted[earmark]["W"] <= most
        assert pot.spendable == j.usd(most - counted[earmark]["W"] - aside[earmark])
    for books in many_books(db.session(), all_).values():
        assert all(cents >= 0 for cents in books.available.values())


def _entries_add_up() -> bool:
    sums = Counter[int]()
    for seq, usd in db.session.execute(select(Posting.seq, Posting.usd)):
        sums[seq] += usd
    return not any(sums.values())
