"""Journeys made and not settled when a month closes: expense of its end, and of the fund once; on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations.monthly import JUNE, close, data, on
from trustfund.core import award_books
from trustfund.core.closing import Accrual
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.record import pots
from trustfund.operations import accruals, months, proposals, record
from trustfund.operations.award_deeds import books
from trustfund.operations.operation import Fact, writing

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def lise(both_apps):
    return b.officer("Lise Moreau", "approving")


@pytest.fixture
def rafael(both_apps):
    return b.officer("Rafael Haldane", "certifying")


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
