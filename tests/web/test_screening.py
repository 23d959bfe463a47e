"""Officers at their door: the list of applications, one of them beside its document, and what each may decide."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.conftest import NOW
from tests.web.counting import statements
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.people import Account
from trustfund.operations import applications, people, proposals, screening, selections
from trustfund.services.documents import Document

SCREENS, CERTIFIES = "screening officer", "certifying officer"


def account(reference):
    return db.session.scalars(select(Account).where(Account.reference == reference)).unique().one()


def sent(house, at=NOW, **answers) -> str:
    """The page of an application: of Amna of Sudan, with her note verbale, unless told."""
    with house.at_work(), b.standing_at(at):
        by = answers.pop("by", None) or people.account_of("amna@example.org").reference
        draft = b.application(by, sent=False, **answers)
        paper = Document("Note du 8 janvier – Khartoum.pdf", "application/pdf", b"%PDF-1.7 note", 2)
        applications.keep_document(draft, account(by), paper, at)
        applications.submit(draft, by=by, at=at)
        return f"/officers/applications/{draft}"


def delegate(house, name, state="") -> str:
    with house.at_work():
        return b.account("delegate", name, state=state)


def decided(house, deed, path, who="ines", at=NOW, **more):
    """What an officer has done already."""
    with house.at_work(), b.standing_at(at):
        reference = path.rpartition("/")[2]
        seen = db.session.scalar(select(Application.seq).where(Application.reference == reference))
        deed(reference, seen=seen, by=house.things[who], at=at, **more)


# The list


def test_without_applications_the_list_says_what_will_come(house):
    page = house.visitor(SCREENS).open("/officers/applications")
    assert page.words("h2") == "No application was sent yet"
    only = house.visitor(SCREENS).open("/officers/applications?meeting=N4")
    assert "opens on 13 February 2018, 23:59:59 in New York" in only.words("p")


def test_the_list_shows_who_asks_for_which_meeting_and_what_is_missing(house):
    sent(house)
    bikash = delegate(house, "Bikash Gurung")
    sent(house, by=bikash, given_names="Bikash", family_name="Gurung", state="NPL", position="")
    page = house.visitor(SCREENS).open("/officers/applications")
    rows = [" ".join(e["text"].split()) for e in page.all("tr")][1:]
    assert len(rows) == 2
    assert rows[0].startswith("Bikash Gurung N2-")
    marks = " Name (there)State (there)Note verbale (there)Passport (missing)Journey (there)"
    assert rows[0].endswith(f"Nepal Least developed countryN2Not complete Missing: Position{marks}Waits for screening")
    assert rows[1].endswith(f"Sudan Least developed countryN2Complete{marks}Waits for screening")


def test_a_file_that_was_complete_after_the_deadline_is_late_and_no_less_complete(house):
    path, officer = sent(house, at=NOW + timedelta(days=4)), house.visitor(SCREENS)
    for page in (officer.open("/officers/applications"), officer.open(path)):
        assert "Complete, late" in [tag["text"] for tag in page.all("span")]


@pytest.mark.parametrize("words", ["traore", "TRAORÉ awa", "burkina", "BFA", "awa burkina faso", "sao", "traoré são"])
def test_a_search_needs_no_accents_and_no_order_and_finds_the_state_too(house, words):
    sent(house)
    by = delegate(house, "Awa Traore")
    sent(house, by=by, given_names="Awa", family_name="Traoré São", state="BFA")
    page = house.visitor(SCREENS).open("/officers/applications", query_string={"q": words})
    assert [e["text"] for e in page.all("bdi") if e["text"].startswith("A")] == ["Awa Traoré São"]


@pytest.mark.parametrize(
    ("given", "family", "words"), [("李", "明", "李明"), ("محمد", "علي", "علي"), ("Иван", "Ёлкин", "елкин")]
)
def test_a_search_reads_every_script(house, given, family, words):
    words = " ".join(words) if words == "李明" else words
    sent(house, given_names=given, family_name=family)
    page = house.visitor(SCREENS).open("/officers/applications", query_string={"q": words})
    assert f"{given} {family}" in page.text


def test_a_search_finds_a_reference_and_a_wildcard_is_a_letter_like_others(house):
    path = sent(house)
    officer = house.visitor(SCREENS)
    with house.at_work():
        public = db.session.scalars(select(Application.public)).one()
    for words, found in (
        (public.lower(), 1),
        (path.rpartition("/")[2], 1),
        ("%", 0),
        ("_", 0),
        ("amna %", 1),
        ("amna nepal", 0),
    ):
        page = officer.open("/officers/applications", query_string={"q": words})
        assert len(page.all("th", scope="row")) == found, words
    assert page.all("a", href="/officers/applications")


def test_a_draft_is_on_no_list_and_has_no_page(house):
    with house.at_work():
        draft = b.application(people.account_of("amna@example.org").reference, sent=False)
    officer = house.visitor(SCREENS)
    assert "Amna" not in officer.open("/officers/applications").words("table")
    assert officer.open(f"/officers/applications/{draft}").status == 404


def test_filters_go_together(house):
    path = sent(house)
    decided(house, screening.accept, path)
    officer = house.visitor(SCREENS)
    for words, found in (
        ("meeting=N2&stage=accepted&q=sudan", 1),
        ("meeting=N3", 0),
        ("stage=submitted", 0),
        ("stage=accepted", 1),
        ("stage=nothing", 1),
    ):
        assert len(officer.open(f"/officers/applications?{words}").all("th", scope="row")) == found, words


# One application


def test_an_officer_reads_all_that_was_typed_beside_the_document_the_status_and_every_rule(house):
    page = house.visitor(SCREENS).open(sent(house))
    assert page.words("h1") == "Amna Eltayeb, Sudan"
    for text in ("First Secretary", "27 March 1979", "MFA/112, 8 January 2018", "Khartoum"):
        assert text in page.words("dl")
    assert "2 pages" in page.words("li")
    assert "is to follow" not in page.text
    assert "Status on 12 March 2018" in page.words("h2")
    assert "Least developed country" in page.words("strong")
    assert page.words("td").count("Holds") == 9
    assert "26 January 2018, 23:59:59" in page.words("time")
    assert [b_["text"] for b_ in page.all("button") if "aria-disabled" in b_] == []


def test_a_graduation_that_is_only_scheduled_is_told_beside_the_status(house):
    path = sent(house)
    content = {"fact": "ldc_scheduled", "value": "2018-03-01", "document": "A/RES/72/1", "effective": "2018-01-24"}
    with house.at_work():
        made = proposals.propose(
            "status.amended", subject="SDN", content=content, reason="Decided", by=house.things["ines"], at=NOW
        )
        proposals.confirm(made.on, by=house.things["rafael"], at=NOW)
    for page in (house.visitor(SCREENS).open(path), house.visitor(SCREENS).open("/officers/applications")):
        assert "Least developed country" in page.text
        assert "scheduled for 1 March 2018, decision not recorded" in page.text


def test_a_refused_application_keeps_the_status_that_was_known_when_it_was_decided(house):
    path, officer = sent(house, home_city="New York"), house.visitor(SCREENS)
    decided(house, screening.propose_refusal, path, codes=["travel-needed"], words="She lives there.")
    decided(house, screening.confirm_refusal, path, who="rafael", at=NOW + timedelta(days=8))
    content = {"fact": "ldc_to", "value": "2018-03-01", "document": "A/RES/72/1", "effective": "2018-03-01"}
    later = NOW + timedelta(days=9)
    with house.at_work(), b.standing_at(later):
        made = proposals.propose(
            "status.amended", subject="SDN", content=content, reason="Decided", by=house.things["ines"], at=later
        )
        proposals.confirm(made.on, by=house.things["rafael"], at=later)
    page = officer.open(path)
    assert page.words("h1") == "Amna Eltayeb, Sudan"
    assert "Least developed country" in page.words("strong")
    assert "Holds" not in page.text, "the rules are not asked again"


def test_the_document_is_kept_apart_and_never_shown_inside_a_page(house):
    path = sent(house)
    for who in (SCREENS, "paying officer", "head"):
        link = next(a["href"] for a in house.visitor(who).open(path).all("a") if "/documents/" in a["href"])
        answer = house.visitor(who).open(link)
        assert (answer.status, answer.data, answer.type) == (200, b"%PDF-1.7 note", "application/pdf")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert answer.headers["Cache-Control"] == "no-store"
    jonas = house.visitor("officer without designation")
    assert not [a for a in jonas.open(path).all("a") if "/documents/" in a["href"]]
    assert jonas.open(link).status == 403
    for who in ("delegate", "donor", "auditor", "administrator"):
        assert house.visitor(who).open(link).status == 403


def test_a_rule_that_fails_is_told_with_its_authority_and_the_accept_button_says_why(house):
    page = house.visitor(SCREENS).open(sent(house, state="FRA", position="", home_city="New York"))
    assert page.words("td").count("Fails") == 3
    assert "France does not count as a developing country on 12 March 2018" in page.words("td")
    assert "The file is not complete: Position is missing." in page.words("td")
    [button] = [b_ for b_ in page.all("button") if b_.get("aria-disabled")]
    assert button["text"] == "Accept the application"
    why = page.words("p", id=button["aria-describedby"])
    assert why.startswith(
        "This application fails more than one rule: developing-country, file-complete, travel-needed."
    )
    assert [c["value"] for c in page.all("input", type="checkbox") if "checked" in c] == [
        "developing-country",
        "file-complete",
        "travel-needed",
    ]


def test_an_officer_accepts(house):
    path, officer = sent(house), house.visitor(SCREENS)
    done = officer.fill(path, "/acceptance")
    assert done.status == 302
    page = officer.open(done.location)
    assert "The application is accepted" in page.words("p")
    assert "Application accepted" in page.words("strong")
    assert "Ines Okafor" in page.words("li")


def test_changes_are_asked_in_words_that_come_back_while_they_are_wrong(house):
    path, officer = sent(house), house.visitor(SCREENS)
    wrong = officer.fill(path, "/changes", words=" ")
    assert (wrong.status, wrong.problems) == (422, {"changes-words": "Write what should be changed."})
    assert wrong.title.startswith("Error:")
    long = officer.fill(path, "/changes", words="x" * 2001)
    assert long.words("textarea", id="changes-words") == "x" * 2001
    done = officer.send(long, "/changes", words="Write your position in full.")
    page = officer.open(done.location)
    assert "Write your position in full." in page.words("q")
    assert "It waits for the applicant; an answer until 31 January 2018, 14:00 UTC keeps" in officer.open(
        done.location
    ).words("p")


def test_a_refusal_goes_from_one_officer_to_another_and_waits_for_the_answer(house):
    path, ines, rafael = sent(house, home_city="New York"), house.visitor(SCREENS), house.visitor(CERTIFIES)
    nothing = ines.send(ines.open(path), "/refusal", without="codes", words="She lives there.")
    assert nothing.problems == {"refusal-codes": "Choose the rules that the application fails."}
    assert nothing.words("textarea", id="refusal-words") == "She lives there."
    assert ines.send(nothing, "/refusal", codes="travel-needed", words="She lives there.").status == 302
    own, other = ines.open(path), rafael.open(path)
    assert "You proposed this refusal; another officer decides." in own.words("p")
    assert "The applicant can answer until 31 January 2018" in other.words("p")
    for page in (own, other):
        assert "Confirm the refusal" in [b_["text"] for b_ in page.all("button") if b_.get("aria-disabled")]
    with house.at_work(), b.standing_at(NOW + timedelta(days=8)):
        assert rafael.fill(path, "/refusal/confirmation").status == 302
        page = rafael.open(path)
    assert "Nothing more can be decided here." in page.words("p")
    assert "Rules: Travel needed" in page.words("p")


def test_a_refusal_that_another_officer_does_not_confirm_returns(house):
    path, rafael = sent(house), house.visitor(CERTIFIES)
    decided(house, screening.propose_refusal, path, codes=["travel-needed"], words="She lives there.")
    assert rafael.fill(path, "/refusal/return", words="").problems == {
        "return-words": "Write why the refusal is not confirmed."
    }
    assert rafael.fill(path, "/refusal/return", words="She lives in Khartoum.").status == 302
    assert "Waits for screening" in rafael.open(path).words("span")


def test_an_officer_without_the_function_sees_for_whom_a_button_is_and_the_head_only_reads(house):
    path = sent(house)
    page = house.visitor("paying officer").open(path)
    assert page.words("p", id="why-accept") == "This is for an officer designated for screening."
    assert not page.all("button", type="submit")
    assert [b_["text"] for b_ in page.all("button") if "aria-disabled" not in b_] == ["Sign out", "Keep the note"]
    head = house.visitor("head").open(path)
    assert "Officers designated for screening decide. You read." in head.words("p")
    assert [b_["text"] for b_ in head.all("button")] == ["Sign out", "Keep the note"]


def test_an_officer_of_the_same_state_sees_that_another_acts(house):
    path = sent(house)
    with house.at_work():
        people.account_of("ines@example.org").state = "SDN"
        db.session.commit()
    page = house.visitor(SCREENS).open(path)
    assert "This application is of your own State; another officer acts on it." in page.words("p", id="why-accept")


def test_who_reads_before_the_state_is_declared_is_refused_by_the_deed(house):
    path, officer = sent(house), house.visitor(SCREENS)
    read = officer.open(path)
    with house.at_work():
        people.account_of("ines@example.org").state = "SDN"
        db.session.commit()
    refused = officer.send(read, "/acceptance")
    assert (refused.status, refused.words("h1")) == (409, "Refused, nothing has changed")


def test_a_stale_page_decides_nothing_and_says_what_changed(house):
    path, officer = sent(house), house.visitor(SCREENS)
    read = officer.open(path)
    decided(house, screening.ask_for_changes, path, words="Write your position in full.")
    page = officer.send(read, "/acceptance")
    assert page.status == 409
    assert "has changed since you opened the page" in page.refusal
    assert "Changes asked" in page.words("ul", **{"class": "small"})
    assert "Ines Okafor" in page.words("ul", **{"class": "small"})


def test_a_stale_form_keeps_its_words_and_can_be_sent_against_what_stands_now(house):
    path, officer = sent(house), house.visitor(SCREENS)
    read = officer.open(path)
    decided(house, screening.accept, path)
    page = officer.send(read, "/changes", words="Write your position in full.")
    assert page.status == 409
    assert page.words("textarea", id="changes-words") == "Write your position in full."
    assert officer.send(page, "/changes", words="Write your position in full.").status == 302


def test_a_button_pressed_twice_is_one_deed(house):
    path, officer = sent(house), house.visitor(SCREENS)
    read, before = officer.open(path), house.events()
    assert [officer.send(read, "/acceptance").status for _ in range(2)] == [302, 302]
    assert house.events() == before + 1


def test_what_cannot_follow_any_more_is_told_whatever_was_typed(house):
    path, officer = sent(house), house.visitor(SCREENS)
    read = officer.open(path)
    with house.at_work():
        reference = path.rpartition("/")[2]
        seen = db.session.scalar(select(Application.seq).where(Application.reference == reference))
        applications.withdraw(reference, seen=seen, by=house.things["amna"], at=NOW)
    page = officer.send(read, "/changes", words="")
    assert page.status == 422
    assert "Changes are asked of an application that was sent and not refused." in page.refusal
    assert page.problems == {}


def test_a_note_verbale_that_was_only_promised_is_told(house):
    with house.at_work():
        path = f"/officers/applications/{b.application(house.things['amna'])}"
    page = house.visitor(SCREENS).open(path)
    assert "its file is to follow" in page.words("dd")
    assert "No document was sent." in page.words("p")


def test_what_the_applicant_opened_again_is_not_read_meanwhile(house):
    path = sent(house)
    with house.at_work():
        applications.reopen(path.rpartition("/")[2], by=house.things["amna"], at=NOW)
    page = house.visitor(SCREENS).open(path)
    assert "The applicant opened it again." in page.words("p")
    assert "MFA/112" not in page.text
    assert "/documents/" not in page.text
    assert page.words("h1").startswith("Application N2-")
    assert "Sudan" not in page.text
    line = house.visitor(SCREENS).open("/officers/applications").words("table")
    assert "N2-" in line
    assert not [word for word in ("Eltayeb", "Sudan", "Complete", "Note verbale") if word in line]
    for asked in ("q=amna", "state=SDN", "documents=note-verbale"):
        assert not house.visitor(SCREENS).open(f"/officers/applications?{asked}").all("table")


# The desk, and how much a page reads


def test_the_desk_counts_what_waits_for_each(house):
    path = sent(house)
    assert "One application to screen" in house.visitor(SCREENS).open("/officers/").words("a")
    decided(house, screening.propose_refusal, path, codes=["travel-needed"], words="She lives there.")
    assert "One proposed refusal to decide" in house.visitor(CERTIFIES).open("/officers/").words("a")
    own = house.visitor(SCREENS).open("/officers/").words("a")
    assert "refusal to decide" not in own
    assert "to screen" not in own


def test_the_desk_has_a_line_for_each_meeting_whose_applications_wait_the_nearest_deadline_first(house):
    sent(house)
    sent(house, by=delegate(house, "Bikash Gurung"), meeting="N3")
    page = house.visitor(SCREENS).open("/officers/")
    lines = [a for a in page.all("a") if "to screen" in a["text"]]
    assert [(a["text"], a["href"]) for a in lines] == [
        (f"One application to screen: {name}", f"/officers/applications?stage=submitted&meeting={code}")
        for code, name in (("N2", "Second round of negotiations"), ("N3", "Third round of negotiations"))
    ]
    assert "The call closes in 2 days" in page.words("p")


def test_the_desk_says_what_the_meetings_wait_for(house):
    said = _tasks(house)
    assert "Fourth multi-stakeholder hearing: fix its allotment Its selection day is today" in said
    assert "Second round of negotiations: fix its allotment Its call is open" in said
    assert not [line for line in said if line.startswith("Fourth round")], "its call opens in 20 days"
    with house.at_work():
        terms = {"amount": "90000.00", "basis": "decided", "document": "Allotment advice 2018/1"}
        made = proposals.propose(
            "allotment.changed", subject="H4", content=terms, reason="Late.", by=house.things["rafael"], at=NOW
        )
        proposals.confirm(made.on, by=house.things["lise"], at=NOW)
    assert "Fourth multi-stakeholder hearing: record the public value Its selection day is today" in _tasks(house)
    with house.at_work():
        selections.close_call("H4", value="19e7", by=house.things["ines"], at=NOW)
    assert "Fourth multi-stakeholder hearing: make the selection Its selection day is today" in _tasks(house)


def _tasks(house):
    page = house.known(CERTIFIES).open("/officers/")
    lines = [a["text"] for a in page.all("a") if "tasks" in a["within"] and a.get("class") != "btn"]
    notes = [p["text"] for p in page.all("p", **{"class": "small muted"}) if "tasks" in p["within"]]
    return [f"{line} {note}" for line, note in zip(lines, notes, strict=True)]


def test_an_imported_completion_waits_on_the_desk_until_an_officer_confirms_it(house):
    path = sent(house)
    with house.at_work():
        found = db.session.scalars(select(Application)).unique().one()
        found.completion_typed = True
        db.session.commit()
    desk = house.visitor(SCREENS).open("/officers/")
    assert [a["href"] for a in desk.all("a") if "imported completion" in a["text"]] == [path]
    decided(house, screening.confirm_completion, path)
    assert "completion to confirm" not in house.visitor(SCREENS).open("/officers/").words("a")


def test_who_did_what_names_the_applicant_and_no_reference_of_an_account(house):
    path = sent(house, by=delegate(house, "Bikash Gurung"))
    with house.at_work():
        bikash = people.account_of("bikash@example.org")
        bikash.name, reference = "", bikash.reference
        db.session.commit()
    page = house.visitor(SCREENS).open(path)
    assert [e["text"] for e in page.all("bdi") if "walk" in e["within"]] == ["Amna Eltayeb"]
    assert reference not in page.text


def test_a_designation_whose_time_is_over_does_not_wait_on_the_desk(house):
    with house.at_work():
        for to_day in (NOW.date() - timedelta(days=1), NOW.date()):
            people.make_designation(
                house.things["jonas"],
                function="paying",
                document="ADM/2018/1",
                from_day=b.date(2018, 1, 1),
                to_day=to_day,
                by=house.things["miriam"],
                at=NOW,
            )
    assert "One designation to confirm" in house.visitor(SCREENS).open("/officers/").words("a")


def test_a_list_of_thirty_takes_as_many_statements_as_one_of_three_and_shows_each_once(house):
    officer = house.visitor(SCREENS)
    for n in range(3):
        sent(house, by=delegate(house, f"Delegate{n} Example"), family_name=f"Number{n:02}")
    few = [statements(officer, path) for path in ("/officers/applications", "/officers/")]
    for n in range(3, 30):
        meeting = ("N2", "N3")[n % 2]
        sent(house, by=delegate(house, f"Delegate{n} Example"), meeting=meeting, family_name=f"Number{n:02}")
    many = [statements(officer, path) for path in ("/officers/applications", "/officers/")]
    assert few == many
    assert max(many) <= 22
    first = officer.open("/officers/applications")
    second = officer.open(first.all("a", rel="next")[0]["href"])
    names = [e["text"] for page in (first, second) for e in page.all("bdi") if e["text"].startswith("Amna")]
    assert names == [f"Amna Number{n:02}" for n in reversed(range(30))]


def test_one_application_takes_as_many_statements_with_a_long_history_as_with_a_short_one(house):
    path, officer = sent(house), house.visitor(SCREENS)
    few = statements(officer, path)
    for _ in range(4):
        decided(house, screening.ask_for_changes, path, words="Once more.")
        with house.at_work():
            applications.submit(path.rpartition("/")[2], by=house.things["amna"], at=NOW)
    assert statements(officer, path) == few
    assert few <= 30
