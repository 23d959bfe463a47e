"""A report as a workbook: the table with money as numbers, and the facts on a second sheet."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from trustfund.core.refusal import Refused
from trustfund.reports.report import Kind, Report, Value, Voice
from trustfund.reports.spreadsheet import harmless, harmless_fact

MOST = 1_048_576  # rows of a sheet; xlsxwriter leaves out what is beyond
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
CREATED = datetime(2017, 4, 6)  # noqa: DTZ001  any fixed day: the same report gives the same bytes
EXACT = 15  # significant digits that a spreadsheet keeps
DAY, TEXT = "yyyy-mm-dd", "@"
DAY_ZERO = date(1899, 12, 30)  # from which spreadsheets count days
MONEY = {0: "#,##0", 1: "#,##0.0", 2: "#,##0.00", 3: "#,##0.000"}
WIDTHS = {  # characters
    Kind.TEXT: 32,
    Kind.CODE: 20,
    Kind.WORD: 18,
    Kind.NAME: 32,
    Kind.NUMBER: 12,
    Kind.SHARE: 12,
    Kind.MONEY: 18,
    Kind.DATE: 12,
}
Style = Callable[..., Format]  # number format, bold, lines above and below


def draw_xlsx(report: Report, voice: Voice) -> bytes:
    """Headings and names of States in the reader's language, all else as in every other form of the report."""
    if len(report.rows) + 2 > MOST:
        raise Refused(
            "A workbook holds {most} rows and this report has {rows}. Ask for a shorter period, or for CSV.",
            most=Decimal(MOST),
            rows=Decimal(len(report.rows)),
        )
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties(
            {"title": voice.say(report.title), "subject": report.own("fund", voice.language), "created": CREATED}
        )
        style = cache(
            lambda form, bold=False, lines=(0, 0): book.add_format(
                {"num_format": form, "bold": bold, "top": lines[0], "bottom": lines[1], "valign": "top"}
            )
        )
        draw_table(book.add_worksheet(report.name[:31]), style, report, voice)
        draw_facts(book.add_worksheet("facts"), style, report)
    return out.getvalue()


def draw_table(sheet: Worksheet, style: Style, report: Report, voice: Voice) -> None:
    """Headings (frozen, repeated in print), rows, and the totals as values between a line and a double line."""
    prepare(sheet, report, voice)
    heading = style(TEXT, True, (0, 2))
    for place, column in enumerate(report.columns):
        sheet.write_string(0, place, harmless(voice.say(column.label)), heading)
    names = {place for place, column in enumerate(report.columns) if column.kind is Kind.NAME}
    for number, row in enumerate(report.rows, 1):
        for place, value in enumerate(row):
            if place in names and value:
                value = report.called(str(value), voice.language)
            write(sheet, number, place, value, style)
    totals = [voice.say("Total"), *(report.totals.get(column.key, "") for column in report.columns[1:])]
    for place, value in enumerate(totals):
        write(sheet, len(report.rows) + 1, place, value, style, True, (1, 6))


def prepare(sheet: Worksheet, report: Report, voice: Voice) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if voice.right_to_left:
        sheet.right_to_left()
    for place, column in enumerate(report.columns):
        sheet.set_column(place, place, WIDTHS[column.kind])


def draw_facts(sheet: Worksheet, style: Style, report: Report) -> None:
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 80)
    for number, (name, value) in enumerate(report.facts()):
        sheet.write_string(number, 0, harmless(name), style(TEXT, True))
        sheet.write_string(number, 1, harmless_fact(value), style(TEXT))


def write(sheet: Worksheet, row: int, place: int, value: Value, style: Style, *look: object) -> None:
    """Days and whatever a spreadsheet keeps exactly as such; a number that it would round, and all else, as text."""
    if isinstance(value, str):
        sheet.write_string(row, place, harmless(value), style(TEXT, *look) if look else None)
    elif isinstance(value, Decimal):
        _, digits, exponent = value.as_tuple()
        if len(digits) <= EXACT:
            sheet.write_number(row, place, value, style(number_format(-exponent), *look))
        else:
            sheet.write_string(row, place, f"{value:f}", style(TEXT, *look))
    elif isinstance(value, date):
        sheet.write_number(row, place, (value - DAY_ZERO).days, style(DAY, *look))
    elif isinstance(value, int):
        sheet.write_number(row, place, value, style("0", *look))


def number_format(places: int) -> str:
    """As many decimals as the amount has: those of its currency."""
    return MONEY.get(places) or "#,##0." + "0" * places
