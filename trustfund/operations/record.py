"""The record is read, proved and anchored. Nothing here writes."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.exc import OperationalError

from trustfund.core.verifier import COPIES, Verifier, canonical, event_hash
from trustfund.extensions import db
from trustfund.models import engine, guards
from trustfund.models.record import Balance, Event, Posting, head_of
from trustfund.operations.copies import Copies
from trustfund.services import keys


@dataclass(frozen=True)
class Verdict:
    """What `trustfund verify` found: number and hash of the last entry, a sentence a fault; none means sound."""

    entries: int
    head: str
    faults: list[str]


@dataclass(frozen=True)
class Proof:
    """What the record answers to the code of a paper. ``found``: in the record, at place ``seq``, unchanged."""

    seq: int
    found: bool
    event: Any = None
    body: dict[str, Any] | None = None


def verify(anchors: Iterable[tuple[int, str]] = (), *, full: bool = False) -> Verdict:
    """Recompute everything: chain, signature, entries, balances, head, guards, and the tables that copy the record."""
    known = list(anchors)
    try:
        return _verify(known, full)
    except OperationalError as unreadable:
        if "UTF-8" not in str(unreadable.orig):
            raise
        return _verify(known, full, any_bytes=True)


def _verify(anchors: list[tuple[int, str]], full: bool, any_bytes: bool = False) -> Verdict:
    trusted = keys.public_keys()
    session, verifier, copies = db.session(), Verifier(trusted, anchors, full), Copies()
    with engine.one_snapshot(session, any_bytes=any_bytes):
        for event in stored_events(session):
            verifier.read(event)
            copies.read(event)
        balances = {
            (b.account, b.currency, b.earmark): (b.amount, b.usd)
            for b in session.execute(
                select(Balance.account, Balance.currency, Balance.earmark, Balance.amount, Balance.usd)
            )
        }
        faults = verifier.end(head_of(session), balances)
        if beyond := session.scalar(select(func.count()).where(Posting.seq > verifier.seq)):
            faults.append(f"the books: {beyond} postings belong to no entry, the record ends at {verifier.seq}")
        if not trusted:
            faults.append("the key folder holds no key of the fund: nobody outside the database vouches for its end")
        faults += copies.differences(session)
        faults += [
            f"the guard {name} is missing or changed: the database no longer refuses"
            for name in guards.missing(session.connection())
        ]
    return Verdict(verifier.seq, verifier.hash, [fault.encode(errors="backslashreplace").decode() for fault in faults])


def stored_events(session: Any) -> Iterator[dict[str, Any]]:
    """Every event with its copies and postings, in order, a thousand at a time."""
    columns = (
        Event.seq,
        Event.prev,
        Event.hash,
        Event.sig,
        Event.key_id,
        Event.body,
        *(getattr(Event, column) for column in COPIES),
    )
    postings = _grouped(
        session.execute(
            select(
                Posting.seq,
                Posting.account,
                Posting.currency,
                Posting.amount,
                Posting.usd,
                type_coerce(Posting.day, String).label("day"),
                Posting.earmark,
            )
            .order_by(Posting.seq, Posting.line)
            .execution_options(yield_per=1000)
        )
    )
    held = next(postings, None)
    for row in session.execute(select(*columns).order_by(Event.seq).execution_options(yield_per=1000)).mappings():
        event = dict(row) | {"postings": []}
        while held and held[0] < event["seq"]:  # postings without an event: shown with the next one
            event["postings"] += held[1]
            held = next(postings, None)
        if held and held[0] == event["seq"]:
            event["postings"] += held[1]
            held = next(postings, None)
        yield event


def exported(session: Any) -> Iterator[str]:
    """The record as lines of record.jsonl, for the verifier alone."""
    columns = (Event.seq, Event.prev, Event.hash, Event.sig, Event.key_id, Event.body)
    for row in session.execute(select(*columns).order_by(Event.seq).execution_options(yield_per=1000)).mappings():
        yield canonical(dict(row)) + "\n"


def anchor() -> str:
    """The line that others keep: number, hash and day of the last entry."""
    seq, digest = head_of(db.session())
    at = db.session.scalar(select(Event.at).where(Event.seq == seq)) or ""
    return f"{seq} {digest} {at[:10]}"


_CODE = re.compile(r"(\d{1,18})[\s:·]+([0-9a-f]{4}[0-9a-f\s]*)")


def proof_of(code: str) -> Proof | None:
    """Answer the code of a receipt, letter or report: place in the record and at least eight digits of its hash.

    None where the text is no code. Its neighbours in the chain are checked with it.
    """
    plain = re.sub(r"\b[A-Z]-[2-9A-Z]{8}\b", " ", code).replace(",", "").replace("\u00a0", " ").strip().lower()
    read = _CODE.fullmatch(plain)
    digits = "".join(read.group(2).split()) if read else ""
    if not read or not 8 <= len(digits) <= 64:
        return None
    seq = int(read.group(1))
    rows = {
        e.seq: e
        for e in db.session.scalars(
            select(Event).where(Event.seq.in_((seq - 1, seq, seq + 1))).execution_options(populate_existing=True)
        )
    }
    event, before, after = rows.get(seq), rows.get(seq - 1), rows.get(seq + 1)
    if event is None:
        return Proof(seq, found=False)
    chained = (
        event_hash(event.prev, seq, event.body) == event.hash
        and event.prev == (before.hash if before else "0" * 64)
        and (after is None or after.prev == event.hash)
    )
    return Proof(seq, chained and event.hash.startswith(digits), event, json.loads(event.body))


def _grouped(rows: Iterable[Any]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Postings by entry: (seq, lines as the body has them)."""
    seq, lines = 0, []
    for row in rows:
        if row.seq != seq and lines:
            yield seq, lines
            lines = []
        seq = row.seq
        lines.append((row.account, row.currency, row.amount, row.usd, str(row.day), row.earmark))
    if lines:
        yield seq, lines
