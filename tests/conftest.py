"""What all tests share: a real database, migrated once and copied, on SQLite and (where there is one) PostgreSQL."""

import glob
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from trustfund.app import create_app
from trustfund.extensions import db
from trustfund.operations import fund
from trustfund.services.clock import clock

ROOT = Path(__file__).parent.parent
CI = os.environ.get("CI") == "true"
NOW = datetime(2018, 1, 24, 14, tzinfo=UTC)
FAST = {"TESTING": True, "ARGON2": {"time_cost": 1, "memory_cost": 8, "parallelism": 1}, "SECRET_KEY": "tests only",
        "PUBLIC_URL": "http://127.0.0.1:8000"}


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask would keep one request context per test, and with it the first person signed in."""


def missing(what: str, how: str) -> None:
    """Leave a test out with one line, or fail where everything must run."""
    if CI:
        pytest.fail(f"{what} is missing in CI: {how}", pytrace=False)
    pytest.skip(f"{what} is missing: {how}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        missing("../shared", "lay it beside the project")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own from Debian's programs, as root or not; the address of its maintenance database."""
    found = shutil.which("pg_ctl") or next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"), reverse=True)), None)
    if not found:
        missing("PostgreSQL", "apt-get install postgresql")
    programs, folder = Path(found).resolve().parent, Path(tempfile.mkdtemp(prefix="trustfund-pg-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_owner: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]

    def run(program: str, *args: str) -> None:
        subprocess.run([*as_owner, str(programs / program), *args], check=True, cwd="/", stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    run("initdb", "-D", f"{folder}/data", "-U", "trustfund", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o",
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off "
        "-c full_page_writes=off -c max_connections=60", "start")
    yield f"postgresql+psycopg://trustfund@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with an empty, migrated fund; tests copy it."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    _set_up(create_app(FAST, instance=str(folder)))
    return folder


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on PostgreSQL: a template database, and the instance folder with its keys."""
    folder = tmp_path_factory.mktemp("postgresql-template")
    _execute(postgresql, "CREATE DATABASE template_fund")
    address = postgresql.replace("/postgres", "/template_fund")
    _set_up(create_app(FAST | {"DATABASE_URL": address}, instance=str(folder)))
    return folder


@pytest.fixture
def sqlite_app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    shutil.copytree(sqlite_template, tmp_path / "instance")
    yield from _in_context(create_app(FAST, instance=str(tmp_path / "instance")))


@pytest.fixture
def postgresql_app(postgresql_template: Path, postgresql: str, tmp_path: Path) -> Iterator[Flask]:
    shutil.copytree(postgresql_template, tmp_path / "instance")
    name = f"fund_{os.urandom(6).hex()}"
    _execute(postgresql, f"CREATE DATABASE {name} TEMPLATE template_fund")
    address = postgresql.replace("/postgres", f"/{name}")
    yield from _in_context(create_app(FAST | {"DATABASE_URL": address}, instance=str(tmp_path / "instance")))
    _execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def both_apps(request: pytest.FixtureRequest) -> Flask:
    """The application on each database in turn, with an empty fund, its context pushed, the clock at 24 January 2018."""
    return request.getfixturevalue(f"{request.param}_app")  # type: ignore[no-any-return]


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    return sqlite_app


def _set_up(app: Flask) -> None:
    with app.app_context():
        fund.set_up(fund.shipped_mandate("a-res-71-280"), datetime(2017, 4, 3, 9, tzinfo=UTC))
        db.session.remove()
        db.engine.dispose()


def _in_context(app: Flask) -> Iterator[Flask]:
    with app.app_context(), clock().at(NOW):
        yield app
        db.session.remove()
        db.engine.dispose()


def _execute(address: str, statement: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
