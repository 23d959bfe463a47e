"""A whole meeting at once: certified or confirmed by its ticks, the exceptions apart."""

from pathlib import Path

import pytest

from tests import journeys as j
from tests.web.awarded import ATTENDANCE, CERTIFICATION, award, colleague, disabled, done, many, rows, seat, until
from tests.web.counting import statements
from tests.web.house import APPROVES, CERTIFIES, SCREENS, opened


@pytest.fixture
def house(proposed, tmp_path: Path):
    """Their house, on the day after the seats were proposed."""
    yield from opened(proposed, tmp_path / "instance", j.OFFERED)


def bulk(house, visitor, page, *without):
    """Send a list, some of its ticks taken out."""
    _, fields = page.form()
    ticked = [box["value"] for box in page.all("input", name="awards") if "checked" in box]
    fields["awards"] = [line for line in ticked if line.split()[0] not in {house.things[who] for who in without}]
    return visitor.open(page.path, method="POST", data=fields)


@pytest.fixture
def all_accepted(house):
    for who in ("hind", "mele", "kwame"):
        done(house, j.accepted, who)
    return house


def stages(house):
    return [award(house, who)[0] for who in ("hind", "mele", "kwame")]


def test_a_meeting_is_certified_at_once_and_the_exception_stands_apart_with_its_reason(all_accepted):
    house = all_accepted
    rafael, before = house.visitor(CERTIFIES), house.events()
    page = rafael.open(CERTIFICATION)
    assert page.words("h1") == "2 awards can be certified"
    assert "Certify 2 awards, 6,639.88 USD" in page.words("button")
    assert rows(page)[-1] == (
        f"Mele Losa {seat(house, 'mele')}FijiA fare above 1,500.00 needs two quotes; there are 0. "
        "Record another quote first."
    )
    assert bulk(house, rafael, page).location == "/officers/awards?meeting=N1"
    assert stages(house) == ["certified", "accepted", "certified"]
    assert house.events() == before + 2
    assert rafael.open(CERTIFICATION).words("h1") == "No award waits for certification"


def test_the_certification_of_a_meeting_needs_as_many_statements_for_thirty_as_for_two(all_accepted):
    house = all_accepted
    rafael = house.visitor(CERTIFIES)
    few = statements(rafael, CERTIFICATION)
    many(house, 30)
    assert rafael.open(CERTIFICATION).words("h1") == "32 awards can be certified"
    assert statements(rafael, CERTIFICATION) == few


def test_another_choice_than_the_button_named_is_counted_anew_before_it_is_done(all_accepted):
    house = all_accepted
    rafael, before = house.visitor(CERTIFIES), house.events()
    page = bulk(house, rafael, rafael.open(CERTIFICATION), "kwame")
    assert page.status == 200
    assert "Nothing is certified yet." in page.words("p")
    assert "Certify one award, 3,150.44 USD" in page.words("button")
    assert house.events() == before
    assert bulk(house, rafael, page).status == 302
    assert stages(house) == ["certified", "accepted", "accepted"]


def test_after_a_fault_nothing_is_certified_and_the_ticks_are_kept(all_accepted):
    house = all_accepted
    rafael = house.visitor(CERTIFIES)
    page = bulk(house, rafael, rafael.open(CERTIFICATION), "kwame")
    done(house, j.quoted, amount="1300.00")
    answer = bulk(house, rafael, page)
    assert (answer.status, stages(house)) == (409, ["accepted"] * 3)
    assert "This award has changed since you opened the page" in answer.refusal
    assert ["checked" in box for box in answer.all("input", name="awards")] == [True, False]
    assert bulk(house, rafael, answer).status == 302
    assert stages(house) == ["certified", "accepted", "accepted"]


def test_a_list_without_a_tick_asks_for_one(all_accepted):
    house = all_accepted
    rafael = house.visitor(CERTIFIES)
    page = bulk(house, rafael, rafael.open(CERTIFICATION), "hind", "kwame")
    assert (page.status, list(page.problems.values())) == (422, ["Tick at least one award."])


def test_what_another_must_certify_stands_among_the_exceptions(all_accepted):
    house = all_accepted
    omar = colleague(house, "Omar", "certifying", state="SDN")
    page = omar.open(CERTIFICATION)
    assert page.words("h1") == "One award can be certified"
    assert "This award is for a delegate of your own State" in rows(page)[-1]


def test_who_does_not_certify_reads_the_list_and_is_refused(all_accepted):
    house = all_accepted
    lise = house.visitor(APPROVES)
    page = lise.open(CERTIFICATION)
    assert disabled(page) == ["Certify 2 awards, 6,639.88 USD"]
    answer = bulk(house, lise, page)
    assert (answer.status, stages(house)) == (403, ["accepted"] * 3)
    assert "You have no designation in force today for this." in answer.refusal


def test_the_attendance_is_confirmed_from_the_first_day_on(house):
    until(house, j.ticketed)
    until(house, j.ticketed, "kwame")
    ines = house.visitor(SCREENS)
    page = ines.open(ATTENDANCE)
    assert page.words("h1") == "2 delegates have a ticket"
    assert not page.all("input", name="awards")
    with house.on(j.FIRST_DAY):
        page = bulk(house, ines, ines.open(ATTENDANCE), "kwame")
        assert "Nothing is confirmed yet." in page.words("p")
        assert bulk(house, ines, page).status == 302
    assert stages(house) == ["travelled", "proposed", "ticketed"]
