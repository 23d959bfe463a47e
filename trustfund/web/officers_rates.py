"""What journeys are reckoned with: rates of exchange, daily allowances, and what each meeting provides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import String, cast, func, select
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import BooleanField, FileField, HiddenField, StringField

from trustfund.core.costs import DatedRate, dated_rates
from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import list_of, say, told
from trustfund.models.allowances import DsaRate
from trustfund.models.fund import RateRow, calendar_on, mandate_on
from trustfund.models.people import Account
from trustfund.models.record import Event, head_of
from trustfund.operations import imports
from trustfund.operations.allowances import KINDS, Provision, provision_of, record_provision
from trustfund.operations.import_dsa import DSA, book_dsa
from trustfund.operations.import_files import BadFile, Line, lines_of
from trustfund.operations.imports import Imported
from trustfund.services import clock
from trustfund.web.forms import AtMost, Form, GivenField, ReadForm, query
from trustfund.web.officers import PAGE, bp
from trustfund.web.officers_selections import why_not
from trustfund.web.paging import page_of
from trustfund.web.public_meetings import Entry, entry_of

LARGEST = 400 * 1024
"""Bytes of a file that comes by page: its text goes to the reader and back before anything is recorded."""
SHOWN = 100
"""So many new lines are shown before they are recorded."""
CURRENCIES = 400
"""More rates than all currencies of all sources have; a list that long is no longer read."""
TOO_LARGE = sentence("This file has more than 400 KB. Split it, or ask for it to be imported by command.")
GIVEN = {
    "lodging": sentence("Lodging"),
    "breakfast": sentence("Breakfast"),
    "lunch": sentence("Lunch"),
    "dinner": sentence("Dinner"),
}


class RatesFileForm(Form):
    """A file to be read first, then its text to be recorded. An import needs no key: its lines are its keys."""

    text = HiddenField()

    @property
    def file(self) -> Any:
        return next(field for field in self if field.type == "FileField")


class ExchangeFileForm(RatesFileForm):
    exchange_file = FileField(
        sentence("File of rates of exchange"),
        description=sentence("CSV with the columns currency, per_usd, from, source"),
        render_kw={"accept": ".csv"},
    )


class AllowancesFileForm(RatesFileForm):
    allowances_file = FileField(
        sentence("File of daily allowances"),
        description=sentence("CSV with the columns place, currency, rate, from, lodging_share, source"),
        render_kw={"accept": ".csv"},
    )


@dataclass(frozen=True)
class Kind:
    """A kind of file: its form, its columns, what books its lines and the deed that each line is."""

    form: type[RatesFileForm]
    columns: tuple[str, ...]
    book: Callable[..., Imported]
    deed: str
    endpoint: str


EXCHANGE = Kind(ExchangeFileForm, imports.RATES, imports.book_rates, "rate.recorded", ".import_exchange_rates")
ALLOWANCES = Kind(AllowancesFileForm, DSA, book_dsa, "dsa.recorded", ".import_allowances")


@bp.get("/rates")
def rates() -> str:
    return _page()


@bp.post("/rates/exchange")
def import_exchange_rates() -> Any:
    return _taken(EXCHANGE)


@bp.post("/rates/allowances")
def import_allowances() -> Any:
    return _taken(ALLOWANCES)


def _taken(kind: Kind) -> Any:
    """Read a file and show what it would record; once more with its text, record it. Any fault: nothing of it."""
    try:
        form, name, content = _sent(kind)
    except RequestEntityTooLarge:
        form, name, content = kind.form(formdata=None), "", b""
        form.file.errors, form.status = [say(TOO_LARGE)], 413
    if not content:
        return _page(form), form.status
    confirmed = bool(form.text.data) and not form.errors
    try:
        lines = lines_of(name, content, kind.columns)
        done = kind.book(lines, at=clock.now(), by=current_user.account.reference, dry_run=not confirmed)
    except BadFile as bad:
        return render_template("officers/rates_read.html", kind=kind, name=name, bad=bad.lines, tell=told), form.status
    if confirmed:
        flash(
            say(
                "Recorded: {new}. Known already: {known}. The record stands at entry {seq}; journeys are reckoned with "
                "each rate from its day on.",
                new=done.booked,
                known=done.known,
                seq=head_of(db.session())[0],
            )
        )
        return redirect(url_for(".rates"))
    form.text.data = content.decode("utf-8-sig")
    return _read_page(kind, form, name, done, [line for number, line in lines if number in set(done.new)])


def _sent(kind: Kind) -> tuple[RatesFileForm, str, bytes]:
    """The form; the name of the file that came with it and what is in it, or the text of the one read before."""
    form = kind.form()
    valid = form.validate_on_submit()
    if form.text.data:
        return form, "", form.text.data.encode()
    sent = request.files.get(form.file.name)
    if not valid:
        return form, "", b""
    if not sent or not sent.filename:
        form.file.errors = [say("Choose a file.")]
        return form, "", b""
    content = sent.read()
    if not content:
        form.file.errors = [say("This file is empty.")]
    if len(content) > LARGEST:
        form.file.errors, content = [say(TOO_LARGE)], b""
    return form, sent.filename[:80], content


def _read_page(kind: Kind, form: RatesFileForm, name: str, done: Imported, new: list[Line]) -> Any:
    page = render_template(
        "officers/rates_read.html",
        kind=kind,
        form=form,
        name=name,
        done=done,
        lines=new[:SHOWN],
        about=_about(kind, new) if new else "",
        why=why_not(kind.deed),
    )
    return page, (form.status if form.errors else 200)


def _about(kind: Kind, new: list[Line]) -> str:
    """What the fund will make of the new lines: a rate that nothing uses is easily a slip of the pen."""
    today = clock.today()
    if kind is EXCHANGE:
        source = mandate_on(db.session(), today).rates.source
        others = sum(line["source"].strip() != source for line in new)
        return say("The fund uses the rates of “{source}”. New lines of another source: {n}.", source=source, n=others)
    cities = {meeting.city for meeting in calendar_on(db.session(), today).meetings}
    if used := sorted(cities & {" ".join(line["place"].split()) for line in new}):
        return say("Cities of meetings among the new lines: {cities}.", cities=list_of(used))
    return say("No meeting takes place in any of these places. A place is written like the city of its meeting.")


def _page(form: RatesFileForm | None = None) -> str:
    today, typed = clock.today(), query("q")
    mandate = mandate_on(db.session(), today)
    oldest = today - timedelta(days=mandate.rates.max_age_days)
    examples = dated_rates(mandate.setting("dsa_rates"))
    places = [rate.place for rate in examples]
    replaced = db.session.execute(
        select(DsaRate.place, func.min(DsaRate.day).label("first"))
        .where(DsaRate.place.in_(places))
        .group_by(DsaRate.place)
    ).all()
    return render_template(
        "officers/rates.html",
        page=_allowances(typed),
        q=typed,
        examples=_used(examples, {row.place: row.first for row in replaced}, today),
        exchange=_latest(),
        source=mandate.rates.source,
        max_age=mandate.rates.max_age_days,
        oldest=oldest,
        sent=form,
        exchange_form=form if isinstance(form, ExchangeFileForm) else ExchangeFileForm(formdata=None),
        allowances_form=form if isinstance(form, AllowancesFileForm) else AllowancesFileForm(formdata=None),
        why={kind.deed: why_not(kind.deed) for kind in (EXCHANGE, ALLOWANCES)},
    )


def _used(examples: Iterable[DatedRate], imported: dict[str, date], today: date) -> list[tuple[DatedRate, str, Any]]:
    """Each with when it is used: now, from a day, before a day or no longer; imported rates take its place for good."""
    found: list[tuple[DatedRate, str, Any]] = []
    for one in examples:
        first = imported.get(one.place)
        later = min((r.start for r in examples if r.place == one.place and r.start > one.start), default=None)
        if first and first <= one.start:
            found.append((one, "no longer", None))
        elif one.start > today:
            found.append((one, "from", one.start))
        elif first or (later and later <= today):
            found.append((one, "before", min(day for day in (first, later) if day)))
        else:
            found.append((one, "now", None))
    return found


def _allowances(typed: str) -> Any:
    """Imported allowances by place, each place's from the earliest on; a page at a time."""
    key = (DsaRate.place + " " + cast(DsaRate.day, String)).label("key")
    found = select(
        key, DsaRate.place, DsaRate.currency, DsaRate.rate, DsaRate.day, DsaRate.lodging, DsaRate.source, DsaRate.seq
    )
    if typed:
        found = found.where(DsaRate.place.icontains(typed, autoescape=True))
    return page_of(found, key, PAGE)


def _latest() -> list[Any]:
    """The latest rate of each currency and source."""
    last = select(RateRow.currency, RateRow.source, func.max(RateRow.day).label("day"))
    latest = last.group_by(RateRow.currency, RateRow.source).subquery()
    same = (RateRow.currency == latest.c.currency) & (RateRow.source == latest.c.source)
    found = select(RateRow).join(latest, same & (RateRow.day == latest.c.day))
    return list(db.session.scalars(found.order_by(RateRow.currency, RateRow.source).limit(CURRENCIES)))


class ProvisionForm(ReadForm):
    given = GivenField(sentence("What is given"))
    factor = StringField(
        sentence("Factor of the daily allowance (optional)"),
        description=sentence("From 0 to 1.00, for example 0.75. Empty: the whole allowance, as the mandate has it."),
        validators=[AtMost(6)],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    transport = BooleanField(sentence("Official transport is provided at the venue, to and from the airport"))


@bp.get("/meetings/<code:code>/provisions")
def provisions(code: str) -> str:
    return _provisions_page(entry_of(code, clock.now()))


@bp.post("/meetings/<code:code>/provisions")
def record_provisions(code: str) -> Any:
    entry, form = entry_of(code, clock.now()), ProvisionForm()
    if form.validate_on_submit():
        done = form.attempt(
            record_provision,
            code,
            factor=form.factor.data or "",
            transport=bool(form.transport.data),
            given=form.given.data,
            seen_number=form.seen,
        )
        if done:
            flash(say("What the meeting provides is recorded: entry {seq} of the record.", seq=done.seq))
            return redirect(url_for(".provisions", code=code))
    return _provisions_page(entry, form), form.status


def _provisions_page(entry: Entry, form: ProvisionForm | None = None) -> str:
    stands = provision_of(db.session(), entry.meeting.code)
    form = form or _as_it_stands(stands)
    form.version.data = str(stands.number)  # what is read now, also where another officer was quicker
    recorded = db.session.execute(
        select(Event.at, Event.actor, Account.name)
        .outerjoin(Account, Account.reference == Event.actor)
        .where(Event.seq == stands.seq)
    ).first()
    setting = entry.mandate.setting
    return render_template(
        "officers/provisions.html",
        entry=entry,
        form=form,
        stands=stands,
        recorded=recorded,
        given=[(day, [say(GIVEN[kind]).lower() for kind in kinds]) for day, kinds in stands.given.items()],
        kinds=[(kind, GIVEN[kind], setting("deductions")[kind]) for kind in KINDS],
        factor=setting("dsa_factor"),
        why=why_not("provision.recorded"),
    )


def _as_it_stands(stands: Provision) -> ProvisionForm:
    return ProvisionForm(
        formdata=None,
        data={
            "factor": "" if stands.factor is None else f"{stands.factor:f}",
            "transport": stands.transport,
            "given": {day.isoformat(): list(kinds) for day, kinds in stands.given.items()},
        },
    )
