"""The paper that reports and receipts share: head, title, pairs of word and value, big figure, stamp, foot, tags.

A sheet is filled from the top. Places are points; ``x`` counts from the side where reading begins, so that a
right-to-left sheet is the mirror of the other. The double rule says “this adds up” and is never ornament.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name
from reportlab.pdfgen.canvas import Canvas

from trustfund.reports import typeset
from trustfund.reports.report import Voice
from trustfund.reports.tags import Tags
from trustfund.reports.typeset import Line

INK, MUTED, HAIR, EDGE = "#14211f", "#495855", "#c7d2ce", "#71817c"
FIR, TEAL, SAGE, GOLD = "#0b5257", "#4f9a96", "#a9c4bd", "#e0a02c"

SHORT, LONG = 595.28, 841.89  # A4
MARGIN, FOOT = 46.0, 58.0
SEATS = ((5, 22, FIR), (10.5, 10, FIR), (21, 5, GOLD), (31.5, 10, FIR), (37, 22, FIR))
"""The mark: five seats in a half circle, the middle one gold: the next. In units of 1/42 of its width."""


class Sheet:
    def __init__(self, voice: Voice, title: str, *, about: str, landscape: bool = False, tagged: bool = True):
        """``about``: what the paper is about, kept in the file's metadata beside the title."""
        self.voice, self.title = voice, typeset.visible(title)
        self.page_width, self.page_height = (LONG, SHORT) if landscape else (SHORT, LONG)
        self.width = self.page_width - 2 * MARGIN
        self.bytes = BytesIO()
        self.canvas = Canvas(
            self.bytes,
            (self.page_width, self.page_height),
            invariant=1,
            pageCompression=0,
            initialFontName=typeset.face(typeset.REGULAR).fontName,
            pdfVersion=(1, 7),
            lang=voice.language,
        )
        self.canvas.setTitle(self.title)
        self.canvas.setSubject(typeset.visible(about))
        self.canvas.setAuthor("trustfund")
        self.canvas.setCreator("trustfund")
        self.tags = Tags() if tagged else None
        self.pages: list[str] = []
        self.ops: list[str] = []  # of the page being filled
        self.start_page()

    # Pages

    def start_page(self) -> None:
        self.y = self.page_height - 36
        size = 9.5 if self.pages else 12.5
        self.mark(size)
        with self.artifact():
            self.put(self.line("trustfund", bold=True), size * 2.2, self.y - size, size)
            if self.pages:
                title = self.first_line(self.title, self.width * 0.7, 8)
                self.put(title, 0, self.y - size, 8, MUTED, "end", self.width)
        self.y -= size + 8
        self.double_rule(FIR)
        self.y -= 22 if not self.pages else 14

    def end_page(self) -> None:
        self.pages.append("\n".join(self.ops))
        self.ops = []

    def need(self, height: float) -> bool:
        """A new page unless there is room for this height. True if one was started."""
        if self.y - height >= FOOT:
            return False
        self.end_page()
        self.start_page()
        return True

    def finish(self, foot: str = "") -> bytes:
        """The file: the same bytes for the same sheet. ``foot`` stands in the foot of each page."""
        self.end_page()
        for number, ops in enumerate(self.pages, 1):
            self.foot(foot, self.voice.say("Page {page} of {pages}", page=number, pages=len(self.pages)))
            self.canvas._code += [ops, *self.ops]
            self.ops = []
            self.canvas.showPage()
        self.canvas.save()
        with pikepdf.open(self.bytes) as pdf, BytesIO() as out:
            self.describe(pdf)
            if self.tags:
                self.tags.write(pdf)
            pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return out.getvalue()

    def describe(self, pdf: pikepdf.Pdf) -> None:
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        for font in pdf.pages[0].Resources.Font.values():
            font.ToUnicode = pdf.make_stream(typeset.legible(font.ToUnicode.read_bytes()))
        if self.voice.right_to_left:
            pdf.Root.ViewerPreferences.Direction = Name.R2L
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            meta["dc:title"] = self.title
            meta["dc:language"] = [self.voice.language]

    def foot(self, foot: str, page: str) -> None:
        y = FOOT - 24
        with self.artifact():
            self.put(self.first_line(self.title, self.width * 0.36, 7), 0, y, 7, MUTED)
            self.put(self.line(foot), self.width * 0.36, y, 7, MUTED, "middle", self.width * 0.28)
            self.put(self.line(page), self.width * 0.64, y, 7, MUTED, "end", self.width * 0.36)

    # Texts

    def line(self, text: str, *, bold: bool = False) -> Line:
        return typeset.line(text, bold=bold, right_to_left=self.voice.right_to_left)

    def lines(self, text: str, width: float, size: float, *, bold: bool = False) -> Sequence[Line]:
        return typeset.lines(text, width / size, bold=bold, right_to_left=self.voice.right_to_left)

    def first_line(self, text: str, width: float, size: float) -> Line:
        """As much as stands on one line; “…” tells that there is more."""
        lines = self.lines(text, width, size)
        return lines[0] if len(lines) == 1 else self.line(typeset.start(text, width / size - 1) + "…")

    def leading(self, size: float) -> float:
        return size * (1.55 if self.voice.right_to_left else 1.36)

    def paragraph(
        self,
        text: str,
        size: float = 9,
        *,
        role: str = "P",
        bold: bool = False,
        color: str = INK,
        x: float = 0,
        width: float = 0,
    ) -> None:
        width = width or self.width - x
        self.flow(self.lines(text, width, size, bold=bold), size, role, color, x, width)

    def flow(self, lines: Sequence[Line], size: float, role: str, color: str, x: float, width: float) -> None:
        """Lines one below the other, over pages where they must."""
        leading = self.leading(size)
        while lines:
            self.need(leading)
            fit = max(1, int((self.y - FOOT) / leading))
            with self.marked(role, lines[:fit]):
                self.block(lines[:fit], x, self.y, size, color, width=width)
            self.y -= leading * len(lines[:fit])
            lines = lines[fit:]

    def block(
        self,
        lines: Iterable[Line],
        x: float,
        top: float,
        size: float,
        color: str = INK,
        side: str = "start",
        width: float = 0,
    ) -> None:
        leading = self.leading(size)
        for number, line in enumerate(lines):
            self.put(line, x, top - leading * (number + 0.76), size, color, side, width)

    def put(
        self, line: Line, x: float, y: float, size: float, color: str = INK, side: str = "start", width: float = 0
    ) -> None:
        """A line on its baseline. ``side`` of the room from ``x``: start, middle, end, digits (right in any script)."""
        free = width - line.width * size
        rtl = self.voice.right_to_left
        left = MARGIN + (self.width - x - width if rtl else x)
        left += free / 2 if side == "middle" else free if side == "digits" or (side == "start") == rtl else 0
        shown = " ".join(self.shown(font, text, size) for font, text in line.runs)
        self.ops.append(f"BT {paint(color)} rg 1 0 0 1 {left:.2f} {y:.2f} Tm {shown} ET")

    def shown(self, font: str, text: str, size: float) -> str:
        """The operators that show a run; ReportLab keeps the subset of the font. ASCII has its own codes there."""
        face, doc, size = typeset.face(font), self.canvas._doc, size * typeset.LARGER.get(font, 1)
        if text.isascii():
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            return f"{face.getSubsetInternalName(0, doc)} {size:g} Tf ({escaped}) Tj"
        return " ".join(
            f"{face.getSubsetInternalName(subset, doc)} {size:g} Tf <{codes.hex()}> Tj"
            for subset, codes in face.splitString(text, doc)
        )

    # Rules and shapes: not read aloud

    def rule(self, y: float, color: str = HAIR, thickness: float = 0.5, x: float = 0, width: float = 0) -> None:
        self.box(x, y - thickness / 2, width or self.width, thickness, color)

    def double_rule(self, color: str = INK) -> None:
        """This adds up."""
        self.rule(self.y, color, 0.75)
        self.rule(self.y - 2.25, color, 0.75)
        self.y -= 2.6

    def box(self, x: float, y: float, width: float, height: float, fill: str, edge: str = "") -> None:
        left = MARGIN + (self.width - x - width if self.voice.right_to_left else x)
        self.draw(f"{left:.2f} {y:.2f} {width:.2f} {height:.2f} re", fill, edge)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        middle = MARGIN + (self.width - x if self.voice.right_to_left else x)
        r, k = radius, radius * 0.5523  # four Bézier quarters
        arcs = ((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0))
        curves = " ".join(
            " ".join(f"{v + (y if i % 2 else middle):.2f}" for i, v in enumerate(arc)) + " c" for arc in arcs
        )
        self.draw(f"{middle + r:.2f} {y:.2f} m {curves}", fill, "")

    def draw(self, path: str, fill: str, edge: str) -> None:
        stroke = f"{paint(edge)} RG 0.5 w" if edge else ""
        self.ops.append(f"/Artifact BMC {paint(fill)} rg {stroke} {path} {'B' if edge else 'f'} EMC")

    def mark(self, size: float) -> None:
        """The five seats on the line of the name, 1.7 times as wide as its size."""
        unit = size * 1.7 / 42
        for x, y, color in SEATS:
            self.disc(x * unit, self.y - size + (22 - y + 2) * unit, 4.4 * unit, color)

    # Tags

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside repeats on each page and is not read aloud."""
        self.ops.append("/Artifact BMC")
        yield
        self.ops.append("EMC")

    @contextmanager
    def marked(self, role: str, lines: Sequence[Line]) -> Iterator[None]:
        """What is drawn inside, these lines, is one content with this role."""
        said = typeset.spoken(lines)
        copied = said if any(line.lacks for line in lines) else ""
        if self.tags:
            self.ops.append(self.tags.mark(role, len(self.pages), said))
        if copied:
            self.ops.append(f"/Span <</ActualText <{(chr(0xFEFF) + copied).encode('utf-16-be').hex()}>>> BDC")
        yield
        if copied:
            self.ops.append("EMC")
        if self.tags:
            self.ops.append("EMC")

    @contextmanager
    def group(self, role: str, alt: str = "") -> Iterator[None]:
        """The contents marked inside belong together."""
        if not self.tags:
            yield
            return
        with self.tags.group(role, alt):
            yield


@cache
def paint(color: str) -> str:
    """#0b5257 as a PDF says it: red, green, blue from 0 to 1."""
    return " ".join(f"{int(color[i : i + 2], 16) / 255:.3g}" for i in (1, 3, 5))
