"""Nobody does on one award two things that two must do: the operation refuses, and so does the database itself."""

import json

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations.by_hand import refusal
from trustfund.core import duties, lifecycle
from trustfund.core.refusal import NotDesignated, SeparationOfDuties
from trustfund.core.roles import Role, may
from trustfund.extensions import db
from trustfund.models.awards import Act
from trustfund.models.people import Account, Designation
from trustfund.models.record import Event, Posting
from trustfund.operations import people, record
from trustfund.operations.award_deeds import OWN_STATE
from trustfund.operations.award_standing import ACT_OF, ASIDE, NEXT, offered
from trustfund.operations.meetings import frame_of
from trustfund.services.clock import clock

WHO = {
    "travel": "Tessa",
    "bank": "Bela",
    "certify": "Carla",
    "approve": "Anton",
    "pay": "Petra",
    "attend": "Arun",
    "prepare": "Paul",
    "settle": "Sana",
}
"""Officers designated for everything, each of whom has done one act on the award."""
DEEDS = {
    "bank": ("bank.entered", lambda award, by: j.with_bank(award, by=seats.who(by))),
    "certify": ("award.certified", lambda award, by: j.certified(award, by=by)),
    "approve": ("award.approved", lambda award, by: j.approved(award, by=by)),
    "pay": ("order.released", lambda award, by: j.advanced(award, by=by)),
    "attend": ("attendance.confirmed", lambda award, by: j.attended(award, by=by)),
    "prepare": ("settlement.prepared", lambda award, by: j.prepared(award, by=by)),
    "settle": ("settlement.approved", lambda award, by: j.settled(award, by=by)),
}
WAITS_FOR = (
    (j.accepted, ("bank", "certify")),
    (j.certified, ("approve",)),
    (j.ticketed, ("pay", "attend")),
    (j.claimed, ("prepare",)),
    (j.prepared, ("settle",)),
)
"""Step -> the acts that wait for somebody once it is done."""


@pytest.fixture
def amna(both_apps):
    return begun(j.amna)


def acted(award: str, act: str, by: str) -> str:
    """The statement that enters an act."""
    return (
        "INSERT INTO act (award_id, round, act, by_id, at, seq) SELECT award.id, award.round, "
        f"'{act}', account.id, '2018-01-24T10:00:00.000Z', 1 FROM award, account "
        f"WHERE award.reference = '{award}' AND account.reference = '{seats.who(by)}'"
    )


def done(*statements: str) -> None:
    db.session.rollback()
    with db.engine.connect().execution_options(write=True) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()


def everybody(award: str) -> None:
    """Eight officers of all functions, each with one act on the award."""
    for act, name in WHO.items():
        with seats.on(seats.AUTUMN):
            b.officer(f"{name} Example", "screening", "certifying", "approving", "paying")
        done(acted(award, act, name))


def standing(award: str) -> tuple[object, ...]:
    """What must not change: the award, its acts, and the books."""
    kept = j.award(award)
    acts, postings = (db.session.scalar(select(func.count()).select_from(one)) for one in (Act, Posting))
    return kept.stage, kept.seq, kept.round, acts, postings


def test_the_table_of_duties_has_all_that_the_rules_forbid():
    """Rules of the fund, 7: two of certify, approve, pay; the bank details; the settlement; the attendance."""
    for pair in ("certify approve", "certify pay", "approve pay", "bank approve", "bank pay", "prepare settle"):
        assert frozenset(pair.split()) in duties.BARRED
    for pair in ("attend travel", "attend prepare", "attend settle", *(f"travel {act}" for act in DEEDS)):
        assert (frozenset(pair.split()) in duties.BARRED) == (pair != "travel bank"), pair


def test_the_operation_refuses_every_pair_and_keeps_the_refusal(amna):
    everybody(amna)
    tried, step_of = set(), list(j.STEPS)
    for step, acts in WAITS_FOR:
        while step_of and step in step_of:
            step_of.pop(0)(amna)
        for act in acts:
            for first in (one for one in duties.ACTS if frozenset((one, act)) in duties.BARRED):
                _refused(amna, first, act)
                tried.add(frozenset((first, act)))
    assert tried == duties.BARRED


def _refused(award: str, first: str, act: str) -> None:
    before = standing(award)
    action, deed = DEEDS[act]
    with pytest.raises(SeparationOfDuties) as refused:
        deed(award, WHO[first])
    assert refused.value.sentence == duties.SAID.get((first, act), duties.TRAVELLER)
    assert standing(award) == before
    last = db.session.scalars(select(Event).order_by(Event.seq.desc())).first()
    said = json.loads(last.body)
    assert (last.action, last.actor) == (action.partition(".")[0] + ".refused", seats.who(WHO[first]))
    assert said["data"] == {"deed": action, "rule": "separation-of-duties"}
    assert _page_says(award, first, act) == refused.value.sentence


def _page_says(award: str, first: str, act: str) -> str:
    """What the page says to who has done the first act: why not the deeds of the second, and who can instead."""
    kept, today = j.award(award), j.BACK.date()
    person = db.session.scalars(select(Account).where(Account.reference == seats.who(WHO[first]))).unique().one()
    offers_ = offered(db.session(), kept, frame_of(db.session(), kept.meeting, today), person, today)
    mine = [one for one in offers_ if ACT_OF.get(one.action) == act]
    assert mine
    assert all(person not in one.by for one in mine)
    [said] = {one.why_not.sentence for one in mine}
    return said


def test_the_database_refuses_every_pair_in_either_order_and_no_other(amna):
    everybody(amna)
    for first, name in WHO.items():
        for act in (one for one in duties.ACTS if one != first):
            said = refusal(acted(amna, act, name))
            assert ("one person never does both" in said) == (frozenset((first, act)) in duties.BARRED), (first, act)
            assert bool(said) == (frozenset((first, act)) in duties.BARRED), (first, act, said)


def test_a_traveller_who_has_acted_as_an_officer_cannot_take_the_seat(amna):
    done(acted(amna, "certify", "Amna"))
    with pytest.raises(SeparationOfDuties) as refused:
        j.accepted(amna)
    assert refused.value.sentence == duties.TRAVELLER


def test_nobody_approves_twice_what_two_must_approve(amna):
    _dear(amna)
    j.approved(amna)
    before = standing(amna)
    with pytest.raises(SeparationOfDuties) as refused:
        j.approved(amna)
    assert refused.value.sentence == duties.TWICE
    assert (standing(amna), before[0]) == (before, "certified")
    assert refusal(acted(amna, "approve", "Lise"))
    j.approved(amna, by="Tomas")
    assert j.award(amna).stage == "approved"
    assert record.verify().faults == []


def _dear(award: str) -> None:
    """An award of more than 10,000 USD waits for its two approvals."""
    j.quoted(j.quoted(j.accepted(award), "9400.00"), "9500.00")
    j.certified(award, reason="No other flight.")
    assert j.usd(j.award(award).charge) > 10000


def test_the_database_knows_how_many_must_approve(amna):
    j.accepted(amna)
    seated = [stage for stage in lifecycle.AWARD_STAGES if stage in lifecycle.SEATED]
    enough = "approved by as many officers"
    assert enough in refusal(acted(amna, "approve", "Tomas"), "UPDATE award SET stage = 'approved'")  # not certified
    assert [one for one in seated if enough not in refusal(f"UPDATE award SET stage = '{one}'")] == []
    j.quoted(j.quoted(amna, "9400.00"), "9500.00")
    j.approved(j.certified(amna, reason="No other flight."))
    assert [one for one in seated if enough not in refusal(f"UPDATE award SET stage = '{one}'")] == []
    for way in (
        "approvals_needed = 1",
        "approvals_needed = 0",
        "round = round + 1",
        "round = 1, approvals_needed = -1",
    ):
        assert enough in refusal(f"UPDATE award SET stage = 'approved', {way}")
    done(acted(amna, "approve", "Tomas"))
    assert refusal("UPDATE award SET stage = 'approved'") == ""


def test_nobody_acts_on_an_award_of_the_own_state(amna):
    for function, name in (("screening", "Nadia"), ("certifying", "Omar"), ("approving", "Huda"), ("paying", "Sami")):
        j.colleague(name, function, state="SDN")
    tries = {
        j.accepted: (lambda: j.certified(amna, by="Omar"), lambda: j.with_bank(amna, by=seats.who("Nadia"))),
        j.certified: (lambda: j.approved(amna, by="Huda"),),
        j.approved: (lambda: j.authorized(amna, by="Nadia"),),
        j.authorized: (lambda: j.ticketed(amna, by="Nadia"),),
        j.ticketed: (
            lambda: j.advanced(amna, by="Sami"),
            lambda: j.released(("ticket", amna), method="agent", by="Sami"),
        ),
        j.advanced: (lambda: j.attended(amna, by="Nadia"),),
        j.claimed: (lambda: j.prepared(amna, by="Omar"),),
        j.prepared: (lambda: j.settled(amna, by="Huda"),),
    }
    for step in j.STEPS:
        step(amna)
        for attempt in tries.get(step, ()):
            before = standing(amna)
            with pytest.raises(SeparationOfDuties) as refused:
                attempt()
            assert (refused.value.sentence, standing(amna)) == (OWN_STATE, before)


def test_an_ended_designation_stops_at_once(amna):
    j.accepted(amna)
    rafael = db.session.scalars(
        select(Designation)
        .join(Account, Account.id == Designation.account_id)
        .where(Designation.function == "certifying")
    ).unique()
    with seats.on(j.CERTIFIED):
        for one in [one.reference for one in rafael]:
            people.end_designation(one, by=seats.who("Miriam"), at=j.CERTIFIED)
    before = standing(amna)
    with pytest.raises(NotDesignated):
        j.certified(amna)
    assert standing(amna) == before
    assert db.session.scalars(select(Event.action).order_by(Event.seq.desc())).first() == "award.refused"


OF_AWARDS = (*NEXT, *ASIDE, "ticket.paid", "order.released", "payment.failed")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_administrator_and_the_auditor_do_nothing_on_an_award(amna, role):
    assert not any(may(action, role, frozenset()) for action in OF_AWARDS)
    with seats.on(seats.AUTUMN):
        someone = b.account(role, "Kofi Example")
    j.accepted(amna)
    for deed in (lambda: j.certified(amna, by="Kofi"), lambda: j.with_bank(amna, by=someone)):
        before = standing(amna)
        with pytest.raises(NotDesignated):
            deed()
        assert standing(amna) == before
    offered_ = offered(
        db.session(),
        j.award(amna),
        frame_of(db.session(), "N1", clock().now().date()),
        db.session.scalars(select(Account).where(Account.reference == someone)).unique().one(),
        clock().now().date(),
    )
    assert offered_
    assert all(isinstance(one.why_not, NotDesignated) for one in offered_)
