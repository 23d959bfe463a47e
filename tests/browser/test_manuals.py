"""The pages of docs/ show pages of the product: each picture is taken anew from a page that says what the manual says.

``make manual`` writes the pictures; in a plain test run they are only taken.
"""

import io
import os
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.conftest import ROOT

MANUALS = ("README.md", "docs/officers.md", "docs/auditors.md")
WIDE, HIGH = 1280, 900


def _desk(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you")


def _home(page: Page) -> None:
    page.goto("/")
    expect(page.locator(".seats title")).to_contain_text("seats awarded so far")


def _selection(page: Page) -> None:
    page.goto("/selections/N1")
    expect(page.locator("main")).to_contain_text("Ahead of 2")


def _refused(page: Page) -> None:
    """An award that Rafael Haldane certified himself."""
    page.goto("/officers/awards?stage=certified")
    page.locator("main tbody th a").first.click()
    button = page.get_by_role("button", name=re.compile("Approve"), disabled=True)
    expect(button).to_be_visible()
    expect(page.locator(f"#{button.get_attribute('aria-describedby')}")).to_contain_text("You certified")
    button.scroll_into_view_if_needed()


def _auditors_desk(page: Page) -> None:
    page.get_by_role("link", name="Verify now").click()
    expect(page.get_by_role("status")).to_contain_text("Sound")


def _entry(page: Page) -> None:
    page.goto("/auditors/entries?action=deposit.recorded")
    page.locator("main tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("cash:main")


def _report(page: Page) -> None:
    page.goto("/auditors/reports/fund-status")
    expect(page.locator(".stamp").first).to_be_visible()


SHOWN = {
    "docs/pictures/home.png": ("", _home),
    "docs/pictures/selection.png": ("", _selection),
    "docs/pictures/desk.png": ("certifying", _desk),
    "docs/pictures/refused.png": ("certifying", _refused),
    "docs/pictures/auditors-desk.png": ("auditor", _auditors_desk),
    "docs/pictures/entry.png": ("auditor", _entry),
    "docs/pictures/report.png": ("auditor", _report),
}


def test_every_picture_of_a_manual_is_one_that_is_taken_here():
    named = {
        os.path.normpath(os.path.join(os.path.dirname(manual), picture))
        for manual in MANUALS
        for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / manual).read_text(encoding="utf-8"))
    }
    assert named == SHOWN.keys()
    assert [picture for picture in named if not (ROOT / picture).is_file()] == []


@pytest.mark.browser
@pytest.mark.parametrize("picture", SHOWN)
def test_the_page_of_a_picture_says_what_its_manual_says(person, picture):
    who, find = SHOWN[picture]
    page = person(who, size=(WIDE, HIGH))
    find(page)
    taken = page.screenshot()
    if os.environ.get("TRUSTFUND_MANUAL"):
        (ROOT / picture).parent.mkdir(exist_ok=True)
        Image.open(io.BytesIO(taken)).quantize(256).save(ROOT / picture, optimize=True)
