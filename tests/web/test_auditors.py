"""What auditors and scripts read: the line of the record, the proof of a paper, the files of a report."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile

import pytest

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.people import Account
from trustfund.models.record import Event, in_the_bank
from trustfund.operations import contributions

MIME = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
REPORTS = ("status-of-contributions", "trial-balance", "journal", "audit-trail")


def code_of(house, seq):
    with house.at_work():
        digest = db.session.get(Event, seq).hash
    return f"{seq} {digest[:4]} {digest[4:8]} {digest[8:12]}"


def test_the_record_is_one_line_for_scripts(quiet_house):
    page = quiet_house.known("auditor").open("/auditors/record")
    assert page.type == "text/plain; charset=utf-8"
    line = re.fullmatch(
        r"entries=(\d+) balance=(\d+\.\d\d) spendable=(\d+\.\d\d) currency=USD "
        r"head=(\d+):([0-9a-f]{64})\n",
        page.text,
    )
    assert line
    with quiet_house.at_work():
        last = db.session.get(Event, quiet_house.events())
        assert (int(line[1]), int(line[4]), line[5]) == (last.seq, last.seq, last.hash)
        assert line[2] == f"{in_the_bank(db.session())}" == "56320.00"
    assert line[3] == "45823.47"  # 48,973.91, less what the kept run holds for its seat


@pytest.mark.parametrize("door", ["/auditors/proof", "/proof"])
def test_the_code_of_a_receipt_is_in_the_record_unchanged(quiet_house, door):
    seq = int(quiet_house.things["code"])
    code = code_of(quiet_house, seq)
    visitor = quiet_house.known("auditor")
    for typed in (
        code,
        code.replace(" ", ":", 1).replace(" ", ""),
        code.upper(),
        f"  {code}  ",
        code.replace(" ", " · ", 1),
        code.replace(" ", "\u00a0"),
    ):
        page = visitor.open(door, query_string={"code": typed})
        assert f"In the record, at place {seq}, unchanged." in page.words("div", role="status"), typed
        assert "Deposit recorded" in page.words("div", role="status")
        assert page.all("input", id="code")[0]["value"] == typed.strip()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1 0000 0000 0000", "Not in the record. Place 1 holds something else"),
        ("999999 abcd abcd abcd", "Not in the record. The record has no place 999999"),
        ("0 0000 0000", "Not in the record. The record has no place 0"),
        ("1 abc", "This is not a code."),
        ("1 abcd", "This is not a code."),
        ("abcd abcd abcd", "This is not a code."),
        ("hello", "This is not a code."),
        ("1 abcd abcz", "This is not a code."),
        ("-1 abcd abcd", "This is not a code."),
        ("9" * 30 + " abcd abcd", "This is not a code."),
        ("' OR 1=1 --", "This is not a code."),
        ("💶", "This is not a code."),
        ("٣ abcd abcd", "Not in the record."),
        ("1 " + "a" * 65, "This is not a code."),
    ],
)
def test_a_wrong_short_or_foreign_code_is_answered_in_words(quiet_house, typed, answer):
    for door in ("/proof", "/auditors/proof"):
        page = quiet_house.known("auditor").open(door, query_string={"code": typed})
        assert page.status == 200
        assert answer in page.refusal + page.words("div", role="status")


def test_no_code_is_no_answer(quiet_house):
    page = quiet_house.visitor().open("/proof?code=")
    assert page.refusal + page.words("div", role="status") == ""


def test_the_public_check_of_a_paper_names_nobody(quiet_house):
    code = code_of(quiet_house, int(quiet_house.things["code"]))
    page = quiet_house.visitor().open("/proof", query_string={"code": code})
    assert "Luxembourg" not in page.text
    assert "Salma" not in page.text


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format", MIME)
def test_a_report_comes_in_four_forms_with_its_name_and_kind(quiet_house, name, format):
    page = quiet_house.known("auditor").open(f"/auditors/reports/{name}.{format}")
    assert (page.status, page.type) == (200, MIME[format])
    assert page.headers["Content-Disposition"] == f'attachment; filename="{name}-2018-01-24.{format}"'
    assert page.headers["Cache-Control"] == "no-store"
    if format == "pdf":
        assert page.data.startswith(b"%PDF-")
    elif format == "xlsx":
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(page.data)).namelist()
    else:
        assert quiet_house.known("auditor").open(f"/auditors/reports/{name}.{format}").data == page.data


def test_the_page_of_a_report_shows_the_digest_and_the_totals_of_its_file(quiet_house):
    page = quiet_house.known("auditor").open("/auditors/reports/status-of-contributions")
    file = json.loads(quiet_house.known("auditor").open("/auditors/reports/status-of-contributions.json").text)
    assert file["digest"][:12] in page.text.replace(" ", "")
    assert "54,171.00" in page.text
    assert page.all("a", href="/auditors/reports/status-of-contributions.pdf")


def test_counts_are_printed_whole_and_states_by_their_names_in_the_language(quiet_house):
    page = quiet_house.known("auditor").open("/auditors/reports/beneficiaries")
    file = json.loads(quiet_house.known("auditor").open("/auditors/reports/beneficiaries.json").text)
    counted = dict(zip([e["text"] for e in page.all("dt")], [e["text"] for e in page.all("dd")], strict=True))
    assert counted["Seats"] == str(file["totals"]["seats"])
    assert page.all("td", **{"data-l": "Applications"})[-1]["text"] == str(file["totals"]["applications"])
    french = quiet_house.visitor("auditor").open("/auditors/reports/beneficiaries?lang=fr")
    assert "Sudan" in {row["state"] for row in file["rows"]}
    assert "Soudan" in [e["text"] for e in french.all("bdi")]


def test_a_period_goes_along_from_the_menu_to_the_files(quiet_house):
    auditor = quiet_house.known("auditor")
    menu = auditor.open("/auditors/?from=2017-01-01&to=2017-05-31")
    link = next(a["href"] for a in menu.all("a") if a["href"].startswith("/auditors/reports/journal.csv"))
    assert link == "/auditors/reports/journal.csv?from=2017-01-01&to=2017-05-31"
    assert "56320" not in auditor.open(link).text
    assert "56320" in auditor.open("/auditors/reports/journal.csv").text


@pytest.mark.parametrize("typed", ["12/06/2017", "2017-02-31", "yesterday", "20170612T00", "٢٠١٧-٠١-٠١"])
def test_a_period_that_is_no_date_is_refused_by_name_where_it_was_typed(quiet_house, typed):
    auditor = quiet_house.known("auditor")
    menu = auditor.open("/auditors/", query_string={"from": typed})
    assert f"“{typed}” is not a date." in menu.refusal
    assert menu.all("input", id="from")[0]["value"] == typed
    assert auditor.open("/auditors/reports/journal.csv", query_string={"from": typed}).status == 422


def test_a_receipt_is_a_paper_for_its_donor_the_officers_and_the_auditor(quiet_house):
    reference = quiet_house.things["receipt"]
    doors = {"donor": "donors", "paying officer": "officers", "head": "officers", "auditor": "auditors"}
    for who, door in doors.items():
        page = quiet_house.known(who).open(f"/{door}/receipts/{reference}.pdf")
        assert (page.status, page.type) == (200, "application/pdf")
        assert page.headers["Content-Disposition"] == f'attachment; filename="receipt-{reference}.pdf"'


def test_the_record_and_its_verifier_prove_themselves_on_another_machine(quiet_house, tmp_path):
    auditor = quiet_house.known("auditor")
    for name in ("verifier.py", "record.jsonl"):
        page = auditor.open(f"/auditors/{name}")
        assert page.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        (tmp_path / name).write_bytes(page.data)
    told = subprocess.run(
        [sys.executable, "-I", "verifier.py", "record.jsonl"], cwd=tmp_path, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert auditor.open("/auditors/anchors").text.split()[0] == str(quiet_house.events())


def test_verify_now_says_sound(quiet_house):
    page = quiet_house.known("auditor").open("/auditors/?verify=1")
    assert f"{quiet_house.events()} entries verified" in page.words("p", role="status")


def test_an_entry_shows_its_books_and_its_neighbours(quiet_house):
    page = quiet_house.known("auditor").open(f"/auditors/entries/{quiet_house.things['code']}")
    assert page.words("h1").startswith(f"Entry {quiet_house.things['code']}: Deposit recorded")
    assert "cash:main" in page.text
    assert "2,149.00" in page.text


def test_an_entry_is_read_by_a_person_and_ends_with_the_body_that_was_signed(quiet_house):
    seq = quiet_house.things["code"]
    page = quiet_house.known("auditor").open(f"/auditors/entries/{seq}")
    with quiet_house.at_work():
        event = db.session.get(Event, int(seq))
        actor, subject, body = event.actor, event.subject, json.loads(event.body)
    told = dict(zip([e["text"] for e in page.all("dt")], [e["text"] for e in page.all("dd")], strict=True))
    assert told["Who"] == f"Salma Idrissi {actor}"
    assert (told["Before"], told["After"]) == ("Agreed agreed", "Fully paid fully-paid")
    assert page.all("a", href=f"/auditors/entries?about={subject}")
    debit = sum(max(p["usd"], 0) for p in body["post"])
    assert f"Total{debit / 100:,.2f}{debit / 100:,.2f}" in page.words("tr")
    assert json.loads(page.words("pre")) == body


def test_the_record_is_searched_by_the_name_of_a_person_and_by_days(quiet_house):
    def numbers(**asked):
        page = quiet_house.known("auditor").open("/auditors/entries", query_string=asked)
        return [int(m[1]) for a in page.all("a") if (m := re.fullmatch(r"/auditors/entries/(\d+)", a["href"]))]

    with quiet_house.at_work():
        salma = db.session.scalars(db.select(Account.reference).where(Account.name == "Salma Idrissi")).one()
        kept = list(db.session.execute(db.select(Event.seq, Event.at, Event.actor, Event.subject)))
    hers = [e.seq for e in kept if salma in (e.actor, e.subject)]
    assert sorted(numbers(about="salma idr")) == hers
    assert numbers(about="nobody of that name") == []
    days = sorted({e.at[:10] for e in kept})
    for first, last in ((days[0], days[0]), (days[-1], days[-1]), (days[0], days[-1]), ("2016-01-01", "2016-12-31")):
        found = [e.seq for e in kept if first <= e.at[:10] <= last]
        assert numbers(**{"from": first, "to": last}) == found[::-1][:50]
    wrong = quiet_house.known("auditor").open("/auditors/entries?from=yesterday")
    assert "“yesterday” is not a date." in wrong.refusal


def test_the_desk_says_in_three_steps_how_to_prove_the_record_alone(quiet_house):
    page = quiet_house.known("auditor").open("/auditors/")
    steps = [one["text"] for one in page.all("li")]
    assert len(steps) == 3
    assert page.all("a", href="/auditors/record.jsonl")
    assert "python3 verifier.py record.jsonl" in steps[1]
    assert page.all("a", href="/auditors/anchors")


def test_open_data_is_what_the_database_holds(quiet_house):
    visitor = quiet_house.visitor()
    table = list(csv.DictReader(io.StringIO(visitor.open("/open/contributions.csv").text.removeprefix("\ufeff"))))
    rows = [row for row in table if not row["donor"].startswith(("#", "Total"))]
    with quiet_house.at_work():
        kept = db.session.execute(
            db.select(
                Donor.name,
                Pledge.currency,
                Pledge.state,
                Pledge.agreed_usd,
                Pledge.received_usd,
            )
            .join(Pledge)
            .order_by(Donor.name, Pledge.id)
        ).all()
    assert [(r["donor"], r["currency"], r["stage"], r["agreed_usd"], r["received_usd"]) for r in rows] == [
        (*words, f"{agreed / 100:.2f}", f"{received / 100:.2f}") for *words, agreed, received in kept
    ]
    data = json.loads(visitor.open("/open/contributions.json").text)
    assert [{key: "" if value is None else value for key, value in row.items()} for row in data["rows"]] == rows
    total = next(row for row in table if row["donor"] == "Total")
    assert data["totals"]["received_usd"] == total["received_usd"] == "56320.00"


def test_open_data_and_public_pages_have_no_name_of_an_individual(house):
    with house.at_work():
        person = contributions.register_donor("Ana Example", type="individual", by="system", at=b.AT).on
        b.contributions.announce_pledge(person, amount="250.00", currency="USD", purpose="travel", by="system", at=b.AT)
    for path in ("/contributions", "/open/contributions.csv", "/open/contributions.json", "/"):
        page = house.visitor().open(path)
        assert "Ana Example" not in page.text
    assert person in house.visitor().open("/contributions").text
    assert "Ana Example" in house.visitor("paying officer").open("/officers/pledges").text
