"""Values below their columns, in containers that show every printed cell with its row and column (HTML, Word, …).

Text layouts lose blank cells and merge rows; here nothing is lost, so nothing is guessed: a row's values are the cells
of its own printed row, as many as the header has columns. Only blank padding outside the columns, and blank cells
merged over whole columns, may differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from loaders.errors import Refused
from loaders.labels import Hit
from loaders.walk import Block, Row, Token

OTHER_WIDTH = "这一行的格数多于列标题，多出的是空格"
OTHER_PLACES = "这一行的格子与列标题上下对不齐"


def shown(rows: Sequence[Row], above: Sequence[Token]) -> bool:
    """Whether a table stands in printed rows; false where it is running text. Raises Refused where it is both."""
    loose = sum(row.label.row < 0 for row in rows)
    if loose and (loose < len(rows) or any(head.row >= 0 for head in above)):
        raise Refused("ROW_CELLS", f"有 {loose} 行不在表格的行里")
    return bool(rows) and not loose


def heads(block: Block, columns: Sequence[Hit]) -> list[Token]:
    """The header cell of each column."""
    found = {token.start: token for token in block.header if token.text}
    return [found[hit.start] for hit in columns]


def ordered(columns: list[Hit], above: list[Token]) -> list[Hit]:
    """The columns from left to right, where the header's order is not the form's and the layout shows columns."""
    places = [token.column for token in above]
    if not any(hit.doubt for hit in columns) or min(places) < 0 or len(set(places)) < len(places):
        return columns
    return [hit for _, hit in sorted(zip(places, columns, strict=True), key=lambda pair: pair[0])]


def settle(rows: Sequence[Row], above: Sequence[Token], last: Row | None) -> dict[int, tuple[list[Token | None], str]]:
    """For each row (by the place of its label) a cell for every column, and a doubt or "".

    `last` is the row in which the document may have been cut. Raises Refused (ROW_CELLS, ROW_LABEL_MISSING, TEXT_ENDS).
    """
    own = {row.label.start: _own(row) for row in rows}
    padded = len(rows) > 1 and len({len(cells) for cells in own.values()}) == 1  # a blank column beside the table
    # A spreadsheet's labels without merges: some reach the columns, so that the header stands above its own values.
    reaches = any(row.label.column + row.label.span == above[0].column for row in rows)
    found = {}
    for row in rows:
        printed = own[row.label.start]
        cells = _fitted(row, printed, above, row is last)
        beside = _beside_label(printed, above)
        odd = len(printed) > len(above) and (not reaches if beside else not padded)
        found[row.label.start] = (cells, OTHER_WIDTH if odd else "")
    shapes = {start: _shape(cells, above) for start, (cells, _) in found.items()}
    common = Counter(shapes.values()).most_common(1)[0][0]
    return {
        start: (cells, doubt or (OTHER_PLACES if shapes[start] != common else ""))
        for start, (cells, doubt) in found.items()
    }


def strip(values: Sequence[Token], above: Sequence[Token], at_end: bool) -> tuple[list[Token], str]:
    """The one printed row of values below the header's results, and a doubt or "".

    Raises Refused (ROW_CELLS, TEXT_ENDS).
    """
    width = len(above)
    printed = [list(some) for _, some in groupby(values, key=lambda token: token.row)]
    filled = [row for row in printed if any(token.text for token in row)]
    if len(filled) > 1:
        raise Refused("ROW_CELLS", f"复议诉讼表有 {len(filled)} 行数值，表式为 1 行")
    row = filled[0] if filled else next((row for row in printed if len(row) >= width), [])
    kept = row if len(row) <= width else _trimmed(row, above)
    if len(kept) != width:
        reason = "TEXT_ENDS" if at_end and len(row) < width else "ROW_CELLS"
        raise Refused(reason, f"复议诉讼表的数值行有 {len(row)} 格，表式为 {width} 格")
    return kept, OTHER_WIDTH if len(row) > width else ""


def _own(row: Row) -> list[Token]:
    astray = [cell for cell in row.values if cell.row != row.label.row and cell.text]
    if astray:
        texts = "、".join(cell.text for cell in astray[:7])
        raise Refused("ROW_LABEL_MISSING", f"“{row.label.text}”之后另有一行数值没有行标题：{texts}")
    return [cell for cell in row.values if cell.row == row.label.row]


def _fitted(row: Row, printed: list[Token], above: Sequence[Token], is_last: bool) -> list[Token | None]:
    width = len(above)
    if len(printed) == width:
        return list(printed)
    if len(printed) > width:
        kept = _trimmed(printed, above)
        if len(kept) == width:
            return list(kept)
    else:
        spread = _spread(printed, above)
        if spread is not None:
            return spread
    reason = "TEXT_ENDS" if is_last and len(printed) < width else "ROW_CELLS"
    raise Refused(reason, f"“{row.label.text}”有 {len(printed)} 格，表式为 {width} 格")


def _beside_label(printed: Sequence[Token], above: Sequence[Token]) -> bool:
    """Whether the blank cells too many lie between the label and the columns."""
    first = above[0].column
    left = sum(0 <= cell.column < first for cell in printed)
    return all(cell.column >= 0 for cell in printed) and len(printed) - left == len(above)


def _trimmed(cells: list[Token], above: Sequence[Token]) -> list[Token]:
    """The cells without blank padding outside the columns, or on the one side where it can be; else all of them."""
    width = len(above)
    if all(token.column >= 0 for token in (*cells, *above)):
        inside = [c for c in cells if any(head.column <= c.column < head.column + head.span for head in above)]
        outside = [c for c in cells if c not in inside]
        return cells if any(c.text for c in outside) else inside
    extra = len(cells) - width
    before = next((n for n, cell in enumerate(cells) if cell.text), len(cells))
    behind = next((n for n, cell in enumerate(reversed(cells)) if cell.text), len(cells))
    if before == len(cells) or (before == 0 and behind >= extra):
        return cells[:width]
    return cells[extra:] if behind == 0 and before >= extra else cells


def _spread(cells: list[Token], above: Sequence[Token]) -> list[Token | None] | None:
    """A cell for every column where blank cells are merged over whole columns; None where a filled cell is."""
    by_column = {cell.column: cell for cell in cells if cell.column >= 0}
    found, at, until = list[Token | None](), 0, -1
    for head in above:
        cell = by_column.get(head.column)
        if cell is not None:
            if cell.text and cell.span != head.span:
                return None
            found.append(cell)
            at, until = at + 1, cell.column + cell.span
        elif found and head.column + head.span <= until and not (found[-1] and found[-1].text):
            found.append(None)  # below the same blank cell as the column before: it has no place of its own
        else:
            return None
    return found if at == len(cells) and until == above[-1].column + above[-1].span else None


def _shape(cells: Sequence[Token | None], above: Sequence[Token]) -> tuple[int, ...]:
    """How far each cell stands from its column, against the first: all alike in a sound table."""
    if any(head.column < 0 for head in above):
        return ()
    apart = [cell.column - head.column if cell else None for cell, head in zip(cells, above, strict=True)]
    first = next((n for n in apart if n is not None), 0)
    return tuple(0 if n is None else n - first for n in apart)
