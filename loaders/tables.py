"""A block becomes a table of the form, whole or refused with a reason.

Rows are tied to the form by their labels, columns by their header; position only helps where a header label is cut
or misspelt and all others agree. A table whose rows, columns or counts don't fit any vintage of the form is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from typing import NamedTuple

from codebook import Layout, Measure, book
from loaders import headers, placing, rowcells
from loaders.errors import Refused
from loaders.labels import Hit, along, lexicon, numeral
from loaders.values import value
from loaders.walk import Block, Row, Token

NUMERALS = {"一": "1", "二": "2", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10", "十四": "14"}


class TableCell(NamedTuple):
    """A value cell tied to its row and column; start is -1 where the layout left no trace of a blank cell.

    `how` tells how the cell was set apart where no mark of the layout does it.
    """

    measure: Measure
    applicant: str
    row: Hit
    column: Hit
    text: str
    start: int
    end: int
    line: int
    closed: bool
    doubt: str = ""
    how: str = ""
    unit: str = ""  # printed in the row's own unit column (the lists of before 2019)


@dataclass(slots=True)
class TableReading:
    """What came of one table: its cells, or why it was refused."""

    table: str
    status: str
    layout: Layout | None = None
    cells: list[TableCell] = field(default_factory=list)
    reason: str = ""
    detail: str = ""
    labels: list[Hit] = field(default_factory=list)
    start: int = 0
    end: int = 0
    unit: str = ""
    audit: str = ""  # what came of a second reading: agrees, differs, unread; "" where there was none
    hollow: bool = False  # refused, and no value stood in it: a header that a page break repeats


def read(block: Block, blanks: bool, last: bool, exact: bool = False) -> list[TableReading]:
    """The table in a block; `last` says that nothing stands behind it. Several where a lost header fused tables.

    `exact`: the container shows every printed cell with its row (loaders.grids.Grid).
    """
    names = _tables_of(block)
    if not names:
        return []
    if blanks and not exact:
        for row in block.rows:
            row.values = rowcells.whole(row.values)
    try:
        if len(names) > 1:
            raise Refused("HEADER_MISSING", "标题行缺失，几张表连在一起：" + "、".join(sorted(names)))
        (table,) = names
        reader = _strip if block.family == "review" else partial(_grid, table)
        return [reader(block, blanks, last, exact)]
    except Refused as no:
        found = []
        for table in sorted(names):
            reading = TableReading(
                table,
                "incomplete",
                reason=no.reason,
                detail=no.detail,
                labels=[hit for hit in no.labels if isinstance(hit, Hit)],
            )
            reading.start, reading.end = block.start, block.end
            reading.layout = headers.likely(block, table)
            found.append(reading)
        return found


def _tables_of(block: Block) -> set[str]:
    if block.family in {"requests", "review"}:
        return {block.family}
    rows = [{n.table for n in row.names} for row in block.rows if row.names]
    if rows:
        common = set.intersection(*rows)
        if common:
            return common & _headed(block) or common
        return set.union(*rows)
    if block.mark is not None:
        number = numeral(block.mark.plain)
        table = "proactive.other" if number is None else f"proactive.20_{NUMERALS.get(number, '')}"
        if table in book().tables:
            return {table}
    headed = _headed(block)
    return headed if len(headed) == 1 else set()


def _headed(block: Block) -> set[str]:
    found = [{n.table for n in token.named("column", "proactive")} for token in block.header]
    found = [tables for tables in found if tables]
    return set.intersection(*found) if found else set()


def _grid(table: str, block: Block, blanks: bool, last: bool, exact: bool) -> TableReading:
    rows = _drop_parents(table, block.rows)
    if not rows and not block.orphans:
        at_end = last and block.ended == "end"
        raise Refused("TEXT_ENDS" if at_end else "ROWS_MISSING", "只有标题行" + ("，文本在此处结束" if at_end else ""))
    _refuse_unknown(table, block, rows)
    layout, columns = headers.match(table, block, tuple(_key(row, table) for row in rows), last)
    reading = TableReading(table, "read", layout, start=block.start, end=block.end)
    reading.unit = headers.unit(block, layout)
    order = [row.key for row in layout.rows]
    shuffled = [_key(row, table) for row in rows] != order
    by_key = {_key(row, table): row for row in rows}
    settled = None
    if exact and placing.shown(rows, placing.heads(block, columns)):
        columns = placing.ordered(columns, placing.heads(block, columns))
        cut = rows[-1] if last and block.ended == "end" else None
        settled = placing.settle(rows, placing.heads(block, columns), cut)
    ruler = rowcells.Ruler(block, rows, len(layout.columns), blanks)
    for line in layout.rows:
        row = by_key[line.key]
        hit = _row_hit(table, row, line.key)
        measures = [book().cell(table, line.key, column.key) for column in columns]
        at_end = last and row is rows[-1] and block.ended == "end"
        kinds = [measure.kind for measure in measures]
        fitted, remark = settled[row.label.start] if settled is not None else ruler.fit(row, kinds, at_end)
        shifted = rowcells.moved(fitted, kinds)
        for column, measure, token in zip(columns, measures, fitted, strict=True):
            applicant = column.key if table == "requests" else ""
            cell = _cell(measure, applicant, hit, column, token)
            doubt = cell.doubt or remark or shifted or ("行的次序与表式不同" if shuffled else "")
            reading.cells.append(cell._replace(doubt=doubt) if doubt else cell)
    rows_read = (cell.row for cell in reading.cells[:: len(layout.columns)])
    reading.labels = [*along("column", columns), *along("row", rows_read)]
    return _finish(reading, block, last)


def _cell(measure: Measure, applicant: str, row: Hit, column: Hit, token: Token | None) -> TableCell:
    doubt = row.doubt or column.doubt
    if token is None:
        return TableCell(measure, applicant, row, column, "", -1, -1, row.start, True, doubt)
    return TableCell(
        measure, applicant, row, column, token.text, token.start, token.end, token.line, token.closed, doubt
    )


def _finish(reading: TableReading, block: Block, last: bool) -> TableReading:
    """Blank tables are said to be blank; a last cell with nothing behind it may have been cut off."""
    cells = reading.cells
    if all(value(cell.text, cell.measure.kind).state == "blank" for cell in cells):
        reading.status = "blank"
    if last and block.ended == "end" and not cells[-1].closed:
        cells[-1] = cells[-1]._replace(doubt=cells[-1].doubt or CUT)
    return reading


CUT = "文本在此处结束，末格可能被截断"


def _key(row: Row, table: str) -> str:
    return next(n.key for n in row.names if n.table == table)


def _row_hit(table: str, row: Row, key: str) -> Hit:
    token = row.label
    if row.hit is not None:
        return row.hit._replace(raw=token.text, start=token.start, end=token.end)
    name = next(n for n in row.names if n.table == table and n.key == key)
    return Hit(token.text, key, "alias" if name.match == "alias" else "exact", 100.0, token.start, token.end)


def _drop_parents(table: str, rows: list[Row]) -> list[Row]:
    """Leave out headings such as (六)其他处理 above its three rows: a row label without cells before its children."""
    parents, kept = headers.parents(table), list[Row]()
    for row, behind in zip_longest(rows, rows[1:]):
        is_parent = row.label.plain in parents and not any(v.text for v in row.values)
        if not (is_parent and behind is not None and headers.child_of(table, behind, row.label.plain)):
            kept.append(row)
    return kept


def _refuse_unknown(table: str, block: Block, rows: list[Row]) -> None:
    unknown = [row for row in rows if not any(n.table == table for n in row.names)]
    if unknown:
        hits = []
        for row in unknown:
            key, score, other, below = lexicon().nearest(row.label.plain, table, "row")
            place = (row.label.start, row.label.end)
            hits.append(Hit(row.label.text, "", "fuzzy", score, *place, key or other, below, axis="row"))
        raise Refused("UNKNOWN_LABEL", "行标题不在代码本中：" + "、".join(r.label.text for r in unknown), tuple(hits))
    if block.orphans:
        raise Refused("ROW_LABEL_MISSING", f"有 {len(block.orphans)} 个数值没有行标题")
    keys = [_key(row, table) for row in rows]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise Refused("ROW_TWICE", "行重复出现：" + "、".join(twice))


def _strip(block: Block, blanks: bool, last: bool, exact: bool) -> TableReading:
    """The review table: three groups of results side by side and one row of values."""
    layout, columns = headers.match_strip(block)
    width = layout.cells
    values = block.rows[0].values if block.rows else []
    fitted: list[Token | None]
    odd = ""
    if exact and all(token.row >= 0 for token in values):
        settled, odd = placing.strip(values, placing.heads(block, columns), last and block.ended == "end")
        fitted = list(settled)
    elif not any(token.text for token in values):
        if last and block.ended == "end":
            raise Refused("TEXT_ENDS", "文本在复议诉讼表的标题行之后结束")
        fitted = [None] * width
    else:
        fitted = list(rowcells.one_row(block, width, blanks, last and block.ended == "end"))
    odd = odd or rowcells.moved(fitted, ["flow"] * len(fitted))
    reading = TableReading("review", "read", layout, start=block.start, end=block.end)
    for (line, hit), column, token in zip(headers.strip_rows(layout, block), columns, fitted, strict=True):
        cell = _cell(book().cell("review", line, column.key), "", hit, column, token)
        reading.cells.append(cell._replace(doubt=odd) if odd and not cell.doubt else cell)
    reading.labels = along("column", columns)
    return _finish(reading, block, last)
