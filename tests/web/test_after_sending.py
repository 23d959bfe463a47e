"""What follows the sending: Aïssata's confirmation, her code, the look-up without signing in, the letters."""

import re
import shutil
from datetime import UTC, datetime

import pytest

from tests import journeys as j
from tests import seats
from tests.builders import PASSWORD
from tests.reports.reading import words_of
from tests.web.applying import delegate, filled, kept, screened, submitted
from tests.web.house import opened
from tests.web.travelling import OFFERED, PEOPLE
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.record import Event
from trustfund.operations import offers, people, screening
from trustfund.web import papers_applications

LATER = datetime(2018, 2, 13, 9, tzinfo=UTC)
TOGETHER = "This reference and this code do not belong together."


def asked(house, reference, code):
    return house.visitor().fill("/status", reference=reference, code=code)


@pytest.fixture(scope="module")
def applied(furnished, tmp_path_factory):
    """The folder of a house where Aïssata has applied, what her browser keeps, and what she saw right after sending."""
    for house in opened(furnished, tmp_path_factory.mktemp("applied") / "instance"):
        aissata = delegate(house, "Aissata Ouédraogo")
        at = filled(aissata)
        page = submitted(aissata, at)
    return house.app.instance_path, aissata.client.get_cookie("trustfund").value, (at, page)


@pytest.fixture
def aissata(house, applied):
    folder, cookie, _ = applied
    shutil.copytree(folder, house.app.instance_path, dirs_exist_ok=True)
    browser = Visitor(house.app)
    browser.client.set_cookie("trustfund", cookie)
    return browser


@pytest.fixture
def sent(aissata, applied):
    """The address of her application, and the page right after sending."""
    return applied[2]


def code_on(page):
    return re.search(r"\b[2-9A-Z]{4} [2-9A-Z]{4}\b", page.words("bdi"))[0]


@pytest.fixture
def written(monkeypatch):
    """The letters that are drawn, as they are told before the glyphs."""
    drawn, draw = [], papers_applications.draw_letter
    monkeypatch.setattr(
        papers_applications, "draw_letter", lambda letter, voice: drawn.append(letter) or draw(letter, voice)
    )
    return drawn


def last_mail(house):
    with house.at_work():
        return db.session.query(Mail).order_by(Mail.id.desc()).first()


def test_the_confirmation_says_reference_meeting_time_and_what_happens_next(house, aissata, sent, written):
    at, page = sent
    paper = aissata.open(f"{at}/confirmation.pdf")
    assert (paper.status, paper.type) == (200, "application/pdf")
    assert paper.data == aissata.open(f"{at}/confirmation.pdf").data, "the same paper each time"
    assert written[0].dear == "Dear \u2068Aïssata Ouédraogo\u2069,"
    assert dict(written[0].facts) == {
        "Application": kept(house, at).public,
        "Delegate": "Aïssata Ouédraogo",
        "State": "Burkina Faso",
        "Meeting": "Second round of negotiations, New York",
        "Days of the meeting": "12–15 March 2018",
        "Sent": "24 January 2018, 09:00 (UTC−5)",
        "Deadline of the call": "26 January 2018, 23:59 (UTC−5)",
        "Complete since": "24 January 2018, 09:00 (UTC−5)",
        "On time or late": "On time",
    }
    said = words_of(paper.data)
    assert "Seats are given on 12 February 2018" in said
    assert code_on(page) in said
    with house.at_work():
        entry = db.session.query(Event).filter_by(action="application.submitted").one()
    assert f"{entry.seq} {entry.hash[:4]} {entry.hash[4:8]} {entry.hash[8:12]}" in said


def test_the_code_is_shown_once_and_stands_in_the_mail(house, aissata, sent):
    at, page = sent
    code, letter = code_on(page), last_mail(house)
    assert "Your code, shown once" in page.words("h2")
    assert code in letter.text
    assert f"{at}/confirmation.pdf" in letter.text
    assert code not in aissata.open(at).text
    assert code.replace(" ", "") not in kept(house, at).lookup


def test_reference_and_code_show_the_stage_and_nothing_of_the_person(house, aissata, sent):
    at, page = sent
    public = kept(house, at).public
    shown = asked(house, public.lower(), code_on(page).lower())
    assert (shown.status, shown.words("h1")) == (200, "Your application has arrived")
    assert "Waits for screening" in shown.words("dd")
    assert "Yes, and on time" in shown.words("dd")
    assert "Seats are given on 12 February 2018." in shown.words("p")
    for hidden in ("Ouédraogo", "Burkina", "BFA", "aissata@example.org", "Ouagadougou"):
        assert hidden not in shown.text, hidden
    screened(house, at, screening.ask_for_changes, words="Which meeting?")
    assert asked(house, public, code_on(page)).words("h1") == "The fund asks you for a change"


def test_a_wrong_code_and_an_unknown_reference_are_answered_alike(house, sent):
    at, _ = sent
    wrong, unknown = asked(house, kept(house, at).public, "2222 2222"), asked(house, "N2-ZZZZ", "2222 2222")
    assert wrong.problems == unknown.problems == {"code": TOGETHER}
    assert (wrong.status, unknown.status) == (422, 422)


def test_a_reference_is_closed_after_ten_wrong_codes_where_they_were_typed(house, sent):
    at, page = sent
    public = kept(house, at).public
    for _ in range(10):
        assert asked(house, public, "22222222").problems == {"code": TOGETHER}
    assert "Wait 15 minutes" in asked(house, public, code_on(page)).problems["code"]
    assert "Wait 15 minutes" in asked(house, at.rpartition("/")[2], code_on(page)).problems["code"]
    assert "After 10 wrong codes" in house.visitor().open("/status").words("p")


def test_many_behind_one_address_are_not_locked_out_but_a_machine_is(house, sent):
    at, page = sent
    house.app.config["FAILURES_PER_ADDRESS"] = 3
    for n in range(3):
        asked(house, f"N2-222{n + 2}", "22222222")
    assert "Wait 15 minutes" in asked(house, kept(house, at).public, code_on(page)).problems["code"]


def test_a_new_code_ends_the_old_one(house, aissata, sent):
    at, page = sent
    public, old = kept(house, at).public, code_on(page)
    answer = aissata.fill(at, f"{at}/code")
    page = aissata.open(answer.location.partition("#")[0])
    assert "It stands nowhere else" in page.words("p")
    new = code_on(page)
    assert asked(house, public, old).problems == {"code": TOGETHER}
    assert asked(house, public, new).status == 200
    assert old not in words_of(aissata.open(f"{at}/confirmation.pdf").data)
    assert house.faults() == []


def test_papers_are_for_their_person_and_officers_who_do_not_see_the_code(house, aissata, sent):
    at, page = sent
    other = delegate(house, "Binta Diallo", "BFA")
    assert other.open(f"{at}/confirmation.pdf").status == 404
    assert other.open(f"{at}/letter.pdf").status == 404
    path = at.replace("delegates", "officers")
    seen = house.visitor("screening officer").open(f"{path}/confirmation.pdf")
    assert seen.status == 200
    assert code_on(page) not in words_of(seen.data)
    assert house.visitor("mission").open(f"{path.replace('officers', 'missions')}/confirmation.pdf").status == 404


def test_while_it_is_changed_the_confirmation_is_its_persons_and_says_nothing_unsent(house, aissata, sent, written):
    at, _ = sent
    screened(house, at, screening.ask_for_changes, words="Which meeting?")
    officer, path = house.visitor("screening officer"), at.replace("delegates", "officers")
    assert officer.open(f"{path}/confirmation.pdf").status == 404
    assert f"{path}/confirmation.pdf" not in officer.open(path).text
    assert aissata.open(f"{at}/confirmation.pdf").status == 200
    assert written[-1].dear == "Dear Madam or Sir,"
    assert not {"Delegate", "State"} & {*dict(written[-1].facts)}


def test_the_letter_of_a_refusal_has_all_reasons_each_with_its_authority(house, aissata, sent, written):
    at, _ = sent
    assert aissata.open(f"{at}/letter.pdf").status == 404, "nothing is decided yet"
    codes = ["no-overdue-claim", "travel-needed"]
    screened(house, at, screening.propose_refusal, codes=codes, words="You live in New York.")
    house.stands_at(LATER)
    by = {"by": house.things["rafael"], "at": LATER}
    with house.at_work():
        found = kept(house, at)
        screening.confirm_refusal(found.reference, seen=found.seq, **by)
        db.session.remove()
    letter = aissata.open(f"{at}/letter.pdf")
    assert letter.status == 200
    assert [(one.rule, one.authority) for one in written[0].reasons] == [
        ("Travel needed", "Fund practice"),
        ("No overdue claim", "Fund practice"),
    ]
    assert written[0].words == "You live in New York."
    assert "1. Travel needed" in words_of(letter.data)
    assert "Letter: refused, with all reasons (PDF)" in aissata.open(at).words("a")
    assert f"{at}/letter.pdf" in last_mail(house).text
    assert house.visitor("screening officer").open(f"{at.replace('delegates', 'officers')}/letter.pdf").status == 200


def test_the_letter_of_the_waiting_list_names_the_place_and_what_is_missing(house, written):
    with house.at_work():
        _, (amna, _) = seats.decided_by_two(PEOPLE, "1000.00")
        people.set_password(people.account_of("amna@example.org"), PASSWORD)
        reference = seats.application(amna).reference
        db.session.remove()
    house.stands_at(OFFERED)
    browser = Visitor(house.app, "amna@example.org")
    assert browser.open(f"/delegates/applications/{reference}/letter.pdf").status == 200
    assert written[0].lead == "You are on the waiting list for this meeting."
    assert ("Selection", "Run 1, kept on 24 January 2018") in written[0].facts
    assert "Place in the selection" in dict(written[0].facts)
    assert "more than was left" in written[0].told[1]
    page = browser.open(f"/delegates/applications/{reference}")
    assert "Letter: your place in the list (PDF)" in page.words("a")


def test_a_seat_has_its_letter_until_it_is_given_back(seat, written):
    at = f"/delegates/applications/{seat.application}"
    assert seat.person.open(f"{at}/letter.pdf").status == 200
    assert written[0].lead == "A seat is proposed for you: the fund would pay your journey to this meeting."
    assert dict(written[0].facts)["Answer until"] == "3 February 2018"
    seat.until(j.accepted)
    assert seat.person.open(f"{at}/letter.pdf").status == 200
    assert written[1].lead == "You have a seat: the fund pays your journey to this meeting."
    with seat.house.at_work():
        offers.decline(seat.reference, seen=seat.award.seq, by=seats.who("Amna"), at=OFFERED)
        db.session.remove()
    assert seat.person.open(f"{at}/letter.pdf").status == 404
