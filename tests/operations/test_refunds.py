"""What is left goes back to the donors, to the cent and once; on both databases."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import closings as c
from tests import seats
from trustfund.core.ledger import credit, debit, entry
from trustfund.core.refusal import NotEnoughMoney, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.closings import Refund
from trustfund.models.record import Balance, in_the_bank, pots
from trustfund.operations import closing, proposals, record, treasury
from trustfund.operations import fund as mandates
from trustfund.operations.operation import Fact, writing

pytestmark = pytest.mark.usefixtures("officers")


def test_each_donor_gets_back_its_share_to_the_cent_its_earmarked_money_first_and_what_it_overpaid(fund):
    c.ready()
    assert c.due() == {
        ("Luxembourg", ""): 1_976_068,
        ("Norway", ""): 1_403_457,
        ("Norway", "category:LDC"): 2_870_000,
        ("Fiji", ""): 3_509 + 3_000,
    }
    assert sum(c.due().values()) == in_the_bank(db.session()) * 100


def test_whoever_is_paid_first_everybody_gets_the_same_and_at_the_end_there_is_nothing(fund):
    c.ready()
    before = c.due()
    c.refund("NOR")
    assert c.due() == {key: usd for key, usd in before.items() if key[0] != "Norway"}
    c.refund("FJI"), c.refund("LUX")
    assert (c.due(), in_the_bank(db.session()), c.failing()) == ({}, 0, [])
    assert {e: pot.came_in - pot.spent for e, pot in pots(db.session(), Decimal(0)).items()} == {
        "": 0,
        "category:LDC": 0,
    }
    rows = db.session.execute(select(Refund.usd, Refund.overpaid_usd).order_by(Refund.id)).all()
    assert [tuple(row) for row in rows] == [(1_403_457, 0), (2_870_000, 0), (3_509, 3_000), (1_976_068, 0)]
    assert _balance("due-to-donors") == 0
    assert record.verify(full=True).faults == []


def test_a_refund_is_paid_once_by_two_and_under_its_own_bank_reference(fund):
    c.ready()
    seq = c.refund("LUX")
    with pytest.raises(Refused, match="Nothing is due to this donor"):
        c.refund("LUX", bank_reference="another")
    for taken in ("LUX", "I-1", "NOR-1"):
        with pytest.raises(Refused, match="recorded already"):
            c.refund("FJI", bank_reference=taken)
    made = c.propose("refund.paid", c.donor("FJI"), bank_reference="FJI", **c.LINE)
    with pytest.raises(SeparationOfDuties):
        proposals.confirm(made, **c.by("Lise"))
    assert db.session.scalars(select(Refund.seq)).all() == [seq]


def test_no_refund_before_everything_else_holds(fund):
    c.decided(), c.months_closed()
    with pytest.raises(closing.NotYet, match=r"Support cost of 3900\.00 is not paid") as refused:
        c.refund("LUX")
    assert len(refused.value.checks) == 2
    assert c.due()["Luxembourg", ""] == 1_976_068


def test_a_refund_is_paid_from_an_account_that_holds_it_on_a_day_that_has_come(fund):
    c.ready()
    for line, said_ in (
        ({"bank_account": "other"}, "not a bank account"),
        ({"value_date": "2019-01-16"}, "lies ahead"),
        ({"value_date": "yesterday"}, "is not a date"),
        ({"bank_reference": " "}, "reference"),
    ):
        with pytest.raises(Refused, match=said_):
            c.refund("LUX", **line)


def test_a_refund_is_not_paid_from_an_account_that_holds_less(fund):
    c.ready()
    moved = entry(
        debit("cash:second", "USD", 6_000_000, 6_000_000, c.AFTER.date()),
        credit("cash:main", "USD", 6_000_000, 6_000_000, c.AFTER.date()),
    )
    with writing(by=SYSTEM, at=c.AFTER) as op:
        op.append("settlement.approved", Fact(on="A-22222222", post=moved))
    with pytest.raises(NotEnoughMoney, match=r"holds 2560\.34 and 19760\.68 is due"):
        c.refund("LUX")
    c.refund("FJI")


def test_a_refund_is_paid_from_an_account_in_dollars(fund):
    c.ready()
    text = mandates.recorded_mandate().replace("[rates]", f"{EURO}\n[rates]")
    mandates.amend_mandate(
        text, symbol="A/RES/73/1", effective=c.DECIDED, confirmed_by=seats.who("Rafael"), **c.by("Miriam")
    )
    with pytest.raises(Refused, match="from an account in US dollars"):
        c.refund("LUX", bank_account="euro")


EURO = """[[bank_accounts]]
code = "euro"
name = { en = "Account in euros", fr = "Compte en euros" }
currency = "EUR"
"""


def test_interest_that_comes_after_the_first_refund_goes_to_the_donors_too(fund):
    c.ready()
    c.refund("NOR"), c.refund("LUX"), c.refund("FJI")
    treasury.record_interest("main", amount="0.10", value_date=c.AFTER.date(), bank_reference="I-2", **c.by("Salma"))
    assert c.failing() == ["Refunds of 0.10 are not paid."]
    assert c.due() == {("Luxembourg", ""): 6, ("Norway", ""): 4}
    c.refund("LUX", bank_reference="LUX-2"), c.refund("NOR", bank_reference="NOR-2")
    assert (c.failing(), in_the_bank(db.session())) == ([], 0)
    assert record.verify(full=True).faults == []


def _balance(account: str) -> int:
    return int(db.session.scalar(select(func.sum(Balance.usd)).where(Balance.account == account)) or 0)
