"""The auditors' door: check everything, change nothing."""

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask_login import current_user
from sqlalchemy import Select, select

from trustfund.core import verifier
from trustfund.core.money import major
from trustfund.core.record import ACTIONS, REFUSALS
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.i18n import language, say, told
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.models.record import Event, head_of, in_the_bank
from trustfund.operations import record as the_record
from trustfund.reports import menu, words
from trustfund.reports.draw import MIME, draw
from trustfund.reports.report import Report
from trustfund.reports.snapshot import snapshot
from trustfund.services import clock, keys
from trustfund.web import fund, letters, papers
from trustfund.web.forms import query, query_day
from trustfund.web.paging import page_of

bp = Blueprint("auditors", __name__, url_prefix="/auditors")

PAGE = 50
PREVIEW = 50
PEOPLE = 100
"""So many accounts can be meant by a name."""
STAGES = {
    "W-": words.AWARD_STAGE,
    "T-": words.APPLICATION_STAGE,
    "P-": words.STAGE,
    "X-": words.ACTIVITY_STAGE,
}
"""How a reference begins -> what the states of such a thing are called."""


@bp.get("/")
def desk() -> str:
    verdict, seconds, wrong = None, 0.0, ""
    try:
        _asked()
    except Refused as refused:
        wrong = told(refused)
    if request.args.get("verify"):
        started = time.monotonic()
        verdict = the_record.verify()
        seconds = time.monotonic() - started
    return render_template(
        "auditors/desk.html",
        menu=menu.MENU,
        verdict=verdict,
        seconds=Decimal(f"{seconds:.2f}"),
        state=fund.state(),
        bank=in_the_bank(db.session()),
        asked=_asked_text(),
        wrong=wrong,
        key_ids=sorted(keys.public_keys()),
    )


@bp.get("/proof")
def proof() -> str:
    code = query("code")
    return render_template("auditors/proof.html", code=code, answer=the_record.proof_of(code) if code else None)


@bp.get("/reports/<name>")
def report(name: str) -> str:
    return render_template(
        "auditors/report.html",
        report=_build(name),
        asked=_asked_text(),
        preview=PREVIEW,
        formats=menu.FORMATS,
    )


@bp.get("/reports/<name>.<any(pdf, xlsx, csv, json):format>")
def report_file(name: str, format: str) -> Response:
    built = _build(name)
    return Response(
        draw(built, format, language()),
        content_type=MIME[format],
        headers={"Content-Disposition": f'attachment; filename="{name}-{built.as_at}.{format}"'},
    )


@bp.get("/entries")
def entries() -> str:
    """The record itself, newest first."""
    action, about, wrong = query("action"), query("about"), ""
    found = select(Event.seq, Event.at, Event.actor, Event.action, Event.subject, Event.hash)
    if action in ACTIONS | REFUSALS:
        found = found.where(Event.action == action)
    if about:
        found = found.where(Event.subject.in_(_meant(about)) | Event.actor.in_(_meant(about)))
    try:
        found = _between(found, query_day("from"), query_day("to"))
    except Refused as refused:
        wrong = told(refused)
    page = page_of(found, Event.seq, PAGE, newest_first=True)
    return render_template(
        "auditors/entries.html",
        page=page,
        names=_names(page.rows),
        action=action,
        about=about,
        wrong=wrong,
        asked=_asked_text(),
        actions=sorted(((code, say(words.ACTION[code])) for code in ACTIONS | REFUSALS), key=lambda one: one[1]),
    )


def _meant(typed: str) -> list[str]:
    """The reference that was typed, and those of the accounts with such a name or address."""
    named = Account.name.icontains(typed, autoescape=True) | Account.email.icontains(typed, autoescape=True)
    return [typed, typed.upper(), *db.session.scalars(select(Account.reference).where(named).limit(PEOPLE))]


def _between(found: Select[Any], first: date | None, last: date | None) -> Select[Any]:
    """Only the entries of these days, both included."""
    if first:
        found = found.where(Event.seq >= _first_entry(first))
    return found.where(Event.seq < _first_entry(last + timedelta(days=1))) if last else found


def _first_entry(day: date) -> int:
    """The number of the first entry from a day on: an entry is never earlier than the one before it, so halving finds
    it without reading the record."""
    low, high = 1, head_of(db.session())[0] + 1
    while low < high:
        middle = (low + high) // 2
        at = db.session.scalar(select(Event.at).where(Event.seq == middle)) or ""
        low, high = (middle + 1, high) if at[:10] < day.isoformat() else (low, middle)
    return low


@bp.get("/entries/<int:seq>")
def entry(seq: int) -> str:
    event = db.session.get(Event, seq) if seq < 2**63 else None
    if event is None:
        raise NotHere("There is no such thing here.")
    body = json.loads(event.body)
    data = [(key, value) for key, value in sorted(body["data"].items()) if key != "text"]
    return render_template(
        "auditors/entry.html",
        event=event,
        body=body,
        names=_names([event]),
        stages=STAGES.get(event.subject[:2]),
        debit=major(sum(max(posting["usd"], 0) for posting in body["post"]), "USD"),
        said=[(key, value) for key, value in data if not isinstance(value, dict | list)],
        rest=[line for key, value in data if isinstance(value, dict | list) for line in _flat(key, value)],
    )


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What lies inside a value, each with the way to it: ``quote.day``."""
    if isinstance(value, dict | list):
        inside = sorted(value.items()) if isinstance(value, dict) else enumerate(value, 1)
        for key, one in inside:
            yield from _flat(f"{path}.{key}", one)
    else:
        yield path, value


@bp.get("/receipts/<ref:reference>.pdf")
def receipt(reference: str) -> Any:
    return papers.receipt_response(reference, current_user.account)


@bp.get("/letters/<ref:reference>")
def letter(reference: str) -> Any:
    return letters.attached(reference)


@bp.get("/record")
def record() -> Response:
    """One line for scripts."""
    seq, digest = head_of(db.session())
    currency = mandate_on(db.session(), clock.today()).fund.currency
    return Response(
        f"entries={seq} balance={in_the_bank(db.session())} spendable={fund.state().spendable} "
        f"currency={currency} head={seq}:{digest}\n",
        mimetype="text/plain",
    )


@bp.get("/record.jsonl")
def record_file() -> Response:
    """The whole record, for the verifier alone; a stream."""
    lines = the_record.exported(db.session())
    return Response(
        stream_with_context(lines),
        mimetype="application/x-ndjson",
        headers={"Content-Disposition": 'attachment; filename="record.jsonl"'},
    )


@bp.get("/verifier.py")
def verifier_file() -> Response:
    """The program that proves the record, unchanged: Python's standard library and nothing else."""
    return Response(
        Path(verifier.__file__).read_text(encoding="utf-8"),
        mimetype="text/x-python",
        headers={"Content-Disposition": 'attachment; filename="verifier.py"'},
    )


@bp.get("/anchors")
def anchors() -> Response:
    name = f"anchor-{clock.today()}.txt"
    return Response(
        the_record.anchor() + "\n",
        mimetype="text/plain",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _build(name: str) -> Report:
    with snapshot(**_asked()) as taken:
        return _entry(name).build(taken)


def _entry(name: str) -> menu.Entry:
    try:
        return menu.find(name)
    except Refused:
        raise NotHere("There is no such thing here.") from None


def _asked() -> dict[str, date | None]:
    """Period and as-at day of the address line."""
    return {f"{name}_day" if name != "as_at" else name: query_day(name) for name in ("from", "to", "as_at")}


def _asked_text() -> dict[str, str]:
    return {name: value for name in ("from", "to", "as_at") if (value := query(name, 20))}


def _names(rows: Any) -> dict[str, str]:
    """Reference -> name of the persons of these rows, for people who read; the record itself has no names."""
    references = {reference for r in rows for reference in (r.actor, r.subject)}
    return {
        a.reference: a.name
        for a in db.session.scalars(select(Account).where(Account.reference.in_(references))).unique()
    }
