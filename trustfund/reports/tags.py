"""The structure of a PDF for those who hear it: headings, paragraphs, lists, tables down to the cell.

While a page is drawn, ``Tags`` numbers its marked contents and keeps the tree; afterwards ``write`` hangs the tree
into the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name


@dataclass(slots=True)
class Element:
    """A node: kids, or a marked content (page and number on it, both from 0)."""

    role: str
    kids: list["Element"] = field(default_factory=list)
    place: tuple[int, int] | None = None
    alt: str = ""
    says: str = ""  # its text in reading order, where the glyphs stand in another


class Tags:
    def __init__(self) -> None:
        self.path = [Element("Document")]
        self.used: list[int] = []  # page -> marked contents so far

    @contextmanager
    def group(self, role: str, alt: str = "") -> Iterator[None]:
        element = Element(role, alt=alt)
        self.path[-1].kids.append(element)
        self.path.append(element)
        yield
        self.path.pop()

    def mark(self, role: str, page: int, says: str = "") -> str:
        """The operator that opens a marked content; ``EMC`` closes it."""
        self.used += [0] * (page + 1 - len(self.used))
        number = self.used[page]
        self.used[page] += 1
        self.path[-1].kids.append(Element(role, place=(page, number), says=says))
        return f"/{role.partition(' ')[0]} <</MCID {number}>> BDC"

    def write(self, pdf: pikepdf.Pdf) -> None:
        """Hang the tree into a file whose pages were drawn with these marks."""
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tree = Tree(pdf)
        root.K = Array([tree.written(self.path[0], root)])
        numbers = Array()
        for number, (page, elements) in enumerate(zip(tree.pages, tree.marked, strict=True)):
            page.StructParents, page.Tabs = number, Name.S
            numbers.extend([number, pdf.make_indirect(Array(elements))])
        root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
        root.ParentTreeNextKey = len(tree.pages)
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = Dictionary(Marked=True)


class Tree:
    """Writes elements as objects of the file; ``marked``: page -> elements in the order of their numbers."""

    def __init__(self, pdf: pikepdf.Pdf):
        self.new = pdf.make_indirect
        self.pages = [page.obj for page in pdf.pages]
        self.marked: list[list[pikepdf.Object]] = [[] for _ in self.pages]
        self.scopes = {
            scope: self.new(Dictionary(O=Name.Table, Scope=Name("/" + scope))) for scope in ("Column", "Row")
        }

    def written(self, element: Element, parent: pikepdf.Object) -> pikepdf.Object:
        """The element and what is below it. A role may carry a scope: “TH Column”."""
        role, _, scope = element.role.partition(" ")
        entries = {"/S": Name("/" + role), "/P": parent}
        if scope:
            entries["/A"] = self.scopes[scope]
        if element.alt:
            entries["/Alt"] = element.alt
        if element.says:
            entries["/ActualText"] = element.says
        if element.place:
            page, entries["/K"] = element.place
            entries["/Pg"] = self.pages[page]
            node = self.new(Dictionary(entries))
            self.marked[page].append(node)
            return node
        node = self.new(Dictionary(entries))
        node.K = Array([self.written(kid, node) for kid in element.kids])
        return node
