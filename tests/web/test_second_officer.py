"""Two officers at their door: the status of a State is amended, a consultation is added, and nothing by one alone."""

import re

import pytest

from tests import seats
from tests.conftest import NOW
from tests.web.counting import statements
from trustfund.core.calendar_checks import checks
from trustfund.core.countries import PARTICIPATION, STATES
from trustfund.core.country_amendments import FACTS
from trustfund.extensions import db
from trustfund.models.fund import calendar_on
from trustfund.operations import allotments, proposals
from trustfund.web import officers_meetings, officers_states

INES, RAFAEL, JONAS = "screening officer", "certifying officer", "officer without designation"
AMENDMENT = {
    "fact": "ldc_to",
    "value": "2026-11-24",
    "document": "A/RES/76/8",
    "effective__day": "24",
    "effective__month": "11",
    "effective__year": "2026",
    "reason": "The Assembly decided it.",
}
NAIROBI = {
    "kind": "additional-consultation",
    "document": "A/RES/72/310",
    "code": "A1",
    "name_en": "Consultation in Nairobi",
    "name_fr": "Consultation à Nairobi",
    "city_en": "Nairobi",
    "city_fr": "Nairobi",
    "country": "KEN",
    "zone": "Africa/Nairobi",
    "phase": "III",
    "days__day": "14",
    "days__month": "6",
    "days__year": "2018",
    "day_2__day": "15",
    "day_2__month": "6",
    "day_2__year": "2018",
    "reason": "The Assembly convened it.",
}


def amend(house, **other):
    return house.known(INES).fill("/officers/states/BGD", "/amendments", **AMENDMENT | other)


def add(house, **other):
    return house.known(INES).fill("/officers/meetings/new", **NAIROBI | other)


def buttons(page):
    return [e["text"] for e in page.all("button") if "Sign" not in e["text"]]


# What waits


def test_where_nothing_waits_the_page_says_what_will_stand_there(house):
    page = house.known(INES).open("/officers/proposals")
    assert page.words("h1") == "Nothing waits for a second officer"
    assert "later runs and overrides will stand here" in page.words("p")
    assert page.all("a", href="/officers/meetings/new")


def test_a_proposal_is_read_in_plain_words_by_the_officer_who_confirms_it(house):
    assert amend(house).location == "/officers/proposals"
    page = house.known(RAFAEL).open("/officers/proposals")
    assert page.words("h1") == "One proposal waits for a second officer"
    assert "Amend the status of a State: Bangladesh" in page.words("h2")
    words = page.words("dl")
    for text in (
        "Graduation, decided",
        "Is nowNever",
        "Becomes24 November 2026",
        "A/RES/76/8",
        "The Assembly decided it.",
        "Ines Okafor",
        "24 January 2018, 14:00 UTC",
    ):
        assert text in words, text
    assert buttons(page) == ["Confirm", "Decline"]
    done = house.known(RAFAEL).send(page, "/confirmation")
    after = house.known(RAFAEL).open(done.location)
    assert after.words("h1") == "Nothing waits for a second officer"
    assert re.search(r"Bangladesh.*Ines Okafor.*Rafael Haldane.*Confirmed", " ".join(after.words("tr").split()))
    assert "A/RES/76/8" in house.known(INES).open("/officers/states/BGD").words("td")


def test_who_proposed_it_reads_why_another_confirms_and_can_take_it_back(house):
    amend(house)
    page = house.known(INES).open("/officers/proposals")
    [button] = [b for b in page.all("button") if b.get("aria-disabled")]
    assert button["text"] == "Confirm"
    assert page.words("p", id=button["aria-describedby"]).startswith("You proposed this; another officer must confirm")
    assert not [f for f in page.seen.forms if f["action"].endswith("/confirmation")]
    assert "Take it back" in buttons(page)
    assert house.known(INES).send(page, "/rejection").status == 302
    after = house.known(RAFAEL).open("/officers/proposals")
    assert "Declined" in after.words("td")


def test_who_sends_the_form_all_the_same_is_refused_and_nothing_happened(house):
    amend(house)
    page = house.known(RAFAEL).open("/officers/proposals")
    action, fields = page.form("/confirmation")
    ines = house.known(INES)
    fields["csrf_token"] = ines.open("/officers/proposals").form("/rejection")[1]["csrf_token"]
    refused = ines.open(action, method="POST", data=fields)
    assert (refused.status, refused.words("h1")) == (409, "Refused, nothing has changed")
    assert "You proposed this" in refused.refusal


def test_what_was_decided_meanwhile_is_told(house):
    amend(house)
    rafael = house.known(RAFAEL)
    read = rafael.open("/officers/proposals")
    house.known(INES).fill("/officers/proposals", "/rejection")
    late = rafael.send(read, "/confirmation")
    assert late.status == 422
    assert "confirmed or declined already" in late.refusal


def test_who_has_no_designation_and_the_head_only_read(house):
    amend(house)
    jonas = house.known(JONAS).open("/officers/proposals")
    assert "This is for an officer designated for screening, certifying, approving, and paying." in " ".join(
        jonas.words("p").split()
    )
    assert [b for b in buttons(jonas) if b != "Confirm"] == []
    assert not [f for f in jonas.seen.forms if f["in main"]]
    assert buttons(house.known("head").open("/officers/proposals")) == []


def test_other_deeds_of_two_officers_are_shown_in_words_too(house):
    content = {"amount": "90000.00", "basis": allotments.BASES[1], "document": "Allotment advice 2018/3"}
    with house.at_work():
        proposals.propose(
            "allotment.changed",
            subject="N2",
            content=content,
            reason="More came in.",
            by=house.things["rafael"],
            at=NOW,
        )
    page = house.known("approving officer").open("/officers/proposals")
    assert "Change an allotment: N2, Second round of negotiations" in page.words("h2")
    assert "90000.00" in page.words("dd")
    assert "Decided" in page.words("dd")
    assert "for certifying and approving" in house.known(INES).open("/officers/proposals").words("p")


def test_a_move_is_read_with_the_state_and_the_computed_place_of_the_candidate(quiet_house):
    with quiet_house.at_work():
        run = quiet_house.things["run"]
        last = seats.places(run)[-1]
        made = proposals.propose(
            "override.recorded",
            subject=run,
            content={"public": last.public, "to_position": 1},
            reason="The delegate chairs the round.",
            by=quiet_house.things["ines"],
            at=NOW,
        )
    page = quiet_house.known(RAFAEL).open("/officers/proposals")
    assert "Move a candidate: N1, First round of negotiations" in page.words("h2")
    with quiet_house.at_work():
        proposals.decline(made.on, by=quiet_house.things["ines"], at=NOW)
    said = " ".join(page.words("dl").split())
    assert (
        f"Application{last.public}State{STATES[last.state].names['en']}Computed place{last.position}New place1" in said
    )


def test_the_kind_of_a_meeting_stands_in_words_in_what_does_not_fit(house, monkeypatch):
    monkeypatch.setattr(officers_meetings, "_warnings", lambda form, content: checks(_calendar(house)))
    page = add(house)
    assert "Meetings of the kind multi-stakeholder hearing take 5 days" in page.words("li")


def _calendar(house):
    with house.at_work():
        return calendar_on(db.session(), NOW.date())


def test_the_desk_counts_the_proposals_of_others(house):
    amend(house)
    desk = house.known(RAFAEL).open("/officers/")
    assert "One proposal of another officer to confirm" in desk.words("a")
    assert "Amend the status of a State: done only when a second officer confirms" in desk.words("p")
    assert "to confirm" not in house.known(INES).open("/officers/").words("a")


# States


def test_the_list_has_every_state_and_its_category_of_today(house):
    pages = state_pages(house)
    assert pages[0].words("h1") == "47 of 197 States are least developed countries"
    assert "Afghanistan to " in pages[0].words("p", role="status")
    [nepal] = [row["text"] for page in pages for row in page.all("tr") if "NPL" in row["text"]]
    assert "Least developed country" in nepal
    assert "Asia-Pacific Group" in nepal
    names = [e["text"] for page in pages for e in page.all("th", scope="row")]
    assert len(names) == len({*names}) == len(STATES) == 197
    assert names.index("Côte d’Ivoire") == names.index("Costa Rica") + 1, "accents do not change the order"


def state_pages(house):
    """The list of the States from its first page to its last, each of 50 at most."""
    officer = house.known(INES)
    pages = [officer.open("/officers/states")]
    while more := pages[-1].all("a", rel="next"):
        pages.append(officer.open(more[0]["href"]))
    assert max(len(page.all("th", scope="row")) for page in pages) == 50
    return pages


def test_the_list_of_states_goes_back_as_it_went_forward(house):
    first, second, third, *_ = state_pages(house)
    [back] = third.all("a", rel="prev")
    shown = [
        [e["text"] for e in page.all("th", scope="row")] for page in (second, house.known(INES).open(back["href"]))
    ]
    assert shown[0] == shown[1]
    assert not first.all("a", rel="prev")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("q=npl", ["Nepal"]),
        ("q=NEPAL", ["Nepal"]),
        ("q=cote+d%27ivoire", 1),
        ("q=niger", ["Niger", "Nigeria"]),
        ("category=LDC&q=niger", ["Niger"]),
        ("q=%25", 0),
        ("category=nothing", 0),
        ("category=LDC", 47),
    ],
)
def test_states_are_filtered_by_category_and_found_by_code_or_name(house, words, found):
    page = house.known(INES).open(f"/officers/states?{words}")
    names = [" ".join(e["text"].split()) for e in page.all("th", scope="row")]
    assert (names if isinstance(found, list) else len(names)) == found
    assert page.words("h2") == ("" if found else "No State is like this")


def test_a_state_is_shown_as_it_is_on_any_day(house):
    officer = house.known(INES)
    today = officer.open("/officers/states/GNQ")
    assert today.words("h1") == "Equatorial Guinea: Other developing country"
    before = officer.open("/officers/states/GNQ?on=2017-05-22")
    assert before.words("h1") == "Equatorial Guinea: Least developed country"
    scheduled = officer.open("/officers/states/BGD?on=2026-12-01")
    assert "Graduation scheduled for 24 November 2026, decision not recorded" in scheduled.words("p")
    assert officer.open("/officers/states/GNQ?on=soon").words("h1") == today.words("h1")
    table = [" ".join(row["text"].split()) for row in today.all("tr")]
    assert [row for row in table if "22 May 2017" in row and "Least developed country" in row]
    assert officer.open("/officers/states/XYZ").status == 404


def test_a_wrong_amendment_comes_back_filled_with_the_fault_at_its_field(house):
    officer = house.known(INES)
    page = amend(house, value="soon", reason="  ", document="")
    assert page.status == 422
    assert page.problems == {
        "document": "Enter the symbol of the document.",
        "reason": "Write why the fund records this.",
    }
    assert page.form("/amendments")[1]["value"] == "soon"
    again = officer.send(page, "/amendments", document="A/RES/76/8", reason="Decided")
    assert again.problems == {"value": "“soon” is no day; write it as 2026-11-24."}
    assert amend(house, fact="capital").problems == {"fact": "Choose one of those offered."}
    assert amend(house, effective__month="13").status == 422
    assert officer.open("/officers/proposals").words("h1") == "Nothing waits for a second officer"


def test_a_state_says_that_an_amendment_waits_and_who_may_propose_one(house):
    amend(house)
    assert "One amendment of this State waits" in house.known(RAFAEL).open("/officers/states/BGD").words("p")
    assert "waits" not in house.known(RAFAEL).open("/officers/states/NPL").words("p")
    jonas = house.known(JONAS).open("/officers/states/BGD")
    assert [b["text"] for b in jonas.all("button") if b.get("aria-disabled")] == ["Propose the amendment"]
    assert "Propose the amendment" not in buttons(house.known("head").open("/officers/states/BGD"))


def test_each_fact_that_can_be_amended_and_each_participation_has_its_words():
    assert set(officers_states.FACT) == set(FACTS)
    assert set(officers_states.MEMBER) == set(PARTICIPATION)


# Meetings


def test_a_consultation_is_proposed_and_then_stands_in_the_calendar_of_everybody(house):
    done = add(house)
    assert done.location == "/officers/proposals"
    page = house.known(RAFAEL).open(done.location)
    assert "Add a meeting: A1" in page.words("h2")
    for text in ("Additional consultation", "Consultation in Nairobi", "Kenya", "14 June 2018 and 15 June 2018"):
        assert text.casefold() in page.words("dl").casefold(), text
    assert "A/RES/71/280, para. 29" in page.words("dd")
    house.known(RAFAEL).send(page, "/confirmation")
    with house.at_work():
        assert calendar_on(db.session(), NOW.date()).meeting("A1").place["fr"] == "Nairobi"
    assert "A1" in house.known(INES).open("/officers/applications").words("option")


def test_a_regional_consultation_that_the_fund_does_not_pay_asks_for_no_allotment(house):
    done = add(house, kind="regional-consultation", code="R1")
    assert done.location == "/officers/proposals"
    house.known(RAFAEL).send(house.known(RAFAEL).open(done.location), "/confirmation")
    page = house.known(INES).open("/officers/meetings/R1")
    assert page.words("h1") == "Consultation in Nairobi: the fund does not pay for it"
    assert "A/RES/71/280, para. 22" in page.words("p")
    assert not [form for form in page.seen.forms if "/officers/meetings/R1" in form["action"]]
    assert "Not paid by the fund" in house.known(INES).open("/officers/meetings").words("td")


def test_the_warnings_of_the_calendar_are_read_before_it_is_proposed(house):
    officer, before = house.known(INES), house.events()
    page = add(house, days__day="13", days__month="3", day_2__day="", day_2__month="", day_2__year="")
    assert page.status == 422
    assert "Nothing is proposed yet." in page.refusal
    assert "A1 takes place on 13 March 2018, the same day as N2." in page.words("li")
    assert house.events() == before
    assert "Propose it all the same" in buttons(page)
    other_day = officer.send(page, "", days__day="14", reason="Convened")
    assert "14 March 2018" in other_day.words("li"), "another warning is read first too"
    assert officer.send(other_day, "", reason="Convened").location == "/officers/proposals"


@pytest.mark.parametrize(
    ("other", "problems"),
    [
        ({"zone": "Nairobi"}, {"zone": "This is no time zone. For example, Africa/Nairobi."}),
        ({"code": ""}, {"code": "Enter a code."}),
        ({"country": ""}, {"country": "Choose the country."}),
        ({"kind": "conference"}, {"kind-0": "Choose one of those offered."}),
        (
            {"days__day": "24", "days__month": "1"},
            {"days-day": "24 January 2018 is not ahead: a meeting is added before it takes place."},
        ),
    ],
)
def test_a_wrong_meeting_comes_back_filled_with_the_fault_at_its_field(house, other, problems):
    before, page = house.events(), add(house, **other)
    assert (page.status, page.problems) == (422, problems)
    assert page.form("")[1]["name_fr"] == "Consultation à Nairobi"
    assert house.events() == before


def test_a_meeting_that_the_resolution_does_not_allow_is_refused_with_the_sentence(house):
    for other, says in (({"code": "N2"}, "There are two meetings named N2."), ({"phase": "I"}, "outside its phase I")):
        page = add(house, **other)
        assert page.status == 422
        assert says in page.refusal


def test_states_stand_in_the_order_of_their_names_whatever_their_accents_and_hyphens(house):
    named = [e["text"].split("\n")[0] for page in state_pages(house) for e in page.all("th", scope="row")]
    offered = [e["text"] for e in house.known(INES).open("/officers/meetings/new").all("option")]
    for before, one, after in (("Guinea", "Guinea-Bissau", "Guyana"), ("Costa Rica", "Côte d’Ivoire", "Croatia")):
        for names in (named, offered):
            places = [
                next(i for i, name in enumerate(names) if name.strip() == wanted) for wanted in (before, one, after)
            ]
            assert places == [places[0], places[0] + 1, places[0] + 2]


# How much a page reads


def test_long_lists_take_as_many_statements_as_short_ones(house):
    officer = house.known(RAFAEL)
    paths = ("/officers/proposals", "/officers/states", "/officers/states/BGD", "/officers/meetings/new")
    _propose(house, 3)
    few = [statements(officer, path) for path in paths]
    _propose(house, 30)
    assert [statements(officer, path) for path in paths] == few
    assert max(few) <= 20
    page = officer.open("/officers/proposals")
    assert len(page.all("section")) == 11
    assert len(page.all("th", scope="row")) == 20


def _propose(house, n):
    """A third stays, a third is confirmed, a third declined."""
    content = {"fact": "lldc", "value": "no", "document": "A/RES/72/1", "effective": "2018-01-24"}
    by, other = house.things["ines"], house.things["rafael"]
    with house.at_work():
        for i in range(n):
            made = proposals.propose(
                "status.amended", subject="BGD", content=content, reason=f"Reason {i}", by=by, at=NOW
            )
            for step, deed in ((1, proposals.confirm), (2, proposals.decline)):
                if i % 3 == step:
                    deed(made.on, by=other, at=NOW)
