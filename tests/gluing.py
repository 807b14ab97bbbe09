"""Made-up reports whose tables are printed with their cells run together, with the true cells beside them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from codebook import Layout, book
from codebook.book import Line
from loaders.labels import ORDINAL
from tests.truth import Key

FLOWS = ("received", "carried_in", "handled", "carried_out")
TITLE = "合成示例局{}年政府信息公开工作年度报告（合成数据）\n"
SECTIONS = {"requests": "三、收到和处理政府信息公开申请情况", "review": "四、政府信息公开行政复议、行政诉讼情况"}
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）申请人情况"
WIDE = str.maketrans("(),:", "（），：")
Cells = dict[Key, str]


@dataclass(frozen=True, slots=True)
class Style:
    """How cells run together: what may stand between two cells and how often, inside figures, and behind ordinals."""

    gap: str = " "
    between: float = 0.0
    inside: float = 0.0
    behind_row: str = ""
    point: str = "."
    seed: int = 0
    tables: tuple[str, ...] = ()
    after: str = "\n五、存在的主要问题及改进情况\n无。\n"
    chance: random.Random = field(default_factory=random.Random)


def layout_of(table: str, form: str) -> Layout | None:
    """The table's layout on a form; None where the form has no such table."""
    return next((one for one in book().layouts[table] if form in one.forms), None)


def keys(layout: Layout) -> list[Key]:
    """The cells of a layout in the order of print."""
    return [
        (book().cell(layout.table, row.key, column.key).code, column.key if layout.table == "requests" else "")
        for row in layout.rows
        for column in layout.columns
    ]


def figures(chance: random.Random, form: str, largest: int) -> Cells:
    """Figures for a whole form such that every sum holds; most are zero, as in life."""
    cells: Cells = {}
    for table in book().on_form(form):
        layout = layout_of(table, form)
        if layout is not None and table == "requests":
            cells |= dict(_requests(chance, layout, largest))
        elif layout is not None and table == "review":
            cells |= dict(_review(chance, layout, largest))
        elif layout is not None:
            cells |= {key: _other(chance, book().measures[key[0]].kind, largest) for key in keys(layout)}
    return cells


def _count(chance: random.Random, largest: int) -> int:
    if chance.random() < 0.7:
        return 0
    return chance.choice((1, 2, 3, chance.randint(1, 30), chance.randint(0, largest)))


def _other(chance: random.Random, kind: str, largest: int) -> str:
    count = _count(chance, largest)
    if kind == "change":
        return f"{count * chance.choice((1, 1, -1))}"
    if kind == "money" and count:
        return f"{count}.{chance.randint(1, 99)}" + chance.choice(("", "万元"))
    return str(count)


def _requests(chance: random.Random, layout: Layout, largest: int) -> Iterator[tuple[Key, str]]:
    outcomes = [row.key for row in layout.rows if row.key not in FLOWS]
    applicants = [column.key for column in layout.columns if column.key != "total"]
    total = dict.fromkeys((*outcomes, *FLOWS), 0)
    for who in applicants:
        often = 1.0 if who == "person" else 0.3
        cells = {row: _count(chance, largest) if chance.random() < often else 0 for row in outcomes}
        cells["handled"] = sum(cells.values())
        cells["carried_out"] = _count(chance, 9)
        cells["carried_in"] = min(_count(chance, 9), cells["handled"] + cells["carried_out"])
        cells["received"] = cells["handled"] + cells["carried_out"] - cells["carried_in"]
        for row, value in cells.items():
            total[row] += value
            yield (book().cell("requests", row, who).code, who), str(value)
    for row, value in total.items():
        yield (book().cell("requests", row, "total").code, "total"), str(value)


def _review(chance: random.Random, layout: Layout, largest: int) -> Iterator[tuple[Key, str]]:
    for group in layout.rows:
        total = 0
        for column in layout.columns:
            value = total if column.key == "total" else _count(chance, largest)
            total += value
            yield (book().cell("review", group.key, column.key).code, ""), str(value)


def glue(cells: Cells, form: str, style: Style) -> str:
    """A report of a form in which labels and cells stand one behind the other."""
    chance = random.Random(style.seed)  # noqa: S311 - the same for everybody
    parts = [TITLE.format(book().forms[form].span[0] + 1), "二、主动公开政府信息情况"]
    for table in book().on_form(form):
        layout = layout_of(table, form)
        if layout is None or (style.tables and table not in style.tables):
            continue
        parts += [SECTIONS.get(table) or book().tables[table].mark, style.behind_row or _gap(style, chance)]
        shown = _strip(layout, cells, style, chance) if layout.shape == "strip" else _grid(layout, cells, style, chance)
        parts += shown
    return "".join(parts).translate(WIDE) + style.after


def _gap(style: Style, chance: random.Random) -> str:
    return style.gap if chance.random() < style.between else ""


def _row(values: list[str], style: Style, chance: random.Random) -> Iterator[str]:
    for value in values:
        yield _gap(style, chance)
        yield "".join(char + (" " if chance.random() < style.inside else "") for char in value)
    yield style.behind_row or _gap(style, chance)


def _grid(layout: Layout, cells: Cells, style: Style, chance: random.Random) -> Iterator[str]:
    yield NOTE if layout.table == "requests" else "信息内容"
    yield from _header(layout)
    yield style.behind_row
    above = ""
    printed = iter(keys(layout))
    for row in layout.rows:
        if row.parent and row.parent != above:
            yield row.parent
        above = row.parent
        yield _ordinal(row, style)
        yield from _row([cells[next(printed)] for _ in layout.columns], style, chance)


def _ordinal(row: Line, style: Style) -> str:
    head = ORDINAL.match(row.label)
    if head is None or not head[0][0].isdigit():
        return row.label
    body = row.label[head.end() :]
    return body if style.point == "none" else head[0][0] + style.point + body


def _header(layout: Layout) -> Iterator[str]:
    upper = [column.parent or column.label for column in layout.columns]
    yield from dict.fromkeys(upper)
    yield from (column.label for column in layout.columns if column.parent)


def _strip(layout: Layout, cells: Cells, style: Style, chance: random.Random) -> Iterator[str]:
    columns = [column.label for column in layout.columns]
    first, *later = [row.label for row in layout.rows]
    yield from (first, layout.rows[-1].parent, *columns, *later, *columns * len(later))
    yield style.behind_row
    yield from _row([cells[key] for key in keys(layout)], style, chance)
