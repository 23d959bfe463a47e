"""Where every cent of a journey is: from the commitment to the last payment, by sums worked out by hand.

Amna's journey: fare 1,050.00, four nights of 384.00, two trips of 63.00 and two of 38.00: cost 2,788.00, support cost
362.44, charge 3,150.44; her advance 1,738.00; her ticket 1,000.00.
"""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.operations.test_any_deeds import FEE
from trustfund.core.refusal import NotEnoughMoney, Refused, SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.record import Event, Posting, pots
from trustfund.operations import awards, debts, fund, offers, payments, proposals, record, travel
from trustfund.operations.assessment import overdue_claims
from trustfund.operations.award_deeds import books

EARLY = date(2018, 2, 21)


@pytest.fixture
def amna(app):
    j.fund()
    return j.seated(("Amna Eltayeb", "SDN"))[0]


def held(award: str) -> dict[str, str]:
    """What the books say of an award, in USD; what is nil is left out."""
    known = books(db.session(), j.award(award))
    sums = {name: sum(getattr(known, name).values()) for name in known.__dataclass_fields__}
    return {name: f"{j.usd(cents):,.2f}" for name, cents in sums.items() if cents}


def cash() -> str:
    db.session.rollback()
    cents = sum(db.session.scalars(select(Posting.usd).where(Posting.account == "cash:main")))
    return f"{j.usd(cents):,.2f}"


def cancelled(award: str, at: datetime = j.PAID, refund: str = "") -> None:
    j._do(travel.cancel, award, seats.who("Ines"), at, reason="Illness.", refund=refund)


def missed(award: str, refund: str = "") -> None:
    j._do(travel.record_no_show, award, seats.who("Ines"), j.FIRST_DAY, reason="Illness.", refund=refund)


def failed(award: str, kind: str, at: datetime) -> None:
    with seats.on(at):
        payments.fail(j.payment(award, kind).reference, reason="Unknown account.", by=seats.who("Salma"), at=at)


def recovered(award: str, amount: str, bank: str) -> None:
    more = {"amount": amount, "value_date": j.SETTLED.date(), "bank_reference": bank}
    j._do(debts.recover, award, seats.who("Salma"), j.SETTLED, **more)


def owes(award: str) -> str:
    """She came two days late: two nights of 384.00 less than was advanced."""
    j.settled(j.prepared(j.claimed(j.until(j.attended, award), arrived_on=EARLY)))
    return award


def sound() -> bool:
    return record.verify().faults == []


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


def test_a_journey_cancelled_before_its_ticket_costs_nothing(amna):
    cancelled(j.until(j.authorized, amna))
    assert held(amna) == {}
    assert j.spendable(j.PAID.date()) == Decimal("43478.26")
    assert sound()


@pytest.mark.parametrize("after_the_first_day", [False, True])
def test_what_of_a_ticket_is_lost_is_expense_with_support_cost_and_what_is_given_back_is_not(amna, after_the_first_day):
    j.until(j.ticketed, amna)
    at = j.FIRST_DAY if after_the_first_day else j.PAID
    if after_the_first_day:
        with seats.on(at):
            travel.use_tickets(at)
    with pytest.raises(Refused, match="gives back at most what the ticket cost"):
        cancelled(amna, at, refund="1000.01")
    cancelled(amna, at, refund="400.00")
    assert held(amna) == {"payable": "600.00", "travel": "600.00", "support": "78.00"}
    j.released(("ticket", amna), method="agent", at=j.BACK)
    assert held(amna) == {"travel": "600.00", "support": "78.00"}
    assert cash() == "49,400.00"
    assert sound()


def test_a_ticket_that_is_given_back_whole_costs_nothing(amna):
    cancelled(j.until(j.ticketed, amna), refund="1000.00")
    assert held(amna) == {}


def test_an_advance_of_a_cancelled_journey_is_due_and_stays_committed(amna):
    cancelled(j.until(j.advanced, amna), refund="1000.00")
    assert held(amna) == {"committed": "1,738.00", "due": "1,738.00"}
    recovered(amna, "1738.00", "R-1")
    assert held(amna) == {}
    assert (j.award(amna).stage, cash()) == ("cancelled", "50,000.00")
    assert sound()


def test_a_no_show_loses_the_ticket_and_owes_the_advance(amna):
    missed(j.until(j.advanced, amna), refund="250.00")
    assert held(amna) == {
        "committed": "1,738.00",
        "due": "1,738.00",
        "payable": "750.00",
        "travel": "750.00",
        "support": "97.50",
    }
    assert j.award(amna).stage == "no-show"
    assert sound()


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


def test_who_owes_pays_back_in_parts(amna):
    owes(amna)
    spent = {"payable": "1,000.00", "travel": "1,970.00", "support": "256.10"}
    assert held(amna) == {"committed": "768.00", "due": "768.00", **spent}
    recovered(amna, "500.00", "R-1")
    assert held(amna) == {"committed": "268.00", "due": "268.00", **spent}
    assert j.award(amna).stage == "settled"
    with pytest.raises(Refused, match=r"owes 268.00; no more is recovered"):
        recovered(amna, "268.01", "R-2")
    recovered(amna, "268.00", "R-2")
    assert held(amna) == spent
    assert (j.award(amna).stage, cash()) == ("closed", "49,030.00")
    assert sound()


def test_a_debt_is_written_off_by_two_and_bears_no_support_cost(amna):
    owes(amna)
    recovered(amna, "68.00", "R-1")
    rafael, lise = seats.who("Rafael"), seats.who("Lise")
    with seats.on(j.SETTLED):
        made = proposals.propose(
            "debt.written-off",
            subject=amna,
            content={"document": "Advice 9"},
            reason="She cannot be found.",
            by=rafael,
            at=j.SETTLED,
        ).on
        assert held(amna)["due"] == "700.00"
        with pytest.raises(SeparationOfDuties):
            proposals.confirm(made, by=rafael, at=j.SETTLED)
        proposals.confirm(made, by=lise, at=j.SETTLED)
    spent = {"payable": "1,000.00", "travel": "1,970.00", "support": "256.10"}
    assert held(amna) == {**spent, "written_off": "700.00"}
    assert j.award(amna).stage == "closed"
    assert j.spendable(j.SETTLED.date()) == Decimal("43478.26") - Decimal("1970.00") - Decimal("256.10") - 700
    assert sound()


def test_an_advance_that_failed_goes_back_and_is_paid_again(amna):
    j.until(j.advanced, amna)
    paid = held(amna)
    assert (paid["advanced"], cash()) == ("1,738.00", "48,262.00")
    failed(amna, "advance", j.PAID)
    assert ("advanced" in held(amna), cash(), j.award(amna).stage) == (False, "50,000.00", "ticketed")
    with pytest.raises(Refused, match="failed already"):
        failed(amna, "advance", j.PAID)
    j.advanced(amna)
    assert (held(amna), cash(), j.award(amna).stage) == (paid, "48,262.00", "advance-paid")
    assert sound()


def test_an_advance_that_failed_after_the_journey_is_a_part_of_the_settlement(amna):
    j.until(j.prepared, amna)
    failed(amna, "advance", j.SETTLED)
    with pytest.raises(Refused, match="The advance has changed since the settlement was prepared"):
        j.settled(amna)
    j.settled(j.prepared(amna))
    assert held(amna)["payable"] == "2,738.00"
    with pytest.raises(Refused, match="failed already"):
        failed(amna, "advance", j.SETTLED)
    assert sound()


def test_an_advance_that_was_settled_cannot_fail(amna):
    owes(amna)
    j.with_bank(amna, at=j.SETTLED)
    assert (j.award(amna).stage, j.award(amna).resumes) == ("accepted", "settled")
    with pytest.raises(Refused, match="The journey is settled already"):
        failed(amna, "advance", j.SETTLED)
    assert held(amna)["due"] == "768.00"


def test_bank_details_that_change_before_approval_send_the_award_back_whole(amna):
    j.with_bank(j.until(j.certified, amna))
    kept = j.award(amna)
    assert (kept.stage, kept.resumes, kept.charge, kept.round, held(amna)) == ("accepted", None, None, 2, {})
    j.approved(j.certified(amna))
    assert held(amna) == {"committed": "3,150.44"}
    assert sound()


@pytest.mark.parametrize("step", [j.approved, j.ticketed, j.advanced])
def test_bank_details_that_change_after_approval_need_another_one_and_the_money_stays(amna, step):
    was = j.award(j.until(step, amna)).stage
    money = held(amna)
    for n in (1, 2):  # and once more while it waits to be approved again
        j.with_bank(amna, at=j.PAID)
        kept = j.award(amna)
        assert (kept.stage, kept.resumes, kept.round, held(amna)) == ("accepted", was, n + 1, money)
        with pytest.raises(Refused):
            j.advanced(amna)
        j.certified(amna, at=j.PAID)
        assert (j.usd(j.award(amna).charge), held(amna)) == (Decimal("3150.44"), money)
    j.approved(amna, at=j.PAID)
    kept = j.award(amna)
    assert (kept.stage, kept.resumes, kept.round, held(amna)) == (was, None, 3, money)
    assert sound()


def test_an_advance_that_fails_while_new_bank_details_wait_is_paid_to_them(amna):
    j.with_bank(j.accepted(amna, method="bank"))
    for step in j.STEPS[1:6]:
        step(amna)
    j.with_bank(amna, at=j.PAID, account="GB82WEST12345698765432")
    failed(amna, "advance", j.PAID)
    assert (j.award(amna).stage, j.award(amna).resumes) == ("accepted", "ticketed")
    assert "advanced" not in held(amna)
    j.advanced(j.approved(j.certified(amna, at=j.PAID), at=j.PAID))
    assert (j.award(amna).stage, cash()) == ("advance-paid", "48,262.00")
    assert j.payment(amna, "advance").bank.masked == "•••• 5432"
    assert sound()


def test_an_award_that_was_sent_back_keeps_to_what_was_approved(amna):
    """Its money is committed: it is not declined, its journey not changed, and nobody else travels on its ticket."""
    j.with_bank(j.until(j.ticketed, amna), at=j.PAID)
    money = held(amna)
    with pytest.raises(Refused, match="can no longer be declined"):
        j._do(offers.decline, amna, j.delegate_of(amna), j.PAID)
    with pytest.raises(Refused, match="until the ticket is issued"):
        j._do(offers.replace, amna, seats.who("Ines"), j.PAID, successor="N1-XXXX", document="Note 7")
    with pytest.raises(Refused, match="before the award is certified"):
        j.quoted(amna, "900.00", at=j.PAID)
    assert held(amna) == money
    cancelled(amna, refund="1000.00")
    assert held(amna) == {}
    assert sound()


def test_new_bank_details_do_not_make_an_overdue_claim_forgotten(amna):
    j.with_bank(j.until(j.attended, amna), at=j.BACK)
    application = j.award(amna).application
    assert overdue_claims(db.session(), application, date(2018, 3, 9), by_name=False) == []
    assert overdue_claims(db.session(), application, date(2018, 3, 10), by_name=False) == ["N1"]


def test_a_replacement_gives_the_commitment_back_and_holds_the_seat_again(amna):
    before = j.spendable(j.OFFERED.date())
    j.until(j.approved, amna)
    comes = seats.delegate("Omer Eltayeb", "SDN", at=j.APPROVED, accepted=False, government_order=2)
    j._do(offers.replace, amna, seats.who("Ines"), j.APPROVED, successor=comes, document="Note verbale 7")
    assert held(amna) == {}
    kept = j.award(amna)
    assert (kept.stage, kept.application.public, kept.charge, kept.bank_reference) == ("proposed", comes, None, "")
    assert j.spendable(j.APPROVED.date()) == before
    assert sound()
    j.approved(j.certified(j.accepted(amna, at=j.APPROVED), at=j.APPROVED))
    assert held(amna) == {"committed": "3,150.44"}
    assert j.spendable(j.APPROVED.date()) == before
    assert sound()


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


def test_a_certification_that_is_withdrawn_is_approved_by_nobody(amna):
    j.until(j.certified, amna)
    j._do(awards.withdraw_certification, amna, seats.who("Lise"), j.APPROVED, reason="A meal is given.")
    kept = j.award(amna)
    assert (kept.stage, kept.round, kept.charge, held(amna)) == ("accepted", 2, None, {})
    with pytest.raises(Refused):
        j.approved(amna)
    j.approved(j.certified(amna, at=j.APPROVED))
    assert held(amna) == {"committed": "3,150.44"}


def test_a_fund_with_fees_of_one_per_cent_of_deposits_and_seven_of_expenditure(app):
    """129,950.00 in the bank are 128,650.50 after the fee, of which 111,870.00 can be spent."""
    seats.officers()
    with seats.on(seats.AUTUMN):
        b.officer("Tomas Example", "approving")
        text = fund.recorded_mandate().replace("rate = 0.13", "rate = 0.07")
        assert text != fund.recorded_mandate()
        more = {"symbol": "A/RES/72/1", "effective": date(2017, 4, 6), "at": seats.AUTUMN}
        fund.amend_mandate(text + FEE, by=seats.who("Salma"), confirmed_by=seats.who("Rafael"), **more)
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
