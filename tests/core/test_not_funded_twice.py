"""The fund pays a person's journey once: not two for a meeting, none that overlap, and near ones become one award."""

from datetime import date, timedelta

import pytest

from tests.core.mandates import MANDATE, with_setting
from tests.core.requests import codes, request, said
from trustfund.core.eligibility import Journey

# To N1 the nights are those of 19 to 22 February, home on the 23rd


def journey(first: date, last: date, meeting: str = "X1") -> Journey:
    return Journey(meeting, first, last)


def test_a_second_application_for_the_same_meeting_fails():
    assert said(request(other_journeys=(journey(date(2018, 2, 19), date(2018, 2, 22), "N1"),))) == [
        ("not-funded-twice", "This person has an application for N1 already.")
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [("02-20", "02-21"), ("02-17", "02-19"), ("02-22", "02-25"), ("02-01", "02-28"), ("02-22", "02-22")],
)
def test_nights_that_overlap_fail(first, last):
    other = journey(date.fromisoformat(f"2018-{first}"), date.fromisoformat(f"2018-{last}"))
    assert said(request(other_journeys=(other,))) == [
        (
            "not-funded-twice",
            "The fund pays, or is asked to pay, this person’s journey to X1 in the same nights.",
        )
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [("02-23", "02-26"), ("02-26", "02-27"), ("02-15", "02-18"), ("02-14", "02-15")],
    ids=["on the day of the return", "three days after", "home on the day of leaving", "three days before"],
)
def test_journeys_less_than_four_days_apart_become_one_award(first, last):
    other = journey(date.fromisoformat(f"2018-{first}"), date.fromisoformat(f"2018-{last}"))
    assert said(request(other_journeys=(other,))) == [
        (
            "not-funded-twice",
            "The journey to X1 is less than 4 days apart: both become one award.",
        )
    ]


@pytest.mark.parametrize(("first", "last"), [("02-27", "02-28"), ("02-12", "02-14")])
def test_journeys_four_days_apart_are_two(first, last):
    other = journey(date.fromisoformat(f"2018-{first}"), date.fromisoformat(f"2018-{last}"))
    assert codes(request(other_journeys=(other,))) == []
    assert codes(request(other_journeys=(other,)), with_setting(days_between_journeys=5)) == ["not-funded-twice"]


def test_the_hearing_on_the_day_that_the_round_leaves_out_is_the_same_journey():
    hearing = MANDATE.meeting("H4").first_day
    other = journey(hearing - timedelta(days=1), hearing - timedelta(days=1), "H4")
    assert "to H4 in the same nights" in said(request(other_journeys=(other,)))[0][1]


def test_every_other_journey_is_told():
    others = (
        journey(date(2018, 2, 19), date(2018, 2, 22), "N1"),
        journey(date(2018, 2, 20), date(2018, 2, 20), "H4"),
        journey(date(2018, 3, 11), date(2018, 3, 14), "N2"),
        journey(date(2018, 2, 24), date(2018, 2, 25), "X1"),
    )
    texts = [text for _, text in said(request(other_journeys=others))]
    assert [next(code for code in ("N1", "H4", "N2", "X1") if code in text) for text in texts] == ["N1", "H4", "X1"]


def test_a_journey_that_another_source_pays_whole_fails():
    assert said(request(paid_elsewhere=True)) == [("not-funded-twice", "Another source pays the whole journey.")]
