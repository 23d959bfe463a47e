"""Where every cent of a journey is: from the commitment to the last payment, by sums worked out by hand.

Amna's journey as in award_books: charge 3,150.44, advance 1,738.00, ticket 1,000.00.
"""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.core.mandates import fee
from tests.operations.award_books import cash, failed, held, sound
from trustfund.core.refusal import NotEnoughMoney, Refused
from trustfund.extensions import db
from trustfund.models.record import Event, pots
from trustfund.operations import fund, travel
from trustfund.operations.award_deeds import books


def test_approval_commits_exactly_the_charge(amna):
    before = j.spendable(j.OFFERED.date())
    j.until(j.certified, amna)
    assert held(amna) == {}
    j.approved(amna)
    assert held(amna) == {"committed": "3,150.44"}
    assert j.spendable(j.OFFERED.date()) == before  # what the run set aside is now committed
    assert cash() == "50,000.00"


def test_a_ticket_bought_ahead_is_prepaid_and_on_the_first_day_expense_with_its_support_cost(amna):
    j.until(j.ticketed, amna)
    ahead = {"committed": "3,150.44", "prepaid": "1,000.00", "payable": "1,000.00"}
    assert held(amna) == ahead
    with seats.on(j.PAID):
        assert travel.use_tickets(j.PAID) == 0
    assert held(amna) == ahead
    with seats.on(j.FIRST_DAY):
        assert (travel.use_tickets(j.FIRST_DAY), travel.use_tickets(j.FIRST_DAY)) == (1, 0)
    used = {"committed": "2,020.44", "payable": "1,000.00", "travel": "1,000.00", "support": "130.00"}
    assert held(amna) == used
    j.attended(amna)
    assert held(amna) == used
    assert sound()


def test_a_ticket_bought_on_the_first_day_is_expense_at_once(amna):
    j.ticketed(j.until(j.authorized, amna), at=j.FIRST_DAY)
    used = {"committed": "2,020.44", "payable": "1,000.00", "travel": "1,000.00", "support": "130.00"}
    assert held(amna) == used


def test_no_ticket_costs_more_than_was_certified(amna):
    with pytest.raises(Refused, match=r"costs 1050.01, but 1050.00 was certified"):
        j.ticketed(j.until(j.authorized, amna), price="1050.01")
    assert j.award(amna).stage == "authorized"


def test_who_travelled_as_planned_owes_nothing_and_is_owed_nothing(amna):
    j.until(j.settled, amna)
    assert held(amna) == {"payable": "1,000.00", "travel": "2,738.00", "support": "355.94"}
    assert j.award(amna).stage == "closed"
    j.released(("ticket", amna), method="agent", at=j.SETTLED)
    assert held(amna) == {"travel": "2,738.00", "support": "355.94"}
    assert cash() == "47,262.00"
    assert j.spendable(j.SETTLED.date()) == Decimal("43478.26") - Decimal("3093.94")


def test_who_is_owed_more_than_was_advanced_is_paid_the_rest(amna):
    """A visa of 60.00 that nobody had planned: 11.30 more than was committed, which the fund has."""
    j.settled(j.prepared(j.claimed(j.until(j.attended, amna), visa="60.00")))
    assert held(amna) == {"payable": "1,060.00", "travel": "2,798.00", "support": "363.74"}
    assert j.award(amna).stage == "settled"
    j.released(("balance", amna), at=j.SETTLED)
    assert held(amna) == {"payable": "1,000.00", "travel": "2,798.00", "support": "363.74"}
    assert (j.award(amna).stage, cash()) == ("closed", "48,202.00")
    failed(amna, "balance", j.SETTLED)
    assert (j.award(amna).stage, cash(), held(amna)["payable"]) == ("settled", "48,262.00", "1,060.00")
    j.released(("balance", amna), at=j.SETTLED)
    assert (j.award(amna).stage, cash()) == ("closed", "48,202.00")
    assert sound()


def test_a_settlement_beyond_the_commitment_waits_for_money(app):
    """3,150.44 of 3,151.30 spendable are committed: the 11.30 more are not there."""
    j.fund("3624.00")
    [amna] = j.seated(("Amna Eltayeb", "SDN"))
    j.prepared(j.claimed(j.until(j.attended, amna), visa="60.00"))
    with pytest.raises(NotEnoughMoney, match=r"would use 11.30 more than was committed, but only 0.86 is spendable"):
        j.settled(amna)
    assert j.award(amna).stage == "claimed"
    assert sound()


def test_who_had_no_advance_is_paid_the_whole(amna):
    j.settled(j.prepared(j.claimed(j.attended(j.until(j.ticketed, amna)))))
    assert held(amna) == {"payable": "2,738.00", "travel": "2,738.00", "support": "355.94"}
    j.released(("balance", amna), at=j.SETTLED)
    assert held(amna)["payable"] == "1,000.00"
    assert (j.award(amna).stage, cash()) == ("closed", "48,262.00")


def test_a_charge_above_what_was_set_aside_needs_the_rest_in_the_bank(app):
    """3,217.39 are spendable; with a fare of 1,200.00 the charge is 3,319.94."""
    j.fund("3700.00")
    [amna] = j.seated(("Amna Eltayeb", "SDN"))
    j.certified(j.quoted(j.accepted(amna), "1200.00"))
    with pytest.raises(NotEnoughMoney, match=r"would charge the Fund 3319.94, but only 3217.39 is spendable"):
        j.approved(amna)
    assert (held(amna), j.award(amna).stage) == ({}, "certified")
    assert db.session.scalars(select(Event.action).order_by(Event.seq.desc())).first() == "award.refused"
    seats.paid_in("117.94", at=j.APPROVED, bank="LU-9")  # 102.55 more may be spent
    j.approved(amna)
    assert held(amna) == {"committed": "3,319.94"}
    assert j.spendable(j.APPROVED.date()) == Decimal("0.00")
    assert sound()


def test_a_charge_above_the_allotment_is_not_approved(app):
    j.fund(allotted="3200.00")
    [amna] = j.seated(("Amna Eltayeb", "SDN"))
    j.certified(j.quoted(j.accepted(amna), "1200.00"))
    with pytest.raises(NotEnoughMoney, match=r"but the allotment of N1 has only 3200.00 left"):
        j.approved(amna)
    assert held(amna) == {}


def test_earmarked_money_is_drawn_first(app):
    seats.officers()
    for usd, earmark in (("1150.00", "category:LDC"), ("1150.00", "meeting:N1"), ("575.00", "travel"), ("5750.00", "")):
        seats.paid_in(usd, earmark, bank=f"LU-{earmark}")
    seats.allotted("40000.00")
    [amna] = j.seated(("Amna Eltayeb", "SDN"))
    j.until(j.approved, amna)
    parts = {"category:LDC": 100000, "meeting:N1": 100000, "travel": 50000, "": 65044}
    assert books(db.session(), j.award(amna)).committed == parts
    j.advanced(j.ticketed(j.authorized(amna)))
    known = books(db.session(), j.award(amna))
    assert known.prepaid == {"category:LDC": 100000}
    assert known.advanced == {"meeting:N1": 100000, "travel": 50000, "": 23800}
    j.settled(j.prepared(j.claimed(j.attended(amna))))
    assert not any(books(db.session(), j.award(amna)).committed.values())
    used = {name: f"{pot.spent}" for name, pot in pots(db.session(), j.RESERVE).items()}
    assert used == {"category:LDC": "1000.00", "meeting:N1": "1000.00", "travel": "500.00", "": "593.94"}
    assert sound()


def test_the_first_of_two_approvals_commits_nothing(app):
    j.fund()
    [amna] = j.seated(("Amna Eltayeb", "SDN"))
    j.quoted(j.quoted(j.accepted(amna), "900.00"), "1000.00", choose=True)
    with pytest.raises(Refused, match="reason"):
        j.certified(amna)
    j.approved(j.certified(amna, reason="It arrives in time."))
    assert (held(amna), j.award(amna).stage) == ({}, "certified")
    j.approved(amna, by="Tomas")
    assert (held(amna), j.award(amna).stage) == ({"committed": "3,093.94"}, "approved")


def test_a_fund_with_fees_of_one_per_cent_of_deposits_and_seven_of_expenditure(app):
    """129,950.00 in the bank are 128,650.50 after the fee, of which 111,870.00 can be spent."""
    seats.officers()
    with seats.on(seats.AUTUMN):
        b.officer("Tomas Example", "approving")
        text = fund.recorded_mandate().replace("rate = 0.13", "rate = 0.07")
        assert text != fund.recorded_mandate()
        text += "\n" + fee("deposit-fee", "0.01", "deposit")
        more = {"symbol": "A/RES/72/1", "effective": date(2017, 4, 6), "at": seats.AUTUMN}
        fund.amend_mandate(text, by=seats.who("Salma"), confirmed_by=seats.who("Rafael"), **more)
    seats.paid_in("129950.00")
    seats.allotted("40000.00")
    db.session.rollback()
    assert j.spendable(seats.AUTUMN.date()) == Decimal("111870.00")
    [amna] = j.seated(("Amna Eltayeb", "SDN"))
    j.until(j.approved, amna)
    assert held(amna) == {"committed": "2,983.16"}  # 2,788.00 and 195.16
    for step in j.STEPS[3:]:
        step(amna)
    assert held(amna) == {"payable": "1,000.00", "travel": "2,738.00", "support": "191.66"}
    assert j.spendable(j.SETTLED.date()) == Decimal("111870.00") - Decimal("2929.66")
    assert sound()
