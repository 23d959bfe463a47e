"""How wide the columns of a report are, and whether its pages stand or lie.

Amounts, dates and codes are never broken: they get what their longest value takes. Texts share the rest.
"""

from collections.abc import Callable, Collection, Sequence
from heapq import nlargest

from trustfund.reports import typeset
from trustfund.reports.report import Column, Kind, Report, Value, Voice
from trustfund.reports.sheet import LONG, MARGIN, SHORT
from trustfund.reports.table import GAP, Head

CHOICES = ((False, 8.0), (True, 8.0), (True, 7.0), (True, 6.0))  # lying, size: the first that fits
DIGITS = (Kind.MONEY, Kind.NUMBER)
WRAPPED = (Kind.TEXT, Kind.WORD)
TEXT_LEAST, CODE_MOST = 9.0, 18.0  # ems: the least for a text of width 1, the most for a code
Writer = Callable[[Value], str]


def layout(
    report: Report, voice: Voice, write: Sequence[Writer], total: Sequence[str]
) -> tuple[bool, float, list[Head]]:
    """Whether the pages lie, the size of type, and the columns with their widths in points."""
    labels = [voice.say(column.label) for column in report.columns]
    full, least = [], []  # ems
    for i, column in enumerate(report.columns):
        values = {row[i] for row in report.rows if row[i] is not None}
        word = max((em(word) for word in labels[i].split(" ")), default=0.0)
        full.append(max(widest(column, values, write[i]), em(total[i]), word))
        least.append(max(least_of(column, full[i]), word))
    for lying, size in CHOICES:
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


def widest(column: Column, values: Collection[Value], write: Writer) -> float:
    """The width of the longest values as written; of dates, of one a month."""
    if column.kind is Kind.DATE:
        longest: Collection[Value] = {value.replace(day=28) for value in values}  # type: ignore[union-attr]
    else:
        longest = nlargest(20, values, key=lambda value: len(str(value)))
    return max((em(write(value)) for value in longest), default=0.0)


def least_of(column: Column, full: float) -> float:
    if column.kind in WRAPPED:
        return min(full, TEXT_LEAST * column.width)
    return min(full, CODE_MOST) if column.kind is Kind.CODE else full


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
