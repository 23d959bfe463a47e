"""The tables of applications and selections say what the record says; `trustfund verify` names a row that does not."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests import seats
from tests.beginnings import begun
from tests.counting import counted
from tests.operations import insider
from tests.operations.test_import_applications import file_of
from trustfund.core import selection as decision
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import applications, proposals, record, screening
from trustfund.operations.import_applications import import_applications
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


LISE = "(SELECT id FROM account WHERE email = 'lise@example.org')"
AGAIN = (
    "(application_id, act, codes, words, by_id, at, seq) SELECT application_id, act, codes, words, by_id, at, seq "
    "FROM screening WHERE act = 'refusal.confirmed'"
)
OVERRIDDEN_AGAIN = (
    "(selection_id, public, position, to_position, reason, seq) "
    "SELECT selection_id, public, position, to_position, reason, seq FROM override"
)


def by(action: str) -> str:
    return seats.who({"allotment.changed": "Rafael", "override.recorded": "Ines"}.get(action, "Lise"))


def second(action: str) -> str:
    return seats.who({"allotment.changed": "Lise", "override.recorded": "Rafael"}.get(action, "Ines"))


def told() -> str:
    """Sudan, Fiji and Ghana ask for seats at N1; the run is kept, one more allotment and an override are decided, a
    second run is kept by two, one delegate more is refused, and a file brings an application for N2."""
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
    seats.kept_by_two(seats.previewed(at=seats.THE_DAY_AFTER))
    refused()
    with TemporaryDirectory() as folder:
        file = file_of(Path(folder), {"completed_at": "2018-01-10T09:00:00Z"})
        import_applications(file, at=seats.THE_DAY_AFTER)
    awa = db.session.scalars(select(Application.reference).where(Application.state == "BFA")).one()
    with seats.on(seats.THE_DAY_AFTER):
        screening.confirm_completion(
            awa, seen=seats.application(awa).seq, by=seats.who("Rafael"), at=seats.THE_DAY_AFTER
        )
    return run


def refused() -> None:
    """Ines asks a second delegate of Ghana for a change; she answers, and is refused by Ines and Rafael."""
    ama = seats.application(seats.delegate("Ama Mensah", "GHA", at=seats.THE_DAY, accepted=False)).reference
    asked, answered, decided = (seats.THE_DAY_AFTER + timedelta(days=n) for n in (0, 1, 20))
    with seats.on(asked):
        seen = seats.application(ama).seq
        screening.ask_for_changes(ama, words="Which session?", seen=seen, by=seats.who("Ines"), at=asked)
    with seats.on(answered):
        applications.submit(ama, by=seats.who("Ama"), at=answered)
        seen = seats.application(ama).seq
        screening.propose_refusal(
            ama, codes=["travel-needed"], words="You live there.", seen=seen, by=seats.who("Ines"), at=answered
        )
    with seats.on(decided):
        screening.confirm_refusal(ama, seen=seats.application(ama).seq, by=seats.who("Rafael"), at=decided)


@pytest.fixture
def a_round(app: Flask) -> str:
    return begun(told)


@pytest.fixture
def a_round_on_both(both_apps: Flask) -> str:
    return begun(told)


def test_what_was_done_properly_is_sound(a_round_on_both: str):
    assert record.verify().faults == []


CHANGES = (
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
    ("DELETE FROM screening WHERE act = 'refusal.confirmed'", "the table screening: "),
    ("UPDATE screening SET act = 'refusal.declined' WHERE act = 'refusal.confirmed'", ": act"),
    ("UPDATE screening SET codes = 'state-in-scope' WHERE codes <> ''", ": codes"),
    (f"UPDATE screening SET by_id = {LISE}", ": by"),
    ("UPDATE screening SET at = '2018-01-01T00:00:00.000Z'", ": at"),
    ("UPDATE screening SET application_id = 1 WHERE act = 'refusal.confirmed'", ": application"),
    ("UPDATE screening SET words = 'Ok.' WHERE act = 'changes.asked'", "does not hold the words that were written"),
    ("UPDATE screening SET words = 'Ok.' WHERE act = 'refusal.confirmed'", "does not hold the words"),
    (f"INSERT INTO screening {AGAIN}", "again is not in the record"),
    ("UPDATE document SET seal = 'x'", "does not have the files that were sent"),
    ("UPDATE document SET kind = 'passport'", "does not have the files that were sent"),
    ("DELETE FROM document WHERE id = 1", "does not have the files that were sent"),
    ("UPDATE document SET application_id = 2 WHERE id = 1", "does not have the files that were sent"),
    ("UPDATE application SET completion_typed = 1 WHERE state = 'SDN'", ": completion_typed"),
    ("UPDATE application SET completion_typed = 0 WHERE state = 'BFA'", ": completion_typed"),
    (f"UPDATE application SET completion_confirmed_by_id = {LISE} WHERE state = 'BFA'", "completion_confirmed_by"),
    ("UPDATE application SET completion_confirmed_by_id = NULL", "completion_confirmed_by"),
    ("UPDATE application SET asked_at = '2018-01-01T00:00:00.000Z' WHERE state = 'SDN'", ": asked_at"),
    ("UPDATE application SET asked_at = NULL", ": asked_at"),
    ("UPDATE application SET folded = 'other'", "is folded otherwise than its names"),
    (f"UPDATE selection SET made_by_id = {LISE}", ": made_by"),
    ("UPDATE selection SET made_at = '2018-01-01T00:00:00.000Z'", ": made_at"),
    (f"UPDATE selection SET kept_by_id = {LISE}", ": kept_by"),
    ("UPDATE selection SET kept_at = '2018-01-01T00:00:00.000Z'", ": kept_at"),
    ("UPDATE selection SET reason = 'x' WHERE run = 1", "does not hold the reason that was proposed"),
    ("UPDATE selection SET reason = '' WHERE run = 2", "does not hold the reason that was proposed"),
    ("UPDATE override SET reason = 'x'", "does not hold the reason that was proposed"),
    (f"INSERT INTO override {OVERRIDDEN_AGAIN}", "again is not in the record"),
    (f"UPDATE proposal SET by_id = {LISE}", ": by"),
    ("UPDATE proposal SET decided_by_id = by_id", ": decided_by"),
    ("UPDATE proposal SET at = '2018-01-01T00:00:00.000Z'", ": at"),
    ("UPDATE proposal SET reason = 'x' WHERE deed = 'meeting.added'", "does not hold the reason that was given"),
    ("UPDATE selection SET text = replace(text, 'SDN', 'NPL')", "has a text that its own rules do not give"),
)


def test_a_row_that_was_changed_past_the_guards_is_named(a_round: str):
    unnoticed = [(statement, says) for statement, says in CHANGES if not any(says in f for f in faults_of(statement))]
    assert unnoticed == []
    assert record.verify().faults == []


def faults_of(statement: str) -> list[str]:
    """What `trustfund verify` finds after a change; then everything is as before it."""
    db.session.rollback()
    path = str(db.engine.url.database)
    with closing(sqlite3.connect(path)) as fund, closing(sqlite3.connect(":memory:")) as before:
        fund.backup(before)
        insider.changes(statement)
        faults = record.verify().faults
        before.backup(fund)
    return faults


def test_a_text_that_was_decided_anew_is_not_the_one_that_was_kept(a_round: str):
    """An insider who can do what the rules do still lacks the digest that the record signed."""
    text = decision.decided(decision.read(seats.run(a_round).text.replace('"SDN"', '"NPL"'))).text()
    insider.changes("UPDATE selection SET text = '" + text.replace("'", "''") + "'")
    assert any("text" in fault or "places" in fault for fault in record.verify().faults)


def test_of_what_an_erased_person_wrote_nothing_is_said(a_round: str):
    """The seals of the files still stand in the table."""
    person = seats.application(seats.places(a_round)[0].public).person
    (keys.folder() / "people" / f"{person}.key").unlink()
    db.session.rollback()
    assert ["are not in the key folder" in fault for fault in record.verify().faults] == [True]
    assert not keys.knows(person)
    insider.changes("UPDATE document SET seal = 'x'")
    assert any("does not have the files" in fault for fault in record.verify().faults)


def test_it_takes_as_many_statements_for_five_applications_as_for_eight(a_round: str):
    five = statements()
    for name in ("Aba Mensah", "Efua Mensah", "Yaa Mensah"):
        seats.delegate(name, "GHA", at=seats.THE_DAY_AFTER)
    assert statements() == five


def statements() -> int:
    db.session.expire_all()
    with counted() as sent:
        assert record.verify().faults == []
    return len(sent)


@pytest.mark.parametrize("edit", ["UPDATE screening SET words = 'x'", "DELETE FROM screening"])
def test_what_an_officer_did_is_never_edited(a_round_on_both: str, edit: str):
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="screening is only ever added to"):
        connection.exec_driver_sql(edit)
