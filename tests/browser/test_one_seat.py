"""One seat from its offer to the settled journey, as the delegate and four officers do it in their browsers."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from werkzeug.serving import make_server

from tests import journeys as j
from tests.browser.downloads import download
from tests.builders import PASSWORD
from tests.reports.reading import words_of
from tests.seats import AUTUMN, designated
from trustfund.extensions import db
from trustfund.models.people import SignIn
from trustfund.operations import people, record
from trustfund.services.clock import clock, real_now

pytestmark = pytest.mark.browser

TELEPHONE = (360, 740)
AUTHORIZED = datetime(2018, 1, 29, 12, tzinfo=UTC)
MISTYPED = "DE89 3704 0044 0532 0130 01"
REPORT = "J’ai parlé au nom du Groupe africain du renforcement des capacités."


@pytest.fixture
def seat(app):
    """The award of Amna Eltayeb of Sudan, to whom a seat at the first round is proposed. Rafael may approve as well."""
    j.fund()
    designated("Rafael", "approving", at=AUTUMN, second="Lise")
    (proposed,) = j.seated(("Amna Eltayeb", "SDN"))
    for name in ("amna", "rafael", "lise", "salma", "ines"):
        people.set_password(people.account_of(f"{name}@example.org"), PASSWORD)
    db.session.remove()
    return proposed


@pytest.fixture
def served(app, seat):
    """The address of a server over this fund alone, whose clock the test sets."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    at_work = Thread(target=server.serve_forever)
    at_work.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    at_work.join()
    server.server_close()


def test_a_seat_is_accepted_paid_travelled_and_settled(person, seat, tmp_path):
    _it_is(j.OFFERED)
    amna = _signed_in(person, "amna", "fr")
    _accepts(amna)
    _enters_her_account(amna)

    _it_is(j.CERTIFIED)
    rafael = _signed_in(person, "rafael")
    _certifies(rafael, seat)
    _reads_why_he_cannot_approve(rafael)

    _it_is(j.APPROVED)
    lise = _signed_in(person, "lise")
    _opens(lise, f"/officers/awards/{seat}")
    _button(lise, re.compile(r"Approve [\d,.]+ USD"))
    _told(lise, "The award is approved")

    _it_is(AUTHORIZED)
    ines = _signed_in(person, "ines")
    _authorizes_and_records_the_ticket(ines, seat)
    _opens(amna, f"/delegates/awards/{seat}")
    paper = download(amna, "Autorisation de voyage (PDF)", tmp_path).read_bytes()
    assert paper.startswith(b"%PDF-")
    assert "Amna Eltayeb" in words_of(paper)

    _it_is(j.PAID)
    _pays_the_advance(_signed_in(person, "salma"), tmp_path)

    _it_is(j.FIRST_DAY)
    _opens(ines, f"/officers/awards/{seat}")
    _button(ines, "Confirm the attendance")
    _told(ines, "The attendance is confirmed")

    _it_is(j.BACK)
    _claims(amna)

    _it_is(j.SETTLED)
    _opens(rafael, f"/officers/awards/{seat}/settlement")
    expect(rafael.locator("main")).to_contain_text(REPORT)
    _button(rafael, "Prepare the settlement")
    _told(rafael, "The settlement is prepared")
    _opens(lise, f"/officers/awards/{seat}/settlement")
    _button(lise, re.compile(r"Approve [\d,.]+\sUSD"))
    _told(lise, "The settlement is approved")
    _stands_on(lise, "Amna Eltayeb: settled and closed")

    _opens(amna, "/delegates/")
    amna.get_by_role("link", name="Voir la prise en charge").click()
    _stands_on(amna, "Votre voyage est payé et réglé")
    assert download(amna, "Décompte de règlement (PDF)", tmp_path).read_bytes().startswith(b"%PDF-")
    assert j.award(seat).stage == "closed"
    assert record.verify(full=True).faults == []


def _accepts(page: Page) -> None:
    """The offer is the first thing on her desk."""
    _stands_on(page, "Mes demandes")
    page.get_by_role("link", name="Lire l’offre et y répondre").click()
    _stands_on(page, re.compile("Une place vous est proposée"))
    page.get_by_label("Par virement bancaire").check()
    _button(page, "Accepter la place")


def _enters_her_account(page: Page) -> None:
    """With one wrong figure first: it is told, and everything comes back as she typed it."""
    _stands_on(page, "Où le paiement doit-il vous parvenir ?")
    typed = {"Titulaire du compte": "Amna Eltayeb", "IBAN, ou numéro de compte": MISTYPED, "BIC": "COBADEFF"}
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    _button(page, "Conserver les coordonnées bancaires")
    expect(page.locator(".summary a")).to_have_attribute("href", "#account")
    expect(page.locator(".summary")).to_contain_text("La clef de contrôle de cet IBAN ne concorde pas")
    _stands_on(page, "Où le paiement doit-il vous parvenir ?")
    assert {label: page.get_by_label(label).input_value() for label in typed} == typed
    page.get_by_label("IBAN, ou numéro de compte").fill(j.IBAN)
    _button(page, "Conserver les coordonnées bancaires")
    _stands_on(page, "Vous avez accepté la place")
    expect(page.locator("main")).to_contain_text(f"•••• {j.IBAN[-4:]}")
    assert j.IBAN not in page.content()


def _certifies(page: Page, seat: str) -> None:
    """He signed in long ago, so that he is asked once more who he is; what he sent waits meanwhile."""
    _opens(page, f"/officers/awards/{seat}")
    db.session.execute(update(SignIn).values(confirmed_at=real_now() - timedelta(hours=1)))
    db.session.commit()
    _button(page, re.compile(r"Certify [\d,.]+ USD"))
    _stands_on(page, "Confirm that it is you")
    assert j.award(seat).stage == "accepted"
    page.get_by_label("Password").fill(PASSWORD)
    _button(page, "Confirm and go on")
    _told(page, "The award is certified")


def _reads_why_he_cannot_approve(page: Page) -> None:
    """He is designated for approving as well, but not of what he certified: the button says so."""
    button = page.get_by_role("button", name=re.compile("Approve"))
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description("You certified this award; another officer must approve it.")


def _authorizes_and_records_the_ticket(page: Page, seat: str) -> None:
    _opens(page, f"/officers/awards/{seat}")
    _button(page, "Authorize the travel")
    _told(page, "Travel is authorized")
    page.get_by_label("Price, USD").fill("1000.00")
    page.get_by_label("Number of the ticket").fill("057-2402117733")
    _button(page, "Record the ticket")
    _told(page, "The ticket is recorded")
    expect(page.locator("main")).to_contain_text("057-2402117733")


def _pays_the_advance(page: Page, folder) -> None:
    """The file for the bank has the account in full, which the page of the order has not."""
    page.get_by_role("link", name="One advance to pay").click()
    _stands_on(page, re.compile("You can make one payment"))
    _button(page, re.compile("Release one payment"))
    _told(page, "The order is released")
    _stands_on(page, re.compile("One payment released"))
    assert j.IBAN not in page.content()
    order = ET.fromstring(download(page, "Take the payment order, XML", folder).read_bytes())
    said = {found.tag.rpartition("}")[2]: found.text for found in order.iter()}
    assert (said["IBAN"], said["BICFI"], said["InstdAmt"], said["CtrlSum"]) == (j.IBAN, "COBADEFF", *["1738.00"] * 2)


def _claims(page: Page) -> None:
    """Her days are filled in; one page asks, the next shows what it comes to before it is sent."""
    _opens(page, "/delegates/")
    page.get_by_role("link", name="Présenter la demande de remboursement").click()
    _stands_on(page, "Votre demande de remboursement pour ce voyage")
    page.get_by_label("Bref rapport sur la réunion").fill(REPORT)
    _button(page, "Calculer et vérifier")
    _stands_on(page, "Selon cette demande de remboursement, rien n’est dû de part ni d’autre")
    page.get_by_label("Je déclare que mes indications sont exactes").check()
    _button(page, "Soumettre la demande de remboursement")
    _stands_on(page, "Votre demande de remboursement est parvenue au Fonds")


def _it_is(instant: datetime) -> None:
    """The server's clock stands there until it is set again."""
    clock()._set = instant


def _signed_in(person, name: str, language: str = "en") -> Page:
    page = person(language=language, size=TELEPHONE)
    page.goto("/sign-in")
    page.fill("#email", f"{name}@example.org")
    page.fill("#password", PASSWORD)
    page.click("main button")
    return page


def _opens(page: Page, path: str) -> None:
    page.goto(path)
    _fits(page)


def _button(page: Page, name) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def _told(page: Page, what: str) -> None:
    """What a deed says once it is done."""
    expect(page.get_by_role("status").first).to_contain_text(what)
    _fits(page)


def _stands_on(page: Page, heading) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    _fits(page)


def _fits(page: Page) -> None:
    """The page does not scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
