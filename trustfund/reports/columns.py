"""How wide the columns of a report are, and whether its pages stand or lie.

Amounts and dates are never broken: they get what their longest value takes. Texts share the rest; words stay whole.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from heapq import nlargest

from trustfund.reports import typeset
from trustfund.reports.report import Column, Kind, Report, Value, Voice
from trustfund.reports.sheet import LONG, MARGIN, SHORT
from trustfund.reports.table import GAP, Head

CHOICES = ((False, 8.0), (True, 8.0), (True, 7.0), (True, 6.5), (True, 6.0))  # lying, size: the first that fits
DIGITS = (Kind.MONEY, Kind.NUMBER, Kind.SHARE)
UNBROKEN = (*DIGITS, Kind.DATE)
TEXT_LEAST, WORD_MOST = 6.0, 18.0  # ems: the least for a text of width 1, the most for a word that stays whole
Writer = Callable[[Value], str]


def layout(
    report: Report, voice: Voice, write: Sequence[Writer], total: Sequence[str], *, lies: bool = False
) -> tuple[bool, float, list[Head]]:
    """Whether the pages lie, the size of type, and the columns with their widths in points. ``lies``: they do."""
    labels = [voice.say(column.label) for column in report.columns]
    full, least = [], []  # ems
    for i, column in enumerate(report.columns):
        values = {row[i] for row in report.rows if row[i] is not None}
        texts = written(column, values, write[i])
        word = widest(labels[i].split(" "))
        full.append(max(widest(texts), em(total[i]), word))
        least.append(full[i] if column.kind in UNBROKEN else max(word, least_of(column, full[i], texts)))
    for lying, size in (choice for choice in CHOICES if choice[0] or not lies):
        room = ((LONG if lying else SHORT) - 2 * MARGIN - GAP * (len(labels) - 1)) / size
        if sum(least) <= room:
            break
    widths = shared(room, full, least, [column.width for column in report.columns])
    heads = [
        Head(label, width * size, column.kind in DIGITS)
        for label, width, column in zip(labels, widths, report.columns, strict=True)
    ]
    return lying, size, heads


def em(text: str) -> float:
    return typeset.line(text, bold=True).width


def written(column: Column, values: Collection[Value], write: Writer) -> Collection[str]:
    """The values as written: all words of the fund, a date of each month, the longest of the others."""
    if column.kind is Kind.DATE:
        values = {value.replace(day=28) for value in values}  # type: ignore[union-attr]
    elif column.kind is not Kind.WORD:
        values = nlargest(50, values, key=lambda value: len(str(value)))
    return [write(value) for value in values]


def widest(texts: Iterable[str]) -> float:
    return max(map(em, texts), default=0.0)


def least_of(column: Column, full: float, texts: Collection[str]) -> float:
    """As much as the share of the column asks for, and its longest word."""
    words = nlargest(20, {word for text in texts for word in text.split(" ")}, key=len)
    return max(min(full, TEXT_LEAST * column.width), min(widest(words), WORD_MOST))


def shared(room: float, full: Sequence[float], least: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Widths that fill the room: each its least, then what is left by share until none lacks, then evenly."""
    scale = min(1.0, room / sum(least))
    widths = [width * scale for width in least]
    lacking = sorted(range(len(full)), key=lambda i: (full[i] - widths[i]) / shares[i])
    for place, i in enumerate(lacking):
        left = room - sum(widths)
        fair = left * shares[i] / sum(shares[j] for j in lacking[place:])
        widths[i] += max(0.0, min(full[i] - widths[i], fair))
    spare = (room - sum(widths)) / len(widths)
    return [width + spare for width in widths]
