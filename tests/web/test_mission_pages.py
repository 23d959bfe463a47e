"""The mission of Nepal nominates Bikash, sends one note verbale, gives the order and takes its word back."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.conftest import NOW
from tests.services.test_documents import note_verbale
from tests.web.counting import statements
from tests.web.house import WHO
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import people, screening

BIKASH = {
    "given_names": "Bikash",
    "family_name": "Gurung",
    "email": "bikash@example.org",
    "position": "Under Secretary",
    "order": "1",
    "language": "fr",
}


@pytest.fixture
def nepal(house):
    return house.visitor("mission")


@pytest.fixture
def bikash(nepal):
    """The address of his application, as the mission has it."""
    return nepal.fill("/missions/meetings/N2/nomination", **BIKASH).location


def sunita(house):
    """A delegate of Nepal who applied alone: the reference of what she sent."""
    with house.at_work():
        own = b.application(
            b.account("delegate", "Sunita Rai", state="NPL"),
            given_names="Sunita",
            family_name="Rai",
            state="NPL",
            note_verbale="",
            note_verbale_date=None,
            note_to_follow=False,
        )
        db.session.remove()
    return own


def kept(house, reference):
    with house.at_work():
        return db.session.query(Application).filter_by(reference=reference.rpartition("/")[2]).one()


def send_note(visitor, *who, content=None, **typed):
    action, fields = visitor.open("/missions/meetings/N2/note-verbale").form()
    day = {"day-day": "20", "day-month": "1", "day-year": "2018"}
    fields = {**fields, "note": "NV/7", "comes": "now", **day, **typed, "who": list(who)}
    if content is not None:
        fields["file"] = FileStorage(BytesIO(content), "note.pdf")
    boundary, body = encode_multipart(fields)
    return visitor.open(action, method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_mission_nominates_and_its_desk_says_what_waits(house, nepal, bikash):
    page = nepal.open(bikash)
    assert page.words("h1") == "Bikash Gurung"
    assert "Attach the note verbale" in page.words("main")
    assert nepal.open("/missions/").words("h1") == "One application waits for you"
    assert (kept(house, bikash).language, kept(house, bikash).government_order) == ("fr", 1)


def test_a_nomination_with_mistakes_comes_back_as_it_was_typed(nepal):
    page = nepal.fill("/missions/meetings/N2/nomination", **BIKASH | {"email": "bikash", "order": "first"})
    assert page.status == 422
    assert {"email", "order"} <= {*page.problems}
    assert page.form()[1]["family_name"] == "Gurung"


def test_one_file_serves_two_delegates_and_completes_what_lacked_only_the_note(house, nepal, bikash):
    own, draft = sunita(house), bikash.rpartition("/")[2]
    assert send_note(nepal, own, draft, content=note_verbale()).location == "/missions/applications?meeting=N2"
    assert kept(house, own).completed_at is not None
    assert [kept(house, one).note_verbale for one in (own, draft)] == ["NV/7", "NV/7"]
    assert house.faults() == []


def test_a_note_without_persons_file_or_date_is_told_at_each_field(nepal, bikash):
    page = send_note(nepal, note="", **{"day-day": "", "day-month": "", "day-year": ""})
    assert page.status == 422
    assert {"who", "note", "day-day"} <= {*page.problems}
    assert "Choose the file" in send_note(nepal, bikash.rpartition("/")[2]).words("main")


def test_a_note_that_follows_keeps_the_place(house, nepal):
    own = sunita(house)
    assert send_note(nepal, own, comes="later").status == 302
    assert kept(house, own).completed_at is not None
    assert "Send the note verbale until 29 January 2018" in nepal.open(f"/missions/applications/{own}").words("main")


def test_the_order_of_two_delegates_is_given_and_a_second_first_is_refused(house, nepal, bikash):
    own, draft = sunita(house), bikash.rpartition("/")[2]
    twice = nepal.fill("/missions/meetings/N2/order", **{f"order-{own}": "1", f"order-{draft}": "1"})
    assert "the same place" in twice.refusal
    assert nepal.fill("/missions/meetings/N2/order", **{f"order-{own}": "1", f"order-{draft}": "2"}).status == 302
    assert [kept(house, one).government_order for one in (own, draft)] == [1, 2]


def test_the_word_is_taken_back_on_a_page_of_its_own_and_given_again(house, nepal):
    own = sunita(house)
    at = f"/missions/applications/{own}"
    assert nepal.fill(at, "/endorsement").location == at
    assert kept(house, own).endorsed is True
    assert nepal.fill(f"{at}/endorsement/withdrawal").location == at
    assert "Not nominated any more" in nepal.open(at).words("main")
    assert "taken its nomination" in house.visitor("screening officer").open(f"/officers/applications/{own}").words(
        "main"
    )


def test_a_proposed_refusal_is_answered_and_the_officer_reads_it(house, nepal):
    own = sunita(house)
    with house.at_work():
        screening.propose_refusal(
            own,
            seen=kept(house, own).seq,
            codes=["nominated-by-government"],
            words="No note verbale.",
            by=house.things["ines"],
            at=NOW,
        )
        db.session.remove()
    at = f"/missions/applications/{own}"
    assert nepal.fill(at, "/answer", words="").problems == {"answer-words": "Write your answer."}
    assert nepal.fill(at, "/answer", words="It is on its way.").location == at
    assert "It is on its way." in house.visitor("certifying officer").open(f"/officers/applications/{own}").words(
        "main"
    )


def test_what_is_of_another_state_or_only_drafted_is_not_here(house, nepal):
    with house.at_work():
        draft = b.application(house.things["amna"], sent=False)
        db.session.remove()
    for path in ("", "/endorsement/withdrawal", "/replacement"):
        assert nepal.open(f"/missions/applications/{draft}{path}").status == 404


def test_a_focal_point_names_the_next(nepal):
    page = nepal.fill("/missions/focal-points", name="Next Person", email="next@example.org", language="en")
    assert page.location == "/missions/focal-points"
    assert nepal.open("/missions/focal-points").words("h1") == "2 persons speak for your State"


def test_lists_ask_the_database_as_often_for_many_as_for_one(nepal, bikash):
    one = [statements(nepal, path) for path in ("/missions/", "/missions/applications")]
    for n in range(4):
        nepal.fill("/missions/meetings/N2/nomination", **BIKASH | {"email": f"d{n}@example.org", "order": ""})
    assert [statements(nepal, path) for path in ("/missions/", "/missions/applications")] == one


def test_an_administrator_sees_who_named_a_focal_point_and_ends_it(house, nepal):
    nepal.fill("/missions/focal-points", name="Next Person", email="next@example.org", language="en")
    dele = house.visitor("administrator")
    with house.at_work():
        by, named = (people.account_of(f"{one}@example.org").reference for one in (WHO["mission"], "next"))
    page = dele.open(f"/administrators/accounts/{named}")
    assert "Named by the mission" in page.words("dt")
    assert page.all("a", href=f"/administrators/accounts/{by}")
    assert dele.fill(f"/administrators/accounts/{named}", "/end").status == 302
    assert nepal.open("/missions/focal-points").words("h1") == "One person speaks for your State"
    assert "Named by the mission" not in dele.open(f"/administrators/accounts/{by}").words("dt")


def test_a_mission_takes_the_papers_of_an_application_from_its_page(house, nepal):
    own = sunita(house)
    at = f"/missions/applications/{own}"
    assert [link["text"] for link in nepal.open(at).all("a") if link["href"].endswith(".pdf")] == ["Confirmation (PDF)"]
    assert nepal.open(f"{at}/confirmation.pdf").status == 200
    assert nepal.open(f"{at}/letter.pdf").status == 404


def test_a_mission_asks_that_another_delegate_takes_a_seat(house, nepal):
    with house.at_work():
        seats.paid_in("60000.00", at=b.AT, bank="NO-1")
        _, (public,) = seats.decided_by_two([("Bikash Thapa", "NPL")], "40000.00")
        seat = j.of_seat(public).application.reference
        comes = seats.delegate("Sunita Rai", "NPL", at=seats.THE_DAY, accepted=False)
        db.session.remove()
    house.stands_at(seats.THE_DAY)
    at = f"/missions/applications/{seat}"
    page = nepal.open(at)
    assert page.all("a", href=f"{at}/replacement")
    assert [link["text"] for link in page.all("a") if link["href"].endswith("letter.pdf")]
    assert nepal.fill(f"{at}/replacement", successor="").problems
    assert nepal.fill(f"{at}/replacement", successor=comes).location == at
    (asked,) = [said for said in nepal.open(at).all("strong") if "for a replacement by" in said["text"]]
    assert comes in asked["text"]
    assert house.faults() == []
