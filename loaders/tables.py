"""A block becomes a table of the form, whole or refused with a reason.

Rows are tied to the form by their labels, columns by their header; position only helps where a header label is cut
or misspelt and all others agree. A table whose rows, columns or counts don't fit any vintage of the form is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby, zip_longest

from codebook import Layout, Measure, book
from loaders import headers, placing
from loaders.errors import Refused
from loaders.labels import Hit, lexicon, numeral
from loaders.values import value
from loaders.walk import Block, Row, Token

NUMERALS = {"一": "1", "二": "2", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10", "十四": "14"}


@dataclass(frozen=True, slots=True)
class TableCell:
    """A value cell tied to its row and column; start is -1 where the layout left no trace of a blank cell."""

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
    hollow: bool = False  # refused, and no value stood in it: a header that a page break repeats


def read(block: Block, blanks: bool, last: bool, exact: bool = False) -> list[TableReading]:
    """The table in a block; `last` says that nothing stands behind it. Several where a lost header fused tables.

    `exact`: the container shows every printed cell with its row (loaders.grids.Grid).
    """
    names = _tables_of(block)
    if not names:
        return []
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
    leading = blanks and _pads_lead(rows, len(layout.columns))
    settled = None
    if exact and placing.shown(rows, placing.heads(block, columns)):
        columns = placing.ordered(columns, placing.heads(block, columns))
        cut = rows[-1] if last and block.ended == "end" else None
        settled = placing.settle(rows, placing.heads(block, columns), cut)
    for line in layout.rows:
        row = by_key[line.key]
        hit = _row_hit(table, row, line.key)
        measures = [book().cell(table, line.key, column.key) for column in columns]
        at_end = last and row is rows[-1] and block.ended == "end"
        fitted, odd = (
            settled[row.label.start]
            if settled is not None
            else (_fit(row, [measure.kind for measure in measures], blanks, leading, at_end), "")
        )
        odd = odd or ("行的次序与表式不同" if shuffled else "")
        for column, measure, token in zip(columns, measures, fitted, strict=True):
            applicant = column.key if table == "requests" else ""
            cell = _cell(measure, applicant, hit, column, token)
            reading.cells.append(replace(cell, doubt=odd) if odd and not cell.doubt else cell)
    reading.labels = [*columns, *(cell.row for cell in reading.cells[:: len(layout.columns)])]
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
        cells[-1] = replace(cells[-1], doubt=cells[-1].doubt or CUT)
    return reading


CUT = "文本在此处结束，末格可能被截断"


def _key(row: Row, table: str) -> str:
    return next(n.key for n in row.names if n.table == table)


def _row_hit(table: str, row: Row, key: str) -> Hit:
    token = row.label
    if row.hit is not None:
        return replace(row.hit, raw=token.text, start=token.start, end=token.end)
    name = next(n for n in row.names if n.table == table and n.key == key)
    return Hit(token.text, key, "alias" if name.match == "alias" else "exact", 100.0, token.start, token.end)


def _drop_parents(table: str, rows: list[Row]) -> list[Row]:
    """Leave out headings such as (六)其他处理 above its three rows: a row label without cells before its children."""
    parents = {lexicon_text for layout in book().layouts[table] for lexicon_text in headers.parents(layout)}
    kept = []
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
            hits.append(Hit(row.label.text, "", "fuzzy", score, -1, -1, key or other, below))
        raise Refused("UNKNOWN_LABEL", "行标题不在代码本中：" + "、".join(r.label.text for r in unknown), tuple(hits))
    if block.orphans:
        raise Refused("ROW_LABEL_MISSING", f"有 {len(block.orphans)} 个数值没有行标题")
    keys = [_key(row, table) for row in rows]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise Refused("ROW_TWICE", "行重复出现：" + "、".join(twice))


def _pads_lead(rows: list[Row], width: int) -> bool:
    return any(len(r.values) > width and not r.values[0].text and r.values[-1].text for r in rows)


def _fit(row: Row, kinds: list[str], blanks: bool, leading: bool, at_end: bool) -> list[Token | None]:
    """The row's cells, as many as the form has columns; None for a blank that left no trace."""
    width, cells = len(kinds), list[Token | None](row.values)
    filled = [cell for cell in row.values if cell.text]
    if not blanks:
        cells = list[Token | None](filled)
    else:
        line = [cell for cell in row.values if cell.row == row.label.row >= 0]
        if len(line) >= width and not any(cell.text for cell in row.values[len(line) :]):
            cells = list[Token | None](line)  # what follows is blank and begins the next printed row
    if not filled:
        if at_end:
            raise Refused("TEXT_ENDS", f"文本在“{row.label.text}”之后结束")
        return (cells + [None] * width)[:width]
    if len(cells) > width:
        if leading and not _text(cells[0]) and not _text(cells[-1]):
            raise Refused("ROW_CELLS", f"“{row.label.text}”有 {len(cells)} 格，空格在前还是在后无法判断")
        while len(cells) > width and not _text(cells[-1]):
            cells.pop()
        while len(cells) > width and not _text(cells[0]):
            cells.pop(0)
    if len(cells) == width:
        return cells
    if len(cells) < width and at_end:
        raise Refused("TEXT_ENDS", f"文本在“{row.label.text}”一行中结束：{len(cells)} 格，表式为 {width} 格")
    placed = _by_kind(filled, kinds) if len(filled) < width else None
    if placed is None:
        raise Refused("ROW_CELLS", f"“{row.label.text}”有 {len(cells)} 格，表式为 {width} 格")
    return placed


def _text(token: Token | None) -> str:
    return token.text if token else ""


def _by_kind(filled: list[Token], kinds: list[str]) -> list[Token | None] | None:
    """Cells told apart by what the form asks for (a channel, yes or no, a count); None unless just one way fits."""
    if len(set(kinds)) == 1 or not {"text", "yes_no"} & set(kinds):
        return None
    ways: list[list[Token | None]] = [[]]
    for n, kind in enumerate(kinds):
        longer = []
        for way in ways:
            used = sum(1 for token in way if token)
            if used < len(filled) and _suits(filled[used].text, kind):
                longer.append([*way, filled[used]])
            if len(kinds) - n > len(filled) - used:
                longer.append([*way, None])
        ways = longer
    ways = [way for way in ways if sum(1 for token in way if token) == len(filled)]
    return ways[0] if len(ways) == 1 else None


def _suits(text: str, kind: str) -> bool:
    if kind == "yes_no":
        return text in {"是", "否", "有", "无", "已更新", "未更新"}
    number = value(text).state in {"number", "dash"}
    return not number if kind == "text" else number


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
        fitted = list(_one_row(values, width, blanks, last and block.ended == "end"))
    reading = TableReading("review", "read", layout, start=block.start, end=block.end)
    for (line, hit), column, token in zip(headers.strip_rows(layout, block), columns, fitted, strict=True):
        cell = _cell(book().cell("review", line, column.key), "", hit, column, token)
        reading.cells.append(replace(cell, doubt=odd) if odd and not cell.doubt else cell)
    reading.labels = list(columns)
    return _finish(reading, block, last)


def _one_row(values: list[Token], width: int, blanks: bool, at_end: bool) -> list[Token]:
    """The values of the one row among blank cells that may be padding of the header before or of the row behind."""
    filled = [n for n, token in enumerate(values) if token.text]
    if len(filled) == width:
        return [values[n] for n in filled]
    if blanks and len(filled) < width <= len(values):
        for _, some in groupby(values, key=lambda token: token.row):
            row = list(some)
            if row[0].row >= 0 and len(row) >= width and sum(1 for t in row[:width] if t.text) == len(filled):
                return row[:width]
        if filled[-1] == len(values) - 1 and filled[0] >= len(values) - width:
            return values[-width:]
        if len(values) == width or (filled[0] == 0 and filled[-1] < width):
            return values[:width]
    if at_end and len(filled) < width:
        raise Refused("TEXT_ENDS", f"文本在复议诉讼表中结束：{len(filled)} 格，表式为 {width} 格")
    raise Refused("ROW_CELLS", f"复议诉讼表有 {len(filled)} 个数值，表式为 {width} 格")
