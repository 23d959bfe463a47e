"""The tables of activities say what the record says; `trustfund verify` names a row that does not."""

import pytest
from sqlalchemy import select

from tests import surpluses as s
from tests.operations.test_copies_selections import faults_of
from trustfund.extensions import db
from trustfund.models.activities import Activity, ActivityAct
from trustfund.operations import record

pytestmark = pytest.mark.usefixtures("money")


def everything() -> str:
    """One is paid twice and closed, one cancelled, one approved by Lise only."""
    paid = s.closed(s.paid(s.paid(s.agreed(s.proposed()), "4000.00"), "100.00", "PA-2"))
    s.cancelled(s.agreed(s.proposed("Briefings")))
    s.agreed(s.proposed("Maps"), "Lise")
    return paid


def test_what_was_done_properly_is_sound():
    everything()
    assert record.verify(full=True).faults == []
    assert len(db.session.scalars(select(ActivityAct)).all()) == 9


CHANGES = (
    ("UPDATE activity SET title = 'x' WHERE title = 'Maps'", ": title"),
    ("UPDATE activity SET document = 'x' WHERE title = 'Maps'", ": document"),
    ("UPDATE activity SET cost = cost + 1 WHERE title = 'Maps'", ": cost"),
    ("UPDATE activity SET charge = charge + 1 WHERE title = 'Maps'", ": charge"),
    ("UPDATE activity SET stage = 'approved' WHERE title = 'Maps'", ": stage"),
    ("UPDATE activity SET seq = 1 WHERE title = 'Maps'", ": seq"),
    ("UPDATE activity SET words = 'x' WHERE title = 'Maps'", "does not hold the words that were written"),
    ("UPDATE activity_act SET act = 'propose' WHERE act = 'approve'", ": act"),
    ("UPDATE activity_act SET at = '2019-01-01T00:00:00.000Z'", ": at"),
    ("UPDATE activity_act SET by_id = (SELECT id FROM account WHERE role = 'head') WHERE act = 'pay'", "is missing"),
    ("DELETE FROM activity_act WHERE act = 'pay'", "is missing"),
    ("UPDATE activity_payment SET usd = 1", ": usd"),
    ("UPDATE activity_payment SET value_date = '2019-01-01'", ": value_date"),
    ("UPDATE activity_payment SET bank_reference = 'x' WHERE bank_reference = 'PA-1'", "main x is not in the record"),
    ("UPDATE activity_payment SET activity_id = activity_id + 1", ": activity"),
    ("DELETE FROM activity_payment", "is missing"),
)


@pytest.mark.parametrize("both_apps", ["sqlite"], indirect=True)
def test_a_row_that_was_changed_past_the_guards_is_named():
    everything()
    unnoticed = [
        (statement, says)
        for statement, says in CHANGES
        if not any("the table activity" in fault and says in fault for fault in faults_of(statement))
    ]
    assert unnoticed == []
    assert record.verify().faults == []


def test_every_column_of_the_tables_is_one_that_the_record_vouches_for():
    told = {statement.split()[1 if statement.startswith("UPDATE") else 2] for statement, _ in CHANGES}
    assert told == {"activity", "activity_act", "activity_payment"}
    names = {column.key for column in Activity.__table__.columns} - {"id", "reference"}
    assert names == {statement.split()[3] for statement, _ in CHANGES if statement.startswith("UPDATE activity SET")}
