"""The public page of contributions: what all may know, as at any day, and nothing of who asked not to be named."""

import json

import pytest

from tests import builders as b
from tests import seats
from trustfund.core.roles import SYSTEM
from trustfund.operations import contributions


@pytest.fixture
def look(house):
    """Luxembourg paid 56,320.00 in June 2017; a foundation that asked not to be named agreed 300 Swiss francs."""
    with house.at_work():
        b.rate("CHF", "0.96", "2017-12-31")
        quiet = contributions.register_donor(
            "Aurora Quiet Foundation", type="ngo", country="CHE", unnamed=True, by=SYSTEM, at=b.AT
        ).on
        pledge = contributions.announce_pledge(
            quiet, amount="300.00", currency="CHF", purpose="travel", by=SYSTEM, at=b.AT
        ).on
        b.agreement(pledge, seats.who("Salma"), "300.00", b.AT.date())
    return lambda address: house.visitor().open(address)


def test_it_shows_both_currencies_and_draws_what_was_pledged_against_what_came(look):
    shown = look("/contributions")
    table = shown.words("table")
    assert "54,171.0050,000.00" in table
    assert "312.50300.00" in table
    assert "56,320.00 received from one donor" in shown.words("h1").replace(" USD", "")
    drawn = shown.words("figure")
    assert "June 2017" in drawn
    assert "Received so far" in drawn


def test_a_donor_that_asked_not_to_be_named_stands_last_as_a_private_donor(look):
    shown = look("/contributions")
    assert shown.words("tbody").rindex("A private donor") > shown.words("tbody").rindex("Luxembourg")
    for address in ("/contributions", "/contributions?lang=fr", "/open/contributions.csv", "/open/contributions.json"):
        text = look(address).text
        assert "Aurora" not in text, address
        assert text.count("17/418") == 1, address  # both have this document; it is told of Luxembourg only
    (row,) = [r for r in json.loads(look("/open/contributions.json").text)["rows"] if r["donor"] == "A private donor"]
    assert (row["country"], row["document"], row["agreed"], row["agreed_usd"]) == ("", "", "300.00", "312.50")


def test_as_at_a_day_page_and_files_stand_as_they_stood_then(look):
    shown = look("/contributions?as_at=2017-06-11")
    assert shown.words("h1") == "Announced, and not yet received"
    assert "As at 11 June 2017" in shown.text
    assert "A private donor" not in shown.text
    link = next(a["href"] for a in shown.all("a") if a["href"].startswith("/open/contributions.json"))
    data = json.loads(look(link).text)
    assert (data["as_at"], data["totals"]["received_usd"]) == ("2017-06-11", "0.00")


def test_before_the_first_pledge_the_page_says_so(look):
    shown = look("/contributions?as_at=2017-01-31")
    assert shown.words("h1") == "Nothing had been announced by 31 January 2017"
    assert shown.all("a", href="/contributions")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("yesterday", "“yesterday” is not a date."), ("2999-01-01", "1 January 2999 has not come yet.")],
)
def test_what_is_no_day_that_has_come_is_refused_where_it_was_typed(look, typed, said):
    shown = look(f"/contributions?as_at={typed}")
    assert shown.status == 422
    field = shown.all("input", id="as_at")[0]
    assert field["value"] == typed
    assert said in shown.words("span", id=field["aria-describedby"])
    assert look(f"/open/contributions.csv?as_at={typed}").status == 422
