"""A donor's year: each contribution adds up, and all donors' statements add up to the fund's, on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import seats
from tests.counting import counted
from tests.operations.pledged import balance, unapplied_deposit, written_off
from trustfund.core.money import minor
from trustfund.extensions import db
from trustfund.models.contributions import Donor
from trustfund.models.record import pots
from trustfund.operations import donor_years

SHARED_OUT = ("opening", "received", "interest", "exchange", "charges", "spent", "refunded", "unspent")


@pytest.fixture
def portugal(fund):
    """Beside the others Portugal agreed to 1,000.00 euros, paid 400.00 when they were worth more, and the rest was
    written off in 2019."""
    b.rate("EUR", "0.876117", "2017-06-15")
    pledge = b.pledge(b.account("donor", "Portugal", donor=b.donor("Portugal", country="PRT")), "1000.00", "EUR")
    b.agreement(pledge, seats.who("Salma"), "1000.00", day=date(2017, 6, 1))
    b.deposit(pledge, seats.who("Salma"), "400.00", day=date(2017, 6, 20), bank="PRT-1")
    written_off(pledge, [seats.who("Rafael"), seats.who("Lise")])
    return pledge


def statements(year):
    """Of every donor, each by itself."""
    db.session.rollback()
    donors = db.session.scalars(select(Donor.reference)).all()
    return [one for donor in donors for one in donor_years.contributions(db.session(), year, donor)]


@pytest.mark.parametrize("year", [2017, 2018, 2019])
def test_all_donors_statements_add_up_to_the_funds(portugal, year):
    each, whole = statements(year), donor_years.contributions(db.session(), year)
    assert sorted(each, key=lambda one: one.pledge) == sorted(whole, key=lambda one: one.pledge)
    assert sorted(one.difference for one in each) == [0, 0, 0, 600]
    for one in each:
        own, usd = one.own, one.usd
        assert own.agreed == own.received + own.written_off + own.outstanding
        assert usd.agreed + one.difference == usd.received + usd.written_off + usd.outstanding
    books = donor_years.results.of_year(db.session(), year)
    for name in SHARED_OUT:
        of_the_fund = sum(getattr(one.share, name) for one in books.results.values())
        assert sum(getattr(one.share, name) for one in each) == of_the_fund, name


def test_at_the_end_they_are_what_the_balances_of_the_books_say(portugal):
    each = statements(2019)
    assert sum(one.usd.outstanding for one in each) == balance("contributions-receivable") == 0
    assert sum(one.usd.agreed for one in each) == -balance("voluntary-contributions")
    left = sum(minor(pot.came_in - pot.spent, "USD") for pot in pots(db.session(), Decimal(0)).values())
    assert sum(one.share.unspent for one in each) == left


@pytest.fixture
def italy(fund):
    """Italy agreed to 900.00 euros: 400.00 came in 2017, and 500.00 in July 2018, when they were worth less."""
    b.rate("EUR", "0.876117", "2017-06-15")
    b.rate("EUR", "0.857780", "2018-06-30")
    pledge = b.pledge(b.account("donor", "Italy", donor=b.donor("Italy", country="ITA")), "900.00", "EUR")
    b.agreement(pledge, seats.who("Salma"), "900.00", day=date(2017, 6, 16))
    b.deposit(pledge, seats.who("Salma"), "400.00", day=date(2017, 6, 20), bank="ITA-1")
    b.deposit(pledge, seats.who("Salma"), "500.00", day=date(2018, 7, 20), bank="ITA-2")
    return pledge


def test_in_its_own_currency_a_year_begins_with_what_the_one_before_ended_with(portugal, italy):
    ended: dict[str, int] = {}
    for year in (2017, 2018, 2019):
        for one in donor_years.contributions(db.session(), year):
            assert one.in_own.opening == ended.get(one.pledge, 0), (year, one.pledge)
            assert one.in_own.moved == 0
            ended[one.pledge] = one.in_own.of(one.share.unspent)
            if one.currency == "USD":
                assert ended[one.pledge] == one.share.unspent
    assert len(ended) == 5
    assert ended[italy] > 0


def test_what_was_received_stands_as_it_came_and_the_rest_at_the_average_rate_of_what_was_there(portugal, italy):
    first, second, third = (
        next(one for one in donor_years.contributions(db.session(), year) if one.pledge == italy)
        for year in (2017, 2018, 2019)
    )
    assert [one.in_own.received for one in (first, second, third)] == [40_000, 50_000, 0]
    assert (first.in_own.rate, first.usd.received) == ((40_000, 45_656), 45_656)
    left = first.share.unspent
    assert second.in_own.rate == (first.in_own.of(left) + 50_000, left + 58_290)
    assert third.in_own.rate == second.in_own.rate, "until something comes again"
    assert second.own.received == 90_000


def test_a_contribution_of_which_nothing_came_has_no_rate_of_its_own(luxembourg, salma, euros):
    pledge = b.pledge(luxembourg, "50000.00", "EUR")
    b.agreement(pledge, salma)
    (one,) = donor_years.contributions(db.session(), 2017)
    assert (one.own.outstanding, one.in_own.rate) == (5_000_000, None)


def test_a_donor_has_papers_from_the_year_of_its_first_agreement_or_deposit(luxembourg, norway, salma, euros):
    pledge = b.pledge(luxembourg)
    reference = b.kept(pledge).donor.reference
    assert donor_years.years(db.session(), reference, date(2018, 1, 24)) == []
    unapplied_deposit("Luxembourg")
    assert donor_years.years(db.session(), reference, date(2018, 1, 24)) == [2018, 2017]
    assert donor_years.first_agreed(db.session(), reference) is None
    b.agreement(pledge, salma)
    assert donor_years.first_agreed(db.session(), reference) == date(2017, 5, 2)
    ((deposit, digest),) = donor_years.deposits(db.session(), reference, 2017)
    assert (deposit.bank_reference, len(digest)) == ("LU-1", 64)
    assert donor_years.deposits(db.session(), reference, 2018) == []


def test_ten_contributions_ask_the_database_no_more_often_than_one(luxembourg, salma):
    def asked():
        db.session.rollback()
        with counted() as statements:
            donor_years.contributions(db.session(), 2017)
        return len(statements)

    for n in range(11):
        b.agreement(b.pledge(luxembourg, f"{n + 1}.00"), salma, f"{n + 1}.00")
        if n == 0:
            one = asked()
    assert asked() == one
