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
            ("donors.results", sentence("What it did")),
            ("donors.account", sentence("Name and papers")),
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
        (
            ("missions.desk", sentence("Desk")),
            ("missions.applications", sentence("Applications")),
            ("missions.focal_points", sentence("Focal points")),
            ("public.home", sentence("The fund")),
        ),
    ),
    "officers": (
        sentence("Officers"),
        (
            ("officers.desk", sentence("Desk")),
            ("officers.proposals", sentence("To confirm")),
            ("officers.meetings", sentence("Meetings")),
            ("officers.applications", sentence("Applications")),
            ("officers.awards", sentence("Awards")),
            ("officers.payments", sentence("Payments")),
            ("officers.claims", sentence("Claims")),
            ("officers.pledges", sentence("Contributions")),
            ("officers.money", sentence("Money")),
            ("officers.states", sentence("Tables")),
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
SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "officers.pledges": (
        ("officers.pledges", sentence("Contributions")),
        ("officers.donors", sentence("Donors")),
        ("officers.results", sentence("What they did")),
    ),
    "officers.money": (
        ("officers.money", sentence("State of the money")),
        ("officers.statements", sentence("Bank statements")),
        ("officers.surplus", sentence("Surplus")),
        ("officers.months", sentence("Months")),
        ("officers.closing", sentence("Closing of the fund")),
    ),
    "officers.states": (
        ("officers.states", sentence("States")),
        ("officers.rates", sentence("Rates")),
        ("officers.designations", sentence("Designations")),
        ("officers.mail", sentence("Mail")),
    ),
}
"""Page of a menu -> the pages of its section, with itself: a second line of the menu on each of them."""
BELOW = {
    "public.meetings": ("/eligibility",),
    "officers.surplus": ("/officers/activities",),
    "administrators.desk": ("/administrators/accounts",),
}
"""Page -> how addresses begin of pages that belong to it, beside those below its own."""


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
        section=section,
        stands_at=stands_at,
    )
    app.context_processor(_common)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def stands_at(endpoint: str) -> bool:
    """Whether this page is that one or lies below it."""
    begins = (url_for(endpoint), *BELOW.get(endpoint, ()))
    return any(f"{request.path}/".startswith(f"{one}/") for one in begins)


def belongs(endpoint: str) -> bool:
    """Whether this page belongs to a page of the menu, or to another of its section."""
    return any(map(stands_at, {endpoint, *(page for page, _ in SECTIONS.get(endpoint, ()))}))


def section(menu: tuple[tuple[str, str], ...]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Name and pages of the menu's section in which this page stands; empty where it stands in none."""
    return next(((name, SECTIONS[page]) for page, name in menu if page in SECTIONS and belongs(page)), ("", ()))


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


def _door(visitor: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The door of this page; of one's own account, that of the person."""
    from trustfund.web.doors import DESKS

    at = request.blueprint or "public"
    if at == "account" and visitor:
        at = DESKS[visitor.role].partition(".")[0]
    return DOORS.get(at, DOORS["public"])


def _common() -> dict[str, Any]:
    """Lazily what the frame of a page shows; error pages must work without the database, so nothing is read here."""
    visitor = current_user if current_user and current_user.is_authenticated else None
    return {
        "door": _door(visitor),
        "visitor": visitor,
        "head": lambda: head_of(db.session()),
        "mandate": lambda: mandate_on(db.session(), today()),
        "clock": clock.clock(),
        "today": today,
    }


def today() -> date:
    return clock.today()
