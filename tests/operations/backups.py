"""Backups in tests: taking one, putting it back, what then is there."""

import io
import json
import shutil
import tarfile
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, select

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.people import Account
from trustfund.operations import application_files, applications, backup
from trustfund.services import keys
from trustfund.services.documents import Document as Checked


def kind_of(app) -> str:
    with app.app_context():
        return db.engine.dialect.name


def account_of(reference):
    return db.session.scalars(select(Account).where(Account.reference == reference)).unique().one()


def uploads(application, person, content):
    paper = Checked("note verbale.pdf", "application/pdf", content, 1)
    applications.keep_document(application, account_of(person), paper, b.AT)


def replaces(application, person, content):
    """The new file first, then the old one goes."""
    old = [one.reference for one in applications.own(application, account_of(person)).documents]
    db.session.rollback()
    uploads(application, person, content)
    for one in old:
        application_files.remove_document(application, account_of(person), one)


def amna_applied():
    """Amna, whose application for the second round has its note verbale."""
    amna = b.account("delegate", "Amna Eltayeb", state="SDN")
    uploads(b.application(amna, sent=False), amna, b"note verbale of Amna")
    return amna


def backed_up(file):
    return backup.back_up(file, at=b.AT)


@contextmanager
def restored(file, new):
    with new.app_context():
        put_back(file)
        yield


def put_back(file):
    """As its keeper does: the copy of the key folder first, then the backup."""
    if folder := current_app.config.get("KEYS_OF"):
        shutil.copytree(folder, keys.folder(), dirs_exist_ok=True)
    return backup.restore(file, at=b.AT)


def rows_of_all_tables():
    """All but when mail was taken: what waited comes back as taken."""
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in backup.NOT_COPIED]
    columns = {table.name: [column for column in table.columns if column.name != "taken_at"] for table in tables}
    return {name: {tuple(row) for row in db.session.execute(select(*asked))} for name, asked in columns.items()}


def files_in(app):
    return {path.name for path in Path(app.config["STORAGE"]).rglob("*") if path.is_file()}


def nothing_in(app):
    with app.app_context():
        return inspect(db.engine).get_table_names() == [] and files_in(app) == set()


def manifest_of(file):
    with tarfile.open(file) as tar:
        return json.load(tar.extractfile("manifest.json"))


def packed(file, change):
    """The backup again, after somebody changed its members: a list of (TarInfo, content)."""
    with tarfile.open(file) as tar:
        members = [(info, tar.extractfile(info).read()) for info in tar]
    with tarfile.open(file, "w:gz") as tar:
        for info, content in change(members):
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def with_content(name, edit):
    return lambda members: [(info, edit(content) if info.name == name else content) for info, content in members]
