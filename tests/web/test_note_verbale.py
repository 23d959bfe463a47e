"""The note verbale is uploaded, refused in words where it cannot be taken, and given back as it came."""

import re
from datetime import UTC, datetime

import pytest

from tests.services.test_documents import note_verbale, script
from tests.web.applying import begun, filled, submitted, upload
from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.operations import application_files


def test_a_file_goes_out_as_it_came_and_only_to_be_saved(house, aissata):
    at, content = begun(aissata), note_verbale()
    upload(aissata, at, content, name="../Note № 112.pdf")
    document = next(a["href"] for a in aissata.open(f"{at}/check").all("a") if "/documents/" in a["href"])
    answer = aissata.open(document)
    assert answer.data == content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_document_of_several_photographs_is_several_files_and_each_can_be_taken_away(house, aissata, monkeypatch):
    at = filled(aissata)
    first = next(a["href"] for a in aissata.open(f"{at}/check").all("a") if "/documents/" in a["href"])
    upload(aissata, at, note_verbale(pages=1), name="second.pdf")
    aissata.fill(f"{at}/documents", step=f"remove {first.rpartition('/')[2]}")
    assert aissata.open(first).status == 404
    assert "second.pdf" in aissata.open(at).words("bdi")
    monkeypatch.setattr(application_files, "MOST", 1)
    full = upload(aissata, at, note_verbale(pages=1), name="third.pdf")
    assert full.problems["note_verbale"].startswith("Of each kind at most 1 files are kept.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (script, "The file “note.pdf” holds a script, an action or another file."),
        (lambda: b"%PDF-1.4 nothing", "The file “note.pdf” is damaged"),
        (lambda: b"GIF89a", "The file “note.pdf” is not a PDF, JPEG or PNG."),
        (lambda: b"", "The file “note.pdf” is empty."),
        (lambda: b"%PDF-" + bytes(5 * 1024 * 1024), "The file “note.pdf” has 5.1 MB; at most 5 MB can be sent."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words_on_the_page(house, aissata, content, says):
    at = begun(aissata)
    page = upload(aissata, at, content(), name="note.pdf")
    assert page.status == 422
    assert page.problems["note_verbale"].startswith(says)
    with house.at_work():
        assert db.session.query(Document).count() == 0


def test_files_beyond_what_the_server_reads_come_back_as_the_page(house, aissata):
    page = upload(aissata, begun(aissata), bytes(31 * 1024 * 1024))
    assert page.status == 413
    says = "These files are far too large. Scan them in grey, at 150 dots an inch."
    assert page.problems == {"note_verbale": says}
    assert page.form()[1]["csrf_token"], "it can be sent again"


def test_a_file_that_was_sent_stays_and_is_told_from_the_later_one(house, aissata):
    at = filled(aissata)
    aissata.send(submitted(aissata, at), "/reopening")
    house.stands_at(datetime(2018, 1, 25, 9, tzinfo=UTC))
    upload(aissata, at, note_verbale(pages=1), name="second.pdf")
    assert re.search(r"second\.pdf.*note verbale\.pdf.*\(earlier\)", aissata.open(f"{at}/check").words("dd"), re.S)
    page = aissata.open(f"{at}/documents")
    assert page.words("button", name="step", **{"class": "link"}) == "Remove second.pdf"
    assert "sent already" in page.words("span")
