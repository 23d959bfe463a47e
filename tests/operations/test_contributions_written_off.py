"""What will not come is written off by two officers, and the fund can close; on both databases."""

from decimal import Decimal

import pytest

from tests import builders as b
from tests.operations.by_hand import refuses
from tests.operations.pledged import agreed, attach, entry, proposed, spendable, unapplied_deposit, written_off
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties, Stale
from trustfund.operations import contributions, proposals, record

pytestmark = pytest.mark.usefixtures("euros")


@pytest.fixture
def two(both_apps):
    """Rafael certifies, Lise approves."""
    return b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")


def test_what_will_not_come_is_written_off_by_two_and_nothing_of_it_was_ever_spendable(luxembourg, salma, two):
    pledge = agreed(luxembourg, salma)
    b.deposit(pledge, salma, "20000.00")
    before = spendable()
    assert before == Decimal("22528.00")
    done = written_off(pledge, two)
    assert entry(done) == {"write-offs:contributions": 3250260, "contributions-receivable": -3250260}
    kept = b.kept(pledge)
    assert (kept.state, kept.written_off, kept.owed, kept.owed_usd) == ("written-off", 3000000, 0, 0)
    assert spendable() == before
    assert contributions.standing_of(kept.donor).outstanding == 0
    assert record.verify(full=True).faults == []


def test_who_proposes_a_write_off_does_not_confirm_it_and_others_may_not_propose(luxembourg, salma, two):
    pledge = agreed(luxembourg, salma)
    for nobody in (salma, luxembourg, b.account("auditor", "Board of Auditors")):
        with pytest.raises(NotDesignated):
            proposed(pledge, nobody)
    made = proposed(pledge, two[0])
    with pytest.raises(SeparationOfDuties):
        proposals.confirm(made, by=two[0], at=b.AT)
    with pytest.raises(NotDesignated):
        proposals.confirm(made, by=salma, at=b.AT)
    assert b.kept(pledge).state == "agreed"


def test_a_write_off_holds_for_what_the_first_officer_read(luxembourg, salma, two):
    pledge = agreed(luxembourg, salma)
    made = proposed(pledge, two[0])
    b.deposit(pledge, salma, "20000.00")
    with pytest.raises(Stale):
        proposals.confirm(made, by=two[1], at=b.AT)
    assert b.kept(pledge).state == "part-paid"


def test_a_write_off_names_its_authority_and_something_must_be_owed(luxembourg, salma, two):
    pledge = agreed(luxembourg, salma)
    for document in (" ", "x" * 121):
        with pytest.raises(Refused) as refused:
            proposed(pledge, two[0], document=document)
        assert refused.value.field == "document"
    b.deposit(pledge, salma)
    for none in (pledge, b.pledge(luxembourg)):
        with pytest.raises(Refused, match="Only what is still receivable"):
            proposed(none, two[0])


def test_money_for_a_written_off_pledge_needs_a_new_one(luxembourg, salma, two):
    pledge, deposit = agreed(luxembourg, salma), unapplied_deposit("Luxembourg", bank="LU-2")
    written_off(pledge, two)
    with pytest.raises(Refused, match="record a new pledge"):
        b.deposit(pledge, salma)
    with pytest.raises(Refused, match="attached to an agreement that stands"):
        attach(deposit, pledge, salma)
    with pytest.raises(Refused, match="Only what is still receivable"):
        written_off(pledge, two)
    assert refuses("UPDATE pledge SET received = received + 1")
    attach(deposit, agreed(luxembourg, salma), salma)
    assert record.verify(full=True).faults == []
