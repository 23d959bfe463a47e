"""What kind of file it is, and its letters. No encoding is tried that would turn a wrong file into wrong words."""

import codecs
import re
from typing import Literal

from trustfund.core.refusal import Refused

Kind = Literal["camt", "swift", "columns"]

DECLARED = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
}
"""Encodings that an XML file may declare -> Python's name."""

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARATION = re.compile(r"\s*<\?xml\b([^>]{0,400})\?>")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SWIFT = re.compile(rb"^(\{[1-4]:|:(\d\d[A-Z]?|NS):)", re.MULTILINE)
_INVISIBLE = re.compile("[\x00\x02\x05-\x08\x0b\x0c\x0e-\x19\x1b-\x1f\x7f-\x9f]")  # 1, 3, 4 and 26 frame messages


def kind_of(content: bytes) -> Kind:
    """By what the file says of itself, not by its name."""
    start = content[:4000].removeprefix(codecs.BOM_UTF8).lstrip()
    if start[:1] == b"<" or (_wide(content) and b"<" in start[:8]):
        return "camt"
    if start.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")) or not start:
        raise Refused(
            "This is not a bank statement. Choose the MT940, camt.053 or CSV file that the bank gives for its account.",
            field="file",
        )
    return "swift" if _SWIFT.search(start.replace(b"\r", b"\n")) else "columns"


def of_xml(content: bytes) -> str:
    """The text by its byte order mark or declaration (UTF-8 if it has neither), without the declaration."""
    head = content[:1000].decode("utf-16" if content[:2] in UTF_16 else "latin-1", "replace").replace("\0", "")
    declaration = _DECLARATION.match(head.lstrip("\xef\xbb\xbf\ufeff"))
    named = _ENCODING.search(declaration[1]) if declaration else None
    said = named[1].lower() if named else "utf-16" if _wide(content) else "utf-8"
    encoding = DECLARED.get(said)
    if encoding is None or (encoding == "utf-16") != _wide(content):
        raise Refused(
            "The file says that it is written in {encoding}, and it is not. Export it as UTF-8.",
            field="file",
            encoding=said,
        )
    if encoding == "utf-16":
        encoding += "" if content[:2] in UTF_16 else "-le" if content[1:2] == b"\0" else "-be"
    text = _decoded(content, "utf-8-sig" if encoding == "utf-8" else encoding)
    whole = _DECLARATION.match(text)
    return "\n" * whole[0].count("\n") + text[whole.end() :] if whole else text


def of_swift(content: bytes) -> str:
    """MT940 knows no declaration: UTF-8 if it is that, else the Western letters banks write (Windows-1252)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decoded(content, "cp1252")
    return _visible(text.replace("\r\n", "\n").replace("\r", "\n"))


def of_columns(content: bytes) -> str:
    return _visible(_decoded(content, "utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))


def _wide(content: bytes) -> bool:
    return content[:2] in (*UTF_16, b"<\0", b"\0<")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            "Line {line}: the file is not written in {encoding}. Export it again as UTF-8.",
            field="file",
            line=content.count(b"\n", 0, error.start) + 1,
            encoding=encoding.removesuffix("-sig").upper(),
        ) from None


def _visible(text: str) -> str:
    if odd := _INVISIBLE.search(text):
        raise Refused(
            "Line {line}: the file holds something that is not text. Choose the file as the bank gave it.",
            field="file",
            line=text.count("\n", 0, odd.start()) + 1,
        )
    return text
