"""Letters of pledges: sealed, told to the record, read by those who may, and carried by a backup; on both databases."""

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations import insider
from tests.operations.backups import backed_up, files_in, restored
from tests.operations.by_hand import refuses
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.contributions import Letter
from trustfund.operations import backup, letters, record
from trustfund.operations.people import account_of
from trustfund.services import keys, storage
from trustfund.services.documents import Document

PAPER = Document("note.pdf", "application/pdf", b"%PDF-1.7 We shall give.", 2)


def add(pledge, by, paper=PAPER, key=None):
    return letters.add(pledge, paper, by=by, at=b.AT, key=key)


def the_letter():
    db.session.rollback()
    return db.session.scalars(select(Letter)).one()


@pytest.fixture
def pledge(luxembourg):
    return b.pledge(luxembourg)


def test_a_letter_is_kept_with_its_pledge_and_the_record_has_its_seal_not_its_words(pledge, luxembourg, salma):
    version = b.version(pledge)
    add(pledge, luxembourg)
    letter = the_letter()
    donor = letter.pledge.donor.reference
    assert (letter.name, letter.pages, letter.seal) == ("note.pdf", 2, keys.seal_of(donor, PAPER.content))
    assert PAPER.content not in storage.sealed(letter.stored)
    assert storage.fetch(donor, letter.stored) == PAPER.content
    assert b.version(pledge) == version  # who types an agreement meanwhile is not sent back
    b.agreement(pledge, salma)
    add(pledge, salma)
    assert record.verify(full=True).faults == []


def test_it_is_read_by_its_donor_officers_the_head_and_auditors_alone(pledge, luxembourg, norway):
    add(pledge, luxembourg)
    letter = the_letter().reference
    b.account("mission", "Nepal Mission", state="NPL")
    b.account("administrator", "Dele Adeyemi")
    for name in ("norway", "nepal", "dele"):
        with pytest.raises(NotHere):
            letters.letter_for(letter, account_of(f"{name}@example.org"))
    b.officer("Jonas Weber")
    b.account("auditor", "Board of Auditors")
    b.account("head", "Ada Head")
    for name in ("luxembourg", "jonas", "board", "ada"):
        assert letters.letter_for(letter, account_of(f"{name}@example.org"))[1] == PAPER.content
    with pytest.raises(NotHere):
        letters.letter_for("L-22222222", account_of("board@example.org"))


def test_a_letter_that_is_refused_or_comes_twice_leaves_no_file(both_apps, pledge, luxembourg, norway):
    first = add(pledge, luxembourg, key="k1")
    assert add(pledge, luxembourg, key="k1").seq == first.seq
    assert len(files_in(both_apps)) == 1
    with pytest.raises(Refused, match="sent before with other content"):
        add(pledge, luxembourg, Document("note.pdf", "application/pdf", b"%PDF-1.7 Other.", 1), key="k1")
    with pytest.raises(NotHere):
        add(pledge, norway)
    assert len(files_in(both_apps)) == 1
    for n in range(2, letters.MOST + 1):
        add(pledge, luxembourg, Document(f"{n}.pdf", "application/pdf", b"%PDF", 1))
    with pytest.raises(Refused, match="at most 10 letters"):
        add(pledge, luxembourg)
    assert len(files_in(both_apps)) == letters.MOST


def test_a_changed_row_is_named_and_the_database_refuses_to_change_one(pledge, luxembourg):
    add(pledge, luxembourg)
    assert refuses("UPDATE letter SET seal = 'x'")
    assert refuses("DELETE FROM letter")
    said = "at = '2018-01-25T00:00:00.000Z', size = 1, pages = 9, seal = 'x', media_type = 'image/png'"
    insider.changes(f"UPDATE letter SET {said}")
    (fault,) = record.verify().faults
    assert fault.startswith("the table letter: L-")
    assert fault.endswith("does not say what the record says: media_type, size, pages, seal, at")
    insider.changes("DELETE FROM letter")
    assert record.verify().faults[0].endswith("is missing, the record has it")


def test_a_backup_carries_it(pledge, luxembourg, new, file):
    add(pledge, luxembourg)
    assert backed_up(file).files == 1
    assert backup.without_their_key() == (0, 1)
    with restored(file, new):
        letter = db.session.scalars(select(Letter)).one()
        assert storage.fetch(letter.pledge.donor.reference, letter.stored) == PAPER.content
        assert record.verify(full=True).faults == []
