"""Accounts: who may make them, what they say, and what ends them; on both databases."""

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.designated import mails
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.record import Event
from trustfund.operations import people, record

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def administrator():
    return b.account("administrator", "Dele Adeyemi")


@pytest.fixture
def salma():
    return b.account("officer", "Salma Idrissi")


def test_an_account_is_made_with_a_link_to_set_its_password(administrator):
    people.create_account(" Amna@Example.org ", role="delegate", state="SDN", by=administrator, at=b.AT)
    assert people.account_of("amna@example.org").standing == "active"
    assert mails() == [("amna@example.org", "Set your password")]


def test_the_record_knows_an_account_by_reference_only(administrator):
    people.create_account("amna@example.org", role="delegate", name="Amna Eltayeb", by=administrator, at=b.AT)
    body = db.session.scalar(select(Event.body).order_by(Event.seq.desc()))
    assert people.account_of("amna@example.org").reference in body
    assert "mna" not in body.replace("admna", "")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_the_administrator_makes_and_ends_accounts(role, salma):
    donor = b.donor() if role is Role.DONOR else ""
    by = b.account(role, "Somebody Else", donor=donor, state="NPL" if role is Role.MISSION else "")
    for deed in (people.suspend_account, people.end_account, people.reset_account):
        with pytest.raises(NotDesignated):
            deed(salma, by=by, at=b.AT)
    with pytest.raises(NotDesignated):
        people.create_account("new@example.org", role="officer", by=by, at=b.AT)


def test_an_address_has_one_account(administrator, salma):
    with pytest.raises(Refused, match=r"There is an account for salma@example\.org already"):
        people.create_account("SALMA@example.org", role="officer", by=administrator, at=b.AT)


def test_what_is_no_address_is_refused(administrator):
    for address in (
        "",
        "salma",
        "@example.org",
        "salma@localhost",
        "a b@example.org",
        "a\nb@example.org",
        "a" * 250 + "@example.org",
        "a@[x.y",
        "a@x.y,b@z.w",
        "a@b@example.org",
        "Awa <awa@example.org>",
    ):
        with pytest.raises(Refused, match="is not an e-mail address"):
            people.create_account(address, role="officer", by=administrator, at=b.AT)


@pytest.mark.parametrize(
    ("role", "more", "why"),
    [
        ("donor", {}, "names its donor"),
        ("officer", {"donor": True}, "names its donor"),
        ("mission", {}, "names its State"),
        ("mission", {"state": "NEPAL"}, "names its State"),
        ("delegate", {"state": "NEPAL"}, "names its State"),
    ],
)
def test_an_account_says_whose_it_is(administrator, role, more, why):
    more = {"donor": b.donor()} if "donor" in more else more
    with pytest.raises(Refused, match=why):
        people.create_account("new@example.org", role=role, by=administrator, at=b.AT, **more)


def test_nobody_changes_the_standing_of_their_own_account(administrator):
    for deed in (people.suspend_account, people.end_account, people.reset_account):
        with pytest.raises(SeparationOfDuties):
            deed(administrator, by=administrator, at=b.AT)


def test_an_account_is_suspended_reinstated_and_ended_for_good(administrator, salma):
    people.suspend_account(salma, by=administrator, at=b.AT)
    with pytest.raises(Refused, match="is suspended already"):
        people.suspend_account(salma, by=administrator, at=b.AT)
    people.reinstate_account(salma, by=administrator, at=b.AT)
    people.end_account(salma, by=administrator, at=b.AT)
    for deed in (people.suspend_account, people.reinstate_account, people.end_account, people.reset_account):
        with pytest.raises(Refused, match="is ended already"):
            deed(salma, by=administrator, at=b.AT)
    assert record.verify().faults == []
