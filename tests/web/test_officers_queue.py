"""The officers' queue: filters and what they found; beside one application its doubles and the notes of officers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.conftest import NOW
from tests.web.house import PAYS
from tests.web.test_screening import SCREENS, delegate, sent
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import applications, assessment, people
from trustfund.operations.meetings import frames_on
from trustfund.web import applications_sought

QUEUE = "/officers/applications"


@pytest.fixture
def three(house):
    """Amna of Sudan; Bikash of Nepal who lacks a position; Chanda of Zambia, complete after the deadline."""
    sent(house)
    sent(
        house, by=delegate(house, "Bikash Gurung"), given_names="Bikash", state="NPL", position="", note_to_follow=True
    )
    late = NOW + timedelta(days=4)
    sent(house, at=late, by=delegate(house, "Chanda Mwale"), given_names="Chanda", state="ZMB")
    return house.visitor(SCREENS)


FOUND = {
    "state=NPL": ["Bikash"],
    "file=complete": ["Amna"],
    "file=late": ["Chanda"],
    "file=lacks": ["Bikash"],
    "documents=note-verbale": ["Chanda", "Bikash", "Amna"],
    "documents=no-note-verbale": [],
    "state=SDN&documents=no-passport": ["Amna"],
    "documents=passport": [],
    "file=lacks&q=sudan": [],
}
SAID = {0: "No application is like this", 1: "One application is like this.", 3: "3 applications are like this."}


def test_a_filter_finds_its_files_says_how_many_and_stays_chosen(three):
    for asked, names in FOUND.items():
        page = three.open(f"{QUEUE}?{asked}")
        assert [row["text"].split()[0] for row in page.all("th", scope="row")] == names, asked
        assert SAID[len(names)] in page.text
        chosen = [part.partition("=")[2] for part in asked.split("&") if not part.startswith("q=")]
        assert [option["value"] for option in page.all("option") if "selected" in option] == chosen


def test_late_files_are_found_by_the_index_of_their_meeting(house):
    with house.at_work():
        late = applications_sought.with_file("late", frames_on(db.session(), NOW.date()), NOW)
        asked = select(Application.id).where(late).compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
        assert any("ix_application_meeting_completed_at (meeting=? AND completed_at>?)" in row[3] for row in plan)


def test_what_the_filter_says_of_a_file_is_what_its_line_says(house, three):
    """Also of a note verbale that was promised and whose days are over."""
    with house.at_work():
        omer = delegate(house, "Omer Saleh")
        b.application(omer, given_names="Omer", note_to_follow=True)
    for days, lacking in ((0, {"Bikash"}), (6, {"Bikash", "Omer"})):
        with house.at_work(), b.standing_at(NOW + timedelta(days=days)):
            rows = three.open(f"{QUEUE}?file=lacks").all("th", scope="row")
            shown = three.open(QUEUE).all("tr")
        assert {row["text"].split()[0] for row in rows} == lacking
        assert {row["text"].split()[0] for row in shown if "Not complete" in row["text"]} == lacking


def test_every_part_of_a_complete_file_can_be_asked_of_the_database():
    for column, _ in assessment.NEEDED:
        assert applications_sought._empty(column) is not None


def test_whom_an_application_looks_like_is_told_with_the_reasons_and_a_link(house):
    first = sent(house)
    second = sent(house, by=delegate(house, "A. Tayeb"), given_names="ELTAYEB", family_name="Aamna")
    page = house.visitor(SCREENS).open(second)
    said = page.words("section", **{"aria-labelledby": "doubles"})
    assert "This looks like one other application" in said
    assert "Amna Eltayeb, Sudan" in said
    for reason in (
        "Probably the same person.",
        "The name is the same in another spelling, in another order or in part.",
        "The date of birth is the same.",
        "The State is the same.",
        "Both ask for the same meeting, N2.",
    ):
        assert reason in said
    assert page.all("a", href=first)
    with house.at_work():
        reference = first.rpartition("/")[2]
        seen = db.session.scalar(select(Application.seq).where(Application.reference == reference))
        amna = people.account_of("amna@example.org").reference
        with b.standing_at(NOW):
            applications.withdraw(reference, seen=seen, by=amna, at=NOW)
    assert "looks like" not in house.visitor(SCREENS).open(second).text


def test_two_that_look_alike_are_judged_two_persons_and_compared_again(house):
    first, ines = sent(house), house.visitor(SCREENS)
    second = sent(house, by=delegate(house, "A. Tayeb"), given_names="ELTAYEB", family_name="Aamna")
    one, two = (path.rpartition("/")[2] for path in (first, second))
    pair = f"{first}/doubles/{two}"
    assert ines.open(first).all("a", href=pair)
    assert ines.send(ines.open(pair)).problems == {"reason-0": "Choose one of those offered."}
    assert house.visitor(PAYS).open(pair).words("p", id="why") == "This is for an officer designated for screening."
    page = ines.open(ines.send(ines.open(pair), reason="relatives").location)
    assert "looks like" not in page.text
    assert page.words("summary").startswith("One other is judged not the same person")
    assert "Ines Okafor, 24 January 2018" in page.words("details", **{"class": "small"})
    back = ines.open(f"{second}/doubles/{one}")
    assert "are judged to be two persons" in back.words("h1")
    assert "looks like" in ines.open(ines.send(back).location).text
    assert house.faults() == []


def test_a_note_is_written_read_by_officers_and_on_no_page_of_the_applicant(house):
    path, officer = sent(house), house.visitor(SCREENS)
    empty = officer.fill(path, "/notes", words=" ")
    assert (empty.status, empty.problems) == (422, {"note-words": "Write the note."})
    assert empty.title.startswith("Error:")
    assert officer.send(empty, "/notes", words="The mission telephoned.").status == 302
    assert house.visitor("head").fill(path, "/notes", words="Seen <b>today</b>.").status == 302
    page = officer.open(path)
    assert [q["text"] for q in page.all("q")] == ["Seen <b>today</b>.", "The mission telephoned."]
    assert "Ines Okafor" in page.words("p")
    assert page.words("h1") == "Amna Eltayeb, Sudan"
    own = house.visitor("delegate").open(f"/delegates/applications/{path.rpartition('/')[2]}")
    assert own.status == 200
    assert "telephoned" not in own.text
    assert "Note written" not in own.text
    jonas = house.visitor("officer without designation").open(path)
    assert jonas.words("p", id="why-note").startswith("This is for an officer designated for")


def test_the_passport_number_is_masked_and_each_document_says_its_kind(house):
    path = sent(house)
    with house.at_work():
        one = db.session.scalars(select(Application)).unique().one()
        one.passport_masked, one.telephone, one.others_pay = "•••• 4711", "+249 912 34", "The AU pays the hotel"
        db.session.commit()
    page = house.visitor(SCREENS).open(path)
    for said in ("•••• 4711", "+249 912 34", "The AU pays the hotel"):
        assert said in page.words("dl")
    assert "Note verbale" in page.words("strong")
