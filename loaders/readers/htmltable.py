"""Rows and cells of a table as a browser places them: columns counted with colspan and rowspan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from loaders.errors import BadStructure
from loaders.readers.htmltext import children, unseen

CELLS = ("td", "th")
WIDEST, TALLEST = 1000, 65_534  # what the HTML standard lets a cell span
MOST = 200_000  # cells of a page, spans counted


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell where it begins: its column from 0 and how many columns it spans."""

    element: etree._Element
    column: int
    span: int


@dataclass(slots=True)
class TableRow:
    """The cells of a printed row, and what stands between them without being in any (a browser moves it away)."""

    cells: list[Placed] = field(default_factory=list)
    strays: list[str | etree._Element] = field(default_factory=list)


def rows(table: etree._Element) -> Iterator[TableRow]:
    """The rows of a table that are seen, in order. Raises BadStructure (SPAN_TOO_LARGE, TOO_MANY_CELLS)."""
    yield from _Placing().section(table)


class _Placing:
    """Which columns are still covered by cells above."""

    def __init__(self) -> None:
        self.covered: dict[int, int] = {}
        self.count = 0

    def section(self, element: etree._Element) -> Iterator[TableRow]:
        """Rows of a table or of one of its bodies; cells without a row of their own make one, as in a browser."""
        loose: list[str | etree._Element] = [element.text] if element.text and element.text.strip() else []
        for child in children(element):
            if not isinstance(child, str) and child.tag in CELLS:
                loose.append(child)
                continue
            if isinstance(child, str) or unseen(child):
                if isinstance(child, str) and child.strip():
                    loose.append(child)
                continue
            if loose:
                yield self.row(loose)
                loose = []
            if child.tag == "tr":
                yield self.row([*([child.text] if child.text else []), *children(child)])
            elif child.tag != "table" and next(child.iter("tr", *CELLS), None) is not None:
                if child.tag in {"thead", "tbody", "tfoot"}:
                    self.covered.clear()  # a cell does not reach out of its body
                yield from self.section(child)
            else:
                yield TableRow(strays=[child])
        if loose:
            yield self.row(loose)

    def row(self, parts: list[str | etree._Element]) -> TableRow:
        """A row out of its children."""
        found, column = TableRow(), 0
        for part in self._flat(parts):
            if isinstance(part, str) or part.tag not in CELLS:
                if not isinstance(part, str) or part.strip():
                    found.strays.append(part)
                continue
            if unseen(part):
                continue
            while self.covered.get(column, 0) > 0:
                column += 1
            span, height = _span(part, "colspan", WIDEST), _span(part, "rowspan", TALLEST)
            self._count(span)
            found.cells.append(Placed(part, column, span))
            for at in range(column, column + span):
                self.covered[at] = max(self.covered.get(at, 0), height)
            column += span
        self.covered = {at: left - 1 for at, left in self.covered.items() if left > 1}
        self._count(len(self.covered))
        return found

    def _count(self, cells: int) -> None:
        self.count += cells
        if self.count > MOST:
            raise BadStructure("TOO_MANY_CELLS", f"表格超过 {MOST} 格")

    def _flat(self, parts: list[str | etree._Element]) -> Iterator[str | etree._Element]:
        """Cells also where a form or a span stands between the row and them."""
        for part in parts:
            inner = None if isinstance(part, str) or part.tag in CELLS or unseen(part) else part
            if inner is not None and inner.tag != "table" and next(inner.iterdescendants(*CELLS), None) is not None:
                yield from self._flat([*([inner.text] if inner.text else []), *children(inner)])
            elif isinstance(part, str) or part.tag in CELLS or not unseen(part):
                yield part


def _span(cell: etree._Element, name: str, most: int) -> int:
    """How many columns or rows a cell spans; what is no number counts as one, as in a browser."""
    text = (cell.get(name) or "").strip()
    if not text.isascii() or not text.isdigit():
        return 1
    number = int(text[:9])
    if number > most or len(text) > 9:
        raise BadStructure("SPAN_TOO_LARGE", f"{name}={text[:20]}，上限为 {most}")
    return number or (TALLEST if name == "rowspan" else 1)
