"""The papers of contributions at the doors: an agreement to be signed, calls, receipts, and those of a year."""

import re
from datetime import datetime

import pytest
from sqlalchemy import update

from tests import builders as b
from tests.operations.pledged import attach, unapplied_deposit
from tests.reports.reading import opened, words_of
from tests.web.counting import statements
from tests.web.house import APPROVES, PAYS
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Donor
from trustfund.operations import imports, parts
from trustfund.web.papers import receipt_of


def page_of(house, thing="announced", door="officers"):
    return f"/{door}/pledges/{house.things[thing]}"


def drawn_up(house, condition=""):
    """Salma draws up the agreement on what Luxembourg announced."""
    return house.visitor(PAYS).fill(page_of(house), "/draft", draft_condition=condition)


def papers(page):
    """The addresses of the papers of a page, without its receipts."""
    return [a["href"] for a in page.all("a") if a["href"].endswith(".pdf") and "/receipts/" not in a["href"]]


# Agreement


def test_an_officer_draws_up_the_agreement_the_donor_takes_it_and_it_is_recorded_under_its_number(house):
    done = drawn_up(house, "The budget for 2018 is adopted.")
    assert done.location == page_of(house)
    donor, salma = house.visitor("donor"), house.visitor(PAYS)
    page = donor.open(page_of(house, door="donors"))
    address = f"{page_of(house, door='donors')}/agreement.pdf"
    assert address in papers(page)
    said = words_of(donor.open(address).data)
    for words in ("MCS00-2018-001", "The budget for 2018 is adopted.", "For the fund"):
        assert words in said
    page = salma.open(page_of(house))
    assert page.form("/agreement")[1]["document"] == "MCS00-2018-001"
    typed = {"day__day": "24", "day__month": "1", "day__year": "2018", "condition": ""}
    with house.at_work():
        b.rate("EUR", "0.81", "2017-12-31")
    assert salma.send(page, "/agreement", **typed).status == 302
    assert "MCS00-2018-001" in donor.open(page_of(house, door="donors")).words("p")
    assert house.faults() == []


def test_the_same_agreement_twice_is_refused_on_the_page_and_another_asks_for_changed_terms(house):
    drawn_up(house)
    refused = drawn_up(house)
    assert refused.status == 422
    assert refused.refusal == "Agreement MCS00-2018-001 says all of this already. Nothing has been changed."
    long = drawn_up(house, "x" * 301)
    assert [*long.problems] == ["draft_condition"]
    assert long.all("textarea", id="draft_condition")[0]["text"].strip() == "x" * 301
    house.visitor("donor").fill(f"{page_of(house, door='donors')}/amendment", amount="31000.00")
    assert "has changed since. Draw up another." in house.visitor(PAYS).open(page_of(house)).text
    assert "MCS00-2018-002" in house.visitor(PAYS).open(drawn_up(house).location).text


def test_who_may_not_draw_one_up_sees_no_form_and_a_pledge_without_one_has_no_paper(house):
    jonas = house.visitor("officer without designation")
    assert not [f for f in jonas.open(page_of(house)).seen.forms if f["action"].endswith("/draft")]
    assert house.visitor("donor").open(f"{page_of(house, door='donors')}/agreement.pdf").status == 404


# Calls and receipts


def test_an_instalment_that_is_owed_is_called_for_until_it_is_paid(house):
    with house.at_work():
        b.agreement(house.things["announced"], house.things["salma"], "30000.00", day=b.date(2017, 7, 3))
    donor = house.visitor("donor")
    address = f"{page_of(house, door='donors')}/calls/1.pdf"
    assert address in papers(donor.open(page_of(house, door="donors")))
    assert address in papers(donor.open("/donors/"))
    said = words_of(donor.open(address).data)
    for words in ("Call for a contribution", "Due by 3 July 2017", "Main account", house.things["announced"]):
        assert words in said
    assert donor.open(f"{page_of(house, door='donors')}/calls/2.pdf").status == 404
    paid = f"{page_of(house, 'paid', 'donors')}/calls/1.pdf"
    assert "Paid in full" in words_of(donor.open(paid).data)
    assert paid not in papers(donor.open("/donors/"))


def test_every_paper_speaks_the_language_of_its_donor_whoever_takes_it(house):
    with house.at_work():
        db.session.execute(update(Donor).where(Donor.country == "LUX").values(language="fr"))
        db.session.commit()
    receipt, luxembourg = house.things["receipt"], house.things["luxembourg's donor"]
    taken = [
        ("donor", f"/donors/receipts/{receipt}.pdf"),
        (PAYS, f"/officers/receipts/{receipt}.pdf"),
        ("head", f"/officers/donors/{luxembourg}/certificates/2017.pdf"),
        ("auditor", f"/auditors/donors/{luxembourg}/statements/2017.pdf"),
        (APPROVES, f"/officers{page_of(house, 'paid', '')[1:]}/calls/1.pdf"),
    ]
    languages = set()
    for who, path in taken:
        with opened(house.visitor(who).open(path).data) as pdf:
            languages.add(str(pdf.Root.Lang))
    assert languages == {"fr"}


def test_a_receipt_names_the_rate_and_its_day(house):
    with house.on(datetime.fromisoformat("2018-12-20T10:00:00Z")), house.at_work():
        b.rate("CHF", "0.998327", "2018-11-30")
        row = dict.fromkeys(imports.CONTRIBUTIONS, "") | {
            "kind": "deposit", "donor": "Switzerland", "donor_type": "state", "country": "CHE", "date": "2018-12-10",
            "amount": "100000.00", "currency": "CHF", "document": "Exchange of letters", "bank_reference": "CH-1",
        }  # fmt: skip
        imports.book_contributions([(2, row)], at=b.AT, as_agreed=True)
        one = b.receipts(db.session.scalar(db.select(b.Pledge.reference).where(b.Pledge.currency == "CHF")))[0]
        reference, pledge = one.reference, one.pledge.reference
        db.session.rollback()
    salma = house.visitor(PAYS)
    said = words_of(salma.open(f"/officers/receipts/{reference}.pdf").data)
    assert "100,167.58 USD at 0.998327 CHF for 1 USD, the rate of 30 November 2018" in said
    page = salma.open(f"/officers/pledges/{pledge}")
    assert "100,167.58" in page.text
    assert "30 November 2018" in page.text


def test_a_part_of_a_deposit_and_a_deposit_attached_later_say_so(house):
    with house.at_work(), house.app.test_request_context():
        salma = house.things["salma"]
        b.agreement(house.things["announced"], salma, "30000.00", day=b.date(2017, 7, 3))
        whole = unapplied_deposit("Luxembourg", "30000.00", "EUR", "LU-9")
        parts.split(whole, amounts=["10000.00", "20000.00"], by=salma, at=b.AT)
        attached = attach(whole, house.things["announced"], salma).seq
        receipt = receipt_of(db.session.query(Deposit).filter_by(reference=whole).one())
        db.session.rollback()
    assert (receipt.amount, receipt.part) == (
        "10,000.00",
        "Part 1 of 2 of the deposit of 30,000.00\N{NO-BREAK SPACE}EUR",
    )
    assert receipt.document == f"Note verbale 17/418, attached by entry {attached} of the record"
    assert receipt.document in words_of(house.visitor("donor").open(f"/donors/receipts/{whole}.pdf").data)


# A year


def test_the_desk_of_a_donor_has_its_papers_by_year_and_the_officers_page_of_it_the_same(house):
    donor = house.visitor("donor")
    page = donor.open("/donors/")
    assert papers(page)[-3:] == [
        "/donors/statements/2018.pdf",
        "/donors/certificates/2017.pdf",
        "/donors/statements/2017.pdf",
    ]
    at = "/officers/donors/" + house.things["luxembourg's donor"]
    assert papers(house.visitor(PAYS).open(at))[-3:] == [
        f"{at}/statements/2018.pdf",
        f"{at}/certificates/2017.pdf",
        f"{at}/statements/2017.pdf",
    ]
    assert "56,320.00" in words_of(donor.open("/donors/certificates/2017.pdf").data)
    for year in ("2018", "9" * 30):  # that is larger than any number of the database
        assert donor.open(f"/donors/certificates/{year}.pdf").status == 404
    assert donor.open("/donors/statements/2016.pdf").status == 404
    assert donor.open("/donors/statements/9999.pdf").status == 404
    assert "Papers" not in house.visitor("another donor").open("/donors/").words("h2")


@pytest.mark.parametrize("year", ["0", "9999", "9" * 40])
def test_a_year_that_no_calendar_has_has_no_papers(quiet_house, year):
    donor = quiet_house.things["luxembourg's donor"]
    for who, door in (
        ("donor", "/donors"),
        ("head", f"/officers/donors/{donor}"),
        ("auditor", f"/auditors/donors/{donor}"),
    ):
        for paper in ("certificates", "statements"):
            assert quiet_house.known(who).open(f"{door}/{paper}/{year}.pdf").status == 404


def test_a_yearly_statement_adds_up_in_both_currencies_and_its_code_is_in_the_record(house):
    visitor = house.visitor("donor")
    said = words_of(visitor.open("/donors/statements/2017.pdf").data)
    for words in ("54,171.00", "2,149.00", "50,000.00", "56,320.00", "0.887784 EUR for 1 USD", "31 December 2017"):
        assert words in said
    code = re.search(r"Code to check (\d+ [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4})", said)[1]
    assert "unchanged" in visitor.open(f"/proof?code={code}").words("strong")


def test_the_papers_of_a_desk_ask_the_database_no_more_often_for_many_contributions(full_house, house):
    few, many = house.visitor("donor"), full_house.known("donor")
    few.open("/donors/"), many.open("/donors/")
    assert statements(many, "/donors/") == statements(few, "/donors/")


# Indicative


@pytest.mark.parametrize(("who", "door"), [("donor", "donors"), (PAYS, "officers")])
def test_a_pledge_is_told_at_the_rate_of_the_day_and_said_to_be_indicative(house, who, door):
    visitor, worth = house.visitor(who), "About 37,037.04 USD today, at the rate of 31 December 2017."
    assert "This is indicative" not in visitor.open(page_of(house, door=door)).text, "without a rate nothing is said"
    with house.at_work():
        b.rate("EUR", "0.81", "2017-12-31")
    assert worth in visitor.open(page_of(house, door=door)).words("p")
    typed = visitor.fill(f"/{door}/pledges/new", amount="30000.00", currency="EUR")
    assert typed.status == 422
    assert worth in typed.words("p", id="worth")
    assert "This is indicative" not in visitor.open(page_of(house, "paid", door)).text, "what is agreed is booked"
    assert not visitor.fill(f"/{door}/pledges/new", amount="1e5", currency="EUR").all("p", id="worth")


def test_an_auditor_comes_from_an_entry_of_the_record_to_the_papers_it_stands_on(house):
    drawn_up(house)
    auditor = house.visitor("auditor")
    luxembourg = house.things["luxembourg's donor"]
    assert papers(auditor.open(f"/auditors/entries/{house.things['code']}")) == [
        f"/auditors/donors/{luxembourg}/certificates/2017.pdf",
        f"/auditors/donors/{luxembourg}/statements/2017.pdf",
    ]
    (agreement,) = papers(auditor.open(f"/auditors/entries/{house.events()}"))
    assert auditor.open(agreement).status == 200
