"""The selection record: the same bytes on any machine."""

import copy
import hashlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.random_records import record_by
from tests.core.selection_record import RECORD, changed
from trustfund.core.selection import decided, read

RECORDS = st.randoms(use_true_random=False).map(lambda chance: record_by(chance, at_most=8))


# What comes out


def test_the_record_is_told_in_full_as_canonical_json():
    """Candidates by reference, amounts with two decimals, everything else as it was given."""
    everything_else = (
        '"candidates":['
        '{"category":"developing","charge":"3000.50","completed_at":"2018-01-10T09:00:00Z","earlier_seats":0,"gender":"M",'
        '"government_order":null,"on_time":true,"reference":"N1-1AAA","region":"African Group","state":"KEN"},'
        '{"category":"LDC","charge":"2931.22","completed_at":"2018-01-10T09:00:00Z","earlier_seats":2,"gender":"F",'
        '"government_order":1,"on_time":true,"reference":"N1-7KQ2","region":"Asia-Pacific Group","state":"NPL"}],',
        '"earmarked":[{"amount":"931.20","category":"LDC"},{"amount":"0.02","category":null}],'
        '"format":"trustfund-selection/1","left":"3000.00","meeting":"N1",'
        '"result":[{"ahead_of_next_by":"step","outcome":"proposed","position":1,"reference":"N1-7KQ2"},'
        '{"ahead_of_next_by":null,"outcome":"waiting","position":2,"reference":"N1-1AAA"}],'
        '"rules":{"priority":["step","on-time","draw"],"seed":"A/RES/71/280:N1:été",'
        '"steps":[["LDC",1],["developing",1]],"when_cash_falls_short":"same-step"},'
        '"spendable":"5000.00","spent":"2931.22","status_date":"2018-02-20"}',
    )
    before, after = everything_else
    digest = hashlib.sha256(f"{{{before}{after}".encode()).hexdigest()
    assert decided(RECORD).text() == f'{{{before}"digest":"{digest}",{after}\n'


def test_nobody_applied_and_nothing_is_earmarked():
    data = decided({**{key: value for key, value in RECORD.items() if key != "earmarked"}, "candidates": []}).as_data()
    assert (data["result"], data["spent"], data["left"]) == ([], "0.00", "5000.00")
    assert "earmarked" not in data


def test_two_earmarks_for_the_same_are_one_pot_and_stay_two_lines():
    earmarked = [{"category": "LDC", "amount": "1465.61"}, {"category": "LDC", "amount": "1465.61"}]
    data = decided({**RECORD, "spendable": "0.00", "earmarked": earmarked}).as_data()
    assert data["result"][0]["outcome"] == "proposed"
    assert data["earmarked"] == earmarked


def test_the_instant_stays_as_it_was_written():
    data = decided(changed(["candidates", 0, "completed_at"], "2018-01-10T09:00:00.50Z")).as_data()
    assert data["candidates"][1]["completed_at"] == "2018-01-10T09:00:00.50Z"


def test_what_the_record_says_of_its_own_outcome_is_ignored():
    claimed = {"result": [{"position": 1, "reference": "N1-1AAA"}], "spent": 7, "left": None, "digest": {"a": 1}}
    assert decided({**RECORD, **claimed}).text() == decided(RECORD).text()


def test_the_record_that_was_given_is_left_as_it_is():
    given_record = copy.deepcopy(RECORD)
    decided(given_record)
    assert given_record == RECORD


@given(RECORDS)
@settings(deadline=None, max_examples=60)
def test_the_published_file_decided_again_is_the_same_bytes(record):
    published = decided(record).text()
    assert decided(read(published)).text() == published


@given(RECORDS)
@settings(deadline=None, max_examples=30)
def test_anybody_can_check_the_digest(record):
    data = json.loads(decided(record).text())
    digest = data.pop("digest")
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == digest
