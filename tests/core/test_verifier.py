"""The record proves itself: whatever is changed, cut, swapped or forged is named."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.signed_record import BALANCES, DAY, FUND, NEXT, STRANGER, Record, record
from trustfund.core import bookings, verifier
from trustfund.core.record import body_of
from trustfund.core.verifier import Verifier, anchors_of, event_hash


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


def test_a_line_that_is_no_anchor_is_named():
    assert list(anchors_of(["", "# a note", f"7 {'A' * 64} 2018-01-24"])) == [(7, "a" * 64)]
    with pytest.raises(ValueError, match="line 2 is not an anchor"):
        list(anchors_of(["", f"seven {'a' * 64}"]))
