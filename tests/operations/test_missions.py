"""The mission of Sudan nominates and endorses Amna, attaches a note verbale, and speaks for its own State only."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.operations.nominated import kept, mails, sound
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.applications import Screening
from trustfund.models.people import Account
from trustfund.operations import missions, screening

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def sudan(both_apps):
    return b.account("mission", "Sudan Mission", state="SDN")


@pytest.fixture
def amna(both_apps):
    return b.account("delegate", "Amna Eltayeb", state="SDN")


def test_the_mission_answers_a_proposed_refusal_within_its_days(sudan, amna):
    own, ines = b.application(amna), b.officer("Ines Okafor", "screening")
    words = "Wrong meeting."
    screening.propose_refusal(own, seen=kept(own).seq, by=ines, at=b.AT, codes=["nominated-by-government"], words=words)
    missions.answer_refusal(own, words="The note is for this one.", seen=kept(own).seq, by=sudan, at=b.AT)
    assert db.session.scalars(select(Screening.words).order_by(Screening.id.desc())).first() == (
        "The note is for this one."
    )
    late = b.AT + timedelta(days=20)
    with b.standing_at(late), pytest.raises(Refused, match="days to answer ended"):
        missions.answer_refusal(own, words="Late.", seen=kept(own).seq, by=sudan, at=late)
    assert sound()


def test_a_mission_names_its_next_focal_point_of_its_own_state_and_a_few_at_most(sudan):
    b.account("administrator", "Dele Adeyemi")
    made = missions.name_focal_point("next@example.org", name="Next Person", by=sudan, at=b.AT).on
    account = db.session.scalars(select(Account).where(Account.reference == made)).unique().one()
    assert (account.role, account.state) == ("mission", "SDN")
    assert ("dele@example.org", "A mission has named a focal point") in mails()
    for n in range(missions.FOCAL_POINTS - 2):
        missions.name_focal_point(f"one{n}@example.org", name="One", by=sudan, at=b.AT)
    with pytest.raises(Refused, match="at most 5"):
        missions.name_focal_point("six@example.org", name="Six", by=sudan, at=b.AT)
    assert sound()


def test_a_replacement_is_asked_by_the_mission_with_a_note_and_made_by_an_officer(both_apps):
    j.fund()
    (seat,) = j.seated(("Hind Tayeb", "SDN"))
    sudan, leaves = b.account("mission", "Sudan Mission", state="SDN"), j.award(seat).application.reference
    comes = seats.delegate("Amna Eltayeb", "SDN", at=seats.THE_DAY, accepted=False)
    seen = kept(leaves).seq
    with b.standing_at(seats.THE_DAY):
        with pytest.raises(Refused, match="Choose a delegate of your State"):
            missions.ask_replacement(leaves, successor="N1-0000", seen=seen, by=sudan, at=seats.THE_DAY)
        missions.ask_replacement(leaves, successor=comes, seen=seen, by=sudan, at=seats.THE_DAY)
    assert (kept(leaves).stage, j.award(seat).application.reference) == ("accepted", leaves)
    assert ("ines@example.org", "A mission names another delegate") in mails()
    assert sound()
