"""A server that is killed in mid-upload leaves nothing in the storage for long, and what has its row stays."""

import os
import time
from pathlib import Path

from flask import Flask, current_app

from tests import builders as b
from tests.conftest import NOW
from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.operations import applications, clockwork, leftovers, people
from trustfund.services import documents, storage

PAPER = documents.Document("note-verbale.pdf", "application/pdf", b"%PDF-1.7", 1)


def written(stored: str, hours: float, name: str = "") -> Path:
    """The file, as if it had been written so many hours ago. ``name``: that of one which is not whole."""
    path = Path(current_app.config["STORAGE"]) / stored[:2] / (name or stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (time.time() - hours * 3600,) * 2)
    return path


def uploaded() -> str:
    """Thabo sends a file: the name under which it lies."""
    draft = b.application(b.account("delegate", "Thabo Mokoena"), "N3", sent=False)
    applications.keep_document(draft, people.account_of("thabo@example.org"), PAPER, NOW)
    stored = db.session.query(Document).one().stored
    db.session.rollback()
    return stored


def test_what_a_killed_server_left_goes_after_an_hour_and_what_has_a_row_stays(both_apps: Flask):
    kept, thabo = written(uploaded(), 1.5), people.account_of("thabo@example.org").reference
    left, half = written(storage.keep(thabo, b"no row"), 2), written("0" * 64, 2, f".{'0' * 64}.1a2b3c4d")
    young, old = written(storage.keep(thabo, b"a row may come"), 0.5), written(storage.keep(thabo, b"of another"), 30)
    for folder in range(storage.FOLDERS):
        leftovers.remove_in(folder)
    assert [path.exists() for path in (kept, left, half, young, old)] == [True, False, False, True, True]


def test_the_worker_looks_at_one_folder_a_minute(app: Flask):
    uploaded()
    left = written("ff" + "0" * 62, 2)
    at = NOW.fromtimestamp(60 * (256 * 98_765 + 255), NOW.tzinfo)
    assert (clockwork.run(at.replace(second=59)), left.exists()) == (1, False)


def test_a_database_that_knows_no_younger_file_takes_nothing_away(app: Flask):
    left = written("a0" + "0" * 62, 2)
    assert (leftovers.remove_in(0xA0), left.exists()) == (0, True)  # another fund's: it knows no file that lies here
    kept = uploaded()
    written(kept, 3)
    assert (leftovers.remove_in(0xA0), left.exists()) == (0, True)  # set back to the day before
    written(kept, 0)
    assert (leftovers.remove_in(0xA0), left.exists()) == (1, False)


def test_what_is_no_file_of_the_fund_is_left_alone(app: Flask):
    uploaded()
    strange = [written("a0" + "0" * 62, 2, name) for name in ("README", ".DS_Store", "b0" + "0" * 62, "A0" + "0" * 62)]
    assert leftovers.remove_in(0xA0) == 0
    assert all(path.exists() for path in strange)
