"""Any text of any script, made safe and ready to draw: the one way from a string to glyphs of the embedded fonts.

Texts come as typed: NFC or not, with control characters, in Arabic or Chinese or both. What no font can draw becomes
“?”, never a black square. Widths are in ems: times the size they are points.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display  # the pure one: the Rust one does not mirror brackets
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSans-Regular", "NotoSans-Bold"
CHAIN = {
    REGULAR: (REGULAR, "NotoNaskhArabic-Regular", "NotoSansSC-Regular"),
    BOLD: (BOLD, "NotoNaskhArabic-Bold", "NotoSansSC-Regular"),
}
"""Weight -> fonts in the order in which they are asked for a glyph."""
LARGER = {"NotoNaskhArabic-Regular": 1.2, "NotoNaskhArabic-Bold": 1.2}
"""Font -> how much larger it is set, to be as easy to read as the others."""

RTL_CLASSES = ("R", "AL", "AN")
INVISIBLE = ("Cc", "Cf", "Cs")
BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
OVERRIDES = re.compile("[\u202a-\u202e]")
ISOLATE = re.compile("([\u2066-\u2068])([^\u2066-\u2069]*)\u2069")
HELD = 0x2F00  # Kangxi radicals, neutral like an isolate; in texts they become the common characters they look like
TINY = 1e-6  # ems: widths are sums of floats
CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
CLOSING = "，。、；：！？）》」』”’…"
TOKEN = re.compile(f" +|(?:[（《「『]*[{CJK}]|[^ {CJK}]+)[{CLOSING}]*")
FORM = re.compile(rb"(<[0-9A-F]{2}> <)(F[B-E][0-9A-F]{2})(?=>)")  # a code of a font -> an Arabic presentation form
RESHAPER = ArabicReshaper({"delete_harakat": False})


class Line(NamedTuple):
    """One line as drawn, left to right. ``says`` is its text in reading order where that differs from the glyphs."""

    runs: tuple[tuple[str, str], ...]  # font name, text
    width: float  # ems
    says: str | None = None
    lacks: bool = False  # something of it is in no font, and drawn as “?”


@lru_cache(maxsize=16384)
def lines(text: str, room: float, *, bold: bool = False, right_to_left: bool = False) -> tuple[Line, ...]:
    """The text broken into lines of at most ``room`` ems; a word longer than that is broken too."""
    font = BOLD if bold else REGULAR
    if plain_characters(font).issuperset(text) and (width := simple_width(text, font)) <= room + TINY:
        return (Line(((font, text),), width),)
    text = cleaned(text)
    base = "R" if right_to_left and is_rtl(text) else direction(text)
    return tuple(set_line(line, font, base) for line in isolated(broken(text, font, room + TINY)))


def start(text: str, room: float) -> str:
    """What stands on the first line of the text."""
    return broken(cleaned(text), REGULAR, room)[0]


def line(text: str, *, bold: bool = False, right_to_left: bool = False) -> Line:
    """The text on one line, as wide as it comes."""
    return lines(text, float("inf"), bold=bold, right_to_left=right_to_left)[0]


@cache
def face(name: str) -> TTFont:
    """An embedded font, registered at its first use. ASCII keeps its codes, which makes drawing quick."""
    pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf"), asciiReadable=True))
    return pdfmetrics.getFont(name)


@cache
def widths(name: str) -> dict[str, float]:
    """Character -> width in ems, of what the font can draw."""
    of, em = face(name).face, LARGER.get(name, 1) / 1000
    return {chr(code): of.charWidths.get(code, of.defaultWidth) * em for code in of.charToGlyph}


@cache
def plain_characters(font: str) -> frozenset[str]:
    """What the first font draws as it stands: no shaping, no reordering, nothing invisible or combining."""
    return frozenset(
        c
        for c in widths(font)
        if (c.isprintable() or c == "\xa0") and unicodedata.bidirectional(c) not in (*RTL_CLASSES, "NSM")
    )


def simple_width(text: str, font: str) -> float:
    return sum(map(widths(font).__getitem__, text))


def cleaned(text: str) -> str:
    """NFC, breaks as spaces, without control characters, lone surrogates and overrides of direction."""
    text = OVERRIDES.sub("", BREAKS.sub(" ", unicodedata.normalize("NFC", text)))
    return "".join(clean(c) for c in text)


def clean(c: str) -> str:
    if unicodedata.category(c) in ("Cc", "Cs"):
        return ""
    if unicodedata.category(c) == "Cn":
        return "?"
    return unicodedata.normalize("NFKC", c) if HELD <= ord(c) < HELD + 0xE0 else c


def broken(text: str, font: str, room: float) -> list[str]:
    """The text in lines, still in reading order: broken at spaces and between Chinese characters."""
    out, current, used = [], "", 0.0
    for token in pieces(text, font, room):
        width = drawn_width(token, font)
        if token[0] != " " and current and used + width > room:
            out.append(current.rstrip(" "))
            current, used = "", 0.0
        if token[0] != " " or current:
            current, used = current + token, used + width
    return [*out, current.rstrip(" ")]


def isolated(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with an isolate that a break has cut closed at the end of its line and opened again on the next."""
    opened = ""
    for line in lines:
        whole, opened = opened + line, ""
        for c in whole:
            if c in "\u2066\u2067\u2068":
                opened += c
            elif c == "\u2069":
                opened = opened[:-1]
        yield whole + "\u2069" * len(opened)


def pieces(text: str, font: str, room: float) -> list[str]:
    """The unbreakable parts of a text; one that is wider than the room is cut where the room ends."""
    out = []
    for token in TOKEN.findall(text):
        if drawn_width(token, font) <= room:
            out.append(token)
            continue
        start, used = 0, 0.0
        for i, c in enumerate(token):
            width = drawn_width(c, font)
            if i > start and used + width > room:
                out.append(token[start:i])
                start, used = i, 0.0
            used += width
        out.append(token[start:])
    return out


def drawn_width(text: str, font: str) -> float:
    return sum(widths(name)[c] for name, c in glyphs(shaped(text), font))


def set_line(text: str, font: str, base: str) -> Line:
    """One line from reading order to the order of drawing, each character with its font."""
    turned = base == "R" or is_rtl(text)
    drawn = list(glyphs(reordered(text, base) if turned else text, font))
    lacks = not drawable(text, font)
    runs = tuple((name, "".join(c for _, c in run)) for name, run in groupby(drawn, key=lambda pair: pair[0]))
    return Line(runs, sum(widths(name)[c] for name, c in drawn), visible(text) if turned or lacks else None, lacks)


def visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in INVISIBLE)


def drawable(text: str, font: str = REGULAR) -> bool:
    """Whether the fonts have every character of it that shows."""
    return "?" not in ("".join(c for _, c in glyphs(text.replace("?", ""), font)))


def is_rtl(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in RTL_CLASSES for c in text)


def glyphs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """(font, character) for each character that shows; without a glyph its plainer form, at last a “?”."""
    for c in text:
        if unicodedata.category(c) in INVISIBLE:
            continue
        if name := font_of(c, font):
            yield name, c
            continue
        simpler = unicodedata.normalize("NFKD", c)
        for part in simpler if all(font_of(part, font) for part in simpler) else "?":
            yield font_of(part, font), part


@lru_cache(maxsize=16384)
def font_of(c: str, font: str) -> str:
    """The first font of the chain that can draw the character, or nothing."""
    return next((name for name in CHAIN[font] if c in widths(name)), "")


def reordered(text: str, base: str) -> str:
    """Arabic shaped, and a line in the order of drawing (UAX 9). An isolate takes part as one neutral character."""
    held: list[str] = []
    while len(held) < 200 and (found := ISOLATE.search(text)):
        inner_base = {"\u2066": "L", "\u2067": "R"}.get(found[1]) or direction(found[2])
        text = text[: found.start()] + chr(HELD + len(held)) + text[found.end() :]
        held.append(get_display(shaped(found[2]), base_dir=inner_base))
    shown = get_display(shaped(re.sub("[\u2066-\u2069]", "", text)), base_dir=base)
    for number in reversed(range(len(held))):
        shown = shown.replace(chr(HELD + number), held[number])
    return shown


def direction(text: str) -> str:
    """L or R, by the first character that has one."""
    strong = (unicodedata.bidirectional(c) for c in text)
    return next(("L" if kind == "L" else "R" for kind in strong if kind in ("L", "R", "AL")), "L")


@lru_cache(maxsize=4096)
def shaped(text: str) -> str:
    """Arabic letters in the forms that their neighbours ask for."""
    return RESHAPER.reshape(text) if is_rtl(text) else text


def spoken(lines: Sequence[Line]) -> str:
    """What lines say in reading order, if their glyphs stand in another."""
    if not any(line.says for line in lines):
        return ""
    return " ".join(line.says or "".join(text for _, text in line.runs) for line in lines)


def legible(cmap: bytes) -> bytes:
    """A font's map from glyphs to text, with the letters for their forms, so that a copied or searched word is found.

    A ligature gives its letters in the order of drawing, as the glyphs around it are.
    """
    return FORM.sub(lambda m: m[1] + letters(chr(int(m[2], 16))).encode("utf-16-be").hex().upper().encode(), cmap)


def letters(form: str) -> str:
    return unicodedata.normalize("NFKC", form)[::-1]
