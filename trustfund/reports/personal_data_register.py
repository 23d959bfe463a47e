"""Personal data register: what is held of people, why and how long; who was erased; who was shown what. No name.

What is held is counted in the tables as they stand, whatever day is asked for; the rest is read from the record.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, text

from trustfund.core.record import moment
from trustfund.core.refusal import sentence
from trustfund.models import personal
from trustfund.models.applications import Unmasking
from trustfund.models.people import Erasure
from trustfund.models.record import Event
from trustfund.operations.retention import ACCOUNTS, FUNDED, MAIL, UNFUNDED
from trustfund.reports import words_of_personal_data as words
from trustfund.reports.report import Column, ControlTotal, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("sort", sentence("Held, erased or shown"), Kind.WORD, width=1.0, tables=(1, 2)),
    Column("entry", sentence("Entry"), Kind.NUMBER, width=0.7),
    Column("day", sentence("Day"), Kind.DATE, width=1.1),
    Column("what", sentence("What"), Kind.WORD, width=1.5, tables=(1, 2)),
    Column("about", sentence("About"), Kind.CODE, width=1.2),
    Column("why", sentence("Why"), Kind.WORD, width=2.4),
    Column("by", sentence("By"), Kind.CODE, width=1.2),
    Column("persons", sentence("Persons now"), Kind.NUMBER, width=0.8),
    Column("months", sentence("Months kept"), Kind.NUMBER, width=0.8, tables=(2,)),
    Column("years", sentence("Years, where money was paid"), Kind.NUMBER, width=0.9, tables=(2,)),
    Column("counted", sentence("Counted"), Kind.WORD, width=2, on_page=False, tables=(2,)),
    Column("protection", sentence("How it is protected"), Kind.WORD, width=1.6, tables=(2,)),
    Column("tables", sentence("Tables"), Kind.CODE, width=2.4, on_page=False, tables=(2,)),
)
_APPLICANTS = (UNFUNDED, FUNDED, "meeting")
HOW_LONG = {"account": (ACCOUNTS, "", "account-end"), "mail": (MAIL, "", "sending"), "donor": ("", FUNDED, "last-gift")}
"""Kind -> settings of months and of years, and from when they count; everything else as of applicants."""
SEALED = ("passport", "bank", "files")
"""Kinds that only the key of the person opens; the others stand in the database, apart from the record."""


def build(snapshot: Snapshot) -> Report:
    """What is held, a row a kind; then who was erased and what was shown, in the order of the record."""
    erased, shown = list(_erased(snapshot)), list(_shown(snapshot))
    return snapshot.report(
        name="personal-data-register",
        title=sentence("Personal data register"),
        answers=sentence("What is held of people, why and how long; who was erased, who was shown what"),
        columns=COLUMNS,
        rows=[*_held(snapshot), *erased, *shown],
        control_totals=_controls(snapshot),
        words=words.KIND | words.WHY | words.SORT | words.COUNTED | words.PROTECTION,
    )


def _held(snapshot: Snapshot) -> Iterator[tuple[Value, ...]]:
    persons = _persons(snapshot)
    for kind in words.KINDS:
        months, years, counted = HOW_LONG.get(kind, _APPLICANTS)
        kept_for = [snapshot.mandate.setting(name) if name else None for name in (months, years)]
        how = "sealed" if kind in SEALED else "apart"
        tables = dict.fromkeys(held.table for held in personal.HELD if held.kind == kind)
        who = persons.get(kind, 0)
        yield "held", None, None, kind, "", words.PURPOSE[kind], "", who, *kept_for, counted, how, " ".join(tables)


def _persons(snapshot: Snapshot) -> dict[str, int]:
    """Kind -> of how many persons anything of it is there; who was erased is none of them."""
    asked = " UNION ".join(
        f"SELECT '{held.kind}' AS kind, {held.path.whose} AS person "  # noqa: S608 (names of ours)
        f'FROM "{held.table}" WHERE {_filled(held)}'
        for held in personal.HELD
    )
    counted = text(f"SELECT kind, count(person) FROM ({asked}) AS found GROUP BY kind")  # noqa: S608
    return {kind: int(n) for kind, n in snapshot.session.execute(counted)}


def _filled(held: personal.Held) -> str:
    """Whether a row holds anything that erasing would take away, as a condition."""
    said = []
    for name, blank in held.blank.items():
        column = f"{held.table}.{name}"
        if blank is None:
            said.append(f"{column} IS NOT NULL")
        elif blank in ("", b""):
            said.append(f"length({column}) > 0")
        else:
            as_erased = f"'{blank}'".replace("{person}", f"' || {held.path.whose} || '")
            said.append(f"(length({column}) > 0 AND {column} <> {as_erased})")
    return f"({' OR '.join(said)})"


def _erased(snapshot: Snapshot) -> Iterator[tuple[Value, ...]]:
    for seq, day, subject, by, data in _entries(snapshot, "person.erased"):
        yield "erased", seq, day, data["kind"], subject, data["rule"] or "asked", by, *_NOTHING


def _shown(snapshot: Snapshot) -> Iterator[tuple[Value, ...]]:
    for seq, day, subject, by, data in _entries(snapshot, "personal.unmasked"):
        yield "shown", seq, day, data["what"], subject, data["reason"], by, *_NOTHING


_NOTHING = (None, None, None, "", "", "")


def _entries(snapshot: Snapshot, action: str) -> Iterator[tuple[int, date, str, str, dict[str, str]]]:
    found = select(Event.seq, Event.at, Event.subject, Event.actor, Event.body).where(
        Event.action == action, Event.at <= snapshot.last_instant
    )
    if snapshot.from_day:
        found = found.where(Event.at >= snapshot.from_day.isoformat())
    for one in snapshot.session.execute(found.order_by(Event.seq)):
        yield one.seq, moment(one.at).date(), one.subject, one.actor, json.loads(one.body)["data"]


def _controls(snapshot: Snapshot) -> list[ControlTotal]:
    """The entries up to the last day, against the rows of the tables that pages read."""

    def counted(action: str, table: type[Erasure] | type[Unmasking]) -> tuple[Decimal, Decimal]:
        entries = select(func.count()).where(Event.action == action, Event.at <= snapshot.last_instant)
        rows = select(func.count()).where(table.at <= moment(snapshot.last_instant))
        return Decimal(snapshot.session.scalar(entries) or 0), Decimal(snapshot.session.scalar(rows) or 0)

    return [
        ControlTotal(
            sentence("Persons erased"),
            sentence("Entries of the record, against the table; a number"),
            *counted("person.erased", Erasure),
        ),
        ControlTotal(
            sentence("Sealed data shown"),
            sentence("Entries of the record, against the table; a number"),
            *counted("personal.unmasked", Unmasking),
        ),
    ]
