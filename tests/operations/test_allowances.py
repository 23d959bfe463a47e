"""The daily allowance of each night, imported or example; on both databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests import builders as b
from tests import seats
from tests.counting import counted
from trustfund.core.costs import DatedRate, allowance, rate_on
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.fund import calendar_on, mandate_on
from trustfund.operations import allotments
from trustfund.operations.allowances import dsa_rates_for
from trustfund.operations.candidates import field_of
from trustfund.operations.import_dsa import book_dsa
from trustfund.operations.meetings import frame_of

pytestmark = pytest.mark.usefixtures("both_apps")

CIRCULAR = "ICSC circular 2018/3"
TODAY = date(2018, 3, 16)


def imported(*rates: str) -> None:
    """Rates as “place currency rate from”, _ for a space in the place; a share of lodging at the end, if it has one."""
    lines = []
    for number, rate in enumerate(rates, 2):
        place, currency, amount, day, *share = rate.split()
        line = {"place": place.replace("_", " "), "currency": currency, "rate": amount, "from": day}
        lines.append((number, line | {"lodging_share": "".join(share), "source": CIRCULAR}))
    book_dsa(lines, at=b.AT)


def mandate():
    return mandate_on(db.session(), TODAY)


def nights(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def on_each(place: str, first: str, last: str, today: date = TODAY) -> list[tuple[int, str, str]]:
    """(day of the month, USD, source) of every night."""
    db.session.rollback()
    wanted = nights(first, last)
    rates = dsa_rates_for(db.session(), place, wanted, mandate(), today)
    return [(night.day, str(found.usd), found.source) for night in wanted for found in [rate_on(rates, place, night)]]


def test_where_nothing_is_imported_the_examples_of_the_mandate_hold():
    assert on_each("New York", "2018-03-13", "2018-03-14") == [(13, "384.00", "example"), (14, "391.00", "example")]


def test_an_imported_rate_takes_the_place_of_the_examples_from_its_day_on():
    imported("New_York USD 400.00 2018-03-13", "New_York USD 410.00 2018-03-15", "Geneva USD 1.00 2018-01-01")
    assert on_each("New York", "2018-03-12", "2018-03-15") == [
        (12, "384.00", "example"),
        (13, "400.00", CIRCULAR),
        (14, "400.00", CIRCULAR),
        (15, "410.00", CIRCULAR),
    ]


def test_an_example_that_begins_after_an_imported_rate_is_not_used():
    imported("New_York USD 365.00 2017-01-01")
    assert on_each("New York", "2018-03-13", "2018-03-14") == [(13, "365.00", CIRCULAR), (14, "365.00", CIRCULAR)]


def test_the_places_own_share_of_lodging_comes_with_its_rate():
    imported("Geneva USD 300.00 2018-01-01 0.60", "Vienna USD 300.00 2018-01-01")
    lodging = {}
    for place in ("Geneva", "Vienna"):
        [found] = dsa_rates_for(db.session(), place, nights("2018-03-12", "2018-03-13"), mandate(), TODAY)
        lodging[place] = found.lodging
    assert lodging == {"Geneva": Decimal("0.60"), "Vienna": None}


def test_a_rate_in_francs_is_turned_into_dollars_at_the_funds_rate_of_the_night_and_says_so():
    imported("Geneva CHF 310.00 2018-01-01")
    b.rate("CHF", "0.9983", "2018-02-28")
    [found] = dsa_rates_for(db.session(), "Geneva", nights("2018-03-12", "2018-03-14"), mandate(), TODAY)
    assert found == DatedRate("Geneva", Decimal("310.53"), date(2018, 2, 28), f"{CIRCULAR}, CHF 310.00 at 0.9983")


def test_where_the_rate_of_exchange_changes_the_nights_are_two_runs():
    imported("Geneva CHF 310.00 2018-01-01")
    b.rate("CHF", "0.9983", "2018-02-28")
    b.rate("CHF", "0.95", "2018-03-14")
    wanted = nights("2018-03-12", "2018-03-15")
    rates = dsa_rates_for(db.session(), "Geneva", wanted, mandate(), TODAY)
    lines = allowance("Geneva", wanted, rates, factor=Decimal(1), deductions=mandate().setting("deductions"))
    assert [(line.day.day, line.quantity, str(line.usd), line.source[-7:]) for line in lines] == [
        (12, 2, "621.06", " 0.9983"),
        (14, 2, "652.64", "at 0.95"),
    ]


def test_nights_ahead_have_the_rate_of_exchange_of_today():
    imported("Geneva CHF 310.00 2018-01-01")
    b.rate("CHF", "0.9983", "2018-02-28")
    b.rate("CHF", "0.95", "2018-03-14")
    assert {usd for _, usd, _ in on_each("Geneva", "2018-03-12", "2018-03-15", date(2018, 3, 12))} == {"310.53"}
    assert {usd for _, usd, _ in on_each("Geneva", "2018-12-01", "2018-12-02", date(2018, 3, 14))} == {"326.32"}


def test_a_new_day_of_exchange_at_the_same_rate_splits_no_run():
    imported("Geneva CHF 310.00 2018-01-01")
    b.rate("CHF", "0.9983", "2018-02-28")
    b.rate("CHF", "0.9983", "2018-03-14")
    assert len(dsa_rates_for(db.session(), "Geneva", nights("2018-03-12", "2018-03-15"), mandate(), TODAY)) == 1


def test_without_a_rate_of_exchange_it_is_refused_by_currency_and_day():
    imported("Geneva CHF 310.00 2018-01-01")
    with pytest.raises(Refused, match="There is no rate for CHF on 2018-03-12"):
        on_each("Geneva", "2018-03-12", "2018-03-13")
    b.rate("CHF", "0.9983", "2018-02-04")
    with pytest.raises(Refused, match="There is no rate for CHF on 2018-03-12"):
        on_each("Geneva", "2018-03-12", "2018-03-13")
    assert on_each("Geneva", "2018-03-10", "2018-03-11")[1][1] == "310.53", "35 days old is not too old"


def test_a_place_without_any_rate_on_a_night_is_refused_by_place_and_day():
    imported("Nairobi USD 250.00 2018-03-13")
    with pytest.raises(Refused, match="no rate for Nairobi on 2018-03-12"):
        on_each("Nairobi", "2018-03-12", "2018-03-13")


def test_a_candidate_is_charged_the_imported_allowance_of_the_four_nights_of_the_first_round():
    seats.officers()
    seats.delegate("Amna Eltayeb", "SDN")

    def charge() -> Decimal:
        db.session.rollback()
        [candidate] = field_of(db.session(), frame_of(db.session(), "N1", b.AT.date()), b.AT).candidates
        return candidate.charge

    before = charge()
    imported("New_York USD 484.00 2018-02-21")
    assert charge() - before == 2 * Decimal("100.00") * Decimal("1.13")


def test_what_a_meeting_needs_counts_the_imported_allowance():
    day = seats.AUTUMN.date()
    n1 = next(m for m in calendar_on(db.session(), day).meetings if m.code == "N1")
    seats.officers()
    seats.paid_in("200000.00")
    before = allotments.usual_amount(db.session(), n1, day)
    imported("New_York USD 800.00 2018-02-19", "New_York USD 384.00 2018-02-24")
    db.session.rollback()
    assert allotments.usual_amount(db.session(), n1, day) > before * Decimal("1.1")


def test_many_imported_places_take_as_many_statements_as_one():
    day = seats.AUTUMN.date()
    n1 = next(m for m in calendar_on(db.session(), day).meetings if m.code == "N1")
    b.rate("CHF", "0.9983", "2017-10-31")
    b.rate("EUR", "0.86", "2017-10-31")
    imported("New_York CHF 310.00 2017-01-01")
    few = statements(lambda: allotments.usual_amount(db.session(), n1, day))
    cities = {m.city.replace(" ", "_") for m in calendar_on(db.session(), day).meetings}
    imported(*(f"{city} EUR 310.00 2018-0{month}-01" for city in cities for month in range(1, 8)))
    assert statements(lambda: allotments.usual_amount(db.session(), n1, day)) == few


def test_many_meetings_ahead_take_as_many_statements_as_few():
    b.rate("CHF", "0.9983", "2017-10-31")
    b.rate("CHF", "0.9983", "2018-06-15")
    imported("New_York CHF 310.00 2017-01-01", "Marrakech CHF 180.00 2017-01-01")
    needed = {}
    for day in (seats.AUTUMN.date(), date(2018, 6, 20)):
        meetings = calendar_on(db.session(), day).meetings
        ahead = [meeting for meeting in meetings if meeting.first_day >= day]
        needed[len(ahead)] = statements(
            lambda day=day, last=ahead[-1]: allotments.usual_amount(db.session(), last, day)
        )
    assert len(needed) == 2
    assert len({*needed.values()}) == 1, needed


def statements(read) -> int:
    db.session.rollback()
    read()
    with counted() as sent:
        read()
    return len(sent)
