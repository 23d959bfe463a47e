"""Pictures of every page of every person: ``make pictures``, then open pictures/index.html.

python -m tests.browser.pictures [--language en,fr,ar] [--dark] [--only WORD] [--applications N] [FOLDER]

The demonstration is made in a temporary folder. ``ar`` is the language of the tests, read from right to left.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import demonstration
from tests.browser.conftest import FLAGS
from tests.browser.every_page import Crawl, Page
from tests.browser.looking import SMALL, WIDE, Onlooker

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page</title><style>
body{font-family:sans-serif;margin:1rem}h2{margin:2rem 0 0}h3{font-size:1rem;margin:1.5rem 0 .3rem}
div{display:flex;gap:1rem;align-items:start;overflow-x:auto}img{border:1px solid #999;height:30rem}</style>
<h1>Every page</h1>
"""


def main() -> None:
    asked = _asked()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is missing: apt-get install chromium")
    shutil.rmtree(asked.folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="trustfund-pictures-") as folder:
        tell(f"A demonstration of {asked.applications} applications is made.")
        instance = demonstration.made(Path(folder), asked.applications)
        with demonstration.served(instance) as base, sync_playwright() as playwright:
            tell("Its pages are looked for.")
            crawl = Crawl(base, instance)
            pages = [(page, name) for page, name in named(crawl.pages) if asked.only in name]
            onlooker = Onlooker(playwright.chromium.launch(executable_path=chromium, args=FLAGS), crawl)
            for n, (page, name) in enumerate(pages, 1):
                tell(f"{n} of {len(pages)}: {name}")
                take(onlooker, page, asked.folder / name, asked.language.split(","), asked.dark)
            onlooker.browser.close()
    (asked.folder / "index.html").write_text(index(asked.folder, pages), encoding="utf-8")
    print(f"\n{asked.folder / 'index.html'}")


def named(pages: list[Page]) -> Iterator[tuple[Page, str]]:
    """Each page with the beginning of the name of its pictures: person/endpoint-n."""
    count: Counter[str] = Counter()
    for page in pages:
        name = f"{page.who}/{page.endpoint}"
        count[name] += 1
        yield page, f"{name}-{count[name]}"


def take(onlooker: Onlooker, page: Page, start: Path, languages: list[str], dark: bool) -> None:
    """A picture of the whole page in each language and width."""
    start.parent.mkdir(parents=True, exist_ok=True)
    with onlooker.window(page.who, color_scheme="dark" if dark else "light") as window:
        for language in languages:
            window.set_viewport_size(WIDE)
            onlooker.show(window, page, language)
            for size in (WIDE, SMALL):
                window.set_viewport_size(size)
                window.screenshot(path=f"{start}.{size['width']}.{language}.png", full_page=True)


def index(folder: Path, pages: list[tuple[Page, str]]) -> str:
    """A page with all pictures, those of one page side by side."""
    parts, person = [HEAD], ""
    for page, name in sorted(pages, key=lambda each: each[0].who):
        if page.who != person:
            person = page.who
            parts.append(f"<h2>{escape(person)}</h2>\n")
        shown = sorted(folder.glob(f"{name}.*.png"), key=lambda path: (path.suffixes[-2], path.name))
        links = (
            f'<a href="{path.relative_to(folder)}"><img src="{path.relative_to(folder)}" alt="" loading="lazy"></a>'
            for path in shown
        )
        parts.append(f"<h3>{escape(str(page))}</h3>\n<div>{''.join(links)}</div>\n")
    return "".join(parts)


def tell(what: str) -> None:
    """What is being done, in one line of a terminal."""
    print(f"\r\x1b[K{what}" if sys.stdout.isatty() else what, end="" if sys.stdout.isatty() else "\n", flush=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures", description="Pictures of every page.")
    parser.add_argument("folder", nargs="?", type=Path, default=demonstration.ROOT / "pictures")
    parser.add_argument("--language", default="en,fr")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--only", default="", help="a word in the name of the pictures, for example officers.award")
    parser.add_argument("--applications", type=int, default=150)
    return parser.parse_args()


if __name__ == "__main__":
    main()
