"""Any text of any script, in lines."""

import pytest

from tests.reports.samples import ARABIC, CHINESE
from trustfund.reports import typeset


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800",
        "\x00\x1b",
        "한국",
        "\U0001f600",
        "\u202eabc",
        "\u2066" * 300 + "a",
        "\ufb01\u0301",
        "\uffff",
    ],
)
def test_what_no_font_can_draw_never_stops_a_paper(text):
    for line in typeset.lines(text, 5.0):
        assert all(c in typeset.widths(font) for font, run in line.runs for c in run)


def test_no_line_is_wider_than_its_room():
    text = f"{'x' * 90} {ARABIC * 5} {CHINESE * 5} A/RES/71/280"
    assert all(line.width <= 10.001 for line in typeset.lines(text, 10.0))


def test_isolates_keep_a_code_whole_between_arabic_words():
    (line,) = typeset.lines("مرجع \u2068N1-7KQ2\u2069، \u20682018-01-10\u2069", 99.0, right_to_left=True)
    drawn = "".join(run for _, run in line.runs)
    assert drawn.startswith("2018-01-10 ،N1-7KQ2 ")
