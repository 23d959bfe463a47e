"""A report as CSV: open data, the same in every language."""

import csv
from io import StringIO

from trustfund.reports.report import Report, Value, plain
from trustfund.reports.spreadsheet import harmless, harmless_fact


def draw_csv(report: Report) -> bytes:
    """UTF-8 with BOM: the keys of the columns, the rows, a row that begins ``Total``, the facts as ``# name,value``."""
    keys = [column.key for column in report.columns]
    padding = [""] * max(2 - len(keys), 0)  # a fact takes two cells
    facts = [(f"# {name}", harmless_fact(value)) for name, value in report.facts()]
    out = StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(keys + padding)
    sheet.writerows([*map(written, row), *padding] for row in report.rows)
    sheet.writerow(["Total", *(plain(report.totals.get(key)) for key in keys[1:]), *padding])
    sheet.writerows([*fact, *[""] * (len(keys) - 2)] for fact in facts)
    return out.getvalue().encode("utf-8-sig")


def written(value: Value) -> str | int | None:
    return harmless(value) if isinstance(value, str) else plain(value)
