"""The mission of Sudan nominates and endorses Amna, attaches a note verbale, and speaks for its own State only."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from trustfund.core.refusal import NotDesignated, NotHere, Refused
from trustfund.extensions import db
from trustfund.models.applications import Application, Document, Screening
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import application_files, applications, missions, nominations, record, screening
from trustfund.operations.assessment import failures_of
from trustfund.services.documents import Document as Checked

pytestmark = pytest.mark.usefixtures("both_apps")

NOTE = Checked("note.pdf", "application/pdf", b"%PDF-1.7 note", 1)
WITHOUT_NOTE = {"note_verbale": "", "note_verbale_date": None, "note_to_follow": False}


@pytest.fixture
def sudan(both_apps):
    return b.account("mission", "Sudan Mission", state="SDN")


@pytest.fixture
def nepal(both_apps):
    return b.account("mission", "Nepal Mission", state="NPL")


@pytest.fixture
def amna(both_apps):
    return b.account("delegate", "Amna Eltayeb", state="SDN")


def kept(reference: str) -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application).where(Application.reference == reference)).unique().one()


def kept_account(reference: str) -> Account:
    return db.session.scalars(select(Account).where(Account.reference == reference)).unique().one()


def mails() -> list[tuple[str, str]]:
    return [tuple(row) for row in db.session.execute(select(Mail.recipient, Mail.subject).order_by(Mail.id))]


def actions() -> list[str]:
    return list(db.session.scalars(select(Event.action).order_by(Event.seq)))


def nominate(by, email="osman@example.org", **more):
    named = {"given_names": "Osman", "family_name": "Idris", "position": "Counsellor", "order": 1} | more
    return nominations.nominate("N2", email, by=by, at=b.AT, **named)


def endorse(reference, by, at=b.AT):
    return nominations.endorse(reference, seen=kept(reference).seq, by=by, at=at)


def withdraw(reference, by, at=b.AT):
    return nominations.withdraw_endorsement(reference, seen=kept(reference).seq, by=by, at=at)


def attach(references, by, at=b.AT):
    return missions.attach_note(references, NOTE, note="MFA/9", day=date(2018, 1, 20), by=by, at=at)


def sound() -> bool:
    return record.verify(full=True).faults == []


def codes(reference, at=b.AT) -> list[str]:
    return [failure.code for failure in failures_of(db.session(), kept(reference), at)]


# Nomination


def test_whom_a_mission_nominates_gets_an_account_a_draft_and_a_mail(sudan):
    found = kept(nominate(sudan).on)
    assert (found.stage, found.state, found.full_name, found.position) == ("draft", "SDN", "Osman Idris", "Counsellor")
    assert (found.endorsed, found.government_order, found.account.role) == (True, 1, "delegate")
    assert mails() == [
        ("osman@example.org", "Set your password"),
        ("osman@example.org", "Your Government nominates you"),
    ]
    assert actions()[-2:] == ["account.created", "nomination.made"]
    assert sound()


def test_who_applies_already_is_endorsed_and_nothing_is_doubled(sudan, amna):
    own = b.application(amna)
    assert nominate(sudan, "amna@example.org", order=2).on == own
    assert nominate(sudan, "amna@example.org", order=2).on == own
    assert db.session.query(Application).count() == 1
    assert (kept(own).full_name, kept(own).endorsed, kept(own).government_order) == ("Amna Eltayeb", True, 2)
    assert sound()


def test_nobody_is_nominated_for_another_state_nor_under_the_address_of_an_officer(nepal, amna):
    b.application(amna)
    b.officer("Ines Okafor", "screening")
    with pytest.raises(Refused, match="for another State"):
        nominate(nepal, "amna@example.org")
    with pytest.raises(Refused, match="Nobody can be nominated under"):
        nominate(nepal, "ines@example.org")
    with pytest.raises(NotDesignated):
        nominate(amna)


def test_a_nominated_person_changes_neither_state_nor_order_and_withdraws_instead_of_erasing(sudan):
    draft = kept(nominate(sudan).on)
    osman = draft.account
    applications.save(draft.reference, osman, {"state": "NPL", "government_order": 9, "home_city": "Khartoum"}, b.AT)
    draft = kept(draft.reference)
    assert (draft.state, draft.government_order, draft.home_city) == ("SDN", 1, "Khartoum")
    with pytest.raises(Refused, match="withdraw it"):
        applications.discard(draft.reference, draft.account)
    applications.withdraw(draft.reference, seen=0, by=kept(draft.reference).account.reference, at=b.AT)
    assert kept(draft.reference).stage == "withdrawn"
    assert sound()


# Its word


def test_a_word_that_is_taken_back_prevails_over_the_note_and_can_be_given_again(sudan, amna):
    own = b.application(amna)
    endorse(own, sudan)
    before = codes(own)
    withdraw(own, sudan)
    assert codes(own) == ["nominated-by-government", *before]
    assert "taken its nomination" in " ".join(str(f) for f in failures_of(db.session(), kept(own), b.AT))
    assert mails()[-1] == ("amna@example.org", "Your mission no longer endorses your application")
    with pytest.raises(Refused, match="already"):
        withdraw(own, sudan)
    endorse(own, sudan)
    assert codes(own) == before
    assert sound()


def test_an_application_of_another_state_and_a_lonely_draft_are_not_here(nepal, sudan, amna):
    own = b.application(amna, sent=False)
    with pytest.raises(NotHere):
        endorse(own, sudan)
    applications.submit(own, by=amna, at=b.AT)
    for deed in (endorse, withdraw):
        with pytest.raises(NotHere):
            deed(own, nepal)
    with pytest.raises(NotHere):
        attach([own], nepal)


def test_the_order_of_a_meeting_is_given_in_one_form_with_an_entry_for_each_change(sudan, amna):
    first, second = b.application(amna), nominate(sudan).on
    seen = {one: kept(one).seq for one in (first, second)}
    with pytest.raises(Refused, match="the same place"):
        nominations.set_order("N2", orders={first: 1, second: 1}, seen=seen, by=sudan, at=b.AT)
    nominations.set_order("N2", orders={first: 1, second: 2}, seen=seen, by=sudan, at=b.AT)
    assert (kept(first).government_order, kept(second).government_order) == (1, 2)
    assert actions().count("government-order.set") == 2
    assert sound()


# The note verbale


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


# A proposed refusal, and who speaks


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


# What a delegate and a mission cannot undo behind each other


def test_what_a_nomination_fills_in_an_application_that_was_sent_completes_it(sudan, amna):
    own = b.application(amna, state="", position="")
    assert kept(own).completed_at is None
    nominate(sudan, "amna@example.org")
    assert (kept(own).state, kept(own).position, kept(own).completed_at) == ("SDN", "Counsellor", b.AT)
    assert sound()


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


def test_who_withdraws_and_begins_anew_does_not_shake_off_the_missions_word(sudan, amna):
    first = b.application(amna)
    withdraw(first, sudan)
    applications.withdraw(first, seen=kept(first).seq, by=amna, at=b.AT)
    again = b.application(amna)
    assert again != first
    assert (kept(again).endorsed, codes(again)[0]) == (False, "nominated-by-government")
    assert sound()
    kept(again).endorsed = None
    db.session.commit()
    assert any(again in fault and "endorsed" in fault for fault in record.verify().faults)


def test_what_is_opened_again_is_its_authors_until_it_is_sent(sudan, amna):
    own = b.application(amna)
    applications.reopen(own, by=amna, at=b.AT)
    with pytest.raises(NotHere):
        endorse(own, sudan)
    applications.submit(own, by=amna, at=b.AT)
    endorse(own, sudan)
    applications.reopen(own, by=amna, at=b.AT)
    assert nominations.seen_by(kept(own), kept_account(sudan))


def test_two_delegates_of_a_state_never_have_the_same_place(sudan, amna):
    own, draft = b.application(amna), nominate(sudan).on
    with pytest.raises(Refused, match="the same place"):
        nominate(sudan, "amna@example.org", order=1)
    with pytest.raises(Refused, match="the same place"):
        nominations.set_order("N2", orders={own: 1}, seen={own: kept(own).seq}, by=sudan, at=b.AT)
    nominations.set_order(
        "N2", orders={own: 1, draft: 2}, seen={one: kept(one).seq for one in (own, draft)}, by=sudan, at=b.AT
    )
    applications.reopen(own, by=amna, at=b.AT)
    applications.save(own, kept(own).account, {"government_order": 2}, b.AT)
    assert kept(own).government_order == 1


def test_a_word_that_a_colleague_took_back_is_not_given_again_by_a_nomination(sudan, amna):
    own = b.application(amna)
    withdraw(own, sudan)
    with pytest.raises(Refused, match="endorse it first"):
        nominate(sudan, "amna@example.org")
    assert kept(own).endorsed is False


# The record


def test_verify_tells_a_word_that_was_changed_behind_the_application(sudan, amna):
    own = b.application(amna)
    endorse(own, sudan)
    kept(own).endorsed = False
    db.session.commit()
    assert any(own in fault and "endorsed" in fault for fault in record.verify(full=True).faults)
