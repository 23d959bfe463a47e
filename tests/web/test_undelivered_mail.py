"""Officers see mail that did not arrive, and send it again; nobody else sees an address, and nobody what it says."""

from datetime import timedelta

from tests.web.counting import statements
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.services import clock


def put(house, *people, **more):
    with house.at_work():
        db.session.query(Mail).delete()
        for person in people:
            db.session.add(
                Mail(
                    recipient=f"{person}@example.org",
                    language="en",
                    subject="Set your password",
                    text="http://127.0.0.1:8000/password/secret",
                    created_at=clock.real_now(),
                    **more,
                )
            )
        db.session.commit()


def failed():
    return {"taken_at": clock.real_now(), "failure": "SMTPRecipientsRefused: 550 no such person"}


def test_the_desk_speaks_of_mail_only_when_some_did_not_arrive(house):
    ines = house.visitor("screening officer")
    put(house)
    assert not ines.open("/officers/").all("a", href="/officers/mail")
    put(house, "awa", **failed())
    assert ines.open("/officers/").all("a", href="/officers/mail")[0]["text"] == "One mail may not have arrived"


def test_an_officer_sends_a_failed_mail_again_and_it_leaves_the_list(house):
    ines = house.visitor("screening officer")
    put(house, "awa", **failed())
    page = ines.open("/officers/mail")
    assert page.words("h1") == "One mail may not have arrived"
    assert "awa@example.org" in page.words("th")
    assert "550 no such person" in page.text
    assert "/password/" not in page.text, "what it says is its reader's alone"
    sent = ines.open(ines.send(page, "/mail/again").location)
    assert "The mail to awa@example.org is sent again." in sent.words("p")
    assert sent.words("h1") == "Every mail was handed over"
    waiting = ines.open("/officers/mail?state=waiting")
    assert "again; the first of" in waiting.words("td")
    assert ines.send(page, "/mail/again").location == "/officers/mail"
    assert "was sent again already" in ines.open("/officers/mail").words("p")
    with house.at_work():
        assert db.session.query(Mail).count() == 2


def test_the_list_is_filtered_by_how_a_mail_stands(house):
    put(house, "awa", **failed())
    with house.at_work():
        now = clock.real_now()
        for who, taken in (("bo", now - timedelta(hours=1)), ("cy", None), ("di", now)):
            mail = Mail(recipient=f"{who}@example.org", language="en", subject="x", text="x", created_at=now)
            mail.taken_at = taken
            db.session.add(mail)
        db.session.commit()
    head, found = house.visitor("head"), {}
    for state in ("", "failed", "unsure", "waiting", "nonsense"):
        page = head.open(f"/officers/mail?state={state}")
        found[state] = [cell["text"].partition("@")[0] for cell in page.all("th", scope="row")]
        assert not page.all("form", action="/officers/mail/again"), "the head of the fund reads"
    trouble = ["bo", "awa"]
    assert found == {"": trouble, "failed": ["awa"], "unsure": ["bo"], "waiting": ["cy"], "nonsense": trouble}


def test_a_page_of_mails_asks_as_often_for_many_as_for_one(house):
    ines = house.visitor("screening officer")
    put(house, "awa", **failed())
    one = statements(ines, "/officers/mail")
    put(house, *(f"awa{n}" for n in range(60)), **failed())
    assert statements(ines, "/officers/mail") == one
    assert len(ines.open("/officers/mail").all("th", scope="row")) == 25
