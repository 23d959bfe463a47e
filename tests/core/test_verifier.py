"""The record proves itself: whatever is changed, cut, swapped or forged is named."""

import hashlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from trustfund.core import bookings, verifier
from trustfund.core.record import body_of, instant
from trustfund.core.verifier import GENESIS, Verifier, anchors_of, event_hash, signature_holds

DAY = date(2018, 1, 24)
POSTING = ("account", "currency", "amount", "usd", "day", "earmark")
VERIFIER = Path(verifier.__file__)


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


def faults(events, *, trusted=None, anchors=(), full=False, head=None, balances=None) -> list[str]:
    reader = Verifier(trusted, anchors, full)
    for event in events:
        reader.read(event)
    return reader.end(head, balances)


# A sound record


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("trusted", [None, {FUND.id: FUND.public}])
def test_a_sound_record_has_no_faults(full, trusted):
    sound = record()
    anchors = [(event["seq"], event["hash"]) for event in sound.events]
    assert faults(sound.events, trusted=trusted, anchors=anchors, full=full, head=sound.head, balances=BALANCES) == []
    assert faults(sound.without_copies(), trusted=trusted, full=full) == []


def test_a_key_that_the_old_one_introduces_may_sign_from_then_on():
    rotated = record().writes("key.introduced", on=f"key:{NEXT.id}", data=NEXT.data)
    rotated.writes("donor.registered", on="donor:FIN", signed_by=NEXT)
    assert faults(rotated.events, trusted={FUND.id: FUND.public}) == []
    assert faults(rotated.events, full=True) == []


def test_a_record_without_entries_is_no_record():
    assert faults([]) == ["the record: is empty"]


# Each tampering names its fault


def test_one_byte_of_a_body_is_noticed():
    changed = record().events
    changed[1]["body"] = changed[1]["body"].replace("NOR", "NOS")
    assert "entry 2: was changed: its body does not give its hash" in faults(changed)


def test_a_changed_body_with_its_hash_made_again_breaks_the_chain():
    changed = record().events
    changed[1]["body"] = changed[1]["body"].replace("NOR", "NOS")
    changed[1]["hash"] = event_hash(changed[1]["prev"], 2, changed[1]["body"])
    assert "entry 3: does not follow from the entry before it: the previous hash differs" in faults(changed)


def test_a_record_written_anew_after_a_change_fails_at_its_signature_and_its_anchor():
    sound, forged = record(), Record()
    for event in sound.events[1:]:
        body = event["body"].replace("Norv", "Norw")
        digest = event_hash(forged.events[-1]["hash"], event["seq"], body)
        forged.events.append({**event, "prev": forged.events[-1]["hash"], "hash": digest, "body": body})
    found = faults(forged.events, anchors=[(3, sound.events[2]["hash"])])
    assert found == [
        "entry 3: is not the entry that the anchor names: the record was rewritten",
        "entry 5: its signature does not hold: somebody without the fund's key wrote it",
    ]


def test_swapped_rows_are_noticed():
    swapped = record().events
    swapped[1], swapped[2] = swapped[2], swapped[1]
    assert "entry 3: stands where entry 2 should stand" in faults(swapped)


def test_a_row_left_out_is_noticed():
    missing = record().events
    del missing[2]
    assert "entry 4: stands where entry 3 should stand" in faults(missing)


def test_a_cut_tail_is_noticed_by_an_anchor_and_by_the_head():
    sound = record()
    found = faults(sound.events[:-1], anchors=[sound.head], head=sound.head)
    assert "the tail: was cut: an anchor names entry 5, the record ends at 4" in found
    assert any(fault.startswith("the head: says entry 5, ") for fault in found)


def test_two_papers_that_name_one_entry_differently_are_noticed():
    sound = record()
    found = faults(sound.events, anchors=[(5, "0" * 64), sound.head])
    assert found == ["entry 5: is not the entry that the anchor names: the record was rewritten"]


def test_a_forged_tail_is_noticed_by_its_key():
    forged = record().writes("donor.registered", on="donor:FIN", signed_by=STRANGER)
    assert faults(forged.events) == ["entry 6: is signed with a key that is not the fund's"]
    forged.events[-1]["key_id"] = FUND.id
    assert faults(forged.events) == ["entry 6: its signature does not hold: somebody without the fund's key wrote it"]


def test_a_tail_without_signature_is_noticed():
    unsigned = record().writes("donor.registered", on="donor:FIN", signed_by=None)
    assert faults(unsigned.events) == ["entry 6: is the last and carries no signature"]
    assert faults([{k: v for k, v in event.items() if k != "sig"} for event in record().events]) == [
        "entry 5: is the last and carries no signature"
    ]


def test_full_finds_a_false_signature_in_the_middle():
    changed = record().events
    changed[2]["sig"] = STRANGER.signs(changed[2]["hash"])["sig"]
    assert faults(changed) == []
    assert faults(changed, full=True) == [
        "entry 3: its signature does not hold: somebody without the fund's key wrote it"
    ]


def test_a_new_key_that_the_old_one_did_not_sign_is_noticed():
    taken = record().writes("key.introduced", on=f"key:{STRANGER.id}", data=STRANGER.data, signed_by=STRANGER)
    taken.writes("donor.registered", on="donor:FIN", signed_by=STRANGER)
    assert faults(taken.events) == [
        "entry 6: is signed with a key that is not the fund's",
        "entry 7: is signed with a key that is not the fund's",
    ]


def test_a_key_under_the_name_of_another_is_noticed():
    named = record().writes("key.introduced", on="key:x", data={**STRANGER.data, "key_id": NEXT.id})
    assert "entry 6: introduces a key under a name that is not its own" in faults(named.events)


def test_a_record_that_begins_with_another_key_than_the_one_known_is_noticed():
    found = faults(record().events, trusted={NEXT.id: NEXT.public})
    assert found[0] == "entry 1: the first key of the record is not the key known from outside"


@pytest.mark.parametrize("column", list(verifier.COPIES))
def test_a_changed_copy_is_noticed(column):
    changed = record().events
    changed[4][column] = "somebody else"
    assert faults(changed) == [f"entry 5: the copy “{column}” differs from the body"]


def test_a_changed_posting_is_noticed():
    for place, value in enumerate(["cash:other", "USD", 1, 1, "2018-01-25", "travel"]):
        changed = record().events
        changed[4]["postings"][0][place] = value
        assert faults(changed) == ["entry 5: its postings in the books differ from its body"]


def test_a_posting_left_out_is_noticed():
    changed = record().events
    del changed[4]["postings"][0]
    assert faults(changed) == ["entry 5: its postings in the books differ from its body"]


def test_a_changed_balance_is_noticed():
    changed = {**BALANCES, ("cash:main", "EUR", ""): (5_000_000, 5_632_001)}
    assert faults(record().events, balances=changed) == [
        "the balance cash:main EUR: says (5000000, 5632001), the entries give (5000000, 5632000)"
    ]


def test_a_balance_too_many_and_one_too_few_are_noticed():
    changed = {**BALANCES, ("cash:main", "CHF", "travel"): (1, 1)}
    del changed["exchange-difference", "USD", ""]
    assert faults(record().events, balances=changed) == [
        "the balance cash:main CHF travel: says (1, 1), the entries give (0, 0)",
        "the balance exchange-difference USD: says (0, 0), the entries give (-214900, -214900)",
    ]


def test_a_moved_head_is_noticed():
    sound = record()
    (fault,) = faults(sound.events, head=(4, sound.events[3]["hash"]))
    assert fault.startswith("the head: says entry 4, ")


def test_an_entry_that_does_not_sum_to_zero_is_noticed():
    (one, *_) = bookings.agreed(currency="USD", amount=1, usd=1, day=DAY)
    assert faults(record().writes("agreement.recorded", on="pledge:P2", after="agreed", post=[one]).events) == [
        "entry 6: its entry does not sum to zero"
    ]


def test_a_deed_that_starts_from_another_state_is_noticed():
    wrong = record().writes("agreement.recorded", on="pledge:P1", before="announced", after="agreed")
    assert faults(wrong.events) == ["entry 6: starts from state announced, but pledge:P1 was in state fully-paid"]


def test_an_entry_dated_before_its_predecessor_is_noticed():
    early = record()
    body = body_of(6, "2018-01-24T13:00:00.000Z", "system", "donor.registered", on="donor:FIN")
    digest = event_hash(early.head[1], 6, body)
    early.events.append({"seq": 6, "prev": early.head[1], "hash": digest, "body": body, **FUND.signs(digest)})
    assert faults(early.events) == ["entry 6: is dated before the entry before it"]


@pytest.mark.parametrize(("said", "instead"), [('"seq":6', '"seq":7'), ("trustfund-record/1", "trustfund-record/2")])
def test_a_body_of_another_number_or_format_is_noticed(said, instead):
    other = record().writes("donor.registered", on="donor:FIN").events
    body = other[-1]["body"].replace(said, instead)
    digest = event_hash(other[-1]["prev"], 6, body)
    other[-1] |= {"body": body, "hash": digest, **FUND.signs(digest)}
    assert faults(other) == ["entry 6: its body names another format or number"]


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", "7", "[" * 100_000, "\ud800", '{"format":1e999}'])
def test_a_body_that_cannot_be_read_is_a_fault_and_no_traceback(body):
    broken = record().events
    broken[2]["body"] = body
    found = faults(broken)
    assert "entry 3: was changed: its body does not give its hash" in found
    assert any(fault.startswith("entry 3: its body cannot be read") for fault in found)


@cache
def sound_events() -> tuple[dict, ...]:
    return tuple(record().without_copies())


@given(data=st.data())
def test_any_single_changed_character_of_body_prev_or_hash_is_noticed(data):
    events = [dict(event) for event in sound_events()]
    event = events[data.draw(st.integers(0, len(events) - 1), label="entry")]
    field = data.draw(st.sampled_from(["body", "prev", "hash"]))
    text = event[field]
    place = data.draw(st.integers(0, len(text) - 1), label="place")
    other = data.draw(st.characters(codec=None).filter(lambda c: c != text[place]), label="character")
    event[field] = text[:place] + other + text[place + 1 :]
    assert faults(events)


# Ed25519: the vectors of RFC 8032, 7.1

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
        "d9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_hold_and_no_other(public, message, signature):
    key, said, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert signature_holds(key, said, signed)
    assert not signature_holds(key, said + b"\0", signed)
    assert not signature_holds(FUND.public, said, signed)
    assert not signature_holds(key, said, signed[:-1])
    assert not signature_holds(key[:-1], said, signed)
    assert not signature_holds(key, said, bytes([signed[0] ^ 1]) + signed[1:])
    assert not signature_holds(key, said, signed[:32] + bytes([signed[32] ^ 1]) + signed[33:])


def test_a_signature_with_the_order_of_the_curve_added_does_not_hold():
    key, signed = (bytes.fromhex(RFC_8032[1][place]) for place in (0, 2))
    larger = int.from_bytes(signed[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not signature_holds(key, b"r", signed[:32] + larger.to_bytes(32, "little"))


# On its own: python verifier.py record.jsonl


def verified(tmp_path: Path, events, *options: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "record.jsonl"
    file.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events), encoding="utf-8")
    return run(str(file), *options)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Alone and isolated, as an auditor would: no package of ours, nothing installed."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_alone_it_says_sound_with_the_head_and_exits_0(tmp_path):
    sound = record()
    anchors = tmp_path / "anchors"
    anchors.write_text(f"# kept at the mission\n5 {sound.head[1].upper()} 2018-01-24\n", encoding="utf-8")
    done = verified(tmp_path, sound.events, "--key", FUND.public.hex(), "--anchors", str(anchors), "--full")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"sound: 5 entries, head {sound.head[1]}\n"


def test_alone_it_names_each_fault_and_exits_1(tmp_path):
    changed = record().events
    changed[1]["body"] = changed[1]["body"].replace("NOR", "NOS")
    done = verified(tmp_path, changed)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("entry 2: was changed: its body does not give its hash\n")
    assert f"\nfaults: {len(done.stdout.splitlines()) - 1}: 5 entries, head " in done.stdout


def test_alone_it_exits_1_on_a_last_hash_that_is_no_number(tmp_path):
    changed = record().events
    changed[-1]["hash"] = "g" + changed[-1]["hash"][1:]
    done = verified(tmp_path, changed)
    assert (done.returncode, done.stderr) == (1, "")
    assert "entry 5: its signature does not hold" in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]\n",
        '{"seq":1}\n',
        '"a"\n',
        "\n",
        "[" * 100_000,
        '{"seq":1,"prev":"","hash":"","body":""',
        "\udcff",
    ],
)
def test_alone_it_says_that_it_could_not_read_and_exits_2(tmp_path, text):
    file = tmp_path / "record.jsonl"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    done = run(str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("could not read: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nowhere.jsonl"],
        ["nowhere.jsonl", "--key", "no-key"],
        ["nowhere.jsonl", "--anchors", "nowhere"],
        ["--what"],
    ],
)
def test_alone_wrong_use_exits_2(arguments, tmp_path):
    done = run(*(str(tmp_path / word) if "nowhere" in word else word for word in arguments))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_line_that_is_no_anchor_is_named():
    assert list(anchors_of(["", "# a note", f"7 {'A' * 64} 2018-01-24"])) == [(7, "a" * 64)]
    with pytest.raises(ValueError, match="line 2 is not an anchor"):
        list(anchors_of(["", f"seven {'a' * 64}"]))


def test_the_verifier_is_one_file_that_a_person_reads_in_a_sitting():
    lines = VERIFIER.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 250
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
