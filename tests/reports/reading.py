"""What a test finds in a report, and in a drawn one."""

import csv
import io
import re

import openpyxl
import pikepdf

from trustfund.reports import menu
from trustfund.reports.snapshot import snapshot


def built(name, **asked):
    """A report of the menu; ``asked``: from_day, to_day, as_at."""
    with snapshot(**asked) as taken:
        return menu.find(name).build(taken)


def told(report, *keys):
    """The rows of a report, of these columns only, as CSV has them."""
    places = [[c.key for c in report.columns].index(key) for key in keys]
    return [tuple("" if row[place] is None else str(row[place]) for place in places) for row in report.rows]


def totals(report):
    return [str(total) for total in report.totals.values()]


def controls(report):
    """Name, value, and whether it holds."""
    return [(control.name, str(control.value), control.holds) for control in report.control_totals]


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
