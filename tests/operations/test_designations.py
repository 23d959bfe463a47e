"""Dated designations: who makes them, who confirms, what ends them and what they are good for; on both databases."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.designated import mails
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM, Function, Role
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Account, Designation
from trustfund.operations import contributions, people, record
from trustfund.operations.operation import housekeeping

DAY = date(2018, 1, 24)
pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def head():
    return b.account("head", "Miriam Castellanos")


@pytest.fixture
def administrator():
    return b.account("administrator", "Dele Adeyemi")


@pytest.fixture
def salma():
    return b.account("officer", "Salma Idrissi")


@pytest.fixture
def rafael():
    return b.account("officer", "Rafael Haldane")


def made(officer, head, function="paying", from_day=date(2017, 4, 3), to_day=None, document="ADM/2017/1"):
    return people.make_designation(
        officer, function=function, document=document, from_day=from_day, to_day=to_day, by=head, at=b.AT
    ).on


def functions(officer, day=DAY):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Account).where(Account.reference == officer)).unique().one().functions_on(day)


# Designations


def test_a_designation_holds_once_a_second_officer_confirmed_it(head, salma, rafael):
    designation = made(salma, head)
    assert functions(salma) == frozenset()
    people.confirm_designation(designation, by=rafael, at=b.AT)
    assert functions(salma) == {Function.PAYING}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_only_the_head_designates_and_never_the_administrator(role, salma):
    by = b.account(
        role,
        "Somebody Else",
        donor=b.donor() if role is Role.DONOR else "",
        state="NPL" if role is Role.MISSION else "",
    )
    with pytest.raises(NotDesignated):
        made(salma, by)


def test_the_one_it_is_for_does_not_confirm_it(head, salma, rafael):
    designation = made(salma, head)
    with pytest.raises(SeparationOfDuties):
        people.confirm_designation(designation, by=salma, at=b.AT)
    assert functions(salma) == frozenset()


def test_neither_its_maker_nor_the_administrator_nor_an_auditor_confirms_it(head, salma, administrator):
    designation = made(salma, head)
    for by in (head, administrator, b.account("auditor", "Board of Auditors")):
        with pytest.raises(NotDesignated):
            people.confirm_designation(designation, by=by, at=b.AT)
    assert functions(salma) == frozenset()


def test_it_is_confirmed_once(head, salma, rafael):
    designation = made(salma, head)
    people.confirm_designation(designation, by=rafael, at=b.AT)
    with pytest.raises(Refused, match="does not wait"):
        people.confirm_designation(designation, by=rafael, at=b.AT)


def test_it_holds_from_its_first_day_to_its_last(head, salma, rafael):
    fortnight = made(salma, head, from_day=date(2018, 1, 10), to_day=date(2018, 1, 24))
    people.confirm_designation(fortnight, by=rafael, at=b.AT)
    assert [bool(functions(salma, date(2018, 1, day))) for day in (9, 10, 24, 25)] == [False, True, True, False]


def test_it_ends_at_once_when_the_head_ends_it(head, salma, rafael):
    designation = made(salma, head)
    people.confirm_designation(designation, by=rafael, at=b.AT)
    people.end_designation(designation, by=head, at=b.AT)
    assert functions(salma) == frozenset()
    assert functions(salma, date(2018, 1, 23)) == {Function.PAYING}
    with pytest.raises(Refused, match="has ended already"):
        people.end_designation(designation, by=head, at=b.AT)
    assert record.verify().faults == []


def test_one_that_ended_before_it_was_confirmed_never_holds(head, salma, rafael):
    designation = made(salma, head)
    people.end_designation(designation, by=head, at=b.AT)
    with pytest.raises(Refused, match="does not wait"):
        people.confirm_designation(designation, by=rafael, at=b.AT)
    assert record.verify().faults == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"document": " "}, "names its document"),
        ({"document": "x" * 121}, "names its document"),
        ({"from_day": date(2018, 1, 2), "to_day": date(2018, 1, 1)}, "lies before the first"),
    ],
)
def test_it_names_its_document_and_its_days(head, salma, more, why):
    with pytest.raises(Refused, match=why):
        made(salma, head, **more)


@pytest.mark.parametrize("role", ["head", "auditor", "administrator", "delegate"])
def test_only_officers_are_designated(head, role):
    with pytest.raises(Refused, match="Only an officer"):
        made(b.account(role, "Somebody Else"), head)


def test_a_suspended_officer_has_no_functions_and_a_reinstated_one_has_them_again(head, salma, rafael, administrator):
    people.confirm_designation(made(salma, head), by=rafael, at=b.AT)
    people.suspend_account(salma, by=administrator, at=b.AT)
    assert functions(salma) == frozenset()
    people.reinstate_account(salma, by=administrator, at=b.AT)
    assert functions(salma) == {Function.PAYING}


# A reset of the password


@pytest.fixture
def reset(head, salma, rafael, administrator):
    """Salma, designated today, from June, and until last year, lost her password."""
    b.account("auditor", "Board of Auditors")
    designations = [
        made(salma, head),
        made(salma, head, "approving", from_day=date(2018, 6, 1)),
        made(salma, head, "certifying", to_day=date(2017, 12, 31)),
    ]
    for designation in designations:
        people.confirm_designation(designation, by=rafael, at=b.AT)
    people.set_password(people.account_of("salma@example.org"), b.PASSWORD)
    people.reset_account(salma, by=administrator, at=b.AT)
    return designations


def test_a_reset_suspends_every_designation_of_today_or_later_until_it_is_confirmed_again(reset, salma, rafael):
    assert functions(salma) == frozenset()
    assert functions(salma, date(2018, 7, 1)) == frozenset()
    assert functions(salma, date(2017, 12, 31)) == {Function.CERTIFYING}
    people.confirm_designation(reset[0], by=rafael, at=b.AT)
    assert functions(salma) == {Function.PAYING}
    assert functions(salma, date(2018, 7, 1)) == {Function.PAYING}
    assert record.verify().faults == []


def test_a_suspended_designation_is_not_confirmed_by_the_one_it_is_for(reset, salma):
    with pytest.raises(SeparationOfDuties):
        people.confirm_designation(reset[0], by=salma, at=b.AT)


def test_a_designation_that_waits_after_a_reset_can_be_ended(reset, head):
    people.end_designation(reset[0], by=head, at=b.AT)
    assert record.verify().faults == []


def test_a_reset_is_mailed_to_the_person_and_to_the_auditors(reset, salma):
    assert mails()[-2:] == [("salma@example.org", "Set your password"), ("board@example.org", "A password was reset")]
    text = db.session.scalar(select(Mail.text).order_by(Mail.id.desc()))
    assert salma in text
    assert re.search(r"\b2\b", text)


def test_the_old_password_and_every_older_link_open_nothing_after_a_reset(salma, administrator):
    account = people.account_of("salma@example.org")
    people.set_password(account, b.PASSWORD)
    with housekeeping():
        older = people.send_password_link(account).rpartition("/")[2]
    people.reset_account(salma, by=administrator, at=b.AT)
    assert people.password_link(older) is None
    with pytest.raises(Refused, match="do not belong together"):
        people.sign_in("salma@example.org", b.PASSWORD, "192.0.2.1")


# What a designation is good for


def test_a_deed_asks_for_the_designation_of_its_day(head, salma, rafael):
    announced = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()))
    with pytest.raises(NotDesignated):
        b.agreement(announced, salma)
    people.confirm_designation(made(salma, head), by=rafael, at=b.AT)
    b.agreement(announced, salma)
    assert b.kept(announced).state == "agreed"


@pytest.mark.parametrize("role", ["administrator", "auditor", "mission", "delegate", "head"])
def test_no_one_but_donors_and_designated_officers_moves_contributions(role):
    announced = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()))
    somebody = b.account(role, "Somebody Else", state="NPL" if role == "mission" else "")
    for deed in (
        lambda: b.agreement(announced, somebody),
        lambda: b.pledge(somebody, donor="D-22222222"),
        lambda: contributions.register_donor("X", type="ngo", by=somebody, at=b.AT),
    ):
        with pytest.raises(NotDesignated):
            deed()


def test_a_designation_in_the_table_without_its_entry_is_found(head, salma, rafael):
    people.confirm_designation(made(salma, head), by=rafael, at=b.AT)
    with housekeeping():
        db.session.scalars(select(Designation)).unique().one().function = "approving"
    assert len(record.verify().faults) == 1


def test_the_system_itself_needs_no_designation():
    people.end_account(b.account("officer", "Jonas Weber"), by=SYSTEM, at=b.AT)
