"""`trustfund report`: any report of the menu, on stdout only the report."""

import io
import json

import openpyxl
import pytest

from trustfund.reports.menu import MENU

BEGINS = {"pdf": "%PDF-", "xlsx": "PK", "csv": "\ufeff", "json": "{"}


def test_the_list_names_every_report(instance, trustfund):
    lines = trustfund("report", "--list").out.splitlines()
    assert [line.split()[0] for line in lines] == [entry.name for entry in MENU]


@pytest.mark.parametrize("form", BEGINS)
def test_only_the_report_is_on_stdout_and_the_same_in_a_file(instance, trustfund, tmp_path, form):
    told = trustfund("report", "audit-trail", "--format", form)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(BEGINS[form])
    wanted = tmp_path / f"report.{form}"
    assert trustfund("report", "audit-trail", "--format", form, "--output", str(wanted)) == (0, "", "")
    assert wanted.read_bytes() == told.out.encode(errors="surrogateescape")


def test_days_and_language_are_those_asked_for(instance, trustfund):
    said = json.loads(
        trustfund(
            "report",
            "journal",
            "--format",
            "json",
            "--from",
            "2017-05-01",
            "--to",
            "2017-06-30",
            "--as-at",
            "2017-06-30",
        ).out
    )
    assert {"2017-05-01", "2017-06-30"} <= set(map(str, _values(said)))
    body = trustfund("report", "journal", "--format", "xlsx", "--language", "fr").out.encode(errors="surrogateescape")
    assert openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]["B1"].value == "Date de valeur"


def test_a_report_without_a_name_lists_them(instance, trustfund):
    assert trustfund("report") == trustfund("report", "--list")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["jurnal"], "There is no report “jurnal”. There are: fund-status, allotments, "),
        (
            ["journal", "--from", "2017-13-45"],
            "Invalid value for '--from': “2017-13-45” is not a date; use year-month-day",
        ),
        (["journal", "--as-at", "1 May 2017"], "Invalid value for '--as-at': “1 May 2017” is not a date"),
        (
            ["journal", "--from", "2018-01-01", "--to", "2017-01-01"],
            "The last day, 2017-01-01, lies before the first, 2018-01-01",
        ),
        (
            ["journal", "--from", "2018-01-01", "--as-at", "2017-12-31"],
            "The last day, 2017-12-31, lies before the first",
        ),
        (["journal", "--language", "xx"], "There is no language xx. There are: en, fr"),
        (
            ["journal", "--format", "doc"],
            "Invalid value for '--format': 'doc' is not one of 'pdf', 'xlsx', 'csv', 'json'",
        ),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(instance, refused, args, says):
    code, sentence = refused("report", *args)
    assert code == 2
    assert sentence.startswith(says)
    assert sentence.endswith("See “trustfund report --help”.")


def test_a_file_that_cannot_be_written(instance, refused):
    assert refused("report", "journal", "--output", "/nowhere/journal.csv") == (
        2,
        "/nowhere/journal.csv cannot be used: No such file or directory.",
    )


def _values(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    else:
        yield value
