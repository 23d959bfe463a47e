"""Officers write notes beside the application of Amna of Sudan; the record keeps a seal of the words, no word."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests.operations import insider
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.applications import Application, ApplicationNote
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import application_notes, record

WORDS = "The mission telephoned: the note verbale comes on Friday."


@pytest.fixture
def amnas(both_apps):
    return b.application(b.account("delegate", "Amna Eltayeb", state="SDN"))


def note(reference, by, words=WORDS, at=b.AT):
    with b.standing_at(at):
        return application_notes.note(reference, words=words, by=by, at=at)


def test_a_note_stands_beside_the_application_moves_nothing_and_the_record_vouches_for_it(amnas):
    ines, head = b.officer("Ines Okafor", "screening"), b._known("head", "Miriam Castellanos")
    before = _kept(amnas).seq
    note(amnas, ines)
    done = note(amnas, head, "  Seen. ")
    assert [one.words for one in application_notes.notes_of(db.session(), _kept(amnas))] == ["Seen.", WORDS]
    assert (_kept(amnas).seq, _kept(amnas).stage) == (before, "submitted")
    assert record.verify(full=True).faults == []
    assert "telephoned" not in "".join(db.session.scalars(select(Event.body)))
    assert db.session.scalars(select(ApplicationNote.seq).order_by(ApplicationNote.id)).all()[-1] == done.seq


def test_a_note_that_was_changed_since_or_is_gone_is_told(amnas):
    ines = b.officer("Ines Okafor", "screening")
    first, second = note(amnas, ines).seq, note(amnas, ines, "Seen.").seq
    with pytest.raises(DBAPIError, match="application_note is only ever added to"):
        db.session.execute(text("UPDATE application_note SET words = ''"))
    insider.changes(
        f"UPDATE application_note SET words = 'Nothing' WHERE seq = {first}",
        f"DELETE FROM application_note WHERE seq = {second}",
    )
    faults = record.verify().faults
    assert any(f"application_note: {first} does not hold the words" in fault for fault in faults)
    assert any(f"application_note: {second} is missing" in fault for fault in faults)


def test_a_note_is_of_a_designated_officer_of_another_state_and_says_something(amnas):
    ines = b.officer("Ines Okafor", "paying")
    for words in (" ", "x" * 2001):
        with pytest.raises(Refused, match="at most 2000 characters"):
            note(amnas, ines, words)
    with pytest.raises(NotDesignated):
        note(amnas, b.account("officer", "Jonas Weber"))
    with pytest.raises(NotHere):
        note(b.application(b.account("delegate", "Omer Saleh"), sent=False), ines)
    db.session.scalars(select(Account).where(Account.reference == ines)).unique().one().state = "SDN"
    db.session.commit()
    with pytest.raises(SeparationOfDuties, match="your own State"):
        note(amnas, ines)
    assert db.session.scalar(select(ApplicationNote.id)) is None


def _kept(reference):
    db.session.rollback()
    return db.session.scalars(select(Application).where(Application.reference == reference)).unique().one()
