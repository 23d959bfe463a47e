"""Passwords: argon2id, and what a good one is."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

from trustfund.core.refusal import Refused

SHORTEST = 12


def hashed(password: str) -> str:
    """The argon2id hash. Refused if the password is short."""
    if len(password) < SHORTEST:
        raise Refused(
            "Use at least {n} characters. A few words that you can remember are a good password.",
            n=SHORTEST,
            field="password",
        )
    return _hasher().hash(password)


def matches(password: str, kept: str) -> bool:
    """Whether the password is the one that was set; takes the same time for an account that has none."""
    try:
        return _hasher().verify(kept or _nobody(), password) and bool(kept)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _hasher() -> PasswordHasher:
    made: PasswordHasher | None = current_app.extensions.get("argon2")
    if made is None:
        made = current_app.extensions["argon2"] = PasswordHasher(**current_app.config["ARGON2"])
    return made


def _nobody() -> str:
    if "argon2_nobody" not in current_app.extensions:
        current_app.extensions["argon2_nobody"] = _hasher().hash("nobody's password")
    return str(current_app.extensions["argon2_nobody"])
