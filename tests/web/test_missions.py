"""The desk of a mission says what can be done today; States are called as the reader's language calls them."""

from datetime import UTC, datetime

import pytest


@pytest.mark.parametrize(
    ("day", "title", "told"),
    [
        (datetime(2018, 1, 24, 14, tzinfo=UTC), "2 calls are open", "Second round of negotiations: apply until"),
        (datetime(2018, 12, 31, 14, tzinfo=UTC), "No call is open", "Every meeting, with its call and its days"),
    ],
)
def test_the_desk_of_a_mission_shows_the_calls_of_the_day_and_the_money(quiet_house, day, title, told):
    with quiet_house.on(day):
        page = quiet_house.visitor("mission").open("/missions/")
    assert page.words("h1") == title
    assert told in page.words("main")
    assert "What the fund can promise today" in page.words("ul")


def test_in_french_a_state_has_its_french_name_and_a_pledge_that_is_only_announced_its_amount(quiet_house):
    english = quiet_house.visitor("nobody").open("/contributions")
    french = quiet_house.visitor("nobody", "fr").open("/contributions")
    assert "Norway" in english.words("table")
    assert "Norway" not in french.words("main")
    assert "Norvège" in french.words("table")
    assert "Announced on 24 January 2018: 1,000.00" in english.words("table")
    assert english.words("h1").endswith("received from one donor")
