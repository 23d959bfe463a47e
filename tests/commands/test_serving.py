"""`trustfund serve` and `worker`: a server and who sends its mail, both ended cleanly by SIGTERM."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import time
from pathlib import Path

import pytest
from gunicorn.app.base import BaseApplication

from tests.commands.conftest import SALMA
from trustfund.app import served_app
from trustfund.services import worker


@pytest.fixture
def started_nothing(monkeypatch):
    """A server or a worker that starts after all is a fault, and does not keep the test waiting."""

    def started(*_):
        raise AssertionError("it started")

    monkeypatch.setattr(BaseApplication, "run", started)
    monkeypatch.setattr(worker, "run", started)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def within(seconds, found):
    """What ``found`` gives as soon as it gives anything."""
    until = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
    return answer


def asked(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except ConnectionError:
        return None
    finally:
        connection.close()


def children_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def name_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def mails(instance):
    return sorted((instance / "mail").glob("*.eml"))


def test_serve_answers_sends_the_mail_and_ends_with_its_worker(instance, trustfund, started):
    trustfund("account", "create", "--role", "officer", "--email", SALMA)
    port = free_port()
    server = started("serve", "--bind", f"127.0.0.1:{port}", "--workers", "1")
    status, body = within(20, lambda: asked(port, "/healthz"))
    assert (status, json.loads(body)) == (200, {"reason": "", "status": "ok"})
    assert "The fund’s time is 24 January 2018, 14:00" in asked(port, "/")[1]
    assert f"To: {SALMA}" in within(10, lambda: mails(instance))[0].read_text()
    children = children_of(server.pid)
    assert len(children) == 2

    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=20)
    assert (server.returncode, out, err) == (0, "", f"Serving at http://127.0.0.1:{port}\n")
    assert asked(port, "/healthz") is None
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_a_worker_that_dies_is_started_again(instance, trustfund, started):
    port = free_port()
    server = started("serve", "--bind", f"127.0.0.1:{port}", "--workers", "1")
    within(20, lambda: asked(port, "/healthz"))
    keeper = within(10, lambda: [pid for pid in children_of(server.pid) if "trustfund.services.keeper" in name_of(pid)])
    (first,) = within(10, lambda: children_of(keeper[0]))
    os.kill(int(first), signal.SIGKILL)
    trustfund("account", "create", "--role", "officer", "--email", SALMA)
    assert f"To: {SALMA}" in within(20, lambda: mails(instance))[0].read_text()
    (second,) = children_of(keeper[0])
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=20)
    assert '"worker ended with -9; it is started again in 2 s"' in err
    assert not Path(f"/proc/{second}").exists()


def test_the_worker_sends_what_waits_and_ends_on_sigterm(instance, trustfund, started):
    trustfund("account", "create", "--role", "officer", "--email", SALMA)
    sender = started("worker")
    within(20, lambda: mails(instance))
    sender.send_signal(signal.SIGTERM)
    assert (*sender.communicate(timeout=20), sender.returncode) == ("", "", 0)


def test_without_a_clock_no_banner_stands_on_the_pages(instance, trustfund, monkeypatch):
    assert "Demonstration." in served_app().test_client().get("/").text
    monkeypatch.delenv("TRUSTFUND_CLOCK")
    assert "Demonstration." not in served_app().test_client().get("/").text


@pytest.mark.usefixtures("started_nothing")
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_where_a_guard_was_taken_away(instance, refused, command):
    with sqlite3.connect(instance / "trustfund.sqlite") as insider:
        insider.execute("DROP TRIGGER posting_no_update")
    insider.close()
    code, says = refused(command)
    assert code == 1
    assert says.startswith("Guards of the record are missing or changed: posting_no_update. Run “trustfund verify”")


@pytest.mark.usefixtures("started_nothing")
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_where_no_fund_is(new_instance, refused, command):
    assert refused(command) == (1, "There is no fund here yet. Run “trustfund init” first.")


@pytest.mark.usefixtures("started_nothing")
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_without_the_key_that_signs(instance, refused, command):
    (instance / "keys" / "signing").unlink()
    assert refused(command) == (2, f"{instance}/keys/signing cannot be used: No such file or directory.")


@pytest.mark.usefixtures("started_nothing")
def test_a_taken_port_and_an_address_that_is_none(instance, refused):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        for bind, reason in (
            (taken, "Address already in use"),
            ("127.0.0.1:99999", "99999 is not a valid port number"),
            ("127.0.0.1:http", "'http' is not a valid port number"),
        ):
            code, says = refused("serve", "--bind", bind)
            assert code == 2
            assert says.startswith(f"Nothing can be served at {bind}: ")
            assert reason in says
    assert refused("serve", "--workers", "0")[0] == 2
