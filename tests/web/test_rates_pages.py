"""Officers import rates by page, and say what each meeting provides."""

from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import builders as b
from tests.web.counting import statements
from trustfund.extensions import db
from trustfund.models.allowances import DsaRate
from trustfund.models.fund import RateRow
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import record
from trustfund.operations.allowances import provision_of
from trustfund.operations.import_dsa import DSA, book_dsa
from trustfund.operations.import_files import lines_of
from trustfund.web import officers_rates

DSA_HEADER = "place,currency,rate,from,lodging_share,source\n"
GENEVA = "Geneva,CHF,310.00,2018-03-01,0.60,ICSC circular 2018/3\n"
TOKYO = "Tokyo,JPY,38000,2018-03-01,,ICSC circular 2018/3\n"
RATES_HEADER = "currency,per_usd,from,source\n"
POUND = f"GBP,0.705,2017-12-31,{b.SOURCE}\n"
N1 = "/officers/meetings/N1/provisions"


def read(visitor, text, to="allowances", name="dsa.csv"):
    """Choose a file on the page of rates: what is shown before anything is recorded."""
    action, fields = visitor.open("/officers/rates").form(to)
    file = FileStorage(BytesIO(text if isinstance(text, bytes) else text.encode()), name)
    boundary, body = encode_multipart(fields | {f"{to}_file": file})
    return visitor.open(action, method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def facts(page):
    """Lines read, new, known already, wrong."""
    return [dd["text"] for dd in page.all("dd")]


def faults(page):
    """Line -> what is wrong."""
    cells = [e["text"] for tag, e in page.seen.elements if tag in ("th", "td") and e.get("scope") != "col"]
    return dict(zip(cells[::2], cells[1::2], strict=True))


def recorded(house, model=DsaRate):
    with house.at_work():
        return len(db.session.scalars(select(model)).all())


def test_an_officer_reads_a_file_first_and_then_records_it_in_her_own_name(house):
    ines, before = house.visitor("screening officer"), house.events()
    page = read(ines, DSA_HEADER + GENEVA + TOKYO)
    assert (page.status, page.words("h1")) == (200, "2 lines are new; nothing is recorded yet")
    assert facts(page) == ["2", "2", "0", "0"]
    assert "Cities of meetings among the new lines: Geneva." in page.text
    assert (house.events(), recorded(house)) == (before, 0)
    done = ines.send(page, "allowances")
    assert (done.status, done.location) == (302, "/officers/rates")
    listed = ines.open("/officers/rates")
    assert "Recorded: 2. Known already: 0." in listed.text
    assert house.events() == before + 2
    with house.at_work():
        actors = db.session.scalars(
            select(Account.email).join(Event, Event.actor == Account.reference).where(Event.action == "dsa.recorded")
        ).all()
        assert actors == ["ines@example.org"] * 2
        assert record.verify(full=True).faults == []


def test_the_same_file_again_is_known_and_there_is_nothing_to_record(house):
    ines = house.visitor("screening officer")
    page = read(ines, DSA_HEADER + GENEVA)
    assert [ines.send(page, "allowances").status for _ in range(2)] == [302, 302], "sent twice, recorded once"
    assert recorded(house) == 1
    again = read(house.visitor("paying officer"), DSA_HEADER + GENEVA)
    assert again.words("h1") == "Nothing in this file is new"
    assert not [f for f in again.seen.forms if f["in main"]]
    more = read(ines, DSA_HEADER + GENEVA + TOKYO)
    assert facts(more) == ["2", "1", "1", "0"]
    assert "Geneva" not in more.words("tbody")
    assert "No meeting takes place in any of these places." in more.text


def test_every_bad_line_is_named_and_nothing_of_the_file_is_recorded(house):
    ines, before = house.visitor("screening officer"), house.events()
    page = read(ines, DSA_HEADER + GENEVA.replace("310.00", "much") + TOKYO + TOKYO.replace("38000", "1"))
    assert (page.status, page.words("h1")) == (422, "Nothing was recorded: 2 lines are wrong")
    assert page.title.startswith("Error:")
    told = faults(page)
    assert told["Line 2"].startswith("“much” is not an amount.")
    assert told["Line 4"].startswith("The allowance of Tokyo from 1 March 2018 is recorded as 38,000\u00a0JPY")
    assert not [f for f in page.seen.forms if f["in main"]], "there is nothing to confirm"
    assert (house.events(), recorded(house)) == (before, 0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b"x" * (officers_rates.LARGEST + 1), "This file has more than 400 KB."),
        (b"x" * (7 * 1024 * 1024), "This file has more than 400 KB."),
    ],
    ids=["empty", "large", "huge"],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(house, content, says):
    page = read(house.visitor("screening officer"), content)
    assert page.status in (413, 422)
    assert page.problems["allowances_file"].startswith(says)
    assert "What you typed is kept" not in page.text
    assert "open" in page.all("details")[0], "the form with the error is not hidden"


def test_what_is_no_table_of_rates_is_told_as_a_whole(house):
    ines = house.visitor("screening officer")
    assert faults(read(ines, DSA_HEADER.encode() + "Genève".encode("latin-1"))) == {
        "The file": "dsa.csv is not UTF-8 text (byte 50)."
    }
    assert list(faults(read(ines, "a,b\n1,2\n"))) == ["Line 1"]
    none = read(ines, DSA_HEADER)
    assert (none.words("h1"), none.words("p").count("no lines below its columns")) == ("Nothing in this file is new", 1)


def test_no_file_at_all_is_refused_at_its_field(house):
    page = house.visitor("screening officer").fill("/officers/rates", "exchange")
    assert (page.status, page.problems) == (422, {"exchange_file": "Choose a file."})


def test_rates_of_exchange_come_by_page_too_and_another_source_is_pointed_out(house):
    ines = house.visitor("screening officer")
    euro = "EUR,0.81,2017-12-31,A newspaper\n"
    page = read(ines, "\ufeff" + (RATES_HEADER + POUND + euro).replace(",", ";"), "exchange", "rates.csv")
    assert facts(page) == ["2", "2", "0", "0"]
    assert "New lines of another source: 1." in page.text
    ines.send(page, "exchange")
    listed = ines.open("/officers/rates")
    tags = {row["text"][:3]: row["text"] for row in listed.all("tr") if row["text"][:3] in ("GBP", "EUR")}
    assert "0.705" in tags["GBP"]
    assert tags["GBP"].endswith("Used")
    with house.at_work():
        kept = db.session.scalars(select(RateRow.source).where(RateRow.currency == "EUR").order_by(RateRow.day)).all()
    assert kept[-1] == "A newspaper"
    assert "Another source, not used" in listed.text


def test_a_rate_that_stands_twice_in_a_file_is_recorded_once_and_one_that_contradicts_another_is_named(house):
    ines, before = house.visitor("screening officer"), recorded(house, RateRow)
    page = read(ines, RATES_HEADER + POUND + POUND, "exchange")
    assert facts(page) == ["2", "1", "1", "0"]
    ines.send(page, "exchange")
    assert recorded(house, RateRow) == before + 1
    wrong = read(ines, RATES_HEADER + (POUND + POUND.replace("0.705", "0.8")).replace("GBP", "SEK"), "exchange")
    assert faults(wrong) == {"Line 3": "Another rate of SEK on 31 December 2017 stands on an earlier line."}


def test_a_confirmation_without_a_true_token_shows_the_file_again_and_records_nothing(house):
    ines, before = house.visitor("screening officer"), house.events()
    page = ines.send(read(ines, DSA_HEADER + GENEVA), "allowances", csrf_token="forged")
    assert (page.status, house.events()) == (422, before)
    assert "This page was open for too long" in page.refusal
    assert ines.send(page, "allowances").status == 302
    assert recorded(house) == 1


def test_an_officer_without_designation_sees_rates_and_why_she_cannot_import_them(house):
    jonas, before = house.visitor("officer without designation"), house.events()
    page = jonas.open("/officers/rates")
    assert "Only an officer who is designated for this can do it" in page.text
    assert not [f for f in page.seen.forms if f["in main"]]
    form = house.visitor("screening officer").open("/officers/rates").form("allowances")[1]
    token = jonas.open("/officers/designations").all("input", name="csrf_token")[0]["value"]
    sent = {**form, "csrf_token": token, "text": DSA_HEADER + GENEVA}
    assert jonas.open("/officers/rates/allowances", method="POST", data=sent).status == 403
    assert recorded(house) == 0
    assert house.events() == before + 1, "who tried is kept"


def test_the_head_of_the_fund_reads_the_rates_and_imports_none(house):
    page = house.visitor("head").open("/officers/rates")
    assert page.status == 200
    assert not page.all("details")


def test_imported_and_example_allowances_are_told_apart(house):
    page = house.visitor("auditor").open("/officers/rates")
    assert page.status == 403
    ines = house.visitor("screening officer")
    before = ines.open("/officers/rates")
    assert "No allowance is imported yet" in before.text
    assert before.text.count("Example in use") == 5
    ahead = [row["text"] for row in before.all("tr") if row["text"].startswith("New York")]
    assert ["Example in use" in row for row in ahead] == [True, False, False]
    assert ahead[1].endswith("From 1 February 2018"), "what begins after today is not in use today"
    with house.at_work():
        b.rate("CHF", "0.9983", "2017-12-31")
        lines = DSA_HEADER + GENEVA + GENEVA.replace("Geneva,CHF", "New York,USD").replace("2018-03-01", "2018-02-01")
        book_dsa(lines_of("dsa.csv", lines.encode(), DSA), at=b.AT)
    after = ines.open("/officers/rates")
    assert after.text.count("Example in use") == 3, "Vienna, Puerto Vallarta and Marrakech"
    rows = [row["text"] for row in after.all("tr")]
    assert [row for row in rows if row.startswith("Geneva") and "310.00\u00a0CHF" in row and "0.60" in row]
    assert [row for row in rows if row.startswith("Geneva") and row.endswith("Before 1 March 2018")]
    examples = [row for row in rows if row.startswith("New York") and "example" in row]
    assert [row.endswith("Before 1 February 2018") for row in examples] == [True, False, False]
    assert [row.endswith("No longer") for row in examples] == [False, True, True]


def test_a_hundred_places_are_shown_a_page_at_a_time_in_as_many_statements_as_one(house):
    ines = house.visitor("screening officer")
    with house.at_work():
        book_dsa(lines_of("dsa.csv", (DSA_HEADER + GENEVA).encode(), DSA), at=b.AT)
    one = statements(ines, "/officers/rates")
    with house.at_work():
        many = "".join(GENEVA.replace("Geneva", f"Place {n:03}") for n in range(100))
        book_dsa(lines_of("dsa.csv", (DSA_HEADER + many).encode(), DSA), at=b.AT)
        for month in range(1, 12):
            for currency in ("SEK", "NOK", "DKK", "CAD", "AUD", "INR"):
                b.rate(currency, "7.5", f"2017-{month:02}-28")
    assert statements(ines, "/officers/rates") == one
    seen, pages, path = [], 0, "/officers/rates"
    while path:
        page, pages = ines.open(path), pages + 1
        table = page.all("table")[0]["text"]
        seen += [
            row["text"].split("1 March")[0] for row in page.all("tr") if row["text"] in table and "CHF" in row["text"]
        ]
        path = next((a["href"] for a in page.all("a", rel="next")), "")
    assert pages == 5
    assert sorted(seen) == ["Geneva", *(f"Place {n:03}" for n in range(100))]
    found = ines.open("/officers/rates?q=ace+04")
    assert found.text.count("CHF") == 10
    assert "No imported allowance has such a place" in ines.open("/officers/rates?q=Atlantis").text


# What a meeting provides


def provision(house):
    with house.at_work():
        db.session.rollback()
        return provision_of(db.session(), "N1")


def ticked(page):
    return [box["id"] for box in page.all("input", type="checkbox") if "checked" in box]


def test_an_officer_says_what_a_meeting_provides_and_everybody_in_the_office_sees_who_said_so(house):
    ines = house.visitor("screening officer")
    page = ines.open(N1)
    assert page.words("h1").endswith(": nothing is provided yet")
    assert ticked(page) == []
    assert len(page.all("input", type="checkbox")) == 3 * 4 + 1
    done = ines.fill(
        N1, **{"given__2018__02__20": "lunch", "given__2018__02__23": "dinner"}, factor="0.75", transport="y"
    )
    assert (done.status, done.location) == (302, N1)
    stands = provision(house)
    assert {day.isoformat(): kinds for day, kinds in stands.given.items()} == {
        "2018-02-20": ("lunch",),
        "2018-02-23": ("dinner",),
    }
    assert (str(stands.factor), stands.transport, stands.number) == ("0.75", True, 1)
    seen = house.visitor("head").open(N1)
    assert "Ines Okafor, 24 January 2018, 14:00" in seen.words("dd")
    assert "20 February 2018: lunch" in seen.words("dd")
    assert "Awards that are certified already keep their cost." in seen.text
    assert ticked(seen) == ["given-2018-02-20-lunch", "given-2018-02-23-dinner", "transport"]


def test_what_stands_is_filled_in_and_a_box_that_is_cleared_is_no_longer_given(house):
    ines = house.visitor("screening officer")
    ines.fill(N1, given__2018__02__20="lunch", transport="y")
    done = ines.send(ines.open(N1), without="transport")
    assert done.status == 302
    assert (provision(house).number, provision(house).transport) == (2, False)
    assert [*provision(house).given.values()] == [("lunch",)]


@pytest.mark.parametrize(
    ("typed", "where", "says"),
    [
        ({"factor": "1.5"}, "factor", "A factor is from 0 to 1.00"),
        ({"factor": "0.123456789"}, "factor", "This has more than"),
        ({"given__2018__02__21": "lunch"}, "given", "2018-02-21 is no day of this meeting."),
        ({"given__2018__02__20": "supper"}, "given", "A meeting provides lodging"),
    ],
)
def test_what_cannot_be_comes_back_filled_with_the_reason(house, typed, where, says):
    page = house.visitor("screening officer").fill(N1, **{"given__2018__02__22": "lunch"} | typed)
    assert page.status == 422
    assert page.problems[where].startswith(says)
    assert page.all("fieldset", id=where) or page.all("input", id=where), "the summary leads to the field"
    assert ticked(page) == ["given-2018-02-22-lunch"]
    assert provision(house).number == 0


def test_the_second_of_two_officers_is_told_what_stands_now_and_can_send_it_again(house):
    ines, rafael = house.visitor("screening officer"), house.visitor("certifying officer")
    old = rafael.open(N1)
    ines.fill(N1, given__2018__02__20="lunch")
    late = rafael.send(old, given__2018__02__22="dinner")
    assert late.status == 409
    assert "Another officer has recorded what this meeting provides" in late.refusal
    assert "20 February 2018: lunch" in late.words("dd")
    assert ticked(late) == ["given-2018-02-22-dinner"]
    assert rafael.send(late).status == 302
    assert provision(house).number == 2


def test_a_form_sent_twice_is_one_deed(house):
    ines, before = house.visitor("screening officer"), house.events()
    page = ines.open(N1)
    assert [ines.send(page, given__2018__02__20="lunch").status for _ in range(2)] == [302, 302]
    assert house.events() == before + 1


@pytest.mark.parametrize("who", ["approving officer", "paying officer", "officer without designation", "head"])
def test_who_neither_screens_nor_certifies_reads_the_page_and_why(house, who):
    page = house.visitor(who).open(N1)
    assert page.status == 200
    assert "Only an officer who is designated for this can do it: screening and certifying." in page.text
    assert all("disabled" in box for box in page.all("input", type="checkbox") if box["id"] != "transport")
    assert page.all("button", **{"aria-disabled": "true"})


def test_a_meeting_that_is_not_there_provides_nothing(house):
    assert house.visitor("screening officer").open("/officers/meetings/N9/provisions").status == 404


def test_the_page_of_a_meeting_leads_to_what_it_provides(house):
    page = house.visitor("screening officer").open("/officers/meetings/N1")
    assert page.all("a", href=N1)
    assert page.all("a", href="/officers/states"), "and the menu to the tables, where the rates are"
