"""A pledge is amended or withdrawn, met by a deposit that came before it was agreed, written off; on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import closings as c
from tests import seats
from tests.operations.test_guards import refuses
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties, Stale
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Donor
from trustfund.models.record import Balance, Event, Posting, pots
from trustfund.operations import closing, contributions, imports, pledges, proposals, receivables, record, unapplied
from trustfund.operations.operation import writing

pytestmark = pytest.mark.usefixtures("both_apps")

TERMS = {"amount": "60000.00", "currency": "EUR", "purpose": "travel", "earmark": "travel"}


@pytest.fixture
def luxembourg(both_apps):
    b.rate("EUR", "0.923003", "2017-04-28")
    b.rate("EUR", "0.8877841", "2017-05-31")
    return b.account("donor", "Luxembourg", donor=b.donor())


@pytest.fixture
def norway(luxembourg):
    return b.account("donor", "Norway", donor=b.donor("Norway", country="NOR"))


@pytest.fixture
def salma(luxembourg):
    return b.officer("Salma Idrissi", "paying")


@pytest.fixture
def two(luxembourg):
    """Rafael certifies, Lise approves."""
    return b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")


def amend(pledge, by, seen=None, **other):
    return pledges.amend(pledge, **TERMS | other, seen=b.version(pledge) if seen is None else seen, by=by, at=b.AT)


def withdraw(pledge, by):
    return pledges.withdraw(pledge, seen=b.version(pledge), by=by, at=b.AT)


def unapplied_deposit(donor, amount="50000.00", currency="EUR", bank="LU-1", earmark=""):
    """A deposit that meets no agreement, as an import books it; its reference."""
    with writing(by=SYSTEM, at=b.AT) as op:
        fact = receivables.deposit(
            op,
            op.session.scalars(select(Donor).where(Donor.name == donor)).one(),
            None,
            amount=amount,
            currency=currency,
            value_date=date(2017, 6, 12),
            bank_reference=bank,
            bank_account="main",
            earmark=earmark,
        )
        op.append("deposit.recorded", fact)
    return fact.on


def attach(deposit, pledge, by):
    return unapplied.attach(deposit, pledge=pledge, seen=b.version(pledge), by=by, at=b.AT)


def proposed(pledge, by, **other):
    content = {"document": "Write-off advice 2018/1", "version": b.version(pledge)} | other
    made = proposals.propose(
        "contribution.written-off", subject=pledge, content=content, reason="It will not come.", by=by, at=b.AT
    )
    return made.on


def written_off(pledge, two):
    return proposals.confirm(proposed(pledge, two[0]), by=two[1], at=b.AT)


def agreed(donor, salma, amount="50000.00", currency="EUR", earmark=""):
    pledge = b.pledge(donor, amount, currency, earmark)
    b.agreement(pledge, salma, amount)
    return pledge


def spendable(earmark=""):
    db.session.rollback()
    return pots(db.session(), Decimal(0))[earmark].spendable


def balance(account):
    return sum(db.session.scalars(select(Balance.usd).where(Balance.account == account)))


def entry(done):
    return {p.account: p.usd for p in db.session.scalars(select(Posting).where(Posting.seq == done.seq)) if p.account}


# Amended and withdrawn


def test_a_pledge_is_amended_by_its_donor_and_by_an_officer_until_it_is_agreed(luxembourg, salma):
    pledge = b.pledge(luxembourg)
    amend(pledge, luxembourg, expected_on=date(2018, 3, 1))
    kept = b.kept(pledge)
    assert (kept.amount, kept.currency, kept.earmark, kept.expected_on) == (6000000, "EUR", "travel", date(2018, 3, 1))
    amend(pledge, salma, amount="70000", currency="JPY")
    assert (b.kept(pledge).amount, b.kept(pledge).state, b.kept(pledge).expected_on) == (70000, "announced", None)
    assert pots(db.session(), 0) == {}
    assert record.verify(full=True).faults == []
    amend(pledge, salma)
    b.agreement(pledge, salma)
    with pytest.raises(Refused, match="amended until it is agreed"):
        amend(pledge, luxembourg, amount="1.00")
    with pytest.raises(Refused, match="withdrawn until it is agreed"):
        withdraw(pledge, luxembourg)


def test_an_amendment_changes_something_and_is_typed_against_the_last_version(luxembourg):
    pledge = b.pledge(luxembourg)
    first = b.version(pledge)
    amend(pledge, luxembourg)
    with pytest.raises(Refused, match="says all of this already"):
        amend(pledge, luxembourg)
    with pytest.raises(Stale):
        amend(pledge, luxembourg, seen=first, amount="1.00")
    assert b.kept(pledge).amount == 6000000


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "1e5"}, "amount"),
        ({"amount": "50.5", "currency": "JPY"}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"purpose": "yacht"}, "purpose"),
        ({"earmark": "beach"}, "earmark"),
    ],
)
def test_an_amendment_is_judged_as_a_pledge_is(luxembourg, wrong, field):
    with pytest.raises(Refused) as refused:
        amend(b.pledge(luxembourg), luxembourg, **wrong)
    assert refused.value.field == field


@pytest.mark.parametrize("deed", [amend, withdraw])
def test_another_donor_finds_no_such_pledge_and_who_has_no_right_is_refused(luxembourg, norway, deed):
    pledge = b.pledge(luxembourg)
    with pytest.raises(NotHere):
        deed(pledge, norway)
    for nobody in (b.officer("Jonas Weber"), b.account("auditor", "Board of Auditors"), b.account("head", "Ada Head")):
        with pytest.raises(NotDesignated):
            deed(pledge, nobody)
    assert b.kept(pledge).state == "announced"


def test_a_withdrawn_pledge_stays_in_the_register_and_takes_nothing_more(luxembourg, salma):
    pledge = b.pledge(luxembourg)
    withdraw(pledge, luxembourg)
    assert b.kept(pledge).state == "withdrawn"
    with pytest.raises(Refused, match="recorded once, on an announced pledge"):
        b.agreement(pledge, salma)
    with pytest.raises(Refused, match="record a new pledge"):
        b.deposit(pledge, salma)
    with pytest.raises(Refused, match="withdrawn until it is agreed, and only once"):
        withdraw(pledge, salma)
    with pytest.raises(Refused, match="amended until it is agreed or withdrawn"):
        amend(pledge, salma)
    assert refuses("UPDATE pledge SET state = 'announced'")
    assert record.verify(full=True).faults == []


def test_a_file_does_not_bring_a_withdrawn_pledge_back(luxembourg, tmp_path):
    lines = tmp_path / "contributions.csv"
    line = "Luxembourg,state,LUX,2017-06-02,9.00,USD,L1,,{bank},"
    lines.write_text(",".join(imports.CONTRIBUTIONS) + "\npledge," + line.format(bank=""))
    imports.import_contributions(lines, at=b.AT)
    pledge = db.session.scalars(select(contributions.Pledge.reference)).one()
    withdraw(pledge, luxembourg)
    lines.write_text(",".join(imports.CONTRIBUTIONS) + "\ndeposit," + line.format(bank="B-1"))
    with pytest.raises(imports.BadFile):
        imports.import_contributions(lines, at=b.AT, as_agreed=True)
    assert b.kept(pledge).state == "withdrawn"


# Attached


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


# Written off


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


# The end of the fund


def test_once_written_off_and_attached_the_fund_can_close_and_each_donor_gets_its_share():
    with c.officers():
        c.fund()
        deposit = unapplied_deposit("Fiji", "1000.00", "USD", "FJI-2")
        denmark = b.account("donor", "Denmark", donor=b.donor("Denmark", country="DNK"))
        unpaid = agreed(denmark, seats.who("Salma"), "7000.00", "USD")
        fiji = agreed(seats.who("Fiji"), seats.who("Salma"), "1000.00", "USD")
        c.decided(), c.support_cost_paid()
        assert c.failing()[:2] == [
            "Contributions of 8000.00 are receivable: they are paid or written off first.",
            "Deposits of 1000.00 are applied to no agreement.",
        ]
        before = c.due()
        unapplied.attach(deposit, pledge=fiji, seen=b.version(fiji), **c.by("Salma"))
        c.by_two("contribution.written-off", unpaid, document="Advice 1", version=b.version(unpaid), second="Rafael")
        c.months_closed()
        assert c.failing() == ["Refunds of 63560.34 are not paid."]
        assert sum(c.due().values()) == sum(before.values()) + 100000
        assert c.due()["Fiji", ""] == 42328  # 1,100.00 of the 97,420.00 that came, of 34,830.34 left; and its 30.00
        for country in ("LUX", "NOR", "FJI"):
            c.refund(country)
        c.by_two("fund.closed")
        assert closing.checklist(db.session(), c.AFTER.date())[-1].holds
        assert record.verify(full=True).faults == []
