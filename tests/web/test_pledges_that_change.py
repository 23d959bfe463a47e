"""Donors amend and withdraw their pledges; officers attach deposits that waited and write off what will not come."""

import pytest

from tests import builders as b
from tests.operations.pledged import unapplied_deposit
from tests.web.awarded import tasks
from tests.web.counting import statements
from tests.web.house import APPROVES, CERTIFIES, PAYS

WRITE_OFF = {"authority": "Write-off advice 2018/1", "reason": "The donor wrote that it will not come."}


def page_of(house, thing="announced", door="officers"):
    return f"/{door}/pledges/{house.things[thing]}"


def agreed(house):
    """The pledge that Luxembourg announced, agreed at 30,000 euros."""
    with house.at_work():
        b.agreement(house.things["announced"], house.things["salma"], "30000.00", day=b.date(2017, 7, 3))
    return house.things["announced"]


def waits(house, amount="30000.00", bank="LU-2", donor="Luxembourg", currency="EUR"):
    """A deposit that met no agreement; its reference."""
    with house.at_work():
        return unapplied_deposit(donor, amount, currency, bank)


# Amended


@pytest.mark.parametrize(("who", "door"), [("donor", "donors"), (PAYS, "officers")])
def test_the_form_shows_the_pledge_as_it_stands_and_keeps_what_is_changed(house, who, door):
    visitor = house.visitor(who)
    page = visitor.open(page_of(house, door=door))
    assert f"{page_of(house, door=door)}/amendment" in [a["href"] for a in page.all("a")]
    page = visitor.open(f"{page_of(house, door=door)}/amendment")
    assert page.words("h1") == "Amend the pledge of 30,000.00 EUR"
    fields = page.form()[1]
    assert (fields["amount"], fields["currency"], fields["purpose"]) == ("30000.00", "EUR", "travel")
    done = visitor.send(page, amount="31000.50", earmark="travel")
    assert done.location == page_of(house, door=door)
    after = visitor.open(done.location)
    assert "31,000.50 EUR" in after.words("h1")
    assert "The pledge is amended" in after.text
    assert visitor.open(f"{page_of(house, door=door)}/amendment").form()[1]["earmark"] == "travel"
    assert house.faults() == []


def test_a_mistake_comes_back_at_its_field_and_nothing_new_is_refused(house):
    donor, before = house.visitor("donor"), house.events()
    address = f"{page_of(house, door='donors')}/amendment"
    page = donor.fill(address, amount="1,5,0")
    assert (page.status, [*page.problems]) == (422, ["amount"])
    page = donor.fill(address)
    assert page.refusal.startswith("The pledge says all of this already.")
    assert house.events() == before


def test_who_typed_against_an_older_version_reads_what_changed_and_can_send_it_again(house):
    donor, officer = house.visitor("donor"), house.visitor(PAYS)
    page = donor.open(f"{page_of(house, door='donors')}/amendment")
    officer.fill(f"{page_of(house)}/amendment", amount="45000.00")
    refused = donor.send(page, amount="31000.00")
    assert refused.status == 409
    assert refused.refusal.startswith("This pledge has changed since you opened the page")
    assert "Pledge amended, 24 January 2018" in refused.words("li")
    assert "The pledge now says: 45,000.00 EUR" in refused.words("p")
    assert refused.form()[1]["amount"] == "31000.00"
    assert donor.send(refused).status == 302


def test_an_earmark_for_a_meeting_is_not_lost_by_an_amendment(house):
    with house.at_work():
        pledge = b.pledge(house.things["luxembourg"], "10.00", "EUR", "meeting:N1")
    donor = house.visitor("donor")
    assert donor.fill(f"/donors/pledges/{pledge}/amendment", amount="20.00").status == 302
    assert "N1" in donor.open(f"/donors/pledges/{pledge}").words("dd")


# Withdrawn


@pytest.mark.parametrize(("who", "door"), [("donor", "donors"), (PAYS, "officers")])
def test_a_pledge_is_withdrawn_after_one_more_question_and_stays_in_the_register(house, who, door):
    visitor = house.visitor(who)
    page = visitor.open(f"{page_of(house, door=door)}/withdrawal")
    assert page.words("h1") == "Withdraw the pledge of 30,000.00 EUR?"
    done = visitor.send(page)
    after = visitor.open(done.location)
    assert "Withdrawn" in after.words("strong")
    assert not [a for a in after.all("a") if a["href"].endswith(("/amendment", "/withdrawal"))]
    again = visitor.send(page)
    assert again.location == done.location, "the same form twice is one deed"
    gone = visitor.open(f"{page_of(house, door=door)}/withdrawal")
    assert gone.words("h1") == "This pledge can no longer be withdrawn"
    listed = house.visitor(PAYS).open("/officers/pledges?stage=withdrawn")
    assert "Luxembourg" in listed.words("th")
    assert house.faults() == []


def test_what_is_agreed_can_no_longer_be_amended_or_withdrawn(house):
    donor = house.visitor("donor")
    pages = [donor.open(f"{page_of(house, door='donors')}/{deed}") for deed in ("amendment", "withdrawal")]
    agreed(house)
    for page in pages:
        assert donor.send(page).status == 409
    assert donor.open(f"{page_of(house, door='donors')}/amendment").words("h1") == (
        "This pledge can no longer be amended"
    )


def test_an_officer_without_designation_is_told_who_does_it_and_refused(house):
    jonas = house.visitor("officer without designation")
    page = jonas.open(f"{page_of(house)}/withdrawal")
    assert [e["text"] for e in page.all("button", **{"aria-disabled": "true"})] == ["Withdraw the pledge"]
    assert jonas.send(page).status == 403
    assert jonas.fill(f"{page_of(house)}/amendment", amount="1.00").status == 403


# Attached


def test_a_deposit_that_waits_stands_on_the_desk_and_above_the_list_with_its_likeliest_agreement(house):
    deposit = waits(house, bank="NV 17418 LUX")
    officer = house.visitor(PAYS)
    assert tasks(officer.open("/officers/"))["One deposit waits for its agreement"] == "/officers/pledges"
    agreed(house)
    page = officer.open("/officers/pledges")
    assert page.words("h2") == "One deposit waits for its agreement"
    assert "The bank’s reference names it" in page.words("td")
    assert [a["href"] for a in page.all("a") if a["href"].endswith(deposit)] == [f"/officers/deposits/{deposit}"]
    assert "waits for its agreement" not in officer.open("/officers/pledges?stage=agreed").words("h2")


def test_an_officer_attaches_it_to_the_agreement_and_it_is_received(house):
    deposit = waits(house)
    agreed(house)
    officer = house.visitor(PAYS)
    page = officer.open(f"/officers/deposits/{deposit}")
    assert page.words("h1") == "Luxembourg: 30,000.00 EUR"
    assert "Exactly so much is outstanding" in page.words("td")
    done = officer.send(page, "/attachment")
    assert done.location == page_of(house)
    after = officer.open(done.location)
    assert "Fully paid" in after.words("dd")
    assert deposit in after.text
    assert officer.open(f"/officers/deposits/{deposit}").words("p", **{"class": "lead"}) == (
        "It is attached to its agreement."
    )
    assert "One deposit waits for its agreement" not in tasks(officer.open("/officers/"))
    assert house.faults() == []


def test_a_deposit_of_another_donor_or_a_changed_agreement_is_refused_on_its_page(house):
    deposit, pledge = waits(house), agreed(house)
    officer = house.visitor(PAYS)
    page = officer.open(f"/officers/deposits/{deposit}")
    refused = officer.send(page, "/attachment", pledge=house.things["norway's pledge"])
    assert refused.status == 422
    assert refused.refusal.startswith("The deposit came from Luxembourg, and this pledge is of Norway.")
    with house.at_work():
        b.deposit(pledge, house.things["salma"], "10.00", bank="LU-3")
    assert officer.send(page, "/attachment").status == 409
    jonas = house.visitor("officer without designation")
    assert jonas.open(f"/officers/deposits/{deposit}").all("button", **{"aria-disabled": "true"})
    assert not [f for f in jonas.open(f"/officers/deposits/{deposit}").seen.forms if "attachment" in f["action"]]


def test_a_deposit_without_any_agreement_says_what_to_record_first(house):
    deposit = waits(house, donor="Norway")
    page = house.visitor(PAYS).open(f"/officers/deposits/{deposit}")
    assert (
        page.words("p", **{"class": "lead"}) == "It waits for an agreement, and this donor has none in this currency."
    )
    assert [a["href"] for a in page.all("a", **{"class": "btn"})] == ["/officers/pledges/new"]


def test_ten_deposits_that_wait_ask_the_database_no_more_often_than_one(house):
    officer = house.visitor(PAYS)
    agreed(house), waits(house, bank="LU-20")
    officer.open("/officers/pledges")
    one = statements(officer, "/officers/pledges")
    for n in range(21, 31):
        waits(house, bank=f"LU-{n}")
    assert statements(officer, "/officers/pledges") == one


# Written off


def test_what_will_not_come_is_proposed_by_one_and_written_off_by_another(house):
    pledge = agreed(house)
    rafael, lise = house.visitor(CERTIFIES), house.visitor(APPROVES)
    assert rafael.fill(page_of(house), "/write-off", **WRITE_OFF).location == page_of(house)
    assert "waits for a second officer" in rafael.open(page_of(house)).text
    assert "Write off a contribution: Luxembourg, Note verbale 17/418" in lise.open("/officers/proposals").words("h2")
    page = lise.open("/officers/proposals")
    assert "30,000.00\N{NO-BREAK SPACE}EUR, booked at" in page.text
    assert lise.send(page, "/confirmation").status == 302
    after = lise.open(page_of(house))
    assert "30,000.00 EUR of it is written off" in after.words("p", **{"class": "lead"})
    assert not [f for f in after.seen.forms if f["action"].endswith(("/deposits", "/write-off"))]
    donor = house.visitor("donor").open(f"/donors/pledges/{pledge}")
    assert "Written off" in donor.words("strong")
    assert house.faults() == []


def test_who_may_not_write_off_sees_no_form_and_is_refused(house):
    agreed(house)
    page = house.visitor(CERTIFIES).open(page_of(house))
    _, fields = page.form("/write-off")
    for who in (PAYS, "officer without designation"):
        visitor = house.visitor(who)
        seen = visitor.open(page_of(house))
        assert not [f for f in seen.seen.forms if f["action"].endswith("/write-off")]
        token = visitor.open("/officers/pledges/new").form()[1]["csrf_token"]
        sent = fields | {"csrf_token": token, **WRITE_OFF}
        assert visitor.open(f"{page_of(house)}/write-off", method="POST", data=sent).status == 403
    empty = house.visitor(CERTIFIES).fill(page_of(house), "/write-off")
    assert [*empty.problems] == ["authority", "reason"]


def test_a_deposit_typed_while_it_was_written_off_is_refused_with_what_to_do(house):
    agreed(house)
    house.visitor(CERTIFIES).fill(page_of(house), "/write-off", **WRITE_OFF)
    salma = house.visitor(PAYS)
    page = salma.open(page_of(house))
    lise = house.visitor(APPROVES)
    lise.send(lise.open("/officers/proposals"), "/confirmation")
    refused = salma.send(page, "/deposits")
    assert refused.status == 422
    assert "record a new pledge, its agreement, and the deposit on that" in refused.refusal
