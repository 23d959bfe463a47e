"""A mail to Awa was taken by her mission's server and returned an hour later: its report lies in a Maildir."""

import pytest
from sqlalchemy import select

from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.operations import undelivered
from trustfund.services import clock, mail, returned_mail

REPORT = """\
From: MAILER-DAEMON@mission.example.org
To: trustfund@fund.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mission.example.org

Final-Recipient: rfc822; awa@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <awa@example.org>: no such
    user here

--b
Content-Type: text/rfc822-headers

From: trustfund@127.0.0.1
Message-ID: {id}

--b--
"""


@pytest.fixture
def folder(both_apps, tmp_path, monkeypatch):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "returned" / name).mkdir(parents=True)
    monkeypatch.setitem(both_apps.config, "RETURNED_MAIL", str(tmp_path / "returned"))
    monkeypatch.setitem(both_apps.config, "MAIL", f"file:{tmp_path / 'sent'}")
    db.session.add(Mail(recipient="awa@example.org", language="en", subject="s", text="t", created_at=clock.real_now()))
    db.session.commit()
    assert mail.send_pending() == 1
    return tmp_path / "returned"


def comes(folder, action="failed", id=""):
    sent = next((folder.parent / "sent").glob("*.eml")).read_text()
    [own] = [line.removeprefix("Message-ID: ") for line in sent.splitlines() if line.startswith("Message-ID: ")]
    (folder / "new" / "1.mission").write_text(REPORT.format(action=action, id=id or own))
    return returned_mail.read()


def kept():
    db.session.rollback()
    return db.session.scalars(select(Mail)).one()


def test_a_returned_mail_stands_as_failed_with_what_its_server_said_and_can_be_sent_again(folder):
    assert undelivered.in_trouble(clock.real_now()) == 0
    assert comes(folder) == 1
    assert kept().failure == "returned: 5.1.1 smtp; 550 5.1.1 <awa@example.org>: no such user here"
    assert undelivered.in_trouble(clock.real_now()) == 1
    assert list((folder / "new").iterdir()) == []
    assert undelivered.send_again(kept().id) == "awa@example.org"


@pytest.mark.parametrize(
    "report",
    [
        {"action": "delayed"},
        {"id": "<mail-1-00000000000000000000@127.0.0.1>"},
        {"id": "<somebody@example.org>"},
    ],
)
def test_a_delay_and_a_strangers_letter_change_nothing_and_are_left_for_people(folder, report):
    assert comes(folder, **report) == 0
    assert (kept().failure, kept().sent_at is not None) == ("", True)
    assert [path.name for path in (folder / "cur").iterdir()] == ["1.mission:2,S"]


def test_what_is_no_letter_at_all_is_left_too(folder):
    (folder / "new" / "2.odd").write_bytes(b"\xff\x00 not a letter")
    assert returned_mail.read() == 0
    assert [path.name for path in (folder / "cur").iterdir()] == ["2.odd:2,S"]
