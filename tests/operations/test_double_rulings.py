"""Two cousins are called Awa Traoré: they are judged to be two persons, which holds until more speaks for one."""

import pytest
from sqlalchemy import text

from tests import builders as b
from tests.operations import insider
from tests.operations.test_duplicates import AWA, asks, doubles
from trustfund.core.duplicates import STRENGTHS, still_apart
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import double_rulings, record


@pytest.fixture
def cousins(both_apps):
    """Two applications that look alike, and Ines who screens."""
    first = asks("Awa Traore", **AWA)
    second = asks("Cousin Awa", **AWA | {"given_names": "Awa Marie"})
    return {"first": first, "second": second, "ines": b.officer("Ines Okafor", "screening")}


def judge(cousins, by="ines", reason="passports", one="first", other="second"):
    return double_rulings.rule_out(cousins[one], other=cousins[other], reason=reason, by=cousins[by], at=b.AT)


def reopen(cousins, one="first", other="second"):
    return double_rulings.reopen(cousins[one], other=cousins[other], by=cousins["ines"], at=b.AT)


def told(reference):
    """(reference, who judged, why) of each that looks like it."""
    return [(one.application.reference, *_ruling(one.ruling)) for one in doubles(reference, whole=True)]


def _ruling(ruling):
    return (ruling.by.name, ruling.reason) if ruling else ("", "")


def test_both_are_told_who_judged_them_two_persons_and_the_record_names_nobody(cousins):
    done = judge(cousins)
    assert told(cousins["first"]) == [(cousins["second"], "Ines Okafor", "passports")]
    assert told(cousins["second"]) == [(cousins["first"], "Ines Okafor", "passports")]
    body = db.session.query(Event).filter_by(seq=done.seq).one().body
    assert cousins["first"] in body
    assert cousins["second"] in body
    assert "Traor" not in body
    assert record.verify(full=True).faults == []


def test_it_is_taken_back_from_either_side_and_judged_again(cousins):
    judge(cousins)
    with pytest.raises(Refused, match="already"):
        judge(cousins, one="second", other="first")
    reopen(cousins, "second", "first")
    assert told(cousins["first"]) == [(cousins["second"], "", "")]
    with pytest.raises(Refused, match="Nobody has judged"):
        reopen(cousins)
    judge(cousins, reason="mission")
    assert told(cousins["first"]) == [(cousins["second"], "Ines Okafor", "mission")]
    assert record.verify().faults == []


def test_it_holds_until_something_stronger_speaks_for_one_person(cousins):
    judge(cousins)
    references = {"one": cousins["first"], "two": cousins["second"]}
    db.session.execute(text("UPDATE application SET passport_mark = 'm' WHERE reference IN (:one, :two)"), references)
    db.session.commit()
    assert told(cousins["first"]) == [(cousins["second"], "", "")]
    judge(cousins)
    assert told(cousins["first"]) == [(cousins["second"], "Ines Okafor", "passports")]
    certain, likely, possible = STRENGTHS
    assert still_apart(likely, possible)
    assert not still_apart(likely, certain)


def test_who_may_not_judge_or_of_what_is_refused(cousins):
    salma = b.officer("Salma Idrissi", "paying")
    with pytest.raises(NotDesignated):
        judge(cousins | {"salma": salma}, "salma")
    with pytest.raises(Refused, match="Choose why"):
        judge(cousins, reason="other")
    salif = asks("Salif Ouédraogo", given_names="Salif", family_name="Ouédraogo", state="BFA")
    with pytest.raises(Refused, match="do not look alike"):
        judge(cousins | {"salif": salif}, other="salif")
    with pytest.raises(NotHere):
        judge(cousins, other="first")
    with pytest.raises(NotHere):
        judge(cousins | {"draft": asks("Not yet sent", sent=False, **AWA)}, other="draft")
    db.session.query(Account).filter_by(reference=cousins["ines"]).one().state = "BFA"
    db.session.commit()
    with pytest.raises(SeparationOfDuties, match="your own State"):
        judge(cousins)
    assert told(cousins["first"]) == [(cousins["second"], "", "")]


def test_a_judgement_that_was_changed_or_added_since_is_told(cousins):
    first = judge(cousins).seq
    second = reopen(cousins).seq
    insider.changes(
        f"UPDATE double_ruling SET reason = 'mission' WHERE seq = {first}",
        f"DELETE FROM double_ruling WHERE seq = {second}",
    )
    faults = "\n".join(record.verify().faults)
    assert f"double_ruling: {first} does not say what the record says: reason" in faults
    assert f"double_ruling: {second} is missing" in faults
