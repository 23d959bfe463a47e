"""Whoever changes the record past its guards is named by `trustfund verify`, on both databases."""

import re

import pytest

from tests.operations import insider
from tests.operations.insider import CUT, place_of
from trustfund.operations import record
from trustfund.services import keys

pytestmark = pytest.mark.usefixtures("paid")


def test_a_record_that_nobody_touched_is_sound(told):
    assert told(record.anchor()) == (0, [])
    assert told(full=True) == (0, [])


CHANGES = {
    "a byte of a body": (
        "UPDATE event SET body = replace(body, 'travel', 'travem') WHERE action = 'pledge.announced'",
        "entry {pledge.announced}: was changed: its body does not give its hash",
    ),
    "a hash": (
        "UPDATE event SET hash = prev WHERE action = 'donor.registered'",
        "entry {donor.registered}: was changed: its body does not give its hash",
    ),
    "the who of a deed, beside its body": (
        "UPDATE event SET actor = 'A-22222222' WHERE action = 'deposit.recorded'",
        "entry {deposit.recorded}: the copy “actor” differs from the body",
    ),
    "the when": (
        "UPDATE event SET at = '2018-01-25T14:00:00.000Z' WHERE action = 'deposit.recorded'",
        "entry {deposit.recorded}: the copy “at” differs from the body",
    ),
    "the what": (
        "UPDATE event SET action = 'agreement.recorded' WHERE action = 'donor.registered'",
        "entry {donor.registered}: the copy “action” differs from the body",
    ),
    "the about what": (
        "UPDATE event SET subject = 'P-22222222' WHERE action = 'deposit.recorded'",
        "entry {deposit.recorded}: the copy “subject” differs from the body",
    ),
    "the key of a form": (
        "UPDATE event SET key = NULL WHERE action = 'deposit.recorded'",
        "entry {deposit.recorded}: the copy “key” differs from the body",
    ),
    "a state": (
        "UPDATE event SET state_to = 'part-paid' WHERE action = 'deposit.recorded'",
        "entry {deposit.recorded}: the copy “state_to” differs from the body",
    ),
    "the amount of a posting": (
        "UPDATE posting SET usd = usd + 1 WHERE account = 'cash:main'",
        "entry {deposit.recorded}: its postings in the books differ from its body",
    ),
    "the day of a posting": (
        "UPDATE posting SET day = '2017-06-13' WHERE account = 'cash:main'",
        "entry {deposit.recorded}: its postings in the books differ from its body",
    ),
    "a posting left out": (
        "DELETE FROM posting WHERE account = 'cash:main'",
        "entry {deposit.recorded}: its postings in the books differ from its body",
    ),
    "a posting too many": (
        "INSERT INTO posting SELECT seq, 9, account, currency, 1, 1, day, earmark FROM posting "
        "WHERE account = 'cash:main'",
        "entry {deposit.recorded}: its postings in the books differ from its body",
    ),
    "postings of an entry that is not there": (
        "INSERT INTO posting SELECT seq + 100, 0, account, currency, 1, 1, day, earmark FROM posting "
        "WHERE account = 'cash:main'",
        "the books: 1 postings belong to no entry, the record ends at {rate.recorded}",
    ),
    "a balance": (
        "UPDATE balance SET usd = usd + 1 WHERE account = 'cash:main'",
        "the balance cash:main EUR: says (5000000, 5632001), the entries give (5000000, 5632000)",
    ),
    "a balance left out": (
        "DELETE FROM balance WHERE account = 'cash:main'",
        "the balance cash:main EUR: says (0, 0), the entries give (5000000, 5632000)",
    ),
    "the head": ("UPDATE head SET seq = seq - 1", "the head: says entry "),
    "the head taken away": ("DELETE FROM head", "the head: says entry 0, 000000000000; the last is "),
    "the last signature": (
        "UPDATE event SET sig = (SELECT sig FROM event WHERE seq = 2) WHERE seq = (SELECT max(seq) FROM event)",
        "entry {rate.recorded}: its signature does not hold: somebody without the fund's key wrote it",
    ),
    "the last signature taken away": (
        "UPDATE event SET sig = NULL WHERE seq = (SELECT max(seq) FROM event)",
        "entry {rate.recorded}: is the last and carries no signature",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_named_in_one_sentence(told, what):
    statement, sentence = CHANGES[what]
    sentence = re.sub(r"\{(.*?)\}", lambda m: str(place_of(m[1])), sentence)
    insider.changes(statement)
    code, faults = told()
    assert code == 1
    assert faults[0].startswith(sentence)


def test_two_rows_that_change_places_are_named(told):
    first, second = place_of("donor.registered"), place_of("pledge.announced")
    insider.changes(
        f"UPDATE event SET seq = 1000 WHERE seq = {first}",
        f"UPDATE event SET seq = {first} WHERE seq = {second}",
        f"UPDATE event SET seq = {second} WHERE seq = 1000",
    )
    code, faults = told()
    assert code == 1
    assert faults[0] == f"entry {first}: does not follow from the entry before it: the previous hash differs"


def test_a_row_taken_out_of_the_middle_is_named(told):
    gone = place_of("designation.made")
    insider.changes(f"DELETE FROM event WHERE seq = {gone}")
    code, faults = told()
    assert code == 1
    assert faults[0] == f"entry {gone + 1}: stands where entry {gone} should stand"


def test_a_tail_cut_without_a_trace_is_named_by_the_anchor_that_somebody_kept(told):
    kept, last = record.anchor(), place_of("rate.recorded")
    insider.changes(*CUT)
    assert told() == (0, [])
    assert told(kept) == (1, [f"the tail: was cut: an anchor names entry {last}, the record ends at {last - 1}"])


def test_a_record_written_anew_without_the_key_is_named_by_its_signature_and_its_anchor(told):
    kept, last = record.anchor(), place_of("rate.recorded")
    insider.changes(*insider.rewritten("Luxembourg", "Monaco"), "UPDATE donor SET name = 'Monaco', folded = 'monaco'")
    signature = f"entry {last}: its signature does not hold: somebody without the fund's key wrote it"
    assert told() == (1, [signature])
    anchor = f"entry {last}: is not the entry that the anchor names: the record was rewritten"
    assert told(kept) == (1, [anchor, signature])


@pytest.mark.parametrize("key_id", ["the fund's", "a stranger's"])
def test_an_entry_added_without_the_key_is_named(told, key_id):
    fund = next(iter(keys.public_keys()))
    forged = insider.appended("ab" * 64, fund if key_id == "the fund's" else "ab" * 8)
    insider.changes(*forged)
    fault = {
        "the fund's": "its signature does not hold: somebody without the fund's key wrote it",
        "a stranger's": "is signed with a key that is not the fund's",
    }[key_id]
    assert [f for f in told()[1] if "rate" not in f] == [f"entry {place_of('rate.recorded')}: {fault}"]


def test_full_names_a_signature_that_was_replaced_in_the_middle(told):
    changed = place_of("donor.registered")
    insider.changes(f"UPDATE event SET sig = (SELECT sig FROM event WHERE seq = 2) WHERE seq = {changed}")
    assert told() == (0, [])
    assert told(full=True) == (
        1,
        [f"entry {changed}: its signature does not hold: somebody without the fund's key wrote it"],
    )
