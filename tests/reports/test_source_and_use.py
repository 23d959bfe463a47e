"""Source and use of funds: what came in is what was used and what is left, and that is in the bank, to the cent."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations import insider
from tests.reports.money_story import HELD, LAST, OFFERED, PAID, lived
from tests.reports.reading import built, controls, told
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.operations import treasury

KEYS = ("line", "meeting", "kind", "usd")


@pytest.fixture
def story(both_apps: Flask) -> None:
    begun(more_lived)


def more_lived() -> None:
    """Hind of Sudan travelled, Bikash of Nepal did not come, and the bank paid 7.00 of interest and took 2.00."""
    lived()
    for deed, usd, reference in ((treasury.record_interest, "7.00", "I-1"), (treasury.record_charge, "2.00", "C-1")):
        deed("main", amount=usd, value_date=LAST, bank_reference=reference, by=seats.who("Salma"), at=j.SETTLED)


def report(**asked: date):
    return built("source-and-use-of-funds", **asked)


def lines(**asked: date) -> dict[str, str]:
    return dict(told(report(**asked), "line", "usd"))


def test_the_whole_story_from_its_sources_to_what_is_left_and_where(story):
    assert [row for row in told(report(), *KEYS) if row[-1] != "0.00"] == [
        ("contributions", "", "ngo", "50000.00"),
        ("interest", "", "", "7.00"),
        ("charges", "", "", "-2.00"),
        ("sources", "", "", "50005.00"),
        ("travel", "N1", "LDC", "3138.00"),
        ("support", "", "", "407.94"),
        ("uses", "", "", "3545.94"),
        ("commitments", "", "", "1738.00"),
        ("reserve", "", "", "6522.40"),
        ("set-aside", "", "", "3489.44"),
        ("spendable", "", "", "34709.22"),
        ("closing", "", "", "46459.06"),
        ("owed", "", "", "1807.94"),
        ("advanced", "", "", "-1738.00"),
        ("in-the-bank", "", "", "46529.00"),
    ]
    assert [holds for _, _, holds in controls(report())] == [True, True, True]


def test_a_period_opens_with_what_the_one_before_left(story):
    until, since = lines(to_day=PAID), lines(from_day=PAID + timedelta(days=1))
    assert since["opening"] == until["closing"] == "50000.00"
    assert (since["sources"], since["uses"], since["closing"]) == ("50005.00", "3545.94", "46459.06")
    assert "contributions" not in since


def test_its_control_totals_hold_on_every_day_and_of_every_period(story):
    for day in (date(2017, 3, 1), OFFERED, PAID, HELD, LAST):
        for asked in ({"as_at": day}, {"from_day": day}, {"to_day": day}):
            assert all(holds for _, _, holds in controls(report(**asked))), asked


def test_the_figure_is_as_long_above_as_below(story):
    drawn = report().figure
    assert [(bar.label, *map(str, bar.values)) for bar in drawn.bars] == [
        ("From non-governmental organizations", "50000.00", "0.00"),
        ("Interest", "7.00", "0.00"),
        ("Bank charges", "0.00", "2.00"),
        ("Journeys", "0.00", "3138.00"),
        ("Programme support cost", "0.00", "407.94"),
        ("Committed for approved awards and activities", "0.00", "1738.00"),
        ("Reserve", "0.00", "6522.40"),
        ("Held for offers of seats", "0.00", "3489.44"),
        ("Spendable", "0.00", "34709.22"),
    ]
    came, went = (sum(bar.values[side] for bar in drawn.bars) for side in (0, 1))
    assert came == went


def test_contributions_stand_by_the_kind_of_their_donor_and_differences_apart(fund):
    haddad = db.session.scalars(select(Pledge.reference).where(Pledge.state == "announced")).one()
    b.agreement(haddad, seats.who("Omar"), "500.00")
    b.deposit(haddad, seats.who("Omar"), "500.00", bank="ZH-1")
    rows = [row for row in told(report(), *KEYS) if row[-1] != "0.00"]
    assert rows[:4] == [
        ("contributions", "", "state", "70171.00"),
        ("contributions", "", "individual", "500.00"),
        ("exchange", "", "", "2149.00"),
        ("sources", "", "", "72820.00"),
    ]


def test_money_that_an_insider_took_is_seen(story):
    insider.changes("UPDATE posting SET usd = usd - 100 WHERE account = 'cash:main' AND usd = 5000000")
    assert [name for name, _, holds in controls(report()) if not holds] == ["Agrees with the bank"]
