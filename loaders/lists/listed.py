"""A list of before 2019 becomes a table reading, whole or refused with a reason.

The form is the one whose labels stand in the text in its order, never one told by a year. Some labels stand below two
headings (被依法纠错数); the order of the rows says which is which, so a list in another order is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from codebook import Layout, book
from codebook.book import Entry
from loaders.errors import Refused
from loaders.glue.squeezed import Squeezed, squeeze
from loaders.labels import Hit, along
from loaders.lists import joined
from loaders.lists.bodies import Body, Shape, Span, bodies, lead
from loaders.lists.printed import Fit, Header, Label, Region, fit, regions
from loaders.lists.wording import likely, stem, wording
from loaders.tables import CUT, TableCell, TableReading
from loaders.values import value

GLUED, SPACED = "glued", "word"
LAYOUTS = {"glued": GLUED, "spaced": SPACED}
HOW = "连排，按表式的格数和勾稽切分"
FOREIGN = re.compile(r"[\u4e00-\u9fff《》“”、，]{4,40}")
NEAR, FAR = 50, 200  # a label that is half like a row's, within so many characters
UNTRACED = "空格不留痕迹：空白还是缺失无法判断"
LESS = "历年累计少于本年"


def read(text: str, flat: str, alone: bool) -> tuple[list[TableReading], str]:
    """The lists of a text and the layout that they stand in; `flat` is its plain form.

    Lists share labels: of those that can't be read the one that most rows fit is told, and only where the text has no
    other table (`alone`), for later reports may quote the old labels.
    """
    told, squeezed = list[_Told](), None
    for table in book().lists:
        if likely(table, flat):
            squeezed = squeezed or squeeze(text)
            told.append(_read(table, squeezed))
    whole = [one for one in told if one.reading.cells]
    kept = whole or sorted(told, key=lambda one: -one.rows)[: int(alone)]
    return [one.reading for one in kept], next((one.layout for one in kept), "")


@dataclass(frozen=True, slots=True)
class _Told:
    """A list as read or refused, the layout it stands in, and how many of its rows were found in order."""

    reading: TableReading
    layout: str = ""
    rows: int = 0


def _read(table: str, squeezed: Squeezed) -> _Told:
    places = regions(wording(table), squeezed)
    if not places:
        return _Told(TableReading(table, "incomplete", reason="HEADER_MISSING", detail="有统计表的行标题，没有列标题"))
    found = [_region(table, place, squeezed.text) for place in places]
    first = found[0].reading
    texts = [[cell.text for cell in one.reading.cells] for one in found]
    if len(found) > 1 and (first.status == "incomplete" or any(some != texts[0] for some in texts)):
        first.cells = []
        first.status, first.reason, first.detail = "incomplete", "TABLE_TWICE", "同一张表出现两次，数值不同或无法读取"
    return found[0]


def _region(table: str, region: Region, text: str) -> _Told:
    fits = [fit(listing, region, len(text)) for listing in book().lists[table]]
    best = max(fits, key=lambda one: (one.refused is None, len(one.parts), one.exact))
    layout, header = best.listing.layout, region.header
    reading = TableReading(table, "read", layout, start=header.start)
    reading.end = best.parts[-1].label.end if best.parts else header.end
    try:
        if best.refused is not None:
            raise best.refused
        rows = bodies(text, best.parts, best.over, Shape.of([kind for _, kind in header.columns]))
        reading.end = max(row.end for row in rows)
        reading.cells = list(_cells(text, rows, best, header))
    except Refused as no:
        reading.status, reading.reason, reading.detail, reading.cells = "incomplete", no.reason, no.detail, []
        reading.labels = along("row", _unknown(text, best))
        return _Told(reading, rows=len(best.parts))
    named = along("row", _rows(text, reading.cells, best, header))
    reading.labels = [*along("column", _columns(header).values()), *named]
    if all(value(cell.text, cell.measure.kind).state == "blank" for cell in reading.cells):
        reading.status = "blank"
        reading.cells = [cell._replace(doubt="") for cell in reading.cells]
    elif not text[reading.end :].strip() and not reading.cells[-1].closed and reading.cells[-1].text != "0":
        reading.cells[-1] = reading.cells[-1]._replace(doubt=reading.cells[-1].doubt or CUT)
    return _Told(reading, LAYOUTS.get(rows[0].mode, ""), len(best.parts))


def _unknown(text: str, best: Fit) -> Iterator[Hit]:
    """The label that stands where a row is missing, with the row that it comes nearest to: for a person to decide."""
    if best.refused is None or not best.parts:
        return
    last = best.parts[-1]
    keys = [entry.key for entry in best.listing.entries]
    behind = [entry for entry in best.listing.entries[keys.index(last.entry.key) + 1 :] if entry.units]
    for found in FOREIGN.finditer(text, last.label.end, min(last.end, last.label.end + FAR)):
        printed = stem(found.group())
        ranked = sorted(((fuzz.ratio(printed, stem(one.label)), one.key) for one in behind), reverse=True)[:2]
        if ranked and ranked[0][0] >= NEAR:
            below = ranked[1][0] if len(ranked) > 1 else 0.0
            yield Hit(found.group(), "", "fuzzy", round(ranked[0][0], 1), *found.span(), ranked[0][1], round(below, 1))
            return


def _columns(header: Header) -> dict[str, Hit]:
    return {column: header.hits[column] for column, kind in header.columns if kind == "value"}


def _cells(text: str, rows: Sequence[Body], best: Fit, header: Header) -> Iterator[TableCell]:
    layout, columns = best.listing.layout, _columns(header)
    kinds = [kind for _, kind in header.columns]
    trailing = kinds[kinds.index("name") + 1 :]
    if any(row.mode == "glued" for row in rows):
        if trailing[:1] != ["unit"]:
            raise Refused("HEADER_MISMATCH", "单元格连排，列标题中没有计量单位")
        for row, one in zip(rows, joined.cells(text, rows, layout, list(columns), "code" in trailing), strict=True):
            hits = {c: hit._replace(match="position", score=one.score) for c, hit in columns.items()}
            several = len(columns) > 1
            yield from _row_cells(
                text, row, layout, hits if several else columns, one.unit, one.values, one.doubt, HOW if several else ""
            )
        return
    for row in rows:
        shown = dict(zip(header.columns[kinds.index("name") + 1 :], row.cells, strict=True))
        unit = next((span for (_, kind), span in shown.items() if kind == "unit"), None)
        code = next((span for (_, kind), span in shown.items() if kind == "code"), None)
        _refuse_code(text, row, layout, code)
        values = [span for (_, kind), span in shown.items() if kind == "value"]
        yield from _row_cells(text, row, layout, columns, unit, values)


def _refuse_code(text: str, row: Body, layout: Layout, code: Span | None) -> None:
    """A printed code counts the rows of the form: another one means that lines have moved."""
    wanted = [one.key for one in layout.rows].index(row.part.entry.key) + 1
    if code is not None and text[slice(*code)].lstrip("0") != str(wanted):
        raise Refused("ROW_CELLS", f"“{row.part.label.printed}”的代码为 {text[slice(*code)]}，表式为 {wanted:02d}")


def _row_cells(
    text: str,
    row: Body,
    layout: Layout,
    columns: dict[str, Hit],
    unit: Span | None,
    values: Sequence[Span | None],
    doubt: str = "",
    how: str = "",
) -> Iterator[TableCell]:
    entry = row.part.entry
    printed = text[slice(*unit)] if unit else ""
    hit = _hit(entry, row.part.label, _fixed_end(row, unit, values))
    numbers = [value(text[slice(*span)]).number if span else None for span in values]
    tied = joined.pairs(layout.table, list(columns))
    less = any((a := numbers[m]) and (b := numbers[n]) and a.value < b.value for m, n in tied)
    why = [doubt, _unit_doubt(entry, printed), LESS if less else ""]
    for (column, head), span in zip(columns.items(), values, strict=True):
        start, end = span or (-1, -1)
        untraced = UNTRACED if span is None and row.mode != "marked" else ""
        yield TableCell(
            measure=book().cell(layout.table, entry.key, column),
            applicant="",
            row=hit,
            column=head,
            text=text[start:end] if span else "",
            start=start,
            end=end,
            line=text.count("\n", 0, row.part.label.start) + 1,
            closed=row.marks > 0,
            doubt="；".join(filter(None, [*why, untraced])),
            how=how,
            unit=printed,
        )


def _fixed_end(row: Body, unit: Span | None, values: Sequence[Span | None]) -> int:
    """Where unit and code of a row end: they belong to its label."""
    first = next((span[0] for span in values if span), None)
    fixed = [span[1] for span in row.cells if span and first is not None and span[1] <= first]
    return max(
        [row.part.label.end, *([unit[1]] if unit else []), *fixed, *([first] if row.mode == "glued" and first else [])]
    )


def _unit_doubt(entry: Entry, printed: str) -> str:
    if printed in entry.units:
        return ""
    return f"计量单位印为“{printed}”，表式为“{entry.units[0]}”" if printed else "计量单位空缺"


def _rows(text: str, cells: Sequence[TableCell], best: Fit, header: Header) -> Iterator[Hit]:
    """The labels of all rows, headings included, with the ordinals before them."""
    since, ends = header.end, dict[str, int]()
    for cell in cells:
        ends[cell.row.key] = max(cell.end, cell.row.end, ends.get(cell.row.key, 0))
    for part in best.parts:
        start = header.end if part is best.parts[0] else lead(text, part.label, since)
        hit = _hit(part.entry, part.label, part.label.end)
        yield hit._replace(start=start)
        since = ends.get(part.entry.key, part.label.end)


def _hit(entry: Entry, label: Label, end: int) -> Hit:
    own = label.printed == stem(entry.label)
    return Hit(label.printed, entry.key, "exact" if own else "alias", 100.0, label.start, end)
