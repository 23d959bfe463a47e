"""Every page of every person in a real browser: readable by all, on a telephone, from right to left, in the dark.

The language read from right to left is that of tests/browser/pseudo_arabic.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bench.pages import FIRST, LONGEST, Scale
from tests.browser import demonstration, looking
from tests.browser.every_page import NOT_PAGES, Crawl
from tests.browser.looking import Onlooker
from tests.conftest import ROOT

SHEET = ROOT / "trustfund/static/trustfund.css"
NOT_SHOWN = {
    "delegates/claim_check.html": "the second step of a claim, with papers; tests/browser/test_one_seat.py",
    "errors/refused.html": "a refusal that its own page does not tell; tests/web opens it",
}
"""Templates of pages that the crawl does not open, and who looks at them."""
BY_KEYBOARD = ("public/home.html", "delegates/page.html", "officers/award.html", "officers/applications.html")
LIGHT = dict.fromkeys(("public.home", "public.meeting", "public.sign_in", "delegates.page", "delegates.desk"), FIRST)
LISTED = dict.fromkeys(
    ("public.selection", "public.contributions", "officers.applications", "officers.awards"), LONGEST
)
Found = dict[str, list[str]]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """A demonstration with awards in every state, and what was found in it: one of each page."""
    folder = demonstration.made(tmp_path_factory.mktemp("every-page"), 80)
    with demonstration.served(folder) as base:
        yield Crawl(base, folder, kept=1, kept_of_many=1)


@pytest.fixture(scope="module")
def found(browser: Browser, crawl: Crawl) -> Found:
    """What is wrong with the pages: each is opened once in a language, and looked at in every light and width."""
    onlooker, wrong = Onlooker(browser, crawl), defaultdict(list)
    known: set[str] = set()
    for who in dict.fromkeys(page.who for page in crawl.pages):
        with onlooker.window(who) as window:
            for page in (page for page in crawl.pages if page.who == who):
                for what, findings in onlooker.look(window, page, closely=page.template not in known):
                    wrong[what] += [f"{page}: {finding}" for finding in findings]
                known.add(page.template)
    return wrong


@pytest.mark.browser
def test_every_page_that_can_be_opened_is_found_or_named(crawl: Crawl):
    endpoints = {rule.endpoint for rule in crawl.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    opened = {page.endpoint for page in crawl.pages if page.status == 200 and not page.action}
    assert endpoints - opened == {*NOT_PAGES}


@pytest.mark.browser
def test_no_page_breaks(crawl: Crawl):
    assert [str(page) for page in crawl.pages if page.status >= 500] == []


@pytest.mark.browser
def test_every_template_of_a_page_is_shown_or_named(crawl: Crawl):
    folder = ROOT / "templates"
    extends = {
        str(path.relative_to(folder)): found[1]
        for path in folder.rglob("*.html")
        if (found := re.search(r'{% extends "(.*?)" %}', path.read_text(encoding="utf-8")))
    }
    pages = extends.keys() - extends.values()
    assert pages - {page.template for page in crawl.pages} == {*NOT_SHOWN}


@pytest.mark.browser
@pytest.mark.parametrize(
    "what",
    [
        pytest.param("axe", id="axe finds nothing"),
        pytest.param("dark", id="in the dark every word has its contrast"),
        pytest.param("too wide", id="nothing is wider than the screen"),
        pytest.param("clipped", id="no words are cut off"),
        pytest.param("backwards", id="codes and amounts read as they were typed"),
        pytest.param("direction", id="the language gives the direction"),
    ],
)
def test_every_page_in_the_browser(found: Found, what: str):
    assert what in found, "it was looked at"
    assert found[what] == []


@pytest.mark.browser
@pytest.mark.parametrize("template", BY_KEYBOARD)
def test_every_control_is_reached_by_keyboard_and_shows_that_it_has_the_focus(
    browser: Browser, crawl: Crawl, template: str
):
    page = next(page for page in crawl.pages if page.template == template and not page.action)
    onlooker = Onlooker(browser, crawl)
    with onlooker.window(page.who) as window:
        onlooker.show(window, page, "en")
        controls, reached, unseen = looking.by_keyboard(window)
    assert controls, "a page has links"
    assert controls - reached == set()
    assert unseen == []


@pytest.mark.browser
@pytest.mark.parametrize("endpoint", [*LIGHT, *LISTED])
def test_a_page_is_light_on_a_slow_line(crawl: Crawl, endpoint: str):
    """Cold: the page, its sheets and the icon, as a browser gets them."""
    pages = [page for page in crawl.pages if page.endpoint == endpoint and page.status == 200 and not page.action]
    weights = {str(page): Scale().weigh(crawl.people[page.who], page.path).cold for page in pages}
    most = LIGHT.get(endpoint) or LISTED[endpoint]
    assert weights
    assert {page: weight for page, weight in weights.items() if weight > most} == {}


PHYSICAL = (
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b",
    r"border-(?:top|bottom)-(?:left|right)-radius",
    r"(?<![\w-])(?:left|right)\s*:",
    r"(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)",
    r"(?<![\w-])(?:width|min-width|max-width)\s*:",
    r"to (?:left|right)\b",
    r"(?<!rtl\] )(?<!\w)translateX",
)


def physical(sheet: str) -> list[str]:
    """What in a sheet says left or right where it should say start or end."""
    rules = re.sub(r"/\*.*?\*/|@media[^{]*\{", "", sheet, flags=re.DOTALL)
    wrong = [found[0] for pattern in PHYSICAL for found in re.finditer(pattern, rules)]
    for name, value in re.findall(r"(?<![\w-])(margin|padding|inset|border-width)\s*:([^;}]*)", rules):
        sides = value.split()
        if len(sides) == 4 and sides[1] != sides[3]:
            wrong.append(f"{name}:{value}")
    return wrong


def test_the_sheet_knows_start_and_end_but_neither_left_nor_right():
    assert physical(SHEET.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "rule",
    [
        "a{margin-left:1rem}",
        "a{text-align:right}",
        "a{left:0}",
        "a{padding:0 1px 2px 3px}",
        "a{width:2rem}",
        "a{float: left}",
    ],
)
def test_a_rule_that_points_left_or_right_is_seen(rule: str):
    assert physical(rule)


@pytest.mark.parametrize(
    "rule", ["a{padding:0 0 1.5rem}", "a{margin-inline:auto}", "@media (max-width:30rem){a{inset:0}}"]
)
def test_a_rule_that_says_start_and_end_is_left_alone(rule: str):
    assert physical(rule) == []
