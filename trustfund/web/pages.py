"""What every page has: its door and menu, the head of the record, files addressed by digest."""

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from trustfund.core.money import Money, major
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import in_words
from trustfund.models.fund import mandate_on
from trustfund.models.record import head_of
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.forms import hidden

DOORS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "public": (
        sentence("Resolution 71/280"),
        (
            ("public.home", sentence("The fund")),
            ("public.meetings", sentence("Meetings")),
            ("public.contributions", sentence("Contributions")),
            ("public.proof", sentence("Check a paper")),
        ),
    ),
    "donors": (
        sentence("Donors"),
        (
            ("donors.desk", sentence("My contributions")),
            ("donors.new_pledge", sentence("Announce a pledge")),
            ("public.home", sentence("The fund")),
        ),
    ),
    "delegates": (
        sentence("Delegates"),
        (
            ("delegates.desk", sentence("My applications")),
            ("public.meetings", sentence("Meetings")),
            ("public.home", sentence("The fund")),
        ),
    ),
    "missions": (
        sentence("Permanent missions"),
        (("missions.desk", sentence("Desk")), ("public.home", sentence("The fund"))),
    ),
    "officers": (
        sentence("Officers"),
        (
            ("officers.desk", sentence("Desk")),
            ("officers.applications", sentence("Applications")),
            ("officers.meetings", sentence("Meetings")),
            ("officers.awards", sentence("Awards")),
            ("officers.payments", sentence("Payments")),
            ("officers.claims", sentence("Claims")),
            ("officers.pledges", sentence("Contributions")),
            ("officers.money", sentence("Money")),
            ("officers.surplus", sentence("Surplus")),
            ("officers.states", sentence("States")),
            ("officers.rates", sentence("Rates")),
            ("officers.proposals", sentence("For a second officer")),
            ("officers.designations", sentence("Designations")),
        ),
    ),
    "auditors": (
        sentence("Auditors"),
        (
            ("auditors.desk", sentence("Desk")),
            ("auditors.entries", sentence("The record")),
            ("auditors.proof", sentence("Check a paper")),
        ),
    ),
    "administrators": (sentence("Administrators"), (("administrators.desk", sentence("Accounts")),)),
}
"""Door -> its name and its menu, as English keys."""
BELOW = {"officers.money": ("/officers/months", "/officers/closing"), "officers.surplus": ("/officers/activities",)}
"""Page of a menu -> how addresses begin of pages that belong to it, beside those below its own."""


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        asset=asset,
        usd=usd,
        in_currency=in_currency,
        words=words,
        hidden=hidden,
        in_words=in_words,
        in_language=in_language,
        belongs=belongs,
    )
    app.context_processor(_common)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def belongs(endpoint: str) -> bool:
    """Whether this page belongs to a page of the menu."""
    begins = (url_for(endpoint), *BELOW.get(endpoint, ()))
    return any(f"{request.path}/".startswith(f"{one}/") for one in begins)


def usd(cents: int) -> Any:
    """Cents as Decimal, for the filters of amounts."""
    return major(cents, "USD")


def in_currency(units: int, currency: str) -> Money:
    return Money(major(units, currency), currency)


def asset(name: str) -> str:
    """The address of a file, with its digest: it can be kept for ever."""
    return url_for("static", filename=name, v=_digest(str(current_app.static_folder), name))


def in_language(code: str) -> str:
    """This page in another language; of an address that only takes forms, the fund's first page."""
    if request.url_rule is None or "GET" not in (request.url_rule.methods or ()):
        return url_for("public.home", lang=code)
    words = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.script_root}{quote(request.path)}?{urlencode([*words, ('lang', code)])}"


@lru_cache(maxsize=32)
def _digest(folder: str, name: str) -> str:
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]


def _common() -> dict[str, Any]:
    """Lazily what the frame of a page shows; error pages must work without the database, so nothing is read here."""
    door = DOORS.get(request.blueprint or "public", DOORS["public"])
    return {
        "door": door,
        "visitor": current_user if current_user and current_user.is_authenticated else None,
        "head": lambda: head_of(db.session()),
        "mandate": lambda: mandate_on(db.session(), today()),
        "clock": clock.clock(),
        "today": today,
    }


def today() -> date:
    return clock.today()
