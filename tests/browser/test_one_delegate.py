"""One delegate from the open call to an accepted application, and one selection from its preview to its proof."""

import email
import email.policy
import io
import json
import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Page, expect
from reportlab.pdfgen.canvas import Canvas

from bench.pages import BEFORE_UPLOADS, FIRST
from tests.browser.wire import Wire
from tests.builders import PASSWORD
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

TELEPHONE = (360, 740)
AISSATA = "aissata@example.org"
YOU = {
    "Prénoms": "Aïssata",
    "Nom de famille": "Ouédraogo",
    "Adresse électronique": AISSATA,
    "Fonction": "Première secrétaire",
    "Ministère ou organisation": "Ministère des affaires étrangères",
}


@pytest.fixture
def letter_to(served, tmp_path_factory):
    """Waits for the mail that the fund's worker sends to a person."""
    (folder,) = tmp_path_factory.getbasetemp().glob("served[0-9]/instance")

    def wait(address: str) -> email.message.EmailMessage:
        for _ in range(100):
            for file in sorted((folder / "mail").glob("*.eml")):
                letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                if letter["To"] == address:
                    return letter
            time.sleep(0.2)
        return pytest.fail(f"no mail came to {address}")

    return wait


def test_a_delegate_registers_applies_on_a_telephone_in_french_and_is_accepted(person, letter_to):
    aissata = person(language="fr", size=TELEPHONE, cold=True)
    wire = Wire(aissata)
    aissata.goto("/meetings/N3?lang=fr")
    first = wire.bytes
    assert 10_000 < first <= FIRST, "the first page, from cold"
    _register(aissata, letter_to)
    _apply(aissata)
    assert first + 20_000 < wire.bytes <= BEFORE_UPLOADS, "everything before the uploads"
    print(
        f"bytes on the wire: first page {first:,} of {FIRST:,}, before the uploads {wire.bytes:,} of {BEFORE_UPLOADS:,}"
    )
    paper = _send_the_note_verbale(aissata)
    aissata.locator("#declared").check()
    aissata.locator("main form button").last.click()
    _stands_on(aissata, "Votre demande est arrivée")
    expect(aissata.locator("main")).to_contain_text("Soumise, complète et dans le délai")
    public = aissata.get_by_text(re.compile(r"^N3-\w{4,}$")).first.inner_text()

    officer = person("screening", size=TELEPHONE)
    officer.goto("/officers/applications")
    officer.get_by_label("Name, State or reference").fill("ouedraogo")
    _button(officer, "Show")
    expect(officer.get_by_role("row").filter(has_text=public)).to_contain_text("Burkina Faso")
    _stands_on(officer, "Applications")
    assert officer.locator("main tbody tr").count() == 1, "only her application is found"
    officer.get_by_role("link", name="Aïssata Ouédraogo").click()
    _stands_on(officer, "Aïssata Ouédraogo, Burkina Faso")
    for typed in ("Première secrétaire", "27 March 1979", "MAE/112"):
        expect(officer.locator("main")).to_contain_text(typed)
    with officer.expect_download() as arriving:
        officer.get_by_role("link", name="note verbale n° 112.pdf").click()
    assert arriving.value.path().read_bytes() == paper, "the officer reads the letter that she sent"
    _button(officer, "Accept the application")
    expect(officer.locator("main .tag").first).to_have_text("Accepted")
    _stands_on(officer, "Aïssata Ouédraogo, Burkina Faso")

    aissata.reload()
    _stands_on(aissata, "Votre demande concourt pour une place")
    expect(aissata.locator("main")).to_contain_text(public)


def test_a_selection_is_kept_on_its_day_and_a_visitor_makes_the_same_list(person, tmp_path):
    officer = person("screening", size=TELEPHONE)
    officer.goto("/officers/meetings/H4")
    _stands_on(officer, "Fourth multi-stakeholder hearing: keep the run")  # a preview of yesterday waits
    _button(officer, "Make a preview")
    _stands_on(officer, "Who would travel: Fourth multi-stakeholder hearing")
    _button(officer, "Keep this run")
    _stands_on(officer, "Who travels: Fourth multi-stakeholder hearing")
    expect(officer.get_by_role("status").first).to_contain_text("The run is kept and published")

    visitor = person(size=TELEPHONE)
    visitor.goto("/selections/H4")
    _stands_on(visitor, "Who travels: Fourth multi-stakeholder hearing")
    record = tmp_path / "H4.json"
    address = visitor.get_by_role("link", name="Selection record (JSON)").get_attribute("href")
    record.write_bytes(visitor.request.get(address).body())
    published = json.loads(record.read_bytes())
    assert published["candidates"], "a list of nobody would prove nothing"
    rows = visitor.get_by_role("table", name="Ranked list").get_by_role("rowheader").all_inner_texts()
    assert [row.split()[-2].rstrip(",") for row in rows] == [place["reference"] for place in published["result"]]

    for left_out in ("result", "spent", "left", "digest"):
        del published[left_out]
    (tmp_path / "question.json").write_text(json.dumps(published))
    assert _ranked(tmp_path / "question.json") == _ranked(record) == record.read_bytes()


def _register(page: Page, letter_to) -> None:
    page.goto("/meetings/N3")
    _stands_on(page, "Troisième cycle de négociations, New York")
    page.get_by_role("link", name="Ouvrir un compte").click()
    _stands_on(page, "S’inscrire au titre d’une délégation")
    page.get_by_label("Adresse électronique").fill(AISSATA)
    _button(page, "Recevoir le lien")
    _stands_on(page, "Consultez votre messagerie")
    letter = letter_to(AISSATA)
    assert letter["Content-Language"] == "fr"
    page.goto(re.search(r"/password/\S+", letter.get_body(("plain",)).get_content())[0])
    _stands_on(page, "Définir votre mot de passe")
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même mot de passe, une seconde fois").fill(PASSWORD)
    _button(page, "Définir le mot de passe")
    _stands_on(page, "Se connecter")
    page.get_by_label("Adresse électronique").fill(AISSATA)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    _button(page, "Se connecter")
    _stands_on(page, "Mes demandes")


def _apply(page: Page) -> None:
    """The three short pages; on the first, a day that no calendar has, and everything else comes back as typed."""
    _button(page, "Présenter une demande Troisième cycle de négociations")
    _stands_on(page, "Votre demande n’est pas encore complète")
    page.get_by_role("link", name="Continuer avec : Vous").click()
    _stands_on(page, "Vous")
    for label, text in YOU.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Femme").check()
    _date(page, "Date de naissance", "31", "2", "1979")
    _button(page, "Enregistrer et continuer")
    expect(page.locator(".summary")).to_contain_text("Une réponse est à corriger")
    expect(page.locator(".summary a")).to_have_attribute("href", "#date_of_birth-day")
    _stands_on(page, "Vous")
    assert {label: page.get_by_label(label).input_value() for label in YOU} == YOU
    assert page.get_by_label("Femme").is_checked()
    group = page.get_by_role("group", name="Date de naissance")
    assert [group.get_by_label(part).input_value() for part in PARTS] == ["31", "2", "1979"]
    _date(page, "Date de naissance", "27", "3", "1979")
    _button(page, "Enregistrer et continuer")
    _stands_on(page, "Votre État et votre désignation")
    page.get_by_label("État qui vous désigne").select_option("Burkina Faso")
    page.get_by_label("Référence de la note verbale").fill("MAE/112")
    _date(page, "Date de la note verbale", "8", "1", "2018")
    _button(page, "Enregistrer et continuer")
    _stands_on(page, "Votre voyage")
    page.get_by_label("Ville de départ de votre voyage").fill("Ouagadougou")
    page.get_by_label("Non, ou seulement une partie").check()
    _button(page, "Enregistrer et continuer")


def _send_the_note_verbale(page: Page) -> bytes:
    """The letter that was sent; then every rule holds."""
    paper = io.BytesIO()
    canvas = Canvas(paper)
    canvas.drawString(72, 720, "Note verbale MAE/112")
    canvas.save()
    page.locator("#note_verbale").set_input_files(
        {"name": "note verbale n° 112.pdf", "mimeType": "application/pdf", "buffer": paper.getvalue()}
    )
    _button(page, "Enregistrer et continuer")
    expect(page.locator("#account")).to_be_visible()
    _button(page, "Enregistrer et continuer")
    _stands_on(page, "Toutes les règles sont respectées : vérifiez et soumettez")
    return paper.getvalue()


PARTS = ("Jour", "Mois", "Année")


def _date(page: Page, legend: str, *parts: str) -> None:
    group = page.get_by_role("group", name=legend)
    for label, text in zip(PARTS, parts, strict=True):
        group.get_by_label(label).fill(text)


def _button(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def _stands_on(page: Page, heading: str) -> None:
    """The page with this heading has come, and does not scroll sideways."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


def _ranked(record) -> bytes:
    """What the command answers on a machine without our database."""
    rank = [sys.executable, "-m", "trustfund.cli", "rank", str(record)]
    return subprocess.run(rank, cwd=ROOT, check=True, capture_output=True).stdout
