"""Bank statements on the officers' pages: a file is looked at, booked, and its lines are explained one by one."""

import io
from datetime import date

import pytest

from tests import builders as b
from tests.services.bank_files import camt, line, statement
from tests.web.counting import statements
from tests.web.house import CERTIFIES, PAYS, SCREENS, House
from tests.web.visitor import Page, Visitor
from trustfund.extensions import db
from trustfund.models.record import head_of
from trustfund.models.statements import StatementLine
from trustfund.operations import record, treasury

LIST, SUSPENSE = "/officers/statements", "/officers/statements/suspense"
DAY = date(2017, 6, 12)
COMMON = {"reference": "", "value_date": DAY, "booking_day": DAY}
NORWAY = line("1000.00", bank_reference="NO-77", name="Norway", text="Contribution", **COMMON)
FEE = line("-2.00", bank_reference="C-1", name="", text="Fee", **COMMON)
INTEREST = line("3.00", bank_reference="I-1", name="", text="Interest", **COMMON)
JANUARY = camt(statement(NORWAY, FEE, INTEREST, first_day=DAY, last_day=DAY))
TABLE = "Datum;Wer;Betrag;Saldo\n11.06.2017;Fiji;1.300,00;2.300,00\n12.06.2017;;-5,00;2.295,00\n"


def sent(who: Visitor, text: str, name: str = "january.xml") -> Page:
    """The page that a person sees who chose a file and sent it."""
    action, fields = who.open(LIST).form(LIST)
    answer = who.open(action, method="POST", data=fields | {"statement": (io.BytesIO(text.encode()), name)})
    return who.open(answer.location) if answer.location else answer


def booked(who: Visitor, text: str = JANUARY) -> Page:
    page = sent(who, text)
    return who.open(who.send(page, "/confirmation").location)


def charged(house: House) -> int:
    with house.at_work():
        deed = treasury.record_charge
        by = house.things["salma"]
        return deed("main", amount="2.00", value_date=DAY, bank_reference="C-1", by=by, at=b.AT).seq


def last(house: House) -> int:
    with house.at_work():
        return int(head_of(db.session())[0])


def first_line(house: House, amount: int) -> str:
    """The address of the line of an amount."""
    with house.at_work():
        number = db.session.query(StatementLine.number).filter_by(amount=amount).scalar()
    who = house.visitor(PAYS)
    return next(a["href"] for a in who.open(SUSPENSE).all("a") if a["href"].endswith(f"/{number}"))


def test_the_page_begins_empty_and_says_what_will_stand_there(house: House):
    page = house.visitor(PAYS).open(LIST)
    assert page.words("h1") == "No bank statement has come in yet"
    assert "The first file of the bank that an officer books will stand here" in page.words("p")
    assert house.visitor(PAYS).open(SUSPENSE).words("h1") == "Every line of the bank is explained"


def test_a_file_is_looked_at_booked_and_its_lines_wait(house: House):
    entry, who = charged(house), house.visitor(PAYS)
    before = last(house)
    page = sent(who, JANUARY)
    assert page.words("h1") == "3 lines are new; nothing is recorded yet"
    assert ("100.00 USD" in page.words("td"), "Checked" in page.text, last(house)) == (True, True, before)
    rows = [" ".join(row["text"].split()) for row in page.all("tr")]
    assert f"Will be matched Entry {entry}, Bank charge recorded" in next(r for r in rows if "Fee" in r)
    assert "Pledge of Norway" in next(r for r in rows if "NO-77" in r)  # announced: a thousand dollars
    page = booked(who)
    assert "The file is booked" in page.text
    assert last(house) == before + 1
    assert page.words("a", href=SUSPENSE) == "Lines that wait to be explained: 2"
    page = who.open(LIST)
    assert page.words("h1") == "2 lines of the bank wait to be explained"
    assert "2 lines wait" in page.words("td")
    again = sent(who, JANUARY)
    assert again.words("h1") == "This file adds nothing: all of it is known"
    assert not [f for f in again.seen.forms if f["action"].endswith("/confirmation")]
    tasks = [a["text"] for a in who.open("/officers/").all("a", href=SUSPENSE)]
    assert tasks[0] == "2 lines of the bank wait to be explained"


def test_what_cannot_be_read_comes_back_with_one_sentence_at_its_field(house: House):
    who = house.visitor(PAYS)
    for text, why in (
        ("", "This is not a bank statement"),
        (JANUARY.replace("1000.00", "1O00.00"), "is not an amount"),
        (JANUARY[:-30], "damaged or cut off"),
    ):
        page = sent(who, text)
        assert (page.status, list(page.problems)) == (422, ["statement"])
        assert why in page.problems["statement"]
    assert who.send(who.open(LIST), LIST).problems == {"statement": "Choose a file."}
    for email in (SCREENS, "officer without designation"):
        page = house.visitor(email).open(LIST)
        assert "Only an officer who is designated" in page.text
        assert not [f for f in page.seen.forms if f["action"].endswith("/statements") and f["in main"]]


def test_a_file_of_more_than_20_mb_is_refused_in_a_sentence(house: House, monkeypatch):
    monkeypatch.setattr("trustfund.web.officers_statements.LARGEST", 1000)  # the test’s own client keeps no file open
    page = sent(house.visitor(PAYS), "<" * 70_000)
    assert (page.status, page.problems) == (
        413,
        {"statement": "This file has more than 20 MB. Export a shorter time from the bank."},
    )


def test_the_columns_of_a_csv_are_shown_changed_and_remembered(house: House):
    who = house.visitor(CERTIFIES)
    page = sent(who, TABLE, "bank.csv")
    assert page.words("summary") == "Columns as guessed: check them against the lines below"
    assert "11.06.2017Fiji1.300,002.300,00" in [row["text"] for row in page.all("tr")]
    answer = who.send(page, "/columns", name="Wer")
    page = who.open(answer.location)
    assert "Fiji" in page.words("bdi")
    who.send(page, "/confirmation")
    page = sent(who, TABLE.replace(".06.2017", ".05.2017"), "bank.csv")
    assert page.words("summary") == "Columns as remembered from a file with the same headings"
    unread = who.send(page, "/columns", header="first")
    assert unread.problems == {"header": "Enter the number of the line in figures, for example 1."}
    assert unread.form("/columns")[1]["header"] == "first"
    wrong = who.open(who.send(page, "/columns", decimal=".").location)
    assert wrong.words("h1") == "The file cannot be read like this"
    assert "is not an amount" in wrong.refusal
    other = who.open(who.send(wrong, "/columns", separator=",").location)
    assert "Say which column is the day" in other.refusal
    assert who.send(wrong, "/removal").status == 302


def test_a_csv_that_is_not_understood_is_shown_as_it_was_cut(house: House):
    who = house.visitor(CERTIFIES)
    page = sent(who, "Tag;Zahl\n1;2\n", "bank.csv")
    assert page.words("h1") == "The file cannot be read like this"
    assert page.form("/columns")[1]["separator"] == ";"
    assert "wait to be confirmed" not in who.open(LIST).text


def test_a_line_is_matched_by_a_button_recorded_as_what_it_is_and_taken_apart_again(house: House):
    who = house.visitor(PAYS)
    booked(who)
    entry = charged(house)
    page = who.open(SUSPENSE)
    fee = next(row["text"] for row in page.all("tr") if "Fee" in row["text"])
    assert "The bank’s reference is that of the entry" in fee
    address = first_line(house, -200)
    page = who.open(address)
    assert page.words("h1") == "2.00 USD went out"
    page = who.open(who.send(page, "/match").location)
    assert "The line is matched" in page.text
    assert f"Entry {entry}" in who.open(address).words("li")
    assert who.send(who.open(address), "/undoing", version="9" * 5000).status == 422
    page = who.open(who.send(who.open(address), "/undoing").location)
    assert "The line waits again" in page.text
    address = first_line(house, 300)
    assert "Choose one of those offered." in who.send(who.open(address), "/record").problems.values()
    assert "Choose the donor." in who.send(who.open(address), "/record", kind="unapplied").problems.values()
    page = who.open(who.send(who.open(address), "/record", kind="interest").location)
    assert "The line is recorded and matched" in page.text
    assert "Interest" in who.open(address).words("li")
    with house.at_work():
        assert record.verify(full=True).faults == []


def test_several_lines_are_one_entry(house: House):
    who = house.visitor(PAYS)
    parts = [
        line(amount, bank_reference=f"P-{amount}", name="", text="part", **COMMON) for amount in ("-0.50", "-1.50")
    ]
    booked(who, camt(statement(*parts, first_day=DAY, last_day=DAY)))
    entry = charged(house)
    address = first_line(house, -50)
    page = who.open(address)
    boxes = {box["name"]: box["value"] for box in page.all("input", type="checkbox")}
    assert boxes["entries"] == str(entry)
    assert "together with one other line" in page.words("th")
    action, fields = page.form("/match")
    fields |= {"lines": "", "entries": str(entry)}
    refused = who.open(action, method="POST", data=fields)
    assert (refused.status, "The bank’s lines make" in refused.text) == (422, True)
    assert "checked" in refused.all("input", type="checkbox", name="entries")[0]
    who.open(action, method="POST", data=fields | {"lines": boxes["lines"]})
    assert who.open(SUSPENSE).words("h1") == "Every line of the bank is explained"


def test_a_deposit_is_recorded_beside_its_pledge_in_its_version(house: House):
    with house.at_work():
        b.agreement(house.things["norway's pledge"], house.things["salma"], "1000.00")
    who = house.visitor(PAYS)
    booked(who)
    address = first_line(house, 100_000)
    page = who.open(address)
    assert "The name is that of the donor" in page.text
    stale = who.send(page, "/record", version="1")
    assert (stale.status, "has changed since you opened the page" in stale.refusal) == (409, True)
    page = who.open(who.send(page, "/record").location)
    assert "The line is recorded and matched" in page.text
    assert "Fully paid" in who.open("/officers/pledges/" + house.things["norway's pledge"]).text


def test_pages_make_as_many_queries_with_many_lines_as_with_few(house: House):
    who = house.visitor(PAYS)
    booked(who)
    with house.at_work():
        b.pledge(house.things["norway"], "2.00")
    pages = (LIST, SUSPENSE, "/officers/")
    few = [statements(who, page) for page in pages]
    many = [line(f"{n}.00", bank_reference=f"M-{n}", name="Norway", text="more", **COMMON) for n in range(1, 60)]
    page = booked(who, camt(statement(*many, number="8", opening="1101.00", first_day=DAY, last_day=DAY)))
    assert [statements(who, one) for one in pages] == few
    assert len(page.all("tr")) == 51
    assert who.open(SUSPENSE + "?q=M-59").words("td").count("more") == 1
    assert "No line that waits is like this" in who.open(SUSPENSE + "?q=nothing").text


@pytest.mark.parametrize("path", [f"{LIST}/K-22222222", f"{LIST}/K-22222222/1", f"{LIST}/files/U-22222222"])
def test_what_is_not_there_is_404(quiet_house: House, path: str):
    assert quiet_house.known(PAYS).open(path).status == 404
