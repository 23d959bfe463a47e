"""One award at the officers' door: its cost line by line, its journey, and letters that stand for a delegate."""

import json
from pathlib import Path

import pytest

from tests import journeys as j
from tests import seats
from tests.reports.reading import words_of
from tests.web.awarded import (
    award,
    disabled,
    done,
    headings,
    path,
    rows,
    seat,
    until,
)
from tests.web.counting import statements
from tests.web.house import CERTIFIES, PAYS, SCREENS, opened
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.people import Account
from trustfund.operations.allowances import record_provision


@pytest.fixture
def house(proposed, tmp_path: Path):
    """Their house, on the day after the seats were proposed."""
    yield from opened(proposed, tmp_path / "instance", j.OFFERED)


# One award


def test_an_award_shows_its_cost_line_by_line_with_rate_and_rule(house):
    done(house, j.accepted)
    done(house, j.quoted, amount="1300.00")
    page = house.visitor(CERTIFIES).open(path(house))
    assert page.words("h1") == "Hind Tayeb, Sudan"
    assert f"Award {house.things['hind']}, seat {seat(house)}, version {award(house)[1]}" in page.words("p")
    assert rows(page)[:7] == [
        "Tickethome – New York – home: Agent 1. Economy class, quoted on 25 January 20181,300.00",
        "Daily subsistence4 nights, 19 February 2018 to 23 February 2018, at 384.00 in New York "
        "(example, in force from 1 February 2018); factor 1.001,536.00",
        "Terminal expenses2 trips in New York at 63.00, the rate of 19 February 2018 "
        "(example, in force from 1 January 2016)126.00",
        "Terminal expenses2 trips in Khartoum at 38.00, the rate of 23 February 2018 "
        "(example, in force from 1 January 2016)76.00",
        "Cost3,038.00",
        "Support costProgramme support cost, 13 per cent of expenditure, in force since 3 April 2017394.94",
        "Charge to the fund3,432.94",
    ]
    assert "Place 1 of 3" in page.words("strong")
    assert "Ahead of place 2: Sudan" in page.words("p")


def test_what_the_meeting_gives_lowers_its_nights_and_is_named_with_its_day(house):
    done(house, j.accepted)
    provide(house, {"2018-02-20": ["lunch"], "2018-02-22": ["lunch", "dinner"]})
    told = rows(house.visitor(CERTIFIES).open(path(house)))
    rate = "at 384.00 in New York (example, in force from 1 February 2018)"
    assert told[2:5] == [
        f"Daily subsistenceOne night, 20 February 2018 to 21 February 2018, {rate}; factor 0.80; "
        "less 12 per cent for lunch on 20 February 2018, given by the meeting270.34",
        f"Daily subsistenceOne night, 21 February 2018 to 22 February 2018, {rate}; factor 0.80307.20",
        f"Daily subsistenceOne night, 22 February 2018 to 23 February 2018, {rate}; factor 0.80; "
        "less 12 per cent for lunch on 22 February 2018 and 12 per cent for dinner on 22 February 2018, "
        "given by the meeting233.47",
    ]


def test_transport_that_the_meeting_gives_is_the_rule_of_its_trips(house):
    done(house, j.accepted)
    provide(house, {}, transport=True)
    told = rows(house.visitor(CERTIFIES).open(path(house)))
    assert (
        "Terminal expenses2 trips in New York at 11.00, the rate of 19 February 2018 "
        "(example, in force from 1 January 2016); with transport given by the meeting22.00" in told
    )


def test_a_certified_cost_tells_what_the_meeting_gave_when_it_was_certified(house):
    done(house, j.accepted)
    provide(house, {"2018-02-20": ["lunch"]})
    done(house, j.certified)
    page = house.visitor(CERTIFIES)
    certified = rows(page.open(path(house)))
    provide(house, {"2018-02-22": ["dinner"]}, seen=1)
    assert rows(page.open(path(house))) == certified
    assert "less 12 per cent for lunch on 20 February 2018, given by the meeting" in " ".join(certified)


def test_a_cost_that_was_kept_before_its_lines_told_so_is_told_by_what_it_has(house):
    done(house, j.accepted)
    provide(house, {"2018-02-20": ["lunch"]})
    done(house, j.certified)
    with house.at_work():
        found = json.loads(j.award(house.things["hind"]).lines)
        for line in found["lines"]:
            for later in ("since", "factor", "given"):
                line.pop(later, None)
        db.session.execute(Award.__table__.update().values(lines=json.dumps(found)))
        db.session.commit()
    told = rows(house.visitor(CERTIFIES).open(path(house)))
    assert told[2:3] + told[4:5] == [
        "Daily subsistenceOne night, 20 February 2018 to 21 February 2018, "
        "at 384.00 in New York (example); × 0.704270.34",
        "Terminal expenses2 trips in New York at 63.00, the rate of 19 February 2018 (example)126.00",
    ]


def provide(house, given, *, transport=False, seen=0):
    """What the meeting gives from now on, at four fifths of the allowance."""
    with house.at_work(), seats.on(j.OFFERED):
        ines = seats.who("Ines")
        record_provision("N1", factor="0.80", transport=transport, given=given, seen_number=seen, by=ines, at=j.OFFERED)


def test_where_a_rate_is_wanting_the_page_says_which_and_nothing_can_be_certified(house, monkeypatch):
    done(house, j.accepted)
    monkeypatch.setattr("trustfund.operations.journeys.dsa_rates_for", lambda *_: ())
    page = house.visitor(CERTIFIES).open(path(house))
    why = "There is no rate for New York on 19 February 2018. Enter the rate in force on that day first."
    assert f"The cost cannot be computed yet. {why}" in page.words("p")
    assert disabled(page) == ["Certify"]
    assert page.all("p", id="why")[0]["text"] == why


def test_a_page_needs_as_many_statements_however_much_happened(house):
    done(house, j.accepted)
    officer = house.visitor(SCREENS)
    done(house, j.quoted, amount="1300.00")
    few = statements(officer, path(house))
    for _ in range(4):
        done(house, j.quoted, amount="1400.00")
    assert statements(officer, path(house)) == few


# The journey


def test_quotes_are_recorded_and_another_is_chosen(house):
    done(house, j.accepted)
    ines = house.visitor(SCREENS)
    typed = {"route": "Khartoum – New York – Khartoum", "source": "Agent 1, no. 7"}
    for fare in ("1300.00", "1250.00"):
        assert ines.fill(path(house), "/quotes", amount=fare, **typed).status == 302
    page = ines.open(path(house))
    assert page.words("summary").startswith("Choose another quote")
    assert ines.send(page, "/quotes/choice", number="2").status == 302
    assert rows(ines.open(path(house)))[0].endswith("1,250.00")


def test_other_days_than_usual_need_a_reason(house):
    done(house, j.accepted)
    ines = house.visitor(SCREENS)
    page = ines.fill(path(house), "/journey", days_after="1", visa="160.00")
    assert page.problems == {"journey-reason": "Give the reason, in at most 2,000 characters."}
    assert ines.send(page, "/journey", reason="No flight in the evening.").status == 302
    page = ines.open(path(house))
    assert "5 nights, 19 February 2018 to 24 February 2018" in rows(page)[1]
    assert "VisaFee announced, paid against the receipt160.00" in rows(page)
    assert page.words("q") == "No flight in the evening."


def test_after_the_approval_travel_is_authorized_and_the_ticket_costs_at_most_what_was_certified(house):
    until(house, j.approved)
    ines = house.visitor(SCREENS)
    with house.on(j.TICKETED):
        assert ines.open(f"{path(house)}/authorization.pdf").status == 404
        assert ines.fill(path(house), "/authorization").status == 302
        paper = ines.open(f"{path(house)}/authorization.pdf")
        assert (paper.status, paper.type, paper.data[:5]) == (200, "application/pdf", b"%PDF-")
        assert ines.open(f"{path(house)}/authorization.pdf").data == paper.data
        assert ines.open(path(house)).all("a", href=f"{path(house)}/authorization.pdf")
        page = ines.fill(path(house), "/ticket", price="1400.00", number="057-1")
        assert list(page.problems) == ["price"]
        assert ines.send(page, "/ticket", price="1000.00").status == 302
    assert award(house)[0] == "ticketed"
    assert "Pay the advance" in house.visitor(PAYS).open(path(house)).words("a")


def test_an_officer_s_copy_of_the_paper_is_in_the_delegate_s_language_or_in_the_one_that_is_asked_for(house):
    until(house, j.authorized)
    with house.at_work():
        db.session.execute(db.update(Account).where(Account.name == "Hind Tayeb").values(language="fr"))
        db.session.commit()
    ines, paper = house.visitor(SCREENS), f"{path(house)}/authorization.pdf"
    assert "Autorisation de voyage" in words_of(ines.open(paper).data)
    assert "Autorisation de voyage" in words_of(ines.open(f"{paper}?lang=xx").data)
    assert "Travel authorization" in words_of(ines.open(f"{paper}?lang=en").data)


def test_the_paper_is_gone_with_an_award_that_is_cancelled(house):
    until(house, j.authorized)
    ines = house.visitor(SCREENS)
    with house.on(j.TICKETED):
        assert ines.fill(path(house), "/cancellation", reason="The minister goes himself.").status == 302
        assert ines.open(f"{path(house)}/authorization.pdf").status == 404
        page = ines.open(path(house))
    assert page.words("p", **{"class": "lead"}) == "Cancelled. The journey is not made."
    assert page.words("q") == "The minister goes himself."
    assert "Nothing more can be decided here." in page.words("p")


def test_the_attendance_waits_for_the_first_day_and_who_did_not_come_is_recorded(house):
    until(house, j.ticketed)
    ines = house.visitor(SCREENS)
    page = ines.open(path(house))
    assert "The meeting begins on 20 February 2018." in page.words("p")
    with house.on(j.FIRST_DAY):
        page = ines.open(path(house))
        assert "Confirm the attendance" in page.words("button")
        assert ines.send(page, "/no-show", refund="100.00", reason="Not seen.").status == 302
    assert award(house)[0] == "no-show"


# Letters


def test_an_answer_by_letter_names_the_letter(house):
    ines = house.visitor(SCREENS)
    page = ines.open(path(house))
    assert ines.send(page, "/answer", answer="accepted").problems == {
        "answer-document": "Enter by which letter or message the answer came, with its date."
    }
    assert ines.send(page, "/answer", answer="accepted", document="Letter of 24 January 2018").status == 302
    assert award(house)[0] == "accepted"
    page = ines.open(path(house))
    assert [one["value"] for one in page.all("input", name="answer")] == ["declined"]
    assert ines.send(page, "/answer", answer="declined", document="Letter of 25 January 2018").status == 302
    assert award(house)[0] == "declined"


def test_a_government_replaces_its_delegate_by_note_verbale(house):
    with house.at_work():
        public = seats.delegate("Omar Hassan", "SDN", at=j.OFFERED)
    ines = house.visitor(SCREENS)
    page = ines.fill(path(house), "/replacement", successor="N1-NONE", document="Note 18/4 of 25 January 2018")
    assert list(page.problems) == ["successor"]
    assert ines.send(page, "/replacement", successor=public).status == 302
    assert ines.open(path(house)).words("h1") == "Omar Hassan, Sudan"


def test_an_officer_enters_bank_details_only_for_who_has_no_account_here(house):
    done(house, j.accepted)
    ines = house.visitor(SCREENS)
    assert "Enter the bank details" not in headings(ines.open(path(house)))
    with house.at_work():
        db.session.execute(Award.__table__.update().values(account_id=None))
        db.session.commit()
    typed = {"holder": "H. Tayeb", "account": j.IBAN, "bic": "COBADEFF", "country": "DE"}
    page = ines.fill(path(house), "/bank", **typed | {"account": "DE88370400440532013000"})
    assert list(page.problems) == ["account"]
    assert ines.send(page, "/bank", account=j.IBAN).status == 302
    page = ines.open(path(house))
    assert "•••• 3000, USD" in page.words("dd")
    assert j.IBAN not in page.text
