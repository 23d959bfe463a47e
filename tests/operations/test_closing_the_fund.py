"""The fund closes: what must hold, refunds to the cent, and books that take nothing more; on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.operations import insider
from tests.operations.test_guards import refuses
from tests.operations.test_months import said
from trustfund.core.ledger import credit, debit, entry
from trustfund.core.refusal import NotDesignated, NotEnoughMoney, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.closings import ClosedFund, Refund
from trustfund.models.fund import reserve_of
from trustfund.models.people import Account
from trustfund.models.record import Balance, Event, in_the_bank, pots
from trustfund.operations import closing, contributions, proposals, record, treasury
from trustfund.operations import fund as mandates
from trustfund.operations.operation import Fact, writing

pytestmark = pytest.mark.usefixtures("officers")
AFTER = datetime(2019, 1, 15, 9, tzinfo=UTC)
DECIDED = date(2018, 12, 12)
LINE = {"bank_account": "main", "value_date": "2019-01-14"}


@pytest.fixture
def officers(both_apps):
    """Lise approves, Rafael certifies, Salma pays; Miriam heads the fund, and it is January 2019."""
    for name, function in (("Lise Moreau", "approving"), ("Rafael Haldane", "certifying"), ("Salma Idrissi", "paying")):
        b.officer(name, function)
    with b.standing_at(AFTER):
        yield


@pytest.fixture
def fund(officers):
    """Luxembourg gave 56,320.00, Norway 40,000.00 for LDCs, Fiji 100.00 and 30.00 too much; 33,900.00 were used."""
    b.rate("EUR", "0.8877841", "2017-05-31")
    for name, country, amount, currency, earmark, paid in (
        ("Luxembourg", "LUX", "50000.00", "EUR", "", "50000.00"),
        ("Norway", "NOR", "40000.00", "USD", "category:LDC", "40000.00"),
        ("Fiji", "FJI", "100.00", "USD", "", "130.00"),
    ):
        donor = b.account("donor", name, donor=b.donor(name, country=country))
        pledge = b.pledge(donor, amount, currency, earmark)
        b.agreement(pledge, who("Salma"), amount, day=date(2017, 6, 1))
        b.deposit(pledge, who("Salma"), paid, day=date(2017, 6, 12), bank=f"{country}-1")
    treasury.record_interest("main", amount="12.34", value_date=date(2018, 3, 30), bank_reference="I-1", **by("Salma"))
    treasury.record_charge("main", amount="2.00", value_date=date(2018, 3, 30), bank_reference="C-1", **by("Salma"))
    used("", 2_000_000, 260_000), used("category:LDC", 1_000_000, 130_000)


def who(name: str) -> str:
    return db.session.scalars(select(Account.reference).where(Account.email == f"{name.lower()}@example.org")).one()


def by(name: str) -> dict[str, object]:
    return {"by": who(name), "at": AFTER}


def used(earmark: str, travel: int, support: int, source: str = "cash:main") -> None:
    """Journeys of the summer of 2018: travel paid, support cost not yet."""
    day = date(2018, 7, 20)
    post = entry(
        debit("travel", "USD", travel, travel, day, earmark),
        credit(source, "USD", travel, travel, day, earmark),
        debit("support-cost", "USD", support, support, day, earmark),
        credit("support-cost-payable", "USD", support, support, day, earmark),
    )
    with writing(by=SYSTEM, at=AFTER) as op:
        op.append("settlement.approved", Fact(on="A-22222222", post=post))


def propose(action: str, subject: str = "fund", name: str = "Lise", **content: object) -> str:
    return proposals.propose(action, subject=subject, content=content, reason="It is time.", **by(name)).on


def by_two(action: str, subject: str = "fund", name: str = "Lise", second: str = "Miriam", **content: object) -> int:
    return proposals.confirm(propose(action, subject, name, **content), **by(second)).seq


def decided(**content: object) -> int:
    return by_two("closing.decided", **({"document": "A/RES/73/195", "decided_on": DECIDED.isoformat()} | content))


def support_cost_paid(amount: str = "3900.00", bank: str = "UN-1") -> None:
    treasury.pay_support_cost("main", amount=amount, value_date=date(2019, 1, 10), bank_reference=bank, **by("Salma"))


def months_closed(month: str = "2018-12") -> None:
    by_two("month.closed", f"month:{month}", second="Rafael")


def ready() -> None:
    decided(), support_cost_paid(), months_closed()


def donor(country: str) -> str:
    return db.session.scalars(select(closing.Donor.reference).where(closing.Donor.country == country)).one()


def refund(country: str, **line: object) -> int:
    return by_two("refund.paid", donor(country), second="Salma", **({"bank_reference": country} | LINE | line))


def due() -> dict[tuple[str, str], int]:
    db.session.rollback()
    return {(one.name, one.earmark): one.usd for one in closing.refunds_due(db.session())}


def failing() -> list[str]:
    db.session.rollback()
    return [str(check) for check in closing.checklist(db.session(), AFTER.date()) if not check.holds]


# The decision and the reserve


def test_from_the_day_of_the_decision_no_reserve_is_kept(fund):
    assert reserve_of(db.session(), DECIDED) == Decimal("0.15")
    decided()
    days = [DECIDED - timedelta(days=1), DECIDED, AFTER.date()]
    assert [reserve_of(db.session(), day) for day in days] == [Decimal("0.15"), 0, 0]
    assert pots(db.session(), reserve_of(db.session(), DECIDED))["category:LDC"].spendable == Decimal("28700.00")
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
        decided(**content)
    assert refused.value.field == field
    assert closing.decision(db.session()) is None


def test_it_is_decided_once_and_by_two():
    decided()
    with pytest.raises(Refused, match="decided already"):
        decided()


def test_who_decides_does_not_confirm_and_who_pays_neither():
    made = propose("closing.decided", document="A/RES/73/195", decided_on=DECIDED.isoformat())
    with pytest.raises(SeparationOfDuties):
        proposals.confirm(made, **by("Lise"))
    with pytest.raises(NotDesignated):
        proposals.confirm(made, **by("Salma"))


# The list of what must hold


def test_the_list_says_everything_that_does_not_hold_and_by_how_much(fund):
    assert failing() == [
        "The closing of the fund is not decided.",
        "Support cost of 3900.00 is not paid to the United Nations.",
        "The months from 2017-06 on are not closed.",
        "The fund holds 66460.34, and 62560.34 is due to its donors.",
        "Refunds of 62560.34 are not paid.",
    ]


def test_it_names_meetings_ahead_and_money_that_is_owed_either_way(fund):
    day = date(2018, 12, 11)
    with writing(by=SYSTEM, at=AFTER) as op:
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
    ready()
    assert failing() == ["Refunds of 62560.34 are not paid."]


# Refunds


def test_each_donor_gets_back_its_share_to_the_cent_its_earmarked_money_first_and_what_it_overpaid(fund):
    ready()
    assert due() == {
        ("Luxembourg", ""): 1_976_068,
        ("Norway", ""): 1_403_457,
        ("Norway", "category:LDC"): 2_870_000,
        ("Fiji", ""): 3_509 + 3_000,
    }
    assert sum(due().values()) == in_the_bank(db.session()) * 100


def test_whoever_is_paid_first_everybody_gets_the_same_and_at_the_end_there_is_nothing(fund):
    ready()
    before = due()
    refund("NOR")
    assert due() == {key: usd for key, usd in before.items() if key[0] != "Norway"}
    refund("FJI"), refund("LUX")
    assert (due(), in_the_bank(db.session()), failing()) == ({}, 0, [])
    assert {e: pot.came_in - pot.spent for e, pot in pots(db.session(), Decimal(0)).items()} == {
        "": 0,
        "category:LDC": 0,
    }
    rows = db.session.execute(select(Refund.usd, Refund.overpaid_usd).order_by(Refund.id)).all()
    assert [tuple(row) for row in rows] == [(1_403_457, 0), (2_870_000, 0), (3_509, 3_000), (1_976_068, 0)]
    assert _balance("due-to-donors") == 0
    assert record.verify(full=True).faults == []


def test_a_refund_is_paid_once_by_two_and_under_its_own_bank_reference(fund):
    ready()
    seq = refund("LUX")
    with pytest.raises(Refused, match="Nothing is due to this donor"):
        refund("LUX", bank_reference="another")
    for taken in ("LUX", "I-1", "NOR-1"):
        with pytest.raises(Refused, match="recorded already"):
            refund("FJI", bank_reference=taken)
    made = propose("refund.paid", donor("FJI"), bank_reference="FJI", **LINE)
    with pytest.raises(SeparationOfDuties):
        proposals.confirm(made, **by("Lise"))
    assert db.session.scalars(select(Refund.seq)).all() == [seq]


def test_no_refund_before_everything_else_holds(fund):
    decided(), months_closed()
    with pytest.raises(closing.NotYet, match=r"Support cost of 3900\.00 is not paid") as refused:
        refund("LUX")
    assert len(refused.value.checks) == 2
    assert due()["Luxembourg", ""] == 1_976_068


def test_a_refund_is_paid_from_an_account_that_holds_it_on_a_day_that_has_come(fund):
    ready()
    for line, said_ in (
        ({"bank_account": "other"}, "not a bank account"),
        ({"value_date": "2019-01-16"}, "lies ahead"),
        ({"value_date": "yesterday"}, "is not a date"),
        ({"bank_reference": " "}, "reference"),
    ):
        with pytest.raises(Refused, match=said_):
            refund("LUX", **line)


def test_a_refund_is_not_paid_from_an_account_that_holds_less(fund):
    ready()
    moved = entry(
        debit("cash:second", "USD", 6_000_000, 6_000_000, AFTER.date()),
        credit("cash:main", "USD", 6_000_000, 6_000_000, AFTER.date()),
    )
    with writing(by=SYSTEM, at=AFTER) as op:
        op.append("settlement.approved", Fact(on="A-22222222", post=moved))
    with pytest.raises(NotEnoughMoney, match=r"holds 2560\.34 and 19760\.68 is due"):
        refund("LUX")
    refund("FJI")


def test_a_refund_is_paid_from_an_account_in_dollars(fund):
    ready()
    text = mandates.recorded_mandate().replace("[rates]", f"{EURO}\n[rates]")
    mandates.amend_mandate(text, symbol="A/RES/73/1", effective=DECIDED, confirmed_by=who("Rafael"), **by("Miriam"))
    with pytest.raises(Refused, match="from an account in US dollars"):
        refund("LUX", bank_account="euro")


EURO = """[[bank_accounts]]
code = "euro"
name = { en = "Account in euros", fr = "Compte en euros" }
currency = "EUR"
"""


def test_interest_that_comes_after_the_first_refund_goes_to_the_donors_too(fund):
    ready()
    refund("NOR"), refund("LUX"), refund("FJI")
    treasury.record_interest("main", amount="0.10", value_date=AFTER.date(), bank_reference="I-2", **by("Salma"))
    assert failing() == ["Refunds of 0.10 are not paid."]
    assert due() == {("Luxembourg", ""): 6, ("Norway", ""): 4}
    refund("LUX", bank_reference="LUX-2"), refund("NOR", bank_reference="NOR-2")
    assert (failing(), in_the_bank(db.session())) == ([], 0)
    assert record.verify(full=True).faults == []


# The end


def ended() -> int:
    ready()
    for country in ("LUX", "NOR", "FJI"):
        refund(country)
    return by_two("fund.closed")


def test_the_fund_is_closed_when_all_holds_and_takes_no_posting_any_more(fund):
    seq = ended()
    assert db.session.scalars(select(ClosedFund.seq)).one() == seq
    assert said(posting()) == "a closed fund takes no posting"
    with pytest.raises(Refused, match="books take no entry any more"):
        treasury.record_interest("main", amount="0.10", value_date=AFTER.date(), bank_reference="I-2", **by("Salma"))
    with pytest.raises(Refused, match="closed already"):
        by_two("fund.closed")
    with pytest.raises(Refused, match="books take no entry any more"):
        b.agreement(b.pledge(b.account("donor", "Chad", donor=b.donor("Chad", country="TCD"))), who("Salma"))
    assert contributions.register_donor("Peru", type="state", country="PER", by=SYSTEM, at=AFTER).seq > seq
    assert record.verify(full=True).faults == []


def test_until_then_it_is_refused_with_every_check_that_fails(fund):
    decided(), support_cost_paid()
    with pytest.raises(closing.NotYet) as refused:
        propose("fund.closed")
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
    reference = f"{db.session.scalar(select(func.min(Refund.seq)))} {donor('LUX')} "
    for change, back, fault in (
        (
            "UPDATE fund_closing SET decided_on = '2017-01-01'",
            f"UPDATE fund_closing SET decided_on = '{DECIDED}'",
            "the table fund_closing: 1 does not say what the record says: decided_on",
        ),
        (
            f"UPDATE closed_fund SET day = '{DECIDED}'",
            f"UPDATE closed_fund SET day = '{AFTER.date()}'",
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
            f"INSERT INTO closed_fund SELECT 1, '{AFTER.date()}', seq FROM event WHERE action = 'fund.closed'",
            "the table closed_fund: 1 is missing, the record has it",
        ),
    ):
        insider.changes(change)
        assert record.verify().faults == [fault]
        insider.changes(back)
        assert record.verify().faults == []


# Lines of the bank's statement


def test_interest_can_be_spent_and_a_charge_is_that_much_less(fund):
    assert pots(db.session(), Decimal(0))[""].came_in == Decimal("56320.00") + 100 + Decimal("12.34") - 2
    assert in_the_bank(db.session()) == Decimal("66460.34")


def test_no_more_support_cost_is_paid_than_is_owed_and_every_earmark_pays_its_part(fund):
    with pytest.raises(Refused, match=r"3900\.01 is more than the support cost that is owed: 3900\.00"):
        support_cost_paid("3900.01")
    support_cost_paid("390.01")
    assert treasury.support_cost_owed(db.session()) == {"": 260_000 - 26_001, "category:LDC": 117_000}
    support_cost_paid("3509.99", "UN-2")
    assert treasury.support_cost_owed(db.session()) == {}
    assert record.verify(full=True).faults == []


def test_a_bank_reference_is_used_once_whatever_it_is_for(fund):
    for taken in ("I-1", "C-1", "LUX-1", " I-1 "):
        with pytest.raises(Refused, match="recorded already") as refused:
            support_cost_paid("1.00", taken)
        assert refused.value.field == "bank_reference"


def test_only_a_paying_officer_records_what_the_bank_says(fund):
    before = db.session.scalar(select(func.count()).select_from(Event))
    for name in ("Lise", "Rafael", "Miriam"):
        for deed in (treasury.record_interest, treasury.record_charge, treasury.pay_support_cost):
            with pytest.raises(NotDesignated):
                deed("main", amount="1.00", value_date=DECIDED, bank_reference="X-1", **by(name))
    kept = db.session.scalars(select(Event.action).order_by(Event.seq.desc()).limit(9)).all()
    assert set(kept) == {"interest.refused", "charge.refused", "support-cost.refused"}
    assert db.session.scalar(select(func.count()).select_from(Event)) == before + 9


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"value_date": date(2019, 1, 16)}, "value_date"),
        ({"bank_reference": " "}, "bank_reference"),
        ({"bank_reference": "x" * 81}, "bank_reference"),
    ],
)
def test_a_line_of_the_statement_is_whole_or_refused(line, field):
    whole = {"amount": "1.00", "value_date": DECIDED, "bank_reference": "X-1"}
    with pytest.raises(Refused) as refused:
        treasury.record_interest("main", **(whole | line), **by("Salma"))
    assert refused.value.field == field


def _balance(account: str) -> int:
    return int(db.session.scalar(select(func.sum(Balance.usd)).where(Balance.account == account)) or 0)


def posting() -> str:
    return "INSERT INTO posting SELECT max(seq) + 1, 0, 'cash:main', 'USD', 0, 0, '2019-01-20', '' FROM event"
