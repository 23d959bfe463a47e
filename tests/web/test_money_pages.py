"""The money page, months and closing: what each person sees, in a house with seats and on the day that matters."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.reports.reading import built, told
from tests.web.counting import statements
from tests.web.house import APPROVES, CERTIFIES, PAYS, Furnished, House, furnished_by, opened
from trustfund.extensions import db
from trustfund.models.closings import ClosedFund, ClosedMonth, Refund
from trustfund.operations import allotments, proposals, treasury
from trustfund.operations.allotments import latest_allotments, taken
from trustfund.operations.forecast import outlook_of

MONEY, MONTHS, CLOSING = "/officers/money", "/officers/months", "/officers/closing"
AFTER = datetime(2019, 1, 15, 9, tzinfo=UTC)
DAY = {"value_date__day": "10", "value_date__month": "1", "value_date__year": "2018"}


@pytest.fixture(scope="session")
def funded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """50,000 dollars, the first round with an allotment of 40,000 and two seats: Hind’s approved, Kwame’s accepted."""
    return furnished_by(_furnish, sqlite_template, tmp_path_factory.mktemp("funded") / "instance", seats.AUTUMN)


def _furnish() -> dict[str, str]:
    j.fund()
    b.officer("Jonas Weber")
    b.account("auditor", "Board of Auditors")
    hind, kwame = j.seated(("Hind Tayeb", "SDN"), ("Kwame Mensah", "GHA"))
    j.until(j.approved, hind)
    j.accepted(kwame)
    return {}


@pytest.fixture
def house(funded: Furnished, tmp_path: Path):
    """Their house on 29 January 2018."""
    yield from opened(funded, tmp_path / "instance", j.APPROVED)


def paid(house: House, usd: str, bank: str, earmark: str = "") -> None:
    """So much more in the bank."""
    with house.at_work():
        seats.paid_in(usd, earmark, at=j.APPROVED, bank=bank)


# The money page


def test_the_page_says_for_which_meeting_money_is_missing_when_and_how_much(house: House):
    with house.at_work():
        short = outlook_of(db.session(), j.APPROVED.date()).short
    page = house.visitor(CERTIFIES).open(MONEY)
    assert short.meeting.code == "H4"
    assert page.words("h1") == f"Money is enough until N1; {short.missing:,} USD is missing for H4"
    assert f"H4 begins on 21 February 2018. By then {short.missing:,} USD is missing" in page.words("p")
    assert "Nothing is agreed that has not been received." in page.words("p")


def test_with_enough_in_the_bank_all_meetings_ahead_can_be_paid(house: House):
    paid(house, "2000000.00", "BIG-1")
    page = house.visitor(CERTIFIES).open(MONEY)
    assert page.words("h1") == "The fund can pay all meetings ahead"
    assert "money" not in house.visitor(CERTIFIES).open("/officers/").words("h1").lower()
    assert not house.visitor(CERTIFIES).open("/officers/").all("a", href="/officers/money")[1:]


def test_what_is_agreed_and_not_received_is_a_second_line(house: House):
    with house.at_work():
        pledge = b.pledge(b.account("donor", "Fiji", donor=b.donor("Fiji", country="FJI")), "2000000.00")
        b.agreement(pledge, seats.who("Salma"), "2000000.00")
    page = house.visitor("head").open(MONEY)
    assert page.words("h1").startswith("Money is enough until N1")
    assert "2,000,000.00 USD is agreed and not yet received. If it came in, the fund could pay all" in page.words("p")
    with house.at_work():
        outlook = outlook_of(db.session(), j.APPROVED.date())
    assert (outlook.agreed, outlook.still_short) == (2_000_000, None)


def test_after_the_last_meeting_none_lies_ahead(house: House):
    with house.on(AFTER):
        page = house.visitor(PAYS).open(MONEY)
    assert page.words("h1") == "No meeting lies ahead"
    assert "A meeting that officers add to the calendar will stand here" in page.words("p")


def test_the_figures_are_those_of_the_auditors_reports(house: House):
    with house.at_work():
        lines = dict(told(built("fund-status"), "line", "all"))
    facts = house.visitor("head").open(MONEY).words("dd")
    known = {name: lines[name] for name in ("spendable", "reserve", "set-aside", "commitments")}
    assert known == {
        "spendable": "36838.38",
        "reserve": "6521.74",
        "set-aside": "3489.44",
        "commitments": "3150.44",
    }
    assert all(f"{float(usd):,.2f}" in facts for usd in known.values())
    assert "50,000.00" in facts
    assert "N1Allotment advice 2017/1240,000.006,639.8833,360.12" in house.visitor(PAYS).open(MONEY).words("tr")


def test_the_forecast_takes_of_each_meeting_what_its_allotment_has_left_or_its_planned_need(house: House):
    with house.at_work():
        session, day = db.session(), j.APPROVED.date()
        first, *others = outlook_of(session, day).steps
        assert taken(session, day) == {"N1": allotments.used(session, "N1", day)}
        assert latest_allotments(session)["N1"] == 40_000
        assert str(first.meeting.need) == "33360.12"
    assert first.meeting.allotted
    assert not any(step.meeting.allotted for step in others)
    rows = [row["text"] for row in house.visitor(PAYS).open(MONEY).all("tr")]
    assert next(row for row in rows if row.startswith("N1")).startswith(
        "N120 February 2018Left of its allotment33,360.12"
    )
    assert "Planned need" in next(row for row in rows if row.startswith("N2"))


def test_of_a_journey_that_is_not_made_only_what_it_cost_is_taken(house: House):
    with house.at_work():
        hind = db.session.query(j.Award).filter_by(state="SDN").one().reference
        j.ticketed(j.authorized(hind))
        j._do(j.travel.cancel, hind, seats.who("Ines"), j.TICKETED, refund="600.00", reason="It was called off.")
        session, day = db.session(), j.TICKETED.date()
        assert taken(session, day) == {"N1": allotments.used(session, "N1", day)}
        assert str(taken(session, day)["N1"]) == "3941.44"  # Kwame’s 3,489.44, and 400.00 with 52.00


def test_a_figure_says_its_months_in_words_and_each_bar_in_figures(quiet_house: House):
    page = quiet_house.known(PAYS).open(MONEY)
    lines = [e["text"] for e in page.all("span") if "bars" in e["within"]]
    assert "2017-06" not in lines
    assert lines[lines.index("June 2017") + 1] == "56,320.00"


def test_the_desk_of_officers_and_of_the_head_has_the_warning_in_one_line(house: House):
    for who in (CERTIFIES, "head", "officer without designation"):
        notes = [a["text"] for a in house.visitor(who).open("/officers/").all("a", href=MONEY)]
        assert any(text.startswith("Money is enough until N1; ") for text in notes), who


def test_others_have_no_such_pages(house: House):
    for path in (MONEY, MONTHS, CLOSING):
        assert house.visitor("auditor").open(path).status == 403
        assert house.visitor().open(path).status == 302


# Lines of the bank's statement


def test_the_paying_officer_records_interest_and_it_can_be_spent(house: House):
    salma = house.visitor(PAYS)
    line = {"kind": "interest", "amount": "115.00", "bank_account": "main", "bank_reference": "INT-1"}
    answer = salma.fill(MONEY, "/lines", **line, **DAY)
    assert answer.location == MONEY
    assert "The line is recorded: entry" in salma.open(MONEY).words("p")
    with house.at_work():
        assert dict(told(built("fund-status"), "line", "all"))["interest"] == "115.00"
    again = salma.fill(MONEY, "/lines", **line, **DAY)
    assert "recorded already" in again.problems["bank_reference"]


def test_a_charge_is_recorded_and_support_cost_that_nobody_owes_is_refused_at_its_field(house: House):
    salma = house.visitor(PAYS)
    line = {"amount": "12.00", "bank_account": "main", "bank_reference": "C-1"}
    refused = salma.fill(MONEY, "/lines", kind="support-cost", **line, **DAY)
    assert "is more than the support cost that is owed: 0.00" in refused.problems["amount"]
    assert "No support cost is owed." in refused.words("p")
    assert refused.form("/lines")[1]["bank_reference"] == "C-1"
    assert salma.fill(MONEY, "/lines", kind="charge", **line, **DAY).location == MONEY


def test_an_empty_line_says_what_is_missing_and_others_are_told_why_not(house: House):
    assert set(house.visitor(PAYS).fill(MONEY, "/lines").problems) == {
        "kind-0",
        "amount",
        "value_date-day",
        "bank_reference",
    }
    page = house.visitor(APPROVES).open(MONEY)
    assert "Only an officer who is designated for this can do it: paying." in page.words("p")
    assert "Record the line" not in house.visitor("head").open(MONEY).text


# Months


def test_the_page_of_months_shows_what_the_next_closing_posts(house: House):
    with house.at_work():
        hind = db.session.query(j.Award).order_by(j.Award.id).filter_by(state="SDN").one().reference
        for step in j.STEPS[3:7]:
            step(hind)
    with house.on(datetime(2018, 3, 2, 9, tzinfo=UTC)):
        page = house.visitor(CERTIFIES).open(f"{MONTHS}?month=2018-02")
    assert page.words("h1") == "10 months are over and open"
    assert "The first of them is May 2017." in page.words("p")
    assert f"{hind}23 February 20181,788.00232.44" in page.words("tr")
    assert "travel28 February 20181,788.000.00" in page.words("tr")
    assert "travel1 March 20180.001,788.00" in page.words("tr")
    assert "All entries of the books sum to zero." in page.words("th")


def test_two_officers_close_a_month(house: House):
    rafael, lise = house.visitor(CERTIFIES), house.visitor(APPROVES)
    answer = rafael.fill(MONTHS, MONTHS, month="2017-12", reason="The year is over.")
    assert answer.location == MONTHS
    assert "The closing of December 2017 is proposed and waits for a second officer" in rafael.open(MONTHS).words("a")
    waiting = lise.open("/officers/proposals")
    assert "Close a month: December 2017" in waiting.words("h2")
    assert rafael.open("/officers/proposals").all("button", **{"aria-disabled": "true"})
    assert lise.send(waiting, "/confirmation").location == "/officers/proposals"
    page = rafael.open(MONTHS)
    assert page.words("h1") == "All months that are over are closed"
    assert "December 2017" in page.words("th")
    assert "Lise Example" in page.words("td")
    with house.at_work():
        assert db.session.query(ClosedMonth).count() == 8


def test_without_a_rate_the_preview_says_which_one_and_nothing_can_be_proposed(house: House):
    with house.at_work():
        b.rate("EUR", "0.92", "2017-11-30")
        pledge = b.pledge(b.account("donor", "Malta", donor=b.donor("Malta", country="MLT")), "100.00", "EUR")
        b.agreement(pledge, seats.who("Salma"), "100.00", date(2017, 12, 1))
    with house.on(datetime(2018, 3, 2, 9, tzinfo=UTC)):
        rafael = house.visitor(CERTIFIES)
        said = "There is no rate for EUR on 31 January 2018"
        assert said in rafael.open(f"{MONTHS}?month=2018-01").words("strong")
        answer = rafael.fill(MONTHS, MONTHS, month="2018-01", reason="It is over.")
    assert answer.status == 422
    assert said in answer.refusal
    assert "It is over." in answer.words("textarea")


def test_who_may_not_close_months_is_told_why(house: House):
    page = house.visitor(PAYS).open(MONTHS)
    assert "Only an officer who is designated for this can do it: certifying and approving." in page.words("p")
    assert not page.all("textarea")
    assert "Propose" not in house.visitor("head").open(MONTHS).text
    assert house.visitor(CERTIFIES).open(f"{MONTHS}?month=1999-01").status == 200


# Closing


def test_before_its_decision_the_closing_says_what_fails_and_by_how_much(house: House):
    page = house.visitor(APPROVES).open(CLOSING)
    assert page.words("h1") == "The closing of the fund is not decided"
    assert "Commitments of 3,150.44 are open.To do" in page.words("tr")
    assert "No traveller owes the fund anything.In order" in page.words("tr")
    assert "Total46,849.560.0046,849.56" in page.words("tr")


def ended(house: House) -> None:
    """A year later: nobody travelled, and the year 2018 is closed."""
    with house.at_work():
        for award in db.session.query(j.Award).all():
            j._do(j.travel.cancel, award.reference, seats.who("Ines"), AFTER, reason="It was called off.")
        made = proposals.propose(
            "month.closed", subject="month:2018-12", content={}, reason="Over.", by=seats.who("Rafael"), at=AFTER
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=AFTER)


def test_the_fund_is_closed_step_by_step_by_two_persons_each_time(house: House):
    with house.on(AFTER):
        ended(house)
        lise, salma, head = house.visitor(APPROVES), house.visitor(PAYS), house.visitor("head")
        decided = {"decided_on__day": "19", "decided_on__month": "12", "decided_on__year": "2018"}
        lise.fill(CLOSING, "/decision", document="A/RES/73/195", reason_of_decision="As decided.", **decided)
        assert "waits for a second person" in head.open(CLOSING).words("a")
        waiting = head.open("/officers/proposals")
        assert "Decide the closing of the fund: the fund" in waiting.words("h2")
        assert not [f for f in waiting.seen.forms if f["action"].endswith("/rejection")]
        assert head.send(waiting, "/confirmation").status == 302
        page = lise.open(CLOSING)
        assert page.words("h1") == "The fund is closing: one of 14 steps is to be done"
        assert "Decided on 19 December 2018 by A/RES/73/195." in page.words("p")
        assert "Refunds of 50,000.00 are not paid.To do" in page.words("tr")
        line = {"bank_reference": "REF-1", "reason_of_refund": "The fund closes."}
        lise.fill(CLOSING, "/refunds", **line, **{**DAY, "value_date__year": "2019"})
        waiting = salma.open("/officers/proposals")
        assert "Pay a refund: Donor LU-1" in waiting.words("h2")
        assert "50,000.00" in waiting.words("dd")
        salma.send(waiting, "/confirmation")
        page = lise.open(CLOSING)
        assert page.words("h1") == "The fund can be closed"
        assert "Donor LU-1 Not earmarked50,000.000.00" in page.words("tr")
        lise.fill(CLOSING, "/end", reason_of_end="Everything is paid.")
        head.fill("/officers/proposals", "/confirmation")
        assert head.open(CLOSING).words("h1") == "The fund is closed"
    with house.at_work():
        assert db.session.get(ClosedFund, 1)
        assert db.session.query(Refund).count() == 1


def test_a_refund_before_its_time_is_refused_with_every_test_that_fails(house: House):
    with house.at_work():
        made = proposals.propose(
            "closing.decided",
            subject="fund",
            content={"document": "A/RES/72/1", "decided_on": "2018-01-29"},
            reason="Decided.",
            by=seats.who("Lise"),
            at=j.APPROVED,
        )
        proposals.confirm(made.on, by=seats.who("Tomas"), at=j.APPROVED)
    answer = house.visitor(PAYS).fill(CLOSING, "/refunds", bank_reference="R-1", reason_of_refund="Now.", **DAY)
    assert answer.status == 422
    assert "Commitments of 3,150.44 are open." in answer.refusal
    assert "The months from May 2017 on are not closed." in answer.refusal
    assert answer.form("/refunds")[1]["bank_reference"] == "R-1"


def test_an_empty_decision_says_what_is_missing(house: House):
    answer = house.visitor(APPROVES).fill(CLOSING, "/decision")
    assert set(answer.problems) == {"document", "decided_on-day", "reason_of_decision"}


# Statements


@pytest.mark.parametrize("path", [MONEY, MONTHS, CLOSING, "/officers/"])
def test_the_pages_need_no_more_statements_for_more_money_and_more_seats(house: House, path: str):
    visitor = house.visitor(CERTIFIES)
    few = statements(visitor, path)
    for n in range(3):
        paid(house, "1000.00", f"MORE-{n}", earmark=("", "travel", "meeting:N2")[n])
    with house.at_work():
        for code in ("N4", "N5"):
            seats.allotted("1000.00", code)
        treasury.record_interest(
            "main",
            amount="1.00",
            value_date=date(2018, 1, 5),
            bank_reference="I",
            by=seats.who("Salma"),
            at=j.APPROVED,
        )
    assert statements(visitor, path) == few
