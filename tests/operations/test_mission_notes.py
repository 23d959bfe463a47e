"""One note verbale of a mission for several of its delegates: attached, promised, and nobody else’s to change."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.nominated import attach, endorse, kept, nominate, sound
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.operations import application_files, applications, missions, record, screening

pytestmark = pytest.mark.usefixtures("both_apps")
WITHOUT_NOTE = {"note_verbale": "", "note_verbale_date": None, "note_to_follow": False}


@pytest.fixture
def sudan(both_apps):
    return b.account("mission", "Sudan Mission", state="SDN")


@pytest.fixture
def amna(both_apps):
    return b.account("delegate", "Amna Eltayeb", state="SDN")


def test_one_note_for_two_delegates_completes_the_file_that_lacked_only_the_note(sudan, amna):
    own = b.application(amna, **WITHOUT_NOTE)
    draft = nominate(sudan).on
    assert kept(own).completed_at is None
    at = b.AT + timedelta(hours=3)
    attach([own, draft], sudan, at)
    assert (kept(own).completed_at, kept(draft).completed_at) == (at, None)
    held = db.session.scalars(select(Document)).all()
    assert len({one.application_id for one in held}) == len({one.stored for one in held}) == 2
    assert kept(own).note_verbale == "MFA/9"
    assert sound()


def test_a_promised_note_keeps_the_place_and_the_note_that_follows_does_not_move_it(sudan, amna):
    own = b.application(amna, **WITHOUT_NOTE)
    missions.promise_note([own], by=sudan, at=b.AT)
    assert kept(own).completed_at == b.AT
    with pytest.raises(Refused, match="promised before"):
        missions.promise_note([own], by=sudan, at=b.AT)
    attach([own], sudan, b.AT + timedelta(days=3))
    assert (kept(own).completed_at, kept(own).note_to_follow) == (b.AT, False)
    assert sound()


def test_a_second_note_after_the_deadline_does_not_move_a_complete_file(sudan, amna):
    own = b.application(amna, **WITHOUT_NOTE)
    attach([own], sudan)
    attach([own], sudan, b.AT + timedelta(days=40))
    assert kept(own).completed_at == b.AT


def test_a_delegate_does_not_remove_the_note_that_the_mission_attached_nor_change_what_it_says(sudan, amna):
    own, ines = b.application(amna, **WITHOUT_NOTE), b.officer("Ines Okafor", "screening")
    endorse(own, sudan)
    screening.ask_for_changes(own, seen=kept(own).seq, by=ines, at=b.AT, words="Which city?")
    attach([own], sudan, b.AT + timedelta(hours=1))
    note = kept(own).documents[0].reference
    with pytest.raises(NotHere):
        application_files.remove_document(own, kept(own).account, note)
    applications.save(own, kept(own).account, {"note_verbale": "MFA/0", "note_to_follow": True}, b.AT)
    assert (kept(own).note_verbale, kept(own).note_to_follow) == ("MFA/9", False)
    applications.submit(own, by=amna, at=b.AT + timedelta(hours=2))
    assert sound()


def test_the_seal_of_a_note_for_a_draft_stands_in_the_record(sudan):
    draft = nominate(sudan).on
    missions.promise_note([draft], by=sudan, at=b.AT)
    attach([draft], sudan)
    assert kept(draft).note_to_follow, "until it is sent, the promise keeps its place"
    assert sound()
    kept(draft).documents[0].seal = "0" * 64
    db.session.commit()
    assert any("mission_note" in fault and "seal" in fault for fault in record.verify().faults)
