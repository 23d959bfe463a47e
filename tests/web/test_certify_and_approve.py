"""Two persons certify and approve an award, each once and what was seen; the page says in words why not."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.web.awarded import (
    CERTIFICATION,
    also,
    award,
    by_hand,
    certified_page,
    colleague,
    disabled,
    done,
    headings,
    path,
    rows,
    tasks,
    until,
)
from tests.web.house import APPROVES, CERTIFIES, opened
from trustfund.extensions import db
from trustfund.models.people import Designation
from trustfund.operations import people, proposals
from trustfund.operations.allowances import record_provision
from trustfund.services import clock as now_of


@pytest.fixture
def house(proposed, tmp_path: Path):
    """Their house, on the day after the seats were proposed."""
    yield from opened(proposed, tmp_path / "instance", j.OFFERED)


def ended(house, function):
    with house.at_work(), seats.on(j.OFFERED):
        made = db.session.scalar(select(Designation.reference).where(Designation.function == function))
        people.end_designation(made, by=seats.who("Miriam"), at=j.OFFERED)


def test_the_certifying_officer_certifies_and_the_approving_officer_approves_what_each_saw(house):
    done(house, j.accepted)
    rafael, lise, before = house.visitor(CERTIFIES), house.visitor(APPROVES), house.events()
    page = rafael.open(path(house))
    assert page.words("p", **{"class": "lead"}) == "The delegate accepted the seat. It waits for a certifying officer."
    assert "Certify 3,150.44 USD" in page.words("button")
    answer = rafael.send(page, "/certification")
    assert (answer.status, answer.location) == (302, path(house))
    assert award(house) == ("certified", before + 1)
    page = lise.open(path(house))
    assert page.words("p", **{"class": "lead"}) == "Certified. It waits for an approving officer."
    assert lise.send(page, "/approval").status == 302
    assert award(house) == ("approved", before + 2)
    assert f"The award is approved: entry {before + 2} of the record." in lise.open(path(house)).text
    told = [(li["text"].partition(",")[0]) for li in lise.open(path(house)).all("li") if "Entry" in li["text"]]
    assert told[-2:] == ["Award certifiedRafael Example", "Award approvedLise Example"]
    assert "Committed3,150.44" in rows(lise.open(path(house)))


def test_who_certified_sees_why_another_must_approve_and_who_can(house):
    also(house, "Lise", "certifying")
    done(house, j.accepted)
    lise = house.visitor(APPROVES)
    certified_page(house, lise)
    page = lise.open(path(house))
    assert disabled(page) == ["Approve 3,150.44 USD"]
    assert page.all("p", id="why")[0]["text"] == "You certified this award; another officer must approve it."
    assert "May do it: Tomas Example" in page.words("p")
    assert "Certified by" in page.words("dt")
    assert page.words("dd").count("you,") == 1


def test_the_same_person_twice_is_refused_in_words_and_nothing_changes(house):
    also(house, "Lise", "certifying")
    done(house, j.accepted)
    lise = house.visitor(APPROVES)
    certified_page(house, lise)
    stage, seq = award(house)
    before = house.events()
    page = by_hand(lise, lise.open(path(house)), f"{path(house)}/approval", version=str(seq))
    assert page.status == 409
    assert page.refusal == (
        "Refused, nothing has changed. You certified this award; another officer must approve it. "
        f"The attempt is entry {before + 1} of the record."
    )
    assert page.words("h1") == "Hind Tayeb, Sudan"
    assert award(house) == (stage, seq)
    assert "One attempt was refused" in headings(page)


def test_whose_designation_ended_meanwhile_is_refused_on_the_same_page(house):
    done(house, j.accepted)
    rafael = house.visitor(CERTIFIES)
    page, stands = rafael.open(path(house)), award(house)
    ended(house, "certifying")
    answer = rafael.send(page, "/certification")
    assert answer.status == 403
    assert "You have no designation in force today for this." in answer.refusal
    assert disabled(answer) == ["Certify 3,150.44 USD"]
    assert award(house) == stands


def test_an_officer_of_the_delegates_own_state_sees_that_another_acts(house):
    done(house, j.accepted)
    omar = colleague(house, "Omar", "certifying", state="SDN")
    page, stands = omar.open(path(house)), award(house)
    assert CERTIFICATION not in tasks(omar.open("/officers/")).values()
    said = "This award is for a delegate of your own State; another officer acts. Nothing has been changed."
    assert disabled(page)[0] == "Certify 3,150.44 USD"
    assert page.all("p", id="why")[0]["text"] == said
    token = omar.open("/account/second-factor")
    answer = by_hand(omar, token, f"{path(house)}/certification", version=str(stands[1]))
    assert (answer.status, said in answer.refusal) == (409, True)
    assert award(house) == stands


def test_an_officer_without_designation_and_the_head_read_and_are_offered_nothing(house):
    done(house, j.accepted)
    for who in ("officer without designation", "head"):
        page = house.visitor(who).open(path(house))
        assert disabled(page) == ["Certify 3,150.44 USD"], who
        assert "May do it: Rafael Example" in page.words("p"), who
        assert headings(page) == [], who


@pytest.mark.parametrize("who", ["auditor", "donor", "administrator"])
def test_who_is_no_officer_finds_no_award_here(house, who):
    done(house, j.accepted)
    visitor, stands = house.visitor(who), award(house)
    assert visitor.open(path(house)).status == 403
    token = visitor.open("/account/second-factor")
    assert by_hand(visitor, token, f"{path(house)}/certification", version=str(stands[1])).status == 403
    assert award(house) == stands


def test_who_signed_in_long_ago_says_first_who_it_is_and_then_it_is_certified_once(house, monkeypatch):
    done(house, j.accepted)
    rafael, start = house.visitor(CERTIFIES), now_of.real_now()
    page, stands = rafael.open(path(house)), award(house)
    monkeypatch.setattr(now_of, "real_now", lambda: start + timedelta(minutes=20))
    asked = rafael.send(page, "/certification")
    assert (asked.status, asked.words("h1")) == (403, "Confirm that it is you")
    assert award(house) == stands
    assert rafael.send(asked, confirm_password=b.PASSWORD).status == 302
    assert award(house) == ("certified", stands[1] + 1)


def test_a_page_that_is_older_than_the_award_says_what_changed_and_can_be_sent_again(house):
    done(house, j.accepted)
    rafael = house.visitor(CERTIFIES)
    page = rafael.open(path(house))
    done(house, j.quoted, amount="1300.00")
    answer = rafael.send(page, "/certification")
    assert (answer.status, award(house)[0]) == (409, "accepted")
    assert "This award has changed since you opened the page" in answer.refusal
    assert "What changed since:" in answer.words("p")
    changed = [li["text"] for li in answer.all("li") if "small" in li["within"]]
    assert changed == [f"Entry {award(house)[1]}: Fare quote recorded, 25 January 2018, 10:00\xa0UTC, Ines Example"]
    assert "Certify 3,432.94 USD" in answer.words("button")
    assert rafael.send(answer, "/certification").status == 302
    assert award(house)[0] == "certified"


def test_a_cost_that_changed_without_the_award_is_shown_before_it_is_certified(house):
    done(house, j.accepted)
    rafael = house.visitor(CERTIFIES)
    page = rafael.open(path(house))
    with house.at_work(), seats.on(j.OFFERED):
        ines = seats.who("Ines")
        record_provision("N1", factor="0.50", transport=False, given={}, seen_number=0, by=ines, at=j.OFFERED)
    answer = rafael.send(page, "/certification")
    assert (answer.status, award(house)[0]) == (409, "accepted")
    assert "The cost has changed since you opened the page: it is 2,282.60 now." in answer.refusal
    assert "Certify 2,282.60 USD" in answer.words("button")
    assert rafael.send(answer, "/certification").status == 302


def test_a_button_pressed_twice_certifies_once(house):
    done(house, j.accepted)
    rafael, before = house.visitor(CERTIFIES), house.events()
    page = rafael.open(path(house))
    first, second = rafael.send(page, "/certification"), rafael.send(page, "/certification")
    assert (first.status, second.status, second.location) == (302, 302, path(house))
    assert house.events() == before + 1


def test_a_dearer_journey_needs_a_reason_and_two_approving_officers(house):
    done(house, j.accepted)
    done(house, j.quoted, amount="1300.00")
    done(house, j.quoted, amount="1450.00", choose=True)
    rafael, lise = house.visitor(CERTIFIES), house.visitor(APPROVES)
    page = rafael.open(path(house))
    assert "not the cheapest: needs a reason" in page.words("small")
    answer = rafael.send(page, "/certification")
    assert answer.problems == {"certification-reason": "Give the reason, in at most 2,000 characters."}
    assert rafael.send(answer, "/certification", reason="The other lands after the opening.").status == 302
    lise.send(lise.open(path(house)), "/approval")
    page = lise.open(path(house))
    stage, seq = award(house)
    assert stage == "certified"
    assert (
        f"One approval is recorded: entry {seq} of the record. The award is not approved yet: a second approving "
        "officer must approve it too." in page.text
    )
    assert "The award is approved" not in page.text
    assert "Award approved: 1 of 2 approvals" in page.words("strong")
    assert page.words("p", **{"class": "lead"}) == (
        "Certified, and approved by Lise Example. A second approving officer must approve it too: Tomas Example."
    )
    assert page.all("q")[0]["text"] == "The other lands after the opening."
    assert disabled(page) == ["Approve 3,602.44 USD"]
    assert "You approved this award already" in page.all("p", id="why")[0]["text"]
    done(house, j.approved, by="Tomas")
    assert award(house)[0] == "approved"


def test_a_charge_that_the_allotment_does_not_hold_is_refused_with_the_sum_that_is_left(house):
    until(house, j.certified)
    with house.at_work(), seats.on(j.CERTIFIED):
        content = {"amount": "9000.00", "basis": "decided", "document": "Allotment advice 2018/1"}
        made = proposals.propose(
            "allotment.changed", subject="N1", content=content, reason="Less.", by=seats.who("Rafael"), at=j.CERTIFIED
        )
        proposals.confirm(made.on, by=seats.who("Tomas"), at=j.CERTIFIED)
    lise, stands = house.visitor(APPROVES), award(house)
    page = lise.send(lise.open(path(house)), "/approval")
    assert page.status == 409
    assert "but the allotment of N1 has only" in page.refusal
    assert award(house) == stands


def test_an_approval_that_the_money_does_not_hold_is_no_button(house, monkeypatch):
    until(house, j.certified)
    monkeypatch.setattr("trustfund.web.award_page.spendable_for", lambda *_: {"": Decimal("1243.12")})
    page = house.visitor(APPROVES).open(path(house))
    assert disabled(page) == ["Approve 3,150.44 USD"]
    assert page.all("p", id="why")[0]["text"] == (
        "This award would charge the Fund 3,150.44, but only 1,243.12 is spendable."
    )
    assert rows(page)[-3:] == ["Spendable now1,243.12", "This award−3,150.44", "Left after approval−1,907.32"]


def test_who_sent_an_award_back_says_why_and_it_waits_to_be_certified_again(house):
    until(house, j.certified)
    lise = house.visitor(APPROVES)
    page = lise.open(path(house))
    assert lise.send(page, "/withdrawal").problems == {
        "withdrawal-reason": "Write the reason, in at most 2,000 characters."
    }
    assert lise.send(page, "/withdrawal", reason="The visa is missing.").status == 302
    assert award(house)[0] == "accepted"
    assert lise.open(path(house)).words("q") == "The visa is missing."
