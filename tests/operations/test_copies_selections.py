"""The tables of applications and selections say what the record says; `trustfund verify` names a row that does not."""

import pytest
from flask import Flask

from tests import seats
from tests.operations import insider
from trustfund.core import selection as decision
from trustfund.extensions import db
from trustfund.operations import proposals, record
from trustfund.services import keys

AMENDED = {"fact": "ldc_scheduled", "value": "2029-11-24", "document": "A/RES/80/1", "effective": "2018-01-24"}
ADDED = {
    "code": "A1",
    "kind": "additional-consultation",
    "phase": "III",
    "name": {"en": "Additional consultation", "fr": "Consultation supplémentaire"},
    "authority": "A/RES/71/280, para. 29",
    "document": "Letter of 19 January 2018",
    "city": {"en": "New York", "fr": "New York"},
    "country": "USA",
    "zone": "America/New_York",
    "days": ["2018-06-25"],
}


def by(action: str) -> str:
    return seats.who({"allotment.changed": "Rafael", "override.recorded": "Ines"}.get(action, "Lise"))


def second(action: str) -> str:
    return seats.who({"allotment.changed": "Lise", "override.recorded": "Rafael"}.get(action, "Ines"))


def told() -> str:
    """Sudan, Fiji and Ghana ask for seats at N1; the run is kept, and one more allotment and an override decided."""
    seats.officers()
    seats.paid_in("20000.00")
    seats.allotted("6000.00")
    for name, state in (("Amna Eltayeb", "SDN"), ("Mele Losa", "FJI"), ("Kwame Mensah", "GHA")):
        seats.delegate(name, state)
    seats.closed()
    run = seats.kept(seats.previewed())
    for action, subject, content in (
        ("allotment.changed", "N1", {"amount": "9000.00", "basis": "decided", "document": "Advice 2"}),
        ("override.recorded", run, {"public": seats.places(run)[2].public, "to_position": 1}),
        ("status.amended", "BGD", AMENDED),
        ("meeting.added", "A1", ADDED),
    ):
        with seats.on(seats.THE_DAY_AFTER):
            made = proposals.propose(
                action,
                subject=subject,
                content=content,
                reason="It was decided.",
                by=by(action),
                at=seats.THE_DAY_AFTER,
            )
            proposals.confirm(made.on, by=second(action), at=seats.THE_DAY_AFTER)
    return run


@pytest.fixture
def a_round(app: Flask) -> str:
    return told()


@pytest.fixture
def a_round_on_both(both_apps: Flask) -> str:
    return told()


def test_what_was_done_properly_is_sound(a_round_on_both: str):
    assert record.verify().faults == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE application SET stage = 'refused'", "the table application: T-"),
        ("UPDATE application SET completed_at = '2017-12-01T00:00:00.000Z'", "completed_at"),
        ("UPDATE application SET gender = 'M'", "does not hold the answers that were sent"),
        ("UPDATE application SET government_order = 1", "does not hold the answers that were sent"),
        ("DELETE FROM closing", "the table closing: N1 is missing"),
        ("UPDATE closing SET value = '1.0000'", "value"),
        ("UPDATE allotment SET usd = 1 WHERE number = 1", "the table allotment: N1 1"),
        ("UPDATE selection SET answer_by = '2019-01-01'", "answer_by"),
        ("UPDATE selection SET annex = '{}'", "has another annex than the record"),
        ("UPDATE set_aside SET usd = 1", "the table set_aside: S-"),
        ("UPDATE override SET to_position = 2", "the table override: "),
        ("UPDATE place SET outcome = 'waiting' WHERE position = 1", "the places of S-"),
        ("UPDATE place SET state = 'NPL' WHERE position = 1", "the places of S-"),
        ("DELETE FROM place WHERE position = 3", "the places of S-"),
        ("UPDATE amendment SET value = '2030-01-01'", "the table amendment: "),
        ("UPDATE added_meeting SET content = '{}'", "the table added_meeting: A1"),
        ("UPDATE proposal SET stage = 'waiting'", "the table proposal: V-"),
        ("UPDATE selection SET text = replace(text, 'SDN', 'NPL')", "has a text that its own rules do not give"),
    ],
)
def test_a_row_that_was_changed_past_the_guards_is_named(a_round: str, statement: str, says: str):
    insider.changes(statement)
    faults = record.verify().faults
    assert faults
    assert any(says in fault for fault in faults), faults


def test_a_text_that_was_decided_anew_is_not_the_one_that_was_kept(a_round: str):
    """An insider who can do what the rules do still lacks the digest that the record signed."""
    text = decision.decided(decision.read(seats.run(a_round).text.replace('"SDN"', '"NPL"'))).text()
    insider.changes("UPDATE selection SET text = '" + text.replace("'", "''") + "'")
    assert any("text" in fault or "places" in fault for fault in record.verify().faults)


def test_of_a_person_who_was_erased_nothing_is_said(a_round: str):
    person = seats.application(seats.places(a_round)[0].public).person
    (keys.folder() / "people" / f"{person}.key").unlink()
    db.session.rollback()
    assert record.verify().faults == []
