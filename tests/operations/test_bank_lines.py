"""Lines of the bank's statement: interest, charges, and support cost that is paid; on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import closings as c
from trustfund.core.refusal import NotDesignated, Refused
from trustfund.extensions import db
from trustfund.models.record import Event, in_the_bank, pots
from trustfund.operations import record, treasury

pytestmark = pytest.mark.usefixtures("officers")


def test_interest_can_be_spent_and_a_charge_is_that_much_less(fund):
    assert pots(db.session(), Decimal(0))[""].came_in == Decimal("56320.00") + 100 + Decimal("12.34") - 2
    assert in_the_bank(db.session()) == Decimal("66460.34")


def test_no_more_support_cost_is_paid_than_is_owed_and_every_earmark_pays_its_part(fund):
    with pytest.raises(Refused, match=r"3900\.01 is more than the support cost that is owed: 3900\.00"):
        c.support_cost_paid("3900.01")
    c.support_cost_paid("390.01")
    assert treasury.support_cost_owed(db.session()) == {"": 260_000 - 26_001, "category:LDC": 117_000}
    c.support_cost_paid("3509.99", "UN-2")
    assert treasury.support_cost_owed(db.session()) == {}
    assert record.verify(full=True).faults == []


def test_a_bank_reference_is_used_once_whatever_it_is_for(fund):
    for taken in ("I-1", "C-1", "LUX-1", " I-1 "):
        with pytest.raises(Refused, match="recorded already") as refused:
            c.support_cost_paid("1.00", taken)
        assert refused.value.field == "bank_reference"


def test_only_a_paying_officer_records_what_the_bank_says(fund):
    before = db.session.scalar(select(func.count()).select_from(Event))
    for name in ("Lise", "Rafael", "Miriam"):
        for deed in (treasury.record_interest, treasury.record_charge, treasury.pay_support_cost):
            with pytest.raises(NotDesignated):
                deed("main", amount="1.00", value_date=c.DECIDED, bank_reference="X-1", **c.by(name))
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
    whole = {"amount": "1.00", "value_date": c.DECIDED, "bank_reference": "X-1"}
    with pytest.raises(Refused) as refused:
        treasury.record_interest("main", **(whole | line), **c.by("Salma"))
    assert refused.value.field == field
