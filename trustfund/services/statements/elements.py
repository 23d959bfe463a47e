"""The elements of an XML file in a stream, by their names alone: no tree of the whole, no DTD, no network.

With Expat of the standard library: libxml2 gives no bound to the memory of a file of many small elements, and takes ten
seconds for one element of a million attributes.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from xml.parsers import expat

from trustfund.core.refusal import Refused
from trustfund.services.statements.statement import few, joined

MOST_MARKS = 2_000_000  # beginnings and ends of elements; 20 MB of real entries have as many
MOST_AT_ONCE = 100_000  # elements of one entry, or of a statement beside its entries
DEEPEST = 60
LONG = 2_000_000  # characters; a file of more is not read to its end only to find that it has none

_ROOT = re.compile(r"<([^\s<>/!?]{1,100})")


class Element:
    """A name without its namespace, the line where it begins, its text, its parts in their order."""

    __slots__ = ("currency", "line", "name", "parts", "text")

    def __init__(self, name: str, line: int, currency: str) -> None:
        self.name, self.line, self.currency = name, line, currency
        self.text = ""
        self.parts: list[Element] = []

    def first(self, path: str) -> "Element | None":
        found: Element | None = self
        for name in path.split("/"):
            found = next((part for part in found.parts if part.name == name), None) if found else None
        return found

    def every(self, path: str) -> Iterator["Element"]:
        """All elements of a path of one or two names."""
        name, _, below = path.partition("/")
        for part in self.parts:
            if part.name == name:
                yield from part.every(below) if below else (part,)

    def said(self, path: str) -> str:
        """The text of the first element of a path, "" if there is none."""
        element: Element | None = self
        for name in path.split("/"):
            for part in element.parts:  # type: ignore[union-attr]
                if part.name == name:
                    element = part
                    break
            else:
                return ""
        return joined(element.text)  # type: ignore[union-attr]


class Stream(ABC):
    """Hands over what a file holds while it is read: one kind of element whole, and one kind of its parts before it."""

    def __init__(self, whole: str, apart: str) -> None:
        self.whole, self.apart = whole, apart
        self.open: list[Element] = []
        self.depth = self.kept = self.kept_around = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self, text: str) -> None:
        if text.count("<") > MOST_MARKS:
            few(MOST_MARKS)
        if len(text) > LONG and not _ends(text):
            raise _cut_off(text.count("\n") + 1)
        try:
            self.parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            if expat.ErrorString(error.code) == expat.errors.XML_ERROR_NO_MEMORY:
                raise MemoryError from None  # the file may be whole: it unfolds
            raise _cut_off(error.lineno) from None

    @abstractmethod
    def begun(self, name: str) -> None:
        """An element begins that is not in one to be read."""

    @abstractmethod
    def ended(self, element: Element, around: Element | None) -> None:
        """A part that was to be handed over apart ends within another element, or (``around`` None) a whole one."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.depth += 1
        if not self.open:
            self.begun(name)
        if self.depth > DEEPEST:
            raise Refused(
                "Line {line}: elements stand in one another more than {depth} times. This is not a bank statement.",
                field="file",
                line=self.parser.CurrentLineNumber,
                depth=DEEPEST,
            )
        if self.open or name == self.whole:
            self.kept += 1
            if self.kept > MOST_AT_ONCE:
                few(MOST_MARKS)
            element = Element(name, self.parser.CurrentLineNumber, attributes.get("Ccy", ""))
            if len(self.open) == 1 and name == self.apart:
                self.kept_around = self.kept
            elif self.open:
                self.open[-1].parts.append(element)
            self.open.append(element)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.open:
            element = self.open.pop()
            around = self.open[-1] if self.open else None
            if around is None or (len(self.open) == 1 and element.name == self.apart):
                self.kept = self.kept_around if around else 0
                self.ended(element, around)

    def _text(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text

    def _doctype(self, *_: object) -> None:
        raise Refused(
            "The file defines entities of its own (DOCTYPE). A bank statement has none; it is not opened.", field="file"
        )


def _ends(text: str) -> bool:
    """Whether the last thing of a file may end it: the end of its first element, or what the parser must judge."""
    root, last = _ROOT.search(text), text[-1000:].rstrip()
    return last.endswith(("/>", "-->", "?>")) or bool(root and re.search(rf"</{re.escape(root[1])}\s*>$", last))


def _cut_off(line: int) -> Refused:
    return Refused(
        "Line {line}: the XML is damaged or cut off here. Fetch the file from the bank again.", field="file", line=line
    )
