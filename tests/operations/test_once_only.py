"""A seat, a payment and a debt are there once, and what was done is never edited: the database itself refuses."""

import pytest
from sqlalchemy import func, select

from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations.by_hand import copied, refusal
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.awards import Payment, Recovery
from trustfund.operations import debts, fund, payments, record


@pytest.fixture
def amna(both_apps):
    return begun(j.amna)


def test_the_database_refuses_a_second_live_award_of_a_person_for_a_meeting(amna):
    new = {"reference": "'W-22222222'", "seat": "'N1-2222'"}
    by_account, by_name = {"person": "''"}, {"account_id": "NULL"}
    for same in (by_account, by_name):
        assert refusal(copied("award", **new, **same))
        assert refusal(copied("award", **new, **same, meeting="'N2'")) == ""
        assert refusal(copied("award", **new, **same, stage="'cancelled'")) == ""
    assert refusal(copied("award", reference="'W-22222222'", account_id="NULL", person="''"))  # the same seat
    assert refusal(copied("award", **new, account_id="NULL", person="''")) == ""


def test_the_database_refuses_a_second_live_payment_of_a_kind(amna):
    j.until(j.advanced, amna)
    new = {"reference": "'Y-22222222'"}
    assert refusal(copied("payment", **new))
    assert refusal(copied("payment", **new, stage="'failed'")) == ""
    assert refusal(copied("payment", **new, kind="'balance'")) == ""


def test_no_payment_is_made_twice_in_one_order_or_in_two(amna):
    j.until(j.ticketed, amna)
    for twice in (("ticket", amna), ("ticket", amna)), (("advance", amna), ("advance", amna)):
        with pytest.raises(Refused, match="not as the page made it"):
            j.released(*twice, method="agent" if twice[0][0] == "ticket" else "cash")
    j.released(("ticket", amna), method="agent")
    j.settled(j.prepared(j.claimed(j.attended(amna))))  # 1,738.00 are owed to her: no second ticket is paid of it
    with pytest.raises(Refused, match="Nothing is to be paid"):
        j.released(("ticket", amna), method="agent", at=j.SETTLED)
    assert db.session.scalar(select(func.count()).select_from(Payment)) == 1


def test_a_bank_reference_is_used_once(amna):
    _owes(amna)
    more = {"value_date": j.SETTLED.date(), "bank_reference": "R-1"}
    j._do(debts.recover, amna, seats.who("Salma"), j.SETTLED, amount="10.00", **more)
    with pytest.raises(Refused, match="The bank reference R-1 is recorded already"):
        j._do(debts.recover, amna, seats.who("Salma"), j.SETTLED, amount="20.00", **more)
    assert db.session.scalars(select(Recovery.usd)).all() == [1000]
    assert refusal(copied("recovery"))
    assert refusal(copied("recovery", bank_account="'other'")) == ""


def test_awards_are_paid_and_paid_back_in_dollars(amna):
    _owes(amna)
    euro = '[[bank_accounts]]\ncode = "euro"\nname = { en = "Euros", fr = "Euros" }\ncurrency = "EUR"\n\n[rates]'
    with seats.on(j.SETTLED):
        fund.amend_mandate(
            fund.recorded_mandate().replace("[rates]", euro, 1),
            symbol="A/RES/73/1",
            effective=j.SETTLED.date(),
            by=seats.who("Rafael"),
            confirmed_by=seats.who("Lise"),
            at=j.SETTLED,
        )
    more = {"value_date": j.SETTLED.date(), "bank_reference": "R-1", "bank_account": "euro"}
    with pytest.raises(Refused, match="a bank account in US dollars"):
        j._do(debts.recover, amna, seats.who("Salma"), j.SETTLED, amount="10.00", **more)
    with pytest.raises(Refused, match="a bank account in US dollars"):
        payments.release("cash", payments="", bank_account="euro", by=seats.who("Salma"), at=j.SETTLED)


def _owes(award: str) -> None:
    """The traveller was paid by the bank and left two days before the end."""
    j.with_bank(j.accepted(award, method="bank"))
    for step in j.STEPS[1:-3]:
        step(award)
    j.settled(j.prepared(j.claimed(award, arrived_on=j.date(2018, 2, 21))))


def test_what_was_done_is_never_edited(amna):
    _owes(amna)
    more = {"value_date": j.SETTLED.date(), "bank_reference": "R-1"}
    j._do(debts.recover, amna, seats.who("Salma"), j.SETTLED, amount="10.00", **more)
    for table in ("act", "bank_details", "recovery", "payment_order"):
        edits = [f"UPDATE {table} SET seq = seq", f"DELETE FROM {table}"]
        if db.engine.dialect.name == "sqlite":
            edits += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", copied(table, "INSERT OR REPLACE")]
        else:
            edits.append(f"TRUNCATE {table} CASCADE")
        for edit in edits:
            assert "is only ever added to" in refusal(edit), edit
    assert record.verify().faults == []
