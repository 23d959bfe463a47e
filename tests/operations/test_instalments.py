"""Conditions, instalments and reminders, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.operations import insider
from tests.operations.by_hand import refuses
from tests.operations.pledged import attach, entry
from trustfund.core.refusal import NotDesignated, Refused
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Instalment, Notice
from trustfund.models.mail import Mail
from trustfund.models.record import Event, pots
from trustfund.operations import clockwork, conditions, contributions, imports, pledges, record, reminders
from trustfund.operations.instalments import standing_of

pytestmark = pytest.mark.usefixtures("euros")

MAY, JUNE, SPRING = date(2017, 5, 2), date(2017, 6, 12), date(2018, 3, 1)
TWO = [(JUNE, "20000.00"), (SPRING, "30000")]
CONDITION = "Once the budget of 2018 is adopted by parliament."


def agree(pledge, by, **more):
    terms = {"document": "Note verbale 17/418", "day": MAY, "amount": "50000.00", "seen": b.version(pledge)}
    return contributions.record_agreement(pledge, **terms | more, by=by, at=b.AT)


def met(pledge, by, day=JUNE, document="Law of 1 June 2017"):
    return conditions.meet(pledge, document=document, day=day, seen=b.version(pledge), by=by, at=b.AT)


def early(pledge, by):
    return conditions.record_early_deposit(
        pledge,
        amount="50000.00",
        value_date=JUNE,
        bank_reference="LU-9",
        bank_account="main",
        seen=b.version(pledge),
        by=by,
        at=b.AT,
    ).on


def due(pledge):
    return [(row.due_on, row.amount) for row in b.kept(pledge).instalments]


# Conditions


def test_a_conditional_agreement_is_in_the_register_and_books_nothing_until_its_condition_is_met(luxembourg, salma):
    pledge = b.pledge(luxembourg, "50000.00", "EUR")
    done = agree(pledge, salma, condition=CONDITION)
    kept = b.kept(pledge)
    assert (kept.state, kept.condition, kept.promised, kept.agreed, kept.agreed_on) == (
        "conditional",
        CONDITION,
        5000000,
        0,
        MAY,
    )
    assert entry(done) == {}
    assert pots(db.session(), 0) == {}
    done = met(pledge, salma)  # at the rate of that day, not of the agreement's
    assert entry(done) == {"contributions-receivable": 5632000, "voluntary-contributions": -5632000}
    kept = b.kept(pledge)
    assert (kept.state, kept.owed, kept.condition_met_on) == ("agreed", 5000000, JUNE)
    assert due(pledge) == [(JUNE, 5000000)], "without instalments all is due on the day on which the condition is met"
    with pytest.raises(Refused, match="met once"):
        met(pledge, salma)
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"day": date(2017, 5, 1)}, "before the agreement of 2017-05-02"),
        ({"day": date(2018, 1, 25)}, "lies ahead"),
        ({"document": " "}, "Enter the document"),
    ],
)
def test_a_condition_is_met_by_a_document_on_a_day_from_the_agreement_on(luxembourg, salma, wrong, says):
    pledge = b.pledge(luxembourg, "50000.00", "EUR")
    agree(pledge, salma, condition=CONDITION)
    with pytest.raises(Refused, match=says):
        met(pledge, salma, **wrong)
    with pytest.raises(NotDesignated):
        met(pledge, luxembourg)
    assert b.kept(pledge).state == "conditional"


def test_a_condition_that_will_not_be_met_ends_the_pledge_and_a_conditional_one_is_not_amended(luxembourg, salma):
    pledge = b.pledge(luxembourg, "50000.00", "EUR")
    with pytest.raises(Refused, match="more than 300 characters"):
        agree(pledge, salma, condition="x" * 301)
    agree(pledge, salma, condition=CONDITION)
    with pytest.raises(Refused, match="amended until it is agreed"):
        pledges.amend(
            pledge, amount="1", currency="EUR", purpose="travel", seen=b.version(pledge), by=luxembourg, at=b.AT
        )
    with pytest.raises(Refused, match="an officer withdraws it"):
        pledges.withdraw(pledge, seen=b.version(pledge), by=luxembourg, at=b.AT)
    pledges.withdraw(pledge, seen=b.version(pledge), by=salma, at=b.AT)
    assert b.kept(pledge).state == "withdrawn"
    assert record.verify(full=True).faults == []


def test_money_that_comes_before_the_condition_is_met_waits_and_is_attached_afterwards(luxembourg, salma):
    pledge = b.pledge(luxembourg, "50000.00", "EUR", "travel")
    agree(pledge, salma, condition=CONDITION)
    with pytest.raises(Refused, match="record the agreement first"):
        b.deposit(pledge, salma)
    deposit = early(pledge, salma)
    assert db.session.scalars(select(Deposit.pledge_id)).one() is None
    with pytest.raises(Refused, match="an agreement that stands"):
        attach(deposit, pledge, salma)
    assert pots(db.session(), 0)["travel"].spendable == 0
    met(pledge, salma)
    attach(deposit, pledge, salma)
    assert b.kept(pledge).state == "fully-paid"
    assert pots(db.session(), 0)["travel"].spendable == 56320
    with pytest.raises(Refused, match="A condition is met once"):
        early(pledge, salma)
    assert record.verify(full=True).faults == []


def test_a_file_neither_agrees_a_conditional_pledge_again_nor_takes_its_money_as_agreed(luxembourg, salma, tmp_path):
    pledge = b.pledge(luxembourg, "50000.00", "EUR")
    agree(pledge, salma, condition=CONDITION, document="L1")
    lines = tmp_path / "contributions.csv"
    line = "Luxembourg,state,LUX,2017-06-12,50000.00,EUR,L1,,{bank},"
    lines.write_text(",".join(imports.CONTRIBUTIONS) + "\nagreement," + line.format(bank=""))
    with pytest.raises(imports.BadFile):
        imports.import_contributions(lines, at=b.AT)
    lines.write_text(",".join(imports.CONTRIBUTIONS) + "\ndeposit," + line.format(bank="B-1"))
    imports.import_contributions(lines, at=b.AT, as_agreed=True)
    assert b.kept(pledge).state == "conditional"
    assert db.session.scalars(select(Deposit.pledge_id)).one() is None
    assert record.verify(full=True).faults == []


# Instalments


def test_instalments_are_announced_amended_and_fixed_by_the_agreement(luxembourg, salma):
    pledge = b.pledge(luxembourg, "50000.00", "EUR", instalments=[(MAY, "50000.00")])
    terms = {"amount": "50000.00", "currency": "EUR", "purpose": "travel"}
    amended = {"by": luxembourg, "at": b.AT}
    pledges.amend(pledge, **terms, instalments=TWO, seen=b.version(pledge), **amended)
    assert due(pledge) == [(JUNE, 2000000), (SPRING, 3000000)]
    with pytest.raises(Refused, match="says all of this already"):
        pledges.amend(pledge, **terms, instalments=TWO, seen=b.version(pledge), **amended)
    pledges.amend(pledge, **terms, instalments=[], seen=b.version(pledge), **amended)
    assert due(pledge) == []
    pledges.amend(pledge, **terms, instalments=TWO, seen=b.version(pledge), **amended)
    agree(pledge, salma)
    assert due(pledge) == [(JUNE, 2000000), (SPRING, 3000000)], "those announced, where the letter says nothing else"
    b.deposit(pledge, salma, "25000.00")
    assert [(one.paid, one.owed) for one in standing_of(b.kept(pledge))] == [(2000000, 0), (500000, 2500000)]
    assert record.verify(full=True).faults == []


def test_an_agreement_may_have_other_instalments_or_none_and_then_all_is_due_when_it_was_expected(luxembourg, salma):
    pledge = b.pledge(luxembourg, "50000.00", "EUR", instalments=TWO, expected_on=SPRING)
    agree(pledge, salma, amount="40000.00")
    assert due(pledge) == [(SPRING, 4000000)]
    other = b.pledge(luxembourg, "50000.00", "EUR", instalments=TWO)
    agree(other, salma, condition=CONDITION, instalments=[(SPRING, "49999.99"), (date(2018, 4, 1), "0.01")])
    met(other, salma)
    assert due(other) == [(SPRING, 4999999), (date(2018, 4, 1), 1)]
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([(MAY, "90000.00")], "The instalments make 90000.00, the pledge 100000.00: 10000.00 are missing"),
        ([(MAY, "100000.01")], "make 100000.01, the pledge 100000.00: 0.01 are too many"),
        ([(JUNE, "60000"), (JUNE, "40000")], "Instalment 2 is due on 2017-06-12, not after the one before it"),
        ([(MAY, "1e5")], "is not an amount"),
        ([(date(2018, n, 1), "1") for n in range(1, 8)], "at most 6 instalments"),
    ],
)
def test_instalments_that_do_not_make_the_pledge_are_refused_at_their_field(luxembourg, rows, says):
    with pytest.raises(Refused, match=says) as refused:
        b.pledge(luxembourg, "100000.00", instalments=rows)
    assert refused.value.field == "instalments"


def test_agreements_of_one_pledge_in_a_file_are_one_instalment_each(euros, tmp_path):
    lines = tmp_path / "contributions.csv"
    line = "deposit,Luxembourg,state,LUX,2017-06-{day},{amount},EUR,L1,,B-{day},"
    rows = [line.format(day=12, amount="100.00"), line.format(day=13, amount="50.00")]
    lines.write_text("\n".join([",".join(imports.CONTRIBUTIONS), *rows]))
    imports.import_contributions(lines, at=b.AT, as_agreed=True)
    found = db.session.execute(select(Instalment.number, Instalment.due_on, Instalment.amount)).all()
    assert [*map(tuple, found)] == [(1, JUNE, 10000), (2, date(2017, 6, 13), 5000)]
    assert record.verify(full=True).faults == []


# Reminders


def at(day):
    return datetime(2018, *day, 6, tzinfo=UTC)


def run(*day):
    """The clock on a day of 2018."""
    with b.standing_at(at(day)):
        return reminders.remind(at(day))


def told():
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(select(Notice.kind, Notice.recipients).order_by(Notice.id))]


def test_every_account_is_reminded_once_before_an_instalment_is_due_and_again_and_again_after(luxembourg, salma):
    donor = db.session.scalars(select(contributions.Donor.reference)).one()
    b.account("donor", "Claude Exemple", donor=donor, language="fr")
    pledge = b.pledge(luxembourg, "50000.00", "EUR", instalments=[(JUNE, "20000.00"), (SPRING, "30000.00")])
    agree(pledge, salma)
    b.deposit(pledge, salma, "25000.00")
    before = db.session.scalar(select(func.count()).select_from(Mail))
    assert run(1, 29) == 0, "30 days before are not yet come"
    assert [run(1, 30), run(1, 31), run(3, 1), run(3, 7)] == [1, 0, 0, 0]
    assert [run(3, 8), run(3, 9), run(4, 6)] == [1, 0, 0]
    assert [run(4, 7), run(5, 6), run(5, 7)] == [1, 0, 1]
    assert told() == [("before", 2), ("after", 2), ("after", 2), ("after", 2)]
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()[before:]
    assert [mail.language for mail in mails] == ["en", "fr"] * 4
    assert "25,000.00" in mails[0].text, "what is still owed of it"
    assert "1 March 2018" in mails[0].text
    call = f"http://127.0.0.1:8000/donors/pledges/{pledge}/calls/2.pdf"
    assert [[line for line in mail.text.splitlines() if "http" in line] for mail in mails] == [[call]] * 8
    with b.standing_at(at((5, 8))):
        b.deposit(pledge, salma, "25000.00", bank="LU-2")
    assert run(12, 1) == 0, "it is paid"
    assert record.verify(full=True).faults == []


def test_nobody_is_reminded_of_what_is_only_announced_or_conditional_or_where_there_is_no_account(
    luxembourg, salma, norway
):
    b.pledge(luxembourg, "50000.00", "EUR", instalments=TWO)
    agree(b.pledge(luxembourg, "50000.00", "EUR", instalments=TWO), salma, condition=CONDITION)
    alone = b.donor("Nordic Foundation", "private", "")
    silent = contributions.announce_pledge(
        alone, amount="50000.00", currency="EUR", purpose="travel", by=salma, at=b.AT
    ).on
    agree(silent, salma)
    assert run(4, 1) == 0
    assert clockwork.run(b.AT) == 0
    assert db.session.scalar(select(Event.seq).where(Event.action == "reminder.sent")) is None


def test_verify_names_an_instalment_and_a_reminder_that_were_changed_and_reminders_stay(luxembourg, salma):
    pledge = b.pledge(luxembourg, "50000.00", "EUR", instalments=TWO)
    agree(pledge, salma)
    assert run(3, 8) == 2
    assert refuses("UPDATE notice SET recipients = 7")
    assert refuses("DELETE FROM notice")
    insider.changes(
        "UPDATE instalment SET amount = amount - 1 WHERE number = 1",
        "UPDATE instalment SET due_on = '2019-01-01' WHERE number = 2",
        "UPDATE pledge SET promised = 7",
        "UPDATE notice SET recipients = 7 WHERE kind = 'after' AND instalment_id IN (SELECT id FROM instalment "
        "WHERE number = 1)",
        "DELETE FROM notice WHERE instalment_id IN (SELECT id FROM instalment WHERE number = 2)",
    )
    faults = " ".join(map(str, record.verify().faults))
    assert f"the table instalment: {pledge} 1 does not say what the record says: amount" in faults
    assert f"the table instalment: {pledge} 2 does not say what the record says: due_on" in faults
    assert "promised" in faults
    assert f"the table notice: {pledge} 1 {reminders_of(pledge)[0]} does not say what the record says: recip" in faults
    assert f"the table notice: {pledge} 2 {reminders_of(pledge)[1]} is missing" in faults


def reminders_of(pledge):
    """Their places in the record."""
    found = select(Event.seq).where(Event.action == "reminder.sent", Event.subject == pledge).order_by(Event.seq)
    return db.session.scalars(found).all()
