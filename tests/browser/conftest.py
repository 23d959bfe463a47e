"""A real browser before a real server, with the demonstration fund in an instance of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT, missing
from trustfund.demonstration import accounts

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORDS = {email.split("@")[0]: password for _, email, password in accounts(1)}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        missing("Chromium", "apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served demonstration fund."""
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRUSTFUND_")} | {
        "TRUSTFUND_INSTANCE": str(folder / "instance"),
        "TRUSTFUND_CLOCK": "2018-01-24T14:00:00Z",
    }
    trustfund = [sys.executable, "-m", "trustfund.cli"]
    made = [*trustfund, "demo", "--applications", "40"]
    subprocess.run(made, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with (
        open(folder / "log", "w") as log,
        subprocess.Popen(
            [*trustfund, "serve", "--bind", address, "--workers", "1"], env=env, cwd=ROOT, stderr=log
        ) as server,
    ):
        try:
            _wait_for(f"http://{address}/healthz", folder / "log")
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture
def person(browser: Browser, served: str):
    """Opens a window of its own for a person, who signs in there; without script unless told. ``cold``: nothing is
    opened yet."""
    opened = []

    def window(
        who: str = "",
        *,
        language: str = "en",
        size: tuple[int, int] = (1280, 900),
        cold: bool = False,
        script: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=served, locale=language, java_script_enabled=script, viewport={"width": size[0], "height": size[1]}
        )
        opened.append(context)
        page = context.new_page()
        if not cold:
            page.goto(f"/?lang={language}")
        if who:
            page.goto("/sign-in")
            page.fill("#email", f"{who}@example.org")
            page.fill("#password", PASSWORDS[who])
            page.click("main button")
        return page

    yield window
    for context in opened:
        context.close()


def _wait_for(address: str, log: Path) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()}")
