"""The control totals of the reports of the money: they hold, and what nobody may book is seen."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations import insider
from tests.reports.money_story import APPROVED, HELD, LAST, MONEY, OFFERED, PAID, line, lines, lived, posted
from tests.reports.reading import built, controls
from trustfund.core.ledger import credit, debit
from trustfund.operations import months as months  # its deed is proposed by name
from trustfund.operations import proposals, treasury
from trustfund.reports import fund_status


@pytest.fixture
def story(app: Flask) -> dict[str, str]:
    return begun(lived)


def test_all_control_totals_hold_on_every_day_of_the_story(story):
    for name in (*MONEY, "status-of-contributions"):
        for day in (date(2017, 3, 1), OFFERED, APPROVED, PAID, HELD, LAST):
            wrong = [control for control in controls(built(name, as_at=day)) if not control[2]]
            assert not wrong, (name, day)


def sides(to: str, source: str, cents: int = 100):
    return debit(to, "USD", cents, cents, LAST), credit(source, "USD", cents, cents, LAST)


def failing(name: str) -> list[str]:
    return [control for control, _, holds in controls(built(name)) if not holds]


def test_journeys_without_an_award_are_seen(story):
    posted("settlement.approved", *sides("travel", "payables"))
    assert failing("awards-and-disbursements") == ["Agrees with the books"]
    posted("award.approved", *sides("commitments", "committed"))
    assert failing("awards-and-disbursements") == ["Agrees with the books", "Commitments agree"]
    assert failing("allotments") == ["Commitments agree"]


def test_advances_and_debts_without_an_award_are_seen(story):
    posted("advance.paid", *sides("travel-advances", "cash:main"))
    assert failing("advances-and-claims") == ["Agrees with the books"]
    posted("advance.paid", *sides("due-from-travellers", "cash:main"))
    assert failing("advances-and-claims") == ["Agrees with the books", "Debts agree"]


def test_a_kind_of_money_that_no_line_tells_is_seen(story, monkeypatch: pytest.MonkeyPatch):
    treasury.record_interest(
        "main", amount="7.00", value_date=LAST, bank_reference="I-1", by=seats.who("Salma"), at=j.SETTLED
    )
    assert failing("fund-status") == []
    monkeypatch.setattr(fund_status, "LINES", [one for one in fund_status.LINES if one[0] != "interest"])
    assert failing("fund-status") == ["Adds up"]


def test_money_that_an_insider_took_is_seen(story):
    insider.changes("UPDATE posting SET usd = usd - 100 WHERE account = 'cash:main' AND usd = 5000000")
    assert failing("fund-status") == ["Money in the bank"]


def test_payments_interest_and_charges_are_no_contributions(story):
    """Cash falls by what is paid; what the donors paid in does not."""
    for deed, reference in ((treasury.record_interest, "I-1"), (treasury.record_charge, "C-1")):
        deed("main", amount="7.00", value_date=LAST, bank_reference=reference, by=seats.who("Salma"), at=j.SETTLED)
    assert controls(built("status-of-contributions"))[2] == ("Agrees with the bank", "50000.00", True)
    assert (lines()["interest"], lines()["charges"]) == ("7.00", "-7.00")


def test_a_deposit_that_no_pledge_knows_is_seen(story):
    posted("deposit.recorded", *sides("cash:main", "interest"))
    assert failing("status-of-contributions") == ["Agrees with the bank"]


def test_at_a_months_end_a_receivable_in_euros_is_told_as_it_was_agreed(app: Flask):
    salma = b.officer("Salma Idrissi", "paying")
    rafael, lise = b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")
    pledge = b.pledge(b.account("donor", "Luxembourg", donor=b.donor()), "50000.00", "EUR")
    b.rate("EUR", "0.923003", "2017-04-28")
    b.rate("EUR", "0.8877841", "2017-05-31")
    b.agreement(pledge, salma)
    made = proposals.propose("month.closed", subject="month:2017-05", content={}, reason="Over.", by=rafael, at=b.AT)
    proposals.confirm(made.on, by=lise, at=b.AT)
    report = built("status-of-contributions", as_at=date(2017, 5, 31))
    assert controls(report)[1] == ("Agrees with the books", "54171.00", True)
    assert line("receivable", as_at=date(2017, 5, 31)) == "54171.00"


def test_a_journey_accrued_at_a_months_end_is_spent_and_not_committed_for_that_day(app: Flask):
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    j.until(j.attended, hind)
    at = datetime(2018, 3, 2, 9, tzinfo=UTC)
    with seats.on(at):
        made = proposals.propose(
            "month.closed", subject="month:2018-02", content={}, reason="Over.", by=seats.who("Rafael"), at=at
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=at)
    end, next_day = lines(as_at=date(2018, 2, 28)), lines(as_at=date(2018, 3, 1))
    assert (end["travel"], end["support"], end["commitments"]) == ("2788.00", "362.44", "0.00")
    assert (next_day["travel"], next_day["support"], next_day["commitments"]) == ("1000.00", "130.00", "2020.44")
    assert end["used"] == next_day["used"] == "3150.44"
    for day in (date(2018, 2, 28), date(2018, 3, 1)):
        for name in MONEY:
            assert all(holds for _, _, holds in controls(built(name, as_at=day))), (name, day)
