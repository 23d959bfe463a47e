"""A report as a PDF to print, to hear and to check."""

from collections.abc import Callable, Sequence
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
    write = [writer(column, report, voice) for column in report.columns]
    landscape, size, heads = layout(report, voice, write, total_row(report, voice))
    sheet = Sheet(
        voice,
        voice.say(report.title),
        about=report.own("fund", voice.language),
        landscape=landscape,
        tagged=pages(len(report.rows), size) <= TAGGED,
    )
    opening(sheet, report)
    if report.figure:
        figure(sheet, report.figure)
    rows = ([w(value) for w, value in zip(write, row, strict=True)] for row in report.rows)
    table(sheet, heads, rows, total_row(report, voice) if report.totals else (), size=size)
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


def writer(column: Column, report: Report, voice: Voice) -> Callable[[Value], str]:
    """How a value of the column is written for a reader."""
    if column.kind is Kind.MONEY:
        return lambda value: "" if value is None else voice.amount(value)
    if column.kind is Kind.DATE:
        return cache(lambda value: "" if value is None else voice.day(value))
    if column.kind is Kind.WORD:
        return cache(lambda value: "" if value is None else voice.say(report.words.get(value) or words.earmark(value)))
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
