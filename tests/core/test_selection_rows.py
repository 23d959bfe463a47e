"""A selection of the fund: the record of a run of its own, and the rows of a page with the money after each."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.candidates import STEPS, candidate
from tests.core.random_records import DEFAULT_PRIORITY, record_by
from trustfund.core.priority import Candidate
from trustfund.core.selection import FORMAT, Selection, decided, record_of
from trustfund.core.selection_record import checked

RECORDS = st.randoms(use_true_random=False).map(lambda chance: record_by(chance, at_most=14))

AMINA = candidate("Amina", completed="2018-01-01")
FATOU = candidate("Fatou", completed="2018-01-02", charge="5000.00")
GRACE = candidate("Grace", completed="2018-01-03")
BORAN = candidate("Boran", category="developing", charge="700.50")
"""Three LDC delegates, of whom Fatou is dear, and one of another country, who stands a step below them."""


def record(*people: Candidate, money: str = "3000.00", when_short: str = "same-step", **earmarked: str) -> dict:
    return record_of(
        people,
        meeting="N1",
        status_date=date(2018, 2, 20),
        criteria=DEFAULT_PRIORITY,
        steps=STEPS,
        when_short=when_short,
        seed="example",
        spendable=Decimal(money),
        earmarked={None if pot == "meeting" else pot: Decimal(amount) for pot, amount in earmarked.items()},
    )


def told(selection: Selection) -> list[tuple[str, str, str, str]]:
    """Name, outcome, the money left after it and what was missing for it."""
    return [(row.place.candidate.reference, row.outcome, str(row.left), str(row.missing)) for row in selection.rows()]


# The record of a run


def test_a_run_of_the_fund_is_written_as_a_record():
    held = candidate("Held", gender="F", government_order=2, earlier_seats=1, on_time=False, charge="12.5", held=3)
    assert record(held, money="3000", LDC="50.00", meeting="7.1") == {
        "format": FORMAT,
        "meeting": "N1",
        "status_date": "2018-02-20",
        "rules": {
            "priority": DEFAULT_PRIORITY,
            "steps": [[category, n] for category, n in STEPS],
            "when_cash_falls_short": "same-step",
            "seed": "example",
        },
        "spendable": "3000.00",
        "earmarked": [{"category": "LDC", "amount": "50.00"}, {"category": None, "amount": "7.10"}],
        "candidates": [
            {
                "reference": "Held",
                "state": "HEL",
                "region": "African Group",
                "category": "LDC",
                "gender": "F",
                "on_time": False,
                "government_order": 2,
                "completed_at": "2018-01-10T00:00:00Z",
                "earlier_seats": 1,
                "charge": "12.50",
                "held": 3,
            }
        ],
    }


def test_nothing_earmarked_and_no_held_seat_are_left_out():
    written = record(AMINA)
    assert "earmarked" not in written
    assert "held" not in written["candidates"][0]


def test_an_instant_is_written_in_utc_whatever_its_zone():
    new_york = timezone(timedelta(hours=-5))
    one = AMINA._replace(completed_at=datetime(2018, 1, 10, 23, 59, 59, 999999, tzinfo=new_york))
    assert record(one)["candidates"][0]["completed_at"] == "2018-01-11T04:59:59.999999Z"


def test_an_instant_without_a_zone_or_a_part_of_a_cent_is_a_mistake_of_the_program():
    with pytest.raises(AssertionError, match="time zone"):
        record(AMINA._replace(completed_at=datetime(2018, 1, 10)))  # noqa: DTZ001
    with pytest.raises(AssertionError, match="whole cents"):
        record(AMINA, money="0.001")


@given(RECORDS)
@settings(deadline=None, max_examples=60)
def test_the_candidates_of_a_record_make_a_record_that_is_decided_alike(given_record):
    given_record = {**given_record, "earmarked": [{"category": "LDC", "amount": "5000.00"}]}
    rules = given_record["rules"]
    again = record_of(
        checked(given_record)[1],
        meeting=given_record["meeting"],
        status_date=date.fromisoformat(given_record["status_date"]),
        criteria=rules["priority"],
        steps=[(category, n) for category, n in rules["steps"]],
        when_short=rules["when_cash_falls_short"],
        seed=rules["seed"],
        spendable=Decimal(given_record["spendable"]),
        earmarked={"LDC": Decimal("5000.00")},
    )
    first, second = decided(given_record).as_data(), decided(again).as_data()
    for name in ("rules", "result", "spent", "left", "spendable", "earmarked"):
        assert second[name] == first[name]


# The rows of a page


def test_each_row_tells_the_money_left_after_it_and_the_waiting_one_what_was_missing():
    assert told(decided(record(AMINA, FATOU, GRACE, BORAN))) == [
        ("Amina", "proposed", "2000.00", "0"),
        ("Fatou", "waiting", "2000.00", "3000.00"),
        ("Grace", "proposed", "1000.00", "0"),
        ("Boran", "waiting", "1000.00", "0"),
    ]


def test_where_the_fund_stops_nobody_after_the_first_waiting_one_competes_so_nothing_is_missing_there():
    dear = GRACE._replace(charge=Decimal("9000.00"))
    assert told(decided(record(AMINA, FATOU, dear, when_short="stop"))) == [
        ("Amina", "proposed", "2000.00", "0"),
        ("Fatou", "waiting", "2000.00", "3000.00"),
        ("Grace", "waiting", "2000.00", "0"),
    ]


def test_where_it_goes_on_each_waiting_one_tells_what_was_missing_at_its_turn():
    dear = candidate("Boran", category="developing", charge="1000.01")
    assert told(decided(record(AMINA, FATOU, GRACE, dear, when_short="skip"))) == [
        ("Amina", "proposed", "2000.00", "0"),
        ("Fatou", "waiting", "2000.00", "3000.00"),
        ("Grace", "proposed", "1000.00", "0"),
        ("Boran", "waiting", "1000.00", "0.01"),
    ]


def test_money_of_all_pots_is_left_and_only_what_one_can_use_lessens_what_is_missing():
    """Boran cannot use what is tied to LDCs: 1,000.00 less 700.50 of free money."""
    one = BORAN._replace(charge=Decimal("1000.00"))
    assert told(decided(record(AMINA, one, money="500.50", LDC="1200.00", meeting="200.00", when_short="skip"))) == [
        ("Amina", "proposed", "900.50", "0"),
        ("Boran", "waiting", "900.50", "299.50"),
    ]


def test_held_seats_and_those_over_quota_take_nothing():
    held = candidate("Held", "TCD", held=4, charge="9000.00")
    second, third = candidate("Fatou", "TCD"), candidate("Grace", "TCD", completed="2018-01-11", charge="9000.00")
    assert told(decided(record(held, second, third))) == [
        ("Held", "held", "3000.00", "0"),
        ("Fatou", "proposed", "2000.00", "0"),
        ("Grace", "over-quota", "2000.00", "0"),
    ]


def test_a_page_shows_a_part_of_the_rows_with_their_positions():
    selection = decided(record(AMINA, FATOU, GRACE, BORAN))
    assert [(row.position, row.place.candidate.reference) for row in selection.rows(1, 3)] == [
        (2, "Fatou"),
        (3, "Grace"),
    ]
    assert selection.rows(1, 3) == selection.rows()[1:3]
    assert [row.position for row in selection.rows(3, 100)] == [4]


def test_the_first_waiting_place_tells_how_much_more_money_reaches_it():
    first = decided(record(AMINA, FATOU, GRACE)).first_waiting()
    assert (first.position, first.missing) == (2, Decimal("3000.00"))
    enough = decided(record(AMINA, FATOU, GRACE, money=str(Decimal("3000.00") + first.missing)))
    assert enough.rows()[1].outcome == "proposed"


def test_nobody_waits():
    assert decided(record(AMINA)).first_waiting() is None


def test_the_digest_is_that_of_the_published_bytes():
    selection = decided(record(AMINA, FATOU))
    assert f'"digest":"{selection.digest}"' in selection.text()
