"""Long lists: as many statements for 300 rows as for 3, and every row once, forward and back."""

import gzip
import json
import re

import pytest
from flask import request_finished

from tests.web.counting import statements
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.models.people import Account
from trustfund.models.record import Event

LISTS = [
    ("nobody", "/"),
    ("nobody", "/contributions"),
    ("nobody", "/meetings"),
    ("nobody", "/meetings/N2"),
    ("nobody", "/selections/N4"),
    ("nobody", "/open/meetings.json"),
    ("nobody", "/open/contributions.csv"),
    ("donor", "/donors/"),
    ("paying officer", "/officers/"),
    ("paying officer", "/officers/pledges"),
    ("paying officer", "/officers/meetings"),
    ("head", "/officers/designations"),
    ("paying officer", "/officers/pledges/new"),
    ("auditor", "/auditors/"),
    ("auditor", "/auditors/entries"),
    ("auditor", "/auditors/reports/status-of-contributions"),
    ("auditor", "/auditors/reports/journal.csv"),
    ("auditor", "/auditors/reports/audit-trail"),
    ("auditor", "/auditors/reports/trial-balance"),
    ("administrator", "/administrators/"),
    ("administrator", "/administrators/accounts/new"),
]


@pytest.mark.parametrize(("who", "path"), LISTS)
def test_a_list_of_hundreds_takes_as_many_statements_as_one_of_three(quiet_house, full_house, who, path):
    few, many = (
        statements(quiet_house.known(who), path),
        statements(full_house.known(who), path),
    )
    assert few == many
    assert many <= 22


@pytest.mark.parametrize(
    ("who", "path", "key", "link"),
    [
        ("paying officer", "/officers/pledges", Pledge.reference, r"^/officers/pledges/(P-\w+)$"),
        ("auditor", "/auditors/entries", Event.seq, r"^/auditors/entries/(\d+)$"),
        ("administrator", "/administrators/", Account.reference, r"^/administrators/accounts/(A-\w+)$"),
    ],
)
def test_paging_shows_every_row_once_forward_and_once_back(full_house, who, path, key, link):
    forward, last = _walk(full_house.known(who), path, link, "next")
    back, first = _walk(full_house.known(who), last, link, "prev")
    with full_house.at_work():
        every = {str(value) for value in db.session.scalars(db.select(key))}
    assert sorted(forward) == sorted(every)
    assert sorted(back) == sorted(every)
    assert full_house.known(who).open(first).all("a", rel="prev") == []


def test_every_contribution_is_public_once_page_by_page_and_the_day_goes_along(full_house):
    visitor, rows = full_house.visitor(), []
    path = "/contributions?as_at=2018-01-24"
    while path:
        page = visitor.open(path)
        rows += [row["text"] for row in page.all("tr")[1:-1]]
        assert "received from" in page.words("h1")
        further = page.all("a", rel="next")
        path, last = (further[0]["href"] if further else ""), path
    assert "as_at=2018-01-24" in last
    data = json.loads(visitor.open("/open/contributions.json").text)["rows"]
    assert len(rows) == len(data) > 300
    assert sorted(int(n) for row in rows for n in re.findall(r"Letter (\d+)", row)) == [*range(1, 301)]
    back = visitor.open(visitor.open(last).all("a", rel="prev")[0]["href"])
    assert len(back.all("tr")) == 52
    assert visitor.open("/contributions?after=gone").all("a", rel="prev") == []


def test_a_filter_goes_along_from_page_to_page(full_house):
    officer = full_house.known("paying officer")
    page = officer.open("/officers/pledges?stage=fully-paid&q=Letter")
    forward, _ = _walk(officer, "/officers/pledges?stage=fully-paid&q=Letter", r"^/officers/pledges/(P-\w+)$", "next")
    assert "stage=fully-paid" in page.all("a", rel="next")[0]["href"]
    assert len(forward) == 300


def test_a_long_list_says_where_its_page_stands(full_house):
    officer = full_house.known("paying officer")
    page = officer.open("/officers/pledges?q=Letter")
    assert "The newest 25 are listed; older ones follow." in page.words("p")
    page = officer.open(page.all("a", rel="next")[0]["href"].replace("&amp;", "&"))
    assert "25 are listed, between newer and older ones." in page.words("p")
    while further := page.all("a", rel="next"):
        page = officer.open(further[0]["href"].replace("&amp;", "&"))
    assert "The oldest 25 are listed." in page.words("p")


@pytest.mark.parametrize(
    ("path", "said", "all_of_them"),
    [
        ("/officers/pledges?stage=announced&q=zzz", "Searched: Announced and zzz.", "/officers/pledges"),
        (
            "/officers/applications?meeting=N3&stage=refused&q=zzz",
            "Searched: Third round of negotiations, Refused, and zzz.",
            "/officers/applications",
        ),
        ("/officers/states?category=LDC&q=zzz", "Searched: Least developed country and zzz.", "/officers/states"),
    ],
)
def test_where_nothing_is_found_the_page_says_what_was_searched_and_offers_all(full_house, path, said, all_of_them):
    page = full_house.known("paying officer").open(path)
    assert said in page.words("p")
    assert any(a["text"].startswith("Show all") for a in page.all("a", href=all_of_them))


@pytest.mark.parametrize("words", ["%", "_", "\\", "L_tter", "Lett%r"])
def test_a_wildcard_in_a_search_is_a_letter_like_others(full_house, words):
    page = full_house.known("paying officer").open("/officers/pledges", query_string={"q": words})
    assert page.words("h2") == "No contribution is like this"


def test_a_search_finds_a_donor_a_document_or_a_reference(full_house):
    officer = full_house.known("paying officer")
    for words in ("norway", "note verbale 17/418", full_house.things["paid"].lower()):
        assert len(officer.open("/officers/pledges", query_string={"q": words}).all("th", scope="row")) == 1


def test_a_page_from_a_key_that_is_gone_is_an_empty_one_with_a_way_back(full_house):
    page = full_house.known("paying officer").open("/officers/pledges?after=1")
    assert page.status == 200
    assert page.all("a", href="/officers/pledges")


def test_the_home_page_and_the_form_of_a_pledge_weigh_less_than_30_kilobytes_with_all_they_load(full_house):
    for who, path in (("nobody", "/"), ("donor", "/donors/pledges/new")):
        visitor, weight = full_house.visitor(who), 0
        page = visitor.open(path, headers={"Accept-Encoding": "gzip"})
        text = gzip.decompress(page.data).decode() if "Content-Encoding" in page.headers else page.text
        for asset in (path, *re.findall(r'(?:href|src)="(/static/[^"]+)"', text)):
            answer = visitor.open(asset, headers={"Accept-Encoding": "gzip"})
            weight += len(answer.data) + len(str(answer.headers))
        assert 10_000 < weight < 30_720, path


def test_a_file_that_is_addressed_by_its_digest_is_kept_for_ever_and_comes_compressed(full_house):
    visitor = full_house.visitor()
    address = re.search(r'href="(/static/trustfund\.css[^"]+)"', visitor.open("/").text)[1]
    plain, small = visitor.open(address), visitor.open(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "max-age=31536000" in small.headers["Cache-Control"]
    known = {"If-None-Match": small.headers["ETag"], "Accept-Encoding": "gzip"}
    assert visitor.open(address, headers=known).status == 304
    assert visitor.open(address, headers={"Range": "bytes=0-9", "Accept-Encoding": "gzip"}).data == plain.data[:10]


def test_a_file_that_the_browser_has_already_is_closed_and_not_sent(full_house):
    visitor, closed = full_house.visitor(), []
    tag = visitor.open("/static/icon.svg").headers["ETag"]
    with request_finished.connected_to(
        lambda _, response: closed.append(response.response.file.closed), full_house.app
    ):
        assert visitor.open("/static/icon.svg", headers={"If-None-Match": tag}).status == 304
    assert closed == [True]


def test_a_page_with_a_form_comes_compressed_and_its_length_tells_nobody_what_stands_in_it(full_house):
    paying = full_house.known("paying officer")
    pages = [paying.open("/officers/pledges?q=x", headers={"Accept-Encoding": "gzip"}) for _ in range(12)]
    texts = [gzip.decompress(page.data).decode() for page in pages]
    assert all("csrf_token" in text and len(page.data) < len(text) / 2 for text, page in zip(texts, pages, strict=True))
    assert max(len(page.data) for page in pages) - min(len(page.data) for page in pages) > 10


def test_open_data_is_asked_for_again_and_sent_again_only_if_it_changed(full_house):
    visitor = full_house.visitor()
    first = visitor.open("/open/contributions.json")
    assert first.headers["Cache-Control"] == "no-cache"
    assert visitor.open("/open/contributions.json", headers={"If-None-Match": first.headers["ETag"]}).status == 304


def _walk(visitor, path, link, way):
    """The keys of all rows from a page on, and the address of the last page."""
    found = []
    for _ in range(60):
        page = visitor.open(path)
        found += [m[1] for a in page.all("a") if (m := re.match(link, a["href"]))]
        further = page.all("a", rel=way)
        if not further:
            return found, path
        path = further[0]["href"]
    raise AssertionError(f"the pages from {path} do not end")
