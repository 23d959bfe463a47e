"""What pages weigh on the wire, as a browser gets them: the page, and cold with its sheets and the icon."""

import gzip
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request

from tests.browser import demonstration
from tests.browser.every_page import Crawl, Page, Person

FIRST, LONGEST = 30_000, 40_000
"""Bytes that a first page may weigh, cold, and the longest page of a list."""
BEFORE_UPLOADS = 120_000
"""Bytes at most of a whole application, from the first page, cold, to the page where files are chosen."""
LISTS = {
    *("officers.applications", "officers.awards", "officers.payments", "officers.claims", "officers.pledges"),
    *("officers.states", "officers.rates", "officers.selection", "officers.certification", "officers.attendance"),
    *("officers.payment_orders", "officers.payment_order", "officers.money", "auditors.entries", "auditors.report"),
    *("public.selection", "public.contributions", "public.meetings", "administrators.desk"),
}
"""Endpoints whose rows grow with the fund, page by page."""
APPLICATIONS = 400
HEADER = f"{'bytes on the wire':50}{'page':>9}{'all, cold':>11}{'goal':>9}"


@dataclass(frozen=True)
class Weight:
    """Bytes: of the page as it is sent, and of its files."""

    page: int
    files: int

    @property
    def cold(self) -> int:
        return self.page + self.files


class Scale:
    """Weighs pages; a file that pages share is fetched once."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}

    def weigh(self, person: Person, path: str) -> Weight:
        sent = self.sent(person, path)
        plain = gzip.decompress(sent) if sent[:2] == b"\x1f\x8b" else sent
        files = re.findall(rb'<link rel="(?:icon|stylesheet)" href="([^"]+)"', plain)
        weight = sum(self._file(person, address.decode()) for address in files)
        return Weight(len(sent), weight)

    def _file(self, person: Person, address: str) -> int:
        if address not in self._files:
            self._files[address] = len(self.sent(person, address))
        return self._files[address]

    @staticmethod
    def sent(person: Person, path: str) -> bytes:
        """The bytes of the body as a browser gets them."""
        return person.fetch(Request(f"{person.base}{path}", headers={"Accept-Encoding": "gzip"}))


def goal(page: Page) -> int:
    return LONGEST if page.endpoint in LISTS else FIRST


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="trustfund-bench-") as folder:
        instance = demonstration.made(Path(folder), APPLICATIONS)
        with demonstration.served(instance) as base:
            report(Crawl(base, instance))


def report(crawl: Crawl) -> None:
    """The heaviest page of each endpoint, the heaviest first; over its goal it is marked."""
    scale, heaviest = Scale(), dict[str, tuple[Weight, Page]]()
    for page in (page for page in crawl.pages if page.status == 200 and not page.action):
        weight = scale.weigh(crawl.people[page.who], page.path)
        if page.endpoint not in heaviest or weight.page > heaviest[page.endpoint][0].page:
            heaviest[page.endpoint] = weight, page
    print(HEADER)
    for endpoint, (weight, page) in sorted(heaviest.items(), key=lambda each: -each[1][0].page):
        mark = "over" if weight.cold > goal(page) else ""
        name = f"{endpoint} ({page.who})"[:49]
        print(f"{name:50}{weight.page:9,}{weight.cold:11,}{goal(page):9,}  {mark}", flush=True)


if __name__ == "__main__":
    main()
