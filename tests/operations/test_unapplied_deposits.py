"""A deposit that came before its agreement waits, unapplied, until an officer attaches it; on both databases."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.by_hand import refuses
from tests.operations.pledged import agreed, attach, balance, entry, spendable, unapplied_deposit
from trustfund.core.refusal import NotDesignated, NotHere, Refused, Stale
from trustfund.extensions import db
from trustfund.models.contributions import Deposit
from trustfund.models.record import Balance, Event
from trustfund.operations import record, unapplied

pytestmark = pytest.mark.usefixtures("euros")


def test_50000_euros_agreed_at_54171_came_unapplied_at_56320_and_gain_2149_once_attached(luxembourg, salma):
    deposit = unapplied_deposit("Luxembourg")
    pledge = agreed(luxembourg, salma)
    assert spendable() == 0
    done = attach(deposit, pledge, salma)
    assert entry(done) == {
        "unapplied-contributions": 5632000,
        "contributions-receivable": -5417100,
        "exchange-difference": -214900,
    }
    (received,) = b.receipts(pledge)
    assert (received.reference, received.difference_usd, received.attached_seq) == (deposit, 214900, done.seq)
    assert (b.kept(pledge).state, b.kept(pledge).owed_usd) == ("fully-paid", 0)
    assert spendable() == Decimal("56320.00")
    assert record.verify(full=True).faults == []


def test_a_part_releases_its_share_and_what_is_too_much_is_due_to_the_donor(luxembourg, salma):
    pledge = agreed(luxembourg, salma)
    attach(unapplied_deposit("Luxembourg", "20000.00", bank="LU-1"), pledge, salma)
    assert (b.kept(pledge).state, b.kept(pledge).released_usd) == ("part-paid", 2166840)
    attach(unapplied_deposit("Luxembourg", "40000.00", bank="LU-2"), pledge, salma)
    assert (b.kept(pledge).state, b.kept(pledge).owed_usd) == ("fully-paid", 0)
    assert balance("due-to-donors") == -1126400
    assert balance("unapplied-contributions") == 0
    assert spendable() == Decimal("56320.00")
    assert record.verify(full=True).faults == []


def test_money_that_came_for_something_else_goes_to_the_earmark_of_the_agreement(luxembourg, salma):
    pledge = agreed(luxembourg, salma, earmark="category:LDC")
    attach(unapplied_deposit("Luxembourg", earmark="travel"), pledge, salma)
    assert (spendable("category:LDC"), spendable("travel")) == (Decimal("56320.00"), 0)
    cash = dict(db.session.execute(select(Balance.earmark, Balance.usd).where(Balance.account == "cash:main")).all())
    assert cash == {"travel": 0, "category:LDC": 5632000}
    assert record.verify(full=True).faults == []


def test_a_deposit_is_attached_once_to_an_agreement_of_its_donor_in_its_currency(luxembourg, norway, salma):
    deposit, pledge = unapplied_deposit("Luxembourg"), agreed(luxembourg, salma)
    for wrong, why in (
        (agreed(norway, salma), "came from Luxembourg, and this pledge is of Norway"),
        (agreed(luxembourg, salma, currency="USD"), "is in EUR, and this pledge in USD"),
        (b.pledge(luxembourg, currency="EUR"), "attached to an agreement that stands"),
    ):
        with pytest.raises(Refused, match=why):
            attach(deposit, wrong, salma)
    with pytest.raises(Stale):
        unapplied.attach(deposit, pledge=pledge, seen=1, by=salma, at=b.AT)
    attach(deposit, pledge, salma)
    with pytest.raises(Refused, match="attached to an agreement already"):
        attach(deposit, agreed(luxembourg, salma), salma)
    assert refuses("UPDATE deposit SET pledge_id = NULL")
    with pytest.raises(NotHere):
        attach("R-22222222", pledge, salma)


def test_only_a_designated_officer_attaches(luxembourg, salma):
    deposit, pledge = unapplied_deposit("Luxembourg"), agreed(luxembourg, salma)
    for nobody in (luxembourg, b.officer("Jonas Weber"), b.account("auditor", "Board of Auditors")):
        with pytest.raises(NotDesignated):
            attach(deposit, pledge, nobody)
    assert db.session.scalars(select(Event.action).order_by(Event.seq.desc())).first() == "deposit.refused"


def test_the_likeliest_agreement_stands_first_and_each_says_why(luxembourg, norway, salma):
    unapplied_deposit("Luxembourg", bank="ref 17 418 eur")
    agreed(norway, salma)
    assert unapplied.waiting()[0].suggestions == []
    whole = agreed(luxembourg, salma)
    assert [(one.pledge.reference, one.why) for one in unapplied.waiting()[0].suggestions] == [(whole, "document")]
    db.session.execute(db.update(Deposit).values(bank_reference="LU-1"))
    db.session.commit()
    assert [one.why for one in unapplied.waiting()[0].suggestions] == ["amount"]
    larger = agreed(luxembourg, salma, "60000.00")
    offered = unapplied.waiting()[0].suggestions
    assert [(one.pledge.reference, one.why) for one in offered] == [(whole, "amount"), (larger, "donor")]
    assert offered[0].difference == 214900
    b.deposit(whole, salma, bank="LU-9")
    assert [(one.why, one.over) for one in unapplied.waiting()[0].suggestions] == [("only", 0), ("paid", 5632000)]
