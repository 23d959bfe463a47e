"""The names of ../shared/data/applicant_names.csv come back exactly as typed: on pages, in mails, papers and files."""

import csv
import json
import subprocess
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.globals import _cv_app

from tests import builders as b
from tests.conftest import missing
from tests.reports.reading import csv_rows, sheets, words_of
from tests.reports.samples import report, voice
from tests.reports.test_travel_papers import PROOF
from tests.web.applying import YOU, begun
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import record
from trustfund.operations.import_applications import APPLICATIONS, import_applications
from trustfund.reports import draw_csv, draw_json, draw_pain001, draw_xlsx
from trustfund.reports.draw_letter import Letter, draw_letter
from trustfund.reports.spreadsheet import harmless
from trustfund.services.mail import send_pending
from trustfund.web import papers_names

Names = list[tuple[str, str]]


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "data/applicant_names.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def names(rows: list[dict[str, str]]) -> Names:
    """Given names and family name of all 580."""
    return [(row["given_name"], row["family_name"]) for row in rows]


@pytest.fixture(scope="module")
def naughty(rows: list[dict[str, str]]) -> Names:
    """Those with a shape that breaks systems."""
    return [(row["given_name"], row["family_name"]) for row in rows if row["source"] == "shape"]


@contextmanager
def outside() -> Iterator[None]:
    """Each visitor has a context of its own."""
    db.session.remove()
    token = _cv_app.set(None)
    try:
        yield
    finally:
        _cv_app.reset(token)


def whole(given: str, family: str) -> str:
    return f"{given} {family}".strip()


def shown(text: str) -> str:
    """As an eye sees it, which cannot tell how a letter is composed, nor where a line was broken."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if not c.isspace() and unicodedata.category(c) != "Cf")


def test_all_names_come_in_as_a_file_and_stand_in_the_queue(both_apps: Flask, names: Names, tmp_path: Path):
    line = dict.fromkeys(APPLICATIONS, "") | {"meeting": "N2", "state": "LAO", "email": "somebody@example.org"}
    with (tmp_path / "applications.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, APPLICATIONS)
        sheet.writeheader()
        sheet.writerows(line | {"given_names": given, "family_name": family} for given, family in names)
    import_applications(tmp_path / "applications.csv", at=b.AT)
    b.officer("Ines Okafor", "screening", password=True)
    found = db.session.query(Application).order_by(Application.id).all()
    assert [(one.given_names, one.family_name) for one in found] == names
    assert record.verify().faults == []
    odd = {one.reference: one.full_name for one in found[-30::5]}
    with outside():
        ines, listed, path = Visitor(both_apps, "ines@example.org"), [], "/officers/applications"
        while path:
            page = ines.open(path)
            listed += [a["text"] for a in page.all("a") if a["href"].startswith("/officers/applications/T-")]
            path = next((a["href"] for a in page.all("a", rel="next")), "")
        alone = {r: ines.open(f"/officers/applications/{r}").all("dd")[0]["text"] for r in odd}
    assert sorted(listed) == sorted(whole(*one) for one in names)
    assert alone == odd


def test_a_delegate_finds_the_own_name_as_it_was_typed(both_apps: Flask, naughty: Names):
    b.account("delegate", "Aissata Ouédraogo", password=True)
    with outside():
        aissata = Visitor(both_apps, "aissata@example.org")
        at = begun(aissata)
        page = aissata.open(f"{at}/you")
        for given, family in naughty:
            answer = aissata.send(page, **YOU | {"given_names": given, "family_name": family, "email": "wrong"})
            assert {*answer.problems} == {"email"}
            fields = answer.form()[1]
            assert (fields["given_names"], fields["family_name"]) == (given, family)
            told = [dd["text"] for dd in aissata.open(f"{at}/check").all("dd")]
            assert " ".join(told).startswith(whole(given, family) + " ")
            assert "Not answered" not in told[:2], "who has one name has said it"


def test_a_mission_and_its_mails_call_a_delegate_as_it_typed(both_apps: Flask, naughty: Names):
    b.account("mission", "Nepal Mission", state="NPL", password=True)
    db.session.commit()
    send_pending()
    mails = Path(both_apps.config["MAIL"].removeprefix("file:"))
    before = len([*mails.glob("*.eml")])
    more = {"position": "Counsellor", "language": "en"}
    with outside():
        nepal = Visitor(both_apps, "nepal@example.org")
        for n, (given, family) in enumerate(naughty):
            typed = {"given_names": given, "family_name": family, "email": f"d{n}@example.org"}
            page = nepal.open(nepal.fill("/missions/meetings/N2/nomination", **typed | more).location)
            assert page.all("h1")[0]["text"] == whole(given, family)
    send_pending(200)
    called = {whole(*one) if len(whole(*one)) <= 140 else one[0] for one in naughty}
    texts, pages = [], []
    for path in sorted(mails.glob("*.eml"))[before:]:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        texts.append(message.get_body(("plain",)).get_content().partition(",\n")[0])
        pages.append(unescape(message.get_body(("html",)).get_content().partition("<p>")[2].partition(",</p>")[0]))
    assert {*texts} == {*pages} == {f"Dear {name}" for name in called}


def test_all_names_stand_on_paper_also_those_whose_script_the_fonts_lack(names: Names, shared: Path):
    facts = [("Delegate", whole(*one)) for one in names]
    pdf = draw_letter(Letter("Letter", "It arrived.", "Fund", "A/RES", "", facts, (), (), "", (), PROOF), voice())
    try:
        read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        missing("pdftotext", "apt-get install poppler-utils")
    said, heard = shown(read), shown(words_of(pdf))
    assert [one for one in names if shown(whole(*one)) not in said and shown(whole(*one)) not in heard] == []
    typed = {"given_names": "สมชาย", "family_name": "ใจดี", "passport_name": "JAIDEE<<SOMCHAI"}
    somchai = Application(**typed, email="somchai@example.org")
    assert papers_names.name_on_paper(somchai) == "สมชาย ใจดี (JAIDEE, SOMCHAI)"
    assert papers_names.names_on_paper(somchai) == ("ใจดี (JAIDEE)", "สมชาย (SOMCHAI)")


def test_all_names_stand_in_the_files_of_a_report_and_of_a_bank(names: Names):
    typed = [whole(*one) for one in names]
    told = report([(name, "state", date(2018, 1, 1), "USD", Decimal(1), Decimal(1)) for name in typed])
    safe = [harmless(name) for name in typed]
    assert [name for name, kept in zip(typed, safe, strict=True) if name != kept] == ["=Ann +Lee"]
    assert [row[0] for row in csv_rows(draw_csv.draw_csv(told))[1 : len(typed) + 1]] == safe
    cells = [*sheets(draw_xlsx.draw_xlsx(told, voice()))[0].iter_rows(values_only=True)]
    assert [row[0] for row in cells[1 : len(typed) + 1]] == safe
    assert [row["donor"] for row in json.loads(draw_json.draw_json(told))["rows"]] == typed
    for name in typed:
        assert draw_pain001.text(name, 140) == " ".join(unicodedata.normalize("NFC", name).split())[:140]
