"""The key folder: outside the database and its backups, readable by the server alone (0600).

signing-<key id>.key   Ed25519, signs the record; signing-<key id>.pub beside it; ``signing`` names the one in use
people/<reference>.key one key a person: destroying it erases what was sealed under it
people/<reference>.erased  that it was destroyed: none is made anew for that person
people/<reference>.leaving that it is to be destroyed once the deed stands, with the names of that person's files
marks.key              makes the marks by which equal passport numbers are found
session.key            signs cookies, unless TRUSTFUND_SECRET_KEY is set
"""

import contextlib
import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from trustfund.core.refusal import NotHere, sentence
from trustfund.services import chance

ERASED = sentence(
    "The personal data of this person were erased, so nothing more can be kept. Nothing has been changed."
)
NONCE = 12  # bytes before a sealed content


def folder() -> Path:
    return Path(current_app.config["KEYS"])


def session_key(path: Path) -> str:
    """The secret that signs cookies. Where no fund is set up there is none on disk, and one for this process serves."""
    with contextlib.suppress(FileNotFoundError):
        return (path / "session.key").read_bytes().hex()
    return os.urandom(32).hex()


def make_session_key() -> None:
    """Made with the fund; safe to repeat."""
    _read_or_make(folder() / "session.key", lambda: os.urandom(32))


def make_signing_key() -> tuple[str, bytes]:
    """A new signing key in the folder, in use from now on: its id and public half."""
    secret = chance.raw(32)
    public = _private(secret).public_key().public_bytes_raw()
    key_id = hashlib.sha256(public).hexdigest()[:16]
    _write(folder() / f"signing-{key_id}.key", secret)
    _write(folder() / f"signing-{key_id}.pub", public)
    _write(folder() / "signing", key_id.encode())
    return key_id, public


def sign(event_hash: str) -> tuple[str, str]:
    """Key id and Ed25519 signature (hex) over the 32 raw bytes of an event's hash."""
    key_id, secret = _signing(str(folder()), _stamp(folder() / "signing"))
    return key_id, _private(secret).sign(bytes.fromhex(event_hash)).hex()


def public_keys() -> dict[str, bytes]:
    """Key id -> public key of every signing key of the folder."""
    found = {}
    for path in folder().glob("signing-*.pub"):
        public = path.read_bytes()
        found[hashlib.sha256(public).hexdigest()[:16]] = public
    return found


def seal_of(person: str, content: bytes) -> str:
    """HMAC-SHA-256 (hex) of a content under the key of a person: how forms and files appear in the record."""
    return hmac.new(_secret_of(person), content, hashlib.sha256).hexdigest()


def mark_of(content: bytes) -> str:
    """HMAC-SHA-256 (hex) under the fund's own key: equal contents of different people have the same."""
    secret = _read_or_make(folder() / "marks.key", lambda: chance.raw(32))
    return hmac.new(secret, content, hashlib.sha256).hexdigest()


def knows(person: str) -> bool:
    """Whether the key of a person is there: never made, or destroyed when the person was erased."""
    return _of_person(person).exists()


def destroyed(person: str) -> bool:
    """Whether the person was erased here."""
    return _tombstone(person).exists() and not knows(person)


def leave(person: str, files: Sequence[str]) -> None:
    """Note, where no hand in the database reaches, that a key is about to be destroyed, and which files go with it."""
    stay(person)
    _write(_leaving(person), "\n".join(files).encode())
    _sync(folder() / "people")


def leaving() -> list[str]:
    """Who is about to leave. Also whom a crash left, or a deed that did not happen."""
    return sorted(path.stem for path in (folder() / "people").glob("*.leaving"))


def files_of(person: str) -> list[str]:
    """The files that go with a person who is about to leave."""
    with contextlib.suppress(FileNotFoundError):
        return _leaving(person).read_text().split()
    return []


def stay(person: str) -> None:
    """The deed did not happen."""
    _leaving(person).unlink(missing_ok=True)


def erased() -> list[str]:
    """Everybody whose key was destroyed here."""
    return sorted(path.stem for path in (folder() / "people").glob("*.erased"))


def destroy(person: str) -> None:
    """Everything that was sealed under the key of a person is noise from now on, in every copy. Safe to repeat."""
    path = _of_person(person)
    _write(_tombstone(person), b"")
    path.unlink(missing_ok=True)
    _sync(path.parent)


def seal(person: str, content: bytes, stored: str) -> bytes:
    """A content that only the key of a person opens, and only under the name it is stored by (AES-256-GCM)."""
    nonce = os.urandom(NONCE)  # never from a seed: the same one twice would lay both contents open
    return nonce + _cipher(_secret_of(person)).encrypt(nonce, content, stored.encode())


def unseal(person: str, sealed: bytes, stored: str) -> bytes:
    """The content again. ``FileNotFoundError``: the key was destroyed; ``InvalidTag``: altered, or another person's."""
    secret = _of_person(person).read_bytes()
    if len(sealed) < NONCE:
        raise InvalidTag
    return _cipher(secret).decrypt(sealed[:NONCE], sealed[NONCE:], stored.encode())


def _of_person(person: str) -> Path:
    return folder() / "people" / f"{person}.key"


def _tombstone(person: str) -> Path:
    return folder() / "people" / f"{person}.erased"


def _leaving(person: str) -> Path:
    return folder() / "people" / f"{person}.leaving"


def _secret_of(person: str) -> bytes:
    """The key of a person, made at the first need; ``NotHere`` where it was destroyed."""
    with contextlib.suppress(FileNotFoundError):
        return _of_person(person).read_bytes()
    if _tombstone(person).exists():
        raise NotHere(ERASED)
    return _read_or_make(_of_person(person), lambda: chance.raw(32))


def _cipher(secret: bytes) -> AESGCM:
    """A key of its own for files: the person's own key makes the HMACs of the record."""
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"trustfund file").derive(secret))


@lru_cache(maxsize=64)
def _private(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret)


@lru_cache(maxsize=4)
def _signing(path: str, stamp: int) -> tuple[str, bytes]:
    key_id = (Path(path) / "signing").read_text()
    return key_id, (Path(path) / f"signing-{key_id}.key").read_bytes()


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_or_make(path: Path, make) -> bytes:  # type: ignore[no-untyped-def]
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    _write(path, make())
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, 0600; another process that was first wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    if path.name == "signing":
        draft.replace(path)
        return
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
