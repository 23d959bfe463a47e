"""Amna of Sudan was paid, and is erased: nothing tells of her any more, and the record still proves itself."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations import insider
from tests.operations.backups import backed_up, kind_of, restored
from tests.operations.erased import OF_HER, erase, everything, paid
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.people import Account, Erasure
from trustfund.models.record import Event
from trustfund.operations import application_notes, erasing, people, record
from trustfund.operations.erasing import Person
from trustfund.services import keys, storage


@pytest.fixture
def award(both_apps):
    return begun(paid)


@pytest.fixture
def amna(award):
    return j.delegate_of(award)


def test_nothing_tells_of_who_was_erased_and_the_record_still_verifies(both_apps, award, amna):
    before = everything()
    assert [words for words in OF_HER if words not in before] == []
    stored = j.award(award).application.documents[0].stored
    done = erase(amna)
    after = everything()
    assert [words for words in OF_HER if words in after] == []
    assert "Nour" in after
    assert not keys.knows(amna)
    with pytest.raises(FileNotFoundError):
        storage.sealed(stored)
    assert record.verify(full=True).faults == []
    if kind_of(both_apps) == "sqlite":
        on_the_disk = Path(db.engine.url.database).read_bytes()
        assert [words for words in OF_HER if words.encode() in on_the_disk] == []
    assert db.session.execute(select(Event.action, Event.subject).where(Event.seq == done.seq)).one() == (
        "person.erased",
        amna,
    )


def test_what_the_fund_did_stays_under_the_references(award, amna):
    cost = j.award(award).charge, j.award(award).stage, j.award(award).application.public
    erase(amna)
    kept = j.award(award)
    assert (kept.charge, kept.stage, kept.application.full_name) == cost
    assert (kept.state, kept.application.gender, kept.application.stage) == ("SDN", "", "accepted")
    assert "asked for it" in db.session.scalars(select(Erasure.words)).one()
    assert "asked for it" not in "".join(db.session.scalars(select(Event.body)))


def test_a_backup_made_before_tells_nothing_of_her_either(award, amna, new, file):
    backed_up(file)
    erase(amna)
    with restored(file, new):
        after = everything()
        assert [words for words in OF_HER if words in after] == []
        assert "Nour" in after


def test_her_account_is_ended_and_nothing_more_can_be_kept_of_her(award, amna):
    erase(amna)
    account = db.session.scalars(select(Account).where(Account.reference == amna)).unique().one()
    assert (account.standing, account.email) == ("ended", f"{amna}@erased.invalid")
    with pytest.raises(Refused):
        people.sign_in("amna@example.org", "", "127.0.0.1")
    with pytest.raises(NotHere, match="were erased"):
        keys.seal(amna, b"", "")
    her = j.award(award).application.reference
    with pytest.raises(NotHere, match="were erased"), seats.on(j.SETTLED):
        application_notes.note(her, words="Again.", by=seats.who("Ines"), at=j.SETTLED)
    with pytest.raises(Refused, match="erased already"):
        erase(amna)
    assert record.verify(full=True).faults == []


def test_who_is_still_paid_by_the_fund_is_not_erased(award):
    before = everything()
    hamid = j.delegate_of(j.of_seat(_public_of("Hamid")).reference)
    with pytest.raises(Refused, match=r"is not over: .* Settle or cancel it first"):
        erase(hamid)
    assert everything() == before
    assert keys.knows(hamid)


def _public_of(given):
    return db.session.scalars(select(Application.public).where(Application.given_names == given)).one()


def test_an_application_for_a_meeting_ahead_is_withdrawn_and_a_draft_is_dropped(both_apps):
    awa = b.account("delegate", "Awa Traore", state="BFA")
    sent, draft = b.application(awa), b.application(awa, "N3", sent=False)
    erase(awa, at=b.AT)
    found = dict(db.session.execute(select(Application.reference, Application.stage)).all())
    assert found == {sent: "withdrawn"}
    assert draft not in everything()
    assert record.verify(full=True).faults == []


def test_whom_an_address_or_a_reference_names(award, amna):
    found = db.session.scalars(select(Application).where(Application.given_names == "Amna")).unique().one()
    for named in ("amna@example.org", " AMNA@example.org", amna.lower(), found.reference, found.public):
        assert erasing.persons(named) == [Person("account", amna)]
    with pytest.raises(Refused, match=r"“nobody@example\.org”"):
        erasing.persons("nobody@example.org")
    for decides in ("ines@example.org", seats.who("Ines")):
        with pytest.raises(Refused, match=r"ines@example.org decides for the fund, as officer"):
            erasing.persons(decides)


def test_a_donor_who_is_an_individual_is_erased_with_the_contact_once_nothing_is_open(both_apps):
    ana = b.donor("Ana Secret", "individual", "")
    contact = b.account("donor", "Ana Secret", donor=ana)
    open_ = b.pledge(contact, "500.00")
    both = erasing.persons("ana@example.org")
    assert both == erasing.persons(ana)[::-1] == [Person("account", contact), Person("donor", ana)]
    with pytest.raises(Refused, match=f"The pledge {open_} of {ana} is open"):
        erase(ana, "donor", at=b.AT)
    b.agreement(open_, b.officer("Salma Idrissi", "paying"), "500.00")
    b.deposit(open_, seats.who("Salma"), "500.00")
    for person in both:
        erase(person.reference, person.kind, at=b.AT)
    assert "Secret" not in everything()
    assert record.verify(full=True).faults == []


def test_a_crash_before_the_key_is_destroyed_is_made_good(award, amna, monkeypatch):
    stored = j.award(award).application.documents[0].stored
    with monkeypatch.context() as cut:
        cut.setattr(keys, "destroy", _cut_off)
        with pytest.raises(RuntimeError):
            erase(amna)
    assert any("the key of" in fault for fault in record.verify().faults)
    assert (erasing.finish(j.SETTLED), erasing.finish(j.SETTLED)) == (1, 0)
    assert not keys.knows(amna)
    with pytest.raises(FileNotFoundError):
        storage.sealed(stored)
    assert record.verify(full=True).faults == []


def _cut_off(stored):
    raise RuntimeError("power failed")


def test_nobody_empties_words_of_a_person_who_was_not_erased_and_nothing_comes_back(award, amna):
    for emptied in ("screening SET words", "application_note SET words"):
        with pytest.raises(DBAPIError, match="is only ever added to"):
            db.session.execute(text(f"UPDATE {emptied} = ''"))
        db.session.rollback()
    erase(amna)
    with pytest.raises(DBAPIError, match="application_note is only ever added to"):
        db.session.execute(text("UPDATE application_note SET words = 'Amna telephoned.'"))
    with pytest.raises(DBAPIError, match="erasure"):
        db.session.execute(text("DELETE FROM erasure"))
    insider.changes(f"UPDATE account SET name = 'Amna Eltayeb' WHERE reference = '{amna}'")
    assert [f for f in record.verify().faults if "who was erased" in f] == [
        f"the table account: it tells of {amna} (email, name, password), who was erased: "
        "“trustfund retention run” empties it"
    ]
    assert erasing.empty_again() == 1
    assert record.verify(full=True).faults == []


def test_who_reaches_the_database_alone_has_no_key_destroyed_and_silences_nothing(award, amna):
    seq = record.anchor().split()[0]
    insider.changes(
        "INSERT INTO erasure (person, kind, rule, words, at, seq) VALUES "
        f"('{amna}', 'account', '', '', '2018-03-06T10:00:00.000Z', {int(seq) + 1})"
    )
    assert erasing.finish(j.SETTLED) == 0
    assert keys.knows(amna)
    assert any("erasure" in fault for fault in record.verify().faults)


def test_a_key_that_is_gone_without_an_entry_is_told(award, amna):
    keys.destroy(amna)
    ines = seats.who("Ines")
    (keys.folder() / "people" / f"{ines}.key").unlink()
    [told] = [fault for fault in record.verify().faults if "are not in the key folder" in fault]
    assert told.startswith(f"the keys of 2 persons or statements ({', '.join(sorted((amna, ines)))}) are not")


def test_who_was_erased_after_a_copy_is_erased_again_when_it_is_put_back(award, amna, new, file):
    """Also of a copy that an older program made, in clear."""
    backed_up(file)
    erase(amna)
    with restored(file, new), seats.on(j.SETTLED):
        insider.changes(f"UPDATE account SET name = 'Amna Eltayeb' WHERE reference = '{amna}'")
        assert any("are not in the key folder" in fault for fault in record.verify().faults)
        assert erasing.erased_since() == [Person("account", amna)]
        erase(amna)
        assert erasing.erased_since() == []
        assert "Eltayeb" not in everything()
        assert record.verify(full=True).faults == []


def test_an_address_that_somebody_else_typed_erases_nobody(both_apps):
    """Oumar typed the address of Awa into his form."""
    awa, oumar = (b.account("delegate", name, state="BFA") for name in ("Awa Traore", "Oumar Ba"))
    b.application(oumar, email="awa@example.org")
    assert erasing.persons("awa@example.org") == [Person("account", awa)]


def test_a_backup_is_made_although_something_came_of_who_was_erased(award, amna, new, file):
    erase(amna)
    insider.changes(f"UPDATE account SET name = 'Amna Eltayeb' WHERE reference = '{amna}'")
    backed_up(file)
    with restored(file, new):
        assert "Eltayeb" not in everything()
