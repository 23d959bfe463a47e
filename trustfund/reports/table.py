"""A table on a sheet, drawn straight on the page: its time and memory grow with the rows and no faster.

The head is repeated on each page, texts wrap in their cells, a row taller than a page goes on on the next one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from trustfund.reports.sheet import FOOT, INK, MARGIN, MUTED, Sheet
from trustfund.reports.typeset import Line

GAP = 10.0  # between columns
PAD = 2.9  # above and below the lines of a row


@dataclass(frozen=True)
class Head:
    """A column as drawn. ``digits``: aligned on their last digit, at the right in every script."""

    label: str
    width: float  # points, without the gap
    digits: bool = False


def table(
    sheet: Sheet, heads: Sequence[Head], rows: Iterable[Sequence[str]], total: Sequence[str] = (), *, size: float = 8
) -> None:
    """Rows and total: a text for each column. The total stands between a hairline and a double rule."""
    with sheet.group("Table"):
        draw = Rows(sheet, heads, size)
        last: Sequence[str] = ()
        for row in rows:
            if last:
                draw.row(last)
            last = row
        if last:
            draw.row(last, below=draw.total_height if total else 0)  # a total never stands alone on its page
        if total:
            draw.total(total)


def pages(rows: int, size: float = 8, height: float = 800) -> int:
    """How many pages of this height so many rows take at least."""
    return ceil(rows * (size * 1.36 + 2 * PAD) / height)


class Rows:
    """Draws one row below the other, the head first on each page."""

    def __init__(self, sheet: Sheet, heads: Sequence[Head], size: float):
        self.sheet, self.heads, self.size = sheet, heads, size
        self.leading = sheet.leading(size)
        self.places = [sum(head.width + GAP for head in heads[:i]) for i in range(len(heads))]
        self.roles = ["TH Row"] + ["TD"] * (len(heads) - 1)
        self.labels = [sheet.lines(head.label, head.width, size - 0.5, bold=True) for head in heads]
        self.total_height = self.leading * 2 + 4 * PAD
        self.tallest = int((sheet.page_height - MARGIN * 2 - FOOT - self.leading * 6) / self.leading)
        sheet.need(self.leading * (max(map(len, self.labels)) + 3))
        with sheet.group("TR"):
            self.head(["TH Column"] * len(heads))

    def row(self, texts: Sequence[str], *, bold: bool = False, below: float = 0) -> None:
        """``below``: the height that must follow on the same page."""
        cells = [
            self.sheet.lines(text, head.width, self.size, bold=bold or i == 0) if text else ()
            for i, (text, head) in enumerate(zip(texts, self.heads, strict=True))
        ]
        while height := max(map(len, cells)):
            self.make_room(min(height, self.tallest) * self.leading + 2 * PAD + below)
            fit = int((self.sheet.y - FOOT - 2 * PAD) / self.leading)
            with self.sheet.group("TR"):
                self.piece([cell[:fit] for cell in cells])
            cells = [cell[fit:] for cell in cells]

    def total(self, texts: Sequence[str]) -> None:
        """Between a hairline and the double rule: this adds up."""
        self.make_room(self.total_height)
        self.sheet.rule(self.sheet.y, INK, 0.6)
        self.sheet.y -= 0.6
        self.row(texts, bold=True)
        self.sheet.double_rule(INK)

    def make_room(self, height: float) -> None:
        if self.sheet.need(height):
            with self.sheet.artifact():
                self.head(())

    def head(self, roles: Sequence[str]) -> None:
        """The labels on their common last line, over a rule. Without roles they are not read aloud again."""
        sheet, size = self.sheet, self.size - 0.5
        bottom = sheet.y - max(map(len, self.labels)) * sheet.leading(size)
        for i, (head, lines, x) in enumerate(zip(self.heads, self.labels, self.places, strict=True)):
            side, top = "digits" if head.digits else "start", bottom + len(lines) * sheet.leading(size)
            if not roles:
                sheet.block(lines, x, top, size, MUTED, side, head.width)
                continue
            with sheet.marked(roles[i], lines):
                sheet.block(lines, x, top, size, MUTED, side, head.width)
        sheet.y = bottom - 3
        sheet.rule(sheet.y, INK, 1)

    def piece(self, cells: Sequence[Sequence[Line]]) -> None:
        """As much of a row as stands on one page, with the hairline under it."""
        sheet, top = self.sheet, self.sheet.y - PAD
        for lines, head, x, role in zip(cells, self.heads, self.places, self.roles, strict=True):
            with sheet.marked(role, lines):
                sheet.block(lines, x, top, self.size, INK, "digits" if head.digits else "start", head.width)
        sheet.y = top - max(map(len, cells)) * self.leading - PAD
        sheet.rule(sheet.y)
