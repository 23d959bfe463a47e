"""Every page of every person: found by following links through a served demonstration, a few of each kind kept.

A kind is what a page looks like apart from its rows and figures: its template, its headings, its forms. The tests look
at the pages in a browser, and ``make pictures`` takes their pictures.
"""

from collections import Counter, deque
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from werkzeug.exceptions import HTTPException

from tests.browser import demonstration
from tests.browser.markup import Seen, plain, seen

DOORS = ("donors", "officers", "auditors")
APPLICANTS = ("delegates", "missions", "officers")
NOT_PAGES = {
    **dict.fromkeys(("donors.receipt", "officers.receipt", "auditors.receipt"), "a receipt, PDF"),
    **dict.fromkeys(("delegates.document", "officers.document", "missions.document"), "a paper that somebody sent"),
    **dict.fromkeys((f"{door}.letter" for door in DOORS), "a letter that a donor sent"),
    **dict.fromkeys((f"{door}.agreement_paper" for door in DOORS), "an agreement to be signed, PDF"),
    **dict.fromkeys((f"{door}.call" for door in DOORS), "the call for an instalment, PDF"),
    **dict.fromkeys((f"{door}.certificate" for door in DOORS), "a certificate of a year, PDF"),
    **dict.fromkeys(("donors.statement", "officers.donor_statement"), "a donor's statement of a year, PDF"),
    "auditors.donor_statement": "the same",
    **dict.fromkeys(("donors.results_file", "officers.donor_results_file"), "what a contribution did, PDF"),
    "officers.results_file": "what contributions did, as a file",
    **dict.fromkeys(("delegates.authorization", "officers.authorization"), "an authorization to travel, PDF"),
    **dict.fromkeys(("delegates.settlement", "officers.statement"), "a settlement, PDF"),
    **dict.fromkeys(("officers.passenger_list", "officers.signature_list"), "a list for the agent or the bank, PDF"),
    **dict.fromkeys((f"{door}.confirmation" for door in APPLICANTS), "that an application arrived, PDF"),
    **dict.fromkeys((f"{door}.decision_letter" for door in APPLICANTS), "the letter of what was decided, PDF"),
    "officers.payment_order_file": "a payment order, XML",
    **dict.fromkeys(("auditors.report_file", "public.open_contributions_file"), "a report as a file"),
    **dict.fromkeys(("auditors.record", "auditors.anchors", "auditors.record_file"), "the record as text"),
    "auditors.verifier_file": "the verifier, Python",
    **dict.fromkeys(("public.open_meetings", "public.open_selection", "public.open_overrides"), "open data, JSON"),
    "public.healthz": "for machines, JSON",
    "public.own_desk": "goes on to the person's desk",
    "delegates.note_verbale": "goes on to the page of all documents",
    "trying.sign_in": "goes on to the page that offers it",
    "static": "the files of every page",
}
"""Endpoints that answer something else than a page, and what."""
MANY_STATES = {
    *("officers.pledge", "donors.pledge", "officers.deposit", "officers.bank_line", "officers.statement_read"),
    *("officers.award", "officers.application", "officers.settlement", "officers.payment_order", "officers.selection"),
    *("delegates.award", "delegates.application", "delegates.claim", "officers.meeting", "public.meeting"),
}
ASKED = {"q", "about", "code", "zone", "verify", "state"}
"""Words of an address that make another page of it: a search, a check."""
OPENED = 6  # addresses of one endpoint that one person opens, before the others are left
LATE = "approving2"  # the officer whose password was typed too long ago, in the end


@dataclass(frozen=True)
class Page:
    """A page as one person sees it: opened at its address, or answered to a form that was sent from there."""

    who: str
    endpoint: str
    template: str
    path: str
    status: int
    action: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        sent = f" → POST {self.action}" if self.action else ""
        return f"{self.template} {self.status} ({self.who}: {self.path}{sent})"


@dataclass(frozen=True)
class Answer:
    path: str  # after what was opened sent the reader on
    status: int
    endpoint: str
    template: str
    seen: Seen


@dataclass(eq=False)
class Person:
    """Somebody with a cookie, who reads without a browser."""

    base: str

    def __post_init__(self) -> None:
        self.jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar))

    def open(self, path: str, sent: dict[str, str] | None = None) -> Answer:
        request = Request(urljoin(self.base, path), urlencode(sent).encode() if sent is not None else None)
        try:
            answer = self._opener.open(request, timeout=60)
        except HTTPError as error:
            answer = error
        with answer:
            endpoint, _, template = answer.headers["X-Page"].partition(" ")
            text = answer.read().decode() if template else ""
            at = urlsplit(answer.url)
            read = seen(text, at.path) if text else Seen()
            return Answer(f"{at.path}?{at.query}".rstrip("?"), answer.status, endpoint, template, read)

    def fetch(self, request: Request) -> bytes:
        """The body as it is sent."""
        with self._opener.open(request, timeout=60) as answer:
            return bytes(answer.read())

    def sign_in(self, email: str, password: str) -> None:
        token = self.open("/sign-in?lang=en").seen.token
        answer = self.open("/sign-in", {"csrf_token": token, "email": email, "password": password})
        assert answer.endpoint != "public.sign_in", f"{email} could not sign in"

    @property
    def cookie(self) -> str:
        return next((str(cookie.value) for cookie in self.jar if cookie.name == "trustfund"), "")


class Crawl:
    """What was found of a served demonstration: the people with their cookies, and the pages that are kept."""

    def __init__(self, base: str, folder: Path, kept: int = 2, kept_of_many: int = 6):
        """``kept``: how many kinds of one page are enough, and of one that has many states."""
        self.base = base
        self._enough = kept, kept_of_many
        self.app = demonstration.opened(folder)
        self.pages: list[Page] = []
        self.people = {"nobody": Person(base)}
        self._adapter = self.app.url_map.bind("")
        self._kinds: set[object] = set()
        self._kept: Counter[object] = Counter()
        self._sent: set[tuple[str, str]] = set()
        self._searched: set[str] = set()
        self._run()

    def _run(self) -> None:
        cast, link, things = demonstration.cast(self.app)
        for who, (email, password) in cast.items():
            self.people[who] = Person(self.base)
            self.people[who].sign_in(email, password)
        self._follow("nobody", ["/", "/register", "/register/sent", link, f"{link}x", "/nowhere"])
        first, *others = demonstration.OFFICERS
        self._follow(first, ["/desk", *things])
        theirs = [page.path for page in self.pages if page.who == first and not page.action]
        for who in others:
            self._follow(who, ["/desk", *theirs], onward=False)
        for who in (who for who in cast if who not in demonstration.OFFICERS):
            self._follow(who, ["/desk"])
        self._refusals()

    def _refusals(self) -> None:
        """A page of another door; a file that cannot be read; a form after the sign-in ended, and after it grew old."""
        self._follow("donor", ["/officers/"], onward=False)
        token = self.people["paying"].open("/officers/rates").seen.token
        self._send("paying", "/officers/rates", "/officers/rates/exchange", token, text="currency,per_usd\nEUR,x\n")
        token = self.people["nobody"].open("/sign-in").seen.token
        self._send("nobody", "/sign-in", "/donors/pledges/new", token, note="What was typed stays.")
        demonstration.make_old(self.app, LATE)
        award = next(page.path for page in self.pages if page.endpoint == "officers.award" and not page.action)
        token = self.people[LATE].open(award).seen.token
        self._send(LATE, award, f"{award}/approval", token)

    def _follow(self, who: str, starts: list[str], onward: bool = True) -> None:
        """Breadth first from where the person begins: every page of a new kind is kept, and its forms sent empty."""
        waiting, known, opened = deque(starts), {*starts}, Counter[str]()
        while waiting:
            path = waiting.popleft()
            opened[self._endpoint(path)] += 1
            if opened[self._endpoint(path)] > OPENED:
                continue
            answer = self.people[who].open(path)
            if not answer.template:
                continue
            page = Page(who, answer.endpoint, answer.template, answer.path, answer.status)
            if self._keep(page, answer) and answer.status == 200:
                self._fill_in(page, answer)
            links = [link for link in answer.seen.links if onward and link not in known and self._leads_on(who, link)]
            known.update(links)
            waiting.extend(links)

    def _keep(self, page: Page, answer: Answer) -> bool:
        """Whether the page is one of the few of a new kind. What is asked for in its address makes another kind."""
        asked = ASKED & {*parse_qs(urlsplit(page.path).query)}
        where = f"{page.status}" if page.template.startswith("errors/") else page.endpoint
        how = (where, page.template, bool(page.action), frozenset(asked))
        kind = how, page.status, answer.seen.shape
        enough = self._enough[page.endpoint in MANY_STATES and not page.action]
        if kind in self._kinds or self._kept[how] >= enough:
            return False
        self._kinds.add(kind)
        self._kept[how] += 1
        self.pages.append(page)
        return True

    def _fill_in(self, page: Page, answer: Answer) -> None:
        """Send each form that asks for something with nothing in it, and search for what is not there."""
        for action in answer.seen.forms:
            if (page.template, plain(action)) not in self._sent:
                self._sent.add((page.template, plain(action)))
                self._send(page.who, page.path, action, answer.seen.token)
        for action, name in answer.seen.searches:
            if page.template not in self._searched:
                self._searched.add(page.template)
                path = f"{action}?{urlencode({name: 'nothing of that name'})}"
                found = self.people[page.who].open(path)
                self._keep(Page(page.who, found.endpoint, found.template, path, found.status), found)

    def _send(self, who: str, path: str, action: str, token: str, **fields: str) -> None:
        """Without a key and a version no form is a deed."""
        got = self.people[who].open(action, {"csrf_token": token} | fields)
        if got.template and got.status >= 400:
            self._keep(Page(who, got.endpoint, got.template, path, got.status, action, tuple(fields.items())), got)

    def _endpoint(self, path: str) -> str:
        try:
            return str(self._adapter.match(urlsplit(path).path, "GET")[0])
        except HTTPException:
            return ""

    def _leads_on(self, who: str, link: str) -> bool:
        """A link to a page of the person's own door: the public ones are nobody's in particular."""
        endpoint = self._endpoint(link)
        if not endpoint or "lang=" in link or endpoint in NOT_PAGES:
            return False
        return who == "nobody" or not endpoint.startswith("public.")
