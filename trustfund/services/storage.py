"""Where uploaded files lie: outside the web root and the database, each sealed under its person's key.

A name says nothing about the file or the person. Once the key is destroyed, every copy of the file is noise.
"""

import logging
import os
import re
import time
from pathlib import Path

from cryptography.exceptions import InvalidTag
from flask import current_app

from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.services import chance, keys

log = logging.getLogger(__name__)

FOLDERS = 256  # a file lies in that of its first two figures
_NAME = re.compile("[0-9a-f]{64}")

ALTERED = sentence("This file is not the one that was sent, so it is not shown. Tell an administrator.")


class Altered(Refused):
    """A file is not what was kept, or another person's: somebody reached behind the application."""

    rule = "altered"
    status = 500


def keep(person: str, content: bytes) -> str:
    """Seal a content under the key of a person and write it, whole or not at all. The name to fetch it by."""
    stored = chance.token()
    _write(_place(stored), keys.seal(person, content, stored))
    return stored


def fetch(person: str, stored: str) -> bytes:
    """The content as it was kept; ``NotHere`` if it was removed or erased, ``Altered`` if it is not the same."""
    try:
        return keys.unseal(person, sealed(stored), stored)
    except FileNotFoundError:
        raise NotHere("This file is not kept any more. It was removed, or the personal data were erased.") from None
    except InvalidTag:
        log.error("the file %s is not what was kept", stored)
        raise Altered(ALTERED) from None


def remove(stored: str) -> None:
    """Take a file away, and what of it was being written. That it was there is for the record to know."""
    place = _place(stored)
    for path in (place, *place.parent.glob(f".{stored}.*")):
        path.unlink(missing_ok=True)


def lying_in(folder: int, least: float, most: float) -> dict[str, float]:
    """Files in one of the folders, whole or not, that were written so many seconds ago: name -> when. What else
    somebody put there is not ours."""
    now, place = time.time(), Path(current_app.config["STORAGE"]) / f"{folder:02x}"
    found = {}
    for file in place.iterdir() if place.is_dir() else ():
        stored, at = re.sub(r"^\.(.*)\.[0-9a-f]{8}$", r"\1", file.name), _written(file)
        if least < now - at < most and _NAME.fullmatch(stored) and stored.startswith(place.name) and file.is_file():
            found[stored] = at
    return found


def written(stored: str) -> float:
    """The second in which a file was written; 0 where none lies there."""
    return _written(_place(stored)) if _NAME.fullmatch(stored) else 0


def sealed(stored: str) -> bytes:
    """A file as it lies there, for a backup."""
    return _place(stored).read_bytes()


def put_back(stored: str, content: bytes) -> None:
    """A file from a backup as it was, still sealed."""
    _write(_place(stored), content)


def _place(stored: str) -> Path:
    if not _NAME.fullmatch(stored):
        raise NotHere("There is no such file.")
    return Path(current_app.config["STORAGE"]) / stored[:2] / stored


def _written(file: Path) -> float:
    """The second in which it was written; one that has just gone is as old as the world."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0


def _write(path: Path, content: bytes) -> None:
    """0600, and on the disk before it has its name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
