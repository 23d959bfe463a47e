"""Where money could have been lost, doubled or promised twice: what a sceptical auditor tried on awards.

Amna's journey as in award_books: charge 3,150.44, advance 1,738.00, ticket 1,000.00; the fund holds 50,000.00.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations.award_books import cancelled, cash, failed, held, missed, owes, recovered, sound
from trustfund.core.refusal import NotEnoughMoney, Refused
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.operations import (
    allotments,
    applications,
    awards,
    claims,
    debts,
    journeys,
    offers,
    proposals,
    screening,
    travel,
    treasury,
)

LATER = j.SETTLED + timedelta(days=1)


@pytest.fixture
def amna(both_apps):
    return begun(j.amna)


@pytest.fixture
def paid_ticket(amna):
    """The agent is paid for her ticket."""
    j.released(("ticket", j.until(j.ticketed, amna)), method="agent")
    return amna


def replaced(award: str, by: str, at=j.APPROVED) -> None:  # type: ignore[no-untyped-def]
    j._do(offers.replace, award, seats.who("Ines"), at, successor=by, document="Note verbale 7")


def successor(name: str = "Omer Eltayeb", **answers: object) -> str:
    return seats.delegate(name, "SDN", at=j.APPROVED, accepted=False, **answers)


def left() -> Decimal:
    return j.spendable(j.PAID.date())


def test_a_settlement_of_a_claim_that_was_sent_back_is_approved_by_nobody(amna):
    """Four nights were claimed and prepared; the claim that came instead has two."""
    j.until(j.prepared, amna)
    j._do(claims.send_back, amna, seats.who("Ines"), j.SETTLED, reason="The boarding pass shows another day.")
    j.claimed(amna, at=LATER, arrived_on=date(2018, 2, 21))
    with pytest.raises(Refused, match="No settlement waits for approval"):
        j.settled(amna, at=LATER)
    j.settled(j.prepared(amna, at=LATER), at=LATER)
    assert held(amna)["due"] == "768.00"
    assert sound()


def test_what_a_paid_agent_gives_back_is_no_money_before_it_is_in_the_bank(paid_ticket):
    before = left()
    cancelled(paid_ticket, refund="900.00")
    money = {"committed": "900.00", "payable": "-900.00", "travel": "100.00", "support": "13.00"}
    assert held(paid_ticket) == money
    assert left() == before + Decimal("3150.44") - Decimal("1013.00")
    with pytest.raises(Refused, match=r"The travel agent owes 900.00"):
        recovered(paid_ticket, "900.01", "AG-1")
    recovered(paid_ticket, "900.00", "AG-1")
    assert (held(paid_ticket), cash()) == ({"travel": "100.00", "support": "13.00"}, "49,900.00")
    assert left() == before + Decimal("3150.44") - Decimal("113.00")
    assert sound()


def test_an_expense_that_a_paid_agent_gives_back_stays_used_until_the_money_is_there(paid_ticket):
    """On the first day the ticket was expense already; of 900.00 given back the support cost is 117.00."""
    at = j.FIRST_DAY
    j.released(("advance", paid_ticket))
    with seats.on(at):
        assert travel.use_tickets(at) == 1
    missed(paid_ticket, refund="900.00")
    assert held(paid_ticket) == {
        "committed": "2,638.00",  # 900.00 of the agent's, 1,738.00 of hers
        "due": "1,738.00",
        "payable": "-900.00",
        "travel": "100.00",
        "support": "13.00",
    }
    assert sound()
    recovered(paid_ticket, "1738.00", "R-1")
    recovered(paid_ticket, "900.00", "AG-1")
    assert held(paid_ticket) == {"travel": "100.00", "support": "13.00"}
    assert sound()


def test_an_agent_that_gives_nothing_back_is_written_off_by_two_without_support_cost(paid_ticket):
    cancelled(paid_ticket, refund="900.00")
    with seats.on(j.SETTLED):
        made = proposals.propose(
            "debt.written-off",
            subject=paid_ticket,
            content={"document": "Memorandum 4"},
            reason="The agent is bankrupt.",
            by=seats.who("Rafael"),
            at=j.SETTLED,
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=j.SETTLED)
    assert held(paid_ticket) == {"travel": "100.00", "support": "13.00", "written_off": "900.00"}
    assert sound()


def test_a_payment_to_the_agent_that_failed_leaves_nothing_to_give_back(paid_ticket):
    cancelled(paid_ticket, refund="900.00")
    failed(paid_ticket, "ticket", j.BACK)
    assert held(paid_ticket) == {"payable": "100.00", "travel": "100.00", "support": "13.00"}
    j.released(("ticket", paid_ticket), method="agent", at=j.BACK)
    assert (held(paid_ticket), cash()) == ({"travel": "100.00", "support": "13.00"}, "49,900.00")
    assert sound()


def test_one_line_of_the_bank_is_not_a_deposit_and_a_recovery(amna):
    owes(amna)
    with pytest.raises(Refused, match="LU-1 is recorded already"):
        recovered(amna, "100.00", "LU-1")
    recovered(amna, "100.00", "R-1")
    with pytest.raises(Refused, match="R-1 is recorded already"):
        seats.paid_in("100.00", at=j.SETTLED, bank="R-1")


def test_nothing_is_paid_before_it_was_approved_and_nothing_comes_back_before_the_ticket(amna):
    j.until(j.authorized, amna)
    early = {"price": "1000.00", "number": "057-1", "day": j.APPROVED.date() - timedelta(days=1)}
    with pytest.raises(Refused, match="It was approved on 2018-01-29"):
        j._do(awards.issue_ticket, amna, seats.who("Ines"), j.TICKETED, **early)
    j.settled(j.prepared(j.claimed(j.attended(j.advanced(j.ticketed(amna))), arrived_on=date(2018, 2, 21))))
    early = {"amount": "100.00", "value_date": j.TICKETED.date() - timedelta(days=1), "bank_reference": "R-1"}
    with pytest.raises(Refused, match="The ticket was issued on 2018-01-30"):
        j._do(debts.recover, amna, seats.who("Salma"), j.SETTLED, **early)


def test_new_bank_details_after_the_settlement_leave_the_allotment_as_it_was(amna):
    owes(amna)
    used = allotments.used(db.session(), "N1", j.SETTLED.date())
    assert used == Decimal("2994.10")  # 1,970.00 and 256.10 are used, 768.00 are due
    j.with_bank(amna, at=j.SETTLED)
    assert allotments.used(db.session(), "N1", j.SETTLED.date()) == used


def test_a_ticket_is_expense_on_the_first_day_also_while_new_bank_details_wait(amna):
    j.with_bank(j.until(j.ticketed, amna), at=j.PAID)
    with seats.on(j.FIRST_DAY):
        assert (travel.use_tickets(j.FIRST_DAY), travel.use_tickets(j.FIRST_DAY)) == (1, 0)
    used = {"committed": "2,020.44", "payable": "1,000.00", "travel": "1,000.00", "support": "130.00"}
    assert (held(amna), j.award(amna).stage, j.award(amna).resumes) == (used, "accepted", "ticketed")
    assert sound()


def test_a_replacement_never_holds_money_that_others_have_used_since(both_apps):
    """3,217.39 could be spent, 3,150.44 were set aside and 2,528.94 approved: of the rest others took 522.00."""
    j.fund("3700.00")
    [amna] = j.seated(("Amna Eltayeb", "SDN"))
    j.approved(j.certified(j.quoted(j.accepted(amna), "500.00")))
    with seats.on(j.APPROVED):
        said = {"amount": "600.00", "value_date": j.APPROVED.date(), "bank_reference": "X-1"}
        treasury.record_charge("main", by=seats.who("Salma"), at=j.APPROVED, **said)
    comes, before = successor(), j.spendable(j.APPROVED.date())
    assert before == Decimal("166.71")
    with pytest.raises(NotEnoughMoney, match=r"hold 621.50 more .* but only 166.71"):
        replaced(amna, comes)
    assert (j.award(amna).stage, j.spendable(j.APPROVED.date())) == ("approved", before)


def test_nobody_takes_over_an_offer_whose_term_is_over(amna):
    """Its money is free since; that nobody has yet told the lapse changes nothing."""
    late = j.OFFERED + (j.award(amna).answer_by - j.OFFERED.date()) + timedelta(days=1)
    comes, free = successor(), j.spendable(late.date())
    with pytest.raises(Refused, match="The term to answer ended on 2018-02-02"):
        replaced(amna, comes, at=late)
    assert j.spendable(late.date()) == free


def test_nobody_takes_over_a_second_seat_under_another_account(both_apps):
    j.fund()
    amna, hind = j.seated(("Amna Eltayeb", "SDN"), ("Hind Tayeb", "SDN"))
    same = {"given_names": "Amna", "date_of_birth": j.award(amna).application.date_of_birth}
    with pytest.raises(Refused, match="has a seat of its own"):
        replaced(hind, successor("Amira Eltayeb", **same))


def asked(award: str, at=j.OFFERED) -> tuple[str, Account]:  # type: ignore[no-untyped-def]
    """Ines asks about the application, which opens it to its delegate."""
    application = j.award(award).application
    with seats.on(at):
        screening.ask_for_changes(
            application.reference, words="As in the passport?", seen=application.seq, by=seats.who("Ines"), at=at
        )
    return application.reference, j.award(award).application.account


def test_a_question_about_the_file_gives_nobody_elses_name_to_a_certified_seat(amna):
    reference, delegate = asked(j.until(j.certified, amna), at=j.APPROVED)
    for answers in ({"family_name": "Osman"}, {"date_of_birth": date(1990, 1, 1)}, {"state": "NPL"}):
        with seats.on(j.APPROVED), pytest.raises(Refused, match="You have a seat"):
            applications.save(reference, delegate, answers, j.APPROVED)
    with seats.on(j.APPROVED):
        applications.save(reference, delegate, {"position": "Counsellor"}, j.APPROVED)
    assert j.award(amna).application.full_name == "Amna Eltayeb"
    assert sound()


def test_a_name_is_corrected_before_the_seat_is_certified_and_screened_again(amna):
    reference, delegate = asked(j.accepted(amna))
    with seats.on(j.OFFERED):
        with pytest.raises(Refused, match="You have a seat"):
            applications.save(reference, delegate, {"state": "NPL"}, j.OFFERED)
        applications.save(reference, delegate, {"family_name": "El Tayeb"}, j.OFFERED)
    assert sound()
    with pytest.raises(Refused, match="screened first"):
        j.certified(amna)
    with seats.on(j.OFFERED):
        applications.submit(reference, by=j.delegate_of(amna), at=j.OFFERED)
    with pytest.raises(Refused, match="screened first"):
        j.certified(amna)
    seats.accept(reference, j.OFFERED)
    j.certified(amna)
    assert sound()


def test_a_successor_begins_without_the_quote_the_days_and_the_visa_of_who_is_replaced(amna):
    j.quoted(j.accepted(amna), "900.00", choose=True)
    j._do(journeys.change_journey, amna, seats.who("Ines"), j.OFFERED, days_after=1, visa="160.00", reason="No flight.")
    replaced(amna, successor())
    kept = j.award(amna)
    assert (kept.days_before, kept.days_after, kept.visa, [q.chosen for q in kept.quotes]) == (None, None, 0, [False])
    assert journeys.journey_of(db.session(), kept, j.APPROVED.date()).fare.usd == Decimal("1050.00")
    assert sound()


def test_the_traveller_hears_of_bank_details_that_an_officer_entered(amna):
    j.with_bank(j.accepted(amna), by=seats.who("Ines"))
    told = db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    assert (told.recipient, told.subject) == ("amna@example.org", "Your bank details were entered")
    assert "An officer entered bank details" in told.text
    assert "3000" not in told.text  # no figure of the account
