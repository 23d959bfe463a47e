"""What many tests begin with is made once for each kind of database, by the product's own deeds, and then copied."""

import copy
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import URL

from tests.postgresql import copied, execute
from trustfund.extensions import db
from trustfund.models.record import head_of

T = TypeVar("T")


@dataclass(frozen=True)
class Beginning:
    """What was made: the answer, the head of the record before it, a copy of the instance and of the database."""

    answer: Any
    before: tuple[int, str]
    folder: Path
    database: str  # of PostgreSQL; that of SQLite lies in the folder


_kept: dict[tuple[str, str, str], Beginning] = {}


def begun(make: Callable[[], T]) -> T:
    """The answer of ``make``, which finds a fund where nothing is: made here, or as it was made for an earlier test."""
    what = db.engine.url.get_backend_name(), make.__module__, make.__qualname__
    before = head_of(db.session())
    if what not in _kept:
        answer = make()
        _kept[what] = _keep(answer, before)
        return answer
    known = _kept[what]
    assert known.before == before, f"{make.__qualname__} is to begin with"
    _leave()
    shutil.copytree(known.folder, current_app.instance_path, dirs_exist_ok=True)
    if known.database:
        _copy(db.engine.url, known.database, str(db.engine.url.database))
    return copy.deepcopy(known.answer)  # type: ignore[no-any-return]


def _keep(answer: Any, before: tuple[int, str]) -> Beginning:
    _leave()
    folder = Path(tempfile.mkdtemp(prefix="beginning-", dir=Path(current_app.instance_path).parents[1]))
    shutil.copytree(current_app.instance_path, folder, dirs_exist_ok=True)
    url, database = db.engine.url, ""
    if url.get_backend_name() == "postgresql":
        database = f"beginning_{len(_kept)}"
        _copy(url, str(url.database), database)
    return Beginning(copy.deepcopy(answer), before, folder, database)


def _copy(url: URL, of: str, to: str) -> None:
    server = url.set(database="postgres").render_as_string(hide_password=False)
    execute(server, f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
    copied(server, of, to)


def _leave() -> None:
    """Nobody is connected while files are copied."""
    db.session.remove()
    db.engine.dispose()
