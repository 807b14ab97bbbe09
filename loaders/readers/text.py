"""Plain text → cells, for the ways in which sites and copies lay tables out as text.

pipe    cells end with |: whole rows in a line, a cell a line, the mark on a line of its own, rows led by |
tab     Word paste: every cell a line that starts with a tab, rows parted by an empty line
line    a cell a line, empty lines between; blank cells leave nothing behind
word    cells parted by spaces only (copied PDF); tried last
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from loaders.grids import Cell, Document, Grid

PIPE, TAB = "|", "\t"
BOXES = str.maketrans("｜│┃║", "||||")  # marks that look and mean the same
SPACES = " \t\r\u3000\xa0\ufeff\u200b"
WORD = re.compile(r"[^\s\u3000\xa0|]+")
RULE = re.compile(r"^(?=[^\n]*(?:-{3}|[─━═]{2}|={3}))[|+:\-=─━═┄┈┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝ \t]++$", re.M)
INNER_TAB = re.compile(r"[^\s]\t+[^\s]")
FEW = 8  # fewer marks than this are site chrome and not a table


def read(name: str, text: str) -> Document:
    """A decoded text as a document; the grids are the layouts that its marks allow, the likeliest first."""
    return Document(name, "text", text, _grids(text))


def _grids(text: str) -> Iterator[Grid]:
    marked = text.translate(BOXES)
    if marked.count(PIPE) >= FEW:
        yield Grid(tuple(_pipe(text, marked)), "pipe", blanks=True)
    elif sum(1 for _ in INNER_TAB.finditer(text)) >= FEW:
        yield Grid(tuple(_sheet(text)), "sheet", blanks=True)
    elif text.count("\n" + TAB) >= FEW:
        yield Grid(tuple(_tab(text)), "tab", blanks=True)
    yield Grid(tuple(_line(text)), "line", blanks=False)
    yield Grid(tuple(_word(text)), "word", blanks=False)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The non-blank lines between two places, without their outer spaces."""
    found, at = [], start
    for line in text[start:end].split("\n"):
        body = line.strip(SPACES)
        if body:
            head = at + line.index(body)
            found.append((head, head + len(body)))
        at += len(line) + 1
    return found


def _line(text: str) -> list[Cell]:
    starts = _line_starts(text)
    return [Cell(text[a:b], a, b, bisect_right(starts, a)) for a, b in _pieces(text, 0, len(text))]


def _word(text: str) -> list[Cell]:
    starts = _line_starts(text)
    return [Cell(m.group(), m.start(), m.end(), bisect_right(starts, m.start())) for m in WORD.finditer(text)]


def _tab(text: str) -> list[Cell]:
    found: list[Cell] = []
    lines, row, at = text.split("\n"), 0, 0
    inside = False
    for number, line in enumerate(lines, start=1):
        body = line.strip(SPACES)
        head = at + (line.index(body) if body else len(line))
        inside = line.startswith(TAB) or (inside and bool(body))
        if inside:
            behind = lines[number] if number < len(lines) else ""
            runs_on = bool(behind.strip(SPACES)) and not behind.startswith(TAB)
            closed = not runs_on and number < len(lines)  # nothing closes what the text ends with
            found.append(Cell(body, head, head + len(body), number, row, closed=closed, joins=runs_on))
        elif body:
            found.append(Cell(body, head, head + len(body), number))
        else:
            row += 1
        at += len(line) + 1
    return found


def _sheet(text: str) -> list[Cell]:
    found, at = list[Cell](), 0
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        parts = line.split(TAB)
        for index, part in enumerate(parts):
            body, last = part.strip(SPACES), index + 1 == len(parts)
            head = at + (part.index(body) if body else 0)
            if body or len(parts) > 1:
                row = number if len(parts) > 1 else -1
                closed = len(parts) > 1 and not (
                    last and number == len(lines)
                )  # nothing closes what the text ends with
                found.append(Cell(body, head, head + len(body), number, row, closed=closed, joins=last))
            at += len(part) + 1
    return found


def _pipe(text: str, marked: str) -> list[Cell]:
    starts, found = _line_starts(text), list[Cell]()
    # The line below a Markdown header and the rules of drawn boxes hold no cells.
    text = RULE.sub(lambda rule: " " * len(rule.group()), text)
    marked = RULE.sub(lambda rule: " " * len(rule.group()), marked)
    marks = [m.start() for m in re.finditer(r"\|", marked)]
    rows = _pipe_rows(marked)
    led = sum(lead for _, lead in rows.values()) > len(rows) / 2
    rest = _rest_lines(marked, rows)
    edges = [-1, *marks, len(text)]
    for left, right in pairwise(edges):
        pieces = _pieces(text, left + 1, right)
        closed = right < len(text)
        for n, (a, b) in enumerate(pieces, start=1):
            line = bisect_right(starts, a)
            last = closed and n == len(pieces)
            found.append(Cell(text[a:b], a, b, line, line if line in rows else -1, closed=last, joins=not last))
        if not pieces and left >= 0 and closed:
            line = bisect_right(starts, right)
            if line in rest:
                continue
            next_row = rows.get(line)
            if led and next_row and next_row[0] == right and "\n" in text[left:right]:
                continue  # a row led by |: what lies between two rows is no cell
            found.append(Cell("", right, right, line, line if next_row else -1, closed=True, joins=False))
    return found


def _pipe_rows(text: str) -> dict[int, tuple[int, bool]]:
    """Lines that hold a whole row, with the place of their first mark and whether the row is led by it."""
    found, at = dict[int, tuple[int, bool]](), 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(PIPE) >= 2 and line.strip(SPACES + PIPE):
            found[number] = (at + line.index(PIPE), line.lstrip(SPACES).startswith(PIPE))
        at += len(line) + 1
    return found


def _rest_lines(text: str, rows: dict[int, tuple[int, bool]]) -> set[int]:
    """Where every cell has a line of its own, a line of several marks is what merged cells left over: no cells."""
    lines = text.split("\n")
    single = sum(1 for line in lines if line.count(PIPE) == 1 and line.strip(SPACES + PIPE))
    if single <= len(rows):
        return set()
    return {n for n, line in enumerate(lines, start=1) if line.count(PIPE) > 1 and not line.strip(SPACES + PIPE)}


def _line_starts(text: str) -> list[int]:
    return [0, *(m.end() for m in re.finditer("\n", text))]
