"""A closed month takes no posting and is never opened again, whoever tries; on both databases."""

import pytest

from tests import builders as b
from tests.operations import insider
from tests.operations.by_hand import refusal, refuses
from tests.operations.monthly import agreed_in_euros, close
from trustfund.extensions import db
from trustfund.operations import record

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def lise(both_apps):
    return b.officer("Lise Moreau", "approving")


@pytest.fixture
def rafael(both_apps):
    return b.officer("Rafael Haldane", "certifying")


def posting_on(day: str, seq: str = "(SELECT max(seq) + 1 FROM event)") -> str:
    return f"INSERT INTO posting SELECT {seq}, 0, 'cash:main', 'USD', 0, 0, '{day}', ''"


def test_the_database_refuses_every_posting_into_a_closed_month(lise, rafael):
    b.luxembourg_paid()
    close(rafael, lise)
    for day in ("2017-06-30", "2017-06-01", "2017-05-02", "2017-04-30", "2016-12-31"):
        assert refusal(posting_on(day)) == "a closed month takes no posting", day
        assert refusal(posting_on(day, "999999")) == "a closed month takes no posting", day
    assert "a closed month" not in refusal(posting_on("2017-07-01"))
    assert record.verify(full=True).faults == []


def test_a_closed_month_is_never_changed_or_taken_back_and_nobody_closes_one_without_an_entry(lise, rafael):
    b.luxembourg_paid()
    close(rafael, lise)
    tries = [
        "UPDATE closed_month SET seq = 999999",
        "UPDATE closed_month SET month = '2016-01' WHERE month = '2017-06'",
        "DELETE FROM closed_month",
        "INSERT INTO closed_month VALUES ('2017-07', 999999)",
        "INSERT INTO closed_month VALUES ('2017-07', 1)",
        "INSERT INTO closed_month SELECT '2017-06', max(seq) + 1 FROM event",
    ]
    if db.engine.dialect.name == "sqlite":
        tries += [
            "INSERT OR REPLACE INTO closed_month SELECT '2017-06', max(seq) + 1 FROM event",
            "REPLACE INTO closed_month SELECT '2017-06', max(seq) + 1 FROM event",
            "UPDATE OR REPLACE closed_month SET month = '2017-05' WHERE month = '2017-06'",
        ]
    else:
        tries += [
            "TRUNCATE closed_month",
            "INSERT INTO closed_month VALUES ('2017-06', 9) ON CONFLICT (month) DO UPDATE SET seq = 999999",
        ]
    assert [one for one in tries if not refuses(one)] == []
    assert record.verify(full=True).faults == []


def test_what_an_insider_changes_of_closed_months_is_named(lise, rafael, salma):
    agreed_in_euros(salma)
    seq = close(rafael, lise, "2017-05")
    for change, back, faults in (
        (
            "DELETE FROM closed_month",
            f"INSERT INTO closed_month VALUES ('2017-05', {seq})",
            ["the table closed_month: 2017-05 is missing, the record has it"],
        ),
        (
            "INSERT INTO closed_month VALUES ('2017-06', 999999)",
            "DELETE FROM closed_month WHERE month = '2017-06'",
            ["the table closed_month: 2017-06 is not in the record"],
        ),
        (
            "UPDATE closed_month SET seq = 2",
            f"UPDATE closed_month SET seq = {seq}",
            [
                "the table closed_month: 2017-05 does not say what the record says: seq",
                f"the books: entry {seq - 2} posts into 2017-05, which was closed before",
                f"the books: entry {seq} posts into 2017-05, which was closed before",
            ],
        ),
    ):
        insider.changes(change)
        assert record.verify().faults == faults
        insider.changes(back)
        assert record.verify().faults == []
