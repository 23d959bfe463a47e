"""The product for the tests that look at every page: as it is, with one more language and the name of each page.

The language is Arabic in its letters, its direction and its length, and nonsense: no translator is needed to see what
a translation would break. It exists here only; the product knows nothing of it.
"""

import re

from babel.support import NullTranslations
from flask import Flask, Response, g, request, template_rendered

from trustfund import i18n
from trustfund.core.refusal import SENSE

LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابتدهفجحيزكلمنوبقرستعثخشغظ", strict=True))
KEPT = r"\{[^}]*\}|\b[A-Z]+/[\w/.]+|\b[A-Z]{2,}\b"  # values, symbols of documents, codes: a translator keeps them
DAY = r"\d{4}-\d\d-\d\d"  # kept too, between the signs that keep its order
CODE = "ar"


class Catalogue(NullTranslations):
    """Says every sentence in Arabic letters, about a quarter longer than in English."""

    def gettext(self, message: str) -> str:
        return re.sub(f"{KEPT}|{DAY}|[A-Za-z]+", self._word, message.rpartition(SENSE)[2])

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        if re.fullmatch(KEPT, word):
            return word
        if re.fullmatch(DAY, word):
            return f"\u2066{word}\u2069"
        letters = "".join(LETTERS[letter] for letter in word.lower())
        return letters + "ات" if len(word) > 4 else letters


def application() -> Flask:
    """The product as a server loads it, in every language and in this one; each answer names its page and template."""
    from trustfund.app import served_app

    app, known = served_app(), i18n._catalogue
    app.jinja_env.globals["languages"] = dict(i18n.LANGUAGES)  # a page offers what it always offers
    i18n.LANGUAGES[CODE] = "العربية"
    i18n._catalogue = lambda code: Catalogue() if code == CODE else known(code)  # type: ignore[assignment]
    template_rendered.connect(_note, app)
    app.after_request(_named)
    return app


def _note(sender: Flask, template: object, **_: object) -> None:
    g.template = template.name  # type: ignore[attr-defined]


def _named(response: Response) -> Response:
    response.headers["X-Page"] = f"{request.endpoint} {g.get('template', '')}"
    return response
