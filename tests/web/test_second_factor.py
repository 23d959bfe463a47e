"""A person sets a second factor, signs in with it and removes it, at the pages of every role."""

import re
from datetime import timedelta

import pyotp
import pytest

from tests import builders as b
from tests.web.house import WHO
from tests.web.test_sign_in import MANY, WRONG
from trustfund.operations import people
from trustfund.services import clock

PAGE = "/account/second-factor"
CODE = "Type the code of your telephone"
SET = "Your sign-in asks for a code"


@pytest.fixture
def time(monkeypatch):
    """The server's clock, which stands still until it is moved on."""

    class Time:
        now = clock.real_now()

        def move(self, **by):
            self.now += timedelta(**by)

    time = Time()
    monkeypatch.setattr(clock, "real_now", lambda: time.now)
    return time


@pytest.fixture
def luxembourg(house, time):
    """The donor of Luxembourg has set a second factor: the browser and the telephone."""
    donor = house.visitor("donor")
    return donor, _set_up(donor, time)


def _set_up(visitor, time):
    page = visitor.open(visitor.send(visitor.open(PAGE)).location)
    telephone = pyotp.TOTP("".join(page.words("strong", **{"class": "code"}).split()))
    assert visitor.send(page, "second-factor", code=telephone.at(time.now)).location == PAGE
    time.move(seconds=30)
    return telephone


# The page


@pytest.mark.parametrize("who", [who for who in WHO if who != "nobody"])
def test_everybody_finds_the_page_beside_the_own_name(quiet_house, who):
    page = quiet_house.known(who).open("/desk", follow_redirects=True)
    assert [link["text"] for link in page.all("a", href=PAGE)] == ["Second factor"]
    assert quiet_house.known(who).open(PAGE).words("h1") == "Your password alone opens your account"


def test_a_person_scans_the_picture_and_proves_a_code(house, time):
    auditor, before = house.visitor("auditor"), house.events()
    page = auditor.open(auditor.send(auditor.open(PAGE)).location)
    assert page.words("h1") == "Scan the picture, then type the code"
    assert page.all("img")[0]["src"].startswith("data:image/svg+xml")
    secret = page.words("strong", **{"class": "code"})
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", secret)
    assert auditor.open(PAGE).words("strong", **{"class": "code"}) == secret, "opened again it is the same"
    telephone = pyotp.TOTP(secret.replace(" ", ""))
    wrong = auditor.send(page, "second-factor", code="12345")
    assert (wrong.status, [*wrong.problems]) == (422, ["code"])
    assert auditor.send(wrong, "second-factor", code="").problems == {
        "code": "Enter the six figures that your telephone shows."
    }
    assert house.events() == before
    auditor.send(wrong, "second-factor", code=telephone.at(time.now))
    page = auditor.open(PAGE)
    assert page.words("h1") == SET
    assert "Your second factor is set." in page.words("div", role="status")
    assert secret not in page.text
    assert house.events() == before + 1


def test_opening_the_page_makes_no_secret(house):
    donor = house.visitor("donor")
    assert [donor.open(PAGE).words("h1") for _ in range(2)] == ["Your password alone opens your account"] * 2


def test_a_session_that_is_old_proves_itself_before_it_sets_anything(house, time):
    donor = house.visitor("donor")
    page = donor.open(PAGE)
    time.move(minutes=11)
    asked = donor.send(page)
    assert asked.words("h1") == "Confirm that it is you"
    assert donor.send(asked, confirm_password=b.PASSWORD).location == PAGE


def test_another_secret_takes_the_place_of_one_that_was_seen(house, time):
    donor = house.visitor("donor")
    page = donor.open(donor.send(donor.open(PAGE)).location)
    again = donor.open(donor.send(page, "secret").location)
    assert again.words("strong", **{"class": "code"}) != page.words("strong", **{"class": "code"})


def test_the_second_factor_is_removed_with_a_code_or_the_password(luxembourg, time):
    donor, telephone = luxembourg
    page = donor.open(PAGE)
    nothing = donor.send(page)
    assert nothing.problems == {"code": "Enter a code or your password."}
    assert [*donor.send(page, password="wrong").problems] == ["password"]
    assert [*donor.send(page, code="000 00").problems] == ["code"]
    assert donor.send(page, code=telephone.at(time.now)).location == PAGE
    _set_up(donor, time)
    done = donor.fill(PAGE, password=b.PASSWORD)
    assert "Your password alone opens your account." in donor.open(done.location).words("div", role="status")
    assert donor.open(PAGE).words("h1") == "Your password alone opens your account"


def test_an_officer_reads_what_a_removal_without_a_code_does(house, time):
    officer = house.visitor("paying officer")
    _set_up(officer, time)
    assert "your designations wait until they are confirmed again" in officer.open(PAGE).text


def test_no_page_gives_a_password_back(luxembourg):
    donor, _ = luxembourg
    page = donor.open(PAGE)
    assert "my own password" not in donor.send(page, password="my own password").text
    donor.client.delete_cookie("trustfund")
    ended = donor.send(page, password="my own password")
    assert ended.status == 401
    assert "my own password" not in ended.text


# The way in


def test_after_the_right_password_a_code_is_asked_for_and_the_password_not_again(house, luxembourg, time):
    visitor = house.visitor()
    visitor.open("/donors/pledges/new")
    page = visitor.sign_in("luxembourg@example.org")
    assert (page.status, page.words("h1"), page.refusal) == (422, CODE, "")
    assert not page.all("input", type="password")
    assert b.PASSWORD not in page.text
    assert visitor.open("/donors/").location == "/sign-in", "nobody is in yet"
    page = visitor.sign_in("luxembourg@example.org")
    assert visitor.send(page, code=luxembourg[1].at(time.now)).status == 302
    assert visitor.open("/donors/").status == 200


def test_who_comes_by_a_page_of_the_fund_goes_on_to_it_after_the_code(house, luxembourg, time):
    visitor = house.visitor()
    visitor.open("/donors/pledges/new")
    page = visitor.sign_in("luxembourg@example.org")
    assert visitor.send(page, code=luxembourg[1].at(time.now)).location == "/donors/pledges/new"


def test_all_three_fields_at_once_sign_in_too(house, luxembourg, time):
    code = luxembourg[1].at(time.now)
    visitor = house.visitor()
    assert visitor.fill("/sign-in", email="luxembourg@example.org", password=b.PASSWORD, code=code).status == 302


def test_a_code_where_none_is_set_is_not_looked_at(house):
    assert house.visitor().fill("/sign-in", email="norway@example.org", password=b.PASSWORD, code="1").status == 302


def test_a_wrong_code_is_told_and_the_next_one_signs_in(house, luxembourg, time):
    visitor = house.visitor()
    page = visitor.send(visitor.sign_in("luxembourg@example.org"), code="12345")
    assert (page.status, page.words("h1")) == (422, CODE)
    assert page.problems["code"].startswith("This code is not right")
    page = visitor.send(page, code="")
    assert page.problems == {"code": "Enter the six figures that your telephone shows."}
    assert visitor.send(page, code=luxembourg[1].at(time.now)).location == "/donors/"


def test_a_wrong_password_gets_the_answer_that_everybody_gets(house, luxembourg, time):
    for code in ({}, {"code": luxembourg[1].at(time.now)}):
        page = house.visitor().fill("/sign-in", email="luxembourg@example.org", password="wrong", **code)
        assert (page.status, page.words("h1"), page.refusal) == (422, "Sign in", WRONG)
        assert "code" not in page.form()[1]


def test_who_waits_too_long_with_the_code_types_the_password_again(house, luxembourg, time):
    visitor = house.visitor()
    page = visitor.sign_in("luxembourg@example.org")
    time.move(minutes=6)
    page = visitor.send(page, code=luxembourg[1].at(time.now))
    assert (page.words("h1"), page.refusal) == (
        "Sign in",
        "Type your password again: the code has to follow within five minutes.",
    )
    page = visitor.send(page, password=b.PASSWORD)
    assert visitor.send(page, code=luxembourg[1].at(time.now)).status == 302


def test_the_page_for_the_code_is_good_for_its_own_account_and_browser_only(house, luxembourg, time):
    visitor, code = house.visitor(), luxembourg[1].at(time.now)
    page = visitor.sign_in("luxembourg@example.org")
    assert visitor.send(page, email="norway@example.org", code=code).words("h1") == "Sign in"
    elsewhere = house.visitor()
    elsewhere.open("/sign-in")
    fields = page.form()[1] | {"code": code, "csrf_token": elsewhere.open("/sign-in").form()[1]["csrf_token"]}
    assert elsewhere.open("/sign-in", method="POST", data=fields).problems == {"password": "Enter your password."}


def test_to_open_the_first_page_again_is_to_start_again(house, luxembourg, time):
    visitor = house.visitor()
    page = visitor.sign_in("luxembourg@example.org")
    visitor.open("/sign-in")
    page = visitor.send(page, code=luxembourg[1].at(time.now))
    assert page.problems == {"password": "Enter your password."}


def test_ten_wrong_codes_close_the_account_for_a_quarter_of_an_hour(house, luxembourg, time):
    visitor = house.visitor()
    page = visitor.sign_in("luxembourg@example.org")
    for _ in range(10):
        page = visitor.send(page, code="12345")
    assert visitor.send(page, code=luxembourg[1].at(time.now)).refusal == MANY
    time.move(minutes=16)
    page = house.visitor().sign_in("luxembourg@example.org")
    assert page.words("h1") == CODE


def test_an_account_that_was_reset_is_asked_for_no_code(house, luxembourg):
    admin = house.visitor("administrator")
    admin.fill(f"/administrators/accounts/{house.things['luxembourg']}", "reset")
    with house.at_work():
        people.set_password(people.account_of("luxembourg@example.org"), b.PASSWORD)
    assert house.visitor("donor").open("/donors/").status == 200
