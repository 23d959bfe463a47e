"""A report as CSV: open data, the same in every language."""

import csv
from io import StringIO

from trustfund.reports.report import Report, plain
from trustfund.reports.spreadsheet import harmless, harmless_fact


def draw_csv(report: Report) -> bytes:
    """UTF-8 with BOM: the keys of the columns, the rows, a row that begins ``Total``, the facts as ``# name,value``."""
    width = max(len(report.columns), 2)
    out = StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    for row in (
        [column.key for column in report.columns],
        *([harmless(value) if isinstance(value, str) else plain(value) for value in row] for row in report.rows),
        ["Total", *(plain(report.totals.get(column.key)) for column in report.columns[1:])],
        *([f"# {name}", harmless_fact(value)] for name, value in report.facts()),
    ):
        write([*row, *[""] * (width - len(row))])
    return out.getvalue().encode("utf-8-sig")
