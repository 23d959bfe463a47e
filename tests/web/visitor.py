"""A person with a browser that has no script: opens pages, fills in the forms it sees there, and sends them."""

from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from flask import Flask

from tests.builders import PASSWORD

VOID = {"meta", "link", "input", "br", "img"}


class Page:
    """An answer, and what a reader finds on it."""

    def __init__(self, response: Any):
        self.status, self.headers, self.data = response.status_code, response.headers, response.data
        self.path, self.location = response.request.path, response.headers.get("Location", "")
        self.type = response.content_type or ""
        readable = self.type.startswith(("text/", "application/json")) and "Content-Encoding" not in self.headers
        self.text = self.data.decode() if readable else ""
        response.close()

    @cached_property
    def seen(self) -> "_Reader":
        """The page as it is read; of most pages that are opened only the answer counts."""
        reader = _Reader()
        if self.type.startswith("text/html"):
            reader.feed(self.text)
        return reader

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """Attributes of every element of a name; its text stands under ``text``."""
        return [e for t, e in self.seen.elements if t == tag and all(e.get(k) == v for k, v in attributes.items())]

    def words(self, tag: str, **attributes: str) -> str:
        return " ".join(" ".join(e["text"].split()) for e in self.all(tag, **attributes))

    @property
    def title(self) -> str:
        return self.words("title")

    @property
    def refusal(self) -> str:
        """What is said at once to a reader who cannot see the page."""
        return " ".join(" ".join(e["text"].split()) for _, e in self.seen.elements if e.get("role") == "alert")

    @property
    def problems(self) -> dict[str, str]:
        """The lines of the summary of errors: id of the field -> sentence."""
        return {a["href"][1:]: a["text"] for a in self.all("a") if "summary" in a["within"]}

    def form(self, action: str = "") -> tuple[str, dict[str, str]]:
        """Where the form in the middle of the page goes, and what it holds."""
        found = [f for f in self.seen.forms if f["in main"] and f["method"] == "post" and f["action"].endswith(action)]
        assert found, f"there is no form {action!r} on {self.path} ({self.status})"
        return found[0]["action"] or self.path, dict(found[0]["fields"])


class Visitor:
    """One person at one browser. ``email``: who signs in; empty for nobody."""

    def __init__(self, app: Flask, email: str = "", language: str = "en"):
        self.client, self.language = app.test_client(), language
        if email:
            assert self.sign_in(email).status == 302, f"{email} cannot sign in"

    def open(self, path: str, **more: Any) -> Page:
        headers = {"Accept-Language": self.language} | more.pop("headers", {})
        return Page(self.client.open(path, headers=headers, **more))

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        return self.send(self.open("/sign-in"), email=email, password=password)

    def send(self, page: Page, to: str = "", without: str = "", **typed: str) -> Page:
        """Send the form of a page with what the person typed over what stood there."""
        action, fields = page.form(to)
        fields |= {name.replace("__", "-"): text for name, text in typed.items()}
        fields.pop(without, None)
        return self.open(action, method="POST", data=fields)

    def fill(self, path: str, to: str = "", **typed: str) -> Page:
        return self.send(self.open(path), to, **typed)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Any]]] = []
        self.forms: list[dict[str, Any]] = []
        self._open: list[tuple[str, dict[str, Any]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element: dict[str, Any] = {k: v or "" for k, v in attrs}
        within = " ".join(e.get("class", "") for _, e in self._open)
        element |= {"text": "", "within": within.split()}
        self.elements.append((tag, element))
        if tag not in VOID:
            self._open.append((tag, element))
        if tag == "form":
            self.forms.append(
                {
                    "action": element.get("action", ""),
                    "method": element.get("method", "get"),
                    "fields": {},
                    "in main": any(t == "main" for t, _ in self._open),
                }
            )
        if tag == "select":
            self._select = element["name"]
        if self.forms and any(t == "form" for t, _ in self._open):
            self._field(tag, element)

    def _field(self, tag: str, element: dict[str, Any]) -> None:
        fields = self.forms[-1]["fields"]
        chosen = element.get("type") not in ("radio", "checkbox") or "checked" in element
        if tag == "input" and "name" in element and chosen:
            fields[element["name"]] = element.get("value", "")
        if tag == "option" and ("selected" in element or self._select not in fields):
            fields[self._select] = element["value"]

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            closed, _ = self._open.pop()
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        for _, element in self._open:
            element["text"] += data
