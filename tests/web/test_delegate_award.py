"""A delegate answers the offer of a seat, says where to be paid, claims, and reads what came of it."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.web.counting import statements
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.operations import claims, debts, offers, people, proposals, record
from trustfund.operations.assessment import nominated

OFFERED = datetime(2018, 1, 25, 10, tzinfo=UTC)
LAST_MOMENT = datetime(2018, 2, 3, 23, 59, 59, tzinfo=UTC)
TOO_LATE = datetime(2018, 2, 4, 0, 0, 1, tzinfo=UTC)
OVERDUE = datetime(2018, 3, 20, 10, tzinfo=UTC)
BANK = {
    "holder": "Amna Eltayeb",
    "account": "GB29 NWBK 6016 1331 9268 19",
    "bic": "NWBKGB2L",
    "country": "GB",
    "currency": "EUR",
}
REPORT = "I spoke for the African Group on capacity-building.\nMy ministry takes the draft to Parliament."


@pytest.fixture
def seat(house):
    """Amna of Sudan and Mele of Fiji are proposed seats at the first round; Amna's award, and her browser."""
    return Seat(house, seated(house)[0], "amna")


class Seat:
    """An award, the browser of its delegate, and its addresses."""

    def __init__(self, house, reference, who):
        self.house, self.reference = house, reference
        time(house, OFFERED)
        self.person = Visitor(house.app, f"{who}@example.org")
        self.at = f"/delegates/awards/{reference}"

    def open(self, page=""):
        return self.person.open(f"{self.at}{page}")

    def until(self, step):
        with self.house.at_work():
            j.until(step, self.reference)
        return self

    @property
    def award(self):
        with self.house.at_work():
            return j.award(self.reference)

    @property
    def application(self):
        with self.house.at_work():
            return j.award(self.reference).application.reference


def seated(house, people_=(("Amna Eltayeb", "SDN"), ("Mele Losa", "FJI"))):
    """A kept run of the first round with money for all of them: their awards."""
    content = {"amount": "40000.00", "basis": "decided", "document": "Allotment advice 2018/1"}
    with house.at_work(), seats.on(b.AT):
        made = proposals.propose(
            "allotment.changed", subject="N1", content=content, reason="Forgotten.", by=seats.who("Rafael"), at=b.AT
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=b.AT)
        public = [seats.delegate(name, state, at=b.AT) for name, state in people_]
        for name, _ in people_:
            people.set_password(people.account_of(f"{name.split()[0].lower()}@example.org"), b.PASSWORD)
        seats.closed(at=b.AT)
        seats.kept_by_two(seats.previewed(at=b.AT), at=b.AT)
        found = [j.of_seat(one).reference for one in public]
        db.session.remove()
    return found


def time(house, instant):
    house.app.extensions["clock"]._set = instant


def sound(house):
    with house.at_work():
        assert record.verify(full=True).faults == []
    return True


def claimed(seat, **typed):
    """The page of the claim filled in, and the answer to “Calculate”."""
    return seat.person.send(seat.open("/claim"), step="calculate", **{"report": REPORT} | typed)


def sent(seat, **typed):
    check = claimed(seat, **typed)
    assert check.status == 200, check.problems
    return seat.person.send(check, step="send", declared="y")


def upload(seat, **files):
    """Choose files on the page of the claim, where the report is typed already, and keep them."""
    action, fields = seat.open("/claim").form()
    files = {name: FileStorage(BytesIO(content), f"{name}.png") for name, content in files.items()}
    boundary, body = encode_multipart(fields | {"step": "files", "report": REPORT} | files)
    return seat.person.open(action, method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def picture():
    made = BytesIO()
    Image.new("RGB", (40, 20), "white").save(made, "PNG")
    return made.getvalue()


# The offer


def test_the_offer_is_the_first_thing_on_the_desk_with_one_button(house, seat):
    desk = seat.person.open("/delegates/")
    assert desk.words("h2", **{"class": "h3"}) == "A seat is proposed for you: answer until 3 February 2018"
    (button,) = desk.all("a", **{"class": "btn"})
    assert (button["text"], button["href"]) == ("Read the offer and answer", seat.at)
    status = seat.person.open(f"/delegates/applications/{seat.application}")
    assert status.words("h1") == "A seat is proposed for you: answer until 3 February 2018"
    assert [a["href"] for a in status.all("a", **{"class": "btn"})] == [seat.at]
    term = "3 February 2018, 23:59:59 world time (UTC), 4 February 2018, 01:59:59 in Khartoum (UTC+2)"
    assert term in status.words("p")


def test_the_offer_tells_what_the_fund_pays_line_by_line_and_never_the_support_cost(house, seat):
    page = seat.open()
    table = page.all("table")[0]["text"]
    assert "4 nights, 19 February 2018 to 23 February 2018, at 384.00 in New York (example)" in page.words("td")
    assert "2 trips in New York at 63.00 (example)" in page.words("td")
    assert "2 trips in Khartoum at 38.00 (example)" in page.words("td")
    assert "Support" not in page.text
    with house.at_work():
        cost = j.journeys.journey_of(db.session(), j.award(seat.reference), date(2018, 1, 25)).cost
    assert f"{cost.total:,}" in table
    assert f"{cost.charge:,}" not in page.text


def test_she_accepts_and_is_paid_in_cash(house, seat):
    before = house.events()
    done = seat.person.send(seat.open(), "/acceptance", method="cash")
    assert (done.status, done.location) == (302, seat.at)
    page = seat.open()
    assert page.words("h1") == "You accepted the seat"
    assert "in cash at the meeting" in page.words("dd")
    assert (seat.award.stage, seat.award.method, house.events()) == ("accepted", "cash", before + 1)
    assert sound(house)


def test_a_double_click_is_one_answer(house, seat):
    page, before = seat.open(), house.events()
    assert {seat.person.send(page, "/acceptance", method="cash").location for _ in range(2)} == {seat.at}
    assert house.events() == before + 1


def test_who_does_not_choose_how_to_be_paid_is_asked(house, seat):
    page = seat.person.send(seat.open(), "/acceptance")
    assert page.status == 422
    assert page.problems == {"method-0": "Choose how you are paid: by bank transfer, or in cash at the meeting."}
    assert seat.award.stage == "proposed"


def test_the_last_second_of_the_term_is_in_time(house, seat):
    page = seat.open()
    time(house, LAST_MOMENT)
    assert seat.person.send(page, "/acceptance", method="cash").status == 302


def test_after_its_term_the_offer_is_refused_in_words_and_asks_nothing_more(house, seat):
    page = seat.open()
    time(house, TOO_LATE)
    late = seat.person.send(page, "/acceptance", method="cash")
    assert late.status == 422
    assert "The term to answer ended on 3 February 2018." in late.refusal
    assert late.words("h1") == "The term to answer is over"
    assert not [f for f in late.seen.forms if f["in main"]]
    with house.at_work():
        offers.lapse(TOO_LATE)
    assert seat.open().words("h1") == "Your seat has lapsed"
    assert "Seat lapsed" in seat.person.open("/delegates/").words("td")


def test_declining_has_a_page_of_its_own_and_gives_the_seat_away(house, seat):
    page = seat.open("/declination")
    assert page.words("h1") == "Give this seat back?"
    assert "It goes to the next person of the list" in page.words("p")
    assert seat.award.stage == "proposed", "looking is no answer"
    seat.person.send(page)
    assert seat.award.stage == "declined"
    ended = seat.open()
    assert ended.words("h1") == "You gave the seat back"
    assert "You gave the seat back" in ended.all("li", **{"aria-current": "step"})[0]["text"]
    assert seat.open("/declination").words("h1") == "This seat can no longer be declined"


def test_an_offer_that_changed_meanwhile_is_not_answered(house, seat):
    page = seat.open()
    with house.at_work():
        j.quoted(seat.reference, "1200.00")
    late = seat.person.send(page, "/acceptance", method="cash")
    assert late.status == 409
    assert "has changed since you opened the page" in late.refusal


@pytest.mark.parametrize(
    "path", ["", "/declination", "/bank", "/claim", "/authorization.pdf", "/settlement.pdf", "/acceptance"]
)
def test_somebody_elses_award_is_not_here(house, seat, path):
    mele = Visitor(house.app, "mele@example.org")
    method = "POST" if path in ("/acceptance", "/bank", "/claim") else "GET"
    assert mele.open(f"{seat.at}{path}", method=method).status == 404
    assert mele.open("/delegates/awards/W-22222222").status == 404


# Bank details


def test_bank_details_are_kept_and_shown_by_their_last_characters_alone(house, seat):
    to = seat.person.send(seat.open(), "/acceptance", method="bank").location
    assert to == f"{seat.at}/bank"
    wanting = seat.open()
    assert wanting.words("h1") == "Enter where you are paid"
    assert [a["href"] for a in wanting.all("a", **{"class": "btn"})] == [to]
    assert seat.person.fill(to, **BANK).location == seat.at
    for page in (seat.open(), seat.open("/bank"), seat.person.open("/delegates/")):
        assert "6016" not in page.text
        assert "GB29" not in page.text
    assert "•••• 6819" in seat.open().words("bdi")
    assert seat.open().words("h1") == "You accepted the seat"
    assert "EUR" in seat.open().words("dd")
    assert sound(house)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"account": "GB29 NWBK 6016 1331 9268 18"}, "account", "The check digits of this IBAN do not agree"),
        ({"account": ""}, "account", "Enter the IBAN or the account number."),
        ({"holder": " "}, "holder", "Enter the holder of the account"),
        ({"bic": "COBA"}, "bic", "This is not a BIC"),
        ({"bic": "", "bank": ""}, "bank", "Enter the BIC of the bank, or its name."),
        ({"country": "XX"}, "country", "Choose one of those offered."),
        ({"currency": "XXX"}, "currency", "Choose one of those offered."),
    ],
)
def test_a_mistake_in_the_bank_details_comes_to_its_field_and_everything_typed_stays(house, seat, typed, field, says):
    seat.until(j.accepted)
    page = seat.person.fill(f"{seat.at}/bank", **BANK | typed)
    assert page.status == 422
    assert list(page.problems) == [field]
    assert says in page.problems[field]
    expected = {name: text.strip() for name, text in (BANK | typed).items() if name not in ("country", "currency")}
    assert {name: page.form()[1][name] for name in expected} == expected
    assert not seat.award.bank_reference


def test_after_certification_a_change_of_bank_details_is_confirmed_and_sends_the_award_back(house, seat):
    seat.until(j.approved)
    page = seat.open("/bank")
    assert "A change now delays your payment" in page.words("h2")
    refused = seat.person.send(page, **BANK)
    assert refused.status == 422
    assert list(refused.problems) == ["sure"]
    assert seat.award.stage == "approved"
    assert seat.person.send(refused, sure="y", **BANK).location == seat.at
    assert (seat.award.stage, seat.award.resumes) == ("accepted", "approved")
    assert seat.open().words("h1") == "Your journey is certified once more"
    now = seat.open().all("li", **{"aria-current": "step"})
    assert "An officer certifies cost and file" in now[0]["text"]
    assert len(now) == 1
    assert sound(house)


def test_before_the_seat_is_accepted_no_bank_details_are_asked(house, seat):
    assert seat.open("/bank").words("h1") == "Bank details are not asked now"


# On the way


@pytest.mark.parametrize(
    ("step", "title", "says"),
    [
        (j.certified, "An officer certified your journey", "Another officer approves it."),
        (j.approved, "The fund pays your journey", "The travel authorization comes next"),
        (j.authorized, "Your travel is authorized", "Ask for your visa now"),
        (j.ticketed, "Your ticket is issued", "The meeting begins on 20 February 2018."),
        (j.advanced, "Your advance is paid", "Keep the boarding pass of every flight"),
        (j.attended, "Make your claim until 9 March 2018", "boarding passes and receipts, and a short report"),
        (j.claimed, "Your claim has arrived", "One officer prepares what is owed, another approves it."),
    ],
)
def test_at_every_step_she_reads_what_comes_next(house, seat, step, title, says):
    seat.until(step)
    time(house, j.BACK)
    page = seat.open()
    assert page.words("h1") == title
    assert says in page.words("p")
    assert len(page.all("li", **{"aria-current": "step"})) == 1
    desk = seat.person.open("/delegates/")
    assert title in desk.text or says in desk.text
    assert title in seat.person.open(f"/delegates/applications/{seat.application}").words("h1")


def test_the_way_shows_the_days_of_what_is_past(house, seat):
    seat.until(j.advanced)
    done = [li["text"] for li in seat.open().all("ol", **{"class": "walk"})]
    way = " ".join(done[0].split())
    assert way.startswith("Seat proposed24 January 2018 You accepted the seat25 January 2018 Cost and file certified26")
    assert "Advance paid: 1,738.00 USD14 February 2018" in way.replace("\xa0", " ")
    assert "Your claim and short reportUntil 9 March 2018" in way


def test_the_travel_authorization_is_there_once_travel_is_authorized(house, seat):
    seat.until(j.approved)
    assert seat.open("/authorization.pdf").status == 404
    with house.at_work():
        j.authorized(seat.reference)
    paper = seat.open("/authorization.pdf")
    assert (paper.status, paper.data[:5]) == (200, b"%PDF-")
    assert seat.open().all("a", href=f"{seat.at}/authorization.pdf", **{"class": "btn"})


def test_a_cancelled_award_tells_why(house, seat):
    seat.until(j.accepted)
    with house.at_work():
        j._do(j.travel.cancel, seat.reference, seats.who("Ines"), j.CERTIFIED, reason="The meeting was moved.")
    page = seat.open()
    assert page.words("h1") == "Your award is cancelled"
    assert "The meeting was moved." in page.words("bdi")


# The claim


def test_before_the_journey_the_claim_says_when_it_opens(house, seat):
    page = seat.open("/claim")
    assert page.words("h1") == "The claim comes after the journey"
    assert not [f for f in page.seen.forms if f["in main"]]


def test_the_claim_comes_filled_in_with_the_award(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
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
    time(house, j.BACK)
    before = house.events()
    check = claimed(seat, trips="2", **{"given-2018-02-20": "lunch"})
    assert check.words("h1").replace("\xa0", " ") == "By this claim you owe the fund 122.08 USD"
    assert "1,615.92" in check.words("td")
    assert "−1,738.00" in check.words("td")
    assert house.events() == before
    done = seat.person.send(check, step="send", declared="y")
    assert done.location == seat.at
    with house.at_work():
        kept = claims.claim_of(db.session(), j.award(seat.reference))
        assert (kept.trips, kept.given, kept.report) == (2, '{"2018-02-20":["lunch"]}', REPORT)
        j.prepared(seat.reference)
        assert j.settlements.prepared(db.session(), j.award(seat.reference)).balance == -12208
    assert sound(house)


def test_a_change_after_reckoning_comes_back_filled_in(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
    check = claimed(seat, trips="3", visa="160.00", message="One pass was lost.", **{"given-2018-02-21": "dinner"})
    page = seat.person.send(check, step="change")
    fields = page.form()[1]
    assert (page.status, fields["trips"], fields["visa"], fields["given-2018-02-21"]) == (200, "3", "160.00", "dinner")
    assert REPORT in page.all("textarea", name="report")[0]["text"]
    assert "One pass was lost." in page.all("textarea", name="message")[0]["text"]


def test_a_claim_is_declared_to_be_true(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
    again = seat.person.send(claimed(seat), step="send")
    assert (again.status, list(again.problems)) == (422, ["declared"])
    assert seat.award.stage == "travelled"
    assert seat.person.send(again, step="send", declared="y").location == seat.at


def test_sending_twice_is_one_claim(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
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
    time(house, j.BACK)
    page = claimed(seat, **typed)
    assert page.status == 422
    assert list(page.problems) == [field]
    assert says in page.problems[field]
    if field != "report":
        assert REPORT in page.all("textarea", name="report")[0]["text"]


def test_a_claim_that_comes_back_shows_what_was_asked_and_what_was_sent(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
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
    assert sound(house)


def test_an_overdue_claim_is_said_to_be_so(house, seat):
    seat.until(j.attended)
    time(house, OVERDUE)
    assert "Your claim was due on 9 March 2018" in seat.person.open("/delegates/").words("h2")
    assert sent(seat).location == seat.at


# Its files


def test_files_are_kept_while_the_page_is_filled_in_and_what_was_typed_stays(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
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
    time(house, j.BACK)
    page = upload(seat, receipt=b"no picture")
    assert (page.status, list(page.problems)) == (422, ["receipt"])
    assert "is not a PDF, JPEG or PNG" in page.problems["receipt"]
    large = upload(seat, boarding_pass=b"x" * (6 * 1024 * 1024 + 1))
    assert (large.status, list(large.problems)) == (422, ["boarding_pass"])
    assert REPORT in large.all("textarea", name="report")[0]["text"]


def test_a_claim_has_at_most_ten_files(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
    for _ in range(5):
        page = upload(seat, boarding_pass=picture(), receipt=picture())
    assert not page.all("input", type="file")
    eleventh = upload(seat, boarding_pass=picture())
    assert "A claim has at most 10 files." in eleventh.problems["boarding_pass"]


def test_files_go_to_their_owner_and_to_officers_and_stay_once_they_were_sent(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
    (file,) = [a["href"] for a in upload(seat, receipt=picture()).all("a") if "/documents/" in a["href"]]
    mine = seat.person.open(file)
    assert (mine.status, mine.type) == (200, "image/png")
    assert mine.headers["Content-Disposition"].startswith("attachment")
    assert Visitor(house.app, "mele@example.org").open(file).status == 404
    reference = file.rpartition("/")[2]
    assert house.visitor("screening officer").open(f"/officers/documents/{reference}").status == 200
    assert sent(seat).location == seat.at
    time(house, j.SETTLED)
    with house.at_work():
        j._do(claims.send_back, seat.reference, seats.who("Ines"), j.SETTLED, reason="One more question.")
    page = seat.open("/claim")
    assert "sent already" in page.text
    again = seat.person.send(page, step=f"remove {reference}")
    assert [a["href"] for a in again.all("a") if "/documents/" in a["href"]] == [file]
    assert sound(house)


def test_a_receipt_is_no_note_verbale(house, seat):
    seat.until(j.attended)
    time(house, j.BACK)
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


# What came of it


def test_what_was_settled_is_told_line_by_line_with_how_to_pay_it_back(house, seat):
    adjustment = '[{"what": "Dinner of 22 February", "usd": "-40.00", "reason": "The hosts gave it."}]'
    seat.until(j.advanced)
    with house.at_work():
        j.attended(seat.reference)
        j.claimed(seat.reference, trips=2, report=REPORT)
        j.settled(j.prepared(seat.reference, adjustments=adjustment))
    time(house, j.SETTLED)
    page = seat.open()
    assert page.words("h1").replace("\xa0", " ") == "You owe the fund 116.00 USD"
    assert "How to pay it back" in page.words("h2")
    assert f"with the reference {seat.reference}" in page.words("p")
    assert "The hosts gave it." in page.words("td")
    assert "−40.00" in page.words("td")
    assert "1,622.00" in page.words("td")
    paper = seat.open("/settlement.pdf")
    assert (paper.status, paper.data[:5]) == (200, b"%PDF-")
    with house.at_work():
        j._do(
            debts.recover,
            seat.reference,
            seats.who("Salma"),
            j.SETTLED,
            amount="16.00",
            value_date=date(2018, 3, 6),
            bank_reference="BACK-1",
        )
    part = seat.open()
    assert part.words("h1").replace("\xa0", " ") == "You owe the fund 100.00 USD"
    assert "Still to pay back: 100.00 USD." in part.words("p").replace("\xa0", " ")


def test_what_the_fund_owes_is_told_and_once_it_is_paid_the_journey_is_closed(house, seat):
    seat.until(j.advanced)
    with house.at_work():
        j.attended(seat.reference)
        j.claimed(seat.reference, visa="160.00", report=REPORT)
        j.settled(j.prepared(seat.reference))
    time(house, j.SETTLED)
    assert seat.open().words("h1").replace("\xa0", " ") == "Your claim is settled: the fund owes you 160.00 USD"
    with house.at_work():
        j.released(("balance", seat.reference), at=j.SETTLED)
    page = seat.open()
    assert page.words("h1") == "Your journey is paid and settled"
    assert "Everything is paid" in page.words("strong")
    assert REPORT.split("\n")[0] in page.text


def test_until_it_is_settled_there_is_no_statement(house, seat):
    seat.until(j.prepared)
    assert seat.open("/settlement.pdf").status == 404
    assert "What your journey came to" not in seat.open().text


# All pages


@pytest.mark.parametrize("step", [None, *j.STEPS])
def test_every_page_is_there_at_every_step_and_takes_the_same_number_of_statements(house, seat, step):
    if step:
        seat.until(step)
    time(house, j.SETTLED if step in (j.prepared, j.settled) else j.BACK)
    for page in ("", "/bank", "/declination", "/claim"):
        assert seat.open(page).status == 200, page
    assert statements(house, seat.person, seat.at) <= 26
    assert statements(house, seat.person, "/delegates/") <= 14


def test_the_desk_takes_as_many_statements_for_two_seats_as_for_one(house, seat):
    one = statements(house, seat.person, "/delegates/")
    with house.at_work():
        second = seats.delegate("Amna Eltayeb", "SDN", "N3", at=b.AT)
        assert second
    assert statements(house, seat.person, "/delegates/") == one
