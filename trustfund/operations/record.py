"""The record is read, proved and anchored. Nothing here writes."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from trustfund.core.verifier import COPIES, Verifier, canonical, event_hash
from trustfund.extensions import db
from trustfund.models import guards
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.fund import RateRow
from trustfund.models.record import Balance, Event, Posting, head_of
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
    session = db.session()
    session.rollback()
    verifier, copies = Verifier(keys.public_keys(), anchors, full), Copies()
    for event in stored_events(session):
        verifier.read(event)
        copies.read(event)
    balances = {(b.account, b.currency, b.earmark): (b.amount, b.usd)
                for b in session.execute(select(Balance.account, Balance.currency, Balance.earmark, Balance.amount,
                                                Balance.usd))}
    faults = verifier.end(head_of(session), balances)
    faults += copies.differences(session)
    faults += [f"the guard {name} is missing or changed: the database no longer refuses"
               for name in guards.missing(session.connection())]
    session.rollback()
    return Verdict(verifier.seq, verifier.hash, faults)


def stored_events(session: Any) -> Iterator[dict[str, Any]]:
    """Every event with its copies and postings, in order, a thousand at a time."""
    columns = (Event.seq, Event.prev, Event.hash, Event.sig, Event.key_id, Event.body,
               *(getattr(Event, column) for column in COPIES))
    postings = _grouped(session.execute(
        select(Posting.seq, Posting.account, Posting.currency, Posting.amount, Posting.usd, Posting.day, Posting.earmark)
        .order_by(Posting.seq, Posting.line).execution_options(yield_per=1000)))
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
    rows = {e.seq: e for e in db.session.scalars(
        select(Event).where(Event.seq.in_((seq - 1, seq, seq + 1))).execution_options(populate_existing=True))}
    event, before, after = rows.get(seq), rows.get(seq - 1), rows.get(seq + 1)
    if event is None:
        return Proof(seq, found=False)
    chained = (
        event_hash(event.prev, seq, event.body) == event.hash
        and event.prev == (before.hash if before else "0" * 64)
        and (after is None or after.prev == event.hash)
    )
    return Proof(seq, chained and event.hash.startswith(digits), event, json.loads(event.body))


class Copies:
    """The tables of contributions and rates repeat what the events say; this folds the events and compares."""

    def __init__(self) -> None:
        self.donors: dict[str, tuple[Any, ...]] = {}
        self.pledges: dict[str, tuple[Any, ...]] = {}
        self.deposits: dict[str, tuple[Any, ...]] = {}
        self.rates: dict[tuple[str, str, str], str] = {}
        self.broken = 0

    def read(self, event: dict[str, Any]) -> None:
        if event["action"] not in self._READERS:
            return
        try:
            body = json.loads(event["body"])
            self._READERS[event["action"]](self, body, body["data"])
        except (ValueError, KeyError, TypeError):
            self.broken += 1  # the verifier names the entry

    def differences(self, session: Any) -> list[str]:
        """A sentence for each row that does not say what its events say."""
        tables = (
            ("donor", self.donors, ((d.reference, (None if d.type == "individual" else d.name, d.type, d.country))
                                    for d in session.execute(select(Donor.reference, Donor.name, Donor.type, Donor.country)))),
            ("pledge", self.pledges, ((p.reference, tuple(p)[1:]) for p in session.execute(select(
                Pledge.reference, Pledge.state, Pledge.currency, Pledge.earmark, Pledge.agreed, Pledge.agreed_usd,
                Pledge.received, Pledge.received_usd, Pledge.released_usd, Pledge.seq)))),
            ("deposit", self.deposits, ((d.reference, (*tuple(d)[1:-1], d.value_date.isoformat()))
                                        for d in session.execute(select(
                                            Deposit.reference, Deposit.currency, Deposit.amount, Deposit.usd,
                                            Deposit.per_usd, Deposit.bank_reference, Deposit.difference_usd, Deposit.seq,
                                            Deposit.value_date)))),
            ("rate", self.rates, (((r.currency, r.day.isoformat(), r.source), r.per_usd) for r in session.execute(
                select(RateRow.currency, RateRow.day, RateRow.source, RateRow.per_usd)))),
        )
        faults = []
        for name, expected, rows in tables:
            kept = dict(rows)
            faults += [f"the table {name}: {key if isinstance(key, str) else ' '.join(key)} does not say what the record says"
                       for key in sorted(expected.keys() | kept.keys(), key=str) if expected.get(key) != kept.get(key)]
        return faults

    def _donor(self, body: dict[str, Any], data: dict[str, Any]) -> None:
        self.donors[data["donor"]] = data["name"], data["type"], data["country"]

    def _pledge(self, body: dict[str, Any], data: dict[str, Any]) -> None:
        self._registers(body, data)
        self.pledges[body["on"]] = "announced", data["currency"], data["earmark"], 0, 0, 0, 0, 0, body["seq"]

    def _agreement(self, body: dict[str, Any], data: dict[str, Any]) -> None:
        self._registers(body, data)
        self._moved(body, data["currency"], data["earmark"], agreed=data["amount"], agreed_usd=data["usd"])

    def _deposit(self, body: dict[str, Any], data: dict[str, Any]) -> None:
        self._registers(body, data)
        self.deposits[data["deposit"]] = (data["currency"], data["amount"], data["usd"], data["per_usd"],
                                          data["bank_reference"], data["difference_usd"], body["seq"], data["value_date"])
        if body["on"] == data["deposit"]:
            return
        now = data.get("agreement", {})
        released = -sum(p["usd"] for p in body["post"] if p["account"] == "contributions-receivable" and p["usd"] < 0)
        self._moved(body, data["currency"], data["earmark"], agreed=now.get("amount", 0), agreed_usd=now.get("usd", 0),
                    received=data["amount"], received_usd=data["usd"], released_usd=released)

    def _moved(self, body: dict[str, Any], currency: str, earmark: str, *, agreed: int = 0, agreed_usd: int = 0,
               received: int = 0, received_usd: int = 0, released_usd: int = 0) -> None:
        had = self.pledges.get(body["on"], (None, currency, earmark, 0, 0, 0, 0, 0, 0))
        self.pledges[body["on"]] = (body["to"], had[1], had[2], had[3] + agreed, had[4] + agreed_usd, had[5] + received,
                                    had[6] + received_usd, had[7] + released_usd, body["seq"])

    def _rate(self, body: dict[str, Any], data: dict[str, Any]) -> None:
        self.rates[data["currency"], data["day"], data["source"]] = data["per_usd"]

    def _registers(self, body: dict[str, Any], data: dict[str, Any]) -> None:
        if "registers" in data:
            self._donor(body, data["registers"])

    _READERS = {"donor.registered": _donor, "pledge.announced": _pledge, "agreement.recorded": _agreement,
                "deposit.recorded": _deposit, "rate.recorded": _rate}


def _grouped(rows: Iterable[Any]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Postings by entry: (seq, lines as the body has them)."""
    seq, lines = 0, []
    for row in rows:
        if row.seq != seq and lines:
            yield seq, lines
            lines = []
        seq = row.seq
        lines.append((row.account, row.currency, row.amount, row.usd, row.day.isoformat(), row.earmark))
    if lines:
        yield seq, lines


