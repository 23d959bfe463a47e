"""The officers' desk: one next step, then what else waits, the most urgent first; what is others' stands apart."""

from datetime import date

import pytest

from tests import builders as b
from tests.conftest import NOW
from tests.web.awarded import tasks
from tests.web.house import APPROVES, CERTIFIES, PAYS, SCREENS
from tests.web.test_screening import decided, delegate, sent
from trustfund.operations import people, proposals, screening

DESK = "/officers/"


def others(page):
    """What waits for other officers -> for whom it is."""
    lines = [a["text"] for a in page.all("a") if "others" in a["within"]]
    notes = [p["text"] for p in page.all("p") if "others" in p["within"]]
    return dict(zip(lines, notes, strict=True))


def tags(page):
    return [e["text"] for e in page.all("span") if "tag" in e.get("class", "").split() and "tasks" in e["within"]]


def test_one_task_is_the_next_and_has_the_only_full_button(house):
    sent(house)
    page = house.visitor(SCREENS).open(DESK)
    first, address = next(iter(tasks(page).items()))
    (button,) = page.all("a", **{"class": "btn"})
    assert (button["href"].replace("&amp;", "&"), button["aria-labelledby"]) == (address, "begin next")
    assert page.all("a", id="next")[0]["text"] == first


def test_what_is_due_first_stands_first_and_what_any_officer_may_do_comes_after(house):
    sent(house)
    sent(house, by=delegate(house, "Bikash Gurung"), meeting="N3")
    said = list(tasks(house.visitor(SCREENS).open(DESK)))
    shared = next(n for n, line in enumerate(said) if "pledge" in line or "contribution" in line)
    assert said[:2] == [
        "One application to screen: Second round of negotiations",
        "One application to screen: Third round of negotiations",
    ]
    assert shared >= 2


def test_a_task_says_by_which_day_and_by_how_much_it_is_late(house):
    sent(house)
    with house.at_work():
        pledge = b.pledge(house.things["luxembourg"], expected_on=date(2018, 1, 14))
        b.agreement(pledge, house.things["salma"])
    page = house.visitor(SCREENS).open(DESK)
    assert tags(page)[0] == "By 12 February 2018", "the selection day of the second round"
    assert "10 days late" in tags(page)
    assert "The donors are reminded; the earliest was due on 14 January 2018" in page.words("p")


def test_what_other_officers_do_stands_apart_with_their_functions(house):
    sent(house)
    said = "One application to screen: Second round of negotiations"
    for who in (APPROVES, PAYS, "head"):
        page = house.visitor(who).open(DESK)
        assert said not in tasks(page), who
        assert others(page)[said] == "For: Screening", who
    assert said not in others(house.visitor(SCREENS).open(DESK))


@pytest.mark.parametrize("who", ["head", "officer without designation"])
def test_to_whom_nothing_falls_the_desk_says_what_comes_next(house, who):
    page = house.visitor(who).open(DESK)
    assert page.words("h1") == "Nothing waits for you"
    assert not page.all("a", **{"class": "btn"})
    assert page.words("dt").startswith("26 January 2018 ")
    assert page.words("dd").startswith("Second round of negotiations: its call closes ")


def test_a_refusal_waits_until_the_days_to_answer_are_over(house):
    path = sent(house)
    decided(house, screening.propose_refusal, path, codes=["travel-needed"], words="She lives there.")
    page = house.visitor(CERTIFIES).open(DESK)
    assert "The first can be confirmed from 1 February 2018" in page.words("p")
    assert "By 1 February 2018" in tags(page)
    said = list(tasks(page))
    assert said.index("One proposed refusal to decide") < said.index("Second round of negotiations: fix its allotment")
    with house.on(NOW.replace(month=2, day=1)):
        page = house.visitor(CERTIFIES).open(DESK)
    assert "the days to answer are over" in page.words("p")


def test_a_designation_waits_for_every_officer_but_the_one_it_is_for(house):
    with house.at_work():
        terms = {"document": "ADM/2018/1", "from_day": b.date(2018, 1, 1), "to_day": None}
        people.make_designation(house.things["rafael"], function="paying", **terms, by=house.things["miriam"], at=NOW)
    said = "One designation to confirm"
    assert said in tasks(house.visitor(SCREENS).open(DESK))
    page = house.visitor(CERTIFIES).open(DESK)
    assert said not in tasks(page)
    assert others(page)[said] == "For another officer"


def test_a_proposal_is_a_task_of_those_who_may_confirm_it(house):
    terms = {"amount": "90000.00", "basis": "decided", "document": "Allotment advice 2018/1"}
    with house.at_work():
        proposals.propose(
            "allotment.changed", subject="H4", content=terms, reason="Late.", by=house.things["rafael"], at=NOW
        )
    said = "One proposal of another officer to confirm"
    assert said in tasks(house.visitor(APPROVES).open(DESK))
    assert others(house.visitor(SCREENS).open(DESK))[said] == "For: Certifying and Approving"
    mine = house.visitor(CERTIFIES).open(DESK)
    assert said not in {**tasks(mine), **others(mine)}, "who proposed it waits for the others"


def test_who_has_decided_is_led_to_the_next_application_of_the_meeting(house):
    path, second = sent(house), sent(house, by=delegate(house, "Bikash Gurung"), family_name="Gurung")
    officer = house.visitor(SCREENS)
    officer.fill(path, "/acceptance")
    page = officer.open(path)
    assert page.all("a", href=second)[0]["text"] == "Screen the next one of this meeting"
    officer.fill(second, "/acceptance")
    assert "Screen the next one" not in officer.open(second).text
