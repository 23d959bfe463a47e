"""What a test finds in a drawn report."""

import csv
import io
import re

import openpyxl
import pikepdf


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
