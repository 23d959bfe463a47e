"""The way in and the way out."""

import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests import builders as b
from tests.web.visitor import Visitor
from trustfund.operations import people
from trustfund.services import clock, mail

WRONG = "The e-mail address and the password do not belong together, or the account is not active."
MANY = "Too many sign-ins failed. Wait 15 minutes and try again."


@pytest.fixture
def later(monkeypatch):
    """Set the server's clock ahead of now."""
    start = clock.real_now()
    return lambda **ahead: monkeypatch.setattr(clock, "real_now", lambda: start + timedelta(**ahead))


@pytest.mark.parametrize(
    ("who", "desk"),
    [
        ("donor", "/donors/"),
        ("delegate", "/delegates/"),
        ("mission", "/missions/"),
        ("paying officer", "/officers/"),
        ("head", "/officers/"),
        ("auditor", "/auditors/"),
        ("administrator", "/administrators/"),
    ],
)
def test_everybody_arrives_at_their_own_desk(quiet_house, who, desk):
    visitor = quiet_house.known(who)
    assert visitor.open("/desk").location == desk
    assert visitor.open(desk).status == 200


def test_wrong_password_unknown_address_and_suspended_account_get_one_answer(house):
    with house.at_work():
        people.suspend_account(house.things["amna"], by=house.things["dele"], at=b.AT)
    pages = [
        house.visitor().sign_in(*who)
        for who in (
            ("luxembourg@example.org", "wrong password"),
            ("nobody@example.org", b.PASSWORD),
            ("amna@example.org", b.PASSWORD),
            ("a\0b", "c\0d"),
            ("x" * 5000, "y" * 5000),
        )
    ]
    assert {(page.status, page.refusal) for page in pages} == {(422, WRONG)}
    assert pages[0].form()[1]["email"] == "luxembourg@example.org"
    assert "password" not in "".join(value for _, value in pages[0].form()[1].items())
    assert pages[0].title == "Error: Sign in – trustfund"


def test_an_empty_sign_in_names_both_fields(quiet_house):
    page = quiet_house.visitor().sign_in("", "")
    assert page.problems == {"email": "Enter your e-mail address.", "password": "Enter your password."}


def test_ten_failures_close_an_account_for_a_while_and_no_other(house, later):
    stranger = house.visitor()
    assert {stranger.sign_in("luxembourg@example.org", "guess").refusal for _ in range(10)} == {WRONG}
    assert stranger.sign_in("luxembourg@example.org").refusal == MANY
    assert house.visitor().sign_in("LUXEMBOURG@example.org ").refusal == MANY
    assert house.visitor().sign_in("norway@example.org").status == 302
    later(minutes=16)
    assert house.visitor().sign_in("luxembourg@example.org").status == 302


def test_an_unknown_address_is_limited_like_a_known_one(house):
    answers = [house.visitor().sign_in("nobody@example.org", "guess").refusal for _ in range(11)]
    assert answers == [WRONG] * 10 + [MANY]


def test_a_good_sign_in_forgets_the_failures_before_it(house):
    for _ in range(2):
        assert house.visitor().sign_in("luxembourg@example.org", "guess").status == 422
        for _ in range(8):
            house.visitor().sign_in("luxembourg@example.org", "guess")
        assert house.visitor().sign_in("luxembourg@example.org").status == 302


def test_an_address_from_which_hundreds_fail_is_closed(house):
    house.app.config["FAILURES_PER_ADDRESS"] = 3
    for name in ("a", "b", "c"):
        house.visitor().sign_in(f"{name}@example.org", "guess")
    assert house.visitor().sign_in("norway@example.org").refusal == MANY


def test_who_was_sent_to_sign_in_comes_back_to_the_page(house):
    visitor = house.visitor()
    assert visitor.open("/donors/pledges/new?lang=en").location == "/sign-in"
    assert visitor.sign_in("luxembourg@example.org").location == "/donors/pledges/new?lang=en"


def test_a_page_of_another_role_is_not_where_one_lands(house):
    visitor = house.visitor()
    visitor.open("/donors/")
    assert visitor.sign_in("board@example.org").location == "/auditors/"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "//evil.example/donors/",
        "javascript:alert(1)",
        "",
        "/nowhere",
        "/donors",
        "\\",
    ],
)
def test_the_way_back_never_leaves_the_site(house, target):
    visitor = house.visitor()
    with visitor.client.session_transaction() as session:
        session["next"] = target
    assert visitor.sign_in("luxembourg@example.org").location == "/donors/"
    assert visitor.open(f"/sign-in?next={target}").location == "/desk"


def test_the_cookie_is_for_this_site_only_and_no_script_reads_it(house):
    page = house.visitor().sign_in("luxembourg@example.org")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("trustfund=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {*cookie.split("; ")}
    assert "Expires" not in cookie
    assert "correct horse" not in cookie


def test_behind_https_the_cookie_and_the_site_stay_there(house, monkeypatch):
    monkeypatch.setitem(house.app.config, "SESSION_COOKIE_SECURE", True)
    page = house.visitor().open("/donors/", base_url="https://fund.example.org")
    assert "Secure" in page.headers["Set-Cookie"]
    assert page.headers["Strict-Transport-Security"]


def test_the_session_before_the_sign_in_is_not_the_session_after_it(house):
    visitor = house.visitor()
    planted = visitor.open("/sign-in").form()[1]["csrf_token"]
    visitor.sign_in("luxembourg@example.org")
    page = visitor.fill("/donors/pledges/new", csrf_token=planted, amount="1.00", purpose="travel")
    assert page.status == 422
    assert "Nothing has changed." in page.refusal


def test_signing_out_ends_the_session_even_for_a_copy_of_the_cookie(house):
    visitor = house.visitor("donor")
    cookie = visitor.client.get_cookie("trustfund").value
    assert "You are signed out." in _sign_out(visitor).text
    thief = house.visitor()
    thief.client.set_cookie("trustfund", cookie)
    assert thief.open("/donors/").location == "/sign-in"
    assert thief.open("/donors/pledges/new", method="POST").status == 401


def test_a_sign_out_by_link_or_without_token_leaves_one_signed_in_and_says_so(house):
    visitor = house.visitor("donor")
    assert visitor.open("/sign-out").status == 405
    page = visitor.open("/sign-out", method="POST", follow_redirects=True)
    assert "Nothing has changed." in page.words("div", role="status")
    assert visitor.open("/donors/").status == 200


def test_two_sign_ins_of_one_person_end_apart(house):
    office, home = house.visitor("donor"), house.visitor("donor")
    _sign_out(office)
    assert home.open("/donors/").status == 200


@pytest.mark.parametrize("change", ["suspend", "reset", "end"])
def test_an_account_that_is_stopped_is_signed_out_at_once(house, change):
    visitor, admin = house.visitor("donor"), house.visitor("administrator")
    assert admin.fill(f"/administrators/accounts/{house.things['luxembourg']}", change).status == 302
    assert visitor.open("/donors/").location == "/sign-in"
    assert visitor.sign_in("luxembourg@example.org").refusal == WRONG


def test_an_account_made_active_again_signs_in_again(house):
    admin, path = house.visitor("administrator"), f"/administrators/accounts/{house.things['luxembourg']}"
    admin.fill(path, "suspend")
    assert admin.fill(path, "reinstate").status == 302
    assert house.visitor("donor").open("/donors/").status == 200


def test_a_session_ends_after_its_hours(house, later):
    visitor = house.visitor("donor")
    later(hours=11, minutes=59)
    assert visitor.open("/donors/").status == 200
    later(hours=12, minutes=1)
    assert visitor.open("/donors/").location == "/sign-in"


def test_who_reads_is_not_refused_because_somebody_writes(house, later, monkeypatch):
    visitor = house.visitor("donor")
    later(minutes=6)
    monkeypatch.setattr("trustfund.web.doors.housekeeping", _busy)
    assert visitor.open("/donors/").status == 200


def test_a_new_person_sets_a_password_by_the_link_in_the_mail_once(house):
    house.visitor("administrator").fill(
        "/administrators/accounts/new", email="new@example.org", name="Nouvelle Personne", role="auditor", language="fr"
    )
    letter = _mail(house, "new@example.org")
    assert letter["To"] == "new@example.org"
    assert letter["Content-Language"] == "fr"
    link = re.search(r"http://127\.0\.0\.1:8000(/password/\S+)", letter.get_body(("plain",)).get_content())[1]
    visitor = house.visitor()
    assert "new@example.org" in visitor.open(link).text
    short = visitor.fill(link, password="short", again="short")
    assert short.problems["password"].startswith("Use at least 12 characters.")
    assert visitor.fill(link, password=b.PASSWORD, again="another one").problems == {
        "again": "The two passwords differ. Type the same twice."
    }
    late = house.visitor()
    open_elsewhere = late.open(link)
    assert visitor.fill(link, password=b.PASSWORD, again=b.PASSWORD).location == "/sign-in"
    assert visitor.sign_in("new@example.org").location == "/auditors/"
    assert visitor.open(link).status == 404
    assert late.send(open_elsewhere, password="quite another one", again="quite another one").status == 404
    assert house.visitor().sign_in("new@example.org").status == 302, "the first password stands"


def test_a_link_ends_after_three_days(house, later):
    house.visitor("administrator").fill("/administrators/accounts/new", email="new@example.org", role="auditor")
    link = re.search(r"/password/\S+", _mail(house, "new@example.org").get_body(("plain",)).get_content())[0]
    later(hours=71)
    assert house.visitor().open(link).status == 200
    later(hours=73)
    page = house.visitor().open(link)
    assert (page.status, page.words("h1")) == (404, "This link cannot be used")


def test_a_new_password_ends_every_session_of_the_account(house):
    before = house.visitor("donor")
    house.visitor("administrator").fill(f"/administrators/accounts/{house.things['luxembourg']}", "reset")
    link = re.search(r"/password/\S+", _mail(house, "luxembourg@example.org").get_body(("plain",)).get_content())[0]
    house.visitor().fill(link, password="quite another one", again="quite another one")
    assert before.open("/donors/").location == "/sign-in"
    assert house.visitor().sign_in("luxembourg@example.org").refusal == WRONG
    assert house.visitor().sign_in("luxembourg@example.org", "quite another one").status == 302


def test_a_chosen_language_sticks_through_sign_in_and_out(house):
    visitor = house.visitor(language="en")
    assert _language(visitor.open("/?lang=fr")) == "fr"
    assert _language(visitor.open("/proof")) == "fr"
    visitor.sign_in("norway@example.org")
    assert _language(visitor.open("/donors/")) == "fr"
    _sign_out(visitor)
    assert _language(visitor.open("/")) == "fr"
    assert _language(visitor.open("/?lang=en")) == "en"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("de,fr;q=0.5", "fr"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
        ("en-GB", "en"),
        ("xx;q=x,,;", "en"),
    ],
)
def test_who_chose_nothing_reads_the_browsers_language(quiet_house, wanted, given):
    assert _language(Visitor(quiet_house.app, language=wanted).open("/")) == given


@pytest.mark.parametrize("unknown", ["tlh", "", "../..", "fr ", "FR", "%00"])
def test_an_unknown_language_is_ignored_and_does_not_stick(quiet_house, unknown):
    visitor = Visitor(quiet_house.app, language="fr")
    assert _language(visitor.open(f"/?lang={unknown}")) == "fr"
    assert _language(visitor.open("/")) == "fr"


def _language(page):
    assert page.status == 200
    return page.all("html")[0]["lang"]


def _sign_out(visitor):
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.open("/personal-data").text)[1]
    return visitor.open("/sign-out", method="POST", data={"csrf_token": token}, follow_redirects=True)


def _mail(house, to):
    """The mail to a person, as the worker wrote it."""
    with house.at_work():
        mail.send_pending()
    outbox = Path(house.app.config["MAIL"].removeprefix("file:"))
    letters = (
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in outbox.glob("*.eml")
    )
    return next(letter for letter in letters if letter["To"] == to)


def _busy():
    from trustfund.core.refusal import Busy

    raise Busy("Another deed takes longer than usual.")
