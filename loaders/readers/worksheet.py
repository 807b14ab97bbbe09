"""A worksheet as it is shown, and the way from it into the transcript: what every spreadsheet reader ends in.

A merged cell stands once. Hidden rows and columns are not read, and told. Columns without any text are no columns of
a form.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from loaders.errors import BadStructure
from loaders.grids import Sheet
from loaders.labels import lexicon, plain

MOST_CELLS, MOST_SHEETS, MOST_COLUMNS, MOST_RANGES = 100_000, 64, 16_384, 500
Place = tuple[int, int]  # row, column


@dataclass(slots=True)
class Page:
    """A worksheet as shown: texts by place, what is hidden, and where merged cells begin and reach."""

    texts: dict[Place, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[Place] = field(default_factory=list)
    merges: list[tuple[Place, Place]] = field(default_factory=list)

    def column_hidden(self, column: int) -> bool:
        """Whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)


def write(sheet: Sheet, page: Page, name: str) -> None:
    """The visible rows of a page into the transcript; a row that is one merged cell is running text."""
    rows = [row for row in page.rows if row not in page.hidden_rows]
    begun = {
        left for (top, left), (bottom, _) in page.merges if page.texts.get((top, left)) and _within(rows, top, bottom)
    }
    used = sorted(
        begun | {column for (row, column), text in page.texts.items() if text and row not in page.hidden_rows}
    )
    columns = [column for column in used if not page.column_hidden(column)]
    starts, covered, spans = _merged(page, rows, columns)
    at = {column: n for n, column in enumerate(columns)}
    shown = {row: [column for column in columns if (row, column) not in covered] for row in rows}
    for region in _regions(page, shown, len(columns)):
        texts = {
            (row, column): page.texts.get(starts.get((row, column), (row, column)), "")
            for row in region
            for column in shown[row]
        }
        filled = [column for (_, column), text in texts.items() if text]
        first, last = min(filled, default=0), max(filled, default=-1)
        for row in region if filled else ():
            own = [column for column in shown[row] if first <= column <= last]
            if len(shown[row]) == 1 < len(columns):
                sheet.paragraph(texts[row, own[0]] if own else "")
            elif own:
                sheet.row([texts[row, c] for c in own], [(at[c], spans.get((row, c), 1)) for c in own])
        sheet.gap()
    hidden = len(page.hidden_rows), len(used) - len(columns)
    if any(hidden):
        sheet.remark(f"工作表“{name}”有 {hidden[0]} 行、{hidden[1]} 列隐藏，未读取")


def _regions(page: Page, shown: dict[int, list[int]], width: int) -> list[list[int]]:
    """Rows that stand together: parted by rows left out, by titles and at the corner of a header.

    Columns beside a region are no cells of it, so that a narrow table above a wide one has no blank cells behind it.
    """
    found: list[list[int]] = []
    hidden = sorted(page.hidden_rows)
    before, titled = -1, False
    for row, columns in shown.items():
        texts = [page.texts.get((row, column), "") for column in columns]
        title = len(columns) == 1 < width or _alone(texts, {"mark", "section"})
        header = bool(texts) and any(name.axis == "corner" for name in lexicon().find(plain(texts[0])))
        if not found or row > before + 1 + len(_within(hidden, before, row)) or title or titled or header:
            found.append([])
        found[-1].append(row)
        before, titled = row, title
    return found


def _alone(texts: list[str], axes: set[str]) -> bool:
    """Whether a row holds one text only, in its first cell, and that is no label of a table but of these axes."""
    if not texts or not texts[0] or any(texts[1:]):
        return False
    return all(name.axis in axes for name in lexicon().find(plain(texts[0])))


def _merged(page: Page, rows: list[int], columns: list[int]) -> tuple[dict[Place, Place], set[Place], dict[Place, int]]:
    """Where a merged cell is shown → where its text is stored; the places that it covers; how many columns it spans.

    Only visible rows and used columns are walked, so that a merge over a million rows costs nothing.
    """
    if len(rows) * len(columns) > MOST_CELLS:
        raise BadStructure("SHEET_TOO_LARGE", f"工作表有 {len(rows)} 行 {len(columns)} 列")
    starts, covered, taken, spans = dict[Place, Place](), set[Place](), set[Place](), dict[Place, int]()
    for (top, left), (bottom, right) in page.merges:
        places = [(r, c) for r in _within(rows, top, bottom) for c in _within(columns, left, right)]
        if not taken.isdisjoint(places):
            raise BadStructure("XLSX_MERGE_OVERLAP", "合并单元格互相重叠")
        taken.update(places)
        if places:
            starts[places[0]] = (top, left)
            lost = {page.texts.get(place, "") for place in places} - {"", page.texts.get((top, left), "")}
            if lost:  # what lies below a merge is not shown; that it differs says that the merge is no author's
                page.texts[top, left] = f"{page.texts.get((top, left), '')}[{' '.join(sorted(lost)[:3])}]"
            covered.update(places[1:])
            spans[places[0]] = sum(1 for row, _ in places if row == places[0][0])
    return starts, covered, spans


def _within(numbers: list[int], first: int, last: int) -> list[int]:
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]
