"""A server of one process that tells the processor time it has used, and a person who asks it."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

CLOCK = "/processor-time"
GUNICORN = (
    "--workers=1",
    "--worker-class=gthread",
    "--threads=4",
    "--keep-alive=60",
    "--no-control-socket",
    "--log-level=error",
)


class Metered:
    """A WSGI application that also answers what its process has used so far."""

    def __init__(self, app: Any):
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] != CLOCK:
            return self.app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(time.process_time()).encode()]


class Person:
    """One kept connection and one cookie, as it was after the sign-in, so that no messages pile up in it."""

    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = self.token = self.location = ""
        self.signed_in = False

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, 200)

    def post(self, path: str, **fields: str) -> str:
        """Send a form, which must be answered with a redirect."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token} | fields), 302)

    def send(self, path: str, **fields: str) -> int:
        """Send a form, whatever is answered: the status."""
        body = urlencode({"csrf_token": self.token} | fields)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        self.location = answer.headers["Location"] or ""
        return answer.status

    def sign_in(self, **fields: str) -> None:
        page = self.get("/sign-in")
        if fields:
            self._take_token(page)
            self.post("/sign-in", **fields)
            page = self.get("/personal-data")
        self._take_token(page)
        self.signed_in = True

    def processor_time(self) -> float:
        return float(self.get(CLOCK))

    def _take_token(self, page: str) -> None:
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert found, "a page with a form has its token"
        self.token = found.group(1)

    def _ask(self, method: str, path: str, body: str | None, expected: int) -> str:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status == expected, f"{method} {path} answered {answer.status}: {text[:2000]}"
        if not self.signed_in and (cookie := answer.headers["Set-Cookie"]):
            self.cookie = cookie.partition(";")[0]
        return text


@contextmanager
def served(factory: str, **environment: str) -> Iterator[Person]:
    """Somebody before the application that ``factory`` of bench/applications.py makes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *GUNICORN, f"--bind=127.0.0.1:{port}", f"bench.applications:{factory}()"],
        env=os.environ | environment,
    )
    try:
        yield Person(_listening(process, port))
    finally:
        process.terminate()
        process.wait(30)


def _listening(process: Any, port: int) -> int:
    for _ in range(600):
        assert process.poll() is None, "the server ended before it served"
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return port
        time.sleep(0.05)
    raise TimeoutError("the server did not come up in 30 seconds")
