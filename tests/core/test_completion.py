"""When a file counts as complete, and when a person's two spellings are one person."""

from datetime import UTC, datetime, timedelta

import pytest

from trustfund.core.calendar import Call
from trustfund.core.completion import completed_at, folded

OPENS, CLOSES = datetime(2017, 12, 1, tzinfo=UTC), datetime(2018, 1, 6, 4, 59, 59, tzinfo=UTC)
CALL = Call(OPENS, CLOSES, CLOSES + timedelta(days=24), "America/New_York")
EARLY, LATE = datetime(2017, 12, 20, tzinfo=UTC), datetime(2018, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_file_is_complete_when_it_first_lacks_nothing():
    assert completed_at(None, EARLY, complete=True, call=CALL) == EARLY
    assert completed_at(None, EARLY, complete=False, call=CALL) is None


def test_a_later_edit_before_the_deadline_does_not_move_it():
    last = CLOSES + timedelta(milliseconds=900)
    assert completed_at(EARLY, last, complete=True, call=CALL) == EARLY


def test_an_edit_after_the_deadline_moves_it():
    assert completed_at(EARLY, CLOSES + timedelta(seconds=1), complete=True, call=CALL) == CLOSES + timedelta(seconds=1)


def test_a_file_that_lost_something_is_not_complete_any_more():
    assert completed_at(EARLY, EARLY + HOUR, complete=False, call=CALL) is None


@pytest.mark.parametrize(("days", "moves"), [(7, False), (8, True)])
def test_an_answer_to_an_officer_within_seven_days_keeps_its_place(days: int, moves: bool):
    now = LATE + timedelta(days=days)
    kept = completed_at(EARLY, now, complete=True, call=CALL, asked_at=LATE, days_to_answer=7)
    assert (kept == now) is moves


@pytest.mark.parametrize(("days", "moves"), [(5, False), (6, True)])
def test_a_note_verbale_that_was_promised_keeps_the_place_for_five_days(days: int, moves: bool):
    last_evening = CLOSES - HOUR
    now = last_evening + timedelta(days=days)
    kept = completed_at(last_evening, now, complete=True, call=CALL, note_promised=True, days_for_note=5)
    assert (kept == now) is moves


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Aïssata", "Koné"), ("AISSATA", "kone")),
        (("Amna", "Eltayeb"), ("Eltayeb", "Amna")),
        (("Jean-Baptiste", "N’Guessan"), ("Jean Baptiste", "N'Guessan")),
        (("", "Sukarno"), ("Sukarno", "")),
        (("مُنير", "طه"), ("منير", "طه")),
    ],
)
def test_two_spellings_of_one_person_meet(one: tuple[str, str], other: tuple[str, str]):
    assert folded(*one) == folded(*other)


def test_two_persons_do_not():
    assert folded("Amna", "Eltayeb") != folded("Amna", "Eltayib")
