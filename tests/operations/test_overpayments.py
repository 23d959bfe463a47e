"""What was paid above an agreement is due to the donor, until it is agreed or two pay it back; on both databases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests import closings as c
from tests import seats
from tests.core.mandates import fee
from tests.operations.banked import JUNE, last, sound
from tests.operations.pledged import agreed, attach, balance, entry, spendable, unapplied_deposit
from tests.services.bank_files import line, statement
from trustfund.core.ledger import credit, debit
from trustfund.core.ledger import entry as entry_of
from trustfund.core.refusal import NotDesignated, NotEnoughMoney, Refused, SeparationOfDuties, Stale
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.models.record import Balance, in_the_bank
from trustfund.models.treasury import BankLine
from trustfund.operations import contributions, fund, imports, overpayments, proposals, treasury
from trustfund.operations.import_files import BadFile
from trustfund.operations.operation import Fact, writing


@pytest.fixture
def overpaid(euros, luxembourg, salma):
    """Luxembourg agreed to 50,000 euros and paid 60,000, of which 10,000, then 11,264 dollars, are due to it."""
    pledge = agreed(luxembourg, salma)
    b.deposit(pledge, salma, "60000.00")
    b.rate("EUR", "0.876117", "2017-06-30")
    return pledge


@pytest.fixture
def two(both_apps):
    """Rafael certifies, Lise approves."""
    return b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")


@pytest.fixture
def file_of_one_deposit(tmp_path):
    """Imports 50 euros more under the document of the agreement, as agreed."""
    path = tmp_path / "contributions.csv"
    line = "deposit,Luxembourg,state,LUX,2017-07-03,50.00,EUR,Note verbale 17/418,,LU-9,"
    path.write_text(f"{','.join(imports.CONTRIBUTIONS)}\n{line}\n")
    return lambda: imports.import_contributions(path, as_agreed=True, at=b.AT)


def agree(pledge, by, document="Note verbale 17/500", day=date(2017, 7, 3), **more):
    known = {"document": document, "day": day, "seen": b.version(pledge), "by": by, "at": b.AT}
    return overpayments.agree(pledge, **known | more)


def proposed(pledge, by, **other):
    content = {
        "bank_account": "main",
        "bank_reference": "OUT-1",
        "value_date": "2017-07-05",
        "version": b.version(pledge),
    }
    known = {"subject": pledge, "content": content | other, "reason": "The donor asks for it.", "by": by, "at": b.AT}
    return proposals.propose("overpayment.refunded", **known).on


def paid_back(pledge, two, **other):
    return proposals.confirm(proposed(pledge, two[0], **other), by=two[1], at=b.AT)


def test_what_is_above_the_agreement_cannot_be_spent_until_it_is_agreed(overpaid, salma):
    kept = b.kept(overpaid)
    assert (kept.state, kept.over, kept.owed) == ("fully-paid", 1_000_000, 0)
    assert (balance("due-to-donors"), spendable()) == (-1_126_400, Decimal("56320.00"))
    done = agree(overpaid, salma)
    assert entry(done) == {"due-to-donors": 1_126_400, "voluntary-contributions": -1_126_400}
    assert (balance("due-to-donors"), spendable()) == (0, Decimal("67584.00"))
    kept = b.kept(overpaid)
    assert (kept.agreed, kept.over, kept.owed, kept.owed_usd) == (6_000_000, 0, 0, 0)
    assert kept.agreed_usd == 54_171_00 + 11_264_00
    standing = contributions.standing_of(kept.donor)
    assert (standing.received, standing.outstanding) == (Decimal("67584.00"), 0)
    assert sound()


def test_what_is_due_to_the_donor_bears_no_fee_until_it_is_agreed(euros, luxembourg, salma, two):
    """100 dollars were agreed and 20,100 came, of which the fund of this mandate keeps 1 %: of the 100, then of all."""
    text = fund.recorded_mandate() + "\n" + fee("deposit-fee", "0.01", "deposit")
    more = {"symbol": "A/RES/72/1", "effective": date(2017, 4, 6), "at": b.AT}
    fund.amend_mandate(text, by=two[0], confirmed_by=two[1], **more)
    pledge, later = agreed(luxembourg, salma, "100.00", "USD"), agreed(luxembourg, salma, "100.00", "USD")
    b.deposit(pledge, salma, "20100.00")
    assert (balance("support-cost-payable"), spendable()) == (-100, Decimal("99.00"))
    agree(pledge, salma)
    assert (balance("support-cost-payable"), spendable()) == (-20_100, Decimal("19899.00"))
    attach(unapplied_deposit("Luxembourg", "20100.00", "USD", bank="LU-2"), later, salma)
    assert (balance("support-cost-payable"), spendable()) == (-20_200, Decimal("19998.00"))
    paid_back(later, two)
    assert spendable() == Decimal("19998.00"), "what went back has cost the fund nothing"
    assert sound()


def test_a_letter_older_than_the_money_is_booked_on_the_day_of_the_money(overpaid, salma):
    agree(overpaid, salma, day=date(2017, 5, 20))
    data = last("overpayment.agreed")
    assert (data["data"]["day"], {p["day"] for p in data["post"]}) == ("2017-05-20", {"2017-06-12"})


def test_10000_euros_that_came_at_11264_go_back_at_11414_and_150_is_lost(overpaid, two):
    done = paid_back(overpaid, two)
    assert entry(done) == {"due-to-donors": 1_126_400, "cash:main": -1_141_400, "exchange-difference": 15_000}
    kept = b.kept(overpaid)
    assert (kept.refunded, kept.over, kept.owed, kept.state) == (1_000_000, 0, 0, "fully-paid")
    assert spendable() == Decimal("56170.00"), "only the exchange difference was the fund's"
    held = select(func.sum(Balance.amount)).where(Balance.account == "cash:main", Balance.currency == "EUR")
    assert db.session.scalar(held) == 5_000_000
    assert sound()


def test_it_is_paid_back_by_two_who_read_the_same_and_once(overpaid, two, salma):
    rafael, lise = two
    made = proposed(overpaid, rafael)
    with pytest.raises(SeparationOfDuties):
        proposals.confirm(made, by=rafael, at=b.AT)
    with pytest.raises(NotDesignated):
        proposed(overpaid, b.officer("Ines Duarte", "screening"))
    b.deposit(overpaid, salma, "1.00", bank="LU-2")
    with pytest.raises(Stale):
        proposals.confirm(made, by=lise, at=b.AT)
    paid_back(overpaid, two)
    assert b.kept(overpaid).refunded == 1_000_100
    for again in (lambda: paid_back(overpaid, two, bank_reference="OUT-2"), lambda: agree(overpaid, salma)):
        with pytest.raises(Refused, match="Only what was paid above an agreement"):
            again()
    assert sound()


def test_a_refund_is_paid_after_the_money_came_under_a_reference_of_its_own(overpaid, two):
    for wrong, why in (
        ({"value_date": "2017-06-11"}, "The money came on 2017-06-12"),
        ({"value_date": "2030-01-01"}, "lies ahead"),
        ({"bank_reference": "LU-1"}, "LU-1 is recorded already"),
        ({"bank_reference": " "}, "Enter the bank’s reference"),
        ({"bank_account": "none"}, "is not a bank account of the fund"),
    ):
        with pytest.raises(Refused, match=why):
            proposed(overpaid, two[0], **wrong)


def test_a_refund_is_not_more_than_the_account_holds_of_its_currency(overpaid, two, salma):
    """Euros and dollars of one account are two: what was changed into dollars is not there to be paid back."""
    treasury.record_interest("main", amount="70000.00", value_date=JUNE, bank_reference="I-1", by=salma, at=b.AT)
    with writing(by=SYSTEM, at=b.AT) as op:
        out = entry_of(
            debit("travel", "EUR", 5_000_001, 5_632_000, date(2017, 7, 1)),
            credit("cash:main", "EUR", 5_000_001, 5_632_000, date(2017, 7, 1)),
        )
        op.append("settlement.approved", Fact(on="A-22222222", post=out))
    with pytest.raises(NotEnoughMoney, match=r"holds 9,999.99 EUR and 10,000.00 EUR is due"):
        proposed(overpaid, two[0])


def test_money_that_comes_again_after_a_refund_is_due_again_and_what_is_agreed_is_owed_net_of_it(
    overpaid, two, salma, file_of_one_deposit
):
    paid_back(overpaid, two)
    b.deposit(overpaid, salma, "500.00", bank="LU-2")
    assert (b.kept(overpaid).over, b.kept(overpaid).state) == (50_000, "fully-paid")
    agree(overpaid, salma)
    kept = b.kept(overpaid)
    assert (kept.agreed, kept.received, kept.refunded, kept.over, kept.owed) == (5_050_000, 6_050_000, 1_000_000, 0, 0)
    file_of_one_deposit()
    kept = b.kept(overpaid)
    assert (kept.agreed, kept.received, kept.over, kept.owed, kept.state) == (5_055_000, 6_055_000, 0, 0, "fully-paid")
    assert (kept.owed_usd, balance("due-to-donors"), balance("contributions-receivable")) == (0, 0, 0)
    assert sound()


def test_nothing_more_is_agreed_by_a_file_while_something_is_due(overpaid, file_of_one_deposit):
    with pytest.raises(BadFile) as bad:
        file_of_one_deposit()
    assert "10,000.00 EUR more than agreed came on this contribution" in bad.value.faults[0]


def test_the_agreement_names_its_document_and_a_day_and_holds_for_what_was_read(overpaid, salma, luxembourg):
    for wrong, field in (({"document": " "}, "document"), ({"day": date(2030, 1, 1)}, "day")):
        with pytest.raises(Refused) as refused:
            agree(overpaid, salma, **wrong)
        assert refused.value.field == field
    with pytest.raises(Stale):
        agree(overpaid, salma, seen=1)
    with pytest.raises(NotDesignated):
        agree(overpaid, luxembourg)
    with pytest.raises(Refused, match="Only what was paid above an agreement"):
        agree(agreed(luxembourg, salma), salma)


def test_the_line_of_the_statement_that_paid_it_back_is_known(overpaid, two, imported):
    done = paid_back(overpaid, two)
    kept = db.session.scalars(select(BankLine)).one()
    assert (kept.kind, kept.currency, kept.amount, kept.usd) == ("refund", "EUR", -1_000_000, -1_141_400)
    out = line("-10000.00", bank_reference="OUT-1", currency="EUR", value_date=JUNE, text="back")
    said = imported(statement(out, replace(out, text="another", bank_reference="OUT-2"), currency="EUR"))
    assert (said.matched, said.waiting) == (1, 1)
    assert last("statement.imported")["data"]["matched"] == [[1, done.seq]]
    assert sound()


def test_at_the_closing_what_was_agreed_afterwards_is_shared_and_what_is_still_due_goes_back_whole(fund):
    """Fiji paid 30 dollars too much. Agreed, they are part of what all donors gave; still due, they go back whole."""
    fiji = db.session.scalars(select(Pledge).where(Pledge.received > Pledge.agreed)).unique().one().reference
    whole = c.due()[("Fiji", "")]
    agree(fiji, seats.who("Salma"))
    shared = c.due()[("Fiji", "")]
    assert (whole, shared) == (3_509 + 3_000, 4_564), "130 of 96,450 of the 33,860.34 left; it was 100, and the 30"
    b.deposit(fiji, seats.who("Salma"), "5.00", bank="FJI-2")
    assert c.due()[("Fiji", "")] == shared + 500
    c.ready()
    assert sum(c.due().values()) == in_the_bank(db.session()) * 100
    c.refund("FJI")
    assert (c.due().get(("Fiji", "")), balance("due-to-donors")) == (None, 0)
    with pytest.raises(Refused, match="The fund is paying back its balance"):
        agree(fiji, seats.who("Salma"))
    assert sound()
