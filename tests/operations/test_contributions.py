"""A contribution from the announcement to the bank, on both databases."""

from datetime import date

import pytest

from tests import builders as b
from trustfund.core.refusal import NotDesignated, NotHere, Refused, Stale
from trustfund.extensions import db
from trustfund.models.record import in_the_bank, pots
from trustfund.operations import record

pytestmark = pytest.mark.usefixtures("both_apps")


def test_a_pledge_is_a_register_only_until_it_is_agreed(luxembourg):
    announced = b.pledge(luxembourg)
    assert b.kept(announced).state == "announced"
    assert pots(db.session(), 0) == {}


def test_an_agreement_at_54171_paid_at_56320_gains_2149(luxembourg, salma):
    b.rate("EUR", "0.923003", "2017-04-28")
    b.rate("EUR", "0.8877841", "2017-05-31")
    paid = b.pledge(luxembourg, "50000.00", "EUR")
    b.agreement(paid, salma)
    b.deposit(paid, salma)
    assert (b.kept(paid).agreed_usd, b.kept(paid).received_usd) == (5417100, 5632000)
    assert b.receipts(paid)[0].difference_usd == 214900
    assert (b.kept(paid).state, b.kept(paid).owed_usd) == ("fully-paid", 0)
    assert record.verify(full=True).faults == []


def test_only_what_is_in_the_bank_can_be_spent(luxembourg, salma):
    agreed = b.pledge(luxembourg, "129950.00")
    b.agreement(agreed, salma, "129950.00")
    from decimal import Decimal

    assert pots(db.session(), Decimal("0.15"))[""].spendable == 0
    b.deposit(agreed, salma, "129950.00")
    assert pots(db.session(), Decimal("0.15"))[""].spendable == Decimal("113000.00")
    assert in_the_bank(db.session()) == Decimal("129950.00")


def test_an_overpayment_is_due_to_the_donor(luxembourg, salma):
    from decimal import Decimal

    paid = b.pledge(luxembourg, "100.00")
    b.agreement(paid, salma, "100.00")
    b.deposit(paid, salma, "130.00")
    assert pots(db.session(), Decimal(0))[""].spendable == Decimal("100.00")
    assert in_the_bank(db.session()) == Decimal("130.00")
    assert record.verify().faults == []


def test_a_deposit_needs_an_agreement_first(luxembourg, salma):
    with pytest.raises(Refused, match="record the agreement first"):
        b.deposit(b.pledge(luxembourg), salma)


def test_a_bank_reference_is_recorded_once(luxembourg, salma):
    paid = b.pledge(luxembourg)
    b.agreement(paid, salma)
    b.deposit(paid, salma, "10.00", bank="LU-1")
    with pytest.raises(Refused, match="recorded already"):
        b.deposit(paid, salma, "10.00", bank="LU-1")


def test_a_currency_without_a_rate_of_the_last_35_days_is_refused_by_name_and_day(luxembourg, salma):
    b.rate("EUR", "0.92", "2017-03-01")
    with pytest.raises(Refused, match=r"no rate for EUR on 2017-05-02"):
        b.agreement(b.pledge(luxembourg, "50000.00", "EUR"), salma)


def test_a_stale_page_is_refused(luxembourg, salma):
    paid = b.pledge(luxembourg)
    b.agreement(paid, salma)
    from trustfund.operations import contributions

    with pytest.raises(Stale):
        contributions.record_deposit(
            paid,
            amount="1.00",
            value_date=date(2017, 6, 12),
            bank_reference="X",
            bank_account="main",
            seen=1,
            by=salma,
            at=b.AT,
        )


def test_the_same_form_twice_is_one_deed_and_other_content_is_refused(luxembourg, salma):
    paid = b.pledge(luxembourg)
    seen = b.version(paid)
    from trustfund.operations import contributions

    form = {"document": "NV 1", "day": date(2017, 5, 2), "seen": seen, "by": salma, "at": b.AT, "key": "k1"}
    first = contributions.record_agreement(paid, amount="50000.00", **form)
    again = contributions.record_agreement(paid, amount="50000.00", **form)
    assert (again.seq, again.again) == (first.seq, True)
    with pytest.raises(Refused, match="sent before with other content"):
        contributions.record_agreement(paid, amount="60000.00", **form)


def test_a_donor_cannot_record_an_agreement_and_the_attempt_is_kept(luxembourg):
    with pytest.raises(NotDesignated):
        b.agreement(b.pledge(luxembourg), luxembourg)
    assert record.verify().faults == []
    from trustfund.models.record import Event

    assert db.session.query(Event.action).order_by(Event.seq.desc()).first().action == "agreement.refused"


def test_an_ended_designation_stops_at_once(luxembourg, salma):
    ended = b.officer("Jonas Weber", "certifying", to_day=date(2017, 12, 31))
    with pytest.raises(NotDesignated):
        b.agreement(b.pledge(luxembourg), ended)


def test_a_pledge_of_nobody_is_not_here(salma):
    from trustfund.operations import contributions

    with pytest.raises(NotHere):
        contributions.record_agreement(
            "P-22222222", document="x", day=date(2017, 5, 2), amount="1.00", seen=1, by=salma, at=b.AT
        )
