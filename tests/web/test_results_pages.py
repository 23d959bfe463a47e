"""What a contribution did, as its donor and the officers see it: whom it brought, what it paid, what is left."""

import pytest

from tests import builders as b
from tests import journeys as j
from tests.reports.reading import csv_rows, words_of
from tests.web.counting import statements
from trustfund.operations import contributions

IN_2018 = "/donors/results/2018"


@pytest.fixture
def attended(seat):
    """Amna of Sudan, a least developed country, came to the first round of three days, on Luxembourg's money."""
    seat.until(j.attended)
    seat.house.stands_at(j.FIRST_DAY)
    return seat.house


def test_the_donor_reads_whom_its_money_brought_and_takes_it_as_a_paper(attended):
    donor = attended.visitor("donor")
    page = donor.open(IN_2018)
    assert page.words("h1") == "Your money brought 1.0 delegates to one meeting"
    assert "Not final until December 2018 is closed." in page.text
    assert [one["text"] for one in page.all("td", **{"data-l": "Delegate-days"})] == ["3.0", "3.0"]
    assert page.words("dl").startswith("Delegates1.0Of least developed countries1.0100%Delegate-days3.0")
    assert "Amna" not in page.text
    paper = donor.open(f"{IN_2018}.pdf")
    assert (paper.status, paper.type) == (200, "application/pdf")
    said = words_of(paper.data)
    assert "Your money brought 1.0 delegates to meetings, for 3.0 days in all." in said
    assert "Luxembourg" in said


def test_the_shares_of_all_donors_are_one_delegate_and_three_days(attended):
    officer = attended.visitor("paying officer")
    page = officer.open("/officers/results/2018")
    assert page.words("h1").endswith("brought 1.0 delegates to meetings")
    assert "All shares together are the fund’s own figures" in page.text
    rows = csv_rows(officer.open("/officers/results/2018.csv").data)
    head, total = rows[0], next(row for row in rows if row[0] == "Total")
    assert [total[head.index(name)] for name in ("delegates", "ldc_delegates", "delegate_days")] == [
        "1.0",
        "1.0",
        "3.0",
    ]
    assert officer.open("/officers/results/2018.pdf").type == "application/pdf"


def test_an_officer_sees_a_donors_page_and_another_donor_only_its_own(attended):
    reference = attended.things["luxembourg's donor"]
    page = attended.visitor("head").open(f"/officers/donors/{reference}/results")
    assert page.words("h1").startswith("The money of Luxembourg brought ")
    norway = attended.visitor("another donor")
    page = norway.open("/donors/results")
    assert page.words("h1") == "Your money has brought no delegate to a meeting yet"
    assert "Nothing is in the bank yet" in page.text
    assert norway.open(f"/officers/donors/{reference}/results").status == 403


def test_a_gift_that_came_to_less_than_a_tenth_of_a_delegate_is_told_without_a_figure(seat):
    house = seat.house
    with house.at_work():
        ana, salma = b.donor("Ana Example", "individual", ""), house.things["salma"]
        gift = contributions.announce_pledge(
            ana, amount="1500.00", currency="USD", purpose="travel", by=salma, at=b.AT
        ).on
        b.agreement(gift, salma, "1500.00")
        b.deposit(gift, salma, "1500.00", bank="ANA-1")
    seat.until(j.attended)
    house.stands_at(j.FIRST_DAY)
    page = house.visitor("head").open(f"/officers/donors/{ana}/results/2018")
    assert page.words("h1") == "The money of Ana Example has brought no delegate to a meeting yet"
    assert "First round of negotiations" in page.words("small")
    assert not page.all("figure")


@pytest.mark.parametrize(
    "path", ["/donors/results/0", "/donors/results/2016", "/donors/results/2019", "/donors/results/20170.pdf"]
)
def test_a_year_that_the_fund_does_not_know_is_not_here(quiet_house, path):
    assert quiet_house.known("donor").open(path).status == 404
    assert quiet_house.known("head").open(path.replace("donors", "officers")).status == 404


def test_a_page_needs_as_many_statements_however_many_contributions_there_are(quiet_house, full_house):
    few, many = (statements(house.known("donor"), IN_2018) for house in (quiet_house, full_house))
    assert many <= few
