"""One pledge from the first word to the paper that proves it, as five people see it in their browsers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORDS
from tests.browser.downloads import code_on, download

pytestmark = pytest.mark.browser


def test_a_pledge_becomes_a_paper_that_proves_itself(person, tmp_path):
    donor = person("norway")
    donor.get_by_role("link", name="Announce a pledge").first.click()
    donor.get_by_role("textbox", name="Amount", exact=True).fill("12500.00")
    donor.get_by_label("Currency").select_option("EUR")
    donor.get_by_role("radio").first.check()
    _date(donor, "When is it expected?", "30", "6", "2018")
    donor.get_by_role("button", name="Announce the pledge").click()
    expect(donor.get_by_role("status")).to_contain_text("Your pledge is announced.")
    expect(donor.get_by_role("heading", level=1)).to_have_text("Pledge of 12,500.00\u00a0EUR")
    pledge = donor.url.rpartition("/")[2]

    certifying = person("certifying")
    certifying.get_by_role("link", name=re.compile("pledges? to agree")).click()
    certifying.get_by_role("link", name="Norway").first.click()
    assert certifying.url.endswith(pledge)
    certifying.get_by_label("Document of the agreement").fill("Exchange of letters of 15 January 2018")
    _date(certifying, "Date of the agreement", "15", "1", "2018")
    certifying.get_by_role("button", name="Record the agreement").click()
    expect(certifying.get_by_role("status")).to_contain_text("The agreement is recorded")

    paying = person("approving2")
    paying.goto(f"/officers/pledges/{pledge}")
    assert paying.get_by_label("Amount received").input_value() == "12500.00"
    _date(paying, "Value date", "22", "1", "2018")
    paying.get_by_label("Bank reference").fill("NO-2018-0007")
    paying.get_by_role("button", name="Record the deposit").click()
    expect(paying.get_by_role("status")).to_contain_text("The donor can take the receipt.")

    donor.goto(f"/donors/pledges/{pledge}")
    expect(donor.locator("main")).to_contain_text("Fully paid")
    paper = download(donor, "Receipt", tmp_path)
    assert paper.read_bytes().startswith(b"%PDF-")
    assert re.fullmatch(r"receipt-R-[2-9A-Z]{8}\.pdf", paper.name)

    auditor = person("auditor")
    auditor.get_by_label("Code of any receipt or report").fill(code_on(paper))
    auditor.get_by_role("button", name="Check").click()
    place = re.search(r"entry (\d+) of the record", paying.get_by_role("status").inner_text())[1]
    expect(auditor.get_by_role("status")).to_contain_text(f"In the record, at place {place}, unchanged.")
    auditor.get_by_role("link", name="Open the entry").click()
    expect(auditor.locator("main")).to_contain_text("NO-2018-0007")

    auditor.goto("/auditors/reports/status-of-contributions")
    expect(auditor.get_by_role("table").first).to_contain_text("Exchange of letters of 15 January 2018")
    for form, start in (("PDF", b"%PDF-"), ("XLSX", b"PK"), ("CSV", "\ufeffdonor".encode()), ("JSON", b"{")):
        file = download(auditor, form, tmp_path)
        assert file.read_bytes().startswith(start)
        assert file.name == f"status-of-contributions-2018-01-24.{form.lower()}"


MENUS = {
    "": ["/", "/contributions", "/proof", "/proof?code=5+abcd+abcd", "/personal-data", "/sign-in", "/nowhere"],
    "donor": ["/donors/", "/donors/pledges/new"],
    "delegate": ["/delegates/"],
    "mission": ["/missions/"],
    "paying": ["/officers/", "/officers/pledges", "/officers/pledges/new", "/officers/designations"],
    "ended": ["/officers/"],
    "head": ["/officers/designations", "/donors/"],
    "auditor": [
        "/auditors/?verify=1",
        "/auditors/proof",
        "/auditors/entries",
        "/auditors/entries/30",
        *(
            f"/auditors/reports/{name}"
            for name in ("status-of-contributions", "trial-balance", "journal", "audit-trail")
        ),
    ],
    "administrator": ["/administrators/", "/administrators/accounts/new"],
}


@pytest.mark.parametrize("who", MENUS)
def test_every_page_fits_a_telephone_in_french(person, who):
    page = person(who, language="fr", size=(360, 740))
    todo = list(MENUS[who])
    for path in todo:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "fr"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"
        rows = [a.get_attribute("href") for a in page.locator("main tbody th a").all()[:2]]
        todo += [row for row in rows if row not in todo and len(todo) < 14]


def test_the_keyboard_alone_signs_in_and_announces_a_pledge(person):
    page = person()
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    assert _focused(page, ".skip"), "the first stop is the way past the head of the page"
    page.keyboard.press("Enter")
    for target, typed in (("#email", "foundation@example.org"), ("#password", PASSWORDS["foundation"])):
        _tab_to(page, target)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/donors/")
    _tab_to(page, "main a.btn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pledges/new")
    _tab_to(page, "#amount")
    page.keyboard.type("750.00")
    _tab_to(page, "#currency")
    page.keyboard.type("CHF")
    _tab_to(page, "#purpose-0")
    page.keyboard.press("Space")
    _tab_to(page, "#expected_on-day")
    for part in ("31", "2", "2018"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    _tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator(".summary")).to_be_visible()
    assert _focused(page, ".summary"), "what went wrong is read first"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert _focused(page, "#expected_on-day"), "a line of the summary leads to its field"
    page.keyboard.press("Control+a")
    page.keyboard.type("28")
    _tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pledge of 750.00\u00a0CHF")


def _date(page: Page, legend: str, *parts: str) -> None:
    group = page.get_by_role("group", name=legend)
    for label, text in zip(("Day", "Month", "Year"), parts, strict=True):
        group.get_by_label(label).fill(text)


def _tab_to(page: Page, target: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if _focused(page, target):
            return
    pytest.fail(f"the keyboard does not reach {target}")


def _focused(page: Page, target: str) -> bool:
    return page.evaluate("target => document.activeElement?.matches(target)", target)
