"""Amna downloads everything that is held about her, after proving again who she is."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from tests import builders as b
from tests.builders import PASSWORD
from tests.conftest import NOW
from tests.operations.test_unmasking import NUMBER, sent_sealed
from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.operations import applications, people
from trustfund.services import clock, documents, storage
from trustfund.web.own_data import safe

PAGE = "/account/personal-data"
NAMED = "Ma note (été)/..\\:passeport.PDF"


@pytest.fixture
def amna(house):
    """Her browser; she sent a number, an account and a passport page, and has a draft with a file of an odd name."""
    with house.at_work(), b.standing_at(NOW):
        person = people.account_of("amna@example.org")
        sent_sealed(person.reference, NOW)
        draft = b.application(person.reference, "N3", sent=False, at=NOW)
        paper = documents.Document(NAMED, "application/pdf", b"%PDF-1.7 note", 1)
        applications.keep_document(draft, people.account_of("amna@example.org"), paper, NOW)
        db.session.rollback()
    return house.visitor("delegate")


def taken(page):
    assert (page.status, page.type) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(page.data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_one_archive_has_answers_in_clear_and_the_files_as_they_were_sent(house, amna):
    page = amna.send(amna.open(PAGE))
    assert page.headers["Cache-Control"] == "no-store"
    files = taken(page)
    told = json.loads(files["your-data.json"])
    assert NUMBER in [row["passport_number"] for row in told["application"]]
    places = {row["name"]: row["stored"] for row in told["document"]}
    assert files[places["passport.pdf"]] == b"%PDF-1.7 passport"
    assert files[places[NAMED]] == b"%PDF-1.7 note"
    assert {*files} == {"read-me.txt", "your-data.json", *places.values()}
    assert files["read-me.txt"].decode().startswith("This is everything that the fund holds about you on 24 January")
    assert house.faults() == []


def test_a_file_that_is_gone_is_told_and_the_rest_comes(house, amna):
    with house.at_work():
        storage.remove(db.session.query(Document).filter_by(kind="passport").one().stored)
    told = json.loads(taken(amna.send(amna.open(PAGE)))["your-data.json"])
    (stored,) = [row["stored"] for row in told["document"] if row["kind"] == "passport"]
    assert stored.startswith("This file is not kept any more.")


def test_who_signed_in_long_ago_is_asked_again_and_nothing_is_told_before(house, amna, monkeypatch):
    page = amna.open(PAGE)
    later = clock.real_now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    asked = amna.send(page)
    assert (asked.status, asked.words("h1")) == (403, "Confirm that it is you")
    assert amna.send(asked, confirm_password="not hers").status == 422
    assert "your-data.json" in taken(amna.send(asked, confirm_password=PASSWORD))


def test_a_donor_and_a_mission_have_theirs_and_the_notice_leads_there(house):
    for who, name in (("donor", "Luxembourg"), ("mission", "Nepal")):
        visitor = house.visitor(who)
        assert PAGE in [link["href"] for link in visitor.open("/personal-data").all("a")]
        told = json.loads(taken(visitor.send(visitor.open(PAGE)))["your-data.json"])
        assert name in told["account"][0]["name"]
        assert told["application"] == told["donor"] == []
    notice = house.visitor().open("/personal-data")
    assert PAGE not in [link["href"] for link in notice.all("a")]
    assert "until 24 months after the meeting" in notice.text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (NAMED, "Ma_note_été_.._passeport.PDF"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("护照\u202efdp.exe\r\n", "护照_fdp.exe_"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
    ],
)
def test_a_name_in_the_archive_leads_nowhere_else(name, kept):
    assert safe(name) == kept
    assert not {*"/\\:\r\n"} & {*safe(name)}
