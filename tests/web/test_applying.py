"""A delegate applies on short pages: nothing typed is lost, every reason is told, and nobody else sees anything."""

import re
from datetime import UTC, datetime

import pytest

from tests import builders as b
from tests.web.applying import JOURNEY, NOMINATION, YOU, begun, filled, kept, submitted, upload
from tests.web.counting import statements
from trustfund.extensions import db
from trustfund.models.applications import Application

IN_TIME, JUST_IN_TIME, LATE, LAST, TOO_LATE = (
    datetime(2018, 1, 25, 9, tzinfo=UTC),
    datetime(2018, 1, 27, 4, 59, 59, 900_000, tzinfo=UTC),
    datetime(2018, 1, 27, 5, tzinfo=UTC),
    datetime(2018, 2, 20, 4, 59, 59, tzinfo=UTC),
    datetime(2018, 2, 20, 5, tzinfo=UTC),
)
"""Round the deadline of N2, 26 January 2018, 23:59:59 in New York, and the last moment, 19 February."""


def test_a_delegate_fills_in_the_pages_submits_and_sees_the_reference(house, aissata):
    at = filled(aissata)
    tasks = aissata.open(at)
    assert "4 of 4 parts are complete" in tasks.words("p")
    check = aissata.open(f"{at}/check")
    assert check.words("h1") == "Every rule holds: check and submit"
    assert check.words("ul").count("Holds") == 9
    assert "Your answers are complete" in check.words("ul")
    for typed in ("Aïssata", "Ouédraogo", "27 March 1979", "Burkina Faso", "MFA/112", "8 January 2018", "1240.00 EUR"):
        assert typed in check.words("dl")
    assert "These facts can still point to you" in check.words("p"), "before it is sent, the form says what is public"
    page = submitted(aissata, at)
    public = kept(house, at).public
    assert page.words("h1") == "Your application has arrived"
    assert public in page.words("bdi", **{"class": "code nb"})
    assert "Submitted, complete and on time" in page.words("strong")
    assert public in aissata.open("/delegates/").words("td")


def test_the_desk_shows_the_deadline_in_the_city_and_for_the_reader(house):
    page = house.visitor("delegate").open("/delegates/")
    first = page.all("section")[0]["text"]
    assert " ".join(first.split()) == (
        "Second round of negotiations New York, 12–15 March 2018 Apply Second round of negotiations 2 days left"
        "26 January 2018, 23:59:59in New York (UTC−5) 27 January 2018, 06:59:59in Khartoum (UTC+2)"
    )
    late = next(s["text"] for s in page.all("section") if "First round of negotiations" in s["text"])
    assert "Closed: late files only" in late


def test_who_signs_in_from_the_page_of_a_meeting_finds_its_call_first(house):
    visitor = house.visitor("nobody")
    (link,) = {a["href"] for a in visitor.open("/meetings/N3").all("a") if a["href"].startswith("/delegates/?")}
    assert visitor.open(link).location == "/sign-in"
    desk = visitor.sign_in("amna@example.org").location
    assert visitor.open(desk).all("section")[0]["text"].split("New York")[0].strip() == "Third round of negotiations"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("Africa/Ouagadougou", "27 January 2018, 04:59:59in Ouagadougou (UTC)"),
        ("kathmandu", "27 January 2018, 10:44:59in Kathmandu (UTC+5:45)"),
        ("Atlantis", "27 January 2018, 06:59:59in Khartoum (UTC+2)"),
        ("../../etc/passwd", "27 January 2018, 06:59:59in Khartoum (UTC+2)"),
        ("", "27 January 2018, 06:59:59in Khartoum (UTC+2)"),
    ],
)
def test_the_reader_chooses_a_zone_and_it_stays(house, asked, shown):
    visitor = house.visitor("delegate")
    asked_page = visitor.open("/delegates/", query_string={"zone": asked})
    assert ("No time zone has the name" in asked_page.text) == (asked in ("Atlantis", "../../etc/passwd"))
    assert shown in re.sub(r"\s+", " ", visitor.open("/delegates/").all("section")[0]["text"])


def test_a_reader_of_whom_nothing_is_known_reads_world_time(house, aissata):
    assert "27 January 2018, 04:59:59world time (UTC)" in aissata.open("/delegates/").all("section")[0]["text"]


def test_where_no_call_is_open_the_desk_says_which_opens_when(house):
    house.stands_at(datetime(2018, 8, 1, 9, tzinfo=UTC))
    text = house.visitor("delegate").open("/delegates/").all("section")[0]["text"]
    assert "No call is open" in text
    assert "it opens on 12 September 2018" in text


def test_a_second_touch_on_apply_opens_the_same_application(house, aissata):
    assert begun(aissata) == begun(aissata)


@pytest.mark.parametrize(("meeting", "says"), [("N5", "The call for N5 opens on"), ("T6", "takes no more files")])
def test_nobody_applies_before_the_call_opens_or_after_the_last_moment(house, aissata, meeting, says):
    page = aissata.send(aissata.open("/delegates/"), "/applications", meeting=meeting)
    assert page.status == 422
    assert says in page.refusal
    assert aissata.send(aissata.open("/delegates/"), "/applications", meeting="nothing").status == 404


def test_a_page_with_a_wrong_date_keeps_and_saves_the_names(house, aissata):
    at = begun(aissata)
    page = aissata.fill(f"{at}/you", **YOU | {"date_of_birth__day": "31", "date_of_birth__month": "2"})
    assert page.status == 422
    assert page.problems == {
        "date_of_birth-day": "This is not a date. Enter day, month and year in figures, for example 27 3 1979."
    }
    assert page.form()[1]["date_of_birth-day"] == "31"
    assert page.form()[1]["given_names"] == "Aïssata"
    again = aissata.open(f"{at}/you").form()[1]
    assert (again["family_name"], again["position"]) == ("Ouédraogo", "First Secretary")
    assert again["date_of_birth-day"] == ""


DAYS = {
    **{"arrives_on__day": "11", "arrives_on__month": "3", "arrives_on__year": "2018"},
    **{"leaves_on__day": "15", "leaves_on__month": "3", "leaves_on__year": "2018"},
}


@pytest.mark.parametrize(
    ("page", "typed", "field", "says"),
    [
        ("you", {"given_names": "", "family_name": ""}, "given_names", "Enter your name as in the passport"),
        ("you", {"given_names": "x" * 141}, "given_names", "This has more than 140 characters."),
        ("you", {"email": "aissata"}, "email", "“aissata” is not an e-mail address."),
        ("you", {"gender": "X"}, "gender-0", "Choose one of those offered."),
        (
            "you",
            {"date_of_birth__year": "2019"},
            "date_of_birth-day",
            "Enter a date of birth after 1900 and before today.",
        ),
        (
            "you",
            {"date_of_birth__year": "1900"},
            "date_of_birth-day",
            "Enter a date of birth after 1900 and before today.",
        ),
        (
            "you",
            {"date_of_birth__year": "79"},
            "date_of_birth-day",
            "Write the year with four figures, for example 1979.",
        ),
        ("you", {"position": " "}, "position", "Enter your position"),
        ("nomination", {"state": ""}, "state", "Choose your State."),
        ("nomination", {"state": "ZZZ"}, "state", "Choose one of those offered."),
        ("nomination", {"note_verbale": ""}, "note_verbale", "Enter the reference of the note verbale"),
        ("nomination", {"government_order": "first"}, "government_order", "Enter the order as a number in figures"),
        ("nomination", {"government_order": "0"}, "government_order", "Enter the order as a number in figures"),
        ("nomination", {"government_order": "٣"}, "government_order", "Enter the order as a number in figures"),
        ("journey", {"home_city": ""}, "home_city", "Enter the city where your journey starts."),
        ("nomination", {"note_verbale_date__year": "2019"}, "note_verbale_date-day", "8 January 2019 lies ahead."),
        (
            "nomination",
            {"note_verbale_date__year": "1079"},
            "note_verbale_date-day",
            "8 January 1079 lies too far back.",
        ),
        (
            "journey",
            {"fare": "1,240"},
            "fare",
            "“1,240” is not an amount. Use digits and a point, without separators, for example 1240.00.",
        ),
        ("you", {"telephone": "70 12 34 56"}, "telephone", "Write the number with + and the code of the country"),
        ("you", {"telephone": "+226 70 12 34 56 78 90 12 34"}, "telephone", "Write the number with + and the code"),
        ("you", {"passport_number": "no figure"}, "passport_number", "A passport number has 4 to 20 figures"),
        ("you", {"passport_name": "Ouédraogo"}, "passport_name", "Copy the name from the first of the two lines"),
        (
            "journey",
            DAYS | {"arrives_on__year": "2017"},
            "arrives_on-day",
            "11 March 2017 does not go with the meeting",
        ),
        (
            "journey",
            DAYS | {"leaves_on__month": "4", "leaves_on__day": "15"},
            "leaves_on-day",
            "15 April 2018 does not go",
        ),
        ("journey", {"fare": "0.00"}, "fare", "Leave it empty, or write what the journey costs."),
        ("journey", {"fare_currency": ""}, "fare", "Choose the currency of this figure."),
        ("journey", {"fare_currency": "XXXX"}, "fare", "XXXX is not a currency of ISO 4217."),
    ],
)
def test_each_mistake_is_one_sentence_at_its_field(house, aissata, page, typed, field, says):
    right = {"you": YOU, "nomination": NOMINATION, "journey": JOURNEY}[page]
    answer = aissata.fill(f"{begun(aissata)}/{page}", **right | typed)
    assert answer.status == 422
    assert answer.title.startswith("Error:")
    assert field in answer.problems
    assert answer.problems[field].startswith(says)


@pytest.mark.parametrize("typed", [{"fare": "900,5"}, {"fare_currency": "XXXX"}])
def test_a_fare_and_its_currency_are_kept_together_or_not_at_all(house, aissata, typed):
    at = begun(aissata)
    aissata.fill(f"{at}/journey", **JOURNEY)
    wrong = aissata.fill(f"{at}/journey", **{"home_city": "Dori", "fare": "900.5", "fare_currency": "USD"} | typed)
    assert wrong.status == 422
    found = kept(house, at)
    assert (found.home_city, found.fare, found.fare_currency) == ("Dori", "1240.00", "EUR")


@pytest.mark.parametrize(
    ("given", "family"), [("Sukarno", ""), ("", "艾莎"), ("عائشة", "بن علي"), ("D’Arcy-Ó", "Ngũgĩ")]
)
def test_a_name_in_any_script_and_a_single_name_are_names(house, aissata, given, family):
    at = begun(aissata)
    assert aissata.fill(f"{at}/you", **YOU | {"given_names": given, "family_name": family}).status == 302
    assert kept(house, at).full_name == f"{given} {family}".strip()


def test_who_comes_back_later_is_not_told_what_is_still_empty(house, aissata):
    at = begun(aissata)
    assert aissata.fill(f"{at}/you", given_names="Aïssata", email="aissata@example.org", later="1").location == at
    assert "Not complete" in aissata.open(at).words("span")
    wrong = aissata.fill(f"{at}/you", email="aissata", later="1")
    assert "email" in wrong.problems


def test_a_page_that_stood_too_long_keeps_what_was_typed_and_saves_nothing(house, aissata):
    at = begun(aissata)
    page = aissata.fill(f"{at}/you", csrf_token="forged", **YOU)
    assert page.status == 422
    assert page.form()[1]["given_names"] == "Aïssata"
    assert kept(house, at).given_names == ""


def test_every_failing_rule_is_told_at_once_with_its_authority(house, aissata):
    at = begun(aissata)
    aissata.fill(f"{at}/nomination", **NOMINATION | {"state": "USA", "note_to_follow": ""})
    aissata.fill(f"{at}/journey", home_city="new-york", paid_elsewhere="yes")
    page = aissata.open(f"{at}/check")
    assert page.words("h1") == "5 rules fail"
    rules = page.words("ul")
    for told in (
        "United States of America does not count as a developing country on 12 March 2018",
        "A/RES/71/280, para. 31",
        "The note verbale of the Government has not arrived",
        "your date of birth is missing",
        "your position is missing",
        "The duty station is new-york, where the meeting takes place",
        "United States of America is the host State",
        "Another source pays the whole journey.",
        "Fund practice",
    ):
        assert told in rules
    assert "You can submit all the same." in page.words("p")
    assert "It counts as complete only from the moment" in page.words("p")
    assert "Submitted, not complete" in submitted(aissata, at).words("strong")


def test_nothing_is_said_of_rules_before_their_answer_is_there(house, aissata):
    rules = aissata.open(f"{begun(aissata)}/check").words("ul")
    assert rules.count("Not yet known") == 3


def test_another_delegate_finds_nothing_of_it(house, aissata):
    at = filled(aissata)
    file = aissata.open(f"{at}/check").all("a")
    (document,) = {a["href"] for a in file if "/documents/" in a["href"]}
    assert aissata.open(document).status == 200
    amna = house.visitor("delegate")
    pages = [f"{at}/{page}" for page in ("you", "nomination", "journey", "documents", "check", "withdrawal")]
    for path in (at, *pages, document):
        assert amna.open(path).status == 404, path
    token = amna.open("/delegates/").form("/applications")[1]["csrf_token"]
    for path in ("you", "documents", "check", "reopening", "withdrawal"):
        assert amna.open(f"{at}/{path}", method="POST", data={"csrf_token": token}).status == 404, path
    assert "Aïssata" not in amna.open("/delegates/").text
    assert kept(house, at).stage == "draft"


def test_a_file_after_the_deadline_is_taken_and_told_late(house, aissata):
    at = filled(aissata)
    house.stands_at(LATE)
    assert "this file comes late" in aissata.open(f"{at}/check").words("p")
    assert "Submitted and complete, late" in submitted(aissata, at).words("strong")


def test_the_last_second_of_the_deadline_is_on_time(house, aissata):
    at = filled(aissata)
    house.stands_at(JUST_IN_TIME)
    assert "complete and on time" in submitted(aissata, at).words("strong")


def test_after_the_last_moment_nothing_can_be_sent(house, aissata):
    at = filled(aissata)
    house.stands_at(LAST)
    check = aissata.open(f"{at}/check")
    house.stands_at(TOO_LATE)
    closed = aissata.open(f"{at}/check")
    assert closed.all("button", **{"aria-disabled": "true"})
    assert "The call takes no more files" in aissata.open("/delegates/").words("td")
    assert aissata.send(check, declared="y").status == 422
    assert kept(house, at).stage == "draft"


def test_reopened_and_sent_again_before_the_deadline_keeps_the_first_completion(house, aissata):
    at = filled(aissata)
    page = submitted(aissata, at)
    first = kept(house, at).completed_at
    house.stands_at(IN_TIME)
    aissata.send(page, "/reopening")
    assert "Until you submit it, it asks for no seat." in aissata.open(at).words("strong")
    aissata.fill(f"{at}/journey", **JOURNEY | {"home_city": "Bobo-Dioulasso"})
    again = submitted(aissata, at)
    assert (kept(house, at).completed_at, kept(house, at).home_city) == (first, "Bobo-Dioulasso")
    assert kept(house, at).submitted_at == IN_TIME
    assert "Complete since" in again.words("p")


def test_a_note_verbale_that_follows_within_its_days_keeps_the_place(house, aissata):
    at = filled(aissata, file=False, note_to_follow="y")
    page = submitted(aissata, at)
    first = kept(house, at).completed_at
    assert "The note verbale is awaited until 29 January 2018" in page.words("p")
    house.stands_at(LATE)
    aissata.send(page, "/reopening")
    upload(aissata, at)
    submitted(aissata, at)
    assert kept(house, at).completed_at == first


def test_a_page_of_an_application_that_was_sent_is_refused_in_words(house, aissata):
    at = filled(aissata)
    page = aissata.open(f"{at}/you")
    submitted(aissata, at)
    late = aissata.send(page, given_names="Somebody else")
    assert late.status == 422
    assert "This application was sent. Open it again to change it." in late.refusal
    assert kept(house, at).given_names == "Aïssata"
    for path in ("you", "documents", "check"):
        assert aissata.open(f"{at}/{path}").location == at, path


def test_submitting_twice_is_one_deed(house, aissata):
    at = filled(aissata)
    page, before = aissata.open(f"{at}/check"), house.events()
    assert {aissata.send(page, declared="y").location for _ in range(2)} == {at}
    assert house.events() == before + 1


@pytest.mark.parametrize(
    "path", ["", "/you", "/nomination", "/journey", "/documents", "/payment", "/check", "/withdrawal"]
)
def test_a_page_and_its_sheets_weigh_less_than_30_kilobytes(house, aissata, path):
    at, small = f"{filled(aissata)}{path}", {"headers": {"Accept-Encoding": "gzip"}}
    page = aissata.open(at)
    beside = [link["href"] for link in page.all("link")] + [script["src"] for script in page.all("script")]
    assert sum(len(aissata.open(one, **small).data) for one in (at, *beside)) < 30 * 1024


def test_the_desk_takes_as_many_statements_for_15_applications_as_for_one(house, aissata):
    at = filled(aissata)
    submitted(aissata, at)
    one = statements(aissata, "/delegates/")
    with house.at_work():
        person = db.session.query(Application.account_id).first()[0]
        for n in range(14):
            db.session.add(
                Application(
                    reference=f"T-2222222{n:X}"[:10].replace("0", "Y").replace("1", "Z"),
                    public=f"N{n % 3 + 1}-CRO{n}",
                    account_id=person,
                    meeting=("N1", "N2", "N3", "T6")[n % 4],
                    stage=("accepted", "draft", "withdrawn", "submitted")[n % 4],
                    begun_at=b.AT,
                )
            )
        db.session.commit()
    assert len([tr for tr in aissata.open("/delegates/").all("tr") if "cards" in tr["within"]]) == 1 + 15
    assert statements(aissata, "/delegates/") == one
    assert one <= 12
    assert statements(aissata, f"{at}") <= 16
