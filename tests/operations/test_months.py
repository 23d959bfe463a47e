"""Months close, by two officers: what they post, and what is told before; on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.counting import counted
from tests.operations.monthly import JUNE, MAY, agreed_in_euros, close, data, on, propose
from trustfund.core import award_books
from trustfund.core.closing import Accrual
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.closings import ClosedMonth
from trustfund.models.record import Posting, pots
from trustfund.operations import accruals, imports, months, proposals, record
from trustfund.operations.operation import Fact, writing

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def lise(both_apps):
    return b.officer("Lise Moreau", "approving")


@pytest.fixture
def rafael(both_apps):
    return b.officer("Rafael Haldane", "certifying")


def closed() -> dict[str, int]:
    db.session.rollback()
    return dict(db.session.execute(select(ClosedMonth.month, ClosedMonth.seq).order_by(ClosedMonth.month)).all())


def postings(seq: int) -> list[tuple[str, int, date]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Posting.account, Posting.usd, Posting.day).where(Posting.seq == seq).order_by(Posting.line)
    )
    return [tuple(row) for row in rows]


def test_a_month_is_closed_with_those_before_it_and_then_the_record_is_sound(lise, rafael):
    b.luxembourg_paid()
    seq = close(rafael, lise)
    assert closed() == {"2017-05": seq, "2017-06": seq}
    assert data(seq)["months"][0]["month"] == "2017-05"
    close(lise, rafael, "2017-12")
    assert list(closed())[-1] == "2017-12"
    assert len(closed()) == 8
    assert record.verify(full=True).faults == []


def test_two_officers_close_a_month(lise, rafael, salma):
    agreed_in_euros(salma)
    made = propose(rafael, "2017-05")
    with pytest.raises(SeparationOfDuties):
        proposals.confirm(made, by=rafael, at=b.AT)
    with pytest.raises(NotDesignated):
        proposals.confirm(made, by=salma, at=b.AT)
    assert closed() == {}


def test_a_receivable_in_euros_is_worth_the_rate_of_the_month_end_and_is_what_was_agreed_the_day_after(
    lise, rafael, salma
):
    paid = agreed_in_euros(salma)
    before = pots(db.session(), Decimal("0.15"))
    seq = close(rafael, lise, "2017-05")
    assert postings(seq) == [
        ("contributions-receivable:revaluation", 214_900, MAY),
        ("exchange-difference:unrealised", -214_900, MAY),
        ("contributions-receivable:revaluation", -214_900, date(2017, 6, 1)),
        ("exchange-difference:unrealised", 214_900, date(2017, 6, 1)),
    ]
    [valued] = data(seq)["months"][0]["revalued"]
    assert (valued["per_usd"], valued["rate_day"], valued["usd"]) == ("0.8877841", "2017-05-31", 5_417_100)
    assert [on("contributions-receivable", day) for day in (MAY, JUNE)] == [5_632_000, 5_417_100]
    assert pots(db.session(), Decimal("0.15")) == before
    b.deposit(paid, salma)
    assert b.receipts(paid)[0].difference_usd == 214_900, "the whole gain is realised by the deposit"
    assert record.verify(full=True).faults == []


def test_without_the_rate_of_a_month_end_nothing_is_closed_and_currency_and_day_are_named(lise, rafael, salma):
    agreed_in_euros(salma)
    with pytest.raises(Refused, match="no rate for EUR on 2017-07-31"):
        propose(rafael, "2017-07")
    assert closed() == {}


def test_what_is_not_over_or_closed_or_no_month_is_not_closed(lise, rafael):
    b.luxembourg_paid()
    close(rafael, lise)
    for month, said in (
        ("2018-01", "not over yet"),
        ("2017-06", "closed already"),
        ("2017-04", "closed already"),
        ("June", "is not a month"),
    ):
        with pytest.raises(Refused, match=said):
            propose(rafael, month)


def test_a_fund_without_a_posting_has_no_month_to_close(rafael):
    with pytest.raises(Refused, match="nothing was ever booked"):
        propose(rafael)


def test_a_late_fact_goes_to_the_first_open_month_with_its_own_day(lise, rafael, salma):
    paid = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()), "50000.00")
    b.agreement(paid, salma)
    close(rafael, lise)
    done = b.deposit(paid, salma)
    assert {day for _, _, day in postings(done.seq)} == {date(2017, 7, 1)}
    assert data(done.seq)["own_day"] == ["2017-06-12"]
    assert data(done.seq)["value_date"] == "2017-06-12"
    assert b.receipts(paid)[0].value_date == date(2017, 6, 12)
    assert on("cash", JUNE) == 0
    assert record.verify(full=True).faults == []


def test_a_fact_before_the_first_posting_of_all_is_late_too(lise, rafael, salma):
    agreed_in_euros(salma)
    close(rafael, lise, "2017-05")
    other = b.pledge(b.account("donor", "Fiji", donor=b.donor("Fiji", country="FJI")), "100.00")
    done = b.agreement(other, salma, "100.00", day=date(2017, 4, 4))
    assert data(done.seq)["own_day"] == ["2017-04-04"]
    assert {day for _, _, day in postings(done.seq)} == {date(2017, 6, 1)}


def test_a_deed_asks_once_what_is_closed_and_one_that_posts_nothing_not_at_all(salma):
    with counted() as sent:
        paid = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()))
        assert not [s for s in sent if "SELECT" in s and "closed_month" in s]
        b.agreement(paid, salma)
        assert len([s for s in sent if "SELECT" in s and "closed_month" in s]) == 1


def test_a_preview_posts_nothing(rafael, salma):
    agreed_in_euros(salma)
    before = record.verify()
    [may] = months.closings_of(db.session(), "2017-05", date(2018, 1, 24))
    assert [one.adjustment for one in may.revaluations] == [214_900]
    assert [check.holds for check in may.checks] == [True] * 4
    assert (closed(), record.verify()) == ({}, before)


def test_deposits_without_an_agreement_and_journeys_long_over_are_told(tmp_path, monkeypatch, salma):
    file = tmp_path / "contributions.csv"
    file.write_text(
        "kind,donor,donor_type,country,date,amount,currency,document,earmark,bank_reference,note\n"
        "deposit,Chad,state,TCD,2017-06-02,40.00,USD,,,B2,\n"
    )
    imports.import_contributions(file, at=b.AT)
    late = Accrual("A-22222222", date(2017, 6, 16), {"": 11_300}, 10_000, 1_300)
    soon = Accrual("A-33333333", date(2017, 6, 17), {"": 11_300}, 10_000, 1_300)
    never = Accrual("A-44444444", date(2017, 6, 1), {"": 500}, 400, 100, made=False)
    monkeypatch.setattr(accruals, "journeys_over", lambda session, day: [late, soon, never])
    [june] = months.closings_of(db.session(), "2017-06", date(2018, 1, 24))
    assert [str(check) for check in june.checks if not check.holds] == [
        "Deposits of 40.00 are applied to no agreement.",
        "2 journeys that ended by 2017-06-16 are not settled; 118.00 is still committed for them.",
    ]
    assert [one.award for one in june.accruals] == ["A-22222222", "A-33333333"]


def test_what_stands_on_its_wrong_side_is_told(salma):
    with writing(by=SYSTEM, at=b.AT) as op:
        op.append("award.approved", Fact(on="A-22222222", post=award_books.approved({"": 500}, JUNE)))
        op.append("award.cancelled", Fact(on="A-22222222", post=award_books.approved({"": -900}, JUNE)))
    [june] = months.closings_of(db.session(), "2017-06", date(2018, 1, 24))
    assert [str(check) for check in june.checks if not check.holds] == [
        "These accounts stand on their wrong side, and somebody has to explain it: commitments."
    ]
