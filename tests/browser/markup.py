"""What the crawl reads of a page: where it leads, what can be sent from it, and what it looks like."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import html

TYPED = "self::textarea or (self::input and (not(@type) or @type='text' or @type='search'))"
ASKED = "self::textarea or self::select or (self::input and not(@type='hidden'))"


def plain(text: str) -> str:
    """Without references and figures."""
    return re.sub(r"[A-Z]-[2-9A-Z]{8}|\d+", "*", text)


@dataclass(frozen=True)
class Seen:
    """``forms``: where what asks for something is sent; ``searches``: (address, field); ``shape``: headings, forms."""

    links: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    searches: tuple[tuple[str, str], ...] = ()
    token: str = ""
    shape: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def seen(text: str, path: str) -> Seen:
    """A page that was read at a path."""
    page = html.document_fromstring(text)
    forms = [(form.get("method", "get").lower(), _target(form.get("action"), path), form) for form in page.iter("form")]
    headings = (plain(heading.text or "").strip() for heading in page.iter("h2", "h3"))
    tokens = page.xpath("//input[@name='csrf_token']/@value")
    return Seen(
        links=tuple(_target(link.get("href"), path) for link in page.iter("a") if link.get("href")),
        forms=tuple(dict.fromkeys(action for method, action, form in forms if method == "post" and _any(form, ASKED))),
        searches=tuple(
            (action, one.get("name")) for method, action, form in forms if method == "get" for one in _any(form, TYPED)
        ),
        token=str(tokens[0]) if tokens else "",
        shape=(frozenset(filter(None, headings)), frozenset(plain(action) for _, action, _ in forms)),
    )


def _any(form: Any, which: str) -> list[Any]:
    return list(form.xpath(f".//*[{which}]"))


def _target(address: str | None, path: str) -> str:
    """Without its anchor; what only changes the words of the address stays on this page."""
    bare = (address or "").partition("#")[0]
    return bare if bare and not bare.startswith("?") else f"{path}{bare}"
