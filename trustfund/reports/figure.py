"""A bar chart on a sheet: one bar a row, its parts side by side, the sum beside it. The table has the same numbers."""

from decimal import Decimal

from trustfund.reports.report import Figure
from trustfund.reports.sheet import EDGE, FIR, GOLD, MUTED, SAGE, TEAL, Sheet

COLORS = (FIR, TEAL, SAGE, GOLD)
PALE = (SAGE, GOLD, "#ffffff")  # drawn with an edge, 4:1 on paper
ROW, BAR, KEY = 17.0, 11.0, 6.5  # points
CLOSE, MANY = 14.0, 10  # so many bars stand closer, so that they and their title stay on one page


def figure(sheet: Sheet, chart: Figure) -> None:
    """The finding as its title, the key, then the bars."""
    say, size = sheet.voice.say, 8.0
    height = CLOSE if len(chart.bars) > MANY else ROW
    sheet.need(sheet.leading(9) * 2 + height * (min(len(chart.bars), 20) + 2))
    sheet.y -= 6
    sheet.paragraph(say(chart.title), 9, bold=True)
    sheet.y -= 3
    longest = max((sum(positive(bar.values)) for bar in chart.bars), default=0) or 1
    with sheet.group("Figure", alt=say(chart.title)):
        key(sheet, [say(part) for part in chart.parts], size)
        for bar in chart.bars:
            sheet.need(height)
            row(sheet, say(bar.label) if bar.key else bar.label, bar.values, longest, size, height)
    sheet.y -= 18


def key(sheet: Sheet, parts: list[str], size: float) -> None:
    x, middle = 0.0, sheet.y - ROW / 2
    for number, part in enumerate(parts):
        word = sheet.line(part)
        square(sheet, x, middle - KEY / 2, KEY, KEY, number)
        with sheet.marked("Span", [word]):
            sheet.put(word, x + KEY + 5, middle - size * 0.35, size, MUTED, width=word.width * size)
        x += KEY + 5 + word.width * size + 16
    sheet.y -= ROW + 2


def row(
    sheet: Sheet, label: str, values: tuple[Decimal, ...], longest: Decimal, size: float, height: float = ROW
) -> None:
    """Label in the first 32 hundredths of the width, sum in the last 14, the bar between."""
    start, room, middle = sheet.width * 0.32, sheet.width * 0.52, sheet.y - height / 2
    name = sheet.first_line(label, start - 10, size)
    with sheet.marked("Span", [name]):
        sheet.put(name, 0, middle - size * 0.35, size, width=start - 10)
    for number, value in enumerate(positive(values)):
        width = float(value / longest) * room
        if width:
            square(sheet, start, middle - BAR / 2, width, BAR, number)
        start += width
    total = sheet.line(sheet.voice.amount(sum(values, Decimal(0))))
    with sheet.marked("Span", [total]):
        sheet.put(total, sheet.width * 0.86, middle - size * 0.35, size, MUTED, "digits", sheet.width * 0.14)
    sheet.y -= height


def square(sheet: Sheet, x: float, y: float, width: float, height: float, number: int) -> None:
    color = COLORS[number] if number < len(COLORS) else "#ffffff"
    sheet.box(x, y, width, height, color, EDGE if color in PALE else "")


def positive(values: tuple[Decimal, ...]) -> list[Decimal]:
    return [max(value, Decimal(0)) for value in values]
