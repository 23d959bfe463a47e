"""Passports and bank details at the officers' door: masked, asked why, then shown to that officer alone."""

import pytest

from tests import builders as b
from tests.conftest import NOW
from tests.operations.test_unmasking import NUMBER, sent_sealed
from tests.web.house import PAYS, SCREENS
from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.operations import people


@pytest.fixture
def path(house):
    """The page of Amna's application, with a number, an account and a passport page."""
    with house.at_work(), b.standing_at(NOW):
        reference = sent_sealed(people.account_of("amna@example.org").reference, NOW)
        house.things["page"] = db.session.query(Document).filter_by(kind="passport").one().reference
    return f"/officers/applications/{reference}"


def test_the_link_of_a_passport_page_asks_why_and_then_it_opens_for_that_officer(house, path):
    ines, file = house.visitor(SCREENS), f"/officers/documents/{house.things['page']}"
    page = ines.open(path)
    assert NUMBER not in page.text
    assert f"{path}/sealed/passport" in [link.get("href") for link in page.all("a")]
    asked = ines.open(file)
    assert (asked.status, asked.location) == (303, f"{path}/sealed/passport")
    form = ines.open(asked.location)
    assert "The passport of Amna Eltayeb is sealed" in form.words("h1")
    assert "Say why you need to see it" in form.text
    assert ines.send(form, reason="other").problems == {"words": "Write the reason: it is none of those above."}
    shown = ines.open(ines.send(form, reason="screening").location)
    assert shown.headers["Cache-Control"] == "no-store"
    assert NUMBER in shown.words("dl")
    assert NUMBER in ines.open(path).words("dl")
    assert ines.open(file).data == b"%PDF-1.7 passport"
    assert house.faults() == []


def test_others_see_who_looked_and_neither_number_nor_file(house, path):
    ines = house.visitor(SCREENS)
    ines.send(ines.open(f"{path}/sealed/passport"), reason="traveller")
    for who in (PAYS, "head", "officer without designation"):
        page = house.visitor(who).open(path)
        assert NUMBER not in page.text
        assert page.words("h2", id="shown") == "Shown once"
        assert "The traveller asked" in page.text
        assert house.visitor(who).open(f"/officers/documents/{house.things['page']}").status == 403
    why = house.visitor(PAYS).open(f"{path}/sealed/passport").words("p", id="why")
    assert why == "This is for an officer designated for screening."


def test_a_paying_officer_is_shown_the_account(house, path):
    salma = house.visitor(PAYS)
    assert "123-4567" not in salma.open(path).text
    page = salma.open(salma.send(salma.open(f"{path}/sealed/bank"), reason="payment").location)
    assert "Amna" in page.words("dl")
    assert "4567" in page.words("dl").replace("•••• 4567", "")
