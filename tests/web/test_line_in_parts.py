"""One line of the bank for several agreements of a donor, as an officer records it and the donor is told of it."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.services.bank_files import camt, line, statement
from tests.web.counting import statements
from tests.web.house import CERTIFIES, PAYS, SCREENS
from tests.web.test_statement_pages import booked, first_line
from trustfund.extensions import db
from trustfund.models.mail import Mail

DAY = b.date(2017, 7, 5)
SAID = {"reference": "", "value_date": DAY, "booking_day": DAY, "currency": "EUR"}
CAME = line("50000.00", bank_reference="LU-77", name="Luxembourg", text="Two contributions", **SAID)


@pytest.fixture
def two(house):
    """Luxembourg agreed to 30,000 and to 20,000 euros, and the bank says that 50,000 came."""
    with house.at_work():
        other = b.pledge(house.things["luxembourg"], "20000.00", "EUR", "category:LDC")
        for pledge, amount in ((house.things["announced"], "30000.00"), (other, "20000.00")):
            b.agreement(pledge, house.things["salma"], amount, day=b.date(2017, 7, 3))
    booked(house.visitor(PAYS), camt(statement(CAME, currency="EUR", first_day=DAY, last_day=DAY)))
    return house.things["announced"], other


def in_parts(house, two):
    """The address of the page, which the line names once for a donor of several agreements."""
    page = house.visitor(PAYS).open(first_line(house, 5_000_000))
    [link] = [a for a in page.all("a") if "/parts?pledge=" in a["href"]]
    assert link["text"] == "It is for several agreements of Luxembourg: record it in parts"
    assert link["href"].rpartition("=")[2] in two
    return link["href"]


def shares(two, *amounts):
    return {f"part-{pledge}": text for pledge, text in zip(two, amounts, strict=True)}


def test_a_line_is_recorded_in_parts_is_all_of_them_and_the_mail_leads_to_both_receipts(house, two):
    salma, address = house.visitor(PAYS), in_parts(house, two)
    page = salma.open(address)
    assert page.words("h1") == "50,000.00 EUR for several agreements of Luxembourg"
    assert page.form()[1]["bank_reference"] == "LU-77"
    answer = salma.send(page, **shares(two, "30000.00", "20000.00"))
    assert "The line is recorded in parts and matched" in salma.open(answer.location).text
    said = salma.open(address.split("/parts")[0])
    assert said.words("h1") == "50,000.00 EUR came in"
    assert "It is explained." in said.words("p")
    assert salma.open(address).status == 302, "what is explained is not recorded again"
    for pledge in two:
        assert "Fully paid" in salma.open(f"/officers/pledges/{pledge}").words("dd")
    with house.at_work():
        mail = db.session.scalar(select(Mail.text).order_by(Mail.id.desc()).limit(1))
    receipts = [urlsplit(line).path for line in mail.splitlines() if "http" in line]
    assert len(receipts) == 2
    assert {house.visitor("donor").open(path).status for path in receipts} == {200}
    assert {house.visitor("delegate").open(path).status for path in receipts} <= {403, 404}
    assert house.faults() == []


def test_every_mistake_in_the_parts_of_a_line_comes_back_and_who_may_not_reads_why(house, two):
    address, before = in_parts(house, two), house.events()
    rafael = house.visitor(CERTIFIES)
    page = rafael.send(rafael.open(address), **shares(two, "1e5", ""))
    assert (page.status, [*page.problems]) == (422, [f"part-{two[0]}"])
    page = rafael.send(page, **shares(two, "30000.00", "20000.01"))
    assert page.refusal.startswith("The parts make 50,000.01")
    assert page.form()[1][f"part-{two[1]}"] == "20000.01"
    page = rafael.send(page, **shares(two, "30000.00", "20000.00"), bank_reference="")
    assert [*page.problems] == ["bank_reference"]
    with house.at_work():
        b.deposit(two[1], house.things["salma"], "1.00", bank="LU-9", day=DAY)
    assert rafael.send(page, **shares(two, "30000.00", "20000.00"), bank_reference="LU-77").status == 409
    assert house.events() == before + 1
    barred = house.visitor(SCREENS).open(address)
    assert "Only an officer who is designated for this can do it" in barred.text
    assert "button" in barred.text
    assert house.visitor("donor").open(address).status in (403, 404)


def test_the_page_asks_as_often_for_ten_agreements_as_for_two(house, two):
    salma, address = house.visitor(PAYS), in_parts(house, two)
    few = statements(salma, address)
    with house.at_work():
        for n in range(8):
            b.agreement(
                b.pledge(house.things["luxembourg"], f"{n + 1}.00", "EUR"),
                house.things["salma"],
                f"{n + 1}.00",
                day=DAY,
            )
    assert statements(salma, address) == few
    assert statements(salma, address.split("/parts")[0]) <= 25
