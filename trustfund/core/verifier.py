"""Proves that the record of a fund is unchanged. Needs Python's standard library and nothing else.

    python3 verifier.py record.jsonl [--key PUBLIC_KEY_HEX] [--anchors FILE] [--full]

The record is one chain. The body of an entry is text; its hash is
    SHA-256("trustfund-record/1\\n" + previous hash as 64 hex + "\\n" + number in decimal + "\\n" + body)
and ``sig`` is the Ed25519 signature over the 32 raw bytes of the hash. The first previous hash is 64 zeros.
A line of record.jsonl is {"seq", "prev", "hash", "sig", "key_id", "body"}, and optionally copies of the body's
fields and the postings as the database keeps them; whatever is there is compared.

The chain shows every change but a new tail: for that there are anchors (heads printed on papers, kept elsewhere) and
the signature, whose key no database holds. The last signature vouches for what is before it; --full checks each.
Exit: 0 sound, 1 faults (a line each), 2 could not read.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

FORMAT = "trustfund-record/1"
GENESIS = "0" * 64
COPIES = {"at": "at", "actor": "by", "action": "do", "subject": "on", "key": "key",
          "state_from": "from", "state_to": "to"}
"""Column beside the body -> field of the body that it repeats."""

Event = Mapping[str, Any]
Line = tuple[str, str, int, int, str, str]  # account, currency, amount, usd, day, earmark
Anchor = tuple[int, str]  # number of an entry, its hash
Key = tuple[str, str, str]  # account, currency, earmark
Balance = tuple[int, int]  # amount in minor units of its currency, cents of USD


def canonical(value: object) -> str:
    """The one text of a JSON value: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def event_hash(prev: str, seq: int, body: str) -> str:
    return hashlib.sha256(f"{FORMAT}\n{prev}\n{seq}\n{body}".encode(errors="surrogatepass")).hexdigest()


class Verifier:
    """Reads the events once, in order. ``faults`` grows by one sentence a fault; empty means sound.

    trusted: key_id -> public key (32 bytes) known from outside the record; none: the first key of the record is taken
    at its word. anchors: (seq, hash) kept elsewhere. full: check every signature, not only the last.
    """

    def __init__(self, trusted: Mapping[str, bytes] | None = None, anchors: Iterable[Anchor] = (), full: bool = False):
        self.keys = dict(trusted or {})
        self.anchors: dict[int, set[str]] = {}
        for seq, digest in anchors:
            self.anchors.setdefault(seq, set()).add(digest)
        self.trusts_first_key, self.full = not self.keys, full
        self.faults: list[str] = []
        self.seq, self.hash, self.at = 0, GENESIS, ""
        self.states: dict[str, str] = {}
        self.balances: dict[Key, Balance] = {}
        self._last: Event | None = None

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"{where}: {what}")

    def read(self, event: Event) -> None:
        """Check one event: its place, its hash, its copies, its entry, the state it starts from, its key."""
        seq, where = event["seq"], f"entry {event['seq']}"
        if seq != self.seq + 1:
            self.fault(where, f"stands where entry {self.seq + 1} should stand")
        if event["prev"] != self.hash:
            self.fault(where, "does not follow from the entry before it: the previous hash differs")
        if event_hash(event["prev"], seq, event["body"]) != event["hash"]:
            self.fault(where, "was changed: its body does not give its hash")
        self.seq, self.hash, self._last = seq, event["hash"], event
        if seq in self.anchors and self.anchors.pop(seq) != {event["hash"]}:
            self.fault(where, "is not the entry that the anchor names: the record was rewritten")
        try:
            body = json.loads(event["body"])
            self._compare(where, event, body)
            self._follow(where, body)
            self._add_up(where, event, body)
            self._introduce(where, event, body)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
            self.fault(where, f"its body cannot be read ({type(broken).__name__})")
        if self.full and event.get("sig"):
            self._check_signature(where, event)

    def end(self, head: Anchor | None = None, balances: Mapping[Key, Balance] | None = None) -> list[str]:
        """What can be said only after the last event: tail, anchors, signature, head and balances of the database."""
        if self._last is None:
            self.fault("the record", "is empty")
        elif not self._last.get("sig"):
            self.fault(f"entry {self.seq}", "is the last and carries no signature")
        elif not self.full:
            self._check_signature(f"entry {self.seq}", self._last)
        for seq in sorted(self.anchors):
            self.fault("the tail", f"was cut: an anchor names entry {seq}, the record ends at {self.seq}")
        if head is not None and head != (self.seq, self.hash):
            self.fault("the head", f"says entry {head[0]}, {head[1][:12]}; the last is {self.seq}, {self.hash[:12]}")
        if balances is not None:
            for key in sorted(self.balances.keys() | balances.keys()):
                kept, counted = balances.get(key, (0, 0)), self.balances.get(key, (0, 0))
                if kept != counted:
                    self.fault("the balance " + " ".join(filter(None, key)), f"says {kept}, the entries give {counted}")
        return self.faults

    def _compare(self, where: str, event: Event, body: dict[str, Any]) -> None:
        if body["format"] != FORMAT or body["seq"] != event["seq"]:
            self.fault(where, "its body names another format or number")
        for column, field in COPIES.items():
            if column in event and (event[column] or "") != (body[field] or ""):
                self.fault(where, f"the copy “{column}” differs from the body")
        if body["at"] < self.at:
            self.fault(where, "is dated before the entry before it")
        self.at = body["at"]

    def _follow(self, where: str, body: dict[str, Any]) -> None:
        if body["to"] is None:
            return
        before = self.states.get(body["on"])
        if body["from"] != before:
            self.fault(where, f"starts from state {body['from']}, but {body['on']} was in state {before}")
        self.states[body["on"]] = body["to"]

    def _add_up(self, where: str, event: Event, body: dict[str, Any]) -> None:
        lines: list[Line] = [
            (p["account"], p["currency"], p["amount"], p["usd"], p["day"], p["earmark"]) for p in body["post"]
        ]
        if "postings" in event and [tuple(line) for line in event["postings"]] != lines:
            self.fault(where, "its postings in the books differ from its body")
        if sum(line[3] for line in lines):
            self.fault(where, "its entry does not sum to zero")
        for account, currency, amount, usd, _, earmark in lines:
            key = (account, currency, earmark)
            had = self.balances.get(key, (0, 0))
            self.balances[key] = (had[0] + amount, had[1] + usd)

    def _introduce(self, where: str, event: Event, body: dict[str, Any]) -> None:
        if body["do"] != "key.introduced":
            return
        key_id, public = body["data"]["key_id"], bytes.fromhex(body["data"]["public_key"])
        if hashlib.sha256(public).hexdigest()[:16] != key_id:
            self.fault(where, "introduces a key under a name that is not its own")
        elif self.seq == 1 and self.trusts_first_key:
            self.keys[key_id] = public
        elif self.seq == 1 and self.keys.get(key_id) != public:
            self.fault(where, "the first key of the record is not the key known from outside")
        elif self.seq > 1 and self._check_signature(where, event):  # good because the old key signed this event
            self.keys.setdefault(key_id, public)

    def _check_signature(self, where: str, event: Event) -> bool:
        public = self.keys.get(str(event.get("key_id") or ""))
        if public is None:
            self.fault(where, "is signed with a key that is not the fund's")
            return False
        with suppress(ValueError, TypeError):  # hash or signature is no hexadecimal text
            if signature_holds(public, bytes.fromhex(event["hash"]), bytes.fromhex(event.get("sig") or "")):
                return True
        self.fault(where, "its signature does not hold: somebody without the fund's key wrote it")
        return False


# Ed25519 (RFC 8032), verification only: 4 ms each in plain Python.
_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` (64 bytes) over ``message`` was made with the private key of ``public`` (32 bytes)."""
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or a is None or r is None or s >= _Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _Q
    left, right = _times(s, _BASE), _plus(r, _times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


def _plus(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(n: int, p: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = _plus(total, p)
        p, n = _plus(p, p), n >> 1
    return total


def _point(raw: bytes) -> _Point | None:
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    x = x * _ROOT % _P if (x * x - square) % _P else x
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


def anchors_of(lines: Iterable[str]) -> Iterator[Anchor]:
    """Anchors as `trustfund anchors` prints them, one a line: number, hash, date. ValueError names the line."""
    for n, line in enumerate(lines, 1):
        words = line.split()
        if words and not words[0].startswith("#"):
            if len(words) < 2 or not words[0].isdecimal() or len(words[1]) != 64:
                raise ValueError(f"line {n} is not an anchor: number, hash of 64 digits, date")
            yield int(words[0]), words[1].lower()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record"), parser.add_argument("--key"), parser.add_argument("--anchors")
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    try:
        trusted = {hashlib.sha256(key).hexdigest()[:16]: key for key in [bytes.fromhex(args.key or "")] if key}
        with open(args.anchors or "/dev/null", encoding="utf-8") as kept, open(args.record, encoding="utf-8") as lines:
            verifier = Verifier(trusted, anchors_of(kept), args.full)
            if (held := len(verifier.anchors)) == 0 and args.anchors:
                raise ValueError(f"{args.anchors} holds no anchor")
            for line in lines:
                verifier.read(json.loads(line))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as unreadable:
        print(f"could not read: {unreadable}", file=sys.stderr)
        return 2
    sys.stdout.writelines(fault + "\n" for fault in verifier.end())
    verdict = f"faults: {len(verifier.faults)}" if verifier.faults else "sound"
    print(f"{verdict}: {verifier.seq} entries, head {verifier.hash}" + f", anchors: {held}" * bool(args.anchors))
    return 1 if verifier.faults else 0


if __name__ == "__main__":
    sys.exit(main())
