"""CSV and XLSX: for every spreadsheet, and nothing in them that it would run."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from tests.reports.reading import csv_rows, sheets
from tests.reports.samples import report, voice
from trustfund.core.refusal import Refused
from trustfund.reports import draw_xlsx as workbook
from trustfund.reports.draw_csv import draw_csv
from trustfund.reports.draw_xlsx import draw_xlsx
from trustfund.reports.report import Column, Kind


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
        (1000.125, "#,##0.000"),
        (60000, "#,##0.00"),
        (2500000, "#,##0"),
    ]
    assert (table["C2"].value.date(), table["C2"].number_format) == (date(2017, 10, 4), "yyyy-mm-dd")


def test_an_amount_that_a_spreadsheet_would_round_is_written_as_text():
    exact, rounded = Decimal("9999999999999.99"), Decimal("99999999999999.99")
    large = report([("A", "state", None, "USD", exact, rounded)])
    table, _ = sheets(draw_xlsx(large, voice()))
    assert (table["E2"].value, table["F2"].value) == (float(exact), "99999999999999.99")


def test_totals_and_facts_are_values_and_no_formulas():
    table, facts = sheets(draw_xlsx(report(), voice()))
    assert [cell.data_type for cell in next(table.iter_rows(min_row=7, max_row=7))] == ["s", "s", "s", "s", "s", "n"]
    assert {cell.data_type for row in facts.iter_rows() for cell in row} == {"s"}


def test_a_workbook_does_not_tell_when_it_was_drawn():
    data = draw_xlsx(report(), voice())
    properties = openpyxl.load_workbook(io.BytesIO(data)).properties
    assert (properties.created.year, properties.modified.year) == (2017, 2017)
    assert {part.date_time[0] for part in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {1980}


def test_a_report_of_one_column_has_room_for_its_facts():
    narrow = report([(3,), (4,)], columns=[Column("seats", "Seats", Kind.NUMBER)])
    assert csv_rows(draw_csv(narrow))[:4] == [["seats", ""], ["3", ""], ["4", ""], ["Total", ""]]


def test_a_count_is_totalled_in_whole_numbers():
    seats = report(
        [("Nepal", 3), ("Fiji", 4)],
        columns=[Column("state", "State"), Column("seats", "Seats", Kind.NUMBER, total=True)],
    )
    assert csv_rows(draw_csv(seats))[3] == ["Total", "7"]


def test_a_report_that_a_workbook_cannot_hold_is_refused_and_not_cut(monkeypatch):
    monkeypatch.setattr(workbook, "MOST", 6)
    with pytest.raises(Refused, match="A workbook holds 6 rows and this report has 5"):
        draw_xlsx(report(), voice())
