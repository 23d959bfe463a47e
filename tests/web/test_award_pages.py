"""Officers and awards: each sees what may be done next, does it once, and is told in words why not."""

import shutil
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.conftest import FAST
from tests.web.conftest import House
from tests.web.counting import statements
from tests.web.visitor import Visitor
from trustfund.app import create_app
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.models.people import Account, Designation
from trustfund.operations import people, proposals
from trustfund.operations.allowances import record_provision
from trustfund.services import clock as now_of
from trustfund.services.clock import clock

DELEGATES = (("Hind Tayeb", "SDN"), ("Mele Losa", "FJI"), ("Kwame Mensah", "GHA"))
CERTIFIES, APPROVES, PAYS, SCREENS = "certifying officer", "approving officer", "paying officer", "screening officer"


@pytest.fixture(scope="session")
def seated(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory):
    """Hind of Sudan, Mele of Fiji and Kwame of Ghana are proposed a seat at the first round."""
    folder = tmp_path_factory.mktemp("seated") / "instance"
    shutil.copytree(sqlite_template, folder)
    app = create_app(FAST, instance=str(folder))
    with app.app_context(), clock().at(seats.AUTUMN):
        j.fund()
        with seats.on(seats.AUTUMN):
            b.officer("Jonas Weber")
            b.account("donor", "Luxembourg", donor=b.donor("Luxembourg", type="state", country="LUX"))
            b.account("auditor", "Board of Auditors")
            b.account("administrator", "Dele Adeyemi")
        things = dict(zip(("hind", "mele", "kwame"), j.seated(*DELEGATES), strict=True))
        for account in db.session.query(Account).all():
            people.set_password(account, b.PASSWORD)
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    return folder, things


@pytest.fixture
def house(seated, tmp_path: Path):
    """Their house, on the day after the seats were proposed."""
    shutil.copytree(seated[0], tmp_path / "instance")
    app = create_app(FAST, instance=str(tmp_path / "instance"))
    with app.app_context():
        standing_still = clock()
    with standing_still.at(j.OFFERED):
        yield House(app, dict(seated[1]))
    with app.app_context():
        db.engine.dispose()


@contextmanager
def on(house, instant: datetime):
    """What is opened and sent at another instant."""
    with house.at_work():
        standing_still = clock()
    with standing_still.at(instant):
        yield


def done(house, step, who="hind", **more):
    """A step that somebody has done already."""
    with house.at_work():
        return step(house.things[who], **more)


def until(house, step, who="hind"):
    with house.at_work():
        j.until(step, house.things[who])


def path(house, who="hind"):
    return f"/officers/awards/{house.things[who]}"


def award(house, who="hind"):
    with house.at_work():
        found = j.award(house.things[who])
        return found.stage, found.seq


def seat(house, who="hind"):
    with house.at_work():
        return j.award(house.things[who]).seat


def also(house, who, function):
    """A second function of an officer."""
    with house.at_work(), seats.on(j.OFFERED):
        made = people.make_designation(
            seats.who(who),
            function=function,
            document="ADM/2018/2",
            from_day=date(2018, 1, 1),
            by=seats.who("Miriam"),
            at=j.OFFERED,
        )
        people.confirm_designation(made.on, by=seats.who("Ines"), at=j.OFFERED)


def ended(house, function):
    with house.at_work(), seats.on(j.OFFERED):
        made = db.session.scalar(select(Designation.reference).where(Designation.function == function))
        people.end_designation(made, by=seats.who("Miriam"), at=j.OFFERED)


def colleague(house, name, function, state=""):
    """A browser of another officer."""
    with house.at_work():
        j.colleague(name, function, state)
        people.set_password(people.account_of(f"{name.lower()}@example.org"), b.PASSWORD)
        db.session.rollback()
    return Visitor(house.app, f"{name.lower()}@example.org")


def disabled(page):
    return [button["text"] for button in page.all("button") if button.get("aria-disabled") == "true"]


def rows(page):
    return [" ".join(row["text"].split()) for row in page.all("tr")][1:]


def headings(page):
    return [one["text"] for one in page.all("summary")]


def by_hand(visitor, page, address, **fields):
    """Sent by a person who does not care what the page offers."""
    token = page.form()[1]["csrf_token"]
    return visitor.open(address, method="POST", data={"csrf_token": token, "key": "k" * 32, **fields})


# The list


def test_before_the_first_selection_the_list_says_what_will_come(sqlite_template, tmp_path):
    shutil.copytree(sqlite_template, tmp_path / "instance")
    app = create_app(FAST, instance=str(tmp_path / "instance"))
    with app.app_context():
        b.officer("Ines Example", "screening", password=True)
        db.session.remove()
    page = Visitor(app, "ines@example.org").open("/officers/awards")
    assert page.words("h2") == "No seat was proposed yet"
    with app.app_context():
        db.engine.dispose()


def test_the_list_says_where_each_award_stands_and_what_comes_next(house):
    done(house, j.accepted)
    answers = "Seat proposed{} proposedThe delegate answers by 2 February 2018"
    assert rows(house.visitor(SCREENS).open("/officers/awards")) == [
        f"Kwame Mensah {seat(house, 'kwame')}GhanaN13" + answers.format("3,489.44"),
        f"Mele Losa {seat(house, 'mele')}FijiN12" + answers.format("4,540.34"),
        f"Hind Tayeb {seat(house)}SudanN11Waits for certification3,150.44 proposedTo certify",
    ]


def test_for_one_meeting_the_list_stands_in_the_order_of_its_places(house):
    page = house.visitor("head").open("/officers/awards?meeting=N1")
    assert [row.split()[0] for row in rows(page)] == ["Hind", "Mele", "Kwame"]
    assert page.all("a", href="/officers/meetings/N1/certification")
    assert house.visitor(SCREENS).open("/officers/awards?meeting=N2").words("h2") == "No award is like this"


@pytest.mark.parametrize("typed", ["tayeb", "SUDAN", "soudan hind", "{reference}", "{seat}"])
def test_an_award_is_found_by_person_state_reference_and_seat(house, typed):
    words = typed.format(reference=house.things["hind"].lower(), seat=seat(house).lower())
    page = house.visitor(SCREENS).open("/officers/awards", query_string={"q": words})
    assert [row.split()[0] for row in rows(page)] == ["Hind"]


def test_a_claim_that_is_due_shows_how_many_days_are_left_and_how_late_it_is(house):
    until(house, j.attended)
    officer = house.visitor(PAYS)
    for day, said in ((6, "In 3 days"), (8, "In one day"), (9, "Today"), (12, "3 days late")):
        with on(house, datetime(2018, 3, day, 10, tzinfo=UTC)):
            assert rows(officer.open("/officers/awards?stage=travelled"))[0].endswith(f"The delegate claims{said}")


def test_the_list_needs_as_many_statements_for_thirty_awards_as_for_one(house):
    officer = house.visitor(SCREENS)
    done(house, j.accepted)
    one = statements(house, officer, f"/officers/awards?q={seat(house)}")
    desk = statements(house, house.known(CERTIFIES), "/officers/")
    many(house, 30)
    assert len(rows(officer.open("/officers/awards?q=e"))) == 25
    assert statements(house, officer, f"/officers/awards?q={seat(house)}") == one
    assert statements(house, officer, "/officers/awards?q=e") == one
    assert statements(house, house.known(CERTIFIES), "/officers/") == desk


def many(house, n):
    """So many more awards that wait for certification, of applications of their own."""
    with house.at_work():
        award, application = Award.__table__, Application.__table__
        known = db.session.execute(select(application).join(award, award.c.application_id == application.c.id)).all()
        of_award = db.session.execute(select(award).where(award.c.reference == house.things["hind"])).one()._asdict()
        for i in range(n):
            seen = {"id": 1000 + i, "public": f"N1-X{i:03}", "reference": f"T-XX{i:06}"}
            db.session.execute(insert(application).values(known[i % len(known)]._asdict() | seen))
            new = {"id": 1000 + i, "seat": f"N1-X{i:03}", "reference": f"W-XX{i:06}", "application_id": 1000 + i}
            waits = {"stage": "accepted", "account_id": None, "person": ""}
            db.session.execute(insert(award).values(of_award | new | waits))
        db.session.commit()


# One award


def test_an_award_shows_its_cost_line_by_line_with_rate_and_rule(house):
    done(house, j.accepted)
    done(house, j.quoted, amount="1300.00")
    page = house.visitor(CERTIFIES).open(path(house))
    assert page.words("h1") == "Hind Tayeb, Sudan"
    assert f"Award {house.things['hind']}, seat {seat(house)}, version {award(house)[1]}" in page.words("p")
    assert rows(page)[:7] == [
        "Tickethome – New York – home: Agent 1. Economy class, quoted on 25 January 20181,300.00",
        "Daily subsistence4 nights, 19 February 2018 to 23 February 2018, at 384.00 in New York (example)1,536.00",
        "Terminal expenses2 trips in New York at 63.00 (example)126.00",
        "Terminal expenses2 trips in Khartoum at 38.00 (example)76.00",
        "Cost3,038.00",
        "Support costProgramme support cost, 13 per cent of expenditure, in force since 3 April 2017394.94",
        "Charge to the fund3,432.94",
    ]
    assert "Place 1 of 3" in page.words("strong")
    assert "Ahead of place 2: Sudan" in page.words("p")


def test_what_the_meeting_gives_lowers_its_nights_and_is_named(house):
    done(house, j.accepted)
    with house.at_work(), seats.on(j.OFFERED):
        given = {"2018-02-20": ["lunch"], "2018-02-22": ["lunch", "dinner"]}
        record_provision(
            "N1", factor="", transport=False, given=given, seen_number=0, by=seats.who("Ines"), at=j.OFFERED
        )
    page = house.visitor(CERTIFIES).open(path(house))
    assert "One night, 20 February 2018 to 21 February 2018, at 384.00 in New York (example), × 0.88337.92" in " ".join(
        rows(page)
    )
    assert "lunch on 20 February 2018 and 22 February 2018 and dinner on 22 February 2018" in page.words("p")


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
    few = statements(house, officer, path(house))
    for _ in range(4):
        done(house, j.quoted, amount="1400.00")
    assert statements(house, officer, path(house)) == few


# Certify, approve: two persons


def certified_page(house, officer):
    return officer.send(officer.open(path(house)), "/certification")


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
    assert award(house)[0] == "certified"
    assert "Award approved: 1 of 2 approvals" in page.words("strong")
    assert page.words("p", **{"class": "lead"}).endswith("It waits for a second approving officer.")
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
    with on(house, j.TICKETED):
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


def test_the_paper_is_gone_with_an_award_that_is_cancelled(house):
    until(house, j.authorized)
    ines = house.visitor(SCREENS)
    with on(house, j.TICKETED):
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
    with on(house, j.FIRST_DAY):
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


# A whole meeting


def bulk(house, visitor, page, *without):
    """Send a list, some of its ticks taken out."""
    _, fields = page.form()
    ticked = [box["value"] for box in page.all("input", name="awards") if "checked" in box]
    fields["awards"] = [line for line in ticked if line.split()[0] not in {house.things[who] for who in without}]
    return visitor.open(page.path, method="POST", data=fields)


CERTIFICATION, ATTENDANCE = "/officers/meetings/N1/certification", "/officers/meetings/N1/attendance"


@pytest.fixture
def all_accepted(house):
    for who in ("hind", "mele", "kwame"):
        done(house, j.accepted, who)
    return house


def stages(house):
    return [award(house, who)[0] for who in ("hind", "mele", "kwame")]


def test_a_meeting_is_certified_at_once_and_the_exception_stands_apart_with_its_reason(all_accepted):
    house = all_accepted
    rafael, before = house.visitor(CERTIFIES), house.events()
    page = rafael.open(CERTIFICATION)
    assert page.words("h1") == "2 awards can be certified"
    assert "Certify 2 awards, 6,639.88 USD" in page.words("button")
    assert rows(page)[-1] == (
        f"Mele Losa {seat(house, 'mele')}FijiA fare above 1,500.00 needs two quotes; there are 0. "
        "Record another quote first."
    )
    assert bulk(house, rafael, page).location == "/officers/awards?meeting=N1"
    assert stages(house) == ["certified", "accepted", "certified"]
    assert house.events() == before + 2
    assert rafael.open(CERTIFICATION).words("h1") == "No award waits for certification"


def test_the_certification_of_a_meeting_needs_as_many_statements_for_thirty_as_for_two(all_accepted):
    house = all_accepted
    rafael = house.visitor(CERTIFIES)
    few = statements(house, rafael, CERTIFICATION)
    many(house, 30)
    assert rafael.open(CERTIFICATION).words("h1") == "32 awards can be certified"
    assert statements(house, rafael, CERTIFICATION) == few


def test_another_choice_than_the_button_named_is_counted_anew_before_it_is_done(all_accepted):
    house = all_accepted
    rafael, before = house.visitor(CERTIFIES), house.events()
    page = bulk(house, rafael, rafael.open(CERTIFICATION), "kwame")
    assert page.status == 200
    assert "Nothing is certified yet." in page.words("p")
    assert "Certify one award, 3,150.44 USD" in page.words("button")
    assert house.events() == before
    assert bulk(house, rafael, page).status == 302
    assert stages(house) == ["certified", "accepted", "accepted"]


def test_after_a_fault_nothing_is_certified_and_the_ticks_are_kept(all_accepted):
    house = all_accepted
    rafael = house.visitor(CERTIFIES)
    page = bulk(house, rafael, rafael.open(CERTIFICATION), "kwame")
    done(house, j.quoted, amount="1300.00")
    answer = bulk(house, rafael, page)
    assert (answer.status, stages(house)) == (409, ["accepted"] * 3)
    assert "This award has changed since you opened the page" in answer.refusal
    assert ["checked" in box for box in answer.all("input", name="awards")] == [True, False]
    assert bulk(house, rafael, answer).status == 302
    assert stages(house) == ["certified", "accepted", "accepted"]


def test_a_list_without_a_tick_asks_for_one(all_accepted):
    house = all_accepted
    rafael = house.visitor(CERTIFIES)
    page = bulk(house, rafael, rafael.open(CERTIFICATION), "hind", "kwame")
    assert (page.status, list(page.problems.values())) == (422, ["Tick at least one award."])


def test_what_another_must_certify_stands_among_the_exceptions(all_accepted):
    house = all_accepted
    omar = colleague(house, "Omar", "certifying", state="SDN")
    page = omar.open(CERTIFICATION)
    assert page.words("h1") == "One award can be certified"
    assert "This award is for a delegate of your own State" in rows(page)[-1]


def test_who_does_not_certify_reads_the_list_and_is_refused(all_accepted):
    house = all_accepted
    lise = house.visitor(APPROVES)
    page = lise.open(CERTIFICATION)
    assert disabled(page) == ["Certify 2 awards, 6,639.88 USD"]
    answer = bulk(house, lise, page)
    assert (answer.status, stages(house)) == (403, ["accepted"] * 3)
    assert "You have no designation in force today for this." in answer.refusal


def test_the_attendance_is_confirmed_from_the_first_day_on(house):
    until(house, j.ticketed)
    until(house, j.ticketed, "kwame")
    ines = house.visitor(SCREENS)
    page = ines.open(ATTENDANCE)
    assert page.words("h1") == "2 delegates have a ticket"
    assert not page.all("input", name="awards")
    with on(house, j.FIRST_DAY):
        page = bulk(house, ines, ines.open(ATTENDANCE), "kwame")
        assert "Nothing is confirmed yet." in page.words("p")
        assert bulk(house, ines, page).status == 302
    assert stages(house) == ["travelled", "proposed", "ticketed"]


# The desk


@pytest.mark.parametrize(
    ("last", "who", "said", "address"),
    [
        (j.accepted, CERTIFIES, "One award to certify: First round of negotiations", CERTIFICATION),
        (
            j.certified,
            APPROVES,
            "One award to approve: First round of negotiations",
            "/officers/awards?meeting=N1&stage=certified",
        ),
        (
            j.approved,
            SCREENS,
            "One journey to authorize: First round of negotiations",
            "/officers/awards?meeting=N1&stage=approved",
        ),
        (j.ticketed, PAYS, "One advance to pay: First round of negotiations", "/officers/payments"),
        (j.claimed, CERTIFIES, "One claim to settle: First round of negotiations", "/officers/claims"),
        (j.prepared, APPROVES, "One settlement to approve: First round of negotiations", "/officers/claims"),
    ],
)
def test_the_desk_says_what_waits_for_whom(house, last, who, said, address):
    until(house, last)
    with on(house, j.SETTLED):
        seen = {there: tasks(house.visitor(there).open("/officers/")) for there in (CERTIFIES, APPROVES, PAYS, SCREENS)}
    assert seen[who].get(said) == address
    assert said not in seen["paying officer" if who != PAYS else CERTIFIES]


def tasks(page):
    return {a["text"]: a["href"].replace("&amp;", "&") for a in page.all("a") if "tasks" in a["within"]}


def test_the_desk_does_not_send_an_officer_to_what_another_must_do(house):
    also(house, "Lise", "certifying")
    done(house, j.accepted)
    certified_page(house, house.visitor(APPROVES))
    assert "One award to approve: First round of negotiations" not in tasks(house.visitor(APPROVES).open("/officers/"))
