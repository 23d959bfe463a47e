"""A PostgreSQL server of our own from Debian's programs, for a while, whether we are root or not."""

import glob
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

TESTING = "-c fsync=off -c full_page_writes=off"
_kept: dict[str, psycopg.Connection[Any]] = {}


def programs() -> Path | None:
    """The folder of its programs, the newest version; None where it is not installed."""
    found = shutil.which("pg_ctl") or max(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"), default=None)
    return Path(found).resolve().parent if found else None


@contextmanager
def server(options: str = "", root: str | None = None) -> Iterator[str]:
    """The address of its maintenance database; it ends and is forgotten with the block. ``root``: where it lies."""
    where, folder = programs(), Path(tempfile.mkdtemp(prefix="trustfund-pg-", dir=root))
    assert where, "asked for by those who looked for its programs first"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_owner: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]

    def run(program: str, *args: str) -> None:
        subprocess.run(
            [*as_owner, str(where / program), *args],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    run(
        "initdb",
        "-D",
        f"{folder}/data",
        "-U",
        "trustfund",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    run(
        "pg_ctl",
        "-D",
        f"{folder}/data",
        "-w",
        "-l",
        f"{folder}/log",
        "-o",
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c max_connections=60 "
        f"{options}",
        "start",
    )
    address = f"postgresql+psycopg://trustfund@127.0.0.1:{port}/postgres"
    try:
        yield address
    finally:
        if address in _kept:
            _kept.pop(address).close()
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def execute(address: str, statement: str) -> None:
    """A statement that no transaction may hold, such as CREATE DATABASE."""
    _connected(address).execute(statement)


def copied(address: str, of: str, to: str) -> None:
    """A copy of a database; by its files where the server can (from 15 on), which is twice as fast."""
    way = " STRATEGY FILE_COPY" if _connected(address).info.server_version >= 15_00_00 else ""
    execute(address, f"CREATE DATABASE {to} TEMPLATE {of}{way}")


def _connected(address: str) -> psycopg.Connection[Any]:
    """One connection for as long as the server is there: to connect costs as much as to drop a database."""
    if address not in _kept:
        _kept[address] = psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
    return _kept[address]
