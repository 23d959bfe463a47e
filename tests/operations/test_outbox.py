"""What every mail says besides its text: which meeting it is about, and how to come back."""

import pytest
from sqlalchemy import select

from tests import builders as b
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.operations.outbox import OWN_DOOR, post

RECEIVED = sentence(
    "The fund received your application for the meeting {meeting}. Its reference is {public}.\n\n"
    "“My applications” shows where it stands and what comes next."
)


def sent(account: str, **values: object) -> Mail:
    whom = db.session.scalars(select(Account).where(Account.reference == account)).unique().one()
    post(whom, sentence("The selection for {meeting} is made"), RECEIVED, public="T1-Z7RC", **values)
    return db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()


def test_a_mail_names_the_meeting_its_place_and_its_first_day(app):
    mail = sent(b.account("delegate", "Amna Eltayeb", state="SDN"), meeting="T1")
    assert "the meeting T1 (First thematic session, Geneva, 8 May 2017). Its reference" in mail.text
    assert mail.subject == "The selection for T1 is made"


def test_it_names_them_in_the_readers_language(app):
    amna = b.account("delegate", "Amna Eltayeb", state="SDN", language="fr")
    assert "T1 (Première session thématique, Genève, 8 mai 2017)" in sent(amna, meeting="T1").text


def test_a_meeting_that_is_not_in_the_calendar_is_called_by_its_code(app):
    mail = sent(b.account("delegate", "Amna Eltayeb", state="SDN"), meeting="Z9")
    assert "the meeting Z9. Its reference" in mail.text


def test_a_mail_says_how_to_come_back(app):
    mail = sent(b.account("delegate", "Amna Eltayeb", state="SDN"), meeting="T1")
    assert "\n\nhttp://127.0.0.1:8000/delegates/\n\n-- \n" in mail.text


def test_a_mail_with_a_link_of_its_own_has_no_other(app):
    amna = b.account("delegate", "Amna Eltayeb", state="SDN")
    assert sent(amna, meeting="T1", address="http://127.0.0.1:8000/password/x").text.count("http") == 0


@pytest.mark.parametrize("role", OWN_DOOR)
def test_the_way_back_is_a_door(app, role):
    assert app.url_map.bind("").match(f"/{OWN_DOOR[role]}/")[0].endswith(".desk")
