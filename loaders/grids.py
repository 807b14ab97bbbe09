"""Cells and their places: what every reader hands over and the table reader walks along."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

HALVES = re.compile("[\ud800-\udfff]")


class Cell(NamedTuple):
    """A piece of text that the layout sets apart; `start`, `end` are its characters in the decoded text.

    `row` groups the cells of one printed row where the layout shows rows, else it is -1.
    `closed` is true where a mark stands behind the cell, so that it can't have been cut off.
    """

    text: str
    start: int
    end: int
    line: int
    row: int = -1
    closed: bool = False
    joins: bool = True  # no mark between this cell and the next: a label may run on over the line end
    column: int = -1  # where the cell begins in its table, counted with merged cells; -1 where the layout shows none
    span: int = 1  # columns that it covers


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of a document in reading order; `blanks` says whether the layout keeps empty cells visible.

    `exact`: each printed cell is here, once, with its printed row, so that a row with fewer cells is damaged.
    """

    cells: tuple[Cell, ...]
    layout: str
    blanks: bool
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document: its text (contact details masked) and the grids that its layouts allow, best first.

    The grids are made as they are asked for, once: most documents need the first one only.
    """

    name: str
    container: str
    text: str
    grids: Iterator[Grid]
    remarks: tuple[str, ...] = ()  # what the reader left out or took in: hidden rows, tracked changes


def storable(text: str) -> str:
    """A text that any encoding can hold: halves of a character (UTF-16) are joined, lone ones become U+FFFD.

    Escapes in JSON and workbooks and the character codes of PDF can give halves; no file could be written with them.
    """
    if not HALVES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Sheet:
    """Builds a document out of paragraphs and table rows; spans are those of the text that it writes meanwhile.

    Containers other than text (HTML, DOCX, …) have no character places of their own. Their cells get the places of a
    transcript: a paragraph a line, a table row a line with tabs between its cells.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._cells: list[Cell] = []
        self._at = 0
        self._line = 0
        self._remarks: list[str] = []

    def __len__(self) -> int:
        """How many cells there are so far."""
        return len(self._cells)

    def paragraph(self, text: str) -> None:
        """Running text; each of its lines is a cell of its own, as in plain text."""
        for line in text.split("\n"):
            body = " ".join(storable(line).split())
            if body:
                self._line += 1
                self._cells.append(Cell(body, self._at, self._at + len(body), self._line, closed=True, joins=False))
                self._write(body + "\n")

    def row(self, texts: Sequence[str], places: Sequence[tuple[int, int]] = ()) -> None:
        """One printed table row, its blank cells included; a merged cell stands once, where it begins.

        `places` gives for each cell the column where it begins and how many it spans, where the container tells.
        """
        self._line += 1
        for text, (column, span) in zip(texts, places or [(-1, 1)] * len(texts), strict=True):
            body = " ".join(storable(text).split())
            end, line = self._at + len(body), self._line
            self._cells.append(Cell(body, self._at, end, line, line, True, False, column, span))
            self._write(body + "\t")
        self._write("\n")

    def cut(self) -> None:
        """The container ends inside its last table: the last cell so far may lack its end."""
        if self._cells:
            self._cells[-1] = self._cells[-1]._replace(closed=False)

    def gap(self) -> None:
        """An empty line, between a table and what follows."""
        self._line += 1
        self._write("\n")

    def remark(self, text: str) -> None:
        """What the reader left out or took in, for a person; not part of the text."""
        self._remarks.append(text)

    @property
    def remarks(self) -> tuple[str, ...]:
        """All remarks so far."""
        return tuple(self._remarks)

    @property
    def text(self) -> str:
        """The transcript so far."""
        return "".join(self._parts)

    def grid(self, layout: str) -> Grid:
        """All cells so far, blank ones kept."""
        return Grid(tuple(self._cells), layout, blanks=True, exact=True)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)
