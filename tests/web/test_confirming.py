"""Before an act that moves money a person whose proof is old is asked once more who it is; nothing typed is lost.

The announcement of a pledge stands for such an act: it has a key, and a date in three boxes.
"""

import json
from datetime import timedelta

import pyotp
import pytest
from flask import jsonify, request
from werkzeug.datastructures import MultiDict

from tests import builders as b
from tests.web.test_forms import PLEDGE
from trustfund.core.refusal import Refused
from trustfund.operations import people, second_factor
from trustfund.services import clock
from trustfund.web.confirming import confirmed

ACT = "/donors/pledges/new"
ASKS = "Confirm that it is you"
MANY = "Too many sign-ins failed. Wait 15 minutes and try again."


@pytest.fixture
def later(monkeypatch):
    """Set the server's clock ahead of now, and tell it."""
    start = clock.real_now()

    def ahead(**by):
        now = start + timedelta(**by)
        monkeypatch.setattr(clock, "real_now", lambda: now)
        return now

    return ahead


@pytest.fixture
def guarded(house):
    """The house, in which nobody announces a pledge without having proved who it is."""
    views = house.app.view_functions
    views["donors.new_pledge"] = confirmed(views["donors.new_pledge"], then="Then the pledge is announced.")
    return house


@pytest.fixture
def waiting(guarded, later):
    """A donor, eleven minutes after signing in, has sent a form and is asked who it is."""
    donor = guarded.visitor("donor")
    page = donor.open(ACT)
    later(minutes=11)
    return guarded, donor, donor.send(page, **PLEDGE)


def next_code(house):
    """Luxembourg's donor sets a second factor now; the code that the telephone shows next, which is good already."""
    with house.at_work():
        account, now = people.account_of("luxembourg@example.org"), clock.real_now()
        second_factor.begin(account)
        telephone = pyotp.TOTP(second_factor.begun(account))
        second_factor.put_in_force(telephone.at(now), by=account.reference, at=b.AT)
    return telephone.at(now + timedelta(seconds=30))


def token_of(visitor):
    return visitor.open("/account/second-factor").form()[1]["csrf_token"]


def test_who_signed_in_just_now_is_not_asked(guarded, later):
    donor = guarded.visitor("donor")
    later(minutes=9, seconds=30)
    assert donor.fill(ACT, **PLEDGE).status == 302


def test_the_page_that_shows_the_form_asks_nobody(guarded, later):
    donor = guarded.visitor("donor")
    later(hours=2)
    assert donor.open(ACT).status == 200


def test_an_old_sign_in_is_asked_and_nothing_has_happened(waiting):
    house, _, page = waiting
    before = house.events()
    assert (page.status, page.words("h1"), page.refusal) == (403, ASKS, "")
    assert "Nothing has changed yet." in page.text
    assert "Then the pledge is announced." in page.text
    assert "more than 10 minutes ago" in page.text
    assert [i["name"] for i in page.all("input", type="password")] == ["confirm_password"]
    assert house.events() == before


def test_the_right_password_goes_on_with_the_form_as_it_was(waiting):
    house, donor, page = waiting
    before = house.events()
    done = donor.send(page, confirm_password=b.PASSWORD)
    assert done.status == 302
    assert "Pledge of 1,200.50 EUR" in donor.open(done.location).words("h1")
    assert house.events() == before + 1
    assert donor.send(page, confirm_password=b.PASSWORD).location == done.location
    assert house.events() == before + 1, "the key was used once"
    assert donor.fill(ACT, **PLEDGE).status == 302, "for ten minutes nobody asks again"


def test_the_proof_is_old_again_after_ten_more_minutes(waiting, later):
    _, donor, page = waiting
    donor.send(page, confirm_password=b.PASSWORD)
    later(minutes=22)
    assert donor.fill(ACT, **PLEDGE).words("h1") == ASKS


def test_the_proof_of_one_browser_is_not_that_of_another(waiting):
    house, donor, _ = waiting
    other = house.visitor("donor")
    assert other.fill(ACT, **PLEDGE).status == 302
    assert donor.fill(ACT, **PLEDGE).words("h1") == ASKS


def test_a_wrong_password_is_told_at_its_field_and_the_form_is_kept(waiting):
    house, donor, page = waiting
    before = house.events()
    again = donor.send(page, confirm_password="not my password")
    assert (again.status, again.words("h1")) == (422, ASKS)
    assert again.title.startswith("Error:")
    assert again.problems == {"confirm_password": "This is not the password of your account."}
    assert "not my password" not in again.text
    assert house.events() == before
    empty = donor.send(again, confirm_password="")
    assert empty.problems == {"confirm_password": "Enter your password."}
    assert donor.send(empty, confirm_password=b.PASSWORD).status == 302


def test_a_form_that_has_errors_of_its_own_comes_back_filled_after_the_confirmation(guarded, later):
    donor = guarded.visitor("donor")
    page = donor.open(ACT)
    later(minutes=11)
    asked = donor.send(page, **PLEDGE | {"amount": "much"})
    back = donor.send(asked, confirm_password=b.PASSWORD)
    assert (back.status, [*back.problems]) == (422, ["amount"])
    assert back.form()[1]["currency"] == "EUR"
    assert "confirm_password" not in back.text


def test_wrong_passwords_count_like_those_of_sign_ins(waiting, later):
    house, donor, page = waiting
    for _ in range(10):
        page = donor.send(page, confirm_password="guess")
    page = donor.send(page, confirm_password=b.PASSWORD)
    assert (page.status, page.words("h1"), page.refusal) == (422, ASKS, MANY)
    assert house.visitor().sign_in("luxembourg@example.org").refusal == MANY
    later(minutes=27)
    assert donor.send(page, confirm_password=b.PASSWORD).status == 302


def test_a_form_without_a_true_token_goes_to_its_own_page_which_does_nothing(waiting):
    house, donor, page = waiting
    before = house.events()
    for typed in ({}, {"confirm_password": b.PASSWORD}):
        back = donor.send(page, csrf_token="forged", **typed)
        assert (back.status, back.words("h1")) == (422, "Announce a pledge")
        assert back.refusal.startswith("This page was open for too long")
        assert back.form()[1]["amount"] == "1200.50"
        assert b.PASSWORD not in back.text
    assert house.events() == before


def test_a_sign_in_that_ended_meanwhile_keeps_the_form_but_never_the_password(waiting):
    _, donor, page = waiting
    donor.client.delete_cookie("trustfund")
    ended = donor.send(page, confirm_password=b.PASSWORD)
    assert ended.status == 401
    assert ended.form()[1]["amount"] == "1200.50"
    assert b.PASSWORD not in ended.text


def test_every_value_of_every_field_reaches_the_view_and_no_proof_does(guarded, later):
    guarded.app.view_functions["donors.new_pledge"] = confirmed(lambda: jsonify([*request.form.items(multi=True)]))
    donor = guarded.visitor("donor")
    sent = [["csrf_token", token_of(donor)], ["pick", "one"], ["pick", "two"], ["note", 'a "quoted"\n<b>line</b>']]
    later(minutes=11)
    asked = donor.open(ACT, method="POST", data=MultiDict(sent))
    hidden = [[i["name"], i["value"]] for i in asked.all("input", type="hidden") if "form" in i["within"]]
    assert hidden == sent
    answer = donor.open(ACT, method="POST", data=MultiDict([*hidden, ["confirm_password", b.PASSWORD]]))
    assert json.loads(answer.text) == sent
    once_more = donor.open(ACT, method="POST", data=MultiDict([*hidden, ["confirm_password", b.PASSWORD]]))
    assert json.loads(once_more.text) == sent


def test_who_has_a_second_factor_is_asked_for_a_code_and_for_no_password(waiting):
    house, donor, _ = waiting
    code = next_code(house)
    page = donor.fill(ACT, **PLEDGE)
    assert page.words("h1") == ASKS
    assert not page.all("input", type="password")
    assert page.all("input", id="confirm_code")[0]["autocomplete"] == "one-time-code"
    assert donor.open(ACT, method="POST", data=page.form()[1] | {"confirm_password": b.PASSWORD}).status == 422
    wrong = donor.send(page, confirm_code=f"{(int(code) + 1) % 1_000_000:06}")
    assert wrong.problems["confirm_code"].startswith("This code is not right")
    assert donor.send(wrong, confirm_code=code).status == 302


def test_a_code_that_confirmed_once_does_not_sign_in_as_well(waiting):
    house, donor, _ = waiting
    code = next_code(house)
    assert donor.send(donor.fill(ACT, **PLEDGE), confirm_code=code).status == 302
    other = house.visitor()
    page = other.sign_in("luxembourg@example.org")
    assert other.send(page, code=code).problems["code"].startswith("This code is not right")


def test_a_deed_that_is_refused_after_the_confirmation_is_refused_as_ever(guarded, later):
    def refuses():
        raise Refused("This award costs more than is left.")

    guarded.app.view_functions["donors.new_pledge"] = confirmed(refuses)
    donor = guarded.visitor("donor")
    token = token_of(donor)
    later(minutes=11)
    page = donor.open(ACT, method="POST", data={"csrf_token": token})
    assert donor.send(page, confirm_password=b.PASSWORD).refusal == "This award costs more than is left."
