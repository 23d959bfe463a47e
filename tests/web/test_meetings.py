"""Meetings and calls as the public reads them, and the desk of a meeting on which officers come to a selection."""

import json
import re
from datetime import UTC, datetime

import pytest

from tests import seats
from tests.web.test_every_url import _whole
from trustfund.core.eligibility import FAILS
from trustfund.extensions import db
from trustfund.models.selections import Proposal, Selection
from trustfund.web.public_meetings import MEANS

N4_OPEN = datetime(2018, 2, 20, 12, tzinfo=UTC)
N4_CLOSED = datetime(2018, 4, 3, 12, tzinfo=UTC)
N4_DAY = datetime(2018, 4, 16, 15, tzinfo=UTC)


@pytest.fixture
def go_to(house):
    """Stand still at another instant."""
    return house.stands_at


def rows(page, caption):
    return [e["text"] for e in page.all("tr") if caption in e["text"]]


def tables(house, model):
    with house.at_work():
        db.session.rollback()
        return list(db.session.scalars(db.select(model)).unique())


def next_step(page):
    return page.words("li", **{"aria-current": "step"})


# The public


def test_every_meeting_stands_in_its_phase_with_its_paragraph_place_days_and_call(quiet_house):
    page = quiet_house.known("nobody").open("/meetings")
    _whole(page)
    assert page.words("h2").startswith("Phase I: consultations Phase II: stocktaking Phase III:")
    assert len([e for e in page.all("tr") if e.get("id")]) == 19
    assert rows(page, "Second round") == [
        "Second round of negotiations N2New York12–15 March 2018A/RES/71/280, para. 28Call open"
        "closes 26 January 2018, 23:59:59 in New York (UTC−5)given on 12 February 2018"
    ]
    assert "changed by A/RES/72/244" in rows(page, "Intergovernmental conference")[0]


@pytest.mark.parametrize("path", ["/", "/meetings"])
def test_every_open_call_stands_there_the_next_to_close_first(quiet_house, path):
    page = quiet_house.known("nobody").open(path)
    assert re.findall(r"(\w+) round of negotiations: apply until (.*?)\.", page.words("strong")) == [
        ("Second", "26 January 2018, 23:59:59 in New York (UTC−5)"),
        ("Third", "17 February 2018, 23:59:59 in New York (UTC−5)"),
    ]
    assert page.all("a", href="/meetings/N2")
    assert page.all("a", href="/meetings/N3")


def test_what_differs_from_the_resolution_is_shown_with_the_paragraph(quiet_house):
    page = quiet_house.known("nobody").open("/meetings")
    says = "Meetings of the kind multi-stakeholder hearing take 5 days, but 4 in all were laid down. "
    assert f"{says}[A/RES/71/280, para. 30]" in page.words("li")


@pytest.mark.parametrize(
    ("code", "head", "says"),
    [
        (
            "N2",
            "Apply until the deadline",
            ["26 January 2018, 23:59:59", "New York (UTC−5)", "27 January 2018, 04:59:59"],
        ),
        ("N4", "The call opens on 13 February 2018, 23:59:59", ["30 March 2018, 23:59:59", "16 April 2018"]),
        ("N1", "The call closed", ["6 January 2018, 23:59:59", "23 January 2018"]),
    ],
)
def test_a_call_says_when_it_opens_and_closes_in_the_city_and_for_the_reader(quiet_house, code, head, says):
    page = quiet_house.known("nobody").open(f"/meetings/{code}")
    _whole(page)
    assert head in page.words("h2")
    for words in says:
        assert words in " ".join(page.text.split())


def test_a_call_says_who_may_apply_what_is_paid_and_from_which_value_the_draw_is_made(quiet_house):
    page = quiet_house.known("nobody").open("/meetings/N2")
    asked = page.words("li")
    assert "Your Government nominates you by note verbale" in asked
    assert "Your file is complete at least 21 days before the meeting" in asked
    assert "less than 4 days apart" in asked
    assert "and your State is not its host. fund practice" in asked
    assert "Least developed country, seat 2" in asked
    assert "Economy class" in page.words("td")
    assert "the euro foreign exchange reference rate" in page.words("td")
    assert page.all("a", href="/delegates/?meeting=N2")
    assert page.all("a", href="/register")
    assert "not fixed yet" in page.words("aside")


def test_what_comes_after_applying_is_told_in_the_city_and_without_what_is_over(quiet_house):
    after = quiet_house.known("nobody").open("/meetings/N2").words("th")
    assert "26 January 2018, 23:59:59 in New York (UTC−5)" in after
    assert "19 February 2018, 23:59:59 in New York (UTC−5)" in after
    assert "12 December 2017" not in after
    assert "13 February 2018, 23:59:59 in New York" in quiet_house.known("nobody").open("/meetings/N4").words("th")


def test_every_rule_has_a_sentence_for_who_thinks_of_applying():
    assert MEANS.keys() == FAILS.keys()


def test_a_held_meeting_asks_nobody_to_apply(quiet_house):
    page = quiet_house.known("nobody").open("/meetings/T1")
    assert not page.all("a", href="/delegates/?meeting=T1")
    assert "No selection was made for this meeting." in page.text


@pytest.mark.parametrize("path", ["/meetings/XX", "/meetings/n2", "/officers/meetings/XX"])
def test_an_unknown_meeting_is_not_here(quiet_house, path):
    who = "head" if "officers" in path else "nobody"
    assert quiet_house.known(who).open(path).status == 404


def test_the_calendar_is_open_data_with_iso_days_and_instants_in_utc(quiet_house):
    answer = quiet_house.known("nobody").open("/open/meetings.json")
    data = json.loads(answer.text)
    assert data["format"] == "trustfund-meetings/1"
    assert [p["code"] for p in data["phases"]] == ["I", "II", "III", "conference"]
    n2 = next(m for m in data["meetings"] if m["code"] == "N2")
    assert n2["days"] == ["2018-03-12", "2018-03-13", "2018-03-14", "2018-03-15"]
    assert n2["call"] == {
        "opens": "2017-12-13T04:59:59Z",
        "closes": "2018-01-27T04:59:59Z",
        "last_files": "2018-02-20T04:59:59Z",
        "zone": "America/New_York",
    }
    assert (n2["authority"], n2["selection_day"], n2["allotment"], n2["selection"]) == (
        "A/RES/71/280, para. 28",
        "2018-02-12",
        None,
        None,
    )
    conference = data["meetings"][-1]
    assert conference["changes"] == [
        {"document": "A/RES/72/244", "decided": "2017-12-24", "changed": ["days", "place"]}
    ]
    assert data["warnings"][0]["authority"] == "A/RES/71/280, para. 30"


def test_the_calendar_is_sent_again_only_if_it_changed(quiet_house):
    visitor = quiet_house.known("nobody")
    first = visitor.open("/open/meetings.json")
    assert visitor.open("/open/meetings.json", headers={"If-None-Match": first.headers["ETag"]}).status == 304
    assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_the_home_page_leads_to_the_next_call_and_to_the_latest_selection(house, go_to):
    assert house.visitor().open("/").all("a", href="/meetings/N2")
    with house.at_work():
        seats.long_run(30)
        db.session.remove()
    go_to(seats.THE_DAY_AFTER)
    assert house.visitor().open("/").all("a", href="/selections/N1")


# The officers


def test_the_officers_list_has_every_meeting_with_its_stage_and_what_it_may_cost(house, go_to):
    go_to(datetime(2018, 1, 25, 9, tzinfo=UTC))
    page = house.visitor("head").open("/officers/meetings")
    _whole(page)
    assert len(page.all("th", scope="row")) == 19
    assert page.words("h1") == "9 meetings lie ahead"
    assert "Call open" in rows(page, "Third round")[0]
    assert not page.all("a", href="/officers/meetings/new"), "the head adds none"


def test_the_desk_of_a_meeting_asks_for_the_allotment_first_and_suggests_it(quiet_house):
    page = quiet_house.known("certifying officer").open("/officers/meetings/N4")
    _whole(page)
    assert page.words("h1") == "Fourth round of negotiations: fix its allotment"
    assert next_step(page) == "Allotment fixed"
    fields = page.form("/allotment")[1]
    assert float(fields["amount"]) > 0
    assert "reason" not in fields


@pytest.mark.parametrize("who", ["screening officer", "paying officer", "head"])
def test_who_may_not_fix_it_reads_why(quiet_house, who):
    page = quiet_house.known(who).open("/officers/meetings/N4")
    assert page.all("button", type="button", **{"aria-disabled": "true", "aria-describedby": "why"})
    assert "certifying and approving" in page.words("p", id="why")
    assert not [f for f in page.seen.forms if f["action"].endswith("/allotment")]


def test_an_allotment_that_cannot_be_comes_back_filled_with_its_sentence(house):
    officer = house.visitor("certifying officer")
    page = officer.fill("/officers/meetings/N4", "/allotment", amount="much", basis="decided", document="")
    assert page.status == 422
    assert page.problems["document"] == "Enter the document of the allotment."
    assert page.form("/allotment")[1]["amount"] == "much"
    page = officer.send(page, "/allotment", document="Advice 2018/1")
    assert (page.status, list(page.problems)) == (422, ["amount"])


def test_once_the_call_is_open_the_allotment_is_proposed_with_a_reason(house):
    officer = house.visitor("certifying officer")
    page = officer.open("/officers/meetings/N2")
    assert "needs a reason and a second officer" in page.text
    answer = officer.send(page, "/allotment", amount="50000.00", document="Advice 2018/2")
    assert answer.problems == {"reason": "Give the reason."}
    answer = officer.send(answer, "/allotment", reason="Late decision.")
    assert answer.location == "/officers/meetings/N2"
    (proposal,) = tables(house, Proposal)
    assert (proposal.deed, proposal.subject, proposal.stage) == ("allotment.changed", "N2", "waiting")
    assert "Change an allotment" in officer.open("/officers/meetings/N2").words("div", **{"class": "note warn"})


def test_a_meeting_walks_from_its_allotment_to_a_published_selection(house, go_to):
    """Rafael fixes the allotment; Amna and Bikash apply; Ines records the value, previews, and keeps on the day."""
    rafael, ines = house.visitor("certifying officer"), house.visitor("screening officer")
    done = rafael.fill("/officers/meetings/N4", "/allotment", amount="8000.00", document="Advice 2018/4")
    assert done.location == "/officers/meetings/N4"
    assert next_step(rafael.open("/officers/meetings/N4")) == "Call opens13 February 2018, 23:59:59, New York"
    with house.at_work():
        seats.delegate("Tariq Example", "SDN", "N4", N4_OPEN)
        waiting = seats.delegate("Bikash Example", "NPL", "N4", N4_OPEN, accepted=False)
        db.session.remove()
    go_to(N4_OPEN)
    assert next_step(ines.open("/officers/meetings/N4")).startswith("Call closes30 March 2018, 23:59:59, New York")
    go_to(N4_CLOSED)
    page = ines.open("/officers/meetings/N4")
    assert page.words("h1") == "Fourth round of negotiations: record the public value"
    assert ines.send(page, "/closing", value="1.2321").location == "/officers/meetings/N4"
    page = ines.open("/officers/meetings/N4")
    assert next_step(page).startswith("All applications screenedOne waits.")
    blocked = ines.open(ines.send(page, "/selection").location)
    assert "One application waits for screening" in blocked.words("p", id="why")
    with house.at_work():
        seats.accept(seats.application(waiting).reference, N4_CLOSED)
        db.session.remove()
    go_to(N4_DAY)
    page = ines.open("/officers/meetings/N4")
    preview = ines.open(ines.send(page, "/selection").location)
    _whole(preview)
    assert preview.words("h1") == "Who would travel: Fourth round of negotiations"
    assert "Preview: nothing is decided." in preview.text
    assert house.visitor().open("/selections/N4").words("h1").endswith("not yet selected")
    assert house.visitor().open("/open/selections/N4.json").status == 404, "a preview is not published"
    kept = ines.open(ines.send(preview, "/keeping").location)
    _whole(kept)
    assert kept.words("h1") == "Who travels: Fourth round of negotiations"
    public = house.visitor().open("/selections/N4")
    _whole(public)
    assert "2 of 2 candidates are proposed for a seat." in public.text or "1 of 2" in public.text
    assert ines.open("/officers/meetings/N4").words("h1") == "Fourth round of negotiations: selected"


@pytest.fixture
def previewed(house, go_to):
    """The first round: closed, one candidate, a preview on the day after the one that its call named."""
    with house.at_work():
        run = seats.run(seats.long_run(3, at=seats.THE_DAY_AFTER))
        reference = "S-22222222"
        db.session.add(
            Selection(
                reference=reference,
                meeting="N2",
                stage="preview",
                text=run.text,
                digest=run.digest,
                annex=run.annex,
                made_at=seats.THE_DAY_AFTER,
                seq=run.seq,
            )
        )
        db.session.commit()
        kept = run.reference
        db.session.remove()
    go_to(seats.THE_DAY_AFTER)
    return reference, kept


def test_on_another_day_keeping_is_proposed_with_a_reason_and_what_cannot_be_kept_is_refused(house, previewed):
    ines = house.visitor("screening officer")
    page = ines.open(f"/officers/selections/{previewed[0]}")
    assert "This is not the day that the call named" in page.text
    answer = ines.send(page, "/keeping")
    assert answer.problems == {"reason": "Give the reason."}
    answer = ines.send(answer, "/keeping", reason="The office was closed.")
    assert (answer.status, answer.refusal) == (
        422,
        "A run is made once the call has closed and its public value is recorded.",
    )
    assert tables(house, Proposal) == []


def test_a_move_is_proposed_on_a_kept_run_and_waits_for_another_officer(house, previewed):
    ines = house.visitor("screening officer")
    address = f"/officers/selections/{previewed[1]}"
    answer = ines.fill(address, "/overrides", public="n1-00001", to_position="x", reason="Chair.")
    assert answer.problems == {"to_position": "Enter the number of the new place, in figures."}
    answer = ines.send(answer, "/overrides", to_position="9", reason="Chair.")
    assert answer.problems == {"to_position": "Give another place of this run, from 1 to 3."}
    with house.at_work():
        place = next(p.position for p in seats.places(previewed[1]) if p.public == "N1-00001")
    answer = ines.send(answer, "/overrides", to_position=str(place % 3 + 1), reason="Chair.")
    assert answer.location == address
    (proposal,) = tables(house, Proposal)
    assert (proposal.deed, json.loads(proposal.content)["public"]) == ("override.recorded", "N1-00001")
    assert "Move a candidate" in ines.open(address).words("div", **{"class": "note warn"})


def test_an_officer_who_pays_reads_why_nothing_can_be_kept_or_moved(house, previewed):
    salma = house.visitor("paying officer")
    for reference, button in zip(previewed, ("why", "why-move"), strict=True):
        page = salma.open(f"/officers/selections/{reference}")
        assert page.all("button", **{"aria-disabled": "true", "aria-describedby": button})
        assert not [f for f in page.seen.forms if f["in main"] and f["method"] == "post"]


@pytest.mark.parametrize("who", ["donor", "delegate", "mission", "auditor", "administrator"])
def test_a_preview_is_for_officers_only(house, previewed, who):
    assert house.visitor(who).open(f"/officers/selections/{previewed[0]}").status == 403


def test_a_run_of_another_reference_is_not_here(quiet_house):
    officer = quiet_house.known("screening officer")
    assert officer.open("/officers/selections/S-99999999").status == 404
    for deed in ("keeping", "overrides"):
        assert officer.open(f"/officers/selections/S-99999999/{deed}", method="POST").status == 404
