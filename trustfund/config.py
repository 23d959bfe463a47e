"""Settings: defaults < instance/config.py < TRUSTFUND_* of the environment < what a test overrides."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent

DEFAULTS: dict[str, Any] = {
    "SESSION_COOKIE_NAME": "trustfund",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,  # a form that was open for an hour still works
    "WTF_CSRF_CHECK_DEFAULT": False,  # checked in web/doors.py, which gives the filled form back
    "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 512 * 1024,
    "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,  # files are addressed by their digest
    "TEMPLATES_AUTO_RELOAD": False,
    "BABEL_DEFAULT_LOCALE": "en",
    "ARGON2": {"time_cost": 2, "memory_cost": 19456, "parallelism": 1},  # OWASP; 19 ms a sign-in
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "PROXIES": 0,  # how many proxies of ours stand before the server; their word on address and scheme counts
    "MAIL": "",  # smtp://… or file:FOLDER; empty: a folder of the instance
    "RETURNED_MAIL": "",  # a Maildir into which the mail server puts what comes to the fund's address
    "CLOCK": "",  # the fund's time starts there and runs on (demonstrations)
    "SIGN_IN_HOURS": 12,
    "FAILURES_PER_ACCOUNT": 10,  # within 15 minutes
    "FAILURES_PER_ADDRESS": 300,
    "LOCK_SECONDS": 10,  # how long a deed waits for its turn before it answers 503
}


class WrongSetting(ValueError):
    """A setting that cannot be meant: which one, what it says, and how it is written."""


def configure(app: Flask, overrides: dict[str, Any] | None) -> None:
    """Fill ``app.config``; folders that are not named lie in the instance folder."""
    app.config.from_mapping(DEFAULTS)
    app.config.from_pyfile("config.py", silent=True)
    app.config.from_prefixed_env("TRUSTFUND", loads=str)
    for name in (n for n, value in DEFAULTS.items() if type(value) is int):
        app.config[name] = _read(name, app.config[name], int, "a whole number")
    app.config.update(overrides or {})
    for name, (reader, example) in WRITTEN.items():
        if text := app.config.get(name):
            _read(name, text, reader, example)
    instance = Path(app.instance_path)
    app.config.setdefault("KEYS", str(instance / "keys"))
    app.config.setdefault("STORAGE", str(instance / "files"))
    app.config["MAIL"] = app.config["MAIL"] or f"file:{instance / 'mail'}"
    app.config.setdefault(
        "SQLALCHEMY_DATABASE_URI", app.config.get("DATABASE_URL") or f"sqlite:///{instance / 'trustfund.sqlite'}"
    )
    app.config["SESSION_COOKIE_SECURE"] = app.config["PUBLIC_URL"].startswith("https://")
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True, "pool_size": 8})


def _instant(text: str) -> None:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError


def _database(text: str) -> None:
    if make_url(text).drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError


def _begins(*starts: str) -> Callable[[str], None]:
    def reader(text: str) -> None:
        if not text.startswith(starts):
            raise ValueError

    return reader


WRITTEN: dict[str, tuple[Callable[[str], object], str]] = {
    "CLOCK": (_instant, "an instant with its time zone, for example 2018-01-24T14:00:00Z"),
    "DATABASE_URL": (_database, "the address of a database, sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"),
    "MAIL": (_begins("smtp://", "smtps://", "file:"), "smtp://HOST or file:FOLDER"),
    "PUBLIC_URL": (_begins("http://", "https://"), "an address that begins with http:// or https://"),
}
"""How settings of the environment are written; what is wrong is told at once, in one sentence."""


def _read(name: str, text: Any, reader: Callable[[Any], Any], example: str) -> Any:
    try:
        return reader(text)
    except (ValueError, ArgumentError):
        raise WrongSetting(f"TRUSTFUND_{name} is “{text}”; it should be {example}.") from None


def instance_folder() -> str:
    return os.path.abspath(os.environ.get("TRUSTFUND_INSTANCE") or ROOT / "instance")
