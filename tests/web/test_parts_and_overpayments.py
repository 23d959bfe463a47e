"""One deposit for several pledges, deposits that are split, what was paid above an agreement: as people see them."""

import pytest

from tests import builders as b
from tests.operations.pledged import unapplied_deposit
from tests.web.counting import statements
from tests.web.house import APPROVES, CERTIFIES, PAYS

LINE = {"value_date__day": "12", "value_date__month": "6", "value_date__year": "2017", "bank_reference": "LU-77"}
OUT = {"value_date__day": "10", "value_date__month": "7", "value_date__year": "2017", "bank_reference": "OUT-1"}
LETTER = {"document": "Note verbale 17/500", "day__day": "3", "day__month": "7", "day__year": "2017"}


@pytest.fixture
def two(house):
    """Luxembourg agreed to 30,000 and to 20,000 euros; the pages of both pledges."""
    with house.at_work():
        other = b.pledge(house.things["luxembourg"], "20000.00", "EUR", "category:LDC")
        for pledge, amount in ((house.things["announced"], "30000.00"), (other, "20000.00")):
            b.agreement(pledge, house.things["salma"], amount, day=b.date(2017, 7, 3))
    return house.things["announced"], other


def in_parts(visitor, pledges, *amounts, whole="50000.00", **more):
    parts = {f"part__{pledge.replace('-', '__')}": text for pledge, text in zip(pledges, amounts, strict=True)}
    return visitor.fill(f"/officers/pledges/{pledges[0]}/deposit-in-parts", amount=whole, **LINE | parts | more)


def overpaid(house, two):
    """Of 30,000 euros 40,000 came."""
    with house.at_work():
        b.deposit(two[0], house.things["salma"], "40000.00", bank="LU-9", day=b.date(2017, 7, 4))
    return f"/officers/pledges/{two[0]}"


def test_one_deposit_is_recorded_for_two_pledges_and_each_page_says_which_part_it_has(house, two):
    salma = house.visitor(PAYS)
    first, second = (f"/officers/pledges/{pledge}" for pledge in two)
    assert f"{first}/deposit-in-parts" in [a["href"] for a in salma.open(first).all("a")]
    page = salma.open(f"{first}/deposit-in-parts")
    assert page.words("h1") == "Luxembourg: one deposit for several pledges"
    assert "20,000.00 EUR is outstanding. Least developed countries" in page.words("span", **{"class": "hint"})
    done = in_parts(salma, two, "30000.00", "20000.00")
    assert done.location == first
    after = salma.open(first)
    assert "recorded in parts" in after.text
    assert "Fully paid" in after.words("dd")
    assert "part 1 of 2" in after.words("td")
    assert "part 2 of 2" in salma.open(second).words("td")
    receipts = [a["href"] for a in salma.open(second).all("a") if a["href"].endswith(".pdf")]
    assert salma.open(receipts[-1]).status == 200
    assert "part 2 of 2" in house.visitor("donor").open(f"/donors/pledges/{two[1]}").words("li")
    assert house.faults() == []


def test_every_mistake_in_the_parts_comes_back_at_its_field(house, two):
    salma, before = house.visitor(PAYS), house.events()
    page = in_parts(salma, two, "1e5", "٣", whole="1,5,0")
    assert (page.status, [*page.problems]) == (422, ["amount", *(f"part-{pledge}" for pledge in two)])
    assert page.form()[1][f"part-{two[0]}"] == "1e5"
    page = in_parts(salma, two, "30000.00", "20000.01")
    assert page.problems["amount"].startswith("The parts make 50,000.01\xa0EUR, and the deposit is 50,000.00\xa0EUR.")
    page = in_parts(salma, two, "50000.00", "")
    assert page.refusal.startswith("Enter the amounts for at least two agreements.")
    page = salma.open(f"/officers/pledges/{two[0]}/deposit-in-parts")
    with house.at_work():
        b.deposit(two[1], house.things["salma"], "1.00", bank="LU-9", day=b.date(2017, 7, 4))
    assert salma.send(page, amount="3.00", **LINE, **{f"part-{pledge}": "1.50" for pledge in two}).status == 409
    assert house.events() == before + 1


def test_where_there_is_one_agreement_the_page_says_where_the_deposit_is_recorded(house):
    page = house.visitor(PAYS).open(f"/officers/pledges/{house.things['announced']}/deposit-in-parts")
    assert page.words("h1") == "There is no second agreement for this deposit"
    pledge = house.visitor(PAYS).open(f"/officers/pledges/{house.things['paid']}")
    assert not [a for a in pledge.all("a") if a["href"].endswith("/deposit-in-parts")]
    jonas = house.visitor("officer without designation")
    assert jonas.open(f"/officers/pledges/{house.things['announced']}/deposit-in-parts").status == 200


def test_a_deposit_that_waits_is_split_and_its_parts_know_each_other(house, two):
    with house.at_work():
        deposit = unapplied_deposit("Luxembourg", "50000.00", "EUR", "LU-2")
    salma = house.visitor(PAYS)
    page = salma.fill(f"/officers/deposits/{deposit}", "/parts", amounts="30000.00\n1e4")
    assert (page.status, [*page.problems]) == (422, ["amounts"])
    assert page.form("/parts")[1]["key"]
    done = salma.fill(f"/officers/deposits/{deposit}", "/parts", amounts="30000.00\n\n20000.00")
    assert done.location == f"/officers/deposits/{deposit}"
    after = salma.open(done.location)
    assert after.words("h1") == "Luxembourg: 30,000.00 EUR"
    assert "part 2, 20,000.00 EUR" in after.words("a")
    assert not [f for f in after.seen.forms if f["action"].endswith("/parts")]
    assert salma.open("/officers/pledges").words("h2") == "2 deposits wait for their agreements"
    assert house.faults() == []


def test_what_is_paid_above_the_agreement_is_shown_with_both_ways_and_agreed(house, two):
    page_of, salma = overpaid(house, two), house.visitor(PAYS)
    page = salma.open(page_of)
    assert page.words("p", **{"class": "lead"}) == "10,000.00 EUR more than agreed was paid, and is due to the donor."
    assert "Paid more than agreed" in page.words("h2")
    said = house.visitor("donor").open(f"/donors/pledges/{two[0]}")
    assert "You paid 10,000.00 EUR more than was agreed." in said.words("p")
    assert "Due to you" in said.words("dt")
    wrong = salma.fill(f"{page_of}/overpayment", "/agreement", **LETTER | {"document": " "})
    assert [*wrong.problems] == ["document"]
    done = salma.fill(f"{page_of}/overpayment", "/agreement", **LETTER)
    assert done.location == page_of
    assert "Paid more than agreed" not in salma.open(page_of).words("h2")
    assert salma.open(f"{page_of}/overpayment").words("h1") == "Nothing above the agreement is due"
    assert house.faults() == []


def test_it_is_proposed_by_one_and_paid_back_by_another(house, two):
    page_of, rafael, lise = overpaid(house, two), house.visitor(CERTIFIES), house.visitor(APPROVES)
    wrong = rafael.fill(f"{page_of}/overpayment", "/refund", **OUT | {"bank_reference": "LU-9"}, reason="It asks.")
    assert [*wrong.problems] == ["bank_reference"]
    assert rafael.fill(f"{page_of}/overpayment", "/refund", **OUT, reason="The donor asks.").location == page_of
    assert "waits for a second officer" in rafael.open(f"{page_of}/overpayment").text
    proposals = lise.open("/officers/proposals")
    assert "Pay back what was paid above an agreement: Luxembourg, Note verbale 17/418" in proposals.words("h2")
    assert "10,000.00 EUR" in proposals.words("dd")
    assert lise.send(proposals, "/confirmation").status == 302
    after = rafael.open(page_of)
    assert "10,000.00 EUR that was paid above the agreement went back to the donor." in after.words("p")
    assert "Paid back to you" in house.visitor("donor").open(f"/donors/pledges/{two[0]}").words("dt")
    assert house.faults() == []


def test_what_is_missing_stays_receivable_and_the_page_says_so(house, two):
    with house.at_work():
        b.deposit(two[0], house.things["salma"], "29999.99", bank="LU-9", day=b.date(2017, 7, 4))
    lead = house.visitor(PAYS).open(f"/officers/pledges/{two[0]}").words("p", **{"class": "lead"})
    assert lead == "0.01 EUR is outstanding. It stays receivable until it is paid or written off."


def test_who_may_not_is_told_who_may(house, two):
    page_of = overpaid(house, two)
    jonas = house.visitor("officer without designation")
    page = jonas.open(f"{page_of}/overpayment")
    assert [e["text"] for e in page.all("button", **{"aria-disabled": "true"})] == [
        "Record the agreement",
        "Propose the refund",
    ]
    head = house.visitor("head").open(f"{page_of}/overpayment")
    assert not [f for f in head.seen.forms if "/overpayment/" in f["action"]]


def test_ten_agreements_ask_the_database_no_more_often_than_two(house, two):
    salma, address = house.visitor(PAYS), f"/officers/pledges/{two[0]}/deposit-in-parts"
    salma.open(address)
    few = statements(salma, address)
    with house.at_work():
        for _ in range(8):
            b.agreement(b.pledge(house.things["luxembourg"], "1.00", "EUR"), house.things["salma"], "1.00")
    assert statements(salma, address) == few
