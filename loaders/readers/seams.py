"""Pages → one transcript: tables that run over pages become one, page numbers and running heads stay out.

At a seam (a table ends a page, another begins the next) three things are mended: header rows that the next page
repeats, cells that run on from the page before, and a row that the page broke in two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.grids import Sheet
from loaders.labels import lexicon, plain
from loaders.readers.drawn import Line
from loaders.readers.ruled import Box, Table, levels
from loaders.values import value

SAME_PLACE = 4.0  # points
INDENT, FULL, APART = 0.8, 1.6, 1.5  # type sizes


@dataclass(slots=True)
class Flow:
    """What a page prints in order: lines and tables."""

    number: int
    width: float
    height: float
    items: list[Line | Table] = field(default_factory=list)


@dataclass(slots=True)
class Sewn:
    """A table over all its pages: its rows, and the cells that reach the end of the last page so far."""

    rows: list[list[Box]]
    open: list[Box]
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of running text, and where the text of its page begins and ends."""

    line: Line
    left: float
    right: float


def sheet(flows: Sequence[Flow]) -> Sheet:
    """The transcript of a document; page numbers and running heads are already out."""
    found: list[Placed | Sewn] = []
    edges = _edges(flows)
    for flow in flows:
        for n, item in enumerate(flow.items):
            if isinstance(item, Line):
                found.append(Placed(item, *edges[round(flow.width)]))
                continue
            last = found[-1] if found and n == 0 else None
            if isinstance(last, Sewn):
                _sew(last, item)
            else:
                found.append(Sewn(_filled(item), _open(item), item.x0, item.x1))
    return _written(found)


def _edges(flows: Sequence[Flow]) -> dict[int, tuple[float, float]]:
    """Where text begins and ends on pages of a width."""
    found: dict[int, tuple[float, float]] = {}
    for flow in flows:
        for item in flow.items:
            left, right = found.get(round(flow.width), (item.x0, item.x1))
            found[round(flow.width)] = min(left, item.x0), max(right, item.x1)
    return found


def _filled(table: Table) -> list[list[Box]]:
    """The rows that hold cells, without wholly empty ones at the page's edges: the page broke a row there."""
    rows = table.rows()
    while rows and not any(box.text for box in rows[-1]):
        rows.pop()
    while rows and not any(box.text for box in rows[0]):
        rows.pop(0)
    return rows


def _open(table: Table) -> list[Box]:
    return [box for box in table.boxes if box.bottom == table.depth - 1]


def _sew(above: Sewn, table: Table) -> None:
    _shift(above, table)
    rows = _without_head(above.rows, _filled(table))
    if above.rows and rows:
        rows[0] = _without_rest(above.open, rows[0])
        if _broken(above.rows[-1], rows[0]):
            rows = rows[1:]
    above.rows += rows
    above.open = _open(table)


def _shift(above: Sewn, table: Table) -> None:
    """Facing pages have different margins: bring a table of the same width below the one above."""
    aside = above.x0 - table.x0
    if abs(aside - (above.x1 - table.x1)) <= SAME_PLACE:
        for box in table.boxes:
            box.x0, box.x1 = box.x0 + aside, box.x1 + aside


def _words(row: list[Box]) -> list[str]:
    return [plain(box.text) for box in row]


def _without_head(above: list[list[Box]], rows: list[list[Box]]) -> list[list[Box]]:
    """The rows of a page without a header that repeats the table's own."""
    head = 0
    while head < min(len(above), len(rows)) and _words(above[head]) == _words(rows[head]) and _titles(rows[head]):
        head += 1
    if not head or head == len(rows):
        return rows
    if head == len(above) or _tables(above[-1]) & _tables(rows[head]):  # else the header of another, equal but for rows
        return rows[head:]
    return rows


def _titles(row: list[Box]) -> bool:
    """Whether a row holds no figure and no label that can only stand before a row."""
    names = [{name.axis for name in lexicon().find(plain(box.text))} for box in row if box.text]
    return bool(names) and not any(_figure(box) for box in row) and {"row"} not in names


def _tables(row: list[Box]) -> set[str]:
    """Which tables of the form have a row of this name."""
    return {name.table for box in row for name in lexicon().find(plain(box.text)) if box.text and name.axis == "row"}


def _figure(box: Box) -> bool:
    return bool(box.text) and value(box.text).state in {"number", "dash"}


def _without_rest(above: list[Box], row: list[Box]) -> list[Box]:
    """The first row of a page without the cells that belong to labels of the page before."""
    kept, leading = list[Box](), True
    for box in row:
        whole = next((b for b in above if _same_column(b, box)), None)
        if leading and whole is not None and whole.text and not _figure(whole):
            if not box.text:
                continue
            joined = plain(whole.text + box.text)
            if whole.bottom > whole.top and any(name.axis == "parent" for name in lexicon().find(joined)):
                whole.text += "\n" + box.text
                continue
        leading = leading and not box.text
        kept.append(box)
    return kept


def _same_column(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) <= SAME_PLACE and abs(one.x1 - other.x1) <= SAME_PLACE


def _broken(above: list[Box], below: list[Box]) -> bool:
    """Join the first row of a page to the last one of the page before where both are parts of one row."""
    pairs = [(next((b for b in above if _same_column(b, box)), None), box) for box in below]
    if any(whole is None for whole, _ in pairs) or not _parts(above, below):
        return False
    for whole, box in pairs:
        if whole is not None and box.text:
            whole.text = f"{whole.text}\n{box.text}" if whole.text else box.text
    return True


def _parts(above: list[Box], below: list[Box]) -> bool:
    figures = sum(any(_figure(box) for box in row) for row in (above, below))
    labels = [box for box in below if box.text and not _figure(box)]
    if figures > 1 or len(labels) > 1:
        return False
    if not labels:
        return figures == 1 and bool(_tables(above)) and any(_figure(box) for box in below)
    whole = next((b for b in above if _same_column(b, labels[0])), None)
    if whole is None or not whole.text or lexicon().find(plain(labels[0].text)):
        return False
    return any(name.axis == "row" for name in lexicon().find(plain(whole.text + labels[0].text)))


def _written(items: Sequence[Placed | Sewn]) -> Sheet:
    out, text = Sheet(), list[Placed]()
    for item in items:
        if isinstance(item, Placed):
            text.append(item)
            continue
        _paragraphs(out, text)
        text = []
        sides = levels(x for row in item.rows for box in row for x in (box.x0, box.x1))
        for row in item.rows:
            out.row([box.text for box in row], [_place(box, sides) for box in row])
        out.gap()
    _paragraphs(out, text)
    return out


def _place(box: Box, sides: list[float]) -> tuple[int, int]:
    """The column where a cell begins, counted over all pages of the table, and how many it spans."""
    first, last = (min(range(len(sides)), key=lambda n: abs(sides[n] - x)) for x in (box.x0, box.x1))
    return first, max(1, last - first)


def _paragraphs(out: Sheet, lines: list[Placed]) -> None:
    """Lines as paragraphs."""
    if not lines:
        return
    paragraph = lines[0].line.text
    for above, below in pairwise(lines):
        if _runs_on(above, below):
            paragraph += below.line.text
        else:
            out.paragraph(paragraph)
            paragraph = below.line.text
    out.paragraph(paragraph)


def _runs_on(above: Placed, below: Placed) -> bool:
    """A line that reaches the right edge goes on in the next one, if that is not indented and not a heading."""
    line, after = above.line, below.line
    return (
        line.x1 > above.right - FULL * line.size
        and after.x0 < below.left + INDENT * after.size
        and abs(line.size - after.size) < 1
        and not any(_in_columns(some) or _known(some) for some in (line, after))
    )


def _known(line: Line) -> bool:
    return bool(lexicon().find(plain(line.text)))


def _in_columns(line: Line) -> bool:
    return any(after[1] - word[2] > APART * line.size for word, after in pairwise(line.words))
