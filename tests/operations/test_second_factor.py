"""A second factor is set and removed, and the record knows of whom. On both databases."""

import pyotp
import pytest
from sqlalchemy import func, select, text

from tests import builders as b
from tests.operations import insider
from tests.operations.second_factors import HERE, NOON, counted, put_in_force, signs_in, ticket_of, wrong
from trustfund.core.refusal import Refused
from trustfund.core.roles import Function
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import SecondFactor
from trustfund.models.record import Event
from trustfund.operations import people, record, second_factor
from trustfund.operations.second_factor import CodeNeeded


@pytest.fixture
def salma(both_apps, time):
    """A paying officer with a password."""
    b.account("auditor", "Board of Auditors")
    b.officer("Salma Idrissi", "paying", password=True)
    return people.account_of("salma@example.org")


def remove(account, code="", password="", key=None):
    return second_factor.remove(code=code, password=password, address=HERE, by=account.reference, at=b.AT, key=key)


# Set


def test_a_second_factor_is_in_force_from_the_first_code_that_is_proved(salma, time):
    second_factor.begin(salma)
    assert second_factor.in_force(salma) is None
    signs_in()
    put_in_force(salma, pyotp.TOTP(second_factor.begun(salma)).at(time.now))
    assert second_factor.in_force(salma) == NOON
    assert second_factor.begun(salma) is None
    ticket_of()


def test_a_code_that_is_not_the_pictures_sets_nothing(salma, time):
    second_factor.begin(salma)
    telephone, before = pyotp.TOTP(second_factor.begun(salma)), db.session.scalar(select(func.max(Event.seq)))
    for code in (wrong(telephone, time.now), "", "x", "١٢٣٤٥٦", "9" * 5000):
        with pytest.raises(Refused, match="does not belong to the picture") as refused:
            put_in_force(salma, code)
        assert refused.value.field == "code"
    assert second_factor.in_force(salma) is None
    assert db.session.scalar(select(func.max(Event.seq))) == before


def test_the_first_code_is_not_good_a_second_time(salma, time):
    second_factor.begin(salma)
    code = pyotp.TOTP(second_factor.begun(salma)).at(time.now)
    put_in_force(salma, code)
    ticket_of(code=code)


def test_a_form_sent_twice_sets_it_once_and_shows_the_first_result(salma, time):
    second_factor.begin(salma)
    code = pyotp.TOTP(second_factor.begun(salma)).at(time.now)
    first, again = (put_in_force(salma, code, key="k") for _ in range(2))
    assert (again.seq, again.again) == (first.seq, True)


def test_who_begins_again_gets_another_secret_and_the_first_is_good_for_nothing(salma, time):
    second_factor.begin(salma)
    first = second_factor.begun(salma)
    second_factor.begin(salma)
    assert second_factor.begun(salma) != first
    with pytest.raises(Refused):
        put_in_force(salma, pyotp.TOTP(first).at(time.now))


def test_what_is_in_force_is_not_replaced(salma, telephone, time):
    with pytest.raises(Refused, match="Remove it before"):
        second_factor.begin(salma)
    with pytest.raises(Refused, match="No new second factor"):
        put_in_force(salma, telephone.at(time.now))
    signs_in(telephone.at(time.now))


def test_the_database_keeps_the_secret_only_under_the_key_of_the_person(salma, telephone):
    kept = db.session.scalars(select(SecondFactor.sealed)).one()
    assert telephone.byte_secret() not in kept
    assert telephone.secret.encode() not in kept
    bodies = " ".join(db.session.scalars(select(Event.body)))
    assert telephone.secret not in bodies


def test_the_secret_of_another_account_is_good_for_nothing(salma, telephone, time):
    b.account("officer", "Rafael Haldane", password=True)
    db.session.execute(
        text(
            "INSERT INTO second_factor SELECT account.id, sealed, 0, confirmed_at FROM second_factor, account "
            "WHERE account.email = 'rafael@example.org'"
        )
    )
    db.session.commit()
    with pytest.raises(CodeNeeded):
        people.sign_in("rafael@example.org", b.PASSWORD, HERE, telephone.at(time.now))


# Remove


def test_a_code_removes_it_and_the_designations_stand(salma, telephone, time):
    remove(salma, code=telephone.at(time.now))
    assert second_factor.in_force(salma) is None
    assert salma.functions_on(b.date(2018, 1, 24)) == {Function.PAYING}
    assert db.session.scalar(select(Mail.subject).order_by(Mail.id.desc())) == "Your second factor was removed"
    signs_in()


def test_the_password_alone_removes_it_too_but_it_is_a_reset(salma, telephone):
    remove(salma, password=b.PASSWORD)
    salma = people.account_of("salma@example.org")
    assert second_factor.in_force(salma) is None
    assert salma.functions_on(b.date(2018, 1, 24)) == frozenset()
    sent = db.session.execute(select(Mail.recipient, Mail.subject).order_by(Mail.id)).all()[-2:]
    assert {tuple(mail) for mail in sent} == {
        ("board@example.org", "A second factor was removed without a code"),
        ("salma@example.org", "Your second factor was removed"),
    }
    assert record.verify().faults == []
    waiting = salma.designations[0].reference
    people.confirm_designation(waiting, by=people.account_of("colleague@example.org").reference, at=b.AT)
    assert record.verify().faults == []


def test_neither_a_wrong_code_nor_a_wrong_password_removes_it_and_both_count(salma, telephone, time):
    for typed in ({"code": wrong(telephone, time.now)}, {"password": "wrong"}, {}):
        with pytest.raises(Refused):
            remove(salma, **typed)
    with pytest.raises(Refused, match="This code is not right"):
        remove(salma, code=wrong(telephone, time.now), password=b.PASSWORD)
    assert counted() == 4
    assert second_factor.in_force(salma)


def test_a_removal_sent_twice_is_one_deed(salma, telephone, time):
    code = telephone.at(time.now)
    first, again = (remove(salma, code=code, key="k") for _ in range(2))
    assert (again.seq, again.again, counted()) == (first.seq, True, 0)


def test_where_there_is_none_nothing_is_removed(salma):
    second_factor.begin(salma)
    with pytest.raises(Refused, match="There is no second factor to remove"):
        remove(salma, password=b.PASSWORD)


def test_a_reset_of_the_account_removes_the_second_factor(salma, telephone, time):
    administrator = b.account("administrator", "Dele Adeyemi")
    people.reset_account(salma.reference, by=administrator, at=b.AT)
    salma = people.account_of("salma@example.org")
    people.set_password(salma, b.PASSWORD)
    signs_in()
    assert record.verify().faults == []


def test_a_new_password_does_not_remove_it(salma, telephone, time):
    people.set_password(salma, "another good password")
    ticket_of(password="another good password")


# The record


def test_the_record_knows_who_has_a_second_factor_and_nothing_of_it(salma, telephone, time):
    event = db.session.execute(select(Event).order_by(Event.seq.desc()).limit(1)).scalar_one()
    assert (event.action, event.subject, event.actor) == ("second-factor.set", salma.reference, salma.reference)
    remove(salma, code=telephone.at(time.now))
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize("change", ["DELETE FROM second_factor", "UPDATE second_factor SET confirmed_at = NULL"])
def test_a_second_factor_that_was_taken_away_behind_the_record_is_named(salma, telephone, change):
    insider.changes(change)
    assert record.verify().faults == [f"the table second_factor: {salma.reference} is missing, the record has it"]
