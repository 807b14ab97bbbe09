"""How many cells a row has, and which of them are the form's: counts agree with the form or the table is refused.

Layouts differ in what they leave behind. Where printed rows are known (pipe rows, Word paste, sheets, transcripts) a
row's cells are those of its own line, and padding is told by all lines of the table being equally long. Where every
cell has a line of its own, blank cells and padding look alike. Where blanks leave nothing behind, a row is whole or
wholly blank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from codebook import book
from loaders.errors import Refused
from loaders.labels import plain
from loaders.values import YES_NO, value
from loaders.walk import Block, Row, Token

UNTRACED = "这一行没有任何单元格的痕迹，是空白还是丢失无法核实"
PADDED = "行末的空格可能是合并单元格的余格，或下一行的开头"
SPARE = "这一行多出的空格别的行没有：可能有一格重复、另一格空白"
MOVED = "行中有写法不明的一格，又有空白格：各格可能错位"
WORDED = "看不见空格的版式里有一格是文字：可能是混入的字，各格可能错位"
JOINED = re.compile(r"0\d")  # 0577: a count, but more likely 0 and 577 in one cell where another is blank
Cells = list[Token | None]


class Ruler:
    """Measures the rows of one table against each other and against the form's width."""

    def __init__(self, block: Block, rows: Sequence[Row], width: int, blanks: bool) -> None:
        self.width, self.blanks, self.block = width, blanks, block
        self.some = any(_filled(row.values) for row in rows)
        header = max((block.lines.get(token.row, 0) for token in block.header if token.row >= 0), default=0)
        self.padded = header > width + 1 or any(len(_own(row)) > width for row in rows if row.label.row >= 0)
        longer = [cells for cells in map(_cells, rows) if len(cells) > width]
        self.leading = any(not cells[0].text and cells[-1].text for cells in longer)
        self.trailing = any(cells[0].text and not cells[-1].text for cells in longer)
        self.lines, self.length = block.lines, _usual_length(block, rows)
        self.labels = Counter(row.label.row for row in rows)

    def fit(self, row: Row, kinds: Sequence[str], at_end: bool) -> tuple[Cells, str]:
        """The row's cells in the form's number, and a doubt about them ("" where there is none).

        None stands for a blank that left no trace. Raises Refused (ROW_CELLS, TEXT_ENDS).
        """
        filled = _filled(row.values)
        swallowed = next((cell for cell in filled if cell.plain in _marks()), None) if "text" not in kinds else None
        if swallowed is not None:  # a cell is lost, and the next table's heading has slipped into its place
            raise Refused("ROW_CELLS", f"“{row.label.text}”一行中有另一张表的标题“{swallowed.text}”")
        if not filled:
            return self._blank(row, at_end)
        if not self.blanks:
            return self._lossy(row, filled, kinds, at_end)
        if row.label.row >= 0:
            cells = self._printed(row, at_end)
            unsure = self.labels[row.label.row] > 1 and any(cell is None or not cell.text for cell in cells)
            return cells, PADDED if unsure else ""
        return self._loose(row, filled, at_end)

    def _blank(self, row: Row, at_end: bool) -> tuple[Cells, str]:
        if at_end:
            raise Refused("TEXT_ENDS", f"文本在“{row.label.text}”之后结束")
        cells: Cells = list(_cells(row)) if self.blanks else []
        untraced = not cells and self.some
        return (cells + [None] * self.width)[: self.width], UNTRACED if untraced else ""

    def _lossy(self, row: Row, filled: list[Token], kinds: Sequence[str], at_end: bool) -> tuple[Cells, str]:
        if len(filled) == self.width:
            odd = (value(cell.text, kind).why == "not_a_number" for cell, kind in zip(filled, kinds, strict=True))
            strange = any(is_odd and cell.text not in YES_NO for cell, is_odd in zip(filled, odd, strict=True))
            return list(filled), WORDED if strange else ""
        placed = by_kind(filled, kinds) if len(filled) < self.width else None
        return (placed if placed is not None else self._refuse(row, len(filled), at_end)), ""

    def _printed(self, row: Row, at_end: bool) -> Cells:
        own = _own(row)
        elsewhere = any(cell.text for cell in row.values if cell.row != row.label.row)
        if elsewhere or len(own) < self.width:
            return self._refuse(row, len(_filled(row.values)), at_end)
        exact = len(own) == self.width and (not self.padded or bool(own[0].text and own[-1].text))
        if not exact and self.lines.get(row.label.row) != self.length:
            return self._refuse(row, len(own), at_end)
        return list(self._cut(row, own))

    def _loose(self, row: Row, filled: list[Token], at_end: bool) -> tuple[Cells, str]:
        spare = SPARE if self._odd(row) else ""
        if len(filled) == self.width:
            if len(filled) < len(
                _trimmed(row.values)
            ):  # a blank stands between them: one of them is none of the form's
                raise Refused("ROW_CELLS", f"“{row.label.text}”的 {self.width} 格之间另有空白格")
            return list(filled), spare
        if len(row.values) < self.width:
            return self._refuse(row, len(row.values), at_end), ""
        cells = self._cut(row, row.values)
        return list(cells), spare or (PADDED if self.block.surplus and not cells[-1].text else "")

    def _odd(self, row: Row) -> bool:
        """Whether a row has blank cells too many that neither its header has nor another row: one of its own may be
        among them, and another cell be there twice. As many as a whole row are a blank row behind it."""
        extra, block = len(row.values) - self.width, self.block
        if extra <= 0:
            return False
        ends = block.led and row is block.rows[-1] and block.ended != "label"  # no line of a table behind it
        alike = sum(len(other.values) - self.width == extra for other in block.rows)
        more = extra - block.behind + ends
        return more != 0 and more < self.width and (ends or alike < 2)

    def _cut(self, row: Row, cells: list[Token]) -> list[Token]:
        """Take padding away: behind the values, or before them where other rows of the table show it there."""
        unclear = self.leading or not self.trailing
        if len(cells) > self.width and unclear and not cells[0].text and not cells[-1].text:
            raise Refused("ROW_CELLS", f"“{row.label.text}”有 {len(cells)} 格，空格在前还是在后无法判断")
        cells = list(cells)
        while len(cells) > self.width and not cells[-1].text:
            cells.pop()
        while len(cells) > self.width and not cells[0].text:
            cells.pop(0)
        if len(cells) != self.width:
            raise Refused("ROW_CELLS", f"“{row.label.text}”有 {len(cells)} 格，表式为 {self.width} 格")
        return cells

    def _refuse(self, row: Row, count: int, at_end: bool) -> Cells:
        if at_end and count < self.width:
            raise Refused("TEXT_ENDS", f"文本在“{row.label.text}”一行中结束：{count} 格，表式为 {self.width} 格")
        raise Refused("ROW_CELLS", f"“{row.label.text}”有 {count} 格，表式为 {self.width} 格")


def one_row(block: Block, width: int, blanks: bool, at_end: bool) -> list[Token]:
    """The values of the review table's one row. Raises Refused (ROW_CELLS, TEXT_ENDS)."""
    values = block.rows[0].values
    filled = _filled(values)
    if blanks and len({cell.row for cell in filled}) == 1 and filled[0].row >= 0:
        own = [cell for cell in values if cell.row == filled[0].row]
        # Padding pads the header's lines, too; else a cell is there twice, and a blank one at the end.
        alike = block.lines.get(filled[0].row) in {block.lines.get(head.row) for head in block.header}
        if len(own) == width:
            return own
        if len(own) > width and alike and not _filled(own[width:]) and own[0].text:
            return own[:width]
        if len(own) > width and alike and not _filled(own[:-width]) and own[-1].text:
            return own[-width:]
    elif len(filled) == width and not (blanks and len(_trimmed(values)) > width):
        return filled
    elif blanks and filled[0].row < 0:
        led = block.led or block.gaps > 0  # the mark before the first cell looks like a blank one
        own = values[1:] if led else values
        if len(own) == width and not (led and values[0].text):
            return own
    if at_end and len(filled) < width:
        raise Refused("TEXT_ENDS", f"文本在复议诉讼表中结束：{len(filled)} 格，表式为 {width} 格")
    raise Refused("ROW_CELLS", f"复议诉讼表有 {len(filled)} 个数值，表式为 {width} 格")


def whole(values: list[Token]) -> list[Token]:
    """The values with the lines of one cell as one: lines without a mark up to the one that a mark closes."""
    if all(cell.closed for cell in values):
        return values
    found, lines = list[Token](), list[Token]()
    for cell in values:
        lines.append(cell)
        if cell.closed and len(lines) > 1:
            text, first = "\n".join(line.text for line in lines if line.text), lines[0]
            found.append(cell._replace(text=text, start=first.start, line=first.line, row=first.row))
        elif cell.closed:
            found.append(cell)
        lines = [] if cell.closed else lines
    return found + lines


def by_kind(filled: Sequence[Token], kinds: Sequence[str]) -> Cells | None:
    """Cells told apart by what the form asks for (a channel, yes or no, a count); None unless just one way fits."""
    if len(set(kinds)) == 1 or not {"text", "yes_no"} & set(kinds):
        return None
    ways: list[Cells] = [[]]
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
        return text in YES_NO
    number = value(text).state in {"number", "dash"}
    return not number if kind == "text" else number


def moved(cells: Sequence[Token | None], kinds: Sequence[str]) -> str:
    """A doubt about a row where one cell is no clear number and another is blank: where two cells ran together, the
    others may have moved and a blank filled the end, and no sum with the unclear cell tells."""
    texts = [cell.text if cell else "" for cell in cells]
    if all(texts):
        return ""
    unclear = any(
        value(text, kind).why == "unclear_number" or JOINED.match(text) for text, kind in zip(texts, kinds, strict=True)
    )
    return MOVED if unclear else ""


def _trimmed(cells: Sequence[Token]) -> Sequence[Token]:
    """The cells from the first filled one to the last."""
    places = [n for n, cell in enumerate(cells) if cell.text]
    return cells[places[0] : places[-1] + 1] if places else []


@cache
def _marks() -> frozenset[str]:
    """The headings of tables."""
    return frozenset(plain(table.mark) for table in book().tables.values() if table.mark)


def _filled(cells: Sequence[Token]) -> list[Token]:
    return [cell for cell in cells if cell.text]


def _own(row: Row) -> list[Token]:
    return [cell for cell in row.values if cell.row == row.label.row]


def _cells(row: Row) -> list[Token]:
    return _own(row) if row.label.row >= 0 else row.values


def _usual_length(block: Block, rows: Sequence[Row]) -> int:
    """How many cells most printed lines of the table have; the longer where two are equally many."""
    tokens = [*([block.mark] if block.mark else []), *block.header, *(row.label for row in rows)]
    counts = Counter(block.lines.get(line, 0) for line in {token.row for token in tokens if token.row >= 0})
    return max(counts, key=lambda length: (counts[length], length), default=0)
