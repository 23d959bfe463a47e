"""Who gives: registered, changed, and accepted by a second officer where the kind is checked; on both databases."""

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations import insider
from tests.operations.pledged import attach, unapplied_deposit
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties, Stale
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Donor
from trustfund.models.record import Event
from trustfund.operations import contributions, donors, imports, record


def registered(by, name="Fondation Lindqvist", type="private", country="CHE", **more):
    return contributions.register_donor(name, type=type, country=country, by=by, at=b.AT, **more).on


def kept(reference):
    db.session.rollback()
    return db.session.scalars(select(Donor).where(Donor.reference == reference)).one()


def accept(reference, by):
    return donors.accept(reference, seen=kept(reference).seq, by=by, at=b.AT)


def change(reference, by, seen=None, **wanted):
    said = {"language": "en", "unnamed": False} | wanted
    return donors.change(reference, **said, seen=kept(reference).seq if seen is None else seen, by=by, at=b.AT)


def pledged(donor, by):
    return contributions.announce_pledge(donor, amount="50000.00", currency="USD", purpose="travel", by=by, at=b.AT).on


def actions(action):
    return db.session.scalars(select(Event.subject).where(Event.action == action)).all()


def sound():
    return record.verify(full=True).faults == []


@pytest.fixture
def rafael(both_apps):
    return b.officer("Rafael Haldane", "certifying")


@pytest.fixture
def lise(both_apps):
    return b.officer("Lise Moreau", "approving")


def test_a_state_is_accepted_by_its_registration_and_a_private_donor_by_a_second_officer(rafael, lise):
    for kind, country in (("state", "CHE"), ("igo", ""), ("ngo", "GBR")):
        assert kept(registered(rafael, f"The {kind}", kind, country)).accepted_seq is not None
    for kind in ("private", "individual"):
        waiting = registered(rafael, f"The {kind}", kind, "")
        assert kept(waiting).accepted_seq is None
        assert accept(waiting, lise).seq == kept(waiting).accepted_seq
        with pytest.raises(Refused, match="accepted already"):
            accept(waiting, lise)
    assert sound()


def test_who_registered_or_renamed_a_donor_does_not_accept_it_and_the_attempt_is_kept(rafael, lise, salma):
    waiting = registered(rafael)
    with pytest.raises(SeparationOfDuties):
        accept(waiting, rafael)
    assert actions("donor.refused") == [waiting]
    change(waiting, lise, name="Fondation Lindqvist et fils")
    with pytest.raises(SeparationOfDuties):
        accept(waiting, lise)
    with pytest.raises(NotDesignated):
        accept(waiting, salma)
    assert kept(waiting).accepted_seq is None
    assert sound()


def test_until_it_is_accepted_a_pledge_is_announced_and_nothing_agreed_or_attached(rafael, lise):
    waiting = registered(rafael, "Example Shipping Company")
    pledge = pledged(waiting, rafael)
    with pytest.raises(Refused, match=r"Example Shipping Company|second officer accepts it on its page"):
        b.agreement(pledge, rafael)
    assert b.kept(pledge).state == "announced"
    accept(waiting, lise)
    b.agreement(pledge, rafael)
    deposit = unapplied_deposit("Example Shipping Company", "50000.00", "USD")
    change(waiting, rafael, name="Another Company")
    with pytest.raises(Refused, match="second officer accepts it on its page"):
        b.deposit(pledge, rafael, bank="B-1")
    with pytest.raises(Refused, match="second officer accepts it on its page"):
        attach(deposit, pledge, rafael)
    accept(waiting, lise)
    attach(deposit, pledge, rafael)
    assert b.kept(pledge).state == "fully-paid"
    assert sound()


def test_a_name_known_already_and_what_no_donor_has_are_refused_at_their_fields(rafael):
    registered(rafael)
    for wrong, field in (
        ({}, "donor"),
        ({"name": " Fondation  Lindqvist "}, "donor"),
        ({"name": " "}, "donor"),
        ({"name": "Peru", "type": "state", "country": ""}, "country"),
        ({"name": "Peru", "type": "state", "country": "PER", "unnamed": True}, "unnamed"),
        ({"name": "X", "language": "de"}, "language"),
    ):
        with pytest.raises(Refused) as refused:
            registered(rafael, **wrong)
        assert refused.value.field == field
    assert registered(rafael, type="ngo")


def test_a_donor_chooses_for_itself_and_for_no_other_and_an_officer_names_it(rafael, norway):
    foundation = registered(rafael, type="ngo")
    own = b.account("donor", "Lindqvist Example", donor=foundation)
    change(foundation, own, language="fr", unnamed=True)
    assert (kept(foundation).language, kept(foundation).unnamed) == ("fr", True)
    with pytest.raises(Refused, match="says all of this already"):
        change(foundation, own, language="fr", unnamed=True)
    with pytest.raises(Refused, match="officer of the fund changes the name"):
        change(foundation, own, name="Another", language="fr", unnamed=True)
    with pytest.raises(Stale):
        change(foundation, own, seen=1)
    with pytest.raises(NotHere):
        change(foundation, norway)
    change(foundation, rafael, name="Fondation Élan")
    one = kept(foundation)
    assert (one.name, one.folded, one.accepted_seq is not None) == ("Fondation Élan", "elan fondation", True)
    assert sound()


def test_an_individuals_name_never_enters_the_record(rafael, lise):
    ana = registered(rafael, "Ana Secret", "individual", "")
    accept(ana, lise)
    change(ana, lise, name="Ana Hidden", unnamed=True)
    assert not [body for body in db.session.scalars(select(Event.body)) if "Secret" in body or "Hidden" in body]
    assert sound()


def test_who_comes_by_command_or_file_is_accepted_by_it(rafael, tmp_path):
    assert kept(registered(SYSTEM)).accepted_seq is not None
    file = tmp_path / "contributions.csv"
    line = "agreement,{name},private,,2017-06-01,100.00,USD,N1,,,"
    file.write_text(",".join(imports.CONTRIBUTIONS) + "\n" + line.format(name="Example Ltd"))
    imports.import_contributions(file, at=b.AT)
    waits = registered(rafael, "Waiting Ltd", country="")
    file.write_text(",".join(imports.CONTRIBUTIONS) + "\n" + line.format(name="Waiting Ltd"))
    with pytest.raises(imports.BadFile):  # whom an officer registered, no file accepts
        imports.import_contributions(file, at=b.AT)
    assert kept(waits).accepted_seq is None
    assert db.session.scalar(select(Donor.accepted_seq).where(Donor.name == "Example Ltd")) is not None
    assert sound()


def test_an_entry_of_before_donors_were_checked_is_read_as_it_was_meant(both_apps, monkeypatch):
    with monkeypatch.context() as then:
        old = ("donor", "type", "country", "name")
        usual = donors.donor_data
        then.setattr(contributions, "donor_data", lambda op, one: {k: v for k, v in usual(op, one).items() if k in old})
        registered(SYSTEM)
    assert sound()


def test_a_donor_that_no_search_would_find_is_named(both_apps):
    registered(SYSTEM)
    insider.changes("UPDATE donor SET folded = 'another'")
    (fault,) = record.verify().faults
    assert fault.endswith("does not say what the record says: folded")
