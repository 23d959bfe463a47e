"""A server that is killed in mid-form loses nothing that was saved; what it had not answered can be sent again."""

import http.client
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from bench.server import Server
from tests import builders as b
from tests.web.applying import JOURNEY, YOU, begun, upload
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Application, Document
from trustfund.models.record import Event
from trustfund.operations import leftovers, record


class Browser(Visitor):
    """A person before a real server: each request has a connection of its own, the cookies stay."""

    def __init__(self, port: int):
        self.client, self.language, self.port, self.cookies = self, "en", port, SimpleCookie[str]()

    def open(self, path: str, **more: Any) -> Any:
        return super().open(path, **more) if "headers" not in more else self._sent(path, **more)

    def _sent(self, path: str, headers: dict[str, str], method: str = "GET", data: Any = None, **more: str) -> Any:
        kind = more.get("content_type", "application/x-www-form-urlencoded")
        cookie = "; ".join(f"{one.key}={one.value}" for one in self.cookies.values())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = urlencode(data) if isinstance(data, dict) else data
        connection.request(method, path, body, headers | {"Cookie": cookie, "Content-Type": kind})
        answer = connection.getresponse()
        for one in answer.headers.get_all("Set-Cookie", ()):
            self.cookies.load(one)
        return SimpleNamespace(
            status_code=answer.status,
            headers=answer.headers,
            data=answer.read(),
            content_type=answer.headers["Content-Type"],
            request=SimpleNamespace(path=path),
            close=connection.close,
        )


@contextmanager
def nobody_can_write(app: Flask) -> Iterator[None]:
    """Somebody else holds the lock for as long as it lasts; everybody can read."""
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    if address.startswith("sqlite"):
        holder: Any = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
    else:
        holder = psycopg.connect(address.replace("+psycopg", ""))
        holder.execute("LOCK TABLE head, application, document IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


@pytest.fixture
def server(both_apps: Flask) -> Iterator[Server]:
    b.account("delegate", "Aissata Ouédraogo", password=True)
    db.session.remove()
    address = both_apps.config["SQLALCHEMY_DATABASE_URI"]
    server = Server(Path(both_apps.instance_path), address, "2018-01-24T14:00:00Z", workers=1)
    server.start()
    yield server
    server.kill()


def test_what_was_saved_is_there_and_what_waited_is_sent_once_more(both_apps: Flask, server: Server):
    aissata, files = Browser(server.port), Path(both_apps.config["STORAGE"])
    assert aissata.sign_in("aissata@example.org").status == 302
    at = begun(aissata)
    for page, typed in (("you", YOU), ("nomination", {"state": "BFA", "note_to_follow": "y"}), ("journey", JOURNEY)):
        assert aissata.fill(f"{at}/{page}", **typed).status == 302
    form = aissata.open(f"{at}/check")
    with nobody_can_write(both_apps):
        waiting = [sent(aissata.send, form, declared="y"), sent(upload, aissata, at)]
        left = file_in(files)
        time.sleep(0.5)
        assert all(one.is_alive() for one in waiting), "both forms wait"
        server.kill()
        for one in waiting:
            one.join(10)
    assert (stage(), events(), rows(Document)) == ("draft", 0, 0)
    server.start()
    assert aissata.open(at).status == 200, "still signed in"
    assert aissata.open(f"{at}/you").form()[1]["given_names"] == YOU["given_names"]
    assert aissata.open(f"{at}/journey").form()[1]["home_city"] == JOURNEY["home_city"]
    again = [aissata.send(form, declared="y") for _ in range(2)]
    assert [page.location for page in again] == [at, at]
    assert (stage(), events(), rows(Application)) == ("submitted", 1, 1)
    os.utime(left, (time.time() - 2 * 3600,) * 2)
    upload(aissata, begun(aissata, "N3"))
    db.session.rollback()
    assert leftovers.remove_in(int(left.name[:2], 16)) == 1
    assert [path.name for path in files.rglob("*") if path.is_file()] == [db.session.scalar(select(Document.stored))]
    assert record.verify().faults == []


def sent(send: Any, *args: Any, **typed: str) -> threading.Thread:
    """A form on its way, whose sender never hears what became of it."""

    def run() -> None:
        with pytest.raises((OSError, http.client.HTTPException)):
            send(*args, **typed)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def file_in(folder: Path) -> Path:
    """The file of an upload, once it lies whole in the storage."""
    for _ in range(400):
        if found := [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]:
            return found[0]
        time.sleep(0.02)
    raise TimeoutError("no upload was kept")


def stage() -> str | None:
    db.session.rollback()
    return db.session.scalar(select(Application.stage))


def events() -> int | None:
    return db.session.scalar(select(func.count()).where(Event.action == "application.submitted"))


def rows(kind: Any) -> int | None:
    return db.session.scalar(select(func.count()).select_from(kind))
