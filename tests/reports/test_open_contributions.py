"""Contributions as open data: columns for ever, no name of an individual."""

import pytest

from tests.reports.reading import csv_rows, sheets, told, totals, words_of
from trustfund.reports import open_contributions
from trustfund.reports.draw import draw
from trustfund.reports.snapshot import snapshot


@pytest.fixture
def contributions(fund):
    with snapshot() as taken:
        return open_contributions.build(taken)


def test_everybody_sees_who_gave_what(contributions):
    assert told(contributions, "donor", "country", "earmark", "stage", "currency", "received", "outstanding_usd")[
        1:
    ] == [
        ("Luxembourg", "LUX", "", "fully-paid", "EUR", "50000.00", "0.00"),
        ("Norway", "NOR", "travel", "part-paid", "USD", "16000.00", "4000.00"),
    ]
    assert totals(contributions) == ["74171.00", "72320.00", "4000.00"]


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
    ]
