"""Amna's passport number and bank account are sealed until an officer says why; each look is an entry of the record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.beginnings import begun
from tests.operations import insider
from trustfund.core.refusal import Masked, NotDesignated, NotHere, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.applications import Application, Document, Unmasking
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import applications, people, record, unmasking
from trustfund.operations.application_bank import keep_bank
from trustfund.services import documents

NUMBER, WORDS = "P0123456", "Her mission telephoned about the spelling."


def sent_sealed(by, at=b.AT):
    """An application with a passport number, an account and a passport page."""
    draft = b.application(by, sent=False, at=at, passport_number=NUMBER)
    keep_bank(draft, person(by), holder="Amna", account="123-4567", bic="", bank="A bank", country="SD", currency="USD")
    page = documents.Document("passport.pdf", "application/pdf", b"%PDF-1.7 passport", 1)
    applications.keep_document(draft, person(by), page, at, kind="passport")
    applications.submit(draft, by=by, at=at)
    return draft


def sealed():
    """Amna's application; Ines and Hugo screen, Salma pays, Lise approves."""
    return {
        "reference": sent_sealed(b.account("delegate", "Amna Eltayeb", state="SDN")),
        "ines": b.officer("Ines Okafor", "screening"),
        "hugo": b.officer("Hugo Lindqvist", "screening"),
        "salma": b.officer("Salma Idrissi", "paying"),
        "lise": b.officer("Lise Moreau", "approving"),
    }


@pytest.fixture
def amnas(both_apps):
    return begun(sealed)


def person(reference):
    db.session.rollback()
    return db.session.scalars(select(Account).where(Account.reference == reference)).unique().one()


def kept(reference):
    db.session.rollback()
    return db.session.scalars(select(Application).where(Application.reference == reference)).unique().one()


def look(amnas, who="ines", what="passport", reason="screening", words="", at=b.AT):
    with b.standing_at(at):
        return unmasking.unmask(amnas["reference"], what=what, reason=reason, words=words, by=amnas[who], at=at)


def opens(amnas, who="ines", what="passport", at=b.AT):
    reader, found = person(amnas[who]), kept(amnas["reference"])
    return unmasking.open_until(found, unmasking.shown_to(found), what, reader, at)


def test_a_look_is_an_entry_with_its_reason_and_without_the_data(amnas):
    before = kept(amnas["reference"]).seq
    look(amnas, reason="other", words=f" {WORDS} ")
    done = look(amnas, "salma", "bank", "payment")
    shown = unmasking.shown_to(kept(amnas["reference"]))
    assert [(one.what, one.reason, one.words, one.by.name) for one in shown] == [
        ("bank", "payment", "", "Salma Idrissi"),
        ("passport", "other", WORDS, "Ines Okafor"),
    ]
    assert shown[0].seq == done.seq
    assert kept(amnas["reference"]).seq == before
    told = "".join(db.session.scalars(select(Event.body)))
    assert not [word for word in (NUMBER, "4567", "telephoned", "Eltayeb") if word in told]
    assert record.verify(full=True).faults == []


def test_it_is_shown_to_that_officer_alone_until_midnight_and_for_eight_hours_at_most(amnas):
    look(amnas)
    assert opens(amnas) == b.AT + timedelta(hours=8)
    assert opens(amnas, at=b.AT + timedelta(hours=8)) is None
    assert opens(amnas, "hugo") is None
    assert opens(amnas, what="bank") is None
    evening = b.AT.replace(hour=20)
    look(amnas, at=evening)
    assert opens(amnas, at=evening) == evening.replace(hour=0) + timedelta(days=1)


def test_a_passport_page_opens_once_a_reason_was_given_and_a_note_verbale_at_once(amnas):
    page = db.session.scalar(select(Document.reference).where(Document.kind == "passport"))
    with pytest.raises(Masked, match="Say why"):
        unmasking.document_for(page, person(amnas["ines"]), b.AT)
    look(amnas)
    assert unmasking.document_for(page, person(amnas["ines"]), b.AT)[1] == b"%PDF-1.7 passport"
    for reader in (amnas["salma"], b._known("head", "Miriam Castellanos")):
        with pytest.raises(NotDesignated):
            unmasking.document_for(page, person(reader), b.AT)


def test_who_does_not_need_it_for_the_work_is_refused_and_the_attempt_is_kept(amnas):
    head = b._known("head", "Miriam Castellanos")
    for who, what in (("salma", "passport"), ("lise", "bank"), ("head", "passport")):
        with pytest.raises(NotDesignated):
            look(amnas | {"head": head}, who, what)
        assert insider.place_of("personal.refused") == db.session.scalar(select(Event.seq).order_by(Event.seq.desc()))
    people.suspend_account(amnas["ines"], by=SYSTEM, at=b.AT)
    with pytest.raises(NotDesignated, match="not active"):
        look(amnas)
    assert db.session.scalar(select(Unmasking.id)) is None


def test_a_suspended_officer_sees_no_more_of_what_was_shown(amnas):
    look(amnas)
    people.suspend_account(amnas["ines"], by=SYSTEM, at=b.AT)
    assert opens(amnas) is None


def test_what_the_applicant_types_after_opening_it_again_is_not_shown_until_it_is_sent(amnas):
    look(amnas)
    amna = kept(amnas["reference"]).account.reference
    applications.reopen(amnas["reference"], by=amna, at=b.AT)
    assert opens(amnas) is None
    applications.submit(amnas["reference"], by=amna, at=b.AT)
    assert opens(amnas) == b.AT + timedelta(hours=8)


def test_an_officer_who_became_barred_or_whose_designation_ended_sees_no_more(amnas):
    look(amnas)
    look(amnas, "hugo")
    person(amnas["ines"]).state = "SDN"
    db.session.commit()
    (designation,) = person(amnas["hugo"]).designations
    people.end_designation(designation.reference, by=b._known("head", "Miriam Castellanos"), at=b.AT)
    assert opens(amnas) is None
    assert opens(amnas, "hugo") is None


def test_a_reason_is_one_of_those_offered_and_another_one_is_in_words(amnas):
    for reason, words, said in (
        ("", "", "Choose why"),
        ("payment", "", "Choose why"),
        ("other", " ", "Write the reason"),
        ("other", "x" * 501, "at most 500"),
    ):
        with pytest.raises(Refused, match=said):
            look(amnas, reason=reason, words=words)
    person(amnas["ines"]).state = "SDN"
    db.session.commit()
    with pytest.raises(SeparationOfDuties, match="your own State"):
        look(amnas)
    draft = b.application(b.account("delegate", "Omer Saleh"), sent=False)
    with pytest.raises(NotHere):
        look(amnas | {"reference": draft})
    bare = b.application(b.account("delegate", "Bikash Gurung"), state="NPL")
    with pytest.raises(Refused, match="nothing to show"):
        look(amnas | {"reference": bare}, "salma", "bank", "payment")


def test_words_and_reasons_that_were_changed_since_are_told(amnas):
    first, second = look(amnas, reason="other", words=WORDS).seq, look(amnas).seq
    third = look(amnas).seq
    insider.changes(
        f"UPDATE unmasking SET words = 'Nothing' WHERE seq = {first}",
        f"UPDATE unmasking SET reason = 'audit' WHERE seq = {second}",
        f"DELETE FROM unmasking WHERE seq = {third}",
    )
    faults = "\n".join(record.verify().faults)
    assert f"unmasking: {first} does not hold the words" in faults
    assert f"unmasking: {second} does not say what the record says: reason" in faults
    assert f"unmasking: {third} is missing" in faults
