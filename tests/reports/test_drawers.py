"""One report, five forms: the same figures to the cent, the same digest, the same bytes each time."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pikepdf
import pytest

from trustfund.reports import typeset
from trustfund.reports.draw_csv import draw_csv
from trustfund.reports.draw_json import draw_json
from trustfund.reports.draw_pdf import draw_pdf
from trustfund.reports.draw_receipt import Receipt, draw_receipt
from trustfund.reports.draw_xlsx import draw_xlsx
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Voice

ARABIC, CHINESE, MARKUP, FORMULA = "صندوق الأمل (مؤسسة)", "中国人民对外友好协会", "Smith & Sons <b>Ltd</b>", "=1+1"
GIFTS = [
    (ARABIC, "private", "KWD", Decimal("1000.125"), Decimal("3310.14")),
    (CHINESE, "ngo", "CNY", Decimal("60000.00"), Decimal("9200.11")),
    (MARKUP, "private", "USD", Decimal("-450.00"), Decimal("-450.00")),
    (FORMULA, "individual", "JPY", Decimal("2500000"), Decimal("22321.43")),
    ("Norway", "state", "USD", Decimal("0.00"), Decimal("0.00")),
]
USD = Decimal("34381.68")  # the sum of the last column


def voice(language="en", right_to_left=False, **sentences):
    def say(key, **values):
        return sentences.get(key, key).format(**values) if values else sentences.get(key, key)

    return Voice(language, say, amount=lambda d: f"{d:,}" if d >= 0 else f"({-d:,})",
                 day=lambda d: f"{d.day} {d:%B %Y}", right_to_left=right_to_left)


def report(rows=None, **changes):
    if rows is None:
        rows = [(donor, kind, date(2017, 10, 4), currency, amount, usd) for donor, kind, currency, amount, usd in GIFTS]
    columns = [
        Column("donor", "Donor", width=2), Column("kind", "Kind", Kind.WORD), Column("date", "Value date", Kind.DATE),
        Column("currency", "Currency", Kind.CODE), Column("amount", "Amount", Kind.MONEY),
        Column("usd", "US dollars", Kind.MONEY, total=True),
    ]
    return Report(**{
        "name": "status-of-contributions", "title": "Status of contributions", "answers": "What has come in?",
        "fund": "Voluntary trust fund", "legal_basis": "A/RES/71/280, paragraph 31",
        "period_from": date(2017, 4, 3), "period_to": date(2017, 12, 31), "as_at": date(2018, 1, 24),
        "currency": "USD", "rate_source": "ECB month end", "columns": columns, "rows": rows,
        "control_totals": [ControlTotal("Adds up", "Agreed − received", Decimal("-0.01"), Decimal("0.00"))],
        "head_seq": 48217, "head_hash": "9f3c71ab04de" + "0" * 52, "version": "0.1.0",
        "words": {"private": "Private", "ngo": "NGO", "state": "State"},
    } | changes)


def receipt(**changes):
    return Receipt(**{
        "number": "R-2017-0042", "fund": "Voluntary trust fund", "legal_basis": "A/RES/71/280, paragraph 31",
        "donor": "Swiss Confederation", "amount": "100,000.00", "currency": "CHF", "usd": Decimal("100167.58"),
        "rate": "0.998327", "rate_day": date(2017, 9, 30), "rate_source": "ECB month end",
        "value_date": date(2017, 10, 4), "bank_reference": "20171004-0099", "document": "VTF-2017-0004",
        "earmark_words": "Travel", "recorded_at": "2017-10-05 09:14:22 UTC", "seq": 4711,
        "hash": "9f3c71ab04de" + "0" * 52, "public_url": "https://fund.example.org",
    } | changes)


def opened(pdf):
    return pikepdf.open(io.BytesIO(pdf))


def words_of(pdf):
    """What the pages show in ASCII, then what their elements say in place of glyphs in another order."""
    with opened(pdf) as file:
        code = b"\n".join(page.Contents.read_bytes() for page in file.pages).decode("latin-1")
        root = file.Root.get("/StructTreeRoot")
        said = [str(element.ActualText) for element in elements(root.K[0]) if "/ActualText" in element] if root else []
    shown = re.findall(r"\(((?:\\.|[^\\()])*)\) Tj", code)
    return " ".join([re.sub(r"\\(.)", r"\1", text) for text in shown] + said)


def csv_rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def sheets(data):
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets


def elements(element):
    yield element
    for kid in element.K if isinstance(element.K, pikepdf.Array) else []:
        yield from elements(kid)


# The same each time, the same in every form


def test_the_same_report_gives_the_same_bytes():
    for draw in (draw_csv, draw_json):
        assert draw(report()) == draw(report())
    for draw in (draw_pdf, draw_xlsx):
        assert draw(report(), voice()) == draw(report(), voice())
    assert draw_receipt(receipt(), voice()) == draw_receipt(receipt(), voice())


def test_the_digest_is_the_same_in_every_form_and_language():
    digest = json.loads(draw_json(report()))["digest"]
    assert [f"# digest,{digest}"] == [",".join(row[:2]) for row in csv_rows(draw_csv(report())) if row[0] == "# digest"]
    _, facts = sheets(draw_xlsx(report(), voice("fr", Donor="Donateur")))
    assert dict(facts.iter_rows(values_only=True))["digest"] == digest
    spaced = " ".join(digest[i:i + 4] for i in range(0, 64, 4))
    assert spaced in words_of(draw_pdf(report(), voice("fr", Donor="Donateur")))


def test_the_sums_are_equal_to_the_cent():
    assert json.loads(draw_json(report()))["totals"] == {"usd": str(USD)}
    rows = csv_rows(draw_csv(report()))
    assert rows[6] == ["Total", "", "", "", "", str(USD)]
    assert sum(Decimal(row[5]) for row in rows[1:6]) == USD
    values = [row[5] for row in sheets(draw_xlsx(report(), voice()))[0].iter_rows(values_only=True)]
    assert Decimal(repr(values[6])) == USD == sum(Decimal(repr(value)) for value in values[1:6])
    assert f"{USD:,}" in words_of(draw_pdf(report(), voice()))


# CSV and XLSX


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe():
    names = ["=1+1", "+1", "-1", "@x", "＝1", "  =1", "\t=1", "\r1", "a=1", "1-1"]
    hostile = report([(name, "state", None, "USD", Decimal(1), Decimal("1.00")) for name in names])
    guarded = [*(f"'{name}" for name in names[:8]), "a=1", "1-1"]
    assert [row[0] for row in csv_rows(draw_csv(hostile))[1:11]] == guarded
    table = list(sheets(draw_xlsx(hostile, voice()))[0].iter_rows(values_only=True))
    assert [row[0].replace("_x000D_", "\r") for row in table[1:11]] == guarded


def test_a_negative_amount_is_a_number_and_no_formula():
    assert csv_rows(draw_csv(report()))[3][4:] == ["-450.00", "-450.00"]
    assert ["# Adds up", "-0.01"] in [row[:2] for row in csv_rows(draw_csv(report()))]


def test_csv_is_for_every_spreadsheet_and_no_language():
    data = draw_csv(report())
    assert data.startswith(b"\xef\xbb\xbfdonor,kind,date,currency,amount,usd\r\n")
    assert {len(row) for row in csv_rows(data)} == {6}
    assert csv_rows(data)[4] == ["'=1+1", "individual", "2017-10-04", "JPY", "2500000", "22321.43"]


def test_a_workbook_keeps_the_decimals_of_each_currency():
    table, _ = sheets(draw_xlsx(report(), voice(Donor="Donateur")))
    assert table["A1"].value == "Donateur"
    assert [(table[cell].value, table[cell].number_format) for cell in ("E2", "E3", "E5")] == [
        (1000.125, "#,##0.000"), (60000, "#,##0.00"), (2500000, "#,##0"),
    ]
    assert (table["C2"].value.date(), table["C2"].number_format) == (date(2017, 10, 4), "yyyy-mm-dd")


def test_an_amount_that_a_spreadsheet_would_round_is_written_as_text():
    exact, rounded = Decimal("9999999999999.99"), Decimal("99999999999999.99")
    large = report([("A", "state", None, "USD", exact, rounded)])
    table, _ = sheets(draw_xlsx(large, voice()))
    assert (table["E2"].value, table["F2"].value) == (float(exact), "99999999999999.99")


# PDF


def test_every_font_is_embedded_and_helvetica_is_not_there():
    for pdf in (draw_pdf(report(), voice()), draw_receipt(receipt(donor=ARABIC), voice())):
        assert b"Helvetica" not in pdf
        with opened(pdf) as file:
            fonts = [f for page in file.pages for f in page.Resources.Font.values()]
            assert fonts
            assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_a_pdf_says_its_title_and_language_and_can_be_heard():
    with opened(draw_pdf(report(), voice("fr", **{"Status of contributions": "État des contributions"}))) as file:
        assert (str(file.Root.Lang), bool(file.Root.ViewerPreferences.DisplayDocTitle)) == ("fr", True)
        assert file.open_metadata()["dc:title"] == str(file.docinfo.Title) == "État des contributions"
        document = [str(element.S) for element in elements(file.Root.StructTreeRoot.K[0])]
    assert document[0] == "/Document"
    assert document.count("/H1") == 1
    assert document.count("/TR") == 1 + len(GIFTS) + 1 + 2  # head, rows, total; control totals
    assert document.count("/TD") == (len(GIFTS) + 1) * 5 + 4
    assert document.count("/TH") == 6 + len(GIFTS) + 1 + 6


def test_every_marked_content_is_found_from_its_page():
    with opened(draw_pdf(report(many(200)), voice())) as file:
        for page, parents in zip(file.pages, list(file.Root.StructTreeRoot.ParentTree.Nums)[1::2], strict=True):
            marks = [int(m) for m in re.findall(rb"/MCID (\d+)", page.Contents.read_bytes())]
            assert marks == [int(parent.K) for parent in parents] == list(range(len(parents)))


def test_names_in_any_script_are_printed_as_typed():
    said = words_of(draw_pdf(report(), voice()))
    assert ARABIC in said
    assert MARKUP in said
    assert FORMULA in said
    assert "(450.00)" in said


def test_a_control_total_that_fails_says_so():
    said = words_of(draw_pdf(report(), voice(**{"≠ does not hold": "FAILS", "= holds": "HOLDS"})))
    assert "FAILS" in said
    assert "HOLDS" not in said


def test_a_figure_is_drawn_and_described():
    chart = Figure("Norway has paid in full", ("received", "outstanding"), (
        Bar("Norway", (Decimal("10.00"), Decimal("0.00"))), Bar("Nobody", (Decimal("0.00"), Decimal("-1.00"))),
    ))
    with opened(draw_pdf(report(figure=chart), voice())) as file:
        figures = [kid for kid in file.Root.StructTreeRoot.K[0].K if kid.S == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == ["Norway has paid in full"]


def test_a_right_to_left_report_is_the_mirror():
    words = {"Status of contributions": "حالة التبرعات", "Donor": "الجهة المانحة"}
    pdf = draw_pdf(report(), voice("ar", right_to_left=True, **words))
    assert "حالة التبرعات" in words_of(pdf)
    with opened(pdf) as file:
        assert file.Root.ViewerPreferences.Direction == "/R2L"


def many(rows):
    day = date(2017, 10, 4)
    return [(f"Donor {i}", "state", day, "USD", Decimal(i), Decimal(i).scaleb(-2)) for i in range(rows)]


def test_a_long_listing_has_every_row_and_as_many_pages_as_it_needs():
    pdf = draw_pdf(report(many(3000)), voice())
    with opened(pdf) as file:
        pages = len(file.pages)
    assert 60 < pages < 80
    said = words_of(pdf)
    assert all(f" Donor {i} " in said for i in range(3000))
    assert f"Page {pages} of {pages}" in said
    assert said.count("Value date") == pages - 1  # on each page with rows


def test_a_listing_of_more_than_200_pages_is_not_tagged():
    with opened(draw_pdf(report(many(12000)), voice())) as file:
        assert len(file.pages) > 200
        assert "/StructTreeRoot" not in file.Root


def test_a_text_longer_than_a_page_goes_on_on_the_next():
    long = " ".join(f"word{i}" for i in range(4000))
    said = words_of(draw_pdf(report([(long, "state", None, "USD", None, Decimal("1.00"))]), voice()))
    assert all(f"word{i}" in said for i in range(4000))


def test_an_empty_report_says_that_nothing_was_booked():
    assert "Nothing was booked in this period." in words_of(draw_pdf(report([]), voice()))


# Receipts


def test_a_receipt_says_what_was_given_at_which_rate_and_how_to_check_it():
    pdf = draw_receipt(receipt(), voice())
    said = words_of(pdf)
    for words in ("Received from Swiss Confederation", "0.998327 CHF", "100,167.58 USD", "4711 9f3c 71ab 04de",
                  "Type this code at https://fund.example.org/proof"):
        assert words in said
    with opened(pdf) as file:
        assert len(file.pages) == 1


def test_a_receipt_in_dollars_needs_no_rate():
    assert "for 1 USD" not in words_of(draw_receipt(receipt(currency="USD", usd=Decimal("100000.00")), voice()))


# Typesetting


@pytest.mark.parametrize("text", [
    "", "\ud800", "\x00\x1b", "한국", "\U0001f600", "\u202eabc", "\u2066" * 300 + "a", "\ufb01\u0301", "\uffff",
])
def test_what_no_font_can_draw_never_stops_a_paper(text):
    for line in typeset.lines(text, 5.0):
        assert all(c in typeset.widths(font) for font, run in line.runs for c in run)


def test_no_line_is_wider_than_its_room():
    text = f"{'x' * 90} {ARABIC * 5} {CHINESE * 5} A/RES/71/280"
    assert all(line.width <= 10.001 for line in typeset.lines(text, 10.0))


def test_isolates_keep_a_code_whole_between_arabic_words():
    (line,) = typeset.lines("مرجع \u2068N1-7KQ2\u2069، \u20682018-01-10\u2069", 99.0, right_to_left=True)
    drawn = "".join(run for _, run in line.runs)
    assert drawn.startswith("2018-01-10 ،N1-7KQ2 ")
