"""The doors in French: no page says a sentence that translators were not given, and none falls back to English."""

import re

import pytest

from trustfund import i18n
from trustfund.core.refusal import SENSE
from trustfund.translations.__main__ import extracted

GIVEN = {str(m.id) if not m.context else m.context + SENSE + str(m.id) for m in extracted() if isinstance(m.id, str)}
PAGES = {
    "nobody": ("/", "/contributions", "/proof?code=1+2345", "/personal-data", "/sign-in", "/nowhere"),
    "donor": ("/donors/", "/donors/pledges/new", "/auditors/"),
    "delegate": ("/delegates/",),
    "mission": ("/missions/",),
    "screening officer": ("/officers/", "/officers/pledges", "/officers/pledges/new", "/officers/designations"),
    "head": ("/officers/", "/officers/designations"),
    "auditor": (
        "/auditors/?verify=1",
        "/auditors/entries",
        "/auditors/entries/5",
        "/auditors/proof?code=1+2345",
        "/auditors/reports/status-of-contributions?to=2018-01-01",
        "/auditors/reports/trial-balance",
        "/auditors/reports/journal",
        "/auditors/reports/audit-trail",
    ),
    "administrator": ("/administrators/", "/administrators/accounts/new"),
}
ENGLISH = re.compile(r"\b(the|and|your|with|nothing|received|agreed|from)\b")


@pytest.mark.parametrize("who", PAGES)
def test_the_pages_of_a_door_are_french(quiet_house, who, monkeypatch):
    said, told = set(), i18n._text

    def text(language, sentence):
        said.add(sentence)
        return told(language, sentence)

    monkeypatch.setattr(i18n, "_text", text)
    visitor = quiet_house.visitor(who)
    visitor.open("/?lang=fr")
    for path in PAGES[who]:
        page = visitor.open(path)
        assert page.all("html")[0]["lang"] == "fr", path
        read = page.words("main").replace(page.words("pre") or "-", "")  # an entry as it was signed is no sentence
        assert not ENGLISH.search(read), (path, read)
    assert {s for s in said - GIVEN if len(s) > 3} == set()
