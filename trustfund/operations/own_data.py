"""Everything that is held about a person, for that person: from the list of personal data, so that none is forgotten.

Of a table in the list come whole rows, with what is sealed in clear; other people stand by their references alone.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Table, bindparam, or_, select, text

from trustfund.core import record
from trustfund.extensions import db
from trustfund.models import personal
from trustfund.models.applications import Application
from trustfund.models.awards import Award, BankDetails
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import bank
from trustfund.operations.application_bank import bank_of
from trustfund.operations.passports import number_of

Row = dict[str, Any]
_ACCOUNT = "account_id = (SELECT id FROM account WHERE reference = :person)"
_DONOR = "donor_id = (SELECT id FROM donor WHERE reference = :person AND type = 'individual')"
BESIDE = {
    "act": "award_id IN :awards",
    "recovery": "award_id IN :awards",
    "place": "public IN (SELECT public FROM application WHERE id IN :applications)",
    "pledge": _DONOR,
    "deposit": _DONOR,
    "sign_in": _ACCOUNT,
    "password_link": _ACCOUNT,
    "second_factor": _ACCOUNT,
}
"""Tables that tell of a person by a reference alone, and so are not in the list: table -> the rows of one person."""
NARROWER = {
    "bank_details": "person = :person",
    "quote": """quote.seq > (SELECT coalesce(max(event.seq), 0) FROM event JOIN award ON award.reference = event.subject
        WHERE award.id = quote.award_id AND event.action = 'award.replaced')""",
}
"""Table -> which rows of the list are nobody else's: a delegate who was replaced left an account and quotes with the
award."""
SECRET = {
    "account": ("password",),
    "application": ("lookup",),
    "sign_in": ("token",),
    "password_link": ("token",),
    "second_factor": ("sealed", "last_step"),
}
"""What opens something and tells nothing: of it only whether it is there."""


@dataclass(frozen=True)
class File:
    """A file that a person sent: under whose key it lies, and by which name in the storage."""

    reference: str
    name: str
    person: str
    stored: str


@dataclass(frozen=True)
class Held:
    """Rows by table, entries of the record, and the files to be fetched."""

    tables: dict[str, list[Row]]
    entries: list[Row]
    files: list[File]


def held_about(account: Account) -> Held:
    """Everything of one signed-in person; of a donor who is an individual also what is held of that donor."""
    assert account.role in personal.ERASABLE, "the page is for these"
    applications = list(db.session.scalars(select(Application.id).where(Application.account_id == account.id)))
    awards = list(db.session.scalars(select(Award.id).where(Award.application_id.in_(applications))))
    known = {"applications": applications or [-1], "awards": awards or [-1]}
    persons = [account.reference]
    if account.donor and account.donor.type == "individual":
        persons.append(account.donor.reference)
    found: dict[str, list[Row]] = {}
    for name, rows in ({held.table: held.path.rows for held in personal.HELD} | BESIDE).items():
        table = db.metadata.tables[name]
        found[name] = [row for person in persons for row in _rows(table, rows, known | {"person": person})]
    files = [*_files(found["document"], account.reference), *_files(found["letter"], persons[-1])]
    tables = {name: _told(db.metadata.tables[name], rows) for name, rows in found.items()}
    return Held(tables, _entries(tables, account.reference), files)


def _rows(table: Table, condition: str, known: Mapping[str, Any]) -> list[Row]:
    narrower = NARROWER.get(table.name)
    whole = f"({condition}) AND {narrower}" if narrower else condition
    used = {name: value for name, value in known.items() if f":{name}" in whole}
    lists = [bindparam(name, expanding=True) for name in ("applications", "awards") if name in used]
    asked = select(table).where(text(whole).bindparams(*lists)).order_by(*table.primary_key.columns)
    return [dict(row) for row in db.session.execute(asked, used).mappings()]


def _files(rows: list[Row], person: str) -> Iterator[File]:
    for row in rows:
        yield File(row["reference"], row["name"], person, row["stored"])


def _told(table: Table, rows: list[Row]) -> list[Row]:
    """Rows as they are read: opened, without numbers of ours, and other rows by their references."""
    called = {column.name: _references(column, rows) for column in table.columns if column.foreign_keys and rows}
    told = []
    for row in rows:
        said: Row = {}
        for name, value in row.items():
            if name in SECRET.get(table.name, ()):
                said[name] = "kept, and not readable" if value else ""
            elif opener := OPENED.get((table.name, name)):
                said[opener[0]] = opener[1](row["id"]) if value else ""
            elif name in called:
                said[name.removesuffix("_id")] = called[name].get(value)
            elif name != "id":
                said[name] = _plain(value)
        told.append(said)
    return told


def _references(column: Column[Any], rows: list[Row]) -> dict[object, str]:
    """Number of a row elsewhere -> its reference."""
    (key,) = column.foreign_keys
    there = key.column.table
    if "reference" not in there.columns:
        return {}
    numbers = {row[column.name] for row in rows} - {None}
    asked = select(key.column, there.columns.reference).where(key.column.in_(numbers))
    return {number: str(reference) for number, reference in db.session.execute(asked)}


def _plain(value: Any) -> object:
    if isinstance(value, datetime):
        return record.instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _passport(number: int) -> str:
    return number_of(db.session.get_one(Application, number))


def _bank_of_application(number: int) -> dict[str, str]:
    return bank_of(db.session.get_one(Application, number))


def _bank_of_award(number: int) -> dict[str, str]:
    try:
        return bank.opened(db.session.get_one(BankDetails, number))
    except (FileNotFoundError, InvalidTag):
        return {}


OPENED: dict[tuple[str, str], tuple[str, Callable[[int], object]]] = {
    ("application", "passport_sealed"): ("passport_number", _passport),
    ("application", "bank_sealed"): ("bank_account", _bank_of_application),
    ("bank_details", "sealed"): ("bank_account", _bank_of_award),
}
"""Sealed columns -> how the export calls them, and what opens them."""


def _entries(tables: Mapping[str, list[Row]], person: str) -> list[Row]:
    """What the record says of the person's things and what she or he did, by place, day and deed."""
    ours = (rows for name, rows in tables.items() if name != "statement_line")  # there it is what the bank wrote
    about = {str(row["reference"]) for rows in ours for row in rows if "reference" in row}
    asked = (
        select(Event.seq, Event.at, Event.actor, Event.action, Event.subject, Event.hash)
        .where(or_(Event.subject.in_(sorted(about)), Event.actor == person))
        .order_by(Event.seq)
    )
    return [
        {"entry": one.seq, "at": one.at, "by": one.actor, "deed": one.action, "about": one.subject, "hash": one.hash}
        for one in db.session.execute(asked)
    ]
