"""What a page shows in the browser that its markup does not tell: axe's rules, width, clipped words, direction."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ViewportSize
from playwright.sync_api import Page as Window

from tests.browser.every_page import Crawl, Page
from tests.browser.pseudo_arabic import CODE

HERE = Path(__file__).parent
AXE = (HERE / "vendor/axe.min.js").read_text(encoding="utf-8")
LOOKING = (HERE / "looking.js").read_text(encoding="utf-8")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SMALL: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 900}


class Onlooker:
    """A browser that shows the pages of a crawl to whom they belong."""

    def __init__(self, browser: Browser, crawl: Crawl):
        self.browser, self.crawl = browser, crawl

    @contextmanager
    def window(self, who: str, size: ViewportSize = WIDE, **settings: Any) -> Iterator[Window]:
        """A window of the person, signed in as in the crawl."""
        context = self.browser.new_context(base_url=self.crawl.base, viewport=size, **settings)
        if cookie := self.crawl.people[who].cookie:
            context.add_cookies([{"name": "trustfund", "value": cookie, "url": self.crawl.base}])
        try:
            yield context.new_page()
        finally:
            context.close()

    def show(self, window: Window, page: Page, language: str) -> None:
        """Open the page as it is reached: at its address, or by the form that is sent from there."""
        window.goto(f"{page.path}{'&' if '?' in page.path else '?'}lang={language}")
        if page.action:
            with window.expect_navigation():
                ask(window, "send", [page.action, page.fields])

    def look(self, window: Window, page: Page, closely: bool = True) -> Iterator[tuple[str, list[str]]]:
        """What is wrong with a page, by what it is about: from the right; closely also in English, by night, in French.

        A second page of a template has other words, but no other colours; the longest words are those from the right.
        """
        for language in ("en", "fr", CODE) if closely else (CODE,):
            window.set_viewport_size(WIDE)
            self.show(window, page, language)
            if language == "en" or not closely:
                axe = axe_in(window)
                yield "axe", axe()
            if language == "en":
                window.emulate_media(color_scheme="dark")
                yield "dark", axe("color-contrast")
                window.emulate_media(color_scheme="light")
            for size in (WIDE, SMALL):
                window.set_viewport_size(size)
                for what, question in (("too wide", "tooWide"), ("clipped", "clipped")):
                    yield what, [f"{language}, {size['width']} px: {told}" for told in ask(window, question)]
        yield "backwards", ask(window, "backwards")
        direction = window.locator("html").get_attribute("dir")
        yield "direction", [] if direction == "rtl" else [f"{CODE} is written {direction}"]


def ask(window: Window, question: str, values: object = None) -> Any:
    """An answer of looking.js about the page that is shown."""
    return window.evaluate(f"values => ({LOOKING}).{question}(values)", values)


def by_keyboard(window: Window) -> tuple[set[int], set[int], list[str]]:
    """The controls of a page, those that the tabulator reaches, and those of them that do not show it."""
    controls, reached, unseen = {*range(ask(window, "controls"))}, set(), []
    for _ in range(len(controls) + 2):
        window.keyboard.press("Tab")
        number, shown, name = ask(window, "focused")
        reached.add(number)
        if number in controls and not shown:
            unseen.append(name)
    return controls, reached, unseen


def axe_in(window: Window) -> Callable[..., list[str]]:
    """Asks axe about the page that is shown: all of TAGS, or some rules. Each finding begins with its gravity.

    It runs in a world of its own, which the page's policy does not reach.
    """
    client = window.context.new_cdp_session(window)
    frame = client.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = client.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})["executionContextId"]
    client.send("Runtime.evaluate", {"contextId": world, "expression": AXE})

    def findings(*rules: str) -> list[str]:
        wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
        options = json.dumps({"runOnly": wanted, "resultTypes": ["violations"], "preload": False})
        run = f"axe.run(document, {options}).then(found => JSON.stringify(found.violations))"
        found = client.send("Runtime.evaluate", {"contextId": world, "expression": run, "awaitPromise": True})
        return [
            f"{rule['impact']} {rule['id']}: {node['html'][:160]} ({node['target'][0]})"
            for rule in json.loads(found["result"]["value"])
            for node in rule["nodes"]
        ]

    return findings
