"""A second way to read the tables, for audit: other code for cells, labels and numbers than the first.

The text is squeezed into one line in which ¦ parts the cells; blank cells vanish (a page keeps them, as ∅). A table is searched there as a
whole: the columns in its header, then each row's label with exactly as many figures behind it as there are columns,
row after row as the form prints them, no figure between. Where that does not hold this reader says nothing. Only the
codebook is shared with the first reader.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from codebook import Layout, book
from codebook.wordings import spellings, until_learned

Key = tuple[str, str]  # code and applicant ("" outside the request table)
Told = dict[Key, str]

HEADER, REGION = 600, 12_000  # characters a header, a table may take
MANY = 12  # places where one table may stand; more are no report, and take time
BAR, BLANK = "¦", "∅"  # a blank cell where the source shows it
NOISE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff“”\"'‘’]")
BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]")
PARTED = re.compile(r"[|│┃\s]+")
RULES = re.compile(r"-{3,}|[─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝]+|(?<=\|)\s*:?-+:?\s*(?=\|\s*:?-)")
ORDINAL = re.compile(r"^(?:\([一二三四五六七八九十]\)|[一二三四五六七八九十]、|\d\.)")
BEHIND = re.compile(r"\(.*\)$")
FIGURE = r"[+-]?\d[\d,]*(?:\.\d+)?(?:亿元|万元|亿|万|元|件|条|项|个|宗)?"
CELL = rf"{BAR}*({FIGURE}|[-—–/]{{1,3}}|{BLANK})(?={BAR}|$)"
LOOSE = re.compile(rf"(?:^|{BAR}){FIGURE}(?={BAR}|$)")
NOTE = rf"(?:{BAR}?\([^()]{{0,60}}(?:\([^()]*\)[^()]{{0,40}})?\))?"
NUMBER = re.compile(r"([+-]?)(\d[\d,]*(?:\.\d+)?)(\D*)")
SCALES = {"万": 1e4, "亿": 1e8, "万元": 1e4, "亿元": 1e8}


@dataclass(frozen=True, slots=True)
class Shape:
    """How one printed table is searched: its rows and columns as patterns, in the order of the form."""

    layout: Layout
    rows: tuple[tuple[str, re.Pattern[str]], ...]
    columns: tuple[tuple[str, str, re.Pattern[str]], ...]  # key, heading above, label


def squeeze(text: str) -> str:
    """The text as one line, cells parted by ¦."""
    text = NOISE.sub("", RULES.sub(" ", unicodedata.normalize("NFKC", text))).replace("\\", "/")
    return PARTED.sub(BAR, BOOKMARK.sub("", text))


def read(text: str) -> dict[str, Told]:
    """Table → what stands in its cells; a table that this reader can't read whole is left out."""
    line = squeeze(text)
    found = {}
    for table, layouts in book().layouts.items():
        tellings = [told for layout in layouts for told in _tellings(layout, line)]
        if tellings and all(told == tellings[0] for told in tellings):
            found[table] = tellings[0]
    return found


def number(cell: str) -> float | None:
    """A figure with its word of size (2358万 → 23580000); None for a dash."""
    told = NUMBER.fullmatch(cell)
    if told is None:
        return None
    sign, digits, word = told.groups()
    return float(sign + digits.replace(",", "")) * SCALES.get(word, 1.0)


def _tellings(layout: Layout, line: str) -> Iterator[Told]:
    """Every place where a table of this layout stands whole."""
    if layout.shape == "strip":
        yield from _strips(layout, line)
        return
    shape = _shape(layout)
    for start, end in _places(layout, line):
        told = _grid(shape, line[start:end])
        if told:
            yield told


def _places(layout: Layout, line: str) -> Iterator[tuple[int, int]]:
    """Where a table may stand: behind its mark, or behind the first of its columns."""
    own = _joint(book().tables[layout.table].mark) if layout.table.startswith("proactive.20") else "自然人"
    starts = [m.end() if own != "自然人" else m.start() for m in re.finditer(own, line)]
    for at, start in enumerate(starts if len(starts) <= MANY else ()):
        following = re.compile(rf"第?{BAR}?二{BAR}?十{BAR}?条{BAR}?第|[三四五]、(?:收到|政府信息公开行政|存在)").search(
            line, start
        )
        ends = [start + REGION, len(line)]
        if own != "自然人":
            ends.append(following.start() if following else len(line))
        elif at + 1 < len(starts) and starts[at + 1] - start > HEADER:
            ends.append(starts[at + 1])
        yield start, min(ends)


def _grid(shape: Shape, part: str) -> Told | None:
    """The cells of a table that fills the part from its header on; None where anything does not fit."""
    width, rows, at, header = len(shape.columns), list[tuple[str, list[str]]](), 0, ""
    for key, label in shape.rows:
        row = label.search(part, at)
        if row is None or LOOSE.search(part, at, row.start()):
            return None
        if not rows:
            header = part[: row.start()]
        rows.append((key, list(row.groups())))
        at = row.end()
    if re.compile(rf"{BAR}*{FIGURE}(?={BAR}|$)").match(part, at) or len(header) > HEADER:
        return None
    order = _order(shape, header)
    if order is None:
        return None
    told: Told = {}
    for key, cells in rows:
        if len(cells) != width:
            return None
        for column, cell in zip(order, cells, strict=True):
            applicant = column if shape.layout.table == "requests" else ""
            told[book().cell(shape.layout.table, key, column).code, applicant] = cell
    return told


def _order(shape: Shape, header: str) -> list[str] | None:
    """The columns in the order in which the header prints them, those below a heading in its place."""
    heads = {parent: re.search(_joint(parent), header) for _, parent, _ in shape.columns if parent}
    for found in heads.values():
        if found:  # 其他 stands in 法人或其他组织 too
            header = header[: found.start()] + "#" * len(found[0]) + header[found.end() :]
    places = []
    for key, parent, label in shape.columns:
        column = label.search(header)
        if column is None:
            return None
        places.append((key, heads.get(parent), column.start()))
    first = min(place for _, _, place in places)
    ranked = sorted(
        ((head.start() if head and head.start() > first else place), place, key) for key, head, place in places
    )
    return [key for _, _, key in ranked]


def _strips(layout: Layout, line: str) -> Iterator[Told]:
    keys = [(row.key, column.key) for row in layout.rows for column in layout.columns]
    gap = rf"(?:(?!总{BAR}?计|合{BAR}?计)[^\d]){{0,40}}?"  # a total that this layout does not have
    labels = "[^\\d一-鿿]{0,3}".join(_joint(column.label) for column in layout.columns)
    groups = gap.join([f"(?:{labels})"] * len(layout.rows))
    for found in re.finditer(groups + gap + CELL + CELL * (len(keys) - 1), line):
        if not re.match(rf"{BAR}*{FIGURE}(?={BAR}|$)", line[found.end() : found.end() + HEADER]):
            codes = (book().cell("review", row, column).code for row, column in keys)
            yield {(code, ""): cell for code, cell in zip(codes, found.groups(), strict=True)}


@until_learned
def _shape(layout: Layout) -> Shape:
    table, cells = layout.table, CELL * len(layout.columns)
    rows = [
        (row.key, re.compile(_label(table, "row", row.key, row.label) + NOTE + ":?" + cells)) for row in layout.rows
    ]
    columns = [
        (column.key, column.parent, re.compile(_label(table, "column", column.key, column.label)))
        for column in layout.columns
    ]
    return Shape(layout, tuple(rows), tuple(columns))


def _label(table: str, axis: str, key: str, label: str) -> str:
    """All spellings of a label as one pattern."""
    aliases = spellings(table, axis, key)
    bodies = (BEHIND.sub("", ORDINAL.sub("", squeeze(text).replace(BAR, ""))) for text in (label, *aliases))
    return "(?:" + "|".join(_joint(body) for body in sorted(set(bodies), key=lambda b: (-len(b), b))) + ")"


def _joint(label: str) -> str:
    """A label whose characters may stand on different lines."""
    return f"{BAR}?".join(re.escape(char) for char in label)
