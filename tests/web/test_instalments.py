"""The pages of conditions, instalments and reminders: as an officer and as a donor meet them."""

from datetime import UTC, date, datetime

import pytest

from tests import builders as b
from tests.web.awarded import tasks
from tests.web.counting import statements
from tests.web.house import PAYS
from trustfund.operations import contributions, reminders

JULY = date(2017, 7, 3)
AGREED = {"document": "Note verbale 17/418", "day-day": "3", "day-month": "7", "day-year": "2017", "amount": "30000.00"}
CONDITION = "Once the budget of 2018 is adopted."


def rows(*typed):
    """What is typed into the rows of the form: day, month, year, amount."""
    parts = ("day", "month", "year", "amount")
    return {f"instalments-{n}-{p}": text for n, row in enumerate(typed) for p, text in zip(parts, row, strict=True)}


TWO = rows(("1", "12", "2017", "10000.00"), ("1", "3", "2018", "20000.00"))


def page_of(house, door="officers"):
    return f"/{door}/pledges/{house.things['announced']}"


def agreed(house, **more):
    """Luxembourg's pledge of 30,000 euros, agreed by Salma."""
    with house.at_work():
        known = {"document": "Note verbale 17/418", "day": JULY, "amount": "30000.00"} | more
        pledge = house.things["announced"]
        contributions.record_agreement(pledge, **known, seen=b.version(pledge), by=house.things["salma"], at=b.AT)
    return pledge


INSTALMENTS = [(date(2017, 12, 1), "10000.00"), (date(2018, 3, 1), "20000.00")]


@pytest.mark.parametrize(("who", "door"), [("donor", "donors"), (PAYS, "officers")])
def test_a_pledge_is_announced_and_amended_in_instalments(house, who, door):
    visitor = house.visitor(who)
    page = visitor.open(f"{page_of(house, door)}/amendment")
    assert not [d for d in page.all("details") if "open" in d], "closed as long as none is filled in"
    done = visitor.send(page, **TWO)
    after = visitor.open(done.location)
    assert [c["text"] for c in after.all("td", **{"data-l": "Due"})] == ["1 December 2017", "1 March 2018"]
    page = visitor.open(f"{page_of(house, door)}/amendment")
    assert [d for d in page.all("details") if "open" in d], "open where some are"
    assert page.form()[1]["instalments-1-amount"] == "20000.00"
    assert house.faults() == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (rows(("1", "12", "2017", "9000.00")), "The instalments make 9,000.00, the pledge 30,000.00: 21,000.00 are"),
        (rows(("1", "12", "2017", "")), "Instalment 1 needs its day, month, year and amount."),
        (rows(("31", "2", "2018", "1.00")), "The day of instalment 1 is not a date."),
        (rows(("1", "12", "17", "1.00")), "The day of instalment 1 is not a date."),
        (rows(("9" * 20, "12", "2017", "1.00")), "The day of instalment 1 is not a date."),
        (rows(("1", "12", "2017", "1e5")), "“1e5” is not an amount."),
    ],
)
def test_wrong_instalments_come_back_filled_with_one_sentence_at_their_field(house, typed, says):
    donor = house.visitor("donor")
    refused = donor.fill(f"{page_of(house, 'donors')}/amendment", **typed)
    assert refused.status == 422
    assert [*refused.problems] == ["instalments-0-day"]
    assert refused.problems["instalments-0-day"].startswith(says)
    assert refused.form()[1].items() >= typed.items()
    assert [d for d in refused.all("details") if "open" in d]


def test_an_officer_records_a_conditional_agreement_and_that_it_is_met(house):
    officer = house.visitor(PAYS)
    done = officer.fill(page_of(house), "/agreement", **AGREED, condition=CONDITION, **TWO)
    page = officer.open(done.location)
    assert page.words("p", **{"class": "lead"}) == "It is agreed on a condition, and booked once that is met."
    assert CONDITION in page.text
    assert tasks(officer.open("/officers/"))["One agreement waits for its condition"] == (
        "/officers/pledges?stage=conditional"
    )
    assert "Luxembourg" in officer.open("/officers/pledges?stage=conditional").words("th")
    empty = officer.send(page, "/condition")
    assert [*empty.problems] == ["document", "day-day"]
    met = {"document": "Law of 1 July", "day-day": "2", "day-month": "7", "day-year": "2017"}
    refused = officer.send(empty, "/condition", **met)
    assert refused.problems == {
        "day-day": "The condition is met on 2 July 2017, before the agreement of 3 July 2017. "
        "Enter the day on which it was met."
    }
    done = officer.send(refused, "/condition", **{"day-day": "4"})
    assert "The condition is met: entry" in officer.open(done.location).text
    assert "30,000.00 EUR is outstanding" in officer.open(page_of(house)).words("p", **{"class": "lead"})
    donor = house.visitor("donor").open(page_of(house, "donors"))
    assert CONDITION in donor.text
    assert [c["text"] for c in donor.all("td", **{"data-l": "How it stands"})] == ["54 days late", "Not due yet"]
    assert house.faults() == []


def test_money_before_the_condition_is_recorded_as_what_waits(house):
    agreed(house, condition=CONDITION)
    officer = house.visitor(PAYS)
    page = officer.open(page_of(house))
    assert "A deposit that comes before the condition is met waits" in page.text
    empty = officer.send(page, "/early-deposits", amount="30000.00")
    assert [*empty.problems] == ["value_date-day", "bank_reference"]
    day = {"value_date-day": "4", "value_date-month": "7", "value_date-year": "2017"}
    done = officer.send(empty, "/early-deposits", **day, bank_reference="LU-7", bank_account="main")
    assert "It waits until the condition is met." in officer.open(done.location).text
    assert tasks(officer.open("/officers/"))["One deposit waits for its agreement"] == "/officers/pledges"
    assert house.faults() == []


def test_who_has_no_designation_is_told_who_records_a_condition_and_an_officer_alone_withdraws_what_is_signed(house):
    agreed(house, condition=CONDITION)
    seen = house.visitor("officer without designation").open(page_of(house))
    assert [e["text"] for e in seen.all("button", **{"aria-disabled": "true"})] == ["Record that it is met"]
    asked = house.visitor("donor").open(f"{page_of(house, 'donors')}/withdrawal")
    assert [e["text"] for e in asked.all("button", **{"aria-disabled": "true"})] == ["Withdraw the pledge"]
    officer = house.visitor(PAYS)
    done = officer.send(officer.open(f"{page_of(house)}/withdrawal"))
    assert "The pledge is withdrawn" in officer.open(done.location).text


def test_what_is_overdue_stands_on_the_desk_and_each_reminder_on_the_pledge(house):
    agreed(house, instalments=INSTALMENTS)
    officer = house.visitor(PAYS)
    assert tasks(officer.open("/officers/"))["One instalment overdue"] == "/officers/pledges?stage=overdue"
    assert "Luxembourg" in officer.open("/officers/pledges?stage=overdue").words("th")
    page = officer.open(page_of(house))
    assert "one account is reminded 30 days before an instalment is due, 7 days after, and then every 30 days" in (
        page.text
    )
    assert "None was sent so far." in page.text
    with house.at_work():
        assert reminders.remind(datetime(2018, 1, 24, 14, tzinfo=UTC)) == 1
    page = officer.open(page_of(house))
    assert "Overdue, to one address" in page.words("td")
    assert "Instalment 1, 1 December 2017" in page.words("td")
    with house.at_work():
        b.deposit(house.things["announced"], house.things["salma"], "10000.00", bank="LU-8")
    assert "One instalment overdue" not in tasks(officer.open("/officers/"))
    assert officer.open("/officers/pledges?stage=overdue").words("h2") == "No contribution is like this"
    states = [c["text"] for c in officer.open(page_of(house)).all("td", **{"data-l": "How it stands"})]
    assert states == ["Paid", "Not due yet"]


def test_six_instalments_ask_the_database_no_more_often_than_one(house):
    agreed(house)
    officer, donor = house.visitor(PAYS), house.visitor("donor")
    addresses = [(officer, page_of(house)), (donor, page_of(house, "donors")), (officer, "/officers/")]
    [visitor.open(address) for visitor, address in addresses]
    one = [statements(*each) for each in addresses]
    with house.at_work():
        many = [(date(2017, month, 1), "5000.00") for month in range(1, 7)]
        house.things["announced"] = b.pledge(house.things["luxembourg"], "30000.00", "EUR", instalments=many)
    agreed(house)
    with house.at_work():
        assert reminders.remind(datetime(2018, 1, 24, 14, tzinfo=UTC)) == 7
    addresses = [(officer, page_of(house)), (donor, page_of(house, "donors")), (officer, "/officers/")]
    assert [statements(*each) for each in addresses] == one
