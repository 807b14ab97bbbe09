"""What stands behind each label of a list, set apart as its layout shows it: unit, code where there is one, numbers.

marked   tabs or pipes (also Word, web pages, PDF, sheets): blank cells are visible
lines    a cell a line
spaced   cells parted by spaces
glued    nothing between the cells: see loaders.lists.joined
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, zip_longest
from typing import Literal

from codebook import book
from loaders.errors import Refused
from loaders.lists.printed import Label, Part
from loaders.lists.wording import HAN, MARKS, ordinal

Mode = Literal["marked", "lines", "spaced", "glued"]
Span = tuple[int, int]
MARK = re.compile(rf"[\t{MARKS}]")
SPACE = " \t\r\n\u3000\xa0\ufeff\u200b"
QUOTES = "“”\"'‘’「」『』"
# Repeats keep what they took (`*+`) where nothing behind them could want it: long runs of blanks cost no more than their length.
AMONG = r"其\s*+中\s*+[:：]?"
NUMBERED = rf"[(（]?(?:[{HAN}]{{1,3}}|\d{{1,2}})\s*+[)）、.．,，]+|[①-⑳]"
# An ordinal that can't be the end of a figure: 22. behind a unit may be the figure 2 and the ordinal 2.
APART = rf"[(（]?[{HAN}]{{1,3}}\s*+[)）、.．]+|[(（]\d{{1,2}}\s*+[)）、.．]+|[①-⑳]|(?<![\d０-９.,，．\u4e00-\u9fff])\d{{1,2}}\s*+[、.．,，)）]+"
LEAD = re.compile(rf"(?:{AMONG}\s*+(?:{NUMBERED})?|{APART}|(?<![\s{QUOTES}]))[\s{QUOTES}]*+$")
LEADING = re.compile(rf"[\s{MARKS}]*+(\d*)[\s{MARKS}]*+(?:{AMONG})?[\s{MARKS}]*+(?:{NUMBERED})?[\s{QUOTES}]*+")
NOTHING = re.compile(rf"[\s{MARKS}\-‐‑‒–—―−ー/]*")
OF_NUMBER = re.compile(r"[%‰万亿年月日]")  # the figure before it may go on so
NUMBER_LIKE = re.compile(r"[\d０-９][\d０-９,，.．]*")
VALUE = re.compile(r"[\d０-９+\-－−—–/].{0,20}|无")
WORD = re.compile(r"[^\s\u3000\xa0]+")
# A further number behind the last row's cells: in its line, led by a mark below, or ended by one below.
MORE_CELLS = re.compile(rf"[ \t{MARKS}]*\n?[ ]*[\t{MARKS}][ ]*\d|[ \t{MARKS}]*\n[ ]*[\d,.]+[ ]*[\t{MARKS}]")
MORE = 60  # characters behind the last row in which a further row would show itself


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns behind a list's labels: how many, how many of them come before the numbers (unit, code), and
    whether a number stands before each label."""

    width: int
    fixed: int
    numbered: bool

    @classmethod
    def of(cls, kinds: Sequence[str]) -> Shape:
        """The shape of a header whose columns have these kinds, in order."""
        first = kinds.index("name")
        behind = kinds[first + 1 :]
        return cls(len(behind), sum(kind != "value" for kind in behind), first > 0)


@dataclass(frozen=True, slots=True)
class Body:
    """A row's cells in the order of the columns: the stretch of each (None for a blank).

    A glued row has one stretch with all of them, and `behind` is the ordinal of the next label, which it may end
    with. `marks`: how many stand behind the last cell, up to the next row.
    """

    part: Part
    mode: Mode
    cells: tuple[Span | None, ...]
    end: int
    hollow: bool = False  # no number stands behind the label
    marks: int = 0
    behind: str = ""


def bodies(text: str, parts: Sequence[Part], over: Label | None, shape: Shape) -> list[Body]:
    """The cells of every row that takes numbers.

    Raises Refused (ROW_CELLS, UNKNOWN_LABEL, ROW_TWICE, TEXT_ENDS, GLUED_TAIL).
    """
    found = [_body(text, part, follows, shape) for part, follows in zip_longest(parts, parts[1:])]
    kept = [one for one in found if one is not None]
    if not kept:
        raise Refused("ROWS_MISSING", "只有标题行")
    if len({one.mode for one in kept if not one.hollow}) > 1:
        raise Refused("ROW_CELLS", "各行的排列方式不同：有的单元格分开，有的连在一起")
    if len({one.marks for one in kept[:-1]}) > 1 or len({min(1, one.marks) for one in kept}) > 1:
        raise Refused("ROW_CELLS", "各行末尾的分隔符数目不同：少了一格还是少了一个符号无法判断")
    _refuse_surplus(text, kept[-1], over)
    return kept


def _body(text: str, part: Part, follows: Part | None, shape: Shape) -> Body | None:
    """The cells of one row; None for a heading, which has none."""
    raw = text[part.start : part.end]
    mark = MARK.search(raw)
    if mark is not None and (follows is not None or not raw[: mark.start()].strip(SPACE)):
        return _marked(text, part, follows.label if follows else None, shape)
    end = part.end if follows is None else part.start + len(LEAD.sub("", raw))
    if not part.entry.units:
        _refuse_filled(text, part, end if follows is not None else part.start)
        return None
    if shape.numbered:
        raise Refused("ROW_CELLS", f"“{part.label.printed}”所在的行有序号而没有分格，无法逐格读取")
    if follows is None:
        return _last(text, part, shape)
    stretch = _strip(text, part.start, end)
    inner, lines = text[slice(*stretch)], _lines(text, *stretch)
    if len(lines) > 1 or unit_at(inner) == inner:
        return _filled(part, "lines", lines, shape)
    if re.search(r"\s", inner):
        return _filled(part, "spaced", _words(text, *stretch), shape)
    return Body(part, "glued", (stretch,), stretch[1], behind=ordinal(follows.entry.label))


def _marked(text: str, part: Part, follows: Label | None, shape: Shape) -> Body | None:
    """A row whose cells are parted by marks; what stands before the next label in its line belongs to that row."""
    begins = text.rfind("\n", 0, follows.start) + 1 if follows else -1
    inside, width = begins > part.start, shape.width
    end = min(begins, part.end) if inside else part.end
    if follows is not None and inside:
        _refuse_leading(text[begins : follows.start], follows, shape.numbered)
    if not part.entry.units:
        _refuse_filled(text, part, end if follows is not None else _line_end(text, part.start))
        return None
    pieces = _pieces(text, part.start, end)
    if follows is None:
        pieces = _of_last(text, part, pieces, width)
    elif not inside:  # the whole list in one line
        pieces[-1] = (pieces[-1][0], pieces[-1][0] + len(LEAD.sub("", text[slice(*pieces[-1])])))
    filled = [_strip(text, *piece) for piece in pieces]
    before, cells, behind = filled[0], filled[1 : width + 1], filled[width + 1 :]
    if _full(before) or len(cells) < width or any(map(_full, behind)):
        raise Refused("ROW_CELLS", f"“{part.label.printed}”有 {len(filled) - 1} 格，表式为 {width} 格")
    shown = tuple(one if _full(one) else None for one in cells)
    return Body(part, "marked", shown, cells[-1][1], not any(shown[shape.fixed :]), len(behind))


def _of_last(text: str, part: Part, pieces: list[Span], width: int) -> list[Span]:
    """The pieces of the last row, cut off from what follows the list."""
    if len(pieces) <= width:
        reason = "ROW_CELLS" if text[slice(*pieces[-1])].strip(SPACE).count("\n") else "TEXT_ENDS"
        raise Refused(reason, f"“{part.label.printed}”有 {len(pieces) - 1} 格，表式为 {width} 格")
    found = pieces[: width + 1]
    start, end = found[-1]
    led = not text[found[1][0] : end].lstrip(" \u3000\xa0").startswith("\n")  # a cell begins in the line of its mark
    begins = start if led else end - len(text[start:end].lstrip(SPACE))
    stop = min(end, _line_end(text, begins))
    found[-1] = (begins, stop)
    if MORE_CELLS.match(text[stop:]):
        raise Refused("ROW_CELLS", f"“{part.label.printed}”的 {width} 格之后另有数值")
    between = text[stop:end]
    marked = end < len(text) and not between.strip(SPACE) and ("\n" not in between or not led)
    return [*found, (end + 1, end + 1)] if marked and MARK.match(text, end) else found


def _pieces(text: str, start: int, end: int) -> list[Span]:
    edges = [start - 1, *(m.start() for m in MARK.finditer(text, start, end)), end]
    return [(left + 1, right) for left, right in pairwise(edges)]


def _last(text: str, part: Part, shape: Shape) -> Body:
    """The last row, behind which other text may follow."""
    rest = text[part.start : part.end]
    body = rest.lstrip(SPACE)
    start, width = part.start + len(rest) - len(body), shape.width
    line = body.partition("\n")[0]
    if not body:
        raise Refused("TEXT_ENDS", f"文本在“{part.label.printed}”之后结束")
    unit = unit_at(line)
    behind = line[len(unit) :]
    if behind.strip(SPACE) and behind[0] not in SPACE:
        end = start + len(unit) + len(_run(behind))
        if OF_NUMBER.match(text, end):
            raise Refused("GLUED_TAIL", "表的末格之后紧接其他文字，末格止于何处无法判断")
        return Body(part, "glued", ((start, end),), end)
    mode: Mode = "spaced" if behind.strip(SPACE) else "lines"
    cells = _words(text, start, start + len(line)) if mode == "spaced" else _lines(text, start, part.end)
    cells = _leading(cells, text, width)
    if len(cells) < width and not text[cells[-1][1] : part.end].strip(SPACE):
        raise Refused("TEXT_ENDS", f"文本在“{part.label.printed}”一行中结束：{len(cells)} 格，表式为 {width} 格")
    more = NUMBER_LIKE.match(text[cells[-1][1] : part.end].lstrip(SPACE))
    if more and len(cells) == width:
        raise Refused("ROW_CELLS", f"“{part.label.printed}”的 {width} 格之后另有 {more.group()}")
    return _filled(part, mode, cells, shape)


def _leading(cells: list[Span], text: str, width: int) -> list[Span]:
    """The cells up to the form's number; text behind a row without numbers is no cell."""
    found = cells[:width]
    while len(found) > 1 and not VALUE.fullmatch(text[slice(*found[-1])]):
        found.pop()
    return found


def _run(text: str) -> str:
    found = re.match(r"[\d０-９,，.．\-‐‑‒–—―−ー/]*", text)
    return found.group() if found else ""


def _filled(part: Part, mode: Mode, cells: Sequence[Span], shape: Shape) -> Body:
    """As many cells as the form has, or the unit (and code) alone: blank cells leave nothing behind."""
    end = cells[-1][1] if cells else part.start
    if len(cells) == shape.width:
        return Body(part, mode, tuple(cells), end)
    if 0 < len(cells) == shape.fixed:
        return Body(part, mode, (*cells, *(None,) * (shape.width - shape.fixed)), end, hollow=True)
    raise Refused("ROW_CELLS", f"“{part.label.printed}”有 {len(cells)} 格，表式为 {shape.width} 格")


def _refuse_filled(text: str, part: Part, end: int) -> None:
    inner = text[part.start : max(end, part.start)]
    if not NOTHING.fullmatch(LEAD.sub("", inner)):
        shown = " ".join(inner.split())[:30]
        raise Refused("UNKNOWN_LABEL", f"标题“{part.label.printed}”之后有“{shown}”，不是表式的行")


def _refuse_leading(before: str, follows: Label, numbered: bool) -> None:
    found = LEADING.fullmatch(before)
    if found is None or bool(found[1]) != numbered:
        raise Refused("UNKNOWN_LABEL", f"“{follows.printed}”之前有“{before.strip()}”，不是表式的行")


def _refuse_surplus(text: str, last: Body, over: Label | None) -> None:
    """A row more than the form has, known or not."""
    rest = text[last.end :]
    if over is not None and LEADING.fullmatch(text[last.end : over.start]):
        raise Refused("ROW_TWICE", f"末行之后又有“{over.printed}”")
    if re.match(rf"[\s{MARKS}]*[^\d\s{MARKS}]{{2,40}}[\s{MARKS}]*(?:{'|'.join(_units())})[\s{MARKS}]*\d", rest[:MORE]):
        raise Refused("UNKNOWN_LABEL", f"末行之后另有一行：{' '.join(rest[:MORE].split())}")


def lead(text: str, label: Label, since: int) -> int:
    """Where a label's row begins: its number, the word 其中 or an ordinal stand before it, behind the place `since`."""
    begins = max(since, text.rfind("\n", 0, label.start) + 1)
    if LEADING.fullmatch(text[begins : label.start]):
        return begins
    return since + len(LEAD.sub("", text[since : label.start]))


@cache
def _units() -> tuple[str, ...]:
    """Every unit that a list prints, the longest first."""
    units = {unit for some in book().lists.values() for one in some for entry in one.entries for unit in entry.units}
    return tuple(sorted(units, key=lambda unit: (-len(unit), unit)))


def unit_at(text: str) -> str:
    """The unit that a text begins with; "" where it begins with none."""
    return next((unit for unit in _units() if text.startswith(unit)), "")


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _full(span: Span) -> bool:
    return span[1] > span[0]


def _strip(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip(SPACE))
    return left, max(left, start + len(inner.rstrip(SPACE)))


def _lines(text: str, start: int, end: int) -> list[Span]:
    found, at = [], start
    for line in text[start:end].split("\n"):
        span = _strip(text, at, at + len(line))
        if _full(span):
            found.append(span)
        at += len(line) + 1
    return found


def _words(text: str, start: int, end: int) -> list[Span]:
    return [m.span() for m in WORD.finditer(text, start, end)]
