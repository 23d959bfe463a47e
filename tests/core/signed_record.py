"""A record as the database keeps it, signed with throw-away keys."""

import hashlib
import json
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trustfund.core import bookings, verifier
from trustfund.core.record import body_of, instant
from trustfund.core.verifier import GENESIS, event_hash

DAY = date(2018, 1, 24)
POSTING = ("account", "currency", "amount", "usd", "day", "earmark")


class Key:
    """A throw-away signing key, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self.private.public_key().public_bytes_raw()
        self.id = hashlib.sha256(self.public).hexdigest()[:16]

    def signs(self, digest: str) -> dict[str, str]:
        return {"sig": self.private.sign(bytes.fromhex(digest)).hex(), "key_id": self.id}

    @property
    def data(self) -> dict[str, str]:
        return {"key_id": self.id, "public_key": self.public.hex()}


FUND, NEXT, STRANGER = Key(1), Key(2), Key(3)


class Record:
    """A record as the database keeps it: bodies, and their copies beside."""

    def __init__(self) -> None:
        self.events: list[dict] = []
        self.writes("key.introduced", on=f"key:{FUND.id}", data=FUND.data)

    def writes(self, do: str, *, signed_by: Key | None = FUND, **said) -> "Record":
        seq, prev = len(self.events) + 1, self.events[-1]["hash"] if self.events else GENESIS
        at = instant(datetime(2018, 1, 24, 14, 0, min(seq, 59), tzinfo=UTC))
        body = body_of(seq, at, "system", do, **said)
        digest, read = event_hash(prev, seq, body), json.loads(body)
        self.events.append(
            {
                "seq": seq,
                "prev": prev,
                "hash": digest,
                "body": body,
                **(signed_by.signs(digest) if signed_by else {"sig": "", "key_id": ""}),
                **{column: read[field] for column, field in verifier.COPIES.items()},
                "postings": [[posting[column] for column in POSTING] for posting in read["post"]],
            }
        )
        return self

    def without_copies(self) -> list[dict]:
        return [{k: event[k] for k in ("seq", "prev", "hash", "sig", "key_id", "body")} for event in self.events]

    @property
    def head(self) -> tuple[int, str]:
        return self.events[-1]["seq"], self.events[-1]["hash"]


def record() -> Record:
    """A pledge of Norway: announced, agreed, paid."""
    agreed = bookings.agreed(currency="EUR", amount=5_000_000, usd=5_417_100, day=DAY)
    paid = bookings.deposit_received(
        bank_account="main",
        currency="EUR",
        amount=5_000_000,
        usd=5_632_000,
        day=DAY,
        owed=5_000_000,
        owed_usd=5_417_100,
    )
    return (
        Record()
        .writes("donor.registered", on="donor:NOR", data={"name": "Norvège “Noreg”"})
        .writes("pledge.announced", on="pledge:P1", before=None, after="announced")
        .writes("agreement.recorded", on="pledge:P1", key="k1", before="announced", after="agreed", post=agreed)
        .writes("deposit.recorded", on="pledge:P1", key="k2", before="agreed", after="fully-paid", post=paid)
    )


BALANCES = {
    ("cash:main", "EUR", ""): (5_000_000, 5_632_000),
    ("contributions-receivable", "EUR", ""): (0, 0),
    ("voluntary-contributions", "EUR", ""): (-5_000_000, -5_417_100),
    ("exchange-difference", "USD", ""): (-214_900, -214_900),
}
