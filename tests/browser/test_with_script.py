"""With script a page of the form keeps what was typed as it is left; nobody has to press a button."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_what_was_typed_is_there_although_the_page_was_only_left(person):
    amna = person("delegate", size=(360, 740), script=True)
    amna.goto("/meetings/N3")
    amna.click("main a[href*='/delegates/']")
    if amna.locator("main form button").count():
        amna.locator("main form button").first.click()
    you = amna.locator("main a[href$='/you']").first.get_attribute("href")
    amna.goto(you)
    amna.get_by_label("Position").fill("Counsellor of the night")
    amna.goto("/meetings")
    for _ in range(20):  # it is sent while the next page opens already
        amna.goto(you)
        if amna.get_by_label("Position").input_value() == "Counsellor of the night":
            break
        amna.wait_for_timeout(200)
    expect(amna.get_by_label("Position")).to_have_value("Counsellor of the night")
