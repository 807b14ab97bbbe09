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
from dataclasses import dataclass, replace

from codebook import Measure, book
from loaders import balance, runs
from loaders.balance import Sums
from loaders.cuts import MOST, Budget, Cut, Run, Sum, cuts, grammar, parted, search
from loaders.errors import Refused
from loaders.labels import Hit, unit_in
from loaders.runs import Found
from loaders.squeezed import Squeezed
from loaders.tables import CUT, TableCell, TableReading

BY_COUNT, BY_ROW, BY_TABLE, UNBALANCED = 100.0, 95.0, 90.0, 50.0
HOW = {
    BY_COUNT: "连排，只有一种切法",
    BY_ROW: "连排，按行内勾稽切分",
    BY_TABLE: "连排，按全表勾稽切分",
    UNBALANCED: "连排，按行内勾稽切分",
}
NOT_BALANCED = "连排数字只按行内勾稽切分：各列勾稽不成立，切法没有旁证"
Across = tuple[tuple[balance.Term, ...], ...]
NO_WITNESS = "连排数字只凭组内之和切分，没有别的勾稽可以旁证"
ENOUGH = 3  # spaces that stand between cells beyond doubt before others are taken to do so


@dataclass(frozen=True, slots=True)
class Line:
    """One run with what its cells may be."""

    run: Run
    kinds: tuple[str, ...]
    sums: tuple[Sum, ...]
    end: str = ""  # an ordinal of the next label that the run may end with


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cut of a line, how sure it is, and why it should not be trusted without a look."""

    run: Run
    cut: Cut
    score: float
    doubt: str = ""


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
    reading.labels = [*found.columns, *found.rows]
    reading.unit = next((unit for column in found.columns if (unit := unit_in(column.raw))), "")
    try:
        lines = _lines(found)
        _refuse_odd(found, lines)
        if not any(line.run.chars for line in lines):
            reading.status = "blank"
            reading.cells = list(_blank(found))
            return reading
        reading.cells = list(_cells(found, squeezed, _choose(found, lines, budget)))
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
    rows = zip(found.runs, _measures(found), sums, found.ends, strict=True)
    return [Line(run, tuple(grammar(m.kind) for m in some), within, end) for run, some, within, end in rows]


def _refuse_odd(found: Found, lines: Sequence[Line]) -> None:
    """What no sum can mend: a table that runs into other text, and rows without any figure beside others with some."""
    empty = [hit.raw for hit, line in zip(found.rows, lines, strict=False) if not line.run.chars]
    if empty and found.tail == "end":
        raise Refused("TEXT_ENDS", f"文本在“{empty[-1]}”之后结束")
    if found.tail == "unclear":
        raise Refused("GLUED_TAIL", "表的末格之后紧接其他文字，末格止于何处无法判断")
    if empty and len(empty) < len(lines):
        raise Refused("GLUED_BLANKS", "单元格连排，有的行没有数值：" + "、".join(empty[:5]))


def _choose(found: Found, lines: Sequence[Line], budget: Budget) -> list[Chosen]:
    if not any(line.sums for line in lines) and not _sums(found).across:
        apart = [parted(line.run, line.kinds) for line in lines] if found.apart else []
        if all(apart) and apart:
            return [Chosen(line.run, cut, BY_COUNT) for line, cut in zip(lines, apart, strict=True) if cut]
        return [_only(hit, line, budget) for hit, line in zip(found.rows, lines, strict=False)]
    options = [list(_options(line, budget)) for line in lines]
    across = _sums(found).across
    ways = _ways(options, across, budget)
    if not ways:
        return _unbalanced(found, lines, options, budget)
    if len(ways) > 1 and _spaces_part(options):
        parting = [[one for one in some if not one[1].spans_gap(one[0])] for some in options]
        fewer = _ways(parting, across, budget)
        options, ways = (parting, fewer) if fewer else (options, ways)
    picked = [some[n] for some, n in zip(options, ways[0], strict=True)]
    if len(ways) > 1:
        raise Refused("GLUED_AMBIGUOUS", _several(found, options, ways))
    if any(cut.spans_gap(run) for run, cut in picked):
        raise Refused("GLUED_SPACED", "只有把数字中间的空格算作同一格才能平衡")
    scored = zip(lines, options, picked, strict=True)
    return [_scored(line, some, one, bool(across), budget) for line, some, one in scored]


def _ways(options: Sequence[Sequence[tuple[Run, Cut]]], across: Across, budget: Budget) -> list[tuple[int, ...]]:
    return balance.solutions([[cut.values for _, cut in some] for some in options], across, budget)


def _options(line: Line, budget: Budget) -> Iterator[tuple[Run, Cut]]:
    """The ways to cut a line whose sums hold, with and without the ordinal that it may end with."""
    apart = parted(line.run, line.kinds)
    if apart is not None and _holds(apart, line.sums):
        yield line.run, apart  # as many parts as cells: the spaces stand between cells
        return
    for run in _variants(line):
        ways = cuts(run, line.kinds, line.sums, budget)
        if len(ways) > MOST:
            raise Refused("GLUED_UNDECIDED", f"“{run.chars}”符合行内勾稽的切法超过 {MOST} 种")
        for cut in ways:
            yield run, cut


def _variants(line: Line) -> Iterator[Run]:
    yield line.run
    if line.end and line.run.chars.endswith(line.end):
        yield line.run.head(len(line.run.chars) - len(line.end))


def _holds(cut: Cut, sums: Sequence[Sum]) -> bool:
    return all(sum(sign * cut.values[place] for sign, place in one.terms) == 0 for one in sums)


def _only(hit: Hit, line: Line, budget: Budget) -> Chosen:
    """The single way to cut a line without sums, spaces set aside; a doubt where blank cells would allow others."""
    run, ways = line.run, cuts(line.run, line.kinds, (), budget)
    if not ways:
        raise Refused("GLUED_UNCUT", f"“{hit.raw}”的“{run.chars}”切不成表式的 {len(line.kinds)} 格")
    if len(ways) > 1:
        count = f"{len(ways)} 种" if len(ways) <= MOST else f"{MOST} 种以上的"
        shown = "；".join(cut.texts(run) for cut in ways[:3])
        raise Refused("GLUED_AMBIGUOUS", f"“{hit.raw}”的“{run.chars}”有 {count}切法：{shown} …")
    if ways[0].spans_gap(run):
        raise Refused("GLUED_SPACED", f"“{hit.raw}”的数字中间有空格，是一格还是几格无法判断")
    blank = _with_blanks(line, budget) if len(line.kinds) > 1 else ""
    if blank and "money" in line.kinds:
        raise Refused("GLUED_AMBIGUOUS", f"“{hit.raw}”的“{run.chars}”若有空白格则另有切法：{blank}")
    return Chosen(run, ways[0], BY_COUNT, f"连排；若有空白格则另有切法，如 {blank}" if blank else "")


def _with_blanks(line: Line, budget: Budget) -> str:
    """One way to cut a line that leaves cells blank; "" where there is none."""
    fewer = (cut for cut in search(line.run, line.kinds, (), budget, blanks=True) if None in cut.cells)
    cut = next(fewer, None)
    return cut.texts(line.run) if cut else ""


def _spaces_part(options: Sequence[Sequence[tuple[Run, Cut]]]) -> bool:
    """Whether spaces stand between cells: enough do so beyond doubt, and none is inside a cell."""
    sure = [some[0] for some in options if len(some) == 1]
    return sum(len(run.gaps) for run, _ in sure) >= ENOUGH and not any(cut.spans_gap(run) for run, cut in sure)


def _several(found: Found, options: Sequence[Sequence[tuple[Run, Cut]]], ways: Sequence[tuple[int, ...]]) -> str:
    total = found.layout.cells
    rows = [set(some) for some in zip(*ways, strict=True)]
    alike = sum(
        len({options[row][n][1].values[column] for n in some}) == 1
        for row, some in enumerate(rows)
        for column in range(len(options[row][0][1].values))
    )
    unlike = [
        f"{found.rows[row].raw} " + " 或 ".join(options[row][n][1].texts(options[row][n][0]) for n in sorted(some)[:2])
        for row, some in enumerate(rows)
        if len(some) > 1
    ]
    count = f"至少 {len(ways)}" if len(ways) >= balance.MOST_SOLUTIONS else f"{len(ways)}"
    return f"满足全部勾稽的切法有 {count} 种，{total} 格中 {alike} 格各法相同；不同的行：" + "；".join(unlike[:4])


def _scored(
    line: Line, options: Sequence[tuple[Run, Cut]], one: tuple[Run, Cut], witnessed: bool, budget: Budget
) -> Chosen:
    """`witnessed` says that sums across the rows hold, which had no part in cutting this one."""
    run, cut = one
    if len(options) > 1:
        return Chosen(run, cut, BY_TABLE)
    if len(line.run.parts) == len(line.kinds) or _forced(line, budget) is not None:
        return Chosen(run, cut, BY_COUNT)
    return Chosen(run, cut, BY_ROW, "" if witnessed else NO_WITNESS)


def _forced(line: Line, budget: Budget) -> tuple[Run, Cut] | None:
    """The cut of a line that has as many characters as cells, whatever the sums."""
    if len(line.run.chars) != len(line.kinds):
        return None
    ways = cuts(line.run, line.kinds, (), budget)
    return (line.run, ways[0]) if len(ways) == 1 else None


def _unbalanced(
    found: Found, lines: Sequence[Line], options: Sequence[Sequence[tuple[Run, Cut]]], budget: Budget
) -> list[Chosen]:
    """The source breaks its own sums: rows that have one way all the same are read, every cell with a doubt."""
    chosen = []
    for n, (line, some) in enumerate(zip(lines, options, strict=True)):
        apart = parted(line.run, line.kinds)
        left = list(some) or [one for one in ((line.run, apart) if apart else None, _forced(line, budget)) if one]
        if len(left) != 1 or left[0][1].spans_gap(left[0][0]):
            what = f"有 {len(left)} 种切法" if left else "没有一种切法"
            raise Refused(
                "GLUED_INCONSISTENT", f"表内勾稽不成立；“{found.rows[n].raw}”的“{line.run.chars}”{what}符合行内勾稽"
            )
        chosen.append(Chosen(*left[0], UNBALANCED, NOT_BALANCED))
    return chosen


def _cells(found: Found, squeezed: Squeezed, chosen: Sequence[Chosen]) -> Iterator[TableCell]:
    layout, width = found.layout, len(found.layout.columns)
    rows = zip(chosen, found.at, _measures(found), strict=True)
    for line, (one, at, measures) in enumerate(rows):
        for n, (cell, measure) in enumerate(zip(one.cut.cells, measures, strict=True)):
            if cell is None:
                raise RuntimeError("a blank cell among cut ones")
            start, end = squeezed.span(at + cell[0], at + cell[1])
            last = one is chosen[-1] and n + 1 == len(measures)
            open_end = (
                last
                and found.tail == "end"
                and not _complete(layout.shape == "strip", measure, squeezed.text[start:end])
            )
            column = found.columns[n % width]
            yield TableCell(
                measure=measure,
                applicant=column.key if layout.table == "requests" else "",
                row=found.rows[n // width if layout.shape == "strip" else line],
                column=column if len(measures) == 1 else replace(column, match="position", score=one.score),
                text=squeezed.text[start:end],
                start=start,
                end=end,
                line=squeezed.text.count("\n", 0, start) + 1,
                closed=not last or found.tail != "end",
                doubt="；".join(filter(None, (one.doubt, CUT if open_end else ""))),
                how=HOW[one.score] if len(measures) > 1 else "",
            )


def _complete(summed: bool, measure: Measure, text: str) -> bool:
    """Whether a cell at the very end of the text can't have lost digits: a sum covers it, or no digit follows a zero."""
    return summed or measure.table == "requests" or (text == "0" and measure.kind != "money")


def _blank(found: Found) -> Iterator[TableCell]:
    layout = found.layout
    for row in found.rows:
        for column in found.columns:
            measure = book().cell(layout.table, row.key, column.key)
            applicant = column.key if layout.table == "requests" else ""
            yield TableCell(measure, applicant, row, column, "", -1, -1, row.start, True)
