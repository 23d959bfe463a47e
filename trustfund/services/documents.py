"""What people upload: a PDF, JPEG or PNG that opens, that only shows something, and that has an honest name.

The first bytes of a file prove nothing, so it is opened, by ``document_check.py``, in a process of its own (``apart``).
Nothing of an upload is kept, and none is shown to anybody, before ``checked`` has answered.
"""

import json
import logging
import re
import signal
import subprocess
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from trustfund.core.refusal import Refused, sentence
from trustfund.services import apart
from trustfund.services.document_check import LARGEST, MB, MOST_PAGES, MOST_PIXELS

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("document_check.py")
PATIENCE = 15  # seconds, on a busy machine; one second of work is much
KILLED = (-signal.SIGKILL, -signal.SIGXCPU)  # what a system does to a process whose time is over
LONGEST_NAME = 120
INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # control, direction and half characters, ends of lines

ENDINGS = {"application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}
"""How names of a kind end; the first is given to a name that ends otherwise."""

JOINERS = "\u200c\u200d"  # invisible, but Persian and Indian names are misspelt without them

SENTENCES = {
    "empty": sentence("The file “{name}” is empty. Save or scan the document again, and choose the new file."),
    "large": sentence(
        "The file “{name}” has {size} MB; at most {most} MB can be sent. Scan it in grey, at 150 dots an inch."
    ),
    "unknown": sentence("The file “{name}” is not a PDF, JPEG or PNG. Save the document in one of these forms."),
    "encrypted": sentence("The file “{name}” is protected by a password. Save it without the password."),
    "active": sentence(
        "The file “{name}” holds a script, an action or another file. Print the document to a new PDF, and choose that."
    ),
    "damaged": sentence("The file “{name}” is damaged or cut off. Save or scan the document again."),
    "pages": sentence("The file “{name}” has more than {pages} pages. Choose a file with only the pages asked for."),
    "pixels": sentence(
        "The picture “{name}” has more than {pixels} million pixels. Save it smaller, or scan it at 300 dots an inch."
    ),
    "unfolds": sentence("The file “{name}” unfolds to far more than its size. Scan the document, and choose the scan."),
    "slow": sentence("The file “{name}” takes too long to open. Scan the document, and choose the scan."),
}
"""What each reason of the check tells the person: what is wrong, and what to do."""


@dataclass(frozen=True)
class Document:
    """A document that may be kept and shown. ``content``: a PDF as it came, a picture drawn anew."""

    name: str
    media_type: str
    content: bytes
    pages: int


def checked(name: str, content: bytes) -> Document:
    """The document that somebody sent under a name, or ``Refused`` with what is wrong and what to do."""
    name = last_part(name)
    if not content or len(content) > LARGEST:
        raise _refused("large" if content else "empty", name, content)
    try:
        code, said = apart.asked(PROGRAM, content, patience=PATIENCE, most=LARGEST + MB)
    except subprocess.TimeoutExpired:
        raise _refused("slow", name, content) from None
    try:
        return _understood(code, said, name, content)
    except (ValueError, KeyError, TypeError):  # it broke, or was broken into
        log.warning("the check of a document of %d bytes ended with code %d", len(content), code)
        raise _refused("slow" if code in KILLED else "damaged", name, content) from None


def last_part(name: str) -> str:
    """A name as a person reads it: no folders, nothing invisible."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if c in JOINERS or unicodedata.category(c) not in INVISIBLE)
    return " ".join(visible.split()).strip(" .") or "document"


def named(name: str, media_type: str) -> str:
    """At most 120 characters that end as what the file is: ``scan.PNG`` that became a JPEG is ``scan.jpg``."""
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending
    if not any(ending.lower() in endings for endings in ENDINGS.values()):
        stem, ending = name, ""
    if ending.lower() not in ENDINGS[media_type]:
        ending = ENDINGS[media_type][0]
    return stem[: LONGEST_NAME - len(ending)].rstrip() + ending


def _understood(code: int, said: bytes, name: str, content: bytes) -> Document:
    """The document of an answer. Who answers may be in the hands of the document: what does not fit is an error."""
    line, _, picture = said.partition(b"\n")
    answer: dict[str, Any] = json.loads(line[:200])
    if "reason" in answer:
        raise _refused(answer["reason"], name, content)
    media_type, pages = answer["media_type"], answer["pages"]
    whole = content if media_type == "application/pdf" else picture
    if code or type(pages) is not int or not (0 < pages <= MOST_PAGES and 0 < len(whole) <= LARGEST):
        raise ValueError(code)
    return Document(named(name, media_type), media_type, whole, pages)


def _refused(reason: str, name: str, content: bytes) -> Refused:
    return Refused(
        SENTENCES[reason],
        field="file",
        name=name[:LONGEST_NAME],
        size=(Decimal(len(content)) / MB).quantize(Decimal("0.1"), ROUND_CEILING),
        most=LARGEST // MB,
        pages=MOST_PAGES,
        pixels=MOST_PIXELS // 1_000_000,
    )
