"""`trustfund account`: accounts and dated designations, by the person who runs the machine."""

import re

import pytest

from tests.commands.conftest import SALMA
from trustfund.app import create_app
from trustfund.core.refusal import Refused
from trustfund.operations import people
from trustfund.services import mail

PASSWORD = "correct horse battery"


def test_a_password_is_read_from_standard_input(instance, trustfund):
    told = create(trustfund, "officer", SALMA, "--password-stdin", typed=f"{PASSWORD}\n")
    assert re.fullmatch(rf"officer {SALMA} A-[2-9A-Z]{{8}}\n", told.out)
    assert signs_in(SALMA, PASSWORD)


def test_without_a_password_a_one_time_link_is_printed_and_mailed(instance, trustfund):
    told = trustfund("account", "create", "--role", "auditor", "--email", "Board@Example.org", "--language", "fr")
    account, link = told.out.splitlines()
    assert account.startswith("auditor board@example.org A-")
    page = create_app().test_client().get(link.removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert "board@example.org" in page.text
    with create_app().app_context():
        assert mail.send_pending() == 1
    sent = next((instance / "mail").glob("*.eml")).read_text()
    assert "To: board@example.org" in sent
    assert "Content-Language: fr" in sent


def test_an_account_of_a_donor_names_a_donor_old_or_new(instance, trustfund, refused):
    new = ["--donor", "Luxembourg", "--donor-type", "state", "--donor-country", "lux"]
    assert create(trustfund, "donor", "anna@example.org", *new).code == 0
    assert create(trustfund, "donor", "paul@example.org", "--donor", "Luxembourg").code == 0
    code, says = refused("account", "create", "--role", "donor", "--email", "x@example.org", "--donor", "Atlantis")
    assert code == 1
    assert says == "The fund does not know Atlantis yet: add --donor-type, and for a State --donor-country."


def test_a_designation_is_made_by_the_head_and_confirmed_by_a_second_officer(instance, trustfund, refused):
    for role, name in (("officer", "salma"), ("officer", "rafael"), ("head", "miriam")):
        create(trustfund, role, f"{name}@example.org")
    told = trustfund(*designation("rafael@example.org"))
    assert told.code == 0
    assert re.fullmatch(rf"{SALMA} is designated for paying: G-[2-9A-Z]{{8}}\.\n", told.out)
    before = trustfund("anchors").out
    code, says = refused(*designation(SALMA))
    assert code == 1
    assert trustfund("anchors").out == before, "no designation is left that waits for a confirmation"
    assert says.startswith("A designation is confirmed by an officer who neither made it nor receives it.")
    assert refused(*designation("nobody@example.org")) == (1, "There is no account for nobody@example.org.")
    assert refused(*designation("rafael@example.org"), "--to", "2016-01-01") == (
        1,
        "The last day lies before the first.",
    )


def test_an_ended_account_does_not_sign_in_and_does_not_end_twice(instance, trustfund, refused):
    create(trustfund, "officer", SALMA, "--password-stdin", typed=PASSWORD)
    assert trustfund("account", "end", SALMA) == (0, f"The account of {SALMA} has ended.\n", "")
    assert not signs_in(SALMA, PASSWORD)
    code, says = refused("account", "end", SALMA)
    assert code == 1
    assert "ended already" in says


@pytest.mark.parametrize(
    ("args", "typed", "code", "says"),
    [
        (["--role", "king", "--email", SALMA], "", 2, "Invalid value for '--role': 'king' is not one of 'donor', "),
        (["--role", "officer"], "", 2, "Missing option '--email'."),
        (["--role", "officer", "--email", "salma"], "", 1, "“salma” is not an e-mail address."),
        (["--role", "officer", "--email", SALMA, "--password-stdin"], "short\n", 1, "Use at least 12 characters."),
        (["--role", "donor", "--email", SALMA], "", 1, "An account of a donor names its donor"),
        (["--role", "mission", "--email", SALMA], "", 1, "An account of a mission names its State"),
    ],
)
def test_an_account_that_cannot_be_is_not_made(instance, trustfund, refused, args, typed, code, says):
    before = trustfund("anchors").out
    answered, sentence = refused("account", "create", *args, typed=typed)
    assert answered == code
    assert sentence.startswith(says)
    assert trustfund("anchors").out == before


def test_one_address_has_one_account(instance, trustfund, refused):
    create(trustfund, "officer", SALMA)
    assert refused("account", "create", "--role", "auditor", "--email", SALMA.upper()) == (
        1,
        f"There is an account for {SALMA} already.",
    )


def create(trustfund, role, email, *more, typed=""):
    told = trustfund("account", "create", "--role", role, "--email", email, *more, typed=typed)
    assert told.code == 0, told.err
    return told


def designation(second):
    return (
        "account",
        "designate",
        SALMA,
        "paying",
        "--by",
        "miriam@example.org",
        "--confirmed-by",
        second,
        "--document",
        "ADM/2017/1",
        "--from",
        "2017-04-03",
    )


def signs_in(email, password):
    with create_app().app_context():
        try:
            return people.sign_in(email, password, "127.0.0.1")
        except Refused:
            return None
