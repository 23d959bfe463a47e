"""The mission of Sudan nominates and endorses Amna, gives an order, and takes its word back; its word prevails."""

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.nominated import attach, endorse, kept, mails, nominate, sound
from trustfund.core.refusal import NotDesignated, NotHere, Refused
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import applications, nominations, record
from trustfund.operations.assessment import failures_of

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def sudan(both_apps):
    return b.account("mission", "Sudan Mission", state="SDN")


@pytest.fixture
def nepal(both_apps):
    return b.account("mission", "Nepal Mission", state="NPL")


@pytest.fixture
def amna(both_apps):
    return b.account("delegate", "Amna Eltayeb", state="SDN")


def kept_account(reference: str) -> Account:
    return db.session.scalars(select(Account).where(Account.reference == reference)).unique().one()


def actions() -> list[str]:
    return list(db.session.scalars(select(Event.action).order_by(Event.seq)))


def withdraw(reference, by, at=b.AT):
    return nominations.withdraw_endorsement(reference, seen=kept(reference).seq, by=by, at=at)


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


# What a delegate and a mission cannot undo behind each other


def test_what_a_nomination_fills_in_an_application_that_was_sent_completes_it(sudan, amna):
    own = b.application(amna, state="", position="")
    assert kept(own).completed_at is None
    nominate(sudan, "amna@example.org")
    assert (kept(own).state, kept(own).position, kept(own).completed_at) == ("SDN", "Counsellor", b.AT)
    assert sound()


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
