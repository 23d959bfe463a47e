"""A delegate claims after the journey: reckoned before it is sent, with files that stay."""

from datetime import UTC, datetime

import pytest

from tests import journeys as j
from tests import seats
from tests.web.travelling import REPORT, claimed, picture, sent, upload
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.operations import claims
from trustfund.operations.assessment import nominated

OVERDUE = datetime(2018, 3, 20, 10, tzinfo=UTC)


# The claim


def test_before_the_journey_the_claim_says_when_it_opens(house, seat):
    page = seat.open("/claim")
    assert page.words("h1") == "The claim comes after the journey"
    assert not [f for f in page.seen.forms if f["in main"]]


def test_the_claim_comes_filled_in_with_the_award(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    fields = seat.open("/claim").form()[1]
    arrival = [fields[f"arrived_on-{part}"] for part in ("day", "month", "year")]
    departure = [fields[f"left_on-{part}"] for part in ("day", "month", "year")]
    assert (arrival, departure, fields["trips"], fields["visa"]) == (
        ["19", "2", "2018"],
        ["23", "2", "2018"],
        "4",
        "",
    )
    assert len(seat.open("/claim").all("input", type="checkbox")) == 4 * 4


def test_the_claim_is_reckoned_before_it_is_sent(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    before = house.events()
    check = claimed(seat, trips="2", **{"given-2018-02-20": "lunch"})
    assert check.words("h1").replace("\xa0", " ") == "By this claim you owe the fund 122.08 USD"
    assert "1,615.92" in check.words("td")
    assert "−1,738.00" in check.words("td")
    assert "factor 1.00; less 12 per cent for lunch on 20 February 2018, given by others" in check.words("td")
    assert house.events() == before
    done = seat.person.send(check, step="send", declared="y")
    assert done.location == seat.at
    with house.at_work():
        kept = claims.claim_of(db.session(), j.award(seat.reference))
        assert (kept.trips, kept.given, kept.report) == (2, '{"2018-02-20":["lunch"]}', REPORT)
        j.prepared(seat.reference)
        assert j.settlements.prepared(db.session(), j.award(seat.reference)).balance == -12208
    assert house.faults() == []


def test_a_change_after_reckoning_comes_back_filled_in(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    check = claimed(seat, trips="3", visa="160.00", message="One pass was lost.", **{"given-2018-02-21": "dinner"})
    assert "One trip in Khartoum at 38.00, the rate of 23 February 2018" in check.words("td")
    page = seat.person.send(check, step="change")
    fields = page.form()[1]
    assert (page.status, fields["trips"], fields["visa"], fields["given-2018-02-21"]) == (200, "3", "160.00", "dinner")
    assert REPORT in page.all("textarea", name="report")[0]["text"]
    assert "One pass was lost." in page.all("textarea", name="message")[0]["text"]


def test_a_claim_is_declared_to_be_true(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    again = seat.person.send(claimed(seat), step="send")
    assert (again.status, list(again.problems)) == (422, ["declared"])
    assert seat.award.stage == "travelled"
    assert seat.person.send(again, step="send", declared="y").location == seat.at


def test_sending_twice_is_one_claim(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    check, before = claimed(seat), house.events()
    assert {seat.person.send(check, step="send", declared="y").location for _ in range(2)} == {seat.at}
    assert house.events() == before + 1


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"report": ""}, "report", "Write the short report of the meeting"),
        ({"report": "x" * 4001}, "report", "This has more than 4000 characters."),
        ({"message": "x" * 2001}, "message", "This has more than 2000 characters."),
        ({"visa": "a hundred"}, "visa", "“a hundred” is not an amount."),
        ({"left_on__day": "18"}, "left_on-day", "The day of departure lies before the day of arrival."),
        ({"left_on__year": "2019"}, "left_on-day", "23 February 2019 lies ahead."),
        ({"arrived_on__day": "31"}, "arrived_on-day", "This is not a date."),
        ({"trips": "5"}, "trips", "Choose one of those offered."),
    ],
)
def test_a_mistake_in_the_claim_comes_to_its_field_and_everything_typed_stays(house, seat, typed, field, says):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    page = claimed(seat, **typed)
    assert page.status == 422
    assert list(page.problems) == [field]
    assert says in page.problems[field]
    if field != "report":
        assert REPORT in page.all("textarea", name="report")[0]["text"]


def test_a_claim_that_comes_back_shows_what_was_asked_and_what_was_sent(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    assert sent(seat, trips="3", visa="160.00", **{"given-2018-02-21": "dinner"}).location == seat.at
    with house.at_work():
        j._do(claims.send_back, seat.reference, seats.who("Ines"), j.BACK, reason="Where is the receipt of the visa?")
    page = seat.open("/claim")
    assert "Where is the receipt of the visa?" in page.words("bdi")
    fields = page.form()[1]
    assert (fields["trips"], fields["visa"], fields["given-2018-02-21"]) == ("3", "160.00", "dinner")
    assert REPORT in page.all("textarea", name="report")[0]["text"]
    assert "The fund asks you about your claim" in seat.person.open("/delegates/").words("h2")
    assert sent(seat).location == seat.at
    with house.at_work():
        assert claims.claim_of(db.session(), j.award(seat.reference)).number == 2
    assert house.faults() == []


def test_an_overdue_claim_is_said_to_be_so(house, seat):
    seat.until(j.attended)
    house.stands_at(OVERDUE)
    assert "Your claim was due on 9 March 2018" in seat.person.open("/delegates/").words("h2")
    assert sent(seat).location == seat.at


# Its files


def test_files_are_kept_while_the_page_is_filled_in_and_what_was_typed_stays(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    page = upload(seat, boarding_pass=picture(), receipt=picture())
    assert page.status == 200
    assert not page.problems
    assert REPORT in page.all("textarea", name="report")[0]["text"]
    assert [a["text"] for a in page.all("a") if "/documents/" in a["href"]] == ["boarding_pass.png", "receipt.png"]
    with house.at_work():
        kept = db.session.query(Document).filter(Document.kind != "note-verbale").order_by(Document.id).all()
        assert [one.kind for one in kept] == ["boarding-pass", "receipt"]
        first = kept[0].reference
        assert kept[0].application_id == j.award(seat.reference).application_id
    removed = seat.person.send(page, step=f"remove {first}")
    assert [a["text"] for a in removed.all("a") if "/documents/" in a["href"]] == ["receipt.png"]


def test_a_file_that_is_none_is_refused_at_its_field_and_what_was_typed_stays(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    page = upload(seat, receipt=b"no picture")
    assert (page.status, list(page.problems)) == (422, ["receipt"])
    assert "is not a PDF, JPEG or PNG" in page.problems["receipt"]
    large = upload(seat, boarding_pass=b"x" * (6 * 1024 * 1024 + 1))
    assert (large.status, list(large.problems)) == (422, ["boarding_pass"])
    assert REPORT in large.all("textarea", name="report")[0]["text"]


def test_a_claim_has_at_most_ten_files(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    for _ in range(5):
        page = upload(seat, boarding_pass=picture(), receipt=picture())
    assert not page.all("input", type="file")
    eleventh = upload(seat, boarding_pass=picture())
    assert "A claim has at most 10 files." in eleventh.problems["boarding_pass"]


def test_files_go_to_their_owner_and_to_officers_and_stay_once_they_were_sent(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    (file,) = [a["href"] for a in upload(seat, receipt=picture()).all("a") if "/documents/" in a["href"]]
    mine = seat.person.open(file)
    assert (mine.status, mine.type) == (200, "image/png")
    assert mine.headers["Content-Disposition"].startswith("attachment")
    assert Visitor(house.app, "mele@example.org").open(file).status == 404
    reference = file.rpartition("/")[2]
    assert house.visitor("screening officer").open(f"/officers/documents/{reference}").status == 200
    assert sent(seat).location == seat.at
    house.stands_at(j.SETTLED)
    with house.at_work():
        j._do(claims.send_back, seat.reference, seats.who("Ines"), j.SETTLED, reason="One more question.")
    page = seat.open("/claim")
    assert "sent already" in page.text
    again = seat.person.send(page, step=f"remove {reference}")
    assert [a["href"] for a in again.all("a") if "/documents/" in a["href"]] == [file]
    assert house.faults() == []


def test_a_receipt_is_no_note_verbale(house, seat):
    seat.until(j.attended)
    house.stands_at(j.BACK)
    upload(seat, receipt=picture())
    with house.at_work():
        application = j.award(seat.reference).application
        assert [one.kind for one in application.documents] == ["note-verbale"]
        application.note_to_follow = False
        assert nominated(application, application.documents, j.BACK, 5)
        db.session.query(Document).filter(Document.kind == "note-verbale").delete()
        db.session.expire(application)
        assert not nominated(application, application.documents, j.BACK, 5)
        db.session.rollback()
