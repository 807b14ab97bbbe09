"""The forward model: true cells → a report as a site or a word processor would show it.

    printed cells → sheets (tables with merged cells) → a text layout → the whole document

Rows, columns, headings and labels come from the codebook, so that a new form or alias needs no new code here. All
documents are made up and say so in their title.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from codebook import Layout, book
from codebook.book import Line
from tests.truth import Key

Printed = Mapping[Key, str]  # code and applicant → what stands in the cell

SYNTHETIC = "合成数据"
ALL_OF_REQUESTS = "申请人情况"
SECTIONS = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
LATER_SECTIONS = ("四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")
FULL_WIDTH = str.maketrans("(),:", "（），：")
SHORTEST_BROKEN = 4  # a label of fewer characters is never broken over lines


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a printed table: its text, how many columns it spans, and whether a merged cell above covers it."""

    text: str
    span: int = 1
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as printed; each row lists its boxes from left to right, `width` columns in all."""

    table: str
    width: int
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Dress:
    """How labels are spelt; the same seed gives the same spelling.

    alias takes labels from codebook/aliases.csv, wide uses full-width brackets, broken runs labels over line ends,
    cut loses the end of header labels, note prints the form's remark above the request table, and padded puts
    full-width spaces around values where the layout keeps them.
    """

    seed: int = 0
    alias: bool = False
    wide: bool = False
    broken: bool = False
    cut: bool = False
    note: bool = True
    padded: bool = False
    share: float = 1.0  # of the labels may be spelt as in aliases.csv

    def label(self, table: str, axis: str, line: Line) -> str:
        """The label of a row or column in this dress."""
        chance = random.Random(f"{self.seed} {table} {axis} {line.key}")  # noqa: S311 - the same for everybody
        text = line.label
        known = [a["alias"] for a in book().aliases if (a["table"], a["axis"], a["key"]) == (table, axis, line.key)]
        alias = self.alias and (self.share >= 1 or chance.random() < self.share)
        if alias and known:
            text = chance.choice([text, *known])
        if alias and chance.random() < 0.5:
            text = text.replace("“", "").replace("”", "").replace("只计", "只记")
        if self.cut and axis == "column" and line.key in CUT.get(table, ()):
            text = text[: CUT[table][line.key]]
        return self._spelt(text, chance)

    def heading(self, text: str) -> str:
        """A heading above rows or columns in this dress."""
        return self._spelt(text, random.Random(f"{self.seed} {text}"))  # noqa: S311 - the same for everybody

    def _spelt(self, text: str, chance: random.Random) -> str:
        text = text.translate(FULL_WIDTH) if self.wide else text
        if self.broken and len(text) >= SHORTEST_BROKEN and chance.random() < 0.4:
            at = chance.randrange(2, len(text) - 1)
            text = text[:at] + "\n" + text[at:]
        return text


# Header labels that real reports show cut, with what is left of them.
CUT = {
    "review": {"upheld": 2, "corrected": 2, "other": 2, "pending": 2},
    "proactive.20_1": {"made": 3, "published": 3},
}


def layout_of(table: str, form: str) -> Layout | None:
    """The table's layout on a form; None where the form has no such table."""
    return next((one for one in book().layouts_of(table) if form in one.forms), None)


def places(form: str) -> dict[Key, tuple[str, str, str]]:
    """Every value cell of a form in the order of print: its key → table, row and column."""
    found: dict[Key, tuple[str, str, str]] = {}
    for table in book().on_form(form):
        layout = layout_of(table, form)
        for row in layout.rows if layout else ():
            for column in layout.columns if layout else ():
                measure = book().cell(table, row.key, column.key)
                found[(measure.code, column.key if table == "requests" else "")] = (table, row.key, column.key)
    return found


def sheets(printed: Printed, form: str, dress: Dress) -> list[Sheet]:
    """All tables of a form with their cells."""
    at = {place: printed[key] for key, place in places(form).items()}
    found = []
    for table in book().on_form(form):
        layout = layout_of(table, form)
        if layout is not None:
            found.append(_strip(layout, at, dress) if layout.shape == "strip" else _grid(layout, at, dress))
    return found


def _grid(layout: Layout, at: Mapping[tuple[str, str, str], str], dress: Dress) -> Sheet:
    table, depth = layout.table, _depth(layout)
    width = depth + len(layout.columns)
    rows = _request_head(layout, depth, dress) if table == "requests" else _proactive_head(layout, depth, dress)
    above: list[str] = []
    for line in layout.rows:
        path = _path(layout, line)
        boxes = []
        for level, heading in enumerate(path):
            same = above[level : level + 1] == [heading] and above[:level] == path[:level]
            boxes.append(Box("" if same else dress.heading(heading), covered=same))
        boxes.append(Box(dress.label(table, "row", line), span=depth - len(path)))
        boxes += [Box(at[table, line.key, column.key]) for column in layout.columns]
        rows.append(boxes)
        above = path
    return Sheet(table, width, tuple(map(tuple, rows)))


def _depth(layout: Layout) -> int:
    return 1 + max(len(_path(layout, row)) for row in layout.rows)


def _path(layout: Layout, line: Line) -> list[str]:
    """The headings above a row: the table's first heading (三、本年度办理结果) stands above all later ones."""
    if not line.parent:
        return []
    first = next(row.parent for row in layout.rows if row.parent)
    return [first] if line.parent == first else [first, line.parent]


def _column_heads(layout: Layout, dress: Dress) -> list[list[Box]]:
    """One line of column labels, or two where columns stand below a heading."""
    if not any(column.parent for column in layout.columns):
        return [[Box(dress.label(layout.table, "column", column)) for column in layout.columns]]
    upper, lower, above = list[Box](), list[Box](), ""
    for column in layout.columns:
        label = dress.label(layout.table, "column", column)
        if not column.parent:
            upper.append(Box(label))
            lower.append(Box("", covered=True))
        else:
            if column.parent != above:
                span = sum(1 for other in layout.columns if other.parent == column.parent)
                upper.append(Box(dress.heading(column.parent), span=span))
            lower.append(Box(label))
        above = column.parent
    return [upper, lower]


def _proactive_head(layout: Layout, depth: int, dress: Dress) -> list[list[Box]]:
    width = depth + len(layout.columns)
    corner = next(row["text"] for row in book().furniture if row["kind"] == "corner")
    heads = _column_heads(layout, dress)
    first = [Box(dress.heading(book().tables[layout.table].mark), span=width)]
    return [first, *([Box("" if n else corner, span=depth, covered=bool(n)), *head] for n, head in enumerate(heads))]


def _request_head(layout: Layout, depth: int, dress: Dress) -> list[list[Box]]:
    note = next(row["text"] for row in book().furniture if row["kind"] == "note")
    first = [Box(dress.heading(note) if dress.note else "", span=depth), Box(ALL_OF_REQUESTS, span=len(layout.columns))]
    return [first, *([Box("", span=depth, covered=True), *head] for head in _column_heads(layout, dress))]


def _strip(layout: Layout, at: Mapping[tuple[str, str, str], str], dress: Dress) -> Sheet:
    """Three groups of results side by side: two of them below a heading of their own."""
    size = len(layout.columns)
    upper, middle, lower, above = list[Box](), list[Box](), list[Box](), ""
    for group in layout.rows:
        leaves = [Box(dress.label(layout.table, "column", column)) for column in layout.columns]
        label = dress.label(layout.table, "row", group)
        if not group.parent:
            upper.append(Box(label, span=size))
            middle += leaves
            lower += [Box("", covered=True)] * size
            continue
        if group.parent != above:
            upper.append(Box(group.parent, span=size * sum(1 for other in layout.rows if other.parent == group.parent)))
        above = group.parent
        middle.append(Box(label, span=size))
        lower += leaves
    values = [Box(at[layout.table, group.key, column.key]) for group in layout.rows for column in layout.columns]
    return Sheet(layout.table, len(values), (tuple(upper), tuple(middle), tuple(lower), tuple(values)))


@dataclass(frozen=True, slots=True)
class TextLayout:
    """A way to print a sheet as text.

    blanks: empty cells stay visible; whole: everything from section two to four stands in one line; inside: what a
    label broken over lines shows at the break.
    """

    name: str
    write: Callable[[Sheet], str]
    blanks: bool = True
    whole: bool = False
    inside: str = "\n"
    pad: bool = False


def _shown(row: tuple[Box, ...]) -> list[str]:
    """The texts of a row without the cells that a merged cell above covers."""
    return [box.text for box in row if not box.covered]


def _lines(gap: str) -> Callable[[Sheet], str]:
    def write(sheet: Sheet) -> str:
        texts = [text.replace("\n", gap) for row in sheet.rows for text in _shown(row) if text]
        return "".join(text + gap for text in texts) + "\n"

    return write


def _paste(sheet: Sheet) -> str:
    return "".join("".join(f"\t{box.text}\n" for box in row) + "\n" for row in sheet.rows) + "\n"


def _padded_rows(sheet: Sheet) -> str:
    lines = []
    for row in sheet.rows:
        texts = _shown(row)
        lines.append((" | ".join(texts) + " | " + "|" * (sheet.width - len(texts))).rstrip(" "))
    return "\n".join(lines) + "\n"


def _plain_rows(sheet: Sheet) -> str:
    return "".join(" | ".join(_shown(row)) + " |\n" for row in sheet.rows)


def _led_rows(sheet: Sheet) -> str:
    return "".join("| " + " | ".join(_shown(row)) + " |\n" for row in sheet.rows)


def _markdown(sheet: Sheet) -> str:
    rows = [
        "| " + " | ".join(text for box in row for text in [box.text, *[""] * (box.span - 1)]) + " |"
        for row in sheet.rows
    ]
    return "\n".join([rows[0], "|" + " --- |" * sheet.width, *rows[1:]]) + "\n\n"


def _mark_lines(sheet: Sheet) -> str:
    return "".join(f"{text}\n|\n" if text else "|\n" for row in sheet.rows for text in _shown(row))


def _cell_marks(padded: bool) -> Callable[[Sheet], str]:
    def write(sheet: Sheet) -> str:
        lines = []
        for row in sheet.rows:
            texts = _shown(row)
            lines += [f"{text} |" if text else "|" for text in texts]
            if padded and len(texts) < sheet.width:
                lines.append("|" * (sheet.width - len(texts)))
        return "\n".join(lines) + "\n"

    return write


def _inner_newlines(sheet: Sheet) -> str:
    return "".join("| " + " | ".join(f"\n {text}  " for text in _shown(row)) + "|\n" for row in sheet.rows)


def _sheet(sheet: Sheet) -> str:
    return "".join(
        "\t".join(text for box in row for text in [box.text, *[""] * (box.span - 1)]) + "\n" for row in sheet.rows
    )


def _words(sheet: Sheet) -> str:
    return "".join(text + " " for row in sheet.rows for text in _shown(row) if text)


LAYOUTS = {
    layout.name: layout
    for layout in (
        TextLayout("a cell a line", _lines("\n"), blanks=False),
        TextLayout("a cell a line, blank lines between", _lines("\n\n"), blanks=False),
        TextLayout("Word paste", _paste, pad=True),
        TextLayout("pipe rows, colspan rest as |||", _padded_rows, inside=" "),
        TextLayout("pipe rows", _plain_rows, inside=" "),
        TextLayout("pipe rows led by |", _led_rows, inside=" "),
        TextLayout("Markdown", _markdown, blanks=False, inside=" "),
        TextLayout("a cell a line, then a line of |", _mark_lines),
        TextLayout("cell and | a line", _cell_marks(padded=False)),
        TextLayout("cell and | a line, colspan rest as |||", _cell_marks(padded=True)),
        # No line holds a row here: a blank at its end and the rest of a merged cell look the same.
        TextLayout("pipe rows, newline in cells", _inner_newlines, blanks=False, inside=" "),
        TextLayout("cells parted by tabs", _sheet, blanks=False, inside=" "),
        TextLayout("one line, cells parted by spaces", _words, blanks=False, whole=True, inside=" "),
    )
}
PADS = ("{}", "　{}", "　　{}", " {}", "{}　", "  {}　")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the tables: prose, a page number at the end, the cursor's bookmark in a cell."""

    prose: str = "本报告为测试而作，数字均非真实。"
    page_number: bool = False
    before: tuple[str, ...] = field(default=())


def render(
    printed: Printed,
    form: str,
    layout: TextLayout,
    dress: Dress = Dress(),
    around: Around = Around(),
) -> str:
    """A whole report of a form in a text layout; values are printed as given."""
    found = [_dressed(sheet, layout, dress) for sheet in sheets(printed, form, dress)]
    proactive = "".join(layout.write(sheet) for sheet in found if sheet.table.startswith("proactive"))
    requests = "".join(layout.write(sheet) for sheet in found if sheet.table == "requests")
    review = "".join(layout.write(sheet) for sheet in found if sheet.table == "review")
    year = book().forms[form].span[0] + 1
    end = " " if layout.whole else "\n"
    tables = SECTIONS[1] + end + proactive + SECTIONS[2] + end + requests + LATER_SECTIONS[0] + end + review
    return "\n".join(
        [
            *around.before,
            f"合成示例局{year}年政府信息公开工作年度报告（{SYNTHETIC}）",
            *("", SECTIONS[0], around.prose),
            *(tables, LATER_SECTIONS[1], around.prose, LATER_SECTIONS[2], "无。"),
            *(["14", ""] if around.page_number else []),
        ]
    )


def _dressed(sheet: Sheet, layout: TextLayout, dress: Dress) -> Sheet:
    """The sheet with line breaks inside labels and spaces around values as the layout shows them."""
    rows = []
    for r, row in enumerate(sheet.rows):
        boxes = []
        for n, box in enumerate(row):
            text = box.text.replace("\n", layout.inside)
            if dress.padded and layout.pad and text and not box.covered:
                text = PADS[(dress.seed + r + n) % len(PADS)].format(text)
            boxes.append(Box(text, box.span, box.covered))
        rows.append(tuple(boxes))
    return Sheet(sheet.table, sheet.width, tuple(rows))
