"""A report as a PDF to print, to hear and to check."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from trustfund.core.refusal import sentence, sentence_in
from trustfund.reports import parts, words
from trustfund.reports.columns import layout
from trustfund.reports.figure import figure
from trustfund.reports.report import Column, ControlTotal, Kind, Report, Value, Voice, code_of, grouped
from trustfund.reports.sheet import Sheet
from trustfund.reports.table import GAP, Head, pages, table

CONTROL = ((sentence_in("a sum", "Check"), 0.24), (sentence("How it is made"), 0.34))
FOUND = ((sentence("Should be"), 0.14), (sentence("Result"), 0.14))
TAGGED = 200  # pages; above, tagging every cell would take hundreds of megabytes


def draw_pdf(report: Report, voice: Voice) -> bytes:
    """The report in the reader's language, A4; the same bytes for the same report and voice."""
    first, *others = tables(report)
    landscape, size, heads = laid(first, voice)
    sheet = Sheet(
        voice,
        voice.say(report.title),
        about=report.own("fund", voice.language),
        landscape=landscape,
        tagged=pages(len(report.rows), size) <= TAGGED,
    )
    opening(sheet, report)
    for drawn in (report.figure, *report.further):
        if drawn:
            figure(sheet, drawn)
    filled(sheet, first, heads, size)
    for other in others if report.rows else ():
        _, size, heads = laid(other, voice, lies=landscape)
        parts.heading(sheet, voice.say("Further columns of the same rows"))
        filled(sheet, other, heads, size)
    if not report.rows:
        sheet.y -= 4
        sheet.paragraph(voice.say("Nothing was booked in this period."), 8)
    if report.control_totals:
        control_totals(sheet, report.control_totals, report.currency)
    head, code = f"{report.head_seq} · {spaced(report.head_hash)}", code_of(report.head_seq, report.head_hash)
    parts.stamp(
        sheet,
        [
            (voice.say("Head of the record"), head),
            (voice.say("Digest of this report"), spaced(report.digest)),
            (voice.say("Code to check"), code),
        ],
    )
    return sheet.finish(foot=code)


def tables(report: Report) -> list[Report]:
    """The report by the columns of each table of its PDF."""
    numbers = sorted({number for column in report.columns for number in column.tables})
    if numbers == [1]:
        return [report]
    places = [[i for i, column in enumerate(report.columns) if number in column.tables] for number in numbers]
    return [
        replace(
            report, columns=[report.columns[i] for i in own], rows=[tuple(row[i] for i in own) for row in report.rows]
        )
        for own in places
    ]


def laid(report: Report, voice: Voice, *, lies: bool = False) -> tuple[bool, float, list[Head]]:
    return layout(report, voice, writers(report, voice), total_row(report, voice), lies=lies)


def filled(sheet: Sheet, report: Report, heads: Sequence[Head], size: float) -> None:
    write = writers(report, sheet.voice)
    rows = ([w(value) for w, value in zip(write, row, strict=True)] for row in report.rows)
    table(sheet, heads, rows, total_row(report, sheet.voice) if report.totals else (), size=size)


def opening(sheet: Sheet, report: Report) -> None:
    """Title, facts and the key figures, which are the totals of the table."""
    say = sheet.voice.say
    parts.title(sheet, report.own("fund", sheet.voice.language), say(report.title), say(report.answers))
    parts.pairs(
        sheet,
        [
            (say("Legal basis"), report.own("legal_basis", sheet.voice.language)),
            (say("Period"), period(report, sheet.voice)),
            (say("As at"), sheet.voice.day(report.as_at)),
            (say("Currency"), report.currency),
            (say("Rates"), report.rate_source),
        ],
    )
    if report.totals:
        parts.key_figures(
            sheet,
            [(say(column.label), total(column, report, sheet.voice)) for column in report.columns if column.total],
        )
    sheet.y -= 6 if report.totals else 16


def period(report: Report, voice: Voice) -> str:
    """Which value dates are in it."""
    first, last = (day and voice.day(day) for day in (report.period_from, report.period_to))
    if first and last:
        return voice.say("{first} to {last}", first=first, last=last)
    if first:
        return voice.say("From {first}", first=first)
    return voice.say("Until {last}", last=last) if last else voice.say("Everything up to the as-at day")


def control_totals(sheet: Sheet, totals: Sequence[ControlTotal], currency: str) -> None:
    """Each sum that must come out, and whether it does."""
    say, amount = sheet.voice.say, sheet.voice.amount
    parts.heading(sheet, say("Control totals"))
    shares = (*CONTROL, (currency, 0.14), *FOUND)
    heads = [Head(say(label), share * sheet.width - GAP, i in (2, 3)) for i, (label, share) in enumerate(shares)]
    table(
        sheet,
        heads,
        (
            (
                say(c.name),
                say(c.how),
                amount(c.value),
                *(
                    ("", "")
                    if c.should_be is None
                    else (amount(c.should_be), say("= holds") if c.holds else say("≠ does not hold"))
                ),
            )
            for c in totals
        ),
    )


def writers(report: Report, voice: Voice) -> list[Callable[[Value], str]]:
    return [writer(column, report, voice) for column in report.columns]


def writer(column: Column, report: Report, voice: Voice) -> Callable[[Value], str]:
    """How a value of the column is written for a reader."""
    if column.kind in (Kind.MONEY, Kind.SHARE):
        return lambda value: "" if value is None else voice.amount(value)
    if column.kind is Kind.DATE:
        return cache(lambda value: "" if value is None else voice.day(value))
    if column.kind is Kind.WORD:

        def in_words(value: Value) -> str:
            said = "" if value is None else words.in_report(report.words, str(value))
            return voice.say(said) if said else ""

        return cache(in_words)
    if column.kind is Kind.NAME:
        return lambda value: "" if value is None else report.called(str(value), voice.language)
    return lambda value: "" if value is None else str(value)


def total(column: Column, report: Report, voice: Voice) -> str:
    return voice.amount(Decimal(report.totals[column.key]))


def total_row(report: Report, voice: Voice) -> list[str]:
    row = [total(column, report, voice) if column.total else "" for column in report.columns]
    return [row[0] or voice.say("Total"), *row[1:]]


def spaced(digits: str) -> str:
    return " ".join(grouped(digits))
