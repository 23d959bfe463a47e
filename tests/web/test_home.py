"""The first page: its seats in a half circle, its meetings on a line of time, and what comes next of each."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from math import atan2, hypot
from pathlib import Path

import pytest

from tests import journeys as j
from tests import seats
from tests.counting import counted
from tests.web.house import House, furnished_by, opened
from tests.web.test_every_url import _whole
from trustfund.core.lifecycle import AWARD_STAGES, SEATED
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.fund import calendar_on
from trustfund.web import public_home
from trustfund.web.public_meetings import entries
from trustfund.web.seats_drawn import MOST, Seats, half_circle
from trustfund.web.seats_drawn import seats as given
from trustfund.web.time_line import ROOM, time_line

APRIL = datetime(2017, 4, 10, 14, tzinfo=UTC)
JANUARY = datetime(2018, 1, 24, 14, tzinfo=UTC)


@pytest.fixture(scope="session")
def approved(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory):
    """At the first round Hind of Sudan and Mele of Fiji are approved; Kwame of Ghana has accepted."""
    return furnished_by(_furnish, sqlite_template, tmp_path_factory.mktemp("approved") / "instance", seats.AUTUMN)


def _furnish() -> dict[str, str]:
    j.fund()
    hind, mele, kwame = j.seated(*seats.THREE)
    for award in (hind, mele, kwame):
        j.accepted(award)
    j.quoted(mele, "1480.00")
    for step in (j.certified, j.approved):
        for award in (hind, mele):
            step(award)
    return {"hind": hind}


@pytest.fixture
def house(approved, tmp_path: Path):
    yield from opened(approved, tmp_path / "instance", j.APPROVED)


@pytest.fixture
def empty_house(sqlite_template: Path, tmp_path: Path):
    """A fund of which nothing is known but its mandate, four days after the resolution."""
    yield from opened((sqlite_template, {}), tmp_path / "instance", APRIL)


def findings(page):
    """What the figures of a page say to who does not see them, in their order."""
    return re.findall(r"<title>(.*?)</title>", page.text)[1:]


def caption(page):
    return page.all("figcaption")[0]["text"]


def points(drawn):
    paths = "".join(path for _, path in drawn.dots)
    return [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h0", paths)] + list(drawn.free)


def dots(drawn):
    return {colour: path.count("h0") for colour, path in drawn.dots}


# The seats


def test_every_dot_is_a_seat_that_was_approved_in_the_colour_of_its_category(house: House):
    page = house.visitor().open("/")
    _whole(page)
    assert findings(page)[0] == (
        "2 seats awarded so far. 1 to least developed countries, 1 to landlocked or small island States, "
        "0 to other developing countries"
    )
    assert [path["class"] for path in page.all("path")] == ["f1", "f2"]
    assert "2 delegates travelled or are about to." in caption(page)
    assert "A dot is a seat approved for one meeting." in caption(page)


@pytest.mark.parametrize("stage", AWARD_STAGES)
def test_a_seat_is_counted_from_its_approval_unless_it_was_cancelled_or_nobody_came(house: House, stage):
    with house.at_work():
        hind = db.session.query(Award).filter_by(reference=house.things["hind"]).one()
        hind.stage, hind.resumes = stage, None
        db.session.flush()
        assert given().all == (2 if stage in SEATED and stage != "no-show" else 1)


def test_a_seat_that_is_certified_again_after_its_approval_is_still_counted(house: House):
    with house.at_work():
        hind = db.session.query(Award).filter_by(reference=house.things["hind"]).one()
        hind.stage, hind.resumes = "certified", "ticketed"
        db.session.flush()
        assert (given().all, given().made) == (2, 0)


def test_the_seats_are_counted_in_one_statement(house: House):
    with house.at_work():
        given()
        with counted() as sent:
            given()
    assert len(sent) == 1


def test_a_fund_without_seats_shows_five_free_places_and_says_when_the_first_are_given(empty_house: House):
    page = empty_house.visitor().open("/")
    _whole(page)
    assert findings(page)[0] == "No seat is awarded yet"
    assert caption(page) == (
        "No seat is awarded yet. First thematic session: the first seats are given on 3 May 2017, "
        "and each will stand here as a dot."
    )
    assert len(half_circle((0, 0, 0)).free) == 5
    assert not page.all("path")


def test_where_seats_are_proposed_and_none_is_approved_the_page_says_so(quiet_house: House):
    assert caption(quiet_house.known("nobody").open("/")) == (
        "No seat is awarded yet. First round of negotiations: seats are proposed, "
        "and each stands here from the day it is approved."
    )


@pytest.mark.parametrize(
    ("groups", "each", "drawn"),
    [
        ((1, 0, 0), 1, {"f1": 1}),
        ((3, 2, 2), 1, {"f1": 3, "f2": 2, "f3": 2}),
        ((101, 39, 28), 1, {"f1": 101, "f2": 39, "f3": 28}),
        ((200, 60, 40), 1, {"f1": 200, "f2": 60, "f3": 40}),
        ((200, 60, 41), 2, {"f1": 100, "f2": 30, "f3": 21}),
        ((3000, 1500, 500), 20, {"f1": 150, "f2": 75, "f3": 25}),
        ((0, 4999, 1), 20, {"f2": 250, "f3": 1}),
    ],
)
def test_a_dot_stands_for_one_seat_until_they_are_too_many(groups, each, drawn):
    figure = half_circle(groups)
    assert (figure.each, dots(figure)) == (each, drawn)


@pytest.mark.parametrize("seats", [*range(41), 100, 200, 300, 301, 5000])
def test_no_dot_covers_another_or_leaves_the_figure(seats):
    figure = half_circle((seats, 0, 0))
    where = points(figure)
    assert 5 <= len(where) <= MOST + 2
    for n, (x, y) in enumerate(where):
        assert figure.size / 2 < x < 520 - figure.size / 2
        assert figure.size / 2 < y < 264 - figure.size / 2 + 1
        assert all(hypot(x - a, y - b) >= figure.size for a, b in where[:n])


def test_the_groups_stand_side_by_side_from_the_left():
    groups = [re.findall(r"M(\d+) (\d+)h0", path) for _, path in half_circle((60, 30, 10)).dots]
    angles = [[atan2(252 - int(y), 260 - int(x)) for x, y in group] for group in groups]
    assert all(max(left) < min(right) + 0.01 for left, right in pairwise(angles))


def test_the_page_says_for_how_many_seats_a_dot_stands_and_stays_light(house: House, monkeypatch):
    many = Seats({("T1", "LDC", "closed"): 3000, ("T2", "self-financing", "ticketed"): 2000})
    monkeypatch.setattr(public_home, "seats", lambda: many)
    page = house.visitor().open("/")
    assert "A dot stands for 20 seats" in caption(page)
    assert "2,000 other developing" in caption(page)
    assert "3,000 journeys made" in page.words("td")
    assert len(page.data) < 20_000
    assert sum(len(path["d"]) for path in page.all("path")) < 3_000


# The meetings


@pytest.fixture
def line(house: House):
    """The line of time as it is drawn on a day."""

    def drawn(instant):
        with house.app.test_request_context():
            return time_line(calendar_on(db.session(), instant.date()).phases, entries(instant), instant.date())

    return drawn


def test_the_line_of_time_says_what_it_shows(house: House):
    with house.on(JANUARY):
        page = house.visitor().open("/")
    assert findings(page)[-1] == (
        "19 meetings, 8 May 2017 to 11 December 2018. Today is 24 January 2018. Calls are open for N2 and N3."
    )


def test_every_meeting_has_a_mark_by_its_stage_in_order(line):
    marks = line(JANUARY).marks
    assert [a.x <= b.x for a, b in pairwise(marks)] == [True] * 18
    colours = {mark.code: mark.colour for mark in marks}
    assert [colours[code] for code in ("T1", "N1", "N2", "N4", "C")] == ["f1", "f2", "f4", "f0", "f0"]


def test_marks_that_would_stand_upon_each_other_stand_below_the_longer_meeting_above(line):
    drawn = line(JANUARY)
    for lane in range(drawn.lanes):
        places = [mark.x for mark in drawn.marks if mark.lane == lane]
        assert all(b - a >= ROOM for a, b in pairwise(places))
    lanes = {mark.code: mark.lane for mark in drawn.marks}
    assert (lanes["N1"], lanes["H4"], lanes["P2"], lanes["H3"]) == (0, 1, 0, 1)


def test_a_phase_whose_meeting_was_moved_out_of_it_stands_where_the_meeting_is(line):
    drawn = line(JANUARY)
    phase, mark = drawn.phases[-1], drawn.marks[-1]
    assert (phase.name, mark.code) == ("Intergovernmental conference", "C")
    assert phase.x == mark.x
    assert phase.from_its_end


@pytest.mark.parametrize(
    ("day", "there"), [(date(2017, 3, 1), False), (date(2018, 1, 24), True), (date(2019, 5, 1), False)]
)
def test_today_stands_on_the_line_while_it_lies_on_it(line, day, there):
    drawn = line(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    assert (drawn.today is not None) is there
    assert all(0 <= x <= 100 for x in (drawn.today or 0, *(mark.x for mark in drawn.marks)))


def next_of(page, code):
    row = next(
        row for row in page.all("tr") if re.search(rf"\s{code}\b|\b{code}(?=New York|Geneva|Marrakech)", row["text"])
    )
    return row["text"]


@pytest.mark.parametrize(
    ("code", "next_step"),
    [
        ("T1", "No seats"),
        ("N1", "Who travels"),
        ("N2", "Apply until 26 January 2018"),
        ("N4", "Call opens 13 February 2018"),
        ("H4", "Seats given on 24 January 2018"),
    ],
)
def test_the_table_says_what_is_next_of_each_meeting(house: House, code, next_step):
    with house.on(JANUARY):
        assert next_of(house.visitor().open("/"), code).endswith(next_step)


def test_of_a_meeting_that_was_held_the_table_says_how_many_seats_it_had(house: House):
    with house.on(datetime(2018, 3, 1, tzinfo=UTC)):
        page = house.visitor().open("/")
    assert next_of(page, "N1").endswith("2 seats")
    assert page.all("a", href="/selections/N1")


def test_delegates_come_first_and_need_no_account_to_see_the_calls(empty_house: House):
    page = empty_house.visitor().open("/")
    first = page.all("a", **{"class": "btn gold"})[0]
    assert (first["text"], first["href"]) == ("I am a delegate", "/meetings")
    assert page.words("h3").startswith("Agreed, not yet received Delegates Donors")
