"""The fund closes: what must hold, and books that take nothing more; on both databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests import closings as c
from tests import seats
from tests.operations import insider
from tests.operations.by_hand import refusal, refuses
from tests.operations.pledged import agreed, unapplied_deposit
from trustfund.core.ledger import credit, debit, entry
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.closings import ClosedFund, Refund
from trustfund.models.fund import reserve_of
from trustfund.models.record import pots
from trustfund.operations import closing, contributions, proposals, record, treasury, unapplied
from trustfund.operations.operation import Fact, writing

pytestmark = pytest.mark.usefixtures("officers")


# The decision and the reserve


def test_from_the_day_of_the_decision_no_reserve_is_kept(fund):
    assert reserve_of(db.session(), c.DECIDED) == Decimal("0.15")
    c.decided()
    days = [c.DECIDED - timedelta(days=1), c.DECIDED, c.AFTER.date()]
    assert [reserve_of(db.session(), day) for day in days] == [Decimal("0.15"), 0, 0]
    assert pots(db.session(), reserve_of(db.session(), c.DECIDED))["category:LDC"].spendable == Decimal("28700.00")
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"document": " "}, "document"),
        ({"document": "x" * 121}, "document"),
        ({"decided_on": "2019-01-16"}, "decided_on"),
    ],
)
def test_a_decision_has_its_document_and_a_day_that_has_come(content, field):
    with pytest.raises(Refused) as refused:
        c.decided(**content)
    assert refused.value.field == field
    assert closing.decision(db.session()) is None


def test_it_is_decided_once_and_by_two():
    c.decided()
    with pytest.raises(Refused, match="decided already"):
        c.decided()


def test_who_decides_does_not_confirm_and_who_pays_neither():
    made = c.propose("closing.decided", document="A/RES/73/195", decided_on=c.DECIDED.isoformat())
    with pytest.raises(SeparationOfDuties):
        proposals.confirm(made, **c.by("Lise"))
    with pytest.raises(NotDesignated):
        proposals.confirm(made, **c.by("Salma"))


# The list of what must hold


def test_the_list_says_everything_that_does_not_hold_and_by_how_much(fund):
    assert c.failing() == [
        "The closing of the fund is not decided.",
        "Support cost of 3900.00 is not paid to the United Nations.",
        "The months from 2017-06 on are not closed.",
        "The fund holds 66460.34, and 62560.34 is due to its donors.",
        "Refunds of 62560.34 are not paid.",
    ]


def test_once_written_off_and_attached_the_fund_can_close_and_each_donor_gets_its_share(fund):
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


def test_it_names_meetings_ahead_and_money_that_is_owed_either_way(fund):
    day = date(2018, 12, 11)
    with writing(by=SYSTEM, at=c.AFTER) as op:
        for n, (to, source) in enumerate(
            (
                ("commitments", "committed"),
                ("travel-advances", "cash:main"),
                ("due-from-travellers", "cash:main"),
                ("prepaid-travel", "payables"),
                ("travel", "accrued-travel"),
                ("contributions-receivable", "voluntary-contributions"),
                ("cash:main", "unapplied-contributions"),
            ),
            1,
        ):
            post = entry(debit(to, "USD", n, n, day), credit(source, "USD", n, n, day))
            op.append("award.approved", Fact(on="A-33333333", post=post))
    checks = closing.checklist(db.session(), date(2018, 12, 11))
    told = [str(check) for check in checks if not check.holds]
    assert told[1:9] == [
        "The last meeting, C, ends on 2018-12-11.",
        "Commitments of 0.01 are open.",
        "Advances of 0.02 are not settled.",
        "Travellers owe the fund 0.03.",
        "Tickets of 0.04 are not charged to a journey.",
        "Travellers and agents are owed 0.04.",
        "Journeys of 0.05 are accrued and not settled.",
        "Support cost of 3900.00 is not paid to the United Nations.",
    ]
    assert told[9:11] == [
        "Contributions of 0.06 are receivable: they are paid or written off first.",
        "Deposits of 0.07 are applied to no agreement.",
    ]


def test_once_all_is_settled_only_the_refunds_are_left(fund):
    c.ready()
    assert c.failing() == ["Refunds of 62560.34 are not paid."]


# The end


def ended() -> int:
    c.ready()
    for country in ("LUX", "NOR", "FJI"):
        c.refund(country)
    return c.by_two("fund.closed")


def test_the_fund_is_closed_when_all_holds_and_takes_no_posting_any_more(fund):
    seq = ended()
    assert db.session.scalars(select(ClosedFund.seq)).one() == seq
    assert refusal(posting()) == "a closed fund takes no posting"
    with pytest.raises(Refused, match="books take no entry any more"):
        treasury.record_interest(
            "main", amount="0.10", value_date=c.AFTER.date(), bank_reference="I-2", **c.by("Salma")
        )
    with pytest.raises(Refused, match="closed already"):
        c.by_two("fund.closed")
    with pytest.raises(Refused, match="books take no entry any more"):
        b.agreement(b.pledge(b.account("donor", "Chad", donor=b.donor("Chad", country="TCD"))), seats.who("Salma"))
    assert contributions.register_donor("Peru", type="state", country="PER", by=SYSTEM, at=c.AFTER).seq > seq
    assert record.verify(full=True).faults == []


def test_until_then_it_is_refused_with_every_check_that_fails(fund):
    c.decided(), c.support_cost_paid()
    with pytest.raises(closing.NotYet) as refused:
        c.propose("fund.closed")
    assert str(refused.value) == (
        "The fund cannot be closed yet. The months from 2017-06 on are not closed. Refunds of 62560.34 are not paid. "
        "Nothing has been changed."
    )
    assert db.session.scalar(select(func.count()).select_from(ClosedFund)) == 0


def test_the_database_keeps_decision_refunds_end_and_bank_lines_as_they_are(fund):
    ended()
    tries = [f"DELETE FROM {table}" for table in TABLES]
    tries += [f"UPDATE {table} SET seq = seq + 1" for table in TABLES]
    tries += [
        "UPDATE fund_closing SET decided_on = '2017-01-01'",
        "UPDATE refund SET usd = usd + 1",
        "INSERT INTO fund_closing VALUES (2, '2017-01-01', 'x', (SELECT max(seq) + 1 FROM event))",
        "INSERT INTO closed_fund VALUES (2, '2017-01-01', (SELECT max(seq) + 1 FROM event))",
        "INSERT INTO refund SELECT 99, donor_id, earmark, usd, overpaid_usd, seq FROM refund",
        "INSERT INTO bank_line SELECT 99, kind, value_date, bank_account, 'new', currency, 1, 1, 1 FROM bank_line",
    ]
    if db.engine.dialect.name == "sqlite":
        tries += [
            "INSERT OR REPLACE INTO fund_closing VALUES (1, '2017-01-01', 'x', (SELECT max(seq) + 1 FROM event))",
            "INSERT OR REPLACE INTO closed_fund VALUES (1, '2017-01-01', (SELECT max(seq) + 1 FROM event))",
            "INSERT OR REPLACE INTO posting SELECT seq, line, account, currency, 1, 1, day, earmark FROM posting",
        ]
    else:
        tries += [f"TRUNCATE {table}" for table in TABLES]
    assert [one for one in tries if not refuses(one)] == []
    assert record.verify(full=True).faults == []


TABLES = ("closed_month", "fund_closing", "closed_fund", "refund", "bank_line")


def test_what_an_insider_changes_of_the_closing_is_named(fund):
    ended()
    reference = f"{db.session.scalar(select(func.min(Refund.seq)))} {c.donor('LUX')} "
    for change, back, fault in (
        (
            "UPDATE fund_closing SET decided_on = '2017-01-01'",
            f"UPDATE fund_closing SET decided_on = '{c.DECIDED}'",
            "the table fund_closing: 1 does not say what the record says: decided_on",
        ),
        (
            f"UPDATE closed_fund SET day = '{c.DECIDED}'",
            f"UPDATE closed_fund SET day = '{c.AFTER.date()}'",
            "the table closed_fund: 1 does not say what the record says: day",
        ),
        (
            "UPDATE refund SET usd = usd + 1 WHERE id = (SELECT min(id) FROM refund)",
            "UPDATE refund SET usd = usd - 1 WHERE id = (SELECT min(id) FROM refund)",
            f"the table refund: {reference} does not say what the record says: usd",
        ),
        (
            "UPDATE bank_line SET amount = 1 WHERE bank_reference = 'I-1'",
            "UPDATE bank_line SET amount = 1234 WHERE bank_reference = 'I-1'",
            "the table bank_line: main I-1 does not say what the record says: amount",
        ),
        (
            "DELETE FROM closed_fund",
            f"INSERT INTO closed_fund SELECT 1, '{c.AFTER.date()}', seq FROM event WHERE action = 'fund.closed'",
            "the table closed_fund: 1 is missing, the record has it",
        ),
    ):
        insider.changes(change)
        assert record.verify().faults == [fault]
        insider.changes(back)
        assert record.verify().faults == []


def posting() -> str:
    return "INSERT INTO posting SELECT max(seq) + 1, 0, 'cash:main', 'USD', 0, 0, '2019-01-20', '' FROM event"
