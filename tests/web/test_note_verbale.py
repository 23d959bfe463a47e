"""The note verbale is uploaded, refused in words where it cannot be taken, and given back as it came."""

import re

import pytest

from tests.services.test_documents import note_verbale, script
from tests.web.applying import begun, filled, submitted, upload
from trustfund.extensions import db
from trustfund.models.applications import Document


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


def test_a_new_file_takes_the_place_of_the_one_before(house, aissata):
    at = filled(aissata)
    first = next(a["href"] for a in aissata.open(f"{at}/check").all("a") if "/documents/" in a["href"])
    upload(aissata, at, note_verbale(pages=1), name="second.pdf")
    assert aissata.open(first).status == 404
    assert "second.pdf" in aissata.open(at).words("bdi")


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
    assert page.problems["file"].startswith(says)
    with house.at_work():
        assert db.session.query(Document).count() == 0


def test_a_file_beyond_what_the_server_reads_comes_back_as_the_page(house, aissata):
    page = upload(aissata, begun(aissata), bytes(7 * 1024 * 1024))
    assert page.status == 413
    assert page.problems == {"file": "This file has more than 5 MB. Scan it in grey, at 150 dots an inch."}
    assert page.form()[1]["csrf_token"], "it can be sent again"


def test_no_file_chosen_is_told_and_nothing_is_said_to_be_kept(house, aissata):
    page = aissata.fill(f"{begun(aissata)}/note-verbale")
    assert page.problems == {"file": "Choose the file of the note verbale."}
    assert "No new file is kept" in page.words("h2")
    assert "What you typed is kept." not in page.text


def test_of_several_files_the_last_is_the_current_one(house, aissata):
    at = filled(aissata)
    aissata.send(submitted(aissata, at), "/reopening")
    upload(aissata, at, note_verbale(pages=1), name="second.pdf")
    for page in (aissata.open(f"{at}/check"), aissata.open(f"{at}/note-verbale")):
        assert re.search(r"second\.pdf.*note verbale\.pdf.*\(earlier\)", page.words("p"), re.S)
