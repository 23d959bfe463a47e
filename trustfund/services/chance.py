"""References and tokens that nobody can guess. A demonstration draws them from its seed, so that it can be repeated."""

import hashlib
import random
import secrets

from flask import current_app

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: people read references aloud


def seed(text: str) -> None:
    """From now on this application draws from a seed (demonstrations only)."""
    current_app.extensions["chance"] = random.Random(hashlib.sha256(text.encode()).digest())  # noqa: S311


def unseed() -> None:
    current_app.extensions.pop("chance", None)


def raw(size: int = 32) -> bytes:
    source = current_app.extensions.get("chance")
    return source.randbytes(size) if source else secrets.token_bytes(size)


def reference(prefix: str, length: int = 8) -> str:
    """``P-7KQ2M9XA``: 40 bits of chance behind a letter that says what it is."""
    return f"{prefix}-" + "".join(ALPHABET[byte % 32] for byte in raw(length))


def token() -> str:
    """256 bits for links, sessions and the keys of forms."""
    return raw(32).hex()


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
