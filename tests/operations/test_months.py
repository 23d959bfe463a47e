"""Months close, by two officers: what they post, and that nothing is posted into them afterwards, on both databases."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.counting import counted
from tests.operations import insider
from tests.operations.by_hand import refusal, refuses
from trustfund.core import award_books
from trustfund.core.closing import Accrual
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.closings import ClosedMonth
from trustfund.models.record import Event, Posting, pots
from trustfund.operations import accruals, imports, months, proposals, record
from trustfund.operations.award_deeds import books
from trustfund.operations.operation import Fact, writing

pytestmark = pytest.mark.usefixtures("both_apps")
MAY, JUNE = date(2017, 5, 31), date(2017, 6, 30)


@pytest.fixture
def lise(both_apps):
    return b.officer("Lise Moreau", "approving")


@pytest.fixture
def rafael(both_apps):
    return b.officer("Rafael Haldane", "certifying")


def propose(by: str, month: str = "2017-06") -> str:
    return proposals.propose(
        "month.closed", subject=f"month:{month}", content={}, reason="The month is over.", by=by, at=b.AT
    ).on


def close(by: str, second: str, month: str = "2017-06") -> int:
    return proposals.confirm(propose(by, month), by=second, at=b.AT).seq


def closed() -> dict[str, int]:
    db.session.rollback()
    return dict(db.session.execute(select(ClosedMonth.month, ClosedMonth.seq).order_by(ClosedMonth.month)).all())


def postings(seq: int) -> list[tuple[str, int, date]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Posting.account, Posting.usd, Posting.day).where(Posting.seq == seq).order_by(Posting.line)
    )
    return [tuple(row) for row in rows]


def data(seq: int) -> dict:
    return json.loads(db.session.scalars(select(Event.body).where(Event.seq == seq)).one())["data"]


def on(account: str, day: date) -> int:
    """Cents that an account, all its parts together, holds at the end of a day."""
    mine = (Posting.account == account) | Posting.account.startswith(f"{account}:")
    return int(db.session.scalar(select(func.sum(Posting.usd)).where(mine, Posting.day <= day)) or 0)


def agreed_in_euros(salma: str) -> str:
    """EUR 50,000 agreed on 2 May 2017 at USD 54,171; at the end of that month they are worth USD 56,320."""
    paid = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()), "50000.00", "EUR")
    b.rate("EUR", "0.923003", "2017-04-28")
    b.rate("EUR", "0.8877841", "2017-05-31")
    b.agreement(paid, salma)
    return paid


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


def test_a_journey_made_and_not_settled_is_accrued_and_what_can_be_spent_stays_the_same(
    lise, rafael, salma, monkeypatch
):
    amna = Accrual("A-22222222", JUNE, {"": 293_122}, 259_400, 33_722)
    monkeypatch.setattr(accruals, "journeys_over", lambda session, day: [amna] if day == JUNE else [])
    with writing(by=SYSTEM, at=b.AT) as op:
        op.append("award.approved", Fact(on=amna.award, post=award_books.approved(amna.parts, date(2017, 6, 2))))
    before = pots(db.session(), Decimal("0.15"))
    seq = close(rafael, lise)
    at_the_end = {name: on(name, JUNE) for name in ("travel", "support-cost", "accrued-travel", "commitments")}
    assert at_the_end == {"travel": 259_400, "support-cost": 33_722, "accrued-travel": -259_400, "commitments": 0}
    assert [on(name, date(2017, 7, 1)) for name in ("travel", "commitments")] == [0, 293_122]
    assert data(seq)["months"][0]["accrued"] == [{"award": "A-22222222", "travel": 259_400, "support": 33_722}]
    assert pots(db.session(), Decimal("0.15")) == before
    assert record.verify(full=True).faults == []


def closed_in_march(day: int) -> int:
    at = datetime(2018, 3, day, 9, tzinfo=UTC)
    with b.standing_at(at):
        made = proposals.propose(
            "month.closed", subject="month:2018-02", content={}, reason="It is over.", by=seats.who("Rafael"), at=at
        ).on
        return proposals.confirm(made, by=seats.who("Lise"), at=at).seq


@pytest.fixture
def amna():
    return begun(two_seats)


def two_seats() -> str:
    """Amna of Sudan was at the first round in February 2018 and claimed; Bikash of Nepal has his seat and no ticket."""
    j.fund()
    amna, bikash = j.seated(("Amna Eltayeb", "SDN"), ("Bikash Thapa", "NPL"))
    j.until(j.approved, bikash)
    return j.until(j.claimed, amna)


def test_a_journey_of_february_that_is_settled_in_march_is_expense_of_both_months_ends_and_of_the_fund_once(amna):
    left = books(db.session(), j.award(amna))
    expected = sum(left.available.values()) + sum(left.advanced.values())
    seq = closed_in_march(3)
    [february] = [one for one in data(seq)["months"] if one["month"] == "2018-02"]
    [accrued] = february["accrued"]
    assert (accrued["award"], accrued["travel"] + accrued["support"]) == (amna, expected)
    assert accrued["support"] == round(accrued["travel"] * 0.13)
    assert on("travel", date(2018, 2, 28)) - on("travel", date(2018, 3, 1)) == accrued["travel"]
    assert books(db.session(), j.award(amna)) == left
    j.settled(j.prepared(amna))
    [march] = months.closings_of(db.session(), "2018-03", date(2018, 4, 5))
    assert (march.accruals, march.post) == ((), ())
    assert record.verify(full=True).faults == []


def test_a_month_that_is_closed_late_accrues_what_was_open_at_its_end(amna):
    before = months.closing_of(db.session(), "2018-02", date(2018, 3, 3)).post
    j.settled(j.prepared(amna))
    assert months.closing_of(db.session(), "2018-02", date(2018, 3, 20)).post == before != ()


def test_a_seat_without_a_ticket_is_no_journey_made_but_its_commitment_is_told_once_its_meeting_is_long_over(amna):
    [march] = [one for one in months.closings_of(db.session(), "2018-03", date(2018, 4, 5)) if one.month == "2018-03"]
    assert [one.award for one in march.accruals] == [amna]
    told = [str(check) for check in march.checks if not check.holds]
    assert told == [
        f"2 journeys that ended by 2018-03-17 are not settled; {on('commitments', date(2018, 3, 31)) / 100:.2f} "
        "is still committed for them."
    ]


# What the database refuses


def posting_on(day: str, seq: str = "(SELECT max(seq) + 1 FROM event)") -> str:
    return f"INSERT INTO posting SELECT {seq}, 0, 'cash:main', 'USD', 0, 0, '{day}', ''"


def test_the_database_refuses_every_posting_into_a_closed_month(lise, rafael):
    b.luxembourg_paid()
    close(rafael, lise)
    for day in ("2017-06-30", "2017-06-01", "2017-05-02", "2017-04-30", "2016-12-31"):
        assert refusal(posting_on(day)) == "a closed month takes no posting", day
        assert refusal(posting_on(day, "999999")) == "a closed month takes no posting", day
    assert "a closed month" not in refusal(posting_on("2017-07-01"))
    assert record.verify(full=True).faults == []


def test_a_closed_month_is_never_changed_or_taken_back_and_nobody_closes_one_without_an_entry(lise, rafael):
    b.luxembourg_paid()
    close(rafael, lise)
    tries = [
        "UPDATE closed_month SET seq = 999999",
        "UPDATE closed_month SET month = '2016-01' WHERE month = '2017-06'",
        "DELETE FROM closed_month",
        "INSERT INTO closed_month VALUES ('2017-07', 999999)",
        "INSERT INTO closed_month VALUES ('2017-07', 1)",
        "INSERT INTO closed_month SELECT '2017-06', max(seq) + 1 FROM event",
    ]
    if db.engine.dialect.name == "sqlite":
        tries += [
            "INSERT OR REPLACE INTO closed_month SELECT '2017-06', max(seq) + 1 FROM event",
            "REPLACE INTO closed_month SELECT '2017-06', max(seq) + 1 FROM event",
            "UPDATE OR REPLACE closed_month SET month = '2017-05' WHERE month = '2017-06'",
        ]
    else:
        tries += [
            "TRUNCATE closed_month",
            "INSERT INTO closed_month VALUES ('2017-06', 9) ON CONFLICT (month) DO UPDATE SET seq = 999999",
        ]
    assert [one for one in tries if not refuses(one)] == []
    assert record.verify(full=True).faults == []


def test_what_an_insider_changes_of_closed_months_is_named(lise, rafael, salma):
    agreed_in_euros(salma)
    seq = close(rafael, lise, "2017-05")
    for change, back, faults in (
        (
            "DELETE FROM closed_month",
            f"INSERT INTO closed_month VALUES ('2017-05', {seq})",
            ["the table closed_month: 2017-05 is missing, the record has it"],
        ),
        (
            "INSERT INTO closed_month VALUES ('2017-06', 999999)",
            "DELETE FROM closed_month WHERE month = '2017-06'",
            ["the table closed_month: 2017-06 is not in the record"],
        ),
        (
            "UPDATE closed_month SET seq = 2",
            f"UPDATE closed_month SET seq = {seq}",
            [
                "the table closed_month: 2017-05 does not say what the record says: seq",
                f"the books: entry {seq - 2} posts into 2017-05, which was closed before",
                f"the books: entry {seq} posts into 2017-05, which was closed before",
            ],
        ),
    ):
        insider.changes(change)
        assert record.verify().faults == faults
        insider.changes(back)
        assert record.verify().faults == []
