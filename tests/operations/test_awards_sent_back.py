"""An award that goes back to be certified and approved anew, for new bank details or a new person, and its money.

Amna's journey as in award_books: charge 3,150.44, advance 1,738.00, ticket 1,000.00.
"""

from datetime import date
from decimal import Decimal

import pytest

from tests import journeys as j
from tests import seats
from tests.operations.award_books import cancelled, cash, failed, held, sound
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.operations import awards, offers
from trustfund.operations.assessment import overdue_claims


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


def test_a_certification_that_is_withdrawn_is_approved_by_nobody(amna):
    j.until(j.certified, amna)
    j._do(awards.withdraw_certification, amna, seats.who("Lise"), j.APPROVED, reason="A meal is given.")
    kept = j.award(amna)
    assert (kept.stage, kept.round, kept.charge, held(amna)) == ("accepted", 2, None, {})
    with pytest.raises(Refused):
        j.approved(amna)
    j.approved(j.certified(amna, at=j.APPROVED))
    assert held(amna) == {"committed": "3,150.44"}
