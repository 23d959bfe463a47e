"""A mail's text as HTML: the same words, with paragraphs and links. No pictures, nothing that tells who read it."""

import re

from babel import Locale
from markupsafe import escape

LINK = re.compile(r"https?://[^\s<>\"]+")


def html_of(text: str, subject: str, language: str) -> str:
    """A whole page. ``text``: as the plain mail has it, paragraphs apart by an empty line."""
    direction = "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr"
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction}">\n'
        f'<head><meta charset="utf-8"><title>{escape(subject)}</title></head>\n'
        f"<body>\n{_paragraphs(text)}\n</body>\n</html>\n"
    )


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p>{_lines(block)}</p>" for block in re.split(r"\n\s*\n", text.strip()))


def _lines(block: str) -> str:
    """The line that parts the signature says something in plain mail only."""
    return "<br>\n".join(_linked(line) for line in block.split("\n") if line.rstrip() != "--")


def _linked(line: str) -> str:
    """Everything escaped; an address is a link, without the full stop that ends its sentence."""
    out, done = [], 0
    for match in LINK.finditer(line):
        address = match[0].rstrip(".,;:)”")
        out += [escape(line[done : match.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        done = match.start() + len(address)
    return "".join(map(str, [*out, escape(line[done:])]))
