"""How connections behave: durable and strict on SQLite, and a write that says so from its first statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session


def prepare(engine: Engine, wait_seconds: float) -> None:
    """SQLite: pragmas at connect, and BEGIN IMMEDIATE where the transaction says that it writes."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            f"busy_timeout = {int(wait_seconds * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def one_snapshot(session: Session, *, any_bytes: bool = False) -> Iterator[None]:
    """Everything read inside is of one moment, whoever writes meanwhile (on SQLite one BEGIN does that by itself).

    ``any_bytes``: SQLite gives text that is no UTF-8 as well, so that a changed byte can be named.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
    driver: Any = session.connection().connection.driver_connection
    if any_bytes:
        driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        if any_bytes:
            driver.text_factory = str
        session.rollback()
