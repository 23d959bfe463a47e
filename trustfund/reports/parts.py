"""What stands on a sheet above and below its table: title, pairs of word and value, key figures, the stamp."""

from collections.abc import Sequence

from trustfund.reports.sheet import EDGE, FOOT, INK, MUTED, Sheet

GUTTER = 16.0
PAIR_GAP = 2.2
Pairs = Sequence[tuple[str, str]]  # word, value


def title(sheet: Sheet, kicker: str, words: str, lead: str = "") -> None:
    sheet.paragraph(kicker, 8.5, color=MUTED)
    sheet.y -= 3
    sheet.paragraph(words, 22, role="H1", bold=True)
    sheet.y -= 2
    if lead:
        sheet.paragraph(lead, 10, width=sheet.width * 0.86)
    sheet.y -= 9


def heading(sheet: Sheet, words: str, below: float = 60) -> None:
    """``below``: the height that must follow on the same page."""
    sheet.need(32 + below)
    sheet.y -= 14
    sheet.paragraph(words, 13, role="H2", bold=True)
    sheet.y -= 4


def pairs(sheet: Sheet, words: Pairs, size: float = 8.5, gap: float = PAIR_GAP) -> None:
    side = side_of(sheet, words, size)
    with sheet.group("L"):
        for word, value in words:
            with sheet.group("LI"):
                pair(sheet, word, value, size, side)
                sheet.y -= gap


def side_of(sheet: Sheet, words: Pairs, size: float) -> float:
    """Where the values begin."""
    return min(max(sheet.line(word).width for word, _ in words) * size + GUTTER, sheet.width * 0.4)


def height_of(sheet: Sheet, words: Pairs, size: float) -> float:
    side = side_of(sheet, words, size)
    lines = sum(
        max(len(sheet.lines(word, side - GUTTER, size)), len(sheet.lines(value, sheet.width - side, size)))
        for word, value in words
    )
    return sheet.leading(size) * lines + PAIR_GAP * len(words)


def pair(sheet: Sheet, word: str, value: str, size: float, side: float) -> None:
    lines = sheet.lines(word, side - GUTTER, size)
    height = sheet.leading(size) * len(lines)
    sheet.need(height)
    top, page = sheet.y, len(sheet.pages)
    with sheet.marked("Lbl", lines):
        sheet.block(lines, 0, top, size, MUTED)
    sheet.paragraph(value, size, role="LBody", x=side)
    if page == len(sheet.pages):
        sheet.y = min(sheet.y, top - height)


def key_figures(sheet: Sheet, figures: Pairs) -> None:
    """Up to four in a row, each under its own rule, the figure as large as the longest allows."""
    across = min(len(figures), 4 if sheet.width < 600 else 6)
    width = (sheet.width - GUTTER * (across - 1)) / max(across, 3)
    size = min(14, *((width / sheet.line(value, bold=True).width) for _, value in figures))
    sheet.y -= 8
    for first in range(0, len(figures), across):
        row = figures[first : first + across]
        words = [sheet.lines(word, width, 8) for word, _ in row]
        height = sheet.leading(8) * max(map(len, words)) + sheet.leading(size)
        sheet.need(height + 16)
        for number, ((_, value), word) in enumerate(zip(row, words, strict=True)):
            x = number * (width + GUTTER)
            sheet.rule(sheet.y, INK, 1.2, x, width)
            with sheet.marked("P", word):
                sheet.block(word, x, sheet.y - 5, 8, MUTED, width=width)
                below = sheet.y - 6 - sheet.leading(8) * max(map(len, words))
                sheet.block([sheet.line(value, bold=True)], x, below, size, width=width)
        sheet.y -= height + 16


def stamp(sheet: Sheet, words: Pairs, sentence: str = "", *, at_foot: bool = False) -> None:
    """How the paper can be checked: between double rules, for here the paper and the record must agree."""
    size = 8.5
    told = sheet.leading(size) * len(sheet.lines(sentence, sheet.width, size)) + 3 if sentence else 0
    height = height_of(sheet, words, size) + told + 23
    sheet.need(height + 18)
    sheet.y = FOOT + height if at_foot else sheet.y - 18
    sheet.double_rule(EDGE)
    sheet.y -= 9
    pairs(sheet, words, size)
    if sentence:
        sheet.y -= 3
        sheet.paragraph(sentence, size)
    sheet.y -= 8
    sheet.double_rule(EDGE)
