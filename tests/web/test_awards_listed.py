"""The list of awards and the desk: where each stands, and what waits for whom."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import builders as b
from tests import journeys as j
from tests.conftest import FAST
from tests.web.awarded import (
    CERTIFICATION,
    also,
    certified_page,
    done,
    many,
    rows,
    seat,
    tasks,
    until,
)
from tests.web.counting import statements
from tests.web.house import APPROVES, CERTIFIES, PAYS, SCREENS, opened
from tests.web.visitor import Visitor
from trustfund.app import create_app
from trustfund.extensions import db


@pytest.fixture
def house(proposed, tmp_path: Path):
    """Their house, on the day after the seats were proposed."""
    yield from opened(proposed, tmp_path / "instance", j.OFFERED)


# The list


def test_before_the_first_selection_the_list_says_what_will_come(sqlite_template, tmp_path):
    shutil.copytree(sqlite_template, tmp_path / "instance")
    app = create_app(FAST, instance=str(tmp_path / "instance"))
    with app.app_context():
        b.officer("Ines Example", "screening", password=True)
        db.session.remove()
    page = Visitor(app, "ines@example.org").open("/officers/awards")
    assert page.words("h2") == "No seat was proposed yet"
    with app.app_context():
        db.engine.dispose()


def test_the_list_says_where_each_award_stands_and_what_comes_next(house):
    done(house, j.accepted)
    answers = "Seat proposed{} proposedThe delegate answers by 2 February 2018"
    assert rows(house.visitor(SCREENS).open("/officers/awards")) == [
        f"Kwame Mensah {seat(house, 'kwame')}GhanaN13" + answers.format("3,489.44"),
        f"Mele Losa {seat(house, 'mele')}FijiN12" + answers.format("4,540.34"),
        f"Hind Tayeb {seat(house)}SudanN11Waits for certification3,150.44 proposedTo certify",
    ]


def test_the_list_counts_what_it_shows_for_one_meeting_or_for_what_is_searched(house):
    officer = house.visitor(SCREENS)
    for asked, says in (
        ("", "3 awards"),
        ("?meeting=N1", "First round of negotiations: 3 awards"),
        ("?q=Fiji", "One award"),
        ("?q=Nobody", "Awards"),
    ):
        assert officer.open(f"/officers/awards{asked}").words("h1") == says


def test_for_one_meeting_the_list_stands_in_the_order_of_its_places(house):
    page = house.visitor("head").open("/officers/awards?meeting=N1")
    assert [row.split()[0] for row in rows(page)] == ["Hind", "Mele", "Kwame"]
    assert page.all("a", href="/officers/meetings/N1/certification")
    assert house.visitor(SCREENS).open("/officers/awards?meeting=N2").words("h2") == "No seat was proposed yet"


@pytest.mark.parametrize("typed", ["tayeb", "SUDAN", "soudan hind", "{reference}", "{seat}"])
def test_an_award_is_found_by_person_state_reference_and_seat(house, typed):
    words = typed.format(reference=house.things["hind"].lower(), seat=seat(house).lower())
    page = house.visitor(SCREENS).open("/officers/awards", query_string={"q": words})
    assert [row.split()[0] for row in rows(page)] == ["Hind"]


def test_a_claim_that_is_due_shows_how_many_days_are_left_and_how_late_it_is(house):
    until(house, j.attended)
    officer = house.visitor(PAYS)
    for day, said in ((6, "In 3 days"), (8, "In one day"), (9, "Today"), (12, "3 days late")):
        with house.on(datetime(2018, 3, day, 10, tzinfo=UTC)):
            assert rows(officer.open("/officers/awards?stage=travelled"))[0].endswith(f"The delegate claims {said}")


def test_the_list_needs_as_many_statements_for_thirty_awards_as_for_one(house):
    officer = house.visitor(SCREENS)
    done(house, j.accepted)
    one = statements(officer, f"/officers/awards?q={seat(house)}")
    desk = statements(house.known(CERTIFIES), "/officers/")
    many(house, 30)
    assert len(rows(officer.open("/officers/awards?q=e"))) == 25
    assert statements(officer, f"/officers/awards?q={seat(house)}") == one
    assert statements(officer, "/officers/awards?q=e") == one
    assert statements(house.known(CERTIFIES), "/officers/") == desk


# The desk


@pytest.mark.parametrize(
    ("last", "who", "said", "address"),
    [
        (j.accepted, CERTIFIES, "One award to certify: First round of negotiations", CERTIFICATION),
        (
            j.certified,
            APPROVES,
            "One award to approve: First round of negotiations",
            "/officers/awards?meeting=N1&stage=certified",
        ),
        (
            j.approved,
            SCREENS,
            "One journey to authorize: First round of negotiations",
            "/officers/awards?meeting=N1&stage=approved",
        ),
        (j.ticketed, PAYS, "One advance to pay: First round of negotiations", "/officers/payments"),
        (j.claimed, CERTIFIES, "One claim to settle: First round of negotiations", "/officers/claims"),
        (j.prepared, APPROVES, "One settlement to approve: First round of negotiations", "/officers/claims"),
    ],
)
def test_the_desk_says_what_waits_for_whom(house, last, who, said, address):
    until(house, last)
    with house.on(j.SETTLED):
        seen = {there: tasks(house.visitor(there).open("/officers/")) for there in (CERTIFIES, APPROVES, PAYS, SCREENS)}
    assert seen[who].get(said) == address
    assert said not in seen["paying officer" if who != PAYS else CERTIFIES]


def test_the_desk_does_not_send_an_officer_to_what_another_must_do(house):
    also(house, "Lise", "certifying")
    done(house, j.accepted)
    certified_page(house, house.visitor(APPROVES))
    assert "One award to approve: First round of negotiations" not in tasks(house.visitor(APPROVES).open("/officers/"))
