"""Every state of an award × every deed × every kind of person: pages offer it, and the operation does it, where the
table of states and the table of rights both allow it, and nowhere else."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.conftest import FAST, _in_context
from trustfund.app import create_app
from trustfund.core import lifecycle
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties
from trustfund.core.roles import MAY, Role, may
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.people import Account
from trustfund.operations import (
    awards,
    bank,
    claims,
    debts,
    journeys,
    offers,
    operation,
    payments,
    proposals,
    settlements,
    travel,
)
from trustfund.operations.award_standing import ASIDE, NEXT, offered
from trustfund.operations.meetings import frame_of
from trustfund.operations.operation import Operation

ACTIONS = (*NEXT, *ASIDE)
TODAY = j.SETTLED.date()
HOMES = {
    "SEN": "Dakar",
    "BEN": "Cotonou",
    "UGA": "Kampala",
    "MLI": "Bamako",
    "NER": "Niamey",
    "TGO": "Lomé",
    "GMB": "Banjul",
    "RWA": "Kigali",
    "ETH": "Addis Ababa",
}
LDCS = ("SDN", "NPL", *HOMES)


def _left_early(award: str) -> None:
    j.settled(j.prepared(j.claimed(j.until(j.attended, award), arrived_on=date(2018, 2, 21))))


def _without_advance(award: str) -> None:
    j.settled(j.prepared(j.claimed(j.attended(j.until(j.ticketed, award)))))


def _lapsed(award: str) -> None:
    db.session.execute(db.update(Award).where(Award.reference == award).values(stage="lapsed"))
    db.session.commit()


def _declined(award: str) -> None:
    j._do(offers.decline, award, j.delegate_of(award), j.OFFERED)


def _cancelled(award: str) -> None:
    j._do(travel.cancel, j.until(j.advanced, award), seats.who("Ines"), j.PAID, reason="Illness.")


def _missed(award: str) -> None:
    j._do(travel.record_no_show, j.until(j.advanced, award), seats.who("Ines"), j.FIRST_DAY, reason="Illness.")


STATES: dict[str, Callable[[str], object]] = {
    "proposed": str,
    "accepted": j.accepted,
    "certified": lambda award: j.until(j.certified, award),
    "approved": lambda award: j.until(j.approved, award),
    "authorized": lambda award: j.until(j.authorized, award),
    "ticketed": lambda award: j.until(j.ticketed, award),
    "advance-paid": lambda award: j.until(j.advanced, award),
    "travelled": lambda award: j.until(j.attended, award),
    "claimed": lambda award: j.until(j.claimed, award),
    "claimed, prepared": lambda award: j.until(j.prepared, award),
    "settled, owes": _left_early,
    "settled, is owed": _without_advance,
    "closed": lambda award: j.until(j.settled, award),
    "declined": _declined,
    "lapsed": _lapsed,
    "cancelled": _cancelled,
    "no-show": _missed,
    "accepted, was approved": lambda award: j.with_bank(j.until(j.approved, award)),
    "accepted, was ticketed": lambda award: j.with_bank(j.until(j.ticketed, award), at=j.PAID),
    "accepted, was travelled": lambda award: j.with_bank(j.until(j.attended, award), at=j.BACK),
    "certified, was ticketed": lambda award: j.certified(j.with_bank(j.until(j.ticketed, award), at=j.PAID)),
}
"""What is tried: a stage, and what else decides. An award that was sent back says where it goes on."""
OFFICERS = {"Sofia": "screening", "Cyril": "certifying", "Alma": "approving", "Pia": "paying"}
OTHERS = {
    "Nadir": Role.AUDITOR,
    "Wanda": Role.ADMINISTRATOR,
    "Hugo": Role.HEAD,
    "Mona": Role.MISSION,
    "Dora": Role.DONOR,
}


@dataclass(frozen=True)
class Case:
    """An award, and a delegate who applied for its State and has no seat."""

    award: str
    successor: str


@pytest.fixture(scope="module")
def fund(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("states") / "instance"
    shutil.copytree(sqlite_template, folder)
    yield from _in_context(create_app(FAST, instance=str(folder)))


@pytest.fixture(scope="module")
def cases(fund: Flask) -> dict[str, Case]:
    """An award in every state; officers, and others, who did nothing on any of them."""
    with pytest.MonkeyPatch.context() as patch:
        for state, city in HOMES.items():
            patch.setitem(seats.HOME, state, city)
        j.fund("150000.00", "120000.00")
        found = j.seated(*((f"{chr(65 + n)}bel Example", LDCS[n // 2]) for n in range(len(STATES))))
        for state, award in zip(STATES.values(), found, strict=True):
            state(award)
        with seats.on(seats.AUTUMN):
            for name, function in OFFICERS.items():
                b.officer(f"{name} Example", function)
            more = {Role.DONOR: {"donor": b.donor()}, Role.MISSION: {"state": "NPL"}}
            for name, role in OTHERS.items():
                b.account(role, f"{name} Example", **more.get(role, {}))
        successors = {
            state: seats.delegate(f"Z{state.lower()} Example", state, at=j.OFFERED, accepted=False)
            for state in {award.state for award in map(j.award, found) if _replaceable(award)}
        }
    return {
        name: Case(award, successors.get(j.award(award).state, "N1-XXXX"))
        for name, award in zip(STATES, found, strict=True)
    }


def _replaceable(award: Award) -> bool:
    return lifecycle.possible("award.replaced", award.stage, award.resumes)


class Happened(Exception):
    """The deed was written to the last guard; then it is taken back."""


@pytest.fixture(autouse=True)
def _nothing_stays(monkeypatch: pytest.MonkeyPatch, cases: dict[str, Case]) -> None:
    written = Operation.write

    def write(op: Operation) -> None:
        written(op)
        op.session.flush()
        raise Happened

    monkeypatch.setattr(Operation, "write", write)
    monkeypatch.setattr(operation, "keep_refusal", lambda *_, **__: None)


def _cost(award: Award) -> str:
    return journeys.journey_of(db.session(), award, TODAY).digest if award.stage == "accepted" else ""


Told = dict[str, object]
CALLS: dict[str, tuple[Callable[..., object], Callable[[Case, Award], Told]]] = {
    "award.accepted": (offers.accept, lambda *_: {"document": "Letter of 2 March", "at": j.OFFERED}),
    "award.declined": (offers.decline, lambda *_: {"document": "Letter of 2 March"}),
    "award.replaced": (
        offers.replace,
        lambda case, _: {"document": "Note 7", "successor": case.successor, "at": j.OFFERED},
    ),
    "journey.changed": (journeys.change_journey, lambda *_: {"visa": "60.00"}),
    "quote.recorded": (
        journeys.record_quote,
        lambda *_: {"route": "There and back", "source": "Agent 1", "amount": "800.00", "day": TODAY},
    ),
    "bank.entered": (bank.enter, lambda *_: {"holder": "A. Example", "account": j.IBAN, "bic": "COBADEFF"}),
    "award.certified": (awards.certify, lambda _, award: {"cost_seen": _cost(award)}),
    "certification.withdrawn": (awards.withdraw_certification, lambda *_: {"reason": "A meal is given."}),
    "award.approved": (awards.approve, lambda *_: {}),
    "award.authorized": (awards.authorize, lambda *_: {}),
    "award.ticketed": (awards.issue_ticket, lambda *_: {"price": "700.00", "number": "057-1", "day": TODAY}),
    "attendance.confirmed": (travel.confirm_attendance, lambda *_: {}),
    "award.missed": (travel.record_no_show, lambda *_: {"reason": "Illness."}),
    "award.cancelled": (travel.cancel, lambda *_: {"reason": "Illness."}),
    "claim.submitted": (claims.submit, lambda *_: {"arrived_on": date(2018, 2, 19), "left_on": date(2018, 2, 23)}),
    "claim.returned": (claims.send_back, lambda *_: {"reason": "Where is the receipt?"}),
    "settlement.prepared": (settlements.prepare, lambda *_: {}),
    "settlement.declined": (settlements.decline, lambda *_: {"reason": "The taxi."}),
    "settlement.approved": (settlements.approve, lambda *_: {}),
    "recovery.recorded": (
        debts.recover,
        lambda *_: {"amount": "1.00", "value_date": TODAY, "bank_reference": "R-9"},
    ),
}
"""Deed -> how it is called, beside reference, version, person and instant."""


def attempt(action: str, case: Case, award: Award, by: str) -> Refused | None:
    """Do it and take it back: what it was refused with, or None if it would have been done."""
    at = j.SETTLED
    try:
        if action in ("advance.paid", "balance.paid"):
            line = f"{action.partition('.')[0]} {case.award} {award.seq}"
            payments.release("cash" if award.method == "cash" else "bank", payments=line, by=by, at=at)
        elif action == "debt.written-off":
            content = {"document": "Advice 9"}
            proposals.propose(action, subject=case.award, content=content, reason="Gone.", by=by, at=at)
        else:
            deed, told = CALLS[action]
            deed(case.award, **{"seen": award.seq, "by": by, "at": at, **told(case, award)})
    except Happened:
        return None
    except Refused as refused:
        return refused
    raise AssertionError(f"{action} was not written")


def persons(award: Award) -> list[Account]:
    """The officers, the others, the traveller, and a delegate who is somebody else."""
    names = [f"{name.lower()}@example.org" for name in (*OFFICERS, *OTHERS)]
    found = list(db.session.scalars(select(Account).where(Account.email.in_(names)).order_by(Account.id)).unique())
    other = select(Account).where(Account.role == Role.DELEGATE, Account.id != award.account_id).limit(1)
    return [*found, award.account, db.session.scalars(other).unique().one()]


OF_FACTS = {
    "settled, owes": {"balance.paid"},
    "settled, is owed": {"recovery.recorded", "debt.written-off"},
    "claimed": {"settlement.approved", "settlement.declined"},
}
"""What the state would allow and the books or papers do not: nothing is owed, or no settlement waits."""


def expected(name: str, action: str, award: Award, person: Account) -> type[Refused] | str | None:
    """What the two tables say: no right, no business of this person, a sentence of the state, or (None) done."""
    if not may(action, Role(person.role), person.functions_on(TODAY)):
        return NotDesignated
    if person.role == Role.DELEGATE and person.id != award.account_id:
        return NotHere
    if not lifecycle.possible(action, award.stage, award.resumes):
        return lifecycle.FOLLOWS[action][1]
    return "facts" if action in OF_FACTS.get(name, ()) else None


def test_the_actions_are_those_of_the_table_of_states():
    of_awards = {action for action in lifecycle.FOLLOWS if action in MAY and _of_award(action)}
    assert of_awards == {*ACTIONS, "award.lapsed"}
    assert {name.partition(",")[0] for name in STATES} == set(lifecycle.AWARD_STAGES)


def _of_award(action: str) -> bool:
    return bool(lifecycle.FOLLOWS[action][0] & set(lifecycle.AWARD_STAGES) - {"accepted"}) or "certif" in action


@pytest.mark.parametrize("name", STATES)
def test_the_operation_and_the_page_follow_the_tables(cases: dict[str, Case], name: str):
    case = cases[name]
    award = j.award(case.award)
    assert award.stage == name.partition(",")[0]
    frame, wrong = frame_of(db.session(), award.meeting, TODAY), []
    for person in persons(award):
        page = {one.action: one.why_not for one in offered(db.session(), award, frame, person, TODAY)}
        wanted = {action: expected(name, action, award, person) for action in ACTIONS}
        for action, wants in wanted.items():
            got = attempt(action, case, award, person.reference)
            if not _as_wanted(wants, got) or not _page_agrees(wants, page.get(action, "not offered")):
                wrong.append((action, person.name, wants, got, page.get(action, "not offered")))
    assert wrong == []


def _as_wanted(wants: type[Refused] | str | None, got: Refused | None) -> bool:
    if wants is None or got is None:
        return wants is got
    if wants == "facts":
        return type(got) is Refused
    return got.sentence == wants if isinstance(wants, str) else type(got) is wants


def _page_agrees(wants: type[Refused] | str | None, page: object) -> bool:
    """What the state or the books do not allow is offered to nobody; a delegate sees no page but of the own award. Of
    two reasons the page says the one that no designation would change."""
    if wants is NotDesignated:
        return page == "not offered" or isinstance(page, NotDesignated | SeparationOfDuties)
    return page == "not offered" if isinstance(wants, str) else wants is NotHere or page is None


def test_only_offers_that_nobody_answered_lapse(cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch):
    before = {case.award: j.award(case.award).stage for case in cases.values()}
    lapsed: list[str] = []

    def write(op: Operation) -> None:
        op.session.flush()
        lapsed.extend(op.session.scalars(select(Award.reference).where(Award.stage == "lapsed")))
        raise Happened

    monkeypatch.setattr(Operation, "write", write)
    with pytest.raises(Happened):
        offers.lapse(j.SETTLED)
    assert {one for one in lapsed if before[one] != "lapsed"} == {cases["proposed"].award}
