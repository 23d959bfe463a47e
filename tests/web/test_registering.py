"""A delegate registers with an address and the link that comes to it; nobody learns which addresses the fund knows."""

import email
import email.policy
import re
from pathlib import Path

import pytest

from tests.builders import PASSWORD
from trustfund.extensions import db
from trustfund.models.people import Account
from trustfund.operations import registration
from trustfund.services import mail


def letters(house, to):
    """The mails to a person, oldest first."""
    with house.at_work():
        mail.send_pending()
    files = sorted(Path(house.app.config["MAIL"].removeprefix("file:")).glob("*.eml"), key=lambda f: f.stat().st_mtime)
    read = (email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files)
    return [letter for letter in read if letter["To"] == to]


def asked(house, address, language="en"):
    """The page on which a person who gave an address arrives."""
    visitor = house.visitor(language=language)
    sent = visitor.fill("/register", email=address)
    return visitor.open(sent.location) if sent.status == 302 else sent


def test_a_delegate_registers_by_the_mails_link_and_lands_at_the_open_calls(house):
    assert asked(house, "Aissata@Example.org").words("h1") == "Look into your mail"
    (letter,) = letters(house, "aissata@example.org")
    visitor = house.visitor()
    text = letter.get_body(("plain",)).get_content()
    visitor.fill(re.search(r"/password/\S+", text)[0], password=PASSWORD, again=PASSWORD)
    done = visitor.sign_in("aissata@example.org")
    assert done.location == "/delegates/"
    desk = visitor.open(done.location)
    assert desk.words("h1") == "My applications"
    assert "Second round of negotiations" in desk.words("h3")


def test_the_sign_in_page_shows_the_way_to_register(quiet_house):
    assert quiet_house.visitor().open("/sign-in").all("a", href="/register")


@pytest.mark.parametrize("address", ["nobody.knows@example.org", "amna@example.org", "salma@example.org"])
def test_the_answer_is_the_same_whether_the_address_is_known_or_not(house, address):
    page = asked(house, address)
    assert page.status == 200
    assert page.text.count(address) == 1
    said = page.words("p").replace(address, "…")
    assert (
        "If … can have an account, a message with a link is on its way to it. The link works once, for 72 hours."
        in said
    )


def test_a_delegate_who_forgot_the_password_gets_a_new_link_and_no_second_account(house):
    asked(house, "amna@example.org")
    assert "/password/" in letters(house, "amna@example.org")[-1].get_body(("plain",)).get_content()
    with house.at_work():
        assert db.session.query(Account).filter_by(email="amna@example.org").count() == 1


def test_an_officer_is_told_but_gets_no_link_past_the_administrator(house):
    asked(house, "salma@example.org")
    letter = letters(house, "salma@example.org")[-1]
    assert letter["Subject"] == "You have an account with the fund"
    assert "/password/" not in letter.get_body(("plain",)).get_content()


def test_an_account_that_has_ended_gets_nothing(house):
    assert house.visitor("administrator").fill(f"/administrators/accounts/{house.things['amna']}", "end").status == 302
    asked(house, "amna@example.org")
    assert letters(house, "amna@example.org") == []


@pytest.mark.parametrize("typed", ["", "amna", "a b@example.org", "@example.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_told_at_the_field(quiet_house, typed):
    page = quiet_house.visitor().fill("/register", email=typed)
    assert (page.status, [*page.problems]) == (422, ["email"])


def test_a_few_links_for_an_address_are_enough_and_the_answer_stays_the_same(house):
    pages = {asked(house, "aissata@example.org").words("p") for _ in range(registration.LINKS_PER_ADDRESS + 2)}
    assert len(pages) == 1
    assert len(letters(house, "aissata@example.org")) == registration.LINKS_PER_ADDRESS


def test_one_place_cannot_fill_the_fund_with_accounts(house, monkeypatch):
    monkeypatch.setattr(registration, "LINKS_PER_PLACE", 3)
    for n in range(5):
        assert asked(house, f"person{n}@example.org").status == 200
    with house.at_work():
        assert db.session.query(Account).filter(Account.email.like("person%")).count() == 3
