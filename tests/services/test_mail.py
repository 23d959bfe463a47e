"""Mail as a server takes it: plain text and HTML, refused, cut off in the middle, and sent again by an officer."""

import email.policy
import socket
import socketserver
import threading
from datetime import timedelta

import pytest

from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.operations import undelivered
from trustfund.services import clock, mail
from trustfund.services.mail_html import html_of

TEXT = (
    "Dear Awa <Traoré>,\n\nOpen this & that: https://fund.example.org/status?reference=N2-7KQ2.\n\n"
    "-- \nThe secretariat\n"
)


on_both = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def app(request):
    """SQLite; each database in turn for the tests that are marked ``on_both``."""
    return request.getfixturevalue("both_apps" if "both_apps" in request.fixturenames else "sqlite_app")


class Server(socketserver.ThreadingTCPServer):
    """A server that speaks as much of SMTP as a mail needs; whom it refuses, and when it hangs up."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: list[bytes] = []
        self.refuses, self.hangs_up = "", False
        self.says: dict[str, str] = {}


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word in self.server.says:
                self.say(self.server.says[word])
            elif word == "DATA":
                self.say("354 go on")
                if not self.data():
                    return
            elif word == "QUIT":
                self.say("221 bye")
                return
            elif word == "RCPT" and self.server.refuses and self.server.refuses in line:
                self.say("550 no such person here")
            else:
                self.say("250 8BITMIME" if word == "EHLO" else "250 ok")

    def data(self) -> bool:
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            body += self.rfile.readline()
        if self.server.hangs_up:
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        self.server.taken.append(body.removesuffix(b".\r\n"))
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server(app):
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        app.config["MAIL"] = f"smtp://127.0.0.1:{running.server_address[1]}"
        yield running
        running.shutdown()


def put(recipient="awa@example.org", **more):
    db.session.add(
        Mail(recipient=recipient, language="fr", subject="Reçu", text=TEXT, created_at=clock.real_now(), **more)
    )
    db.session.commit()


def the(number=1):
    db.session.rollback()
    return db.session.get(Mail, number, populate_existing=True)


def test_a_server_gets_plain_text_and_html_in_the_readers_language(server):
    put()
    assert mail.send_pending() == 1
    message = email.message_from_bytes(server.taken[0], policy=email.policy.default)
    assert message.get_content_type() == "multipart/alternative"
    assert message["Content-Language"] == "fr"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == TEXT
    html = message.get_body(("html",)).get_content()
    assert '<html lang="fr" dir="ltr">' in html
    assert "Dear Awa &lt;Traoré&gt;," in html
    assert 'this &amp; that: <a href="https://fund.example.org/status?reference=N2-7KQ2">' in html
    assert "<img" not in html


def test_a_mail_that_is_read_from_the_right_says_so():
    assert '<html lang="ar" dir="rtl">' in html_of("نص", "عنوان", "ar")


def test_no_line_is_longer_than_a_server_must_take(server):
    put()
    the().text = "é" * 2000
    db.session.commit()
    assert mail.send_pending() == 1
    assert max(map(len, server.taken[0].split(b"\r\n"))) <= 998
    message = email.message_from_bytes(server.taken[0], policy=email.policy.default)
    assert message.get_body(("plain",)).get_content().strip() == "é" * 2000


def test_a_refused_mail_is_shown_with_the_servers_word_and_sent_again_once_names_the_first(server):
    put()
    server.refuses = "awa@"
    assert mail.send_pending() == 0
    assert "no such person here" in the().failure
    assert undelivered.in_trouble(clock.real_now()) == 1
    assert undelivered.send_again(1) == "awa@example.org"
    assert undelivered.in_trouble(clock.real_now()) == 0
    server.refuses = ""
    assert mail.send_pending() == 1
    assert (the(2).again_of, the(2).failure) == (1, "")
    assert len(server.taken) == 1


@on_both
def test_an_address_that_no_header_holds_stops_no_other_mail(server):
    put("a@[x.y")
    put()
    assert mail.send_pending() == 1
    assert the().failure
    assert the(2).sent_at
    assert len(server.taken) == 1


@on_both
def test_a_mail_is_sent_again_once_and_one_that_was_sent_never(server):
    put()
    mail.send_pending()
    with pytest.raises(Refused, match="was sent"):
        undelivered.send_again(1)
    put(taken_at=clock.real_now() - timedelta(hours=1))
    undelivered.send_again(2)
    with pytest.raises(Refused, match="sent again already"):
        undelivered.send_again(2)
    with pytest.raises(NotHere):
        undelivered.send_again(99)


def test_a_server_that_hangs_up_once_it_has_a_mail_leaves_it_unsure_and_nothing_goes_twice(server):
    put()
    put()
    server.hangs_up = True
    assert mail.send_pending(1) == 0
    assert (the().failure, the().sent_at) == ("", None)
    server.hangs_up = False
    assert mail.send_pending() == 1, "the next one goes"
    assert len(server.taken) == 1
    assert undelivered.in_trouble(clock.real_now() + timedelta(minutes=6)) == 1


def test_a_server_that_will_not_take_a_mail_or_say_goodbye_leaves_no_doubt(server):
    put()
    server.says = {"DATA": "451 not now"}
    assert mail.send_pending() == 0
    assert "not now" in the().failure
    put()
    server.says = {"QUIT": "500 what?"}
    assert mail.send_pending() == 1
    assert (the(2).failure, the(2).sent_at is None) == ("", False)


def test_what_was_taken_and_never_told_is_unsure_after_five_minutes(app):
    now = clock.real_now()
    put(taken_at=now - timedelta(minutes=4))
    assert undelivered.in_trouble(now) == 0
    assert undelivered.in_trouble(now + timedelta(minutes=2)) == 1
