"""A draft is a list of tasks: what is sealed in it, what its pages keep, how one comes back, what is declared."""

from datetime import date

import pytest

from tests import journeys as j
from tests.services.test_documents import note_verbale
from tests.web.applying import JOURNEY, YOU, begun, delegate, filled, kept, screened, submitted, upload
from trustfund.extensions import db
from trustfund.models.applications import Application, Document
from trustfund.models.mail import Mail
from trustfund.operations import record, screening
from trustfund.operations.application_bank import bank_of
from trustfund.operations.outbox import page_of, post
from trustfund.operations.passports import mark_of, number_of

ACCOUNT = {"account": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFF", "currency": "EUR"}
TYPED = YOU | {"telephone": "+226  70 12 34 56", "passport_number": "a 123-4321", "passport_name": "ouedraogo<<aissata"}


def test_a_passport_number_is_sealed_masked_and_found_again(house, aissata):
    at = begun(aissata)
    aissata.fill(f"{at}/you", **TYPED)
    aissata.fill(f"{at}/nomination", state="BFA", note_to_follow="y")
    assert kept(house, at).telephone == "+22670123456"
    with house.at_work():
        found = held(at)
        assert (number_of(found), found.passport_masked) == ("A1234321", "•••• 4321")
        assert found.passport_mark == mark_of("A-123 4321", "BFA") != mark_of("A1234321", "MLI")
        assert b"1234321" not in found.passport_sealed
    for path in ("/you", "/check", ""):
        page = aissata.open(at + path)
        assert "1234321" not in page.text
        assert ("•••• 4321" in page.text) == (path != "")
    aissata.fill(f"{at}/you", **YOU)
    assert kept(house, at).passport_masked == "•••• 4321", "an empty field keeps it"


def test_a_page_offers_what_a_machine_reads_of_a_name_in_latin_letters(house, aissata):
    at = begun(aissata)
    aissata.fill(f"{at}/you", **YOU)
    assert "by your names it is OUEDRAOGO<<AISSATA" in aissata.open(f"{at}/you").words("span")


def test_the_usual_days_of_a_journey_are_told_and_it_can_have_others_or_none(house, aissata):
    at = begun(aissata)
    page = aissata.open(f"{at}/journey")
    assert "The fund reckons with 11 March 2018." in page.words("span")
    days = {f"{day}__{part}": "" for day in ("arrives_on", "leaves_on") for part in ("day", "month", "year")}
    aissata.send(page, home_city="", **days)
    aissata.fill(f"{at}/you", **YOU)
    assert aissata.open(f"{at}/journey").form()[1]["arrives_on-day"] == "", "what its person cleared stays so"
    arrives = {"arrives_on__day": "11", "arrives_on__month": "3", "arrives_on__year": "2018"}
    leaves = {"leaves_on__day": "17", "leaves_on__month": "3", "leaves_on__year": "2018"}
    aissata.fill(f"{at}/journey", **JOURNEY, **arrives, **leaves, others_pay="The hotel, by the host")
    found = kept(house, at)
    assert (found.arrives_on, found.leaves_on) == (date(2018, 3, 11), date(2018, 3, 17))
    assert found.others_pay == "The hotel, by the host"
    odd = aissata.fill(f"{at}/journey", paid_elsewhere="maybe")
    assert (odd.status, {*odd.problems}) == (422, {"paid_elsewhere-0"})
    wrong = aissata.fill(f"{at}/journey", **{"arrives_on__day": "14", "leaves_on__day": "13"})
    assert wrong.problems == {"leaves_on-day": "The day of departure lies before the day of arrival."}
    assert kept(house, at).arrives_on == date(2018, 3, 11)
    aissata.fill(f"{at}/journey", **days)
    assert kept(house, at).arrives_on is None


def test_what_is_wrong_on_a_page_comes_back_and_the_rest_is_kept(house, aissata):
    at = begun(aissata)
    page = aissata.fill(f"{at}/you", **TYPED | {"telephone": "70 12", "email": "nobody"})
    assert {*page.problems} == {"telephone", "email"}
    assert page.form()[1]["telephone"] == "70 12"
    found = kept(house, at)
    assert (found.given_names, found.passport_name, found.telephone) == ("Aïssata", "OUEDRAOGO<<AISSATA", "")
    assert found.passport_masked == "•••• 4321"


def test_a_page_that_is_left_keeps_what_was_typed_and_answers_the_seal_that_goes_with_the_next(house, aissata):
    at = begun(aissata)
    page = aissata.open(f"{at}/you")
    answer = aissata.send(page, given_names="Aïssata", email="wrong", left="1")
    assert (answer.status, answer.type) == (200, "text/plain")
    assert (kept(house, at).given_names, kept(house, at).email) == ("Aïssata", "aissata@example.org")
    assert answer.text == aissata.open(f"{at}/you").form()[1]["seen"]
    assert aissata.send(page, seen=answer.text, given_names="Aissa", left="1").status == 200
    assert kept(house, at).given_names == "Aissa"


def test_what_a_page_sends_late_as_it_is_left_undoes_nothing_that_was_saved_since(house, aissata):
    at = begun(aissata)
    page = aissata.open(f"{at}/you")
    assert aissata.send(page, **YOU).location == f"{at}/nomination"
    late = aissata.send(page, **YOU | {"given_names": "Aïss", "left": "1"})
    assert (late.status, late.data) == (204, b"")
    assert kept(house, at).given_names == "Aïssata"


def test_whose_seat_is_certified_keeps_the_rest_of_a_page_with_another_name(house, seat):
    at = f"/delegates/applications/{seat.until(j.certified).application}"
    house.stands_at(j.APPROVED)
    screened(house, at, screening.ask_for_changes, words="As in the passport?")
    for sending in ({}, {"left": "1"}):
        typed = {"family_name": "Osman", "position": f"Counsellor{len(sending)}", "telephone": "+249 91 234 5678"}
        page = seat.person.fill(f"{at}/you", **typed | sending)
        assert (page.status, "given_names" in page.problems) == ((200, False) if sending else (422, True))
        found = kept(house, at)
        assert (found.full_name, found.position) == ("Amna Eltayeb", typed["position"])
    assert found.telephone


def test_only_the_pages_that_keep_run_the_script_of_the_fund(house, aissata):
    at = begun(aissata)
    for path, runs in (("/you", True), ("/documents", True), ("/payment", False), ("", False)):
        page = aissata.open(at + path)
        assert ("script-src 'self'" in page.headers["Content-Security-Policy"]) == runs == bool(page.all("script"))
        assert all(aissata.open(one["src"]).status == 200 for one in page.all("script"))


def test_who_comes_back_later_gets_the_link_once_an_hour(house, aissata):
    at = begun(aissata)
    with house.at_work():
        post(
            held(at).account, "Received", "The paper: {paper}", paper=page_of("delegate", f"{at[11:]}/confirmation.pdf")
        )
        db.session.commit()
    for _ in range(2):
        aissata.fill(f"{at}/you", given_names="Aïssata", later="1")
    aissata.fill(at, "/way-back")
    assert "A mail to aissata@example.org has the link to come back" in aissata.open(at).words("p")
    with house.at_work():
        (mail,) = db.session.query(Mail).filter(Mail.subject == "Come back to your application").all()
        assert mail.text.count(at) == 1


def test_after_a_time_out_the_typed_page_is_there_with_its_dates(house, aissata):
    at = begun(aissata)
    page = aissata.open(f"{at}/you")
    aissata.client.delete_cookie("trustfund")
    kept_page = aissata.send(page, **TYPED)
    assert kept_page.status == 401
    aissata.sign_in("aissata@example.org")
    again = aissata.send(kept_page)
    fields = again.form()[1]
    assert (fields["date_of_birth-day"], fields["given_names"], fields["passport_number"]) == ("27", "Aïssata", "")
    assert "123-4321" not in kept_page.text
    assert aissata.send(again).location == f"{at}/nomination"


def test_bank_details_are_sealed_shown_by_their_end_and_can_be_erased(house, aissata):
    at = begun(aissata)
    assert aissata.fill(f"{at}/payment").location == f"{at}/check", "nothing is needed yet"
    wrong = aissata.fill(f"{at}/payment", **ACCOUNT | {"account": "DE89 3704 0044 0532 0130 01"})
    assert wrong.problems["account"].startswith("The check digits of this IBAN do not agree")
    assert aissata.fill(f"{at}/payment", holder="Aïssata Ouédraogo", **ACCOUNT).location == f"{at}/check"
    with house.at_work():
        assert bank_of(held(at))["account"] == "DE89370400440532013000"
    page = aissata.open(f"{at}/payment")
    assert "•••• 3000" in page.text
    assert "370400440532" not in page.text
    aissata.send(page, forget="1")
    assert (kept(house, at).bank_sealed, kept(house, at).bank_masked) == (None, "")


def test_an_account_that_is_not_right_yet_is_kept_for_its_page_and_never_sent(house, aissata):
    at = filled(aissata)
    half = ACCOUNT | {"account": "DE89 3704 0044 0532 0130 01"}
    assert aissata.fill(f"{at}/payment", holder="Aïssata", **half).status == 422
    assert aissata.open(f"{at}/payment").form()[1]["account"] == half["account"]
    assert aissata.fill(f"{at}/payment", later="1").location == at
    assert "DE89" not in aissata.open(f"{at}/check").text
    submitted(aissata, at)
    with house.at_work():
        assert (held(at).bank_sealed, held(at).bank_masked) == (None, "")
        assert sound()


@pytest.mark.parametrize("kind", ["passport", "visa", "bank_form"])
def test_papers_beside_the_note_verbale_are_kept_sent_and_no_nomination(house, aissata, kind):
    at = filled(aissata, file=False)
    upload(aissata, at, note_verbale(), name="page.pdf", kind=kind)
    page = aissata.open(f"{at}/check")
    assert "The note verbale of the Government has not arrived" in page.words("ul")
    (paper,) = {a["href"] for a in page.all("a") if "/documents/" in a["href"]}
    assert aissata.open(paper).status == 200
    assert delegate(house, "Moussa Traoré").open(paper).status == 404
    submitted(aissata, at)
    with house.at_work():
        assert [one.kind for one in db.session.query(Document)] == [kind.replace("_", "-")]
        assert sound()


def test_an_application_is_declared_or_not_sent(house, aissata):
    at = filled(aissata)
    page = aissata.fill(f"{at}/check")
    assert page.status == 422
    assert page.problems == {"declared": "Tick the box: an application is declared to be true. Nothing has been sent."}
    assert kept(house, at).stage == "draft"
    submitted(aissata, at)
    assert kept(house, at).declared


def test_what_the_page_did_not_show_is_not_declared(house, aissata):
    at = filled(aissata)
    changes = (
        lambda: aissata.fill(f"{at}/journey", **JOURNEY | {"home_city": "Bobo-Dioulasso"}),
        lambda: upload(aissata, at, note_verbale(), name="page.pdf", kind="visa"),
    )
    page = aissata.open(f"{at}/check")
    for change in changes:
        change()
        page = aissata.send(page, declared="y")
        assert page.status == 409
        assert "This application has changed since you opened the page. Look at it again." in page.refusal
        assert kept(house, at).stage == "draft"
    assert "page.pdf" in page.text
    assert aissata.send(page, declared="y").location == at


@pytest.mark.parametrize(
    "change",
    [
        {"telephone": "+1 212 555 0100"},
        {"passport_mark": "0" * 64},
        {"passport_sealed": b"x" * 40},
        {"bank_sealed": None},
        {"arrives_on": date(2018, 3, 1)},
        {"declared": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_answered_is_compared_with_its_seal(house, aissata, change):
    at = filled(aissata)
    aissata.fill(f"{at}/you", **TYPED)
    aissata.fill(f"{at}/payment", holder="Aïssata Ouédraogo", **ACCOUNT)
    submitted(aissata, at)
    with house.at_work():
        assert sound()
        found = held(at)
        for column, value in change.items():
            setattr(found, column, value)
        db.session.commit()
        assert f"{found.reference} does not hold the answers that were sent" in str(record.verify().faults)


def held(at: str) -> Application:
    return db.session.query(Application).filter_by(reference=at.rpartition("/")[2]).one()


def sound() -> bool:
    return record.verify().faults == []
