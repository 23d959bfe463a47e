"""One report, five forms: the same figures to the cent, the same digest, the same bytes each time."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reports.reading import csv_rows, sheets, words_of
from tests.reports.samples import USD, receipt, report, voice
from trustfund.core.verifier import canonical
from trustfund.reports.draw_csv import draw_csv
from trustfund.reports.draw_json import draw_json
from trustfund.reports.draw_pdf import draw_pdf
from trustfund.reports.draw_receipt import draw_receipt
from trustfund.reports.draw_xlsx import draw_xlsx
from trustfund.reports.spreadsheet import NUMBER


def test_the_same_report_gives_the_same_bytes():
    for draw in (draw_csv, draw_json):
        assert draw(report()) == draw(report())
    for draw in (draw_pdf, draw_xlsx):
        assert draw(report(), voice()) == draw(report(), voice())
    assert draw_receipt(receipt(), voice()) == draw_receipt(receipt(), voice())


def test_the_digest_is_the_same_in_every_form_and_language():
    digest = json.loads(draw_json(report()))["digest"]
    assert ["# digest", digest] in [row[:2] for row in csv_rows(draw_csv(report()))]
    _, facts = sheets(draw_xlsx(report(), voice("fr", Donor="Donateur")))
    assert dict(facts.iter_rows(values_only=True))["digest"] == digest
    spaced = " ".join(digest[i : i + 4] for i in range(0, 64, 4))
    assert spaced in words_of(draw_pdf(report(), voice("fr", Donor="Donateur")))


def test_the_sums_are_equal_to_the_cent():
    assert json.loads(draw_json(report()))["totals"] == {"usd": str(USD)}
    rows = csv_rows(draw_csv(report()))
    assert rows[6] == ["Total", "", "", "", "", str(USD)]
    assert sum(Decimal(row[5]) for row in rows[1:6]) == USD
    values = [row[5] for row in sheets(draw_xlsx(report(), voice()))[0].iter_rows(values_only=True)]
    assert Decimal(repr(values[6])) == USD == sum(Decimal(repr(value)) for value in values[1:6])
    assert f"{USD:,}" in words_of(draw_pdf(report(), voice()))


def test_the_digest_is_that_of_the_json_without_it_however_long_the_report():
    long = report(report().rows * 401)  # more than one piece
    said = json.loads(draw_json(long))
    digest = said.pop("digest")
    assert len(said["rows"]) == len(long.rows)
    assert said["rows"][2004] == said["rows"][4]
    assert digest == hashlib.sha256(canonical(said).encode()).hexdigest()


hostile = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r1",
        " =1",
        "＝1",
        "1-1",
        'a"b,c;d',
        "a\nb",
        "Total",
        '"rows":[]',
        "{x}",
        "<b>&amp;",
        "'",
        "",
        "# digest",
    ]
)
text = hostile | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
money = st.none() | st.decimals(-(10**10), 10**10, places=2) | st.decimals(-(10**13), 10**13, places=3)
row = st.tuples(
    text,
    text,
    st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    text,
    money,
    st.none() | st.decimals(-(10**10), 10**10, places=2),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(row, max_size=8), text)
@example([], "")
def test_csv_xlsx_and_json_say_the_same_whatever_was_typed(rows, fund):
    drawn = report(rows, fund=fund)
    said = json.loads(draw_json(drawn))
    lines = csv_rows(draw_csv(drawn))
    table, facts = (list(sheet.iter_rows(values_only=True)) for sheet in sheets(draw_xlsx(drawn, voice())))
    assert {len(line) for line in lines} == {6}
    for line, cells, data in zip(lines[1:], table[1:], said["rows"], strict=False):
        donor, kind, day, currency, *amounts = (data[key] or "" for key in lines[0])
        assert line == [guarded(donor), guarded(kind), day, guarded(currency), *amounts]
        assert [value_of(cell) for cell in cells[:4]] == line[:4]
        assert [exact(cell) for cell in cells[4:]] == [exact(amount) for amount in amounts]
    total = lines[len(rows) + 1]
    assert total == ["Total", "", "", "", "", said["totals"]["usd"]]
    assert exact(table[len(rows) + 1][5]) == exact(total[5])
    told = [[line[0].removeprefix("# "), line[1]] for line in lines[len(rows) + 2 :]]
    assert [[value_of(cell) for cell in fact] for fact in facts] == told
    as_fact = fund if NUMBER.fullmatch(fund) else guarded(fund)  # a negative sum among the facts stays a number
    assert ["# fund", as_fact] in [line[:2] for line in lines]
    assert ["# digest", said["digest"]] in [line[:2] for line in lines]


def guarded(text):
    """What a spreadsheet may have of a text."""
    dangerous = text.lstrip().startswith(tuple("=+-@＝＋－＠")) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if dangerous else text


def value_of(cell):
    """A cell in the words of the CSV."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return (cell or "").replace("_x000D_", "\r")


def exact(amount):
    """An amount, whether a spreadsheet has it as number or as text."""
    return Decimal(repr(amount) if isinstance(amount, int | float) else amount) if amount not in (None, "") else None
