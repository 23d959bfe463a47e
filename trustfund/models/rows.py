"""The rows of a table as text, a line each, out of either database and into either: the same text from both.

By the columns that are there, whatever the revision, and not by the models: a backup may be older than they are.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

import psycopg
from sqlalchemy import Connection, Integer, Table
from sqlalchemy.exc import DBAPIError

from trustfund.core.refusal import Refused

PIECE = 1000  # rows read or written at a time


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Columns, then rows, as the driver gives them: what is wrong in a database is in its backup too."""
    name, columns = _quoted(connection, table.name), [column.name for column in table.columns]
    order = [column.name for column in table.primary_key.columns] or columns
    yield _line(columns)
    asked = f"SELECT {_list(connection, columns)} FROM {name} ORDER BY {_list(connection, order)}"  # noqa: S608 (names of ours)
    rows = connection.exec_driver_sql(asked, execution_options={"stream_results": True, "yield_per": PIECE})
    for row in rows:
        yield _line([_plain(value) for value in row])


def _plain(value: Any) -> object:
    if isinstance(value, bool):
        return int(value)  # as SQLite has it
    if value is None or isinstance(value, int | float | str):
        return value
    if isinstance(value, bytes | memoryview):
        return {"hex": bytes(value).hex()}
    return value.isoformat()  # a day


def _line(values: list[Any]) -> bytes:
    """ASCII: a half character that somebody smuggled in is kept as it is."""
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def insert(connection: Connection, table: Table, content: IO[bytes]) -> Iterator[int]:
    """Write the rows of a table, some at a time: how many each time."""
    columns = json.loads(content.readline())
    target = f"{_quoted(connection, table.name)} ({_list(connection, columns)})"
    try:
        while rows := [_read(line) for line in islice(content, PIECE)]:
            if connection.dialect.name == "sqlite":
                marks = ", ".join("?" * len(columns))
                connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", rows)  # noqa: S608
            else:
                driver: Any = connection.connection.driver_connection
                with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            yield len(rows)
    except (DBAPIError, psycopg.Error, UnicodeError) as error:
        raise Refused(
            "The rows of the table “{table}” in this backup do not fit the database: {reason}. Nothing was restored.",
            table=table.name,
            reason=str(getattr(error, "orig", error)).splitlines()[0],
        ) from error


def _read(line: bytes) -> tuple[object, ...]:
    return tuple(bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for value in json.loads(line))


def go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers by sequences, which rows that bring their number leave where they are."""
    for column in (one for one in table.primary_key.columns if isinstance(one.type, Integer)):
        name, counted = _quoted(connection, table.name), _quoted(connection, column.name)
        connection.exec_driver_sql(
            f"SELECT setval(s, (SELECT coalesce(max({counted}), 0) + 1 FROM {name}), false) "  # noqa: S608
            f"FROM pg_get_serial_sequence('{name}', '{column.name}') s WHERE s IS NOT NULL"
        )


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _list(connection: Connection, names: Iterable[str]) -> str:
    return ", ".join(_quoted(connection, name) for name in names)
