"""A report cut into pieces that join to its text again, with the place of every true cell and label.

A piece is a line, a cell with its mark, or a word. The sums of the form are told here once more, apart from the rules
of the codebook, so that a test does not lean on what it tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from codebook import book
from loaders import report
from loaders.report import Report, Source
from tests.rendering import layout_of
from tests.truth import Cell, Key

REQUESTS = ("requests", "review")
PROACTIVE = tuple(name for name in book().tables if name not in REQUESTS)
PIECES = {"pipe": r"[^|\n]*[|\n]|[^|\n]+$", "sheet": r"[^\t\n]*[\t\n]|[^\t\n]+$", "word": r"\S+\s*"}
LINE = r"[^\n]*\n|[^\n]+$"
AROUND = " \t\r\n\u3000\xa0|"
Span = tuple[int, int]  # first piece and the one behind the last


@dataclass(frozen=True, slots=True)
class Document:
    """A report whose reading is known to be right: its pieces, true cells, and where each cell and label stands.

    Only the cells of `tables` are held; `rows` are the rows of the request table, `heads` the labels of the columns.
    """

    name: str
    form: str
    tables: tuple[str, ...]
    layout: str
    blanks: bool
    pieces: tuple[str, ...]
    truth: Mapping[Key, Cell]
    at: Mapping[Key, int]
    rows: Mapping[str, tuple[Span, tuple[Key, ...]]]
    heads: Mapping[str, Span]

    @property
    def table(self) -> Span:
        """The pieces from the first label of the tables to their last value."""
        return min(start for start, _ in self.heads.values()), max(self.at.values()) + 1


def document(name: str, text: str, tables: tuple[str, ...] = REQUESTS) -> Document:
    """A report as a document to damage. Its own reading tells where cells and labels stand."""
    found = report.read(Source(name, text.encode()))
    if not isinstance(found, Report):
        raise ValueError(f"{name}: {found.detail}")
    layout, text = found.reading.layout, found.text
    pieces = re.findall(PIECES.get(layout, LINE), text)
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))

    def piece_at(place: int) -> int:
        return next(n for n, start in enumerate(starts) if start > place) - 1

    facts = {(f.code, f.applicant or ""): f for f in found.facts if f.table in tables}
    at = {key: piece_at(f.start) for key, f in facts.items() if f.start is not None}
    rows: dict[str, tuple[Span, tuple[Key, ...]]] = {}
    heads: dict[str, Span] = {}
    for cell in (c for table in tables for c in found.reading.tables[table].cells):
        key = (cell.measure.code, cell.applicant)
        heads[cell.applicant or cell.measure.code] = (piece_at(cell.column.start), piece_at(cell.column.end - 1) + 1)
        if cell.applicant:
            span = (piece_at(cell.row.start), piece_at(cell.row.end - 1) + 1)
            rows[cell.measure.code] = (span, (*rows.get(cell.measure.code, (span, ()))[1], key))
    truth = {key: Cell(f.raw, f.state, f.value) for key, f in facts.items()}
    blanks = layout in {"pipe", "tab", "sheet"}
    return Document(name, found.reading.form, tables, layout, blanks, tuple(pieces), truth, at, rows, heads)


def core(piece: str) -> str:
    """The text of a piece without spaces and marks."""
    return piece.strip(AROUND)


def identities(form: str) -> list[dict[Key, int]]:
    """The sums of the form, told once more and apart from codebook/checks.csv: signed cells that come to zero."""
    found: list[dict[Key, int]] = []
    requests, review = layout_of("requests", form), layout_of("review", form)
    if requests is None or review is None:
        return found
    codes = [book().cell("requests", row.key, "total").code for row in requests.rows]
    names = [column.key for column in requests.columns]
    for code in codes:
        found.append({(code, name): -1 if name == "total" else 1 for name in names})
    flows = {"received": 1, "carried_in": 1, "handled": -1, "carried_out": -1}
    for name in names:
        found.append({(code, name): sign for code, sign in flows.items()})
        outcomes = [code for code in codes if code not in flows]
        found.append({(code, name): 1 for code in outcomes} | {("handled", name): -1})
    for group in review.rows:
        if any(column.key == "total" for column in review.columns):
            cells = {column.key: book().cell("review", group.key, column.key).code for column in review.columns}
            found.append({(code, ""): -1 if key == "total" else 1 for key, code in cells.items()})
    return found
