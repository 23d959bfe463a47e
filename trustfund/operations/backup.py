"""One file from which the fund rises again, taken while people work; and the fund put back from it.

The database is copied row by row, in one snapshot, and not with pg_dump or as a file of SQLite: it needs no program of
any version, is the same text from both databases, so that a fund on SQLite can be restored into PostgreSQL, and holds
nothing that could run. Tables, sequences and guards are made by our own migrations when it is restored.

What tells of a person is sealed under that person's key (models/rows.py): once somebody is erased, no backup tells of
her or him any more.

Not copied: the keys, which are kept apart; and sign-ins, their failures and one-time links, which must not come back to
life. Mail that waited is restored as taken: it may have been sent since, and none is sent twice.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from cryptography.exceptions import InvalidTag
from flask import current_app
from sqlalchemy import CompoundSelect, Connection, MetaData, Table, func, inspect, select, union_all, update

from trustfund.core.record import instant
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models import engine, guards, rows
from trustfund.models.applications import Application, Document
from trustfund.models.contributions import Donor, Letter, Pledge
from trustfund.models.fund import mandate_on
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.models.record import head_of
from trustfund.services import backup, keys, storage

NOT_COPIED = frozenset({"alembic_version", "sign_in", "sign_in_failure", "password_link", "statement_upload"})
SEALED_AS = "\0row"  # no file is stored by such a name, so none can be put for a row
RESTORING = ".restoring"  # lies in the storage while files are put back: what stands beside it is not yet the fund's

Progress = Callable[[int, int], None]  # steps done, of how many


@dataclass(frozen=True)
class Copy:
    """A backup: ``size`` in bytes, ``head`` the last entry in it; ``missing``: how many files that the database names
    are not in the storage."""

    size: int
    head: tuple[int, str]
    files: int
    missing: int


def back_up(file: Path, *, at: datetime, progress: Progress = lambda n, of: None) -> Copy:
    """Copy database and files as they are at one moment; writers go on. ``Refused`` if FILE is there or is no place.

    A file is written before the row that names it and removed after it. So files are copied first, those that came
    meanwhile once the snapshot stands, and if one of these is gone the snapshot is taken again: then a row that still
    names it was left by no deed of ours, and the file is counted as missing.
    """
    keys.sign("0" * 64)  # without the key this would be found out at the end
    gone: set[str] = set()
    session = db.session()
    with backup.written(file, at) as writer:
        first = session.scalars(_files(session.connection())).all()
        session.rollback()  # nothing is held open while files are read
        for stored in first:
            writer.add_stored(stored)
        while True:
            with engine.one_snapshot(session, any_bytes=db.engine.dialect.name == "sqlite"):
                connection = session.connection()
                named = set(session.scalars(_files(connection)))
                lost = {stored for stored in sorted(named) if not writer.add_stored(stored)}
                if lost <= gone:
                    _copy_tables(connection, writer, file.parent, progress)
                    head = head_of(session)
                    writer.close(**_facts(connection, head, at), missing=sorted(lost))
                    break
            gone |= lost
    return Copy(file.stat().st_size, head, len(named - lost), len(lost))


def restore(
    file: Path, *, at: datetime, progress: Progress = lambda n, of: None
) -> tuple[backup.Manifest, frozenset[str]]:
    """Put a backup into an empty instance, whole or not at all: its manifest, and the persons whose data no key opens.
    ``Refused`` if either is not as needed.

    One transaction holds the tables as they were at the backup's revision, its rows, the later migrations and the
    guards. The files are there before it commits. Afterwards `verify` says whether the record is sound.
    """
    db.session.rollback()
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        if found := inspect(connection).get_table_names():
            raise Refused(
                "The database is not empty: it has a table “{name}”. A backup is restored into a new instance only; "
                "nothing was changed.",
                name=found[0],
            )
        manifest = backup.checked(file)
        _known(manifest["revision"])
        with _empty_storage():
            _migrate(connection, manifest["revision"])
            closed = _fill(connection, file, manifest, progress)
            _migrate(connection, "head")
            guards.install(connection)
            connection.execute(update(Mail).where(Mail.taken_at.is_(None)).values(taken_at=at))
            _remove_unnamed(set(connection.scalars(_files(connection))), manifest)
    return manifest, closed


def without_their_key() -> tuple[int, int]:
    """Files whose person has no key in the key folder, of how many: erased, or the folder's copy is not whole."""
    person = func.coalesce(Account.reference, Application.reference)
    persons = db.session.scalars(
        select(person)
        .select_from(Document)
        .join(Application, Application.id == Document.application_id)
        .outerjoin(Account, Account.id == Application.account_id)
        .where(Document.stored != "")
        .union_all(select(Donor.reference).join(Pledge).join(Letter).where(Letter.stored != ""))
    ).all()
    known = {one: keys.knows(one) for one in set(persons)}
    return sum(not known[one] for one in persons), len(persons)


def _files(connection: Connection) -> CompoundSelect[tuple[str]]:
    """The names of all files that the database knows; one that is not yet migrated has no letters."""
    tables = [Document, Letter] if inspect(connection).has_table("letter") else [Document]
    return union_all(*(select(table.stored).where(table.stored != "") for table in tables))  # none of who was erased


# Out of the database


def _copy_tables(connection: Connection, writer: backup.Writer, folder: Path, progress: Progress) -> None:
    tables = list(_tables(connection))
    seal = _seal if inspect(connection).has_table("erasure") else None  # before that nobody could be erased
    sizes = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    done, of = 0, sum(sizes)
    for table in tables:
        with tempfile.TemporaryFile(dir=folder) as spool:  # a tar says the size first
            n = 0
            for line in rows.lines_of(connection, table, seal):
                spool.write(line)
                n += 1
                progress(min(done + n, of), of)
            n -= 1  # the columns
            done += n
            spool.seek(0)
            writer.add(f"database/{table.name}.jsonl", spool, rows=n)


def _seal(person: str, content: bytes) -> bytes:
    try:
        return keys.seal(person, content, SEALED_AS)
    except NotHere:
        raise LookupError from None


def _tables(connection: Connection) -> Iterator[Table]:
    """As they are there, whatever the revision; each after those that it refers to."""
    known = MetaData()
    known.reflect(connection)
    return (table for table in known.sorted_tables if table.name not in NOT_COPIED)


def _facts(connection: Connection, head: tuple[int, str], at: datetime) -> dict[str, object]:
    fund = mandate_on(db.session(), at.date()).fund
    return {
        "fund": fund.name["en"],
        "made_at": instant(at),
        "version": version("trustfund"),
        "database": connection.dialect.name,
        "revision": MigrationContext.configure(connection).get_current_revision(),
        "head": {"seq": head[0], "hash": head[1]},
    }


# Into the database


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def _known(revision: str) -> None:
    try:
        _script().get_revision(revision)
    except CommandError:
        raise Refused(
            "This backup has the tables of revision {its}, which this program does not know; it ends at {ours}. "
            "Restore it with the version that made it, or a later one. Nothing was restored.",
            its=revision,
            ours=_script().get_current_head(),
        ) from None


def _migrate(connection: Connection, to: str) -> None:
    """In the transaction of the caller: migrations/env.py has one of its own, and always goes to the end."""
    script = _script()
    context = MigrationContext.configure(connection, opts={"fn": lambda at, _: script._upgrade_revs(to, at)})
    with Operations.context(context):
        context.run_migrations()


def _fill(connection: Connection, file: Path, manifest: backup.Manifest, progress: Progress) -> frozenset[str]:
    """The persons whose rows no key opens: they were erased, or the key folder is not whole."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    tables = {f"database/{table.name}.jsonl": table for table in _tables(connection)}
    of = sum(member.get("rows", 0) for member in manifest["members"].values())
    done, closed = 0, set[str]()

    def unseal(person: str, content: bytes) -> bytes:
        try:
            return keys.unseal(person, content, SEALED_AS)
        except (FileNotFoundError, InvalidTag):
            closed.add(person)
            raise LookupError from None

    for name, content in backup.members(file):
        if name.startswith("files/"):
            storage.put_back(name.removeprefix("files/"), content.read())
        elif name in tables:
            for n in rows.insert(connection, tables[name], content, unseal):
                done += n
                progress(done, of)
    if connection.dialect.name == "postgresql":
        for table in tables.values():
            rows.go_on_counting(connection, table)
    return frozenset(closed)


# Into the storage


@contextmanager
def _empty_storage() -> Iterator[None]:
    """The storage, in which nothing is; after a failure nothing again, and what one that was killed left goes first."""
    folder = Path(current_app.config["STORAGE"])
    mark = folder / RESTORING
    if mark.exists():
        _clear(folder)
    if folder.is_dir() and (found := next(iter(folder.iterdir()), None)):
        raise Refused(
            "The storage folder {folder} is not empty: it holds “{name}”. A backup is restored into a new instance "
            "only; nothing was changed.",
            folder=str(folder),
            name=found.name,
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch(mode=0o600)
    try:
        yield
    except BaseException as failure:
        _clear(folder)
        if isinstance(failure, OSError) and not failure.filename:
            failure.filename = str(folder)  # a full disk does not say where
        raise
    mark.unlink()


def _clear(folder: Path) -> None:
    """All that lies beside the mark, and the mark last."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    (folder / RESTORING).unlink()


def _remove_unnamed(named: set[str], manifest: backup.Manifest) -> None:
    """Files that were removed while the backup was made."""
    for name in manifest["members"]:
        stored = name.removeprefix("files/")
        if stored != name and stored not in named:
            storage.remove(stored)
