"""What the tests of the command line share: an instance folder, and the product's own way of running a command."""

import gc
import io
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from typing import NamedTuple

import pytest

from tests.conftest import ROOT
from trustfund import commands
from trustfund.extensions import db

SALMA = "salma@example.org"


class Told(NamedTuple):
    """Exit code, and what stood on stdout and stderr."""

    code: int
    out: str
    err: str


@pytest.fixture
def instance(sqlite_template, tmp_path, monkeypatch):
    """An instance with an empty fund, on 24 January 2018; the environment names it."""
    folder = tmp_path / "instance"
    shutil.copytree(sqlite_template, folder)
    _chosen(folder, monkeypatch)
    return folder


@pytest.fixture
def new_instance(tmp_path, monkeypatch):
    """A folder in which nothing is yet."""
    folder = tmp_path / "new"
    folder.mkdir()
    _chosen(folder, monkeypatch)
    return folder


@pytest.fixture
def trustfund(monkeypatch, capsysbinary):
    """Run a command as a person would: its arguments, what is typed, what comes back."""
    apps = []

    def create_app():
        apps.append(commands._app())
        return apps[-1]

    monkeypatch.setattr(commands.group, "create_app", create_app)
    monkeypatch.setattr(gc, "freeze", list)  # one process runs many here, and forgets each application
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")  # Flask sets it; here it is forgotten after the test

    def run(*args, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = commands.run(list(args))
        out, err = capsysbinary.readouterr()
        return Told(code, out.decode(errors="surrogateescape"), err.decode())

    yield run
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def refused(trustfund):
    """A command that cannot: its exit code and its one sentence. It tells nothing else, and never where in the code."""

    def run(*args, typed=""):
        told = trustfund(*args, typed=typed)
        assert told.code in (1, 2)
        assert told.out == ""
        assert told.err.endswith("\n")
        assert len(told.err.splitlines()) == 1
        return told.code, told.err.rstrip()

    return run


@pytest.fixture
def started():
    """A command as a process of its own, which ends with the test, and whatever it started with it."""
    processes = []

    def start(*args, **environment):
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "trustfund.cli", *args],
                cwd=ROOT,
                env=os.environ | environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        )
        return processes[-1]

    yield start
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _chosen(folder, monkeypatch):
    for name in [name for name in os.environ if name.startswith("TRUSTFUND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRUSTFUND_INSTANCE", str(folder))
    monkeypatch.setenv("TRUSTFUND_CLOCK", "2018-01-24T14:00:00Z")
    monkeypatch.setenv("TRUSTFUND_TESTING", "1")
    (folder / "config.py").write_text("ARGON2 = {'time_cost': 1, 'memory_cost': 8, 'parallelism': 1}\n")
