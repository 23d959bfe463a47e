"""The file of a backup: one gzipped tar that lists, digests and signs what it holds, and that a stranger can read.

files/<name>            an uploaded file as it lies in the storage, sealed under its person's key
database/<table>.jsonl  the columns, then a row a line; bytes as {"hex": …}
manifest.json           format, fund, made_at, version, database, revision, head, missing, and of every member above its
                        size in bytes and SHA-256, of a table also its rows
manifest.sig            {"key_id", "sig"}: Ed25519 by the fund's signing key over SHA-256(FORMAT + newline + manifest)

The keys are never in it. A file is read to its end, and its signature checked, before any of it is used.
"""

import fcntl
import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.core.verifier import canonical, signature_holds
from trustfund.services import keys, storage

FORMAT = "trustfund-backup/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MEMBER = re.compile(r"database/[a-z_]{1,60}\.jsonl|files/[0-9a-f]{64}|manifest\.(json|sig)")
LARGEST_MANIFEST = 256 * 1024 * 1024  # bytes: some two million files
PIECE = 1024 * 1024

Manifest = Mapping[str, Any]

DAMAGED = sentence("“{file}” is not a backup of a fund, or it is damaged or cut off. Nothing was restored.")
STRANGE = sentence("“{file}” holds “{name}”, which no backup of a fund holds. Nothing was restored.")
CHANGED = sentence("“{file}” was changed or damaged after it was made: see “{name}” in it. Nothing was restored.")
UNKNOWN_KEY = sentence(
    "The key folder {folder} does not hold signing-{key}.pub, with which this backup is signed. Put the copy of the "
    "key folder there first. Nothing was restored."
)


class Writer:
    """Adds members to a backup. ``members``: name -> size, SHA-256 and what else is known of it."""

    def __init__(self, tar: tarfile.TarFile, at: datetime):
        self._tar, self._at = tar, at
        self.members: dict[str, dict[str, object]] = {}

    def add_stored(self, stored: str) -> bool:
        """Add a file of the storage, once; False if it is not there (any more)."""
        name = f"files/{stored}"
        if name not in self.members:
            try:
                self.add(name, io.BytesIO(storage.sealed(stored)))
            except (FileNotFoundError, NotHere):
                return False
        return True

    def add(self, name: str, content: IO[bytes], **known: object) -> None:
        digest, size = _digest(content)
        self.members[name] = {"size": size, "sha256": digest, **known}
        content.seek(0)
        self._add(name, content, size)

    def close(self, **facts: object) -> None:
        """The manifest, with what the caller knows, and its signature."""
        manifest = canonical({"format": FORMAT, **facts, "members": self.members}).encode()
        key_id, sig = keys.sign(_signed(manifest))
        for name, text in ((MANIFEST, manifest), (SIGNATURE, canonical({"key_id": key_id, "sig": sig}).encode())):
            self._add(name, io.BytesIO(text), len(text))

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self._at.timestamp())
        self._tar.addfile(info, content)


@contextmanager
def written(file: Path, at: datetime) -> Iterator[Writer]:
    """A backup that has its name only when it is whole and on the disk; until then it is FILE.part (0600)."""
    part = file.with_name(file.name + ".part")
    _not_there(file)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as raw:
        if not _ours_alone(handle, part):
            raise Refused("Another backup is being written to {file}.", file=str(part))
        try:
            os.fchmod(handle, 0o600)
            raw.truncate()  # what a backup left that was cut off
            with gzip.GzipFile("", "wb", 6, raw, mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w|") as tar:
                yield Writer(tar, at)
            raw.flush()
            os.fsync(handle)
            _not_there(file)
        except BaseException as failure:
            part.unlink()
            if isinstance(failure, OSError) and not failure.filename:
                failure.filename = str(part)  # a full disk does not say where
            raise
        part.rename(file)
    _sync(file.parent)


def checked(file: Path) -> Manifest:
    """The manifest of a backup, all of which was read and is as it was made; ``Refused`` with what is wrong."""
    texts: dict[str, bytes] = {}
    try:
        found = _digests(file, texts)
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error):
        raise Refused(DAMAGED, file=file.name) from None
    if not texts.keys() >= {MANIFEST, SIGNATURE}:
        raise Refused(DAMAGED, file=file.name)
    _check_signature(file, texts[MANIFEST], texts[SIGNATURE])
    manifest: Manifest = json.loads(texts[MANIFEST])
    listed = {name: (member["sha256"], member["size"]) for name, member in manifest["members"].items()}
    for name in sorted(listed.keys() | found.keys()):
        if listed.get(name) != found.get(name):
            raise Refused(CHANGED, file=file.name, name=name)
    return manifest


def members(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Each member of a backup, in the order in which it was written, to be read before the next."""
    with gzip.open(file) as zipped:
        with tarfile.open(fileobj=zipped, mode="r|") as tar:  # type: ignore[call-overload]
            for info in tar:
                content = tar.extractfile(info) if info.type == tarfile.REGTYPE and not info.sparse else None
                if content is None or not MEMBER.fullmatch(info.name):
                    raise Refused(STRANGE, file=file.name, name=_printable(info.name))
                yield info.name, content
        while zipped.read(PIECE):  # to the end, where gzip keeps its own check
            pass


def _digests(file: Path, texts: dict[str, bytes]) -> dict[str, tuple[str, int]]:
    """SHA-256 and size of each member; manifest and signature are read into ``texts`` instead."""
    found: dict[str, tuple[str, int]] = {}
    for name, content in members(file):
        if name in found or name in texts:
            raise Refused(STRANGE, file=file.name, name=f"{name} (twice)")
        if name in (MANIFEST, SIGNATURE):
            texts[name] = content.read(LARGEST_MANIFEST)
        else:
            found[name] = _digest(content)
    return found


def _check_signature(file: Path, manifest: bytes, signature: bytes) -> None:
    try:
        said = json.loads(signature)
        key_id, sig = str(said["key_id"]), bytes.fromhex(said["sig"])
    except (ValueError, KeyError, TypeError):
        raise Refused(CHANGED, file=file.name, name=SIGNATURE) from None
    public = keys.public_keys().get(key_id)
    if public is None:
        raise Refused(UNKNOWN_KEY, folder=str(keys.folder()), key=_printable(key_id))
    if not signature_holds(public, bytes.fromhex(_signed(manifest)), sig):
        raise Refused(CHANGED, file=file.name, name=MANIFEST)


def _signed(manifest: bytes) -> str:
    """What is signed, 64 hex: the name of the format keeps it apart from everything else that the key signs."""
    return hashlib.sha256(FORMAT.encode() + b"\n" + manifest).hexdigest()


def _digest(content: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := content.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _ours_alone(handle: int, part: Path) -> bool:
    """Whether nobody else writes it, and it was not finished or taken away while we opened it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(handle), part.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _not_there(file: Path) -> None:
    if os.path.lexists(file):
        raise Refused("There is a file {file} already; a backup never replaces one.", file=str(file))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _printable(text: str) -> str:
    """A name from outside on one line of a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)[:80]
