"""Tables whose cells ran together, e.g. 行政许可000 or a row 200000121: cut where only one way to cut them is left.

The labels tell the table, its rows and how many cells stand behind each; the sums that the form prescribes tell where
one cell ends. A table is read where exactly one cutting of all its rows is possible, else it is refused. Without sums
000 is three zeros, 100 is 1 0 0 with a doubt (it may be 100 beside two blank cells), 396442278 is refused.

score 100  the count of cells alone, or the spaces between them, leave one way
       95  the sums of the row leave one way, those of the columns bear it out (a doubt where there are none)
       90  the sums of the columns are needed too
       50  the rows have one way each, but the columns don't add up: every cell carries a doubt
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codebook import Measure, book
from loaders.errors import Refused
from loaders.glue import balance, runs
from loaders.glue.balance import Sums
from loaders.glue.choosing import BY_COUNT, BY_ROW, BY_TABLE, UNBALANCED, Chosen, Line, choose
from loaders.glue.cuts import Budget, Sum, grammar
from loaders.glue.runs import Found
from loaders.glue.squeezed import Squeezed
from loaders.labels import along, unit_in
from loaders.tables import CUT, TableCell, TableReading

HOW = {
    BY_COUNT: "连排，只有一种切法",
    BY_ROW: "连排，按行内勾稽切分",
    BY_TABLE: "连排，按全表勾稽切分",
    UNBALANCED: "连排，按行内勾稽切分",
}


def read(table: str, squeezed: Squeezed, budget: Budget) -> TableReading | None:
    """A table whose labels all stand in the text with cells run together, read or refused; None where there is none."""
    found = [_read(table, one, squeezed, budget) for one in runs.find(table, squeezed)]
    if not found:
        return None
    first = found[0]
    texts = [[cell.text for cell in one.cells] for one in found]
    if len(found) > 1 and (first.status == "incomplete" or any(some != texts[0] for some in texts)):
        return _refused(first, "TABLE_TWICE", "同一张表出现两次，数值不同或无法读取")
    return first


def _read(table: str, found: Found, squeezed: Squeezed, budget: Budget) -> TableReading:
    reading = TableReading(table, "read", found.layout, start=found.start, end=found.end)
    reading.labels = [*along("column", found.columns), *along("row", found.rows)]
    reading.unit = next((unit for column in found.columns if (unit := unit_in(column.raw))), "")
    try:
        lines = _lines(found)
        _refuse_odd(found, lines)
        if not any(line.run.chars for line in lines):
            reading.status = "blank"
            reading.cells = list(_blank(found))
            return reading
        chosen = choose(lines, _sums(found).across, found.apart, budget)
        reading.cells = list(_cells(found, squeezed, chosen))
    except Refused as no:
        return _refused(reading, no.reason, no.detail)
    return reading


def _refused(reading: TableReading, reason: str, detail: str) -> TableReading:
    return replace(reading, status="incomplete", reason=reason, detail=detail, cells=[])


def _measures(found: Found) -> list[list[Measure]]:
    """The quantities behind each run; a strip has all its groups in one."""
    layout = found.layout
    rows = [[book().cell(layout.table, row.key, column.key) for column in layout.columns] for row in layout.rows]
    return [[measure for row in rows for measure in row]] if layout.shape == "strip" else rows


def _sums(found: Found) -> Sums:
    layout = found.layout
    known = balance.sums(layout.table, layout.forms)
    if layout.shape != "strip":
        return known
    width = len(layout.columns)
    joined = [
        Sum(tuple((s, c + r * width) for s, c in one.terms)) for r, some in enumerate(known.within) for one in some
    ]
    return Sums((tuple(joined),), ())


def _lines(found: Found) -> list[Line]:
    sums = _sums(found).within
    rows = zip(found.rows[: len(found.runs)], found.runs, _measures(found), sums, found.ends, strict=True)
    return [
        Line(hit.raw.replace("\n", ""), run, tuple(grammar(m.kind) for m in some), within, end)
        for hit, run, some, within, end in rows
    ]


def _refuse_odd(found: Found, lines: Sequence[Line]) -> None:
    """What no sum can mend: a table that runs into other text, and rows without any figure beside others with some."""
    empty = [line.name for line in lines if not line.run.chars]
    if empty and found.tail == "end":
        raise Refused("TEXT_ENDS", f"文本在“{empty[-1]}”之后结束")
    if found.tail == "unclear":
        raise Refused("GLUED_TAIL", "表的末格之后紧接其他文字，末格止于何处无法判断")
    if empty and len(empty) < len(lines):
        raise Refused("GLUED_BLANKS", "单元格连排，有的行没有数值：" + "、".join(empty[:5]))


def _cells(found: Found, squeezed: Squeezed, chosen: Sequence[Chosen]) -> Iterator[TableCell]:
    layout, width = found.layout, len(found.layout.columns)
    summed = any(_sums(found).within)
    rows = zip(chosen, found.at, _measures(found), strict=True)
    for line, (one, at, measures) in enumerate(rows):
        for n, (cell, measure) in enumerate(zip(one.cut.cells, measures, strict=True)):
            if cell is None:
                raise RuntimeError("a blank cell among cut ones")
            start, end = squeezed.span(at + cell[0], at + cell[1])
            last = one is chosen[-1] and n + 1 == len(measures) and found.tail == "end"
            cut_off = last and not _complete(summed, measure, squeezed.text[start:end])
            column = found.columns[n % width]
            yield TableCell(
                measure=measure,
                applicant=column.key if layout.table == "requests" else "",
                row=found.rows[n // width if layout.shape == "strip" else line],
                column=column if len(measures) == 1 else column._replace(match="position", score=one.score),
                text=squeezed.text[start:end],
                start=start,
                end=end,
                line=squeezed.text.count("\n", 0, start) + 1,
                closed=not last,
                doubt="；".join(filter(None, (one.doubt, CUT if cut_off else ""))),
                how=HOW[one.score] if len(measures) > 1 else "",
            )


def _complete(summed: bool, measure: Measure, text: str) -> bool:
    """Whether a cell at the very end of the text can't have lost digits: a sum covers it, or no digit follows a zero."""
    return summed or (text == "0" and measure.kind != "money")


def _blank(found: Found) -> Iterator[TableCell]:
    layout = found.layout
    for row in found.rows:
        for column in found.columns:
            measure = book().cell(layout.table, row.key, column.key)
            applicant = column.key if layout.table == "requests" else ""
            yield TableCell(measure, applicant, row, column, "", -1, -1, row.start, True)
