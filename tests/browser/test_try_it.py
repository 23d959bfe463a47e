"""A newcomer walks the pledge by the buttons of “Try it as …” alone, on a telephone and without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.downloads import code_on, download

pytestmark = pytest.mark.browser


def test_a_newcomer_walks_the_life_of_a_pledge_by_its_buttons(person, tmp_path):
    page = person(size=(360, 740))
    page.get_by_role("link", name="Try it as …").click()
    _stands_on(page, "Try the fund as one of its people")

    _continues(page, "Luxembourg", "Announce a pledge")
    page.get_by_role("textbox", name="Amount", exact=True).fill("7500.00")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("radio").first.check()
    _button(page, "Announce the pledge")
    _stands_on(page, "Pledge of 7,500.00\u00a0EUR")

    _comes_back(page, "Announce a pledge", done=1)
    _continues(page, "Rafael Haldane", re.compile("Luxembourg: 7,500.00\u00a0EUR"))
    page.get_by_label("Document of the agreement").fill("Letters of 24 January 2018")
    _date(page, "Date of the agreement")
    _button(page, "Record the agreement")

    _comes_back(page, "Agreement", done=2)
    _continues(page, "Salma Idrissi", re.compile("Luxembourg: 7,500.00\u00a0EUR"))
    _date(page, "Value date")
    page.get_by_label("Bank reference").fill("LU-TRY-1")
    _button(page, "Record the deposit")

    _comes_back(page, "Deposit", done=3)
    _continues(page, "Luxembourg", "Pledge of 7,500.00\u00a0EUR")
    code = code_on(download(page, "Receipt", tmp_path))

    _comes_back(page, "Receipt", done=4)
    _continues(page, "Board of Auditors", "Check everything, change nothing")
    page.get_by_label("Code of any receipt or report").fill(code)
    _button(page, "Check")
    expect(page.get_by_role("status")).to_contain_text("unchanged")

    _comes_back(page, "Proof", done=5)
    _continues(page, "Board of Auditors", "Check everything, change nothing")
    page.get_by_role("link", name="Verify now").click()
    expect(page.get_by_role("status")).to_contain_text("Sound")

    _comes_back(page, "Verified", done=6)
    expect(page.locator("#pledge .note")).to_contain_text("This walk is done.")


def _continues(page: Page, name: str, heading) -> None:
    """The one button of the step that is next."""
    page.locator("#pledge li.now").get_by_role("button", name=f"Continue as {name}").click()
    _stands_on(page, heading)
    expect(page.locator("aside.demo")).to_contain_text(f"You try it as {name}.")


def _comes_back(page: Page, where: str, *, done: int) -> None:
    page.locator("aside.demo").get_by_role("link", name="Done? Go on to the next step").click()
    _stands_on(page, "Try the fund as one of its people")
    assert page.locator("#pledge .tag").count() == done, where


def _button(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def _date(page: Page, legend: str) -> None:
    group = page.get_by_role("group", name=legend)
    for label, text in (("Day", "24"), ("Month", "1"), ("Year", "2018")):
        group.get_by_label(label).fill(text)


def _stands_on(page: Page, heading) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
