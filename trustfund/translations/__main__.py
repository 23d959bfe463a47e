"""``python -m trustfund.translations``: every catalogue learns what the product says; a translator fills in the rest.

What a person reads stands in Python and templates behind one of the words of ``KEYWORDS``, or is the authority of a
rule in a mandate file. Sentences that the product no longer says leave the catalogues.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from trustfund.core import refusal
from trustfund.i18n import FOLDER, LANGUAGES

ROOT = Path(__file__).parent.parent.parent
METHODS = [
    ("trustfund/mandates/*.toml", f"{__package__}.__main__:authorities"),
    ("trustfund/**.py", "python"),
    ("templates/**.html", "jinja2"),
]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
REFUSALS = [
    kind.__name__
    for kind in (refusal.Refused, *refusal.Refused.__subclasses__())
    if kind.__module__ == refusal.__name__  # those of other rooms wrap sentences that are marked themselves
]
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(["_", "say", "sentence", *REFUSALS]),
    "_n": (1, 2),
    "_in": ((1, "c"), 2),
    "sentence_in": ((1, "c"), 2),
}
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural}\n"

"""
"""No dates and no addresses: the same sentences give the same file."""


@cache
def extracted() -> Catalog:
    """Every sentence that the product can say."""
    found = Catalog()
    for _, _, sentence, _, sense in extract_from_dir(str(ROOT), METHODS, OPTIONS, KEYWORDS, directory_filter=_ours):
        found.add(sentence, context=sense)
    return found


def catalogue(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def kept(language: str) -> Catalog:
    """What translators have written."""
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def learned(language: str) -> str:
    """The catalogue brought up to date with what the product says now."""
    known, out = kept(language), BytesIO()
    known.update(extracted(), no_fuzzy_matching=True)
    write_po(out, known, width=0, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEADER.format(language=language, plural=known.plural_forms) + out.getvalue().decode()


def empty(language: str) -> list[str]:
    """The sentences that wait for a translator."""
    return [str(m.id) for m in kept(language) if m.id and not all(m.string if m.pluralizable else [m.string])]


def authorities(file: Any, *_: object, **__: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """For Babel: what the rules of a mandate file rest on."""

    def found(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from ([part["authority"]] if isinstance(part.get("authority"), str) else [])
            for inner in part.values():
                yield from found(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from found(inner)

    return ((1, None, text, []) for text in sorted(set(found(tomllib.load(file)))))


def _ours(folder: str) -> bool:
    return not Path(folder).name.startswith(".") and Path(folder).name not in ("instance", "tests", "bench", "docs")


if __name__ == "__main__":
    for code in LANGUAGES:
        if code != "en":
            catalogue(code).write_text(learned(code), encoding="utf-8")
            print(f"{code}: {len(empty(code))} sentences wait for a translator")
