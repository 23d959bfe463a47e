"""The decision page as anybody reads it: the outcome, the money, the ranked list with its reasons, the open record."""

import html
import json
import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from werkzeug.exceptions import NotFound

from tests import seats
from tests.counting import counted
from tests.web.house import opened
from tests.web.test_every_url import _whole
from trustfund.core.countries import STATES
from trustfund.extensions import db
from trustfund.models.selections import Override

SIZE = 330
STRANGE = (
    "/selections/%00",
    "/selections/N1%00",
    "/selections/" + "N" * 21,
    "/selections/N_1",
    "/meetings/%00",
    "/open/selections/%00.json",
    "/open/selections/%00/overrides.json",
)
"""Addresses of no meeting, with bytes that not every database takes."""


@pytest.fixture(scope="module")
def long_house(furnished, tmp_path_factory):
    """A house to look at, in which the first round has a kept run of 330 candidates, and the second round one of 4."""
    for house in opened(furnished, tmp_path_factory.mktemp("long") / "instance", seats.THE_DAY_AFTER):
        with house.at_work():
            house.things["long"] = seats.long_run(SIZE, usd="250000.00")
            house.things["short"] = seats.long_run(4, "N2", "900000.00", at=seats.THE_DAY_AFTER)
            house.things["none"] = seats.long_run(0, "N3", at=seats.THE_DAY_AFTER)
            db.session.remove()
        yield house


def rows(page):
    return [e for e in page.all("tr") if e.get("id", "").startswith("p")]


def positions(page):
    return [int(e["id"][1:]) for e in rows(page)]


def cuts(page):
    """The lines across the list, each with the position of the row before it."""
    found, last = [], None
    for element in page.all("tr"):
        if element.get("id", "").startswith("p"):
            last = int(element["id"][1:])
        elif "cut" in element.get("class", ""):
            found.append((" ".join(element["text"].split())[:20], last))
    return found


def walk(visitor, path):
    """All pages of a list."""
    pages = []
    while path and len(pages) < 30:
        pages.append(visitor.open(path))
        further = pages[-1].all("a", rel="next")
        path = further[0]["href"] if further else ""
    return pages


def test_the_page_says_the_outcome_first_and_then_the_money(long_house):
    page = long_house.known("nobody").open("/selections/N1")
    _whole(page)
    with long_house.at_work():
        figures = json.loads(seats.run(long_house.things["long"]).annex)["figures"]
    assert page.words("h1") == "Who travels: First round of negotiations"
    assert f"{figures['outcomes']['proposed']} of 330 candidates are proposed for a seat." in page.text
    assert page.words("p", **{"class": "kicker"}) == "Published decision, run 1 of 23 January 2018, 19:05 UTC"
    next_place, _, more = figures["next_seat"]
    assert f"{Decimal(more):,} more reaches {next_place}" not in page.text
    assert f"{Decimal(more):,} more reaches place {next_place}" in page.text


def test_the_figure_says_its_finding_and_has_at_most_120_blocks(long_house):
    page = long_house.known("nobody").open("/selections/N1")
    figure = page.text[page.text.index("<figure") : page.text.index("</figure>")]
    assert "USD were asked for" in figure
    widths = [float(w) for w in re.findall(r'<rect class="f\d" x="[\d.]+%" y="\d+" width="([\d.]+)%"', figure)]
    assert 10 < len(widths) <= 121
    assert sum(widths) <= 100


def test_seats_are_counted_by_category_region_and_gender_and_add_up(long_house):
    page = long_house.known("nobody").open("/selections/N1")
    with long_house.at_work():
        figures = json.loads(seats.run(long_house.things["long"]).annex)["figures"]
    assert [c["text"] for c in page.all("caption") if "Seats by" in c["text"]] == [
        "Seats by category",
        "Seats by region",
        "Seats by gender",
    ]
    for by in ("category", "region", "gender"):
        assert sum(row[1] for row in figures[f"by_{by}"]) == 330
        assert sum(row[2] for row in figures[f"by_{by}"]) == figures["outcomes"]["proposed"]


def test_every_place_stands_once_in_order_with_a_reason_that_names_both_states(long_house):
    pages = walk(long_house.known("nobody"), "/selections/N1")
    assert [n for page in pages for n in positions(page)] == list(range(1, SIZE + 1))
    reasons = [e["text"] for page in pages for e in page.all("td") if e.get("class") == "why"]
    assert len(reasons) == SIZE
    assert reasons[-1].endswith("Last of the list.")
    with long_house.at_work():
        places = seats.places(long_house.things["long"])
    for here, following, reason in zip(places, places[1:], reasons, strict=False):
        assert re.search(rf"Ahead of {following.position}: \S.*\. \[\S.*\]$", reason), reason
        if here.ahead_by in ("step", "on-time", "least-funded-state", "earliest-complete"):
            names = [STATES[place.state].name_on(seats.THE_DAY.date()) for place in (here, following)]
            assert all(name in html.unescape(reason) for name in names), reason
    back = walk_back(long_house.known("nobody"), pages[-1])
    assert sorted(n for page in back for n in positions(page)) == list(range(1, SIZE + 1))


def walk_back(visitor, page):
    pages = [page]
    while before := pages[-1].all("a", rel="prev"):
        pages.append(visitor.open(before[0]["href"]))
    return pages


def test_the_money_and_the_quota_end_once_each_in_the_right_place(long_house):
    with long_house.at_work():
        places = seats.places(long_house.things["long"])
    last_seat = max(p.position for p in places if p.outcome == "proposed")
    first_over = min(p.position for p in places if p.outcome == "over-quota")
    pages = walk(long_house.known("nobody"), "/selections/N1")
    found = [cut for page in pages for cut in cuts(page)]
    assert [name for name, _ in found] == ["The money ends here.", "The quota ends here."]
    shown = [(n, positions(page)) for page in pages for n, _ in cuts(page)]
    for (name, on_page), end in zip(shown, (last_seat, first_over - 1), strict=True):
        assert on_page[0] <= end + 1 <= on_page[-1], name


@pytest.mark.parametrize("offset", [-2, -1, 0, 1])
def test_a_line_is_shown_once_wherever_the_page_is_cut(long_house, offset):
    """The page before and the page after a border, laid around the place where the money ends."""
    with long_house.at_work():
        places = seats.places(long_house.things["long"])
    end = max(p.position for p in places if p.outcome == "proposed")
    border = end + offset
    visitor = long_house.known("nobody")
    before, after = (visitor.open(f"/selections/N1?{way}") for way in (f"before={border + 1}", f"after={border}"))
    assert positions(before)[-1] == border
    assert positions(after)[0] == border + 1
    lines = [cuts(page) for page in (before, after)]
    assert sum("money" in name for found in lines for name, _ in found) == 1
    assert ("The money ends here.", end) in lines[0] or lines[1][0][1] in (end, None)


def test_under_a_filter_the_lines_stand_between_the_rows_that_are_left(long_house):
    visitor = long_house.known("nobody")
    with long_house.at_work():
        places = seats.places(long_house.things["long"])
    end = max(p.position for p in places if p.outcome == "proposed")
    seated, waiting = (walk(visitor, f"/selections/N1?outcome={o}") for o in ("proposed", "waiting"))
    assert cuts(seated[-1]) == [("The money ends here.", end)]
    assert all(cuts(page) == [] for page in seated[:-1])
    first = min(p.position for p in places if p.outcome == "waiting")
    before = max((p.position for p in places if p.outcome == "waiting" and p.position < end), default=None)
    assert cuts(waiting[0])[:1] == [("The money ends here.", before)] or first < end
    over = walk(visitor, "/selections/N1?outcome=over-quota")
    assert [name for name, _ in cuts(over[0])] == ["The money ends here.", "The quota ends here."]
    assert all(cuts(page) == [] for page in over[1:])


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("outcome=waiting", "outcome", "waiting"),
        ("category=LDC", "category", "LDC"),
        ("region=African+Group", "region", "African Group"),
        ("q=nepal", "state", "NPL"),
        ("q=npl", "state", "NPL"),
        ("q=n1-00007", "public", "N1-00007"),
    ],
)
def test_a_filter_leaves_what_it_says(long_house, words, field, value):
    with long_house.at_work():
        wanted = [p.position for p in seats.places(long_house.things["long"]) if getattr(p, field) == value]
    pages = walk(long_house.known("nobody"), f"/selections/N1?{words}")
    assert [n for page in pages for n in positions(page)] == wanted
    assert wanted


def test_filters_go_together_and_along_from_page_to_page(long_house):
    pages = walk(long_house.known("nobody"), "/selections/N1?category=developing&outcome=waiting")
    assert len(pages) > 1
    assert "category=developing" in pages[0].all("a", rel="next")[0]["href"]
    assert pages[0].all("a", rel="next")[0]["href"].endswith("#list")


def test_a_filter_that_leaves_nothing_has_a_way_back(long_house):
    page = long_house.known("nobody").open("/selections/N1?q=Atlantis")
    assert "No place is like this" in page.words("h3")
    assert page.all("a", href="/selections/N1#list")


def test_a_filter_that_is_none_is_not_asked_for(long_house):
    assert len(rows(long_house.known("nobody").open("/selections/N1?outcome=x&category=y&region=z"))) == 25


def test_the_list_is_a_table_for_those_who_cannot_see_it(long_house):
    page = long_house.known("nobody").open("/selections/N1")
    table = page.all("table", role="table")[0]
    assert table["aria-label"] == "Ranked list of First round of negotiations"
    assert len(page.all("th", role="columnheader")) == 9
    assert len(page.all("th", role="rowheader")) == 25
    assert {e["role"] for e in page.all("td") if "rank" in e["within"]} == {"cell"}


def test_a_run_in_which_everybody_has_a_seat_has_no_line(long_house):
    page = long_house.known("nobody").open("/selections/N2")
    assert cuts(page) == []
    assert "nobody waits for money" in page.text


def test_a_run_without_candidates_says_so(long_house):
    page = long_house.known("nobody").open("/selections/N3")
    _whole(page)
    assert "Nobody stands for a seat" in page.words("h3")


def test_what_the_run_stands_on_is_told_with_its_entry_and_its_digest(long_house):
    page = long_house.known("nobody").open("/selections/N1")
    with long_house.at_work():
        run = seats.run(long_house.things["long"])
    told = page.words("dl")
    assert "20 February 2018, first day of the meeting" in told
    assert f"A/RES/71/280:{seats.VALUE}" in told
    assert " ".join(run.digest[i : i + 4] for i in range(0, 32, 4)) in told
    assert f"{run.seq} ·" in told
    assert "Travel needed: 1" in told


def test_no_name_of_a_person_is_published(long_house):
    page = long_house.known("nobody").open("/selections/N1")
    for name in ("Ines", "Rafael", "Amna"):
        assert name not in page.text


def test_the_open_record_is_the_kept_text_and_is_sent_again_only_if_it_changed(long_house):
    visitor = long_house.known("nobody")
    first = visitor.open("/open/selections/N1.json")
    with long_house.at_work():
        assert first.data == seats.run(long_house.things["long"]).text.encode()
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = visitor.open("/open/selections/N1.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304


def test_a_meeting_without_a_run_says_when_it_will_be_and_has_no_record_yet(long_house):
    visitor = long_house.known("nobody")
    page = visitor.open("/selections/N4")
    _whole(page)
    assert page.status == 200
    assert page.words("h1") == "Fourth round of negotiations: not yet selected"
    assert "16 April 2018" in page.text
    for path in ("/open/selections/N4.json", "/open/selections/N4/overrides.json"):
        answer = visitor.open(path)
        assert (answer.status, json.loads(answer.text)) == (404, {"meeting": "N4", "run": None, "due": "2018-04-16"})


@pytest.mark.parametrize(
    "path",
    [
        "/selections/XX",
        "/selections/N1?run=7",
        "/selections/N1?run=x",
        "/selections/N4?run=1",
        "/open/selections/XX.json",
        "/open/selections/N1.json?run=7",
        "/open/selections/XX/overrides.json",
        *STRANGE,
    ],
)
def test_what_was_never_kept_is_not_here(long_house, path):
    assert long_house.known("nobody").open(path).status == 404


def test_an_address_that_is_no_code_asks_the_database_nothing(long_house):
    adapter = long_house.app.url_map.bind("")
    for path in STRANGE:
        with pytest.raises(NotFound):
            adapter.match(unquote(path))
    assert adapter.match("/selections/A-2b")[1] == {"code": "A-2b"}


def test_the_public_sees_no_preview(house):
    with house.at_work():
        reference = seats.long_run(3)
        run = seats.run(reference)
        assert run.stage == "kept"
    assert house.visitor().open(f"/officers/selections/{reference}").location == "/sign-in"


def test_a_later_run_is_shown_first_says_the_difference_and_leads_to_the_one_before(house):
    with house.at_work():
        seats.long_run(30)
        seats.long_run(31, number=2, at=seats.THE_DAY_AFTER)
        db.session.remove()
    house.stands_at(seats.THE_DAY_AFTER)
    page, earlier = house.visitor().open("/selections/N1"), house.visitor().open("/selections/N1?run=1")
    assert "Compared with run 1: seats held 0, newly proposed" in page.text
    assert "candidates new in the list 1, no longer in it 0." in page.text
    assert page.all("a", href="/selections/N1?run=1")
    assert "A later run stands: run 2." in earlier.text
    assert (
        house.visitor().open("/open/selections/N1.json?run=1").text
        != house.visitor().open("/open/selections/N1.json").text
    )


def test_a_move_by_two_officers_stands_beside_the_list(house):
    with house.at_work():
        run = seats.run(seats.long_run(30))
        db.session.add(
            Override(selection_id=run.id, public="N1-00003", position=9, to_position=2, reason="Chair.", seq=run.seq)
        )
        db.session.commit()
        digest, seq = run.digest, run.seq
    page = house.visitor().open("/selections/N1")
    assert "N1-00003" in page.words("th")
    assert "Chair." in page.words("td")
    beside = json.loads(house.visitor().open("/open/selections/N1/overrides.json").text)
    assert (beside["run"], beside["digest"]) == (1, digest)
    assert [
        {k: o[k] for k in ("reference", "position", "to_position", "reason", "entry")} for o in beside["overrides"]
    ] == [{"reference": "N1-00003", "position": 9, "to_position": 2, "reason": "Chair.", "entry": seq}]


def test_a_page_of_330_takes_as_many_statements_as_one_of_four(long_house):
    few, many = (statements(long_house, f"/selections/{code}") for code in ("N2", "N1"))
    assert few == many
    for words in ("?outcome=waiting", "?after=200", "?after=100&q=n", "?before=200&category=LDC"):
        assert statements(long_house, f"/selections/N1{words}") <= many + 2, "the row before, and how many there are"
    assert many <= 15


def statements(house, path):
    visitor = house.known("nobody")
    visitor.open(path)
    with counted() as sent:
        assert visitor.open(path).status == 200
    assert not any("selection.text" in statement for statement in sent), "the text of a run is long"
    return len(sent)
