"""A delegate answers the offer of a seat, says where to be paid, and reads at every step what comes next."""

from datetime import UTC, date, datetime

import pytest

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.reports.reading import words_of
from tests.web.counting import statements
from tests.web.travelling import REPORT
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import debts, offers
from trustfund.operations.application_bank import keep_bank

LAST_MOMENT = datetime(2018, 2, 3, 23, 59, 59, tzinfo=UTC)
TOO_LATE = datetime(2018, 2, 4, 0, 0, 1, tzinfo=UTC)


BANK = {
    "holder": "Amna Eltayeb",
    "account": "GB29 NWBK 6016 1331 9268 19",
    "bic": "NWBKGB2L",
    "country": "GB",
    "currency": "EUR",
}


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
    for rule in (
        "Planning fare from Khartoum, in force on 19 February 2018, economy class, until a quote is recorded",
        "4 nights, 19 February 2018 to 23 February 2018, at 384.00 in New York "
        "(example, in force from 1 February 2018); factor 1.00",
        "2 trips in New York at 63.00, the rate of 19 February 2018 (example, in force from 1 January 2016)",
        "2 trips in Khartoum at 38.00, the rate of 23 February 2018 (example, in force from 1 January 2016)",
    ):
        assert rule in page.words("td")
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
    assert house.faults() == []


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
    house.stands_at(LAST_MOMENT)
    assert seat.person.send(page, "/acceptance", method="cash").status == 302


def test_after_its_term_the_offer_is_refused_in_words_and_asks_nothing_more(house, seat):
    page = seat.open()
    house.stands_at(TOO_LATE)
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
    assert house.faults() == []


def test_the_account_that_the_application_brought_is_offered_by_its_end_and_used_unseen(house, seat):
    seat.until(j.accepted)
    with house.at_work():
        application = db.session.query(Application).filter_by(reference=seat.application).one()
        application.stage = "draft"
        db.session.commit()
        keep_bank(seat.application, application.account, **BANK)
        db.session.query(Application).filter_by(reference=seat.application).one().stage = "accepted"
        db.session.commit()
    page = seat.open("/bank")
    assert page.words("button", name="known") == "Use the details of your application •••• 6819"
    assert "6016" not in page.text
    assert seat.person.send(page, known="1").location == seat.at
    assert "•••• 6819" in seat.open().words("bdi")
    assert not seat.open("/bank").all("button", name="known"), "it is there now"


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
    assert house.faults() == []


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
    house.stands_at(j.BACK)
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
    assert "Travel authorization" in words_of(paper.data)
    assert seat.open().all("a", href=f"{seat.at}/authorization.pdf", **{"class": "btn"})


def test_the_travel_authorization_is_in_the_language_in_which_she_reads_the_page(house, seat):
    seat.until(j.authorized)
    assert seat.open("?lang=fr").all("html", lang="fr")
    assert "Autorisation de voyage" in words_of(seat.open("/authorization.pdf").data)
    with house.at_work():
        assert j.award(seat.reference).application.account.language == "en"


def test_a_cancelled_award_tells_why(house, seat):
    seat.until(j.accepted)
    with house.at_work():
        j._do(j.travel.cancel, seat.reference, seats.who("Ines"), j.CERTIFIED, reason="The meeting was moved.")
    page = seat.open()
    assert page.words("h1") == "Your award is cancelled"
    assert "The meeting was moved." in page.words("bdi")


# What came of it


def test_what_was_settled_is_told_line_by_line_with_how_to_pay_it_back(house, seat):
    adjustment = '[{"what": "Dinner of 22 February", "usd": "-40.00", "reason": "The hosts gave it."}]'
    seat.until(j.advanced)
    with house.at_work():
        j.attended(seat.reference)
        j.claimed(seat.reference, trips=2, report=REPORT)
        j.settled(j.prepared(seat.reference, adjustments=adjustment))
    house.stands_at(j.SETTLED)
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
    house.stands_at(j.SETTLED)
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
    house.stands_at(j.SETTLED if step in (j.prepared, j.settled) else j.BACK)
    for page in ("", "/bank", "/declination", "/claim"):
        assert seat.open(page).status == 200, page
    assert statements(seat.person, seat.at) <= 26
    assert statements(seat.person, "/delegates/") <= 14


def test_the_desk_takes_as_many_statements_for_two_seats_as_for_one(house, seat):
    one = statements(seat.person, "/delegates/")
    with house.at_work():
        second = seats.delegate("Amna Eltayeb", "SDN", "N3", at=b.AT)
        assert second
    assert statements(seat.person, "/delegates/") == one
