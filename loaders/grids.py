"""Cells and their places: what every reader hands over and the table reader walks along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
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


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of a document in reading order; `blanks` says whether the layout keeps empty cells visible."""

    cells: tuple[Cell, ...]
    layout: str
    blanks: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document: its text (contact details masked) and the grids that its layouts allow, best first.

    The grids are made as they are asked for, once: most documents need the first one only.
    """

    name: str
    container: str
    text: str
    grids: Iterator[Grid]
