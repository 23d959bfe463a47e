"""Contributions as open data: columns for ever, no name of an individual."""

from datetime import date

import pytest

from tests import builders as b
from tests import seats
from tests.reports.reading import csv_rows, sheets, told, totals, words_of
from trustfund.core.roles import SYSTEM
from trustfund.operations import contributions as deeds
from trustfund.operations import donors
from trustfund.reports import open_contributions
from trustfund.reports.draw import draw
from trustfund.reports.snapshot import snapshot


@pytest.fixture
def contributions(fund):
    return read()


def read(**asked):
    with snapshot(**asked) as taken:
        return open_contributions.build(taken)


def test_everybody_sees_who_gave_what(contributions):
    assert told(contributions, "donor", "country", "earmark", "stage", "currency", "received", "outstanding_usd")[
        1:
    ] == [
        ("Luxembourg", "LUX", "", "fully-paid", "EUR", "50000.00", "0.00"),
        ("Norway", "NOR", "travel", "part-paid", "USD", "16000.00", "4000.00"),
    ]
    assert totals(contributions) == ["74171.00", "72320.00", "4000.00", "74671.00"]


@pytest.mark.parametrize("format", ["csv", "json", "pdf", "xlsx"])
def test_no_form_has_the_name_of_an_individual(contributions, format):
    drawn = draw(contributions, format, "en")
    if format == "pdf":
        said = words_of(drawn)
    elif format == "xlsx":
        said = str([row for sheet in sheets(drawn) for row in sheet.iter_rows(values_only=True)])
    else:
        said = drawn.decode()
    assert "Luxembourg" in said
    assert "Haddad" not in said


def test_the_columns_last_for_ever(contributions):
    assert csv_rows(draw(contributions, "csv", "en"))[0] == [
        "donor",
        "donor_type",
        "country",
        "document",
        "earmark",
        "stage",
        "announced_on",
        "currency",
        "announced",
        "agreed",
        "received",
        "agreed_usd",
        "received_usd",
        "outstanding_usd",
        "outstanding",
        "pledged_usd",
    ]


def test_pledged_is_told_in_dollars_by_the_rate_of_the_agreement_and_before_it_of_the_announcement(fund):
    """Malta announced 100 euros on 24 January 2018, when there was no rate of that month, then with one."""
    b.pledge(b.account("donor", "Malta", donor=b.donor("Malta", country="MLT")), "100.00", "EUR")
    keys = ("donor", "currency", "announced", "pledged_usd", "outstanding")
    assert told(read(), *keys)[1:] == [
        ("Luxembourg", "EUR", "50000.00", "54171.00", "0.00"),
        ("Malta", "EUR", "100.00", "", "0.00"),
        ("Norway", "USD", "20000.00", "20000.00", "4000.00"),
    ]
    b.rate("EUR", "0.8", "2017-12-31")
    assert told(read(), *keys)[2] == ("Malta", "EUR", "100.00", "125.00", "0.00")


def test_a_donor_that_asked_not_to_be_named_counts_and_is_not_betrayed(fund):
    """Neither its name, its reference, its country, its documents nor its place in the list tell who it is."""
    salma = seats.who("Salma")
    gifts = {"Zebra Foundation": "30.00", "Aardvark Foundation": "20.00", "Koala Ltd": "10.00"}
    for name, amount in gifts.items():
        giver = deeds.register_donor(name, type="private", country="CHE", unnamed=True, by=SYSTEM, at=b.AT).on
        pledge = deeds.announce_pledge(giver, amount=amount, currency="USD", purpose="travel", by=salma, at=b.AT).on
        b.agreement(pledge, salma, amount)
    report = read()
    keys = ("donor", "country", "document", "stage", "announced", "agreed_usd")
    assert told(report, *keys)[3:] == [
        ("A private donor", "", "", "agreed", amount, amount) for amount in ("10.00", "20.00", "30.00")
    ]
    assert totals(report)[0] == "74231.00"
    for form in ("csv", "json"):
        said = draw(report, form, "en").decode()
        assert not [word for word in ("Foundation", "Koala", "CHE") if word in said]
    assert "Foundation" not in repr([report.figure, *report.further])


def test_a_private_donor_is_named_once_a_second_officer_has_accepted_it(fund):
    salma, lise = seats.who("Salma"), b.officer("Lise Aubert", "approving")
    giver = deeds.register_donor("Koala Ltd", type="private", country="CHE", by=salma, at=b.AT)
    deeds.announce_pledge(giver.on, amount="10.00", currency="USD", purpose="travel", by=salma, at=b.AT)
    assert told(read(), "donor", "announced")[-1] == ("A private donor", "10.00")
    donors.accept(giver.on, seen=giver.seq, by=lise, at=b.AT)
    assert ("Koala Ltd", "10.00") in told(read(), "donor", "announced")


def test_as_at_a_day_the_open_data_stand_as_on_that_day(fund):
    keys = ("donor", "stage", "received_usd", "outstanding_usd", "pledged_usd")
    assert told(read(as_at=date(2017, 6, 11)), *keys) == [("Luxembourg", "agreed", "0.00", "54171.00", "54171.00")]
