"""What all tests share: a real database, migrated once and copied, on SQLite and (where there is one) PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from tests.once import create_app, in_memory
from tests.postgresql import TESTING, copied, execute, programs, server
from trustfund.extensions import db
from trustfund.operations import fund
from trustfund.services.clock import clock

ROOT = Path(__file__).parent.parent
CI = os.environ.get("CI") == "true"
NOW = datetime(2018, 1, 24, 14, tzinfo=UTC)
FAST = {
    "TESTING": True,
    "ARGON2": {"time_cost": 1, "memory_cost": 8, "parallelism": 1},
    "SECRET_KEY": "tests only",
    "PUBLIC_URL": "http://127.0.0.1:8000",
}


if root := in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", root)


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
    """A PostgreSQL server of our own; the address of its maintenance database."""
    if not programs():
        missing("PostgreSQL", "apt-get install postgresql")
    with server(TESTING, os.environ.get("PYTEST_DEBUG_TEMPROOT")) as address:
        yield address


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
    execute(postgresql, "CREATE DATABASE template_fund")
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
    copied(postgresql, "template_fund", name)
    address = postgresql.replace("/postgres", f"/{name}")
    yield from _in_context(create_app(FAST | {"DATABASE_URL": address}, instance=str(tmp_path / "instance")))
    execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def both_apps(request: pytest.FixtureRequest) -> Flask:
    """The application on each database in turn: an empty fund, its context pushed, the clock at 24 January 2018."""
    return request.getfixturevalue(f"{request.param}_app")  # type: ignore[no-any-return]


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    return sqlite_app


def _set_up(app: Flask) -> None:
    opening = datetime(2017, 4, 3, 9, tzinfo=UTC)
    with app.app_context(), clock().at(opening):
        fund.set_up(fund.shipped_mandate("a-res-71-280"), opening)
        db.session.remove()
        db.engine.dispose()


def _in_context(app: Flask) -> Iterator[Flask]:
    with app.app_context(), clock().at(NOW):
        yield app
        db.session.remove()
        db.engine.dispose()
