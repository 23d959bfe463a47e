"""The rows of a table as text, a line each, out of either database and into either: the same text from both.

By the columns that are there, whatever the revision, and not by the models: a backup may be older than they are.
Of a person who can be erased, what a row tells is sealed under that person's key: once the key is destroyed, no copy
tells it any more.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

import psycopg
from sqlalchemy import Connection, Integer, Table
from sqlalchemy.exc import DBAPIError

from trustfund.core.refusal import Refused
from trustfund.models import personal

PIECE = 1000  # rows read or written at a time
Blanks = Mapping[str, object]
Seal = Callable[[str, bytes], bytes]
"""(reference of a person, content) -> the content sealed under that person's key, or opened again; ``LookupError``
where the key was destroyed."""


def lines_of(connection: Connection, table: Table, seal: Seal | None) -> Iterator[bytes]:
    """Columns, then rows, as the driver gives them: what is wrong in a database is in its backup too.

    ``seal``: what tells of a person stands as {"person", "sealed"} in the first of its columns, the others are null.
    """
    name, columns = _quoted(connection, table.name), [column.name for column in table.columns]
    order = [column.name for column in table.primary_key.columns] or columns
    yield _line(columns)
    held = personal.of_table(table.name) if seal else []
    whose = f", {held[0].path.whose}" if held else ""
    asked = f"SELECT {_list(connection, columns, of=name)}{whose} FROM {name} ORDER BY {_list(connection, order)}"  # noqa: S608 (names of ours)
    rows = connection.exec_driver_sql(asked, execution_options={"stream_results": True, "yield_per": PIECE})
    for row in rows:
        values = [_plain(value) for value in row]
        if seal and held and (person := values.pop()) is not None:
            values = _sealed(columns, values, personal.blanks(held, str(person)), str(person), seal)
        yield _line(values)


def _sealed(columns: list[str], values: list[Any], blanks: Blanks, person: str, seal: Seal) -> list[Any]:
    """A row of a person, sealed; as it is where nothing of that person is in it."""
    told = {name: value for name, value in zip(columns, values, strict=True) if name in blanks}
    if all(value == _plain(blanks[name]) for name, value in told.items()):
        return values
    first, *_ = told
    try:
        sealed = seal(person, json.dumps(told).encode()).hex()
        hidden = dict.fromkeys(told) | {first: {"person": person, "sealed": sealed}}
    except LookupError:  # was erased, and this came after
        hidden = {name: _plain(blanks[name]) for name in told}
    return [hidden.get(name, value) for name, value in zip(columns, values, strict=True)]


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


def insert(connection: Connection, table: Table, content: IO[bytes], unseal: Seal) -> Iterator[int]:
    """Write the rows of a table, some at a time: how many each time. What ``unseal`` cannot open (``LookupError``)
    comes back as that of a person who was erased."""
    columns = json.loads(content.readline())
    target = f"{_quoted(connection, table.name)} ({_list(connection, columns)})"
    held = personal.of_table(table.name)
    try:
        while rows := [_read(columns, held, line, unseal) for line in islice(content, PIECE)]:
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


def _read(columns: list[str], held: list[personal.Held], line: bytes, unseal: Seal) -> tuple[object, ...]:
    values = json.loads(line)
    for value in values:
        if isinstance(value, dict) and "sealed" in value:
            told = _opened(value, held, unseal)
            values = [told.get(name, value) for name, value in zip(columns, values, strict=True)]
            break
    return tuple(bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for value in values)


def _opened(value: dict[str, str], held: list[personal.Held], unseal: Seal) -> dict[str, Any]:
    person = value["person"]
    try:
        return dict(json.loads(unseal(person, bytes.fromhex(value["sealed"]))))
    except LookupError:
        return {name: _plain(blank) for name, blank in personal.blanks(held, person).items()}


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


def _list(connection: Connection, names: Iterable[str], of: str = "") -> str:
    return ", ".join(f"{of}." * bool(of) + _quoted(connection, name) for name in names)
