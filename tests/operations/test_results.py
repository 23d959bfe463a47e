"""What each contribution did: it adds up to the books, and stays once December is closed; on both databases."""

from datetime import date
from decimal import Decimal

import pytest

from tests import builders as b
from tests import closings as c
from tests import journeys as j
from tests import seats
from tests.counting import counted
from tests.operations.award_books import EARLY
from trustfund.core.attribution import added
from trustfund.core.delegate_days import Seats
from trustfund.core.money import minor
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.models.record import head_of, pots
from trustfund.operations.results import Year, every_year, of_year
from trustfund.reports import contribution_results
from trustfund.reports.snapshot import snapshot


def year(number: int, last: date = date.max) -> Year:
    db.session.rollback()
    return of_year(db.session(), number, last)


def shares(of: Year) -> dict[str, object]:
    """By the name of the donor."""
    names = {one.reference: one.donor.name for one in db.session.scalars(db.select(Pledge)).unique()}
    return {names[who]: result.share for who, result in of.results.items()}


def fund_holds() -> int:
    """What came in less what was spent, in cents, as the kept balances say."""
    return sum(minor(pot.came_in - pot.spent, "USD") for pot in pots(db.session(), Decimal(0)).values())


@pytest.mark.usefixtures("fund")
def test_each_contribution_bears_what_its_earmark_paid_and_they_add_up_to_the_fund():
    first, then = shares(year(2017)), shares(year(2018))
    lux = first["Luxembourg"]
    assert (lux.received, lux.difference, lux.spent) == (5_632_000, 0, 0)
    assert first["Fiji"].received == 10_000, "what it paid above its agreement is due to it"
    norway, fiji = then["Norway"], then["Fiji"]
    assert (norway.opening, norway.travel, norway.support, norway.interest) == (4_000_000, 1_000_000, 130_000, 0)
    assert (fiji.interest, fiji.charges, fiji.travel, fiji.support) == (2, 0, 3545, 461)
    whole = added(then.values())
    assert (whole.interest, whole.charges, whole.spent) == (1234, -200, 3_390_000)
    assert whole.unspent == fund_holds() == 9_642_000 + 1034 - 3_390_000


@pytest.mark.usefixtures("fund")
def test_after_the_refunds_of_the_closing_nobody_holds_anything():
    c.ready()
    for country in ("NOR", "LUX", "FJI"):
        c.refund(country)
    last = shares(year(2019))
    assert {name: (share.refunded, share.unspent) for name, share in last.items()} == {
        "Luxembourg": (1_976_068, 0),
        "Norway": (2_870_000 + 1_403_457, 0),
        "Fiji": (3_509, 0),
    }
    assert (last["Norway"].evened, added(last.values()).evened) == (1_403_457, 0)


@pytest.mark.usefixtures("fund")
def test_a_year_is_final_from_the_entry_that_closed_its_december_and_a_late_fact_goes_to_the_next():
    before = year(2017)
    assert before.final_since is None
    c.months_closed("2017-12")
    final = year(2017)
    assert (final.results, final.final_since) == (before.results, head_of(db.session())[0])
    pledge = b.pledge(seats.who("Fiji"), "70.00")
    with b.standing_at(c.AFTER):
        b.agreement(pledge, seats.who("Salma"), "70.00", day=date(2017, 6, 1))
        b.deposit(pledge, seats.who("Salma"), "70.00", day=date(2017, 6, 12), bank="FJI-late")
    assert year(2017) == final
    assert year(2018).results[pledge].share.received == 7000


@pytest.fixture
def award(both_apps):
    """Amna of Sudan, a least developed country, has a seat at the first round; two donors gave 30,000 and 20,000."""
    j.fund("30000.00", "40000.00")
    seats.paid_in("20000.00", bank="NO-1")
    return j.seated(("Amna Eltayeb", "SDN"))[0]


def test_a_delegate_counts_once_she_was_seen_there_with_the_days_that_she_claimed(award):
    j.until(j.advanced, award)
    assert [one.seats for one in year(2018).results.values()] == [{}, {}]
    j.attended(award)
    assert [one.seats for one in year(2018).results.values()] == [{"N1": Seats(6, 6, 18)}, {"N1": Seats(4, 4, 12)}]
    j.settled(j.prepared(j.claimed(award, arrived_on=EARLY)))
    late = year(2018)
    assert [one.seats for one in late.results.values()] == [{"N1": Seats(6, 6, 12)}, {"N1": Seats(4, 4, 8)}]
    assert added(one.share for one in late.results.values()).unspent == fund_holds()
    assert [one.seats["N1"].days for one in year(2018, date(2018, 2, 26)).results.values()] == [18, 12]


def test_who_is_seen_after_december_was_closed_counts_in_the_next_year(award):
    j.until(j.advanced, award)
    with b.standing_at(c.AFTER):
        c.months_closed()
    before = year(2018)
    j.attended(award, at=c.AFTER)
    assert (year(2018), before.made) == (before, ())
    assert [one.seats["N1"].delegates for one in year(2019).results.values()] == [6, 4]


def test_all_years_need_as_many_statements_however_many_gave(award):
    def needed() -> int:
        with counted() as sent:
            every_year(db.session(), date(2018, 12, 31))
        return len(sent)

    j.until(j.attended, award)
    db.session.rollback()
    few = needed()
    for number in range(3):
        seats.paid_in("100.00", bank=f"X-{number}")
    db.session.rollback()
    assert needed() == few <= 12


@pytest.mark.usefixtures("fund")
def test_the_report_says_whether_it_adds_up(monkeypatch):
    with snapshot(from_day=date(2018, 1, 1), to_day=date(2018, 12, 31)) as taken:
        report = contribution_results.build(taken)
        assert [one.holds for one in report.control_totals] == [True] * 4
        assert report.totals["travel_usd"] == Decimal("30000.00")
        assert {row[0] for row in report.rows} == {"2018"}
        years = every_year(taken.session, taken.last_day)
        years[-1].results.popitem()
        monkeypatch.setattr(contribution_results, "every_year", lambda *_, **__: years)
        assert [one.holds for one in contribution_results.build(taken).control_totals[:2]] == [False, False]
